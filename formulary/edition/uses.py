"""Find the texts that name something: a number, a word, a date, a clause, a rating."""

from __future__ import annotations

import re
from collections.abc import Iterator

from formulary.edition.edition import Edition
from formulary.edition.filled_text import FilledText


def find_uses(edition: Edition, way: str) -> Iterator[FilledText]:
    """The texts of an edition that name what a way of a file leads to (`content.ways`)."""
    pattern = _pattern_for(way)
    for text in edition.texts if pattern else ():
        if re.search(pattern, text.source):
            yield text


def say_where(edition: Edition, text: FilledText) -> str:
    """The clause of a text, as a sentence names it; or how the text begins."""
    if text.clause:
        label = edition.label(text.clause)
        return label[:1].upper() + label[1:]
    return text.plain if len(text.plain) < 60 else text.plain[:59].rsplit(" ", 1)[0] + "…"


def _pattern_for(way: str) -> str:
    """A pattern for how texts name what a way leads to; empty where they cannot."""
    steps = [step.lstrip("=") for step in way.split("/")]
    if steps[:1] == ["rules"] and len(steps) > 1:
        return rf"\brules\.{re.escape(steps[1])}\."
    if steps[:1] == ["words"] and len(steps) > 1:
        return rf"\bwords\.{re.escape(steps[1])}\b"
    if "events" in steps and len(steps) > 3:
        cycle, event = re.escape(steps[1]), re.escape(steps[3])
        return rf"\b(?:day\(['\"]{cycle}\.{event}['\"]\)|deadlines\(['\"]{event}['\"]\))"
    if "clauses" in steps and len(steps) > 3:
        return rf"\bclause\(['\"]{re.escape(steps[3])}['\"]\)"
    if steps[:1] == ["levels"] and len(steps) > 1:
        return rf"\blevel\(['\"]{re.escape(steps[1])}['\"]\)"
    if steps[:1] == ["stages"] and len(steps) > 1:
        return rf"\bstage\(['\"]{re.escape(steps[1])}['\"]\)"
    return ""
