"""Tables of judgement: ratings, career stages, and the standards of a profession."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from formulary.model.base import Colour, Id, Item, Line, Text


class Level(Item):
    """One step of a rating scale."""

    id: Id
    name: Line
    number: int | None = Field(None, description="The number that records use for it.")
    colour: Colour | None = Field(
        None, description="A colour that stands beside the name, never alone."
    )


class Criterion(Item):
    """A row: what is judged, and what each level (or stage) means for it."""

    id: Id
    name: Line
    cells: dict[Id, Text] = Field(description="A text for every level or stage, by id.")


class Ratings(Item):
    """`ratings.yaml`: the scale on which performance is judged."""

    title: Line
    intro: Text
    clause: Id
    groups: tuple[Id, ...] = Field(description="The staff groups that the scale is for.")
    levels: tuple[Level, ...] = Field(min_length=2, description="In the order of the table.")
    criteria: tuple[Criterion, ...] = Field(min_length=1)
    pay_from: Id | None = Field(
        None, alias="pay-from", description="The level from which pay may rise."
    )


class Stage(Item):
    """A career stage."""

    id: Id
    name: Line
    about: Text | None = None


class CareerStages(Item):
    """`career-stages.yaml`: what is expected in each area at each stage."""

    title: Line
    intro: Text
    clause: Id
    groups: tuple[Id, ...]
    stages: tuple[Stage, ...] = Field(min_length=2, description="From the first stage to the last.")
    areas: tuple[Criterion, ...] = Field(min_length=1)
    note: Text | None = Field(None, description="What is printed under the table.")
    standards: Id | None = Field(None, description="The set of standards that the areas rest on.")


class Standard(Item):
    """One standard of a profession."""

    id: Id
    code: Line | None = Field(None, description="Its short name, for example T1.")
    name: Line
    text: Text | None = None


class StandardsPart(Item):
    id: Id
    title: Line
    intro: Text | None = None
    standards: tuple[Standard, ...] = Field(min_length=1)


class StandardsSet(Item):
    """A set of standards, shared by organisations."""

    id: Id
    title: Line
    about: Text
    parts: tuple[StandardsPart, ...] = Field(min_length=1)

    def standards(self) -> Iterator[Standard]:
        """Every standard of every part, in order."""
        for part in self.parts:
            yield from part.standards


class StandardsLibrary(Item):
    """`library/standards.yaml`."""

    sets: tuple[StandardsSet, ...]


class Term(Item):
    """A word or an abbreviation, and what it means."""

    term: Line
    stands_for: Line | None = Field(None, alias="stands-for", description="The words it shortens.")
    means: Text


class Glossary(Item):
    """`library/glossary.yaml`."""

    terms: tuple[Term, ...]
