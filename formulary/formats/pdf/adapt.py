"""An organisation's own PDF form and a blank come in; that PDF goes out as one of our blanks.

Every field that is joined to a question (`own.join`) gets the question's id as its name, its title
as tooltip, its choices, the embedded font and a drawing. All else stays as it is, scripts excepted.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

from formulary.formats.pdf import appearance, names
from formulary.formats.pdf.answers import CannotShow, laid
from formulary.formats.pdf.embed import font_document
from formulary.formats.pdf.fields import (
    COMB,
    DROP_DOWN,
    MANY_LINES,
    RADIO,
    REQUIRED,
    PdfField,
    box_of,
    fields_in,
    offered,
    rotation,
    states,
)
from formulary.formats.pdf.finish import finished, opened
from formulary.formats.pdf.font import FieldFont, field_font
from formulary.formats.pdf.own import Join, button_names, join
from formulary.model.blank import DATE_FORMAT, Blank, Question
from formulary.problems import OWN_TEMPLATE, Place, Problem, errors_in
from formulary.source import Document

_INHERITED = ("/FT", "/Ff", "/DA", "/Q", "/MaxLen")
_LEFT_OUT = ("/A", "/AA", "/V", "/DV", "/RV", "/DS", "/I", "/TI", "/Opt", "/Lock", "/SV", "/TU")
_KEPT_FLAGS = MANY_LINES | COMB
_PRINTED = 4

_TURNED = {90: (0, 1, -1, 0, 0, 0), 180: (-1, 0, 0, -1, 0, 0), 270: (0, -1, 1, 0, 0, 0)}
"""How a drawing is turned with its box; a viewer moves it into place (PDF 1.7, 12.5.5)."""

_AUTOMATIC = 0.7
"""The share of a low box that an answer's size takes where the document leaves the size open."""


def adapt(
    document: bytes, blank: Blank, file: Path, form: Document | None = None
) -> tuple[bytes, tuple[Problem, ...]]:
    """The organisation's own PDF as one of our blanks, and what is wrong with it.

    `file` is its path in the project; `form`, the form's YAML, gives the lines of its map. Where
    there are errors nothing is made: the bytes are empty.
    """
    joins, problems = join(document, blank, file, form)
    if errors_in(problems):
        return b"", problems
    try:
        return _adapted(document, blank, joins), problems
    except CannotShow as doubt:
        titles = {question.id: question.title for question in blank.questions()}
        message = f"The field of the question “{titles[doubt.field]}” is too small: {doubt.reason}"
        fix = "Make the field larger in the document."
        problem = Problem(OWN_TEMPLATE, Place(file), message, fix, where=blank.title)
        return b"", (*problems, problem)


def _adapted(document: bytes, blank: Blank, joins: tuple[Join, ...]) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(document)))
    root = writer.root_object
    form = root["/AcroForm"].get_object()
    assert isinstance(form, DictionaryObject)
    fields = {one.name: one for one in fields_in(form)}
    _drop_scripts(writer, form, list(fields.values()))
    adapter = _Adapter(writer, form)
    for found in joins:
        adapter.take(fields[found.field.name], found)
    root[NameObject("/ViewerPreferences")] = _dictionary({"/DisplayDocTitle": BooleanObject(True)})
    if not (writer.metadata and writer.metadata.title):
        title = f"{blank.title}, {blank.organisation}, {blank.edition}"
        writer.add_metadata({"/Title": title})
    out = io.BytesIO()
    writer.write(out)
    with opened(out.getvalue()) as pdf:
        return finished(pdf, blank.stamp, as_typeset=False)


