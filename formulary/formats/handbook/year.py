"""The year of one cycle as readers live it: what happens, in months, from this year and the last.

The picture, the list and the home page are all made from these entries, so that they say the same.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from formulary.content.cycle import (
    CLOSING,
    MONTHS,
    Calendar,
    DatedEvent,
    Step,
    edition_name,
    preparations,
    sort_by_preparation,
)
from formulary.edition.edition import Edition
from formulary.edition.year import find_closing

MARKS = ("--last-year", "", "--next-year")
"""How the id of an entry ends: of the cycle before, of this one, of the next one."""


@dataclass(frozen=True)
class YearEntry:
    """One event of a cycle.

    `when` says the time in full (“by 31 October 2026”), `short` without the year. `first` and
    `last` are None where the event has no fixed date, and only `expected` where the policy sets
    no date. `year` is the name of the cycle that it belongs to, and `starts` the year in which
    that edition's cycle starts; `closing` marks an event that closes the cycle before, and
    `closes_this` one of the next cycle that also closes this one. `cycles_named` says the cycle
    that it belongs to, or those that it joins, the same in each year's edition. `cycle`, `event`,
    `acts`, `groups` and `forms` are ids: of the cycle, of the event in it, of roles, of the staff
    groups concerned and of the forms offered to them that belong to it. `step` is what it is in
    the cycle, if it is one of `content.cycle.STEPS`.
    """

    id: str
    cycle: str
    event: str
    name: str
    who: str
    acts: tuple[str, ...]
    text: str
    clauses: tuple[str, ...]
    when: str
    short: str
    first: datetime.date | None
    last: datetime.date | None
    deadline: bool
    expected: bool
    year: str
    cycles_named: str
    starts: int
    closing: bool
    closes_this: bool
    step: Step | None
    groups: tuple[str, ...]
    forms: tuple[str, ...]

    @property
    def about(self) -> str:
        """The year that it closes, beside its name: “2025-26”, “closes 2026-27”; or nothing."""
        return self.year if self.closing else f"closes {self.year}" if self.closes_this else ""

    @property
    def title(self) -> str:
        """Its name, with the year that it closes: “Final review (2025-26)”."""
        return f"{self.name} ({self.about})" if self.about else self.name


@dataclass(frozen=True)
class Year:
    """One cycle in the edition's year: its calendar and its entries, dated ones first."""

    calendar: Calendar
    entries: tuple[YearEntry, ...]

    @property
    def dated(self) -> tuple[YearEntry, ...]:
        return tuple(entry for entry in self.entries if entry.first)

    @property
    def undated(self) -> tuple[YearEntry, ...]:
        return tuple(entry for entry in self.entries if not entry.first)

    @property
    def closing(self) -> tuple[YearEntry, ...]:
        """What closes last year's cycle within this one."""
        return tuple(entry for entry in self.dated if entry.closing)

    @property
    def during(self) -> tuple[YearEntry, ...]:
        """What happens from the first day of the cycle to its last."""
        return tuple(e for e in self.dated if not e.closing and not self._after(e))

    @property
    def after(self) -> tuple[YearEntry, ...]:
        """What closes this year's cycle, after its last day."""
        return tuple(e for e in self.dated if not e.closing and self._after(e))

    def of_group(self, group: str) -> Year:
        """The same year with only what concerns one staff group."""
        return replace(self, entries=tuple(e for e in self.entries if group in e.groups))

    def _after(self, entry: YearEntry) -> bool:
        return entry.first is not None and entry.first > self.calendar.ends

    def months(self) -> Iterator[tuple[int, int]]:
        """Every (year, month) from the first entry or day of the cycle to the last."""
        days = [d for e in self.dated for d in (e.first, e.last) if d]
        at = min([self.calendar.starts, *days])
        until = max([self.calendar.ends, *days])
        year, month = at.year, at.month
        while (year, month) <= (until.year, until.month):
            yield year, month
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def years(edition: Edition) -> tuple[Year, ...]:
    """The year of every cycle of an edition, in the order of the content."""
    before = {found.cycle.id: found for found in edition.last_year}
    return tuple(_make_year(edition, now, before.get(now.cycle.id)) for now in edition.calendars)


