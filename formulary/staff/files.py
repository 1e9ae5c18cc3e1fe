"""Find the sheet of a file that holds the staff list, and the row of its headings."""

from __future__ import annotations

from collections.abc import Sequence

from formulary.content.staff_columns import StaffColumns
from formulary.staff import text_file, workbook
from formulary.staff.columns import header_of
from formulary.staff.table import Sheet, SheetRow, UnreadableError

LARGEST_FILE = 50_000_000
"""Bytes."""


def find_list(data: bytes, own: StaffColumns, wanted: str) -> tuple[Sheet, SheetRow]:
    """The sheet that holds the list, and the row of its headings. Raises UnreadableError."""
    if not data.strip(b"\0\xef\xbb\xbf\xff\xfe \r\n\t"):
        raise UnreadableError("The file is empty", "Export the list again.")
    if len(data) > LARGEST_FILE:
        raise UnreadableError(
            f"The file is larger than {LARGEST_FILE // 1_000_000} MB",
            "Export only the columns that are needed, or split the list.",
        )
    workbook.refuse_foreign(data)
    if workbook.is_package(data):
        return _in_workbook(workbook.sheets_of(data), own, wanted)
    return _in_text(text_file.decode(data), own)


def _in_text(text: str, own: StaffColumns) -> tuple[Sheet, SheetRow]:
    """The list in a text, by the delimiter with which most of its headings are known."""
    best, most, refused = "", 0, None
    for delimiter in text_file.delimiters(text):
        try:
            _, count = header_of(text_file.rows_of(text, delimiter, most=100), own)
        except UnreadableError as error:
            refused = refused or error
            continue
        if count > most:
            best, most = delimiter, count
    if not most:
        raise refused or _no_header()
    sheet = text_file.rows_of(text, best)
    header, _ = header_of(sheet, own)
    assert header is not None
    return sheet, header


def _in_workbook(sheets: Sequence[Sheet], own: StaffColumns, wanted: str) -> tuple[Sheet, SheetRow]:
    names = ", ".join(f"“{sheet.title}”" for sheet in sheets)
    if wanted and wanted not in {sheet.title for sheet in sheets}:
        raise UnreadableError(
            f"There is no sheet “{wanted}” to be seen", f"The sheets are {names}."
        )
    lists = []
    for sheet in sheets:
        header, _ = header_of(sheet, own)
        if header is not None and wanted in ("", sheet.title):
            lists.append((sheet, header))
    if not lists:
        raise _no_header()
    if len(lists) > 1:
        both = ", ".join(f"“{sheet.title}”" for sheet, _ in lists)
        raise UnreadableError(
            f"Several sheets hold a list: {both}",
            "Keep the one that counts, and delete or hide the others.",
        )
    return lists[0]


def _no_header() -> UnreadableError:
    return UnreadableError(
        "No row has the headings of a staff list, such as “Employee number”, “Name”, “Job title”",
        "Put a heading above every column, or name the headings in staff-columns.yaml.",
    )
