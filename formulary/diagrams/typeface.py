"""The typefaces: their files for whatever draws with them, and how wide words are in ours."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools.ttLib import TTFont

from formulary.content.typeface import Face, Faces, carried_face
from formulary.words import plain_twin

FAMILY = "Source Sans Pro"
CUTS = ("Regular", "It", "Semibold", "SemiboldIt")
"""The cuts that papers and pictures may use."""

REPERTOIRE = (
    range(0x0020, 0x007F),  # Basic Latin
    range(0x00A0, 0x0250),  # Latin-1 Supplement, Latin Extended-A and -B
    range(0x0300, 0x0370),  # Combining marks
    range(0x0370, 0x0400),  # Greek
    range(0x0400, 0x0530),  # Cyrillic
    range(0x1E00, 0x1F00),  # Latin Extended Additional (Welsh, Vietnamese)
    range(0x1F00, 0x2000),  # Greek Extended
    range(0x2010, 0x2060),  # General punctuation
    range(0x20A0, 0x20D0),  # Currency
    range(0x2122, 0x2123),  # Trade mark
    range(0x2190, 0x2194),  # Arrows
    range(0x2212, 0x2213),  # Minus
    range(0x2260, 0x2266),  # Not equal, at most, at least
    range(0x2610, 0x2613),  # Ballot boxes
    range(0x2713, 0x2714),  # Tick
)
"""The characters that fields, and what is cut out of a typeface, have as far as it has them."""

_ROOM = 1.03
"""Words are taken to be a little wider than they are, for kerning and for screens that round."""


@dataclass(frozen=True)
class Widths:
    """The advance of every letter of a cut, in ems."""

    advances: Mapping[int, float]

    def of(self, text: str, size: float) -> float:
        """How wide `text` is at `size`, in the unit of `size`; a letter not there counts an em."""
        return sum(self.advances.get(ord(letter), 1.0) for letter in text) * size * _ROOM


def cut_file(cut: str) -> bytes:
    """The TrueType file of one of `CUTS`."""
    return (files("font_source_sans_pro") / "files" / f"SourceSansPro-{cut}.ttf").read_bytes()


@contextmanager
def font_folder(faces: Faces | None = None) -> Iterator[Path]:
    """A folder with the cuts, the serif of titles and an organisation's own, for the block."""
    with TemporaryDirectory() as folder:
        for cut in CUTS:
            (Path(folder) / f"{cut}.ttf").write_bytes(cut_file(cut))
        (Path(folder) / "Serif.ttf").write_bytes(carried_face("Source Serif").bold)
        for name, (face, cut) in own_cuts(faces).items():
            if not (face.carried and face.family == FAMILY):
                (Path(folder) / f"{name}.ttf").write_bytes(make_cut(face, cut, whole=True))
        yield Path(folder)


def own_cuts(faces: Faces | None) -> dict[str, tuple[Face, str]]:
    """Name of a file -> the typeface and the cut that it holds: `text-regular`, `titles-bold`."""
    named = {"text": faces.text, "titles": faces.titles} if faces else {}
    return {
        f"{part}-{cut}": (face, cut) for part, face in named.items() if face for cut in face.cuts()
    }


def web_fonts(faces: Faces | None) -> dict[str, bytes]:
    """Name -> WOFF file of an organisation's typefaces, with the letters of fields alone."""
    return {f"{name}.woff": make_cut(*own, "woff") for name, own in own_cuts(faces).items()}


def font_rules(faces: Faces | None, address: Callable[[str], str]) -> str:
    """The CSS that makes an organisation's typefaces `Own text` and `Own titles`.

    `address` gives the address of a file of `web_fonts`.
    """
    weights = {"regular": "400", "bold": "600 700", "italic": "400;font-style:italic"}
    return "".join(
        f'@font-face{{font-family:"Own {name.partition("-")[0]}";'
        f'src:url("{address(f"{name}.woff")}") format("woff");'
        f"font-weight:{weights[cut]};font-display:swap}}\n"
        for name, (_, cut) in own_cuts(faces).items()
    )


@cache
def house_rules() -> str:
    """The CSS that brings Formulary's own typefaces, as the handbook has them, into one page."""
    folder = files("formulary") / "formats" / "handbook" / "theme" / "assets" / "fonts"
    faces = {
        "source-sans-regular": ("Source Sans 3", "400"),
        "source-sans-semibold": ("Source Sans 3", "600 700"),
        "source-serif-semibold": ("Source Serif 4", "600"),
    }
    return "".join(
        f'@font-face{{font-family:"{family}";'
        f'src:url("{data_address({name: (folder / f"{name}.woff").read_bytes()}, name)}") '
        f'format("woff");font-weight:{weight}}}\n'
        for name, (family, weight) in faces.items()
    )


