"""Make new points, rows, clauses and sections of new lines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from formulary.content.policy import Policy
from formulary.content.source import Document, Loc
from formulary.content.splicing import value_at
from formulary.edition.filled_text import FilledText
from formulary.edition.restyling import restyle
from formulary.edition.rewording import write_words
from formulary.imports.ids import Ids
from formulary.takeback.operations import FileChange
from formulary.takeback.printed import PlacedLine, mark_of
from formulary.takeback.sources import wanted_styles

_TYPED_NUMBER = re.compile(r"\d+(?:\.\d+)+\.?\s+")
"""A number that somebody typed before a new clause; ours is counted."""

_TYPED_CLAUSE = re.compile(r"\d+\.\d+\.?\s+(?=[^\sa-z\d])")
"""The number of a clause before words that begin a sentence: no “1.5 hours”."""

_CLAUSE_STYLES = ("clause", "heading 2")
_SECTION_STYLE = "heading 1"
"""The styles of the first line of a clause and of a section, in small letters."""

_LIST_STYLE = re.compile(r"bullet|list|mark", re.IGNORECASE)
"""The styles of entries of a list."""

_TEXT, _CLAUSES = "(text)", "(clauses)"
"""Keys, while it is made, of a text that takes more lines, and of a section's clauses."""

Made = tuple[str, FileChange]
"""What is new, as a sentence names it, and the change that puts it in."""


def begins_section(line: PlacedLine) -> bool:
    """Whether a line is the title of a section."""
    return line.line.style.lower() == _SECTION_STYLE


def begins_clause(line: PlacedLine) -> bool:
    """Whether a line begins a clause: by its style, or by a number that somebody typed."""
    style = line.line.style
    if style.lower() in _CLAUSE_STYLES:
        return True
    is_other = line.line.cell or begins_section(line) or _LIST_STYLE.search(style)
    return not is_other and bool(_TYPED_CLAUSE.match(line.line.words))


def begins_part(line: PlacedLine) -> bool:
    """Whether a line begins a clause or a section."""
    return begins_section(line) or begins_clause(line)


def has_part_style(line: PlacedLine) -> bool:
    """Whether the style of a line says that it begins a clause or a section."""
    return line.line.style.lower() in (*_CLAUSE_STYLES, _SECTION_STYLE)


def is_entry(line: PlacedLine) -> bool:
    """Whether a line is an entry of a list: by its style, its list, or what is before its words."""
    style = line.line.style
    is_listed = line.line.in_list and "heading" not in style.lower()
    return is_listed or bool(_LIST_STYLE.search(style)) or bool(mark_of(line.line.words))


