"""Cycles as rules, and the dates that the rules give in one year.

A cycle and its events are written without years (“by 31 October after the cycle”). `Calendar` turns
them into dates for the year in which the cycle starts. No clock is read.
"""

from __future__ import annotations

import datetime
import re
from calendar import month_name
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import Field, model_validator

from formulary.content.base import ContentModel, Id, Line, Text, When

T = TypeVar("T")

MONTHS = tuple(month_name)[1:]
_MONTH = "|".join(MONTHS)
_ID = r"[a-z][a-z0-9-]*"

OPEN_RULES = (
    "as needed",
    "as soon as practicable",
    "throughout the cycle",
    "on a date you agree",
    "when it suits",  # the words for that in content of earlier years
)
"""Time rules that no day follows from."""


Step = Literal["objectives", "interim-review", "final-review", "report", "pay-decision"]
"""What an event is among the steps that every cycle has, in their order."""

STEPS: tuple[Step, ...] = get_args(Step)

CLOSING: tuple[Step, ...] = ("final-review", "report", "pay-decision")
"""The steps with which a cycle closes."""

_STEP_OF_ID: dict[str, Step] = {
    **dict.fromkeys(("objectives", "objective-setting", "planning"), "objectives"),
    **dict.fromkeys(
        ("interim-review", "mid-year-review", "mid-term-review", "mid-year", "mid-term"),
        "interim-review",
    ),
    **dict.fromkeys(("final-review", "review", "annual-review", "review-meeting"), "final-review"),
    "report": "report",
    "pay-decision": "pay-decision",
}
"""The step of an event in content that was written before events could name it, by its id."""

RecordedAs = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*(\.[a-z][a-z0-9_]*){0,2}$")]
"""What the date fields of forms mean, or one of them as form.field or form.table.column."""


class Term(ContentModel):
    """A school term, by the months it runs in."""

    id: Id
    name: Line = Field(description="The name that readers see: “Spring term”.")
    starts: When = Field(description="The first month or day, for example January or 1 September.")
    ends: When = Field(description="The last month or day.")


class Event(ContentModel):
    """Something that happens in a cycle."""

    id: Id
    name: Line = Field(description="The name that readers see: “Interim review”.")
    who: Line = Field(description="Who acts, in words.")
    acts: tuple[Id, ...] = Field(
        (), description="Who acts, by the ids of roles in organisation.yaml."
    )
    groups: tuple[Id, ...] = Field(
        (), description="The staff groups that it concerns; all those of the cycle if left out."
    )
    step: Step | None = Field(
        None,
        description="What it is in the cycle, if it is one of these: objectives are set, "
        "performance is reviewed during the cycle or at its end, the report is given, pay is "
        "decided. `check` compares the dates of these steps. If it is left out, it is worked out "
        "from ids that earlier content has, such as pay-decision; an empty `step:` says none.",
    )
    when: When = Field(description="When it happens, as a time rule: “by 31 October”.")
    policy_says: Line | None = Field(
        None,
        alias="policy-says",
        description="When it happens in the policy’s own terms, where the policy sets no date: "
        "“as the cycle begins”. The time rule is then only expected: it is printed as “expected "
        "about October 2026”, and is never a deadline.",
    )
    after: tuple[Id, ...] = Field(
        (),
        description="The events of the cycle that come first, because they prepare this one. It is "
        "listed after them, whatever their dates.",
    )
    closes_last_cycle: bool = Field(
        False,
        alias="closes-last-cycle",
        description="Whether it also closes the cycle before. The year then shows the next one "
        "too, after the end of the cycle: that is the meeting which closes this cycle.",
    )
    text: Text = Field(description="What happens, in a sentence or two.")
    clauses: tuple[Id, ...] = Field((), description="The clauses behind it.")
    forms: tuple[Id, ...] | None = Field(
        None,
        description="The forms that are filled in at it or for it, in order. [] says that there is "
        "none; if left out, nobody has said so yet.",
    )
    recorded_as: tuple[RecordedAs, ...] = Field(
        (),
        alias="recorded-as",
        description="The dates on forms that say when it happened; returned forms are checked by "
        "it. Either what a field means (final-meeting), or a field itself: visit-note.visit_date, "
        "and in a table visit-log.visits.visited.",
    )

    @model_validator(mode="before")
    @classmethod
    def _take_step_from_id(cls, data: Any) -> Any:
        if isinstance(data, dict) and "step" not in data and data.get("id") in _STEP_OF_ID:
            return {**data, "step": _STEP_OF_ID[data["id"]]}
        return data


