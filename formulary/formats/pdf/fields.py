"""The fields of a PDF form, whoever made the file: their names, kinds, widgets and boxes.

A field can inherit entries from the fields above it, and has one or several widgets, which show it
on a page; a field and its only widget are mostly one object (ISO 32000-2, 12.7.4.1 and 12.5.6.19).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from formulary.documents import arrangement
from formulary.documents.blank import Question
from formulary.formats.pdf import appearance
from formulary.formats.pdf.appearance import AnswerBox
from formulary.formats.pdf.conventions import NOT_TICKED, TICKED, state_of, tooltip
from formulary.formats.pdf.values import decode, text_of

REQUIRED = 1 << 1
MANY_LINES = 1 << 12
PASSWORD = 1 << 13
RADIO = 1 << 15
PUSH_BUTTON = 1 << 16
DROP_DOWN = 1 << 17
FILE = 1 << 20
COMB = 1 << 24
"""Flags of fields (ISO 32000-2, tables 227, 229, 231 and 233)."""

PRINTED = 1 << 2
"""The flag of an annotation that is printed (table 167)."""

FieldKind = Literal["text", "choice", "checkbox", "buttons", "button", "signature", "unknown"]

_KINDS: Mapping[str, FieldKind] = {"Tx": "text", "Ch": "choice", "Sig": "signature"}
_SIZE = re.compile(r"([\d.]+)\s+Tf\b")
_COLOUR = re.compile(r"((?:[\d.]+\s+){3}rg|(?:[\d.]+\s+){4}k|[\d.]+\s+g)\b")
_HOLDERS = (Dictionary, Stream)
_MOST_PARENTS = 50
"""A chain of parents that leads back to itself ends here."""


_LONGEST_STATE = 100
"""Bytes of a state's name; 127 are allowed (ISO 32000-1, annex C), some signs take three."""


def has_boxes(question: Question) -> bool:
    """Whether each option of a choice is a box to tick.

    They are check boxes of one field, of which one at a time is on: a person can take a tick back,
    which Chrome and Firefox do not let them do with radio buttons.
    """
    return (
        arrangement.has_boxes(question)
        and all(len(option.encode()) <= _LONGEST_STATE for option in question.options)
        and "Off" not in question.options
    )


def takes_lines(question: Question) -> bool:
    """Whether the field of a question wraps: where people write at length, and for a name or a
    job title, which may need two lines."""
    return question.kind == "multiline" or (question.kind == "text" and bool(question.prefill))


def field_entries(question: Question, *, boxes: bool = False) -> dict[str, Any]:
    """The entries of a question's field that say what it is and holds (12.7.4.1 and 12.7.5).

    With `boxes`, a choice is a field of buttons, one for each option.

    Words are made PDF strings here: pikepdf takes a text of content, which is more than a `str`,
    for an array of its letters.
    """
    label = tooltip(question.title, arrangement.written_as(question))
    return {"/T": question.id, "/TU": String(label), **_kind_entries(question, boxes)}


def _kind_entries(question: Question, boxes: bool) -> dict[str, Any]:
    flags = REQUIRED if question.required else 0
    if boxes or question.kind == "checkbox":
        on = state_of(question.value) if boxes else TICKED
        state = Name(on if question.value else NOT_TICKED)
        return {"/FT": Name.Btn, "/Ff": flags, "/V": state}
    if question.kind == "choice":
        # an empty one first: a choice can be taken back
        choices = Array(map(String, ("", *question.options)))
        value = String(question.value)
        return {"/FT": Name.Ch, "/Ff": flags | DROP_DOWN, "/Opt": choices, "/V": value}
    flags |= MANY_LINES if takes_lines(question) else 0
    return {"/FT": Name.Tx, "/Ff": flags, "/V": String(question.value)}


def make_drawing(
    pdf: Pdf, content: bytes, width: float, height: float, resources: Object
) -> Stream:
    """A form XObject with its lower left corner as origin (8.10.2); lengths are in points."""
    return pdf.make_stream(
        content,
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array((0, 0, width, height)),
        Resources=resources,
    )


@dataclass(frozen=True, eq=False)
class PdfField:
    """One field that can hold a value: its full name, its dictionary and those of its widgets."""

    name: str
    dictionary: Object
    widgets: tuple[Object, ...]

    def find_entry(self, key: str) -> Any:
        """The entry of the field, or of the next one above it that has one; None if none has."""
        if key in self.dictionary:
            return self.dictionary[key]
        return next((at[key] for at in lineage(self.dictionary) if key in at), None)

    @cached_property
    def flags(self) -> int:
        flags = self.find_entry("/Ff")
        return flags if isinstance(flags, int) else 0

    @cached_property
    def kind(self) -> FieldKind:
        """What a person does with it; “buttons” are several of which one can be on."""
        kind = text_of(self.find_entry("/FT"))
        if kind != "Btn":
            return _KINDS.get(kind, "unknown")
        if self.flags & PUSH_BUTTON:
            return "button"
        if self.flags & RADIO or len({state for w in self.widgets for state in on_states(w)}) > 1:
            return "buttons"
        return "checkbox"


