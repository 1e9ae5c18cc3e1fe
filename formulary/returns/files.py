"""Find every file that was handed in, in folders, archives and mails."""

from __future__ import annotations

import datetime
import io
import os
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from formulary.problems import (
    RETURN_DAMAGED,
    RETURN_EMPTY,
    RETURN_LINK,
    RETURN_LOCKED,
    RETURN_MANY_FAULTS,
    RETURN_NOTHING_ATTACHED,
    RETURN_OTHER_FORMAT,
    RETURN_PACKED,
    RETURN_TOO_BIG,
    OutputError,
)
from formulary.publish import checksum
from formulary.returns.file_kinds import MOST_PARTS, FileKind, kind_of
from formulary.returns.mail import AttachedFile, open_mail, open_outlook_mail
from formulary.returns.mail_text import find_mail_text, split_mailbox
from formulary.returns.submission import CannotRead

LARGEST = 50_000_000
"""Bytes of one file, and of one file out of an archive."""

LARGEST_ARCHIVE = 200_000_000
"""Bytes, packed, and of all that comes out of one file, archives in archives included."""

LARGEST_MAIL = 75_000_000
"""Bytes."""

DEEPEST = 3
"""An archive in a mail in an archive is opened; what lies deeper is named."""

MOST_NAMED = 200
"""Files of one archive that are reported by their names; of more, the archive is reported."""

_LEFT_BEHIND = frozenset(
    [
        *("thumbs.db", "desktop.ini", "__macosx", "manifest.csv", "manifest.json"),
        "table_of_contents",  # beside a mailbox that Apple Mail exports
    ]
)
"""What systems leave in folders, and the lists that lie beside packs."""

_LOCKED = 0x1
"""The bit of an entry's flags for a password (APPNOTE.TXT, 4.4.4)."""

_NO_TIME = (1980, 1, 1, 0, 0, 0)
"""What an archive has for a file whose time its program did not know."""


class Container(NamedTuple):
    """A file on the disk in which other files are: an archive, a mail or a mailbox."""

    source: str
    received: datetime.datetime | None
    sha256: str


@dataclass(frozen=True)
class FoundFile:
    """A file that was handed in; `fault` says why it can be no form, where that is known already.

    `source` names it as HR can find it: “autumn.zip/North/form.docx”. `container` is the file on
    the disk that it came out of; None for a file that lies there by itself.
    """

    source: str
    received: datetime.datetime | None
    data: bytes = b""
    fault: CannotRead | None = None
    sha256: str = checksum(b"")
    container: Container | None = None


OpenFile = Callable[[Path, str], Iterator[FoundFile]]


def find_files(paths: Iterable[Path], open_file: OpenFile | None = None) -> Iterator[FoundFile]:
    """Every file under the paths, in the order of their names.

    Files that programs leave behind (hidden ones, “~$form.docx”) are passed over. Links are
    reported and not followed, other than a path that is one itself. `open_file` is `open_file`
    below, or calls it where a file that makes it hang does no harm. Raises OutputError for a path
    that is not there.
    """
    for path in paths:
        if not path.exists():
            raise OutputError(f"There is no file or folder {path}. Check the path and the name.")
        for file, fault in _files(path):
            source = _as_text(file.relative_to(path).as_posix() if file != path else path.name)
            if fault:
                yield FoundFile(source, None, fault=fault)
            else:
                yield from (open_file or _open_file)(file, source)


def _files(path: Path) -> Iterator[tuple[Path, CannotRead | None]]:
    """Every file under a path; where it is a link, or cannot be looked into, why not."""
    if not path.is_dir():
        yield path, None
        return
    found: dict[Path, CannotRead | None] = {}

    def note(error: OSError) -> None:
        message = f"The folder cannot be opened: {error.strerror}"
        found[Path(error.filename)] = CannotRead(RETURN_DAMAGED, message)

    for folder, folders, files in os.walk(path, onerror=note):
        folders[:] = [name for name in folders if not is_left_behind(name)]
        for name in folders:
            if (file := Path(folder, name)).is_symlink():
                found[file] = CannotRead(RETURN_LINK, "It is a link to a folder")
        for name in files:
            if not is_left_behind(name):
                file = Path(folder, name)
                found[file] = _why_not_opened(file)
    yield from sorted(found.items(), key=lambda item: item[0])


def _why_not_opened(file: Path) -> CannotRead | None:
    if file.is_symlink():
        return CannotRead(RETURN_LINK, "It is a link to a file")
    if file.exists() and not file.is_file():
        return CannotRead(RETURN_OTHER_FORMAT, "It is a device or a pipe of the system, not a file")
    return None


