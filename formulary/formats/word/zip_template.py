"""Deflate the parts of a Word file once, however many copies are made of them.

A part's XML is a text with gaps, where a copy's own words go. Only these words are deflated for
each copy.

A deflate stream is a row of blocks, and a block can end on a byte: as Z_FULL_FLUSH ends it, with an
empty stored block (RFC 1951, 3.2.3 and 3.2.4). Stretches of text that are deflated apart and ended
so make one valid stream when they are put side by side, whatever is between them. What is the
same in every copy is therefore deflated beforehand and a copy's own words in between; and the file
is joined from these, their headers, and the parts that never change. Between words that are close
together the text is deflated with them: apart, so little text would not grow much smaller.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
"""The headers of APPNOTE.TXT 4.3.7, 4.3.12 and 4.3.16."""

_VERSION = 20
"""2.0: what a reader must know of zip to unpack a deflated file (APPNOTE.TXT 4.4.3)."""
_UTF_8 = 1 << 11
"""The flag of a name in UTF-8 (APPNOTE.TXT 4.4.4)."""
_DEFLATED = 8
_FIRST_DAY = (0, 1 << 5 | 1)
"""Midnight on 1 January 1980, the earliest moment that an entry can carry."""

_CLOSE = 3000
"""Bytes. Less text than this between two gaps is deflated with the words in them."""

_WORTH_DEFLATING = 200
"""Bytes. Fewer are stored as they are: deflating them takes longer and saves next to nothing."""


GapText = tuple[tuple[bytes, bytes], ...]
"""A text with gaps: the stretches before, between and after them, as they are and deflated.

A stretch between gaps that are close together is not deflated: empty bytes.
"""


@dataclass(frozen=True)
class PackedPart:
    """A part of a Word file as an entry of a zip file: its name, CRC-32, sizes, deflate blocks."""

    name: bytes
    crc: int
    size: int
    packed_size: int
    packed: Sequence[bytes]


@dataclass(frozen=True)
class StaticParts:
    """The entries that are the same in every copy: their bytes, and the lines that list them."""

    entries: bytes
    listed: bytes
    count: int


def make_gap_text(stretches: Sequence[bytes]) -> GapText:
    """The text with a gap after each stretch but the last."""
    ends = {0: zlib.Z_FULL_FLUSH, len(stretches) - 1: zlib.Z_FINISH}
    return tuple(
        (
            stretch,
            _deflate(stretch, ends.get(place, zlib.Z_FULL_FLUSH))
            if place in ends or len(stretch) >= _CLOSE
            else b"",
        )
        for place, stretch in enumerate(stretches)
    )


def pack_part(name: str, text: GapText, words: Sequence[bytes] = ()) -> PackedPart:
    """The part of that name: the text, and in each of its gaps these words."""
    crc = size = 0
    packed: list[bytes] = []
    changing: list[bytes] = []
    for word, (stretch, deflated) in zip((b"", *words), text, strict=True):
        changing.append(word)
        if not deflated:
            changing.append(stretch)
            continue
        run = b"".join(changing)
        changing.clear()
        packed += (_deflate_words(run), deflated)
        crc = zlib.crc32(stretch, zlib.crc32(run, crc))
        size += len(run) + len(stretch)
    return PackedPart(name.encode(), crc, size, sum(map(len, packed)), packed)


def make_static_parts(parts: Iterable[tuple[str, bytes]]) -> StaticParts:
    """The parts that never change, in their order."""
    made = [pack_part(name, make_gap_text([data])) for name, data in parts]
    entries, listed = _lay_entries(made, 0)
    return StaticParts(b"".join(entries), b"".join(listed), len(made))


def pack_template(same: StaticParts, changing: Sequence[PackedPart]) -> bytes:
    """The zip file: the entries that are the same in every copy, and after them the others."""
    entries, listed = _lay_entries(changing, len(same.entries))
    body = b"".join((same.entries, *entries))
    directory = b"".join((same.listed, *listed))
    count = same.count + len(changing)
    end = _END.pack(b"PK\5\6", 0, 0, count, count, len(directory), len(body), 0)
    return body + directory + end


def _lay_entries(entries: Iterable[PackedPart], start: int) -> tuple[list[bytes], list[bytes]]:
    """The entries as they are in the file from `start` on, and the lines that list them."""
    written: list[bytes] = []
    listed: list[bytes] = []
    for made in entries:
        flags = 0 if made.name.isascii() else _UTF_8
        facts = (flags, _DEFLATED, *_FIRST_DAY, made.crc, made.packed_size, made.size)
        header = _LOCAL.pack(b"PK\3\4", _VERSION, *facts, len(made.name), 0) + made.name
        place = (len(made.name), 0, 0, 0, 0, 0, start)
        listed.append(_CENTRAL.pack(b"PK\1\2", _VERSION, _VERSION, *facts, *place) + made.name)
        written += (header, *made.packed)
        start += len(header) + made.packed_size
    return written, listed


def _deflate(text: bytes, end: int) -> bytes:
    """Deflate blocks that refer to nothing before them."""
    deflater = zlib.compressobj(zlib.Z_BEST_COMPRESSION, zlib.DEFLATED, -zlib.MAX_WBITS, 9)
    return deflater.compress(text) + deflater.flush(end)


def _deflate_words(run: bytes) -> bytes:
    """What changes from copy to copy, as blocks that end on a byte."""
    size = len(run)
    if not size:
        return b""
    if size < _WORTH_DEFLATING:
        # A stored block, not the last: its length, and that with every bit turned.
        return b"\0" + size.to_bytes(2, "little") + (size ^ 0xFFFF).to_bytes(2, "little") + run
    deflater = zlib.compressobj(zlib.Z_BEST_SPEED, zlib.DEFLATED, -zlib.MAX_WBITS)
    return deflater.compress(run) + deflater.flush(zlib.Z_FULL_FLUSH)
