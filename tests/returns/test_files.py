"""What is found in folders, archives and mails, and what each file is taken for."""

from __future__ import annotations

import base64
import codecs
import datetime
import io
import mailbox
import os
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aspose.email_foss import msg

from formulary.returns.files import MOST_NAMED, FoundFile, find_files, open_file

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n"
PHOTO = b"\xff\xd8\xff\xe0" + bytes(150_000)
LOGO = b"\x89PNG\r\n\x1a\n" + bytes(4_000)
DAY = datetime.datetime(2027, 7, 6, 9, tzinfo=datetime.UTC)


def packed(entries: Sequence[tuple[str, bytes]], how: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as package:
        for name, data in entries:
            package.writestr(zipfile.ZipInfo(name, (2027, 7, 6, 9, 0, 0)), data, how)
    return out.getvalue()


WORD = packed((("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<x/>")))


def mail(
    *files: tuple[bytes, str, dict[str, Any]], subject: str = "My form", html: str = ""
) -> EmailMessage:
    """A mail with files attached: the bytes, the type, and what `add_attachment` takes."""
    message = EmailMessage()
    message["From"], message["To"] = "ann@school.example", "hr@school.example"
    message["Subject"], message["Date"] = subject, "Tue, 06 Jul 2027 10:00:00 +0100"
    message.set_content("Here it is.")
    if html:
        message.add_alternative(html, "html")
    for data, kind, more in files:
        message.add_attachment(data, *kind.split("/"), **more)
    return message


def form(name: str = "form.pdf", data: bytes = PDF) -> tuple[bytes, str, dict[str, Any]]:
    return data, "application/pdf", {"filename": name}


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[bytes], dict[str, str]]:
    """The files out of one file, each with the code of its fault, or “form”."""

    def open_one(data: bytes) -> dict[str, str]:
        path = tmp_path / "file"
        path.write_bytes(data)
        found = list(open_file(path, "file"))
        assert len({one.source for one in found}) == len(found)
        return {one.source: one.fault.kind.code if one.fault else "form" for one in found}

    return open_one


Opened = Callable[[bytes], dict[str, str]]


# what a mail is


@pytest.mark.parametrize(
    "first",
    [
        *("Reply-To: x@y.example", "Thread-Topic: a", "Sender: a@b.example", "Cc: c@d.example"),
        *("References: <1@x.example>", "User-Agent: Mail", "X-Spam: no", "In-Reply-To: <1@x>"),
        *("Importance: high", "Envelope-To: hr@x.example", "Resent-From: a@b.example"),
        *("List-Id: staff\r\n\tof the school", "x-folded:\r\n a,\r\n b"),
        *("From ann@school.example Mon Jul  6 10:00:00 2027", ">From ann@school.example 10:00"),
    ],
)
@pytest.mark.parametrize("before", [b"", codecs.BOM_UTF8, b"\r\n\r\n"])
def test_a_mail_may_begin_with_any_header(first: str, before: bytes, opened: Opened) -> None:
    data = before + first.encode() + b"\r\n" + mail(form()).as_bytes()
    assert opened(data) == {"file/form.pdf": "form"}


def test_a_mail_may_be_kept_in_utf_16(opened: Opened) -> None:
    assert opened(mail(form()).as_string().encode("utf-16")) == {"file/form.pdf": "form"}


@pytest.mark.parametrize("padding", ["", "      "])
def test_a_mail_of_apple_mail_is_read(padding: str, opened: Opened) -> None:
    data = mail(form()).as_bytes()
    plist = b'<?xml version="1.0"?><plist><dict><key>flags</key></dict></plist>'
    assert opened(f"{len(data)}{padding}\n".encode() + data + plist) == {"file/form.pdf": "form"}


def test_what_apple_mail_keeps_elsewhere_is_reported(opened: Opened) -> None:
    message = mail(form(data=b""))
    part = next(iter(message.iter_attachments()))
    part["X-Apple-Content-Length"] = "20000"
    data = message.as_bytes()
    assert opened(b"%d\n" % len(data) + data) == {"file/form.pdf": "return-nothing-attached"}


