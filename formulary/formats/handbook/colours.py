"""The organisation's colour, made readable: a colour comes in, a style sheet goes out.

Contrast is reckoned as WCAG 2.2 defines it (relative luminance, success criterion 1.4.3).
"""

from __future__ import annotations

PAPER = "#ffffff"
NIGHT = "#161b21"
"""The background of the dark scheme; `theme/assets/extra.css` sets the same."""


def luminance(colour: str) -> float:
    """The relative luminance of `#rrggbb`, from 0 (black) to 1 (white)."""
    red, green, blue = (_linear(part) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable(colour: str, background: str, ratio: float) -> str:
    """The colour, moved towards black or white only as far as `ratio` against `background` asks."""
    aim = "#000000" if luminance(background) > 0.18 else "#ffffff"
    for step in range(101):
        mixed = _mixed(colour, aim, step / 100)
        if contrast(mixed, background) >= ratio:
            return mixed
    return aim


def style_sheet(colour: str) -> str:
    """The custom properties that the theme reads, for the light and the dark scheme."""
    light = readable(colour, PAPER, 6.5)
    return (
        "/* Made from the organisation’s colour. */\n"
        ":root {\n"
        f"  --handbook-accent-light: {light};\n"
        f"  --handbook-accent-dark: {readable(colour, NIGHT, 8)};\n"
        "}\n"
    )


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _mixed(colour: str, aim: str, share: float) -> str:
    pairs = zip(_parts(colour), _parts(aim), strict=True)
    return "#" + "".join(f"{round(255 * (a + (b - a) * share)):02x}" for a, b in pairs)
