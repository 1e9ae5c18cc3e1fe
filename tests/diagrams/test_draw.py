"""Diagrams as pictures: what they say, where it stands, and the same bytes on every run."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from lxml import etree

from formulary.content.guidance import Box, Diagram
from formulary.diagrams.colour import WHITE, contrast
from formulary.diagrams.draw import PNG_DPI, POINTS, Layout, draw, png
from formulary.diagrams.svg import PAGE, SIZE, document_ink
from formulary.diagrams.typeface import measure_letters
from formulary.documents.paper import diagram_blocks
from formulary.edition.text import Bullets, Figure, plain
from tests.diagrams.samples import EVERY, FLOWCHART, FOUR_STEPS, THREE_STAGES
from tests.helpers import ROOT

SVG = "{http://www.w3.org/2000/svg}"
LAYOUTS: tuple[Layout, ...] = ("tall", "wide")
CASES = [(diagram, layout) for diagram in EVERY for layout in LAYOUTS]
NAMES = [f"{diagram.id}, {layout}" for diagram, layout in CASES]
each = pytest.mark.parametrize(("diagram", "layout"), CASES, ids=NAMES)


def root(diagram: Diagram, layout: Layout) -> Any:
    return etree.fromstring(draw(diagram, PAGE, layout).svg.encode())


def said(diagram: Diagram) -> str:
    """The words of the list beside a picture, without what the list adds."""
    bare = diagram.model_copy(
        update={"steps": tuple(step.model_copy(update={"text": None}) for step in diagram.steps)}
    )
    found = diagram_blocks(bare)[-1]
    assert isinstance(found, Bullets)
    return plain((found,))


@each
def test_the_picture_and_the_list_say_the_same(diagram: Diagram, layout: Layout) -> None:
    texts = [node.text for node in root(diagram, layout).iter(f"{SVG}text")]
    words = " ".join(text for text in texts if not text.isdigit())
    assert sorted(words.split()) == sorted(said(diagram).split())
    boxes = [*diagram.steps, *(box for lane in diagram.lanes for box in lane.boxes)]
    assert sum(text.isdigit() for text in texts) == len(boxes)
    at = 0
    for box in boxes:
        at = words.index(box.name, at) + len(box.name)


@each
def test_it_has_a_name_and_a_description(diagram: Diagram, layout: Layout) -> None:
    picture = root(diagram, layout)
    name, description = picture[0], picture[1]
    assert picture.get("role") == "img"
    assert (name.tag, description.tag) == (f"{SVG}title", f"{SVG}desc")
    assert picture.get("aria-labelledby") == f"{name.get('id')} {description.get('id')}"
    assert name.text == diagram.title
    assert len(description.text) > 60


@each
def test_words_stay_inside_the_picture_and_its_boxes(diagram: Diagram, layout: Layout) -> None:
    picture = root(diagram, layout)
    _, _, width, height = (float(side) for side in picture.get("viewBox").split())
    boxes = [box for box in areas(picture) if box[0] >= 0]
    for x, y, long in stretches(picture):
        assert x >= 0
        assert x + long <= width
        assert SIZE <= y <= height
        assert any(
            left <= x and x + long <= right and top <= y - SIZE * 0.7 and y <= bottom
            for left, top, right, bottom in boxes
        )


def areas(picture: Any) -> Iterator[tuple[float, float, float, float]]:
    for node in picture.iter(f"{SVG}rect"):
        x, y, width, height = (float(node.get(key)) for key in ("x", "y", "width", "height"))
        yield x, y, x + width, y + height


def stretches(picture: Any) -> Iterator[tuple[float, float, float]]:
    """Left, baseline and length of every text."""
    for node in picture.iter(f"{SVG}text"):
        long = measure_letters("Semibold" if node.get("font-weight") else "Regular").of(
            node.text, SIZE
        )
        left = float(node.get("x")) - (long / 2 if node.get("text-anchor") == "middle" else 0)
        yield left, float(node.get("y")), long


@each
def test_boxes_never_touch(diagram: Diagram, layout: Layout) -> None:
    picture = root(diagram, layout)
    rects = picture.findall(f"{SVG}rect[@class='diagram-box']")
    found = [tuple(float(r.get(k)) for k in ("x", "y", "width", "height")) for r in rects]
    for place, (x, y, width, height) in enumerate(found):
        for other_x, other_y, other_width, other_height in found[place + 1 :]:
            apart_x = other_x >= x + width + 20 or x >= other_x + other_width + 20
            apart_y = other_y >= y + height + 20 or y >= other_y + other_height + 20
            assert apart_x or apart_y


@pytest.mark.parametrize("count", range(1, 10))
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_circle_of_any_number_closes(count: int, layout: Layout) -> None:
    steps = tuple(Box(id=f"step-{n}", name=f"Step with a name {n}") for n in range(count))
    diagram = FOUR_STEPS.model_copy(update={"steps": steps})
    heads = root(diagram, layout).findall(f"{SVG}polygon")
    assert len(heads) == (count if count > 1 else 0)
    test_boxes_never_touch(diagram, layout)
    test_words_stay_inside_the_picture_and_its_boxes(diagram, layout)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("count", [1, 2, 5, 9])
def test_lanes_of_any_number_are_joined_in_order(count: int, layout: Layout) -> None:
    lanes = (FLOWCHART.lanes * 3)[:count]
    diagram = FLOWCHART.model_copy(update={"lanes": lanes})
    heads = root(diagram, layout).findall(f"{SVG}polygon")
    assert len(heads) == sum(len(lane.boxes) for lane in lanes) - 1
    test_boxes_never_touch(diagram, layout)
    test_words_stay_inside_the_picture_and_its_boxes(diagram, layout)


def test_a_phone_can_show_it_and_a_page_can_hold_it() -> None:
    for diagram in EVERY:
        assert draw(diagram).width <= 320 - 20
        wide = draw(diagram, layout="wide")
        assert wide.width * POINTS <= 472  # the width of the policy's text
        assert wide.height * POINTS <= 650  # less than the height of a page's text


def test_on_a_page_every_colour_is_that_of_the_words_around() -> None:
    for diagram in EVERY:
        for node in root(diagram, "tall").iter(f"{SVG}*"):
            colours = {node.get(key) for key in ("fill", "stroke")} - {None, "none"}
            assert colours <= {"currentColor"}


def test_in_a_document_lines_can_be_seen_whatever_the_colour() -> None:
    assert contrast(document_ink("#ffd800").edges, WHITE) >= 4.5
    assert document_ink("#1d4f6e").edges == "#1d4f6e"


def test_svg_stays_whole_inside_markdown() -> None:
    for diagram in EVERY:
        assert "\n\n" not in draw(diagram).svg
    assert "&amp; other" in draw(FLOWCHART, layout="tall").svg


def test_the_png_is_as_large_as_it_is_printed_and_not_heavy() -> None:
    image = pytest.importorskip("PIL.Image")
    for diagram in EVERY:
        drawn = draw(diagram, document_ink("#1d4f6e"), "wide")
        data = png(drawn)
        width, height = image.open(io.BytesIO(data)).size
        assert abs(width - drawn.width * POINTS / 72 * PNG_DPI) < 2
        assert abs(height - drawn.height * POINTS / 72 * PNG_DPI) < 2
        assert len(data) < 200_000


def test_the_png_shows_words() -> None:
    """An SVG whose typeface is not found would show boxes and arrows only."""
    image = pytest.importorskip("PIL.Image")
    worded = draw(THREE_STAGES, document_ink("#1d4f6e"), "wide")
    bare = worded.svg.replace("<text", "<desc").replace("</text", "</desc")
    one = image.open(io.BytesIO(png(worded))).convert("L")
    other = image.open(
        io.BytesIO(png(type(worded)(bare, worded.width, worded.height, "", "")))
    ).convert("L")
    dark = [sum(picture.histogram()[:80]) for picture in (one, other)]
    assert dark[0] > dark[1] + 2000


def test_same_bytes_whatever_the_hash_seed() -> None:
    code = (
        "import hashlib;"
        "from formulary.diagrams.draw import draw, png;"
        "from formulary.diagrams.svg import document_ink;"
        "from tests.diagrams.samples import EVERY;"
        "made = [draw(d, document_ink('#1d4f6e'), 'wide') for d in EVERY];"
        "print(hashlib.sha256(b''.join(p.svg.encode() + png(p) for p in made)).hexdigest())"
    )
    seen = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            check=True,
        )
        seen.add(done.stdout)
    assert len(seen) == 1


def test_a_diagram_is_a_picture_and_then_a_list() -> None:
    intro, figure, listed = diagram_blocks(FOUR_STEPS)
    assert plain((intro,)) == "Four steps make the year."
    assert isinstance(figure, Figure)
    assert figure.title == "The four-step cycle"
    assert isinstance(listed, Bullets)
    assert listed.marks == ("1.", "2.", "3.", "4.")
    assert plain(listed.items[2]) == "Monitor and review. The two meet and look at progress."
    lanes = diagram_blocks(FLOWCHART)[-1]
    assert isinstance(lanes, Bullets)
    assert [len(item) for item in lanes.items] == [2, 2, 2, 2]
