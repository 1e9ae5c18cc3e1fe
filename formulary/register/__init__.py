"""What HR and leaders get from the returns: registers, a report, samples and reminders."""
