"""The files attached to a mail, as mail programs save it: MIME (.eml) and Outlook's own (.msg)."""

from __future__ import annotations

import base64
import datetime
import email
import quopri
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.errors import CloseBoundaryNotFoundDefect, StartBoundaryNotFoundDefect
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TypeVar

from olefile import OleFileIO
from oxmsg.attachment import Attachment as OutlookAttachment
from oxmsg.domain import constants as outlook
from oxmsg.properties import Properties
from oxmsg.storage import Storage

from formulary.problems import (
    RETURN_DAMAGED,
    RETURN_LINK,
    RETURN_NOTHING_ATTACHED,
    RETURN_OTHER_FORMAT,
    RETURN_TOO_BIG,
)
from formulary.returns.file_kinds import is_document, is_picture
from formulary.returns.submission import CannotRead, quote

LARGEST_LOGO = 100_000
"""Bytes. A larger picture in a mail is reported, wherever it is shown."""

_LONGEST_NAME = 60
"""How many letters of a subject serve as a mail's name."""

_OF_THE_MAIL = frozenset(
    [
        "application/applefile",
        "application/pgp-encrypted",
        "application/pgp-keys",
        "application/pgp-signature",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
    ]
)
"""Types of what programs add to a mail, and nobody attaches."""

_LEFT_BY_EXCHANGE = re.compile(r"ATT\d+\.(txt|html?)", re.IGNORECASE)
"""Words of the mail that come behind an attachment, as Exchange names them."""

_SHOWN = re.compile(rb"cid:([^\"'\s<>)]+)", re.IGNORECASE)
"""A picture that the words of a mail show, by its Content-ID (RFC 2392)."""

_EMBEDDED = "__substg1.0_3701000D"
_HEADER_OF_EMBEDDED = 24
"""Bytes before the properties of a mail inside another ([MS-OXMSG], 2.4.1.2)."""

_BY_REFERENCE = (2, 3, 4, 7)
"""Values of PidTagAttachMethod for a path or an address instead of the file ([MS-OXCMSG])."""

_BROKEN = "The email is cut off or broken"
_TOO_DEEP = "The email holds emails, or parts, nested too deep to open"

Value = TypeVar("Value")


@dataclass(frozen=True)
class AttachedFile:
    """A file attached to a mail, or to a mail in it; `sent` is when that mail was sent."""

    name: str
    sent: datetime.datetime | None
    data: bytes = b""
    fault: CannotRead | None = None


def open_mail(data: bytes) -> tuple[AttachedFile, ...]:
    """What is attached to a mail (RFC 5322), and to mails inside it; logos of signatures aside.

    Raises CannotRead for a mail that cannot be opened, or has nothing attached.
    """
    try:
        message = email.message_from_bytes(data)
        if _text(message, "From").startswith("<Saved by") or message["Snapshot-Content-Location"]:
            raise CannotRead(RETURN_OTHER_FORMAT, "The file is a web page in one file (.mht)")
        attached = (*_find_attachments(message, ""), *_behind(message))
        if not attached and any(map(_lacks_a_boundary, message.walk())):
            raise CannotRead(RETURN_DAMAGED, _BROKEN)
    except CannotRead:
        raise
    except RecursionError as error:
        raise CannotRead(RETURN_TOO_BIG, _TOO_DEEP) from error
    except Exception as error:
        raise CannotRead(RETURN_DAMAGED, _BROKEN) from error
    return attached or _refuse_bare(_subject(message))


def open_outlook_mail(data: bytes) -> tuple[AttachedFile, ...]:
    """As `open_mail`, of a mail that Outlook saved ([MS-OXMSG]). Raises CannotRead."""
    try:
        with OleFileIO(data) as file:
            storage = Storage.from_ole(file)
        attached = tuple(_attached_in_outlook(storage, "", outlook_header=32))
        subject = Properties(storage, 32).str_prop_value(outlook.PID_SUBJECT) or ""
    except RecursionError as error:
        raise CannotRead(RETURN_TOO_BIG, _TOO_DEEP) from error
    except Exception as error:
        raise CannotRead(RETURN_DAMAGED, _BROKEN) from error
    return attached or _refuse_bare(subject)


