"""Career stages: what is expected in each area at each stage."""

from __future__ import annotations

from pydantic import Field

from formulary.content.base import ContentModel, Id, Line, Text
from formulary.content.ratings import Criterion


class Stage(ContentModel):
    """A career stage."""

    id: Id
    name: Line = Field(description="The name that readers see: “M1 to M2”.")
    about: Text | None = Field(None, description="Who is at this stage, or what marks it.")


class CareerStages(ContentModel):
    """`career-stages.yaml`: what is expected in each area at each stage."""

    title: Line = Field(description="The heading of the table, and its entry in the menu.")
    intro: Text = Field(description="What is printed before the table.")
    clause: Id = Field(description="The clause that it belongs to.")
    groups: tuple[Id, ...] = Field(description="The staff groups that have career stages.")
    stages: tuple[Stage, ...] = Field(min_length=2, description="From the first stage to the last.")
    areas: tuple[Criterion, ...] = Field(min_length=1, description="The rows of the table.")
    note: Text | None = Field(None, description="What is printed under the table.")
    standards: Id | None = Field(
        None, description="The set of standards that the areas are based on."
    )
