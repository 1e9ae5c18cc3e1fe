"""The quick way to read a PDF form that came back in order: bytes come in, a `Submission` goes out.

In order is a file in which every question has one field as it was published, on a page, and holds
a plain answer; in which nothing else was typed, drawn or signed; and which qpdf, through pikepdf,
opens without a word. Of such a file the careful way (`read`) finds the same; damage in objects that
hold no answer may go unseen here. Of any other file this way gives None, and the careful way must
say what it is.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import pikepdf

from formulary.formats.pdf import names
from formulary.formats.pdf.fields import PUSH_BUTTON
from formulary.formats.pdf.held import LONGEST_DRAWING, SHOWS_TEXT
from formulary.formats.pdf.memory import memory_file
from formulary.model.blank import Question
from formulary.model.submission import Answer, BlankFor, Identity, Submission, as_value

_LIMITS: dict[str, Any] = {
    "parser_max_nesting": 100,
    "parser_max_container_size": 20_000,
    "max_stream_filters": 3,
    "flate_max_memory": 2_000_000,
    "png_max_memory": 2_000_000,
    "tiff_max_memory": 2_000_000,
    "run_length_max_memory": 2_000_000,
}
"""For one object, and bytes where it is memory: as `opened` limits pypdf."""

_MOST_NOTES = 500
"""Annotations on a page."""

_RECTANGLE = re.compile(rb"\[(?: -?[0-9.]+){4} \]")
_SILENT = ("/Link", "/Popup")
_OURS = "/Formulary"
"""How the names of our entries in the document information begin."""


class _Odd(Exception):  # noqa: N818 - no error: a reason to read with care
    """Something in a file is not as in a form that was only filled in."""


def read_quick(data: bytes, blank_for: BlankFor) -> Submission | None:
    """The answers of a PDF that is in order, of whole bytes as `opened.whole` gives them."""
    try:
        with _opened(data) as document:
            found = _submission(document, blank_for)
            return None if document.get_warnings() else found
    except Exception:  # whatever it is, the careful way finds it too and says what it is
        return None


@contextmanager
def _opened(data: bytes) -> Iterator[pikepdf.Pdf]:
    """The document, without any repair, within limits."""
    before = cast(dict[str, Any], pikepdf.settings.set_qpdf_limits(**_LIMITS))
    try:
        with (
            memory_file(data) as (stream, access),
            pikepdf.open(
                stream, attempt_recovery=False, inherit_page_attributes=False, access_mode=access
            ) as document,
        ):
            yield document
    finally:
        pikepdf.settings.set_qpdf_limits(**before)


def _need(right: bool) -> None:
    if not right:
        raise _Odd


def _submission(document: pikepdf.Pdf, blank_for: BlankFor) -> Submission:
    _need(not document.is_encrypted)
    identity = _identity(document.trailer["/Info"])
    blank = blank_for(identity)
    _need(identity.stamp.asks_as(blank.stamp))
    form: Any = document.Root["/AcroForm"]
    _need("/XFA" not in form)
    listed = list(form["/Fields"])
    fields = {str(field["/T"]): field for field in listed}
    questions = blank.questions()
    _need(len(listed) == len(fields) == len(questions))
    answers = {question.id: _answer(question, fields[question.id]) for question in questions}
    _need_places(document, {field.objgen for field in listed})
    return Submission(identity, "PDF", answers)


def _identity(information: Any) -> Identity:
    ours = [key for key in information.keys() if key.startswith(_OURS)]  # noqa: SIM118
    entries = {key: _text(information[key]) for key in ours}
    stamp = names.stamp_from(entries)
    if stamp is None:
        raise _Odd
    return Identity(stamp, names.person_from(entries), names.carried_from(entries))


def _need_places(document: pikepdf.Pdf, fields: set[tuple[int, int]]) -> None:
    """See that every field stands on one page, none is without, and nothing else is there."""
    seen: set[tuple[int, int]] = set()
    for page in document.pages:
        notes: Any = page.obj["/Annots"]
        _need(len(notes) <= _MOST_NOTES)
        before = len(seen)
        for note in notes:
            number = note.objgen
            if number in fields:
                _need(number not in seen and note.get("/Subtype") == "/Widget")
                seen.add(number)
            else:
                _need(note.get("/Subtype") in _SILENT)
        _need(len(seen) > before)
    _need(seen == fields)


def _answer(question: Question, field: Any) -> Answer:
    _need("/Kids" not in field and "/Parent" not in field)
    _need(_RECTANGLE.fullmatch(field["/Rect"].unparse()) is not None)
    _need(question.title in _text(field.get("/TU")))
    value = _ticked(field) if question.kind == "checkbox" else _typed(question, field)
    return Answer("answered", value) if value else Answer("blank")


def _ticked(field: Any) -> str:
    """What a check box holds that shows the same (PDF 1.7, 12.7.4.2.3)."""
    held, shown = field.get("/V"), field.get("/AS")
    _need(field["/FT"] == "/Btn" and not field.get("/Ff", 0) & PUSH_BUTTON)
    _need("/Opt" not in field and held == shown)
    drawings = field["/AP"]["/N"]  # damage in a drawing shows when it is looked at
    _need(all(isinstance(drawings[state], pikepdf.Stream) for state in drawings.keys()))  # noqa: SIM118
    if held is None or held == names.NOT_TICKED:
        return ""
    _need(isinstance(held, pikepdf.Name) and held == names.TICKED)
    return names.TICKED_VALUE


def _typed(question: Question, field: Any) -> str:
    """What a text field or a list holds (12.7.4.3 and 12.7.4.4)."""
    if question.kind == "choice":
        options = [_text(option) for option in field["/Opt"]]
        _need(field["/FT"] == "/Ch" and {*options, ""} == {*question.options, ""})
    else:
        _need(field["/FT"] == "/Tx")
    words = _text(field.get("/V"))
    if not words:
        _need("/RV" not in field and "/I" not in field and _shows_nothing(field))
    return as_value(question, words)


def _text(held: Any) -> str:
    """A text string of letters and line ends (7.9.2.2); empty where there is none."""
    if held is None:
        return ""
    _need(isinstance(held, pikepdf.String))
    raw = bytes(held)
    if raw.startswith(codecs.BOM_UTF16_BE):
        text = raw[2:].decode("utf-16-be")
    else:
        text = raw.decode("ascii") if raw.isascii() else str(held)
    if not text.isprintable():
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        _need(text.replace("\n", "").isprintable())
    return text


def _shows_nothing(field: Any) -> bool:
    """Whether a field's drawing has no text (12.5.5)."""
    drawn = field["/AP"]["/N"] if "/AP" in field else None
    if not isinstance(drawn, pikepdf.Stream):
        return drawn is None
    words = drawn.read_bytes()
    return len(words) <= LONGEST_DRAWING and not SHOWS_TEXT.search(words)
