"""The pages of the year and of each of its tasks, and what their forms set off."""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from formulary.editing.editor import Editor, RefusedError
from formulary.editing.live import LiveProject
from formulary.editing.tasks.job import Job, StoppedError, Work, Workbench
from formulary.editing.tasks.parts import FormFaultError, PageWords, ProblemList, TaskPage
from formulary.editing.tasks.problem_links import show_problems
from formulary.editing.tasks.sent import SentForm
from formulary.pipeline.progress import Progress
from formulary.problems import ContentError, OutputError, Problem, UsageError

LARGEST_FORM = 60_000_000
"""Bytes of a form with its files; a long policy with pictures has a tenth of it."""

PATIENCE = 1.0
"""Seconds that a page waits for work, so that short work is done when it is shown."""


@dataclass(frozen=True)
class Desk:
    """What every task works with; `organisation` is the one whose handbook is open."""

    editor: Editor
    organisation: str
    today: datetime.date

    @property
    def live(self) -> LiveProject:
        """The project as it is this moment."""
        return self.editor.live

    @property
    def root(self) -> Path:
        """The project's folder."""
        return self.editor.live.root


class Task(ABC):
    """Something that is done once a year, or once."""

    id: str
    title: str
    about: str
    """What it does, in a sentence."""
    can_stop = False
    is_private = False
    """Whether it reads what is known of people: its outcome is shown once, and kept nowhere."""
    needs_handbook = True
    """Whether it is about an organisation that is there."""

    @abstractmethod
    def show(self, desk: Desk) -> TaskPage:
        """What it will do, and what it asks. Raises ContentError, UsageError, OutputError."""

    @abstractmethod
    def begin(self, desk: Desk, sent: SentForm) -> Work:
        """The work that was asked for. Raises FormFaultError, and what `show` raises."""


@dataclass(frozen=True)
class Answered:
    """What is sent back: a page, or the address of another one."""

    html: str = ""
    to: str = ""


