"""What opens mails, mailboxes and archives: all in them is found, or what is wrong is said."""

from __future__ import annotations

import io
import json
import mailbox
import tempfile
import zipfile
from email.message import EmailMessage
from functools import cache
from pathlib import Path

from aspose.email_foss import msg

from formulary.problems import CATALOGUE
from formulary.returns.files import Container, FoundFile, _Opening
from tests.fuzz.readers import LONGEST_MESSAGE
from tests.fuzz.target import Attempt, Target, mutated_bytes

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n"


def attempt(data: bytes) -> list[FoundFile]:
    """Open a file as its process does. Raises AssertionError for an outcome that is none."""
    found = list(_Opening(Container("file", None, "")).open(FoundFile("file", None, data), 0))
    assert found, "no file may vanish"
    assert len({one.source for one in found}) == len(found)
    for one in found:
        assert one.source.startswith("file")
        json.dumps(one.source, ensure_ascii=False).encode()
        assert one.received is None or one.received.isoformat()
        if one.fault:
            assert CATALOGUE[one.fault.kind.code] is one.fault.kind
            assert 0 < len(one.fault.message) <= LONGEST_MESSAGE
            one.fault.message.encode()
    return found


@cache
def seeds() -> tuple[bytes, ...]:
    """A mail, a mail in a mail, a mailbox, a mail of Outlook, and archives of them."""
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "ann@school.example", "Zażółć"
    inner["Date"] = "Tue, 06 Jul 2027 10:00:00 +0100"
    inner.set_content("Here it is.")
    inner.add_attachment(PDF, "application", "pdf", filename="förm.pdf")
    outer = EmailMessage()
    outer["From"] = "hr@school.example"
    outer.set_content("Fwd")
    outer.add_attachment(inner)
    outer.add_attachment(b"GIF89a", "image", "gif", cid="<a@b>", disposition="inline")
    outlook = msg.MapiMessage.create("Form", "Here it is.")
    outlook.add_attachment("form.pdf", PDF)
    outlook.add_embedded_message_attachment(
        msg.MapiMessage.create("Inside", "Here."), filename="in.msg"
    )
    single = (inner.as_bytes(), outer.as_bytes(), _mailbox(inner, outer), outlook.to_bytes())
    apple = b"%d\n%b<plist/>" % (len(single[0]), single[0])
    return (*single, apple, *(_packed(how, *single) for how in (0, 8, 12)))


def _mailbox(*messages: EmailMessage) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        box = mailbox.mbox(Path(folder) / "box")
        for message in messages:
            box.add(message)
        box.close()
        return (Path(folder) / "box").read_bytes()


def _packed(how: int, *files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as package:
        for number, data in enumerate(files):
            package.writestr(zipfile.ZipInfo(f"{number}/å.eml"), data, how)
    return out.getvalue()


def make() -> Attempt:
    """What opens a file."""
    return attempt


TARGETS = {"files": Target(make, seeds, mutated_bytes, 300_000)}
