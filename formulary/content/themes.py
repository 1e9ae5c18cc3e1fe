"""Themes of training: what needs are sorted by, and the words by which a theme is known."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Annotated

from pydantic import Field

from formulary.content.base import ContentModel, Id, Line

Sign = Annotated[str, Field(min_length=2, max_length=60)]
"""Words as people write them; “*” at the end matches any ending."""


class Theme(ContentModel):
    """What a training need can be about."""

    id: Id
    name: Line = Field(description="What the training lead calls it: “Safeguarding”.")
    words: tuple[Sign, ...] = Field(
        min_length=1,
        description="A need that has one of these is of this theme. Small letters match "
        "capitals too, capitals only themselves (IT is not “it”); “phonic*” matches phonic, "
        "phonics and so on.",
    )


class Themes(ContentModel):
    """`themes.yaml`: the themes of training needs. The first that fits a need is its theme."""

    themes: tuple[Theme, ...] = Field(
        description="The themes, in the order in which they are tried."
    )


@dataclass(frozen=True)
class ThemeMatch:
    """The theme of a need, and the word that said so; both empty where none fits."""

    theme: str = ""
    because: str = ""


def find_theme(need: str, themes: Iterable[Theme]) -> ThemeMatch:
    """Find the first theme that has a word of the need, as a whole word or phrase."""
    bare = " ".join(need.replace("’", "'").split())
    for theme in themes:
        for sign in theme.words:
            if found := _compile_sign(sign).search(bare):
                return ThemeMatch(theme.name, found[0])
    return ThemeMatch()


@cache
def _compile_sign(sign: str) -> re.Pattern[str]:
    words = " ".join(sign.replace("’", "'").split())
    ending = r"\w*" if words.endswith("*") else ""
    case = re.IGNORECASE if words == words.lower() else 0
    return re.compile(rf"(?<!\w){re.escape(words.rstrip('*'))}{ending}(?!\w)", case)
