"""Write a blank form as a fillable PDF/UA-1 document.

Typst lays the form out with a link for every answer; each link then becomes a form widget, and its
structure element a Form (ISO 32000-2, 12.7 and 14.8.4; PDF/UA-1, 7.18).
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from pikepdf import Array, Dictionary, Name, NumberTree, Object, Pdf, String

from formulary.content.source import Document
from formulary.documents.arrangement import (
    GUTTER,
    MILLIMETRES,
    AnswerRow,
    arrange_answers,
    begins_page,
    column_widths,
    has_help_beside,
    help_of,
    in_block,
    notes_of,
    shared_options,
    width_of,
)
from formulary.documents.blank import Blank, Grid, LetterRole, Part, Question
from formulary.documents.opening import Opening
from formulary.documents.own_template import find_document, refuse_errors, shown_path
from formulary.edition.text import FIELD
from formulary.formats.pdf import appearance, conventions
from formulary.formats.pdf.answers import check_value, set_answer
from formulary.formats.pdf.continuation import make_extensible
from formulary.formats.pdf.custom_template import adapt_template
from formulary.formats.pdf.document import open_document, write_document
from formulary.formats.pdf.embed import embed_font
from formulary.formats.pdf.fields import (
    PRINTED,
    field_entries,
    has_boxes,
    make_drawing,
    takes_lines,
)
from formulary.formats.pdf.letter import letter_data
from formulary.formats.pdf.typst import (
    attributes,
    blocks_data,
    common_data,
    draw_first_page,
    typeset,
)
from formulary.problems import OutputError, Problem, in_order

TEMPLATE = "form.typ"


def write_blank(blank: Blank, house: Path) -> bytes:
    """Write a blank form with the template `form.typ` in the folder `house`.

    The organisation's own PDF, `<form>.pdf` beside that folder, takes the template's place; raises
    ContentError where it does not fit the form. Raises CannotShow for a prefilled value that its
    field cannot show, and OutputError where the template is missing, wrong, or does not print every
    question once.
    """
    if own := find_document(blank, house, "pdf"):
        made, problems = _adapt_custom(blank, own, None)
        refuse_errors(problems)
        return made
    for question in blank.questions():
        check_value(question, question.value)
    with open_document(typeset(house / TEMPLATE, form_data(blank), blank.faces)) as pdf:
        _FieldMaker(pdf).make_fields(blank)
        make_extensible(pdf)
        return write_document(pdf, blank.stamp)


def draw_blank(blank: Blank, house: Path) -> bytes:
    """A picture of the form's first page as PNG; empty where the organisation has its own PDF."""
    if find_document(blank, house, "pdf"):
        return b""
    return draw_first_page(house / TEMPLATE, form_data(blank), blank.faces)


def preflight(blank: Blank, house: Path, form: Document | None = None) -> tuple[Problem, ...]:
    """Everything that is wrong with the organisation's own PDF; empty where there is none.

    `form` is the form's YAML, for the lines of its `own-templates`. Raises OutputError where the
    file cannot be opened.
    """
    own = find_document(blank, house, "pdf")
    return in_order(_adapt_custom(blank, own, form)[1]) if own else ()


def _adapt_custom(
    blank: Blank, own: Path, form: Document | None
) -> tuple[bytes, tuple[Problem, ...]]:
    shown = shown_path(own)
    try:
        document = own.read_bytes()
    except OSError as error:
        raise OutputError(f"{shown.as_posix()} cannot be opened: {error.strerror}.") from error
    return adapt_template(document, blank, shown, form)


def form_data(blank: Blank) -> dict[str, Any]:
    """What the template gets: the blank as plain values."""
    return {
        **common_data(blank),
        **attributes(blank, "edition_line", "marking", "is_letter"),
        "guidance": blocks_data(blank.guidance),
        "opening": _opening_data(blank.opening),
        "parts": _parts_data(blank),
    }


def _opening_data(opening: Opening) -> dict[str, Any]:
    """What is before the first question: how, by when, where it goes, and the year's months."""
    return {
        **attributes(opening, "purpose", "how", "by_when", "to_whom", "spans"),
        "ruler": [
            {"name": month.name, "filled": bool(month.parts), "cycle": month.is_cycle}
            for month in opening.ruler
        ],
    }


