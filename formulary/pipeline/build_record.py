"""Tell at once whether a build would change anything.

After each build a record is left of what it was made from and of what it made. As long as both are
as they were, there is nothing to do. This module imports next to nothing, since that would take
longer than its work.
"""

# Path objects would double the time:
# ruff: noqa: PTH110, PTH112, PTH123, PTH208

from __future__ import annotations

import datetime
import hashlib
import json
import os
import sys
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from formulary.project import project_at

WORK = Path("build")
"""The folder of the project in which a build works."""

RECORD = WORK / "last-build.json"


class BuildRequest(NamedTuple):
    """What a build was asked for: the ids of organisations (none: all), and the year."""

    organisations: tuple[str, ...]
    year: int | None


class BuildRecord(NamedTuple):
    """The last build.

    `asked`, `inputs` and `outputs` are digests; `said` is what it warned of, and `until` the first
    day on which it would warn of more (ISO 8601, or empty for never).
    """

    asked: str
    inputs: str
    outputs: str
    said: tuple[str, ...]
    until: str


def tools_digest() -> str:
    """The digest of all that makes: our code, Python, and every library that is installed."""
    digest = hashlib.sha256(f"{sys.version}|{sys.platform}|{zlib.ZLIB_RUNTIME_VERSION}".encode())
    digest.update("|".join(_list_installed()).encode())
    _add(digest, Path(__file__).resolve().parent.parent)  # our code; installed, our data too
    return digest.hexdigest()


def inputs_digest(root: Path, tools: str) -> str:
    """The digest of all that a build in `root` reads: what makes, and what it is made from."""
    return hashlib.sha256(f"{tools}|{digest_of(project_at(root).inputs())}".encode()).hexdigest()


def digest_of(paths: Iterable[Path]) -> str:
    """The digest of files and folders, by their order; what is not there adds nothing."""
    digest = hashlib.sha256()
    for place, path in enumerate(paths):
        digest.update(f"{place}|".encode())
        _add(digest, path)
    return digest.hexdigest()


def outputs_digest(root: Path) -> str:
    """The digest of the site as it is: the names and the bytes of all its files."""
    digest = hashlib.sha256()
    _add(digest, root / "site")
    return digest.hexdigest()


def request_digest(asked: BuildRequest) -> str:
    """The digest of what was asked."""
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def read(root: Path) -> BuildRecord | None:
    """The record of the last build; None where there is none, or none that is whole."""
    try:
        found: Any = json.loads((root / RECORD).read_text(encoding="utf-8"))
        record = BuildRecord(**{**found, "said": tuple(found["said"])})
        return (
            record if all(isinstance(part, str) for part in (*record[:3], *record.said)) else None
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write(root: Path, record: BuildRecord) -> None:
    """Keep the record. Raises OSError."""
    text = json.dumps(record._asdict(), ensure_ascii=False, indent=1)
    (root / RECORD).write_text(f"{text}\n", encoding="utf-8")


def find_unchanged_build(
    root: Path, asked: BuildRequest, today: datetime.date
) -> BuildRecord | None:
    """The record of the last build where one now would make the same; None where it might not."""
    record = read(root)
    if record is None or not (root / "site").is_dir():
        return None
    if record.until and today.isoformat() >= record.until:
        return None
    try:
        same = (
            record.asked == request_digest(asked)
            and record.inputs == inputs_digest(root, tools_digest())
            and record.outputs == outputs_digest(root)
        )
    except OSError:
        return None
    return record if same else None


def _list_installed() -> list[str]:
    """Every installed distribution with its version, as its folder is named (PEP 376)."""
    names: set[str] = set()
    for place in sys.path:
        try:
            names.update(n for n in os.listdir(place) if n.endswith((".dist-info", ".egg-info")))
        except OSError:
            continue
    return sorted(names)


def _add(digest: Any, path: Path) -> None:
    """Add a file, or all files of a folder, each by its name, its size and its bytes."""
    for name, file in _files(os.fspath(path), ""):
        with open(file, "rb") as opened:
            data = opened.read()
        digest.update(f"{name}\0{len(data)}\0".encode("utf-8", "surrogateescape"))
        digest.update(data)


def _files(path: str, name: str) -> Iterator[tuple[str, str]]:
    if not os.path.isdir(path):
        if os.path.exists(path):
            yield name, path
        return
    for entry in sorted(os.listdir(path)):
        if entry != "__pycache__":
            yield from _files(f"{path}/{entry}", f"{name}/{entry}")
