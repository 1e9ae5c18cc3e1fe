"""Make the tables of the register from the expected forms and the returns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from formulary.cells import Cell
from formulary.content.meaning import Meaning
from formulary.documents.blank import Question
from formulary.edition.edition import Edition
from formulary.problems import EDITION_NOT_KEPT
from formulary.register.row_store import RowsInOrder, RowStore
from formulary.register.summaries import summaries
from formulary.register.table import RegisterTable
from formulary.returns.expected import NOT_FILLED_IN, AcceptedReturn, ExpectedReturn, RegisterEntry
from formulary.returns.returned_file import Return
from formulary.staff.person import Person

Row = tuple[Cell, ...]


def tables_of(
    edition: Edition,
    owed: Sequence[ExpectedReturn],
    entries: Sequence[RegisterEntry],
    answers: AnswerTables,
) -> Iterator[RegisterTable]:
    """Every table of the register. `answers` has been given every return."""
    groups = {group.id: group.name for group in edition.organisation.groups}
    for table in summaries(owed):
        yield head_in_own_words(edition, table)
    yield head_in_own_words(edition, _returns_table(owed, entries, groups))
    yield from answers.lists()
    yield _not_counted_table(entries)
    for form, found in answers.whole_forms.items():
        yield found.table(form)


def head_in_own_words(edition: Edition, table: RegisterTable) -> RegisterTable:
    """The table with its title and headings in the organisation's own words."""
    return replace(
        table,
        title=edition.in_own_words(table.title),
        headings=tuple(edition.in_own_words(heading) for heading in table.headings),
        about=edition.in_own_words(table.about),
    )


_WHO = ("Id", "Name", "School or team", "Form")


def _who(case: AcceptedReturn) -> Row:
    person = case.found.person
    if person is None:
        return ("", case.found.name, "", case.blank.title)
    return (person.id, person.name, person.site, case.blank.title)


def _returns_table(
    owed: Sequence[ExpectedReturn], entries: Sequence[RegisterEntry], groups: Mapping[str, str]
) -> RegisterTable:
    """A row for each form that somebody has to hand in, and for each other that came."""
    asked = {(one.assignment.person.id, one.expected.form.id) for one in owed}
    rows: list[Row] = [
        (
            *_place(one.assignment.person, groups, one.reviewer[1]),
            one.expected.title,
            one.state,
            one.entry.day_received if one.entry else "",
            one.expected.due,
            "yes" if one.is_overdue else "",
            one.entry.source if one.entry else "",
        )
        for one in owed
    ]
    for entry in entries:
        person = entry.person
        if entry.state in ("", NOT_FILLED_IN):
            continue
        if person is None or (person.id, entry.form) not in asked:
            who = _place(person, groups, "") if person else ("", entry.name, "", "", "")
            rows.append((*who, entry.title, entry.state, entry.day_received, "", "", entry.source))
    headings = ("Id", "Name", "School or team", "Staff group", "Reviewer", "Form", "State")
    more = ("Received", "Due", "Overdue", "File")
    about = "Every form that someone has to hand in, and every other that came, a row each."
    return RegisterTable("Returns", (*headings, *more), rows, about=about, marked=frozenset([9]))


def _place(person: Person, groups: Mapping[str, str], reviewer: str) -> Row:
    group = groups.get(person.group, "")
    return (person.id, person.name, person.site, group, reviewer or person.reviewer_name)


def _not_counted_table(entries: Sequence[RegisterEntry]) -> RegisterTable:
    """Returns that do not count here, and files that are no readable return."""
    rows = [
        (_why_not_counted(one), one.source, one.day_received, one.id_and_name[1], one.form)
        for one in entries
        if one.standing != "current"
    ]
    about = (
        "Returns that a later one has replaced, returns of other editions, and files that could "
        "not be read."
    )
    headings = ("Why", "File", "Received", "Name", "Form")
    return RegisterTable("Not counted", headings, rows, about=about)


def _why_not_counted(entry: RegisterEntry) -> str:
    if entry.standing == "replaced":
        return "replaced by a later one"
    if entry.standing == "other edition":
        return f"of another edition ({entry.edition})"
    if entry.unread == EDITION_NOT_KEPT.code:
        return "of an edition that was not kept"
    return "could not be read"


# the tables that list what the forms say


@dataclass(frozen=True)
class _AnswerList:
    """A table of some of the answers; `rows_of` gives the rows of a return that counts."""

    title: str
    columns: tuple[str, ...]
    wide: frozenset[int]
    about: str
    rows_of: Callable[[AcceptedReturn], Iterator[Row]]

    def table(self, rows: RowStore[Row]) -> RegisterTable:
        return RegisterTable(self.title, (*_WHO, *self.columns), rows, self.wide, self.about)


