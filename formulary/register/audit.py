"""Make the tables of the training audit from the needs in the returns.

They are counted by theme, priority, deadline, school and person, and listed.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from formulary.cells import Cell
from formulary.content.cycle import MONTHS, british
from formulary.content.form import Form, fields_of
from formulary.content.meaning import Meaning
from formulary.content.themes import find_theme
from formulary.documents.blank import Question
from formulary.edition.edition import Edition
from formulary.register.row_store import RowsInOrder, RowStore
from formulary.register.table import RegisterTable
from formulary.returns.expected import AcceptedReturn

OTHER = "Other"
NONE = "(none given)"

_WANTED: tuple[Meaning, ...] = ("need", "delivery", "priority", "needed-by")


@dataclass(frozen=True)
class AuditDeadline:
    """The day by which needs are handed in, as the cycle has it; `when` is that in words."""

    name: str
    day: datetime.date
    when: str


@dataclass(frozen=True, slots=True)
class Need:
    """One need: what was asked for, who asks, and the theme that its words put it under.

    `further` are the form's own choices about it, such as how essential it is to the objectives;
    `group` is the id of the staff group, and `form` the form's title.
    """

    words: str
    delivery: str
    priority: str
    by: Cell
    theme: str
    because: str
    further: tuple[tuple[str, str], ...]
    form: str
    id: str
    name: str
    site: str = ""
    group: str = ""
    job_title: str = ""

    @property
    def who(self) -> str:
        """What tells the person from others."""
        return self.id or f"name:{self.name}"


@dataclass
class TrainingNeeds:
    """Every need that the returns name, in their order, and the priorities that forms offer."""

    edition: Edition
    needs: RowStore[Need] = field(default_factory=RowStore)
    priorities: list[str] = field(default_factory=list)

    def add(self, case: AcceptedReturn) -> None:
        """Take in the needs of a return that counts."""
        for questions in case.answered_rows("need"):
            offered = (one for q in questions if q.means == "priority" for one in q.options)
            self.priorities = list(dict.fromkeys([*self.priorities, *offered]))
            self.needs.add(self.need(case, questions))

    def need(self, case: AcceptedReturn, questions: Sequence[Question]) -> Need:
        words, delivery, priority, by = case.answers_for(questions, _WANTED)
        theme = find_theme(str(words), self.edition.themes)
        person = case.found.person
        return Need(
            str(words),
            str(delivery),
            str(priority),
            by,
            theme.theme or OTHER,
            theme.because,
            tuple(
                (question.label, str(case.value(question)))
                for question in questions
                if question.kind == "choice" and question.means is None
            ),
            case.blank.title,
            *(
                (person.id, person.name, person.site, person.group, person.job_title)
                if person
                else ("", case.found.name)
            ),
        )


def deadline_of(edition: Edition) -> AuditDeadline | None:
    """When the organisation's needs are due, where its form for needs is due by an event."""
    due = [offer.due for offer, form in edition.forms if offer.due and _asks_for_priority(form)]
    for calendar in edition.calendars:
        for dated in calendar.events:
            if dated.event.id in due and dated.last:
                return AuditDeadline(dated.event.name, dated.last, edition.when(dated))
    return None


def _asks_for_priority(form: Form) -> bool:
    fields = (field for section in form.sections for field in fields_of(section))
    return any(field.means == "priority" for field in fields)


def audit_tables(wanted: TrainingNeeds) -> tuple[RegisterTable, ...]:
    """The sheets of the audit, the list of every need last."""
    return _Audit(wanted).tables()


def _month(need: Need) -> str:
    """The month of a need as a heading that sorts: “2026-10 October”."""
    if isinstance(need.by, datetime.date):
        return f"{need.by:%Y-%m} {MONTHS[need.by.month - 1]}"
    return need.by if isinstance(need.by, str) and need.by.strip() else NONE


@dataclass
class _Tally:
    """How many needs there are under one heading, whose they are, and how urgent."""

    needs: int = 0
    people: set[str] = field(default_factory=set)
    priorities: Counter[str] = field(default_factory=Counter)
    within: int = 0


