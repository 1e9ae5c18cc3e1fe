"""Find where a number, date or word is kept that was changed on paper, and its new value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from formulary.content.cycle import read_rule
from formulary.content.loading import OrganisationContent
from formulary.content.source import Document, Loc
from formulary.content.splicing import value_at
from formulary.edition.rewording import FactChange, write_words
from formulary.edition.text import NUMBER_WORDS, fill

Kept = tuple[Document, Loc, Any]
"""A file, the place in it of a value, and the value that it gets."""

_CALL = re.compile(r"(\w+)\((['\"])(.+?)\2\)")
_OWN_WORDS = {"process": "process", "organisation.name": "name", "organisation.short": "short"}


def find_kept(own: OrganisationContent, change: FactChange) -> tuple[Kept, ...]:
    """Where the value of a changed fact is kept, and the new one there; none where it cannot be.

    A date that all cycles share is kept in each of them.
    """
    if write_words(change.now, {}).split() != change.now.split():
        return ()  # it has signs that would print as something else there
    name, _, filters = (part.strip() for part in change.expression.partition("|"))
    call = _CALL.fullmatch(name)
    try:
        if name.startswith("rules."):
            return tuple(_rule(own, name, filters, change))
        if name.startswith("words.") or name in _OWN_WORDS:
            return tuple(_word(own, name, filters, change))
        if call and call[1] in ("day", "deadlines"):
            return tuple(_days(own, call[3], change))
        if call and call[1] in ("level", "stage"):
            return tuple(_named(own, call[1], call[3], change))
    except (ValueError, IndexError):
        pass  # no number, or no date
    return ()


def read_number(words: str) -> int:
    """The number that words begin with: “three”, “12”, “3 weeks”. Raises ValueError."""
    first = words.strip().casefold().split()[0].replace(",", "")
    return NUMBER_WORDS.index(first) if first in NUMBER_WORDS else int(first)


def _rule(own: OrganisationContent, name: str, filters: str, change: FactChange) -> Iterator[Kept]:
    document, loc = own.organisation.document, tuple(name.split("."))
    if loc[-1] == "unit":
        yield document, loc, change.now
        return
    number = read_number(change.now)
    said, _ = fill(f"{{{{ value | {filters} }}}}" if filters else str(number), {"value": number})
    if change.now == said:
        yield document, loc, number


def _word(own: OrganisationContent, name: str, filters: str, change: FactChange) -> Iterator[Kept]:
    document = own.organisation.document
    loc: Loc = (_OWN_WORDS[name],) if name in _OWN_WORDS else tuple(name.split("."))
    if filters not in ("", "capital") or loc not in document.spans:
        return
    old, new = str(value_at(document.data, loc)), change.now
    if filters and old[:1].islower():
        new = new[:1].lower() + new[1:]
    yield document, loc, new


def _days(own: OrganisationContent, path: str, change: FactChange) -> Iterator[Kept]:
    """Raises ValueError where the dates of the cycles differ, or the new one is none."""
    cycle, _, event = path.rpartition(".")
    document = own.cycles.document
    for c, one in enumerate(own.cycles.item.cycles):
        for e, found in enumerate(one.events):
            if found.id == event and cycle in ("", one.id):
                if change.was not in found.when:
                    raise ValueError(found.when)
                when = found.when.replace(change.was, change.now)
                read_rule(when)
                yield document, ("cycles", c, "events", e, "when"), when


def _named(own: OrganisationContent, kind: str, id: str, change: FactChange) -> Iterator[Kept]:
    file = own.ratings if kind == "level" else own.career_stages
    key = "levels" if kind == "level" else "stages"
    for place, entry in enumerate(file.document.data[key] if file else ()):
        if file and entry["id"] == id:
            yield file.document, (key, place, "name"), change.now
