"""Draw the year of a cycle as SVG.

The months run down the page, so that the picture fits a phone and its letters never shrink below
15 pixels there. Text is text, colours come from the page (`currentColor` and the theme's classes),
and kinds of entry differ in shape as well: a diamond is a deadline, a circle a day, a bar a span,
and what closes last year's cycle is hollow.
"""

from __future__ import annotations

import datetime
import html
from collections.abc import Iterator
from dataclasses import dataclass

from formulary.content.cycle import MONTHS, british
from formulary.diagrams.svg import LINE, SIZE
from formulary.diagrams.typeface import wrap_text
from formulary.formats.handbook.year import Year, YearEntry

WIDTH = 300
SPINE = 52
TEXT_AT = 88
GAP = 9
BARS_AT = 12
BAR = 7


@dataclass(frozen=True)
class PictureLine:
    """One line of text; the time is printed strong."""

    text: str
    strong: bool = False


@dataclass(frozen=True)
class PlacedEntry:
    """An entry with its lines and its top, in pixels."""

    entry: YearEntry
    top: float
    lines: tuple[PictureLine, ...]

    @property
    def middle(self) -> float:
        """The height of the first line's middle, where its mark is."""
        return self.top + LINE / 2


@dataclass(frozen=True)
class PlacedMonth:
    """A month's band: its top and height, in pixels, and its entries."""

    year: int
    month: int
    top: float
    height: float
    entries: tuple[PlacedEntry, ...]


def draw_year(year: Year, title: str) -> str:
    """The picture of one cycle's year, as an SVG element on lines without empty ones."""
    months = tuple(_place_months(year))
    bottom = months[-1].top + months[-1].height
    undated = tuple(_place_undated(year, bottom + 34)) if year.undated else ()
    height = (undated[-1].top + len(undated[-1].lines) * LINE + GAP) if undated else bottom + GAP
    id = year.calendar.cycle.id
    description = describe(year)
    parts = [
        f'<svg class="year-picture" viewBox="0 0 {WIDTH} {height:.0f}" role="img" '
        f'aria-labelledby="{id}--title {id}--description" xmlns="http://www.w3.org/2000/svg">',
        f'<title id="{id}--title">{html.escape(title)}</title>',
        f'<desc id="{id}--description">{html.escape(description)}</desc>',
        *_draw_bands(months, year),
        f'<line class="spine" x1="{SPINE}" y1="0" x2="{SPINE}" y2="{bottom:.0f}"/>',
        *_draw_bars(months),
    ]
    for month in months:
        for placed in month.entries:
            parts += [_draw_mark(placed), *_draw_lines(placed)]
    if undated:
        parts.append(_draw_words("At no fixed date", 0, bottom + 24, "undated"))
        for placed in undated:
            parts += _draw_lines(placed, 0)
    return "\n".join([*parts, "</svg>"])


def describe(year: Year) -> str:
    """The picture in a sentence, for those who do not see it."""
    count = len(year.entries)
    events = "one event" if count == 1 else f"{count} events"
    starts, ends = british(year.calendar.starts), british(year.calendar.ends)
    return (
        f"The months run from top to bottom, with {events} beside them. The cycle runs from "
        f"{starts} to {ends}. The list after the picture says the same in words."
    )


def describe_shapes(year: Year) -> str:
    """What the shapes of the picture mean, those only that occur in it."""
    spans = any(entry.first != entry.last for entry in year.dated)
    days = any(entry.first == entry.last and not entry.deadline for entry in year.dated)
    said = [
        "A diamond is a deadline." if any(entry.deadline for entry in year.dated) else "",
        "A circle is a day." if days else "",
        "A bar is a time that lasts." if spans else "",
        "Hollow shapes close last year’s cycle." if year.closing else "",
        "The list says the same in words.",
    ]
    return " ".join(sentence for sentence in said if sentence)


