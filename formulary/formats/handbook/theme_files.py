"""Make the theme's files that are computed: the web fonts and the organisation's colours.

The fonts are the faces of Source Sans that the pages use, cut down and packed as WOFF.
"""

from __future__ import annotations

import io
from importlib.resources import files

from fontTools.ttLib import TTFont

from formulary.diagrams.colour import WHITE, channels, contrast, luminance

NIGHT = "#161b21"
"""The background of the dark scheme; `theme/assets/extra.css` sets the same."""

FACES = {"regular": "Regular", "italic": "It", "semibold": "Semibold"}
REPERTOIRE = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *range(0x2010, 0x2027),
    0x20AC,
    0x2190,
    0x2192,
    0x2212,
    0x2022,
)
"""Western and Central European letters, and the signs of the pages; the rest is the system's."""


def make_fonts() -> dict[str, bytes]:
    """File name -> WOFF, for `assets/fonts/`; about 18 kB each."""
    return {f"source-sans-{name}.woff": _make_font(face) for name, face in FACES.items()}


def _make_font(face: str) -> bytes:
    from fontTools import subset  # slow to load, and seldom wanted: what is made here is kept

    source = files("font_source_sans_pro") / "files" / f"SourceSansPro-{face}.ttf"
    font = TTFont(io.BytesIO(source.read_bytes()), recalcTimestamp=False)
    options = subset.Options()
    options.hinting = False
    options.notdef_outline = True
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=REPERTOIRE)
    cutter.subset(font)
    font.flavor = "woff"
    packed = io.BytesIO()
    font.save(packed)
    return packed.getvalue()


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
