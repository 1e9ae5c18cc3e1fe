"""What the commands do: one module each, which reads as its numbered stages."""
