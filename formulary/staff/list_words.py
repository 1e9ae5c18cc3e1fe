"""The headings that HR systems use in staff lists: data, in `list_words.toml`, ready to look up."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from itertools import product
from typing import Any, NamedTuple

from formulary.content.staff_columns import Column
from formulary.project import PACKAGE
from formulary.words import comparison_key


class KnownHeading(NamedTuple):
    """What a column is for; of several such columns the lowest tier goes before the others."""

    column: Column
    tier: int


@cache
def _data() -> Mapping[str, Any]:
    with (PACKAGE / "staff" / "list_words.toml").open("rb") as file:
        return tomllib.load(file)


_IN_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@lru_cache(maxsize=1024)
def find_heading(heading: str) -> KnownHeading | None:
    """What a heading is for, as HR systems use it; None for one that is not known."""
    known = _known_headings()
    for words in (heading, _IN_BRACKETS.sub("", heading)):
        if found := known.get(_heading_key(words)):
            return found
    return None


def _heading_key(heading: str) -> str:
    short = _data()["abbreviations"]
    words = re.findall(r"[^\W_]+|#", _CAMEL.sub(" ", heading))
    return comparison_key(" ".join(short.get(word.casefold(), word) for word in words))


@cache
def known_headings() -> Mapping[str, KnownHeading]:
    """Every heading by its comparison key, for guesses."""
    return _known_headings()


@cache
def _known_headings() -> dict[str, KnownHeading]:
    known: dict[str, KnownHeading] = {}
    for column, tier, words in _headings():
        known.setdefault(comparison_key(words), KnownHeading(column, tier))
    return known


def _headings() -> Iterator[tuple[Column, int, str]]:
    """Every heading with its column and tier, those that come first before those that follow."""
    data = _data()
    for column, tiers in data["columns"].items():
        yield column, 0, column
        for tier, entries in enumerate(tiers):
            for entry in entries:
                for words in _expand(entry, data["numbers"], ()):
                    yield column, tier, words
    for tier, reviewers in enumerate(data["columns"]["reviewer"]):
        owners = tuple(word + ending for word, ending in product(reviewers, ("", "s")))
        for kind, entries in data["reviewers"].items():
            column = "reviewer" if kind == "name" else f"reviewer-{kind}"
            for entry in entries:
                for words in _expand(entry, data["numbers"], owners):
                    yield column, tier, words  # type: ignore[misc]  # the file's keys are columns
    yield "reviewer-id", 0, "reviewer-id"
    yield "reviewer-email", 0, "reviewer-email"


def _expand(entry: str, numbers: tuple[str, ...], reviewers: tuple[str, ...]) -> Iterator[str]:
    lasts = numbers if "{number}" in entry else ("",)
    firsts = reviewers if "{reviewer}" in entry else ("",)
    for first, last in product(firsts, lasts):
        yield entry.replace("{number}", last).replace("{reviewer}", first)


@cache
def leaving_headings() -> frozenset[str]:
    """Headings of an end date that says when a person leaves, and nothing about the contract."""
    return frozenset(map(comparison_key, _data()["columns"]["ends"][2]))