@pytest.mark.parametrize(
    "text",
    [
        b"Dear HR: my form is late.",
        b"Note: this is no mail\n\nFrom: Ann\n",
        b"From now on the form is due in May.",
        b"12345\n67890\n",
        b"name,id\nFrom: Ann,1\n",
    ],
)
def test_a_text_is_no_mail(text: bytes, opened: Opened) -> None:
    assert opened(text) == {"file": "return-other-format"}


# mailboxes


def box(*messages: EmailMessage, folder: Path) -> bytes:
    """A mailbox as Python's own library writes it, which quotes lines that begin with “From”."""
    target = mailbox.mbox(folder / "box")
    for message in messages:
        target.add(message)
    target.close()
    return (folder / "box").read_bytes()


def test_every_mail_of_a_mailbox_is_read(opened: Opened, tmp_path: Path) -> None:
    said = mail(form("c.pdf"))
    said.get_body().set_content("From now on:\n\nFrom us all\nTo: you\n\nFrom: me\n")  # type: ignore[union-attr]
    data = box(mail(form("a.pdf")), mail(form("a.pdf")), said, folder=tmp_path)
    assert opened(data) == {
        "file/mail 1/a.pdf": "form",
        "file/mail 2/a.pdf": "form",
        "file/mail 3/c.pdf": "form",
    }


@pytest.mark.parametrize(
    "line",
    [
        *("From ", "From", "From - Tue Jul 06 10:00:00 2027", "From hr@school.example"),
        *("From 1700000000000000001@xxx Tue Jul 06 10:00:00 +0000 2027", "From MAILER 10:00 2027"),
    ],
)
@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
def test_mailboxes_of_other_programs_are_read(line: str, ends: bytes, opened: Opened) -> None:
    mails = [mail(form(name)).as_bytes() for name in ("a.pdf", "b.pdf")]
    data = b"".join(line.encode() + b"\n" + one + b"\n\n" for one in mails)
    assert opened(data.replace(b"\n", ends)) == {
        "file/mail 1/a.pdf": "form",
        "file/mail 2/b.pdf": "form",
    }


def test_mails_of_a_mailbox_without_anything_attached_are_one_fault(
    opened: Opened, tmp_path: Path
) -> None:
    assert opened(box(mail(), mail(form()), mail(), folder=tmp_path)) == {
        "file/mail 2/form.pdf": "form",
        "file": "return-nothing-attached",
    }


def test_a_mailbox_in_an_archive_is_read(opened: Opened, tmp_path: Path) -> None:
    data = box(mail(form("a.pdf")), mail(form("b.pdf")), folder=tmp_path)
    assert opened(packed([("all.mbox", data)])) == {
        "file/all.mbox/mail 1/a.pdf": "form",
        "file/all.mbox/mail 2/b.pdf": "form",
    }


# mails in mails


def forwarded(inner: EmailMessage) -> EmailMessage:
    outer = mail(subject="Fwd")
    outer.add_attachment(inner)
    return outer


def test_a_mail_in_a_mail_is_read_as_of_its_own_day(tmp_path: Path) -> None:
    inner = mail(form())
    del inner["Date"]
    inner["Date"] = "Mon, 05 Jul 2027 08:00:00 +0000"
    (tmp_path / "file").write_bytes(forwarded(forwarded(inner)).as_bytes())
    (found,) = open_file(tmp_path / "file", "file")
    assert found.source == "file/Fwd/My form/form.pdf"
    assert found.received == datetime.datetime(2027, 7, 5, 8, tzinfo=datetime.UTC)


