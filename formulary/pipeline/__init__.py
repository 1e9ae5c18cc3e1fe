"""The ways through the house: one module a way, each reading as its numbered stages."""
