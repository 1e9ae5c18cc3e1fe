"""Make the tables of the training audit from the needs in the returns.

They are counted by theme, priority, deadline, school and person, and listed.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from formulary.cells import Cell
from formulary.content.cycle import MONTHS, british
from formulary.content.form import Form, fields_of
from formulary.content.meaning import Meaning
from formulary.content.themes import find_theme
from formulary.edition.edition import Edition
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


@dataclass(frozen=True)
class Need:
    """One need: what was asked for, who asks, and the theme that its words put it under.

    `further` are the form's own choices about it, such as how essential it is to the objectives.
    """

    case: AcceptedReturn
    words: str
    delivery: str
    priority: str
    by: Cell
    theme: str
    because: str
    further: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        person = self.case.found.person
        return person.name if person else self.case.found.name

    @property
    def site(self) -> str:
        return self.case.found.person.site if self.case.found.person else ""


def needs_of(edition: Edition, cases: Sequence[AcceptedReturn]) -> tuple[Need, ...]:
    """Every need that a return names, in the order of the returns."""
    found: list[Need] = []
    for case in cases:
        for questions in case.answered_rows("need"):
            words, delivery, priority, by = case.answers_for(questions, _WANTED)
            sorted_ = find_theme(str(words), edition.themes)
            further = tuple(
                (question.label, str(case.value(question)))
                for question in questions
                if question.kind == "choice" and question.means is None
            )
            found.append(
                Need(
                    case,
                    str(words),
                    str(delivery),
                    str(priority),
                    by,
                    sorted_.theme or OTHER,
                    sorted_.because,
                    further,
                )
            )
    return tuple(found)


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


def audit_tables(edition: Edition, needs: Sequence[Need]) -> tuple[RegisterTable, ...]:
    """The sheets of the audit, the list of every need last."""
    deadline = deadline_of(edition)
    order = [theme.name for theme in edition.themes] + [OTHER]
    priorities = _priorities(needs)

    def table(title: str, heading: str, key: Callable[[Need], str], about: str) -> RegisterTable:
        return _count_table(needs, title, heading, key, priorities, deadline, about)

    themes = table("By theme", "Theme", lambda need: need.theme, "Needs by what they are about.")
    rank = {name: place for place, name in enumerate(order)}
    themes_sorted = tuple(sorted(themes.rows, key=lambda row: rank[str(row[0])]))
    return (
        replace(themes, rows=themes_sorted),
        table(
            "By priority", "Priority", lambda need: need.priority or NONE, "Needs by how urgent."
        ),
        table("By deadline", "Needed by", _month, "Needs by the month in which they are needed."),
        table("By school", "School or team", lambda need: need.site or NONE, "Needs by school."),
        table("By person", "Name", lambda need: need.name or NONE, "How many needs each has."),
        _needs_list(edition, needs, deadline, rank, priorities),
    )


def _priorities(needs: Sequence[Need]) -> tuple[str, ...]:
    """The priorities in the order in which the form offers them, then any others."""
    offered = [
        option
        for need in needs
        for question in need.case.blank.questions()
        if question.means == "priority"
        for option in question.options
    ]
    return tuple(dict.fromkeys([*offered, *(need.priority for need in needs if need.priority)]))


def _month(need: Need) -> str:
    """The month of a need as a heading that sorts: “2026-10 October”."""
    if isinstance(need.by, datetime.date):
        return f"{need.by:%Y-%m} {MONTHS[need.by.month - 1]}"
    return need.by if isinstance(need.by, str) and need.by.strip() else NONE


def _count_table(
    needs: Sequence[Need],
    title: str,
    heading: str,
    key: Callable[[Need], str],
    priorities: Sequence[str],
    deadline: AuditDeadline | None,
    about: str,
) -> RegisterTable:
    parts: dict[str, list[Need]] = {}
    for need in needs:
        parts.setdefault(key(need), []).append(need)

    def counts(found: Sequence[Need]) -> tuple[Cell, ...]:
        people = len({_who(need) for need in found})
        by_priority = (sum(need.priority == one for need in found) for one in priorities)
        late = sum(_is_within(need, deadline) for need in found)
        none = sum(not need.priority for need in found)
        return (len(found), people, *by_priority, none, *((late,) if deadline else ()))

    rank = {one: place for place, one in enumerate(priorities)}
    names = sorted(parts, key=lambda one: (one == NONE, rank.get(one, -1), one.casefold()))
    by = (f"Needed by {british(deadline.day)}",) if deadline else ()
    return RegisterTable(
        title,
        (heading, "Needs", "People", *priorities, "No priority", *by),
        tuple((name, *counts(parts[name])) for name in names),
        about=about,
        fixed=1,
        total=("Total", *counts(needs)) if needs else (),
    )


def _who(need: Need) -> str:
    person = need.case.found.person
    return person.id if person else f"name:{need.name}"


def _is_within(need: Need, deadline: AuditDeadline | None) -> bool:
    """Whether it is needed by the day on which needs are handed in."""
    return bool(deadline and isinstance(need.by, datetime.date) and need.by <= deadline.day)


def _needs_list(
    edition: Edition,
    needs: Sequence[Need],
    deadline: AuditDeadline | None,
    themes: dict[str, int],
    priorities: Sequence[str],
) -> RegisterTable:
    groups = {group.id: group.name for group in edition.organisation.groups}
    labels = tuple(dict.fromkeys(label for need in needs for label, _ in need.further))
    rank = {one: place for place, one in enumerate(priorities)}

    def order(need: Need) -> tuple[object, ...]:
        day = need.by if isinstance(need.by, datetime.date) else datetime.date.max
        return (themes[need.theme], rank.get(need.priority, len(rank)), day, need.name.casefold())

    def row(need: Need) -> tuple[Cell, ...]:
        person, said = need.case.found.person, dict(need.further)
        who: tuple[Cell, ...] = ("", need.name, "", "", "")
        if person:
            group = groups.get(person.group, "")
            who = (person.id, need.name, person.site, group, person.job_title)
        return (
            need.theme,
            need.because,
            need.words,
            need.delivery,
            need.priority,
            need.by,
            *(("yes" if _is_within(need, deadline) else "",) if deadline else ()),
            *who,
            *(said.get(label, "") for label in labels),
            need.case.blank.title,
        )

    by = (f"Needed by {british(deadline.day)}",) if deadline else ()
    return RegisterTable(
        "Needs",
        (
            *("Theme", "Known by the word", "Need", "How it is met", "Priority", "Needed by", *by),
            *("Id", "Name", "School or team", "Staff group", "Job title", *labels, "Form"),
        ),
        tuple(row(need) for need in sorted(needs, key=order)),
        frozenset([2, 3]),
        "Every need, by theme, priority and day. The word that put it under its theme is "
        "beside it; change the themes in themes.yaml.",
        fixed=1,
    )