class Cycle(ContentModel):
    """The yearly cycle of one or more staff groups."""

    id: Id
    name: Line = Field(description="The name that readers see: “Teachers”.")
    groups: tuple[Id, ...] = Field(
        min_length=1, description="The staff groups that have this cycle."
    )
    starts: When = Field(description="A day and month, for example 1 September.")
    ends: When = Field(description="A day and month; the first such day after the start.")
    period: Line | None = Field(
        None,
        description="The period in words, where it varies with the contract: “September to July or "
        "August”. Blank forms then leave the cycle's dates to be filled in.",
    )
    clauses: tuple[Id, ...] = Field((), description="The clauses that set it.")
    events: tuple[Event, ...] = Field((), description="What happens in the cycle, in order.")


class Cycles(ContentModel):
    """`cycle.yaml`."""

    revised: datetime.date | None = Field(
        None,
        description="The day on which a date or an event was last changed. Calendar programs tell "
        "by it that a calendar is newer than the one they hold.",
    )
    terms: tuple[Term, ...] = Field((), description="The school terms that time rules may name.")
    cycles: tuple[Cycle, ...] = Field(
        min_length=1, description="The cycles; each staff group has one."
    )


@dataclass(frozen=True)
class TimeRule:
    """A time rule, read: what it counts from, and the words that a sentence needs.

    `kind` says which of the other values hold: day (day, month), months (months), term (anchor is
    the term), edge (anchor is start or end of the cycle), relative (anchor is an event, offset and
    unit may be given), open (neither date nor anchor).
    """

    kind: Literal["day", "months", "term", "edge", "relative", "open"]
    words: str
    lead: str = ""
    day: int = 0
    months: tuple[int, ...] = ()
    anchor: str = ""
    offset: int = 0
    unit: str = ""
    side: Literal["in", "after", "before"] = "in"


@lru_cache(maxsize=1024)
def read_rule(when: str) -> TimeRule:
    """Read a time rule.

    Understood: `by 31 October [after the cycle]`, `July or September`, `spring term`,
    `start of the cycle`, `end of the cycle`, `before <event>`, `within 5 days after <event>`,
    `as soon as practicable after <event>`, and those of `OPEN_RULES`.

    Raises ValueError with a sentence for the person who wrote it.
    """
    text = " ".join(when.split())
    side: Literal["in", "after", "before"] = "in"
    body = text
    for found in ("after", "before"):
        if body.endswith(f" {found} the cycle"):
            body = body.removesuffix(f" {found} the cycle")
            side = "after" if found == "after" else "before"
    match = re.fullmatch(rf"(?:(by|on|from) )?(\d{{1,2}}) ({_MONTH})", body)
    if match:
        lead, day, month = match.groups()
        number = MONTHS.index(month) + 1
        if int(day) not in range(1, _days_in(number) + 1):
            raise ValueError(f"{month} has no day {day}")
        return TimeRule("day", text, lead or "on", int(day), (number,), side=side)
    match = re.fullmatch(rf"(?:in |by )?((?:{_MONTH})(?:(?:, | or | to )(?:{_MONTH}))*)", body)
    if match:
        names = re.findall(_MONTH, match.group(1))
        found_months = tuple(MONTHS.index(name) + 1 for name in names)
        if " to " in body and len(found_months) == 2:
            found_months = _months_between(*found_months)
        return TimeRule("months", text, "in", months=found_months, side=side)
    match = re.fullmatch(rf"(?:in the )?({_ID}) term", body)
    if match and side == "in":
        return TimeRule("term", text, "in the", anchor=match.group(1))
    match = re.fullmatch(r"(?:(by|at|before) the )?(start|end) of the cycle", text)
    if match:
        return TimeRule("edge", text, match.group(1) or "at", anchor=match.group(2))
    match = re.fullmatch(
        rf"(?:(within) )?(\d+) (hours?|days?|working days?|weeks?|working weeks?|months?) "
        rf"(before|after) ({_ID})",
        text,
    )
    if match:
        lead, offset, unit, where, anchor = match.groups()
        sign = -1 if where == "before" else 1
        return TimeRule(
            "relative", text, lead or where, anchor=anchor, offset=sign * int(offset), unit=unit
        )
    if text in OPEN_RULES:
        return TimeRule("open", text)
    match = re.fullmatch(rf"(before|after|at|as soon as practicable after) ({_ID})", text)
    if match:
        return TimeRule("relative", text, match.group(1), anchor=match.group(2))
    raise ValueError(f"“{when}” is not a time rule")


