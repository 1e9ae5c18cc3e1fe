"""Write a mail with its attachments: as a draft for a mail program, or to be sent."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid

TYPES = {
    "docx": ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": ("application", "pdf"),
    "ics": ("text", "calendar"),
    "zip": ("application", "zip"),
}
"""The media types of attachments, by the ending of their names."""

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
"""A plain address (RFC 5322 dot-atom, as HTML has it); letters beyond ASCII need SMTPUTF8."""


@dataclass(frozen=True)
class OutgoingMail:
    """A mail to one person. `address` is empty where none is known; `files` are names and bytes."""

    name: str
    address: str
    subject: str
    text: str
    files: Sequence[tuple[str, bytes]] = ()


def is_address(text: str) -> bool:
    """Whether a mail can be sent to what a staff list has as an email address."""
    local = text.partition("@")[0]
    return bool(_ADDRESS.fullmatch(text)) and ".." not in local and local.strip(".") == local


def draft_of(mail: OutgoingMail, sender: str = "") -> bytes:
    """A draft that mail programs open as ready to send (`X-Unsent`), the same on every run.

    It has no date and no id, which the program that sends it gives.
    """
    message = _compose(mail, sender)
    message["X-Unsent"] = "1"
    return message.as_bytes()


def message_of(mail: OutgoingMail, sender: str) -> tuple[str, bytes]:
    """The id of a message that is sent now, and the message (RFC 5322), in lines of 7-bit text."""
    message = _compose(mail, sender)
    message["Date"] = formatdate(localtime=True)
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    return str(message["Message-ID"]), message.as_bytes()


def _compose(mail: OutgoingMail, sender: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    if sender:
        message["From"] = Address(addr_spec=sender)
    if mail.address:
        message["To"] = Address(_one_line(mail.name), addr_spec=mail.address)
    message["Subject"] = _one_line(mail.subject)
    message.set_content(mail.text, charset="utf-8", cte="quoted-printable")
    for name, data in mail.files:
        main, sub = TYPES.get(name.rpartition(".")[2].casefold(), ("application", "octet-stream"))
        message.add_attachment(data, maintype=main, subtype=sub, filename=name)
    if mail.files:
        # the library would draw a boundary by chance, and the draft would differ on every run
        known = hashlib.sha256(mail.text.encode("utf-8", "surrogatepass"))
        for name, data in mail.files:
            known.update(name.encode("utf-8", "surrogatepass") + data)
        message.set_boundary(f"=_{known.hexdigest()[:32]}")
    return message


def _one_line(text: str) -> str:
    return " ".join(text.split())
