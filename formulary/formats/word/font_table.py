"""Put an organisation's typefaces into a Word file, for machines that do not have them.

Word takes a font from the document where the font table names one (ECMA-376 part 1, 17.8.1). The
file in it is no secret, but its first 32 bytes are changed so that no one opens it by chance.
"""

from __future__ import annotations

import uuid

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docxtpl import DocxTemplate
from lxml import etree

from formulary.content.typeface import Face, Faces
from formulary.diagrams.typeface import make_cut
from formulary.formats.word.ooxml import WORD, make, w

_FONT_TYPE = "application/vnd.openxmlformats-officedocument.obfuscatedFont"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SCRAMBLED = 32
_TRUETYPE = b"\0\1\0\0"
_STAND_IN = "Arial"
_BEFORE = ("writeProtection", "view", "zoom", "removePersonalInformation", "removeDateAndTime")
"""What comes before `embedTrueTypeFonts` in the settings of our house documents (17.15.1)."""


def embed_faces(document: DocxTemplate, faces: Faces) -> dict[str, str]:
    """Put the typefaces into an open document; typeface of the house documents -> that instead.

    A font that Word cannot carry, which is one of CFF outlines or not for documents that are
    written in, is only named. A machine without it then shows Arial.
    """
    main = document.docx.part
    for name, relation in list(main.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.FONT_TABLE:
            del main.rels[name]
    table = Part(PackURI("/word/fontTable.xml"), CONTENT_TYPE.WML_FONT_TABLE, b"", main.package)
    fonts = etree.Element(w("fonts"), nsmap={"w": WORD, "r": _OFFICE})
    named = {"Arial": faces.text, "Georgia": faces.titles}
    merged: dict[str, dict[str, Face]] = {}
    for face in filter(None, named.values()):
        merged.setdefault(face.family, {}).update(dict.fromkeys(face.cuts(), face))
    for family, cuts in merged.items():
        font = make("font", make("altName", val=_STAND_IN), name=family)
        fonts.append(font)
        for cut, face in cuts.items():
            _embed(table, font, face, cut)
    table._blob = etree.tostring(fonts, xml_declaration=True, encoding="UTF-8", standalone=True)
    main.relate_to(table, RELATIONSHIP_TYPE.FONT_TABLE)
    settings = document.docx.settings.element
    place = sum(child.tag in map(w, _BEFORE) for child in settings)
    settings.insert(place, make("embedTrueTypeFonts"))
    return {house: face.family for house, face in named.items() if face}


def _embed(table: Part, font: etree._Element, face: Face, cut: str) -> None:
    data = make_cut(face, cut)
    if not face.editable or not data.startswith(_TRUETYPE):
        return
    key = uuid.uuid5(uuid.NAMESPACE_OID, f"{face.family} {cut} {len(data)}")
    mask = key.bytes[::-1]
    head = bytes(byte ^ mask[at % 16] for at, byte in enumerate(data[:_SCRAMBLED]))
    uri = PackURI(f"/word/fonts/{key.hex}.odttf")
    part = Part(uri, _FONT_TYPE, head + data[_SCRAMBLED:], table.package)
    entry = {f"{{{_OFFICE}}}id": table.relate_to(part, f"{_OFFICE}/font")}
    entry[w("fontKey")] = f"{{{str(key).upper()}}}"
    etree.SubElement(font, w(f"embed{cut.capitalize()}"), entry)
