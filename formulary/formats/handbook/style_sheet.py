"""Write every shade of the theme, worked out from one colour, as a style sheet.

A reader needs 4.5:1 for words and 3:1 for the edges of things (WCAG 2.2, 1.4.3 and 1.4.11). The
colour itself is as dark as `check` asks (7:1 on white), so that words in it can be read on the tint
too.
"""

from __future__ import annotations

from formulary.diagrams.colour import make_shades

COLOURS = "assets/colours.css"
"""Where the style sheet is in a site."""


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
