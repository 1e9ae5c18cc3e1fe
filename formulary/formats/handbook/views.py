"""Gather what concerns one staff group or role, and write the pages that lead there.

There is a page to choose one's group, and a list of tasks for each role that acts in the year. The
page of each group is in `my_year`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from formulary.content.career_stages import Stage
from formulary.content.cycle import Step
from formulary.content.form import Form
from formulary.content.organisation import AtAGlance, Group, Matter, Offer, Part, Role
from formulary.documents.paper import section_headings
from formulary.edition.edition import Edition
from formulary.edition.filling import acting_roles, fills_in
from formulary.formats.handbook.calendars import CalendarFile
from formulary.formats.handbook.season import entry_time
from formulary.formats.handbook.writer import Writer
from formulary.formats.handbook.year import Year, YearEntry, has_dates, sort_entries, years
from formulary.words import join_names

TITLE = "My year"
PAGE = "my/index.md"

PARTS: dict[Part, str] = {
    "reviewee": "What you do yourself",
    "reviewer": "If you review others",
    "head": "If you lead a school or a service",
    "board": "If you are on the board",
    "support": "If you help with reviews",
}
"""The parts in the order of the page, each with its heading."""

MEETINGS: frozenset[Step] = frozenset(("objectives", "interim-review", "final-review"))
"""The steps of a cycle at which reviewer and reviewee meet."""


@dataclass(frozen=True)
class ViewTask:
    """An entry of the year in a view, with the cycles that have it at the same time."""

    entry: YearEntry
    cycles: tuple[str, ...]

    @property
    def label(self) -> str:
        """What tells it from others: “Teachers, 2025-26”; the year that it closes, if it does."""
        closing = (self.entry.about,) if self.entry.about else ()
        return join_names((*self.cycles, *closing))


def group_title(group: Group) -> str:
    return f"My year: {group.name}"


def role_title(role: Role) -> str:
    return f"My tasks: {role.name}"


def roles_with_tasks(edition: Edition) -> tuple[Role, ...]:
    """The roles with a part that act in the year, in the order of the parts, then of the content.

    A role that acts in nothing has no page: it would be empty.
    """
    acting = {id for year in years(edition) for entry in year.entries for id in entry.acts}
    roles = [role for role in edition.organisation.roles if role.id in acting]
    return tuple(role for part in PARTS for role in roles if role.part == part)


def years_of(edition: Edition, group: str) -> tuple[Year, ...]:
    """The year of every cycle that the group is in, with what concerns the group."""
    found = (year for year in years(edition) if group in year.calendar.cycle.groups)
    return tuple(year.of_group(group) for year in found)


def gather_tasks(found: Iterable[Year], *, named: bool = True) -> tuple[ViewTask, ...]:
    """The entries of several cycles by date, those without one last; what is alike is listed once.

    `named`: whether each says which cycles it is for.
    """
    listed = tuple(found)
    alike: dict[tuple[object, ...], list[tuple[YearEntry, str]]] = {}
    for year in listed:
        for entry in year.entries:
            same = (entry.when, entry.title, entry.who, entry.text, entry.clauses, entry.forms)
            alike.setdefault(same, []).append((entry, year.calendar.cycle.name))
    cycles = {pairs[0][0]: tuple(name for _, name in pairs) for pairs in alike.values()}
    ordered = sort_entries(cycles, [year.calendar for year in listed])
    return tuple(ViewTask(entry, cycles[entry] if named else ()) for entry in ordered)


def own_dates(edition: Edition, tasks: Iterable[ViewTask]) -> list[ViewTask]:
    """The dated tasks that somebody who is reviewed takes part in; all of them if none says so.

    That the training programme is published, or that the reviewer hands in a report, is part of
    their year, and is not their next date.
    """
    reviewed = {role.id for role in edition.organisation.roles if role.part == "reviewee"}
    dated = [task for task in tasks if task.entry.first]
    own = [task for task in dated if reviewed & set(task.entry.acts) or task.entry.step in MEETINGS]
    return own or dated


def forms_of(edition: Edition, group: str) -> tuple[tuple[Offer, Form], ...]:
    """The forms that are for a group, or for everyone."""
    return tuple(pair for pair in edition.forms if not pair[0].groups or group in pair[0].groups)


def forms_behind(edition: Edition, entry: YearEntry) -> tuple[tuple[str, str], ...]:
    """Id and title of the forms that belong to an entry, in the order of the content."""
    return tuple((id, edition.references.forms[id]) for id in entry.forms)


def forms_of_role(edition: Edition, entry: YearEntry, role: Role) -> tuple[tuple[str, str], ...]:
    """Of the forms that belong to an entry, those that a role which acts there fills in."""
    forms = {form.id: form for _, form in edition.forms}
    acting = acting_roles(edition, entry.acts)
    behind = forms_behind(edition, entry)
    return tuple(one for one in behind if fills_in(edition, role, forms[one[0]], acting))


def group_by_section(edition: Edition, ids: Iterable[str]) -> list[tuple[str, str, list[str]]]:
    """The clauses among `ids` in the order of the policy: section id, its heading, its clauses."""
    wanted = set(ids)
    headings = section_headings(edition)
    found: dict[str, list[str]] = {}
    for section, clause in edition.policy.clauses():
        if clause.id in wanted or section.id in wanted:
            found.setdefault(section.id, []).append(clause.id)
    return [(id, headings[id], clauses) for id, clauses in found.items()]


def clauses_behind(edition: Edition, group: Group) -> set[str]:
    """The clauses on which the group's cycles, forms, scale, stages and part are based."""
    found: set[str] = set()
    for year in years_of(edition, group.id):
        found.update(year.calendar.cycle.clauses)
        found.update(id for entry in year.entries for id in entry.clauses)
    for offer, _ in forms_of(edition, group.id):
        found.update(offer.clauses)
    for matrix in (edition.ratings, edition.career_stages):
        if matrix and group.id in matrix.groups:
            found.add(matrix.clause)
    for role in edition.organisation.roles:
        if role.part == "reviewee":
            found.update(role.clauses)
    concerned = edition.policy.groups_concerned()
    return {id for id in found if not concerned[id] or group.id in concerned[id]}


