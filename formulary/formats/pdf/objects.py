"""PDF objects as bytes, for an update behind a document (ISO 32000-2, 7.5.6).

All that an update is made of is plain data, so that another program can write the same one.
"""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, groupby

from pikepdf import Dictionary, Object

_PLAIN = frozenset((string.ascii_letters + string.digits + "_-").encode())
_END = b"\nendobj\n"


@dataclass(frozen=True)
class ObjectStart:
    """An object of the blank: its number, and its start with the entries that always stay."""

    number: int
    start: bytes


@dataclass(frozen=True)
class Objects:
    """Objects ready to be written: their numbers with their places in the bytes."""

    data: bytes
    starts: tuple[tuple[int, int], ...]


def start_object(found: Object, changing: frozenset[str] = frozenset()) -> ObjectStart:
    """An object of a document, without the entries that change."""
    number, _ = found.objgen
    kept = Dictionary({key: found[key] for key in found.keys() if key not in changing})  # noqa: SIM118
    return ObjectStart(number, b"%d 0 obj\n" % number + kept.unparse().removesuffix(b">>"))


def finish_object(start: ObjectStart, entries: bytes) -> Objects:
    """The object with these entries beside those that stay."""
    return Objects(start.start + entries + b">>" + _END, ((start.number, 0),))


def finish_stream(start: ObjectStart, content: bytes) -> Objects:
    """A stream with this content; `start` has the other entries of its dictionary."""
    stream = b"/Length %d>>\nstream\n%s\nendstream" % (len(content), content)
    return Objects(start.start + stream + _END, ((start.number, 0),))


def new_object(number: int) -> ObjectStart:
    """A dictionary that the document has not yet."""
    return ObjectStart(number, b"%d 0 obj\n<<" % number)


def join_objects(pieces: Iterable[Objects]) -> Objects:
    """Several as one, in their order."""
    listed = tuple(pieces)
    places = accumulate((len(piece.data) for piece in listed), initial=0)
    return Objects(
        b"".join(piece.data for piece in listed),
        tuple(
            (number, at + start)
            for piece, at in zip(listed, places, strict=False)
            for number, start in piece.starts
        ),
    )


def write_table(entries: Iterable[tuple[int, int]]) -> bytes:
    """A cross-reference table: runs of objects whose numbers follow each other (7.5.4)."""
    return b"".join(_table_lines(entries))


def _table_lines(entries: Iterable[tuple[int, int]]) -> Iterator[bytes]:
    yield b"xref\n0 1\n0000000000 65535 f \n"
    for _, run in groupby(enumerate(sorted(entries)), lambda found: found[1][0] - found[0]):
        objects = [entry for _, entry in run]
        yield b"%d %d\n" % (objects[0][0], len(objects))
        yield from (b"%010d 00000 n \n" % at for _, at in objects)


def text_string(value: str) -> bytes:
    """A text string (7.9.2.2): as it is, or in UTF-16 where it is more than plain letters.

    Letters and their marks are put together, since a viewer that redraws a field does not.
    """
    if value.isascii() and value.isprintable():
        quoted = value.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        return b"(%s)" % quoted.encode()
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    return b"<FEFF%s>" % text.encode("utf-16-be").hex().upper().encode()


def name_object(name: str) -> bytes:
    """A name (7.3.5): whatever is no plain letter or digit is written as #xx."""
    return b"/" + b"".join(
        bytes((byte,)) if byte in _PLAIN else b"#%02X" % byte for byte in name[1:].encode()
    )
