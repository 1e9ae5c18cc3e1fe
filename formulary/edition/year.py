"""Draw the year: a diagram for each cycle of an edition.

The diagram's lanes are the quarters of the cycle in the order of time; its boxes are the events.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from formulary.content.cycle import MONTHS, Calendar, DatedEvent
from formulary.content.guidance import Box, Diagram, Lane
from formulary.edition.edition import Edition


def year_diagram(edition: Edition, calendar: Calendar) -> Diagram | None:
    """The dated events of a cycle in one year; None where none has a date."""
    dated = [event for event in calendar.events if event.first is not None]
    boxes: dict[str, list[Box]] = {}
    for event in sorted(dated, key=_first):
        boxes.setdefault(_lane(calendar, _first(event)), []).append(_box(edition, event))
    for event in find_closing(edition, calendar):
        box = _box(edition, event, "next-year-", f" (closes {edition.name})")
        boxes.setdefault(_lane(calendar, _first(event)), []).append(box)
    if not boxes:
        return None
    lanes = tuple(
        Lane(id=f"lane-{place}", name=name, boxes=tuple(found))
        for place, (name, found) in enumerate(boxes.items(), start=1)
    )
    return (
        Diagram.model_construct(  # not validated: id and title are longer than those of HR may be
            id=f"the-year-{calendar.cycle.id}",
            title=f"{calendar.cycle.name}: {edition.name}",
            kind="lanes",
            intro=None,
            steps=(),
            lanes=lanes,
        )
    )


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


def _box(edition: Edition, dated: DatedEvent, before_id: str = "", after: str = "") -> Box:
    # not validated: a long name and its time may be longer than a name that HR writes
    name = f"{dated.event.name}{after}, {edition.when(dated)}"
    return Box.model_construct(id=f"{before_id}{dated.event.id}", name=name, text=None)


def _lane(calendar: Calendar, day: datetime.date) -> str:
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
