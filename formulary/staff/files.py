"""Find the lists in a file: the sheets that hold one, and the rows of headings in each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from formulary.content.staff_columns import StaffColumns
from formulary.staff import text_file, workbook
from formulary.staff.columns import HeadingRows, first_headings
from formulary.staff.table import ListPart, Sheet, SheetRow, UnreadableError

LARGEST_FILE = 50_000_000
"""Bytes."""


@dataclass(frozen=True)
class FoundLists:
    """The lists of one file, in order, and its sheets that hold none."""

    parts: tuple[ListPart, ...]
    others: tuple[Sheet, ...] = ()
    encoding: str = ""
    """That of a text file."""


def find_lists(data: bytes, own: StaffColumns, wanted: str, encoding: str) -> FoundLists:
    """The lists of a file; `wanted` is the only sheet to read, `encoding` that of a text file.

    Either may be empty. Raises UnreadableError.
    """
    if not data.strip(b"\0\xef\xbb\xbf\xff\xfe \r\n\t"):
        raise UnreadableError("The file is empty", "Export the list again.")
    if len(data) > LARGEST_FILE:
        raise UnreadableError(
            f"The file is larger than {LARGEST_FILE // 1_000_000} MB",
            "Export only the columns that you need, or split the list.",
        )
    workbook.refuse_foreign(data)
    known = HeadingRows(own)
    if workbook.is_package(data):
        return _in_workbook(workbook.sheets_of(data), known, wanted)
    reading = text_file.decode(data, encoding or own.encoding or "")
    return FoundLists(_in_text(reading.text, known), encoding=reading.encoding)


def _in_text(text: str, known: HeadingRows) -> tuple[ListPart, ...]:
    """The lists in a text, by the delimiter with which most of its headings are known."""
    best, most = "", 0
    refused, well_formed = None, False
    for delimiter in text_file.delimiters(text):
        try:
            sheet = text_file.rows_of(text, delimiter, most=100)
        except UnreadableError as error:
            refused = refused or error
            continue
        well_formed = well_formed or any(len(row.filled) > 1 for row in sheet.rows)
        if (count := max(map(known.count, sheet.rows), default=0)) > most:
            best, most = delimiter, count
    if not most:
        raise refused if refused and not well_formed else _no_header()
    sheet = text_file.rows_of(text, best)
    parts = tuple(_parts(sheet, known, is_text=True))
    if not parts:
        raise _no_header()
    return parts


def _in_workbook(sheets: Sequence[Sheet], known: HeadingRows, wanted: str) -> FoundLists:
    visible = [sheet.title for sheet in sheets if not sheet.is_hidden]
    if wanted and wanted not in visible:
        names = ", ".join(f"“{title}”" for title in visible)
        raise UnreadableError(
            f"There is no sheet “{wanted}” to be seen", f"The sheets are {names}."
        )
    parts: list[ListPart] = []
    others: list[Sheet] = []
    for sheet in sheets:
        if wanted not in ("", sheet.title):
            continue
        found = tuple(_parts(sheet, known, is_text=False))
        parts.extend(found)
        if not found:
            others.append(sheet)
    if not parts:
        raise _no_header()
    return FoundLists(tuple(parts), tuple(others))


def _parts(sheet: Sheet, known: HeadingRows, *, is_text: bool) -> Iterator[ListPart]:
    """The parts of a sheet; a row of headings begins each."""
    header = first_headings(sheet.rows, known)
    if header is None:
        return
    start = sheet.rows.index(header)
    heads, repeated = [start], []
    places = _places(header, known)
    for place in range(start + 1, len(sheet.rows)):
        row, above = sheet.rows[place], sheet.rows[heads[-1]]
        if not known.begins_part(row, above, places):
            continue
        if row.filled == above.filled:
            repeated.append(place)
        else:
            heads.append(place)
            places = _places(row, known)
    pages = frozenset(repeated)
    for first, last in zip(heads, [*heads[1:], len(sheet.rows)], strict=True):
        inside = range(first + 1, last)
        rows = tuple(sheet.rows[place] for place in inside if place not in pages)
        yield ListPart(
            sheet,
            sheet.rows[first],
            rows,
            above=sheet.rows[:start] if first == start else (),
            repeats=tuple(sheet.rows[place].number for place in inside if place in pages),
            usual=_usual_width(sheet.rows[first], rows) if is_text else 0,
            goes_on=last < len(sheet.rows),
        )


def _places(header: SheetRow, known: HeadingRows) -> list[int]:
    """The columns of the id and the name below a row of headings."""
    return [
        place
        for place, cell in enumerate(header.cells)
        if known.column(str(cell)) in ("id", "name", "surname")
    ]


def _usual_width(header: SheetRow, rows: Sequence[SheetRow]) -> int:
    """How many values a row has: as many as the headings, or as most rows, if those have more."""
    width, count = next(iter(Counter(len(row.cells) for row in rows).most_common(1)), (0, 0))
    return max(len(header.cells), width if count > len(rows) / 2 and len(rows) > 1 else 0)


def _no_header() -> UnreadableError:
    return UnreadableError(
        "No row has the headings of a staff list, such as “Employee number”, “Name”, “Job title”",
        "Put a heading above every column, or name the headings in staff-columns.yaml.",
    )
