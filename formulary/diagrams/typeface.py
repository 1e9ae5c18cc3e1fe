"""The house typeface: its files for whatever draws with it, and how wide words are in it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools.ttLib import TTFont

from formulary.words import plain_twin

FAMILY = "Source Sans Pro"
CUTS = ("Regular", "It", "Semibold", "SemiboldIt")
"""The cuts that papers and pictures may use."""

_ROOM = 1.03
"""Words are taken to be a little wider than they are, for kerning and for screens that round."""


@dataclass(frozen=True)
class Widths:
    """The advance of every letter of a cut, in ems."""

    advances: Mapping[int, float]

    def of(self, text: str, size: float) -> float:
        """How wide `text` is at `size`, in the unit of `size`; a letter not there counts an em."""
        return sum(self.advances.get(ord(letter), 1.0) for letter in text) * size * _ROOM


def cut_file(cut: str) -> bytes:
    """The TrueType file of one of `CUTS`."""
    return (files("font_source_sans_pro") / "files" / f"SourceSansPro-{cut}.ttf").read_bytes()


@contextmanager
def font_folder() -> Iterator[Path]:
    """A folder that holds the cuts, and the serif of titles, for as long as the block lasts."""
    with TemporaryDirectory() as folder:
        for cut in CUTS:
            (Path(folder) / f"{cut}.ttf").write_bytes(cut_file(cut))
        serif = files("font_source_serif_pro") / "files" / "SourceSerifPro-Semibold.ttf"
        (Path(folder) / "Serif.ttf").write_bytes(serif.read_bytes())
        yield Path(folder)


@cache
def measure_letters(cut: str) -> Widths:
    """The widths of one of `CUTS`."""
    font = TTFont(io.BytesIO(cut_file(cut)), lazy=True)
    em = font["head"].unitsPerEm
    advance = font["hmtx"]
    return Widths({code: advance[glyph][0] / em for code, glyph in font.getBestCmap().items()})


class Twins(dict[int, str]):
    """What is drawn for a character: itself, or the plain twin that is among those known."""

    def __init__(self, known: frozenset[str]) -> None:
        self.known = known

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        twin = letter if letter in self.known else plain_twin(letter)
        self[code] = twin if self.known.issuperset(twin) else letter
        return self[code]


@cache
def _print_twins() -> Twins:
    return Twins(typeface_characters())


def printable(text: str) -> str:
    """The text as a template prints it, with a twin for each character that the typeface lacks."""
    return text if text.isascii() else text.translate(_print_twins())


@cache
def typeface_characters() -> frozenset[str]:
    """The characters that the templates can print: those of the regular cut, and line ends."""
    codes = TTFont(io.BytesIO(cut_file("Regular")), lazy=True).getBestCmap()
    return frozenset(("\n", *map(chr, codes)))


def wrap_text(text: str, width: float, size: float, *, strong: bool = False) -> tuple[str, ...]:
    """Text in lines of at most `width`, broken at spaces; a longer word has a line of its own.

    Lines are then evened out: no line is longer than it must be for their number.
    """
    words = text.split()
    room = measure_letters("Semibold" if strong else "Regular")
    lines = _fill_lines(words, width, size, room)
    for narrower in range(int(width), int(width / 2), -4):
        tried = _fill_lines(words, narrower, size, room)
        if len(tried) > len(lines):
            break
        lines = tried
    return tuple(lines)


def _fill_lines(words: list[str], width: float, size: float, room: Widths) -> list[str]:
    lines: list[str] = []
    for word in words:
        if lines and room.of(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
