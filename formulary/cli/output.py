"""What the commands share: exit codes, and what they print on any console."""

from __future__ import annotations

import codecs
import io
import json
import sys
from collections.abc import Iterable
from typing import Any, TextIO

from formulary.problems import Problem

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


def print_problems(problems: Iterable[Problem], stream: TextIO) -> None:
    for problem in problems:
        print(escape_controls(str(problem)), file=stream)