def is_left_behind(name: str) -> bool:
    """Whether a file or folder of this name is one that programs leave behind."""
    hidden = name.startswith((".", "~$", "~lock")) and name not in (".", "..")
    return hidden or name.casefold() in _LEFT_BEHIND


def _as_text(name: str) -> str:
    """A name from the disk as text that can be kept, its bytes that are no UTF-8 as “\\xe9”."""
    try:
        return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:  # a half of a pair, which Windows admits in names
        return name.encode("utf-8", "backslashreplace").decode()


def open_file(path: Path, source: str) -> Iterator[FoundFile]:
    """A file of the disk, or the files that it holds; for a fault, the file that has it."""
    found = _from_disk(source, path)
    yield from _Opening(Container(source, found.received, found.sha256)).open(found, 0)


_open_file = open_file


def _from_disk(source: str, path: Path) -> FoundFile:
    try:
        facts = path.stat()
        when = _time_on_disk(facts.st_mtime)
        if facts.st_size > LARGEST_ARCHIVE:
            return FoundFile(source, when, fault=_too_big())
        return _with_data(FoundFile(source, when), path.read_bytes())
    except OSError as error:
        fault = CannotRead(RETURN_DAMAGED, f"The file cannot be opened: {error.strerror}")
        return FoundFile(source, None, fault=fault)


def _with_data(found: FoundFile, data: bytes) -> FoundFile:
    return replace(found, data=data, sha256=checksum(data))


def _time_on_disk(seconds: float) -> datetime.datetime | None:
    try:
        return _likely(datetime.datetime.fromtimestamp(seconds, datetime.UTC))
    except (ValueError, OverflowError, OSError):  # beyond the year 9999
        return None


def _likely(when: datetime.datetime | None) -> datetime.datetime | None:
    """A time at which a file can have come; None for what a broken clock has written."""
    return when if when and 1980 <= when.year < 2200 else None


def _too_big() -> CannotRead:
    return CannotRead(RETURN_TOO_BIG, f"The file is larger than {LARGEST // 1_000_000} MB")


def _mail_too_big() -> CannotRead:
    return CannotRead(RETURN_TOO_BIG, f"The email is larger than {LARGEST_MAIL // 1_000_000} MB")


class _TooMuchError(CannotRead):
    """Raised where more comes out of a file on the disk than may; said once, of that file."""


