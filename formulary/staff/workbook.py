"""Read the rows of every visible sheet of an Excel workbook.

openpyxl reads the values that Excel last computed; nothing is computed here. Before it sees a file,
the file's size, its parts and their XML are held to limits, since a list may come from anywhere.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import ParseError, iterparse
from xml.parsers import expat

from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from openpyxl.utils.exceptions import InvalidFileException

from formulary import problems
from formulary.staff.table import (
    MOST_COLUMNS,
    MOST_ROWS,
    Cell,
    Sheet,
    SheetNote,
    SheetRow,
    UnreadableError,
)

LARGEST_UNPACKED = 400_000_000
"""Bytes of all parts together."""

MOST_PARTS = 2_000

SAVE_AS = (
    "Open it in Excel or LibreOffice and save it as an Excel workbook (.xlsx), or as CSV UTF-8."
)

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_FORMULA_WITHOUT_VALUE = (
    "Open the list in Excel, let it compute, save it, and try again; or paste the column as values."
)


def refuse_foreign(data: bytes) -> None:
    """Raise UnreadableError, saying what it is, for neither text nor an Excel workbook."""
    head = data[:2048].lstrip().lower()
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            fix = "Open it with its password, remove the password (File, Info), and save it again."
            raise UnreadableError("The workbook is protected by a password", fix)
        raise UnreadableError("The file is in an old format of Excel (.xls)", SAVE_AS)
    if data.startswith(b"%PDF"):
        raise UnreadableError("The file is a PDF, not a list", SAVE_AS)
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head")):
        raise UnreadableError("The file is a web page, whatever its name says", SAVE_AS)
    if head.startswith((b"<?xml", b"\xef\xbb\xbf<?xml")):
        raise UnreadableError("The file is XML, not a list", SAVE_AS)


def is_package(data: bytes) -> bool:
    """Whether the bytes are a ZIP file, as every workbook is."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def sheets_of(data: bytes) -> tuple[Sheet, ...]:
    """The sheets of a workbook in order, hidden ones without rows. Raises UnreadableError."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check_limits(package)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return tuple(
                _sheet(sheet, package)
                if getattr(sheet, "sheet_state", "visible") == "visible"
                else Sheet(sheet.title, (), is_hidden=True)
                for sheet in book.worksheets
            )
    except UnreadableError:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        InvalidFileException,
        ParseError,
        expat.ExpatError,
        # what openpyxl and lxml raise for parts that are missing or nonsense
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        SyntaxError,
    ) as error:
        raise UnreadableError("The workbook is damaged and cannot be read", SAVE_AS) from error


def _check_limits(package: zipfile.ZipFile) -> None:
    """Limits, before anything is unpacked into memory; a package holds no DTD (ECMA-376 part 2)."""
    parts = package.infolist()
    names = {part.filename for part in parts}
    if "mimetype" in names and b"opendocument" in package.read("mimetype")[:200]:
        raise UnreadableError("The file is an OpenDocument spreadsheet (.ods)", SAVE_AS)
    if "xl/workbook.bin" in names:
        raise UnreadableError("The file is a binary workbook (.xlsb)", SAVE_AS)
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise UnreadableError("The file is not a workbook", SAVE_AS)
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        message = "The workbook is far larger inside than a staff list can be"
        raise UnreadableError(message, "Copy the list alone into a new workbook and save that.")
    for part in parts:
        if part.flag_bits & 1:
            raise UnreadableError("The workbook is protected by a password", SAVE_AS)
        if part.filename.endswith((".xml", ".rels")):
            with package.open(part) as stream:
                _refuse_definitions(stream.read)


class _RootError(Exception):
    """Raised where the first element begins: a DTD can only come before it."""


def _refuse_definitions(read: Any) -> None:
    def doctype(*_: object) -> None:
        message = "The workbook defines its own entities, which no spreadsheet program does"
        raise UnreadableError(message, "Copy the list alone into a new workbook and save that.")

    def root(*_: object) -> None:
        raise _RootError

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = root
    try:
        while chunk := read(65536):
            parser.Parse(chunk)
    except _RootError:
        return


def _sheet(found: Any, package: zipfile.ZipFile) -> Sheet:
    """The rows of one sheet, and what Excel says of it that its values do not."""
    with package.open(found._worksheet_path) as stream:
        notes = tuple(_find_oddities(stream))
    found.reset_dimensions()
    rows: list[SheetRow] = []
    for number, cells in enumerate(found.iter_rows(), start=1):
        if len(rows) > MOST_ROWS:
            raise UnreadableError(
                f"The sheet “{found.title}” has more than {MOST_ROWS:,} rows", "Split the list."
            )
        if any(cell.value is not None for cell in cells[MOST_COLUMNS:]):
            raise UnreadableError(
                f"The sheet “{found.title}” has more than {MOST_COLUMNS} columns",
                "Delete the columns that do not belong to the list.",
                number,
            )
        values = tuple(_value(cell) for cell in cells[:MOST_COLUMNS])
        if any(values):
            rows.append(SheetRow(number, values))
    return Sheet(found.title, tuple(rows), notes)


def _value(cell: Any) -> Cell:
    """A cell as the person who looks at it sees it."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format or ""))
    text = str(value)
    return unescape(text) if "_x" in text else text


