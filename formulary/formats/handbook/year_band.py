"""Draw a year as months with a bar for each event, as HTML: one band, or a lane for each cycle.

It is a picture: the list beside it says the same, so that screen readers get a sentence or nothing.
Widths are shares of the band, so it fits any window that is wide enough for it. Shapes differ, not
only colours: a diamond is a deadline, a circle a day, a bar a time that lasts; what closes the
cycle before is tinted, and what the policy sets no date for is dashed.
"""

from __future__ import annotations

import datetime
import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from formulary.content.cycle import MONTHS, british
from formulary.formats.handbook.markdown import Markdown
from formulary.formats.handbook.year import Year, YearEntry, cycle_name

LETTER = 1.0
"""The width of a letter of a bar's name, in hundredths of the narrowest band: 780 pixels."""
LANE_LETTER = 1.1
"""The same in a lane, which is shorter by the name of its cycle."""
WIDE = 0.75
"""Where there is room for the whole page, a letter is this part of it."""
LATE = 60
"""Where a bar that ends later counts as late."""
MOST_MONTHS = 15
"""A picture with more months has no room for their names; lanes say in words what is later."""
HEAD = 2.3
"""The height of the names of the months, in rem."""
ROW = 2
"""The height of a row of bars, in rem."""


@dataclass(frozen=True)
class _Scale:
    """The months that a picture shows, and the width of a letter in hundredths of it."""

    months: tuple[datetime.date, ...]
    letter: float

    @property
    def first(self) -> datetime.date:
        return self.months[0]

    @property
    def end(self) -> datetime.date:
        """The day after the last."""
        return _next_month(self.months[-1])

    def place(self, day: datetime.date) -> float:
        """Where a day begins, in hundredths."""
        return 100 * (day - self.first).days / (self.end - self.first).days


@dataclass(frozen=True)
class _Bar:
    """Events of the same days: their name, and their place in hundredths of the band.

    The name of a late bar ends where the bar ends, so that it stays inside the band.
    """

    name: str
    kind: str
    closing: bool
    start: float
    end: float
    letter: float

    @property
    def is_late(self) -> bool:
        """Whether its name ends where it ends: there is no room after it, or less than before."""
        name = self._name_width if self.is_beside else 0
        return self.end > LATE or (self.end + name > 100 and self.start >= name)

    @property
    def is_beside(self) -> bool:
        """Whether the name is longer than the bar, so that it is beside it."""
        return self._name_width > self.end - self.start

    @property
    def is_roomy(self) -> bool:
        """Whether a name beside the bar is inside it where there is room for the whole page."""
        return self.is_beside and WIDE * self._name_width <= self.end - self.start

    @property
    def fits(self) -> bool:
        """Whether the bar and its name are inside the band."""
        return self.room[0] >= 0 and self.room[1] <= 100

    @property
    def _name_width(self) -> float:
        return self.letter * len(self.name) + 2

    @property
    def room(self) -> tuple[float, float]:
        """From where to where the bar and its name reach."""
        name = self._name_width if self.is_beside else 0
        return (self.start - name, self.end) if self.is_late else (self.start, self.end + name)


def draw_band(entries: Sequence[YearEntry]) -> Markdown:
    """The band of the dated entries of one reader; empty where none has a date."""
    scale = _scale_for(entries, LETTER)
    if scale is None:
        return Markdown("")
    bars, rows = _draw_bars(entries, scale)
    return Markdown(
        f'<div class="band no-print" aria-hidden="true" {_span(scale)} data-search-exclude '
        f'style="height:{HEAD + rows * ROW}rem">{_draw_months(scale)}'
        f'<div class="bars">{bars}</div></div>'
    )