def standards_concern(edition: Edition, group: Group) -> bool:
    """Whether the standards are for the group: those of the clause that prints them, or all."""
    concerned = edition.policy.groups_concerned()
    printed = [concerned[c.id] for _, c in edition.policy.clauses() if c.shows == "standards"]
    for_group = not printed or any(not groups or group.id in groups for groups in printed)
    return bool(edition.standards) and for_group


def say_of(edition: Edition, matter: Matter, group: Group) -> AtAGlance | None:
    """What the policy says on a matter in a sentence or two, as far as it is for the group."""
    said = edition.organisation.at_a_glance.get(matter)
    if said is None:
        return None
    concerned = edition.policy.groups_concerned()
    clauses = tuple(id for id in said.clauses if not concerned[id] or group.id in concerned[id])
    text = said.for_groups.get(group.id, said.text)
    return said.model_copy(update={"text": text, "clauses": clauses})


def view_pages(
    writer: Callable[[str], Writer], calendars: Sequence[CalendarFile]
) -> dict[str, str]:
    """Path -> text of the choice of groups and of every list of tasks."""
    addresses = writer("").addresses
    edition = addresses.edition
    whose = {file.whose: file for file in calendars}
    pages = writer(addresses.page(PAGE)).page(
        "view",
        TITLE,
        "Choose your group: what comes next, your forms, who to ask.",
        has_dates=has_dates(edition),
        parts=list(_parts_in_use(edition)),
        stages=tuple(stage_pairs(edition)),
        group_title=group_title,
        role_title=role_title,
    )
    for role in roles_with_tasks(edition):
        pages |= _role_page(writer, role, whose.get(("role", role.id)))
    return pages


def _parts_in_use(edition: Edition) -> Iterator[tuple[str, str, tuple[Role, ...]]]:
    """Every part in which a role acts, with its heading and those roles."""
    for part, heading in PARTS.items():
        roles = tuple(role for role in roles_with_tasks(edition) if role.part == part)
        if roles:
            yield part, heading, roles


def stage_pairs(edition: Edition) -> Iterator[tuple[Stage, Stage | None]]:
    """Every career stage with the next one, if there is one."""
    stages = edition.career_stages.stages if edition.career_stages else ()
    yield from zip(stages, (*stages[1:], None), strict=False)


def _role_page(
    writer: Callable[[str], Writer], role: Role, calendar: CalendarFile | None
) -> dict[str, str]:
    addresses = writer("").addresses
    edition = addresses.edition
    listed = gather_tasks(years(edition), named=len(edition.calendars) > 1)
    own = [task for task in listed if role.id in task.entry.acts]
    behind = {*role.clauses, *(id for task in own for id in task.entry.clauses)}
    return writer(addresses.my_role(role.id)).page(
        "view-role",
        role_title(role),
        f"What the role “{role.name}” does in {edition.name}, by date, with forms and clauses.",
        role=role,
        dated=[task for task in own if task.entry.first],
        undated=[task for task in own if not task.entry.first],
        checklists=any(found.who in (role.part, "both") for found in edition.checklists)
        and role.part in ("reviewer", "reviewee"),
        sections=group_by_section(edition, behind),
        calendar=calendar,
        forms_of_role=forms_of_role,
        entry_time=entry_time,
    )
