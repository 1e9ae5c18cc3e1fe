"""Make the fields of an organisation's own PDF ours, each for the question that it answers.

A field gets the question's id as its name, its title as tooltip, its choices, the embedded font and
a drawing, so that a return is read without the form's map. All else stays, scripts excepted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from formulary.documents.blank import Blank, Question
from formulary.formats.pdf import appearance, conventions
from formulary.formats.pdf.additions import enclose_page
from formulary.formats.pdf.answers import set_answer
from formulary.formats.pdf.continuation import make_extensible
from formulary.formats.pdf.document import write_document
from formulary.formats.pdf.embed import embed_font
from formulary.formats.pdf.fields import (
    COMB,
    MANY_LINES,
    PRINTED,
    RADIO,
    PdfField,
    box_of,
    dictionary_of,
    entry,
    export_value,
    field_entries,
    items_of,
    iterate_fields,
    lineage,
    make_drawing,
    normal_appearance,
    on_states,
    rotation,
)

_INHERITED = ("/FT", "/Ff", "/DA", "/Q", "/MaxLen")
_REPLACED = ("/A", "/AA", "/V", "/DV", "/RV", "/DS", "/I", "/TI", "/Opt", "/Lock", "/SV", "/TU")

_TURNS = {90: (0, 1, -1, 0, 0, 0), 180: (-1, 0, 0, -1, 0, 0), 270: (0, -1, 1, 0, 0, 0)}
"""What turns a drawing with its box; a viewer moves it into place (ISO 32000-2, 12.5.5)."""

_AUTOMATIC = 0.7
"""The share of a low box that an answer's size takes where the document leaves the size open."""


@dataclass(frozen=True, eq=False)
class FieldMatch:
    """A field and the question that it answers; `choices` gives a button's name its choice."""

    question: Question
    field: PdfField
    choices: Mapping[str, str]


def adapt_fields(pdf: Pdf, blank: Blank, matches: tuple[FieldMatch, ...]) -> bytes:
    """The document with its matched fields as a blank of ours has them.

    Raises CannotShow for a prefilled value that its field cannot show.
    """
    form = pdf.Root["/AcroForm"]
    _remove_scripts(pdf, form)
    adapter = _FieldAdapter(pdf, form)
    for match in matches:
        adapter.adapt(match)
    for page in pdf.pages:
        enclose_page(pdf, page.obj)
    pdf.Root["/ViewerPreferences"] = Dictionary(DisplayDocTitle=True)
    if not str(pdf.docinfo.get("/Title", "")):
        pdf.docinfo["/Title"] = f"{blank.title}, {blank.organisation}, {blank.edition}"
    make_extensible(pdf)
    return write_document(pdf, blank.stamp, as_typeset=False)


def button_names(field: PdfField) -> dict[int, str]:
    """The name of each button of a group, by its place among the widgets.

    It is the state in which the button is on, or its entry in /Opt (12.7.5.2.3).
    """
    on = ((place, on_states(widget)[:1]) for place, widget in enumerate(field.widgets))
    return {
        place: export_value(field, conventions.option_of(state))
        for place, states in on
        for state in states
    }


