"""Find abbreviations that are never written out, or written out unlike in the glossary."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from formulary import problems
from formulary.check.texts import KEPT, OrganisationTexts
from formulary.problems import Problem

ABBREVIATION = re.compile(r"(?<![\w&’'.-])(?:[A-Z][A-Z&]{0,4}[A-Z]|[A-Z][a-z][A-Z])(?=s?(?![\w&]))")
EVERYDAY = frozenset(
    {"UK", "PDF", "OK", "AM", "PM", "ID", "TV", "II", "III", "IV", "VI", "VII", "VIII", "IX", "USB"}
)
"""Abbreviations that need no words, and Roman numbers."""

FIELD = frozenset(
    re.findall(
        r"\w+",
        """
        NEU NASUWT NAHT ASCL UNISON GMB UCU NJC GDPR DBS SENCO SENCo SEND SEN HMRC PAYE NI ACAS FTE
        PE IT GCSE BTEC NVQ TBC TBA TBD TODO XXX XX DD MM YY YYYY
        """,
    )
)
"""Abbreviations that everyone who works in a school knows, unions first, and placeholders, which
are reported as such."""

SMALL = frozenset({"and", "of", "the", "for", "in", "to", "a", "an", "on", "with", "or"})


def abbreviation_findings(texts: OrganisationTexts) -> Iterator[Problem]:
    """Abbreviations without words, and with words that differ."""
    yield from _find_unexplained(texts)
    yield from _find_other_expansions(texts)


def _find_unexplained(texts: OrganisationTexts) -> Iterator[Problem]:
    known = _collect_explained(texts)
    read = [_read_abbreviations(text.plain) for text in texts.all]
    small = frozenset[str]().union(*(one.small for one in read))
    seen: set[str] = set()
    for text, one in zip(texts.all, read, strict=True):
        for short in one.used:
            is_word = short.isupper() and short.lower() in small  # “MUST”: a word said aloud
            if short in known or short in seen or is_word:
                continue
            seen.add(short)
            message = f"“{short}” is never written out"
            yield texts.finding(problems.ABBREVIATION, text, message, words=short, about=(short,))


@dataclass(frozen=True)
class _Abbreviations:
    """Of a text: those that it uses, those that it writes out, and its short words."""

    used: tuple[str, ...]
    explained: frozenset[str]
    small: frozenset[str]


@lru_cache(maxsize=KEPT)
def _read_abbreviations(words: str) -> _Abbreviations:
    used = (one for one in ABBREVIATION.finditer(words) if not _is_in_capitals(words, one))
    explained = {
        *re.findall(r"\(([A-Z][A-Za-z&]{0,4}[A-Z])s?\)", words),
        *re.findall(r"\b([A-Z][A-Z&]{0,4}[A-Z])s? \([A-Za-z][a-z]+ ", words),
    }
    small = frozenset(re.findall(r"\b[a-z]{2,6}\b", words))
    return _Abbreviations(tuple(one.group() for one in used), frozenset(explained), small)


def _collect_explained(texts: OrganisationTexts) -> set[str]:
    """Abbreviations that the glossary, the texts or the organisation's own names write out."""
    organisation = texts.own.organisation.item
    known = set(EVERYDAY | FIELD) | {organisation.short}
    known |= set(organisation.words.values())
    terms = texts.content.glossary.item.terms if texts.content.glossary else ()
    known |= {term.term for term in terms}
    known |= {term.term.removesuffix("s") for term in terms}
    known.update(*(_read_abbreviations(text.plain).explained for text in texts.all))
    if texts.own.guidance:
        for topic in texts.own.guidance.item.topics:
            known.add("".join((point.mark or "")[:1].upper() for point in topic.points))
    return known


def _is_in_capitals(text: str, match: re.Match[str]) -> bool:
    """Whether the word is in a line of capitals, such as a title."""
    before = re.search(r"([\w’]+) $", text[: match.start()])
    after = re.match(r" ([\w’]+)", text[match.end() :])
    beside = [found.group(1) for found in (before, after) if found]
    return any(word.isalpha() and word.isupper() and len(word) > 6 for word in beside)


def _find_other_expansions(texts: OrganisationTexts) -> Iterator[Problem]:
    """Words given for an abbreviation that are not the glossary's."""
    terms = texts.content.glossary.item.terms if texts.content.glossary else ()
    stands_for = {term.term: term.stands_for for term in terms if term.stands_for}
    for text in texts.all:
        if "(" not in text.plain:  # the pattern would try every word of it
            continue
        for match in re.finditer(r"((?:[\w’-]+,? ){1,8})\(([A-Z][A-Z&]{0,4}[A-Z])s?\)", text.plain):
            short, words = match.group(2), match.group(1).strip()
            given = stands_for.get(short)
            if given and not _has_same_words(words, given) and _spells_out(words, short):
                message = f"“{short}” is written out as “{words}”, in the glossary as “{given}”"
                yield texts.finding(
                    problems.TWO_EXPANSIONS, text, message, words=short, about=(short,)
                )
    yield from _check_topic_letters(texts, stands_for)


def _has_same_words(words: str, given: str) -> bool:
    def stems(text: str) -> list[str]:
        found = re.findall(r"[a-z]+", text.lower().replace("’s", ""))
        return [word.rstrip("s") for word in found if word not in SMALL]

    wanted = stems(given)
    return stems(words)[-len(wanted) :] == wanted


def _spells_out(words: str, short: str) -> bool:
    """Whether the last words begin with the letters of the abbreviation."""
    letters = [c for c in short if c.isalpha()]
    initials = [w[0].upper() for w in re.findall(r"[\w’]+", words) if w.lower() not in SMALL]
    return initials[-len(letters) :] == letters


def _check_topic_letters(texts: OrganisationTexts, stands_for: dict[str, str]) -> Iterator[Problem]:
    """A topic whose letters spell an abbreviation, and mean other words than in the glossary."""
    if texts.own.guidance is None:
        return
    document = texts.own.guidance.document
    for i, topic in enumerate(texts.own.guidance.item.topics):
        short = "".join((point.mark or "")[:1].upper() for point in topic.points)
        given = [part.strip() for part in stands_for.get(short, "").split(",")]
        if len(given) != len(topic.points):
            continue
        for j, (point, words) in enumerate(zip(topic.points, given, strict=True)):
            if not _has_same_letters(point.name, words):
                message = (
                    f"The {point.mark} of {short} is “{point.name}”, in the glossary “{words}”"
                )
                at = ("topics", i, "points", j, "name")
                yield texts.at(problems.TWO_EXPANSIONS, document, at, message, about=(short,))


def _has_same_letters(name: str, words: str) -> bool:
    plain = [re.sub(r"[^a-z]", "", text.lower()) for text in (name, words)]
    return plain[0] == plain[1]
