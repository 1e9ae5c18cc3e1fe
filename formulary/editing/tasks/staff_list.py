"""Check a staff list: read in memory, shown once, and kept nowhere."""

from __future__ import annotations

from formulary.editing.tasks.job import Work
from formulary.editing.tasks.pages import Desk, Task
from formulary.editing.tasks.parts import (
    FormFaultError,
    PageList,
    PageTable,
    PageWords,
    Part,
    ProblemList,
    ShownProblem,
    TaskField,
    TaskPage,
)
from formulary.editing.tasks.sent import SentFile, SentForm
from formulary.pipeline.progress import Progress


class CheckStaffList(Task):
    """Say of everyone on a staff list whether they get a pack, and what is in doubt."""

    id = "staff-list"
    title = "Check a staff list"
    about = "Says who will get which forms, who will not and why, and what the list has wrong."
    can_stop = True
    is_private = True

    def show(self, desk: Desk) -> TaskPage:
        """What it asks."""
        words = (
            "The list is read in the memory of this computer. Nothing of it is written or kept. "
            "The next page is shown once: print it if you need it later."
        )
        hint = "Excel (.xlsx) or CSV, as your staff system exports it. You can choose several."
        accept = ".xlsx,.csv,.tsv,.txt"
        chosen = TaskField("list", "The staff list", hint, "file", accept=accept, several=True)
        return TaskPage([PageWords(words)], [chosen], "Check the list")

    def begin(self, desk: Desk, sent: SentForm) -> Work:
        """Take the list."""
        lists = sent.files.get("list", ())
        if not lists:
            raise FormFaultError({"list": "Choose the staff list"})
        return lambda progress: _check(desk, lists, progress)


def _check(desk: Desk, lists: tuple[SentFile, ...], progress: Progress) -> TaskPage:
    # what makes packs takes longer to import than most pages to make
    from formulary.pipeline.packs import PackOrder, packs
    from formulary.staff.preflight import describe_rows, summary
    from formulary.staff.reading import ListFile

    order = PackOrder(
        staff=tuple(ListFile(sent.name, sent.data) for sent in lists),
        organisation=desk.organisation,
        out=None,
        year=desk.live.year,
    )
    report = packs(desk.root, order, progress)
    found = report.preflight
    headings, *rows = summary(found)
    going = len(found.recipients)
    people = "1 person gets" if going == 1 else f"{going:,} people get"
    parts: list[Part] = [
        PageWords("Correct the errors below, then check the list again.", "error")
        if report.stops
        else PageWords(f"{people} a pack. Nothing was written.", "done"),
        PageTable("The staff list", headings, rows),
    ]
    for part in found.lists:
        sheet = f", sheet “{part.sheet}”" if part.sheet else ""
        parts.append(PageWords(f"{part.file}{sheet}: {describe_rows(part)}."))
        if part.columns:
            columns = [f"“{heading}”: {meaning or 'not used'}" for heading, meaning in part.columns]
            parts.append(PageList(columns, "What each column was read as"))
    order_of = ("error", "warning", "info")
    problems = sorted(report.problems, key=lambda one: order_of.index(one.kind.severity))
    if problems:
        shown = [
            ShownProblem(
                one.kind.severity,
                one.kind.title,
                f"{one.message.rstrip('.')}. {one.fix}".strip(),
                f"{one.place.file.name}, row {one.place.line}" if one.place.line else "",
            )
            for one in problems
        ]
        parts += [PageWords("What to correct or look at", "heading"), ProblemList(shown)]
    for title, people_left in (
        ("They get no pack", found.left_out),
        ("Left out because of a problem", found.stopped),
    ):
        if people_left:
            parts += [PageWords(title, "heading"), PageList([str(one) for one in people_left])]
    rows_of_forms = [
        (str(form), f"{form.people:,}") for form in report.forms if form.people is not None
    ]
    if rows_of_forms:
        parts.append(PageTable("The forms of the packs", ("Form", "People"), rows_of_forms))
    others = [str(form) for form in report.forms if form.people is None]
    if others:
        parts.append(PageList(others, "Forms that are not in the packs"))
    return TaskPage(parts)
