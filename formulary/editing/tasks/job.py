"""One piece of work at a time, done while the browser shows how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Lock, Thread

from formulary.editing.tasks.parts import TaskPage
from formulary.pipeline.progress import Progress

Work = Callable[[Progress], TaskPage]
"""What is done; it gives the page that says what came of it, whatever happens."""


STAGES = {
    "Start": "Getting ready",
    "Wait for another build": "Waiting for another program that is publishing",
    "Load": "Reading the files",
    "Check": "Checking the words",
    "Compose": "Filling in names, numbers and dates",
    "Render": "Making the Word and PDF files and the pages",
    "Site": "Putting the pages together",
    "Publish": "Putting the handbook into the folder site",
    "Blanks": "Getting the forms ready",
    "People": "Reading the list",
    "Preflight": "Checking each person",
}
"""What the stages of pipelines are called on a page."""


class StoppedError(Exception):
    """Somebody has asked for the work to be stopped."""


@dataclass
class Job:
    """A piece of work: the id of its task, whose it is, and how far it is. It is a `Progress`."""

    task: str
    organisation: str
    work: Work
    stage_name: str = STAGES["Start"]
    steps: int = 1
    done: int = 0
    outcome: TaskPage | None = None
    stopping: Event = field(default_factory=Event)
    finished: Event = field(default_factory=Event)

    def stage(self, name: str, steps: int) -> None:
        """A stage begins. Raises StoppedError."""
        self._stop_if_asked()
        self.stage_name, self.steps, self.done = STAGES.get(name, name), max(steps, 1), 0

    def step(self, what: str) -> None:
        """A step of the stage is done. Raises StoppedError."""
        self.done += 1
        self._stop_if_asked()

    def _stop_if_asked(self) -> None:
        if self.stopping.is_set():
            raise StoppedError

    def run(self) -> None:
        """Do it."""
        work, self.work = self.work, _forgotten  # which may hold a staff list
        try:
            self.outcome = work(self)
        finally:
            self.finished.set()


def _forgotten(progress: Progress) -> TaskPage:
    return TaskPage()


class Workbench:
    """Holds the job at hand, or the last one."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.job: Job | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a job is at work."""
        return self.job is not None and not self.job.finished.is_set()

    def start(self, job: Job) -> bool:
        """Start a job; False where another one is at work."""
        with self._lock:
            if self.is_busy:
                return False
            self.job = job
            Thread(target=job.run, daemon=True).start()
            return True