def draw_lanes(years: Sequence[tuple[Year, str]]) -> Markdown:
    """All cycles below each other, each with its name and who it is for; empty without a date."""
    scale = _scale_for([entry for year, _ in years for entry in year.dated], LANE_LETTER)
    if scale is None:
        return Markdown("")
    lanes = "".join(
        _draw_lane(year, who, scale, row) for row, (year, who) in enumerate(years, start=2)
    )
    last = len(years) + 2
    label = html.escape(_describe([year.calendar.cycle.name for year, _ in years], scale))
    return Markdown(
        f'<div class="lanes" role="img" aria-label="{label}" data-search-exclude>'
        f'<div class="band" {_span(scale)} style="grid-row:1/{last}">'
        f'{_draw_months(scale)}</div><div class="lane-head">Who</div>{lanes}</div>'
    )


def list_marks(years: Iterable[Year]) -> list[tuple[str, str]]:
    """What the marks of the picture mean, those only that occur: each a class, and words."""
    found = list(years)
    shown = [entry for year in found for entry in year.dated]
    kinds = {_kind(entry) for entry in shown}
    closes = any(entry.closing and _kind(entry) == "span" for entry in shown)
    meanings = [
        ("span", f"Review {_name_cycles(found, 0)}", "span" in kinds),
        ("closing", f"Closing {_name_cycles(found, -1)}", closes),
        ("open", "No set date", "open" in kinds or any(year.undated for year in found)),
        ("deadline", "Done by this day", "deadline" in kinds),
        ("day", "On this day", "day" in kinds),
    ]
    return [(kind, words) for kind, words, occurs in meanings if occurs]


def _name_cycles(found: Iterable[Year], later: int) -> str:
    """The cycles of a year, or of one `later`: “2026-27”, “2026 or 2026-27”."""
    calendars = [year.calendar for year in found]
    return " or ".join(sorted({cycle_name(one, one.year + later) for one in calendars}))


def _describe(names: Sequence[str], scale: _Scale) -> str:
    first, last = scale.first, scale.months[-1]
    lanes = f"{len(names)} lanes: {', '.join(names)}" if len(names) > 1 else "one lane"
    return (
        f"The year from {MONTHS[first.month - 1]} {first.year} to {MONTHS[last.month - 1]} "
        f"{last.year} from left to right, in {lanes}. The list below says the same in words."
    )


def _draw_lane(year: Year, who: str, scale: _Scale, row: int) -> str:
    bars, rows = _draw_bars(year.dated, scale)
    inside = f'<div class="bars" style="height:{rows * ROW}rem">{bars}</div>' if rows else ""
    later = [e for e in year.dated if e.first and e.first >= scale.end]
    if later:
        said = "; ".join(_say_later(alike) for alike in _group_by_days(later))
        inside += f'<p class="lane-later">Later: {html.escape(said, quote=False)}</p>'
    if year.undated:
        names = html.escape(" · ".join(entry.name for entry in year.undated), quote=False)
        inside += f'<p class="lane-open">No set date: {names}</p>'
    name = html.escape(year.calendar.cycle.name, quote=False)
    about = f'<span class="lane-who">{html.escape(who, quote=False)}</span>' if who else ""
    return (
        f'<div class="lane-name" style="grid-row:{row}">{name}{about}</div>'
        f'<div class="lane" style="grid-row:{row}">{inside}</div>'
    )


def _scale_for(entries: Sequence[YearEntry], letter: float) -> _Scale | None:
    days = [day for entry in entries for day in (entry.first, entry.last) if day]
    if not days:
        return None
    months = [min(days).replace(day=1)]
    while (month := _next_month(months[-1])) <= max(days) and len(months) < MOST_MONTHS:
        months.append(month)
    return _Scale(tuple(months), letter)


def _next_month(month: datetime.date) -> datetime.date:
    return (month.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)


def _span(scale: _Scale) -> str:
    last = scale.end - datetime.timedelta(days=1)
    return f'data-first="{scale.first}" data-last="{last}"'