def _rows_by_meaning(first: Meaning, *others: Meaning) -> Callable[[AcceptedReturn], Iterator[Row]]:
    """The answers of each row of a grid, or each form, that answers the first meaning."""

    def rows_of(case: AcceptedReturn) -> Iterator[Row]:
        for questions in case.answered_rows(first):
            yield (*_who(case), *case.answers_for(questions, (first, *others)))

    return rows_of


def _ratings(case: AcceptedReturn) -> Iterator[Row]:
    for question in case.blank.questions():
        if question.means == "rating" and case.value(question):
            received = case.found.record.received
            day = received.date() if received else ""
            yield (*_who(case), day, question.title, case.value(question))


_LISTS = (
    _AnswerList(
        "Objectives",
        ("Objective", "Measure", "By when", "Outcome"),
        frozenset([4, 5, 7]),
        "A row an objective.",
        _rows_by_meaning("objective", "measure", "by-when", "outcome"),
    ),
    _AnswerList(
        "Development needs",
        ("Need", "How it is met", "Priority", "Needed by"),
        frozenset([4, 5]),
        "A row a need for training or development; cpd-audit.xlsx sorts them by theme.",
        _rows_by_meaning("need", "delivery", "priority", "needed-by"),
    ),
    _AnswerList(
        "Ratings", ("Received", "Rated", "Rating"), frozenset(), "A row a rating.", _ratings
    ),
    _AnswerList(
        "Pay",
        ("Criteria", "Current pay", "New pay", "Exception"),
        frozenset([7]),
        "Recommendations on pay, a row each.",
        _rows_by_meaning("pay-criteria", "current-pay", "new-pay", "pay-exception"),
    ),
    _AnswerList(
        "Typed elsewhere",
        ("Where", "Words"),
        frozenset([5]),
        "Words that are on a form but in none of its fields: read what they were meant for.",
        lambda case: ((*_who(case), place, words) for place, words in case.typed_elsewhere()),
    ),
)

_FINDINGS = RegisterTable(
    "Findings",
    ("How serious", "Code", "What was found", "Form and clause", "What to do", "File"),
    (),
    frozenset([2, 3, 4]),
    "What the checks found, each with the clause behind it and what to do.",
)


@dataclass
class _WholeForm:
    """Every answer of a form, a row for each returned form.

    A form that has changed within the year has further questions for some people.
    """

    title: str
    store: RowStore[tuple[Row, dict[str, Cell]]]
    questions: dict[str, Question] = field(default_factory=dict)

    def add(self, case: AcceptedReturn) -> None:
        questions = case.blank.questions()
        self.questions |= {q.id: q for q in questions if q.id not in self.questions}
        received = case.found.record.received
        who = (*_who(case), received.date() if received else "")
        self.store.add((who, {question.id: case.value(question) for question in questions}))

    def table(self, form: str) -> RegisterTable:
        questions = self.questions.values()

        def row(stored: tuple[Row, dict[str, Cell]]) -> Row:
            who, answers = stored
            return (*who, *(answers.get(id, "") for id in self.questions))

        return RegisterTable(
            f"Answers {form}",
            (*_WHO, "Received", *(question.title for question in questions)),
            RowsInOrder(self.store, range(len(self.store)), row),
            frozenset(n + 5 for n, one in enumerate(questions) if one.kind == "multiline"),
            f"Every answer of “{self.title}”, a row a form.",
        )


class AnswerTables:
    """Gathers the tables of answers and findings, a return at a time.

    `new_store` gives an empty store for the rows of one table.
    """

    def __init__(self, new_store: Callable[[], RowStore[Any]] = RowStore) -> None:
        self.new_store = new_store
        self.stores = [new_store() for _ in _LISTS]
        self.findings = new_store()
        self.whole_forms: dict[str, _WholeForm] = {}

    def add(self, found: Return, case: AcceptedReturn | None) -> None:
        """Take a return in; `case` is there for one that counts."""
        for problem in found.problems:
            kind, file = problem.kind, found.record.source
            words = (problem.message, problem.where, problem.fix)
            self.findings.add((kind.severity, kind.code, *words, file))
        if case is None:
            return
        for one, store in zip(_LISTS, self.stores, strict=True):
            for row in one.rows_of(case):
                store.add(row)
        form = self.whole_forms.setdefault(
            case.blank.id, _WholeForm(case.blank.title, self.new_store())
        )
        form.add(case)

    def lists(self) -> Iterator[RegisterTable]:
        """The tables of objectives, needs, ratings, pay and findings."""
        for one, store in zip(_LISTS, self.stores, strict=True):
            yield one.table(store)
        yield replace(_FINDINGS, rows=self.findings)
