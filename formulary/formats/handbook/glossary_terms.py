"""Find the words of the glossary in a text.

A page marks a term where it first appears, and lists at its end all that it marked. So each is
explained without script and without a mouse.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from formulary.content.glossary import Glossary, GlossaryTerm

FEW = 2
"""On how many pages, beside the glossary's own, a term may be explained in full.

One that more pages have is an everyday word of the organisation, and its explanation would be on
most of them.
"""


class TermFinder:
    """Finds the terms of a glossary on one page, each where it first appears.

    `used` holds those found so far with their anchors, in the order of the glossary. Of `common`
    ones, which many pages have, only abbreviations are found, and `meaning_of` writes them out.
    """

    def __init__(self, glossary: Glossary, common: Collection[str] = ()) -> None:
        self._glossary = glossary
        everyday = {a for term, a in pair_with_anchors(glossary) if not term.stands_for}
        self._common = frozenset(common)
        self._passed = self._common & everyday
        self._found: set[str] = set()

    def __call__(self, text: str) -> Iterator[tuple[str, str]]:
        """The pieces of a text in order, each with the anchor of its term, or with ""."""
        pattern, anchors = _compile_pattern(self._glossary)
        end = 0
        for match in pattern.finditer(text):
            anchor = anchors[int(str(match.lastgroup)[1:])]
            if anchor in self._found or anchor in self._passed:
                continue
            self._found.add(anchor)
            yield text[end : match.start()], ""
            yield match.group(), anchor
            end = match.end()
        yield text[end:], ""

    @property
    def used(self) -> tuple[tuple[GlossaryTerm, str], ...]:
        return tuple(pair for pair in pair_with_anchors(self._glossary) if pair[1] in self._found)

    def meaning_of(self, term: GlossaryTerm, anchor: str) -> tuple[str, str]:
        """How a list names a term, and what it says of it: a common one is only written out."""
        if term.stands_for and anchor in self._common:
            return term.term, term.stands_for
        named = f"{term.term} ({term.stands_for})" if term.stands_for else term.term
        return named, term.means


@lru_cache(maxsize=16)
def find_common(glossary: Glossary, pages: tuple[str, ...]) -> frozenset[str]:
    """The anchors of the terms that more than `FEW` of the pages' texts have."""
    pattern, anchors = _compile_pattern(glossary)
    found = Counter(
        anchor
        for text in pages
        for anchor in {anchors[int(str(m.lastgroup)[1:])] for m in pattern.finditer(text)}
    )
    return frozenset(anchor for anchor, count in found.items() if count > FEW)


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
