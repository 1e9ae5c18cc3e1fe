"""What the commands share: exit codes, and what they print on any console."""

from __future__ import annotations

import codecs
import io
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TextIO

from formulary.problems import Kind, Problem
from formulary.project import SCHEMA

FINE, CONTENT_HAS_ERRORS, WRONG_USAGE, COULD_NOT_WRITE, OUR_FAULT = 0, 1, 2, 3, 4
STOPPED = 130
"""What a shell expects of a command that was stopped with Ctrl-C."""
NOBODY_READS = 141
"""What a shell expects of a command whose output is read no further, as by `| head`."""

_TYPEWRITTEN = {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "•": "*"}


def make_printable() -> None:
    """Let output be printed whatever the console lacks: quotation marks plain, a letter as \\u017c.

    Output that was closed, as by `>&-`, goes nowhere.
    """
    codecs.register_error("typewritten", _replace_letter)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, _Nowhere())
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="typewritten")


class _Nowhere(io.StringIO):
    def write(self, text: str) -> int:
        return len(text)


def _replace_letter(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    letter = error.object[error.start]
    plain = _TYPEWRITTEN.get(letter) or letter.encode("ascii", "backslashreplace").decode()
    return plain, error.start + 1


def print_files(paths: Iterable[Path]) -> None:
    """Print the paths of new files; the schemas, which an editor reads, as their folder."""
    shown = (path.parent if path.parent == SCHEMA else path for path in paths)
    for path in dict.fromkeys(shown):
        print(path.as_posix())


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


def escape_controls(text: str) -> str:
    """A text in which nothing commands the console or turns the direction of writing."""
    return text.translate(_COMMANDS_OF_CONSOLES)


LISTED = 20
"""Lines of a list that are printed."""


def print_list(title: str, lines: Sequence[str], all_in: str = "") -> None:
    """Print lines below a title, if there are any; of many the first, and where all are."""
    if lines and title:
        print(title)
    for line in lines[:LISTED]:
        print(f"  {escape_controls(line)}")
    if lines[LISTED:]:
        print(f"  and {len(lines) - LISTED:,} more{all_in}")


def print_problems(problems: Iterable[Problem], stream: TextIO) -> None:
    for problem in problems:
        print(escape_controls(str(problem)), file=stream)
        for line in problem.lines.splitlines():
            print(f"    {escape_controls(line)}", file=stream)


FEW = 5
"""Problems of one kind that are shown, where a list has many."""


def print_by_kind(
    problems: Sequence[Problem],
    stream: TextIO,
    say: Callable[[str], str] = str,
    all_in: str = "--json lists all",
) -> None:
    """Print problems kind by kind, each with how many and the first few; `all_in` has the others.

    `say` puts the title of a kind in the organisation's own words.

    The most harmful come first: errors before warnings, what concerns the whole list before what
    concerns people, and what concerns many before what concerns few.
    """
    kinds: dict[Kind, list[Problem]] = {}
    for problem in problems:
        kinds.setdefault(problem.kind, []).append(problem)
    for kind, found in sorted(kinds.items(), key=lambda pair: _harm(*pair)):
        people = {id for problem in found for id in problem.about}
        count = f" ({_count(len(people), 'person', 'people')})" if people else ""
        print(f"{kind.severity} {kind.code}: {say(kind.title)}{count}", file=stream)
        for problem in found[:FEW]:
            print(f"  {escape_controls(_without_kind(problem))}", file=stream)
        if found[FEW:]:
            print(f"  and {len(found) - FEW:,} more of this kind; {all_in}", file=stream)


_SEVERITIES = ("error", "warning", "info")


def _harm(kind: Kind, found: Sequence[Problem]) -> tuple[int, bool, int]:
    people = {id for problem in found for id in problem.about}
    return _SEVERITIES.index(kind.severity), bool(people), -len(people)


def _count(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"


def _without_kind(problem: Problem) -> str:
    message = f"{problem.message} ({problem.where})" if problem.where else problem.message
    return f"{problem.place}: {message}. {problem.advice}"
