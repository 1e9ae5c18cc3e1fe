"""The pages of the year: what a command will do, its progress, and what came of it."""
