"""The fields of a PDF form as they stand in the document: each with its name, kind and boxes.

A field can have its facts from the fields above it, and one or several widgets, which show it; with
one widget only, the two are mostly one object (PDF 1.7, 12.7.3.1 and 12.5.6.19).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NumberObject,
    PdfObject,
    StreamObject,
)

from formulary.formats.pdf import appearance, names
from formulary.formats.pdf.appearance import Box
from formulary.model.blank import Question

REQUIRED = 1 << 1
RADIO = 1 << 15
PUSH_BUTTON = 1 << 16
DROP_DOWN = 1 << 17
MANY_LINES = 1 << 12
PASSWORD = 1 << 13
FILE = 1 << 20
COMB = 1 << 24
"""Flags of fields (PDF 1.7, tables 226, 228 and 230)."""

FieldKind = Literal["text", "choice", "checkbox", "buttons", "button", "signature", "unknown"]

_SIZE = re.compile(r"([\d.]+)\s+Tf\b")
_COLOUR = re.compile(r"((?:[\d.]+\s+){3}rg|(?:[\d.]+\s+){4}k|[\d.]+\s+g)\b")


def offered(question: Question) -> tuple[str, ...]:
    """What a choice's drop-down list offers: an empty item first, so that it can be taken back."""
    return ("", *question.options)


@dataclass(frozen=True, eq=False)
class PdfField:
    """One field that can hold a value: its full name, its object and its widgets."""

    name: str
    field: DictionaryObject
    widgets: tuple[DictionaryObject, ...]

    def fact(self, key: str) -> Any:
        """What the field, or one above it, says under `key`; None if nothing does."""
        return _inherited(self.field, key)

    @property
    def flags(self) -> int:
        flags = self.fact("/Ff")
        return int(flags) if isinstance(flags, NumberObject) else 0

    @property
    def kind(self) -> FieldKind:
        """What a person does with it; “buttons” are several of which one can be on."""
        type_ = str(self.fact("/FT") or "")
        if type_ == "/Btn":
            if self.flags & PUSH_BUTTON:
                return "button"
            several = len({state for widget in self.widgets for state in states(widget)}) > 1
            return "buttons" if self.flags & RADIO or several else "checkbox"
        kinds: dict[str, FieldKind] = {"/Tx": "text", "/Ch": "choice", "/Sig": "signature"}
        return kinds.get(type_, "unknown")


def fields_in(form: DictionaryObject) -> Iterator[PdfField]:
    """Every field of `/AcroForm` that can hold a value, in the order of the file."""
    seen: set[int] = set()
    for reference in _array(form.get("/Fields")):
        yield from _below(reference.get_object(), "", seen)


def _below(field: Any, above: str, seen: set[int]) -> Iterator[PdfField]:
    if not isinstance(field, DictionaryObject) or id(field) in seen:
        return
    seen.add(id(field))
    name = ".".join(filter(None, (above, str(field.get("/T", "")))))
    kids = [
        kid
        for kid in (reference.get_object() for reference in _array(field.get("/Kids")))
        if isinstance(kid, DictionaryObject)
    ]
    children = [kid for kid in kids if "/T" in kid]
    if children:
        for child in children:
            yield from _below(child, name, seen)
    else:
        yield PdfField(name, field, tuple(kids) or (field,))


def _array(value: Any) -> list[Any]:
    found = value.get_object() if value is not None else None
    return list(found) if isinstance(found, ArrayObject) else []


def _inherited(field: DictionaryObject, key: str) -> Any:
    at: Any = field
    for _ in range(50):  # a chain of parents that comes back to itself ends here
        if not isinstance(at, DictionaryObject):
            return None
        if key in at:
            return at[key]
        at = at.get("/Parent")
        at = at.get_object() if at is not None else None
    return None


