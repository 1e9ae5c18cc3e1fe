"""Tables as the files that HR opens: an Excel workbook, and CSV.

Both are written row by row, so that memory does not grow with them.
"""

from __future__ import annotations

import datetime
import math
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from formulary.cells import Cell as Value
from formulary.cells import as_cell, write_csv_file
from formulary.register.table import RegisterTable

LONGEST_CELL = 32_767
"""Characters that a cell of Excel can hold."""

LONGEST_TITLE = 31
"""Characters that the title of a sheet can have in Excel."""

MOST_ROWS = 1_048_576
"""Rows that a sheet can have in Excel, its headings included."""

CUT = " … (the rest is in the form)"

_NARROWEST, _WIDEST, _TEXT = 9, 40, 50
"""Widths of columns, in characters."""

_PAGE = 260
"""Characters that a page can hold beside each other and still be read."""

_FILTER = 4
"""Characters that the arrow of a filter takes in a heading."""

_LINE, _THICK = {"bottom": 1, "bottom_color": "#D5DADD"}, {"top": 2, "top_color": "#5B6770"}
_BAND, _MARK = "#F4F6F7", "#FBE3DF"
_INK, _MARKED_INK = "#1B1B1B", "#8A1C10"
_LINE_HEIGHT = 15
"""Points that a line takes."""

_HIGHEST = 409
"""Points that a row can be high in Excel."""

_LONGEST_HEADER = 100
"""Characters of a text at the top of a page; Excel takes 255 for all of them."""

