"""Check an organisation's own PDF form against a blank: which field answers which question.

A field belongs to the question whose id is its name, or that the form's `own-templates` names for
it. What does not fit is named with the field's name and its page.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from pikepdf import Object, PasswordError, Pdf, PdfError

from formulary.content.source import Document
from formulary.documents.blank import DATE_FORMAT, Blank, Kind, Question
from formulary.documents.own_template import TemplateCheck, quote_all
from formulary.formats.pdf.answers import CannotShow
from formulary.formats.pdf.custom_fields import FieldMatch, adapt_fields, button_names
from formulary.formats.pdf.document import open_document
from formulary.formats.pdf.fields import (
    FILE,
    PASSWORD,
    FieldKind,
    PdfField,
    entry,
    has_scripts,
    items_of,
    iterate_fields,
    options_of,
)
from formulary.problems import Problem, errors_in

_FITTING: dict[Kind, tuple[FieldKind, ...]] = {
    "text": ("text",),
    "multiline": ("text",),
    "date": ("text",),
    "choice": ("choice", "buttons", "text"),
    "checkbox": ("checkbox",),
}
"""The kinds of field that can become the question's; a text field becomes a drop-down list."""

_CALLED: dict[FieldKind, str] = {
    "text": "text field",
    "choice": "list",
    "checkbox": "check box",
    "buttons": "group of buttons",
    "button": "push button",
    "signature": "digital signature field",
    "unknown": "field of no known kind",
}

_UA_MARK = b"http://www.aiim.org/pdfua/ns/id/"
"""The namespace in which a document says that it is PDF/UA (ISO 14289-1, 5)."""


_LOCKED = (
    "The PDF is protected by encryption or a password",
    "Save it without protection (Security, No Security).",
)
_BROKEN = (
    "The file cannot be read as a PDF",
    "Open it in the program that made it and save it as PDF again.",
)


