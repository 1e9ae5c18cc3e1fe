"""A finished blank comes in; copies of it go out, each filled in for one person.

A copy is the blank's bytes as they are and an update behind them (PDF 1.7, 7.5.6): the fields that
have an answer, the drawings of those answers, and the document information with the person's id.
All that does not depend on the answers is made once, when the blank is prepared.
"""

from __future__ import annotations

import io
import string
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from itertools import accumulate, groupby

from pypdf import PdfReader
from pypdf.generic import DictionaryObject, PdfObject

from formulary.formats.pdf import names
from formulary.formats.pdf.answers import CannotShow, check_value, laid
from formulary.formats.pdf.appearance import Box, default_appearance, text_drawing
from formulary.formats.pdf.fields import PdfField, box_of, fields_in, states
from formulary.formats.pdf.font import FieldFont, drawable, field_font
from formulary.model.blank import Blank, Question
from formulary.model.fill import Misfit

REMEMBERED = 1024
"""How many answers are kept as they were drawn; a date or a school's name is drawn once.

Of names, most are met once: more than these few would only hold memory in every process.
"""

_DRAWN = frozenset({"/Length", "/Filter", "/DecodeParms"})
_PLAIN = frozenset((string.ascii_letters + string.digits + "_-").encode())
_END = b"\nendobj\n"


@dataclass(frozen=True)
class _Object:
    """An object of the blank: its number, and its start with the entries that always stay."""

    number: int
    start: bytes


@dataclass(frozen=True)
class _Place:
    """One box where a question is answered; a button has a `state` and no drawing."""

    widget: _Object
    box: Box
    drawing: _Object | None
    state: str = ""


@dataclass(frozen=True, eq=False)
class _Slot:
    """A question's field; `field` is None where it is one object with its only widget."""

    question: Question
    font: FieldFont
    field: _Object | None
    places: tuple[_Place, ...]
    longest: int


@dataclass(frozen=True)
class _Piece:
    """Objects ready to be written: their numbers with their places in the bytes."""

    data: bytes
    starts: tuple[tuple[int, int], ...]