def _refuse_bare(subject: str) -> tuple[AttachedFile, ...]:
    about = f" “{quote(subject)}”" if subject.strip() else ""
    raise CannotRead(RETURN_NOTHING_ATTACHED, f"The email{about} has nothing attached to it")


# MIME


def _find_attachments(message: Message, folder: str) -> Iterator[AttachedFile]:
    """What is attached to one mail, and to the mails in it; `folder` begins their names."""
    sent = _time_sent(message)
    shown: set[str] = set()
    parts = list(_parts(message))
    for part in parts:
        if part.get_content_type() == "text/html":
            shown |= {word.decode("ascii", "replace") for word in _SHOWN.findall(_bytes_of(part))}
    for number, part in enumerate(parts, start=1):
        name = _name_of(part)
        if part.get_content_type() in ("message/rfc822", "message/global"):
            inner = _embedded_mail(part)
            title = name or _as_name(_subject(inner)) or f"mail {number}"
            yield from _find_attachments(inner, f"{folder}{title}/")
            continue
        data = _bytes_of(part)
        if is_document(data) or not _is_of_the_mail(part, name, data, shown):
            called = name or f"attachment {number}"
            yield AttachedFile(f"{folder}{called}", sent, data, _missing(part, called, data))


def _parts(message: Message) -> Iterator[Message]:
    """The parts of a mail itself that hold something; a mail in it is one part."""
    kind = message.get_content_type()
    if kind in ("message/rfc822", "message/global") or not message.is_multipart():
        yield message
    elif not kind.startswith("message/"):  # such as message/delivery-status
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from _parts(part)


def _lacks_a_boundary(part: Message) -> bool:
    """Whether the parts of a part do not begin, or do not end, as its header says (RFC 2046)."""
    return any(
        isinstance(defect, StartBoundaryNotFoundDefect | CloseBoundaryNotFoundDefect)
        for defect in part.defects
    )


def _is_of_the_mail(part: Message, name: str, data: bytes, shown: set[str]) -> bool:
    """Whether a part is the mail's own: its words, a signature, a logo."""
    kind, disposition = part.get_content_type(), part.get_content_disposition()
    if kind in _OF_THE_MAIL or not (data or name):
        return True
    if part.get_content_maintype() == "image" or is_picture(data):
        id = _text(part, "Content-ID").strip(" <>")
        in_the_text = bool(id) and (disposition != "attachment" or id in shown)
        unnamed = not name and disposition != "attachment"
        return len(data) <= LARGEST_LOGO and (in_the_text or unnamed)
    if part.get_content_maintype() != "text" or kind == "text/x-moz-deleted":
        return False
    return bool(_LEFT_BY_EXCHANGE.fullmatch(name)) or not (name or disposition == "attachment")


def _missing(part: Message, name: str, data: bytes) -> CannotRead | None:
    """Why a part holds no file, though it is in the place of one."""
    if part.get_content_type() == "text/x-moz-deleted":
        message = f"“{quote(name)}” was deleted from the email"
    elif part["X-Apple-Content-Length"] and not data:
        message = f"“{quote(name)}” was not saved with the email (.partial.emlx)"
    elif part.get_content_maintype() == "multipart":
        return CannotRead(RETURN_DAMAGED, "The parts of the email cannot be separated")
    else:
        return None
    return CannotRead(RETURN_NOTHING_ATTACHED, message)


def _behind(message: Message) -> Iterator[AttachedFile]:
    """What follows the end of a mail: another mail, where somebody has joined the files."""
    if len((message.epilogue or "").strip()) > _LONGEST_NAME * 100:
        fault = CannotRead(RETURN_DAMAGED, "There is more after the end of the email")
        yield AttachedFile("after the end", _time_sent(message), fault=fault)


