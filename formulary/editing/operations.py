"""What the editor asks to be changed, and how a file says it afterwards."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin
from urllib.parse import unquote

from formulary.content.base import ContentModel, Name
from formulary.content.relaying import relay, unwrap
from formulary.content.source import Document, Loc
from formulary.content.splicing import (
    WIDTH,
    copy,
    indent_at,
    insert,
    move,
    move_into,
    put_key,
    remove,
    set_value,
    value_at,
)
from formulary.content.walk import hint_of, hints_of, known_keys, model_at
from formulary.content.ways import map_leaves, parts_of, place_of_way
from formulary.editing.places import Spot, read_spot


class ConflictError(Exception):
    """The value is no longer the one that the browser showed; `now` is what it is."""

    def __init__(self, spot: Spot, now: Any) -> None:
        self.spot, self.now = spot, now
        super().__init__(f"{spot} was changed elsewhere")


Kind = Literal["set", "insert", "move", "remove", "copy"]


@dataclass(frozen=True)
class Operation:
    """One change: of a value, or of the entries of a list.

    `old` is the value that the browser showed (see `as_shown`); `index` is where an entry goes,
    and `into` the list of the same file that it goes to, where that is another one.
    """

    kind: Kind
    spot: Spot
    value: Any = None
    old: Any = None
    index: int = 0
    into: Spot | None = None


def read_operation(asked: Any) -> Operation:
    """The operation that a browser sent as JSON. Raises ValueError where it is none."""
    if not isinstance(asked, Mapping) or asked.get("kind") not in get_args(Kind):
        raise ValueError("This is no change")
    spot, index, into = asked.get("spot"), asked.get("index", 0), asked.get("into", "")
    if not (isinstance(spot, str) and isinstance(index, int) and isinstance(into, str)):
        raise ValueError("This is no change")
    found, other = read_spot(spot), read_spot(into) if into else None
    if not found.way:
        raise ValueError("This is a whole file")
    if other and other.file != found.file:
        raise ValueError("This is another file")
    return Operation(asked["kind"], found, asked.get("value"), asked.get("old"), index, other)


def as_shown(value: Any) -> Any:
    """A value as the browser gets it: paragraphs unwrapped, a date as text."""
    return map_leaves(value, _shown, list)


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return unwrap(value)
    return value.isoformat() if isinstance(value, datetime.date) else value


def apply(document: Document, model: type[ContentModel], asked: Operation) -> Document:
    """The document after one operation.

    Raises ConflictError where the value is no longer the old one, KeyError where its place is
    gone, and SpliceError where it cannot be written.
    """
    try:
        if asked.kind in ("set", "insert") and (deep := _into_missing(document, asked)):
            asked = deep
        loc = place_of_way(document.data, asked.spot.way)
        if asked.kind == "set":
            return _set(document, model, loc, asked)
        if asked.kind == "insert":
            return _insert(document, model, loc, asked)
        shown = as_shown(value_at(document.data, loc))
        if asked.kind == "move" and asked.into:
            other = place_of_way(document.data, asked.into.way)
            return move_into(
                document, loc, other, min(asked.index, len(value_at(document.data, other)))
            )
    except KeyError:
        raise ConflictError(asked.spot, None) from None
    if asked.kind == "move":
        return move(document, loc, asked.index)
    if asked.kind == "copy":
        return _copy(document, model, loc)
    if asked.old is not None and asked.old != shown:
        raise ConflictError(asked.spot, shown)
    return _remove(document, loc)


def _remove(document: Document, loc: Loc) -> Document:
    """Without what is at a place, and without a mapping that nothing else is in."""
    above = loc[:-1]
    while above and isinstance(above[-1], str) and len(value_at(document.data, above)) == 1:
        loc, above = above, above[:-1]
    return remove(document, loc)


def _into_missing(document: Document, asked: Operation) -> Operation | None:
    """The operation on the mapping that a new value is to be in, where that is not there yet."""
    above, _, key = asked.spot.way.rpartition("/")
    if asked.old is not None or not above:
        return None
    loc = place_of_way(document.data, above)
    holder = value_at(document.data, loc[:-1])
    if not isinstance(loc[-1], str) or not isinstance(holder, dict) or loc[-1] in holder:
        return None
    value = (asked.value,) if asked.kind == "insert" else asked.value
    return Operation("set", Spot(asked.spot.file, above), {unquote(key): value})


def _set(document: Document, model: type[ContentModel], loc: Loc, asked: Operation) -> Document:
    above, key = loc[:-1], loc[-1]
    holder = value_at(document.data, above)
    there = key in holder if isinstance(holder, dict) else True
    now = value_at(document.data, loc) if there else None
    if as_shown(now) != asked.old:
        raise ConflictError(asked.spot, as_shown(now))
    value = _value(model, above, key, asked.value)
    if value in (None, "", (), {}) and isinstance(key, str):
        if not there:
            return document
        found = model_at(model, above)
        needed = {name for name, _, info in hints_of(found) if info.is_required()} if found else ()
        if key not in needed:
            return _remove(document, loc)
    if isinstance(key, str) and isinstance(value, dict) and not there:
        value = with_ids(model_at(model, loc), value, set(ids_in(document.data)))
    value = _like(now, value, WIDTH - indent_at(document, loc))
    if there:
        return set_value(document, loc, value)
    assert isinstance(key, str)
    return put_key(document, above, key, _wrapped(value), known_keys(model, above))


def _like(now: Any, value: Any, width: int) -> Any:
    """The value with the line breaks that its texts have now."""
    if isinstance(value, str) and isinstance(now, str):
        return relay(now, value, width)
    if isinstance(value, tuple) and isinstance(now, tuple):
        known = (_like(old, new, width) for old, new in zip(now, value, strict=False))
        return (*known, *value[len(now) :])
    return value


def _insert(document: Document, model: type[ContentModel], loc: Loc, asked: Operation) -> Document:
    above, key = loc[:-1], loc[-1]
    holder = value_at(document.data, above)
    there = holder.get(key) if isinstance(holder, dict) else holder[key]
    entry = model_at(model, (*loc, "new" if _is_map(model, loc) else 0))
    value = _wrapped(with_ids(entry, _plain(asked.value), set(ids_in(document.data))))
    if _is_map(model, loc):
        name = make_id(value, frozenset(there or ()), "_")
        if there is None:
            return put_key(document, above, str(key), {name: value}, known_keys(model, above))
        return put_key(document, loc, name, value)
    if there is None:
        return put_key(document, above, str(key), (value,), known_keys(model, above))
    if not there:
        return set_value(document, loc, (value,))
    made = insert(document, loc, min(asked.index, len(there)), value)
    return _with_cells(made, loc, value.get("id") if isinstance(value, dict) else None)


def _is_map(model: type[ContentModel], loc: Loc) -> bool:
    """Whether a place is of a mapping whose keys are free, so that each entry has a name."""
    return get_origin(hint_of(model_at(model, loc[:-1]), loc[-1])) is dict


def with_ids(model: type[ContentModel] | None, value: Any, taken: set[str]) -> Any:
    """A value of a model in which every entry that must have an id has one of its own."""
    if isinstance(value, tuple):
        return tuple(with_ids(model, part, taken) for part in value)
    if model is None or not isinstance(value, dict):
        return value
    if hint_of(model, "id") is not None and "id" not in value:
        value = {"id": make_id(value, frozenset(taken), _joint(model)), **value}
        taken.add(value["id"])
    found = {}
    for key, part in value.items():
        inner = model_at(model, (key, 0)) or model_at(model, (key,))
        if _is_map(model, (key,)) and isinstance(part, dict):
            found[key] = {name: with_ids(inner, one, taken) for name, one in part.items()}
        else:
            found[key] = with_ids(inner, _value(model, (), key, part), taken)
    return found


def _copy(document: Document, model: type[ContentModel], loc: Loc) -> Document:
    """A copy below the entry, in which every id that must be unique is another one."""
    taken = set(ids_in(document.data))
    changes: dict[Loc, Any] = {}
    for inner, id in _ids(value_at(document.data, loc)):
        if "events" in inner:  # each cycle has its own, which time rules name
            continue
        joint = _joint(model_at(model, (*loc, *inner[:-1])))
        stem = re.sub(rf"{joint}\d+$", "", id)[: 26 if joint == "_" else 50]
        number = next(n for n in range(2, 10_000) if f"{stem}{joint}{n}" not in taken)
        changes[inner] = f"{stem}{joint}{number}"
        taken.add(changes[inner])
    made = copy(document, loc, changes)
    return _with_cells(made, loc[:-1], changes.get(("id",)), value_at(document.data, loc).get("id"))


def _joint(model: type[ContentModel] | None) -> str:
    """What the words of a model's ids are joined by."""
    return "_" if hint_of(model, "id") is Name else "-"