def read_month(when: str) -> TimeRule:
    """Read a time rule that names a month, as those by which terms and cycles start and end do.

    Raises ValueError, as `read_rule` does, for any other.
    """
    rule = read_rule(when)
    if not rule.months:
        raise ValueError(f"“{when}” is not a day and month")
    return rule


def _days_in(month: int) -> int:
    # February has its 29th in every year here: `_date` turns it into the last day that there is
    return 31 if month in (1, 3, 5, 7, 8, 10, 12) else 29 if month == 2 else 30


def _months_between(first: int, last: int) -> tuple[int, ...]:
    count = (last - first) % 12  # “November to February” runs over the new year
    return tuple((first - 1 + step) % 12 + 1 for step in range(count + 1))


@dataclass(frozen=True)
class DatedEvent:
    """An event with its dates in one year; both dates are None where the rule is open.

    `first` and `last` are the same for a day; `by` says that the day is a deadline.
    """

    cycle: Cycle
    event: Event
    rule: TimeRule
    first: datetime.date | None
    last: datetime.date | None

    @property
    def is_expected(self) -> bool:
        """Whether its date is only a reading: the policy names no day, or an end of the cycle."""
        at_an_end = self.rule.kind == "edge" and self.rule.lead == "at"
        return bool(self.event.policy_says) or at_an_end

    @property
    def is_deadline(self) -> bool:
        """Whether the policy sets the last day; a date that is only expected is none."""
        return not self.event.policy_says and self.rule.lead in ("by", "within", "before")


@dataclass(frozen=True)
class Calendar:
    """One cycle in one year: its first and last day, and its events with dates, in order."""

    cycle: Cycle
    year: int
    starts: datetime.date
    ends: datetime.date
    events: tuple[DatedEvent, ...]

    def event(self, id: str) -> DatedEvent:
        """The event with that id; raises KeyError."""
        for dated in self.events:
            if dated.event.id == id:
                return dated
        raise KeyError(id)


def calendar(cycle: Cycle, terms: tuple[Term, ...], year: int) -> Calendar:
    """The cycle that starts in `year`, with every event dated as far as its rule allows.

    Raises ValueError or KeyError for a rule that cannot be read or points nowhere; the linter
    (`check.content`) has reported these before.
    """
    start_rule, end_rule = read_month(cycle.starts), read_month(cycle.ends)
    starts = _date(year, start_rule.months[0], start_rule.day)
    ends = _next_date(starts, end_rule.months[0], end_rule.day)
    dater = _Dater(cycle, {term.id: term for term in terms}, starts, ends)
    events = [dater.date_event(event) for event in cycle.events]
    # by the last day, then the first; undated events come last; the written order decides ties
    order = {event.event.id: place for place, event in enumerate(events)}
    events.sort(key=lambda e: (e.last is None, e.last or ends, e.first or ends, order[e.event.id]))
    before = preparations(cycle.events)
    ordered = sort_by_preparation(events, lambda dated: dated.event.id, before)
    return Calendar(cycle, year, starts, ends, ordered)


