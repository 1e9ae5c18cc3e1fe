"""Measure the contrast of colours such as #1d4f6e, and work out shades that can be read.

Contrast is calculated as WCAG 2.2 defines it (relative luminance, success criterion 1.4.3).
"""

from __future__ import annotations

from dataclasses import dataclass

WHITE = "#ffffff"
BLACK = "#000000"
DARK = "#1b1b1b"
"""The colour of words on paper."""
NIGHT = "#1d1920"
"""The page in dark colours; the style sheets of pages set the same as `--page`."""

_TEXT_CONTRAST = 4.5


def ink(colour: str) -> str:
    """The organisation's colour where words in it can be read on white (4.5:1), else near-black."""
    return colour if contrast(colour, WHITE) >= _TEXT_CONTRAST else DARK


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance of a colour, from 0 (black) to 1 (white)."""
    red, green, blue = (_linear(channel) for channel in channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def channels(colour: str) -> tuple[float, float, float]:
    """Red, green and blue, each from 0 to 1."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


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
