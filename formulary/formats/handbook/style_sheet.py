"""Make the style sheet of the theme that holds the organisation’s colours."""

from __future__ import annotations

from formulary.diagrams.colour import WHITE, channels, contrast, luminance

NIGHT = "#161b21"
"""The background of the dark scheme; `theme/assets/extra.css` sets the same."""
COLOURS = "assets/colours.css"
"""Where the style sheet is in a site."""


def make_readable(colour: str, background: str, ratio: float) -> str:
    """The colour, moved towards black or white only as far as `ratio` against `background` asks."""
    aim = "#000000" if luminance(background) > 0.18 else "#ffffff"
    for step in range(101):
        mixed = _mix(colour, aim, step / 100)
        if contrast(mixed, background) >= ratio:
            return mixed
    return aim


def make_style_sheet(colour: str) -> str:
    """The custom properties that the theme reads, for the light and the dark scheme."""
    light = make_readable(colour, WHITE, 6.5)
    return (
        "/* Made from the organisation’s colour. */\n"
        ":root {\n"
        f"  --handbook-accent-light: {light};\n"
        f"  --handbook-accent-dark: {make_readable(colour, NIGHT, 8)};\n"
        "}\n"
    )


def _mix(colour: str, aim: str, share: float) -> str:
    pairs = zip(channels(colour), channels(aim), strict=True)
    return "#" + "".join(f"{round(255 * (a + (b - a) * share)):02x}" for a, b in pairs)
