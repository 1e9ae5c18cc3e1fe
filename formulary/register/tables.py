"""The tables of the register: returns that were read and judged come in, headed rows go out.

A date is a date and a number a number, whatever file a table becomes; words are words.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from formulary.model.assignment import Assignment, forms_for
from formulary.model.blank import Blank, Question
from formulary.model.days import read_day
from formulary.model.edition import Edition
from formulary.model.form import Form
from formulary.model.meaning import Meaning
from formulary.model.organisation import Offer
from formulary.model.person import Person
from formulary.model.record import Return

Cell = str | int | datetime.date


@dataclass(frozen=True)
class Table:
    """A sheet: `headings` over `rows` of as many cells. `wide` are columns of running text."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    wide: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Case:
    """A return with the blank that it answers, and where it stands in words."""

    found: Return
    blank: Blank
    state: str

    def value(self, question: Question | None) -> Cell:
        """The answer as a cell: a date where the form asks for one and it can be read."""
        text = (
            self.found.submission.value(question.id) if question and self.found.submission else ""
        )
        if question and question.kind == "date" and (day := read_day(text).date):
            return day
        return text

    def meaning(self, meaning: Meaning) -> Question | None:
        return next((q for q in self.blank.questions() if q.means == meaning), None)

    def rows(self, meaning: Meaning) -> Iterator[Mapping[Meaning, Question]]:
        """The rows of grids that hold an answer with this meaning, by what their answers mean."""
        for part in self.blank.parts:
            for row in part.grid.rows if part.grid else ():
                by_meaning = {q.means: q for q in row.questions if q.means}
                asked = by_meaning.get(meaning)
                if asked and str(self.value(asked)).strip():
                    yield by_meaning


@dataclass(frozen=True)
class Expected:
    """A form that a person has to hand in, and by when."""

    assignment: Assignment
    form: Form
    title: str
    due: datetime.date


def expected_of(edition: Edition, going: Iterable[Assignment]) -> tuple[Expected, ...]:
    """The forms of the organisation's packs that everyone has to hand in once.

    Due by the event that the offer names, if that has a day in the person's cycle; if not, by the
    end of their cycle.
    """
    packed = edition.organisation.packs.forms
    return tuple(
        Expected(one, form, offer.title or form.title, _due(one, offer))
        for one in going
        for offer, form in forms_for(one, edition)
        if not form.repeats and (not packed or form.id in packed)
    )


def _due(one: Assignment, offer: Offer) -> datetime.date:
    for dated in one.calendar.events:
        if dated.event.id == offer.due and dated.last:
            return dated.last
    return one.ends


def tables_of(
    edition: Edition,
    expected: Sequence[Expected],
    returns: Sequence[Return],
    cases: Sequence[Case],
    today: datetime.date,
) -> tuple[Table, ...]:
    """Every table of the register. `cases` are those of the returns that count."""
    groups = {group.id: group.name for group in edition.organisation.groups}
    staff = {one.assignment.person.id: one.assignment for one in expected}
    return (
        _returned(expected, cases, groups, today),
        *_answers(cases),
        _objectives(cases),
        _needs(cases),
        _ratings(cases),
        _pay(cases),
        _findings(returns),
        _others(returns, staff),
    )


_WHO = ("Id", "Name", "School or team", "Form")


def _who(case: Case) -> tuple[Cell, ...]:
    person = case.found.person
    if person is None:
        return ("", case.found.name, "", case.blank.title)
    return (person.id, person.name, person.site, case.blank.title)


def _returned(
    expected: Sequence[Expected],
    cases: Sequence[Case],
    groups: Mapping[str, str],
    today: datetime.date,
) -> Table:
    """A row for each form that somebody has to hand in, and for each other that came."""
    came = {(case.found.person.id, case.blank.id): case for case in cases if case.found.person}
    asked = {(one.assignment.person.id, one.form.id) for one in expected}
    rows: list[tuple[Cell, ...]] = []
    for one in expected:
        person = one.assignment.person
        back = came.get((person.id, one.form.id))
        done = back is not None and back.state in ("signed", "disputed")
        rows.append(
            (
                *_place(person, groups, one.assignment.reviewer_name),
                one.title,
                back.state if back else "not returned",
                _received(back.found) if back else "",
                one.due,
                "yes" if not done and one.due < today else "",
                back.found.record.source if back else "",
            )
        )
    for case in cases:
        person_ = case.found.person
        if case.state == "not filled in":
            continue
        if person_ is None or (person_.id, case.blank.id) not in asked:
            who = _place(person_, groups, "") if person_ else ("", case.found.name, "", "", "")
            received, source = _received(case.found), case.found.record.source
            rows.append((*who, case.blank.title, case.state, received, "", "", source))
    headings = ("Id", "Name", "School or team", "Staff group", "Reviewer", "Form", "State")
    more = ("Received", "Due", "Overdue", "File")
    return Table("Returns", (*headings, *more), tuple(rows))


