"""Name a place of a file by the ids on the way to it, so that it is found in another state too."""

from __future__ import annotations

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
        id = (data.get("id") or data.get("form")) if isinstance(data, dict) else None
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


def _id_of(entry: Any) -> Any:
    return (entry.get("id") or entry.get("form")) if isinstance(entry, dict) else None
