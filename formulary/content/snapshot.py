"""Read and write a kept edition: all that a comparison with a later edition needs.

The texts in `last-edition.json` are as they were printed; they are never filled again. Entries are
compared by their keys, which come from permanent ids.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import Field, ValidationError

from formulary import problems
from formulary.content.base import ContentModel, Id
from formulary.problems import Place, Problem

FILE = "last-edition.json"
"""The file's name in an organisation's folder. It is data, not words to be edited, hence JSON."""

LARGEST_FILE = 5_000_000
"""Bytes. The edition of a large policy with all its forms has 300,000."""


MARKS = "marks"
"""How the id of the piece begins that says which marks a list has."""


class Piece(ContentModel):
    """One text of an entry, such as a clause's heading, one of its points, or a question's hint."""

    id: str = Field(description="Tells it from the other pieces of the entry: point:targets.")
    label: str = Field(
        default="", description="What a reader calls it: “Heading”; nothing for the text."
    )
    text: str = Field(description="As it was printed: light Markdown, its facts filled in.")
    written: str | None = Field(
        default=None,
        description="As it was written, where it has a rule, a date or a word filled in.",
    )


class SnapshotEntry(ContentModel):
    """Something that can change: a clause, a date, a number, a cell, a question."""

    key: str = Field(description="Its kind and its permanent ids: clause:appeals.")
    name: str = Field(description="What a reader calls it: “clause 5.3”.")
    number: str = Field(default="", description="Its printed number.")
    home: str = Field(default="", description="The section, or part of a form, that it is in.")
    place: int = Field(
        default=0, description="Its place there, from 1; 0 where the order says nothing."
    )
    clauses: tuple[str, ...] = Field(default=(), description="The clauses behind it.")
    parts_of: tuple[str, ...] = Field(
        default=(), description="The keys of the wholes without which it cannot be."
    )
    pieces: tuple[Piece, ...] = ()

    @property
    def kind(self) -> str:
        """The kind of thing: clause, event, rule, field and so on."""
        return self.key.partition(":")[0]

    @property
    def id(self) -> str:
        """The key without its kind."""
        return self.key.partition(":")[2]


class EditionSnapshot(ContentModel):
    """`last-edition.json`: an edition of one organisation, as it was published."""

    organisation: Id
    name: str = Field(min_length=1, description="What readers call this edition: “2025-26”.")
    year: int = Field(ge=2000, le=2100, description="The year in which its cycles started.")
    entries: tuple[SnapshotEntry, ...]
    whole: bool = Field(
        default=True,
        description="Whether every entry is here; if not, all that is not here was as it is now.",
    )

    def fill_gaps_from(self, later: EditionSnapshot) -> EditionSnapshot:
        """The whole of it, beside a later edition: what it does not hold is taken from that one."""
        if self.whole:
            return self
        own = {entry.key: entry for entry in self.entries}
        others = {entry.key for entry in later.entries}
        entries = (
            *(own.get(entry.key, entry) for entry in later.entries),
            *(entry for entry in self.entries if entry.key not in others),
        )
        return self.model_copy(update={"entries": entries, "year": later.year})


def as_json(kept: EditionSnapshot) -> bytes:
    """The bytes of `last-edition.json`, the same each time."""
    return kept.model_dump_json(exclude_defaults=True, indent=1).encode() + b"\n"


KeptModel = TypeVar("KeptModel", bound=ContentModel)


def read_kept(
    path: Path, shown: Path, model: type[KeptModel], largest: int, remedy: str = ""
) -> KeptModel | Problem:
    """A kept edition of at most `largest` bytes, or why it cannot be read; `shown` names the file.

    `remedy` is for one that is larger.
    """
    usual = "Fetch the file again from an earlier day, or keep that edition again."
    try:
        if path.stat().st_size > largest:
            message = f"The kept edition has more than {largest:,} bytes"
            return Problem(problems.UNREADABLE, Place(shown), message, remedy or usual)
        return model.model_validate_json(path.read_bytes())
    except OSError as error:
        message = f"The file cannot be read: {error.strerror}"
        return Problem(problems.UNREADABLE, Place(shown), message, problems.UNREADABLE.remedy)
    except ValidationError as error:
        place = ".".join(str(step) for step in error.errors(include_url=False)[0]["loc"])
        message = f"The kept edition is damaged{f', at {place}' if place else ''}"
        return Problem(problems.BAD_VALUE, Place(shown), message, usual)


_EXPRESSION = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_NAMED = re.compile(
    r"\b(rules|words)\.([a-z0-9_]+)|\b(organisation)\.(name|short)\b"
    r"|\b(day|deadlines|period|term|level|stage|every)\(\s*['\"]([^'\"]+)['\"]"
)
_KEYS = {
    "rules": "rule:{}",
    "words": "word:{}",
    "organisation": "organisation:{}",
    "day": "event:{}",
    "deadlines": "event:*.{}",
    "period": "cycle:{}",
    "every": "{}:*",
    "term": "term:{}",
    "level": "level:{}",
    "stage": "stage:{}",
}
"""The key of what an expression names, by the word that it begins with."""


def find_used_keys(written: str) -> Iterator[str]:
    """The keys of the entries that a written text takes its facts from; `*` matches any id."""
    for expression in _EXPRESSION.findall(written):
        for found in _NAMED.finditer(expression):
            word, id = filter(None, found.groups())
            yield _KEYS[word].format(id)
