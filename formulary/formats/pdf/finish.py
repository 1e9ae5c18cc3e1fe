"""The last touches that a typeset document needs, form or policy, and its bytes.

Typst's document comes in as a pypdf writer: row headers are marked, tab order set, the stamp put
in; no date and no chance value goes out.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
)

from formulary.formats.pdf.embed import dictionary
from formulary.formats.pdf.names import stamp_entries
from formulary.model.stamp import Stamp

_PRODUCER = "Formulary"
_HEADER = "%PDF-1.7"


def opened(document: bytes) -> PdfWriter:
    """The document, ready to be changed, with its tags."""
    return PdfWriter(clone_from=PdfReader(io.BytesIO(document)))


def finished(writer: PdfWriter, stamp: Stamp, *, as_typeset: bool = True) -> bytes:
    """The bytes of the document with tab order, row headers and stamp; equal on every run.

    Where it is not `as_typeset` by Typst, its tags and its tab order are its own.
    """
    if as_typeset:
        for page in writer.pages:
            page[NameObject("/Tabs")] = NameObject("/S")  # PDF/UA-1, 7.18.3
        mark_row_headers(writer)
    title = writer.metadata.title if writer.metadata else None
    writer.metadata = None
    writer.add_metadata({"/Title": title or "", "/Producer": _PRODUCER, **stamp_entries(stamp)})
    writer.pdf_header = _HEADER
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def page_count(document: bytes) -> int:
    """How many pages a PDF document has."""
    return len(PdfReader(io.BytesIO(document)).pages)


def elements(writer: PdfWriter) -> Iterator[DictionaryObject]:
    """Every structure element in reading order (PDF 1.7, 14.7.2)."""
    tree = writer.root_object.get("/StructTreeRoot")
    if tree is not None:
        yield from _below(tree.get_object())


def _below(parent: DictionaryObject) -> Iterator[DictionaryObject]:
    children = parent.get("/K")
    children = children.get_object() if children is not None else None
    for child in children if isinstance(children, ArrayObject) else [children]:
        found = child.get_object() if child is not None else None
        if isinstance(found, DictionaryObject) and "/S" in found:
            yield found
            yield from _below(found)


def mark_row_headers(writer: PdfWriter) -> None:
    """Make the first cell of each body row the header of its row (PDF 1.7, 14.8.5.7; Scope)."""
    for element in elements(writer):
        if str(element["/S"]) != "/TR":
            continue
        cells = _children(element)
        if len(cells) > 1 and str(cells[0].get("/S")) == "/TD":
            cells[0][NameObject("/S")] = NameObject("/TH")
            _set_scope(cells[0])


def _set_scope(cell: DictionaryObject) -> None:
    attributes = cell.get("/A")
    found = attributes.get_object() if attributes is not None else ArrayObject()
    owned = found if isinstance(found, ArrayObject) else ArrayObject([found])
    tables = [a.get_object() for a in owned if a.get_object().get("/O") == "/Table"]
    if not tables:
        tables = [dictionary({"/O": NameObject("/Table")})]
        owned.append(tables[0])
    tables[0][NameObject("/Scope")] = NameObject("/Row")
    cell[NameObject("/A")] = owned


def _children(element: DictionaryObject) -> list[DictionaryObject]:
    children = element.get("/K")
    found = children.get_object() if children is not None else ArrayObject()
    parts = found if isinstance(found, ArrayObject) else [found]
    objects = (part.get_object() for part in parts)
    return [part for part in objects if isinstance(part, DictionaryObject)]
