"""Open a template in Word (a house document or an organisation's own) and render it with values."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docx.opc.exceptions import PackageNotFoundError
from docx.opc.packuri import PackURI
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from formulary.formats.word.ooxml import WORD, Element, printable, w
from formulary.problems import OutputError


class _Template(DocxTemplate):  # type: ignore[misc]  # docxtpl ships no types
    """docxtpl's template, less the work that would give the same again for every document."""

    def patch_xml(self, src_xml: str) -> str:
        """A part with its tags cleared of Word's own marks."""
        return _patch(src_xml)

    def resolve_listing(self, xml: str) -> str:
        """A rendered part with Word's marks for tabs, line ends and page breaks in its words."""
        return str(super().resolve_listing(xml)) if _LISTING.search(xml) else xml


_LISTING = re.compile(r"[\t\a\n\f]")


@lru_cache(maxsize=32)
def _patch(part: str) -> str:
    return str(DocxTemplate("").patch_xml(part))


def open_template(path: Path) -> DocxTemplate:
    """Open a house document or an organisation's own; OutputError where it cannot be read."""
    if not path.is_file():
        raise OutputError(f"The {_describe(path)} is not there.")
    document = _Template(str(path))
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
            f"The {_describe(path)} is not a Word document: {error}. "
            "Open it in Word, without a password, and save it as a Word document (.docx), "
            "not as “Strict Open XML”."
        ) from error
    # some programs name it document2.xml, and our packages have one order of parts
    document.docx.part.partname = PackURI("/word/document.xml")
    return document


def reopen(document: DocxTemplate) -> DocxTemplate:
    """A rendered document as one that can be changed further.

    Rendering puts new headers and footers beside those that python-docx knows.
    """
    written = io.BytesIO()
    document.docx.save(written)
    again = _Template(written)
    again.init_docx()
    return again


def _describe(path: Path) -> str:
    kind = "house document" if path.parent.name == "house" else "document"
    return f"{kind} {path.as_posix()}"


def render(document: DocxTemplate, values: Mapping[str, Any]) -> Element:
    """Render an open house document with `values` and give its body, an lxml element.

    Text in the values is escaped and never a template itself. Raises OutputError where the house
    document asks for a value that is not there.
    """
    _remove_bookmarks(document)
    # docxtpl would escape the title for XML, and python-docx does so again; it is set when the
    # package is written
    document.docx.core_properties.title = ""
    try:
        document.render(dict(values), _environment(), autoescape=True)
    except (TemplateError, etree.XMLSyntaxError, TypeError, LookupError, ArithmeticError) as error:
        called = _describe(Path(str(document.template_file)))
        fault, near = str(error).rstrip("."), _find_paragraph(document, error)
        raise OutputError(
            f"The {called} cannot be used{f' near “{near}”' if near else ''}: {fault}. "
            "Undo the last change to a line in purple."
        ) from error
    body = document.docx.element.body
    _remove_empty_runs(body)
    _lift_tables(body)
    return body


def _remove_bookmarks(document: DocxTemplate) -> None:
    """Word leaves bookmarks of its own where someone last worked; in a loop they would repeat."""
    for mark in list(document.docx.element.body.iter(w("bookmarkStart"), w("bookmarkEnd"))):
        mark.getparent().remove(mark)


class _Templates(SandboxedEnvironment):
    """Reads each part of a house document once, however many documents are made of it."""

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True, finalize=_printable_value)
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


def _find_paragraph(document: DocxTemplate, error: Exception) -> str:
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


def _printable_value(value: Any) -> Any:
    """A value as the template prints it: docxtpl takes control characters for page breaks."""
    return printable(value) if isinstance(value, str) else value


def _remove_empty_runs(body: Element) -> None:
    """Take out the runs that docxtpl leaves on both sides of a `{{r ... }}`."""
    for run in _EMPTY_RUNS(body):
        run.getparent().remove(run)


_EMPTY_RUNS = etree.XPath(
    ".//w:r[not(string())][not(*[not(self::w:rPr or self::w:t)])]", namespaces={"w": WORD}
)


def _lift_tables(body: Element) -> None:
    """Put a table that a run holds (see `prose.lines`) before the paragraph of that run.

    The empty paragraph stays: a cell of a table must end with one (ECMA-376 part 1, 17.4.65 tc).
    """
    for table in list(body.iterfind(f".//{w('r')}/{w('tbl')}")):
        run = table.getparent()
        paragraph = run.getparent()
        paragraph.addprevious(table)
        paragraph.remove(run)


def web_link(document: DocxTemplate, target: str) -> str:
    """The attribute of a `w:hyperlink` to a web address; empty for any other target."""
    if not target.startswith(("https://", "http://")):
        return ""
    return f'r:id="{document.build_url_id(target)}"'
