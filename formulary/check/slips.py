"""Slips of the pen: look-alike letters, doubled words and marks, spelling, words said twice.

One organisation comes in; findings go out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from formulary import problems
from formulary.check.texts import OrganisationTexts
from formulary.content.cycle import MONTHS
from formulary.content.ratings import Criterion
from formulary.content.source import Document, Loc
from formulary.edition.filled_text import FilledText
from formulary.problems import Problem

FOREIGN = re.compile(r"[\u0370-\u03ff\u0400-\u04ff]")
_PLURALS = "processes|policies|procedures|objectives|meetings|criteria|responsibilities"
SLIPS = (
    (re.compile(r"\b(?!(?:had|that)\b)([a-z]{2,}) \1\b"), "a word stands twice"),
    (re.compile(r"\b(and|or|to|of|the) [a-z]+ \1\b(?= [a-z])"), ""),
    (re.compile(r"(?<!:)//"), "a doubled stroke"),
    (re.compile(r"\bFAQ[’']s\b"), "an apostrophe in a plural"),
    (re.compile(rf"\ba(?:n)? (?:[a-z]+ )?(?:{_PLURALS})\b"), "“a” before a plural"),
    (re.compile(rf"\bfrom ({'|'.join(MONTHS)}) and ({'|'.join(MONTHS)})\b"), "“and” for “to”"),
    (re.compile(r"[,;:]\s*[,;:.]|\.\s*,| ,"), "two marks side by side"),
)
"""Patterns and what each is; one without a name is not used by itself."""

SPELLING = {
    r"behaviors?": "behaviour",
    r"colors?": "colour",
    r"labor": "labour",
    r"favou?rably|favorable": "favourable",
    r"centers?": "centre",
    r"counselors?": "counsellor",
    r"fulfills?": "fulfil",
    r"enrollments?": "enrolment",
    r"judgements? call": "judgement",
    r"skillful": "skilful",
    r"dependant(?= (?:on|upon)\b)": "dependent",
    r"independant": "independent",
    r"seperate(?:ly)?": "separate",
    r"occured": "occurred",
    r"acheiv\w*": "achieve",
    r"recieve\w*": "receive",
    r"liase\w*|liason": "liaise",
    r"practise(?= is\b)": "practice",
    r"traveled|traveling": "travelled",
    r"modeling": "modelling",
    r"(?:organiz|recogniz|prioritiz|summariz|utiliz|emphasiz|minimiz|maximiz)\w+": "-ise",
}
MISSPELT = {re.compile(rf"\b(?:{pattern})(?!\w)"): right for pattern, right in SPELLING.items()}
_ANY_MISSPELT = re.compile(rf"\b(?:{'|'.join(SPELLING)})(?!\w)")
LONGEST_UNSAID = 10
"""Words. A shorter sentence may well stand in two places."""


def slip_findings(texts: OrganisationTexts) -> Iterator[Problem]:
    """What a careful reader would mark in pencil."""
    for text in texts.all:
        yield from _letters(texts, text)
        yield from _marks(texts, text)
        yield from _spelling(texts, text)
    yield from _marks_of_topics(texts)
    yield from _sentences_said_twice(texts)
    yield from _cells_said_twice(texts)


def _letters(texts: OrganisationTexts, text: FilledText) -> Iterator[Problem]:
    if text.document.path.stem == "glossary":
        return
    for match in FOREIGN.finditer(text.plain):
        name = unicodedata.name(match.group(), "a foreign letter").capitalize()
        message = f"“{match.group()}” is the letter {name}"
        yield texts.finding(problems.LOOKALIKE, text, message, words=match.group())
        return


def _marks_of_topics(texts: OrganisationTexts) -> Iterator[Problem]:
    """A topic whose points are marked with letters, and one of them with a digit nought."""
    if texts.own.guidance is None:
        return
    document = texts.own.guidance.document
    for i, topic in enumerate(texts.own.guidance.item.topics):
        marks = [point.mark or "" for point in topic.points]
        letters = [mark for mark in marks if mark[:1].isalpha()]
        for j, mark in enumerate(marks):
            if mark in ("0", "1") and len(letters) >= len(marks) / 2:
                message = f"The digit {mark} stands where the other marks are letters"
                at = ("topics", i, "points", j, "mark")
                yield texts.at(problems.LOOKALIKE, document, at, message)


def _marks(texts: OrganisationTexts, text: FilledText) -> Iterator[Problem]:
    without_links = re.sub(r"https?://\S+", "", text.typed)
    for pattern, what in SLIPS:
        if not what:
            continue
        match = pattern.search(without_links)
        if match:
            message = f"“{match.group().strip()}”: {what}"
            yield texts.finding(problems.SLIP, text, message, words=match.group().strip())
    if match := re.search(r"\band should and\b|\bwill and will\b|\bto and to\b", text.typed):
        message = f"“{match.group()}”: words that do not fit together"
        yield texts.finding(problems.SLIP, text, message, words=match.group())
    if text.typed.count("“") != text.typed.count("”") or text.typed.count('"') % 2:
        message = "A quotation mark has no partner"
        yield texts.finding(problems.SLIP, text, message)
    in_list = "points" in text.loc or "entries" in text.loc or "cells" in text.loc
    if in_list and re.search(r"^\s*[;,:–-](?!\d)|\s[–-]\s*$|;\s*$", text.typed):
        message = "An entry begins or ends with a stray mark"
        yield texts.finding(problems.SLIP, text, message)


def _spelling(texts: OrganisationTexts, text: FilledText) -> Iterator[Problem]:
    if not _ANY_MISSPELT.search(text.typed):  # as in nearly every text: one search, not twenty
        return
    for pattern, right in MISSPELT.items():
        if match := pattern.search(text.typed):
            message = f"“{match.group()}” is not British spelling"
            fix = f"Write “{right}”."
            words = match.group()
            yield texts.finding(problems.SPELLING, text, message, words=words, fix=fix)


def _sentences_said_twice(texts: OrganisationTexts) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for text in texts.policy:
        for sentence in text.sentences:
            key = re.sub(r"[^a-z ]", "", sentence.lower())
            if len(key.split()) <= LONGEST_UNSAID or not text.clause:
                continue
            first = seen.setdefault(key, text.clause)
            if first != text.clause:
                message = f"The same sentence stands in {texts.clause_name(first)}"
                yield texts.finding(problems.REPEATED_TEXT, text, message, about=(first,))
                break


def _cells_said_twice(texts: OrganisationTexts) -> Iterator[Problem]:
    if ratings := texts.own.ratings:
        levels = [level.id for level in ratings.item.levels]
        yield from _cells(texts, ratings.document, "criteria", ratings.item.criteria, levels)
    if stages := texts.own.career_stages:
        ids = [stage.id for stage in stages.item.stages]
        yield from _cells(texts, stages.document, "areas", stages.item.areas, ids)


def _cells(
    texts: OrganisationTexts,
    document: Document,
    key: str,
    rows: tuple[Criterion, ...],
    columns: list[str],
) -> Iterator[Problem]:
    """Two rows of a table that say the same under one column."""
    for column in columns:
        seen: dict[str, str] = {}
        for i, row in enumerate(rows):
            words = " ".join(row.cells.get(column, "").split())
            first = seen.setdefault(words, row.name) if words else row.name
            if first != row.name:
                message = f"“{row.name}” says the same as “{first}” under “{column}”"
                at: Loc = (key, i, "cells", column)
                yield texts.at(problems.REPEATED_TEXT, document, at, message, about=(column,))