def _draw_months(scale: _Scale) -> str:
    cells = "".join(
        f'<span style="width:{scale.place(_next_month(month)) - scale.place(month):.2f}%">'
        f"{MONTHS[month.month - 1][:3]}"
        f"{f'<br>{month.year}' if month == scale.first or month.month == 1 else ''}</span>"
        for month in scale.months
    )
    return f'<div class="band-months">{cells}</div>'


def _kind(entry: YearEntry) -> str:
    if entry.expected:
        return "open"
    if entry.first != entry.last:
        return "span"
    return "deadline" if entry.deadline else "day"


def _draw_bars(entries: Sequence[YearEntry], scale: _Scale) -> tuple[str, int]:
    """The bars as HTML, and in how many rows they are."""
    shown = [entry for entry in entries if entry.first and entry.first < scale.end]
    bars = []
    for alike in _group_by_days(shown):
        bars += _share_names(alike, scale)
    rows: list[list[_Bar]] = []
    for bar in bars:
        row = next((row for row in rows if all(_apart(bar, other) for other in row)), None)
        if row is None:
            rows.append([bar])
        else:
            row.append(bar)
    return "".join(_draw(bar, n) for n, row in enumerate(rows) for bar in row), len(rows)


def _share_names(alike: Sequence[YearEntry], scale: _Scale) -> list[_Bar]:
    """One bar for entries of the same days, or as few as have room for the names."""
    for many in range(len(alike), 1, -1):
        bar = _bar(alike[:many], scale)
        if bar.fits:
            break
    else:
        many, bar = 1, _bar(alike[:1], scale)
    return [bar, *(_share_names(alike[many:], scale) if alike[many:] else ())]


def _group_by_days(entries: Iterable[YearEntry]) -> list[list[YearEntry]]:
    """The entries, those of the same days and the same kind together."""
    found: dict[tuple[object, ...], list[YearEntry]] = {}
    for entry in entries:
        found.setdefault((entry.first, entry.last, _kind(entry), entry.closing), []).append(entry)
    return list(found.values())


def _join_names(alike: Sequence[YearEntry]) -> str:
    """“31 Oct: Final review · Decision on pay”; a time that lasts has its place for a date."""
    entry = alike[0]
    names = " · ".join(dict.fromkeys(one.name for one in alike))
    if entry.last is None or _kind(entry) not in ("deadline", "day"):
        return names
    day = f"{entry.last.day} {MONTHS[entry.last.month - 1][:3]}"
    return f"{day}: {names}{f' ({entry.year})' if entry.closing else ''}"


def _say_later(alike: Sequence[YearEntry]) -> str:
    """“decision on pay” with its day in full: for what the months of the picture do not reach."""
    entry = alike[0]
    assert entry.last
    day = f"{'by' if entry.deadline else 'until'} {british(entry.last)}"
    return f"{' · '.join(dict.fromkeys(one.name for one in alike))}, {day}"


def _bar(alike: Sequence[YearEntry], scale: _Scale) -> _Bar:
    entry, kind = alike[0], _kind(alike[0])
    assert entry.first and entry.last
    end = scale.place(min(entry.last + datetime.timedelta(days=1), scale.end))
    return _Bar(
        _join_names(alike), kind, entry.closing, scale.place(entry.first), end, scale.letter
    )


def _apart(bar: _Bar, other: _Bar) -> bool:
    return bar.room[0] >= other.room[1] or bar.room[1] <= other.room[0]


def _draw(bar: _Bar, row: int) -> str:
    marks = {
        "late": bar.is_late,
        "outside": bar.is_beside,
        "roomy": bar.is_roomy,
        "closing": bar.closing,
    }
    classes = " ".join(("bar", bar.kind, *(name for name, holds in marks.items() if holds)))
    place = f"left:{bar.start:.2f}%;width:{bar.end - bar.start:.2f}%;top:{row * ROW}rem"
    name = html.escape(bar.name, quote=False)
    return f'<span class="{classes}" style="{place}"><span class="name">{name}</span></span>'
