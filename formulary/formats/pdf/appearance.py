"""Draw an answer in its box: a text, a date, a choice or a tick.

A drawing is the content of a form XObject whose origin is the box's lower left corner
(ISO 32000-2, 12.5.5). All lengths are points, and those of a typeface thousandths of its size.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from formulary.formats.pdf.conventions import DRAWING_FONTS, FIELD_FONT
from formulary.formats.pdf.font import drawable, field_font

SIZE = 12.0
"""The size of answers."""
SMALLEST = 9.0
"""An answer that does not fit is set smaller, down to this; then it goes on behind the form."""
STEP = 0.5
LEADING = 15.0
"""From one line of an answer to the next, at the full size."""
MARGIN = 2.0
"""From the box's edge to the answer."""
BLACK = "0 g"

_ABOVE = 230
"""The combining class of the marks over a letter (Unicode, 4.3)."""
_CAPITAL, _MARK = 170, 160
"""How much higher than a small letter a capital is, and a mark, in thousandths of the size."""

Side = Literal[0, 1, 2]
"""Where lines are set: left, middle or right (ISO 32000-2, table 228, Q)."""


@dataclass(frozen=True)
class AnswerBox:
    """The box of an answer, and how answers are set in it.

    `size` is that of its answers; `open_size` says that its `/DA` leaves the size to the viewer,
    which then sets a long text smaller; `many` says that it takes several lines; `cells` is the
    number of its cells where each letter has one of its own (a comb), else 0; `frame` draws what
    lies behind the answer.
    """

    width: float
    height: float
    many: bool = False
    size: float = SIZE
    open_size: bool = False
    colour: str = BLACK
    side: Side = 0
    cells: int = 0
    frame: str = ""


@dataclass(frozen=True)
class Setting:
    """A text as it is set in its box: the size, and the lines."""

    size: float
    lines: tuple[str, ...]


class TooLong(ValueError):  # noqa: N818 - it names what is wrong
    """A text does not fit into its box at the smallest size; `excess` is by how many characters."""

    def __init__(self, excess: int) -> None:
        self.excess = excess
        super().__init__(f"the text is {excess} characters too long")


def default_appearance(size: float = SIZE, colour: str = BLACK) -> str:
    """A `/DA`, which says how viewers draw what is typed: font, size (0: any), colour (12.7.4.3).

    Both names of the font are given; see `conventions.PDFIUM_FONT`.
    """
    return "".join(f"{name} {number(size)} Tf " for name in DRAWING_FONTS[::-1]) + colour


def field_style(box: AnswerBox, size: float = SIZE) -> str:
    """The `/DA` of a field with this box, whose answer is set in `size`."""
    return default_appearance(0 if box.open_size else size, box.colour)


def set_text(text: str, box: AnswerBox) -> Setting:
    """The text at the box's size, or at the largest down to SMALLEST at which it fits.

    A viewer that redraws a field takes the size from `/DA` and does not shrink a fixed one
    (ISO 32000-2, 12.7.4.3), so the resulting size belongs in the field's `/DA`.
    Raises TooLong where the text does not fit.
    """
    shown = drawable(text)
    if box.cells:
        if len(shown) > box.cells:
            raise TooLong(len(shown) - box.cells)
        return Setting(box.size, (shown,))
    size, least = box.size, min(SMALLEST, box.size)
    while True:
        lines = _lines(shown, box, size)
        if _fits(lines, box, size):
            return Setting(size, tuple(lines))
        if size == least:
            raise TooLong(_excess(shown, lines, box, size))
        size = max(least, size - STEP)


def _lines(text: str, box: AnswerBox, size: float) -> list[str]:
    return wrap_lines(text, box.width - 2 * MARGIN, size) if box.many else [text]


def _fits(lines: list[str], box: AnswerBox, size: float) -> bool:
    if box.many:
        return len(lines) <= _room(box, size)
    return field_font().width(lines[0], size) <= box.width - 2 * MARGIN


