"""Put the events of a year in order: for each cycle of an edition, by its quarters."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from formulary.content.cycle import MONTHS, Calendar, DatedEvent
from formulary.edition.edition import Edition


def list_quarters(edition: Edition, calendar: Calendar) -> dict[str, tuple[str, ...]]:
    """The dated events of a cycle in one year, each with its time in words, by quarter.

    Quarters without an event are left out; what lies around the cycle is one more.
    """
    dated = sorted((event for event in calendar.events if event.first is not None), key=_first)
    closing = f" (closes {edition.name})"
    events = [
        *((event, "") for event in dated),
        *((event, closing) for event in find_closing(edition, calendar)),
    ]
    quarters: dict[str, tuple[str, ...]] = {}
    for event, after in events:
        quarter = _quarter(calendar, _first(event))
        said = f"{event.event.name}{after}, {edition.when(event)}"
        quarters[quarter] = (*quarters.get(quarter, ()), said)
    return quarters


def find_closing(edition: Edition, calendar: Calendar) -> Iterator[DatedEvent]:
    """The events of the next cycle, with dates, that also close this one."""
    for later in edition.next_year:
        for dated in later.events if later.cycle.id == calendar.cycle.id else ():
            if dated.event.closes_last_cycle and dated.first:
                yield dated


def list_undated(edition: Edition, calendar: Calendar) -> Iterator[str]:
    """The events that have no date, each with its time in words."""
    for dated in calendar.events:
        if dated.first is None:
            yield f"{dated.event.name} ({edition.in_words(dated.event.when)})"


def _first(dated: DatedEvent) -> datetime.date:
    assert dated.first is not None
    return dated.first


def _quarter(calendar: Calendar, day: datetime.date) -> str:
    """The quarter of the cycle that a day falls into, by its months; or what lies around it."""
    if day < calendar.starts:
        return "Before the cycle"
    if day > calendar.ends:
        return "After the cycle"
    months = (day.year - calendar.starts.year) * 12 + day.month - calendar.starts.month
    first = calendar.starts.month - 1 + months // 3 * 3
    last = first + 2
    year = calendar.starts.year + last // 12
    return f"{MONTHS[first % 12]} to {MONTHS[last % 12]} {year}"
