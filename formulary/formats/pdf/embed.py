"""Puts the field font into a document: a Type0 font whose codes are glyphs (PDF 1.7, 9.7.6).

Other programs show what people type in it, in any of its letters; a simple font would lose some.
"""

from __future__ import annotations

from typing import IO, Any

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

from formulary.formats.pdf.font import FieldFont

_NONSYMBOLIC = 32
_STEM = 84
_BLOCK = 100
"""A CMap section holds at most a hundred lines (Adobe Technical Note 5014)."""


class PlainString(TextStringObject):
    """A string of ASCII without brackets or backslashes, written as it stands.

    pypdf writes “/” as an octal escape; pdf-lib reads a `/DA` without undoing escapes, misses the
    size in it, and then sets answers as large as their boxes allow.
    """

    def write_to_stream(self, stream: IO[Any], encryption_key: str | bytes | None = None) -> None:
        """Write the string between round brackets (PDF 1.7, 7.3.4.2)."""
        stream.write(b"(" + str(self).encode("ascii") + b")")


def dictionary(entries: dict[str, PdfObject]) -> DictionaryObject:
    """A PDF dictionary of entries named without care for pypdf's key type."""
    return DictionaryObject({NameObject(key): value for key, value in entries.items()})


def stream(data: bytes, entries: dict[str, PdfObject] | None = None) -> StreamObject:
    """A deflated stream with further entries in its dictionary."""
    plain = DecodedStreamObject()
    plain.set_data(data)
    plain.update(dictionary(entries or {}))
    return plain.flate_encode(9)


def numbers(*values: float) -> ArrayObject:
    """An array of whole numbers."""
    return ArrayObject(NumberObject(value) for value in values)


def embed_font(writer: PdfWriter, font: FieldFont) -> IndirectObject:
    """Add the font to the document; returns the reference for `/DR` and for drawings."""
    file = writer._add_object(stream(font.data, {"/Length1": NumberObject(len(font.data))}))
    descriptor = writer._add_object(
        dictionary(
            {
                "/Type": NameObject("/FontDescriptor"),
                "/FontName": NameObject(f"/{font.name}"),
                "/Flags": NumberObject(_NONSYMBOLIC),
                "/FontBBox": numbers(*font.box),
                "/ItalicAngle": NumberObject(0),
                "/Ascent": NumberObject(font.ascent),
                "/Descent": NumberObject(font.descent),
                "/CapHeight": NumberObject(font.cap_height),
                "/StemV": NumberObject(_STEM),
                "/FontFile2": file,
            }
        )
    )
    descendant = writer._add_object(
        dictionary(
            {
                "/Type": NameObject("/Font"),
                "/Subtype": NameObject("/CIDFontType2"),
                "/BaseFont": NameObject(f"/{font.name}"),
                "/CIDSystemInfo": dictionary(
                    {
                        "/Registry": TextStringObject("Adobe"),
                        "/Ordering": TextStringObject("Identity"),
                        "/Supplement": NumberObject(0),
                    }
                ),
                "/FontDescriptor": descriptor,
                "/DW": NumberObject(font.widths[0]),
                "/W": ArrayObject([NumberObject(0), numbers(*font.widths)]),
                "/CIDToGIDMap": NameObject("/Identity"),
            }
        )
    )
    return writer._add_object(
        dictionary(
            {
                "/Type": NameObject("/Font"),
                "/Subtype": NameObject("/Type0"),
                "/BaseFont": NameObject(f"/{font.name}"),
                "/Encoding": NameObject("/Identity-H"),
                "/DescendantFonts": ArrayObject([descendant]),
                "/ToUnicode": writer._add_object(stream(to_unicode(font))),
            }
        )
    )


def to_unicode(font: FieldFont) -> bytes:
    """The CMap from glyphs back to characters (PDF 1.7, 9.10.3); the lowest code names a glyph."""
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
