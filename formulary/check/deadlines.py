"""Find deadlines that cannot be kept: before what they depend on, outside their cycle, or missing.

The events are dated in the year that the organisation's content is for.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from formulary import problems
from formulary.check.texts import OrganisationTexts
from formulary.content.cycle import (
    CLOSING,
    MONTHS,
    STEPS,
    Calendar,
    DatedEvent,
    Step,
    british,
    calendar,
    preparations,
)
from formulary.content.meaning import MEETINGS
from formulary.content.source import Loc
from formulary.problems import Problem

LATE: tuple[Step, ...] = ("report", "pay-decision")
"""The steps that come about the end of a cycle at the earliest."""

LONGEST_WAIT = 6
"""Months from the end of a cycle to the decision on pay; the ground for a warning is ours."""

FURTHEST = 4
"""Months before or after its cycle within which any other event should fall."""

SOONEST = datetime.timedelta(days=62)
"""How long before the end of a cycle its report or its decision on pay may fall."""

SHORTEST_CYCLE, LONGEST_CYCLE = 300, 400
"""Days. A yearly cycle varies by some weeks where a contract does."""


def deadline_findings(texts: OrganisationTexts) -> Iterator[Problem]:
    """What is wrong with the dates of cycles whose time rules can be read."""
    cycles = texts.own.cycles.item
    year = texts.own.organisation.item.year
    try:
        calendars = [calendar(cycle, cycles.terms, year) for cycle in cycles.cycles]
    except (KeyError, ValueError):
        return
    for i, dated_cycle in enumerate(calendars):
        length = tuple(_check_length(texts, i, dated_cycle))
        outside = () if length else tuple(_find_outside(texts, i, dated_cycle))
        yield from length
        yield from outside
        if not length and not outside:
            yield from _check_order(texts, i, dated_cycle)
            yield from _check_preparation(texts, i, dated_cycle)
        yield from _find_unstated(texts, i, dated_cycle)
        yield from _find_lacking(
            texts, i, dated_cycle, [c for c in calendars if c is not dated_cycle]
        )
        yield from _find_unrecorded(texts, i, dated_cycle)


def _at(cycle: int, dated: DatedEvent) -> Loc:
    return ("cycles", cycle, "events", dated.cycle.events.index(dated.event), "when")


def _check_order(texts: OrganisationTexts, i: int, dated_cycle: Calendar) -> Iterator[Problem]:
    """A later step of the cycle that is dated before an earlier dated_cycle."""
    document = texts.own.cycles.document
    steps = [
        (place, dated)
        for place, step in enumerate(STEPS)
        for dated in _find_events(dated_cycle, step, in_order=True)
    ]
    for place, late in steps:
        if late.last is None:
            continue
        early = [
            dated
            for earlier, dated in steps
            if earlier < place and dated.first and late.last < dated.first
        ]
        soon = STEPS[place] in LATE and late.last < dated_cycle.ends - SOONEST
        day = british(late.last)
        if early:
            first = early[0]
            when = british(first.first) if first.first else ""
            message = f"“{late.event.name}” is due on {day}, before “{first.event.name}” on {when}"
        elif soon:
            message = f"“{late.event.name}” is due on {day}, and the cycle ends on "
            message += british(dated_cycle.ends)
        else:
            continue
        yield texts.at(problems.DEADLINE_ORDER, document, _at(i, late), message)


def _find_events(
    dated_cycle: Calendar, step: Step, *, in_order: bool = False
) -> Iterator[DatedEvent]:
    for dated in dated_cycle.events:
        # one that closes the cycle before as well opens this one: it has no place in its order
        if dated.event.step == step and not (in_order and dated.event.closes_last_cycle):
            yield dated


def _check_preparation(
    texts: OrganisationTexts, i: int, dated_cycle: Calendar
) -> Iterator[Problem]:
    """What prepares an event and is dated after it."""
    before = preparations(dated_cycle.cycle.events)
    by_id = {dated.event.id: dated for dated in dated_cycle.events}
    for late in dated_cycle.events:
        for early in (by_id[id] for id in before[late.event.id] if id in by_id):
            if late.last is None or late.first is None or early.first is None:
                continue
            names = f"“{late.event.name}”", f"“{early.event.name}”, which comes first,"
            if early.first > late.last:
                days = british(late.last), british(early.first)
                message = f"{names[0]} is due on {days[0]}, and {names[1]} on {days[1]}"
            elif _month(early.first) > _month(late.first):
                days = british(late.first), british(early.first)
                message = f"{names[0]} begins on {days[0]}, and {names[1]} on {days[1]}"
            else:
                continue
            document = texts.own.cycles.document
            yield texts.at(problems.DEADLINE_ORDER, document, _at(i, late), message)


def _month(date: datetime.date) -> tuple[int, int]:
    return date.year, date.month


def _find_unstated(texts: OrganisationTexts, i: int, dated_cycle: Calendar) -> Iterator[Problem]:
    """Dates that none of the clauses behind their event states, and nothing calls expected."""
    for dated in dated_cycle.events:
        behind = {*dated.event.clauses, *dated_cycle.cycle.clauses}
        if dated.is_expected or not dated.rule.months or not dated.event.clauses:
            continue
        said = " ".join(text.plain for text in texts.policy if text.clause in behind)
        dates = [MONTHS[month - 1] for month in {dated.rule.months[0], dated.rule.months[-1]}]
        if dated.rule.day:
            dates = [f"{dated.rule.day} {dates[0]}"]
        missing = [date for date in dates if not re.search(rf"\b{date}\b", said)]
        if missing:
            message = f"“{dated.event.name}” is dated {missing[0]}, which its clauses do not say"
            document = texts.own.cycles.document
            yield texts.at(problems.DATE_UNSTATED, document, _at(i, dated), message)


def _find_outside(texts: OrganisationTexts, i: int, dated_cycle: Calendar) -> Iterator[Problem]:
    document = texts.own.cycles.document
    for dated in dated_cycle.events:
        if dated.last is None or dated.first is None:
            continue
        wait = _count_months(dated_cycle.ends, dated.last)
        pay = dated.event.step == "pay-decision"
        if pay and wait > LONGEST_WAIT and dated.rule.kind == "day":
            message = (
                f"Pay is decided by {british(dated.last)}, more than {LONGEST_WAIT} months after "
                f"the cycle ends on {british(dated_cycle.ends)}"
            )
            yield texts.at(problems.LATE_DECISION, document, _at(i, dated), message)
        early = _count_months(dated.first, dated_cycle.starts)
        own_date = dated.rule.kind in ("day", "months")
        if own_date and not pay and max(wait, early) > FURTHEST:
            side = "after the cycle ends" if wait > early else "before the cycle starts"
            message = f"“{dated.event.name}” falls more than {FURTHEST} months {side}"
            yield texts.at(problems.OUTSIDE_CYCLE, document, _at(i, dated), message)


def _count_months(first: datetime.date, last: datetime.date) -> int:
    """Whole and begun months from `first` to `last`; none where `last` comes first."""
    if last <= first:
        return 0
    full = (last.year - first.year) * 12 + last.month - first.month
    same = last.day <= first.day or (last + datetime.timedelta(days=1)).day == 1
    return full if same else full + 1


def _check_length(texts: OrganisationTexts, i: int, dated_cycle: Calendar) -> Iterator[Problem]:
    document = texts.own.cycles.document
    days = (dated_cycle.ends - dated_cycle.starts).days + 1
    if not SHORTEST_CYCLE <= days <= LONGEST_CYCLE and not dated_cycle.cycle.period:
        starts, ends = british(dated_cycle.starts), british(dated_cycle.ends)
        message = f"The cycle lasts {days} days: {starts} to {ends}"
        yield texts.at(problems.CYCLE_LENGTH, document, ("cycles", i, "ends"), message)
    named = re.findall("|".join(MONTHS), dated_cycle.cycle.period or "")
    if len(named) == 2 and named[0] == named[1]:
        message = f"The cycle is said to run from {named[0]} to {named[0]}"
        fix = "Say in which month it ends, or accept this with a reason."
        yield texts.at(problems.CYCLE_LENGTH, document, ("cycles", i, "period"), message, fix=fix)


def _find_lacking(
    texts: OrganisationTexts, i: int, dated_cycle: Calendar, others: list[Calendar]
) -> Iterator[Problem]:
    """A closing event that other cycles have and date, and this one has not or leaves open."""
    document = texts.own.cycles.document
    for step in CLOSING:
        there = [d for other in others for d in _find_events(other, step) if d.last]
        here = list(_find_events(dated_cycle, step))
        if not there or any(dated.last for dated in here):
            continue
        name = there[0].event.name
        if not here and _follows_contract(dated_cycle):
            continue
        if not here:
            message = f"The cycle has no “{name}” ({step}), which “{there[0].cycle.name}” has"
            at = ("cycles", i)
            yield texts.at(problems.MISSING_DEADLINE, document, at, message, about=(step,))
        else:
            message = (
                f"“{here[0].event.name}” has no date, which it has for “{there[0].cycle.name}”"
            )
            yield texts.at(problems.MISSING_DEADLINE, document, _at(i, here[0]), message)


def _find_unrecorded(texts: OrganisationTexts, i: int, dated_cycle: Calendar) -> Iterator[Problem]:
    """Meetings that a form of the cycle's groups dates, and no event of the cycle is known by."""
    groups = set(dated_cycle.cycle.groups)
    recorded = {name for event in dated_cycle.cycle.events for name in event.recorded_as}
    asked = {
        one.means: one.label
        for offer, form in texts.edition.forms
        if not offer.groups or groups & set(offer.groups)
        for section in form.sections
        for one in section.fields
        if one.type == "date" and f"{form.id}.{one.id}" not in recorded
    }
    for meeting in MEETINGS:
        if meeting in asked and meeting not in recorded:
            message = f"No event of the cycle is recorded as “{asked[meeting]}” on forms"
            fix = f"Write “recorded-as: [{meeting}]” at the event that is this meeting."
            at: Loc = ("cycles", i)
            document = texts.own.cycles.document
            yield texts.at(problems.MEETING_WITHOUT_EVENT, document, at, message, fix=fix)


def _follows_contract(dated_cycle: Calendar) -> bool:
    """Whether a cycle's period is given in words without months: “the length of the contract”."""
    return bool(dated_cycle.cycle.period) and not re.search(
        "|".join(MONTHS), dated_cycle.cycle.period or ""
    )
