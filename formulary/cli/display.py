"""Progress, shown in a terminal or told in lines."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table


def print_table(
    title: str, headings: Sequence[str], rows: Iterable[Sequence[str]], words: int = 1
) -> None:
    """Print a table; its first columns, so many as `words` says, hold words, the others numbers."""
    table = Table(title=title, title_justify="left")
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="left" if place < words else "right")
    for row in rows:
        table.add_row(*row)
    Console().print(table)


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
