"""From a house document to a finished Word file: render it, then write it so that bytes never vary.

A house document (.docx with template tags) and values come in; a rendered document goes out, and in
the end the bytes of the file, its properties set from the stamp and nothing taken from the clock.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docx.opc.exceptions import PackageNotFoundError
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from formulary.formats.word.tags import WORD, printable, stamp_properties, w
from formulary.model.stamp import Stamp
from formulary.problems import OutputError

Element = Any
"""An lxml element; lxml ships no types."""

LONGEST_PROPERTY = 255

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip entry can carry."""

_CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_CUSTOM_RELATION = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
)
_CORE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"


class _HouseDocument(DocxTemplate):  # type: ignore[misc]  # docxtpl ships no types
    """docxtpl's template, less the work that would give the same again for every document."""

    def patch_xml(self, src_xml: str) -> str:
        """A part with its tags cleared of Word's own marks."""
        return _patched(src_xml)

    def resolve_listing(self, xml: str) -> str:
        """A rendered part with Word's marks for tabs, line ends and page breaks in its words."""
        return str(super().resolve_listing(xml)) if _LISTING.search(xml) else xml


_LISTING = re.compile(r"[\t\a\n\f]")


@lru_cache(maxsize=32)
def _patched(part: str) -> str:
    return str(DocxTemplate("").patch_xml(part))


def open_house(house: Path) -> DocxTemplate:
    """Open a house document to be rendered; OutputError where it cannot be read."""
    if not house.is_file():
        raise OutputError(f"The house document {house.as_posix()} is not there.")
    document = open_document(house)
    remove_bookmarks(document)
    return document


def open_document(path: Path) -> DocxTemplate:
    """Open a Word document, the house's or an organisation's own; OutputError where that fails."""
    document = _HouseDocument(str(path))
    try:
        document.init_docx()
    except (
        KeyError,
        ValueError,
        PackageNotFoundError,
        BadZipFile,
        etree.XMLSyntaxError,
    ) as error:
        raise OutputError(
            f"The {_called(path)} is not a Word document: {error}. "
            "Open it in Word, without a password, and save it as a Word document (.docx), "
            "not as “Strict Open XML”."
        ) from error
    document.docx.part.partname = PackURI("/word/document.xml")
    return document


def reopened(document: DocxTemplate) -> DocxTemplate:
    """A rendered document as one that can be changed further.

    Rendering puts new headers and footers beside those that python-docx knows.
    """
    written = io.BytesIO()
    document.docx.save(written)
    again = _HouseDocument(written)
    again.init_docx()
    return again


def remove_bookmarks(document: DocxTemplate) -> None:
    """Word leaves bookmarks of its own where someone last worked; in a loop they would repeat."""
    for mark in list(document.docx.element.body.iter(w("bookmarkStart"), w("bookmarkEnd"))):
        mark.getparent().remove(mark)


def _called(path: Path) -> str:
    kind = "house document" if path.parent.name == "house" else "document"
    return f"{kind} {path.as_posix()}"


def render(document: DocxTemplate, values: Mapping[str, Any]) -> Element:
    """Render an open house document with `values` and give its body, an lxml element.

    Text in the values is escaped and never a template itself. Raises OutputError where the house
    document asks for a value that is not there.
    """
    # docxtpl would escape the title for XML, and python-docx does so again; `finish` sets it
    document.docx.core_properties.title = ""
    try:
        document.render(dict(values), _environment(), autoescape=True)
    except (TemplateError, etree.XMLSyntaxError, TypeError, LookupError, ArithmeticError) as error:
        called = _called(Path(str(document.template_file)))
        said, near = str(error).rstrip("."), _near(document, error)
        raise OutputError(
            f"The {called} cannot be used{f' near “{near}”' if near else ''}: {said}. "
            "Undo the last change to a line in purple, or fetch the document again."
        ) from error
    body = document.docx.element.body
    _without_empty_runs(body)
    return body


class _Templates(SandboxedEnvironment):
    """Reads each part of a house document once, however many documents are made of it."""

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True, finalize=_finalized)
        self._read = lru_cache(maxsize=32)(super().from_string)

    def from_string(self, source: Any, *_: Any, **__: Any) -> Template:
        """The template that a part is, as `Environment.from_string` gives it."""
        return self._read(source)


