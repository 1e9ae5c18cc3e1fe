"""The typefaces that an organisation names: what is taken, what is refused, and why."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from pydantic import ValidationError

from formulary.content.organisation import Typeface
from formulary.content.typeface import (
    MOST_BYTES,
    TypefaceError,
    carried_face,
    lacking_letters,
    read_faces,
)

SERIF = carried_face("Source Serif")


def font(change: Callable[[TTFont], Any]) -> bytes:
    """A font file with something in it changed."""
    made = TTFont(io.BytesIO(SERIF.regular))
    change(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def without(letter: str) -> Callable[[TTFont], Any]:
    return lambda made: [table.cmap.pop(ord(letter), None) for table in made["cmap"].tables]


def allow(rights: int) -> Callable[[TTFont], Any]:
    return lambda made: setattr(made["OS/2"], "fsType", rights)


def widen(made: TTFont) -> None:
    made["hmtx"].metrics = dict.fromkeys(made.getGlyphOrder(), (900, 0))


def test_names_choose_what_formulary_carries(tmp_path: Path) -> None:
    faces = read_faces(Typeface(text="Source Serif"), tmp_path)
    assert faces and faces.text == SERIF
    assert faces.titles.cuts() == {"bold": SERIF.bold}
    titles = read_faces(Typeface(titles="Source Sans"), tmp_path)
    assert titles and titles.text is None
    assert titles.titles.family == "Source Sans Pro"
    assert read_faces(Typeface(), tmp_path) is None


def test_own_files_are_read_with_their_cuts(tmp_path: Path) -> None:
    cuts = {"Trust-Regular.ttf": SERIF.regular, "Trust-Bold.ttf": SERIF.bold}
    for name, data in {**cuts, "Display.ttf": SERIF.italic}.items():
        (tmp_path / name).write_bytes(data)
    chosen = Typeface(text="Trust-Regular.ttf", bold="Trust-Bold.ttf", titles="Display.ttf")
    faces = read_faces(chosen, tmp_path)
    assert faces and faces.text
    assert faces.text.cuts() == {"regular": SERIF.regular, "bold": SERIF.bold}
    assert faces.titles.bold == SERIF.italic
    assert faces.titles.family != faces.text.family  # or Word would take one for the other


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (font(allow(0x0002)), "documents carry it"),
        (font(allow(0x0108)), "documents carry it"),
        (font(lambda made: setattr(made["OS/2"], "sxHeight", 300)), "too small"),
        (font(without("é")), "lacks “é”"),
        (font(widen), "so wide"),
        (font(lambda made: setattr(made, "flavor", "woff")), "kind .ttf or .otf"),
        (b"<svg/>", "kind .ttf or .otf"),
        (b"", "kind .ttf or .otf"),
        (SERIF.regular[:3000], "kind .ttf or .otf"),
        (b" " * (MOST_BYTES + 1), "more than 1000 kB"),
        (None, r"is not beside organisation\.yaml"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_reason(
    tmp_path: Path, data: bytes | None, reason: str
) -> None:
    if data is not None:
        (tmp_path / "Own.ttf").write_bytes(data)
    (tmp_path / "Bold.ttf").write_bytes(SERIF.bold)
    with pytest.raises(TypefaceError, match=reason) as error:
        read_faces(Typeface(text="Own.ttf", bold="Bold.ttf"), tmp_path)
    assert str(error.value).startswith("Own.ttf ")
    assert error.value.key == "text"


@pytest.mark.parametrize(
    ("chosen", "key"),
    [
        (Typeface(text="Own.ttf"), "text"),
        (Typeface(text="Source Sans", bold="Own.ttf"), "bold"),
        (Typeface(italic="Own.ttf", titles="Source Serif"), "italic"),
    ],
)
def test_cuts_belong_together(tmp_path: Path, chosen: Typeface, key: str) -> None:
    (tmp_path / "Own.ttf").write_bytes(SERIF.regular)
    with pytest.raises(TypefaceError, match="names none") as error:
        read_faces(chosen, tmp_path)
    assert error.value.key == key


def test_a_maker_may_forbid_documents_that_others_edit(tmp_path: Path) -> None:
    (tmp_path / "Own.ttf").write_bytes(font(allow(4)))
    faces = read_faces(Typeface(titles="Own.ttf"), tmp_path)
    assert faces and not faces.titles.editable


def test_letters_that_any_cut_lacks_are_named() -> None:
    assert lacking_letters(SERIF, frozenset("aé")) == ()
    assert lacking_letters(SERIF, frozenset("a☕")) == ("☕",)


@pytest.mark.parametrize("name", ["Comic Sans", "own.woff", "../own.ttf", "source sans"])
def test_another_name_is_no_typeface(name: str) -> None:
    with pytest.raises(ValidationError):
        Typeface(text=name)
