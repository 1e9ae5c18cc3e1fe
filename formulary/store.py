"""Keep what runs make, by a key of what it was made from.

A key is the digest of everything that the product depends on, so an entry can be stale in no way:
where anything differs, it is not found. The folder is safe to delete. What is damaged, or cannot
be kept since the disk is full, is simply made again.
"""

from __future__ import annotations

import datetime
import hashlib
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

_SUM = hashlib.sha256().digest_size

_PART = ".part"

SMALLEST_LIMIT = 100_000_000
"""Bytes that may always be kept."""

RUNS = 4
"""How many times what one run uses may be kept, so that other years and choices stay at hand."""


class Store:
    """Products of earlier runs in a folder, which several processes may use at once.

    Each entry is a file named by its key; before the bytes is their checksum, so that a file
    cut short or changed is known for what it is.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._used: dict[Path, int] = {}

    def __reduce__(self) -> tuple[type[Store], tuple[Path]]:
        """In another process it is the same folder; what was used is counted by each for itself.

        A process is given its work by a thread, while this one may go on using the store.
        """
        return Store, (self.folder,)

    def get(self, key: str) -> bytes | None:
        """What is kept under the key; None where there is nothing, or nothing whole."""
        path = self._path(key)
        try:
            found = path.read_bytes()
            data = found[_SUM:]
            if found[:_SUM] != _sum(key, data):
                return None
            os.utime(path)  # for `tidy`, which lets the longest unused go first
        except OSError:
            return None
        self._used[path] = len(found)
        return data

    def __contains__(self, key: str) -> bool:
        """Whether there is something under the key, which `get` may still find damaged."""
        return self._path(key).is_file()

    def put(self, key: str, data: bytes) -> None:
        """Keep the bytes under the key, if the disk allows."""
        path = self._path(key)
        beside = path.with_suffix(f".{os.getpid()}{_PART}")
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(_sum(key, data) + data)
            beside.replace(path)
            self._used[path] = _SUM + len(data)

    def tidy(self) -> None:
        """Let go of what has been unused for longest, and of what a killed run left unfinished.

        As much stays as `RUNS` such runs use, and at least `SMALLEST_LIMIT`.
        """
        room = max(SMALLEST_LIMIT, RUNS * sum(self._used.values()))
        room -= sum(self._used.values())
        with suppress(OSError):
            others = [path for path in self.folder.glob("*/*") if path not in self._used]
            known = sorted(((p.stat(), p) for p in others), key=lambda one: -one[0].st_mtime_ns)
            for status, path in known:
                room -= 0 if path.suffix == _PART else status.st_size
                if room < 0 or path.suffix == _PART:
                    path.unlink()

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]


def _sum(key: str, data: bytes) -> bytes:
    return hashlib.sha256(key.encode() + data).digest()


def key_of(*parts: Any) -> str:
    """The SHA-256, in hexadecimal, of values and all that is in them; equal values, equal keys.

    Values are what models are made of: dataclasses, pydantic models, lists, tuples, sets, mappings
    in their order, texts, numbers, days, bytes and None. Raises TypeError for anything else.
    """
    digest = hashlib.sha256()
    for part in parts:
        _feed(digest.update, part)
    return digest.hexdigest()


def _feed(write: Callable[[bytes], object], value: Any) -> None:
    """Write a value so that no two different ones give the same bytes: kind, length, content."""
    kind: Any = type(value)
    if value is None or kind in (bool, int, float, datetime.date):
        write(f"{kind.__name__} {value!r};".encode())
    elif isinstance(value, str):
        data = value.encode()
        write(b"str %d;" % len(data) + data)
    elif isinstance(value, bytes):
        write(b"bytes %d;" % len(value) + value)
    elif isinstance(value, tuple | list):
        write(b"list %d;" % len(value))
        for part in value:
            _feed(write, part)
    elif kind in (set, frozenset):
        write(b"set %d;" % len(value) + "".join(sorted(map(key_of, value))).encode())
    elif isinstance(value, Mapping):
        write(b"map %d;" % len(value))
        for name, part in value.items():
            _feed(write, name)
            _feed(write, part)
    elif is_dataclass(kind) or isinstance(value, BaseModel):
        write(f"{kind.__module__}.{kind.__qualname__};".encode())
        for name in _names(kind):
            _feed(write, getattr(value, name))
    else:
        raise TypeError(f"A {kind.__qualname__} has no key")


@cache
def _names(kind: Any) -> tuple[str, ...]:
    """The fields of a dataclass or a pydantic model, in their order."""
    return tuple(
        kind.model_fields if issubclass(kind, BaseModel) else (f.name for f in fields(kind))
    )
