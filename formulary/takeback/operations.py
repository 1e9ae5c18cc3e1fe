"""Make the changes of a returned policy in the files as they are today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from formulary.content.source import Document, Loc
from formulary.content.splicing import (
    SpliceError,
    insert,
    move,
    move_into,
    put_key,
    remove,
    set_value,
    value_at,
)
from formulary.content.ways import place_of_way, way_to

Need = Literal["", "rules", "removals"]
"""What is to be confirmed before an operation is done."""


@dataclass(frozen=True)
class FileChange:
    """A change of a file, at a place of the state that the paper was made from.

    To insert is to put `value` into the list that `loc` is in, after that entry, or before it;
    to move is to put the entry there that is at `source`. To put is to give the mapping at `loc`
    a new key. Where `value` grows with the lines that follow, a function gives it.
    """

    kind: Literal["set", "insert", "remove", "move", "put"]
    document: Document
    loc: Loc
    value: Any = None
    key: str = ""
    order: tuple[str, ...] = ()
    before: bool = False
    source: Loc = ()
    need: Need = ""
    where: str = ""
    words: str = ""

    @property
    def new_value(self) -> Any:
        """The value that is put in."""
        return self.value() if callable(self.value) else self.value

    @property
    def is_below(self) -> bool:
        """Whether it is done below what is at `loc`."""
        return self.kind in ("insert", "move", "put") and not self.before


@dataclass(frozen=True)
class Refusal:
    """A change that was not made: the text is another one today, or the file cannot hold it."""

    change: FileChange
    today: str
    why: str = ""


def make_changes(
    changes: Iterable[FileChange], today: Mapping[Path, Document]
) -> tuple[dict[Path, Document], tuple[Refusal, ...]]:
    """The changed documents, and the changes that were not made."""
    by_path: dict[Path, list[FileChange]] = defaultdict(list)
    for change in changes:
        by_path[change.document.path].append(change)
    made: dict[Path, Document] = {}
    refused: list[Refusal] = []
    for path, wanted in by_path.items():
        document = today.get(path)
        for change in _from_below(wanted):
            if document is None:
                refused.append(Refusal(change, ""))
                continue
            try:
                document = _make(change, document)
            except _ChangedSinceError as error:
                refused.append(Refusal(change, error.today))
            except SpliceError as error:
                refused.append(Refusal(change, "", str(error)))
        if document is not None and document is not today.get(path):
            made[path] = document
    return made, tuple(refused)


class _ChangedSinceError(Exception):
    def __init__(self, today: str) -> None:
        self.today = today
        super().__init__(today)


def _from_below(changes: Sequence[FileChange]) -> Iterator[FileChange]:
    """What is further down a file first, so that places without an id stay right."""
    numbered = enumerate(changes)
    for _, change in sorted(
        numbered,
        key=lambda one: (one[1].document.spans[one[1].loc][0], one[1].is_below, one[0]),
        reverse=True,
    ):
        yield change


def _make(change: FileChange, document: Document) -> Document:
    loc = _place_today(change, change.loc, document)
    base = value_at(change.document.data, change.loc)
    today = value_at(document.data, loc)
    if change.kind in ("set", "remove"):
        if today != base:
            raise _ChangedSinceError(words_of(today))
        if change.kind == "set":
            return set_value(document, loc, change.new_value)
        return remove(document, loc)
    if change.kind == "put":
        if change.key in today:
            raise _ChangedSinceError(words_of(today[change.key]))
        return put_key(document, loc, change.key, change.new_value, change.order)
    *above, index = loc
    assert isinstance(index, int)
    index += not change.before
    if change.kind == "insert":
        return insert(document, tuple(above), index, change.new_value)
    moved = _place_today(change, change.source, document)
    if moved[:-1] != tuple(above):
        return move_into(document, moved, tuple(above), index)
    assert isinstance(moved[-1], int)
    return move(document, moved, index - (moved[-1] < index))


def _place_today(change: FileChange, loc: Loc, document: Document) -> Loc:
    """Where a place of the paper's state is today. Raises _ChangedSinceError."""
    try:
        found = place_of_way(document.data, way_to(change.document.data, loc))
        value_at(document.data, found)
    except (KeyError, IndexError, TypeError):
        raise _ChangedSinceError("") from None
    return found


def words_of(value: Any) -> str:
    """All the texts of a value of a file, on one line; ids left out."""
    if isinstance(value, dict):
        parts = [words_of(part) for key, part in value.items() if key != "id"]
    elif isinstance(value, tuple):
        parts = [words_of(part) for part in value]
    else:
        parts = [str(value)]
    return " ".join(" ".join(parts).split())
