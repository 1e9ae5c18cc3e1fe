"""Fill a blank form in for many people: what does not depend on the answers is made only once.

A copy is the blank's bytes as they are, and an update behind them (ISO 32000-2, 7.5.6): the fields
that have an answer, the drawings of those answers, and the document information with the person's
id.
"""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from itertools import accumulate, groupby

from pikepdf import Dictionary, Object

from formulary.documents.blank import Blank, Question
from formulary.documents.filling import Misfit
from formulary.formats.pdf import conventions
from formulary.formats.pdf.answers import CannotShow, check_value, set_answer
from formulary.formats.pdf.appearance import AnswerBox, field_style, text_drawing
from formulary.formats.pdf.document import open_document
from formulary.formats.pdf.fields import (
    PdfField,
    box_of,
    iterate_fields,
    normal_appearance,
    on_states,
)
from formulary.formats.pdf.font import FieldFont, drawable, field_font

REMEMBERED = 1024
"""How many answers are kept as they were drawn; a date or a school's name is drawn once.

Of names, most are met once: more than these few would only hold memory in every process.
"""

_OF_THE_STREAM = frozenset({"/Length", "/Filter", "/DecodeParms"})
_PLAIN = frozenset((string.ascii_letters + string.digits + "_-").encode())
_END = b"\nendobj\n"


@dataclass(frozen=True)
class _ObjectStart:
    """An object of the blank: its number, and its start with the entries that always stay."""

    number: int
    start: bytes


@dataclass(frozen=True)
class _AnswerPlace:
    """One box where a question is answered; a button has a `state` and no drawing."""

    widget: _ObjectStart
    box: AnswerBox
    drawing: _ObjectStart | None
    state: str = ""


@dataclass(frozen=True, eq=False)
class _AnswerSlot:
    """A question's field; `field` is None where it is one object with its only widget."""

    question: Question
    font: FieldFont
    field: _ObjectStart | None
    places: tuple[_AnswerPlace, ...]
    longest: int


@dataclass(frozen=True)
class _Objects:
    """Objects ready to be written: their numbers with their places in the bytes."""

    data: bytes
    starts: tuple[tuple[int, int], ...]


@dataclass(frozen=True, eq=False)
class PreparedForm:
    """A blank ready to be copied; see `formulary.documents.filling.Prepared`."""

    document: bytes
    slots: Mapping[str, _AnswerSlot]
    information: _ObjectStart
    root: int
    size: int
    previous: int
    first_id: bytes

    def misfits(self, values: Mapping[str, str]) -> tuple[Misfit, ...]:
        """Every value that its field cannot take, in the order of the form; none is written."""
        return tuple(self._misfits(values))

    def _misfits(self, values: Mapping[str, str]) -> Iterator[Misfit]:
        for id, slot in self.slots.items():
            value = values.get(id)
            if value:
                try:
                    _write_answer(slot, value)
                except CannotShow as doubt:
                    yield Misfit(id, doubt.reason, doubt.character)
        for id in values:
            if id not in self.slots:
                yield Misfit(id, "the form has no such question")

    def fill(self, values: Mapping[str, str], person: str, carried: str = "") -> bytes:
        """A copy with these values in place of the blank's, its stamp naming the person's id.

        An empty value leaves what the blank has. The same values give the same bytes. Raises
        ValueError where `misfits` would name one.
        """
        if not values.keys() <= self.slots.keys():
            raise ValueError("; ".join(found.message for found in self.misfits(values)))
        pieces = [
            _write_answer(slot, values[id]) for id, slot in self.slots.items() if values.get(id)
        ]
        facts = f"{conventions.INFO_PERSON} ".encode() + _text_string(person)
        if carried:
            facts += f"\n{conventions.INFO_CARRIED} ".encode() + _text_string(carried)
        pieces.append(_finish(self.information, facts))
        body = b"".join([piece.data for piece in pieces])
        ends = accumulate([len(piece.data) for piece in pieces], initial=len(self.document))
        table = _table(
            (number, at + start)
            for piece, at in zip(pieces, ends, strict=False)
            for number, start in piece.starts
        )
        return b"".join((self.document, body, table, self._trailer(body)))

    def _trailer(self, body: bytes) -> bytes:
        """The end of an update (7.5.5); the file's second id tells copies apart (14.4)."""
        second = sha256(body).hexdigest()[:32]
        return (
            b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]/Prev %d>>\n"
            b"startxref\n%d\n%%%%EOF\n"
        ) % (
            self.size,
            self.root,
            self.information.number,
            self.first_id.hex().encode(),
            second.encode(),
            self.previous,
            len(self.document) + len(body),
        )


def prepare(document: bytes, blank: Blank) -> PreparedForm:
    """Make a finished blank, as `write_blank` gives it, ready to be copied.

    Raises ValueError where the document lacks a question's field, or is not in the shape that
    `write_blank` leaves: one cross-reference table (ISO 32000-2, 7.5.4), whose kind the update
    repeats.
    """
    previous = int(document[document.rindex(b"startxref") + 9 :].split()[0])
    if not document.endswith(b"%%EOF\n") or document[previous : previous + 4] != b"xref":
        raise ValueError("the document does not end as a finished blank does")
    font = replace(field_font(), data=b"")  # the file itself is in the document
    with open_document(document) as pdf:
        fields = {field.name: field for field in iterate_fields(pdf.Root["/AcroForm"])}
        missing = [question.id for question in blank.questions() if question.id not in fields]
        if missing:
            raise ValueError(f"the document has no field {missing[0]}")
        trailer = pdf.trailer
        return PreparedForm(
            document=document,
            slots={one.id: _slot(one, fields[one.id], font) for one in blank.questions()},
            information=_start(trailer["/Info"], frozenset()),
            root=pdf.Root.objgen[0],
            size=int(trailer["/Size"]),
            previous=previous,
            first_id=bytes(trailer["/ID"][0]),
        )


