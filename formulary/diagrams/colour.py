"""Measure the contrast of colours such as #1d4f6e, and choose one that can be read on paper.

Contrast is calculated as WCAG 2.2 defines it (relative luminance, success criterion 1.4.3).
"""

from __future__ import annotations

WHITE = "#ffffff"
DARK = "#1b1b1b"
"""The colour of words on paper."""

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
