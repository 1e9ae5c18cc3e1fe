"""What a file is, by its first bytes and never by its name."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Literal

from formulary.problems import (
    RETURN_DAMAGED,
    RETURN_EMPTY,
    RETURN_LOCKED,
    RETURN_OTHER_FORMAT,
    RETURN_SCANNED,
    RETURN_TOO_BIG,
)
from formulary.returns.submission import CannotRead

MOST_PARTS = 20_000
"""Files in an archive; zipfile makes a list of all before any can be counted."""

_PART = b"PK\x01\x02"
"""Begins each entry of a zip's list (APPNOTE.TXT, 4.3.12)."""

Kind = Literal["Word", "PDF", "archive", "mail"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\0", b"MM\0*", b"BM", b"RIFF")
_HEIC = re.compile(rb"....ftyp(heic|heix|mif1|avif)", re.DOTALL)
_MAIL = re.compile(
    rb"\A(?:>?From |(?:Return-Path|Received|Delivered-To|X-[\w-]+|From|To|Date|Subject|Message-ID"
    rb"|MIME-Version|Content-Type|DKIM-Signature|ARC-[\w-]+|Authentication-Results): )",
    re.IGNORECASE,
)
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", "The file is a rich text document (.rtf)"),
    (b"\x78\x9f\x3e\x22", "The file is an attachment as Outlook packs it (winmail.dat)"),
    (b"Rar!", "The file is an archive of the kind .rar"),
    (b"7z\xbc\xaf\x27\x1c", "The file is an archive of the kind .7z"),
    (b"\x1f\x8b", "The file is an archive of the kind .gz"),
    (b"<!DOCTYPE html", "The file is a web page"),
    (b"<html", "The file is a web page"),
    (b"<?xml", "The file is XML: Word can save a document so, and no program sends a form so"),
)


def kind_of(data: bytes) -> Kind:
    """What a file is. Raises CannotRead for what is neither a form nor holds one."""
    if not data.strip(b"\0 \r\n\t"):
        raise CannotRead(RETURN_EMPTY, "The file is empty")
    if b"%PDF-" in data[:1024]:
        return "PDF"
    if data.startswith(_ZIP):
        return _package(data)
    if data.startswith(_OLE):
        raise _old_office(data)
    if data.startswith(_PICTURES) or _HEIC.match(data):
        raise CannotRead(RETURN_SCANNED, "The file is a picture")
    for start, what in _OTHERS:
        if data[:200].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(start.lower()):
            raise CannotRead(RETURN_OTHER_FORMAT, what)
    if _MAIL.match(data):
        return "mail"
    raise CannotRead(RETURN_OTHER_FORMAT, "The file is neither a Word document nor a PDF")


def _package(data: bytes) -> Kind:
    if data.count(_PART) > MOST_PARTS:
        raise CannotRead(RETURN_TOO_BIG, f"The file holds more than {MOST_PARTS:,} files")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
            start = package.read("mimetype")[:80] if "mimetype" in names else b""
    except RuntimeError as error:
        raise CannotRead(RETURN_LOCKED, "The file is locked with a password") from error
    except Exception as error:
        raise CannotRead(RETURN_DAMAGED, "The file is cut off or broken") from error
    if start.startswith(b"application/vnd.oasis.opendocument"):
        raise CannotRead(RETURN_OTHER_FORMAT, "The file is an OpenDocument text (.odt)")
    if "[Content_Types].xml" in names:
        if any(name.startswith("word/") for name in names):
            return "Word"
        what = "workbook" if any(name.startswith("xl/") for name in names) else "presentation"
        raise CannotRead(RETURN_OTHER_FORMAT, f"The file is an Office {what}")
    if any(name.startswith("Index/") and name.endswith(".iwa") for name in names):
        raise CannotRead(RETURN_OTHER_FORMAT, "The file is a Pages document (.pages)")
    return "archive"


def _old_office(data: bytes) -> CannotRead:
    """What a file in an OLE container ([MS-CFB]) is."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return CannotRead(RETURN_LOCKED, "The file is locked with a password")
    if "__substg1.0_".encode("utf-16-le") in data:
        what = "The file is a message as Outlook saves it (.msg): save what is attached to it"
        return CannotRead(RETURN_OTHER_FORMAT, what)
    return CannotRead(RETURN_OTHER_FORMAT, "The file is in an old format of Office (.doc)")
