"""The words of a page or of a drawing, which pypdf extracts.

pypdf sees a new document that pikepdf has written, of one page with this content: what is broken,
encrypted or endless in the file that came back does not reach it.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pikepdf import Array, Dictionary, Matrix, Name, Page, Pdf, Rectangle, StreamDecodeLevel

if TYPE_CHECKING:
    from pypdf import PageObject

_LIMITS: Mapping[str, Any] = {
    "array_based_stream_maximum_output_length": 2_000_000,
    "lzw_maximum_output_length": 2_000_000,
    "run_length_maximum_output_length": 2_000_000,
    "zlib_maximum_output_length": 2_000_000,
    "stream_decoding_work_maximum_length": 8_000_000,
    "xform_maximum_invocations_per_extraction": 100,
    "jbig2dec_binary": None,
}
"""Bytes of one stream that are decoded, and drawings within a drawing that are followed."""

# what pypdf finds odd in a font is of no use to those who collect forms
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


Found = TypeVar("Found")


@dataclass(frozen=True)
class DrawnPiece:
    """What a content shows in one place, in points; `words` are empty for strokes and pictures."""

    words: str
    box: Rectangle


def extract_text(document: Pdf, content: Any, resources: Any) -> str:
    """The words that `content` shows, a stream or an array of streams, with these resources.

    Both are of `document`. Raises ValueError where the words cannot be had.
    """
    if content is None:
        return ""
    return _with_page(document, content, resources, lambda page: page.extract_text())


def extract_pieces(document: Pdf, content: Any, resources: Any) -> tuple[DrawnPiece, ...]:
    """All that `content` shows, as `extract_text` has it: words, strokes and pictures."""

    def follow(page: PageObject) -> tuple[DrawnPiece, ...]:
        pen = _Pen(page.get("/Resources"))
        page.extract_text(
            visitor_operand_before=pen.before_operator,
            visitor_operand_after=pen.after_operator,
            visitor_text=pen.show,
        )
        # words whose letters nobody can tell are seen all the same
        unread = () if any(piece.words for piece in pen.pieces) else tuple(pen.shown)
        return (*pen.pieces, *unread)

    return _with_page(document, content, resources, follow)


def _with_page(
    document: Pdf, content: Any, resources: Any, look: Callable[[PageObject], Found]
) -> Found:
    from pypdf import PdfReader, apply_configuration  # slow to load, and no build reads a page

    page = Dictionary(Type=Name.Page, MediaBox=Array([0, 0, 600, 850]), Contents=content)
    if resources is not None:
        page["/Resources"] = resources
    out = io.BytesIO()
    with Pdf.new() as copy:
        copy.pages.append(Page(document.make_indirect(page)))
        copy.save(out, compress_streams=False, stream_decode_level=StreamDecodeLevel.none)
    try:
        with apply_configuration(**_LIMITS):
            return look(PdfReader(out).pages[0])
    except Exception as error:  # pypdf raises whatever the content leads it to
        raise ValueError("the text cannot be extracted") from error


_ADDS_POINTS = (b"m", b"l", b"c", b"v", b"y")
_PAINTS_PATH = frozenset((b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"))
_SHOWS_TEXT = frozenset((b"Tj", b"TJ", b"'", b'"'))
_PAINTS_SQUARE = frozenset((b"INLINE IMAGE", b"EI", b"sh"))
_SQUARE = ((0.0, 0.0), (1.0, 1.0))
_WIDTH = 0.5
"""Of a letter, in parts of its size, about."""


class _Pen:
    """Follows pypdf through a content, and through the drawings in it (8.10)."""

    def __init__(self, resources: Any) -> None:
        self.pieces: list[DrawnPiece] = []
        self.shown: list[DrawnPiece] = []
        self.path: list[tuple[float, float]] = []
        self.outer = [(Matrix(), resources)]

    def before_operator(self, operator: bytes, operands: Any, cm: Any, tm: Any) -> None:
        if operator == b"Do":
            self.begin_drawing(operands, cm)
        elif operator in _ADDS_POINTS:
            numbers = [float(one) for one in operands]
            self.path += self.place(cm, zip(numbers[::2], numbers[1::2], strict=False))
        elif operator == b"re":
            x, y, width, height = (float(one) for one in operands)
            self.path += self.place(cm, ((x, y), (x + width, y + height)))
        elif operator in _PAINTS_PATH:
            self.add("", self.path)
            self.path = []
        elif operator == b"n":
            self.path = []
        elif operator in _PAINTS_SQUARE:
            self.add("", self.place(cm, _SQUARE))
        elif operator in _SHOWS_TEXT and str(operands).strip(" '[]"):
            (at,) = self.place(cm, (Matrix(*tm).transform((0, 0)),))
            self.shown.append(DrawnPiece("", Rectangle(*at, *at)))

    def begin_drawing(self, operands: Any, cm: Any) -> None:
        matrix, resources = self.outer[-1]
        try:
            drawing = resources["/XObject"][operands[0]].get_object()
            if drawing["/Subtype"] == "/Image":
                self.add("", self.place(cm, _SQUARE))
            own = Matrix(*map(float, drawing.get("/Matrix", (1, 0, 0, 1, 0, 0))))
            inner = own @ Matrix(*cm) @ matrix, drawing.get("/Resources", resources)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError):
            inner = matrix, resources
        self.outer.append(inner)

    def after_operator(self, operator: bytes, operands: Any, cm: Any, tm: Any) -> None:
        if operator == b"Do":
            self.outer.pop()

    def show(self, text: str, cm: Any, tm: Any, font: Any, size: Any) -> None:
        lines = text.strip().splitlines()
        if not lines:
            return
        size = abs(float(size))
        width = size * _WIDTH * max(map(len, lines))
        ends = map(Matrix(*tm).transform, ((0, 0), (width, size)))
        self.add("\n".join(lines), self.place(cm, ends))

    def place(self, cm: Any, points: Any) -> list[tuple[float, float]]:
        """Points of the content as points of the page."""
        matrix = Matrix(*cm) @ self.outer[-1][0]
        return [matrix.transform(point) for point in points]

    def add(self, words: str, points: Sequence[tuple[float, float]]) -> None:
        if points:
            across, up = zip(*points, strict=True)
            box = Rectangle(min(across), min(up), max(across), max(up))
            self.pieces.append(DrawnPiece(words, box))