@dataclass(frozen=True, eq=False)
class PreparedForm:
    """A blank ready to be copied; see `formulary.model.fill.Prepared`."""

    document: bytes
    slots: Mapping[str, _Slot]
    information: _Object
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
                    _answered(slot, value)
                except CannotShow as doubt:
                    yield Misfit(id, doubt.reason, doubt.character)
        for id in values:
            if id not in self.slots:
                yield Misfit(id, "the form has no such question")

    def filled(self, values: Mapping[str, str], person: str, carried: str = "") -> bytes:
        """A copy with these values in place of the blank's, its stamp naming the person's id.

        An empty value leaves what the blank has. The same values give the same bytes. Raises
        ValueError where `misfits` would name one.
        """
        if not values.keys() <= self.slots.keys():
            raise ValueError("; ".join(found.message for found in self.misfits(values)))
        pieces = [_answered(slot, values[id]) for id, slot in self.slots.items() if values.get(id)]
        facts = f"{names.INFO_PERSON} ".encode() + _text(person)
        if carried:
            facts += f"\n{names.INFO_CARRIED} ".encode() + _text(carried)
        pieces.append(_written(self.information, facts))
        body = b"".join([piece.data for piece in pieces])
        ends = accumulate([len(piece.data) for piece in pieces], initial=len(self.document))
        table = _table(
            (number, at + start)
            for piece, at in zip(pieces, ends, strict=False)
            for number, start in piece.starts
        )
        return b"".join((self.document, body, table, self._trailer(body)))

    def _trailer(self, body: bytes) -> bytes:
        """The end of an update (PDF 1.7, 7.5.5); the file's second id tells copies apart (14.4)."""
        second = blake2b(body, digest_size=16).hexdigest()
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
    `write_blank` leaves: one cross-reference table (PDF 1.7, 7.5.4), whose kind the update repeats.
    """
    reader = PdfReader(io.BytesIO(document))
    trailer = reader.trailer
    previous = int(document[document.rindex(b"startxref") + 9 :].split()[0])
    if not document.endswith(b"%%EOF\n") or document[previous : previous + 4] != b"xref":
        raise ValueError("the document does not end as a finished blank does")
    form = trailer["/Root"]["/AcroForm"].get_object()  # type: ignore[index]
    fields = {found.name: found for found in fields_in(form)}
    font = replace(field_font(), data=b"")  # the file itself is in the document
    slots = {}
    for question in blank.questions():
        if question.id not in fields:
            raise ValueError(f"the document has no field {question.id}")
        slots[question.id] = _slot(question, fields[question.id], font)
    information = trailer["/Info"].get_object()
    assert isinstance(information, DictionaryObject)
    return PreparedForm(
        document=document,
        slots=slots,
        information=_object(information, frozenset()),
        root=trailer.raw_get("/Root").idnum,
        size=int(trailer["/Size"]),  # type: ignore[call-overload]
        previous=previous,
        first_id=_first_id(reader) or blake2b(document, digest_size=16).digest(),
    )


def _first_id(reader: PdfReader) -> bytes:
    """The id that the blank has, if it has one (PDF 1.7, 14.4); its copies keep it."""
    found = reader.trailer.get("/ID")
    return bytes(found[0].original_bytes) if found else b""


def _slot(question: Question, found: PdfField, font: FieldFont) -> _Slot:
    alone = len(found.widgets) == 1 and found.widgets[0] is found.field
    button = found.kind in ("checkbox", "buttons")
    places = tuple(_place(found, widget, button) for widget in found.widgets)
    field = None if alone else _object(found.field, frozenset({"/V"}))
    return _Slot(question, font, field, places, int(found.fact("/MaxLen") or 0))


def _place(found: PdfField, widget: DictionaryObject, button: bool) -> _Place:
    box = box_of(found, widget)
    if button:
        (state,) = states(widget)
        return _Place(_object(widget, frozenset({"/V", "/AS"})), box, None, state)
    drawing = widget["/AP"]["/N"].get_object()  # type: ignore[index]
    return _Place(_object(widget, frozenset({"/V", "/DA"})), box, _object(drawing, _DRAWN))


def _object(found: DictionaryObject, without: frozenset[str]) -> _Object:
    assert found.indirect_reference is not None
    number = found.indirect_reference.idnum
    entries = b"".join(
        key.encode() + b" " + _serial(found.raw_get(key)) + b"\n"
        for key in found
        if key not in without
    )
    return _Object(number, b"%d 0 obj\n<<" % number + entries)


def _serial(value: PdfObject) -> bytes:
    out = io.BytesIO()
    value.write_to_stream(out)
    return out.getvalue()


def _written(found: _Object, entries: bytes) -> _Piece:
    return _Piece(found.start + entries + b">>" + _END, ((found.number, 0),))


@lru_cache(REMEMBERED)
def _answered(slot: _Slot, value: str) -> _Piece:
    """The objects that an answer changes. Raises CannotShow where the field cannot take it."""
    if slot.longest and len(drawable(value)) > slot.longest:
        excess = len(drawable(value)) - slot.longest
        raise CannotShow(
            slot.question.id, f"the text is {excess} too long: its field takes {slot.longest}"
        )
    pieces = list(_ticked(slot, value) if slot.places[0].state else _typed(slot, value))
    lengths = accumulate((len(piece.data) for piece in pieces), initial=0)
    return _Piece(
        b"".join(piece.data for piece in pieces),
        tuple(
            (number, at + start)
            for piece, at in zip(pieces, lengths, strict=False)
            for number, start in piece.starts
        ),
    )


def _typed(slot: _Slot, value: str) -> Iterator[_Piece]:
    settings = [laid(slot.question, value, place.box, slot.font) for place in slot.places]
    entry = b"/V " + _text(value)
    if slot.field:
        yield _written(slot.field, entry)
    for place, setting in zip(slot.places, settings, strict=True):
        style = default_appearance(setting.size, place.box.colour)
        yield _written(place.widget, b"/DA (%s)" % style.encode() + (b"" if slot.field else entry))
        if place.drawing:
            drawn = text_drawing(setting, place.box, slot.font)
            stream = b"/Length %d>>\nstream\n%s\nendstream" % (len(drawn), drawn)
            yield _Piece(place.drawing.start + stream + _END, ((place.drawing.number, 0),))


def _ticked(slot: _Slot, value: str) -> Iterator[_Piece]:
    check_value(slot.question, value, slot.font)
    chosen = names.TICKED if slot.question.kind == "checkbox" else names.state_of(value)
    entry = b"/V " + _name(chosen)
    if slot.field:
        yield _written(slot.field, entry)
    for place in slot.places:
        shown = b"/AS " + _name(chosen if place.state == chosen else names.NOT_TICKED)
        yield _written(place.widget, shown + (b"" if slot.field else entry))


def _table(entries: Iterator[tuple[int, int]]) -> bytes:
    """A cross-reference table: runs of objects whose numbers follow each other (7.5.4)."""
    lines = [b"xref\n0 1\n0000000000 65535 f \n"]
    for _, run in groupby(enumerate(sorted(entries)), lambda found: found[1][0] - found[0]):
        objects = [entry for _, entry in run]
        lines.append(b"%d %d\n" % (objects[0][0], len(objects)))
        lines += [b"%010d 00000 n \n" % at for _, at in objects]
    return b"".join(lines)


def _text(value: str) -> bytes:
    """A text string (7.9.2.2): as it stands, or in UTF-16 where it is more than plain letters.

    Letters and their marks are put together, since a viewer that draws anew does not do it.
    """
    if value.isascii() and value.isprintable():
        quoted = value.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        return b"(%s)" % quoted.encode()
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    return b"<FEFF%s>" % text.encode("utf-16-be").hex().upper().encode()


def _name(name: str) -> bytes:
    """A name (7.3.5): whatever is no plain letter or digit is written as #xx."""
    return b"/" + b"".join(
        bytes((byte,)) if byte in _PLAIN else b"#%02X" % byte for byte in name[1:].encode()
    )
