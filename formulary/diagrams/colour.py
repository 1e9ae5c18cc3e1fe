"""An organisation's colour comes in; one that can be read on white paper goes out."""

from __future__ import annotations

DARK = "#1b1b1b"
"""The colour of words on paper."""

_TEXT_CONTRAST = 4.5


def ink(colour: str) -> str:
    """The organisation's colour where words in it can be read on white, else near-black.

    The limit is 4.5:1 (WCAG 2.2, 1.4.3).
    """
    return colour if contrast_on_white(colour) >= _TEXT_CONTRAST else DARK


def contrast_on_white(colour: str) -> float:
    """The contrast ratio of a colour such as #1d4f6e on white (WCAG 2.2, relative luminance)."""
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
