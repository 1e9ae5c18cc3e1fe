"""Fuzzing: targets are fed with spoilt inputs, and each input that shows a fault is kept as a file.

`python -m tests.fuzz word --seconds 3600 --work FOLDER` runs one of the targets: `loader`, `staff`,
`word` or `pdf`. With atheris (Linux) inputs that reach new code are kept in FOLDER/word/corpus and
spoilt further; without it, or with --blind, the seeds alone are. FOLDER/word/findings has the
faults.
"""