def _slot(question: Question, field: PdfField, font: FieldFont) -> _AnswerSlot:
    (first, *others) = field.widgets
    alone = not others and first.objgen == field.dictionary.objgen
    return _AnswerSlot(
        question,
        font,
        None if alone else _start(field.dictionary, frozenset({"/V"})),
        tuple(_place(field, widget) for widget in field.widgets),
        int(field.find_entry("/MaxLen") or 0),
    )


def _place(field: PdfField, widget: Object) -> _AnswerPlace:
    box = box_of(field, widget)
    if field.kind in ("checkbox", "buttons"):
        (state,) = on_states(widget)
        return _AnswerPlace(_start(widget, frozenset({"/V", "/AS"})), box, None, state)
    drawing = _start(normal_appearance(widget), _OF_THE_STREAM)
    return _AnswerPlace(_start(widget, frozenset({"/V", "/DA"})), box, drawing)


def _start(found: Object, changing: frozenset[str]) -> _ObjectStart:
    number, _ = found.objgen
    kept = Dictionary({key: found[key] for key in found.keys() if key not in changing})  # noqa: SIM118
    return _ObjectStart(number, b"%d 0 obj\n" % number + kept.unparse().removesuffix(b">>"))


def _finish(start: _ObjectStart, entries: bytes) -> _Objects:
    return _Objects(start.start + entries + b">>" + _END, ((start.number, 0),))


@lru_cache(REMEMBERED)
def _write_answer(slot: _AnswerSlot, value: str) -> _Objects:
    """The objects that an answer changes. Raises CannotShow where the field cannot take it."""
    if slot.longest and len(drawable(value)) > slot.longest:
        excess = len(drawable(value)) - slot.longest
        raise CannotShow(
            slot.question.id, f"the text is {excess} too long: its field takes {slot.longest}"
        )
    pieces = list(_press_button(slot, value) if slot.places[0].state else _write_text(slot, value))
    lengths = accumulate((len(piece.data) for piece in pieces), initial=0)
    return _Objects(
        b"".join(piece.data for piece in pieces),
        tuple(
            (number, at + start)
            for piece, at in zip(pieces, lengths, strict=False)
            for number, start in piece.starts
        ),
    )


def _write_text(slot: _AnswerSlot, value: str) -> Iterator[_Objects]:
    settings = [set_answer(slot.question, value, place.box, slot.font) for place in slot.places]
    entry = b"/V " + _text_string(value)
    if slot.field:
        yield _finish(slot.field, entry)
    for place, setting in zip(slot.places, settings, strict=True):
        style = field_style(place.box, setting.size)
        yield _finish(place.widget, b"/DA (%s)" % style.encode() + (b"" if slot.field else entry))
        if place.drawing:
            drawn = text_drawing(setting, place.box, slot.font)
            stream = b"/Length %d>>\nstream\n%s\nendstream" % (len(drawn), drawn)
            yield _Objects(place.drawing.start + stream + _END, ((place.drawing.number, 0),))


def _press_button(slot: _AnswerSlot, value: str) -> Iterator[_Objects]:
    check_value(slot.question, value, slot.font)
    chosen = conventions.TICKED if slot.question.kind == "checkbox" else conventions.state_of(value)
    entry = b"/V " + _name_object(chosen)
    if slot.field:
        yield _finish(slot.field, entry)
    for place in slot.places:
        shown = b"/AS " + _name_object(chosen if place.state == chosen else conventions.NOT_TICKED)
        yield _finish(place.widget, shown + (b"" if slot.field else entry))


def _table(entries: Iterator[tuple[int, int]]) -> bytes:
    """A cross-reference table: runs of objects whose numbers follow each other (7.5.4)."""
    lines = [b"xref\n0 1\n0000000000 65535 f \n"]
    for _, run in groupby(enumerate(sorted(entries)), lambda found: found[1][0] - found[0]):
        objects = [entry for _, entry in run]
        lines.append(b"%d %d\n" % (objects[0][0], len(objects)))
        lines += [b"%010d 00000 n \n" % at for _, at in objects]
    return b"".join(lines)


def _text_string(value: str) -> bytes:
    """A text string (7.9.2.2): as it is, or in UTF-16 where it is more than plain letters.

    Letters and their marks are put together, since a viewer that redraws a field does not.
    """
    if value.isascii() and value.isprintable():
        quoted = value.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        return b"(%s)" % quoted.encode()
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    return b"<FEFF%s>" % text.encode("utf-16-be").hex().upper().encode()


def _name_object(name: str) -> bytes:
    """A name (7.3.5): whatever is no plain letter or digit is written as #xx."""
    return b"/" + b"".join(
        bytes((byte,)) if byte in _PLAIN else b"#%02X" % byte for byte in name[1:].encode()
    )
