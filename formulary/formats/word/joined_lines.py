"""Part again the lines of an answer that LibreOffice 7.4 has joined.

Saving a plain-text control that Word has filled, it moves the line ends (`w:br`) in front of the
control, or of the words in it, and so keeps how many there were, but not where. By way of another
format (.odt, .doc) only the bookmark is left around them.
"""

from __future__ import annotations

import re

from formulary.formats.word.content import Control
from formulary.formats.word.ooxml import w

_AFTER_A_STOP = re.compile(r"(?<=[.!?:;…”’)])(?=[^\W\d_])")
"""Where a sentence ends and a letter follows with nothing between, as nobody types it."""


def part_lines(words: str, count: int) -> str | None:
    """The words on lines of their own, where there were `count` line ends; None for not known.

    An empty line is not found again: there are fewer places than line ends then.
    """
    places = [found.start() for found in _AFTER_A_STOP.finditer(words)]
    if len(places) < count:
        capitals = {
            place
            for place in range(1, len(words))
            if words[place].isupper() and (words[place - 1].islower() or words[place - 1].isdigit())
        }
        every = sorted({*places, *capitals})
        places = every if len(every) == count else places
    if not 0 < len(places) <= count:
        return None
    bounds = zip([0, *places], [*places, len(words)], strict=True)
    return "\n".join(words[start:end] for start, end in bounds)


def has_moved_lines(control: Control) -> bool:
    """Whether line ends are in front of an answer, as LibreOffice moves them.

    A bookmark can be around whole paragraphs, the first of which is empty: one end says nothing.
    """
    if control.is_inline:
        return bool(control.lines_before) or control.pieces[:1] == ["\n"]
    is_bookmark = control.element.tag == w("bookmarkStart")
    return is_bookmark and control.pieces[:2] == ["\n", "\n"]