def _parts_data(blank: Blank) -> list[dict[str, Any]]:
    roles = blank.letter_roles
    parts = [
        _part_data(part, role, begins_page(roles, place))
        for place, (part, role) in enumerate(zip(blank.parts, roles, strict=True))
    ]
    for before, part in pairwise(parts):
        # “Yours sincerely” stays on the page of the signature
        last = before["letter"][-1] if before["letter"] else {}
        runs = last.get("runs", ())
        fills = any(run["target"].startswith(FIELD) for run in runs)
        if part["role"] == "signature" and runs and not fills:
            part["closing"] = [before["letter"].pop()]
    return parts


def _part_data(part: Part, role: LetterRole, begins: bool) -> dict[str, Any]:
    to, writer = part.addressed if role == "address" else ((), ())
    time, who = part.tab
    return {
        **attributes(part, "title", "clause", "number", "decision"),
        "role": role,
        "begins-page": begins,
        "closing": [],
        "to": [_place_data(question) for question in to],
        "of": [_place_data(question) for question in writer],
        "time": time,
        "who": who,
        "signed": part.is_signed,
        "intro": blocks_data(part.intro),
        "letter": letter_data(part),
        "filled": {
            f"{conventions.FIELD_SCHEME}{question.id}": _place_data(question)
            for question in part.questions
            if part.letter
        },
        "rows": _rows_data(part.asked_apart) if role != "address" else [],
        "grid": _grid_data(part.grid) if part.grid else None,
    }


def _grid_data(grid: Grid) -> dict[str, Any]:
    first = grid.rows[0].questions if grid.rows else ()
    return {
        **attributes(grid, "row", "in_blocks"),
        "options": shared_options(grid),
        "widths": column_widths(grid, first) if first else [],
        "columns": [
            {"label": column.label, "help": help_of(replace(question, hint=column.hint))}
            for column, question in zip(grid.columns, first, strict=False)
        ],
        "rows": [
            {
                **attributes(row, "title", "heading"),
                "guide": blocks_data(row.guide),
                "questions": [_question_data(question) for question in row.questions],
                "rows": _rows_data(tuple(map(in_block, row.questions))) if grid.in_blocks else [],
            }
            for row in grid.rows
        ],
    }


def _rows_data(questions: tuple[Question, ...]) -> list[dict[str, Any]]:
    return [
        {
            **attributes(row, "shape", "label", "numbers"),
            "questions": [_question_data(question, _room_of(row)) for question in row.questions],
        }
        for row in arrange_answers(questions)
    ]


def _room_of(row: AnswerRow) -> int:
    """The millimetres that a label of a row has."""
    if row.shape == "pair":
        return (MILLIMETRES["full"] - GUTTER) // 2
    return MILLIMETRES["date" if row.shape == "signature" else "full"]


def _place_data(question: Question) -> dict[str, Any]:
    """A place in a letter, whose caption does not say that it is required: the field does."""
    return _question_data(replace(question, required=False))


def _question_data(question: Question, room: int = 0) -> dict[str, Any]:
    """What the template gets of a question whose label has `room` millimetres."""
    said = ("label", "kind", "colours", "options", "lines", "required", "money", "signature")
    return {
        **attributes(question, *said),
        "target": f"{conventions.FIELD_SCHEME}{question.id}",
        "notes": notes_of(question),
        "help": help_of(question),
        "beside": has_help_beside(question, room),
        "width": width_of(question),
        "boxes": [
            f"{conventions.FIELD_SCHEME}{name}"
            for name in _answer_names(question)
            if has_boxes(question)
        ],
        "name": takes_lines(question) and question.kind == "text",
    }