def _number(value: int | float, shown_as: str) -> str:
    """A number as an id is meant: 123.0 is 123, and 123 shown with a format of 00000 is 00123."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, int) and value >= 0:
        return _show(value, shown_as)
    return str(value)


_FORMAT_PART = re.compile(r'"([^"]*)"|\\(.)|\[[^\]]*\]|[_*].|(General)|([0#?])|(.)', re.DOTALL)
"""A text, an escaped letter, a colour or language, a filler, a digit, any other letter."""


@lru_cache(maxsize=256)
def _format_parts(shown_as: str) -> tuple[tuple[str, str], ...]:
    """The parts of a format for whole numbers that adds letters or zeros; empty for all others.

    ECMA-376 part 1, 18.8.31: sections end in semicolons, the first is for positive numbers.
    """
    parts: list[tuple[str, str]] = []
    for found in _FORMAT_PART.finditer(shown_as):
        quoted, escaped, general, digit, other = found.groups()
        if other == ";":
            break
        if general or digit:
            parts.append(("general", "") if general else ("digit", digit))
        elif quoted or escaped:
            parts.append(("text", quoted or escaped))
        elif other and other in " -/()+":
            parts.append(("text", other))
        elif other:
            return ()  # decimals, thousands, percentages, dates: no id is written so
    kinds = [kind for kind, _ in parts]
    if kinds.count("general") + ("digit" in kinds) != 1:
        return ()
    return tuple(parts)


def _show(value: int, shown_as: str) -> str:
    """A whole number as Excel shows it in a format such as `"E"00000` or `000-000`."""
    parts = _format_parts(shown_as)
    places = [place for place, (kind, _) in enumerate(parts) if kind == "digit"]
    digits = str(value)
    shown: list[str] = []
    for place in range(len(parts) - 1, -1, -1):
        kind, text = parts[place]
        if kind == "text":
            shown.append(text)
        elif kind == "general" or place == places[0]:
            shown.append(digits if digits or text != "0" else "0")
        else:
            shown.append(digits[-1:] or ("0" if text == "0" else ""))
            digits = digits[:-1]
    return "".join(reversed(shown)).strip() or digits


_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"


def _find_oddities(stream: Any) -> Iterator[SheetNote]:
    """Merged cells, formulas without a value, and rows that a filter hides.

    Elements: ECMA-376 part 1, 18.3.1.4 c, 18.3.1.40 f, 18.3.1.55 mergeCell, 18.3.1.73 row.
    """
    hidden: list[int] = []
    for _, element in iterparse(stream):
        name = element.tag.removeprefix(_MAIN).removeprefix(_STRICT)
        if name == "c":
            yield from _check_cell(element)
        elif name == "row":
            if element.get("hidden") in ("1", "true") and len(element):
                hidden.append(int(element.get("r") or 0))
            element.clear()
        elif name == "mergeCell":
            yield from _merged_cells(element.get("ref") or "")
    if hidden:
        several = len(hidden) > 1
        yield SheetNote(
            problems.STAFF_HIDDEN,
            f"{len(hidden)} rows of the list are hidden, and are read like the others"
            if several
            else "A row of the list is hidden, and is read like the others",
            "Show all rows, or delete those that do not belong to the list.",
            hidden[0],
        )


def _check_cell(element: Any) -> Iterator[SheetNote]:
    parts = {child.tag.rpartition("}")[2]: child.text or "" for child in element}
    row, column = _address(element.get("r") or "")
    if "f" in parts and not parts.get("v") and element.get("t") != "str":
        message = f"The cell {element.get('r')} has a formula and no value"
        yield SheetNote(problems.STAFF_VALUE, message, _FORMULA_WITHOUT_VALUE, row, column)


def _merged_cells(ref: str) -> Iterator[SheetNote]:
    """A note for a range merged over several rows: only its first row has the value."""
    first, _, last = ref.partition(":")
    (top, column), (bottom, _) = _address(first), _address(last or first)
    if bottom > top:
        message = f"The cells {ref} are merged, so only the first of these rows has their value"
        fix = "Unmerge the cells and write the value into every row."
        yield SheetNote(problems.STAFF_MERGED, message, fix, top, column, bottom)


def _address(ref: str) -> tuple[int, int]:
    """Row and column of a cell such as B12, from 1; zeros where it says nothing."""
    found = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", ref)
    if not found:
        return 0, 0
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column