class _Opening:
    """Opens one file of the disk, with what lies in it, within limits for all of it together."""

    def __init__(self, container: Container) -> None:
        self.container = container
        self.bytes_left = LARGEST_ARCHIVE
        self.files_left = MOST_PARTS
        self.sources: Counter[str] = Counter()

    def open(self, found: FoundFile, depth: int) -> Iterator[FoundFile]:
        """The file itself, or the files that it holds; for a fault, the file that has it."""
        if found.fault:
            yield found
            return
        try:
            kind = kind_of(found.data)
            if kind in ("Word", "PDF"):
                if len(found.data) > LARGEST:
                    raise _too_big()
                yield found
                return
            if depth >= DEEPEST:
                message = "Archives and emails are nested too deep to open"
                raise CannotRead(RETURN_TOO_BIG, message)
            for held in self.files_in(found, kind):
                yield from self.open(held, depth + 1)
        except CannotRead as fault:
            if depth and isinstance(fault, _TooMuchError):
                raise
            yield replace(found, fault=CannotRead(fault.kind, fault.message))

    def files_in(self, found: FoundFile, kind: FileKind) -> Iterator[FoundFile]:
        """The files that a file of this kind holds. Raises CannotRead."""
        if kind == "archive":
            return self.open_archive(found)
        if kind == "mailbox":
            return self.open_mailbox(found)
        if len(found.data) > LARGEST_MAIL:
            raise _mail_too_big()
        if kind == "mail":
            return self.take_attachments(found, open_mail(find_mail_text(found.data) or b""))
        return self.take_attachments(found, open_outlook_mail(found.data))

    def take(
        self,
        holder: FoundFile,
        name: str,
        when: datetime.datetime | None,
        data: bytes = b"",
        fault: CannotRead | None = None,
    ) -> FoundFile:
        """A file out of another one. Raises CannotRead once more has come out than may."""
        self.files_left -= 1
        self.bytes_left -= len(data)
        if self.files_left < 0:
            message = f"More than {MOST_PARTS:,} files come out of it; what comes first was read"
            raise _TooMuchError(RETURN_TOO_BIG, message)
        if self.bytes_left < 0:
            raise _TooMuchError(
                RETURN_TOO_BIG,
                f"More than {LARGEST_ARCHIVE // 1_000_000} MB come out of it; "
                "what comes first was read",
            )
        source = f"{holder.source}/{_as_text(name) or '(no name)'}"
        self.sources[source] += 1
        if (number := self.sources[source]) > 1:
            source = f"{source} ({number})"
        file = FoundFile(source, _likely(when) or holder.received, container=self.container)
        return replace(file, fault=fault) if fault else _with_data(file, data)

    def open_archive(self, found: FoundFile) -> Iterator[FoundFile]:
        """The files of an archive.

        Raises CannotRead for one that cannot be opened or is empty, or once too much has come out.
        """
        try:
            package = zipfile.ZipFile(io.BytesIO(found.data))
        except Exception as error:
            raise CannotRead(RETURN_DAMAGED, "The archive is cut off or broken") from error
        is_empty = True
        with package:
            for entry in package.infolist():
                steps = re.split(r"[/\\]", entry.filename)
                if entry.filename.endswith("/") or any(map(is_left_behind, steps)):
                    continue
                is_empty = False
                try:
                    data = self.unpack(package, entry)
                except CannotRead as fault:
                    yield self.take(found, entry.filename, _time_packed(entry), fault=fault)
                else:
                    yield self.take(found, entry.filename, _time_packed(entry), data)
        if is_empty:
            raise CannotRead(RETURN_EMPTY, "The archive is empty, or holds only folders")

    def unpack(self, package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
        """The bytes of one file. Raises CannotRead."""
        if entry.flag_bits & _LOCKED:
            raise CannotRead(RETURN_LOCKED, "The archive is locked with a password")
        try:
            with package.open(entry) as file:
                data = file.read(LARGEST + 1)
        except NotImplementedError as error:  # deflate64, for one
            message = "The archive is packed with a method that cannot be opened here"
            raise CannotRead(RETURN_PACKED, message) from error
        except Exception as error:
            raise CannotRead(RETURN_DAMAGED, "This part of the archive is broken") from error
        if len(data) > LARGEST:
            raise _too_big()
        return data

    def take_attachments(
        self, found: FoundFile, files: Iterable[AttachedFile], folder: str = ""
    ) -> Iterator[FoundFile]:
        for file in files:
            yield self.take(found, f"{folder}{file.name}", file.sent, file.data, file.fault)

    def open_mailbox(self, found: FoundFile) -> Iterator[FoundFile]:
        """What is attached to each mail of a mailbox, and one fault for those without anything."""
        bare: list[str] = []
        mails = list(split_mailbox(found.data))
        for number, mail in enumerate(mails, start=1):
            name = f"mail {number}"
            folder = f"{name}/" if len(mails) > 1 else ""
            try:
                if len(mail) > LARGEST_MAIL:
                    raise _mail_too_big()
                yield from self.take_attachments(found, open_mail(mail), folder)
            except _TooMuchError:
                raise
            except CannotRead as fault:
                if fault.kind != RETURN_NOTHING_ATTACHED or len(mails) == 1:
                    yield self.take(found, name, None, fault=fault)
                else:
                    bare.append(name)
        if bare:
            shown = ", ".join(bare[:10]) + (" …" if bare[10:] else "")
            message = f"{len(bare):,} of the {len(mails):,} emails have nothing attached: {shown}"
            raise CannotRead(RETURN_NOTHING_ATTACHED, message)


def _time_packed(entry: zipfile.ZipInfo) -> datetime.datetime | None:
    if entry.date_time == _NO_TIME:
        return None
    try:
        return datetime.datetime(*entry.date_time, tzinfo=datetime.UTC)
    except ValueError:
        return None


class FaultyFiles:
    """The files out of one archive or mailbox that are no readable forms, while it is read."""

    def __init__(self, container: Container) -> None:
        self.container = container
        self.named: list[tuple[FoundFile, CannotRead]] = []
        self.counts: Counter[str] = Counter()
        self.whole: list[tuple[FoundFile, CannotRead]] = []
        """What is wrong with the archive itself, of which a part was read."""

    def add(self, found: FoundFile, fault: CannotRead, *, is_copy: bool = False) -> None:
        """Take in one file; of a copy only the number counts, since the first one has its name."""
        self.counts[fault.message] += 1
        if not is_copy and len(self.named) <= MOST_NAMED:
            self.named.append((replace(found, data=b""), fault))

    def report(self) -> Iterator[tuple[FoundFile, CannotRead]]:
        """Each file with its fault; of more than `MOST_NAMED`, the archive with all of them."""
        if self.counts.total() <= MOST_NAMED:
            yield from (*self.named, *self.whole)
            return
        source, received, sha256 = self.container
        kinds = "; ".join(f"{count:,} × {what}" for what, count in self.counts.most_common(3))
        message = f"{self.counts.total():,} files in it cannot be read ({kinds})"
        message = "; ".join((message, *(fault.message for _, fault in self.whole)))
        fault = CannotRead(RETURN_MANY_FAULTS, message)
        yield FoundFile(source, received, fault=fault, sha256=sha256), fault
