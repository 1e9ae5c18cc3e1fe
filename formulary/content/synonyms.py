"""Synonyms of the search: words that staff type, and the handbook's own words for the same."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from formulary.content.base import ContentModel

Wording = Annotated[str, Field(min_length=2, max_length=60)]
"""A word or a phrase. Capitals and endings do not matter: “observed” is “observation” too."""


class SynonymGroup(ContentModel):
    """Words that readers type, and what the handbook says instead."""

    typed: tuple[Wording, ...] = Field(
        min_length=1,
        description="What readers type. The words of a phrase count only side by side.",
    )
    means: tuple[Wording, ...] = Field(
        min_length=1, description="The words of the handbook for it. They are searched for as well."
    )


class Synonyms(ContentModel):
    """`synonyms.yaml`: what the search looks for as well, when a reader types certain words."""

    synonyms: tuple[SynonymGroup, ...] = Field(description="The groups, in any order.")
