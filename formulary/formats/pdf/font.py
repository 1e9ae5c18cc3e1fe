"""The regular cut of our typeface, Source Sans, for form fields.

A subset of it is embedded behind `/DA`; its glyph widths measure a text in points.
"""

from __future__ import annotations

import hashlib
import io
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from fontTools.ttLib import TTFont

from formulary.diagrams.typeface import (
    REPERTOIRE,
    Twins,
    cut_file,
    keep_repertoire,
    typeface_characters,
)
from formulary.words import PLAIN, strip_unseen

_DROPPED_TABLES = ("GSUB", "GPOS", "GDEF", "kern", "DSIG", "STAT", "BASE")


@dataclass(frozen=True)
class FieldFont:
    """The typeface of form fields, ready to embed.

    `data` is a TrueType file; `glyphs` gives the glyph of a character, `widths` the advance of
    every glyph in thousandths of an em (ISO 32000-2, 9.7.4.3), as are `ascent`, `descent`,
    `cap_height` and `box`.
    """

    name: str
    data: bytes
    glyphs: Mapping[int, int]
    widths: tuple[int, ...]
    ascent: int
    descent: int
    cap_height: int
    box: tuple[int, ...]

    def lacks(self, text: str) -> tuple[str, ...]:
        """The characters of `text` that cannot be shown, each once, in their order."""
        shown = drawable(text)
        if self._advances.keys() >= set(shown.replace("\n", "")):
            return ()
        return tuple(dict.fromkeys(c for c in shown if c != "\n" and c not in self._advances))

    def width(self, text: str, size: float) -> float:
        """How wide `text` (one line) is, in points, set at `size` points."""
        return self.advance(drawable(text)) * size / 1000

    def shown(self, text: str) -> str:
        """`text` as it is drawn, without what cannot be shown."""
        lacking = set(self.lacks(text))
        return "".join(letter for letter in drawable(text) if letter not in lacking)

    def advance(self, text: str) -> int:
        """How wide `text`, as it is drawn, is in thousandths of its size.

        Raises KeyError for a character that the typeface lacks, as `lacks` would name it.
        """
        return sum(map(self._advances.__getitem__, text))

    def codes(self, text: str) -> str:
        """`text`, as it is drawn, as the codes of Identity-H: four digits a glyph (9.7.5.2)."""
        return text.translate(self._codes)

    @cached_property
    def _advances(self) -> dict[str, int]:
        return {chr(code): self.widths[glyph] for code, glyph in self.glyphs.items()}

    @cached_property
    def _codes(self) -> dict[int, str]:
        return {code: f"{glyph:04X}" for code, glyph in self.glyphs.items()}


def drawable(text: str) -> str:
    """The text as it is drawn: letters composed with their marks, line ends as "\\n", no tabs.

    A character that the typeface lacks is drawn as its plain twin, if it has one.
    """
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    return unicodedata.normalize("NFC", text).translate(_field_twins())


@cache
def _field_twins() -> Twins:
    fields = {chr(code) for block in REPERTOIRE for code in block}
    twins = Twins(typeface_characters() & (fields | {"\n"}))
    twins[0x00AD] = ""  # the typeface draws a soft hyphen as a hyphen
    return twins


@cache
def unseen_letters() -> frozenset[int]:
    """The codes of the characters that are nothing to the eye, so that nothing is drawn."""
    codes = (*range(0x80, 0xD800), *range(0xE000, 0x20000), *range(0xE0000, 0xE1000))
    return frozenset(code for code in codes if not strip_unseen(chr(code)))


def plain_twins() -> dict[str, str]:
    """The plain twins that are not the compatible form (Unicode, NFKC) of a character."""
    return {chr(code): twin for code, twin in PLAIN.items()} | {"\u00ad": ""}


@cache
def field_font() -> FieldFont:
    """The regular cut, subset to `REPERTOIRE`; the same bytes on every run."""
    font = TTFont(io.BytesIO(cut_file("Regular")), recalcTimestamp=False)
    keep_repertoire(font, _DROPPED_TABLES)
    scale = 1000 / font["head"].unitsPerEm
    out = io.BytesIO()
    font.save(out, reorderTables=True)
    data = out.getvalue()
    head = font["head"]
    return FieldFont(
        name=f"{_tag(data)}+SourceSansPro-Regular",
        data=data,
        glyphs={code: font.getGlyphID(glyph) for code, glyph in font.getBestCmap().items()},
        widths=tuple(round(font["hmtx"][glyph][0] * scale) for glyph in font.getGlyphOrder()),
        ascent=round(font["hhea"].ascent * scale),
        descent=round(font["hhea"].descent * scale),
        cap_height=round(font["OS/2"].sCapHeight * scale),
        box=tuple(round(end * scale) for end in (head.xMin, head.yMin, head.xMax, head.yMax)),
    )


def _tag(data: bytes) -> str:
    """Six capitals that name the subset (ISO 32000-2, 9.9.2)."""
    return "".join(chr(ord("A") + byte % 26) for byte in hashlib.sha256(data).digest()[:6])
