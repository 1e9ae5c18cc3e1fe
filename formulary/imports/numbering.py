"""The labels that Word prints before paragraphs, worked out from `word/numbering.xml`.

The rules are those of ECMA-376 part 1, 17.9: counters belong to the abstract list, a deeper level
begins again after a higher one, and a level that was not met yet counts as its start.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
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


class Numbering:
    """The lists of a document (`w:num`), by their ids, and how far each has counted."""

    def __init__(self, part: Element | None, list_of_style: dict[str, str]) -> None:
        self.levels: dict[str, dict[int, ListLevel]] = {}
        self.starts: dict[str, dict[int, int]] = {}
        """Levels that begin with a number of their own in a list."""
        self.abstract_of: dict[str, str] = {}
        self.values: dict[str, dict[int, int]] = {}
        """How far each level has counted, by the id of the abstract list."""
        self.begun: set[str] = set()
        """The lists that have been used."""
        if part is not None:
            self.read(part, list_of_style)

    def read(self, part: Element, list_of_style: dict[str, str]) -> None:
        abstracts: dict[str, dict[int, ListLevel]] = {}
        linked: dict[str, str] = {}
        for node in part.findall(w("abstractNum")):
            id = node.get(w("abstractNumId"), "")
            abstracts[id] = _read_levels(node)
            linked[id] = list_of_style.get(value_at(node, "numStyleLink"), "")
        for node in part.findall(w("num")):
            id = node.get(w("numId"), "")
            self.abstract_of[id] = value_at(node, "abstractNumId")
            self.levels[id], self.starts[id] = {}, {}
            for override in node.findall(w("lvlOverride")):
                self.levels[id] |= _read_levels(override)
                if start := value_at(override, "startOverride"):
                    self.starts[id][_number(override.get(w("ilvl")), 0)] = _number(start, 1)
        own = dict(self.abstract_of)
        for id, abstract in own.items():
            real = own.get(linked.get(abstract, ""), abstract)
            self.abstract_of[id] = real
            self.levels[id] = {**abstracts.get(real, {}), **self.levels[id]}

    def level(self, list_id: str, at: int) -> ListLevel | None:
        """How a level of a list counts; None where there is no such list."""
        return self.levels.get(list_id, {}).get(at)

    def level_of_style(self, list_id: str, style: str) -> int:
        """The level of a list that is joined to a paragraph style."""
        levels = self.levels.get(list_id, {}).items()
        return next((at for at, level in levels if level.style == style), 0)

    def next_label(self, list_id: str, at: int) -> str:
        """Count one paragraph, and give its label; a bullet's is “•”."""
        level = self.level(list_id, at)
        if level is None:
            return ""
        starts = self.starts[list_id]
        values = self.values.setdefault(self.abstract_of[list_id], {})
        if list_id not in self.begun:
            self.begun.add(list_id)
            for depth in starts:
                values.pop(depth, None)
        values[at] = values[at] + 1 if at in values else starts.get(at, level.start)
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
            value = values.setdefault(depth, starts.get(depth, shown.start))
            return written_number(value, "decimal" if level.all_decimal else shown.kind)

        return re.sub(r"%([1-9])", write, level.text).strip()


def _number(text: str | None, otherwise: int) -> int:
    try:
        return int(text or "")
    except ValueError:
        return otherwise


def _read_levels(node: Element) -> dict[int, ListLevel]:
    return {
        _number(level.get(w("ilvl")), 0): _read_level(level) for level in node.findall(w("lvl"))
    }


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
