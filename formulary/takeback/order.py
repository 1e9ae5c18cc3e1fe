"""Pair the lines of two papers, and find lines that are in another place than they were."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, takewhile

from formulary.edition.alignment import Pair, align
from formulary.formats.word.edited_policy import EditedPolicy
from formulary.takeback.printed import (
    FOOTNOTES,
    PlacedLine,
    PlaceFinder,
    bare_entry,
    outside_contents,
)

FEWEST_OF_CONTENTS = 4
"""So many headings one below the other, without words between them, are the contents."""


def pair_lines(old: Sequence[PlacedLine], new: Sequence[PlacedLine]) -> Iterator[Pair]:
    """Which of the new lines is which of the old ones; those of a row of a table together."""
    before, after = _units(old), _units(new)
    words = (
        [" | ".join(lines[at].words for at in unit) for unit in units]
        for lines, units in ((old, before), (new, after))
    )
    for a, b in align(*words):
        here = before[a] if a is not None else []
        there = after[b] if b is not None else []
        columns = sorted({*_columns(old, here), *_columns(new, there)})
        for column in columns:
            first = [at for at in here if _column(old[at]) == column]
            second = [at for at in there if _column(new[at]) == column]
            for c, d in align([old[at].words for at in first], [new[at].words for at in second]):
                yield None if c is None else first[c], None if d is None else second[d]


def _units(lines: Sequence[PlacedLine]) -> list[list[int]]:
    """The places of lines, those of a row of a table together."""
    rows = groupby(enumerate(lines), lambda one: one[1].line.cell and one[1].line.cell[:2])
    found: list[list[int]] = []
    for row, group in rows:
        places = [at for at, _ in group]
        found += [places] if row else [[at] for at in places]
    return found


def _columns(lines: Sequence[PlacedLine], places: Sequence[int]) -> set[int]:
    return {_column(lines[at]) for at in places}


def _column(line: PlacedLine) -> int:
    return line.line.cell[2] if line.line.cell else 0


def find_moved(
    pairs: Sequence[Pair], old: Sequence[PlacedLine], new: Sequence[PlacedLine]
) -> dict[int, int]:
    """The new lines that are word for word one that is gone elsewhere, by their places."""
    gone = {old[before].words: before for before, after in pairs if before is not None is after}
    found: dict[int, int] = {}
    for before, after in pairs:
        if before is None and after is not None and new[after].words in gone:
            found[after] = gone.pop(new[after].words)
    return found


def place_returned(
    finder: PlaceFinder, base: Sequence[PlacedLine], returned: EditedPolicy
) -> tuple[list[PlacedLine], bool]:
    """All lines of a returned paper, and whether their clauses were found by their words.

    `base` are all lines of the paper as it was sent. Words are what is left of the place where the
    paper has lost its bookmarks, as in one that another program saved.
    """
    lines = _mark_contents(finder.place_all(returned), base)
    if any(line.place not in ("", FOOTNOTES) for line in lines):
        return list(_lead_back_moved(finder, outside_contents(base), lines)), False
    placed = iter(place_by_words(outside_contents(base), outside_contents(lines)))
    return [line if line.line.in_contents else next(placed) for line in lines], True


def _lead_back_moved(
    finder: PlaceFinder, old: Sequence[PlacedLine], lines: Sequence[PlacedLine]
) -> Iterator[PlacedLine]:
    """Lines, those of a clause that was moved without its bookmark in their own clause again.

    It is known by its first line. One that only lost its bookmark is left with the clause above it.
    """
    there = {line.place for line in lines}
    present = {(line.place, line.words) for line in lines}
    words_at, leader, moved = dict[str, set[str]](), "", dict[str, tuple[str, str]]()
    for line in old:
        is_first = line.place not in ("", FOOTNOTES, *words_at)
        if is_first and (line.place, line.words) not in present:
            moved[line.words] = line.place, "" if line.place in there else leader
        leader = line.place if line.place in there else leader
        words_at.setdefault(line.place, set()).add(line.words)
    place = ""
    for line in lines:
        if finder.ids_at(line.line) or line.words in words_at.get(line.place, ()):
            place = ""
        elif line.words in moved and moved[line.words][1] != line.place:
            place = moved[line.words][0]
        yield replace(line, place=place) if place and not line.line.in_contents else line


def _mark_contents(lines: list[PlacedLine], base: Sequence[PlacedLine]) -> list[PlacedLine]:
    """The lines with those known as contents that are, in a file that lost the styles of them.

    They are one block of headings above all others; single headings are not it.
    """
    known = {bare_entry(line.line.words) for line in base if line.line.in_contents}
    if any(line.line.in_contents for line in lines):
        return lines
    first = next((at for at, one in enumerate(lines) if bare_entry(one.line.words) in known), 0)
    block = list(takewhile(lambda one: bare_entry(one.line.words) in known, lines[first:]))
    if len(block) < FEWEST_OF_CONTENTS:
        return lines
    marked = [replace(one, line=replace(one.line, in_contents=True)) for one in block]
    return [*lines[:first], *marked, *lines[first + len(block) :]]


def place_by_words(old: Sequence[PlacedLine], new: Sequence[PlacedLine]) -> list[PlacedLine]:
    """New lines, each in the clause of the old line that it was; a new one in that above it.

    A clause that is word for word one that is gone elsewhere was moved.
    """
    pairs = list(pair_lines(old, new))
    moved = find_moved(pairs, old, new)
    first = {at for at, line in enumerate(old) if at == 0 or old[at - 1].place != line.place}
    found, place = list(new), ""
    for at, (before, after) in enumerate(pairs):
        if before is not None:
            place = old[before].place
        elif after in moved and (moved[after] in first or old[moved[after]].place == place):
            place = old[moved[after]].place
        if after is None or new[after].place == FOOTNOTES:
            continue
        found[after] = replace(new[after], place=place)
        below = next((pair for pair in pairs[at:] if None not in pair), None)
        if before is None and below and new[after].words in old[below[0] or 0].words:
            found[after] = replace(new[after], place=old[below[0] or 0].place)  # its first half
    return found
