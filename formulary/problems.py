"""What can go wrong, as data: the catalogue of problem codes, and a problem with its place.

Every message that Formulary prints about content comes from a `Problem`. The catalogue below is
the only list of codes, so the documentation and the tests can loop over it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands; `line` and `column` count from 1, 0 means the whole file."""

    file: Path
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file.as_posix()}:{self.line or 1}:{self.column or 1}"


@dataclass(frozen=True)
class Kind:
    """One kind of problem: its code, how bad it is, and what it means to the person who sees it."""

    code: str
    severity: Severity
    title: str
    remedy: str


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: its kind, its place, what is wrong, and what to write instead."""

    kind: Kind
    place: Place
    message: str
    fix: str

    def __str__(self) -> str:
        return f"{self.place}: {self.kind.severity} {self.kind.code}: {self.message}. {self.fix}"

    def as_data(self) -> dict[str, str | int]:
        """The problem as plain values, for `--json`."""
        return {
            "file": self.place.file.as_posix(),
            "line": self.place.line or 1,
            "column": self.place.column or 1,
            "severity": self.kind.severity,
            "code": self.kind.code,
            "message": self.message,
            "fix": self.fix,
        }


CATALOGUE: dict[str, Kind] = {}


def _kind(code: str, severity: Severity, title: str, remedy: str) -> Kind:
    kind = Kind(code, severity, title, remedy)
    CATALOGUE[code] = kind
    return kind


UNREADABLE = _kind(
    "unreadable-file",
    "error",
    "A file cannot be read",
    "Check that the file exists, is saved as UTF-8 text, and that you may open it.",
)
SYNTAX = _kind(
    "yaml-syntax",
    "error",
    "The YAML itself is broken",
    "Mend the line named; the rest of the file can only be checked after that.",
)
NOT_PLAIN = _kind(
    "yaml-feature",
    "error",
    "The file uses a part of YAML that Formulary does not read",
    "Write the value out as plain text: no anchors (&), aliases (*), tags (!) or escapes (\\x07).",
)
REPEATED_KEY = _kind(
    "repeated-key",
    "error",
    "One key stands twice in one place",
    "Keep one of the two and delete the other.",
)
UNKNOWN_KEY = _kind(
    "unknown-key",
    "error",
    "A key that Formulary does not know",
    "Check the spelling against the keys named in the message, or delete it.",
)
MISSING_KEY = _kind(
    "missing-key",
    "error",
    "Something that must be there is not",
    "Add the key named in the message.",
)
WRONG_TYPE = _kind(
    "wrong-type",
    "error",
    "A value of the wrong kind",
    "Write the kind of value that the message asks for.",
)
BAD_VALUE = _kind(
    "bad-value",
    "error",
    "A value that is not one of those allowed, or not in the right form",
    "Write one of the values, or the form, that the message names.",
)
BAD_DATE = _kind(
    "bad-date",
    "error",
    "A date that does not exist, or a time rule that cannot be read",
    "Write a date like 2026-05-24, or a time rule such as “by 31 October after the cycle”.",
)
REPEATED_ID = _kind(
    "repeated-id",
    "error",
    "Two things have one id",
    "Give one of them another id; ids are permanent, so change the newer one.",
)
UNKNOWN_REFERENCE = _kind(
    "unknown-reference",
    "error",
    "Something is named that does not exist",
    "Correct the name, or add the thing that it names.",
)
UNKNOWN_FACT = _kind(
    "unknown-fact",
    "error",
    "A text asks for a fact that does not exist",
    "Correct the name between the curly brackets, or add the fact.",
)
BAD_TEMPLATE = _kind(
    "bad-expression",
    "error",
    "The expression between curly brackets cannot be read",
    "Write a name such as {{ rules.monitoring.max }}, or one such as {{ clause('appeals') }}.",
)
MISSING_CELL = _kind(
    "missing-cell",
    "error",
    "A table has a gap",
    "Write a text for every row under every column.",
)
UNMAPPED_FACT = _kind(
    "unmapped-fact",
    "error",
    "A fact of the source sheet has no place in the content",
    "Name in coverage.yaml the item that carries the fact.",
)
BAD_ORDER = _kind(
    "bad-order",
    "error",
    "Dates in the wrong order",
    "Correct one of the two dates.",
)
FORM_TOO_WIDE = _kind(
    "bad-form",
    "error",
    "A form asks for something that cannot be laid out or filled",
    "Change the field as the message says.",
)


class ContentError(Exception):
    """Raised when content has errors; carries every problem found, in the order of the files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"{len(self.problems)} problems")


class OutputError(Exception):
    """Raised when something could not be read or written; the message is meant for the user."""


class UsageError(Exception):
    """Raised when a command is asked for something that does not exist; meant for the user."""


def errors_in(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems that stop a build."""
    return tuple(p for p in problems if p.kind.severity == "error")


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems by file, line and column, each once."""
    unique = {(p.place, p.kind.code, p.message): p for p in problems}
    return tuple(unique[key] for key in sorted(unique))
