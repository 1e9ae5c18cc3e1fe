"""The field font as a part of documents: a Type0 font whose codes are glyphs (ISO 32000-2, 9.7.6).

Other programs show what people type in it, in any of its letters; a simple font would lose some.
"""

from __future__ import annotations

import zlib
from functools import cache

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from formulary.formats.pdf.font import FieldFont, field_font

_NONSYMBOLIC = 32
_STEM = 84
_BLOCK = 100
"""A CMap section holds at most a hundred lines (Adobe Technical Note 5014)."""


def embed_font(pdf: Pdf) -> Object:
    """Put the font into the document; returns the reference for `/DR` and for drawings."""
    return pdf.copy_foreign(_font_document().Root["/Font"])


@cache
def _font_document() -> Pdf:
    """The font made ready once, its file deflated, to be copied into every form."""
    pdf, font = Pdf.new(), field_font()
    name = Name(f"/{font.name}")
    descriptor = Dictionary(
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
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=font.widths[0],
        W=Array([0, Array(font.widths)]),
        CIDToGIDMap=Name.Identity,
    )
    pdf.Root["/Font"] = pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=name,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=_deflate(pdf, to_unicode(font)),
        )
    )
    return pdf


def font_streams() -> tuple[Stream, ...]:
    """The streams of the font that every form has in the same bytes: its file, and its CMap."""
    return tuple(found for found in _font_document().objects if isinstance(found, Stream))


def _deflate(pdf: Pdf, data: bytes, **entries: int) -> Stream:
    return Stream(pdf, zlib.compress(data, 9), Filter=Name.FlateDecode, **entries)


def to_unicode(font: FieldFont) -> bytes:
    """The CMap from glyphs to characters (ISO 32000-2, 9.10.3); the lowest code names a glyph."""
    characters = {glyph: code for code, glyph in sorted(font.glyphs.items(), reverse=True)}
    lines = [
        f"<{glyph:04X}> <{chr(code).encode('utf-16-be').hex().upper()}>"
        for glyph, code in sorted(characters.items())
    ]
    sections = "".join(
        f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar\n"
        for part in (lines[at : at + _BLOCK] for at in range(0, len(lines), _BLOCK))
    )
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{sections}endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")
