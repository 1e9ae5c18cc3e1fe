"""Draw a year as a band of months with a bar for each event, as HTML.

The band is a picture: the list beside it says the same, so screen readers are spared it. Widths are
shares of the band, so it fits any window that is wide enough for it.
"""

from __future__ import annotations

import datetime
import html
from collections.abc import Sequence
from dataclasses import dataclass

from formulary.content.cycle import MONTHS
from formulary.formats.handbook.markdown import Markdown
from formulary.formats.handbook.year import YearEntry

LETTER = 0.86
"""The width of a letter of a bar's name, in hundredths of the band on a desktop."""

LATE = 60
"""Where a bar that ends later counts as late."""


@dataclass(frozen=True)
class _Bar:
    """An event's bar in hundredths of the band, and the room that it takes with its name.

    The name of a late bar ends where the bar ends, so that it stays inside the band.
    """

    entry: YearEntry
    start: float
    end: float

    @property
    def is_late(self) -> bool:
        return self.end > LATE

    @property
    def room(self) -> tuple[float, float]:
        name = LETTER * len(self.entry.name) + 2
        if self.is_late:
            return min(self.start, self.end - name), self.end
        return self.start, max(self.end, self.start + name)


def draw_band(entries: Sequence[YearEntry]) -> Markdown:
    """The band of the dated entries; empty where none has a date."""
    days = [day for entry in entries for day in (entry.first, entry.last) if day]
    if not days:
        return Markdown("")
    first = min(days).replace(day=1)
    months = list(_months(first, max(days)))
    end = _next_month(months[-1])
    length = (end - first).days
    bars = [_bar(entry, first, length) for entry in entries if entry.first and entry.last]
    rows = _pack(bars)
    height = 2 + 2 * len(rows)
    cells = "".join(
        f'<span data-month="{month:%Y-%m}" style="width:{_share(month, first, length)}%">'
        f"{_month_name(month, month == first)}</span>"
        for month in months
    )
    drawn = "".join(_draw(bar, number) for number, row in enumerate(rows) for bar in row)
    return Markdown(
        f'<div class="band no-print" aria-hidden="true" data-first="{first}" '
        f'data-last="{end - datetime.timedelta(days=1)}" data-search-exclude '
        f'style="height:{height}rem"><div class="band-months">{cells}</div>{drawn}</div>'
    )


def _months(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    found = [first]
    while (month := _next_month(found[-1])) <= last:
        found.append(month)
    return found


def _next_month(month: datetime.date) -> datetime.date:
    return (month.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)


def _share(month: datetime.date, first: datetime.date, length: int) -> str:
    return f"{100 * (_next_month(month) - month).days / length:.2f}"


def _month_name(month: datetime.date, first: bool) -> str:
    year = f" {month.year}" if first or month.month == 1 else ""
    return f"{MONTHS[month.month - 1][:3]}{year}"


def _bar(entry: YearEntry, first: datetime.date, length: int) -> _Bar:
    assert entry.first and entry.last
    start = 100 * (entry.first - first).days / length
    return _Bar(entry, start, 100 * ((entry.last - first).days + 1) / length)


def _pack(bars: Sequence[_Bar]) -> list[list[_Bar]]:
    """The bars in as few rows as hold them side by side with their names."""
    rows: list[list[_Bar]] = []
    for bar in bars:
        row = next((row for row in rows if all(_apart(bar, other) for other in row)), None)
        if row is None:
            rows.append([bar])
        else:
            row.append(bar)
    return rows


def _apart(bar: _Bar, other: _Bar) -> bool:
    return bar.room[0] >= other.room[1] or bar.room[1] <= other.room[0]


def _draw(bar: _Bar, row: int) -> str:
    entry = bar.entry
    kind = "day" if entry.first == entry.last else "span"
    marks = [
        "bar",
        kind,
        *(["late"] if bar.is_late else []),
        *(["closing"] if entry.closing else []),
    ]
    place = f"left:{bar.start:.2f}%;width:{bar.end - bar.start:.2f}%;top:{2 + 2 * row}rem"
    name = html.escape(entry.name, quote=False)
    return f'<span class="{" ".join(marks)}" style="{place}"><b>{name}</b></span>'