def data_address(fonts: Mapping[str, bytes], name: str) -> str:
    """A font file as an address, for a page that is one file (RFC 2397)."""
    return f"data:font/woff;base64,{base64.b64encode(fonts[name]).decode()}"


_KEPT_TABLES = frozenset(
    {"GlyphOrder", "head", "hhea", "hmtx", "maxp", "name", "OS/2", "post", "cmap", "glyf", "loca"}
    | {"CFF ", "GPOS", "GSUB", "GDEF"}
)
"""Those that say what letters look like, and are known to every program; the rest is dropped."""


@lru_cache(maxsize=16)
def make_cut(face: Face, cut: str, flavor: str = "", *, whole: bool = False) -> bytes:
    """A cut of a typeface as a font file of its own, with the letters of `REPERTOIRE`, or `whole`.

    It is called by its family and cut, whatever its maker called it, so that Word and Typst take
    it for what it is used as. The same bytes on every run.
    """
    font = TTFont(io.BytesIO(face.cuts()[cut]), recalcTimestamp=False)
    for table in set(font.keys()) - _KEPT_TABLES:
        del font[table]
    if not whole:
        # what kerns letters takes long, and only pages have use for it
        keep_repertoire(font, ("GSUB",) if flavor else ("GSUB", "GPOS", "GDEF"), ["kern"])
    style = cut.capitalize()
    full = f"{face.family} {style}"
    postscript = f"{''.join(filter(str.isalnum, face.family))}-{style}"
    font["name"].names = []
    for number, name in enumerate((face.family, style, full, full, "Version 1.0", postscript), 1):
        font["name"].setName(name, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = 700 if cut == "bold" else 400
    font["OS/2"].fsSelection = {"bold": 0x20, "italic": 0x01}.get(cut, 0x40)
    font["head"].macStyle = {"bold": 0x01, "italic": 0x02}.get(cut, 0)
    font.flavor = flavor or None
    out = io.BytesIO()
    font.save(out, reorderTables=True)
    return out.getvalue()


def keep_repertoire(font: TTFont, dropped: Iterable[str], features: Iterable[str] = ()) -> None:
    """Leave the letters of `REPERTOIRE` in a font, and these features of its layout.

    Tables that are not wanted are dropped at once, or the subsetter reads and sorts them first.
    """
    from fontTools.subset import Options, Subsetter  # slow to load, and seldom wanted

    for table in dropped:
        if table in font:
            del font[table]
    options = Options(hinting=False, notdef_outline=True, recalc_timestamp=False)
    options.layout_features, options.name_IDs = [*features], [0, 1, 2, 6]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[code for block in REPERTOIRE for code in block])
    subsetter.subset(font)


@cache
def measure_letters(cut: str) -> Widths:
    """The widths of one of `CUTS`."""
    font = TTFont(io.BytesIO(cut_file(cut)), lazy=True)
    em = font["head"].unitsPerEm
    advance = font["hmtx"]
    return Widths({code: advance[glyph][0] / em for code, glyph in font.getBestCmap().items()})


class Twins(dict[int, str]):
    """What is drawn for a character: itself, or the plain twin that is among those known."""

    def __init__(self, known: frozenset[str]) -> None:
        self.known = known

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        twin = letter if letter in self.known else plain_twin(letter)
        self[code] = twin if self.known.issuperset(twin) else letter
        return self[code]


@cache
def _print_twins() -> Twins:
    return Twins(typeface_characters())


def printable(text: str) -> str:
    """The text as a template prints it, with a twin for each character that the typeface lacks."""
    return text if text.isascii() else text.translate(_print_twins())


@cache
def typeface_characters() -> frozenset[str]:
    """The characters that the templates can print: those of the regular cut, and line ends."""
    codes = TTFont(io.BytesIO(cut_file("Regular")), lazy=True).getBestCmap()
    return frozenset(("\n", *map(chr, codes)))


def wrap_text(text: str, width: float, size: float, *, strong: bool = False) -> tuple[str, ...]:
    """Text in lines of at most `width`, broken at spaces; a longer word has a line of its own.

    Lines are then evened out: no line is longer than it must be for their number.
    """
    words = text.split()
    room = measure_letters("Semibold" if strong else "Regular")
    lines = _fill_lines(words, width, size, room)
    for narrower in range(int(width), int(width / 2), -4):
        tried = _fill_lines(words, narrower, size, room)
        if len(tried) > len(lines):
            break
        lines = tried
    return tuple(lines)


def _fill_lines(words: list[str], width: float, size: float, room: Widths) -> list[str]:
    lines: list[str] = []
    for word in words:
        if lines and room.of(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
