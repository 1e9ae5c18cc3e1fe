"""What a form says before its first question, and when its parts are filled in and who does it.

All of it is worked out from the form, its offer and the cycles; what is not known is left out.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from formulary.content.cycle import MONTHS, DatedEvent, british
from formulary.content.form import Form, FormSection, fields_of
from formulary.content.organisation import Offer
from formulary.edition.edition import Edition
from formulary.edition.text import first_capital, plain

Month = tuple[int, int]
"""A year and the number of a month."""

MOST_MONTHS = 18
"""A ruler of the year has no more months than this: more have no room for their names."""


@dataclass(frozen=True)
class RulerMonth:
    """One month of the ruler at the top of a form, with the numbers of the parts filled in then.

    `is_cycle` says whether it is in the cycle, and not before or after it.
    """

    name: str
    parts: tuple[int, ...] = ()
    is_cycle: bool = True


@dataclass(frozen=True)
class Opening:
    """How a form is filled in, by when, and who gets it; each as sentences, in this order."""

    purpose: str = ""
    how: tuple[str, ...] = ()
    by_when: tuple[str, ...] = ()
    to_whom: tuple[str, ...] = ()
    ruler: tuple[RulerMonth, ...] = ()
    """The months of the cycle; empty where no part has a date that all share."""

    @property
    def spans(self) -> tuple[tuple[int, int, str], ...]:
        """What is written below the ruler: the first and last place, and “Parts 1 to 5”."""
        found: list[tuple[int, int, str]] = []
        for place, month in enumerate(self.ruler):
            if not month.parts:
                continue
            words = _name_parts(month.parts)
            if found and found[-1][2] == words and found[-1][1] == place - 1:
                found[-1] = (found[-1][0], place, words)
            else:
                found.append((place, place, words))
        return tuple(found)


def who_fills_in(section: FormSection) -> str:
    """Who fills in a section: its own words, or those of its fields where they are few."""
    if section.filled_by:
        return section.filled_by
    found = list(dict.fromkeys(str(field.filled_by or "") for field in fields_of(section)))
    plain = all(words and "," not in words and " and " not in words for words in found)
    if len(found) == 1:
        return found[0]
    if len(found) == 2 and plain:
        return f"{found[0]} and {found[1][:1].lower()}{found[1][1:]}"
    return ""


class PartTimes:
    """When the parts of one organisation's form are filled in."""

    def __init__(self, edition: Edition, offer: Offer) -> None:
        self.edition = edition
        groups = set(offer.groups) or {group.id for group in edition.organisation.groups}
        self.calendars = [one for one in edition.calendars if groups & set(one.cycle.groups)]

    def in_words(self, section: FormSection) -> str:
        """When a section is filled in, as its tab says it; empty where nobody says."""
        when = section.when or ""
        event, comma, rest = when.partition(",")
        events = self._events(event)
        if not events:
            return first_capital(when)
        return first_capital(self._shared(events) or events[0].event.name) + comma + rest

    def months(self, section: FormSection) -> tuple[Month, ...]:
        """The months of the section's event, where that is the same for all."""
        events = self._events((section.when or "").partition(",")[0])
        spans = {(one.first, one.last) for one in events}
        if len(spans) != 1 or len(events) != len(self.calendars):
            return ()
        ((first, last),) = spans
        return tuple(_months_between(first, last)) if first and last else ()

    def _events(self, id: str) -> list[DatedEvent]:
        return [one for found in self.calendars for one in found.events if one.event.id == id]

    def due(self, event: str) -> str:
        """When an event is, in words that hold for all; empty where groups differ."""
        return self._shared(self._events(event))

    def _shared(self, events: list[DatedEvent]) -> str:
        """The day or months of an event, or how it is timed, where that holds for all."""
        found = list(dict.fromkeys(map(self._describe, events)))
        timed = list(dict.fromkeys(self.edition.in_words(one.event.when) for one in events))
        return next((words[0] for words in (found, timed) if len(words) == 1), "")

    def _describe(self, dated: DatedEvent) -> str:
        if dated.first and dated.first == dated.last:
            return f"{'By' if dated.is_deadline else 'On'} {british(dated.first)}"
        # a tab has room for the first words: not for what else is allowed, or expected
        return first_capital(re.split(r", | \(", self.edition.when(dated, year=False))[0])


def compose_opening(
    edition: Edition, offer: Offer, form: Form, months: Sequence[tuple[Month, ...]]
) -> Opening:
    """What the form says first; `months` are those of its parts, in their printed order."""
    times = PartTimes(edition, offer)
    due = times.due(offer.due) if offer.due else ""
    contact = edition.organisation.contact
    if any(section.letter for section in form.sections):
        to = ["The person the letter is for."]
    elif contact:
        to = [f"{contact.who}, {contact.email}" if contact.who else contact.email]
    else:
        to = ["The person who gave you this form."]
    return Opening(
        purpose=plain(form.purpose),
        how=(
            f"{first_capital(plain(form.filled_by))}.",
            "On screen or by hand. Leave empty what does not apply.",
        ),
        by_when=(
            f"{first_capital(plain(form.when))}.",
            *((f"Hand it in: {_lower(due)}.",) if due else ()),
        ),
        to_whom=(*to, "Keep a copy."),
        ruler=tuple(_ruler(times, months)),
    )


def _lower(words: str) -> str:
    """The words as the rest of a sentence; a month keeps its capital."""
    named = words.split(" ")[0] in MONTHS
    return words if named else words[:1].lower() + words[1:]


def _ruler(times: PartTimes, months: Sequence[tuple[Month, ...]]) -> Iterator[RulerMonth]:
    """The months from the first in which something is done or the cycle runs, to the last."""
    cycles = {(one.starts, one.ends) for one in times.calendars if not one.cycle.period}
    dated = [month for part in months for month in part]
    if len(cycles) != 1 or not dated:
        return
    ((starts, ends),) = cycles
    cycle = list(_months_between(starts, ends))
    first, last = min([*dated, cycle[0]]), max([*dated, cycle[-1]])
    whole = list(_months_between(datetime.date(*first, 1), datetime.date(*last, 1)))
    if len(whole) > MOST_MONTHS:
        return
    for month in whole:
        parts = tuple(number for number, part in enumerate(months, start=1) if month in part)
        yield RulerMonth(MONTHS[month[1] - 1][:3], parts, month in cycle)


def _months_between(first: datetime.date, last: datetime.date) -> Iterator[Month]:
    at = (first.year, first.month)
    while at <= (last.year, last.month):
        yield at
        at = (at[0] + at[1] // 12, at[1] % 12 + 1)


def _name_parts(numbers: tuple[int, ...]) -> str:
    """“Part 3”, “Parts 1 to 5”, “Parts 3 and 5”, “Parts 1 to 3 and 5”."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    said = [
        f"{run[0]} to {run[-1]}" if len(run) > 2 else " and ".join(map(str, run)) for run in runs
    ]
    words = said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
    return f"{'Part' if len(numbers) == 1 else 'Parts'} {words}"
