"""Make the tables of the register from the expected forms and the returns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from formulary.cells import Cell
from formulary.content.meaning import Meaning
from formulary.edition.edition import Edition
from formulary.problems import EDITION_NOT_KEPT
from formulary.register.summaries import summaries
from formulary.register.table import RegisterTable
from formulary.returns.expected import NOT_FILLED_IN, AcceptedReturn, ExpectedReturn
from formulary.returns.returned_file import Return
from formulary.staff.person import Person


def tables_of(
    edition: Edition,
    owed: Sequence[ExpectedReturn],
    returns: Sequence[Return],
    cases: Sequence[AcceptedReturn],
) -> tuple[RegisterTable, ...]:
    """Every table of the register. `cases` are those of the returns that count."""
    groups = {group.id: group.name for group in edition.organisation.groups}
    return (
        *summaries(owed),
        _returns_table(owed, cases, groups),
        _objectives_table(cases),
        _needs_table(cases),
        _ratings_table(cases),
        _pay_table(cases),
        _elsewhere_table(cases),
        _findings_table(returns),
        _not_counted_table(returns),
        *_answer_tables(cases),
    )


_WHO = ("Id", "Name", "School or team", "Form")


def _who(case: AcceptedReturn) -> tuple[Cell, ...]:
    person = case.found.person
    if person is None:
        return ("", case.found.name, "", case.blank.title)
    return (person.id, person.name, person.site, case.blank.title)


def _returns_table(
    owed: Sequence[ExpectedReturn], cases: Sequence[AcceptedReturn], groups: Mapping[str, str]
) -> RegisterTable:
    """A row for each form that somebody has to hand in, and for each other that came."""
    asked = {(one.assignment.person.id, one.expected.form.id) for one in owed}
    rows: list[tuple[Cell, ...]] = [
        (
            *_place(one.assignment.person, groups, one.reviewer[1]),
            one.expected.title,
            one.state,
            _date_received(one.case.found) if one.case else "",
            one.expected.due,
            "yes" if one.is_overdue else "",
            one.case.found.record.source if one.case else "",
        )
        for one in owed
    ]
    for case in cases:
        person = case.found.person
        if case.state == NOT_FILLED_IN:
            continue
        if person is None or (person.id, case.blank.id) not in asked:
            who = _place(person, groups, "") if person else ("", case.found.name, "", "", "")
            received, source = _date_received(case.found), case.found.record.source
            rows.append((*who, case.blank.title, case.state, received, "", "", source))
    headings = ("Id", "Name", "School or team", "Staff group", "Reviewer", "Form", "State")
    more = ("Received", "Due", "Overdue", "File")
    about = "Every form that somebody has to hand in, and every other that came, a row each."
    return RegisterTable(
        "Returns", (*headings, *more), tuple(rows), about=about, marked=frozenset([9])
    )


def _place(person: Person, groups: Mapping[str, str], reviewer: str) -> tuple[Cell, ...]:
    group = groups.get(person.group, "")
    return (person.id, person.name, person.site, group, reviewer or person.reviewer_name)


def _date_received(found: Return) -> Cell:
    return found.record.received.date() if found.record.received else ""


def _answer_tables(cases: Sequence[AcceptedReturn]) -> Iterator[RegisterTable]:
    """For each form a table with a row a return and a column a question."""
    by_form: dict[str, list[AcceptedReturn]] = {}
    for case in cases:
        by_form.setdefault(case.blank.id, []).append(case)
    for id, found in by_form.items():
        # a form that has changed within the year has further questions for some people
        questions = tuple({q.id: q for case in found for q in case.blank.questions()}.values())
        rows = tuple(
            (
                *_who(case),
                _date_received(case.found),
                *(case.value(question) for question in questions),
            )
            for case in found
        )
        wide = frozenset(
            place + 5 for place, question in enumerate(questions) if question.kind == "multiline"
        )
        titles = tuple(question.title for question in questions)
        about = f"Every answer of “{found[0].blank.title}”, a row a return."
        yield RegisterTable(f"Answers {id}", (*_WHO, "Received", *titles), rows, wide, about)


def _rows(
    cases: Sequence[AcceptedReturn], first: Meaning, others: Sequence[Meaning]
) -> Iterator[tuple[AcceptedReturn, tuple[Cell, ...]]]:
    """The answers of each row of a grid, or each form, that answers the first meaning."""
    for case in cases:
        for questions in case.answered_rows(first):
            yield case, case.answers_for(questions, (first, *others))


def _objectives_table(cases: Sequence[AcceptedReturn]) -> RegisterTable:
    headings = (*_WHO, "Objective", "Measure", "By when", "Outcome")
    found = _rows(cases, "objective", ("measure", "by-when", "outcome"))
    rows = tuple((*_who(case), *values) for case, values in found)
    return RegisterTable("Objectives", headings, rows, frozenset([4, 5, 7]), "A row an objective.")


def _needs_table(cases: Sequence[AcceptedReturn]) -> RegisterTable:
    headings = (*_WHO, "Need", "How it is met", "Priority", "Needed by")
    found = _rows(cases, "need", ("delivery", "priority", "needed-by"))
    rows = tuple((*_who(case), *values) for case, values in found)
    about = "A row a need for training or development; cpd-audit.xlsx sorts them by theme."
    return RegisterTable("Development needs", headings, rows, frozenset([4, 5]), about)


def _ratings_table(cases: Sequence[AcceptedReturn]) -> RegisterTable:
    rows = tuple(
        (*_who(case), _date_received(case.found), question.title, case.value(question))
        for case in cases
        for question in case.blank.questions()
        if question.means == "rating" and case.value(question)
    )
    headings = (*_WHO, "Received", "Rated", "Rating")
    return RegisterTable("Ratings", headings, rows, about="A row a rating.")


def _pay_table(cases: Sequence[AcceptedReturn]) -> RegisterTable:
    headings = (*_WHO, "Criteria", "Current pay", "New pay", "Exception")
    found = _rows(cases, "pay-criteria", ("current-pay", "new-pay", "pay-exception"))
    rows = tuple((*_who(case), *values) for case, values in found)
    about = "Recommendations on pay, a row each."
    return RegisterTable("Pay", headings, rows, frozenset([7]), about)


def _elsewhere_table(cases: Sequence[AcceptedReturn]) -> RegisterTable:
    rows = tuple(
        (*_who(case), place, words) for case in cases for place, words in case.typed_elsewhere()
    )
    about = "Words that are in a form and in none of its fields: read what they are meant for."
    return RegisterTable("Typed elsewhere", (*_WHO, "Where", "Words"), rows, frozenset([5]), about)


def _findings_table(returns: Sequence[Return]) -> RegisterTable:
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
    about = "What the checks found, each with the clause behind it and what to do."
    return RegisterTable("Findings", headings, rows, frozenset([2, 3, 4]), about)


def _not_counted_table(returns: Sequence[Return]) -> RegisterTable:
    """Returns that do not count here, and files that are no readable return."""
    rows = tuple(
        (
            _why_not_counted(found),
            found.record.source,
            _date_received(found),
            found.person.name if found.person else found.name,
            found.submission.identity.stamp.form if found.submission else "",
        )
        for found in returns
        if found.standing != "current"
    )
    about = (
        "Returns that a later one has replaced, returns of other editions, and files that could "
        "not be read."
    )
    return RegisterTable(
        "Not counted", ("Why", "File", "Received", "Name", "Form"), rows, about=about
    )


def _why_not_counted(found: Return) -> str:
    if found.standing == "replaced":
        return "replaced by a later one"
    if found.standing == "other edition" and found.submission:
        return f"of another edition ({found.submission.identity.stamp.edition})"
    if found.record.unread and found.record.unread[0] == EDITION_NOT_KEPT:
        return "of an edition that was not kept"
    return "could not be read"
