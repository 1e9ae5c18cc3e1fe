"""Spelling and typing errors: look-alike letters, doubled words and marks, repeated sentences."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
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
    (re.compile(r"\b(?!(?:had|that)\b)([a-z]{2,}) \1\b"), "a word is there twice"),
    (re.compile(r"(?<!:)//"), "a doubled stroke"),
    (re.compile(r"\bFAQ[’']s\b"), "an apostrophe in a plural"),
    (re.compile(rf"\ba(?:n)? (?:[a-z]+ )?(?:{_PLURALS})\b"), "“a” before a plural"),
    (re.compile(rf"\bfrom ({'|'.join(MONTHS)}) and ({'|'.join(MONTHS)})\b"), "“and” for “to”"),
    (re.compile(r"[,;:]\s*[,;:.]|\.\s*,| ,"), "two marks side by side"),
    (
        re.compile(r"\band should and\b|\bwill and will\b|\bto and to\b"),
        "words that do not fit together",
    ),
)
"""Patterns of what somebody typed by mistake, and what each is."""

STRAY_MARK = re.compile(r"^\s*[;,:–-](?!\d)|\s[–-]\s*$")
"""What an entry of a list neither begins nor ends with."""

SEMICOLON = re.compile(r";(?: and| or)?\s*$")
"""What an entry ends with in a list as lawyers write it, where others of the list do too."""

SPELLING = {
    r"judgements? call": "judgement",
    r"dependant(?= (?:on|upon)\b)": "dependent",
    r"practise(?= is\b)": "practice",
}
"""Words that the dictionary has (`check.dictionary_words`), and that are wrong beside others."""

MISSPELT = {re.compile(rf"\b(?:{pattern})(?!\w)"): right for pattern, right in SPELLING.items()}
_ANY_MISSPELT = re.compile(rf"\b(?:{'|'.join(SPELLING)})(?!\w)")
SHORTEST_REPEAT = 11
"""Words. A shorter sentence may well be in two places."""


def spelling_findings(texts: OrganisationTexts) -> Iterator[Problem]:
    """Find what a careful reader would mark in pencil."""
    yield from texts.find_each(_find_typing_errors, texts.all)
    yield from _find_stray_marks(texts)
    yield from _check_topic_marks(texts)
    yield from _find_repeated_sentences(texts)
    yield from _find_repeated_cells(texts)


def _find_typing_errors(texts: OrganisationTexts, text: FilledText) -> Iterator[Problem]:
    yield from _find_lookalikes(texts, text)
    yield from _find_slips(texts, text)
    yield from _check_spelling(texts, text)


def _find_lookalikes(texts: OrganisationTexts, text: FilledText) -> Iterator[Problem]:
    if text.document.path.stem == "glossary":
        return
    if match := FOREIGN.search(text.plain):
        name = unicodedata.name(match.group(), "a foreign letter").capitalize()
        message = f"“{match.group()}” is the letter {name}"
        yield texts.finding(problems.LOOKALIKE, text, message, words=match.group())


def _check_topic_marks(texts: OrganisationTexts) -> Iterator[Problem]:
    """A topic whose points are marked with letters, and one of them with a digit nought."""
    if texts.own.guidance is None:
        return
    document = texts.own.guidance.document
    for i, topic in enumerate(texts.own.guidance.item.topics):
        marks = [point.mark or "" for point in topic.points]
        letters = [mark for mark in marks if mark[:1].isalpha()]
        for j, mark in enumerate(marks):
            if mark in ("0", "1") and len(letters) >= len(marks) / 2:
                message = f"The digit {mark} is used where the other marks are letters"
                at = ("topics", i, "points", j, "mark")
                yield texts.at(problems.LOOKALIKE, document, at, message)


def _list_of(text: FilledText) -> Loc:
    """The place of the list that a text is an entry of."""
    steps = [place for place, step in enumerate(text.loc) if isinstance(step, int)]
    return text.loc[: steps[-1]] if steps else text.loc


def _find_slips(texts: OrganisationTexts, text: FilledText) -> Iterator[Problem]:
    without_links = re.sub(r"https?://\S+", "", text.typed)
    for pattern, what in SLIPS:
        if match := pattern.search(without_links):
            words = match.group().strip()
            yield texts.finding(problems.SLIP, text, f"“{words}”: {what}", words=words)
    if text.typed.count("“") != text.typed.count("”") or text.typed.count('"') % 2:
        message = "A quotation mark has no partner"
        yield texts.finding(problems.SLIP, text, message)


def _find_stray_marks(texts: OrganisationTexts) -> Iterator[Problem]:
    legal = Counter(_list_of(text) for text in texts.all if SEMICOLON.search(text.typed))
    for text in texts.all:
        if not ("points" in text.loc or "entries" in text.loc or "cells" in text.loc):
            continue
        is_legal = legal[_list_of(text)] > 1
        if STRAY_MARK.search(text.typed) or (not is_legal and text.typed.endswith(";")):
            message = "An entry begins or ends with a stray mark"
            yield texts.finding(problems.SLIP, text, message)


def _check_spelling(texts: OrganisationTexts, text: FilledText) -> Iterator[Problem]:
    if not _ANY_MISSPELT.search(text.typed):  # as in nearly every text: one search, not twenty
        return
    for pattern, right in MISSPELT.items():
        if match := pattern.search(text.typed):
            message = f"“{match.group()}” is not spelt so here"
            fix = f"Write “{right}”."
            words = match.group()
            yield texts.finding(problems.SPELLING, text, message, words=words, fix=fix)


def _find_repeated_sentences(texts: OrganisationTexts) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for text in texts.policy:
        for sentence in text.sentences:
            key = re.sub(r"[^a-z ]", "", sentence.lower())
            if len(key.split()) < SHORTEST_REPEAT or not text.clause:
                continue
            first = seen.setdefault(key, text.clause)
            if first != text.clause:
                message = f"The same sentence is in {texts.clause_name(first)}"
                yield texts.finding(problems.REPEATED_TEXT, text, message, about=(first,))
                break


def _find_repeated_cells(texts: OrganisationTexts) -> Iterator[Problem]:
    if ratings := texts.own.ratings:
        levels = [level.id for level in ratings.item.levels]
        yield from _compare_rows(texts, ratings.document, "criteria", ratings.item.criteria, levels)
    if stages := texts.own.career_stages:
        ids = [stage.id for stage in stages.item.stages]
        yield from _compare_rows(texts, stages.document, "areas", stages.item.areas, ids)


def _compare_rows(
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
