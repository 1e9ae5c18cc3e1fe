"""A sheet of a staff list as plain rows, and the refusal of a file that gives none."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from formulary.content.staff_columns import Column
from formulary.problems import Kind

Cell = str | datetime.date
"""A value as typed; a date only where the file itself says that it is one (Excel)."""

MOST_ROWS = 120_000
MOST_COLUMNS = 500
"""More than the largest employer's list has; a sheet beyond this is broken or hostile.

Rows are those with a value in them, in a text file as in a workbook.
"""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row; `number` is its line or row in the file, from 1."""

    number: int
    cells: tuple[Cell, ...]

    def cell(self, column: int) -> Cell:
        """The value under a column; empty where the row is shorter."""
        return self.cells[column] if column < len(self.cells) else ""

    @property
    def filled(self) -> tuple[Cell, ...]:
        """The values that are not empty."""
        return tuple(cell for cell in self.cells if isinstance(cell, datetime.date) or cell.strip())


@dataclass(frozen=True)
class SheetNote:
    """Something to say about a row or a cell, before it is known whose row it is.

    `row` and `column` count from 1; 0 means the whole file or row. `last` is the last row, where it
    concerns several.
    """

    kind: Kind
    message: str
    fix: str
    row: int = 0
    column: int = 0
    last: int = 0


@dataclass(frozen=True)
class Sheet:
    """The filled rows of one sheet; `title` is empty for a CSV file."""

    title: str
    rows: tuple[SheetRow, ...]
    notes: tuple[SheetNote, ...] = ()
    is_hidden: bool = False
    """Whether nobody sees the sheet; its rows are not read."""


@dataclass(frozen=True)
class ListPart:
    """A row of headings and the rows up to the next one; `above` are titles on top of the first.

    `repeats` are the numbers of rows that have the same headings again, as on every page.
    `usual` is how many values a row of a text file has; 0 for a workbook, whose rows cannot shift.
    """

    sheet: Sheet
    header: SheetRow
    rows: tuple[SheetRow, ...]
    above: tuple[SheetRow, ...] = ()
    repeats: tuple[int, ...] = ()
    usual: int = 0
    goes_on: bool = False
    """Whether another part of the sheet follows."""


class UnreadableError(Exception):
    """Raised for a file that is no list; `row` is where, 0 for the whole file."""

    def __init__(self, message: str, fix: str, row: int = 0) -> None:
        super().__init__(message)
        self.message, self.fix, self.row = message, fix, row


WHAT: dict[Column, str] = {
    "id": "the person’s id",
    "name": "the name",
    "forename": "the first name",
    "surname": "the surname",
    "known-as": "the name that a person is known by",
    "job-title": "the job title",
    "group": "the staff group",
    "site": "the school or team",
    "stage": "the career stage",
    "reviewer": "the reviewer",
    "reviewer-id": "the reviewer’s id",
    "reviewer-email": "the reviewer’s email address",
    "starts": "the start date",
    "ends": "the end date",
    "email": "the email address",
    "status": "the status or kind of contract",
    "hours": "the hours or full-time equivalent",
    "main-post": "whether it is the main post",
}
"""How a sentence names what a column is for."""
