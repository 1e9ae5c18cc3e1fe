"""A value in a cell of a table that a spreadsheet program opens."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterable, Sequence
from typing import IO

Cell = str | int | float | datetime.date
"""A date is a date and a number a number; a float is a share, from 0 to 1; words are words."""

_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a formula can begin with; the wide signs too, which some programs take for the narrow."""


def as_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula when it opens a CSV file.

    What a formula can begin with gets an apostrophe in front (OWASP, CSV injection).
    """
    return f"'{text}" if text.startswith(_BEGINS) else text


_AFTER_A_SEPARATOR = re.compile(rf"([;\t])(?=[{re.escape(''.join(_BEGINS))}])")


def write_rows(out: IO[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write rows as CSV (RFC 4180) in which no program finds a formula.

    Every cell is in quotation marks, since “;” or a tab separates cells where a comma is in
    numbers; and what follows one of them in a text is guarded as the text itself is. Dates are as
    in ISO 8601.
    """
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(map(_plain, row) for row in rows)


def write_csv_file(out: IO[bytes], rows: Iterable[Sequence[Cell]]) -> None:
    """Write rows as `write_rows` does, in UTF-8 with a mark, so that Excel reads it."""
    text = io.TextIOWrapper(out, "utf-8-sig", "replace", newline="")
    write_rows(text, rows)
    text.detach()


def _plain(value: Cell) -> str | int | float:
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, str):
        return _AFTER_A_SEPARATOR.sub(r"\1'", as_cell(value))
    return value
