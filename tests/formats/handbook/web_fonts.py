"""Cut the web fonts of the handbook out of the typeface: `poe fonts`.

They are three faces of Source Sans and one of Source Serif, with the letters that the pages use,
packed as WOFF. They are kept in the theme, since only the typefaces and this list decide what is
in them.
"""

from __future__ import annotations

import io
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

import formulary

FOLDER = Path(formulary.__file__).parent / "formats/handbook/theme/assets/fonts"
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
    """File name -> WOFF; about 18 kB each."""
    sans = files("font_source_sans_pro") / "files"
    serif = files("font_source_serif_pro") / "files"
    made = {
        f"source-sans-{name}.woff": _make_font(sans / f"SourceSansPro-{face}.ttf")
        for name, face in FACES.items()
    }
    return {
        **made,
        "source-serif-semibold.woff": _make_font(serif / "SourceSerifPro-Semibold.ttf"),
    }


def _make_font(source: Traversable) -> bytes:
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


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, font in make_fonts().items():
        (FOLDER / name).write_bytes(font)
