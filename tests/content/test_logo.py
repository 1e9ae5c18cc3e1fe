"""A logo: what is taken, what is refused, and why."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from formulary.content.logo import MOST_BYTES, LogoError, read_logo

SVG = '<svg xmlns="http://www.w3.org/2000/svg" {}>{}</svg>'
BOX = 'viewBox="0 0 60 20"'
PATH = '<path d="M0 0h60v20z"/>'


def png(width: int, height: int) -> bytes:
    """The first and last bytes of a PNG file (PNG, third edition, 5.2, 11.2.1 and 11.2.5)."""
    head = struct.pack(">I4sII", 13, b"IHDR", width, height)
    return b"\x89PNG\r\n\x1a\n" + head + struct.pack(">I4sI", 0, b"IEND", 0xAE426082)


def test_a_logo_knows_its_shape_and_keeps_its_bytes(tmp_path: Path) -> None:
    found = {}
    for name, data in {
        "box.svg": SVG.format(BOX, PATH).encode(),
        "size.svg": SVG.format('width="60mm" height="20mm"', PATH).encode(),
        "link.svg": SVG.format(BOX, '<use href="#a"/><image href="data:image/png;base64,AA"/>'),
        "photo.png": png(600, 200),
    }.items():
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        logo = read_logo(path)
        assert logo.data == path.read_bytes()
        found[name] = (logo.ending, logo.width / logo.height)
    assert found == {
        "box.svg": ("svg", 3),
        "size.svg": ("svg", 3),
        "link.svg": ("svg", 3),
        "photo.png": ("png", 3),
    }


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.svg", SVG.format(BOX, "<script/>"), "script"),
        ("b.svg", SVG.format(f'{BOX} onload="x()"', PATH), "script"),
        ("c.svg", SVG.format(BOX, '<image href="https://example.org/a.png"/>'), "elsewhere"),
        ("d.svg", SVG.format('width="100%" height="100%"', PATH), "viewBox"),
        ("e.svg", SVG.format('viewBox="0 0 x 1"', PATH), "neither"),
        ("f.svg", SVG.format('viewBox="0 0 70 10"', PATH), "times as long"),
        ("g.svg", "<html/>", "neither"),
        ("h.svg", "GIF89a", "neither"),
        ("i.svg", "", "neither"),
        ("j.svg", png(600, 200), ".png"),
        ("k.png", SVG.format(BOX, PATH), ".svg"),
        ("l.png", png(120, 40), "120 by 40"),
        ("m.png", png(0, 900), "0 by 900"),
        ("n.png", png(600, 200)[:12], "neither"),
        ("p.png", png(600, 200)[:-12], "not whole"),
        ("o.svg", SVG.format(BOX, " " * MOST_BYTES), "200 kB"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_its_reason(
    tmp_path: Path, name: str, data: str | bytes, reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    with pytest.raises(LogoError, match=reason) as error:
        read_logo(path)
    assert str(error.value).startswith(name)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(LogoError, match=r"no file logo\.svg"):
        read_logo(tmp_path / "logo.svg")
