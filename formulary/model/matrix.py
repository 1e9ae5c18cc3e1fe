"""Tables of judgement: ratings, career stages, and the standards of a profession."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from formulary.model.base import Colour, Id, Item, Line, Text


class Level(Item):
    """One step of a rating scale."""

    id: Id
    name: Line = Field(description="The name that readers see: “Green”.")
    number: int | None = Field(None, description="The number that records use for it.")
    colour: Colour | None = Field(
        None, description="A colour that stands beside the name, never alone."
    )


class Criterion(Item):
    """A row: what is judged, and what each level (or stage) means for it."""

    id: Id
    name: Line = Field(description="The name of the row.")
    cells: dict[Id, Text] = Field(description="A text for every level or stage, by id.")


class Ratings(Item):
    """`ratings.yaml`: the scale on which performance is judged."""

    title: Line = Field(description="The heading of the scale.")
    intro: Text = Field(description="What stands before the table.")
    clause: Id = Field(description="The clause that it belongs to.")
    groups: tuple[Id, ...] = Field(description="The staff groups that the scale is for.")
    levels: tuple[Level, ...] = Field(min_length=2, description="In the order of the table.")
    criteria: tuple[Criterion, ...] = Field(min_length=1, description="The rows of the table.")
    pay_from: Id | None = Field(
        None, alias="pay-from", description="The level from which pay may rise."
    )


class Stage(Item):
    """A career stage."""

    id: Id
    name: Line = Field(description="The name that readers see: “M1 to M2”.")
    about: Text | None = Field(None, description="Who is at this stage, or what marks it.")


class CareerStages(Item):
    """`career-stages.yaml`: what is expected in each area at each stage."""

    title: Line = Field(description="The heading of the table, and its entry in the menu.")
    intro: Text = Field(description="What stands before the table.")
    clause: Id = Field(description="The clause that it belongs to.")
    groups: tuple[Id, ...] = Field(description="The staff groups that have career stages.")
    stages: tuple[Stage, ...] = Field(min_length=2, description="From the first stage to the last.")
    areas: tuple[Criterion, ...] = Field(min_length=1, description="The rows of the table.")
    note: Text | None = Field(None, description="What is printed under the table.")
    standards: Id | None = Field(None, description="The set of standards that the areas rest on.")


class Standard(Item):
    """One standard of a profession."""

    id: Id
    code: Line | None = Field(None, description="Its short name, for example T1.")
    name: Line = Field(description="The standard in a few words.")
    text: Text | None = Field(None, description="The standard in full.")


class StandardsPart(Item):
    """A part of a set of standards, with a heading of its own."""

    id: Id
    title: Line = Field(description="The heading of the part.")
    intro: Text | None = Field(None, description="What stands before its first standard.")
    standards: tuple[Standard, ...] = Field(min_length=1, description="The standards, in order.")


class StandardsSet(Item):
    """A set of standards, shared by organisations."""

    id: Id
    title: Line = Field(description="The name of the set.")
    about: Text = Field(description="Where the set comes from and whom it is for.")
    parts: tuple[StandardsPart, ...] = Field(
        min_length=1, description="The parts of the set, in order."
    )

    def standards(self) -> Iterator[Standard]:
        """Every standard of every part, in order."""
        for part in self.parts:
            yield from part.standards


class StandardsLibrary(Item):
    """`library/standards.yaml`."""

    sets: tuple[StandardsSet, ...] = Field(
        description="The sets of standards that organisations can name under standards."
    )


class Term(Item):
    """A word or an abbreviation, and what it means."""

    term: Line = Field(description="The word or the abbreviation.")
    stands_for: Line | None = Field(None, alias="stands-for", description="The words it shortens.")
    means: Text = Field(description="What it means, in a sentence or two.")


class Glossary(Item):
    """`library/glossary.yaml`."""

    terms: tuple[Term, ...] = Field(description="The words, in any order.")
