"""Count what can be counted in English words: sentences, their length, and how easily they read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

LONG = 25
"""Words; a sentence with more is long."""

SHORTEST = 4
"""Words; what is shorter is a label or an answer such as “No.”, and no sentence to be counted."""

RUN = 8
"""Words in a row that are compared with the published documents."""

_WORD = re.compile(r"[^\W_]+(?:[’'.,/:@-][^\W_]+)*")
_END = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][”’)*])|(?<=:)(?=\s+[A-Z“]))\s+")
_ABBREVIATED = re.compile(r"\b(eg|e\.g|ie|i\.e|Mr|Ms|Dr|vs)\.(?=\s)")


def split_sentences(passage: str) -> Iterator[str]:
    """The sentences of a passage, in their order."""
    for part in _END.split(_ABBREVIATED.sub(r"\1", passage.replace("**", ""))):
        if len(words_of(part)) >= SHORTEST:
            yield " ".join(part.split())


def words_of(sentence: str) -> list[str]:
    """The words: what is joined by a hyphen, a point or a slash is one."""
    return _WORD.findall(sentence)


def count_syllables(word: str) -> int:
    """Groups of vowels; a silent e at the end is none."""
    groups = re.findall(r"[aeiouy]+", re.sub(r"(?<=[^l])e$|es$|(?<=[^td])ed$", "", word.lower()))
    return max(1, len(groups))


def reading_ease(sentences: list[str]) -> float:
    """Flesch’s reading ease: 60 to 70 is plain English, 50 what a newspaper of record writes."""
    words = [word for sentence in sentences for word in words_of(sentence)]
    syllables = sum(map(count_syllables, words))
    return 206.835 - 1.015 * len(words) / len(sentences) - 84.6 * syllables / len(words)


def runs_of(passage: str) -> Iterator[tuple[str, str]]:
    """Every run of `RUN` words in a row, and the beginning of its SHA-1 hash."""
    words = re.findall(r"[a-z0-9']+", passage.lower().replace("’", "'"))
    for start in range(len(words) - RUN + 1):
        run = " ".join(words[start : start + RUN])
        yield run, hashlib.sha1(run.encode(), usedforsecurity=False).hexdigest()[:12]
