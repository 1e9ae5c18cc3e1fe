"""The last touches that a document needs, form or policy, and its bytes.

A document comes in as a pikepdf tree: row headers are marked, tab order set, the stamp put in; no
date and no chance value goes out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, Pdf

from formulary.formats.pdf.memory import memory_file
from formulary.formats.pdf.names import stamp_entries
from formulary.model.stamp import Stamp

_PRODUCER = "Formulary"
_VERSION = "1.7"


@contextmanager
def opened(document: bytes) -> Iterator[Pdf]:
    """The document, ready to be changed, with its tags."""
    with memory_file(document) as (file, access), Pdf.open(file, access_mode=access) as pdf:
        yield pdf


def finished(pdf: Pdf, stamp: Stamp, *, as_typeset: bool = True) -> bytes:
    """The bytes of the document with tab order, row headers and stamp; equal on every run.

    Where it is not `as_typeset` by Typst, its tags and its tab order are its own.
    """
    if as_typeset:
        for page in pdf.pages:
            page.obj["/Tabs"] = Name.S  # PDF/UA-1, 7.18.3
        mark_row_headers(pdf)
    title = str(pdf.docinfo.get("/Title", ""))
    entries = {"/Title": title, "/Producer": _PRODUCER, **stamp_entries(stamp)}
    pdf.trailer["/Info"] = pdf.make_indirect(Dictionary(entries))
    with memory_file() as (file, _):
        # one table of objects and none inside streams: `fill` puts its updates behind such a file
        pdf.save(
            file,
            force_version=_VERSION,
            fix_metadata_version=False,
            object_stream_mode=ObjectStreamMode.disable,
            deterministic_id=True,
        )
        file.seek(0)
        return file.read()


def page_count(document: bytes) -> int:
    """How many pages a PDF document has."""
    with opened(document) as pdf:
        return len(pdf.pages)


def mark_row_headers(pdf: Pdf) -> None:
    """Make the first cell of each body row the header of its row (PDF 1.7, 14.8.5.7; Scope).

    A row is whatever object says so in `/S`; Typst keeps each structure element as one of its own.
    """
    for element in pdf.objects:
        if isinstance(element, Dictionary) and element.get("/S") == "/TR":
            cells = _listed(element.get("/K"))
            if len(cells) > 1 and cells[0].get("/S") == "/TD":
                cells[0]["/S"] = Name.TH
                _set_scope(cells[0])


def _set_scope(cell: Object) -> None:
    attributes = _listed(cell.get("/A"))
    tables = [one for one in attributes if one.get("/O") == "/Table"]
    if not tables:
        tables = [Dictionary(O=Name.Table)]
        attributes += tables
    tables[0]["/Scope"] = Name.Row
    cell["/A"] = Array(attributes)


def _listed(found: Object | None) -> list[Object]:
    """The entries of an array; one thing stands for an array of itself (PDF 1.7, table 323)."""
    if found is None:
        return []
    return list(found) if isinstance(found, Array) else [found]
