"""What the page of a task is made of: words, tables, problems, and the fields of its form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal, NamedTuple


class PageLink(NamedTuple):
    """Words that lead to an address."""

    words: str
    href: str


Line = str | PageLink


@dataclass(frozen=True)
class PageWords:
    """A paragraph, a heading, or words in a box: what was done, or what to look at."""

    kind: ClassVar = "words"
    words: str
    style: Literal["text", "heading", "done", "warning", "error"] = "text"


@dataclass(frozen=True)
class PageList:
    """Lines below each other; folded behind `folded` where there is one."""

    kind: ClassVar = "list"
    lines: Sequence[Line]
    folded: str = ""


@dataclass(frozen=True)
class PageTable:
    """A table with a heading for each column; the first cell of a row is the heading of the row."""

    kind: ClassVar = "table"
    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Line]]


class ShownProblem(NamedTuple):
    """A problem in a reader's words: what kind, what is wrong, what to do, and where."""

    severity: str
    title: str
    words: str
    where: Line


@dataclass(frozen=True)
class ProblemList:
    """Problems; folded behind `folded` where there are words for it."""

    kind: ClassVar = "problems"
    problems: Sequence[ShownProblem]
    folded: str = ""


Part = PageWords | PageList | PageTable | ProblemList


@dataclass(frozen=True)
class TaskField:
    """A field of a form; `value` is what it shows at first, `choices` are values with words."""

    name: str
    label: str
    hint: str = ""
    kind: Literal["line", "radios", "ticks", "file", "hidden"] = "line"
    value: str = ""
    choices: Sequence[tuple[str, str]] = ()
    ticked: frozenset[str] = frozenset()
    accept: str = ""
    several: bool = False


@dataclass(frozen=True)
class TaskPage:
    """What is shown: parts, then a form with a button, if the button has words.

    `faults` are what is wrong with what was sent, by the name of the field.
    """

    parts: Sequence[Part] = ()
    fields: Sequence[TaskField] = ()
    button: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)
    after: Sequence[Part] = ()
    """What is shown below the form."""


class FormFaultError(Exception):
    """What was sent cannot be used: words for each field."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__("; ".join(faults.values()))
