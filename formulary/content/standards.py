"""Sets of standards of a profession, shared by organisations."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from formulary.content.base import ContentModel, Id, Line, Text


class Standard(ContentModel):
    """One standard of a profession."""

    id: Id
    code: Line | None = Field(None, description="Its short name, for example T1.")
    name: Line = Field(description="The standard in a few words.")
    text: Text | None = Field(None, description="The standard in full.")


class StandardsPart(ContentModel):
    """A part of a set of standards, with a heading of its own."""

    id: Id
    title: Line = Field(description="The heading of the part.")
    intro: Text | None = Field(None, description="What is printed before its first standard.")
    standards: tuple[Standard, ...] = Field(min_length=1, description="The standards, in order.")


class StandardsSet(ContentModel):
    """A set of standards, shared by organisations."""

    id: Id
    title: Line = Field(description="The name of the set.")
    about: Text = Field(description="Where the set comes from and who it is for.")
    parts: tuple[StandardsPart, ...] = Field(
        min_length=1, description="The parts of the set, in order."
    )

    def standards(self) -> Iterator[Standard]:
        """Every standard of every part, in order."""
        for part in self.parts:
            yield from part.standards


class StandardsLibrary(ContentModel):
    """`library/standards.yaml`."""

    sets: tuple[StandardsSet, ...] = Field(
        description="The sets of standards that organisations can name under standards."
    )
