"""People: one member of staff as a staff list says, and how an organisation's lists are read.

A staff list comes from outside and is never content: nothing in it is a template.
`people.read_staff` makes a `StaffList` of it, with every doubt as a problem.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from formulary.model.base import Id, Item, Name
from formulary.problems import Place, Problem

Column = Literal[
    "id",
    "name",
    "forename",
    "surname",
    "known-as",
    "job-title",
    "group",
    "site",
    "stage",
    "reviewer",
    "reviewer-id",
    "reviewer-email",
    "starts",
    "ends",
    "email",
    "status",
]
"""What a column of a staff list can be for."""

Heading = Annotated[str, Field(min_length=1, max_length=200)]
"""Words as they stand in a staff list."""


class StaffColumns(Item):
    """`staff-columns.yaml`: the words of the organisation's own staff lists, where they differ."""

    columns: dict[Column, Heading | tuple[Heading, ...]] = Field(
        {},
        description="The heading of a column, by what it is for: `job-title: Substantive Post`. "
        "Several headings: the first that the list has; for status, all of them.",
    )
    groups: dict[Heading, Id] = Field(
        {}, description="What the list calls a staff group, and the group's id."
    )
    stages: dict[Heading, Id] = Field(
        {}, description="What the list calls a career stage, and the stage's id."
    )
    sites: dict[Heading, Heading] = Field(
        {}, description="What the list calls a school or team, and its name."
    )
    scope: dict[Heading, Id | Literal["covered"]] = Field(
        {},
        description="What the list says under status, and the id under `scope` in "
        "organisation.yaml that it means; or covered.",
    )
    further: dict[Name, Heading] = Field(
        {}, description="Further columns that forms can be filled from, as staff.<name>."
    )


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
    further: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.name} ({self.id})"


@dataclass(frozen=True)
class StaffList:
    """A staff list as read: its people in the order of the rows, and every doubt about it.

    The `about` of a problem holds the ids of the people whom it keeps from getting a pack.
    `lacks` names what no column of the list is for, of what it should have.
    """

    name: str
    people: tuple[Person, ...]
    problems: tuple[Problem, ...]
    lacks: frozenset[Column] = frozenset()
    joined: tuple[tuple[Column, str], ...] = ()
    """What each column was taken for, and its heading."""
