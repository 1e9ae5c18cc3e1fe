"""The labels that Word prints before paragraphs, worked out from `word/numbering.xml`.

The rules are those of ECMA-376 part 1, 17.9: counters belong to the abstract list, a deeper level
begins again after a higher one, and a level that was not met yet counts as its start.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from formulary.content.policy import write_roman
from formulary.edition.text import NUMBER_WORDS
from formulary.formats.word.content import OFF
from formulary.formats.word.ooxml import w
from formulary.imports.word_styles import value_at

Element = Any

ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth"


def letters(number: int) -> str:
    """a to z, then aa to zz: Word repeats the letter."""
    if number < 1:
        return str(number)
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def written_number(number: int, kind: str) -> str:
    """A number as a level of that kind (`w:numFmt`) prints it."""
    if kind in ("lowerRoman", "upperRoman") and 0 < number < 4000:
        written = write_roman(number)
        return written.upper() if kind == "upperRoman" else written
    if kind in ("lowerLetter", "upperLetter"):
        return letters(number).upper() if kind == "upperLetter" else letters(number)
    if kind == "decimalZero":
        return f"{number:02}"
    if kind == "ordinal":
        ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        return f"{number}{'th' if number % 100 in (11, 12, 13) else ending}"
    if kind == "cardinalText" and number < len(NUMBER_WORDS):
        return NUMBER_WORDS[number].capitalize()
    if kind == "ordinalText" and 0 < number <= len(ORDINALS.split()):
        return ORDINALS.split()[number - 1].capitalize()
    return "" if kind == "none" else str(number)


@dataclass(frozen=True)
class ListLevel:
    kind: str = "decimal"
    text: str = ""
    start: int = 1
    restarts_after: int | None = None
    all_decimal: bool = False
    style: str = ""
    indent: int | None = None


@dataclass
class _Counters:
    values: dict[int, int] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)
    """The lists (`w:numId`) that have been used, for starts of their own."""


class Numbering:
    """The lists of a document, and how far each has counted."""

    def __init__(self, part: Element | None, list_of_style: dict[str, str]) -> None:
        self.abstract: dict[str, dict[int, ListLevel]] = {}
        self.lists: dict[str, tuple[str, dict[int, ListLevel], dict[int, int]]] = {}
        self.counters: dict[str, _Counters] = {}
        if part is None:
            return
        linked: dict[str, str] = {}
        for node in part.findall(w("abstractNum")):
            id = node.get(w("abstractNumId"), "")
            self.abstract[id] = {
                _number(level.get(w("ilvl")), 0): _read_level(level)
                for level in node.findall(w("lvl"))
            }
            if link := value_at(node, "numStyleLink"):
                linked[id] = link
        for node in part.findall(w("num")):
            overrides: dict[int, ListLevel] = {}
            starts: dict[int, int] = {}
            for override in node.findall(w("lvlOverride")):
                at = _number(override.get(w("ilvl")), 0)
                level = override.find(w("lvl"))
                if level is not None:
                    overrides[at] = _read_level(level)
                if start := value_at(override, "startOverride"):
                    starts[at] = _number(start, 1)
            of = value_at(node, "abstractNumId")
            self.lists[node.get(w("numId"), "")] = (of, overrides, starts)
        for id, style in linked.items():
            real = self.lists.get(list_of_style.get(style, ""))
            if real and real[0] != id:
                for name, (abstract, overrides, starts) in list(self.lists.items()):
                    if abstract == id:
                        self.lists[name] = (real[0], overrides, starts)

    def level(self, list_id: str, at: int) -> ListLevel | None:
        """How a level of a list counts; None where there is no such list."""
        if list_id not in self.lists:
            return None
        abstract, overrides, _ = self.lists[list_id]
        return overrides.get(at) or self.abstract.get(abstract, {}).get(at)

    def level_of_style(self, list_id: str, style: str) -> int:
        """The level of a list that is joined to a paragraph style."""
        if list_id in self.lists:
            abstract, overrides, _ = self.lists[list_id]
            for at, level in {**self.abstract.get(abstract, {}), **overrides}.items():
                if level.style == style:
                    return at
        return 0

    def next_label(self, list_id: str, at: int) -> str:
        """Count one paragraph, and give its label; a bullet's is “•”."""
        level = self.level(list_id, at)
        if level is None:
            return ""
        abstract, _, starts = self.lists[list_id]
        counters = self.counters.setdefault(abstract, _Counters())
        if list_id not in counters.begun:
            counters.begun.add(list_id)
            for depth in starts:
                counters.values.pop(depth, None)
        values = counters.values
        first = starts.get(at, level.start)
        values[at] = values[at] + 1 if at in values else first
        for deeper in [depth for depth in values if depth > at]:
            below = self.level(list_id, deeper)
            after = below.restarts_after if below else None
            if after is None or (after != 0 and at <= after - 1):
                del values[deeper]
        if level.kind == "bullet":
            return "•"

        def write(match: re.Match[str]) -> str:
            depth = int(match[1]) - 1
            shown = self.level(list_id, depth)
            if shown is None:
                return ""
            if depth not in values:
                values[depth] = starts.get(depth, shown.start)
            kind = "decimal" if level.all_decimal else shown.kind
            return written_number(values[depth], kind)

        return re.sub(r"%([1-9])", write, level.text).strip()


def _number(text: str | None, otherwise: int) -> int:
    try:
        return int(text or "")
    except ValueError:
        return otherwise


def _read_level(node: Element) -> ListLevel:
    restart, indent = value_at(node, "lvlRestart"), node.find(f"{w('pPr')}/{w('ind')}")
    left = None if indent is None else indent.get(w("left"), indent.get(w("start")))
    legal = node.find(w("isLgl"))
    return ListLevel(
        kind=value_at(node, "numFmt", otherwise="decimal"),
        text=value_at(node, "lvlText"),
        start=_number(value_at(node, "start"), 1),
        restarts_after=_number(restart, 0) if restart else None,
        all_decimal=legal is not None and legal.get(w("val"), "1") not in OFF,
        style=value_at(node, "pStyle"),
        indent=None if left is None else _number(left, 0),
    )
