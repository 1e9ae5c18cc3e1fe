"""Find the texts that name something: a number, a word, a date, a clause, a rating."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from formulary.edition.edition import Edition
from formulary.edition.filled_text import FilledText


def find_uses(edition: Edition, way: str) -> Iterator[FilledText]:
    """The texts of an edition that name what a way of a file leads to (`content.ways`)."""
    pattern, _ = naming_of(way)
    return (text for text in edition.texts if pattern.search(text.source))


def say_where(edition: Edition, text: FilledText) -> str:
    """The clause of a text, as a sentence names it; or how the text begins."""
    if text.clause:
        label = edition.label(text.clause)
        return label[:1].upper() + label[1:]
    return text.plain if len(text.plain) < 60 else text.plain[:59].rsplit(" ", 1)[0] + "…"


CALLS = {
    "clauses": r"clause|section|appendix",
    "sections": r"clause|section|appendix",
    "appendices": r"clause|section|appendix",
    "related": "document",
    "levels": "level",
    "stages": "stage",
    "footnotes": "footnote",
    "forms": "form",
    "cycles": "period",
}
"""How texts name an entry of a list: the functions that get its id."""

_NEVER = re.compile(r"(?!)")


def naming_of(way: str, file: Path | None = None) -> tuple[re.Pattern[str], str]:
    """A pattern for how texts name what a way of a file leads to, and its id; "" if it has none.

    `file` is needed for a whole form, which its file's name names.
    """
    steps = [step.lstrip("=") for step in way.split("/")]
    if file and file.parent.name == "forms" and len(steps) < 2:
        return re.compile(rf"\bform\(['\"]{re.escape(file.stem)}['\"]\)"), file.stem
    if steps[0] in ("rules", "words") and len(steps) > 1:
        return re.compile(rf"\b{steps[0]}\.{re.escape(steps[1])}\b"), steps[1]
    ids = [place for place, step in enumerate(way.split("/")) if step.startswith("=")]
    if not ids:
        return _NEVER, ""
    last = ids[-1]
    id, within = re.escape(steps[last]), steps[last - 1]
    if within == "events":
        cycle = re.escape(steps[ids[0]])
        pattern = rf"\b(?:day\(['\"]{cycle}\.{id}['\"]\)|deadlines\(['\"]{id}['\"]\))"
        return re.compile(pattern), steps[last]
    calls = CALLS.get(within)
    pattern = rf"\b(?:{calls})\(['\"]{id}['\"]\)" if calls else _NEVER.pattern
    return re.compile(pattern), steps[last]
