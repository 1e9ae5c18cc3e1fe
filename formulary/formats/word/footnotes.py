"""Put footnotes into a Word document: the part that holds them, and the marks that refer to them.

ECMA-376 part 1, 17.11.10 footnote, 17.11.14 footnoteReference.
"""

from __future__ import annotations

from collections.abc import Mapping

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docxtpl import DocxTemplate
from lxml import etree
from markupsafe import Markup

from formulary.formats.word.ooxml import NAMESPACES, Element, w

ANCHOR = "footnote_"
"""How the anchor of a link begins that is to become a mark; the number of the note follows."""

_RAISED = Markup('<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>')
_LINES = Markup(
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:pPr><w:spacing w:after="0"/></w:pPr>'
    '<w:r><w:separator/></w:r></w:p></w:footnote><w:footnote w:type="continuationSeparator" '
    'w:id="0"><w:p><w:pPr><w:spacing w:after="0"/></w:pPr><w:r><w:continuationSeparator/></w:r>'
    "</w:p></w:footnote>"
)


def add_footnotes(document: DocxTemplate, body: Element, notes: Mapping[int, Markup]) -> None:
    """Turn every link to a note into a mark; `notes` are the words of each, as runs.

    Word counts marks. A second link to the same note is its number alone.
    """
    marked: set[int] = set()
    for link in body.xpath(f".//w:hyperlink[starts-with(@w:anchor, '{ANCHOR}')]"):
        number = int(link.get(w("anchor")).removeprefix(ANCHOR))
        what = "<w:t>{}</w:t>" if number in marked else '<w:footnoteReference w:id="{}"/>'
        marked.add(number)
        link.getparent().replace(link, _element(_RAISED + Markup(what).format(number), "r"))
    if not marked:
        return
    written = Markup("").join(_note(number, notes[number]) for number in sorted(marked))
    uri = PackURI("/word/footnotes.xml")
    root = _element(_LINES + written, "footnotes")
    data = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    part = document.docx.part
    part.relate_to(
        Part(uri, CONTENT_TYPE.WML_FOOTNOTES, data, part.package), RELATIONSHIP_TYPE.FOOTNOTES
    )


def _note(number: int, words: Markup) -> Markup:
    return Markup(
        '<w:footnote w:id="{}"><w:p><w:pPr><w:spacing w:after="40"/></w:pPr><w:r>{}'
        '<w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> </w:t></w:r>{}</w:p></w:footnote>'
    ).format(number, _RAISED, words)


def _element(inner: Markup, name: str) -> Element:
    declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    return etree.fromstring(f"<w:{name} {declared}>{inner}</w:{name}>")