class _FieldAdapter:
    """Adapts the fields of one document."""

    def __init__(self, pdf: Pdf, form: Object) -> None:
        self.pdf, self.form = pdf, form
        self.resources, listed = embed_font(pdf)
        theirs = dictionary_of(entry(form, "/DR"))
        fonts = dictionary_of(entry(theirs, "/Font"))
        for name in conventions.DRAWING_FONTS:
            fonts[name] = listed["/Font"][name]
        theirs["/Font"] = fonts
        form["/DR"] = theirs
        if "/DA" not in form:
            form["/DA"] = appearance.default_appearance()
        _remove(form, "/NeedAppearances")

    def adapt(self, match: FieldMatch) -> None:
        """Make the field the question's, and draw what the blank says there."""
        field, question = match.field, match.question
        buttons = button_names(field) if field.kind == "buttons" else {}
        entries = field_entries(question, boxes=bool(buttons))
        if buttons:
            entries["/Ff"] |= RADIO
        elif entries["/FT"] == Name.Tx:
            if question.kind == "multiline":
                entries["/Ff"] |= field.flags & MANY_LINES
            else:  # the document says whether there is room for lines
                entries["/Ff"] = entries["/Ff"] & ~MANY_LINES | field.flags & (MANY_LINES | COMB)
        styles = [box_of(field, widget) for widget in field.widgets]
        _detach(self.form, field.dictionary)
        for holder in (field.dictionary, *field.widgets):
            _remove(holder, *_REPLACED)
        for key, value in entries.items():
            field.dictionary[key] = value
        adapted = PdfField(question.id, field.dictionary, field.widgets)
        for place, (widget, style) in enumerate(zip(field.widgets, styles, strict=True)):
            widget["/F"] = PRINTED
            if question.kind == "checkbox":
                self.draw_button(adapted, widget, conventions.TICKED, bool(question.value))
            elif buttons:
                choice = match.choices.get(buttons.get(place, ""), "")
                state = conventions.state_of(choice)
                self.draw_button(adapted, widget, state, choice == question.value)
            else:
                self.draw_text(adapted, widget, question, style)

    def draw_button(self, field: PdfField, widget: Object, state: str, pressed: bool) -> None:
        """Name its two states; what the document draws for them stays, where it draws something."""
        box = box_of(field, widget)
        theirs = dictionary_of(normal_appearance(widget))
        (on,) = on_states(widget) or (conventions.TICKED,)
        ticked, empty = entry(theirs, on), entry(theirs, conventions.NOT_TICKED)
        if not (isinstance(ticked, Stream) and ticked.read_bytes().strip()):
            ticked = self.draw(widget, box, appearance.tick_drawing(box.width, box.height))
        if empty is None:
            empty = self.draw(widget, box, appearance.empty_drawing())
        widget["/AP"] = Dictionary(N=Dictionary({state: ticked, conventions.NOT_TICKED: empty}))
        widget["/AS"] = Name(state if pressed else conventions.NOT_TICKED)

    def draw_text(
        self, field: PdfField, widget: Object, question: Question, style: appearance.AnswerBox
    ) -> None:
        size = _automatic_size(style.height) if style.open_size else style.size
        for holder in (field.dictionary, widget):
            holder["/DA"] = appearance.default_appearance(size, style.colour)
            _remove(holder, "/DR")
        box = box_of(field, widget)
        setting = set_answer(question, question.value, box)
        widget["/DA"] = appearance.default_appearance(setting.size, box.colour)
        content = appearance.text_drawing(setting, box)
        widget["/AP"] = Dictionary(N=self.draw(widget, box, content, framed=True))

    def draw(
        self, widget: Object, box: appearance.AnswerBox, content: bytes, *, framed: bool = False
    ) -> Object:
        content = content if framed else box.frame.encode("ascii") + content
        drawing = make_drawing(self.pdf, content, box.width, box.height, self.resources)
        if rotation(widget):
            drawing["/Matrix"] = Array(_TURNS[rotation(widget)])
        return drawing


def _automatic_size(height: float) -> float:
    """The size in a box whose document leaves it open, in steps of half a point."""
    return min(appearance.SIZE, max(4.0, int(height * _AUTOMATIC * 2) / 2))


def _detach(form: Object, field: Object) -> None:
    """Take a field out of those above it, with the entries that it has from them."""
    for key in _INHERITED:
        value = PdfField("", field, ()).find_entry(key)
        if value is not None:
            field[key] = value
    below, *above = lineage(field)
    for parent in above:
        if _remove_item(parent, "/Kids", below):
            break
        below = parent
    else:
        _remove_item(form, "/Fields", below)
    _remove(field, "/Parent")
    form["/Fields"].append(field)


def _remove_item(holder: Object, key: str, item: Object) -> int:
    """Take a reference out of an array; gives how many others are left."""
    kept = [one for one in items_of(holder[key]) if one.objgen != item.objgen]
    holder[key] = Array(kept)
    return len(kept)


def _remove(holder: Any, *keys: str) -> None:
    for key in keys:
        if entry(holder, key) is not None:
            del holder[key]


def _remove_scripts(pdf: Pdf, form: Object) -> None:
    """Take out everything that runs by itself (12.6.3 and 12.6.4.17)."""
    _remove(entry(pdf.Root, "/Names"), "/JavaScript")
    _remove(form, "/CO")
    holders = [pdf.Root, *(page.obj for page in pdf.pages)]
    for field in iterate_fields(form):
        holders += [field.dictionary, *field.widgets]
    for holder in holders:
        _remove(holder, "/AA")
        for key in ("/A", "/OpenAction"):
            if entry(entry(holder, key), "/S") == Name.JavaScript:
                _remove(holder, key)
