"""Every shade of the theme is worked out from one colour, by the measures of WCAG."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from formulary.check.colours import colour_problems
from formulary.content.loading import load
from formulary.diagrams.colour import NIGHT, contrast, make_shades, mix
from formulary.formats.handbook.masthead import words_of_plate

DESIGNED = {
    "#00594f": ("#edf3f3", "#94b9b5", 8.1),
    "#7a2230": ("#f6f0f1", "#ccabb0", 8.3),
    "#0b5345": ("#eef3f2", "#99b7b1", 8.1),
    "#5b2a66": ("#f4f0f4", "#c1aec5", 8.4),
    "#0a4a55": ("#eef2f3", "#9db7bb", 8.2),
}
"""Colour -> tint, links in dark colours and their contrast, as the design was drawn."""


@pytest.mark.parametrize("colour", DESIGNED)
def test_the_shades_are_those_of_the_design(colour: str) -> None:
    tint, dark_text, ratio = DESIGNED[colour]
    shades = make_shades(colour)
    assert (shades.tint, shades.dark_text) == (tint, dark_text)
    assert round(contrast(dark_text, NIGHT), 1) == ratio


@pytest.mark.parametrize("colour", [*DESIGNED, "#1d4f91", "#6b4a12", "#000000", "#595959"])
def test_words_and_edges_can_be_told_from_what_is_behind_them(colour: str) -> None:
    shades = make_shades(colour)
    assert contrast(colour, shades.tint) >= 4.5
    assert contrast(shades.dark_text, shades.dark_tint) >= 4.5
    assert contrast("#ffffff", shades.dark_fill) >= 4.5
    assert contrast(shades.dark_fill, NIGHT) >= 3
    assert contrast("#ffffff", shades.dark_band) >= 4.5


def test_a_share_of_nothing_or_all() -> None:
    assert mix("#123456", "#ffffff", 0) == "#123456"
    assert mix("#123456", "#ffffff", 1) == "#ffffff"


@pytest.mark.parametrize(("colour", "said"), [("#595959", []), ("#5a5a5a", ["6.8:1"])])
def test_a_pale_colour_is_reported(colour: str, said: list[str]) -> None:
    own = load(Path(__file__).parents[3])[0].organisations[0]
    item = own.organisation.item.model_copy(update={"colour": colour})
    given = replace(own, organisation=replace(own.organisation, item=item))
    found = [problem.message.split()[-1] for problem in colour_problems(given)]
    assert found == said


@pytest.mark.parametrize(
    ("short", "plate"),
    [
        ("CW&C", "CW&C"),
        ("St Mary’s CE", "St Mary’s CE"),
        ("Calendar Primary School", "CPS"),
        ("Bartholomew’s", "B"),
        ("Ysgol y Môn (Gogledd)", "YM"),
        ("a very long name of a school", "A"),
    ],
)
def test_the_plate_shows_as_much_of_a_name_as_it_has_room_for(short: str, plate: str) -> None:
    assert words_of_plate(short) == plate
