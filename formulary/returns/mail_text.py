"""What of a file is a mail (RFC 5322), and where each mail of a mailbox begins (RFC 4155)."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

_MOST_HEADERS = 65_536
"""Bytes in which a mail must show that it is one."""

_HEADER = re.compile(rb"([!-9;-~]+):")
_USUAL_HEADERS = frozenset(
    b"from sender reply-to to cc bcc date subject message-id in-reply-to references received "
    b"return-path delivered-to mime-version content-type".split()
)
"""One of these is in each mail, in any order (RFC 5322, 3.6) and behind any other header."""

_FROM = re.compile(rb"^From(?:[ \t]([^\r\n]*))?\r?\n", re.MULTILINE)
_SENDER_AND_TIME = re.compile(rb"\s*|.*\d:\d\d.*|-|\S*@\S*")
"""What follows “From”: who and when, or less; Thunderbird leaves both out."""

_LENGTH = re.compile(rb"(\d{1,12})[ \t]*\r?\n")
"""Apple Mail writes the bytes of the mail into a line before it (.emlx)."""

_FROM_LINES = re.compile(rb"(?:>?From(?:[ \t][^\n]*)?\r?\n)+")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)


def find_mail_text(data: bytes) -> bytes | None:
    """The mail that a file is, without what programs write before and behind it; None for none."""
    text = _without_mark(data)
    if length := _LENGTH.match(text):
        text = text[length.end() : length.end() + int(length[1])]
    text = _without_from(text)
    return text if _begins_with_headers(text) else None


def is_mailbox(data: bytes) -> bool:
    """Whether a file is a row of mails, each behind a line that begins with “From”."""
    text = _without_mark(data)
    return bool(_FROM.match(text)) and _begins_with_headers(_without_from(text))


def split_mailbox(data: bytes) -> Iterator[bytes]:
    """Each mail of a mailbox.

    A line of a mail's own words that begins with “From” may be there as it is: only where headers
    follow does it begin a mail.
    """
    text = _without_mark(data)
    begins = [found.start() for found in _FROM.finditer(text) if _begins_mail(text, found)]
    for start, end in zip(begins, [*begins[1:], len(text)], strict=True):
        yield _QUOTED.sub(rb"\1", _without_from(text[start:end]))


def _begins_mail(text: bytes, found: re.Match[bytes]) -> bool:
    if found.start() and not _SENDER_AND_TIME.fullmatch(found[1] or b""):
        return False
    return _begins_with_headers(_without_from(text[found.end() : found.end() + _MOST_HEADERS]))


def _without_mark(data: bytes) -> bytes:
    """The text as UTF-8 without a byte order mark and empty lines before it."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data = data.decode("utf-16", "replace").encode()
    return data.removeprefix(codecs.BOM_UTF8).lstrip(b" \t\r\n")


def _without_from(text: bytes) -> bytes:
    found = _FROM_LINES.match(text)
    return text[found.end() :] if found else text


def _begins_with_headers(text: bytes) -> bool:
    """Whether lines of headers come first, with a usual one among them."""
    for number, line in enumerate(text[:_MOST_HEADERS].splitlines()):
        if number and line[:1] in (b" ", b"\t") and line.strip():
            continue  # goes on with the header before it
        header = _HEADER.match(line)
        if not header:
            return False
        if header[1].lower() in _USUAL_HEADERS:
            return True
    return False
