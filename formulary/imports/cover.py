"""The title of a policy and what its cover says: version, approval, owner and dates."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from formulary.edition.days import read_day
from formulary.imports.blocks import SourceDocument, SourceTable, text_of
from formulary.imports.headings import body_size
from formulary.imports.lines import Line, words_in_line
from formulary.imports.vocabulary import vocabulary

_KIND_OF_PAPER = re.compile(
    r"\b(policy|procedures?|handbook|by-?laws|code of conduct|guidance|guidelines|constitution|"
    r"scheme|statement|strategy|framework|terms of reference|plan)\b",
    re.IGNORECASE,
)


@dataclass
class PolicyCover:
    """What the cover says. `title_at` are the places of the lines that make the title."""

    title: str = ""
    why_title: str = ""
    is_title_guess: bool = False
    values: dict[str, str] = field(default_factory=dict)
    related: list[str] = field(default_factory=list)
    """The other documents that it lists, by their titles."""
    title_line: bool = False
    """Whether the title is a line of the document, and the first of those that are used."""
    used: set[int] = field(default_factory=set)
    """The places of lines that are part of the cover."""


def read_cover_day(value: str) -> datetime.date | None:
    """A date of the cover; None where it is none, or names only a month or a term."""
    if not re.match(r"\s*(?:\w+day,? )?\d{1,2}\D", value) and not re.match(
        r"\w+ \d{1,2},? \d{4}", value
    ):
        return None
    return read_day(re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", value)).date


def read_cover(
    cover: PolicyCover, lines: Sequence[Line], document: SourceDocument, first_heading: int
) -> None:
    """Read what is before the text of a policy; its lines and tables are then part of the cover.

    `first_heading` is the place of the first heading in the lines, or their number.
    """
    for at, line in enumerate(lines):
        if line.table is not None and _is_history(line.table):
            why = "Formulary keeps what changed: see updates in policy.yaml."
            words = words_in_line(line)
            document.leave("document history", words, "the cover", why)
            cover.used.add(at)
        elif (
            line.table is not None
            and _is_cover_table(line.table, 1 if at - 1 in cover.used else 2)
            and (at <= max(first_heading, 12) or at >= len(lines) - 6)
        ):
            _read_table(cover, line.table, document)
            cover.used.add(at)
        elif (
            line.table is None
            and at < min(first_heading, 40)
            and at not in cover.used
            and _read_line(cover, line, document)
        ):
            cover.used.add(at)


def label_of(words: str) -> str:
    """The field of the cover that a label names; empty where it names none."""
    bare = re.sub(r"[\s:–-]+$", "", " ".join(words.split()))
    return next((name for name, pattern in _labels() if pattern.fullmatch(bare)), "")


@cache
def _labels() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (name, re.compile("|".join(f"(?:{one})" for one in patterns), re.IGNORECASE))
        for name, patterns in vocabulary()["cover"].items()
    )


def _is_cover_table(table: SourceTable, least: int) -> bool:
    """Whether most labels of a table are known, `least` of them as fields of policy.yaml."""
    pairs = list(_pairs(table))
    if not pairs or len(pairs) > 24:
        return False
    names = [label_of(label) for label, _ in pairs]
    strong = sum(name not in ("", "other") for name in names)
    return strong >= least and sum(map(bool, names)) * 2 >= len(pairs)


def _is_history(table: SourceTable) -> bool:
    """Whether a table says which versions there were: it has columns for version, date and why."""
    header = " / ".join(cell.words.casefold() for cell in table.rows[0]) if table.rows else ""
    wanted = (
        r"\b(?:version|issue|revision|edition|no)\b",
        r"\bdate\b",
        r"\b(?:changes?|reason|summary|description|amendments?|details|comments?|author)\b",
    )
    return len(table.rows) > 1 and all(re.search(one, header) for one in wanted)


def _pairs(table: SourceTable) -> list[tuple[str, str]]:
    """Label and value, cell beside cell; or the header above the one row, where that is so."""
    rows = [[text_of(cell.blocks) for cell in row if not cell.is_continued] for row in table.rows]
    if len(rows) == 2 and len(rows[0]) == len(rows[1]) >= 2 and all(label_of(c) for c in rows[0]):
        return list(zip(rows[0], rows[1], strict=True))
    return [
        pair for row in rows for pair in zip(row[::2], row[1::2], strict=False) if pair[0].strip()
    ]


def _read_table(cover: PolicyCover, table: SourceTable, document: SourceDocument) -> None:
    pairs = _pairs(table)
    paired = {" ".join(words.split()) for pair in pairs for words in pair}
    for row in table.rows:
        for cell in row:
            if cell.words and cell.words not in paired and cell.words != cover.title:
                document.leave("cover", cell.words, "the table on the cover", "No field takes it.")
    for label, value in pairs:
        _note(cover, label, value, document)


def _read_line(cover: PolicyCover, line: Line, document: SourceDocument) -> bool:
    """Read “Approved by: the board”, and several of them in one line, parted by tabs."""
    text = line.paragraph.text.strip()
    parts = [part.strip() for part in re.split(r"\t+|\n| {4,}|\s\|\s", text) if part.strip()]
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(parts):
        label, colon, value = parts[at].partition(":")
        if colon and label_of(label) and value.strip():
            found.append((label, value.strip()))
        elif label_of(parts[at]) and at + 1 < len(parts):
            found.append((parts[at], parts[at + 1]))
            at += 1
        elif match := re.match(
            r"(version|approved by|adopted by|ratified by|last updated|last reviewed|next review|"
            r"reviewed|effective from|approved on)\s+(?=\S)(.{1,60})$",
            parts[at],
            re.IGNORECASE,
        ):
            found.append((match[1], match[2]))
        else:
            return False
        at += 1
    for label, value in found:
        _note(cover, label, value, document)
    return bool(found)


def _note(cover: PolicyCover, label: str, value: str, document: SourceDocument) -> None:
    """Keep a value of the cover, and list its label; a value that no field takes is listed too."""
    where = "the cover"
    name = label_of(label)
    if name == "related":
        names = (" ".join(one.split()).strip(" •.-") for one in re.split(r"[\n;,•]", value))
        cover.related += [one for one in names if one]
        why = "Each is a proposal in organisation.yaml (related)."
        document.leave("related documents", f"{label} {value}", where, why)
        return
    value = " ".join(value.split())
    if name in ("", "other") or not value or name in cover.values:
        words = f"{label} {value}".strip()
        document.leave("cover", words, where, "No field of policy.yaml takes it.")
        return
    document.leave("label on the cover", label, where, f"Its value is in policy.yaml ({name}).")
    cover.values[name] = value


def read_title(lines: Sequence[Line], document: SourceDocument) -> PolicyCover:
    """A cover with the title of the policy, and with where it is."""
    front = {at: line for at, line in enumerate(lines[:25]) if line.table is None and line.words}
    for at, line in front.items():
        if line.paragraph.style.lower() == "title":
            return _titled(line, at, "its style is Title")
    for table in (line.table for line in lines[:4] if line.table is not None):
        for cell in (cell for row in table.rows for cell in row):
            is_short = len(cell.words.split()) < 15
            if cell.span > 1 and is_short and _KIND_OF_PAPER.search(cell.words):
                return PolicyCover(cell.words, "it is across the table on the cover")
    body = body_size(lines)
    early = {at: one for at, one in front.items() if len(one.words.split()) <= 16}
    early = {at: line for at, line in early.items() if not line.label.kind}
    named = {at: line for at, line in early.items() if _names_a_paper(line, body)}
    if named:
        at = max(named, key=lambda at: lines[at].paragraph.size)
        why = "it names a kind of paper and stands out on the first page"
        return _titled(lines[at], at, why)
    at = max(early, key=lambda at: lines[at].paragraph.size, default=-1)
    if at >= 0 and lines[at].paragraph.size >= body + 4:
        why = "it is the largest line of the first page"
        return _titled(lines[at], at, why, is_guess=True)
    name = re.sub(r"[_-]+", " ", document.name.rsplit(".", 1)[0]).strip()
    why = "no line of the document shows it; it is the file’s own title or name"
    return PolicyCover(document.title or name, why, is_title_guess=True)


def _names_a_paper(line: Line, body: float) -> bool:
    look = line.paragraph
    stands_out = look.size > body or look.is_bold or look.centred or look.is_capitals
    return stands_out and bool(_KIND_OF_PAPER.search(line.words))


def _titled(line: Line, at: int, why: str, *, is_guess: bool = False) -> PolicyCover:
    """The cover whose title is a line of the document."""
    return PolicyCover(words_in_line(line), why, is_guess, title_line=True, used={at})