class NewEntries:
    """Makes entries of new lines, one after the other: a clause takes the lines that follow it."""

    def __init__(self, labels: Mapping[str, str], ids: set[str]) -> None:
        self.labels = labels
        self.ids = Ids()
        self.ids.taken |= ids
        self.last_authors: tuple[str, ...] = ()
        self._open: dict[str, Any] | None = None
        self._row: tuple[int, int] | None = None
        self._cells: list[str] = []

    @property
    def is_open(self) -> bool:
        """Whether lines that follow belong to a new clause or section."""
        return self._open is not None

    def begin(self) -> None:
        """Begin again at a line that was there before: what is new ends above it."""
        self._open = None
        self._row = None

    def point(self, line: PlacedLine, document: Document, at: Loc, before: bool) -> Made:
        """A new point after the one at a place, or before it."""
        self.begin()
        value = self._point(line)
        return self._insert("a new point", line, document, at, value, before=before)

    def clause(self, line: PlacedLine, document: Document, loc: Loc) -> Made:
        """A new clause below the one that a place is in."""
        value = self._open = self._clause(line)
        at = len(loc) - 1 - loc[::-1].index("clauses")
        return self._insert(f"a new clause, {value['id']}", line, document, loc[: at + 2], value)

    def section(
        self, line: PlacedLine, document: Document, loc: Loc, policy: Policy
    ) -> Made | None:
        """A new section below the one that a place is in; None where that does not end there."""
        parts = policy.sections if loc[0] == "sections" else policy.appendices
        if loc[0] not in ("sections", "appendices") or not isinstance(loc[1], int):
            return None
        part = parts[loc[1]]
        if part.clauses and (len(loc) < 4 or loc[3] != len(part.clauses) - 1):
            return None
        words = write_words(_without_number(line.words), {}, is_prose=False)
        id = self.ids.take(words, "section")
        value = self._open = {"id": id, "title": words, _CLAUSES: []}
        return self._insert(
            f"a new section, {id}", line, document, loc[:2], lambda: _section_of(value)
        )

    def row(self, line: PlacedLine, above: PlacedLine, last: FilledText) -> Made | None:
        """A new row of a table of the policy itself, from its first cell on."""
        cell, loc = line.line.cell, last.loc
        if cell is None or above.line.cell is None or "rows" not in loc:
            return None
        table = loc[: loc.index("rows")]
        if above.line.cell[0] != cell[0] or cell[:2] == above.line.cell[:2]:
            return None
        if self._row is not None:
            return None
        self._row = cell[:2]
        width = len(value_at(last.document.data, (*table, "columns")))
        self._cells = [""] * width
        self._cells[cell[2] : cell[2] + 1] = [self._typed(line)]
        at = loc[: loc.index("rows") + 2]
        cells = self._cells
        return self._insert("a new row", line, last.document, at, lambda: tuple(cells))

    def belongs_to_row(self, line: PlacedLine) -> bool:
        """Whether a line is a further cell of the row that was begun last."""
        cell = line.line.cell
        if cell is None or cell[:2] != self._row or cell[2] >= len(self._cells):
            return False
        there = self._cells[cell[2]]
        self._cells[cell[2]] = f"{there} {self._typed(line)}".strip()
        return True

    def key(
        self, line: PlacedLine, document: Document, loc: Loc, key: str, order: tuple[str, ...]
    ) -> Made:
        """A text that a clause had not: its first one, or its closing words."""
        self.last_authors = line.line.authors
        there = tuple(value_at(document.data, loc))
        known = [name for name in there if name in order]
        place = max((there.index(name) for name in known), default=-1) + 1
        keys = (*there[:place], key, *there[place:])
        text = [self._typed(line)]
        self._open = {_TEXT: text}
        change = FileChange(
            "put", document, loc, lambda: "\n\n".join(text), key, keys, words=line.words
        )
        return "a new text", change

    def add_line(self, line: PlacedLine, *, is_entry: bool) -> bool:
        """Add a line to what was begun last; False where it is no part of that."""
        made = self._open
        if made is None or line.line.cell is not None or begins_section(line):
            return False
        is_clause = begins_clause(line)
        if _TEXT in made:
            if not (is_entry or is_clause):
                made[_TEXT].append(self._typed(line))
            return not (is_entry or is_clause)
        if _CLAUSES in made:
            clauses: list[dict[str, Any]] = made[_CLAUSES]
            if is_clause:
                clauses.append(self._clause(line))
                return True
            made = clauses[-1] if clauses else made
            if _CLAUSES in made and is_entry:
                return False
        elif is_clause:
            return False
        if is_entry:
            made["points"] = (*made.get("points", ()), self._point(line))
        else:
            key = "closing" if "points" in made else "text"
            made[key] = "\n\n".join(filter(None, (made.get(key), self._typed(line))))
        return True

    def _clause(self, line: PlacedLine) -> dict[str, Any]:
        words = _without_number(line.words)
        id = self.ids.take(words, "clause")
        if "heading" in line.line.style.lower():
            return {"id": id, "title": write_words(words, {}, is_prose=False)}
        return {"id": id, "text": self._typed(line, words)}

    def _point(self, line: PlacedLine) -> dict[str, Any]:
        return {"id": self.ids.take(line.words, "point"), "text": self._typed(line)}

    def _typed(self, line: PlacedLine, words: str = "") -> str:
        """The words of a line as a text has them: escaped, clauses by their ids, bold in marks."""
        written = write_words(words or line.words, self.labels)
        wanted = wanted_styles(None, line)
        if any(style is not None for style in wanted) and not words:
            known = {expression: label for label, expression in self.labels.items()}
            return restyle(written, known, wanted) or written
        return written

    def _insert(
        self,
        what: str,
        line: PlacedLine,
        document: Document,
        at: Loc,
        value: Any,
        *,
        before: bool = False,
    ) -> Made:
        self.last_authors = line.line.authors
        change = FileChange("insert", document, at, value, before=before, words=line.words)
        return what, change


def _section_of(made: Mapping[str, Any]) -> dict[str, Any]:
    value = {key: part for key, part in made.items() if key != _CLAUSES}
    return {**value, "clauses": tuple(made[_CLAUSES])} if made[_CLAUSES] else value


def _without_number(words: str) -> str:
    return _TYPED_NUMBER.sub("", words, count=1)
