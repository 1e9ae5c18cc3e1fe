"""Make the changes of a returned policy in the files as they are today."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
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
from formulary.edition.filled_text import FilledText
from formulary.edition.rewording import write_words
from formulary.edition.text import EXPRESSION, plain

_QUOTED = re.compile(r"""['"]([^'"]*)['"]""")


@dataclass(frozen=True)
class FileChange:
    """A change of a file, at a place of the state that the paper was made from.

    To insert is to put `value` into the list that `loc` is in, after that entry, or before it;
    to move is to put the entry there that is at `source`. To put is to give the mapping at `loc`
    a new key. To forget is to replace the parts of the text at `loc` that `value` names, or to take
    them out of the list there. Where `value` grows with the lines that follow, a function gives it.
    `along` are changes that are made with it.
    """

    kind: Literal["set", "insert", "remove", "move", "put", "forget"]
    document: Document
    loc: Loc
    value: Any = None
    key: str = ""
    order: tuple[str, ...] = ()
    before: bool = False
    source: Loc = ()
    words: str = ""
    along: tuple[FileChange, ...] = ()

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


class ChangeMaker:
    """Makes changes in files as they are today; keeps what came of the first of them.

    The same changes are tried repeatedly, each time with others, and each costs reading the file.
    """

    def __init__(self, today: Mapping[Path, Document]) -> None:
        self.today = today
        self._known: dict[tuple[int, ...], tuple[FileChange, Document, Refusal | None]] = {}

    def make(
        self, changes: Iterable[FileChange]
    ) -> tuple[dict[Path, Document], tuple[Refusal, ...]]:
        """The changed documents, and the changes that were not made."""
        by_path: dict[Path, list[FileChange]] = defaultdict(list)
        for change in changes:
            by_path[change.document.path].append(change)
        made: dict[Path, Document] = {}
        refused: list[Refusal] = []
        for path, wanted in by_path.items():
            if path not in self.today:
                refused += [Refusal(change, "") for change in wanted]
                continue
            document, done = self.today[path], tuple[int, ...]()
            for change in _from_below(wanted):
                done += (id(change),)  # which is kept, so that no other change gets its identity
                if done not in self._known:
                    self._known[done] = change, *_attempt(change, document)
                _, document, refusal = self._known[done]
                refused += [refusal] if refusal else []
            if document is not self.today[path]:
                made[path] = document
        return made, tuple(refused)


def _attempt(change: FileChange, document: Document) -> tuple[Document, Refusal | None]:
    try:
        return _make(change, document), None
    except _ChangedSinceError as error:
        return document, Refusal(change, error.today)
    except SpliceError as error:
        return document, Refusal(change, "", str(error))


class _ChangedSinceError(Exception):
    def __init__(self, today: str) -> None:
        self.today = today
        super().__init__(today)


def _from_below(changes: Sequence[FileChange]) -> Iterator[FileChange]:
    """What is further down a file first, so that places without an id stay right.

    Names are forgotten last, in what the other changes leave.
    """
    numbered = enumerate(one for one in changes if one.kind != "forget")
    for _, change in sorted(
        numbered,
        key=lambda one: (one[1].document.spans[one[1].loc][0], one[1].is_below, one[0]),
        reverse=True,
    ):
        yield change
    yield from (one for one in changes if one.kind == "forget")


def _make(change: FileChange, document: Document) -> Document:
    if change.kind == "forget":
        return _forget(change, document)
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


def _forget(change: FileChange, document: Document) -> Document:
    """The file without names of what is gone; as it is where they are gone already."""
    try:
        loc = _place_today(change, change.loc, document)
    except _ChangedSinceError:
        return document
    today, names = value_at(document.data, loc), change.value
    if names is None:
        return _remove_whole(document, loc)
    if isinstance(today, tuple):
        left = tuple(one for one in dict.fromkeys(names.get(old, old) for old in today) if one)
        return set_value(document, loc, left) if left else _remove_whole(document, loc)
    now = EXPRESSION.sub(lambda found: names.get(found[1].strip(), found[0]), today)
    now = names.get(now, now)
    return set_value(document, loc, now) if now else _remove_whole(document, loc)


def _remove_whole(document: Document, loc: Loc) -> Document:
    """The file without a value, and without what held nothing else."""
    while len(loc) > 1 and len(value_at(document.data, loc[:-1])) == 1:
        loc = loc[:-1]
    return remove(document, loc)


def name_removal(
    document: Document, loc: Loc, gone: Set[str], home: str, printed: Mapping[str, str]
) -> FileChange | None:
    """The change that removes ids that are gone from the value at a place; None where it has none.

    `home` is the id of what they were in. `printed` is what expressions and ids printed, which
    stays in a text.
    """
    if isinstance(loc[-1], int) and not isinstance(value_at(document.data, loc), dict):
        loc = loc[:-1]
    value, names = value_at(document.data, loc), dict[str, str]()
    for step in value if isinstance(value, tuple) else (value,):
        if isinstance(step, str):
            names |= _names_instead(step, gone, home, printed)
    if not names:
        return None
    if not isinstance(value, tuple) and value not in names:
        words = _KEEPS
    elif all(names.values()):
        words = "it now names "
    else:
        words = "it no longer names "
    words += _quote(names)
    return FileChange("forget", document, loc, names, words=words)


def forget_names(text: FilledText, printed_name: str, values: Mapping[str, str]) -> FileChange:
    """The change of a text that keeps the words of a name, and no longer gets them from it."""
    names = {
        expression: write_words(plain(words), {})
        for expression in map(str.strip, EXPRESSION.findall(text.source))
        if printed_name in plain(words := values.get(expression, ""))
    }
    return FileChange("forget", text.document, text.loc, names, words=_KEEPS + _quote(names))


_KEEPS = "this sentence names what was deleted. Read it. It keeps the words "


def _quote(names: Mapping[str, str]) -> str:
    return " and ".join(f"“{new or old}”" for old, new in names.items())


def _names_instead(
    words: str, gone: Set[str], home: str, printed: Mapping[str, str]
) -> dict[str, str]:
    """What replaces the expressions of a text that name what is gone, or a whole id or place."""
    found = {}
    for expression in map(str.strip, EXPRESSION.findall(words)):
        ids = gone & set(_QUOTED.findall(expression))
        said = printed.get(expression) or next((printed[id] for id in ids if id in printed), "")
        if ids and said:
            found[expression] = write_words(plain(said), {})
    steps = words.split(".")
    if steps[-1] in gone:
        # of a place such as policy.clause.point, what that was in is left
        while steps and steps[-1] in gone:
            steps.pop()
        steps += [home] if steps == ["policy"] else []
        found[words] = ".".join(steps) if len(steps) > 1 else ""
    return found


def ids_in(data: object) -> Iterator[str]:
    """The ids of an entry of a file, and of all that is in it."""
    if isinstance(data, dict):
        if isinstance(data.get("id"), str):
            yield data["id"]
        data = tuple(data.values())
    for part in data if isinstance(data, tuple) else ():
        yield from ids_in(part)


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
