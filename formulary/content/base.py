"""The base of every content model: frozen, strict, and no key that is not known."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class ContentModel(BaseModel):
    """A piece of content as HR wrote it."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, populate_by_name=True, defer_build=True
    )


class Words:
    """Marks a text that may hold facts in curly brackets: `{{ rules.monitoring.max | words }}`."""


class Prose(Words):
    """Marks a text that may also hold light Markdown: paragraphs, bullets, **bold**, links."""


LONGEST_ID = 60
"""Characters."""

Id = Annotated[
    str,
    Field(
        pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
        max_length=LONGEST_ID,
        description="A permanent id: small letters, digits and hyphens.",
    ),
]
Name = Annotated[
    str,
    Field(
        pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$",
        max_length=30,
        description="A permanent name used in documents: small letters, digits and underscores.",
    ),
]
Line = Annotated[str, Words(), Field(min_length=1, max_length=400)]
"""One line of text that may hold facts."""
Text = Annotated[str, Prose(), Field(min_length=1)]
"""Light Markdown that may hold facts."""
Colour = Annotated[
    str, Field(pattern=r"^#[0-9a-fA-F]{6}$", description="A colour such as #1d4f6e.")
]
FileName = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*\.(svg|png)$",
        max_length=60,
        description="The name of a file in the organisation's folder, such as logo.svg.",
    ),
]
FontFile = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*\.(ttf|otf)$",
        max_length=60,
        description="The name of a font file in the organisation's folder.",
    ),
]
FaceName = Annotated[
    str,
    Field(
        pattern=r"^(Source Sans|Source Serif|[A-Za-z0-9][A-Za-z0-9_.-]*\.(ttf|otf))$",
        max_length=60,
        description="Source Sans, Source Serif, or a font file in the organisation's folder.",
    ),
]
When = Annotated[
    str,
    Field(
        min_length=1,
        description="A time rule, such as “by 31 October after the cycle” or “spring term”.",
    ),
]