class _Adapter:
    """Makes fields of a document ours, one after the other."""

    def __init__(self, writer: PdfWriter, form: DictionaryObject) -> None:
        self.writer, self.form = writer, form
        self.font: FieldFont = field_font()
        catalogue: Any = PdfReader(io.BytesIO(font_document())).trailer["/Root"]
        reference = catalogue.raw_get("/Font").clone(writer)
        fonts = _dictionary({names.FIELD_FONT: reference})
        self.resources = writer._add_object(_dictionary({"/Font": fonts}))
        theirs = _part(form, "/DR")
        fonts = _part(theirs, "/Font")
        fonts[NameObject(names.FIELD_FONT)] = reference
        theirs[NameObject("/Font")] = fonts
        form[NameObject("/DR")] = theirs
        form.setdefault(NameObject("/DA"), TextStringObject(appearance.default_appearance()))
        form.pop("/NeedAppearances", None)

    def take(self, one: PdfField, found: Join) -> None:
        """Make `one` the field of the question."""
        question, field = found.question, one.field
        buttons = button_names(one) if one.kind == "buttons" else {}
        style = [box_of(one, widget) for widget in one.widgets]
        _stand_alone(self.form, one)
        for holder in {id(part): part for part in (field, *one.widgets)}.values():
            for key in _LEFT_OUT:
                holder.pop(key, None)
        date_format = DATE_FORMAT if question.kind == "date" else ""
        field.update(
            _dictionary(
                {
                    "/T": TextStringObject(question.id),
                    "/TU": TextStringObject(names.tooltip(question.title, date_format)),
                    **_facts(one, question, bool(buttons)),
                }
            )
        )
        for place, widget in enumerate(one.widgets):
            widget[NameObject("/F")] = NumberObject(_PRINTED)
            if question.kind == "checkbox":
                self.draw_button(one, widget, names.TICKED, bool(question.value))
            elif buttons:
                choice = found.choices.get(buttons.get(place, ""), "")
                self.draw_button(one, widget, names.state_of(choice), choice == question.value)
            else:
                self.draw_text(one, widget, question, style[place])

    def draw_button(
        self, one: PdfField, widget: DictionaryObject, state: str, pressed: bool
    ) -> None:
        """Name its two states; what the document draws for them stays, where it draws something."""
        box = box_of(one, widget)
        theirs = _part(_part(widget, "/AP"), "/N")
        (old,) = states(widget) or (names.TICKED,)
        ticked = theirs.raw_get(old) if _draws(theirs.get(old)) else None
        empty = theirs.raw_get(names.NOT_TICKED) if names.NOT_TICKED in theirs else None
        frame = box.frame.encode("ascii")
        drawings: dict[str, PdfObject] = {
            state: ticked
            or self.drawing(widget, box, frame + appearance.tick_drawing(box.width, box.height)),
            names.NOT_TICKED: empty
            or self.drawing(widget, box, frame + appearance.empty_drawing()),
        }
        widget[NameObject("/AP")] = _dictionary({"/N": _dictionary(drawings)})
        widget[NameObject("/AS")] = NameObject(state if pressed else names.NOT_TICKED)

    def draw_text(
        self,
        one: PdfField,
        widget: DictionaryObject,
        question: Question,
        style: appearance.Box,
    ) -> None:
        size = style.size or _automatic(style.height)
        for holder in (one.field, widget):
            holder[NameObject("/DA")] = TextStringObject(
                appearance.default_appearance(size, style.colour)
            )
            holder[NameObject("/DR")] = self.resources
        box = box_of(one, widget)
        setting = laid(question, question.value, box, self.font)
        widget[NameObject("/DA")] = TextStringObject(
            appearance.default_appearance(setting.size, box.colour)
        )
        content = appearance.text_drawing(setting, box, self.font)
        widget[NameObject("/AP")] = _dictionary({"/N": self.drawing(widget, box, content)})

    def drawing(
        self, widget: DictionaryObject, box: appearance.Box, content: bytes
    ) -> IndirectObject:
        entries: dict[str, PdfObject] = {
            "/Type": NameObject("/XObject"),
            "/Subtype": NameObject("/Form"),
            "/BBox": ArrayObject(FloatObject(edge) for edge in (0, 0, box.width, box.height)),
            "/Resources": self.resources,
        }
        if rotation(widget):
            turned = _TURNED[rotation(widget)]
            entries["/Matrix"] = ArrayObject(NumberObject(part) for part in turned)
        made = DecodedStreamObject()
        made.set_data(content)
        made.update(_dictionary(entries))
        return self.writer._add_object(made)


