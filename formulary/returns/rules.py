"""The rules of a form as data, for a page that checks answers as one goes.

`checks` applies the same to what came back; a test holds both against the same answers.
"""

from __future__ import annotations

from typing import Any

from formulary.content.meaning import MEETINGS
from formulary.documents.blank import Blank
from formulary.edition.days import FIRST_YEAR, LAST_YEAR
from formulary.edition.edition import Edition


def rules_of(edition: Edition, blank: Blank) -> dict[str, Any]:
    """What the checks of one form rest on, beside its questions; it can be written as JSON.

    `rows` are the rows of all grids: their place, from 0, and the ids of their questions.
    `payRating` is the number of the lowest rating with which pay goes up; `years` are the first
    that a date can have and the first that it cannot; `off` the kinds of problem that the
    organisation has switched off.
    """
    organisation = edition.organisation
    rule = organisation.rules.get("objectives")
    return {
        "objectives": {
            "max": rule.max,
            "min": rule.min,
            "exactly": rule.exactly,
            "normal": rule.normal,
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
        "payRating": organisation.checks.pay_rating,
        "years": [FIRST_YEAR, LAST_YEAR],
        "off": [
            code for code, severity in organisation.checks.severity.items() if severity == "off"
        ],
        "levels": [[v.name, v.number] for v in edition.ratings.levels] if edition.ratings else [],
    }