def test_a_mail_packed_as_a_file_is_read(opened: Opened) -> None:
    inner = base64.encodebytes(mail(form()).as_bytes()).decode()
    data = (
        "From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n"
        "--x\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
        f"{inner}\n--x--\n"
    )
    assert opened(data.encode()) == {"file/My form/form.pdf": "form"}
    named = mail((mail(form()).as_bytes(), "application/octet-stream", {"filename": "a.eml"}))
    assert opened(named.as_bytes()) == {"file/a.eml/form.pdf": "form"}


# what is attached


@pytest.mark.parametrize(
    "kind", ["image/pdf", "image/jpeg", "application/octet-stream", "audio/x", "text/plain"]
)
@pytest.mark.parametrize(
    "more",
    [{"filename": "a"}, {"disposition": "inline"}, {"cid": "<a@b>", "disposition": "inline"}],
)
def test_a_form_is_one_whatever_a_mail_calls_it(
    kind: str, more: dict[str, Any], opened: Opened
) -> None:
    message = mail((PDF, "application/pdf", more))
    (part,) = message.iter_attachments()
    part.set_type(kind)
    assert list(opened(message.as_bytes()).values()) == ["form"]


@pytest.mark.parametrize(
    "picture",
    [
        (PHOTO, "image/jpeg", {"filename": "page 2.jpg"}),
        (PHOTO, "image/jpeg", {"disposition": "inline", "filename": "IMG_1.jpeg"}),
        (PHOTO, "image/jpeg", {"disposition": "inline", "cid": "<a@b>"}),
        (PHOTO, "application/octet-stream", {"filename": "page.jpg"}),
        (LOGO, "image/png", {"filename": "small scan.png"}),
        (LOGO, "image/png", {"disposition": "inline", "filename": "small photo.png"}),
        (b"\0\0\0\x18ftypheic" + bytes(9_000), "image/heic", {"filename": "a.heic"}),
        (b"II*\0" + bytes(9_000), "image/tiff", {"filename": "fax.tif"}),
    ],
)
def test_a_photograph_in_a_mail_is_reported_as_one(
    picture: tuple[bytes, str, dict[str, Any]], opened: Opened
) -> None:
    assert list(opened(mail(picture).as_bytes()).values()) == ["return-scanned"]
    both = opened(mail(form(), picture).as_bytes())
    assert sorted(both.values()) == ["form", "return-scanned"]


@pytest.mark.parametrize(
    "picture",
    [
        (
            LOGO,
            "image/png",
            {"disposition": "inline", "cid": "<logo@x>", "filename": "image001.png"},
        ),
        (LOGO, "image/png", {"disposition": "inline", "cid": "<logo@x>"}),
        (LOGO, "image/png", {"disposition": "inline"}),
        (b"GIF89a" + bytes(40), "image/gif", {"disposition": "inline"}),
        (LOGO, "image/png", {"filename": "logo.png", "cid": "<logo@x>"}),
    ],
)
def test_a_logo_of_a_signature_is_not_reported(
    picture: tuple[bytes, str, dict[str, Any]], opened: Opened
) -> None:
    html = "<p>Ann</p><img src='cid:logo@x'>"
    assert opened(mail(form(), picture, html=html).as_bytes()) == {"file/form.pdf": "form"}
    assert opened(mail(picture, html=html).as_bytes()) == {"file": "return-nothing-attached"}


@pytest.mark.parametrize(
    "part",
    [
        (b"sig", "application/pgp-signature", {"filename": "signature.asc"}),
        (b"0\x80", "application/pkcs7-signature", {"filename": "smime.p7s"}),
        (b"key", "application/pgp-keys", {"filename": "OpenPGP_0x1.asc"}),
        (b"Sent from my telephone", "text/plain", {"filename": "ATT00001.txt"}),
        (b"BEGIN:VCALENDAR", "text/calendar", {"disposition": "inline"}),
    ],
)
def test_what_programs_add_to_a_mail_is_not_reported(
    part: tuple[bytes, str, dict[str, Any]], opened: Opened
) -> None:
    data = mail(form(), part).as_bytes()
    if part[1] == "text/calendar":
        data = data.replace(b"Content-Disposition: inline\n", b"")
    assert opened(data) == {"file/form.pdf": "form"}


