"""A value in a cell of a table that a spreadsheet program opens."""

from __future__ import annotations

import datetime

Cell = str | int | float | datetime.date
"""A date is a date and a number a number; a float is a share, from 0 to 1; words are words."""

_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a formula can begin with; the wide signs too, which some programs take for the narrow."""


def as_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula when it opens a CSV file.

    What a formula can begin with gets an apostrophe in front (OWASP, CSV injection).
    """
    return f"'{text}" if text.startswith(_BEGINS) else text