def states(widget: DictionaryObject) -> tuple[str, ...]:
    """The states of a button's widget in which it is on (PDF 1.7, 12.7.4.2.3)."""
    drawn = normal_appearance(widget)
    if not isinstance(drawn, DictionaryObject) or isinstance(drawn, StreamObject):
        return ()
    return tuple(str(state) for state in drawn if state != names.NOT_TICKED)


def normal_appearance(widget: DictionaryObject) -> PdfObject | None:
    """How a widget looks: a drawing, or one for each state (PDF 1.7, 12.5.5); None for nothing."""
    looks = widget.get("/AP")
    looks = looks.get_object() if looks is not None else None
    normal = looks.get("/N") if isinstance(looks, DictionaryObject) else None
    return normal.get_object() if normal is not None else None


def options_of(found: PdfField) -> list[str]:
    """What a list or a group of buttons offers, as a reader sees it (PDF 1.7, table 231, Opt)."""
    offered = []
    for option in _array(found.fact("/Opt")):
        pair = _array(option)
        offered.append(str((pair[1] if len(pair) == 2 else option).get_object()))
    return offered


def has_scripts(root: DictionaryObject) -> bool:
    """Whether the document, or any field, has something run (PDF 1.7, 12.6.4.16)."""
    trees = root.get("/Names", DictionaryObject()).get_object()
    form = root.get("/AcroForm", DictionaryObject()).get_object()
    return (
        "/JavaScript" in trees
        or "/AA" in root
        or "/CO" in form
        or any(
            "/AA" in holder for found in fields_in(form) for holder in (found.field, *found.widgets)
        )
    )


def box_of(found: PdfField, widget: DictionaryObject) -> Box:
    """The box of one of a field's widgets, upright, and how its `/DA` sets answers there."""
    left, low, right, top = (float(edge.get_object()) for edge in _array(widget["/Rect"]))
    width, height = abs(right - left), abs(top - low)
    if rotation(widget) % 180:
        width, height = height, width
    style = str(widget.get("/DA") or found.fact("/DA") or "")
    size = _SIZE.search(style)
    colour = _COLOUR.findall(style)
    side = found.fact("/Q")
    cells = int(found.fact("/MaxLen") or 0) if found.flags & COMB else 0
    return Box(
        width,
        height,
        many=bool(found.flags & MANY_LINES) and found.kind == "text",
        size=float(size[1]) if size else appearance.SIZE,
        colour=colour[-1] if colour else appearance.BLACK,
        side=side if side in (0, 1, 2) else 0,
        cells=cells,
        frame=_frame(widget, width, height),
    )


def rotation(widget: DictionaryObject) -> int:
    """How far the answer is turned against the page: 0, 90, 180 or 270 degrees."""
    turned = int(widget.get("/MK", {}).get("/R", 0))
    return turned % 360 if turned % 90 == 0 else 0


def _frame(widget: DictionaryObject, width: float, height: float) -> str:
    """What fills and borders the box (PDF 1.7, table 189), as drawing operators."""
    look = widget.get("/MK", {})
    fill = _paint(look.get("/BG"), {1: "g", 3: "rg", 4: "k"})
    line = _paint(look.get("/BC"), {1: "G", 3: "RG", 4: "K"})
    thick = float(widget.get("/BS", {}).get("/W", 1))
    drawn = (
        f"{fill} 0 0 {appearance.number(width)} {appearance.number(height)} re f " if fill else ""
    )
    if line and thick > 0:
        edges = (thick / 2, thick / 2, width - thick, height - thick)
        sides = " ".join(map(appearance.number, edges))
        drawn += f"{line} {appearance.number(thick)} w {sides} re S "
    return f"q {drawn}Q " if drawn else ""


def _paint(colour: Any, operators: Mapping[int, str]) -> str:
    """A colour of one, three or four parts as what sets it; empty for none."""
    parts = [float(part) for part in _array(colour)]
    if len(parts) not in operators:
        return ""
    return f"{' '.join(map(appearance.number, parts))} {operators[len(parts)]}"
