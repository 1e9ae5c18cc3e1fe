"""Find which of the new lines is which of the old ones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

Pair = tuple[int | None, int | None]
"""The places of a line before and after; None where it is new, or gone."""

LIKENESS = 0.3
"""The share of common words from which on two lines are one line that was edited."""


def pair_in_order(alike: Sequence[Sequence[float]], width: int, least: float) -> Iterator[Pair]:
    """Pairs of lines, such that all pairs together are as alike as can be, in order.

    `alike` says of each old line how like each of the `width` new ones is. A pair has `least` or
    more. Of equally good pairings the one that has what is gone before what is new.
    """
    # best[i][j] is the most likeness that the lines from old[i] and from new[j] on can have: filled
    # in from the end, then followed from the beginning (as Needleman and Wunsch align sequences)
    height = len(alike)
    best = [[0.0] * (width + 1) for _ in range(height + 1)]
    for i in range(height - 1, -1, -1):
        for j in range(width - 1, -1, -1):
            paired = alike[i][j] + best[i + 1][j + 1] if alike[i][j] >= least else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    i = j = 0
    while i < height or j < width:
        both = i < height and j < width
        if both and alike[i][j] >= least and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            yield i, j
            i, j = i + 1, j + 1
        elif i < height and (j == width or best[i][j] == best[i + 1][j]):
            yield i, None
            i += 1
        else:
            yield None, j
            j += 1


def align(old: Sequence[str], new: Sequence[str]) -> Iterator[Pair]:
    """Which of the new lines is which of the old ones, by their words."""
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from zip(range(a, b), range(c, d), strict=True)
        elif b - a == d - c == 1:
            yield a, c
        else:
            bags = [_count_words(words) for words in new[c:d]]
            alike = [[_likeness(_count_words(words), bag) for bag in bags] for words in old[a:b]]
            for before, after in pair_in_order(alike, d - c, LIKENESS):
                yield (None if before is None else a + before, None if after is None else c + after)


def _count_words(words: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", words.lower()))


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """Twice the words that both have, over the words of both (Dice)."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0