def has_dates(edition: Edition) -> bool:
    """Whether anything in any cycle has a date, so that there is a picture and a calendar of it."""
    return any(year.dated for year in years(edition))


def cycle_name(calendar: Calendar, starts: int) -> str:
    """The cycle that starts in a year: 2026-27, or 2026 where it also ends in that year."""
    within = calendar.starts.year == calendar.ends.year
    return str(starts) if within else edition_name(starts)


def cycles_name(edition: Edition) -> str:
    """The time that an edition is for: 2026-27, or 2026 if all its cycles are calendar years."""
    names = {cycle_name(calendar, edition.year) for calendar in edition.calendars}
    return names.pop() if len(names) == 1 else edition.name


def year_title(edition: Edition) -> str:
    """The title of the page of the year."""
    return "The year in one picture" if has_dates(edition) else "The year"


def _make_year(edition: Edition, now: Calendar, before: Calendar | None) -> Year:
    closing = [
        _make_entry(edition, now, dated, edition.year - 1)
        for dated in (before.events if before else ())
        if before and _closes_later(before, dated) and dated.first and dated.first <= now.ends
    ]
    own = [_make_entry(edition, now, dated, edition.year) for dated in now.events]
    last = [
        _make_entry(edition, now, dated, edition.year + 1) for dated in find_closing(edition, now)
    ]
    return Year(now, tuple(sort_entries([*closing, *own, *last], [now])))


def _closes_later(before: Calendar, dated: DatedEvent) -> bool:
    """Whether an event of last year's cycle falls after it; a review, if its time ends after it."""
    begins_later = dated.first is not None and dated.first > before.ends
    ends_later = dated.last is not None and dated.last > before.ends
    return begins_later or (ends_later and dated.event.step in CLOSING)


def sort_entries(
    entries: Iterable[YearEntry], calendars: Iterable[Calendar]
) -> Iterator[YearEntry]:
    """The entries by date, undated ones last; in one month, what prepares another comes first.

    `calendars` are those of the cycles that the entries belong to.
    """
    prepares = {
        _entry_id(one.cycle.id, event, mark): [_entry_id(one.cycle.id, id, mark) for id in before]
        for one in calendars
        for event, before in preparations(one.cycle.events).items()
        for mark in MARKS
    }
    late = datetime.date.max
    by_date = sorted(entries, key=lambda entry: (entry.first or late, entry.last or late))
    for _, alike in groupby(
        by_date, key=lambda one: one.first and (one.first.year, one.first.month)
    ):
        yield from sort_by_preparation(alike, lambda entry: entry.id, prepares)


def _entry_id(cycle: str, event: str, mark: str) -> str:
    return f"{cycle}--{event}{mark}"


def _make_entry(edition: Edition, now: Calendar, dated: DatedEvent, year: int) -> YearEntry:
    """An entry of this cycle, of the one before, or of the next whose meeting closes this one."""
    event = dated.event
    closing, closes_this = year < edition.year, year > edition.year
    own = cycle_name(now, year)
    groups = event.groups or now.cycle.groups
    mark = MARKS[0 if closing else 2 if closes_this else 1]
    return YearEntry(
        id=_entry_id(now.cycle.id, event.id, mark),
        cycle=now.cycle.id,
        event=event.id,
        name=event.name,
        who=event.who,
        acts=event.acts,
        text=event.text,
        clauses=event.clauses,
        when=edition.when(dated),
        short=edition.when(dated, year=False),
        first=dated.first,
        last=dated.last,
        deadline=dated.is_deadline and dated.first == dated.last,
        expected=dated.is_expected,
        year=cycle_name(now, edition.year if closes_this else year),
        cycles_named=f"closes {cycle_name(now, year - 1)}, opens {own}"
        if event.closes_last_cycle
        else own,
        starts=year,
        closing=closing,
        closes_this=closes_this,
        step=event.step,
        groups=groups,
        forms=tuple(id for id in event.forms or () if edition.is_offered(id, groups)),
    )


def month_name(year: int, month: int) -> str:
    """A month as a heading: September 2026."""
    return f"{MONTHS[month - 1]} {year}"