class TaskPages:
    """Shows the tasks of one project, and does one at a time."""

    def __init__(
        self, editor: Editor, tasks: Sequence[Task], today: Callable[[], datetime.date]
    ) -> None:
        self.editor = editor
        self.tasks = {task.id: task for task in tasks}
        self.today = today
        self.bench = Workbench()
        self.templates = Environment(
            loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def get(self, path: str, organisation: str) -> Answered | None:
        """The page at a path below that of the year; None where there is none."""
        organisation = self._known(organisation)
        self._forget_private(path)
        if not path:
            return Answered(self._render("tasks.html", organisation, tasks=self.tasks.values()))
        if path == "work":
            return self._work(organisation)
        task = self.tasks.get(path)
        if task is None or (task.needs_handbook and not organisation):
            return None
        return Answered(self._page(task, organisation, self._show(task, organisation)))

    def faults(self, organisation: str, found: Sequence[Problem], helpers: str) -> str:
        """A page that says what is wrong, with the editor to correct it; `helpers` is HTML."""
        shown = show_problems(self.editor, organisation, found)
        return self._render(
            "faults.html", organisation, problems=ProblemList(shown), helpers=helpers
        )

    def progress(self) -> dict[str, Any]:
        """How far the work is."""
        job = self.bench.job
        if job is None or job.finished.is_set():
            return {"finished": True}
        return {"finished": False, "stage": job.stage_name, "done": job.done, "steps": job.steps}

    def post(self, path: str, organisation: str, sent: SentForm) -> Answered | None:
        """What a form has set off; None where no form is sent there."""
        organisation = self._known(organisation)
        work = Answered(to=_address("work", organisation))
        if path == "stop":
            if self.bench.job and self.tasks[self.bench.job.task].can_stop:
                self.bench.job.stopping.set()
            return work
        task = self.tasks.get(path)
        if task is None or (task.needs_handbook and not organisation):
            return None
        if self.bench.is_busy:
            return work
        try:
            wanted = task.begin(self._desk(organisation), sent)
        except FormFaultError as error:
            page = self._show(task, organisation)
            fields = [
                replace(
                    one,
                    value=one.value if one.kind == "file" else sent.value(one.name) or one.value,
                    ticked=frozenset(sent.values.get(one.name, ())),
                )
                for one in page.fields
            ]
            page = replace(page, fields=fields, faults=error.faults)
            return Answered(self._page(task, organisation, page))
        except (ContentError, UsageError, OutputError, RefusedError) as error:
            return Answered(self._page(task, organisation, self._failed(error, organisation)))
        job = Job(task.id, organisation, lambda job: self._do(task, organisation, wanted, job))
        self.bench.start(job)
        return work

    # ---- how it is done ----

    def _known(self, organisation: str) -> str:
        """The organisation, if there is such a one; else the only one, if there is only one."""
        known = self.editor.live.organisations()
        return organisation if organisation in known else known[0] if len(known) == 1 else ""

    def _forget_private(self, path: str) -> None:
        """Drop what came of private work once another page is open."""
        job = self.bench.job
        if job and path != "work" and job.finished.is_set() and self.tasks[job.task].is_private:
            job.outcome = None

    def _desk(self, organisation: str) -> Desk:
        return Desk(self.editor, organisation, self.today())

    def _show(self, task: Task, organisation: str) -> TaskPage:
        try:
            return task.show(self._desk(organisation))
        except (ContentError, UsageError, OutputError, RefusedError) as error:
            return self._failed(error, organisation)

    def _do(self, task: Task, organisation: str, work: Work, progress: Progress) -> TaskPage:
        try:
            return work(progress)
        except StoppedError:
            return TaskPage([PageWords("It was stopped. Everything is as it was before.", "done")])
        except (ContentError, UsageError, OutputError, RefusedError) as error:
            return self._failed(error, organisation)
        except Exception as error:
            # what it says may quote a staff list, so no more than its kind is shown
            return TaskPage(
                [
                    PageWords(
                        f"This is a mistake in Formulary ({type(error).__name__}), not in your "
                        "files. Tell those who look after Formulary for you what you did, and "
                        "this message.",
                        "error",
                    )
                ]
            )

    def _failed(self, error: Exception, organisation: str) -> TaskPage:
        if isinstance(error, ContentError | RefusedError) and error.problems:
            shown = show_problems(self.editor, organisation, error.problems)
            errors = [one for one in shown if one.severity == "error"] or shown
            words = "Nothing was done. Correct these places first, then come back."
            return TaskPage([PageWords(words, "error"), ProblemList(errors)])
        words = error.in_page if isinstance(error, UsageError | OutputError) else str(error)
        return TaskPage([PageWords(words, "error")])

    def _work(self, organisation: str) -> Answered:
        """The page of the work at hand, or of what came of the last."""
        job = self.bench.job
        if job is None:
            return Answered(to=_address("", organisation))
        job.finished.wait(PATIENCE)
        task = self.tasks[job.task]
        if not job.finished.is_set():
            page = self._render("work.html", organisation, task=task, job=job)
            return Answered(page)
        outcome = job.outcome
        if outcome is None:  # it was private, and has been shown
            return Answered(to=_address(task.id, job.organisation))
        if task.is_private:
            job.outcome = None
        return Answered(self._page(task, job.organisation, outcome, is_outcome=True))

    def _page(
        self, task: Task, organisation: str, page: TaskPage, *, is_outcome: bool = False
    ) -> str:
        return self._render("task.html", organisation, task=task, page=page, is_outcome=is_outcome)

    def _render(self, template: str, organisation: str, **values: Any) -> str:
        handbook = None
        if organisation:
            handbook, _ = self.editor.live.handbook(organisation)
        known = self.editor.live.organisations()
        edition = handbook.site.edition if handbook else None
        return self.templates.get_template(template).render(
            organisation=organisation,
            edition=edition,
            home=f"/{organisation}/index.html" if len(known) > 1 else "/index.html",
            colours=f"/assets/colours-{organisation}.css" if edition and len(known) > 1 else "",
            address=_address,
            busy=self.bench.is_busy,
            most=LARGEST_FORM,
            **values,
        )


def _address(path: str, organisation: str) -> str:
    return f"/-/year{f'/{path}' if path else ''}?organisation={organisation}"
