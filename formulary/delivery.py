"""Write files about people into a folder that HR names: owner only, nothing of theirs overwritten.

Every file that is about to be written is first named in a journal beside the files, with its
checksum, so that a run that was killed can tell its own files from those that somebody has changed
since.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import IO, Any, Literal, NamedTuple

from filelock import FileLock, Timeout
from pathvalidate import FileNameSanitizer

from formulary.cells import write_rows
from formulary.problems import OutputError, UsageError
from formulary.publish import checksum, system_errors_explained

Result = Literal["new", "changed", "same", "kept", "gone"]
"""new: was not there; changed: ours, and now different; same: as it was; kept: somebody has changed
the file since, so it stays; gone: an earlier run made it, and no longer would."""

_system_errors_explained = partial(system_errors_explained, continues=True)

WORK = ".formulary"
"""The folder inside the output folder that holds the journal and unfinished files."""

MANIFEST = "manifest.json"
LIST = "manifest.csv"
_FIRST, _NEXT, _LAST = '{"files": [\n', ",\n", "]}\n"

LONGEST_NAME = 60
"""Bytes. Two such folders, the name of a file and 60 characters for the folder that HR named stay
below the 260 that a path may have in Windows."""

LONGEST_IN_FILE = 40
"""Bytes of a person's name beside their id in the name of a file."""

LONGEST_ID = LONGEST_NAME // 2


@dataclass(frozen=True, slots=True)
class PackFile:
    """One file of a pack; `file` is its path from the output folder, `sha256` in hexadecimal.

    `sha256` is what the last run wrote there, also where the file has since been changed. It is
    empty where no run wrote the file.
    """

    organisation: str
    edition: str
    person: str
    name: str
    form: str
    format: str
    file: str
    sha256: str
    result: Result
    title: str = ""
    """The form's title, for people."""
    due: str = ""
    """The day by which it is to be back, as 2027-10-31; empty where none is known."""
    email: str = ""
    site: str = ""
    reviewer: str = ""
    """The reviewer's id; empty for one who is not on the staff list."""
    reviewer_name: str = ""
    reviewer_email: str = ""


_NAMES = [field.name for field in fields(PackFile)]


class ManifestLine(NamedTuple):
    """An entry of a manifest, and the line that each of the two manifests has for it."""

    file: str
    result: Result
    data: str
    row: str


def manifest_line(entry: PackFile) -> ManifestLine:
    """An entry as the manifests write it: as JSON, and as a row of CSV that runs no formula."""
    values = [getattr(entry, name) for name in _NAMES]
    data = json.dumps(dict(zip(_NAMES, values, strict=True)), ensure_ascii=False)
    return ManifestLine(entry.file, entry.result, data, _row(values))


def _row(values: Sequence[str]) -> str:
    text = io.StringIO()
    write_rows(text, [values])
    return text.getvalue()


Writer = Callable[[IO[bytes]], object]
"""Writes a file's bytes into an open file."""


def writer_of(data: bytes) -> Writer:
    """What writes bytes that are there already."""
    return lambda out: out.write(data)


def _checksum_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def refuse_inside(root: Path, folder: Path, what: str) -> None:
    """Raise UsageError where `folder` lies in the project or under version control.

    People's data must never come near what is published or committed.
    """
    found = folder.resolve()
    for place in (found, *found.parents):
        if place == root.resolve() or (place / ".git").exists():
            raise UsageError(
                f"{what} {folder} lies inside {place}, which is published or under version "
                "control. Name a folder elsewhere, that only HR can open."
            )


@lru_cache(maxsize=1024)
def safe_name(text: str, id: str = "", longest: int = LONGEST_NAME) -> str:
    """A text as the name of a file or folder, on Windows, macOS and Linux alike.

    What a name cannot hold becomes “_”. An `id` follows in brackets, as `safe_id` gives it. The
    whole has at most `longest` bytes.
    """
    ending = f" ({safe_id(id)})" if id else ""
    name = _sanitise(text, longest - len(ending.encode())).strip(". ")
    return f"{name or '_'}{ending}"


@lru_cache(maxsize=1024)
def safe_id(id: str) -> str:
    """An id as a part of a name; ids that differ in more than capitals stay different.

    Where a name cannot hold the id as it is, the first digits of its checksum follow it.
    """
    safe = _sanitise(id, LONGEST_ID)
    if safe == id:
        return safe
    mark = checksum(id.encode("utf-8", "surrogatepass"))[:8]
    return f"{_sanitise(id, LONGEST_ID - len(mark) - 1)}~{mark}"


