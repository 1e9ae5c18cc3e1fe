"""Name a place of a file by the ids on the way to it, so that it is found in another state too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote

from formulary.content.source import Document, Loc
from formulary.problems import Problem


def way_to(data: Any, loc: Loc) -> str:
    """The way to a place of a file's data."""
    steps = []
    for step in loc:
        data = data[step]
        if isinstance(step, str):
            steps.append(quote(step, safe=""))
            continue
        id = _id_of(data)
        steps.append(f"={id}" if isinstance(id, str) else f"#{step}")
    return "/".join(steps)


def place_of_way(data: Any, way: str) -> Loc:
    """The place that a way leads to; its last step may be a key that is not there yet.

    Raises KeyError where it leads nowhere, as when the entry was taken out.
    """
    loc: list[str | int] = []
    steps = way.split("/") if way else []
    for place, step in enumerate(steps):
        key: str | int
        if step.startswith("="):
            wanted = step[1:]
            entries = data if isinstance(data, tuple) else ()
            key = next(
                (n for n, entry in enumerate(entries) if _id_of(entry) == wanted), len(entries)
            )
        else:
            key = int(step[1:]) if step.startswith("#") else unquote(step)
        loc.append(key)
        last = place == len(steps) - 1
        if last and isinstance(key, str) and isinstance(data, dict):
            break
        try:
            data = data[key]
        except (KeyError, IndexError, TypeError):
            raise KeyError(way) from None
    return tuple(loc)


def innermost(problem: Problem, document: Document) -> Loc | None:
    """The place of the value that a problem is in; None where it is in another file."""
    place = problem.place
    if place.file != document.path or not place.line:
        return None
    lines = document.text.split("\n")
    index = sum(len(line) + 1 for line in lines[: place.line - 1]) + max(place.column - 1, 0)
    inside = [loc for loc, (start, end) in document.spans.items() if start <= index <= end]
    return max(inside, key=len, default=None)


def parts_of(value: Any, loc: Loc = ()) -> Iterator[tuple[Loc, Any]]:
    """A value and all that is in it, each with its place; what holds others comes before them."""
    yield loc, value
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from parts_of(part, (*loc, key))
    elif isinstance(value, tuple | list):
        for place, part in enumerate(value):
            yield from parts_of(part, (*loc, place))


def map_leaves(value: Any, change: Callable[[Any], Any], collect: type = tuple) -> Any:
    """The same lists and mappings with every other value changed; `collect` makes the lists."""
    if isinstance(value, Mapping):
        return {str(key): map_leaves(part, change, collect) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return collect(map_leaves(part, change, collect) for part in value)
    return change(value)


def _id_of(entry: Any) -> Any:
    return (entry.get("id") or entry.get("form")) if isinstance(entry, dict) else None