def _draws(drawing: Any) -> bool:
    found = drawing.get_object() if drawing is not None else None
    return isinstance(found, StreamObject) and bool(found.get_data().strip())


def _automatic(height: float) -> float:
    """The size in a box whose document leaves it open, in steps of half a point."""
    return min(appearance.SIZE, max(4.0, int(height * _AUTOMATIC * 2) / 2))


def _facts(one: PdfField, question: Question, buttons: bool) -> dict[str, PdfObject]:
    """What kind of field the question needs, and the value that the blank has."""
    flags = REQUIRED if question.required else 0
    if question.kind == "checkbox":
        state = names.TICKED if question.value else names.NOT_TICKED
        return {
            "/FT": NameObject("/Btn"),
            "/Ff": NumberObject(flags),
            "/V": NameObject(state),
        }
    if buttons:
        state = names.state_of(question.value) if question.value else names.NOT_TICKED
        return {
            "/FT": NameObject("/Btn"),
            "/Ff": NumberObject(flags | RADIO),
            "/V": NameObject(state),
        }
    if question.kind == "choice":
        return {
            "/FT": NameObject("/Ch"),
            "/Ff": NumberObject(flags | DROP_DOWN),
            "/Opt": ArrayObject(TextStringObject(option) for option in offered(question)),
            "/V": TextStringObject(question.value),
        }
    flags |= one.flags & _KEPT_FLAGS
    if question.kind == "multiline":
        flags = (flags | MANY_LINES) & ~COMB
    value = TextStringObject(question.value)
    return {"/FT": NameObject("/Tx"), "/Ff": NumberObject(flags), "/V": value}


def _stand_alone(form: DictionaryObject, one: PdfField) -> None:
    """Take a field out of those above it, with the facts that it has from them."""
    field = one.field
    for key in _INHERITED:
        value = one.fact(key)
        if value is not None:
            field[NameObject(key)] = value
    under, above = field.indirect_reference, field.get("/Parent")
    field.pop("/Parent", None)
    while above is not None and under is not None:
        parent = above.get_object()
        if _without(parent, "/Kids", under):
            break
        under, above = parent.indirect_reference, parent.get("/Parent")
    else:
        if under is not None:
            _without(form, "/Fields", under)
    fields: Any = form["/Fields"]
    fields.append(field.indirect_reference)


def _without(holder: Any, key: str, reference: IndirectObject) -> int:
    """Take a reference out of an array; gives how many others are left."""
    kept = [entry for entry in holder[key] if entry.idnum != reference.idnum]
    holder[NameObject(key)] = ArrayObject(kept)
    return len(kept)


def _part(holder: DictionaryObject, key: str) -> DictionaryObject:
    found = holder.get(key)
    part = found.get_object() if found is not None else DictionaryObject()
    assert isinstance(part, DictionaryObject)
    return part


def _drop_scripts(writer: PdfWriter, form: DictionaryObject, fields: list[PdfField]) -> None:
    """Take out everything that runs by itself (PDF 1.7, 12.6.4.16)."""
    root = writer.root_object
    _part(root, "/Names").pop("/JavaScript", None)
    opening = root.get("/OpenAction")
    if isinstance(opening, IndirectObject):
        opening = opening.get_object()
    if isinstance(opening, DictionaryObject) and opening.get("/S") == "/JavaScript":
        root.pop("/OpenAction")
    form.pop("/CO", None)
    holders: list[Any] = [root, *writer.pages]
    for one in fields:
        holders += [one.field, *one.widgets]
    for holder in holders:
        holder.pop("/AA", None)
        if _part(holder, "/A").get("/S") == "/JavaScript":
            holder.pop("/A")


def _dictionary(entries: dict[str, PdfObject]) -> DictionaryObject:
    """A PDF dictionary of entries named without care for pypdf's key type."""
    return DictionaryObject({NameObject(key): value for key, value in entries.items()})
