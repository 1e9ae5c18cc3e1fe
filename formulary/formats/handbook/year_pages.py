"""The year as a page, and as the months of the home page."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence

from formulary.content.cycle import MONTHS, british
from formulary.edition.text import first_capital
from formulary.formats.handbook.season import entry_time, split_when
from formulary.formats.handbook.views import forms_behind
from formulary.formats.handbook.writer import Writer
from formulary.formats.handbook.year import (
    Year,
    YearEntry,
    cycle_name,
    month_name,
    year_title,
    years,
)
from formulary.formats.handbook.year_band import draw_lanes, list_marks
from formulary.words import join_names

ROOMY = 48
"""Up to so many lines, a year on one page is printed in larger letters."""


def year_page(writer: Callable[[str], Writer]) -> dict[str, str]:
    """Path -> text of the page `year.md`."""
    addresses = writer("").addresses
    edition = addresses.edition
    names = {group.id: group.name for group in edition.organisation.groups}
    found = [
        (year, join_names(names.get(id, id) for id in year.calendar.cycle.groups))
        for year in years(edition)
    ]
    lanes = [(year, who if who != year.calendar.cycle.name else "") for year, who in found]
    return writer(addresses.page("year.md")).page(
        "year",
        year_title(edition),
        f"What happens when in {edition.name}, for each staff group, with dates.",
        wide=True,
        years=found,
        picture=draw_lanes(lanes),
        marks=list_marks(year for year, _ in found),
        months=list(list_by_month([year for year, _ in found])),
        group_entries=group_entries,
        describe_period=describe_period,
        split_when=split_when,
        entry_time=entry_time,
        forms_behind=forms_behind,
        capital=first_capital,
    )


def list_by_month(years: Sequence[Year]) -> Iterator[tuple[YearEntry, str, str]]:
    """What happens in all cycles, in order of time: the first of the events, all names, the cycles.

    Events of one time in the same cycles are one line, and those of one name in several cycles.
    """
    cycles: dict[tuple[str, str], list[str]] = {}
    firsts: dict[tuple[str, str], YearEntry] = {}
    for year in years:
        for entry in year.dated:
            same = entry.title, entry.when
            firsts.setdefault(same, entry)
            cycles.setdefault(same, []).append(year.calendar.cycle.name)
    lines: dict[tuple[object, ...], list[YearEntry]] = {}
    for same, entry in firsts.items():
        days = entry.first, entry.last, entry.deadline, join_names(cycles[same])
        lines.setdefault(days, []).append(entry)
    late = datetime.date.max
    for (*_, whose), alike in sorted(
        lines.items(), key=lambda line: (line[0][1] or late, line[0][0] or late)
    ):
        yield alike[0], " · ".join(entry.title for entry in alike), str(whose)


def year_sheets(writer: Callable[[str], Writer]) -> dict[str, str]:
    """Path -> text of the year of every cycle on one page, to be printed on one sheet of A4."""
    addresses = writer("").addresses
    edition = addresses.edition
    pages: dict[str, str] = {}
    for year in years(edition):
        cycle, months = year.calendar.cycle, list(_sheet_months(year))
        named = cycle_name(year.calendar, edition.year)
        pages |= writer(addresses.year_sheet(cycle.id)).page(
            "year-print",
            f"The year {named}: {cycle.name}",
            f"What happens when in {named}, on one page for printing: {cycle.name}.",
            search=False,
            wide=True,
            year=year,
            months=months,
            legend=describe_marks(year),
            roomy=len(months) + 2 * len(year.entries) <= ROOMY,
            describe_period=describe_period,
            entry_kind=entry_kind,
            capital=first_capital,
        )
    return pages


def _sheet_months(year: Year) -> Iterator[tuple[str, tuple[YearEntry, ...]]]:
    """Every month, with room for a reader's own notes where nothing happens."""
    for number, month in year.months():
        yield (
            month_name(number, month),
            tuple(
                entry
                for entry in year.dated
                if entry.first and (entry.first.year, entry.first.month) == (number, month)
            ),
        )


def entry_kind(entry: YearEntry) -> str:
    """How the sheet marks an entry: as a deadline, a day, or a time that lasts."""
    if entry.first != entry.last:
        return "span"
    return "deadline" if entry.deadline else "day"


def describe_marks(year: Year) -> str:
    """What the marks on the sheet mean, those only that occur in it."""
    marks = {"deadline": "◆ deadline", "day": "● day", "span": "▬ period"}
    there = {entry_kind(entry) for entry in year.dated}
    return ", ".join(said for name, said in marks.items() if name in there)


def group_entries(year: Year) -> list[tuple[str, str, tuple[YearEntry, ...]]]:
    """The entries of the list under their headings, each heading with its anchor."""
    name = cycle_name(year.calendar, year.calendar.year)
    before = cycle_name(year.calendar, year.calendar.year - 1)
    found = [
        (f"Closing the cycle of {before}", "closing", year.closing),
        (f"In the cycle of {name}", "during", year.during),
        ("After the cycle ends", "after", year.after),
        ("No set date", "undated", year.undated),
    ]
    return [part for part in found if part[2]]


def describe_period(year: Year) -> str:
    """The cycle's first and last day in a sentence."""
    calendar = year.calendar
    if calendar.cycle.period:
        lead = "from " if calendar.cycle.period.startswith(MONTHS) else ""
        return f"The cycle runs {lead}{calendar.cycle.period}."
    return f"The cycle runs from {british(calendar.starts)} to {british(calendar.ends)}."
