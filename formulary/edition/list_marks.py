"""Find the marks of lists in light Markdown: “5.”, “(a)”, “ii.”, as people type them.

CommonMark knows 1. and 1) only, and counts on from the first. `plain_marks` puts such a mark in the
place of each, and says what was typed in each line: so a list is printed with the very marks that
its author typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from formulary.content.policy import write_letters, write_roman

_MARK = re.compile(
    r"(?P<before>[ \t]*(?:[-*+][ \t]+)?)"
    r"(?P<mark>\(?(?:\d{1,9}|[a-z]{1,2}|[A-Z]|[ivxlc]+|[IVXLC]+)[.)])"
    r"(?P<gap>[ \t]+)(?=\S)"
)
_LETTERS = {write_letters(place): place for place in range(1, 53)}
_ROMAN = {write_roman(place): place for place in range(1, 101)}
_LARGEST_ALONE = 999
"""A larger number that begins a line and has no other beside it is no mark: it is a year."""

_Reading = tuple[str, str, str, int]
"""How far in a mark is, its shape, its style and its place: “  (b)” is 2 blanks, (*), a, 2."""


def plain_marks(text: str) -> tuple[str, Mapping[int, str]]:
    """The text with every mark as CommonMark has it, and the marks that were typed, by their line.

    A number is a mark by itself, as in CommonMark. A letter or a roman number is one only where
    two marks of its kind, as far in, follow one after the other: “A. Smith” is a name.
    """
    lines = text.split("\n")
    marked = {place: found for place, line in enumerate(lines) if (found := _MARK.match(line))}
    there = {reading for found in marked.values() for reading in _read(*found.groups()[:2])}
    rows = {tuple(look) for *look, at in there if (*look, at + 1) in there}
    typed: dict[int, str] = {}
    for place, found in marked.items():
        before, mark, gap = found.groups()
        rest = lines[place][found.end() :]
        if any(tuple(look) in rows for *look, _ in _read(before, mark)):
            plain = "1)" if mark.endswith(")") else "1."
            lines[place] = f"{before}{plain} {rest}"
        elif mark[:-1].isdigit() and int(mark[:-1]) > _LARGEST_ALONE:
            lines[place] = f"{before}{mark[:-1]}\\{mark[-1]}{gap}{rest}"
            continue
        typed[place] = mark
    return "\n".join(lines), typed


def is_next_mark(mark: str, other: str) -> bool:
    """Whether a list counts on from one mark to the other: (b) to (c), iv. to v., 9) to 10)."""
    after = {(*look, at + 1) for *look, at in _read("", mark)}
    return any(reading in after for reading in _read("", other))


def _read(before: str, mark: str) -> Iterator[_Reading]:
    """Every reading of a mark: “(i)” is the ninth letter, and the first roman number."""
    before = before.expandtabs(4)
    core = mark.strip("().")
    shape = mark.replace(core, "*", 1)
    if core.isdigit():
        yield before, shape, "1", int(core)
        return
    lowered, case = core.lower(), "upper" if core.isupper() else "lower"
    for style, known in (("letter", _LETTERS), ("roman", _ROMAN)):
        if lowered in known:
            yield before, shape, f"{case} {style}", known[lowered]
