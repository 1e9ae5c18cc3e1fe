"""YAML that an earlier build has read: text comes in, the same document goes out, far sooner.

Only what has no mistake is kept, so every mistake is found, and placed, by the parser itself.
"""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

from formulary import source
from formulary.pipeline import unchanged
from formulary.problems import Problem
from formulary.source import Document, Parse
from formulary.store import Store, key_of

STORE = unchanged.WORK / "store"
"""What earlier runs made, by what it was made from; safe to delete."""

_DAY = "\0day"
"""The key under which a day is kept; YAML can hold no such key."""


def kept_parse(store: Store, tools: str) -> Parse:
    """What `source.parse` does, from the store where it can; `tools` is the digest of the code."""

    def parse(text: str, path: Path) -> tuple[Document, tuple[Problem, ...]]:
        key = key_of(tools, "YAML", text)
        kept = store.get(key)
        if kept is not None:
            return _unpacked(kept, text, path), ()
        document, problems = source.parse(text, path)
        if not problems:
            store.put(key, _packed(document))
        return document, problems

    return parse


def kept_parse_of(root: Path) -> Parse:
    """What `kept_parse` gives for the store of the project folder `root`, which builds use too."""
    return kept_parse(Store(root / STORE), unchanged.tools())


def _packed(document: Document) -> bytes:
    spans = [[loc, *span] for loc, span in document.spans.items()]
    keys = [[loc, at] for loc, at in document.keys.items()]
    return json.dumps([document.data, spans, keys], default=_day).encode()


def _day(value: Any) -> dict[str, str]:
    if isinstance(value, datetime.date):
        return {_DAY: value.isoformat()}
    raise TypeError(f"YAML gives no {type(value).__name__}")


def _unpacked(kept: bytes, text: str, path: Path) -> Document:
    data, spans, keys = json.loads(kept)
    return Document(
        path,
        _frozen(data),
        text,
        {tuple(loc): (start, end) for loc, start, end in spans},
        {tuple(loc): at for loc, at in keys},
    )


def _frozen(value: Any) -> Any:
    """A value as `source.parse` gives it: lists as tuples, days as dates."""
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    if isinstance(value, dict):
        if _DAY in value:
            return datetime.date.fromisoformat(value[_DAY])
        return {key: _frozen(part) for key, part in value.items()}
    return value
