"""What the commands share: exit codes, options that several take, problems and progress shown."""

from __future__ import annotations

import argparse
import codecs
import io
import json
import os
import sys
import time
from collections.abc import Sequence
from typing import Any, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from formulary.pipeline.crew import usual_jobs
from formulary.problems import Problem

Commands = Any
"""What `argparse` gives for adding commands; it has no public type."""

FINE, CONTENT_HAS_ERRORS, WRONG_USAGE, COULD_NOT_WRITE, OUR_FAULT = 0, 1, 2, 3, 4
STOPPED = 130
"""What a shell expects of a command that was stopped with Ctrl-C."""
NOBODY_READS = 141
"""What a shell expects of a command whose output is read no further, as by `| head`."""

_TYPEWRITTEN = {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "•": "*"}


def add_choices(parser: argparse.ArgumentParser, *, again: bool = False) -> None:
    """The options that say what to make. `again`: keep what stood before the command's name."""
    absent = argparse.SUPPRESS if again else None
    parser.add_argument(
        "--org",
        action="append",
        default=absent,
        metavar="ID",
        help="only this organisation, by the name of its folder; may be given again",
    )
    parser.add_argument(
        "--year",
        type=year,
        default=absent,
        metavar="YEAR",
        help="the year in which the cycles start, such as 2026 (what organisation.yaml says)",
    )


def add_open_document(parser: argparse.ArgumentParser, *, again: bool = False) -> None:
    """The option that leaves out what needs LibreOffice. `again`: as in `add_choices`."""
    parser.add_argument(
        "--no-odt",
        action="store_true",
        default=argparse.SUPPRESS if again else False,
        help="make no OpenDocument files, even if LibreOffice is on this computer",
    )


def add_jobs(parser: argparse.ArgumentParser, *, again: bool = False) -> None:
    """How many processes make the documents. `again`: as in `add_choices`."""
    parser.add_argument(
        "--jobs",
        type=jobs,
        default=argparse.SUPPRESS if again else usual_jobs(),
        metavar="N",
        help=f"processes that make documents at once ({usual_jobs()})",
    )


def year(text: str) -> int:
    if not text.isdigit() or not 2000 <= int(text) <= 2100:
        raise argparse.ArgumentTypeError(f"“{text}” is not a year from 2000 to 2100")
    return int(text)


def jobs(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 256:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number of processes from 1 to 256")
    return int(text)


def make_printable() -> None:
    """Let output be printed whatever the console lacks: quotation marks plain, a letter as \\u017c.

    Output that was closed, as by `>&-`, goes nowhere.
    """
    codecs.register_error("typewritten", _typewritten)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, _Nowhere())
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="typewritten")


class _Nowhere(io.StringIO):
    def write(self, text: str) -> int:
        return len(text)


def _typewritten(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    letter = error.object[error.start]
    plain = _TYPEWRITTEN.get(letter) or letter.encode("ascii", "backslashreplace").decode()
    return plain, error.start + 1


def print_data(data: Any) -> None:
    """Print plain values as JSON; letters beyond ASCII as they are only where all can be."""
    encoding = (getattr(sys.stdout, "encoding", None) or "").casefold()
    every_letter = encoding.startswith("utf")
    print(json.dumps(data, indent=2, ensure_ascii=not every_letter))


_COMMANDS_OF_CONSOLES = {
    code: f"\\x{code:02x}"
    for code in (
        *range(9),
        *range(11, 32),
        *range(127, 160),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    )
}


def harmless(text: str) -> str:
    """A text in which nothing commands the console or turns the direction of writing."""
    return text.translate(_COMMANDS_OF_CONSOLES)


def print_problems(problems: Sequence[Problem], stream: TextIO) -> None:
    for problem in problems:
        print(harmless(str(problem)), file=stream)


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
