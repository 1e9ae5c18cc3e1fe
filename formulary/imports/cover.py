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
            and _is_cover_table(line.table)
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


def _is_cover_table(table: SourceTable) -> bool:
    pairs = list(_pairs(table))
    if not pairs or len(pairs) > 24:
        return False
    known = [label for label, _ in pairs if label_of(label) not in ("",)]
    strong = [label for label, _ in pairs if label_of(label) not in ("", "other")]
    return len(strong) >= 2 and len(known) * 2 >= len(pairs)


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
    pairs = []
    for row in rows:
        cells = list(row)
        for at in range(0, len(cells) - 1, 2):
            if cells[at].strip():
                pairs.append((cells[at], cells[at + 1]))
    return pairs


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
    cover = PolicyCover()
    _find_title(cover, lines, document)
    return cover


def _find_title(cover: PolicyCover, lines: Sequence[Line], document: SourceDocument) -> None:
    front = [at for at, line in enumerate(lines[:25]) if line.table is None and line.words]
    for at in front:
        if lines[at].paragraph.style.lower() == "title":
            _take_title(cover, lines, [at], "its style is Title")
            return
    for line in lines[:4]:
        if line.table is not None:
            for cell in (cell for row in line.table.rows for cell in row):
                if (
                    cell.span > 1
                    and _KIND_OF_PAPER.search(cell.words)
                    and len(cell.words.split()) < 15
                ):
                    cover.title, cover.why_title = cell.words, "it is across the table on the cover"
                    return
    body = body_size(lines)
    early = [at for at in front if len(lines[at].words.split()) <= 16 and not lines[at].label.kind]
    named = [
        at
        for at in early
        if _KIND_OF_PAPER.search(lines[at].words) and _stands_out(lines[at], body)
    ]
    if named:
        best = max(named, key=lambda at: lines[at].paragraph.size)
        _take_title(
            cover, lines, [best], "it names a kind of paper and stands out on the first page"
        )
        return
    large = [at for at in early if lines[at].paragraph.size >= body + 4]
    if large:
        best = max(large, key=lambda at: lines[at].paragraph.size)
        _take_title(cover, lines, [best], "it is the largest line of the first page")
        cover.is_title_guess = True
        return
    cover.is_title_guess = True
    cover.title = document.title or re.sub(r"[_-]+", " ", document.name.rsplit(".", 1)[0]).strip()
    cover.why_title = "no line of the document shows it; it is the file’s own title or name"


def _stands_out(line: Line, body: float) -> bool:
    paragraph = line.paragraph
    return paragraph.size > body or paragraph.is_bold or paragraph.centred or paragraph.is_capitals


def _take_title(cover: PolicyCover, lines: Sequence[Line], at: list[int], why: str) -> None:
    cover.title = " ".join(words_in_line(lines[place]) for place in at)
    cover.why_title = why
    cover.title_line = True
    cover.used.update(at)
