"""What a file is, by its structure and never by its name.

One rule decides where a file could be two things: what it begins with counts. A zip that holds a
PDF is a zip, a PDF with a zip behind it is a PDF, a mail that quotes a PDF is a mail. Only in what
begins like nothing known is a PDF looked for behind other bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Literal

from olefile import OleFileIO

from formulary.problems import (
    RETURN_DAMAGED,
    RETURN_DATA_ONLY,
    RETURN_EMPTY,
    RETURN_ENCRYPTED_MAIL,
    RETURN_LINK,
    RETURN_LOCKED,
    RETURN_OTHER_FORMAT,
    RETURN_PACKED,
    RETURN_SCANNED,
    RETURN_TOO_BIG,
    RETURN_WINMAIL,
    Kind,
)
from formulary.returns.mail_text import find_mail_text, is_mailbox
from formulary.returns.submission import CannotRead

MOST_PARTS = 20_000
"""Files in an archive; zipfile makes a list of all before any can be counted."""

_PART = b"PK\x01\x02"
"""Begins each entry of a zip's list (APPNOTE.TXT, 4.3.12)."""

_END_OF_LIST = b"PK\x05\x06"
"""Follows the list, with its size in bytes at 12 (APPNOTE.TXT, 4.3.16)."""

FileKind = Literal["Word", "PDF", "archive", "mail", "mailbox", "Outlook mail"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PDF = b"%PDF-"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK00PK\x03\x04")
_DOCUMENTS = (_PDF, *_ZIP, _OLE)
_PDF_WITHIN = 1024
"""Bytes. Readers of PDF look so far for its first line (ISO 32000-1, annex H, note 13)."""

_PICTURE = re.compile(
    rb"\xff\xd8\xff|\x89PNG|GIF8[79]a|II\*\0|MM\0\*|BM....\0\0\0\0|RIFF....WEBP|\0\0\0\x0cjP  "
    rb"|....ftyp(?:heic|heix|heim|hevc|mif1|msf1|avif|avis)|\xff\x0a|\0\0\0\x0cJXL "
    rb"|\xd7\xcd\xc6\x9a|\x01\0\0\0.{36} EMF"
    rb"|(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?(?:<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]",
    re.DOTALL | re.IGNORECASE,
)
_OTHERS: tuple[tuple[bytes, Kind, str], ...] = (
    (rb"\{\\rtf", RETURN_OTHER_FORMAT, "The file is a rich text document (.rtf)"),
    (rb"\x78\x9f\x3e\x22", RETURN_WINMAIL, "The attachment is packed as winmail.dat"),
    (rb"Rar!", RETURN_PACKED, "The file is an archive of the kind .rar"),
    (rb"7z\xbc\xaf\x27\x1c", RETURN_PACKED, "The file is an archive of the kind .7z"),
    (rb"\x1f\x8b", RETURN_PACKED, "The file is an archive of the kind .gz"),
    (rb"BZh[1-9]", RETURN_PACKED, "The file is an archive of the kind .bz2"),
    (rb"\xfd7zXZ\0", RETURN_PACKED, "The file is an archive of the kind .xz"),
    (rb"\x28\xb5\x2f\xfd", RETURN_PACKED, "The file is an archive of the kind .zst"),
    (rb"MSCF\0\0\0\0", RETURN_PACKED, "The file is an archive of the kind .cab"),
    (rb"..-lh[0-9d]-", RETURN_PACKED, "The file is an archive of the kind .lzh"),
    (rb".{257}ustar", RETURN_PACKED, "The file is an archive of the kind .tar"),
    (rb"!BDN", RETURN_PACKED, "The file is a mailbox of Outlook (.pst)"),
    (rb"-----BEGIN PGP MESSAGE", RETURN_ENCRYPTED_MAIL, "The file is encrypted with PGP"),
    (rb"(?:\x85\x01\x0c|\x84.|\x85\x02.)\x03", RETURN_ENCRYPTED_MAIL, "The file is encrypted"),
    (
        rb"0.{1,9}\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07[\x02\x03\x06]",
        RETURN_ENCRYPTED_MAIL,
        "The file is an encrypted or signed mail (.p7m)",
    ),
    (rb"\x76\xe8\x04\x60\xc4\x11\xe3\x86", RETURN_ENCRYPTED_MAIL, "The file is encrypted (.rpmsg)"),
    (rb"%FDF-", RETURN_DATA_ONLY, "The file holds answers without their form (.fdf)"),
    (
        rb"(?:<\?xml[^>]*>\s*)?<xfdf[\s>]",
        RETURN_DATA_ONLY,
        "The file holds answers without their form (.xfdf)",
    ),
    (
        rb"(?:<\?xml[^>]*>\s*)?(?:<\?xfa[^>]*>\s*)?<(?:xdp:xdp|xfa:data\w*)[\s>]",
        RETURN_DATA_ONLY,
        "The file holds answers without their form (.xdp)",
    ),
    (rb"\[InternetShortcut\]", RETURN_LINK, "The file is a link to a web page (.url)"),
    (rb"\[Desktop Entry\]", RETURN_LINK, "The file is a link (.desktop)"),
    (rb"L\0\0\0\x01\x14\x02\0", RETURN_LINK, "The file is a shortcut of Windows (.lnk)"),
    (rb"book\0\0\0\0mark", RETURN_LINK, "The file is an alias of a Mac"),
    (
        rb"\{[^{}]{0,500}(?:docs\.google\.com|\"doc_id\"|\"resource_id\")",
        RETURN_LINK,
        "The file is a link to a document in Google Drive (.gdoc)",
    ),
    (
        rb"(?:<\?xml.{0,500}<plist|bplist00).{0,200}?URL",
        RETURN_LINK,
        "The file is a link to a web page (.webloc)",
    ),
    (rb"(?:<!--.*?-->\s*)?<(?:!doctype )?html", RETURN_OTHER_FORMAT, "The file is a web page"),
    (
        rb"<\?xml",
        RETURN_OTHER_FORMAT,
        "The file is XML: Word can save a document so, and no program sends a form so",
    ),
)
_STARTS = tuple(
    (re.compile(start, re.DOTALL | re.IGNORECASE), kind, what) for start, kind, what in _OTHERS
)
_OLD_OFFICE = {
    "WordDocument": "The file is in an old format of Word (.doc)",
    "Workbook": "The file is in an old format of Excel (.xls)",
    "Book": "The file is in an old format of Excel (.xls)",
    "PowerPoint Document": "The file is in an old format of PowerPoint (.ppt)",
}
_OTHER_PACKAGES = {
    "xl": "an Office workbook",
    "ppt": "an Office presentation",
    "visio": "an Office drawing",
    "Documents": "an XPS document (.xps)",
}
_OPEN_DOCUMENT = {b"text": "text (.odt)", b"spreadsheet": "spreadsheet (.ods)"}


def kind_of(data: bytes) -> FileKind:
    """What a file is. Raises CannotRead for what is neither a form nor holds one."""
    if not data.strip(b"\0 \r\n\t"):
        raise CannotRead(RETURN_EMPTY, "The file is empty")
    if data.startswith(_PDF):
        return "PDF"
    if data.startswith(_ZIP):
        return _package(data)
    if data.startswith(_OLE):
        return _compound_file(data)
    if is_picture(data):
        raise CannotRead(RETURN_SCANNED, "The file is a picture")
    start = data[:2000].lstrip(b"\xef\xbb\xbf \r\n\t")
    for pattern, kind, what in _STARTS:
        if pattern.match(start):
            raise CannotRead(kind, what)
    if is_mailbox(data):
        return "mailbox"
    if find_mail_text(data) is not None:
        return "mail"
    if _PDF in data[:_PDF_WITHIN]:
        return "PDF"
    raise CannotRead(RETURN_OTHER_FORMAT, "The file is neither a Word document nor a PDF")


def is_picture(data: bytes) -> bool:
    """Whether it is a photograph, a scan or a drawing, and no document."""
    return bool(_PICTURE.match(data[:2000].lstrip(b"\xef\xbb\xbf \r\n\t")) or _PICTURE.match(data))


def is_document(data: bytes) -> bool:
    """Whether it begins as documents and archives do, so that no text and no picture does."""
    return data.startswith(_DOCUMENTS)


def _package(data: bytes) -> FileKind:
    if data.count(_PART, _list_begins(data)) > MOST_PARTS:
        raise CannotRead(RETURN_TOO_BIG, f"The file holds more than {MOST_PARTS:,} files")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
            start = _first_bytes(package, "mimetype") if "mimetype" in names else b""
    except Exception as error:
        raise CannotRead(RETURN_DAMAGED, "The file is cut off or broken") from error
    if start.startswith(b"application/vnd.oasis.opendocument."):
        subtype = start.split(b".")[-1].split(b"-")[0].strip()
        message = f"The file is an OpenDocument {_OPEN_DOCUMENT.get(subtype, 'file')}"
        raise CannotRead(RETURN_OTHER_FORMAT, message)
    if "[Content_Types].xml" in names:
        folders = {name.split("/")[0] for name in names if "/" in name}
        if "word" in folders:
            return "Word"
        for folder, what in _OTHER_PACKAGES.items():
            if folder in folders:
                raise CannotRead(RETURN_OTHER_FORMAT, f"The file is {what}")
    if any(re.fullmatch(r"Index/.*\.iwa|Index\.zip", name) for name in names):
        raise CannotRead(RETURN_OTHER_FORMAT, "The file is a Pages document (.pages)")
    return "archive"


def _list_begins(data: bytes) -> int:
    """Where the list of an archive's files begins; what is packed in them has lists of its own."""
    end = data.rfind(_END_OF_LIST)
    size = data[end + 12 : end + 16] if end >= 0 else b""
    return max(0, end - int.from_bytes(size, "little"))


def _first_bytes(package: zipfile.ZipFile, name: str) -> bytes:
    try:
        with package.open(name) as file:
            return file.read(80)
    except Exception:  # locked, or packed unusually: what is opened later says so
        return b""


def _compound_file(data: bytes) -> FileKind:
    """What a file in an OLE container ([MS-CFB]) is."""
    try:
        with OleFileIO(data) as file:
            names = {str(path[0]) for path in file.listdir()}
    except Exception:  # broken: its names may be found all the same
        known = ("EncryptedPackage", "__properties_version1.0", "__substg1.0_", *_OLD_OFFICE)
        names = {name for name in known if name.encode("utf-16-le") in data}
    if "EncryptedPackage" in names:
        raise CannotRead(RETURN_LOCKED, "The file is locked with a password")
    if names & {"__properties_version1.0", "__substg1.0_"}:
        return "Outlook mail"
    old = next((name for name in _OLD_OFFICE if name in names), "")
    what = _OLD_OFFICE.get(old, "The file is in an old format of Office")
    raise CannotRead(RETURN_OTHER_FORMAT, what)
