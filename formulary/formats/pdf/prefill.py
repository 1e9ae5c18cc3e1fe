"""Fill a blank form in for many people: what does not depend on the answers is made only once.

A copy is the blank's bytes as they are, and an update behind them (ISO 32000-2, 7.5.6): the fields
that have an answer, the drawings of those answers, pages for answers that are longer than their
boxes, and the document information with the person's id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256

from pikepdf import Object

from formulary.documents.blank import Blank, Question
from formulary.documents.filling import Misfit, Prepared
from formulary.formats.pdf import conventions
from formulary.formats.pdf.answers import CannotShow, NoRoom, check_value, set_answer
from formulary.formats.pdf.appearance import AnswerBox, cut_text, field_style, text_drawing
from formulary.formats.pdf.continuation import (
    ContinuationPlan,
    LongAnswer,
    lay_out,
    plan_continuation,
    write_continuation,
)
from formulary.formats.pdf.document import open_document
from formulary.formats.pdf.fields import (
    PdfField,
    box_of,
    entry,
    iterate_fields,
    normal_appearance,
    on_states,
)
from formulary.formats.pdf.font import drawable, field_font
from formulary.formats.pdf.objects import (
    Objects,
    ObjectStart,
    finish_object,
    finish_stream,
    join_objects,
    name_object,
    start_object,
    text_string,
    write_table,
)

REMEMBERED = 1024
"""How many answers are kept as they were drawn; a date or a school's name is drawn once.

Of names, most are met once: more than these few would only hold memory in every process.
"""

_OF_THE_STREAM = frozenset({"/Length", "/Filter", "/DecodeParms"})


@dataclass(frozen=True)
class _AnswerPlace:
    """One box where a question is answered; a button has a `state` and no drawing."""

    widget: ObjectStart
    box: AnswerBox
    drawing: ObjectStart | None
    state: str = ""


@dataclass(frozen=True, eq=False)
class _AnswerSlot:
    """A question's field; `field` is None where it is one object with its only widget."""

    question: Question
    field: ObjectStart | None
    places: tuple[_AnswerPlace, ...]
    longest: int


