"""What was drawn onto a page of a form after it had been made: words, strokes and pictures.

All that a form has on its pages is inside marked content (ISO 32000-2, 14.6): Typst tags all that
it sets, and an organisation's own page is put into a mark as a whole. What programs draw onto a
page they put before or behind that, so the blank is not needed to tell one from the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pikepdf import (
    Array,
    Object,
    Pdf,
    Rectangle,
    Stream,
    parse_content_stream,
    unparse_content_stream,
)

from formulary.formats.pdf.page_text import DrawnPiece, extract_pieces
from formulary.formats.pdf.values import read_stream

LONGEST_CONTENT = 300_000
LONGEST_ADDITION = 60_000
"""Bytes of a page's content that are looked at, in all and beyond its marks; a page of a form has
25,000, all of them in marks."""

_MARK = re.compile(
    rb"(?:/\w+\s*(?:/\w+\s*|<<[^<>]{0,300}>>\s*)?)?"
    rb"B[DM]C[^C]*(?:(?<!BD|BM|EM)C[^C]*)*(?<=EM)C"
)
"""A mark with no other inside: its tag, its properties and all that it holds."""

_DEEPEST_MARK = 10
_PAGE_TAG = b"/FormPage"
"""What an organisation's own page is marked with."""

_SAME_EDGE = 3.0
"""Points by which the lines of a paragraph begin apart at most."""

_LINE = 1.7
"""From one line of a paragraph to the next, at most, in heights of a line."""

_FEWEST_SHOWN = 10
"""Words, or parts of words, that any page of a form shows."""

_BEGINS = (b"BDC", b"BMC")
_SHOWS_TEXT = ("Tj", "TJ", "'", '"')
_PAINTS = re.compile(rb"""T[jJ]|['"]|(?<![/\w])(?:Do|EI|INLINE|sh|[sS]|[bBf]\*?|F)(?!\w)""")
"""The operators that leave something on the page (tables 50 and 51), or what looks like one."""


def enclose_page(document: Pdf, page: Object) -> None:
    """Put all that a page shows into a mark, so that additions can be told from it later."""
    parts = streams_of(page.get("/Contents"))
    begin = document.make_stream(_PAGE_TAG + b" BMC\n")
    end = document.make_stream(b"\nEMC\n")
    page["/Contents"] = Array([begin, *parts, end])


def find_additions(document: Pdf, contents: Any, resources: Any) -> tuple[DrawnPiece, ...]:
    """What a page of `document` shows beyond its marked content.

    Nothing is told of a page that shows hardly any words in marks, fewer than outside, and is not
    enclosed: it was drawn again by a program that keeps no marks. Raises PdfError or ValueError for
    a content that cannot be read.
    """
    content = b"\n".join(map(read_stream, streams_of(contents)))
    marked = any(begin in content for begin in _BEGINS)
    if not marked or not _PAINTS.search(_without_marks(content)):
        return ()
    if len(content) > LONGEST_CONTENT:
        raise ValueError("the content is too long")
    inside: list[Any] = []
    outside: list[Any] = []
    depth = 0
    for instruction in parse_content_stream(document.make_stream(content)):
        operator = str(instruction.operator)
        depth += operator.encode() in _BEGINS
        (inside if depth or operator == "EMC" else outside).append(instruction)
        depth -= operator == "EMC" and depth > 0
    shown = _count_shown(inside)
    if _PAGE_TAG not in content and shown < _FEWEST_SHOWN and shown < _count_shown(outside):
        return ()
    drawn = unparse_content_stream(outside)
    if len(drawn) > LONGEST_ADDITION:
        raise ValueError("what was added is too long")
    added = document.make_stream(drawn)
    return tuple(_join_lines(extract_pieces(document, added, resources)))


def streams_of(contents: Any) -> list[Stream]:
    """The parts of a page's content (7.7.3.3); none for what is no content."""
    parts = contents if isinstance(contents, Array) else [contents]
    return [part for part in parts if isinstance(part, Stream)]


def _without_marks(content: bytes) -> bytes:
    """A content without its marks, the inner ones first, as far as that can be told quickly."""
    removed = 1
    for _ in range(_DEEPEST_MARK):
        content, removed = _MARK.subn(b"", content)
        if not removed:
            break
    return content


def _join_lines(pieces: Iterable[DrawnPiece]) -> list[DrawnPiece]:
    """The pieces, with the lines of a paragraph as one."""
    joined: list[DrawnPiece] = []
    for piece in pieces:
        if joined and _goes_on(joined[-1], piece):
            above, below = joined.pop(), piece
            right = max(above.box.urx, below.box.urx)
            box = Rectangle(above.box.llx, below.box.lly, right, above.box.ury)
            piece = DrawnPiece(f"{above.words}\n{below.words}", box)
        joined.append(piece)
    return joined


def _goes_on(before: DrawnPiece, piece: DrawnPiece) -> bool:
    """Whether a piece is the next line of the one before: as far left, and right below it."""
    down = before.box.lly - piece.box.lly
    return (
        bool(before.words and piece.words)
        and abs(before.box.llx - piece.box.llx) < _SAME_EDGE
        and 0 < down < _LINE * piece.box.height
    )


def _count_shown(instructions: list[Any]) -> int:
    return sum(str(one.operator) in _SHOWS_TEXT for one in instructions)
