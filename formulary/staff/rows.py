"""Tell which rows of a list are about a person, and which have lost their columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from formulary.staff.table import ListPart, SheetRow
from formulary.words import clean, comparison_key

_TOTAL = re.compile(
    r"(grand |sub)?totals?\b|(row |head ?|record |employee )?counts?\b|sum\b|number of\b"
    r"|end of (report|list)\b|printed\b|page \d+|report (run|date|produced)\b|generated\b"
    r"|\d+ (rows?|records?|employees?|people|staff)\b|run (by|on|date)\b|filters?\b"
    r"|(key|notes?|legend)\b( to|:|$)",
    re.IGNORECASE,
)
"""How the last lines of a report begin, and those between its pages."""

_ID = re.compile(r"\S*\d\S*")


def is_remark(row: SheetRow, part: ListPart) -> bool:
    """Whether a row without an id and a name is a total, a title or a remark."""
    first = clean(str(row.filled[0]))
    few = len(row.filled) <= max(2, len(part.header.filled) // 2)
    return (few and bool(_TOTAL.match(first))) or (
        len(row.filled) == 1 and not _ID.fullmatch(first)
    )


def is_total(text: str) -> bool:
    """Whether a text is how a report ends, and no name."""
    return bool(_TOTAL.match(text))


def find_shifted(part: ListPart) -> Mapping[int, str]:
    """Rows of a text file whose values are not below their headings, by number, and why."""
    return dict(_find_shifted(part)) if part.usual else {}


def _find_shifted(part: ListPart) -> Iterator[tuple[int, str]]:
    headings = max(place for place, cell in enumerate(part.header.cells, 1) if str(cell).strip())
    beyond = [row for row in part.rows if any(str(c).strip() for c in row.cells[headings:])]
    is_column = len(beyond) > len(part.rows) / 2 and all(
        len(row.cells) <= part.usual for row in beyond
    )
    shifted = set() if is_column else {row.number for row in beyond}
    most = part.usual
    for row in part.rows:
        if row.number in shifted or len(row.cells) > most:
            count = len(row.cells) if len(row.cells) > most else _last_filled(row)
            yield row.number, f"The row has {count} values below {headings} headings"
    yield from _find_broken(part.rows, most)


def _last_filled(row: SheetRow) -> int:
    return max(place for place, cell in enumerate(row.cells, 1) if str(cell).strip())


def _find_broken(rows: Sequence[SheetRow], most: int) -> Iterator[tuple[int, str]]:
    """Two rows that make one: a line break in a value ended the first."""
    for first, second in pairwise(rows):
        parts = len(first.cells), len(second.cells)
        if sum(parts) != most + 1 or min(parts) < 2 or _ID.fullmatch(str(second.cells[0]).strip()):
            continue
        message = "A line break in a value seems to have cut the row in two"
        yield first.number, message
        yield second.number, message


def list_rows(numbers: Sequence[int]) -> str:
    """Rows in words: “rows 3, 7 and 9”; of many, the first ten and how many more."""
    shown = [str(number) for number in numbers[:10]]
    if len(numbers) > 10:
        return f"rows {', '.join(shown)} and {len(numbers) - 10:,} more"
    if len(numbers) == 1:
        return f"row {shown[0]}"
    return f"rows {', '.join(shown[:-1])} and {shown[-1]}"


def turn_name(name: str) -> str:
    """A name as one says it: “Osei-Bonsu, Margaret” is Margaret Osei-Bonsu."""
    last, comma, first = (part.strip() for part in name.partition(","))
    plain = comma and last and first and not re.search(r"[,;|&/()]", last + first)
    if not plain or not (_letters(last) and _letters(first)):
        return name
    if all(comparison_key(word) in _QUALIFICATIONS for word in first.split()):
        return name
    return f"{first} {last}"


def _letters(text: str) -> bool:
    return any(map(str.isalpha, text))


_QUALIFICATIONS = frozenset(
    (
        *("jr", "sr", "snr", "jnr", "junior", "senior", "ii", "iii", "iv", "esq", "hons"),
        *("mbe", "obe", "cbe", "dbe", "kbe", "ba", "bsc", "bed", "beng", "llb", "ma", "msc"),
        *("mba", "med", "mphil", "phd", "dphil", "edd", "pgce", "pgde", "qts", "qtls", "npqh"),
        *("npqsl", "npqml", "cipd", "mcipd", "acipd", "fcipd", "aat", "acca", "cima", "fcct"),
    )
)
"""What follows a name behind a comma and is no part of it."""


def is_name(text: str) -> bool:
    """Whether a text can be a name: a number is none."""
    return bool(text) and not re.fullmatch(r"[\d\s.,#/+-]+", text)
