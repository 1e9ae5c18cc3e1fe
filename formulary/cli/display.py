"""Progress, shown in a terminal or told in lines."""

from __future__ import annotations

import os
import sys
import time

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn


class Display:
    """Progress as a bar in a terminal, as plain lines elsewhere."""

    def __init__(self, *, timed: bool = False) -> None:
        self.console = Console(stderr=True)
        self.bar: Progress | None = None
        self.task: TaskID | None = None
        self.timed = timed
        """Whether each stage is followed by the seconds that it took."""
        self.started: tuple[str, float] | None = None

    def __enter__(self) -> Display:
        if self.console.is_terminal and os.environ.get("TERM") != "dumb":
            self.bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                console=self.console,
            )
            self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.tell_time()
        if self.bar:
            self.bar.stop()

    def tell_time(self) -> None:
        if self.timed and self.started:
            name, since = self.started
            self.console.print(f"{name}: {time.perf_counter() - since:.2f} s")
        self.started = None

    def stage(self, name: str, steps: int) -> None:
        self.tell_time()
        self.started = (name, time.perf_counter())
        if self.bar:
            if self.task is not None:
                self.bar.update(self.task, completed=self.bar.tasks[-1].total)
            self.task = self.bar.add_task(name, total=steps)
        else:
            print(f"{name}…", file=sys.stderr)

    def step(self, what: str) -> None:
        if self.bar and self.task is not None:
            self.bar.advance(self.task)
        else:
            print(f"  {what}", file=sys.stderr)