def _place(person: Person, groups: Mapping[str, str], reviewer: str) -> tuple[Cell, ...]:
    group = groups.get(person.group, "")
    return (person.id, person.name, person.site, group, reviewer or person.reviewer_name)


def _received(found: Return) -> Cell:
    return found.record.received.date() if found.record.received else ""


def _answers(cases: Sequence[Case]) -> Iterator[Table]:
    """For each form a table with a row a return and a column a question."""
    by_form: dict[str, list[Case]] = {}
    for case in cases:
        by_form.setdefault(case.blank.id, []).append(case)
    for id, found in by_form.items():
        questions = tuple(found[0].blank.questions())
        rows = tuple(
            (*_who(case), _received(case.found), *(case.value(question) for question in questions))
            for case in found
        )
        wide = frozenset(
            place + 5 for place, question in enumerate(questions) if question.kind == "multiline"
        )
        titles = tuple(question.title for question in questions)
        yield Table(f"Answers {id}", (*_WHO, "Received", *titles), rows, wide)


def _rows(
    cases: Sequence[Case], first: Meaning, others: Sequence[Meaning]
) -> Iterator[tuple[Cell, ...]]:
    """A row for each row of a grid, or for each form, that answers the first of the meanings."""
    for case in cases:
        found = list(case.rows(first))
        single = case.meaning(first)
        if not found and single and str(case.value(single)).strip():
            found = [{q.means: q for q in case.blank.questions() if q.means in (first, *others)}]
        for by_meaning in found:
            yield (*_who(case), *(case.value(by_meaning.get(m)) for m in (first, *others)))


def _objectives(cases: Sequence[Case]) -> Table:
    headings = (*_WHO, "Objective", "Measure", "By when", "Outcome")
    rows = tuple(_rows(cases, "objective", ("measure", "by-when", "outcome")))
    return Table("Objectives", headings, rows, frozenset([4, 5, 7]))


def _needs(cases: Sequence[Case]) -> Table:
    headings = (*_WHO, "Need", "How it is met", "Priority", "Needed by")
    rows = tuple(_rows(cases, "need", ("delivery", "priority", "needed-by")))
    return Table("Development needs", headings, rows, frozenset([4, 5]))


def _ratings(cases: Sequence[Case]) -> Table:
    rows = tuple(
        (*_who(case), question.title, case.value(question))
        for case in cases
        for question in case.blank.questions()
        if question.means == "rating" and case.value(question)
    )
    return Table("Ratings", (*_WHO, "Rated", "Rating"), rows)


def _pay(cases: Sequence[Case]) -> Table:
    headings = (*_WHO, "Criteria", "Current pay", "New pay", "Exception")
    rows = tuple(_rows(cases, "pay-criteria", ("current-pay", "new-pay", "pay-exception")))
    return Table("Pay", headings, rows, frozenset([7]))


def _findings(returns: Sequence[Return]) -> Table:
    rows = tuple(
        (
            problem.kind.severity,
            problem.kind.code,
            problem.message,
            problem.where,
            problem.fix,
            found.record.source,
        )
        for found in returns
        for problem in found.problems
    )
    headings = ("How bad", "Code", "What was found", "Form and clause", "What to do", "File")
    return Table("Findings", headings, rows, frozenset([2, 3, 4]))


def _others(returns: Sequence[Return], staff: Mapping[str, Assignment]) -> Table:
    """Returns that a later one has replaced, and files that are no readable return."""
    rows = tuple(
        (
            "could not be read" if found.standing == "unread" else "replaced by a later one",
            found.record.source,
            _received(found),
            found.person.name if found.person else found.name,
            found.submission.identity.stamp.form if found.submission else "",
        )
        for found in returns
        if found.standing != "current"
    )
    return Table("Not counted", ("Why", "File", "Received", "Name", "Form"), rows)
