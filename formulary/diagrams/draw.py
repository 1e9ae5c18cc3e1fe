"""Draw a `Diagram` as SVG, and turn that into PNG for documents.

Text is text, wrapped by measured widths. Two layouts: tall, 300 pixels wide, for pages down to a
phone; wide, for a page of A4. Colour alone never carries a meaning, and the same data gives the
same bytes.
"""

from __future__ import annotations

from typing import Literal

import typst

from formulary.content.guidance import Diagram
from formulary.diagrams import circle, lanes, svg
from formulary.diagrams.svg import PAGE, Ink, Picture
from formulary.diagrams.typeface import FAMILY, font_folder
from formulary.edition.text import number_in_words

Layout = Literal["tall", "wide"]

POINTS = 0.7
"""Points to a pixel in documents: words of 15 pixels are then 10.5 points high, as the body is."""

PNG_DPI = 200


def draw(diagram: Diagram, ink: Ink = PAGE, layout: Layout = "tall") -> Picture:
    """The diagram's picture; for a document take `svg.document_ink` and the layout “wide”."""
    if diagram.kind == "circle":
        names = tuple(step.name for step in diagram.steps)
        parts, size = circle.draw_parts(names, layout, ink)
    else:
        parts, size = lanes.draw_parts(diagram.lanes, layout, ink)
    return svg.picture(diagram.id, diagram.title, describe(diagram), size, parts, ink)


def describe(diagram: Diagram) -> str:
    """The picture in a sentence or two, for those who do not see it."""
    rest = "The list after the picture says the same in words."
    if diagram.kind == "circle":
        names = "; ".join(f"{place} {step.name}" for place, step in enumerate(diagram.steps, 1))
        count = number_in_words(len(diagram.steps))
        return f"A circle of {count} steps: {names}; and back to the first. {rest}"
    names = "; ".join(lane.name for lane in diagram.lanes)
    count = number_in_words(len(diagram.lanes))
    boxes = sum(len(lane.boxes) for lane in diagram.lanes)
    if len(diagram.lanes) == 1:
        return f"{boxes} numbered boxes, one under the other: {names}. {rest}"
    return f"{boxes} numbered boxes in {count} lanes, in order of time: {names}. {rest}"


def png(picture: Picture) -> bytes:
    """The picture on white at 200 dots an inch, `POINTS` to a pixel; its ink must be fixed."""
    width, height = picture.width * POINTS, picture.height * POINTS
    source = (
        f"#set page(width: {width:.2f}pt, height: {height:.2f}pt, margin: 0pt, fill: white)\n"
        f'#set text(font: "{FAMILY}")\n'
        '#image(bytes(sys.inputs.svg), format: "svg", width: 100%)'
    )
    with font_folder() as fonts:
        made = typst.compile(
            source.encode(),
            font_paths=typst.Fonts(
                include_system_fonts=False,
                include_embedded_fonts=False,
                font_paths=[str(fonts)],
            ),
            sys_inputs={"svg": picture.svg},
            format="png",
            ppi=PNG_DPI,
        )
    assert isinstance(made, bytes)
    return made