@dataclass(frozen=True, eq=False)
class PreparedForm(Prepared):
    """A blank ready to be copied; see `formulary.documents.filling.Prepared`."""

    document: bytes
    slots: Mapping[str, _AnswerSlot]
    information: ObjectStart
    root: int
    size: int
    previous: int
    first_id: bytes
    continuation: ContinuationPlan

    @cached_property
    def asked(self) -> Mapping[str, Question]:
        """The questions by their ids, in the order of the form."""
        return {id: slot.question for id, slot in self.slots.items()}

    def find_misfit(self, question: Question, value: str) -> Misfit | None:
        """Why a field cannot take a value; one that has no room goes on behind the form."""
        try:
            _write_answer(self.slots[question.id], value, 0)
        except NoRoom:
            return None
        except CannotShow as doubt:
            return Misfit(question.id, doubt.reason, doubt.character)
        return None

    def fill(self, values: Mapping[str, str], person: str, carried: str = "") -> bytes:
        """A copy with these values; see `Prepared.fill`."""
        if unknown := values.keys() - self.slots.keys():
            raise ValueError(f"{min(unknown)}: the form does not ask this")
        given = {id: values[id] for id in self.slots if values.get(id)}
        made, long = dict[str, Objects](), list[LongAnswer]()
        for id, value in given.items():
            try:
                made[id] = _write_answer(self.slots[id], value, 0)
            except NoRoom:
                long.append(LongAnswer(id, self.slots[id].question.title, value))
        laid = lay_out(long) if long else None
        if laid:
            for id, page in laid.begins.items():
                made[id] = _write_answer(self.slots[id], given[id], page)
        pieces = [made[id] for id in given]
        if laid:
            pieces.append(write_continuation(self.continuation, laid, self.name_in(given)))
        facts = f"{conventions.INFO_PERSON} ".encode() + text_string(person)
        if carried:
            facts += f"\n{conventions.INFO_CARRIED} ".encode() + text_string(carried)
        pieces.append(finish_object(self.information, facts))
        update = join_objects(pieces)
        table = write_table((number, len(self.document) + at) for number, at in update.starts)
        return b"".join((self.document, update.data, table, self._trailer(update)))

    def _trailer(self, update: Objects) -> bytes:
        """The end of an update (7.5.5); the file's second id tells copies apart (14.4).

        It is the first half of the update's SHA-256, which browsers can work out, too.
        """
        second = sha256(update.data).hexdigest()[:32]
        last = max(number for number, _ in update.starts)
        return (
            b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]/Prev %d>>\n"
            b"startxref\n%d\n%%%%EOF\n"
        ) % (
            max(self.size, last + 1),
            self.root,
            self.information.number,
            self.first_id.hex().encode(),
            second.encode(),
            self.previous,
            len(self.document) + len(update.data),
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
    with open_document(document) as pdf:
        fields = {field.name: field for field in iterate_fields(pdf.Root["/AcroForm"])}
        missing = [question.id for question in blank.questions() if question.id not in fields]
        if missing:
            raise ValueError(f"the document has no field {missing[0]}")
        trailer = pdf.trailer
        return PreparedForm(
            document=document,
            slots={one.id: _slot(one, fields[one.id]) for one in blank.questions()},
            information=start_object(trailer["/Info"], frozenset()),
            root=pdf.Root.objgen[0],
            size=int(trailer["/Size"]),
            previous=previous,
            first_id=bytes(trailer["/ID"][0]),
            continuation=plan_continuation(
                pdf,
                _font_number(fields.values()),
                field_font().shown(blank.title),
                blank.stamp.code,
            ),
        )


def _font_number(fields: Iterable[PdfField]) -> int:
    """The object that is the font of the drawings; 0 for a form without texts."""
    for field in fields:
        fonts = entry(entry(normal_appearance(field.widgets[0]), "/Resources"), "/Font")
        if entry(fonts, conventions.FIELD_FONT) is not None:
            return int(fonts[conventions.FIELD_FONT].objgen[0])
    return 0


def _slot(question: Question, field: PdfField) -> _AnswerSlot:
    (first, *others) = field.widgets
    alone = not others and first.objgen == field.dictionary.objgen
    return _AnswerSlot(
        question,
        None if alone else start_object(field.dictionary, frozenset({"/V"})),
        tuple(_place(field, widget) for widget in field.widgets),
        int(field.find_entry("/MaxLen") or 0),
    )


def _place(field: PdfField, widget: Object) -> _AnswerPlace:
    box = box_of(field, widget)
    if field.kind in ("checkbox", "buttons"):
        (state,) = on_states(widget)
        return _AnswerPlace(start_object(widget, frozenset({"/V", "/AS"})), box, None, state)
    drawing = start_object(normal_appearance(widget), _OF_THE_STREAM)
    return _AnswerPlace(start_object(widget, frozenset({"/V", "/DA"})), box, drawing)


@lru_cache(REMEMBERED)
def _write_answer(slot: _AnswerSlot, value: str, page: int) -> Objects:
    """The objects that an answer changes.

    Where it continues on a `page` behind the form, from 1, the box shows how it begins. Raises
    CannotShow where the field cannot take it, and NoRoom where it is too long and has no such page.
    """
    if slot.longest and len(drawable(value)) > slot.longest:
        excess = len(drawable(value)) - slot.longest
        raise CannotShow(
            slot.question.id, f"the text is {excess} too long: its field takes {slot.longest}"
        )
    pressed = bool(slot.places[0].state)
    return join_objects(_press_button(slot, value) if pressed else _write_text(slot, value, page))


def _write_text(slot: _AnswerSlot, value: str, page: int) -> Iterator[Objects]:
    if page:
        note = conventions.continuation_note(page)
        settings = [cut_text(value, place.box, note) for place in slot.places]
    else:
        settings = [set_answer(slot.question, value, place.box) for place in slot.places]
    entry = b"/V " + text_string(value)
    if slot.field:
        yield finish_object(slot.field, entry)
    for place, setting in zip(slot.places, settings, strict=True):
        style = field_style(place.box, setting.size)
        yield finish_object(
            place.widget, b"/DA (%s)" % style.encode() + (b"" if slot.field else entry)
        )
        if place.drawing:
            drawn = text_drawing(setting, place.box)
            yield finish_stream(place.drawing, drawn)


def _press_button(slot: _AnswerSlot, value: str) -> Iterator[Objects]:
    check_value(slot.question, value)
    chosen = conventions.TICKED if slot.question.kind == "checkbox" else conventions.state_of(value)
    entry = b"/V " + name_object(chosen)
    if slot.field:
        yield finish_object(slot.field, entry)
    for place in slot.places:
        shown = b"/AS " + name_object(chosen if place.state == chosen else conventions.NOT_TICKED)
        yield finish_object(place.widget, shown + (b"" if slot.field else entry))
