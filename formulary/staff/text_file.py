"""Read text and rows from CSV files of any encoding and delimiter.

A file without a byte order mark is UTF-8 if it can be; if not, it is Windows-1252 if every letter
is one that such a text can hold. Anything else is refused, since names would come out wrong.
"""

from __future__ import annotations

import codecs
import csv
import re
import unicodedata

from formulary.staff.table import MOST_COLUMNS, MOST_ROWS, Sheet, SheetRow, UnreadableError
from formulary.words import is_garbled

DELIMITERS = (",", ";", "\t", "|")

SAVE_AGAIN = "Open the list in Excel and save it as “CSV UTF-8”, or as an Excel workbook (.xlsx)."

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_AT_HOME = frozenset("‘’“”–—…€£´`·•«»°ºª®©™\u00a0\u00ad")
"""Signs above ASCII that occur beside letters in a Windows-1252 list of people."""

_FOREIGN = re.compile(r"[^\W\d_\x00-\x7f]{4}")
"""No word of a western European language has four letters in a row above ASCII."""


def decode(data: bytes) -> str:
    """The text of a file. Raises UnreadableError where its encoding cannot be told."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode(data, encoding)
    if b"\0" in data:
        raise UnreadableError(
            "The file is not plain text, or does not say in which encoding", SAVE_AGAIN
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        text = _decode(data, "cp1252")
    for number, line in enumerate(text.splitlines(), start=1):
        if doubtful := _find_doubtful_word(line):
            message = f"The encoding of the file cannot be told: it could be read as “{doubtful}”"
            raise UnreadableError(message, SAVE_AGAIN, number)
    return text


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeError as error:
        message = "The encoding of the file cannot be told: some of its letters cannot be read"
        raise UnreadableError(message, SAVE_AGAIN) from error


def _find_doubtful_word(line: str) -> str:
    """The first word of a Windows-1252 text that is none in any language; empty if all are."""
    for found in re.finditer(r"[^\s,;|\t\"]*[^\x00-\x7f][^\s,;|\t\"]*", line):
        word = found[0]
        if is_garbled(word) or _FOREIGN.search(word):
            return word
        for before, sign, after in zip(" " + word, word, word[1:] + " ", strict=False):
            if sign.isascii() or sign in _AT_HOME:
                continue
            is_letter = unicodedata.category(sign)[0] == "L"
            if not is_letter and (before.isalpha() or after.isalpha()):
                return word
            if is_letter and sign.isupper() and before.islower() and not after.islower():
                return word
    return ""


def delimiters(text: str) -> tuple[str, ...]:
    """The delimiters that the file may have: the one that its first line says (sep=;), or all."""
    said = re.match(r"\s*\"?sep=(.)\"?\s*(\r|\n|$)", text)
    return (said[1],) if said else DELIMITERS


_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")


def rows_of(text: str, delimiter: str, most: int = MOST_ROWS) -> Sheet:
    """Up to `most` rows of a CSV text (RFC 4180, with any delimiter).

    Raises UnreadableError for quotation marks that do not fit, and beyond the limits.
    """
    lines = (found[0] for found in _LINE.finditer(text))  # a file of it would hold it again
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    rows: list[SheetRow] = []
    one: dict[str, str] = {}  # a value of many rows, such as a school, is kept once
    first = 1
    try:
        for cells in reader:
            if first == 1 and len(cells) <= 2 and "".join(cells).strip().startswith("sep="):
                cells = []
            if len(cells) > MOST_COLUMNS:
                raise UnreadableError(
                    f"A row has more than {MOST_COLUMNS} columns", "Delete empty columns.", first
                )
            rows.append(SheetRow(first, tuple([one.setdefault(cell, cell) for cell in cells])))
            first = reader.line_num + 1
            if len(rows) >= most:
                break
    except csv.Error as error:
        raise UnreadableError(
            "The quotation marks in this row do not fit, so its columns cannot be told apart",
            'Close the quotation mark, or double one that belongs to a value (""). ' + SAVE_AGAIN,
            first,
        ) from error
    if most == MOST_ROWS and len(rows) >= MOST_ROWS:
        raise UnreadableError(f"The list has more than {MOST_ROWS:,} rows", "Split the list.")
    return Sheet("", tuple(rows))
