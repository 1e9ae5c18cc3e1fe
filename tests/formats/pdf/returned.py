"""What programs make of a PDF form before it comes back, and PDFs that are no form of ours."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf

Edit = Callable[[pikepdf.Pdf], None]


def edited(data: bytes, edit: Edit, **saving: Any) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        edit(document)
        document.save(out, **saving)
    return out.getvalue()


def field(document: pikepdf.Pdf, name: str) -> Any:
    return next(one for one in document.Root.AcroForm.Fields if str(one.get("/T")) == name)


def nothing(document: pikepdf.Pdf) -> None:
    """Only save it, as another program does."""


def flat(document: pikepdf.Pdf) -> None:
    document.flatten_annotations("all")
    if "/AcroForm" in document.Root:
        del document.Root.AcroForm
    for page in document.pages:
        if "/Annots" in page:
            del page.Annots


def printed(document: pikepdf.Pdf) -> None:
    flat(document)
    del document.trailer["/Info"]


def made(build: Edit) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    build(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def scan(document: pikepdf.Pdf) -> None:
    image = document.make_stream(bytes(300))
    image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    image.Width, image.Height, image.BitsPerComponent = 10, 10, 8
    image.ColorSpace = pikepdf.Name.DeviceRGB
    page = document.pages[0]
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
    page.Contents = document.make_stream(b"q 500 0 0 700 0 0 cm /Im0 Do Q")


def xfa(document: pikepdf.Pdf) -> None:
    packet = document.make_stream(b"<xdp/>")
    document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(), XFA=packet)


def portfolio(document: pikepdf.Pdf) -> None:
    document.Root.Collection = pikepdf.Dictionary()
