"""Puts what was made into place: all of it or nothing, one run at a time.

Files are written into a folder aside; when all are there, it and the last output are exchanged in
one step where the system can, by two renames elsewhere. A run that fails or is killed leaves the
last output whole, and the next run clears up after it.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from formulary.problems import OutputError
from formulary.system_errors import describe_system_error

LOCK = "lock"
"""The file by which a run keeps others out; the system frees it when the run ends, however."""


def checksum(data: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


@contextmanager
def system_errors_explained(path: Path, *, continues: bool = False) -> Iterator[None]:
    """Raise OutputError for an OSError: it names the file, and says what to do.

    `continues` says that the next run goes on where this one stopped.
    """
    try:
        yield
    except OSError as error:
        raise OutputError(describe_system_error(error, path, continues=continues)) from error


def fresh_folder(path: Path) -> Path:
    """Make an empty folder at `path`, and remove what was there. Raises OutputError."""
    with system_errors_explained(path):
        if path.exists():
            shutil.rmtree(path)
        path.mkdir(parents=True)
    return path


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files, by their path inside `folder`. Raises OutputError naming the file."""
    for name, data in files.items():
        target = folder / name
        with system_errors_explained(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)


def replace_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files in order, each whole or not at all, and none if one cannot be written.

    Raises OutputError naming the file.
    """
    parts = {name: (folder / name).with_name(f"{Path(name).name}.part") for name in files}
    try:
        for name, data in files.items():
            write_files(parts[name].parent, {parts[name].name: data})
        for name, part in parts.items():
            with system_errors_explained(folder / name):
                part.replace(folder / name)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def manifest(entries: Iterable[Mapping[str, str | int | list[str]]]) -> bytes:
    """The list of downloads as JSON, in order."""
    text = json.dumps(
        {"downloads": [dict(entry) for entry in entries]}, indent=2, ensure_ascii=False
    )
    return f"{text}\n".encode()


@contextmanager
def lock_folder(work: Path, waits: Callable[[], None]) -> Iterator[None]:
    """Keep other runs out of the folder `work` for as long as the block lasts.

    While another run is at work there, `waits` is told once, and this run waits. A run that was
    killed holds nobody up. Raises OutputError where the folder cannot be written.
    """
    from filelock import FileLock, Timeout  # its import is slow, and most callers need no lock

    lock = FileLock(work / LOCK)
    with system_errors_explained(work):
        work.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            waits()
            lock.acquire()
        except NotImplementedError:
            pass  # a file system without locks, such as some network shares: nothing to be had
    try:
        yield
    finally:
        lock.release()


def recover(made: Path, place: Path) -> None:
    """Clear up after a run that was killed while it swapped: what is at `place` is whole.

    Where nothing is there, what was there before comes back. Raises OutputError.
    """
    old = _old_path(made)
    try:
        if old.is_symlink() or old.exists():
            if place.exists():
                _remove(old)
            else:
                old.rename(place)
    except OSError as error:
        raise _cannot_replace(place, error) from error


def swap_into_place(made: Path, place: Path) -> None:
    """Let the folder `made` take the place of `place`. Raises OutputError; then all is as it was.

    Both lie on one file system. Where the system can exchange two folders (Linux), every reader
    finds the old or the new one at any moment, even if this run is killed. Elsewhere there are two
    renames; `recover` repairs what a kill between them leaves.
    """
    old = _old_path(made)
    try:
        if not place.exists():
            made.rename(place)
            return
        if _exchange(made, place):
            old = made
        else:
            _swap_by_renaming(made, place, old)
    except OSError as error:
        raise _cannot_replace(place, error) from error
    with suppress(OSError):  # what stays, since somebody has it open, the next run removes
        _remove(old)


def _swap_by_renaming(made: Path, place: Path, old: Path) -> None:
    if old.exists():
        _remove(old)
    place.rename(old)
    try:
        made.rename(place)
    except BaseException:
        if not place.exists():
            old.rename(place)
        raise


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step, by renameat2(2); False where there is no such call."""
    if sys.platform != "linux":
        return False
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):  # a C library before glibc 2.28
        return False
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    if call(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.EINVAL, errno.ENOSYS):  # a file system that cannot
        return False
    raise OSError(code, os.strerror(code), str(other))


def _remove(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def _old_path(made: Path) -> Path:
    return made.with_name(f"{made.name}.old")


def _cannot_replace(place: Path, error: OSError) -> OutputError:
    return OutputError(
        f"The folder {place.as_posix()} cannot be replaced: {error.strerror}. "
        "Close any program that has one of its files open, and run the command again."
    )
