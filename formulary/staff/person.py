"""People: one member of staff as a staff list says, and how an organisation's lists are read.

A staff list comes from outside and is never content: nothing in it is a template.
`people.read_staff` makes a `StaffList` of it, with every doubt as a problem.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from formulary.content.staff_columns import Column, State
from formulary.problems import Place, Problem


@dataclass(frozen=True, slots=True)
class Person:
    """One member of staff.

    `group`, `stage` and `excluded` (an exclusion of the policy's scope) are ids, empty for none.
    `reviewer` is the id of another person on the list; where it is empty, `reviewer_name` is the
    reviewer's name as the list writes it. `starts` and `ends` are those of the contract or post.
    """

    id: str
    name: str
    place: Place
    job_title: str = ""
    group: str = ""
    site: str = ""
    stage: str = ""
    reviewer: str = ""
    reviewer_name: str = ""
    starts: datetime.date | None = None
    ends: datetime.date | None = None
    fixed_term: bool = False
    """Whether the contract is for a fixed term, as far as the list says."""
    email: str = ""
    excluded: str = ""
    state: State = "covered"
    state_words: str = ""
    """What the list says of a `state` other than covered."""
    further: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.name} ({self.id})"


RowFate = Literal["person", "post", "heading", "title", "vacancy", "remark", "unread"]
"""What a filled row is: a person, a further post of one, a row of headings, a title above them, a
post that nobody holds, a total or remark, or a row with a fault, which is reported."""


@dataclass(frozen=True)
class ReadPart:
    """What was read of one part of a list: the rows below one row of headings.

    `columns` has every heading, and in words what its column was taken for, empty for what is
    unused. `rows` has the numbers of the filled rows by what they are.
    """

    file: str
    sheet: str
    columns: tuple[tuple[str, str], ...]
    rows: Mapping[RowFate, tuple[int, ...]]
    encoding: str = ""
    """That of a text file."""

    @property
    def filled(self) -> int:
        """How many rows have a value in them."""
        return sum(map(len, self.rows.values()))


@dataclass(frozen=True)
class StaffList:
    """A staff list as read: its people in the order of the rows, and every doubt about it.

    The `about` of a problem holds the ids of the people who get no pack because of it.
    `lacks` names what no column of the list is for, of what it should have.
    """

    name: str
    people: tuple[Person, ...]
    problems: tuple[Problem, ...]
    lacks: frozenset[Column] = frozenset()
    parts: tuple[ReadPart, ...] = field(default=(), repr=False)
    """What was read, file by file, sheet by sheet, and part by part."""
