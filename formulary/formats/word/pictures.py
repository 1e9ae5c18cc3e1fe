"""Write a logo, or a `Figure` of the running text, as Word's own XML, with its picture as PNG.

Word has no way to show SVG everywhere, so the picture is pixels; the list beside it is the text.
"""

from __future__ import annotations

import io

from docxtpl import DocxTemplate
from markupsafe import Markup

from formulary.content.logo import Logo
from formulary.diagrams.draw import POINTS, draw, png
from formulary.diagrams.svg import Picture, document_ink
from formulary.edition.text import Figure
from formulary.formats.word.ooxml import printable

_EMU = 12700
"""English Metric Units to a point (ECMA-376 part 1, 20.1.2.1)."""

_LOGO_HEIGHT, _LOGO_WIDTH = 42.5, 113.4
"""Points: 15 mm and 40 mm, the room for a logo."""

_LOGO_NUMBER = 1_000_000
"""Beyond the numbers of the other pictures of a paper."""


def is_broad(figure: Figure) -> bool:
    """Whether the picture takes the whole width of the page, and not that of a clause's text."""
    return figure.diagram.kind == "lanes"


def picture(document: DocxTemplate, figure: Figure, number: int, colour: str) -> Markup:
    """A run that holds the picture, its description with it (20.4.2.8 inline, 20.4.2.5 docPr).

    `number` is unique among the pictures of the document; `colour` is that of edges.
    """
    drawn = draw(figure.diagram, document_ink(colour), "wide")
    size = drawn.width * POINTS, drawn.height * POINTS
    return _inline(document, png(drawn), number, size, drawn.title, drawn.alt)


def logo_run(document: DocxTemplate, logo: Logo, organisation: str) -> Markup:
    """A run that holds the logo of an organisation, which is its description, 15 mm high."""
    height = min(_LOGO_HEIGHT, _LOGO_WIDTH * logo.height / logo.width)
    width = height * logo.width / logo.height
    data = logo.data
    if logo.ending == "svg":
        size = width / POINTS, height / POINTS
        data = png(Picture(data.decode(), *size, organisation, organisation))
    return _inline(document, data, _LOGO_NUMBER, (width, height), organisation, organisation)


def _inline(
    document: DocxTemplate,
    data: bytes,
    number: int,
    points: tuple[float, float],
    title: str,
    alt: str,
) -> Markup:
    relation, _ = document.docx.part.get_or_add_image(io.BytesIO(data))
    width, height = (round(side * _EMU) for side in points)
    return Markup(
        "<w:r><w:drawing>"
        '<wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
        'wordprocessingDrawing" distT="0" distB="0" distL="0" distR="0">'
        '<wp:extent cx="{width}" cy="{height}"/>'
        '<wp:docPr id="{number}" name="Picture {number}" descr="{alt}" title="{title}"/>'
        '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        '<pic:nvPicPr><pic:cNvPr id="{number}" name="Picture {number}"/><pic:cNvPicPr/>'
        "</pic:nvPicPr>"
        '<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch>'
        "</pic:blipFill>"
        '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    ).format(
        width=width,
        height=height,
        number=number,
        relation=relation,
        alt=printable(alt),
        title=printable(title),
    )