def _embedded_mail(part: Message) -> Message:
    """The mail inside a part; some programs pack it as if it were a file."""
    payload = part.get_payload()
    inner = payload[0] if isinstance(payload, list) and payload else part
    packing = _text(part, "Content-Transfer-Encoding").strip().lower()
    if isinstance(inner, Message) and packing in ("base64", "quoted-printable"):
        packed = inner.as_bytes()
        unpack = base64.b64decode if packing == "base64" else quopri.decodestring
        return email.message_from_bytes(unpack(packed))
    assert isinstance(inner, Message)
    return inner


def _bytes_of(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _name_of(part: Message) -> str:
    name = _or_nothing(part.get_filename) or ""
    return _as_name(_or_nothing(lambda: str(make_header(decode_header(name)))) or name, 255)


def _as_name(text: str, longest: int = _LONGEST_NAME) -> str:
    """A text from a mail as one step of a path."""
    return " ".join(text.replace("/", "_").split())[:longest]


def _subject(message: Message) -> str:
    return _text(message, "Subject")


def _text(message: Message, header: str) -> str:
    value = message.get(header, "")
    return _or_nothing(lambda: str(make_header(decode_header(value)))) or str(value)


def _time_sent(message: Message) -> datetime.datetime | None:
    when = _or_nothing(lambda: parsedate_to_datetime(str(message["Date"])))
    return when.replace(tzinfo=datetime.UTC) if when and when.tzinfo is None else when


def _or_nothing(read: Callable[[], Value]) -> Value | None:
    """What a library makes of a header that anybody may have written; None where it fails."""
    try:
        return read()
    except Exception:
        return None


# Outlook


def _attached_in_outlook(
    storage: Storage, folder: str, outlook_header: int
) -> Iterator[AttachedFile]:
    mail = Properties(storage, outlook_header)
    sent = _or_nothing(lambda: mail.date_prop_value(outlook.PID_CLIENT_SUBMIT_TIME)) or _or_nothing(
        lambda: mail.date_prop_value(outlook.PID_MESSAGE_DELIVERY_TIME)
    )
    for number, held in enumerate(storage.iter_attachment_storages(), start=1):
        properties = OutlookAttachment(held).properties
        name = _outlook_name(properties) or f"attachment {number}"
        embedded = next((inner for inner in held.storages if inner.name == _EMBEDDED), None)
        data = _or_nothing(partial(properties.binary_prop_value, outlook.PID_ATTACH_DATA_BINARY))
        if embedded is not None and any(embedded.streams):
            if _has_properties(embedded):
                yield from _attached_in_outlook(
                    embedded, f"{folder}{name}/", outlook_header=_HEADER_OF_EMBEDDED
                )
            else:
                what = "It is an object of another program, put into the email"
                fault = CannotRead(RETURN_OTHER_FORMAT, what)
                yield AttachedFile(f"{folder}{name}", sent, fault=fault)
        elif properties.int_prop_value(outlook.PID_ATTACH_METHOD) in _BY_REFERENCE:
            fault = CannotRead(RETURN_LINK, "The email has only a link to the file")
            yield AttachedFile(f"{folder}{name}", sent, fault=fault)
        elif data is None:
            fault = CannotRead(RETURN_DAMAGED, "The attachment cannot be found in the email")
            yield AttachedFile(f"{folder}{name}", sent, fault=fault)
        elif is_document(data) or not _is_outlook_logo(properties, data):
            yield AttachedFile(f"{folder}{name}", sent, data)


def _has_properties(storage: Storage) -> bool:
    return any(stream.name == "__properties_version1.0" for stream in storage.streams)


def _outlook_name(properties: Properties) -> str:
    for id in (outlook.PID_ATTACH_LONG_FILENAME, outlook.PID_ATTACH_FILENAME, 0x3001):
        name = _or_nothing(partial(properties.str_prop_value, id))
        if name and name.strip("\0 "):
            return _as_name(name.rstrip("\0"), 255)
    return ""


def _is_outlook_logo(properties: Properties, data: bytes) -> bool:
    if not is_picture(data) or len(data) > LARGEST_LOGO:
        return False
    id = _or_nothing(lambda: properties.str_prop_value(outlook.PID_ATTACH_CONTENT_ID))
    return bool(id)
