"""Publish the handbook, begin the next year, and keep an edition."""

from __future__ import annotations

from collections.abc import Iterator

from formulary.content.cycle import edition_name
from formulary.editing.tasks.job import Work
from formulary.editing.tasks.pages import Desk, Task
from formulary.editing.tasks.parts import (
    FormFaultError,
    PageLink,
    PageList,
    PageTable,
    PageWords,
    Part,
    ProblemList,
    TaskField,
    TaskPage,
)
from formulary.editing.tasks.problem_links import show_problems
from formulary.editing.tasks.sent import SentForm
from formulary.edition.edition import Edition
from formulary.edition.text import Bullets, Paragraph, plain
from formulary.pipeline.progress import Progress
from formulary.problems import Problem, UsageError, errors_in
from formulary.project import ORGANISATIONS

ALL = "all"
"""What the field of organisations says for all of them."""


class Publish(Task):
    """Make the site that staff see."""

    id = "publish"
    title = "Publish the handbook"
    about = "Makes the pages and every Word and PDF file again, and puts them into the folder site."
    can_stop = True

    def show(self, desk: Desk) -> TaskPage:
        """What has changed, and what is wrong."""
        chosen = desk.live.organisations()
        found = [problem for id in chosen for problem in self._problems(desk, id)]
        shown = show_problems(desk.editor, desk.organisation, found)
        errors = [one for one in shown if one.severity == "error"]
        others = [one for one in shown if one.severity == "warning"]
        parts: list[Part] = []
        if errors:
            words = "The handbook cannot be published before these places are correct."
            parts += [PageWords(words, "error"), ProblemList(errors)]
        parts += _changes_of(desk)
        parts += _saves_since(desk)
        if others:
            count = "1 thing" if len(others) == 1 else f"{len(others)} things"
            parts.append(ProblemList(others, f"{count} to look at. You can publish all the same."))
        fields = []
        if len(chosen) > 1:
            choices = [(ALL, f"All {len(chosen)}"), (desk.organisation, "This one alone")]
            fields.append(
                TaskField(
                    "organisations",
                    "Which handbooks",
                    "Others are then no longer in the folder site.",
                    "radios",
                    ALL,
                    choices,
                )
            )
        return TaskPage(parts, fields, "" if errors else "Publish")

    def _problems(self, desk: Desk, id: str) -> tuple[Problem, ...]:
        _, reading = desk.live.handbook(id)
        return reading.judge(desk.today) if id == desk.organisation else reading.errors

    def begin(self, desk: Desk, sent: SentForm) -> Work:
        """Check and build."""
        chosen = sent.value("organisations")
        asked = () if chosen in ("", ALL) else (desk.organisation,)
        return lambda progress: _publish(desk, asked, progress)


def _publish(desk: Desk, asked: tuple[str, ...], progress: Progress) -> TaskPage:
    # what makes papers takes longer to import than most pages to make
    from formulary.pipeline import build_record, content, site

    root = desk.root
    progress.stage("Check", 1)
    found = content.check(root, desk.today, asked).problems
    shown = show_problems(desk.editor, desk.organisation, found)
    errors = [one for one in shown if one.severity == "error"]
    if errors_in(found):
        words = "The handbook was not published. Everything that was there before is unchanged."
        return TaskPage([PageWords(words, "error"), ProblemList(errors)])
    parts: list[Part] = []
    request = build_record.BuildRequest(asked, desk.live.year)
    if build_record.find_unchanged_build(root, request, desk.today):
        parts.append(PageWords("Nothing has changed since it was published last.", "done"))
    else:
        report = site.build(root, asked, desk.live.year, progress)
        files = len(report.downloads)
        words = f"Published: {report.pages} pages and {files} Word and PDF files."
        parts.append(PageWords(words, "done"))
    parts += [
        PageList([PageLink("Open the published handbook", "/-/published/index.html")]),
        PageWords(
            "It is in the folder site of your project. Put the whole folder where your staff read "
            "it, for example on your intranet."
        ),
    ]
    parts += _changes_of(desk)
    others = [one for one in shown if one.severity == "warning"]
    if others:
        parts.append(ProblemList(others, f"What check says ({len(others)})"))
    return TaskPage(parts)


def _changes_of(desk: Desk) -> Iterator[Part]:
    """What changed since the last edition that was kept."""
    # what composes the comparison is not needed for other pages
    from formulary.documents.changes_paper import comparison_title, heading, summary

    handbook, _ = desk.live.handbook(desk.organisation)
    comparison = handbook.site.edition.changes if handbook else None
    if comparison is None:
        yield PageWords("What changed", "heading")
        yield PageWords("No earlier edition is kept, so there is nothing to compare with.")
        return
    yield PageWords(comparison_title(comparison), "heading")
    for block in summary(comparison):
        if isinstance(block, Paragraph):
            yield PageWords(plain((block,)))
        elif isinstance(block, Bullets):
            yield PageList([plain(item) for item in block.items])
    changed = [heading(comparison, one) for one in comparison.differences]
    if changed:
        yield PageList(changed, "Each change")


def _saves_since(desk: Desk) -> Iterator[Part]:
    """What was saved in the editor since the site was made."""
    made = desk.root / "site" / "manifest.json"
    if not made.is_file():
        return
    since = made.stat().st_mtime
    saves = [one.label for one in desk.editor.journal.saves() if one.at.timestamp() > since]
    if saves:
        count = "1 change was" if len(saves) == 1 else f"{len(saves)} changes were"
        yield PageList(saves[::-1], f"{count} saved here since it was published last")