class _FieldMaker:
    """Makes the links of a typeset form its fields."""

    def __init__(self, pdf: Pdf) -> None:
        self.pdf = pdf
        self.resources, self.listed = embed_font(pdf)
        self.drawn: dict[tuple[float, float], tuple[Object, ...]] = {}
        """How a box is drawn that is on, and one that is off, by its width and height."""

    def make_fields(self, blank: Blank) -> None:
        """Make a field for each question; OutputError where it is not printed once."""
        widgets = self.find_widgets(blank.questions())
        fields = []
        for question in blank.questions():
            places = [widgets[name] for name in _answer_names(question)]
            for place, widget in enumerate(places):
                self.make_widget(widget, question, place)
            fields.append(self.join_boxes(question, places) if has_boxes(question) else places[0])
        self.pdf.Root["/AcroForm"] = self.pdf.make_indirect(
            Dictionary(Fields=Array(fields), DA=appearance.default_appearance(), DR=self.listed)
        )

    def find_widgets(self, questions: tuple[Question, ...]) -> dict[str, Object]:
        """The links by what they call their answers, as widgets of their pages."""
        wanted = {name: one.id for one in questions for name in _answer_names(one)}
        structure = NumberTree(self.pdf.Root["/StructTreeRoot"]["/ParentTree"])  # 14.7.4.4
        widgets: dict[str, Object] = {}
        for page in self.pdf.pages:
            for annotation in page.obj.get("/Annots", Array()):
                scheme, found, name = str(
                    annotation.get("/A", Dictionary()).get("/URI", "")
                ).partition(conventions.FIELD_SCHEME)
                if scheme or not found:
                    continue
                if name not in wanted or name in widgets:
                    raise OutputError(f"{TEMPLATE} prints the answer “{name}” twice or by mistake.")
                structure[int(annotation["/StructParent"])]["/S"] = Name.Form
                annotation["/P"] = page.obj
                widgets[name] = annotation
        missing = [id for name, id in wanted.items() if name not in widgets]
        if missing:
            raise OutputError(f"{TEMPLATE} does not print the answer “{missing[0]}”.")
        return widgets

    def join_boxes(self, question: Question, places: list[Object]) -> Object:
        """The field of a choice whose options are the boxes at `places`."""
        field = self.pdf.make_indirect(Dictionary(field_entries(question, boxes=True)))
        field["/Kids"] = Array(places)
        for place in places:
            place["/Parent"] = field
        return field

    def make_widget(self, annotation: Object, question: Question, place: int) -> None:
        """Make a link the widget of a question, or of its option at a place."""
        for key in ("/A", "/Border", "/Contents"):
            if key in annotation:
                del annotation[key]
        look: dict[str, Any] = {"/Subtype": Name.Widget, "/F": PRINTED, "/MK": Dictionary()}
        if has_boxes(question):
            option = question.options[place]
            state = conventions.state_of(option)
            shown = state if option == question.value else conventions.NOT_TICKED
            # a viewer names each box by this, and not by the tooltip of the field
            entries = {"/TU": String(f"{question.title}: {option}"), "/AS": Name(shown)}
            look["/AP"] = self.draw_button(annotation, state)
        elif question.kind == "checkbox":
            entries = field_entries(question)
            entries["/AS"] = entries["/V"]
            look["/AP"] = self.draw_button(annotation, conventions.TICKED)
        else:
            entries = field_entries(question)
            width, height = _measure(annotation)
            many = takes_lines(question)
            box = appearance.AnswerBox(width, height, many=many, open_size=many)
            setting = set_answer(question, question.value, box)
            content = appearance.text_drawing(setting, box)
            look["/DA"] = appearance.field_style(box, setting.size)
            look["/AP"] = Dictionary(N=self.draw(content, width, height))
        for key, value in {**look, **entries}.items():
            annotation[key] = value

    def draw_button(self, annotation: Object, state: str) -> Object:
        """How a box looks when it is on, which has the name `state`, and when it is off."""
        width, height = (round(side, 2) for side in _measure(annotation))
        if (width, height) not in self.drawn:
            contents = (appearance.tick_drawing(width, height), appearance.empty_drawing())
            self.drawn[width, height] = tuple(self.draw(one, width, height) for one in contents)
        on, off = self.drawn[width, height]
        return Dictionary(N=Dictionary({state: on, conventions.NOT_TICKED: off}))

    def draw(self, content: bytes, width: float, height: float) -> Object:
        return make_drawing(self.pdf, content, width, height, self.resources)


def _answer_names(question: Question) -> list[str]:
    """What the template's links call the places of an answer: its id, or one for each option."""
    if has_boxes(question):
        return [f"{question.id}:{place}" for place in range(len(question.options))]
    return [question.id]


def _measure(annotation: Object) -> tuple[float, float]:
    left, low, right, top = map(float, annotation["/Rect"].as_list())
    return right - left, top - low