_ROWS: Mapping[Loc, str] = {("levels",): "criteria", ("stages",): "areas"}
"""The columns of a table of judgement, and its rows."""


def _with_cells(document: Document, columns: Loc, id: Any, like: str | None = None) -> Document:
    """The document whose table has a cell in every row for a new column, as a copy or to do."""
    key = _ROWS.get(columns)
    if key is None or id is None:
        return document
    order = [column["id"] for column in document.data[columns[0]]]
    for place, row in enumerate(document.data[key]):
        words = row["cells"].get(like) or "To be completed."
        document = put_key(document, (key, place, "cells"), id, words, order)
    return document


def _ids(value: Any) -> list[tuple[Loc, str]]:
    parts = parts_of(value)
    return [(loc, id) for loc, id in parts if loc[-1:] == ("id",) and isinstance(id, str)]


def without_ids(value: Any) -> Any:
    """A value without the ids in it, so that it gets others."""
    if isinstance(value, dict):
        return {key: without_ids(part) for key, part in value.items() if key != "id"}
    return tuple(without_ids(part) for part in value) if isinstance(value, tuple) else value


def ids_in(data: Any) -> frozenset[str]:
    """Every id of a file."""
    return frozenset(id for _, id in _ids(data))


_NAMING = (
    *("name", "title", "asks", "label", "row", "about", "reviewee", "states", "words", "text"),
    "caption",
)


