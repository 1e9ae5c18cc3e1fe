"""PDF documents as files: opened from bytes, and written with their last touches.

No date and no chance value gets into the bytes.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from pikepdf import AccessMode, Array, Dictionary, Name, Object, ObjectStreamMode, Pdf

from formulary.documents.stamp import Stamp
from formulary.formats.pdf.conventions import stamp_entries

_PRODUCER = "Formulary"
_VERSION = "1.7"


@contextmanager
def memory_file(data: bytes = b"") -> Iterator[tuple[BinaryIO, AccessMode]]:
    """A file that holds `data`, to be read and written, and how pikepdf is to open it.

    On Linux it is one of the system's, which qpdf reads and writes without Python in between.
    """
    if not hasattr(os, "memfd_create"):
        yield io.BytesIO(data), AccessMode.stream
        return
    with os.fdopen(os.memfd_create("document"), "w+b") as file:
        file.write(data)
        file.seek(0)
        yield file, AccessMode.mmap


@contextmanager
def open_document(document: bytes) -> Iterator[Pdf]:
    """The document, ready to be changed, with its tags."""
    with memory_file(document) as (file, access), Pdf.open(file, access_mode=access) as pdf:
        yield pdf


def write_document(pdf: Pdf, stamp: Stamp, *, as_typeset: bool = True) -> bytes:
    """The bytes of the document with tab order, row headers and stamp; equal on every run.

    Where it is not `as_typeset` by Typst, its tags and its tab order are its own.
    """
    if as_typeset:
        for page in pdf.pages:
            page.obj["/Tabs"] = Name.S  # PDF/UA-1, 7.18.3
        mark_row_headers(pdf)
        _name_paragraphs(pdf.Root["/StructTreeRoot"])
    title = str(pdf.docinfo.get("/Title", ""))
    entries = {"/Title": title, "/Producer": _PRODUCER, **stamp_entries(stamp)}
    pdf.trailer["/Info"] = pdf.make_indirect(Dictionary(entries))
    with memory_file() as (file, _):
        # one table of objects, and none inside streams: `prefill` puts its updates behind that
        pdf.save(
            file,
            force_version=_VERSION,
            fix_metadata_version=False,
            object_stream_mode=ObjectStreamMode.disable,
            deterministic_id=True,
        )
        file.seek(0)
        return file.read()


def count_pages(document: bytes) -> int:
    """How many pages a PDF document has."""
    with open_document(document) as pdf:
        return len(pdf.pages)


def mark_row_headers(pdf: Pdf) -> None:
    """Make the first cell of each body row the header of its row (ISO 32000-2, 14.8.5.7, Scope).

    A row is whatever object says so in `/S`; Typst keeps each structure element as one of its own.
    """
    for element in pdf.objects:
        if isinstance(element, Dictionary) and element.get("/S") == "/TR":
            cells = _as_list(element.get("/K"))
            if len(cells) > 1 and cells[0].get("/S") == "/TD":
                cells[0]["/S"] = Name.TH
                attributes = _as_list(cells[0].get("/A"))
                for one in attributes:
                    if one.get("/O") == "/Table":
                        one["/Scope"] = Name.Row
                cells[0]["/A"] = Array(attributes)


_INLINE = ("/Span", "/Strong", "/Em", "/Link")
"""What is a part of a line (ISO 32000-2, 14.8.4.7)."""


def _name_paragraphs(element: Object) -> None:
    """Make paragraphs of the groups that hold a line, and take the other groups out.

    Typst makes a Div of each of its blocks, up to six deep. One that holds content of its own,
    without an element, is kept.
    """
    kids: list[Object] = []
    waiting = list(reversed(_as_list(element.get("/K"))))
    while waiting:
        kid = waiting.pop()
        inner = _as_list(kid.get("/K")) if _is_element(kid) else []
        if not inner or kid.get("/S") != "/Div" or "/A" in kid or not all(map(_is_element, inner)):
            kids.append(kid)
        elif not all(one["/S"] in _INLINE for one in inner):
            waiting += reversed(inner)
        else:
            kid["/S"] = Name.P
            kids += [kid] if inner[1:] else inner
    elements = [kid for kid in kids if _is_element(kid)]
    beside_blocks = any(kid["/S"] not in _INLINE for kid in elements)
    for kid in elements:
        kid["/P"] = element
        if kid["/S"] == "/Span" and beside_blocks:
            kid["/S"] = Name.P
        _name_paragraphs(kid)
    if kids:
        element["/K"] = Array(kids)


def _is_element(found: Object) -> bool:
    return isinstance(found, Dictionary) and "/S" in found


def _as_list(found: Object | None) -> list[Object]:
    """The entries of an array; a single one has no array (ISO 32000-2, table 355)."""
    if found is None:
        return []
    return list(found) if isinstance(found, Array) else [found]
