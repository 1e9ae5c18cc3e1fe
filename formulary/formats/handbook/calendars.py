"""The deadlines as calendars: an edition comes in, iCalendar files and the page about them go out.

Each staff group, and each role with a part that acts at a date, has one file (RFC 5545). An event
is the same to the byte in every file that holds it, so that somebody who takes two of them into one
calendar sees it once.

How an update replaces what a calendar program holds, without a clock:

- `UID` (RFC 5545, 3.8.4.7; RFC 7986, 5.3) comes from the organisation, the cycle, the event and the
  year in which the cycle starts, never from a date or a title. All three products find the earlier
  entry by it. What closes last year's cycle has the same UID here as in last year's edition, for it
  is the same event; no two events ever share one.
- `SEQUENCE` (3.8.7.4) must be higher than in the entry held: RFC 5546, 2.1.5 compares it first and
  `DTSTAMP` (3.8.7.2) second, and so does Outlook; Google drops an entry whose SEQUENCE has not
  grown. `LAST-MODIFIED` (3.8.7.3) is what Apple's and Google's subscriptions go by as well. So all
  three come from one day, `revised` in cycle.yaml, or 1 January of the cycle's first year where
  that is later: DTSTAMP and LAST-MODIFIED are its midnight, SEQUENCE its number of days since
  1 January 2000. They never fall from one edition to the next, and rise when `revised` does.
- A subscription is fetched anew and replaced as a whole in every product; REFRESH-INTERVAL
  (RFC 7986, 5.7) and Outlook's X-PUBLISHED-TTL ask for it once a day. Google keeps its own pace.
- There is no METHOD: PUBLISH would need an ORGANIZER (RFC 5546, 3.2.1), and nobody organises these.

Entries last whole days (VALUE=DATE, DTEND the day after, 3.6.1) and leave the reader free
(TRANSP). A deadline has a reminder (VALARM, 3.6.6) at 9 in the morning, seven days before; from
midnight itself it would ring at night. Apple keeps it unless the reader has alerts removed when
subscribing; Outlook keeps it in files that are opened, and drops it from subscriptions; Google
drops it always and uses the reader's own setting. The page says so.
"""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from icalendar import Alarm, Calendar, Event, vText
from mkdocs.exceptions import ConfigurationError
from mkdocs.utils.yaml import yaml_load

from formulary.formats.handbook.addresses import Addresses
from formulary.formats.handbook.downloads import size_in_words
from formulary.formats.handbook.markdown import built
from formulary.formats.handbook.writer import Writer
from formulary.formats.handbook.year import Entry, Year, years
from formulary.model.edition import Edition
from formulary.model.text import first_capital, plain
from formulary.problems import OutputError

TITLE = "Calendars"
PAGE = "calendars/index.md"

PRODUCT = "-//Formulary//Performance management handbook//EN"
DAY = datetime.timedelta(days=1)
REMINDER = datetime.timedelta(days=-7, hours=9)
"""From the midnight at which a deadline's day begins: 9 in the morning, a week before."""

EPOCH = datetime.date(2000, 1, 1)


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
    """`site_url` of mkdocs.yml with a slash at its end; empty where it is not set.

    Raises OutputError where the file cannot be read.
    """
    fix = "Mend the line, or fetch mkdocs.yml again."
    try:
        with config_file.open("rb") as file:
            settings = yaml_load(file)
    except OSError as error:
        raise OutputError(f"{config_file} cannot be read: {error.strerror}. {fix}") from error
    except ConfigurationError as error:
        raise OutputError(f"{config_file} cannot be read: {error}. {fix}") from error
    if not isinstance(settings, dict):
        raise OutputError(f"{config_file} does not hold names and values. {fix}")
    found = settings.get("site_url")
    return f"{str(found).rstrip('/')}/" if found else ""


def calendar_files(addresses: Addresses, site_url: str = "") -> tuple[CalendarFile, ...]:
    """The calendars of an edition: those of groups, then those of roles with a part.

    What has no dated entry has no file. `site_url` is where the site will stand, if that is known.
    """
    edition = addresses.edition
    found = years(edition)
    made = [
        _file(
            addresses,
            ("group", group.id),
            group.name,
            [(y, e) for y in found if group.id in y.calendar.cycle.groups for e in y.dated],
            site_url,
        )
        for group in edition.organisation.groups
    ]
    made += [
        _file(
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


def _file(
    addresses: Addresses,
    whose: tuple[Literal["group", "role"], str],
    name: str,
    entries: list[tuple[Year, Entry]],
    site_url: str,
) -> CalendarFile:
    edition = addresses.edition
    title = f"{edition.organisation.short}: {name}"
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    about = f"Performance management, {edition.name}. {edition.notice}".strip()
    for key, value in (("name", title), ("x-wr-calname", title)):
        calendar.add(key, vText(value))
    for key in ("description", "x-wr-caldesc"):
        calendar.add(key, vText(about))
    calendar.add("refresh-interval", DAY)
    calendar["refresh-interval"].params["VALUE"] = "DURATION"
    calendar.add("x-published-ttl", vText("P1D"))
    entries.sort(key=lambda pair: (pair[1].first, pair[1].last, pair[1].cycle, pair[1].event))
    for year, entry in entries:
        calendar.add_component(_event(addresses, year, entry, site_url))
    path = addresses.page(f"calendars/{whose[0]}-{whose[1]}.ics")
    return CalendarFile(path, whose, name, len(entries), calendar.to_ical())


def _event(addresses: Addresses, year: Year, entry: Entry, site_url: str) -> Event:
    assert entry.first and entry.last
    edition = addresses.edition
    revised = last_revised(edition)
    stamp = datetime.datetime.combine(revised, datetime.time(), datetime.UTC)
    said = f"{entry.name} ({year.calendar.cycle.name}, {entry.year})"
    event = Event()
    event.add("uid", uid(edition.id, entry))
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("sequence", (revised - EPOCH).days)
    event.add("dtstart", entry.first)
    event.add("dtend", entry.last + DAY)
    event.add("summary", vText(f"Deadline: {said}" if entry.deadline else said))
    event.add("description", vText(_description(edition, entry)))
    event.add("categories", [vText("Performance management"), vText(year.calendar.cycle.name)])
    event.add("class", "PUBLIC")
    event.add("transp", "TRANSPARENT")
    if site_url:
        page = built(addresses.page("year.md"))
        event.add("url", f"{site_url}{page}#{entry.id}")
    if entry.deadline:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", vText(f"In a week: {said}"))
        alarm.add("trigger", REMINDER)
        event.add_component(alarm)
    return event


def uid(organisation: str, entry: Entry) -> str:
    """The permanent id of an event of one year, as a UUID (RFC 7986, 5.3)."""
    name = f"formulary:{organisation}/{entry.cycle}/{entry.event}/{entry.starts}"
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def last_revised(edition: Edition) -> datetime.date:
    """The day that stands for the calendar's last change; see the module's words on updates."""
    first = datetime.date(edition.year, 1, 1)
    return max(edition.cycles.revised or first, first)


def _description(edition: Edition, entry: Entry) -> str:
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
        kinds=[kind for kind in _kinds(found) if kind[2]],
        site_url=site_url,
        webcal=re.sub(r"^https?:", "webcal:", site_url),
        public=site_url.startswith("https:"),
    )


def _kinds(files: tuple[CalendarFile, ...]) -> Iterator[tuple[str, str, list[CalendarFile]]]:
    yield "For a staff group", "groups", [file for file in files if file.whose[0] == "group"]
    yield "For a role", "roles", [file for file in files if file.whose[0] == "role"]
