"""The logo of an organisation: one file in its folder, for pages, papers and emails alike."""

from __future__ import annotations

import base64
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

MOST_BYTES = 200_000
"""A logo is on every page: a larger one would weigh more than the page."""
LEAST_PIXELS = 200
"""The longer side of a PNG. On paper the plate is 15 to 30 mm wide."""
SHAPES = (1 / 6, 6)
"""The least and the most of width by height that can be made out in the plate."""

_PNG = b"\x89PNG\r\n\x1a\n"
_SVG = "{http://www.w3.org/2000/svg}"
_LIVE = frozenset({f"{_SVG}script", f"{_SVG}foreignObject", f"{_SVG}iframe"})
_REFERENCES = ("href", "{http://www.w3.org/1999/xlink}href")


class LogoError(ValueError):
    """The file cannot be shown; the message says why."""


@dataclass(frozen=True)
class Logo:
    """A picture that is sound: `data` is the file, `width` and `height` say its shape."""

    ending: Literal["svg", "png"]
    data: bytes
    width: float
    height: float

    @property
    def mime_type(self) -> str:
        return "image/svg+xml" if self.ending == "svg" else "image/png"

    @property
    def data_address(self) -> str:
        """The picture as an address, for a page that is one file (RFC 2397)."""
        return f"data:{self.mime_type};base64,{base64.b64encode(self.data).decode()}"


def read_logo(path: Path) -> Logo:
    """The logo in a file. Raises LogoError."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise LogoError(f"{path.name} has more than {MOST_BYTES // 1000} kB")
        data = path.read_bytes()
    except FileNotFoundError:
        raise LogoError(f"There is no file {path.name} beside organisation.yaml") from None
    except OSError as error:
        raise LogoError(f"{path.name} cannot be read: {error.strerror}") from error
    try:
        logo = _read_png(data) if data.startswith(_PNG) else _read_svg(data)
    except (SyntaxError, struct.error, ValueError) as error:
        reason = error if isinstance(error, LogoError) else "is neither an SVG nor a PNG file"
        raise LogoError(f"{path.name} {reason}") from error
    if path.suffix.lower() != f".{logo.ending}":
        raise LogoError(f"{path.name} is a file of the kind .{logo.ending}")
    least, most = SHAPES
    if not least <= logo.width / logo.height <= most:
        raise LogoError(f"{path.name} is more than {most} times as long as it is wide")
    return logo


def _read_png(data: bytes) -> Logo:
    width, height = struct.unpack(">4x4xII", data[len(_PNG) : len(_PNG) + 16])
    if max(width, height) < LEAST_PIXELS or not min(width, height):
        raise LogoError(f"is {width} by {height} pixels, which is blurred on paper")
    if b"IEND" not in data[-12:]:
        raise LogoError("is not whole: its end is missing")
    return Logo("png", data, width, height)


def _read_svg(data: bytes) -> Logo:
    from lxml import etree  # most organisations have no logo, and every command would load it

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.fromstring(data, parser)
    if root.tag != f"{_SVG}svg":
        raise LogoError("is neither an SVG nor a PNG file")
    for element in root.iter(etree.Element):
        links = [element.get(name, "") for name in _REFERENCES]
        outside = any(link and not link.startswith(("#", "data:image/")) for link in links)
        if element.tag in _LIVE or outside or any(name.startswith("on") for name in element.attrib):
            raise LogoError("holds a script or fetches something from elsewhere")
    box = [float(part) for part in root.get("viewBox", "").replace(",", " ").split()]
    sides = box[2:] if len(box) == 4 else [_length(root.get(name)) for name in ("width", "height")]
    if min(sides) <= 0:
        raise LogoError("does not say its size: it has no viewBox")
    return Logo("svg", data, *sides)


def _length(text: str | None) -> float:
    """A length of SVG as a number, whatever its unit; 0 for a share or for none."""
    digits = (text or "").strip().rstrip("pxcmintq ")
    return float(digits) if digits and not digits.endswith("%") else 0
