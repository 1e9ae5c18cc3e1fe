"""The glossary: words and abbreviations, and what they mean."""

from __future__ import annotations

from pydantic import Field

from formulary.content.base import ContentModel, Line, Text


class GlossaryTerm(ContentModel):
    """A word or an abbreviation, and what it means."""

    term: Line = Field(description="The word or the abbreviation.")
    stands_for: Line | None = Field(None, alias="stands-for", description="The words it shortens.")
    means: Text = Field(description="What it means, in a sentence or two.")


class Glossary(ContentModel):
    """`library/glossary.yaml`."""

    terms: tuple[GlossaryTerm, ...] = Field(description="The words, in any order.")
