"""Write entries of whole days as a calendar file (.ics; iCalendar, RFC 5545).

No clock is read. How an update replaces what a calendar program holds:

- `UID` (RFC 5545, 3.8.4.7; RFC 7986, 5.3) comes from what the entry is, never from a date or a
  title.
- `SEQUENCE` (3.8.7.4) must be higher than in the entry held: RFC 5546, 2.1.5 compares it first and
  `DTSTAMP` (3.8.7.2) second, and so does Outlook; Google drops an entry whose SEQUENCE has not
  grown. `LAST-MODIFIED` (3.8.7.3) is what Apple's and Google's subscriptions go by as well. So all
  three come from one day, that of the last change: DTSTAMP and LAST-MODIFIED are its midnight,
  SEQUENCE its number of days since 1 January 2000.
- There is no METHOD: PUBLISH would need an ORGANIZER (RFC 5546, 3.2.1), and nobody organises these.

Entries last whole days (VALUE=DATE, DTEND the day after, 3.6.1) and leave the reader free
(TRANSP). A deadline has a reminder (VALARM, 3.6.6) at 9 in the morning, seven days before; from
midnight itself it would ring at night.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from icalendar import Alarm, Calendar, Event, vText

PRODUCT = "-//Formulary//Handbook//EN"
DAY = datetime.timedelta(days=1)
REMINDER = datetime.timedelta(days=-7, hours=9)
"""From the midnight at which a deadline's day begins: 9 in the morning, a week before."""

EPOCH = datetime.date(2000, 1, 1)


@dataclass(frozen=True)
class DayEntry:
    """One entry. `name` is what `uid_of` makes its UID of; `private` hides it from other readers.

    `said` is its title; that of a deadline gets “Deadline: ” in front, and with `alarm` a reminder.
    """

    name: str
    first: datetime.date
    last: datetime.date
    said: str
    description: str
    categories: tuple[str, ...]
    deadline: bool
    url: str = ""
    private: bool = False
    alarm: bool = True


def uid_of(name: str) -> str:
    """The permanent id of what has this name, as a UUID (RFC 7986, 5.3)."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"formulary:{name}"))


def calendar_file(
    title: str, about: str, entries: Iterable[DayEntry], revised: datetime.date
) -> bytes:
    """A calendar of that title, last changed on the day `revised`.

    Subscribers are asked to fetch it once a day (REFRESH-INTERVAL, RFC 7986, 5.7, and Outlook's
    X-PUBLISHED-TTL). RFC 5545, 3.4 wants one entry at least.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    for key, value in (("name", title), ("x-wr-calname", title)):
        calendar.add(key, vText(value))
    for key in ("description", "x-wr-caldesc"):
        calendar.add(key, vText(about))
    calendar.add("refresh-interval", DAY)
    calendar["refresh-interval"].params["VALUE"] = "DURATION"
    calendar.add("x-published-ttl", vText("P1D"))
    for entry in entries:
        calendar.add_component(_event(entry, revised))
    data: bytes = calendar.to_ical()
    return data


def _event(entry: DayEntry, revised: datetime.date) -> Event:
    stamp = datetime.datetime.combine(revised, datetime.time(), datetime.UTC)
    event = Event()
    event.add("uid", uid_of(entry.name))
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("sequence", (revised - EPOCH).days)
    event.add("dtstart", entry.first)
    event.add("dtend", entry.last + DAY)
    event.add("summary", vText(f"Deadline: {entry.said}" if entry.deadline else entry.said))
    event.add("description", vText(entry.description))
    event.add("categories", [vText(category) for category in entry.categories])
    event.add("class", "PRIVATE" if entry.private else "PUBLIC")
    event.add("transp", "TRANSPARENT")
    if entry.url:
        event.add("url", entry.url)
    if entry.deadline and entry.alarm:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", vText(f"In a week: {entry.said}"))
        alarm.add("trigger", REMINDER)
        event.add_component(alarm)
    return event
