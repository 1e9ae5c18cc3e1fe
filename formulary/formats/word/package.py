"""Write a rendered document as a Word file whose bytes never vary.

Its properties are set from the stamp; nothing is taken from the clock.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import datetime
from xml.sax.saxutils import quoteattr

from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docxtpl import DocxTemplate
from lxml import etree

from formulary.archive import zip_files
from formulary.content.typeface import Faces
from formulary.diagrams.colour import mix
from formulary.documents.stamp import Stamp
from formulary.formats.word.font_table import embed_faces
from formulary.formats.word.ooxml import printable, stamp_properties, w

LONGEST_PROPERTY = 255

_FONTS = re.compile(rb"<(?:w:rFonts|a:latin)\b[^>]*>")
_CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_CUSTOM_RELATION = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
)
_CORE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"


def write_package(
    document: DocxTemplate,
    stamp: Stamp,
    title: str,
    organisation: str,
    colour: str,
    faces: Faces | None = None,
) -> bytes:
    """The file: properties and stamp set, colour and typefaces the organisation's, bytes fixed.

    An empty `colour` leaves the document's own, as no `faces` do.
    """
    package = document.docx.part.package
    for name, relation in list(package.rels.items()):
        # LibreOffice names the core properties by a relation that is not Word's.
        strange = relation.reltype.endswith("/core-properties") and relation.reltype != _CORE
        if strange or relation.reltype == _CUSTOM_RELATION:
            del package.rels[name]
    _set_properties(document, stamp, title, organisation)
    uri = PackURI("/docProps/custom.xml")
    package.relate_to(Part(uri, _CUSTOM_TYPE, stamp_properties(stamp), package), _CUSTOM_RELATION)
    families = embed_faces(document, faces) if faces else {}
    written = io.BytesIO()
    document.docx.save(written)
    return _repack(written.getvalue(), colour.lstrip("#").upper(), families)


def _set_properties(document: DocxTemplate, stamp: Stamp, title: str, organisation: str) -> None:
    """Core properties. Their times are the edition's: 1 January of the cycle's first year."""
    core = document.docx.core_properties
    core.title = _shorten(title)
    core.author = core.last_modified_by = _shorten(organisation)
    core.subject, core.language = f"Edition {stamp.edition}", "en-GB"
    core.created = core.modified = datetime(stamp.year, 1, 1)
    core.revision = 1


def _shorten(text: str) -> str:
    """A text as a property, which python-docx holds to 255 characters."""
    text = printable(text)
    return text if len(text) <= LONGEST_PROPERTY else f"{text[: LONGEST_PROPERTY - 1]}…"


def _repack(written: bytes, colour: str, families: Mapping[str, str]) -> bytes:
    """The same parts in a fixed order, with fixed times, in the colour and in the typefaces.

    `families` gives the typeface that takes the place of one of the house documents.
    """

    def dress(name: str, data: bytes) -> bytes:
        data = _colour(name, data, colour)
        return _FONTS.sub(lambda found: _name(found, families), data) if families else data

    first = ["[Content_Types].xml", "_rels/.rels", "word/document.xml"]
    with zipfile.ZipFile(io.BytesIO(written)) as source:
        names = first + sorted(set(source.namelist()) - set(first))
        return zip_files((name, dress(name, source.read(name))) for name in names)


def _name(found: re.Match[bytes], families: Mapping[str, str]) -> bytes:
    """An element that names fonts, with the organisation's for those of the house documents."""
    element = found.group()
    for house, family in families.items():
        element = element.replace(f'"{house}"'.encode(), quoteattr(family).encode())
    return element


def _colour(name: str, data: bytes, colour: str) -> bytes:
    """The part with the theme's first accent in the organisation's colour.

    Word takes the colour from the theme, LibreOffice from the value beside it: both are set.
    """
    if not colour or not name.startswith("word/") or b"accent1" not in data:
        return data
    root = etree.fromstring(data)
    for accent in root.iter(f"{{{_DRAWING}}}accent1"):
        for child in list(accent):
            accent.remove(child)
        etree.SubElement(accent, f"{{{_DRAWING}}}srgbClr", val=colour)
    for themed, plain in (("themeColor", None), ("themeFill", "fill")):
        for node in root.iterfind(f".//*[@{w(themed)}='accent1']"):
            if node.get(w(f"{themed}Shade")):
                continue
            tint = node.get(w(f"{themed}Tint"))
            shown = mix("#ffffff", f"#{colour}", int(tint, 16) / 255) if tint else colour
            own = plain or ("val" if node.tag == w("color") else "color")
            node.set(w(own), shown.lstrip("#").upper())
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