def _sanitise(text: str, longest: int) -> str:
    named = unicodedata.normalize("NFC", text)
    return str(_sanitiser(longest).sanitize(named, replacement_text="_"))


@lru_cache(maxsize=LONGEST_NAME)
def _sanitiser(longest: int) -> FileNameSanitizer:
    return FileNameSanitizer(max_len=longest, platform="universal")


class OutputFolder:
    """The folder that packs are put into."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.work = path / WORK
        self._lock: FileLock | None = None
        self._real_folders = {""}
        """Folders below this one that are known to be no links."""

    def open(self) -> None:
        """Make the folder, for its owner only, and clear what a killed run left unfinished.

        Raises OutputError while another run is at work in it. A run that was killed holds nobody
        up: the system frees its lock.
        """
        with _system_errors_explained(self.path):
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._place_of(WORK)
            self.work.mkdir(mode=0o700, exist_ok=True)
            for held in self.work.iterdir():
                self._place_of(f"{WORK}/{held.name}")
            lock = FileLock(self.work / "lock", timeout=0, mode=0o600)
            try:
                lock.acquire()
            except Timeout:
                raise OutputError(
                    f"Another run is at work in {self.path}. Wait until it is done."
                ) from None
            self._lock = lock
            for left in self.work.glob("*.part"):
                shutil.rmtree(left) if left.is_dir() else left.unlink()

    def release(self) -> None:
        """Let another run have the folder."""
        if self._lock:
            self._lock.release()
            self._lock = None

    def __enter__(self) -> OutputFolder:
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder for unfinished files, which is gone afterwards, however a run ends."""
        path = self.work / f"{os.getpid()}-scratch.part"
        with _system_errors_explained(path):
            path.mkdir(mode=0o700)
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)

    def __getstate__(self) -> dict[str, Any]:
        """What a worker process needs of the folder: all but the lock, which stays where it is."""
        return {**self.__dict__, "_lock": None}

    def known_checksums(self) -> dict[str, list[str]]:
        """The checksums that earlier runs wrote or were about to write, by file.

        Raises OutputError where the manifest cannot be read: without it, a file that somebody has
        changed could not be told from ours.
        """
        found: dict[str, list[str]] = {}
        for entry in self.read_manifest():
            found.setdefault(entry.file, []).append(entry.sha256)
        for file, sums in self.read_journals().items():
            found.setdefault(file, []).extend(sums)
        return found

    def read_journals(self) -> dict[str, list[str]]:
        """The checksums that runs wrote or were about to write since a journal was last ended."""
        found: dict[str, list[str]] = {}
        for journal in sorted(self.work.glob("journal-*.txt")):
            with _system_errors_explained(journal):
                # A line may be half there: another process writes it, or was killed.
                for line in journal.read_text(encoding="utf-8", errors="replace").splitlines():
                    sha256, _, file = line.partition(" ")
                    if file:
                        found.setdefault(file, []).append(sha256)
        return found

    def end_journal(self) -> None:
        """Forget what was about to be written: what was written is known elsewhere by now."""
        for journal in self.work.glob("journal-*.txt"):
            with _system_errors_explained(journal):
                journal.unlink()

    def read_manifest(self) -> Iterator[PackFile]:
        """What the manifest of the run before lists, read line by line as `close` writes it."""
        path = self._place_of(MANIFEST)
        if not self.has_manifest():
            return
        with _system_errors_explained(path), path.open(encoding="utf-8") as lines:
            try:
                if next(lines) != _FIRST:
                    raise ValueError(_FIRST)
                for line in lines:
                    if line == _LAST:
                        return
                    if line.strip():
                        yield PackFile(**json.loads(line.rstrip(_NEXT)))
                raise ValueError(_LAST)
            except (ValueError, TypeError, StopIteration) as error:
                raise OutputError(
                    f"{path} is not as it was written. Put the last good one back, "
                    "or name another folder."
                ) from error

    def has_manifest(self) -> bool:
        return (self.path / MANIFEST).exists()

    @cached_property
    def _known_checksums(self) -> dict[str, list[str]]:
        return self.known_checksums()

    def write_files(
        self,
        files: Sequence[tuple[str, bytes]],
        ours: Mapping[str, Sequence[str]] | None,
        force: bool,
    ) -> list[tuple[Result, str]]:
        """Write files by their path inside the folder, each whole or not at all.

        `ours` holds checksums as `known_checksums` gives them. Where it is None, they are read
        when they are first asked for, which a run into an empty folder never does. Gives for each
        file what was done, and the checksum now known for it. Raises OutputError naming the file.
        """
        done = [self._judge(file, checksum(data), ours, force) for file, data in files]
        wanted = [
            (file, data, sha256)
            for (file, data), (result, sha256) in zip(files, done, strict=True)
            if result in ("new", "changed")
        ]
        if wanted:
            self._journal(f"{sha256} {file}\n" for file, _, sha256 in wanted)
        for file, data, _ in wanted:
            self._write(file, data)
        return done

    def write_each(
        self, files: Iterable[tuple[str, Writer]], ours: Mapping[str, Sequence[str]], force: bool
    ) -> Iterator[tuple[str, Result, str]]:
        """Write files one by one, as `write_files` does, without holding any in memory.

        Each is made beside the others first; one that is as it was is not touched. Gives with what
        was done the name, and the checksum now known for it.
        """
        part = self.work / f"{os.getpid()}.part"
        for file, write in files:
            with _system_errors_explained(self.path / file):
                with _open_private(part, os.O_TRUNC) as out:
                    write(out)
                result, sha256 = self._judge(file, _checksum_of(part), ours, force)
                if result in ("new", "changed"):
                    self._journal([f"{sha256} {file}\n"])
                    self._replace(part, file)
                else:
                    part.unlink()
            yield file, result, sha256

    def _judge(
        self, file: str, new: str, ours: Mapping[str, Sequence[str]] | None, force: bool
    ) -> tuple[Result, str]:
        """What is to be done with a file, and the checksum that is then known for it."""
        old = self.checksum(file)
        if old == new:
            return "same", new
        if old is None or force:
            return "new" if old is None else "changed", new
        known = (self._known_checksums if ours is None else ours).get(file, ())
        return ("changed", new) if old in known else ("kept", ["", *known][-1])

    def remove(
        self, files: Iterable[str], ours: Mapping[str, Sequence[str]], force: bool
    ) -> dict[str, Result]:
        """Delete files that a run made and no longer would: gone, or kept if somebody changed it.

        `ours` is as in `write_files`. What is not there any more is not named.
        """
        found: dict[str, Result] = {}
        for file in files:
            there = self.checksum(file)
            if there is None:
                continue
            if there in ours.get(file, ()) or force:
                with _system_errors_explained(self.path / file):
                    self._place_of(file).unlink()
                found[file] = "gone"
            else:
                found[file] = "kept"
        return found

    def _place_of(self, file: str) -> Path:
        """Where a file of the folder is.

        Raises OutputError where a link is in its place, or on the way there: the folder that HR
        named is the only one that is written to.
        """
        folder = file.rpartition("/")[0]
        if folder not in self._real_folders:
            self._place_of(folder)
            self._real_folders.add(folder)
        path = self.path / file
        if _is_link(path):
            raise OutputError(
                f"{path} is a link, and what it leads to is not touched. Delete the link, or "
                "name another folder."
            )
        return path

    def checksum(self, file: str) -> str | None:
        """The checksum of a file of the folder; None where there is none. Raises OutputError."""
        with _system_errors_explained(self.path / file):
            try:
                return _checksum_of(self._place_of(file))
            except FileNotFoundError:
                return None

    def _journal(self, lines: Iterable[str]) -> None:
        path = self.work / f"journal-{os.getpid()}.txt"
        with _system_errors_explained(path), _open_private(path, os.O_APPEND) as journal:
            journal.write("".join(lines).encode())

    def _write(self, file: str, data: bytes) -> None:
        target, part = self.path / file, self.work / f"{os.getpid()}.part"
        with _system_errors_explained(target):
            with _open_private(part, os.O_TRUNC) as out:
                out.write(data)
            self._replace(part, file)

    def _replace(self, part: Path, file: str) -> None:
        target = self.path / file
        try:
            part.replace(target)
        except FileNotFoundError:
            self._make(target.parent)
            part.replace(target)

    def _make(self, folder: Path) -> None:
        """Make a folder below this one and those between, each for its owner only."""
        if folder != self.path and not folder.is_dir():
            self._make(folder.parent)
            folder.mkdir(mode=0o700, exist_ok=True)

    def close(self, entries: Iterable[ManifestLine]) -> None:
        """Write the manifest as CSV and JSON, and end the journal. Entries are taken one by one."""
        parts = [self.work / f"{name}.part" for name in (MANIFEST, LIST)]
        with _system_errors_explained(self.path / MANIFEST):
            with (
                _open_private(parts[0], os.O_TRUNC) as data,
                _open_private(parts[1], os.O_TRUNC) as table,
            ):
                table.write(f"\ufeff{_row(_NAMES)}".encode())  # the mark tells Excel of UTF-8
                data.write(_FIRST.encode())
                for place, entry in enumerate(entries):
                    data.write(f"{_NEXT if place else ''}{entry.data}".encode())
                    table.write(entry.row.encode())
                data.write(f"\n{_LAST}".encode())
            for part, name in zip(parts, (MANIFEST, LIST), strict=True):
                part.replace(self._place_of(name))
        self.end_journal()


