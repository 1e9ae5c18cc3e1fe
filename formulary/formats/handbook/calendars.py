"""Write the deadlines of an edition as iCalendar files, and the page about them.

Each staff group, and each role with a part that acts at a date, has one file (RFC 5545). An event
is the same to the byte in every file that holds it, so that somebody who takes two of them into one
calendar sees it once.

`calendar_file` says how a file is written. The day of the last change is `revised` in
cycle.yaml, or 1 January of the cycle's first year where that is later, so that it never falls from
one edition to the next. A UID comes from the organisation, the cycle, the event and the year in
which the cycle starts: what closes last year's cycle has the same UID here as in last year's
edition, for it is the same event; no two events ever share one. So does a meeting of the next
cycle that closes this one: next year's edition holds it as its own.

A subscription is fetched again and replaced as a whole in every product; Google keeps its own pace.
Apple keeps reminders unless the reader has alerts removed when subscribing; Outlook keeps them in
files that are opened, and drops them from subscriptions; Google drops them always and uses the
reader's own setting. The page says so.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from formulary.calendar_file import DayEntry, calendar_file
from formulary.edition.edition import Edition
from formulary.edition.text import first_capital, plain
from formulary.formats.handbook.addresses import Addresses
from formulary.formats.handbook.downloads import size_in_words
from formulary.formats.handbook.markdown import built_address
from formulary.formats.handbook.settings import read_settings
from formulary.formats.handbook.writer import Writer
from formulary.formats.handbook.year import Year, YearEntry, cycles_name, years

TITLE = "Calendars"
PAGE = "calendars/index.md"


@dataclass(frozen=True)
class CalendarFile:
    """One .ics file: `path` from the root of the docs folder, `whose` it is, and what it holds."""

    path: str
    whose: tuple[Literal["group", "role"], str]
    name: str
    entries: int
    data: bytes

    @property
    def kind(self) -> str:
        """Type, size and number of entries, as a reader needs them before a click."""
        count = "1 entry" if self.entries == 1 else f"{self.entries} entries"
        return f"iCalendar, {size_in_words(len(self.data))}, {count}"


def site_address(config_file: Path) -> str:
    """`site_url` of the settings with a slash at its end; empty where it is not set.

    Raises OutputError where they cannot be read.
    """
    found = read_settings(config_file).get("site_url")
    return f"{str(found).rstrip('/')}/" if found else ""


def calendar_files(addresses: Addresses, site_url: str = "") -> tuple[CalendarFile, ...]:
    """The calendars of an edition: those of groups, then those of roles with a part.

    What has no dated entry has no file. `site_url` is the address of the published site, if known.
    """
    edition = addresses.edition
    found = years(edition)
    made = [
        _make_file(
            addresses,
            ("group", group.id),
            group.name,
            [(y, e) for y in found for e in y.dated if group.id in e.groups],
            site_url,
        )
        for group in edition.organisation.groups
    ]
    made += [
        _make_file(
            addresses,
            ("role", role.id),
            role.name,
            [(y, e) for y in found for e in y.dated if role.id in e.acts],
            site_url,
        )
        for role in edition.organisation.roles
        if role.part
    ]
    return tuple(file for file in made if file.entries)


def _make_file(
    addresses: Addresses,
    whose: tuple[Literal["group", "role"], str],
    name: str,
    entries: list[tuple[Year, YearEntry]],
    site_url: str,
) -> CalendarFile:
    edition = addresses.edition
    title = f"{edition.organisation.short}: {name}"
    about = (
        f"{first_capital(edition.organisation.process)}, {edition.name}. {edition.notice}".strip()
    )
    entries.sort(key=lambda pair: (pair[1].first, pair[1].last, pair[1].cycle, pair[1].event))
    made = [_make_entry(addresses, year, entry, site_url) for year, entry in entries]
    data = calendar_file(title, about, made, revision_date(edition))
    path = addresses.page(f"calendars/{whose[0]}-{whose[1]}.ics")
    return CalendarFile(path, whose, name, len(entries), data)


def _make_entry(addresses: Addresses, year: Year, entry: YearEntry, site_url: str) -> DayEntry:
    assert entry.first and entry.last
    edition, cycle = addresses.edition, year.calendar.cycle.name
    page = built_address(addresses.page("year.md"))
    return DayEntry(
        name=f"{edition.id}/{entry.cycle}/{entry.event}/{entry.starts}",
        first=entry.first,
        last=entry.last,
        said=f"{entry.name} ({cycle}, {entry.cycles_named})",
        description=_description(edition, entry),
        categories=(first_capital(edition.organisation.process), cycle),
        deadline=entry.deadline,
        url=f"{site_url}{page}#{entry.id}" if site_url else "",
    )


def revision_date(edition: Edition) -> datetime.date:
    """The day of the calendar's last change; see the head of this module."""
    first = datetime.date(edition.year, 1, 1)
    return max(edition.cycles.revised or first, first)


def _description(edition: Edition, entry: YearEntry) -> str:
    labels = list(dict.fromkeys(edition.label(id) for id in entry.clauses))
    lines = [
        f"{first_capital(entry.when)}.",
        plain(entry.text),
        f"Who acts: {plain(entry.who)}.",
        f"In the policy: {'; '.join(labels)}." if labels else "",
        edition.notice,
    ]
    return "\n".join(line for line in lines if line)


def calendar_pages(
    writer: Callable[[str], Writer], files: Iterable[CalendarFile], site_url: str = ""
) -> dict[str, str]:
    """Path -> text of the page that offers the calendars."""
    found = tuple(files)
    addresses = writer("").addresses
    edition = addresses.edition
    return writer(addresses.page(PAGE)).page(
        "view-calendars",
        TITLE,
        f"The dates of {edition.name} for Outlook, Google and Apple calendars.",
        named=cycles_name(edition),
        kinds=[kind for kind in _kinds(found) if kind[2]],
        site_url=site_url,
        webcal=re.sub(r"^https?:", "webcal:", site_url),
        public=site_url.startswith("https:"),
    )


def _kinds(files: tuple[CalendarFile, ...]) -> Iterator[tuple[str, str, list[CalendarFile]]]:
    yield "For a staff group", "groups", [file for file in files if file.whose[0] == "group"]
    yield "For a role", "roles", [file for file in files if file.whose[0] == "role"]