_NOT_IN_A_CELL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold."""


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


def write_csv(out: IO[bytes], table: RegisterTable) -> None:
    """Write a table as `write_csv_file` does.

    A share is a number from 0 to 1. A total is left out, so that a column
    can be added up.
    """
    write_csv_file(out, chain([table.headings], table.rows))


def write_workbook(
    out: IO[bytes], tables: Sequence[RegisterTable], cover: Cover, scratch: Path | None = None
) -> None:
    """Write the tables as sheets of one workbook (.xlsx), behind one that says what it is.

    A table with more rows than a sheet can have goes on in another sheet. The same tables give the
    same bytes. `scratch` is a folder for unfinished sheets.
    """
    made_on = datetime.datetime.combine(cover.last_change, datetime.time())
    options = {"constant_memory": True, "tmpdir": str(scratch) if scratch else None}
    try:
        with Workbook(out, options) as book:
            book.set_properties({"title": cover.title, "author": "Formulary", "created": made_on})
            parts = [part for table in tables for part in _parts_of(table)]
            _WorkbookWriter(book, cover).fill(parts)
    except FileCreateError as error:  # xlsxwriter's name for an OSError
        raise OSError(*error.args[0].args) from error


def _parts_of(table: RegisterTable) -> Iterator[RegisterTable]:
    """The table, in parts that fit a sheet each with their headings and a total."""
    most = MOST_ROWS - 2
    if len(table.rows) <= most:
        yield table
        return
    for start in range(0, len(table.rows), most):
        rows = tuple(islice(table.rows, start, start + most))
        is_last = start + most >= len(table.rows)
        yield replace(table, rows=rows, total=table.total if is_last else ())


def _sheet_titles(tables: Sequence[RegisterTable]) -> list[str]:
    """Titles that sheets can have, no two alike: 31 characters, without those that Excel keeps."""
    titles: list[str] = []
    for table in tables:
        bare = re.sub(r"[\[\]:*?/\\]", " ", _NOT_IN_A_CELL.sub(" ", table.title)).strip("' ")
        title, number = bare[:LONGEST_TITLE] or "Sheet", 2
        taken = {COVER_TITLE.casefold(), "history", *(one.casefold() for one in titles)}
        while title.casefold() in taken:
            ending = f" {number}"
            title, number = bare[: LONGEST_TITLE - len(ending)] + ending, number + 1
        titles.append(title)
    return titles


COVER_TITLE = "About"


@dataclass(frozen=True, slots=True)
class _CellStyle:
    """Everything on which depends how a cell under the headings looks."""

    kind: type
    is_quoted: bool
    is_wrapped: bool
    in_band: bool
    is_marked: bool


class _WorkbookWriter:
    """Fills a workbook. Sheets are written from their first row to their last."""

    def __init__(self, book: Workbook, cover: Cover) -> None:
        self.book, self.cover = book, cover
        self.colour = cover.colour.upper()
        self.styles: dict[_CellStyle, Format] = {}

    def fill(self, tables: Sequence[RegisterTable]) -> None:
        titles = _sheet_titles(tables)
        self.fill_cover(
            self.book.add_worksheet(COVER_TITLE), list(zip(titles, tables, strict=True))
        )
        for title, table in zip(titles, tables, strict=True):
            self.fill_table(self.book.add_worksheet(title), table)

    def format(self, **how: Any) -> Format:
        usual = {"font_name": "Calibri", "font_size": 11, "font_color": _INK}
        return self.book.add_format({**usual, **how})

    def fill_cover(self, sheet: Worksheet, sheets: Sequence[tuple[str, RegisterTable]]) -> None:
        cover = self.cover
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 84)
        sheet.set_row(0, 30)
        self.put(sheet, 0, 0, cover.title, font_color=self.colour, font_size=18, bold=True)
        self.put(sheet, 1, 0, cover.marking, bold=True)
        left: dict[str, Any] = {"align": "left", "valign": "top", "text_wrap": True, **_LINE}
        row = 3
        for label, value in cover.lines:
            self.put(sheet, row, 0, label, bold=True, **left)
            self.put(sheet, row, 1, value, **left)
            row += 1
        row += 1
        self.put(sheet, row, 0, "Sheets", font_color=self.colour, font_size=13, bold=True)
        link = self.format(font_color=self.colour, underline=1, **left)
        for title, table in sheets:
            row += 1
            target = f"internal:'{title.replace(chr(39), chr(39) * 2)}'!A1"
            sheet.write_url(row, 0, target, link, title)
            self.put(sheet, row, 1, f"{table.about} Rows: {len(table.rows):,}.".strip(), **left)
        self.set_page(sheet, landscape=False)

    def put(self, sheet: Worksheet, row: int, column: int, value: Value, **how: Any) -> None:
        held = _cell_value(value)
        look = self.format(**how, **_format_of(held))
        _write(sheet, row, column, held, look)

    def fill_table(self, sheet: Worksheet, table: RegisterTable) -> None:
        columns = len(table.headings)
        widths = _widths(table)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        lines = max(
            len(textwrap.wrap(heading, width - _FILTER)) or 1
            for heading, width in zip(table.headings, widths, strict=True)
        )
        sheet.set_row(0, lines * _LINE_HEIGHT + 4)
        first: tuple[Value, ...] = next(iter(table.rows), ())
        for column, heading in enumerate(table.headings):
            counts = bool(first) and isinstance(first[column], int | float)
            across = "right" if counts else "left"
            how = {"align": across, "valign": "vcenter", "text_wrap": True, "bg_color": self.colour}
            self.put(sheet, 0, column, heading, font_color="#FFFFFF", bold=True, **how)
        row = 0
        for row, values in enumerate(table.rows, start=1):
            if (high := _lines(table, values)) > 1:
                sheet.set_row(row, min(_HIGHEST, high * _LINE_HEIGHT))
            for column, value in enumerate(values):
                self.put_in_body(sheet, table, row, column, value)
        for column, value in enumerate(table.total):
            across = "right" if column else "left"
            self.put(sheet, row + 1, column, value, bold=True, align=across, **_THICK)
        sheet.freeze_panes(1, table.fixed)
        sheet.autofilter(0, 0, row, columns - 1)
        sheet.repeat_rows(0)
        sheet.repeat_columns(0, max(1, table.fixed) - 1)
        self.set_page(sheet, landscape=True, pages=math.ceil(sum(widths) / _PAGE))

    def put_in_body(
        self, sheet: Worksheet, table: RegisterTable, row: int, column: int, value: Value
    ) -> None:
        """Write a cell under the headings; cells that look alike share a format."""
        held = _cell_value(value)
        style = _CellStyle(
            type(value),
            _is_quoted(held),
            column in table.wide,
            row % 2 == 0,
            column in table.marked and bool(value),
        )
        if style not in self.styles:
            across = "right" if isinstance(value, int | float) else "left"
            how = {"align": across, "valign": "top", "text_wrap": style.is_wrapped, **_LINE}
            if style.in_band:
                how["bg_color"] = _BAND
            if style.is_marked:
                how |= {"font_color": _MARKED_INK, "bold": True, "bg_color": _MARK}
            self.styles[style] = self.format(**how, **_format_of(held))
        _write(sheet, row, column, held, self.styles[style])

    def set_page(self, sheet: Worksheet, *, landscape: bool, pages: int = 1) -> None:
        """A4, on so many pages beside each other, with the marking, the title and the page."""
        if landscape:
            sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(pages, 0)
        sheet.set_margins(left=0.5, right=0.5)
        sheet.set_header(f"&L{_in_header(self.cover.title)}&R{_in_header(self.cover.marking)}")
        sheet.set_footer("&L&A&RPage &P of &N")


def _in_header(text: str) -> str:
    return text[:_LONGEST_HEADER].replace("&", "&&")


def _write(sheet: Worksheet, row: int, column: int, held: Value, look: Format) -> None:
    """A value as what it is: words stay words, even if they begin as a formula does."""
    if isinstance(held, str):
        if held:
            sheet.write_string(row, column, held, look)
        else:
            sheet.write_blank(row, column, None, look)
    elif isinstance(held, datetime.date):
        sheet.write_datetime(row, column, held, look)
    else:
        sheet.write_number(row, column, held, look)


def _format_of(held: Value) -> dict[str, Any]:
    """What the format of a cell says of its value."""
    if isinstance(held, str):
        return {"quote_prefix": True} if _is_quoted(held) else {}
    if isinstance(held, datetime.date):
        return {"num_format": "dd/mm/yyyy"}
    return {"num_format": "0%"} if isinstance(held, float) else {}


def _cell_value(value: Value) -> Value:
    """A value as a cell can hold it."""
    if not isinstance(value, str):
        return value
    words = value if value.isprintable() else _NOT_IN_A_CELL.sub("", value)
    return words if len(words) <= LONGEST_CELL else words[: LONGEST_CELL - len(CUT)] + CUT


def _is_quoted(held: Value) -> bool:
    """Whether a program could take the words for a formula."""
    return isinstance(held, str) and as_cell(held) != held


def _widths(table: RegisterTable) -> list[int]:
    """How wide each column is, in characters."""
    longest = [0] * len(table.headings)
    for row in table.all_rows():
        longest = [max(one, _length(cell)) for one, cell in zip(longest, row, strict=True)]
    headings = [max(map(len, heading.split()), default=0) for heading in table.headings]
    return [
        _TEXT
        if column in table.wide
        else min(_WIDEST, max(_NARROWEST, longest[column] + 2, heading + _FILTER))
        for column, heading in enumerate(headings)
    ]


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
