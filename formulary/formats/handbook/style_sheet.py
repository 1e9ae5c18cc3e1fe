"""Write every shade of the theme, worked out from one colour, as a style sheet.

A reader needs 4.5:1 for words and 3:1 for the edges of things (WCAG 2.2, 1.4.3 and 1.4.11). The
colour itself is as dark as `check` asks (7:1 on white), so that words in it can be read on the tint
too.
"""

from __future__ import annotations

from formulary.content.typeface import Faces
from formulary.diagrams.colour import make_shades
from formulary.diagrams.typeface import font_rules

COLOURS = "assets/colours.css"
"""Where the style sheet is in a site."""


def make_style_sheet(colour: str, faces: Faces | None = None, folder: str = "") -> str:
    """The custom properties from which the theme takes those of its light and dark colours.

    `folder` holds the files of the organisation's typefaces, as the style sheet finds them.
    """
    shades = make_shades(colour)
    rules = font_rules(faces, lambda name: f"{folder}/{name}")
    if faces:
        chosen = '--serif: "Own titles", "Source Serif Handbook", Georgia, serif;'
        if faces.text:
            chosen += ' --md-text-font-family: "Own text", "Source Sans Handbook", sans-serif;'
            # words in a picture have the room that they need in ours
            rules += '.diagram { font-family: "Source Sans Handbook", "Handbook stand-in"; }\n'
        # the theme, which comes later, says it with one selector
        rules += f"html:root,\nbody[data-md-color-scheme] {{ {chosen} }}\n"
    return (
        "/* Made from the organisation’s colour. */\n"
        ":root {\n"
        f"  --org-light: {shades.colour};\n"
        f"  --org-tint-light: {shades.tint};\n"
        f"  --org-dark: {shades.dark_fill};\n"
        f"  --org-text-dark: {shades.dark_text};\n"
        f"  --org-tint-dark: {shades.dark_tint};\n"
        f"  --band-dark: {shades.dark_band};\n"
        "}\n" + rules
    )