def wrap_entry(entry: YearEntry, width: int) -> tuple[PictureLine, ...]:
    """What the picture says of an entry: when, then its name, and which year if not this one."""
    when = entry.short[:1].upper() + entry.short[1:]
    return (
        *(PictureLine(text, True) for text in wrap_text(when, width, SIZE, strong=True)),
        *(PictureLine(text) for text in wrap_text(entry.title, width, SIZE)),
    )


def _place_months(year: Year) -> Iterator[PlacedMonth]:
    top = 0.0
    for number, month in year.months():
        placed: list[PlacedEntry] = []
        at = top + GAP
        for entry in year.dated:
            if entry.first and (entry.first.year, entry.first.month) == (number, month):
                placed.append(PlacedEntry(entry, at, wrap_entry(entry, WIDTH - TEXT_AT)))
                at += len(placed[-1].lines) * LINE + GAP
        lines = 2 if top == 0 or month == 1 else 1  # the first month of a year names the year
        height = max(at - top, lines * LINE + 2 * GAP)
        yield PlacedMonth(number, month, top, height, tuple(placed))
        top += height


def _place_undated(year: Year, top: float) -> Iterator[PlacedEntry]:
    for entry in year.undated:
        lines = wrap_entry(entry, WIDTH)
        yield PlacedEntry(entry, top, lines)
        top += len(lines) * LINE + GAP


def _draw_bands(months: tuple[PlacedMonth, ...], year: Year) -> Iterator[str]:
    """The months' names, and a rule above each; a month outside the cycle is told apart."""
    for place, month in enumerate(months):
        first = datetime.date(month.year, month.month, 1)
        outside = first > year.calendar.ends
        kind = "month outside" if outside else "month"
        if place:
            y = f"{month.top:.0f}"
            yield f'<line class="rule" x1="0" y1="{y}" x2="{WIDTH}" y2="{y}"/>'
        yield _draw_words(MONTHS[month.month - 1][:3], 0, month.top + GAP + LINE - 5, kind)
        if place == 0 or month.month == 1:
            yield _draw_words(str(month.year), 0, month.top + GAP + 2 * LINE - 5, "of-year")


def _draw_bars(months: tuple[PlacedMonth, ...]) -> Iterator[str]:
    """A bar for every entry that spans time, in lanes beside the spine."""
    lanes: list[float] = []
    for month in months:
        for placed in month.entries:
            entry = placed.entry
            if entry.first == entry.last or entry.last is None:
                continue
            until = next(
                (m for m in months if (m.year, m.month) == (entry.last.year, entry.last.month)),
                months[-1],
            )
            end = until.top + until.height - 3
            lane = next((i for i, free in enumerate(lanes) if free <= placed.top), len(lanes))
            lanes[lane:] = [end, *lanes[lane + 1 :]]
            x = SPINE + BARS_AT + min(lane, 1) * (BAR + 3) - BAR / 2
            hollow = " hollow" if entry.closing else ""
            yield (
                f'<rect class="bar{hollow}" x="{x:.1f}" y="{placed.top + 1:.0f}" width="{BAR}" '
                f'height="{max(end - placed.top, LINE):.0f}" rx="3"/>'
            )


def _draw_mark(placed: PlacedEntry) -> str:
    entry, y = placed.entry, placed.middle
    hollow = " hollow" if entry.closing else ""
    if entry.first != entry.last:
        return f'<circle class="mark small" cx="{SPINE}" cy="{y:.0f}" r="3"/>'
    if entry.deadline:
        path = f"M{SPINE} {y - 8:.0f}l8 8l-8 8l-8 -8z"
        return f'<path class="mark{hollow}" d="{path}"/>'
    return f'<circle class="mark{hollow}" cx="{SPINE}" cy="{y:.0f}" r="6"/>'


def _draw_lines(placed: PlacedEntry, x: int = TEXT_AT) -> Iterator[str]:
    for place, line in enumerate(placed.lines):
        y = placed.top + place * LINE + LINE - 5
        yield _draw_words(line.text, x, y, "when" if line.strong else "what")


def _draw_words(text: str, x: float, y: float, kind: str) -> str:
    return f'<text class="{kind}" x="{x:.0f}" y="{y:.0f}">{html.escape(text)}</text>'