class _Audit:
    def __init__(self, wanted: TrainingNeeds) -> None:
        self.edition, self.needs = wanted.edition, wanted.needs
        self.deadline = deadline_of(wanted.edition)
        said = (need.priority for need in self.needs if need.priority)
        self.priorities = tuple(dict.fromkeys([*wanted.priorities, *said]))
        self.rank = {one: place for place, one in enumerate(self.priorities)}
        order = [theme.name for theme in wanted.edition.themes] + [OTHER]
        self.themes = {name: place for place, name in enumerate(order)}
        self.within = (
            (f"Needed by {british(self.deadline.day)}",) if self.deadline else ()
        )  # a column, where there is such a day

    def tables(self) -> tuple[RegisterTable, ...]:
        ways: tuple[tuple[str, str, Callable[[Need], str], str], ...] = (
            ("By theme", "Theme", lambda one: one.theme, "Needs by what they are about."),
            ("By priority", "Priority", lambda one: one.priority or NONE, "Needs by how urgent."),
            ("By deadline", "Needed by", _month, "Needs by the month in which they are needed."),
            ("By school", "School or team", lambda one: one.site or NONE, "Needs by school."),
            ("By person", "Name", lambda one: one.name or NONE, "How many needs each has."),
        )
        return (*(self.count_table(*way) for way in ways), self.list_of_needs())

    def count_table(
        self, title: str, heading: str, key: Callable[[Need], str], about: str
    ) -> RegisterTable:
        parts: dict[str, _Tally] = {}
        whole = _Tally()
        for need in self.needs:
            for tally in (parts.setdefault(key(need), _Tally()), whole):
                tally.needs += 1
                tally.people.add(need.who)
                tally.priorities[need.priority] += 1
                tally.within += self.is_within(need)
        ranks = self.themes if title == "By theme" else self.rank
        names = sorted(parts, key=lambda one: (one == NONE, ranks.get(one, -1), one.casefold()))
        return RegisterTable(
            title,
            (heading, "Needs", "People", *self.priorities, "No priority", *self.within),
            tuple((name, *self.counts(parts[name])) for name in names),
            about=about,
            fixed=1,
            total=("Total", *self.counts(whole)) if parts else (),
        )

    def counts(self, tally: _Tally) -> tuple[Cell, ...]:
        by_priority = (tally.priorities[one] for one in (*self.priorities, ""))
        within = (tally.within,) if self.deadline else ()
        return (tally.needs, len(tally.people), *by_priority, *within)

    def is_within(self, need: Need) -> bool:
        """Whether it is needed by the day on which needs are handed in."""
        deadline = self.deadline
        return bool(deadline and isinstance(need.by, datetime.date) and need.by <= deadline.day)

    def list_of_needs(self) -> RegisterTable:
        groups = {group.id: group.name for group in self.edition.organisation.groups}
        labels = tuple(dict.fromkeys(label for need in self.needs for label, _ in need.further))

        def order(need: Need) -> tuple[object, ...]:
            day = need.by if isinstance(need.by, datetime.date) else datetime.date.max
            rank = self.rank.get(need.priority, len(self.rank))
            return (self.themes[need.theme], rank, day, need.name.casefold())

        def row(need: Need) -> tuple[Cell, ...]:
            said = dict(need.further)
            within = ("yes" if self.is_within(need) else "",) if self.deadline else ()
            return (
                *(need.theme, need.because, need.words, need.delivery, need.priority, need.by),
                *within,
                *(need.id, need.name, need.site, groups.get(need.group, ""), need.job_title),
                *(said.get(label, "") for label in labels),
                need.form,
            )

        keys = sorted((order(need), place) for place, need in enumerate(self.needs))
        return RegisterTable(
            "Needs",
            (
                *("Theme", "Known by the word", "Need", "How it is met", "Priority", "Needed by"),
                *self.within,
                *("Id", "Name", "School or team", "Staff group", "Job title", *labels, "Form"),
            ),
            RowsInOrder(self.needs, [place for _, place in keys], row),
            frozenset([2, 3]),
            "Every need, by theme, priority and day. The word that put it under its theme is "
            "beside it; change the themes in themes.yaml.",
            fixed=1,
        )