def sort_by_preparation(
    found: Iterable[T], id_of: Callable[[T], str], prepares: Mapping[str, Collection[str]]
) -> tuple[T, ...]:
    """What is `found`, in its order, but for this: what prepares another comes before it.

    `prepares` gives, for the id of each, the ids of those that come first (`preparations`). Where
    they go round in a circle the order is left as it is; `check` reports that.
    """
    left = list(found)
    by_id = {id_of(one): one for one in left}
    placed: dict[str, T] = {}

    def place(id: str, above: frozenset[str]) -> None:
        for earlier in prepares.get(id, ()):
            if earlier in by_id and earlier not in above and earlier not in placed:
                place(earlier, above | {earlier})
        placed.setdefault(id, by_id[id])

    for one in left:
        place(id_of(one), frozenset({id_of(one)}))
    return tuple(placed.values())


def preparations(events: Sequence[Event]) -> dict[str, tuple[str, ...]]:
    """For each event of a cycle, the ids of the events that come before it.

    They are those under its `after`, and those by time rules: “within 5 days after review” comes
    after the review, and “before pay-decision” before that decision.
    """
    found = {event.id: list(event.after) for event in events}
    for event in events:
        try:
            rule = read_rule(event.when)
        except ValueError:
            continue  # `check.times` reports it
        if rule.kind != "relative" or rule.anchor not in found:
            continue
        if rule.lead == "before" or rule.offset < 0:
            found[rule.anchor].append(event.id)
        else:
            found[event.id].append(rule.anchor)
    return {id: tuple(ids) for id, ids in found.items()}


class _Dater:
    def __init__(
        self, cycle: Cycle, terms: dict[str, Term], starts: datetime.date, ends: datetime.date
    ) -> None:
        self.terms, self.starts, self.ends = terms, starts, ends
        self.events = {event.id: event for event in cycle.events}
        self.cycle = cycle

    def date_event(self, event: Event) -> DatedEvent:
        rule = read_rule(event.when)
        first, last = self.find_span(rule, frozenset({event.id}))
        return DatedEvent(self.cycle, event, rule, first, last)

    def find_span(
        self, rule: TimeRule, seen: frozenset[str]
    ) -> tuple[datetime.date | None, datetime.date | None]:
        if rule.kind == "day":
            day = self.find_day(rule.months[0], rule.day, rule.side)
            return day, day
        if rule.kind == "months":
            first = self.find_day(rule.months[0], 1, rule.side)
            # from the day before, so that a single month ends in itself and not a year later
            return first, _month_end(_next_date(first - _DAY, rule.months[-1], 1))
        if rule.kind == "term":
            return self.date_term(self.terms[rule.anchor])
        if rule.kind == "edge":
            day = self.starts if rule.anchor == "start" else self.ends
            return day, day
        if rule.kind == "relative":
            return self.count_from_anchor(rule, seen)
        return None, None

    def date_term(self, term: Term) -> tuple[datetime.date, datetime.date]:
        start, end = read_month(term.starts), read_month(term.ends)
        first = self.find_day(start.months[0], start.day or 1, "in")
        last = _next_date(first, end.months[0], end.day or 1)
        return first, last if end.day else _month_end(last)

    def count_from_anchor(
        self, rule: TimeRule, seen: frozenset[str]
    ) -> tuple[datetime.date | None, datetime.date | None]:
        if rule.anchor in seen:
            raise ValueError(f"“{rule.anchor}” depends on its own date")
        anchor = read_rule(self.events[rule.anchor].when)
        first, last = self.find_span(anchor, seen | {rule.anchor})
        if first is None or last is None:
            return None, None
        if not rule.offset:
            # “before” an event that may fall on any of several days: on the last of them at most
            return (last, last) if rule.lead == "before" else (first, last)
        if first != last:  # so many days after a stretch of time is no day
            return None, None
        day = _shift(last, rule.offset, rule.unit)
        return day, day

    def find_day(self, month: int, day: int, side: str) -> datetime.date:
        if side == "after":
            return _next_date(self.ends, month, day)
        if side == "before":
            return _previous_date(self.starts, month, day)
        # from the day before the cycle, because its first day is in it
        return _next_date(self.starts - _DAY, month, day)


