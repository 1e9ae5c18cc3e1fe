"""How an organisation's own staff lists name their columns, groups, stages and sites."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field

from formulary.content.base import ContentModel, Id, Name

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
    "hours",
    "main-post",
]
"""What a column of a staff list can be for."""

State = Literal["covered", "absent", "left", "vacant", "probation"]
"""How a person is, apart from the policy's own exclusions. covered: as everyone. absent: away for
long. left: no longer employed. vacant: not a person but a post."""

STATES: tuple[State, ...] = get_args(State)


Heading = Annotated[str, Field(min_length=1, max_length=200)]
"""Words as a staff list has them."""


class StaffColumns(ContentModel):
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
    scope: dict[Heading, Id | State] = Field(
        {},
        description="What the list says under status, and the id under `scope` in "
        "organisation.yaml that it means; or covered, absent, left, vacant or probation.",
    )
    encoding: Heading | None = Field(
        None,
        description="The encoding of the organisation’s CSV files, where it cannot be told: "
        "windows-1252.",
    )
    further: dict[Name, Heading] = Field(
        {}, description="Further columns that forms can be filled from, as staff.<name>."
    )
