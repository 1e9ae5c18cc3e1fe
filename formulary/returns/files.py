"""Find every file that was handed in, in folders, archives and mails."""

from __future__ import annotations

import datetime
import email
import email.policy
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from formulary.problems import (
    RETURN_DAMAGED,
    RETURN_LOCKED,
    RETURN_TOO_BIG,
    OutputError,
)
from formulary.returns.file_kinds import kind_of
from formulary.returns.submission import CannotRead

LARGEST = 50_000_000
"""Bytes of one file, and of one file out of an archive."""

LARGEST_ARCHIVE = 200_000_000
"""Bytes, packed, and of all that comes out of one file, archives in archives included."""

LARGEST_MAIL = 75_000_000
"""Bytes."""

DEEPEST = 3
"""An archive in a mail in an archive is opened; what lies deeper is named."""

_LEFT_BEHIND = frozenset(["thumbs.db", "desktop.ini", "__macosx", "manifest.csv", "manifest.json"])
"""What systems leave in folders, and the lists that lie beside packs."""


@dataclass(frozen=True)
class FoundFile:
    """A file that was handed in; `fault` says why it can be no form, where that is known already.

    `source` names it as HR can find it: “autumn.zip/North/form.docx”.
    """

    source: str
    received: datetime.datetime | None
    data: bytes = b""
    fault: CannotRead | None = None


@dataclass(frozen=True)
class Mail:
    """What a mail holds: when it was sent, and each attachment by its name."""

    sent: datetime.datetime | None
    attached: tuple[tuple[str, bytes], ...]


OpenMail = Callable[[bytes], Mail]


def find_files(paths: Iterable[Path], open_mail: OpenMail | None = None) -> Iterator[FoundFile]:
    """Every file under the paths, in the order of their names.

    Files that programs leave behind (hidden ones, “~$form.docx”) are passed over. `open_mail` is
    `open_attachments`, or calls it where a mail that makes it hang does no harm. Raises OutputError
    for a path that is not there.
    """
    for path in paths:
        if not path.exists():
            raise OutputError(f"There is no file or folder {path}. Check the path and the name.")
        for file in _files(path):
            name = file.relative_to(path).as_posix() if file != path else path.name
            opening = _Opening(open_mail or open_attachments)
            yield from opening.files(_from_disk(name, file), 0)


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for file in sorted(path.rglob("*")):
        parts = file.relative_to(path).parts
        if file.is_file() and not file.is_symlink() and not any(map(_is_left_behind, parts)):
            yield file


def _is_left_behind(name: str) -> bool:
    return name.startswith((".", "~$", "~lock")) or name.casefold() in _LEFT_BEHIND


def _from_disk(name: str, file: Path) -> FoundFile:
    try:
        facts = file.stat()
        when = datetime.datetime.fromtimestamp(facts.st_mtime, datetime.UTC)
        if facts.st_size > LARGEST_ARCHIVE:
            return FoundFile(name, when, fault=_too_big())
        return FoundFile(name, when, file.read_bytes())
    except OSError as error:
        fault = CannotRead(RETURN_DAMAGED, f"The file cannot be opened: {error.strerror}")
        return FoundFile(name, None, fault=fault)


def _too_big() -> CannotRead:
    return CannotRead(RETURN_TOO_BIG, f"The file is larger than {LARGEST // 1_000_000} MB")


class _Opening:
    """Opens one file, with what lies in it, within limits for all of it together."""

    def __init__(self, open_mail: OpenMail) -> None:
        self.open_mail = open_mail
        self.left = LARGEST_ARCHIVE

    def files(self, found: FoundFile, depth: int) -> Iterator[FoundFile]:
        """The file itself, or the files that it holds; for a fault, the file that has it."""
        if found.fault:
            yield found
            return
        try:
            kind = kind_of(found.data)
            if kind in ("archive", "mail") and depth >= DEEPEST:
                raise CannotRead(RETURN_TOO_BIG, "Archives lie in archives, too deep to open")
            if kind == "archive":
                for one in self.open_archive(found):
                    yield from self.files(one, depth + 1)
                return
            if len(found.data) > (LARGEST_MAIL if kind == "mail" else LARGEST):
                raise _too_big()
            if kind != "mail":
                yield found
                return
            mail = self.open_mail(found.data)
        except CannotRead as fault:
            yield FoundFile(found.source, found.received, found.data, fault)
            return
        for name, data in mail.attached:
            when = mail.sent or found.received
            yield from self.files(FoundFile(f"{found.source}/{name}", when, data), depth + 1)

    def open_archive(self, found: FoundFile) -> Iterator[FoundFile]:
        """The files of an archive.

        Raises CannotRead for one that cannot be opened, or once more has come out than may.
        """
        try:
            package = zipfile.ZipFile(io.BytesIO(found.data))
        except Exception as error:
            raise CannotRead(RETURN_DAMAGED, "The archive is cut off or broken") from error
        with package:
            for entry in package.infolist():
                if entry.is_dir() or any(map(_is_left_behind, Path(entry.filename).parts)):
                    continue
                name = f"{found.source}/{entry.filename}"
                when = _time_packed(entry) or found.received
                try:
                    with package.open(entry) as file:
                        data = file.read(LARGEST + 1)
                except RuntimeError:
                    fault = CannotRead(RETURN_LOCKED, "The archive is locked with a password")
                    yield FoundFile(name, when, fault=fault)
                    continue
                except Exception:
                    fault = CannotRead(RETURN_DAMAGED, "This part of the archive is broken")
                    yield FoundFile(name, when, fault=fault)
                    continue
                self.left -= len(data)
                if self.left < 0:
                    raise CannotRead(
                        RETURN_TOO_BIG,
                        f"More than {LARGEST_ARCHIVE // 1_000_000} MB come out of the archive; "
                        "what comes first was read",
                    )
                too_big = _too_big() if len(data) > LARGEST else None
                yield FoundFile(name, when, b"" if too_big else data, too_big)


def _time_packed(entry: zipfile.ZipInfo) -> datetime.datetime | None:
    try:
        return datetime.datetime(*entry.date_time, tzinfo=datetime.UTC)
    except ValueError:
        return None


def open_attachments(data: bytes) -> Mail:
    """The files attached to a mail, and to mails attached to it; pictures of signatures aside.

    Raises CannotRead for a mail that cannot be opened, or has nothing attached.
    """
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        attached: list[tuple[str, bytes]] = []
        for part in message.walk():
            name = part.get_filename()
            if part.is_multipart() or part.get_content_maintype() == "image":
                continue
            if not name and part.get_content_maintype() == "text":
                continue
            held = part.get_payload(decode=True)
            if isinstance(held, bytes):
                attached.append((name or f"attachment {len(attached) + 1}", held))
    except Exception as error:
        raise CannotRead(RETURN_DAMAGED, "The mail is cut off or broken") from error
    if not attached:
        raise CannotRead(RETURN_DAMAGED, "The mail has nothing attached to it")
    return Mail(_time_sent(message), tuple(attached))


def _time_sent(message: EmailMessage) -> datetime.datetime | None:
    try:
        when: datetime.datetime | None = message["Date"].datetime
    except (AttributeError, ValueError, TypeError):
        return None
    return when.replace(tzinfo=datetime.UTC) if when and when.tzinfo is None else when
