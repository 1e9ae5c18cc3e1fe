"""Slips of the pen: look-alike letters, doubled words and marks, spelling, words said twice.

One organisation comes in; findings go out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from formulary import problems
from formulary.model.cycle import MONTHS
from formulary.model.matrix import Criterion
from formulary.problems import Problem
from formulary.rules.said import Said, Voice
from formulary.source import Document, Loc

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
LONGEST_UNSAID = 10
"""Words. A shorter sentence may well stand in two places."""


def slip_findings(voice: Voice) -> Iterator[Problem]:
    """What a careful reader would mark in pencil."""
    for said in voice.all:
        yield from _letters(voice, said)
        yield from _marks(voice, said)
        yield from _spelling(voice, said)
    yield from _marks_of_topics(voice)
    yield from _sentences_said_twice(voice)
    yield from _cells_said_twice(voice)


def _letters(voice: Voice, said: Said) -> Iterator[Problem]:
    if said.document.path.stem == "glossary":
        return
    for match in FOREIGN.finditer(said.text):
        name = unicodedata.name(match.group(), "a foreign letter").capitalize()
        message = f"“{match.group()}” is the letter {name}"
        yield voice.finding(problems.LOOKALIKE, said, message, words=match.group())
        return


def _marks_of_topics(voice: Voice) -> Iterator[Problem]:
    """A topic whose points are marked with letters, and one of them with a digit nought."""
    if voice.own.guidance is None:
        return
    document = voice.own.guidance.document
    for i, topic in enumerate(voice.own.guidance.item.topics):
        marks = [point.mark or "" for point in topic.points]
        letters = [mark for mark in marks if mark[:1].isalpha()]
        for j, mark in enumerate(marks):
            if mark in ("0", "1") and len(letters) >= len(marks) / 2:
                message = f"The digit {mark} stands where the other marks are letters"
                at = ("topics", i, "points", j, "mark")
                yield voice.at(problems.LOOKALIKE, document, at, message)


def _marks(voice: Voice, said: Said) -> Iterator[Problem]:
    for pattern, what in SLIPS:
        if not what:
            continue
        match = pattern.search(re.sub(r"https?://\S+", "", said.typed))
        if match:
            message = f"“{match.group().strip()}”: {what}"
            yield voice.finding(problems.SLIP, said, message, words=match.group().strip())
    if match := re.search(r"\band should and\b|\bwill and will\b|\bto and to\b", said.typed):
        message = f"“{match.group()}”: words that do not fit together"
        yield voice.finding(problems.SLIP, said, message, words=match.group())
    if said.typed.count("“") != said.typed.count("”") or said.typed.count('"') % 2:
        message = "A quotation mark has no partner"
        yield voice.finding(problems.SLIP, said, message)
    in_list = "points" in said.loc or "entries" in said.loc or "cells" in said.loc
    if in_list and re.search(r"^\s*[;,:–-](?!\d)|\s[–-]\s*$|;\s*$", said.typed):
        message = "An entry begins or ends with a stray mark"
        yield voice.finding(problems.SLIP, said, message)


def _spelling(voice: Voice, said: Said) -> Iterator[Problem]:
    for pattern, right in SPELLING.items():
        match = re.search(rf"\b(?:{pattern})(?![\w])", said.typed)
        if match:
            message = f"“{match.group()}” is not British spelling"
            fix = f"Write “{right}”."
            words = match.group()
            yield voice.finding(problems.SPELLING, said, message, words=words, fix=fix)


def _sentences_said_twice(voice: Voice) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for said in voice.policy:
        for sentence in said.sentences():
            key = re.sub(r"[^a-z ]", "", sentence.lower())
            if len(key.split()) <= LONGEST_UNSAID or not said.clause:
                continue
            first = seen.setdefault(key, said.clause)
            if first != said.clause:
                message = f"The same sentence stands in {voice.clause_name(first)}"
                yield voice.finding(problems.REPEATED_TEXT, said, message, about=(first,))
                break


def _cells_said_twice(voice: Voice) -> Iterator[Problem]:
    if ratings := voice.own.ratings:
        levels = [level.id for level in ratings.item.levels]
        yield from _cells(voice, ratings.document, "criteria", ratings.item.criteria, levels)
    if stages := voice.own.career_stages:
        ids = [stage.id for stage in stages.item.stages]
        yield from _cells(voice, stages.document, "areas", stages.item.areas, ids)


def _cells(
    voice: Voice, document: Document, key: str, rows: tuple[Criterion, ...], columns: list[str]
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
                yield voice.at(problems.REPEATED_TEXT, document, at, message, about=(column,))
