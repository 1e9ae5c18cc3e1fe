"""Source Sans for the screen: the faces that the pages use, cut down and packed as WOFF."""

from __future__ import annotations

import io
from importlib.resources import files

from fontTools.ttLib import TTFont

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


def web_fonts() -> dict[str, bytes]:
    """File name -> WOFF, for `assets/fonts/`; about 18 kB each."""
    return {f"source-sans-{name}.woff": _packed(face) for name, face in FACES.items()}


def _packed(face: str) -> bytes:
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
