"""Keeps every save, so that none is lost and each can be undone.

Before a file is touched, its old and its new bytes and what is about to happen are on the disk.
A run that was killed between is finished by the next one. Everything is in one folder of the
project that git ignores.
"""

from __future__ import annotations

import datetime
import errno
import json
import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from formulary.problems import OutputError
from formulary.project import FORMS, ORGANISATIONS
from formulary.publish import checksum
from formulary.system_errors import describe_system_error

FOLDER = Path("build") / "edits"
ENDING = ".saving"
"""How the name of a file ends that is being written; it begins with a dot, and is no content."""


DAYS, COPIES = 90, 200
"""How many days each copy of a file is kept, and how many of a file however old they are."""

Change = tuple[bytes | None, bytes | None]
"""The bytes of a file before and after; None where there is none."""


class OutsideChangeError(Exception):
    """A file is not as it was when the change was worked out; nothing was written."""


@dataclass(frozen=True)
class Save:
    """One save: when, what it did in a reader's words, and the files with their digests."""

    number: int
    at: datetime.datetime
    label: str
    files: tuple[tuple[str, str, str], ...]
    """The path from the project's folder, and the digests of the bytes before and after."""
    undoes: int = 0
    """The number of the save that this one undid."""


@dataclass
class Journal:
    """The saves of one project folder; `clock` tells the time of each."""

    root: Path
    clock: Callable[[], datetime.datetime] = field(
        default=lambda: datetime.datetime.now().astimezone()
    )

    _read: tuple[int, list[dict[str, Any]]] = field(default=(0, []), repr=False, compare=False)
    """The size of the journal when it was read last, and its lines."""

    @property
    def folder(self) -> Path:
        """Where the journal is kept."""
        return self.root / FOLDER

    @property
    def _path(self) -> Path:
        return self.folder / "journal.jsonl"

    def recover(self) -> None:
        """Finish what a run that was killed had begun, and sweep up after it. Raises OutputError.

        A file that is neither as before nor as after was changed by somebody else, and stays.
        """
        done = {line["done"] for line in self._lines() if "done" in line}
        for save in self.saves():
            if save.number in done:
                continue
            for name, before, after in save.files:
                path = self.root / name
                digest = checksum(path.read_bytes()) if path.is_file() else ""
                if digest == before:
                    self._put(path, self._kept(after) if after else None)
            self._append({"done": save.number})
        for folder in (self.root / ORGANISATIONS.parent, self.root / FORMS, self.folder):
            for left in folder.rglob(f".*{ENDING}"):
                left.unlink(missing_ok=True)
        self._drop_old_copies()

    def _drop_old_copies(self) -> None:
        """Delete the copies that are older than `DAYS`, but for the last `COPIES` of each file."""
        saves, wanted = self.saves(), set[str]()
        first = self.clock() - datetime.timedelta(days=DAYS)
        counts: dict[str, int] = {}
        for save in reversed(saves):
            for name, *copies in save.files:
                counts[name] = counts.get(name, 0) + 1
                if save.at >= first or counts[name] <= COPIES:
                    wanted.update(copies)
        for path in (self.folder / "kept").glob("*"):
            if path.name not in wanted:
                path.unlink(missing_ok=True)

    def write(self, label: str, files: Mapping[Path, Change], undoes: int = 0) -> Save:
        """Save files: of each the bytes that it has and those that it gets; None for no file.

        Raises OutsideChangeError where one has others, and OutputError where one cannot be
        written; then all are as they were.
        """
        _refuse_others(files)
        number = max((line.get("save", 0) for line in self._lines()), default=0) + 1
        size = self._path.stat().st_size if self._path.is_file() else 0
        parts: dict[Path, Path] = {}
        changed: list[Path] = []
        try:
            for path, (_, after) in files.items():
                if after is not None:  # all that needs room on the disk comes first
                    parts[path] = _write_part(path, after)
            listed = tuple(
                (path.relative_to(self.root).as_posix(), self._keep(before), self._keep(after))
                for path, (before, after) in files.items()
            )
            save = Save(number, self.clock(), label, listed, undoes)
            self._append(
                {
                    "save": number,
                    "at": save.at.isoformat(timespec="seconds"),
                    "label": label,
                    "files": listed,
                    "undoes": undoes,
                }
            )
            _refuse_others(files)  # all that takes long is done
            for path in files:
                if path in parts:
                    _replace_patiently(parts[path], path)
                else:
                    path.unlink(missing_ok=True)
                changed.append(path)
        except (OSError, OutputError, OutsideChangeError) as error:
            for part in parts.values():
                part.unlink(missing_ok=True)
            for done in changed:
                self._put(done, files[done][0])
            if self._path.is_file():
                os.truncate(self._path, size)
            if not isinstance(error, OSError):
                raise
            raise OutputError(describe_system_error(error, path)) from error
        with suppress(OSError):  # the next run says so
            self._append({"done": number})
        return save

    def saves(self) -> tuple[Save, ...]:
        """Every save, the first one first."""
        return tuple(
            Save(
                line["save"],
                datetime.datetime.fromisoformat(line["at"]),
                line["label"],
                tuple((name, before, after) for name, before, after in line["files"]),
                line.get("undoes", 0),
            )
            for line in self._lines()
            if "save" in line
        )

    def undone(self) -> frozenset[int]:
        """The numbers of the saves that are undone at this moment."""
        found: set[int] = set()
        for save in self.saves():
            if save.undoes:
                # to undo an undoing is to do it again
                found.symmetric_difference_update({save.undoes})
        return frozenset(found)

    def last(self) -> Save | None:
        """The save that “Undo” undoes: the last one that is not undone, and undid nothing."""
        undone = self.undone()
        found = (s for s in reversed(self.saves()) if not s.undoes and s.number not in undone)
        return next(found, None)

    def plan_undoing(self, save: Save) -> dict[Path, Change]:
        """What `write` is to be given so that a save is undone, and all else stays.

        Raises OutsideChangeError where its words have been changed since, and FileNotFoundError
        where its copies are no longer kept.
        """
        planned: dict[Path, Change] = {}
        for name, before, after in save.files:
            path = self.root / name
            now = path.read_bytes() if path.is_file() else None
            if (checksum(now) if now is not None else "") == after:
                planned[path] = now, self._kept(before) if before else None
            elif now is None or not (before and after):
                raise OutsideChangeError
            else:
                planned[path] = now, take_back(self._kept(before), self._kept(after), now)
        return planned

    # ---- what is on the disk ----

    def _lines(self) -> list[dict[str, Any]]:
        if not self._path.is_file():
            return []
        size = self._path.stat().st_size
        if size != self._read[0]:
            found = []
            for line in self._path.read_text("utf-8").splitlines():
                with suppress(ValueError):  # the line that a killed run was writing
                    found.append(json.loads(line))
            self._read = size, found
        return self._read[1]

    def _append(self, line: Mapping[str, Any]) -> None:
        """Add a line to the journal, wholly or not at all. Raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        # without a buffer, which would be written again when the file is closed
        with self._path.open("a+b", buffering=0) as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(size - 1, 0))
            whole = file.read(1) in (b"\n", b"")
            text = json.dumps(line, ensure_ascii=False)
            data = f"{'' if whole else chr(10)}{text}\n".encode()
            try:
                if file.write(data) != len(data):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                os.fsync(file.fileno())
            except OSError:
                os.ftruncate(file.fileno(), size)
                raise

    def _keep(self, data: bytes | None) -> str:
        """Keep bytes under their digest; empty for a file that is not there."""
        if data is None:
            return ""
        digest = checksum(data)
        path = self.folder / "kept" / digest
        if not path.is_file() or path.stat().st_size != len(data):
            self._replace(path, data)
        return digest

    def _kept(self, digest: str) -> bytes:
        return (self.folder / "kept" / digest).read_bytes() if digest else b""

    def _put(self, path: Path, data: bytes | None) -> None:
        """Let a file have other bytes, or be no more. Raises OutputError."""
        if data is not None:
            self._replace(path, data)
            return
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(describe_system_error(error, path)) from error

    def _replace(self, path: Path, data: bytes) -> None:
        """Let a file have other bytes, all at once. Raises OutputError."""
        try:
            _replace_patiently(_write_part(path, data), path)
        except OSError as error:
            _part_of(path).unlink(missing_ok=True)
            raise OutputError(describe_system_error(error, path)) from error


def _refuse_others(files: Mapping[Path, Change]) -> None:
    """Raise OutsideChangeError where a file has other bytes than before its change."""
    for path, (before, _) in files.items():
        if (path.read_bytes() if path.is_file() else None) != before:
            raise OutsideChangeError


def _part_of(path: Path) -> Path:
    """The file beside another that is to take its place."""
    return path.with_name(f".{path.name}{ENDING}")


def _write_part(path: Path, data: bytes) -> Path:
    """Write bytes beside the file that is to have them; gives where. Raises OSError."""
    part = _part_of(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.is_file():
            part.chmod(path.stat().st_mode & 0o777)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    return part


PATIENCE = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0)
"""Seconds between attempts while another program, such as a sync client, has the file open."""


def _replace_patiently(part: Path, path: Path) -> None:
    for wait in PATIENCE:
        try:
            part.replace(path)
            return
        except PermissionError:
            time.sleep(wait)
    part.replace(path)


def take_back(before: bytes, after: bytes, now: bytes) -> bytes:
    """The bytes `now` without the change from `before` to `after`.

    Raises OutsideChangeError where the changed lines, with those around them, are not there once.
    """
    if now == after:
        return before
    old, new, there = (data.splitlines(keepends=True) for data in (before, after, now))
    most = min(len(old), len(new))
    head = next((n for n in range(most) if old[n] != new[n]), most)
    tail = next((n for n in range(most - head) if old[-1 - n] != new[-1 - n]), most - head)
    around = 2
    first, last = max(head - around, 0), min(len(new) - tail + around, len(new))
    wanted = new[first:last]
    places = [
        n for n in range(len(there) - len(wanted) + 1) if there[n : n + len(wanted)] == wanted
    ]
    if len(places) != 1:
        raise OutsideChangeError
    start = places[0] + head - first
    return b"".join(
        [*there[:start], *old[head : len(old) - tail], *there[start + len(new) - tail - head :]]
    )
