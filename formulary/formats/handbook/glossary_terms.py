"""Find the words of the glossary in a text.

A page marks a term where it first appears, and lists at its end all that it marked. So each is
explained without script and without a mouse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from formulary.content.glossary import Glossary, GlossaryTerm


class TermFinder:
    """Finds the terms of a glossary on one page, each where it first appears.

    `used` holds those found so far with their anchors, in the order of the glossary.
    """

    def __init__(self, glossary: Glossary) -> None:
        self._glossary = glossary
        self._found: set[str] = set()

    def __call__(self, text: str) -> Iterator[tuple[str, str]]:
        """The pieces of a text in order, each with the anchor of its term, or with ""."""
        pattern, anchors = _compile_pattern(self._glossary)
        end = 0
        for match in pattern.finditer(text):
            anchor = anchors[int(str(match.lastgroup)[1:])]
            if anchor in self._found:
                continue
            self._found.add(anchor)
            yield text[end : match.start()], ""
            yield match.group(), anchor
            end = match.end()
        yield text[end:], ""

    @property
    def used(self) -> tuple[tuple[GlossaryTerm, str], ...]:
        return tuple(pair for pair in pair_with_anchors(self._glossary) if pair[1] in self._found)


def pair_with_anchors(glossary: Glossary) -> list[tuple[GlossaryTerm, str]]:
    """The terms in the order of the alphabet, each with its anchor on the glossary's page."""
    terms = sorted(glossary.terms, key=lambda term: term.term.casefold())
    return list(zip(terms, make_anchors(terms), strict=True))


def make_anchors(terms: Sequence[GlossaryTerm]) -> list[str]:
    """An anchor for every term, from its letters; a number is added where two would be alike."""
    made: list[str] = []
    for term in terms:
        letters = "".join(c if c.isascii() and c.isalnum() else " " for c in term.term.lower())
        anchor = "term--" + ("-".join(letters.split()) or "term")
        count = sum(1 for other in made if other == anchor or other.startswith(f"{anchor}--"))
        made.append(f"{anchor}--{count + 1}" if count else anchor)
    return made


@lru_cache(maxsize=16)
def _compile_pattern(glossary: Glossary) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """A pattern of every term and abbreviation; the number of a match is that of its anchor.

    The longer of two is found first, so that “career stage expectations” is not read as “stage”.
    """
    words = [
        (word, anchor)
        for term, anchor in pair_with_anchors(glossary)
        for word in (term.term, term.stands_for)
        if word
    ]
    words.sort(key=lambda pair: (-len(pair[0]), pair[0]))
    ways = "|".join(f"(?P<t{n}>{_word_pattern(word)})" for n, (word, _) in enumerate(words))
    return re.compile(rf"(?<!\w)(?:{ways})(?!\w)"), tuple(anchor for _, anchor in words)


def _word_pattern(word: str) -> str:
    """A word in any case; an abbreviation, which has capitals inside, in its own case only."""
    own_case = any(letter.isupper() for letter in word[1:])
    said = re.escape(word) + "s?"
    return said if own_case else f"(?i:{said})"
