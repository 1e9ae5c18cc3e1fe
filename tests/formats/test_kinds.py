"""Numbers, e-mail addresses, times, and yes or no: alike in Word and PDF, and read back."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from formulary.documents.answers import YES_OR_NO
from formulary.documents.blank import Blank, Part, Question
from formulary.documents.stamp import Stamp
from formulary.formats.pdf import form as pdf_form
from formulary.formats.pdf.reader import read_for
from formulary.formats.word import form as word_form
from formulary.formats.word import reader as word_reader
from tests.checkers.fill_pdf import fill_with_pdfium
from tests.checkers.fill_word import fill_with_libreoffice
from tests.checkers.render import pdf_text
from tests.helpers import ROOT

HOUSE = ROOT / "forms" / "house"
QUESTIONS = (
    Question("hours", "Training", "Training", "text", format="number", unit="hours", least=1),
    Question("days", "Absence", "Absence", "text", format="number", unit="days", most=5),
    Question("count", "How many", "How many", "text", format="number"),
    Question("mail", "E-mail address", "E-mail address", "text", format="email"),
    Question("at", "Time of the meeting", "Time of the meeting", "text", format="time"),
    Question("agreed", "Agreed", "Agreed", "choice", options=YES_OR_NO),
)
BLANK = Blank(
    "kinds", "Kinds", "School", "2026-27", "", "", (),
    (Part("one", "One", (), QUESTIONS, None, number=1),),
    Stamp("kinds", "school", 2026, "2026-27", "0123456789abcdef"),
    "#1d4f6e",
)  # fmt: skip
RIGHT = {
    "hours": "7.5 hours",
    "days": "5",
    "count": "1,250",
    "mail": "żaneta@example.org",
    "at": "2.30 pm",
    "agreed": "No",
}
WRONG = {"hours": "half", "days": "6 days", "count": "some", "mail": "Ada", "at": "25:00"}


def as_pdf(values: dict[str, str], folder: Path) -> Any:
    blank, filled = folder / "blank.pdf", folder / "filled.pdf"
    blank.write_bytes(pdf_form.write_blank(BLANK, HOUSE))
    fill_with_pdfium(blank, values, filled)
    return read_for(filled.read_bytes(), lambda _: BLANK)


def as_word(values: dict[str, str], folder: Path) -> Any:
    blank, filled = folder / "blank.docx", folder / "filled.docx"
    blank.write_bytes(word_form.write_blank(BLANK, HOUSE))
    fill_with_libreoffice(blank, values, filled)
    return word_reader.read(filled.read_bytes(), BLANK)


@pytest.mark.parametrize("fill", [as_pdf, as_word])
@pytest.mark.parametrize("values", [RIGHT, WRONG])
def test_what_is_typed_is_read_back_and_held_against_its_kind(
    fill: Any, values: dict[str, str], tmp_path: Path
) -> None:
    found = {id: answer.value for id, answer in fill(values, tmp_path).answers.items()}
    assert {id: found[id] for id in values} == values
    said = {one.id: one.explain_misfit(found[one.id]) for one in QUESTIONS if found.get(one.id)}
    assert [id for id, fault in said.items() if fault] == (list(WRONG) if values is WRONG else [])


def test_a_field_of_the_pdf_says_how_its_answer_is_written(tmp_path: Path) -> None:
    document = pdf_form.write_blank(BLANK, HOUSE)
    fields = PdfReader(io.BytesIO(document)).get_fields() or {}
    assert {id: field["/TU"] for id, field in fields.items()} == {
        "hours": "Training (hours)",
        "days": "Absence (days)",
        "count": "How many",
        "mail": "E-mail address",
        "at": "Time of the meeting (hh:mm)",
        "agreed": "Agreed",
    }
    assert {field["/FT"] for field in fields.values()} == {"/Tx", "/Btn"}
    path = tmp_path / "blank.pdf"
    path.write_bytes(document)
    printed = pdf_text(path)
    assert all(words in printed for words in ("(hours)", "(days)", "(hh:mm)", "Yes", "No"))
