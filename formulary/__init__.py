"""Formulary: performance-management papers made from one set of words and facts."""

__version__ = "0.2.0"
