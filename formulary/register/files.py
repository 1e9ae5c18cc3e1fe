"""Tables as the files that HR opens: an Excel workbook, and CSV."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from formulary.model.cells import as_cell
from formulary.register.tables import Table

LONGEST_CELL = 32_767
"""Characters that a cell of Excel can hold."""

CUT = " … (the rest is in the form)"

_NARROWEST, _WIDEST, _TEXT = 8, 40, 60
"""Widths of columns, in characters."""

_HEADING = PatternFill("solid", fgColor="FF1D4F6E")


def csv_of(table: Table) -> bytes:
    """A table as CSV (RFC 4180) in UTF-8 with a mark, so that Excel reads it; dates as ISO 8601."""
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(table.headings)
    for row in table.rows:
        rows.writerow([_plain(value) for value in row])
    return out.getvalue().encode("utf-8-sig")


def _plain(value: str | int | datetime.date) -> str | int:
    if isinstance(value, datetime.date):
        return value.isoformat()
    return as_cell(value) if isinstance(value, str) else value


def workbook_of(tables: Sequence[Table], title: str) -> bytes:
    """The tables as sheets of one workbook (.xlsx), with filters and a heading that stays."""
    book = Workbook()
    book.properties.title = title
    book.properties.creator = "Formulary"
    assert book.active is not None
    book.remove(book.active)
    for table in tables:
        _fill(book.create_sheet(_sheet_title(table.title)), table)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet_title(title: str) -> str:
    """A title that a sheet can have: 31 characters, without those that Excel keeps for itself."""
    return re.sub(r"[\[\]:*?/\\]", " ", title)[:31]


def _fill(sheet: Worksheet, table: Table) -> None:
    for column, heading in enumerate(table.headings, start=1):
        cell = sheet.cell(1, column)
        _put(cell, heading)
        cell.font = Font(bold=True, color="FFFFFFFF")
        cell.fill = _HEADING
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    for row, values in enumerate(table.rows, start=2):
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(row, column)
            _put(cell, value)
            wrapped = column - 1 in table.wide
            cell.alignment = Alignment(wrap_text=wrapped, vertical="top")
    for column in range(len(table.headings)):
        sheet.column_dimensions[get_column_letter(column + 1)].width = _width(table, column)
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = "9"  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _put(cell: Cell, value: str | int | datetime.date) -> None:
    """A value as what it is: words stay words, even if they begin as a formula does."""
    if isinstance(value, str):
        words = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.value = words if len(words) <= LONGEST_CELL else words[: LONGEST_CELL - len(CUT)] + CUT
        cell.data_type = "s"
        cell.quotePrefix = words.startswith(("=", "+", "-", "@"))
        return
    cell.value = value
    if isinstance(value, datetime.date):
        cell.number_format = "dd/mm/yyyy"


def _width(table: Table, column: int) -> int:
    if column in table.wide:
        return _TEXT
    longest = max((len(str(row[column])) for row in table.rows), default=0)
    heading = max(map(len, table.headings[column].split()), default=0)
    return min(_WIDEST, max(_NARROWEST, longest + 2, heading + 4))
