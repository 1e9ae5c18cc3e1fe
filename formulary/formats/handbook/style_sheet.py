"""Work out every shade of the theme from one colour, and write them as a style sheet.

A reader needs 4.5:1 for words and 3:1 for the edges of things (WCAG 2.2, 1.4.3 and 1.4.11). The
colour itself is as dark as `check` asks (7:1 on white), so that words in it can be read on the tint
too.
"""

from __future__ import annotations

from dataclasses import dataclass

from formulary.diagrams.colour import WHITE, channels, contrast

NIGHT = "#1d1920"
"""The page in dark colours; `theme/assets/extra.css` sets the same as `--page`."""
BLACK = "#000000"
COLOURS = "assets/colours.css"
"""Where the style sheet is in a site."""


@dataclass(frozen=True)
class Shades:
    """An organisation's colours, each such as #1d4f91."""

    colour: str
    """Buttons, bars and the band at the top in light colours, with white words on them."""
    tint: str
    """The ground of what is chosen, in light colours."""
    dark_fill: str
    """Buttons and bars in dark colours, with white words on them."""
    dark_text: str
    """Links and marks in dark colours."""
    dark_tint: str
    dark_band: str


def make_shades(colour: str) -> Shades:
    """The shades of a colour that is dark enough for white words."""
    return Shades(
        colour=colour,
        tint=mix(WHITE, colour, 0.07),
        dark_fill=lighten_until(colour, 3),
        dark_text=lighten_until(colour, 8),
        dark_tint=mix(NIGHT, colour, 0.28),
        dark_band=mix(BLACK, colour, 0.72),
    )


def lighten_until(colour: str, ratio: float) -> str:
    """The colour with as little white, in steps of 2 %, as gives `ratio` against the dark page."""
    mixed = (mix(colour, WHITE, step / 50) for step in range(51))
    return next(shade for shade in mixed if contrast(shade, NIGHT) >= ratio)


def mix(one: str, other: str, share: float) -> str:
    """`one` with a share, from 0 to 1, of `other`."""
    pairs = zip(channels(one), channels(other), strict=True)
    return "#" + "".join(f"{round(255 * (a + (b - a) * share)):02x}" for a, b in pairs)


def make_style_sheet(colour: str) -> str:
    """The custom properties from which the theme takes those of its light and dark colours."""
    shades = make_shades(colour)
    return (
        "/* Made from the organisation’s colour. */\n"
        ":root {\n"
        f"  --org-light: {shades.colour};\n"
        f"  --org-tint-light: {shades.tint};\n"
        f"  --org-dark: {shades.dark_fill};\n"
        f"  --org-text-dark: {shades.dark_text};\n"
        f"  --org-tint-dark: {shades.dark_tint};\n"
        f"  --band-dark: {shades.dark_band};\n"
        "}\n"
    )
