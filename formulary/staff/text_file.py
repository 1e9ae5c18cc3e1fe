"""Read text and rows from CSV files of any encoding and delimiter.

A file without a byte order mark is UTF-8 if it can be; if not, it has the encoding in which its
words are likely. Where that is not one alone, it is refused, since names would come out wrong.
"""

from __future__ import annotations

import codecs
import csv
import re

from formulary.staff.encodings import ENCODINGS, Reading, find_codec, find_doubt, likely_readings
from formulary.staff.table import MOST_COLUMNS, MOST_ROWS, Sheet, SheetRow, UnreadableError

DELIMITERS = (",", ";", "\t", "|")

SAVE_AGAIN = "Open the list in Excel and save it as “CSV UTF-8”, or as an Excel workbook (.xlsx)."

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes, encoding: str = "") -> Reading:
    """The text of a file, and its encoding; `encoding` is what somebody says that it is, or empty.

    Raises UnreadableError where its encoding cannot be told, with the readings that it may have.
    """
    for mark, marked in _MARKS:
        if data.startswith(mark):
            return Reading(marked, _decode(data, marked))
    if encoding:
        return _decode_as(data, encoding)
    if b"\0" in data:
        raise UnreadableError(
            "The file is not plain text, or does not say in which encoding", SAVE_AGAIN
        )
    try:
        return Reading("utf-8", data.decode("utf-8"))
    except UnicodeDecodeError as error:
        readings = likely_readings(data)
        line = data.count(b"\n", 0, error.start) + 1
    if len(readings) == 1:
        return readings[0]
    if not readings:
        message = "The encoding of the file cannot be worked out: some letters cannot be read"
        raise UnreadableError(message, SAVE_AGAIN, line)
    doubt = find_doubt(readings)
    shown = ", or ".join(f"“{word}” ({name})" for name, word in doubt.words)
    raise UnreadableError(
        f"The encoding of the file cannot be worked out. This row can be read as {shown}",
        f"Run the command again with the right one, such as --encoding {doubt.words[0][0]}; or "
        f"write “encoding: {doubt.words[0][0]}” in staff-columns.yaml. Or {SAVE_AGAIN[0].lower()}"
        f"{SAVE_AGAIN[1:]}",
        doubt.line,
    )


def _decode_as(data: bytes, encoding: str) -> Reading:
    codec = find_codec(encoding)
    if not codec:
        known = ", ".join(ENCODINGS)
        raise UnreadableError(
            f"“{encoding}” is not an encoding", f"Name one such as utf-8, {known}."
        )
    return Reading(encoding, _decode(data, codec))


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeError as error:
        message = f"The letters of the file cannot be read as {encoding}"
        raise UnreadableError(message, SAVE_AGAIN) from error


def delimiters(text: str) -> tuple[str, ...]:
    """The delimiters that the file may have: the one that its first line says (sep=;), or all."""
    said = re.match(r"\s*\"?sep=(.)\"?\s*(\r|\n|$)", text)
    return (said[1],) if said else DELIMITERS


_GUARDED = re.compile(r'="(.*)"', re.DOTALL)
"""A text that is written as a formula, so that Excel keeps its zeros: ="000101"."""


class _Values(dict[str, str]):
    """Values by how the file writes them; a value of many rows, such as a school, is kept once."""

    def __missing__(self, written: str) -> str:
        guarded = _GUARDED.fullmatch(written.strip()) if "=" in written else None
        value = guarded[1].replace('""', '"') if guarded else written
        value = value.replace("_x000D_", " ")
        self[written] = value
        return value


_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")


def rows_of(text: str, delimiter: str, most: int = 0) -> Sheet:
    """The filled rows of a CSV text (RFC 4180, with any delimiter), or the first `most` of them.

    Raises UnreadableError for quotation marks that do not fit, and beyond the limits.
    """
    lines = (found[0] for found in _LINE.finditer(text))  # a file of it would hold it again
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    rows: list[SheetRow] = []
    values = _Values()
    first = 1
    try:
        for cells in reader:
            if first == 1 and len(cells) <= 2 and "".join(cells).strip().startswith("sep="):
                cells = []
            if len(cells) > MOST_COLUMNS:
                raise UnreadableError(
                    f"A row has more than {MOST_COLUMNS} columns", "Delete empty columns.", first
                )
            if any(cells) and "".join(cells).strip():
                rows.append(SheetRow(first, tuple([values[cell] for cell in cells])))
            first = reader.line_num + 1
            if len(rows) > (most or MOST_ROWS):
                break
    except csv.Error as error:
        raise UnreadableError(
            "The quotation marks in this row do not fit, so its columns cannot be separated",
            'Close the quotation mark, or double one that belongs to a value (""). ' + SAVE_AGAIN,
            first,
        ) from error
    if not most and len(rows) > MOST_ROWS:
        raise UnreadableError(f"The list has more than {MOST_ROWS:,} rows", "Split the list.")
    return Sheet("", tuple(rows))
