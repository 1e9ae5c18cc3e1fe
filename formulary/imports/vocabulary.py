"""The words by which a document of others is understood, from `vocabulary.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import TypedDict

from formulary.project import PACKAGE


class Vocabulary(TypedDict):
    """What `vocabulary.toml` holds."""

    roles: list[str]
    scale: list[str]
    small: list[str]
    cover: dict[str, list[str]]
    prefill: dict[str, str]


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary, read on first use."""
    with (PACKAGE / "imports" / "vocabulary.toml").open("rb") as file:
        found: Vocabulary = tomllib.load(file)  # type: ignore[assignment]
    return found
