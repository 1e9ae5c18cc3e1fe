"""The typefaces of an organisation: those that Formulary carries, and font files of its own."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from fontTools.ttLib import TTFont

from formulary.content.organisation import Typeface

MOST_BYTES = 1_000_000
"""A page fetches what is made of a file, and a Word form carries it."""
NEEDED = frozenset(map(chr, range(0x20, 0x7F))) | frozenset("£–—‘’“”•…½é")
"""Without these characters English words and our lists cannot be printed."""
WIDEST, WIDEST_BOLD = 0.6, 0.7
"""The mean width of the small letters, in ems: 0.6 is a typewriter's."""
LOWEST = 0.38
"""The height of an x, in ems. Smaller letters cannot be read at 10.5 points."""

_CARRIED = {
    "Source Sans": ("font_source_sans_pro", "SourceSansPro"),
    "Source Serif": ("font_source_serif_pro", "SourceSerifPro"),
}
_RESTRICTED, _WHOLE_ONLY, _PICTURES_ONLY = 0x0002, 0x0100, 0x0200
"""What OS/2 `fsType` forbids (OpenType 1.9): to embed it, a part of it, its outlines."""
_TRUETYPE, _CFF = "\0\1\0\0", "OTTO"


class TypefaceError(ValueError):
    """A font file cannot be used: the message says why, and `key` is the key that names it."""

    def __init__(self, reason: str, key: str = "") -> None:
        super().__init__(reason)
        self.key = key


@dataclass(frozen=True)
class Face:
    """A typeface: the name of its family, and the font file of each cut; empty where it has none.

    `editable` says whether a document that others write in may carry it, `carried` whether it is
    one of those that Formulary carries.
    """

    family: str
    regular: bytes = b""
    bold: bytes = b""
    italic: bytes = b""
    editable: bool = True
    carried: bool = False

    def cuts(self) -> dict[str, bytes]:
        """Name of a cut -> its file, of those that it has."""
        named = {"regular": self.regular, "bold": self.bold, "italic": self.italic}
        return {name: data for name, data in named.items() if data}


@dataclass(frozen=True)
class Faces:
    """The typeface of words, None for Formulary's own, and that of titles: a bold cut alone."""

    text: Face | None
    titles: Face


def read_faces(chosen: Typeface, folder: Path) -> Faces | None:
    """What `typeface:` names; font files are in the organisation's folder. Raises TypefaceError."""
    own = {"text": chosen.text, "bold": chosen.bold, "italic": chosen.italic}
    if chosen.text is None or chosen.text in _CARRIED:
        for key in ("bold", "italic"):
            if own[key]:
                raise TypefaceError(f"{own[key]} belongs to no font file: text names none", key)
    elif chosen.bold is None:
        raise TypefaceError(f"{chosen.text} has no bold cut: bold names none", "text")
    text = _read_face(own, folder) if chosen.text else None
    titles = _read_face({"titles": chosen.titles}, folder) if chosen.titles else text
    if titles is None:
        return None
    bold = titles.bold or titles.regular
    family = titles.family
    if text and text.family == family and text.bold != bold:
        family = f"{family} Titles"  # else one would be taken for the other
    return Faces(text, replace(titles, family=family, regular=b"", bold=bold, italic=b""))


def lacking_letters(face: Face, letters: frozenset[str]) -> tuple[str, ...]:
    """Those of the letters that a cut of the typeface lacks, in their order."""
    return tuple(sorted(letters - frozenset.intersection(*map(_letters, face.cuts().values()))))


@lru_cache
def carried_face(name: str) -> Face:
    """A typeface that Formulary carries: “Source Sans”, “Source Serif”."""
    package, stem = _CARRIED[name]
    cuts = {"regular": "Regular", "bold": "Semibold", "italic": "It"}
    folder = files(package) / "files"
    face = Face(f"{name} Pro", carried=True)
    for cut, file in cuts.items():
        face = _with_cut(face, cut, (folder / f"{stem}-{file}.ttf").read_bytes())
    return face


def _read_face(named: dict[str, str | None], folder: Path) -> Face:
    """The typeface of a name that is carried, or of the font files that the keys name."""
    first = next(iter(named.values()))
    if first in _CARRIED:
        return carried_face(first)
    face = Face("")
    for (key, name), cut in zip(named.items(), ("regular", "bold", "italic"), strict=False):
        if name is None:
            continue
        try:
            data = _read_bytes(folder / name)
            family, editable = _examine(data, WIDEST if key == "text" else WIDEST_BOLD)
        except TypefaceError as error:
            raise TypefaceError(f"{name} {error}", key) from error
        face = replace(
            _with_cut(face, cut, data),
            family=face.family or family,
            editable=face.editable and editable,
        )
    return face


def _with_cut(face: Face, cut: str, data: bytes) -> Face:
    return replace(face, **{cut: data})  # type: ignore[arg-type]  # each cut is bytes


def _read_bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise TypefaceError(f"has more than {MOST_BYTES // 1000} kB")
        return path.read_bytes()
    except FileNotFoundError:
        raise TypefaceError("is not beside organisation.yaml") from None
    except OSError as error:
        raise TypefaceError(f"cannot be read: {error.strerror}") from error


@lru_cache(maxsize=16)
def _examine(data: bytes, widest: float) -> tuple[str, bool]:
    """The family of a font file, and whether documents that are written in may carry it.

    Raises TypefaceError, with the reason in words that follow the name of the file.
    """
    try:
        font = TTFont(io.BytesIO(data), lazy=True)
        if font.flavor or font.sfntVersion not in (_TRUETYPE, _CFF):
            raise TypefaceError("is not a font file of the kind .ttf or .otf")
        family = font["name"].getBestFamilyName() or "Own typeface"
        rights, em = font["OS/2"].fsType, font["head"].unitsPerEm
        advances, glyphs = font["hmtx"], font.getBestCmap() or {}
        height = getattr(font["OS/2"], "sxHeight", 0) or em
        variable = "fvar" in font
        font.getGlyphSet()["A" if "A" in font.getGlyphOrder() else font.getGlyphOrder()[0]]
    except TypefaceError:
        raise
    except Exception as error:  # whatever fontTools meets in a file of anybody
        raise TypefaceError("is not a font file of the kind .ttf or .otf") from error
    if variable:
        raise TypefaceError("is a variable font. Ask for a file of each cut: Regular, Bold, Italic")
    if rights & 0xF == _RESTRICTED or rights & (_WHOLE_ONLY | _PICTURES_ONLY):
        raise TypefaceError(
            "does not let documents carry it. Ask its maker for a licence that does"
        )
    if lacking := sorted(NEEDED.difference(map(chr, glyphs))):
        raise TypefaceError(f"lacks {', '.join(f'“{letter}”' for letter in lacking[:8])}")
    small = [advances[glyphs[code]][0] / em for code in range(ord("a"), ord("z") + 1)]
    if sum(small) / len(small) > widest:
        raise TypefaceError("is so wide that words would leave their boxes")
    if height / em < LOWEST:
        raise TypefaceError("has letters that are too small to be read at 10.5 points")
    return family, rights & 0xF in (0, 8)


@lru_cache(maxsize=16)
def _letters(data: bytes) -> frozenset[str]:
    return frozenset(map(chr, TTFont(io.BytesIO(data), lazy=True).getBestCmap()))
