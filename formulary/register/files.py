"""Tables as the files that HR opens: an Excel workbook, and CSV."""

from __future__ import annotations

import csv
import datetime
import io
import math
import re
import textwrap
import zipfile
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from lxml import etree
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from formulary.archive import UNIX, zip_files
from formulary.cells import Cell as Value
from formulary.cells import as_cell
from formulary.register.table import RegisterTable

LONGEST_CELL = 32_767
"""Characters that a cell of Excel can hold."""

LONGEST_TITLE = 31
"""Characters that the title of a sheet can have in Excel."""

CUT = " … (the rest is in the form)"

_NARROWEST, _WIDEST, _TEXT = 9, 40, 50
"""Widths of columns, in characters."""

_PAGE = 260
"""Characters that a page can hold beside each other and still be read."""

_FILTER = 4
"""Characters that the arrow of a filter takes in a heading."""

_LINE = Side(style="thin", color="FFD5DADD")
_THICK = Side(style="medium", color="FF5B6770")
_BAND = PatternFill("solid", fgColor="FFF4F6F7")
_MARK = PatternFill("solid", fgColor="FFFBE3DF")
_LINE_HEIGHT = 15
"""Points that a line takes."""

_HIGHEST = 409
"""Points that a row can be high in Excel."""


def _font(color: str = "FF1B1B1B", size: int = 11, **how: Any) -> Font:
    return Font(name="Calibri", size=size, color=color, **how)


_MARKED = _font("FF8A1C10", bold=True)


@dataclass(frozen=True)
class Cover:
    """The first sheet: what the workbook is, line by line, before its sheets are listed.

    `colour` is that of the organisation; `last_change` is the day that the file gives as that on
    which it was made.
    """

    title: str
    lines: tuple[tuple[str, Value], ...]
    marking: str
    colour: str
    last_change: datetime.date


def csv_of(table: RegisterTable) -> bytes:
    """A table as CSV (RFC 4180) in UTF-8 with a mark, so that Excel reads it; dates as ISO 8601.

    A share is a number from 0 to 1. A total is left out, so that a column can be added up.
    """
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow([as_cell(heading) for heading in table.headings])
    for row in table.rows:
        rows.writerow([_plain(value) for value in row])
    return out.getvalue().encode("utf-8-sig", "replace")


def _plain(value: Value) -> str | int | float:
    if isinstance(value, datetime.date):
        return value.isoformat()
    return as_cell(value) if isinstance(value, str) else value


def workbook_of(tables: Sequence[RegisterTable], cover: Cover) -> bytes:
    """The tables as sheets of one workbook (.xlsx), behind a first sheet that says what it is.

    The same tables give the same bytes.
    """
    book = Workbook()
    book.properties.title = cover.title
    book.properties.creator = "Formulary"
    book.properties.language = "en-GB"
    first = book.active
    assert isinstance(first, Worksheet)
    titles = _sheet_titles(tables)
    _fill_cover(first, cover, list(zip(titles, tables, strict=True)))
    for title, table in zip(titles, tables, strict=True):
        _fill(book.create_sheet(title), table, cover)
    out = io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(out, "w")).save()  # packed once, by `_with_fixed_date`
    return _with_fixed_date(out.getvalue(), cover.last_change)


