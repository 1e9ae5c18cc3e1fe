"""What HR gets from the returns: tables, reports and reminders, as bytes."""
