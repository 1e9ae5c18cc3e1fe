"""The rules of a form as data, for a page that checks answers as one goes.

`checks` applies the same to what came back; a test holds both against the same answers.
"""

from __future__ import annotations

import datetime
from typing import Any

from formulary.content.cycle import Calendar
from formulary.content.meaning import MEETINGS
from formulary.content.organisation import TimeLimit
from formulary.documents.blank import Blank
from formulary.edition.days import FIRST_YEAR, LAST_YEAR
from formulary.edition.durations import unit_of
from formulary.edition.edition import Edition
from formulary.returns.checks import FOLLOW_UPS, bank_holidays, find_recorded_events, longest


def rules_of(edition: Edition, blank: Blank) -> dict[str, Any]:
    """What the checks of one form rest on, beside its questions; it can be written as JSON.

    `rows` are the rows of all grids: their place, from 0, and the ids of their questions.
    `payRating` is the number of the lowest rating with which pay goes up; `years` are the first
    that a date can have and the first that it cannot; `off` the kinds of problem that the
    organisation has switched off. `calendars` are the cycles of those whom the form is for, and
    `limits` the time limits; days are numbers such as 20270831.
    """
    organisation = edition.organisation
    calendars = calendars_of(edition, blank)
    meanings = {question.means for question in blank.questions()}
    limits = [one for one in organisation.checks.limits if one.ends in meanings]
    units = [one.rule.unit for calendar in calendars for one in calendar.events]
    counts_working = any(one.working_days for one in limits) or "working day" in " ".join(units)
    rule = organisation.rules.get("objectives")
    return {
        "objectives": {
            "max": rule.max,
            "min": rule.min,
            "exactly": rule.exactly,
            "normal": rule.normal,
            "strength": rule.strength,
        }
        if rule
        else None,
        "rows": [
            {"place": place, "questions": [question.id for question in row.questions]}
            for part in blank.parts
            if part.grid
            for place, row in enumerate(part.grid.rows)
        ],
        "meetings": list(MEETINGS),
        "followUps": list(FOLLOW_UPS),
        "payRating": organisation.checks.pay_rating,
        "years": [FIRST_YEAR, LAST_YEAR],
        "off": [
            code for code, severity in organisation.checks.severity.items() if severity == "off"
        ],
        "calendars": [_calendar(blank, one) for one in calendars],
        "limits": [_limit(edition, limit) for limit in limits],
        "holidays": _holidays(edition.year) if counts_working else [],
        "levels": [[v.name, v.number] for v in edition.ratings.levels] if edition.ratings else [],
    }


def calendars_of(edition: Edition, blank: Blank) -> list[Calendar]:
    """The cycles of those whom a form is for."""
    offer = next(offer for offer, form in edition.forms if form.id == blank.id)
    groups = set(offer.groups) or {group.id for group in edition.organisation.groups}
    return [one for one in edition.calendars if groups & set(one.cycle.groups)]


def _calendar(blank: Blank, calendar: Calendar) -> dict[str, Any]:
    recorded = find_recorded_events(blank, calendar.events)
    places = {one.event.id: place for place, one in enumerate(calendar.events)}
    return {
        "starts": _number(calendar.starts),
        "ends": _number(calendar.ends),
        "events": [
            {
                "id": one.event.id,
                "name": one.event.name,
                "first": one.first and _number(one.first),
                "last": one.last and _number(one.last),
                "deadline": one.is_deadline,
                "lead": one.rule.lead,
                "anchor": places[one.rule.anchor] if one.rule.kind == "relative" else None,
                "offset": one.rule.offset,
                "unit": one.rule.unit,
                "recorded": [id for id, events in recorded.items() if one in events],
            }
            for one in calendar.events
        ],
    }


def _limit(edition: Edition, limit: TimeLimit) -> dict[str, Any]:
    rule = edition.organisation.rules[limit.rule] if limit.rule else None
    return {
        "words": limit.words,
        "begins": limit.begins,
        "ends": limit.ends,
        "event": limit.event,
        "most": longest(rule) if rule else None,
        "least": rule.min if rule else None,
        "unit": rule.unit if rule else "",
        "one": unit_of(rule) if rule else "",
        "working": limit.working_days,
    }


def _holidays(year: int) -> list[int]:
    """The bank holidays of the years in which something of an edition can happen."""
    known = bank_holidays()
    days = (datetime.date(year, 1, 1) + n * datetime.timedelta(days=1) for n in range(4 * 366))
    return [_number(day) for day in days if day in known]


def _number(day: datetime.date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day
