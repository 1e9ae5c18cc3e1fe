"""How an answer looks in its box: text, a date, a choice or a tick comes in; the drawing goes out.

Drawings are the content of a form XObject (PDF 1.7, 12.5.5) whose origin is the box's lower left.
All lengths are points.
"""

from __future__ import annotations

from formulary.formats.pdf.font import FieldFont, drawable
from formulary.formats.pdf.names import FIELD_FONT

SIZE = 10.5
"""The size of answers."""
LEADING = 13.5
"""From one line of an answer to the next."""
MARGIN = 2.0
"""From the box's edge to the answer."""


def default_appearance() -> str:
    """The `/DA` of every field: the embedded font, the size, black."""
    return f"{FIELD_FONT} {_number(SIZE)} Tf 0 g"


def text_drawing(text: str, width: float, height: float, font: FieldFont, *, many: bool) -> bytes:
    """The drawing of a text: one line in the middle of the box, or wrapped lines from the top."""
    lines = wrapped(text, width - 2 * MARGIN, font) if many else [drawable(text)]
    shown = "".join(_line(line, font) for line in lines if text)
    if not shown:
        return b"/Tx BMC EMC"
    if many:
        baseline = height - MARGIN - SIZE * font.ascent / 1000
    else:
        baseline = (height - SIZE * font.cap_height / 1000) / 2
    return (
        f"/Tx BMC q 1 1 {_number(width - 2)} {_number(height - 2)} re W n "
        f"BT {FIELD_FONT} {_number(SIZE)} Tf 0 g {_number(LEADING)} TL "
        f"{_number(MARGIN)} {_number(baseline)} Td {shown}ET Q EMC"
    ).encode("ascii")


def tick_drawing(width: float, height: float) -> bytes:
    """The drawing of a ticked box: a tick of two strokes in the middle."""
    side = min(width, height)
    left, low = (width - side) / 2, (height - side) / 2
    points = ((0.22, 0.52), (0.42, 0.28), (0.80, 0.76))
    (x1, y1), (x2, y2), (x3, y3) = ((left + side * x, low + side * y) for x, y in points)
    return (
        f"q {_number(side * 0.12)} w 1 J 1 j 0 G "
        f"{_number(x1)} {_number(y1)} m {_number(x2)} {_number(y2)} l "
        f"{_number(x3)} {_number(y3)} l S Q"
    ).encode("ascii")


def empty_drawing() -> bytes:
    """The drawing of a box that is not ticked: the box itself is printed on the page."""
    return b"q Q"


def wrapped(text: str, width: float, font: FieldFont) -> list[str]:
    """The lines of `text` that fit `width`, broken at spaces; a longer word breaks anywhere."""
    lines: list[str] = []
    for paragraph in drawable(text).split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if font.width(longer, SIZE) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            *full, line = _broken(word, width, font)
            lines.extend(full)
        lines.append(line)
    return lines


def _broken(word: str, width: float, font: FieldFont) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and font.width(pieces[-1] + letter, SIZE) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _line(text: str, font: FieldFont) -> str:
    return f"<{font.encode(text).hex().upper()}> Tj T* "


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")