class BeginNextYear(Task):
    """Keep the edition that ends, and move all dates on."""

    id = "next-year"
    title = "Begin the next year"
    about = "Keeps this year’s edition for later comparison, and moves every date on by one year."

    def show(self, desk: Desk) -> TaskPage:
        """The dates before and after."""
        from formulary.pipeline.next_year import plan_next_year

        year = _year_of(desk) + 1
        plan = plan_next_year(desk.root, desk.organisation, year, desk.today)
        before, after = plan.before, plan.after
        parts: list[Part] = []
        starts = min(calendar.starts for calendar in before.calendars)
        if desk.today < starts:
            words = f"{before.name} has not begun yet. Begin {after.name} only if you are sure."
            parts.append(PageWords(words, "warning"))
        parts.append(
            PageWords(
                f"The words of {before.name} are kept as “{plan.done.kept}”. Forms of that year "
                "can still be read and checked."
            )
        )
        parts += _moved_dates(before, after)
        if plan.done.stated:
            lines = [f"“{day.words}” ({day.place})" for day in plan.done.stated]
            parts.append(PageList(lines, _count_stated(len(lines))))
        hidden = TaskField("year", "", kind="hidden", value=str(year))
        return TaskPage(parts, [hidden], f"Begin {after.name}")

    def begin(self, desk: Desk, sent: SentForm) -> Work:
        """Write what `show` has shown."""
        if not sent.value("year").isdigit():
            raise UsageError("The year is missing. Open the page again.")
        return lambda progress: _begin_next_year(desk, int(sent.value("year")))


def _year_of(desk: Desk) -> int:
    _, reading = desk.live.handbook(desk.organisation)
    if reading.own is None:
        raise UsageError("The handbook cannot be read. Correct its files first.")
    return reading.own.organisation.item.year


def _count_stated(count: int) -> str:
    places = "1 place says" if count == 1 else f"{count} places say"
    return f"{places} a day or a year in words, and will not move. Look at each."


def _moved_dates(before: Edition, after: Edition) -> Iterator[PageTable]:
    for old, new in zip(before.calendars, after.calendars, strict=True):
        then = {dated.event.id: dated for dated in new.events}
        rows = [
            (dated.event.name, before.when(dated), after.when(then[dated.event.id]))
            for dated in old.events
        ]
        headings = ("Event", before.name, after.name)
        yield PageTable(f"Dates: {old.cycle.name}", headings, rows)


def _begin_next_year(desk: Desk, year: int) -> TaskPage:
    from formulary.pipeline.next_year import plan_next_year

    plan = plan_next_year(desk.root, desk.organisation, year, desk.today)
    label = f"Began {plan.done.began}"
    desk.editor.replace(label, {plan.folder / name: data for name, data in plan.files.items()})
    parts: list[Part] = [
        PageWords(f"The handbook is now of {plan.done.began}.", "done"),
        PageWords(f"{plan.before.name} is kept as “{plan.done.kept}”."),
    ]
    if plan.done.stated:
        words = "These words say a day or a year themselves and have not moved. Look at each."
        lines = [f"“{day.words}” ({day.place})" for day in plan.done.stated]
        parts += [PageWords("What to look at", "heading"), PageWords(words), PageList(lines)]
    if plan.done.approval:
        words = "Once the policy is approved again, change its version and the dates of approval:"
        lines = [f"“{day.words}” ({day.place})" for day in plan.done.approval]
        parts += [PageWords(words), PageList(lines)]
    parts += [PageWords(_UNDO), _written(path.as_posix() for path in plan.done.files)]
    return TaskPage(parts)


_UNDO = "If this was too early: Undo, in the bar below, takes it back."


class KeepEdition(Task):
    """Keep the edition for the next comparison, without moving the year."""

    id = "keep-edition"
    title = "Keep this edition"
    about = "Keeps the words as they are now. The handbook then says what changed since."

    def show(self, desk: Desk) -> TaskPage:
        """Which edition would be kept, and which one is."""
        from formulary.pipeline.changes import plan_kept_edition

        files, name = plan_kept_edition(desk.root, desk.organisation, None, "")
        _, reading = desk.live.handbook(desk.organisation)
        last = reading.own.last_edition if reading.own else None
        parts: list[Part] = [
            PageWords(
                "Do this when an edition has been approved, before you change the next one. When a "
                f"new year begins, “{BeginNextYear.title}” does it for you."
            )
        ]
        if last:
            words = f"Until now the handbook has compared itself with “{last.name}”."
            parts.append(PageWords(words))
        parts.append(_written((path.as_posix() for path in files), "Files that will be written"))
        hint = "Staff read it as “What changed since …”."
        return TaskPage(parts, [TaskField("name", "Name", hint, value=name)], "Keep this edition")

    def begin(self, desk: Desk, sent: SentForm) -> Work:
        """Write it."""
        name = sent.value("name")
        if not name:
            raise FormFaultError({"name": f"Enter a name, such as {edition_name(_year_of(desk))}"})
        return lambda progress: _keep_edition(desk, name)


def _keep_edition(desk: Desk, name: str) -> TaskPage:
    from formulary.pipeline.changes import plan_kept_edition

    files, kept = plan_kept_edition(desk.root, desk.organisation, None, name)
    desk.editor.replace(f"Kept {kept}", {desk.root / path: data for path, data in files.items()})
    return TaskPage(
        [
            PageWords(f"Kept as “{kept}”.", "done"),
            PageWords("From now on the handbook says what changed since then."),
            PageWords(_UNDO),
            _written(path.as_posix() for path in files),
        ]
    )


def _written(paths: Iterator[str], folded: str = "Files that were written") -> PageList:
    own = f"{ORGANISATIONS.as_posix()}/"
    return PageList([path.removeprefix(own) for path in paths], folded)
