"""What PDF objects say as text, in whatever way a program has written it."""

from __future__ import annotations

import codecs
import re
from decimal import Decimal
from typing import Any

from pikepdf import Array, Name, Stream, String

from formulary.returns.submission import strip_controls

_LANGUAGE = re.compile("\x1b[^\x1b]{2,8}\x1b")
"""A language's code inside a text string (ISO 32000-2, 7.9.2.2)."""

_MARKS = (
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)

_USUAL = re.compile(
    "[\\s!-~\u00a0-\u024f\u0300-\u036f\u0370-\u03ff\u0400-\u04ff\u1e00-\u1fff\u2010-\u2044"
    "\u20a0-\u20bf\u2100-\u22ff\u2500-\u27bf\ufe0f\U0001f000-\U0001faff]+"
)
"""Letters of Latin, Greek and Cyrillic, punctuation, signs and pictures."""

_WORD = re.compile("[A-Z][À-ß][’”…–—]")
"""A capital at the end of a word in capitals, and what follows a word."""

_MOST_LZW = 10_000
"""Bytes, of which LZW makes some 2,700 times as many at most (ISO 32000-2, 7.4.4)."""


def text_of(value: Any) -> str:
    """What a value says, with line feeds for line ends and no control characters."""
    return strip_controls(decode(value))


def decode(value: Any) -> str:
    """What a string, name, number, list or stream says; empty for anything else.

    `pdfdoc` is PDFDocEncoding, as pikepdf registers it (ISO 32000-2, 7.9.2.2 and annex D). A
    stream has mostly UTF-8 though it need not; what is neither was written by Windows programs.
    """
    if isinstance(value, String):
        data = bytes(value)
        if data.isascii() and (text := data.decode()).isprintable():
            return text
        text = _decode_bytes(data, ("utf-8",) if is_bare_utf8(value) else ("pdfdoc", "utf-8"))
    elif isinstance(value, Name):
        try:
            return str(value)[1:]
        except UnicodeDecodeError:  # a name is in no certain encoding (7.3.5)
            return bytes(value)[1:].decode("cp1252", "replace")
    elif isinstance(value, Stream):
        text = _decode_bytes(read_stream(value), ("utf-8",))
    elif isinstance(value, Array):  # of arrays in arrays there might be no end
        return "; ".join(filter(None, (text_of(v) for v in value if not isinstance(v, Array))))
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        return f"{Decimal(value).normalize():f}"
    else:
        return ""
    return _LANGUAGE.sub("", text) if "\x1b" in text else text


def is_bare_utf8(value: Any) -> bool:
    """Whether a string is in UTF-8 without the mark that says so, as some programs write it.

    By the standard it is in PDFDocEncoding, where the same bytes are rows of signs such as “Ã©”;
    what can be words there, as “ANDRÉ’S” can, is taken for it.
    """
    data = bytes(value) if isinstance(value, String) else b""
    if data.isascii() or data.startswith(tuple(mark for mark, _ in _MARKS)):
        return False
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return False
    return _USUAL.fullmatch(text) is not None and not _WORD.search(data.decode("pdfdoc", "replace"))


def read_stream(stream: Stream) -> bytes:
    """The bytes of a stream, decoded.

    Raises ValueError for one that is packed in the one way that qpdf unpacks without a limit, and
    PdfError for one that cannot be unpacked, or only to more bytes than `untrusted` allows.
    """
    filters = stream["/Filter"] if "/Filter" in stream else Array()
    packed = Name.LZWDecode in (filters if isinstance(filters, Array) else [filters])
    if packed and len(stream.read_raw_bytes()) > _MOST_LZW:
        raise ValueError("the stream may be endless")
    return stream.read_bytes()


def _decode_bytes(data: bytes, encodings: tuple[str, ...]) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("cp1252", "replace")