def _room(box: AnswerBox, size: float) -> int:
    """How many lines the box takes; a box that is low for one takes one all the same."""
    line = (field_font().ascent - field_font().descent) * size / 1000
    return max(1, 1 + int((box.height - 2 * MARGIN - line) // _leading(size)))


def _leading(size: float) -> float:
    return size * LEADING / SIZE


def _excess(text: str, lines: list[str], box: AnswerBox, size: float) -> int:
    """How many characters of `text` have no place in the box."""
    if box.many:
        return len("\n".join(["", *lines[_room(box, size) :]]))
    kept = text
    while kept and field_font().width(kept, size) > box.width - 2 * MARGIN:
        kept = kept[:-1]
    return len(text) - len(kept)


def overflows(text: str, box: AnswerBox) -> bool:
    """Whether a print of the box lacks a part of `text`, or has it in letters too small to read.

    A viewer keeps to the size of a box, but for one that leaves it open. A letter that the
    typeface lacks counts for a wide one.
    """
    size = min(SMALLEST, box.size) if box.open_size else box.size
    if size > SIZE:  # chosen by the program that filled the form in, which may keep no margin
        box = replace(box, width=box.width + 2 * MARGIN, height=box.height + 2 * MARGIN)
    lacking = dict.fromkeys(map(ord, field_font().lacks(text)), "m")
    shown = drawable(text).translate(lacking)
    if box.cells:
        return len(shown) > box.cells
    if not box.many:
        shown = shown.replace("\n", " ")
    return not _fits(_lines(shown, box, size), box, size)


def cut_text(text: str, box: AnswerBox, note: str) -> Setting:
    """How a text that does not fit begins, at the smallest size, and `note` in place of the rest.

    The note has the last line; in a box of one line, the end of it.
    """
    shown, size = drawable(text), min(SMALLEST, box.size)
    room = _room(box, size) if box.many else 1
    if room > 1:
        return Setting(size, (*_lines(shown, box, size)[: room - 1], note))
    words = shown.split()
    while words:
        line = " ".join((*words, note))
        if field_font().width(line, size) <= box.width - 2 * MARGIN:
            return Setting(size, (line,))
        words.pop()
    return Setting(size, (note,))


def text_drawing(setting: Setting, box: AnswerBox) -> bytes:
    """The drawing of a text: one line in the middle of the box, or wrapped lines from the top."""
    if not any(setting.lines):
        return f"{box.frame}/Tx BMC EMC".encode("ascii")
    size = setting.size
    if box.many:
        baseline = box.height - MARGIN - size * field_font().ascent / 1000
    else:
        baseline = (box.height - size * field_font().cap_height / 1000) / 2
    lines = _fill_cells(setting, box) if box.cells else _align_lines(setting, box)
    return (
        f"{box.frame}/Tx BMC q 1 1 {number(box.width - 2)} {number(box.height - 2)} re W n "
        f"BT {FIELD_FONT} {number(size)} Tf {box.colour} {number(_leading(size))} TL "
        f"{number(MARGIN)} {number(baseline)} Td {lines}ET Q EMC"
    ).encode("ascii")


def _align_lines(setting: Setting, box: AnswerBox) -> str:
    if box.side == 0:
        return "".join(f"{show_line(line, setting.size)} T* " for line in setting.lines)
    room = box.width - 2 * MARGIN
    starts = [
        (room - field_font().width(line, setting.size)) * box.side / 2 for line in setting.lines
    ]
    return _show_from(starts, 0.0, setting.lines, setting.size, "T* ")


def _fill_cells(setting: Setting, box: AnswerBox) -> str:
    """Each letter in the middle of its cell."""
    cell, size, letters = box.width / box.cells, setting.size, setting.lines[0]
    starts = [
        cell * (place + 0.5) - field_font().width(letter, size) / 2
        for place, letter in enumerate(letters)
    ]
    return _show_from(starts, MARGIN, letters, size, "")


def _show_from(
    starts: Sequence[float], at: float, texts: Sequence[str], size: float, end: str
) -> str:
    """The operators that show each text from its start, the pen being `at` the first."""
    steps = (start - before for before, start in pairwise((at, *starts)))
    return "".join(
        f"{number(step)} 0 Td {show_line(text, size)} {end}"
        for step, text in zip(steps, texts, strict=True)
    )


def show_line(line: str, size: float) -> str:
    """The operators that show one line (ISO 32000-2, 9.4.3)."""
    if line.isascii() or not any(map(unicodedata.combining, line)):
        return f"<{field_font().codes(line)}> Tj"
    return " ".join(_show_with_marks(line, size))


def _show_with_marks(line: str, size: float) -> Iterator[str]:
    """A line in which each mark is set over the middle of its letter, above what is there already.

    The typeface draws marks around the pen, which is behind the letter, and at the height of a
    small letter; a mark has no width. So the pen goes back by half the letter and forth again.
    """
    half, rise = 0.0, 0.0
    for letter in line:
        code = f"<{field_font().codes(letter)}>"
        place = unicodedata.combining(letter)
        if not place:
            half, rise = field_font().advance(letter) / 2, height_of(letter)
            yield f"{code} Tj"
            continue
        drawn = f"[{number(half)} {code} {number(-half)}] TJ"
        if place == _ABOVE and rise:
            yield f"{number(rise * size / 1000)} Ts {drawn} 0 Ts"
        else:
            yield drawn
        rise += _MARK if place == _ABOVE else 0


def height_of(letter: str) -> int:
    """How far a mark goes up to be clear of the letter, in thousandths of the size."""
    parts = unicodedata.normalize("NFD", letter)
    tall = _CAPITAL if parts[0].isupper() or parts[0] in "bdfhklt" else 0
    return tall + sum(_MARK for mark in parts[1:] if unicodedata.combining(mark) == _ABOVE)


def tick_drawing(width: float, height: float) -> bytes:
    """The drawing of a ticked box: a tick of two strokes in the middle."""
    side = min(width, height)
    left, low = (width - side) / 2, (height - side) / 2
    points = ((0.22, 0.52), (0.42, 0.28), (0.80, 0.76))
    (x1, y1), (x2, y2), (x3, y3) = ((left + side * x, low + side * y) for x, y in points)
    return (
        f"q {number(side * 0.12)} w 1 J 1 j 0 G "
        f"{number(x1)} {number(y1)} m {number(x2)} {number(y2)} l "
        f"{number(x3)} {number(y3)} l S Q"
    ).encode("ascii")


def empty_drawing() -> bytes:
    """The drawing of a box that is not ticked: the box itself is printed on the page."""
    return b"q Q"


def wrap_lines(text: str, width: float, size: float = SIZE) -> list[str]:
    """The lines of `text` that fit `width`, broken at spaces; a longer word breaks anywhere."""
    room, space = width * 1000 / size, field_font().advance(" ")
    lines: list[str] = []
    for paragraph in drawable(text).split("\n"):
        words: list[str] = []
        used = 0
        for word in paragraph.split(" "):
            needed = field_font().advance(word)
            if words and used + space + needed <= room:
                words.append(word)
                used += space + needed
                continue
            if words:
                lines.append(" ".join(words))
            if needed > room:
                *full, word = _break_word(word, room)
                lines.extend(full)
                needed = field_font().advance(word)
            words, used = [word], needed
        lines.append(" ".join(words))
    return lines


def _break_word(word: str, room: float) -> list[str]:
    pieces, used = [""], 0
    for letter in word:
        wide = field_font().advance(letter)
        if pieces[-1] and used + wide > room:
            pieces.append("")
            used = 0
        pieces[-1] += letter
        used += wide
    return pieces


def number(value: float) -> str:
    """A length as PDF writes it: at most three places, no exponent (ISO 32000-2, 7.3.3)."""
    written = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written
