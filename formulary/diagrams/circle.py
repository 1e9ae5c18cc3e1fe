"""A circle of steps: numbered boxes around a ring, each leading to the next, the last to the first.

The first step is at the top. The others go down on the right and up on the left; where their
number is even, one is at the bottom.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from formulary.diagrams import svg
from formulary.diagrams.svg import LINE, SIZE, Area, Ink, Point
from formulary.diagrams.typeface import wrap_text

WIDTHS = {"tall": 300.0, "wide": 420.0}
BOX = {"tall": 128.0, "wide": 166.0}
"""Pixels: the picture, and the boxes at its sides."""

BADGE = 12
PAD = 9
GAP = 42
"""Between one row of boxes and the next: room for an arrow that can be seen."""
EDGE = 2


@dataclass(frozen=True)
class PlacedStep(Area):
    """A step with its place on the ring: top, right, bottom or left."""

    number: int
    lines: tuple[str, ...]
    at: str


def draw_parts(
    names: tuple[str, ...], layout: str, ink: Ink
) -> tuple[list[str], tuple[float, float]]:
    """The elements of the picture, and its width and height in pixels."""
    width = WIDTHS[layout]
    placed = _place_steps(names, width, BOX[layout])
    drawn: list[str] = []
    for step in placed:
        drawn += _draw_step(step, ink)
    if len(placed) > 1:
        for step, following in zip(placed, (*placed[1:], placed[0]), strict=True):
            drawn += _draw_arrow(step, following, ink)
    dip = 40.0 if len(placed) > 2 and len(placed) % 2 else 0.0
    return drawn, (width, max(step.bottom for step in placed) + dip + EDGE)


def _place_steps(names: tuple[str, ...], width: float, side: float) -> tuple[PlacedStep, ...]:
    """Every step in its place, in the order of the steps."""
    count = len(names)
    rows: list[tuple[int, ...]] = [(0,)]
    rows += [(place, count - place) for place in range(1, (count + 1) // 2)]
    rows += [(count // 2,)] if count % 2 == 0 else []
    found: dict[int, PlacedStep] = {}
    top = float(EDGE)
    for row in rows:
        lines = {place: wrap_text(names[place], side - 2 * PAD, SIZE, strong=True) for place in row}
        height = max(_box_height(of) for of in lines.values())
        for place in row:
            at = "right" if len(row) == 2 and place == row[0] else "left"
            if len(row) == 1:
                at = "top" if place == 0 else "bottom"
            left = {"right": width - side - EDGE, "left": float(EDGE)}.get(at, (width - side) / 2)
            found[place] = PlacedStep(left, top, side, height, place + 1, lines[place], at)
        top += height + GAP
    return tuple(found[place] for place in range(count))


def _draw_step(step: PlacedStep, ink: Ink) -> Iterator[str]:
    """The box, its number in a ring, and its name beneath."""
    x = step.middle[0]
    yield svg.ground(step, ink)
    yield svg.box(step, ink)
    top = step.top + (step.height - _box_height(step.lines)) / 2 + PAD
    yield svg.ring((x, top + BADGE), BADGE, ink)
    yield from svg.words([str(step.number)], (x, top + BADGE - LINE / 2), anchor="middle")
    yield from svg.words(step.lines, (x, top + 2 * BADGE + 4), anchor="middle", strong=True)


def _box_height(lines: tuple[str, ...]) -> float:
    """What a box needs around its number and lines."""
    return len(lines) * LINE + 2 * BADGE + 2 * PAD + 6


def _draw_arrow(step: PlacedStep, following: PlacedStep, ink: Ink) -> list[str]:
    """From one box to the next, bent as the ring is."""
    (x1, y1), (x2, y2) = step.middle, following.middle
    way = (step.at, following.at)
    if way in (("top", "right"), ("bottom", "left")):
        outward = 1 if way[0] == "top" else -1
        start = (step.right if outward > 0 else step.left, y1)
        end = (x2, following.top if outward > 0 else following.bottom)
        return _draw_bend(start, (end[0], start[1]), end, (0, outward), ink)
    if way in (("right", "bottom"), ("left", "top")):
        inward = -1 if way[0] == "right" else 1
        start = (x1, step.bottom if inward < 0 else step.top)
        end = (following.right if inward < 0 else following.left, y2)
        return _draw_bend(start, (start[0], end[1]), end, (inward, 0), ink)
    if way == ("right", "left"):
        start, end = (x1, step.bottom), (x2, following.bottom)
        low = max(start[1], end[1]) + 38
        path = _curve(start, (x1, low), (x2, low), end)
        return svg.arrow(path, end, (0, -1), ink)
    # Straight down on the right, up on the left; with two steps, side by side in the middle.
    down = y2 > y1
    aside = 0.0 if way[0] in ("right", "left") else (14.0 if down else -14.0)
    start = (x1 + aside, step.bottom if down else step.top)
    end = (x2 + aside, following.top if down else following.bottom)
    return svg.arrow(_straight(start, end), end, (0, 1 if down else -1), ink)


def _draw_bend(start: Point, corner: Point, end: Point, along: Point, ink: Ink) -> list[str]:
    """A quarter of a ring from `start` to `end`, which stops short for the arrow's head."""
    stop = (end[0] - along[0] * svg.HEAD / 2, end[1] - along[1] * svg.HEAD / 2)
    path = f"M{_at(start)}Q{_at(corner)} {_at(stop)}"
    return svg.arrow(path, end, along, ink)


def _curve(start: Point, one: Point, other: Point, end: Point) -> str:
    stop = (end[0], end[1] + svg.HEAD / 2)
    return f"M{_at(start)}C{_at(one)} {_at(other)} {_at(stop)}"


def _straight(start: Point, end: Point) -> str:
    return f"M{_at(start)}L{_at(end)}"


def _at(point: Point) -> str:
    return f"{svg.number(point[0])} {svg.number(point[1])}"
