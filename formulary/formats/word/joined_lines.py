"""Part again the lines of an answer that LibreOffice 7.4 has joined.

Saving a plain-text control that Word has filled, it moves the line ends (`w:br`) in front of the
control, or of the words in it, and so keeps how many there were, but not where.
"""

from __future__ import annotations

import re

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
