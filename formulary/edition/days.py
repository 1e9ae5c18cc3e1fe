"""Read days as people write them."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from formulary.content.cycle import MONTHS
from formulary.words import one_line, strip_unseen

OPEN = frozenset(
    [
        *("", "-", "–", "—", "n/a", "na", "nil", "none", "null", "tbc", "permanent", "ongoing"),
        *("open", "open ended", "open-ended", "current", "present"),
    ]
)
"""What people write where there is no date."""

FIRST_YEAR, LAST_YEAR = 1940, 2100
"""Before and from these, systems mean “none”: 01/01/1900, 31/12/4712, 31/12/9999."""

_TIME = (
    r"(?:[T ,-]*(?:at )?\d{1,2}(?:[:.]\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[ap]\.?m)?|\s*[ap]\.?m)"
    r"(?:Z|[+-]\d{2}:?\d{2})?)?"
)
_YEAR_FIRST = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}", re.I)
_NUMBERS = re.compile(rf"(\d{{1,2}})([-/. ])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_TIME}", re.I)
_DAY_MONTH = re.compile(
    rf"(?:the )?(\d{{1,2}}) ?(?:st|nd|rd|th)?(?: of)?[-/ .,]*([a-z]{{3,9}})[-/ .,]*"
    rf"(\d{{4}}|\d{{2}}){_TIME}",
    re.I,
)
_MONTH_DAY = re.compile(
    rf"([a-z]{{3,9}})[-/ .]*(?:the )?(\d{{1,2}}) ?(?:st|nd|rd|th)?[, ]*(\d{{4}}){_TIME}", re.I
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = (
    r"(mon(?:day)?|tues?(?:day)?|wed(?:s|nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:urday)?"
    r"|sun(?:day)?)"
)
_WEEKDAY_FIRST = re.compile(rf"{_WEEKDAY}(?![a-z])[., ]*(?=\S)", re.I)
_WEEKDAY_LAST = re.compile(rf"[, (]+{_WEEKDAY}[.)]*$", re.I)
_SPACED = re.compile(r"(?<=\d) ?([-/.]) ?(?=\d)")
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")


@dataclass(frozen=True, slots=True)
class Day:
    """What a text can mean.

    `order` says how it was written: named (no doubt), both (day and month could be swapped),
    british (only day first is possible), american (only month first is: `date` is None), open (no
    date is meant), none (not a date).
    """

    order: Literal["named", "both", "british", "american", "open", "none"]
    date: datetime.date | None = None


@lru_cache(maxsize=1024)
def read_day(text: str) -> Day:
    """The day that a text means, day before month where both are numbers.

    A time after it and the day of the week are ignored; no date, if that is the wrong weekday.
    """
    text = one_line(strip_unseen(text)).removeprefix("'")
    if text.casefold() in OPEN:
        return Day("open")
    text = _SPACED.sub(r"\1", text.translate(_DASHES).rstrip("., "))
    weekday = _WEEKDAY_FIRST.match(text) or _WEEKDAY_LAST.search(text)
    if weekday:
        text = text[: weekday.start()] + text[weekday.end() :]
    day = _read_date(text)
    wrong = weekday and day.date and _WEEKDAYS[day.date.weekday()] != weekday[1][:3].casefold()
    return Day("none") if wrong else day


def _read_date(text: str) -> Day:
    if found := _YEAR_FIRST.fullmatch(text):
        return _name_day(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_MONTH.fullmatch(text):
        return _name_day(_year(found[3]), _month(found[2]), int(found[1]))
    if found := _MONTH_DAY.fullmatch(text):
        return _name_day(_year(found[3]), _month(found[1]), int(found[2]))
    if found := _NUMBERS.fullmatch(text):
        return _order_numbers(int(found[1]), int(found[3]), _year(found[4]))
    return Day("none")


def drop_placeholder(date: datetime.date) -> datetime.date | None:
    """The date; None for one that systems write where there is none (see FIRST_YEAR)."""
    return date if FIRST_YEAR <= date.year < LAST_YEAR else None


def _name_day(year: int, month: int, day: int) -> Day:
    date = _date(year, month, day)
    if date is None:
        return Day("none")
    return Day("named", date) if drop_placeholder(date) else Day("open")


def _order_numbers(first: int, second: int, year: int) -> Day:
    british, american = _date(year, second, first), _date(year, first, second)
    if british is None:
        return Day("american") if american else Day("none")
    if not drop_placeholder(british):
        return Day("open")
    if first == second:
        return Day("named", british)
    return Day("both" if american else "british", british)


def _date(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _year(text: str) -> int:
    """A year; of two digits, 70 to 99 are in the last century."""
    number = int(text)
    if len(text) == 4:
        return number
    return 1900 + number if number >= 70 else 2000 + number


def _month(name: str) -> int:
    """The number of a month by its name or the beginning of it; 0 if there is none."""
    wanted = "sep" if name.casefold() == "sept" else name.casefold()
    for number, month in enumerate(MONTHS, start=1):
        if month.casefold() == wanted or month[:3].casefold() == wanted:
            return number
    return 0
