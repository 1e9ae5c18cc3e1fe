"""Tell whether a contract is shorter than a length in a policy's words, such as “one term”.

The length is a rule such as `exactly: 1`, `unit: term`. No policy says how many days a term has, so
a contract between the shortest and the longest term is perhaps shorter.
"""

from __future__ import annotations

import datetime
from calendar import monthrange
from typing import Literal

from formulary.content.cycle import Cycles, Term, read_month
from formulary.content.organisation import Rule

DAY = datetime.timedelta(days=1)

SHORTEST_TERM, LONGEST_TERM = 10 * 7, 17 * 7
"""Days of a school's terms in England, where an organisation's calendar names none."""

UNITS = ("day", "week", "month", "year")
"""What `after` can count."""

Answer = Literal["yes", "no", "perhaps"]


def is_shorter(
    starts: datetime.date, ends: datetime.date, rule: Rule, cycles: Cycles, year: int
) -> Answer:
    """Whether the time from the first day to the last is shorter than a rule's length."""
    number = _rule_number(rule)
    unit = unit_of(rule)
    if unit == "term":
        shortest, longest = term_days(cycles, year)
        days = (ends - starts).days + 1
        if days < number * shortest:
            return "yes"
        return "no" if days >= number * longest else "perhaps"
    return "yes" if ends + DAY < after(starts, number, unit) else "no"


def after(day: datetime.date, number: int, unit: str) -> datetime.date:
    """The day so many days, weeks, months or years later.

    The 31st of a month that is too short becomes the first day of the next. Raises ValueError for
    other units.
    """
    if unit == "day":
        return day + number * DAY
    if unit == "week":
        return day + 7 * number * DAY
    if unit not in UNITS:
        raise ValueError(f"“{unit}” is not a length of time")
    months = day.month - 1 + number * (12 if unit == "year" else 1)
    first = datetime.date(day.year + months // 12, months % 12 + 1, 1)
    return first + (day.day - 1) * DAY if _has_day(first, day.day) else after(first, 1, "month")


def end_date(day: datetime.date, rule: Rule) -> datetime.date:
    """The last day of a time that begins on `day` and is as long as a rule says."""
    return after(day, _rule_number(rule), unit_of(rule)) - DAY


def unit_of(rule: Rule) -> str:
    """What a rule's number counts: the last word of its unit, in the singular."""
    return (rule.unit or "").rpartition(" ")[2].removesuffix("s")


def _has_day(first: datetime.date, day: int) -> bool:
    return (first + (day - 1) * DAY).month == first.month


def _rule_number(rule: Rule) -> int:
    return next(n for n in (rule.exactly, rule.min, rule.max, rule.normal) if n is not None)


def term_days(cycles: Cycles, year: int) -> tuple[int, int]:
    """The days of the shortest and of the longest term of the organisation's calendar."""
    days = [_days_of(term, year) for term in cycles.terms]
    return (min(days), max(days)) if days else (SHORTEST_TERM, LONGEST_TERM)


def _days_of(term: Term, year: int) -> int:
    start, end = read_month(term.starts), read_month(term.ends)
    first = datetime.date(year, start.months[0], start.day or 1)
    year += end.months[-1] < start.months[0]
    last = end.day or monthrange(year, end.months[-1])[1]
    return (datetime.date(year, end.months[-1], last) - first).days + 1
