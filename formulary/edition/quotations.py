"""Work out the guidance that a clause prints in full, for papers and for the comparison alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from formulary.content.policy import Clause
from formulary.edition.edition import Edition


@dataclass(frozen=True)
class QuotedEntry:
    """An entry of a list: its mark and name may be empty; its text is light Markdown."""

    id: str
    text: str
    name: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Quotation:
    """A heading (may be empty), then a text or a list; texts are light Markdown."""

    id: str
    heading: str = ""
    text: str = ""
    entries: tuple[QuotedEntry, ...] = ()


def quote_guidance(edition: Edition, clause: Clause) -> Iterator[Quotation]:
    """What the clause prints of the organisation's guidance, in order."""
    prints = clause.prints
    if prints is None:
        return
    for topic in edition.topics:
        if topic.id == prints.topic:
            points = (QuotedEntry(p.id, p.text, p.name, p.mark or "") for p in topic.points)
            yield Quotation(topic.id, entries=tuple(points))
    checklists = {one.id: one for one in edition.checklists}
    for id in prints.checklists:
        entries = (QuotedEntry(entry.id, entry.text) for entry in checklists[id].entries)
        yield Quotation(id, checklists[id].title or "", entries=tuple(entries))
    questions = {one.id: one for one in edition.questions}
    for id in prints.questions:
        yield Quotation(id, questions[id].asks or "", questions[id].answer or "")
