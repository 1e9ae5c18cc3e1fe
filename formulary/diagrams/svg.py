"""Write the parts of a picture (boxes, arrows, words) as SVG elements.

Lengths are pixels of the picture. Lines and words take their colours from an `Ink`, so that one
drawing serves pages in light and dark and documents in fixed ink.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass

from formulary.diagrams.colour import DARK, ink
from formulary.diagrams.typeface import FAMILY

SIZE = 15
"""The size of the words: never smaller than this where a page is 320 pixels wide."""
LINE = 18
"""From one line of words to the next."""
HEAD = 9
"""The length of an arrow's head."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Ink:
    """The colours of a picture.

    `words` and `edges` are colours; `tint` fills an area behind words with `strength` from 0 to 1.
    `family` is the typeface, or empty where the page's own is taken.
    """

    words: str
    edges: str
    tint: str
    strength: float
    family: str


PAGE = Ink("currentColor", "currentColor", "currentColor", 0.07, "")
"""For pages: everything in the colour of the words around, whether the page is light or dark."""


def document_ink(colour: str) -> Ink:
    """For documents: near-black words, edges in the organisation's colour where that is dark."""
    edges = ink(colour)
    return Ink(DARK, edges, edges, 0.08, FAMILY)


@dataclass(frozen=True)
class Picture:
    """A drawn diagram: an SVG element on lines without empty ones, its size in pixels, its words.

    `title` and `alt` are what the drawing says to those who do not see it.
    """

    svg: str
    width: float
    height: float
    title: str
    alt: str


@dataclass(frozen=True)
class Area:
    """A rectangle of a picture, by its upper left corner and its size."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def middle(self) -> Point:
        return self.left + self.width / 2, self.top + self.height / 2


def picture(
    id: str, title: str, alt: str, size: tuple[float, float], parts: Iterable[str], ink: Ink
) -> Picture:
    """The parts as one image with a name and a description (SVG 2, 5.7; WCAG 2.2, 1.1.1)."""
    width, height = size
    family = f' font-family="{html.escape(ink.family)}"' if ink.family else ""
    svg = "\n".join(
        [
            f'<svg class="diagram" viewBox="0 0 {number(width)} {number(height)}" role="img" '
            f'aria-labelledby="{id}--title {id}--description" width="{number(width)}" '
            f'height="{number(height)}" font-size="{SIZE}"{family} fill="{ink.words}" '
            'xmlns="http://www.w3.org/2000/svg">',
            f'<title id="{id}--title">{html.escape(title)}</title>',
            f'<desc id="{id}--description">{html.escape(alt)}</desc>',
            *parts,
            "</svg>",
        ]
    )
    return Picture(svg, width, height, title, alt)


def words(
    lines: Iterable[str], at: Point, *, anchor: str = "start", strong: bool = False
) -> list[str]:
    """Lines of text, the first line's top at `at`."""
    x, top = at
    weight = ' font-weight="600"' if strong else ""
    middle = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return [
        f'<text x="{number(x)}" y="{number(top + place * LINE + LINE - 5)}"{middle}{weight}>'
        f"{html.escape(line)}</text>"
        for place, line in enumerate(lines)
    ]


def box(area: Area, ink: Ink) -> str:
    """A box with an edge."""
    return (
        f'<rect class="diagram-box" {_place(area)} rx="5" fill="none" stroke="{ink.edges}" '
        'stroke-width="1.5"/>'
    )


def ground(area: Area, ink: Ink) -> str:
    """A tinted area without an edge."""
    return (
        f'<rect class="diagram-ground" {_place(area)} rx="8" fill="{ink.tint}" '
        f'fill-opacity="{ink.strength}"/>'
    )


def ring(centre: Point, radius: float, ink: Ink) -> str:
    """A circle around a number."""
    x, y = centre
    return (
        f'<circle class="diagram-box" cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" '
        f'fill="none" stroke="{ink.edges}" stroke-width="1.5"/>'
    )


def arrow(path: str, end: Point, along: Point, ink: Ink) -> list[str]:
    """A line along `path`, and at `end` a head that points `along` (a step of length one)."""
    (x, y), (dx, dy) = end, along
    back = (x - dx * HEAD, y - dy * HEAD)
    wing = (-dy * HEAD * 0.55, dx * HEAD * 0.55)
    head = [
        (x, y),
        (back[0] + wing[0], back[1] + wing[1]),
        (back[0] - wing[0], back[1] - wing[1]),
    ]
    points = " ".join(f"{number(px)},{number(py)}" for px, py in head)
    return [
        f'<path class="diagram-arrow" d="{path}" fill="none" stroke="{ink.edges}" '
        'stroke-width="2"/>',
        f'<polygon class="diagram-head" points="{points}" fill="{ink.edges}"/>',
    ]


def number(value: float) -> str:
    """A length as SVG writes it, to a tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0")


def _place(area: Area) -> str:
    lengths = {"x": area.left, "y": area.top, "width": area.width, "height": area.height}
    return " ".join(f'{name}="{number(length)}"' for name, length in lengths.items())
