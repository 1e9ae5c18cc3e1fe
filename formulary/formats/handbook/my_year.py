"""Write “My year”: what one staff group needs to know, the five first questions before all else.

What comes next and when, who reviews me, which form, what if I disagree, who to ask. Then the year,
the forms, pay and what is expected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from formulary.content.guidance import StaffQuestion
from formulary.content.organisation import Group, Panel
from formulary.edition.edition import Edition
from formulary.edition.filling import who_fills_in
from formulary.formats.handbook.calendars import CalendarFile
from formulary.formats.handbook.downloads import Download
from formulary.formats.handbook.season import (
    ListedForm,
    entry_time,
    forms_for,
    list_forms,
    sort_by_season,
    split_when,
)
from formulary.formats.handbook.views import (
    clauses_behind,
    forms_behind,
    gather_tasks,
    group_by_section,
    group_title,
    own_dates,
    role_title,
    roles_with_tasks,
    say_of,
    stage_pairs,
    standards_concern,
    years_of,
)
from formulary.formats.handbook.writer import Writer
from formulary.formats.handbook.year import cycles_name
from formulary.formats.handbook.year_band import draw_band

ASKED = (
    "what-about-pay",
    "absent",
    "who-sees-my-form",
    "accompanied",
    "concerns-about-me",
    "joined-mid-year",
    "worried-about-observation",
    "changing-objectives",
)
"""The questions that a page for one group leads to, by id, where the organisation answers them."""


def my_year_pages(
    writer: Callable[[str], Writer], files: Sequence[Download], calendars: Sequence[CalendarFile]
) -> dict[str, str]:
    """Path -> text of the page of every staff group."""
    addresses = writer("").addresses
    edition = addresses.edition
    whose = {file.whose: file for file in calendars}
    pages: dict[str, str] = {}
    for group in edition.organisation.groups:
        pages |= _group_page(
            writer(addresses.my_group(group.id)), group, files, whose.get(("group", group.id))
        )
    return pages


def _group_page(
    writer: Writer, group: Group, files: Sequence[Download], calendar: CalendarFile | None
) -> dict[str, str]:
    edition = writer.edition
    found = years_of(edition, group.id)
    tasks = gather_tasks(found, named=len(found) > 1)
    entries = [task.entry for task in tasks]
    mine, others = split_forms(edition, forms_for(list_forms(edition, files), group))
    coming = own_dates(edition, tasks)
    asked_at = {entry.id: [id for id, _ in forms_behind(edition, entry)] for entry in entries}
    staged = edition.career_stages and group.id in edition.career_stages.groups
    rated = edition.ratings and group.id in edition.ratings.groups
    known = {one.form.id: one for one in mine}
    appeal = known.get("appeal")
    return writer.page(
        "my-year",
        group_title(group),
        f"What comes next for {group.name} in {edition.name}: dates, forms, pay, who to ask.",
        wide=True,
        group=group,
        named=cycles_name(edition),
        several=len(edition.organisation.groups) > 1,
        years=found,
        band=draw_band(entries),
        coming=coming,
        dated=[task for task in tasks if task.entry.first],
        undated=[task for task in tasks if not task.entry.first],
        forms_now=[
            (task, own)
            for task in coming
            if (own := [known[id] for id in asked_at[task.entry.id] if id in known])
        ],
        panels=panels_of(edition, group),
        reviewers=[role for role in edition.organisation.roles if role.part == "reviewer"],
        questions={question.id: question for question in edition.questions},
        asked=pick_questions(edition, ASKED),
        appeal=appeal,
        on_appeal=None if appeal else say_of(edition, "appeals", group),
        contact=edition.organisation.contact,
        mine=sort_by_season(mine, [(entry, asked_at[entry.id]) for entry in entries]),
        others=others,
        pay=[task for task in tasks if task.entry.step == "pay-decision"],
        on_disagreement=say_of(edition, "disagreement", group),
        on_pay=say_of(edition, "pay", group),
        standards=standards_concern(edition, group),
        stages=tuple(stage_pairs(edition)) if staged else (),
        rated=bool(rated),
        sections=group_by_section(edition, clauses_behind(edition, group)),
        roles=roles_with_tasks(edition),
        role_title=role_title,
        calendar=calendar,
        forms_behind=forms_behind,
        entry_time=entry_time,
        split_when=split_when,
    )


def split_forms(
    edition: Edition, forms: Iterable[ListedForm]
) -> tuple[list[ListedForm], list[ListedForm]]:
    """The forms that somebody who is reviewed fills in, alone or with others; then all others."""
    mine: list[ListedForm] = []
    others: list[ListedForm] = []
    for one in forms:
        theirs = who_fills_in(edition, one.form.filled_by) in ("reviewer", "others")
        (others if theirs else mine).append(one)
    return mine, others


def panels_of(edition: Edition, group: Group) -> tuple[Panel, ...]:
    """Who reviews the posts of a group; a panel that names no group is for all, if it is alone."""
    panels = edition.organisation.panels
    if len(panels) == 1 and not panels[0].groups:
        return panels
    return tuple(panel for panel in panels if group.id in panel.groups)


def pick_questions(edition: Edition, ids: Iterable[str]) -> list[StaffQuestion]:
    """The questions with these ids that the organisation answers, in the order of `ids`."""
    known = {question.id: question for question in edition.questions}
    return [known[id] for id in ids if id in known]