@pytest.mark.parametrize(
    "layer",
    [
        "Content-Type: message/rfc822\r\n\r\n",
        "Content-Type: message/rfc822\r\nSubject: Fwd %d\r\n\r\n",
        "Content-Type: multipart/mixed; boundary=a%d\r\n\r\n--a%d\r\n",
    ],
)
@pytest.mark.parametrize("ending", ["Content-Type: text/plain\r\n\r\nx", ""])
def test_a_mail_that_is_nested_too_deep_says_so(layer: str, ending: str, opened: Opened) -> None:
    layers = (layer.replace("%d", str(number)) for number in range(3000))
    data = f"From: a@school.example\r\nMIME-Version: 1.0\r\n{''.join(layers)}{ending}"
    assert opened(data.encode()) == {"file": "return-too-big"}


@pytest.mark.parametrize("end", [b"Content-Type: application/", b"--==", b"Content-Transfer"])
def test_a_mail_that_was_cut_off_before_its_form_is_damaged(end: bytes, opened: Opened) -> None:
    data = mail(form()).as_bytes()
    kept = data[: data.rindex(end, 0, data.index(b"form.pdf"))]
    assert opened(kept) == {"file": "return-damaged"}


def test_a_mail_whose_parts_cannot_be_told_apart_is_damaged(opened: Opened) -> None:
    data = mail(form()).as_bytes().replace(b"boundary=", b"x=")
    assert list(opened(data).values()) == ["return-damaged"]


def test_two_mails_joined_in_one_file_are_reported(opened: Opened) -> None:
    data = mail(form("a.pdf")).as_bytes() + b"\n" + mail(form("b.pdf", PDF * 200)).as_bytes()
    assert opened(data) == {"file/a.pdf": "form", "file/after the end": "return-damaged"}


# Outlook


def outlook(subject: str = "My form") -> msg.MapiMessage:
    message = msg.MapiMessage.create(subject, "Here it is.")
    message.set_property(msg.PropertyId.MESSAGE_DELIVERY_TIME, DAY)
    return message


def test_a_mail_that_outlook_saved_is_read(tmp_path: Path) -> None:
    message = outlook()
    message.add_attachment("Żółć form.pdf", PDF, mime_type="image/pdf")
    message.add_attachment("page 2.jpg", PHOTO, mime_type="image/jpeg")
    (tmp_path / "file").write_bytes(message.to_bytes())
    first, second = open_file(tmp_path / "file", "file")
    assert (first.source, first.data, first.received) == ("file/Żółć form.pdf", PDF, DAY)
    assert second.fault and second.fault.kind.code == "return-scanned"


def test_mails_in_a_mail_of_outlook_and_archives_are_opened(opened: Opened) -> None:
    inner, outer = outlook("Inside"), outlook()
    inner.add_attachment("a.docx", WORD)
    outer.add_embedded_message_attachment(inner, filename="Inside.msg")
    outer.add_attachment("all.zip", packed([("b.pdf", PDF)]))
    outer.add_attachment("c.eml", mail(form("c.pdf")).as_bytes())
    found = opened(packed([("saved.msg", outer.to_bytes())]))
    assert found == {
        "file/saved.msg/Inside.msg/a.docx": "form",
        "file/saved.msg/all.zip/b.pdf": "form",
        "file/saved.msg/c.eml/c.pdf": "form",
    }


def test_a_mail_of_outlook_with_nothing_attached_says_so(opened: Opened) -> None:
    assert opened(outlook().to_bytes()) == {"file": "return-nothing-attached"}


def test_a_locked_document_in_a_mail_of_outlook_is_not_taken_for_the_mail(opened: Opened) -> None:
    message = outlook()
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    message.add_attachment("locked.docx", locked + bytes(5000))
    message.add_attachment("form.pdf", PDF)
    assert opened(message.to_bytes()) == {
        "file/locked.docx": "return-locked",
        "file/form.pdf": "form",
    }