_DAY = datetime.timedelta(days=1)


def _date(year: int, month: int, day: int) -> datetime.date:
    if month == 2 and day == 29:  # the last day of February, in every year
        return datetime.date(year, 3, 1) - _DAY
    return datetime.date(year, month, day)


def _next_date(after: datetime.date, month: int, day: int) -> datetime.date:
    """The first such day later than `after`."""
    date = _date(after.year, month, day)
    return date if date > after else _date(after.year + 1, month, day)


def _previous_date(before: datetime.date, month: int, day: int) -> datetime.date:
    date = _date(before.year, month, day)
    return date if date < before else _date(before.year - 1, month, day)


def _month_end(date: datetime.date) -> datetime.date:
    # four days after the 28th are in the next month, however long this one is
    return (date.replace(day=28) + 4 * _DAY).replace(day=1) - _DAY


def _shift(date: datetime.date, offset: int, unit: str) -> datetime.date:
    """`date` moved by so many hours, days, working days (Monday to Friday), weeks or months."""
    unit = unit.rstrip("s")
    if unit == "hour":
        return date + datetime.timedelta(hours=offset)  # a date counts whole days of them only
    if unit in ("week", "working week"):
        return date + 7 * offset * _DAY
    if unit == "month":
        months = date.month - 1 + offset
        first = datetime.date(date.year + months // 12, months % 12 + 1, 1)
        # 31 January and one month is the last day of February
        return min(first + (date.day - 1) * _DAY, _month_end(first))
    if unit == "day":
        return date + offset * _DAY
    # working days: each step costs one only from Monday to Friday; bank holidays are not known
    step = _DAY if offset > 0 else -_DAY
    left = abs(offset)
    while left:
        date += step
        left -= date.weekday() < 5
    return date


def british(date: datetime.date, *, year: bool = True) -> str:
    """A date as GOV.UK writes it: 31 October 2026."""
    words = f"{date.day} {MONTHS[date.month - 1]}"
    return f"{words} {date.year}" if year else words


def edition_name(year: int) -> str:
    """The name of the edition whose cycles start in `year`: 2026-27."""
    return f"{year}-{(year + 1) % 100:02d}"


_NUMBER_OF_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_WRITTEN_DATES = (
    re.compile(
        rf"(?:[a-z]+day,? )?{_NUMBER_OF_DAY}(?: of)?[ ./-]+(?P<month>[a-z]+|\d\d?)"
        r",?[ ./-]+(?P<year>\d+)"
    ),
    re.compile(rf"(?P<month>[a-z]+) {_NUMBER_OF_DAY},? (?P<year>\d+)"),
    re.compile(r"(?P<year>\d{4})[ ./-]?(?P<month>\d\d?)[ ./-]?(?P<day>\d\d?)"),
)


def guess_date(written: str) -> datetime.date | None:
    """The day that someone means who writes “9 July 2026” or 09/07/26; None where there is none.

    Digits are read as in Britain, the day first. For advice only: no content is read so.
    """
    text = " ".join(written.strip("“”‘’\"'").casefold().split())
    match = next((found for one in _WRITTEN_DATES if (found := one.fullmatch(text))), None)
    if not match:
        return None
    numbers = {name[:3].casefold(): number for number, name in enumerate(MONTHS, 1)}
    month = int(match["month"]) if match["month"].isdigit() else numbers.get(match["month"][:3], 0)
    year = int(match["year"]) + (2000 if len(match["year"]) == 2 else 0)
    try:
        return datetime.date(year, month, int(match["day"]))
    except ValueError:
        return None