def _with_fixed_date(data: bytes, day: datetime.date) -> bytes:
    """The workbook without the time of day at which it was written."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    root = etree.fromstring(parts["docProps/core.xml"])
    for time in root.iter("{http://purl.org/dc/terms/}*"):
        time.text = f"{day.isoformat()}T00:00:00Z"
    core = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return zip_files({**parts, "docProps/core.xml": core}.items(), system=UNIX)


def _sheet_titles(tables: Sequence[RegisterTable]) -> list[str]:
    """Titles that sheets can have, no two alike: 31 characters, without those that Excel keeps."""
    titles: list[str] = []
    for table in tables:
        bare = re.sub(r"[\[\]:*?/\\]", " ", ILLEGAL_CHARACTERS_RE.sub(" ", table.title)).strip("' ")
        title, number = bare[:LONGEST_TITLE] or "Sheet", 2
        taken = {COVER_TITLE.casefold(), "history", *(one.casefold() for one in titles)}
        while title.casefold() in taken:
            ending = f" {number}"
            title, number = bare[: LONGEST_TITLE - len(ending)] + ending, number + 1
        titles.append(title)
    return titles


COVER_TITLE = "About"


def _fill_cover(
    sheet: Worksheet, cover: Cover, sheets: Sequence[tuple[str, RegisterTable]]
) -> None:
    sheet.title = COVER_TITLE
    sheet.sheet_view.showGridLines = False
    sheet.column_dimensions["A"].width = 26
    sheet.column_dimensions["B"].width = 84
    colour = f"FF{cover.colour.lstrip('#').upper()}"
    _put(sheet.cell(1, 1), cover.title)
    sheet.cell(1, 1).font = _font(colour, 18, bold=True)
    sheet.row_dimensions[1].height = 30
    _put(sheet.cell(2, 1), cover.marking)
    sheet.cell(2, 1).font = _font(bold=True)
    row = 4
    for label, value in cover.lines:
        _line(sheet, row, label, value)
        row += 1
    row += 1
    _put(sheet.cell(row, 1), "Sheets")
    sheet.cell(row, 1).font = _font(colour, 13, bold=True)
    for title, table in sheets:
        row += 1
        _line(sheet, row, title, f"{table.about} Rows: {len(table.rows):,}.")
        sheet.cell(row, 1).hyperlink = f"#'{title.replace(chr(39), chr(39) * 2)}'!A1"
        sheet.cell(row, 1).font = _font(colour, underline="single")
    _page(sheet, cover, "portrait")


def _line(sheet: Worksheet, row: int, label: str, value: Value) -> None:
    _put(sheet.cell(row, 1), label)
    _put(sheet.cell(row, 2), value)
    sheet.cell(row, 1).font = _font(bold=True)
    for column in (1, 2):
        cell = sheet.cell(row, column)
        cell.alignment = Alignment(horizontal="left", vertical="top", wrap_text=True)
        cell.border = Border(bottom=_LINE)


def _fill(sheet: Worksheet, table: RegisterTable, cover: Cover) -> None:
    colour = f"FF{cover.colour.lstrip('#').upper()}"
    lines = 1
    for column, heading in enumerate(table.headings, start=1):
        cell, width = sheet.cell(1, column), _width(table, column - 1)
        sheet.column_dimensions[get_column_letter(column)].width = width
        lines = max(lines, len(textwrap.wrap(heading, width - _FILTER)))
        _put(cell, heading)
        cell.font = _font("FFFFFFFF", bold=True)
        cell.fill = PatternFill("solid", fgColor=colour)
        counts = bool(table.rows) and isinstance(table.rows[0][column - 1], int | float)
        across = "right" if counts else "left"
        cell.alignment = Alignment(horizontal=across, wrap_text=True, vertical="center")
    sheet.row_dimensions[1].height = lines * _LINE_HEIGHT + 4
    body = _Body(sheet, table)
    for row, values in enumerate(table.rows, start=2):
        for column, value in enumerate(values, start=1):
            body.put(row, column, value)
        if (high := _lines(table, values)) > 1:
            sheet.row_dimensions[row].height = min(_HIGHEST, high * _LINE_HEIGHT)
    for column, value in enumerate(table.total, start=1):
        cell = sheet.cell(len(table.rows) + 2, column)
        _put(cell, value)
        cell.font, cell.border = _font(bold=True), Border(top=_THICK)
        cell.alignment = Alignment(horizontal="right" if column > 1 else "left")
    last = get_column_letter(len(table.headings))
    sheet.freeze_panes = f"{get_column_letter(table.fixed + 1)}2"
    sheet.auto_filter.ref = f"A1:{last}{len(table.rows) + 1}"
    sheet.print_title_rows = "1:1"
    sheet.print_title_cols = f"A:{get_column_letter(max(1, table.fixed))}"
    wide = sum(_width(table, column) for column in range(len(table.headings)))
    _page(sheet, cover, "landscape", math.ceil(wide / _PAGE))


@dataclass(frozen=True, slots=True)
class _CellStyle:
    """Everything on which depends how a cell under the headings looks."""

    kind: type
    is_quoted: bool
    is_wrapped: bool
    in_band: bool
    is_marked: bool


class _Body:
    """Puts in the cells under the headings.

    openpyxl takes most of its time to look up the parts of a style, so each look is made for one
    cell, and the others copy it.
    """

    def __init__(self, sheet: Worksheet, table: RegisterTable) -> None:
        self.sheet, self.table = sheet, table
        self.styles: dict[_CellStyle, Any] = {}

    def put(self, row: int, column: int, value: Value) -> None:
        cell, held = self.sheet.cell(row, column), _cell_value(value)
        place = column - 1
        look = _CellStyle(
            type(value),
            _is_quoted(held),
            place in self.table.wide,
            row % 2 == 1,
            place in self.table.marked and bool(value),
        )
        if look in self.styles:
            cell._style = copy(self.styles[look])
            _set(cell, held)
            return
        _put(cell, value)
        _style(cell, value, look)
        self.styles[look] = cell._style


def _style(cell: Cell, value: Value, look: _CellStyle) -> None:
    across = "right" if isinstance(value, int | float) else "left"
    cell.alignment = Alignment(horizontal=across, vertical="top", wrap_text=look.is_wrapped)
    cell.border = Border(bottom=_LINE)
    if look.in_band:
        cell.fill = _BAND
    if look.is_marked:
        cell.font, cell.fill = _MARKED, _MARK


def _page(sheet: Worksheet, cover: Cover, orientation: str, pages: int = 1) -> None:
    """A4, on so many pages beside each other, with the marking, the title and the page number."""
    sheet.page_setup.orientation = orientation
    sheet.page_setup.paperSize = "9"  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = pages, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.oddHeader.left.text = _in_header(cover.title)
    sheet.oddHeader.right.text = _in_header(cover.marking)
    sheet.oddFooter.left.text = "&A"
    sheet.oddFooter.right.text = "Page &P of &N"


def _in_header(text: str) -> str:
    return text.replace("&", "&&")


def _put(cell: Cell, value: Value) -> None:
    """A value and the format of a cell that holds it."""
    value_in_cell = _cell_value(value)
    _set(cell, value_in_cell)
    if isinstance(value_in_cell, str):
        cell.quotePrefix = _is_quoted(value_in_cell)
    elif isinstance(value_in_cell, datetime.date):
        cell.number_format = "dd/mm/yyyy"
    elif isinstance(value_in_cell, float):
        cell.number_format = "0%"


def _cell_value(value: Value) -> Value:
    """A value as a cell can hold it."""
    if not isinstance(value, str):
        return value
    words: str = ILLEGAL_CHARACTERS_RE.sub("", value)
    return words if len(words) <= LONGEST_CELL else words[: LONGEST_CELL - len(CUT)] + CUT


def _set(cell: Cell, value_in_cell: Value) -> None:
    """A value as what it is: words stay words, even if they begin as a formula does."""
    cell.value = value_in_cell
    if isinstance(value_in_cell, str):
        cell.data_type = "s"


def _is_quoted(value_in_cell: Value) -> bool:
    """Whether a program could take the words for a formula."""
    return isinstance(value_in_cell, str) and as_cell(value_in_cell) != value_in_cell


def _width(table: RegisterTable, column: int) -> int:
    if column in table.wide:
        return _TEXT
    longest = max((_length(row[column]) for row in table.all_rows), default=0)
    heading = max(map(len, table.headings[column].split()), default=0)
    return min(_WIDEST, max(_NARROWEST, longest + 2, heading + _FILTER))


def _lines(table: RegisterTable, values: Sequence[Value]) -> int:
    """How many lines the longest running text of a row takes, as near as can be told."""
    texts = (str(values[column]) for column in table.wide)
    return max((sum(1 + len(line) // _TEXT for line in t.splitlines()) for t in texts), default=1)


def _length(value: Value) -> int:
    if isinstance(value, float):
        return 5
    if isinstance(value, datetime.date):
        return len("31/12/2026")
    return max(map(len, str(value).splitlines()), default=0)
