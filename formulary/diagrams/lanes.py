"""Lanes of boxes in the order of time: tall, one lane under the other; wide, lanes side by side.

Arrows lead from box to box down a lane, and from the last box of a lane to the first of the next.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from formulary.content.guidance import Lane
from formulary.diagrams import svg
from formulary.diagrams.svg import LINE, SIZE, Area, Ink, Point
from formulary.diagrams.typeface import wrap_text

WIDTHS = {"tall": 300.0, "wide": 672.0}
"""Pixels. The wide one is as wide as the text of an A4 page when its words are 10.5 points."""
MOST_ABREAST = 4
"""Lanes side by side; further ones begin a new row."""

BETWEEN = 26.0
"""Between lanes side by side, and between rows: room for an arrow."""
PAD = 9.0
NUMBER = 19.0
"""From the number of a box to its words."""
GAP = 24.0
"""Between boxes: room for an arrow."""


@dataclass(frozen=True)
class PlacedBox(Area):
    """A box with its number and lines."""

    number: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class PlacedLane(Area):
    """A lane with its heading and boxes; `row` counts from 0."""

    heading: tuple[str, ...]
    boxes: tuple[PlacedBox, ...]
    row: int


def draw_parts(
    lanes: tuple[Lane, ...], layout: str, ink: Ink
) -> tuple[list[str], tuple[float, float]]:
    """The elements of the picture, and its width and height in pixels."""
    width = WIDTHS[layout]
    abreast = 1 if layout == "tall" else min(len(lanes), MOST_ABREAST)
    placed = _place_lanes(lanes, width, abreast)
    lowest = {row: max(at.bottom for at in placed if at.row == row) for row in _rows(placed)}
    drawn: list[str] = []
    for lane in placed:
        drawn += _draw_lane(lane, lowest[lane.row], ink)
    for lane, following in pairwise(placed):
        drawn += _draw_link(lane, following, lowest[lane.row], ink)
    return drawn, (width, max(lowest.values()))


def _rows(placed: tuple[PlacedLane, ...]) -> list[int]:
    return sorted({lane.row for lane in placed})


def _place_lanes(lanes: tuple[Lane, ...], width: float, abreast: int) -> tuple[PlacedLane, ...]:
    each = (width - (abreast - 1) * BETWEEN) / abreast
    placed: list[PlacedLane] = []
    top = 0.0
    for start in range(0, len(lanes), abreast):
        row = lanes[start : start + abreast]
        headings = [wrap_text(lane.name, each - 2 * PAD, SIZE, strong=True) for lane in row]
        first = top + PAD + max(len(lines) for lines in headings) * LINE + 6
        for column, (lane, heading) in enumerate(zip(row, headings, strict=True)):
            left = column * (each + BETWEEN)
            boxes = _place_boxes(lane, left + PAD, first, each - 2 * PAD)
            height = boxes[-1].bottom + PAD - top
            placed.append(PlacedLane(left, top, each, height, heading, boxes, start // abreast))
        top = max(lane.bottom for lane in placed) + BETWEEN
    return tuple(placed)


def _place_boxes(lane: Lane, left: float, top: float, width: float) -> tuple[PlacedBox, ...]:
    placed: list[PlacedBox] = []
    for number, box in enumerate(lane.boxes, start=1):
        lines = wrap_text(box.name, width - 2 * PAD - NUMBER, SIZE)
        height = len(lines) * LINE + 2 * PAD - 2
        placed.append(PlacedBox(left, top, width, height, number, lines))
        top = placed[-1].bottom + GAP
    return tuple(placed)


def _draw_lane(lane: PlacedLane, bottom: float, ink: Ink) -> list[str]:
    """The lane's ground and heading, its boxes, and the arrows between them."""
    drawn = [svg.ground(replace(lane, height=bottom - lane.top), ink)]
    drawn += svg.words(lane.heading, (lane.left + PAD, lane.top + PAD - 1), strong=True)
    for box in lane.boxes:
        drawn.append(svg.box(box, ink))
        text = box.top + PAD - 2
        drawn += svg.words([str(box.number)], (box.left + PAD, text), strong=True)
        drawn += svg.words(box.lines, (box.left + PAD + NUMBER, text))
    for box, following in pairwise(lane.boxes):
        start, end = (box.middle[0], box.bottom), (box.middle[0], following.top)
        drawn += _draw_along([start, end], ink)
    return drawn


def _draw_link(lane: PlacedLane, following: PlacedLane, bottom: float, ink: Ink) -> list[str]:
    """From the last box of a lane to the first of the next, between the lanes."""
    last, first = lane.boxes[-1], following.boxes[0]
    middle = last.middle[0]
    if lane.row == following.row:
        between = lane.right + BETWEEN / 2
        here, there = last.top + PAD + LINE / 2 - 2, first.top + PAD + LINE / 2 - 2
        across = (last.right, here), (between, here)
        return _draw_along([*across, (between, there), (first.left, there)], ink)
    if lane.left == following.left:
        # The arrow ends at the lane: its heading comes first.
        return _draw_along([(middle, last.bottom), (middle, following.top)], ink)
    between = bottom + BETWEEN / 2
    down = (middle, last.bottom), (middle, between)
    aside = following.middle[0]
    return _draw_along([*down, (aside, between), (aside, following.top)], ink)


def _draw_along(points: list[Point], ink: Ink) -> list[str]:
    """An arrow through points that lie above or beside each other."""
    (x1, y1), (x2, y2) = points[-2:]
    length = abs(x2 - x1) + abs(y2 - y1)
    along = ((x2 - x1) / length, (y2 - y1) / length)
    stop = (x2 - along[0] * svg.HEAD / 2, y2 - along[1] * svg.HEAD / 2)
    path = "L".join(f"{svg.number(x)} {svg.number(y)}" for x, y in [*points[:-1], stop])
    return svg.arrow(f"M{path}", (x2, y2), along, ink)
