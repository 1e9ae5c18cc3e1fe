"""One person in one cycle: who reviews them, from when to when, and what their forms say of it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from formulary.content.cycle import Calendar
from formulary.content.form import Form
from formulary.content.organisation import Group, Offer
from formulary.documents.answers import YES_OR_NO
from formulary.documents.blank import Blank, Question
from formulary.edition.edition import Edition
from formulary.staff.person import Person


@dataclass(frozen=True, slots=True)
class Assignment:
    """A person who is reviewed in a cycle.

    `starts` and `ends` are this person's own: the cycle's, or a part of it, or their contract's.
    `short` is the id of the rule of `short-cycles` that made them so; empty for the whole cycle.
    """

    person: Person
    group: Group
    calendar: Calendar
    starts: datetime.date
    ends: datetime.date
    reviewer_name: str
    short: str = ""
    reviewer_email: str = ""
    carried: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)
    """What last year's forms give to this year's: by the form's id, values by question id."""


def forms_for(assignment: Assignment, edition: Edition) -> tuple[tuple[Offer, Form], ...]:
    """The forms that the organisation offers to the person's group."""
    return tuple(
        (offer, form)
        for offer, form in edition.forms
        if not offer.groups or assignment.group.id in offer.groups
    )


def pack_forms(edition: Edition) -> tuple[str, ...]:
    """The ids of the forms of a pack, in the order offered; empty where no form is for everyone.

    Those that the organisation names, or else those that everyone fills in each year.
    """
    named = edition.organisation.packs.forms
    return named or tuple(form.id for _, form in edition.forms if form.pack == "everyone")


def prefill_values(assignment: Assignment, edition: Edition, blank: Blank) -> dict[str, str]:
    """What the person's copy of a form says already, by question id; only what can be answered.

    Written as `Question.value` is: a date as dd/mm/yyyy. A choice gets one of its options or
    nothing. Whether a value fits its field is for each format to say (`fill.Prepared.misfits`).
    """
    known = _values_by_name(assignment, edition)
    found = (
        (question.id, _matching_option(question, str(known.get(question.prefill, ""))))
        for question in blank.questions()
    )
    return {**{id: value for id, value in found if value}, **assignment.carried.get(blank.id, {})}


def format_day(day: datetime.date | None) -> str:
    """A date as forms have it (`blank.DATE_FORMAT`); empty for none."""
    return day.strftime("%d/%m/%Y") if day else ""


def _values_by_name(assignment: Assignment, edition: Edition) -> dict[str, str]:
    """Every value by the name that a field's `from` gives it (`form.PREFILLS`)."""
    person = assignment.person
    stages = edition.career_stages.stages if edition.career_stages else ()
    return {
        **{f"staff.{name}": value for name, value in person.further},
        "organisation.name": edition.organisation.name,
        "organisation.edition": edition.name,
        "cycle.starts": format_day(assignment.starts),
        "cycle.ends": format_day(assignment.ends),
        "staff.name": person.name,
        "staff.job_title": person.job_title,
        "staff.reviewer": assignment.reviewer_name,
        "staff.group": assignment.group.name,
        "staff.site": person.site,
        "staff.stage": {stage.id: stage.name for stage in stages}.get(person.stage, ""),
        "staff.id": person.id,
        "staff.email": person.email,
        "staff.starts": format_day(person.starts),
        "staff.ends": format_day(person.ends),
    }


def _matching_option(question: Question, value: str) -> str:
    if question.kind != "choice":
        return value
    options = {option.casefold(): option for option in question.options}
    if question.options == YES_OR_NO:
        options |= dict.fromkeys(("y", "true", "1"), "Yes")
        options |= dict.fromkeys(("n", "false", "0"), "No")
    return options.get(value.casefold(), "")