class RunOutputs:
    """The files that the runs of one command make in an open folder.

    The file `memory` in the work folder has the checksums of what the last run wrote, by file. A
    file that somebody has changed since stays as it is.
    """

    def __init__(self, folder: OutputFolder, memory: str) -> None:
        self.folder, self.memory = folder, f"{WORK}/{memory}"

    def write(self, files: Iterable[tuple[str, Writer]], force: bool) -> dict[str, Result]:
        """Write the files one at a time, and remove what the run before made and this one did not.

        Gives what was done with each file, and with each of those of the run before.
        """
        before = self._known_checksums()
        done: dict[str, Result] = {}
        known: dict[str, str] = {}
        for name, result, sha256 in self.folder.write_each(files, before, force):
            done[name] = result
            if sha256:
                known[name] = sha256
        gone = self.folder.remove([name for name in before if name not in done], before, force)
        known |= {name: before[name][-1] for name, result in gone.items() if result == "kept"}
        data = json.dumps(known, indent=1).encode()
        self.folder.write_files([(self.memory, data)], {}, True)
        self.folder.end_journal()
        return {**done, **gone}

    def find_unchanged(self) -> dict[str, Result] | None:
        """Every file of the last run as “same”; None where one is not as it was written."""
        known = self._known_checksums()
        same = all([self.folder.checksum(name)] == sums for name, sums in known.items())
        return dict.fromkeys(known, "same") if same else None

    def _known_checksums(self) -> dict[str, list[str]]:
        """The checksums that earlier runs wrote, by file, those of a killed run included."""
        try:
            data = json.loads((self.folder.path / self.memory).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            data = {}
        known = {str(name): [str(sha256)] for name, sha256 in data.items()}
        for name, sums in self.folder.read_journals().items():
            if not name.startswith(f"{WORK}/"):
                known[name] = [*sums, *known.get(name, ())]
        return known


class JsonLines:
    """Entries that are kept for good in a folder, a line of JSON each; none is ever changed."""

    def __init__(self, folder: OutputFolder, name: str) -> None:
        self.path = folder.work / name

    def entries(self) -> Iterator[dict[str, Any]]:
        """Every entry in the order in which it came; a line that a killed run left half is gone.

        Raises OutputError where a whole line is not as it was written.
        """
        with _system_errors_explained(self.path):
            if not self.path.exists():
                return
            self._cut_partial_line()
            with self.path.open(encoding="utf-8") as lines:
                for number, line in enumerate(lines, start=1):
                    try:
                        yield json.loads(line)
                    except ValueError as error:
                        raise OutputError(
                            f"{self.path} is not as it was written, in line {number}. "
                            "Put the last good one back from your backup."
                        ) from error

    def _cut_partial_line(self) -> None:
        with self.path.open("rb+") as file:
            data = file.read()
            whole = data.rfind(b"\n") + 1
            if whole < len(data):
                file.truncate(whole)

    def add(self, entries: Iterable[Mapping[str, Any]]) -> None:
        """Add entries, and do not come back before the disk has them."""
        lines = "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries)
        with _system_errors_explained(self.path), _open_private(self.path, os.O_APPEND) as file:
            file.write(lines.encode("utf-8", "surrogatepass"))
            file.flush()
            os.fsync(file.fileno())


def _is_link(path: Path) -> bool:
    is_junction = getattr(os.path, "isjunction", None)  # Windows, from Python 3.12
    return path.is_symlink() or bool(is_junction and is_junction(path))


def _open_private(path: Path, how: int) -> IO[bytes]:
    """A file that only its owner may read or write, opened for writing."""
    flags = os.O_WRONLY | os.O_CREAT | how | getattr(os, "O_BINARY", 0)
    flags |= getattr(os, "O_NOFOLLOW", 0)
    return os.fdopen(os.open(path, flags, 0o600), "wb")


def write_private(path: Path, data: bytes, force: bool) -> None:
    """Write one file about a person, for its owner only, whole or not at all.

    Raises OutputError, also where something is there already and `force` was not asked for.
    """
    if path.exists() and not force:
        raise OutputError(f"{path} already exists. Name another file, or add --force.")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with _system_errors_explained(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with _open_private(part, os.O_TRUNC) as out:
                out.write(data)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