@pytest.mark.parametrize("share", [10, 50, 90])
def test_a_mail_of_outlook_that_was_cut_off_is_damaged(share: int, opened: Opened) -> None:
    message = outlook()
    message.add_attachment("form.pdf", PDF * 1000)
    data = message.to_bytes()
    (code,) = opened(data[: len(data) * share // 100]).values()
    assert code in ("return-damaged", "return-other-format")


# what a file is


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize(
    "names",
    [("a.pdf",), ("a.pdf", "b.pdf"), ("a.pdf", "b.docx"), ("%PDF-1.docx", "a.pdf"), ("x.txt",)],
)
def test_an_archive_that_holds_a_form_is_an_archive(
    how: int, names: tuple[str, ...], opened: Opened
) -> None:
    data = {".pdf": PDF, "docx": WORD, ".txt": b"%PDF- is how a PDF begins."}
    found = opened(packed([(name, data[name[-4:]]) for name in names], how))
    assert found == {f"file/{name}": "form" for name in names}


def test_what_mentions_a_pdf_is_none(opened: Opened) -> None:
    message = mail(form(), subject="the %PDF-form")
    assert opened(b"X-Note: %PDF-1.4 inside\n" + message.as_bytes()) == {"file/form.pdf": "form"}
    assert opened(mail(subject="%PDF-1.7").as_bytes()) == {"file": "return-nothing-attached"}
    assert opened(b"{\\rtf1 %PDF-1.7}") == {"file": "return-other-format"}
    assert opened(b"\x89PNG\r\n\x1a\n%PDF-1.7") == {"file": "return-scanned"}


@pytest.mark.parametrize(
    "before",
    [b"\xef\xbb\xbf", b"\r\n", b"HTTP/1.1 200 OK\r\n\r\n", bytes(900), b"Note: a form\n"],
)
def test_a_pdf_behind_other_bytes_is_a_pdf(before: bytes, opened: Opened) -> None:
    assert opened(before + PDF) == {"file": "form"}


def test_what_a_file_begins_with_decides_what_it_is(opened: Opened) -> None:
    zipped = packed([("b.pdf", PDF)])
    assert opened(PDF + zipped) == {"file": "form"}
    assert opened(zipped + PDF) == {"file/b.pdf": "form"}
    assert opened(WORD + mail(form()).as_bytes()) == {"file": "form"}
    body = b"From: a@b.example\nContent-Type: text/plain\n\n" + PDF
    assert opened(body) == {"file/attachment 1": "form"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%FDF-1.2\n1 0 obj", "return-data-only"),
        (b'<?xml version="1.0"?>\n<xfdf xmlns="x"/>', "return-data-only"),
        (b"<xdp:xdp xmlns:xdp='x'/>", "return-data-only"),
        (b'{"":"WARNING! DO NOT EDIT","doc_id":"1aB","resource_key":""}', "return-link"),
        (b'{"url": "https://docs.google.com/document/d/1"}', "return-link"),
        (b"[InternetShortcut]\r\nURL=https://x.example/", "return-link"),
        (b'<?xml version="1.0"?><!DOCTYPE plist><plist><dict><key>URL</key>', "return-link"),
        (b"bplist00\xd1\x01\x02SURL_\x10", "return-link"),
        (b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F", "return-link"),
        (b"[Desktop Entry]\nType=Link\n", "return-link"),
        (b"\x1f\x8b\x08\0", "return-packed"),
        (b"BZh91AY", "return-packed"),
        (b"\xfd7zXZ\0\0", "return-packed"),
        (b"form.pdf".ljust(257, b"\0") + b"ustar\x0000", "return-packed"),
        (b"!BDN" + bytes(9), "return-packed"),
        (b"-----BEGIN PGP MESSAGE-----\n\nhQEM", "return-encrypted-mail"),
        (b"0\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03\xa0\x80", "return-encrypted-mail"),
        (b"0\x82\x10\0\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", "return-encrypted-mail"),
        (b"\x76\xe8\x04\x60\xc4\x11\xe3\x86rest", "return-encrypted-mail"),
        (b"\x78\x9f\x3e\x22rest", "return-winmail"),
        (b"BM is how it begins", "return-other-format"),
        (b"<svg xmlns='x'/>", "return-scanned"),
        (b"\xd7\xcd\xc6\x9a" + bytes(40), "return-scanned"),
        (packed([("[Content_Types].xml", b""), ("Documents/1.x", b"")]), "return-other-format"),
        (b"From: <Saved by Blink>\nSubject: x\nMIME-Version: 1.0\n\nx", "return-other-format"),
    ],
)
def test_the_advice_fits_what_a_file_is(data: bytes, code: str, opened: Opened) -> None:
    assert opened(data) == {"file": code}


# archives


def named(entries: Sequence[tuple[str, bytes]]) -> bytes:
    """An archive whose entries have these names, as `ZipInfo` would not let them be."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, data in entries:
            entry = zipfile.ZipInfo("x")
            entry.filename = name
            package.writestr(entry, data)
    return out.getvalue()


def test_an_entry_without_a_name_is_read(opened: Opened) -> None:
    assert opened(named([("", PDF), ("a.pdf", PDF + b" ")])) == {
        "file/(no name)": "form",
        "file/a.pdf": "form",
    }
    assert opened(named([("", b"hello")])) == {"file/(no name)": "return-other-format"}


def test_names_that_lead_out_of_an_archive_are_read_as_names(opened: Opened) -> None:
    names = ("../a.pdf", "../../b.pdf", "/c.pdf", "..\\d.pdf", "C:\\e.pdf")
    found = opened(named([(name, PDF + name.encode()) for name in names]))
    assert found == {f"file/{name}": "form" for name in names}


def test_two_entries_of_one_name_are_told_apart(opened: Opened) -> None:
    assert opened(named([("a.pdf", PDF), ("a.pdf", PDF + b" ")])) == {
        "file/a.pdf": "form",
        "file/a.pdf (2)": "form",
    }


@pytest.mark.parametrize(
    "entries", [(), (("North/", b""),), (("__MACOSX/._a", b"x"), (".DS_Store", b"x"))]
)
def test_an_archive_without_files_is_reported(
    entries: tuple[tuple[str, bytes], ...], opened: Opened
) -> None:
    assert opened(packed(entries)) == {"file": "return-empty"}
    assert opened(packed([("in.zip", packed(entries)), ("a.pdf", PDF)])) == {
        "file/in.zip": "return-empty",
        "file/a.pdf": "form",
    }


@pytest.mark.parametrize(
    "stamp", [b"\0\0\0\0", b"\xff\xff\xff\xff", b"\0\0\0\x01", b"\0\0\x21\0", b"\0\0\0\xfe"]
)
def test_a_time_that_does_not_exist_is_none(stamp: bytes, tmp_path: Path) -> None:
    """Times of DOS: the four bytes behind the way of packing (APPNOTE.TXT, 4.3.12)."""
    data = packed([("a.pdf", PDF)])
    at = data.index(b"PK\x01\x02") + 12
    path = tmp_path / "a.zip"
    path.write_bytes(data[:at] + stamp + data[at + 4 :])
    when = DAY.timestamp()
    os.utime(path, (when, when))
    (found,) = open_file(path, "a.zip")
    assert (found.source, found.fault) == ("a.zip/a.pdf", None)
    assert found.received
    assert found.received == DAY or found.received.year == 2107


def test_a_packing_that_cannot_be_opened_is_no_damage(opened: Opened) -> None:
    data = bytearray(packed([("a.pdf", PDF)]))
    data[8:10] = data[data.index(b"PK\x01\x02") + 10 : data.index(b"PK\x01\x02") + 12] = b"\x09\0"
    assert opened(bytes(data)) == {"file/a.pdf": "return-packed"}


def test_parts_of_documents_are_no_files_of_the_archive(opened: Opened) -> None:
    many = packed([("[Content_Types].xml", b""), *((f"word/{n}", b"") for n in range(3_000))])
    names = [f"{n}.docx" for n in range(8)]
    found = opened(packed([(name, many + name.encode()) for name in names]))
    assert found == {f"file/{name}": "form" for name in names}


def test_entries_are_counted_across_archives(opened: Opened) -> None:
    inner = packed([(f"{n}.txt", b"") for n in range(9_000)])
    entries = [(f"{n}.zip", inner + bytes(n)) for n in range(3)]
    found = opened(packed(entries, zipfile.ZIP_DEFLATED))
    assert found["file"] == "return-too-big"
    assert len(found) == 20_000 - 3 + 1


# folders


def sources(found: Sequence[FoundFile]) -> dict[str, str]:
    return {one.source: one.fault.kind.code if one.fault else "form" for one in found}


@pytest.mark.skipif(os.name == "nt", reason="names are bytes on POSIX only")
def test_a_name_that_is_no_utf_8_is_kept_as_text(tmp_path: Path) -> None:
    for name in (b"Jos\xe9.pdf", b"\xff\xfe", b"a\x80b", b"caf\xe9\xe9.docx", b"na\xefve/f.pdf"):
        path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(PDF)
    found = sources(list(find_files([tmp_path])))
    assert found == dict.fromkeys(
        ["Jos\\xe9.pdf", "\\xff\\xfe", "a\\x80b", "caf\\xe9\\xe9.docx", "na\\xefve/f.pdf"], "form"
    )
    assert all(source.encode() for source in found)


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links_are_reported_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret.pdf").write_bytes(PDF)
    folder = tmp_path / "returns"
    folder.mkdir()
    (folder / "file").symlink_to(tmp_path / "elsewhere" / "secret.pdf")
    (folder / "folder").symlink_to(tmp_path / "elsewhere")
    (folder / "nowhere").symlink_to(tmp_path / "gone")
    os.mkfifo(folder / "pipe")
    (folder / "a.pdf").write_bytes(PDF)
    assert sources(list(find_files([folder]))) == {
        "a.pdf": "form",
        "file": "return-link",
        "folder": "return-link",
        "nowhere": "return-link",
        "pipe": "return-other-format",
    }
    (tmp_path / "way").symlink_to(folder)
    assert len(list(find_files([tmp_path / "way"]))) == 5


def test_a_swarm_is_more_than_is_named() -> None:
    assert 50 < MOST_NAMED < 1_000


BEYOND_THE_CALENDAR = (10**13, 253402300800, 8 * 10**15, -(10**12), 0)


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="a disk that can hold such times")
@pytest.mark.parametrize("seconds", BEYOND_THE_CALENDAR)
def test_a_file_with_a_time_beyond_the_calendar_is_read(seconds: int) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as name:
        path = Path(name) / "a.pdf"
        path.write_bytes(PDF)
        os.utime(path, (seconds, seconds))
        (found,) = find_files([Path(name)])
    assert (found.data, found.received, found.fault) == (PDF, None, None)


@pytest.mark.parametrize(
    "date", ["Fri, 31 Dec 9999 23:59:59 -2359", "Thu, 1 Jan 1801 00:00:00 +2300", "soon", "", "0"]
)
def test_a_mail_of_a_day_that_cannot_be_has_the_time_of_the_file(date: str, tmp_path: Path) -> None:
    message = mail(form())
    del message["Date"]
    data = f"Date: {date}\n".encode() + message.as_bytes()
    path = tmp_path / "a.eml"
    path.write_bytes(data)
    os.utime(path, (DAY.timestamp(),) * 2)
    (found,) = open_file(path, "a.eml")
    assert (found.source, found.received) == ("a.eml/form.pdf", DAY)
