"""An organisation in whose every text stands what would harm a careless page, document or list."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from formulary.check.content import check_content
from formulary.content.loading import load
from formulary.content.source import Loc, read_document
from formulary.pipeline.content import editions_of
from formulary.problems import Problem, errors_in

MARK = "zq7"
"""Stands in every payload, and nowhere else: no element, attribute or address may have it."""

PAYLOAD = (
    f"=T{{}} <{MARK} on{MARK}=1>'\"><script>{MARK}()</script>--> &#60;{MARK}&#62; "
    f"[k](javascript:{MARK}) {{{{: on{MARK}='1' }}}} `<{MARK}>` <javascript:{MARK}> "
    f"![z](javascript:{MARK}) ]]> </style><{MARK}>\nATTACH:{MARK}\n# <{MARK}>\n"
)
"""For `str.format` with a name: no two texts are the same."""

_NO_TEXT = re.compile(r"[A-Za-z0-9_.:#/@+-]*")
"""Ids, dates, colours, addresses, enumerations: another value there is refused, not escaped."""


def poison(root: Path, organisation: str) -> int:
    """Put the payload into every text of an organisation, its forms and the library.

    Where the models refuse it, such as in a time rule, the text stays as it was. Gives the number
    of texts that hold it.
    """
    folder = root / "content" / "organisations" / organisation
    for name in ("coverage.yaml", "last-edition.json", "staff-columns.yaml"):
        (folder / name).unlink(missing_ok=True)
    places = (folder, root / "content" / "library", root / "forms", root / "forms" / "house")
    files = sorted(path for place in places for path in place.glob("*.yaml"))
    usual = {path: _plain(read_document(path)[0].data) for path in files}
    kept: dict[Path, set[Loc]] = {path: set() for path in files}
    counts: dict[Path, int] = {}
    changed = set(files)
    while changed:
        for path in changed:
            poisoned, counts[path] = _poisoned(usual[path], (), kept[path], 0, path.stem)
            with path.open("w", encoding="utf-8") as stream:
                YAML(typ="safe", pure=True).dump(poisoned, stream)
        changed = set()
        before = {path: frozenset(locs) for path, locs in kept.items()}
        for problem in _errors(root):
            path = root / problem.place.file
            kept[path].add(_next(problem, _at(path, problem), before[path]))
            changed.add(path)
    return sum(counts.values())


def _errors(root: Path) -> Iterator[Problem]:
    content, found = load(root)
    if errors_in(found):  # the models come first: what they refuse may be why others miss it
        yield from errors_in(found)
    else:
        yield from errors_in((*check_content(content), *editions_of(content, (), None)[1]))


def _next(problem: Problem, loc: Loc, kept: frozenset[Loc]) -> Loc:
    """The value to leave as it was: that of the problem or, where it was left before, its entry."""
    while loc in kept:
        assert loc, f"not even the whole file as it was will do: {problem}"
        loc = loc[:-1]
    return loc


def _errors(root: Path) -> Iterator[Problem]:
    content, found = load(root)
    yield from errors_in((*found, *check_content(content), *editions_of(content, (), None)[1]))


def _at(path: Path, problem: Problem) -> Loc:
    """Where the value, or the key, stands that a problem is about."""
    document, _ = read_document(path)
    for loc in document.spans:
        for key in (False, True):
            if loc and document.place(loc, key=key) == replace(problem.place, file=document.path):
                return loc
    return ()


def _plain(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _plain(value) for key, value in data.items()}
    return [_plain(value) for value in data] if isinstance(data, tuple) else data


def _poisoned(data: Any, loc: Loc, kept: set[Loc], count: int, name: str) -> tuple[Any, int]:
    if loc in kept or data is None or isinstance(data, int | float | datetime.date):
        return data, count
    if isinstance(data, dict):
        changed: dict[str, Any] = {}
        for key, value in data.items():
            changed[key], count = _poisoned(value, (*loc, key), kept, count, name)
        return changed, count
    if isinstance(data, list):
        entries = []
        for place, value in enumerate(data):
            entry, count = _poisoned(value, (*loc, place), kept, count, name)
            entries.append(entry)
        return entries, count
    if _NO_TEXT.fullmatch(data):
        return data, count
    return PAYLOAD.format(f"{name}-{count}"), count + 1