def make_id(value: Mapping[str, Any], taken: frozenset[str], joint: str = "-") -> str:
    """A permanent id from the words of an entry, which no other of the file has.

    `joint` is what its words are joined by. Names in documents have no more than 30 characters.
    """
    words = next((str(value[key]) for key in _NAMING if value.get(key)), "entry")
    bare = re.sub(r"\{\{.*?\}\}", " ", words).casefold()
    parts = [part for part in re.findall(r"[a-z0-9]+", bare) if part not in _SMALL][:5]
    stem = joint.join(parts)[: 40 if joint == "-" else 24].strip(joint)
    if not stem or not stem[0].isalpha():
        stem = f"entry{joint}{stem}".strip(joint)
    if stem not in taken:
        return stem
    return next(f"{stem}{joint}{n}" for n in range(2, 10_000) if f"{stem}{joint}{n}" not in taken)


_SMALL = frozenset(
    [
        *("a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "in", "is", "of", "on"),
        *("or", "that", "the", "to", "with"),
    ]
)

_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_REFUSED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff\U000f0000-\U0010ffff]"
)


def clean_words(text: str, *, one_line: bool = False) -> str:
    """Words as they were typed or pasted, without what no document can show."""
    words = _REFUSED.sub("", _BREAKS.sub("\n", text)).replace("\t", " ")
    if one_line:
        return " ".join(words.split())
    return "\n".join(line.rstrip(" ") for line in words.strip().split("\n"))


def _value(model: type[ContentModel], above: Loc, key: str | int, value: Any) -> Any:
    """A value from the browser as the file is to have it."""
    hint = hint_of(model_at(model, above), key)
    if isinstance(value, str):
        if hint is not None and datetime.date in (hint, *get_args(hint)):
            try:
                return datetime.date.fromisoformat(value)
            except ValueError:
                return value
        return clean_words(value)
    return _plain(value)


def _plain(value: Any) -> Any:
    return map_leaves(value, lambda one: clean_words(one) if isinstance(one, str) else one)


def _wrapped(value: Any) -> Any:
    """The value with its long paragraphs in lines."""
    return map_leaves(value, _wrap)


def _wrap(value: Any) -> Any:
    is_long = isinstance(value, str) and len(value) > WIDTH - 12
    return relay("", value, WIDTH - 12) if is_long else value
