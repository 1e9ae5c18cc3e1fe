"""The rating scale: its levels, and what each means for each criterion."""

from __future__ import annotations

from pydantic import Field

from formulary.content.base import Colour, ContentModel, Id, Line, Name, Text


class Level(ContentModel):
    """One step of a rating scale."""

    id: Id
    name: Line = Field(description="The name that readers see: “Green”.")
    number: int | None = Field(None, description="The number that records use for it.")
    colour: Colour | None = Field(
        None, description="A colour that is shown beside the name, never alone."
    )


class Criterion(ContentModel):
    """A row: what is judged, and what each level (or stage) means for it."""

    id: Id
    name: Line = Field(description="The name of the row.")
    cells: dict[Id, Text] = Field(description="A text for every level or stage, by id.")


class RatedCriterion(Criterion):
    """A row of the rating scale, for which forms may ask a rating."""

    question: Name | None = Field(
        None,
        description="The last part of the id of the question that asks for its rating on forms; "
        "the criterion's own id, if left out. Permanent, as that is.",
    )

    @property
    def question_id(self) -> str:
        """The last part of the ids of the questions that ask for its rating."""
        return self.question or self.id.replace("-", "_")


class Ratings(ContentModel):
    """`ratings.yaml`: the scale on which performance is judged."""

    title: Line = Field(description="The heading of the scale.")
    intro: Text = Field(description="What is printed before the table.")
    clause: Id = Field(description="The clause that it belongs to.")
    groups: tuple[Id, ...] = Field(description="The staff groups that the scale is for.")
    levels: tuple[Level, ...] = Field(min_length=2, description="In the order of the table.")
    criteria: tuple[RatedCriterion, ...] = Field(min_length=1, description="The rows of the table.")
    pay_from: Id | None = Field(
        None, alias="pay-from", description="The level from which pay may rise."
    )
