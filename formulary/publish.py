"""Puts what was made into place: all of it or nothing.

Files are written into a folder beside the last output; when all are there, the two are swapped by
renaming. A run that fails or is killed leaves the last output whole.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from formulary.problems import OutputError


def checksum(data: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def fresh_folder(path: Path) -> Path:
    """An empty folder at `path`; what stood there is removed. Raises OutputError."""
    try:
        if path.exists():
            shutil.rmtree(path)
        path.mkdir(parents=True)
    except OSError as error:
        raise OutputError(
            f"The folder {path.as_posix()} cannot be made: {error.strerror}"
        ) from error
    return path


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files, by their path inside `folder`. Raises OutputError naming the file."""
    for name, data in files.items():
        target = folder / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        except OSError as error:
            raise OutputError(f"{target.as_posix()} cannot be written: {error.strerror}") from error


def manifest(entries: Iterable[Mapping[str, str | int | list[str]]]) -> bytes:
    """The list of downloads as JSON, in order."""
    text = json.dumps(
        {"downloads": [dict(entry) for entry in entries]}, indent=2, ensure_ascii=False
    )
    return f"{text}\n".encode()


def swap_into_place(made: Path, place: Path) -> None:
    """Let the folder `made` take the place of `place`. Raises OutputError.

    Both lie on one file system, so each step is a rename; if the last fails, the old one returns.
    """
    old = place.with_name(f"{place.name}.old")
    try:
        if old.exists():
            shutil.rmtree(old)
        if place.exists():
            place.rename(old)
        try:
            made.rename(place)
        except OSError:
            if old.exists():
                old.rename(place)
            raise
        if old.exists():
            shutil.rmtree(old)
    except OSError as error:
        raise OutputError(
            f"The folder {place.as_posix()} cannot be replaced: {error.strerror}. "
            "Close what has a file of it open, and run the command again."
        ) from error
