"""The field font as a part of documents, twice over one font file.

A Type0 font, whose codes are glyphs (ISO 32000-2, 9.7.6), has all our letters: it is in every
drawing, and browsers type with it. A simple one (9.6.3), of one byte a letter, is in the form's
`/DR`, for programs that know no other kind: pdftk, and Acrobat when it draws a field.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from types import MappingProxyType

from fontTools.agl import UV2AGL
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from formulary.formats.pdf.conventions import DRAWING_FONTS, FIELD_FONT
from formulary.formats.pdf.font import FieldFont, field_font

_NONSYMBOLIC = 32
_STEM = 84
_BLOCK = 100
"""A CMap section holds at most a hundred lines (Adobe Technical Note 5014)."""


_RUNS = {
    1: "ŴŵŶŷẀẁẂẃ",
    11: "Ẅẅ",
    14: "ỲỳĄąĆćĘęŁłŃńŚśŹźŻż",
    127: "→",
    129: "≥",
    131: "Ů",
    134: "ŐőŤů",
    141: "≤",
    143: "−Č",
    152: "ť",
    157: "č",
    162: "İ",
    164: "Ďğď",
    168: "ř",
    170: "Ěě",
    175: "Ň",
    180: "Ŕ",
    182: "Ű",
    184: "ňăĞ",
    222: "ű",
    254: "Ă",
}
"""What codes of the simple font mean beside Windows-1252: Welsh and Polish, where that has none,
and Czech, Hungarian, Turkish and Romanian for signs that hardly anyone types. Each has a name in
the Adobe Glyph List, without which PDF/UA-1 does not let it be (ISO 14289-1, 7.21.6)."""


def embed_font(pdf: Pdf) -> tuple[Object, Object]:
    """Put the font into the document; gives the resources of drawings, and those of the form.

    Viewers copy both names of a `/DA` into what they draw, so both lists have them.
    """
    fonts = _font_document().Root
    whole, simple = pdf.copy_foreign(fonts["/Whole"]), pdf.copy_foreign(fonts["/Simple"])
    drawn = Dictionary(dict.fromkeys(DRAWING_FONTS, whole))
    listed = Dictionary({**dict.fromkeys(DRAWING_FONTS, whole), FIELD_FONT: simple})
    return pdf.make_indirect(Dictionary(Font=drawn)), pdf.make_indirect(Dictionary(Font=listed))


@cache
def _font_document() -> Pdf:
    """The font made ready once, its file deflated, to be copied into every form."""
    pdf, font = Pdf.new(), field_font()
    name = Name(f"/{font.name}")
    descriptor = pdf.make_indirect(
        Dictionary(
            Type=Name.FontDescriptor,
            FontName=name,
            Flags=_NONSYMBOLIC,
            FontBBox=Array(font.box),
            ItalicAngle=0,
            Ascent=font.ascent,
            Descent=font.descent,
            CapHeight=font.cap_height,
            StemV=_STEM,
            FontFile2=_deflate(pdf, font.data, Length1=len(font.data)),
        )
    )
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
        FontDescriptor=descriptor,
        DW=font.widths[0],
        W=Array([0, Array(font.widths)]),
        CIDToGIDMap=Name.Identity,
    )
    pdf.Root["/Whole"] = pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=name,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=_deflate(pdf, to_unicode(font)),
        )
    )
    codes = simple_codes()
    pdf.Root["/Simple"] = pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.TrueType,
            BaseFont=name,
            FirstChar=1,
            LastChar=255,
            Widths=Array(
                font.advance(codes[code]) if code in codes else 0 for code in range(1, 256)
            ),
            FontDescriptor=descriptor,
            Encoding=Dictionary(
                Type=Name.Encoding,
                BaseEncoding=Name.WinAnsiEncoding,
                Differences=Array(_differences()),
            ),
            ToUnicode=_deflate(pdf, _cmap(2, codes.items())),
        )
    )
    return pdf


def font_streams() -> tuple[Stream, ...]:
    """The streams of the font that every form has in the same bytes: its file, and its CMap."""
    return tuple(found for found in _font_document().objects if isinstance(found, Stream))


@cache
def simple_codes() -> Mapping[int, str]:
    """The letter of each code of the simple font: Windows-1252 but for `_RUNS`, as we have it."""
    western = {
        code: bytes((code,)).decode("cp1252")
        for code in range(32, 256)
        if code not in (127, 129, 141, 143, 144, 157)
    }
    ours = {first + n: letter for first, run in _RUNS.items() for n, letter in enumerate(run)}
    known = field_font().glyphs
    return MappingProxyType(
        {
            code: letter
            for code, letter in sorted({**western, **ours}.items())
            if ord(letter) in known
        }
    )


def _differences() -> Iterator[int | Name]:
    """What the codes mean that are not as in WinAnsiEncoding (9.6.5.1)."""
    for first, run in _RUNS.items():
        yield first
        for letter in run:
            yield Name(f"/{UV2AGL[ord(letter)]}")


def _deflate(pdf: Pdf, data: bytes, **entries: int) -> Stream:
    return Stream(pdf, zlib.compress(data, 9), Filter=Name.FlateDecode, **entries)


def to_unicode(font: FieldFont) -> bytes:
    """The CMap from glyphs to characters (ISO 32000-2, 9.10.3); the lowest code names a glyph."""
    characters = {glyph: code for code, glyph in sorted(font.glyphs.items(), reverse=True)}
    return _cmap(4, ((glyph, chr(code)) for glyph, code in sorted(characters.items())))


def _cmap(digits: int, letters: Iterable[tuple[int, str]]) -> bytes:
    """A CMap from codes of so many hexadecimal digits to letters."""
    lines = [
        f"<{code:0{digits}X}> <{letter.encode('utf-16-be').hex().upper()}>"
        for code, letter in letters
    ]
    sections = "".join(
        f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar\n"
        for part in (lines[at : at + _BLOCK] for at in range(0, len(lines), _BLOCK))
    )
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<{'0' * digits}> <{'F' * digits}>\nendcodespacerange\n"
        f"{sections}endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")