def lineage(field: Object) -> Iterator[Object]:
    """The field, and those above it (12.7.4.1)."""
    at = field
    for _ in range(_MOST_PARENTS):
        if not isinstance(at, Dictionary):
            return
        yield at
        if "/Parent" not in at:
            return
        at = at["/Parent"]


def iterate_fields(form: Object) -> Iterator[PdfField]:
    """Every field of an `/AcroForm` that can hold a value, in the order of the file."""
    seen: set[tuple[int, int]] = set()
    for field in items_of(entry(form, "/Fields")):
        yield from _iterate_below(field, "", seen)


def _iterate_below(field: Any, above: str, seen: set[tuple[int, int]]) -> Iterator[PdfField]:
    if not isinstance(field, Dictionary) or field.objgen in seen:
        return
    if field.is_indirect:  # only a reference can lead back to a field that was seen
        seen.add(field.objgen)
    name = ".".join(filter(None, (above, decode(entry(field, "/T")))))
    kids = [kid for kid in items_of(entry(field, "/Kids")) if isinstance(kid, Dictionary)]
    children = [kid for kid in kids if "/T" in kid]
    if not children:
        yield PdfField(name, field, tuple(kids) or (field,))
    for child in children:
        yield from _iterate_below(child, name, seen)


def entry(holder: Any, key: str) -> Any:
    """The entry of a dictionary; None where there is none (`get` is slow at saying so)."""
    return holder[key] if isinstance(holder, _HOLDERS) and key in holder else None


def dictionary_of(value: Any) -> Object:
    """The value where it is a dictionary; else an empty one."""
    return value if isinstance(value, Dictionary) else Dictionary()


def items_of(value: Any) -> list[Any]:
    """The items of an array; none where it is something else."""
    return list(value) if isinstance(value, Array) else []


def normal_appearance(widget: Object) -> Any:
    """How a widget looks: a drawing, or one for each state (12.5.5); None for nothing."""
    return entry(entry(widget, "/AP"), "/N")


def on_states(widget: Object) -> tuple[str, ...]:
    """The states of a button's widget in which it is on (12.7.5.2.3)."""
    drawn = normal_appearance(widget)
    if not isinstance(drawn, Dictionary):
        return ()
    return tuple(state for state in drawn.keys() if state != NOT_TICKED)  # noqa: SIM118


def options_of(field: PdfField) -> list[str]:
    """What a list or a group of buttons offers, as a reader sees it (table 234, Opt)."""
    pairs = ((option, items_of(option)) for option in items_of(field.find_entry("/Opt")))
    return [decode(pair[1] if len(pair) == 2 else option) for option, pair in pairs]


def export_value(field: PdfField, state: str) -> str:
    """The value that a button's state means: its place, where values are kept apart (table 230)."""
    values = items_of(field.find_entry("/Opt")) if state.isdigit() else []
    return text_of(values[int(state)]) if values and int(state) < len(values) else state


def has_scripts(root: Object) -> bool:
    """Whether the document, or any field, has something run (12.6.4.17)."""
    form = entry(root, "/AcroForm")
    holders = (part for one in iterate_fields(form) for part in (one.dictionary, *one.widgets))
    return (
        entry(entry(root, "/Names"), "/JavaScript") is not None
        or entry(form, "/CO") is not None
        or any("/AA" in holder for holder in (root, *holders))
    )


def box_of(field: PdfField, widget: Object) -> AnswerBox:
    """The box of one of a field's widgets, upright, and how its `/DA` sets answers there."""
    left, low, right, top = map(float, items_of(widget["/Rect"]))
    width, height = abs(right - left), abs(top - low)
    if rotation(widget) % 180:
        width, height = height, width
    style = decode(entry(widget, "/DA")) or decode(field.find_entry("/DA"))
    size = _SIZE.search(style)
    colour = _COLOUR.findall(style)
    side = field.find_entry("/Q")
    return AnswerBox(
        width,
        height,
        many=bool(field.flags & MANY_LINES) and field.kind == "text",
        size=(float(size[1]) if size else 0) or appearance.SIZE,
        open_size=size is not None and float(size[1]) == 0,
        colour=colour[-1] if colour else appearance.BLACK,
        side=side if side in (0, 1, 2) else 0,
        cells=int(field.find_entry("/MaxLen") or 0) if field.flags & COMB else 0,
        frame=_frame(widget, width, height),
    )


def rotation(widget: Object) -> int:
    """How far the answer is turned against the page: 0, 90, 180 or 270 degrees."""
    turned = int(entry(entry(widget, "/MK"), "/R") or 0)
    return turned % 360 if turned % 90 == 0 else 0


def _frame(widget: Object, width: float, height: float) -> str:
    """What fills and borders the box (table 192), as drawing operators."""
    look = entry(widget, "/MK")
    fill = _paint(entry(look, "/BG"), {1: "g", 3: "rg", 4: "k"})
    line = _paint(entry(look, "/BC"), {1: "G", 3: "RG", 4: "K"})
    thick = entry(entry(widget, "/BS"), "/W")
    thick = 1.0 if thick is None else float(thick)
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
    parts = [float(part) for part in items_of(colour)]
    if len(parts) not in operators:
        return ""
    return f"{' '.join(map(appearance.number, parts))} {operators[len(parts)]}"