@cache
def _environment() -> SandboxedEnvironment:
    return _Templates()


_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_WORDS_NEAR = 80
"""Characters of a paragraph that show which it is."""


def _near(document: DocxTemplate, error: Exception) -> str:
    """The paragraph of a house document where a tag is wrong; empty where it cannot be told.

    docxtpl gives the lines around a tag that cannot be read, the fourth being its own; for a name
    that is not there, the first tag with that name is taken.
    """
    around = [" ".join(str(line).split()) for line in getattr(error, "docx_context", ())]
    named = re.findall(r"'(\w+)'", str(error))
    if around:
        line = next((text for text in [*around[3:], *around[2::-1]] if text), "")
        return line[:_WORDS_NEAR]
    sections = document.docx.sections
    edges = [edge for found in sections for edge in (found.header, found.footer)]
    for tree in (document.docx.element.body, *(edge._element for edge in edges)):
        for paragraph in tree.iter(w("p")):
            text = "".join(paragraph.itertext())
            tags = " ".join(_TAG.findall(text))
            if any(re.search(rf"\b{name}\b", tags) for name in named):
                return " ".join(text.split())[:_WORDS_NEAR]
    return ""


def _finalized(value: Any) -> Any:
    """A value as the template prints it: docxtpl takes control characters for page breaks."""
    return printable(value) if isinstance(value, str) else value


def _without_empty_runs(body: Element) -> None:
    """Take out the runs that docxtpl leaves on both sides of a `{{r ... }}`."""
    for run in _EMPTY_RUNS(body):
        run.getparent().remove(run)


_EMPTY_RUNS = etree.XPath(
    ".//w:r[not(string())][not(*[not(self::w:rPr or self::w:t)])]", namespaces={"w": WORD}
)


def web_link(document: DocxTemplate, target: str) -> str:
    """The attribute of a `w:hyperlink` to a web address; empty for any other target."""
    if not target.startswith(("https://", "http://")):
        return ""
    return f'r:id="{document.build_url_id(target)}"'


def keep_with_next(paragraph: Element) -> None:
    """Keep a paragraph on one page with what follows it (`w:keepNext`, second in `w:pPr`)."""
    properties = paragraph.find(w("pPr"))
    if properties is None:
        properties = etree.Element(w("pPr"))
        paragraph.insert(0, properties)
    if properties.find(w("keepNext")) is None:
        named = properties.find(w("pStyle"))
        properties.insert(0 if named is None else 1, etree.Element(w("keepNext")))


def finish(
    document: DocxTemplate, stamp: Stamp, title: str, organisation: str, colour: str
) -> bytes:
    """The file: properties and stamp set, the accent in the organisation's colour, bytes fixed.

    An empty `colour` leaves the document's own.
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
    written = io.BytesIO()
    document.docx.save(written)
    return _repacked(written.getvalue(), colour)


def _set_properties(document: DocxTemplate, stamp: Stamp, title: str, organisation: str) -> None:
    """Core properties. Their times stand for the edition: 1 January of the cycle's first year."""
    core = document.docx.core_properties
    core.title = _shortened(title)
    core.author = core.last_modified_by = _shortened(organisation)
    core.subject, core.language = f"Edition {stamp.edition}", "en-GB"
    core.created = core.modified = datetime(stamp.year, 1, 1)
    core.revision = 1


def _shortened(text: str) -> str:
    """A text as a property, which python-docx holds to 255 characters."""
    text = printable(text)
    return text if len(text) <= LONGEST_PROPERTY else f"{text[: LONGEST_PROPERTY - 1]}…"


def _repacked(written: bytes, colour: str) -> bytes:
    """The same parts in a fixed order, with fixed times."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(written)) as source,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        first = ["[Content_Types].xml", "_rels/.rels", "word/document.xml"]
        for name in first + sorted(set(source.namelist()) - set(first)):
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            target.writestr(entry, _coloured(name, source.read(name), colour.lstrip("#").upper()))
    return result.getvalue()


def _coloured(name: str, data: bytes, colour: str) -> bytes:
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
            if node.get(w(f"{themed}Tint")) or node.get(w(f"{themed}Shade")):
                continue
            own = plain or ("val" if node.tag == w("color") else "color")
            node.set(w(own), colour)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