def adapt_template(
    document: bytes, blank: Blank, file: Path, form: Document | None = None
) -> tuple[bytes, tuple[Problem, ...]]:
    """The organisation's own PDF as one of our blanks, and what is wrong with it.

    `file` is its path in the project; `form`, the form's YAML, gives the lines of its map. Where
    there are errors nothing is made: the bytes are empty.
    """
    check = _PdfCheck(blank, file, form)
    try:
        pdf = Pdf.open(io.BytesIO(document))
        matches = check.match(pdf)
    except PasswordError:
        check.report(*_LOCKED)
    except (PdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        check.problems = []
        check.report(*_BROKEN)
    if errors_in(check.problems):
        return b"", tuple(check.problems)
    try:
        return adapt_fields(pdf, blank, matches), tuple(check.problems)
    except CannotShow as doubt:
        title = check.questions[doubt.field].title
        message = f"The field of the question “{title}” is too small: {doubt.reason}"
        check.report(message, "Make the field larger in the document.")
        return b"", tuple(check.problems)


def find_barriers(document: bytes) -> tuple[str, ...]:
    """What keeps a PDF from being accessible to everyone, in a reader's words; empty for none.

    It looks for what PDF/UA-1 asks a document to declare; only a validator can say the rest.
    """
    with open_document(document) as pdf:
        return tuple(_find_barriers(pdf.Root))


def _find_barriers(root: Object) -> Iterator[str]:
    if "/StructTreeRoot" not in root or not entry(entry(root, "/MarkInfo"), "/Marked"):
        yield "it is not tagged, so a screen reader does not know its headings and reading order"
        return
    metadata = entry(root, "/Metadata")
    if metadata is None or _UA_MARK not in metadata.read_bytes():
        yield "it does not say that it follows the standard for accessible PDF (PDF/UA)"
    if not entry(root, "/Lang"):
        yield "it does not say which language it is in"
    fields = iterate_fields(entry(root, "/AcroForm"))
    if any("/StructParent" not in widget for field in fields for widget in field.widgets):
        yield "some of its fields are not tagged"


class _PdfCheck(TemplateCheck):
    """Matches fields with questions, and collects what does not fit."""

    def __init__(self, blank: Blank, file: Path, form: Document | None) -> None:
        super().__init__(blank, file, form, "pdf")
        self.pages: dict[tuple[int, int], int] = {}

    def match(self, pdf: Pdf) -> tuple[FieldMatch, ...]:
        """Each question with its field; reports everything that does not fit.

        Nothing is matched where the document cannot be used at all.
        """
        self.check_document(pdf)
        if self.problems:
            return ()
        self.pages = {
            widget.objgen: number
            for number, page in enumerate(pdf.pages, start=1)
            for widget in items_of(entry(page.obj, "/Annots"))
        }
        matches = tuple(self.match_fields(list(iterate_fields(pdf.Root["/AcroForm"]))))
        self.check_readers(pdf.Root)
        return matches

    def check_document(self, pdf: Pdf) -> None:
        """Report why the document cannot be used at all."""
        form = entry(pdf.Root, "/AcroForm")
        fields = list(iterate_fields(form))
        if pdf.is_encrypted:
            self.report(*_LOCKED)
        elif entry(form, "/XFA") is not None:
            self.report(
                "The PDF is an XFA form (Adobe LiveCycle Designer), which few programs can open",
                "Print it to a new PDF and add form fields to that one.",
            )
        elif "/Perms" in pdf.Root or any(
            one.kind == "signature" and one.find_entry("/V") is not None for one in fields
        ):
            self.report(
                "The PDF is signed or certified, and any change would break its signature",
                "Use a copy that was saved before it was signed.",
            )
        elif not fields:
            self.report(
                "The PDF has no form fields",
                "Add a form field for every question, or delete the file: the form is then made "
                "from the house template.",
            )

    def match_fields(self, fields: list[PdfField]) -> Iterator[FieldMatch]:
        """Every question with its field; reports questions, entries and fields that do not fit."""
        names = [one.name for one in fields]
        self.check_entries(names, "field")
        self.check_button_entries()
        self.check_repeats(names)
        first: dict[str, PdfField] = {}
        for one in fields:
            id = self.entries.get(one.name, one.name)
            if id not in self.questions:
                if one.name not in self.entries and one.kind != "button":
                    self.report_unmatched(one)
            elif first.setdefault(id, one).name != one.name:
                self.report(
                    f"{self.name_of(one)} is joined to “{id}”, and “{first[id].name}” is too",
                    "A question has one field: join one of the two to another question, or "
                    "give both one name if they are to show the same answer.",
                )
        for id, question in self.questions.items():
            if id not in first:
                self.report(
                    f"No field is joined to the question “{question.title}”",
                    f"Add a field called {id}, or name one under own-templates, pdf.",
                )
                continue
            known = len(self.problems)
            self.check_field(first[id], question)
            if not errors_in(self.problems[known:]):
                yield FieldMatch(question, first[id], self.choices(first[id], question))

    def report_unmatched(self, one: PdfField) -> None:
        near = get_close_matches(one.name, self.questions, 1)
        asked = f"Did you mean “{near[0]}”? " if near else ""
        self.report(
            f"{self.name_of(one)} belongs to no question, so what is written there is "
            "not read back",
            f"{asked}Name it under own-templates, pdf, or leave it.",
            loose=True,
        )

    def check_button_entries(self) -> None:
        """Report what is wrong with the entries for groups of buttons."""
        choices = [q.id for q in self.questions.values() if q.kind == "choice"]
        for id in self.blank.own.pdf_buttons:
            if id not in choices:
                message = f"“{id}” is not a question of the form that is answered by a choice"
                self.report_entry(("pdf-buttons", id), message, id, choices)

    def check_repeats(self, names: list[str]) -> None:
        for name, count in Counter(names).items():
            if count > 1:
                self.report(
                    f"{count} fields are called “{name}”",
                    "Give each a name of its own, or copy one field to the other places, so that "
                    "all show one answer.",
                )

    def check_field(self, one: PdfField, question: Question) -> None:
        """Report why a field cannot become the one of its question."""
        fitting = _FITTING[question.kind]
        if one.kind not in fitting:
            self.report(
                f"{self.name_of(one)} is a {_CALLED[one.kind]}, and “{question.title}” needs "
                "another kind",
                f"Replace it by a {_CALLED[fitting[0]]}.",
            )
        elif one.kind == "text" and one.flags & (PASSWORD | FILE):
            self.report(
                f"{self.name_of(one)} is for passwords or files",
                "Take that setting off the field.",
            )
        elif not one.dictionary.is_indirect or any(
            "/Rect" not in widget or not widget.is_indirect for widget in one.widgets
        ):
            self.report(f"{self.name_of(one)} has no box on a page", "Draw the field again.")
        elif question.kind == "date" and 0 < int(one.find_entry("/MaxLen") or 0) < len(DATE_FORMAT):
            self.report(
                f"{self.name_of(one)} takes fewer than {len(DATE_FORMAT)} characters, and "
                f"“{question.title}” is a date ({DATE_FORMAT})",
                "Take the limit off the field.",
            )
        elif one.kind == "buttons":
            self.check_buttons(one, question)
        elif one.kind == "choice":
            self.check_list(one, question)

    def check_buttons(self, one: PdfField, question: Question) -> None:
        """Report where the buttons of a group are not the question's choices."""
        choices = self.choices(one, question)
        lacking = [option for option in question.options if option not in choices.values()]
        strange = [name for name, option in choices.items() if option not in question.options]
        twice = [option for option, count in Counter(choices.values()).items() if count > 1]
        for names, what in (
            (lacking, "has no button for"),
            (strange, "has buttons for no choice of the form:"),
            (twice, "has more than one button for"),
        ):
            if names:
                self.report(
                    f"{self.name_of(one)} {what} {quote_all(names)}",
                    f"Say under own-templates, pdf-buttons, {question.id} which button is for "
                    f"which of {quote_all(question.options)}.",
                )

    def check_list(self, one: PdfField, question: Question) -> None:
        """Report a list that offers something else than the form, whose choices replace it."""
        offered = [option for option in options_of(one) if option.strip()]
        if set(offered) - set(question.options):
            self.report(
                f"{self.name_of(one)} offers {quote_all(offered)}; the form's choices, "
                f"{quote_all(question.options)}, take their place",
                "Change the choices in the form's YAML if the document's are right.",
                loose=True,
            )

    def choices(self, one: PdfField, question: Question) -> dict[str, str]:
        """The choice that each button of a group stands for, by the button's name."""
        if one.kind != "buttons":
            return {}
        told = self.blank.own.pdf_buttons.get(question.id, {})
        return {name: told.get(name, name) for name in button_names(one).values()}

    def check_readers(self, root: Object) -> None:
        """Report what is left out of the document, and which readers it shuts out."""
        if has_scripts(root):
            self.report(
                "The PDF has scripts, which are left out: the forms carry none",
                "Look whether the form still does what you want.",
                loose=True,
            )
        found = list(_find_barriers(root))
        if found:
            self.report(
                f"The PDF is not accessible to everyone: {'; '.join(found)}",
                "Have it made as a tagged PDF (PDF/UA), or delete it: the form is then made from "
                "the house template, which is accessible.",
                loose=True,
            )

    def name_of(self, one: PdfField) -> str:
        """A field as HR finds it: its name, and its page."""
        page = next(filter(None, (self.pages.get(w.objgen) for w in one.widgets)), None)
        return f"The field “{one.name}”" + (f" on page {page}" if page else "")
