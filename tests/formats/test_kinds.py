"""Numbers, email addresses, times, and yes or no: alike in Word and PDF, and read back."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pikepdf
import pytest
from docx import Document
from pypdf import PdfReader

from formulary.documents.answers import YES_OR_NO
from formulary.documents.arrangement import shared_options
from formulary.documents.blank import Blank, Column, Grid, Part, Question, Row
from formulary.documents.stamp import Stamp
from formulary.formats.handbook.form_pages import describe_question
from formulary.formats.pdf import form as pdf_form
from formulary.formats.pdf.prefill import prepare as prepare_pdf
from formulary.formats.pdf.reader import read_for
from formulary.formats.word import form as word_form
from formulary.formats.word.prefill import prepare as prepare_word
from tests.checkers import tools
from tests.checkers.fill_pdf import fill_with_pdfium
from tests.checkers.fill_word import fill_with_libreoffice, resave_with_libreoffice
from tests.checkers.render import docx_to_pdf, pdf_text
from tests.checkers.verapdf import pdfua_failures
from tests.formats.word.samples import read as read_word
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
    return read_word(filled.read_bytes(), BLANK)


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


SCALE = ("Strongly agree", "Agree", "Neither", "Disagree", "Strongly disagree")
STATEMENTS = ("I know what is expected of me", "I get help in time", "My workload is fair")
MATRIX = Grid(
    "views",
    "Statement",
    (Column("Your view", ""),),
    tuple(
        Row(
            words,
            words,
            (),
            (Question(f"view_{n}", f"{words}: Your view", "Your view", "choice", options=SCALE),),
        )
        for n, words in enumerate(STATEMENTS, start=1)
    ),
)
WITH_MATRIX = replace(
    BLANK, parts=(*BLANK.parts, Part("views", "Your views", (), (), MATRIX, number=2))
)
VIEWS = dict(zip(("view_1", "view_2", "view_3"), (SCALE[0], SCALE[2], SCALE[4]), strict=True))
MOST = {
    "hours": "1,234,567.25 hours",
    "days": "−0.333333333333 days",
    "count": "999,999,999,999.999",
    "mail": "alexandra.featherstonehaugh-worthington@north-school.oak-academies.example.org",
    "at": "12:30:45 p.m.",
    "agreed": "Yes",
    **VIEWS,
}
"""As much as anybody writes."""


def test_all_that_is_written_of_each_kind_shows_on_paper(tmp_path: Path) -> None:
    pdf, docx = tmp_path / "filled.pdf", tmp_path / "filled.docx"
    blank = pdf_form.write_blank(WITH_MATRIX, HOUSE)
    pdf.write_bytes(prepare_pdf(blank, WITH_MATRIX).fill(MOST, "P1"))
    blank = word_form.write_blank(WITH_MATRIX, HOUSE)
    docx.write_bytes(prepare_word(blank, WITH_MATRIX).fill(MOST, "P1"))
    typed = {id: value for id, value in MOST.items() if id not in (*VIEWS, "agreed")}
    (printed,) = docx_to_pdf([docx], tmp_path)
    # an address may go on in a second line, where poppler drops the hyphen
    text = re.sub(r"[\s-]", "", pdf_text(printed))
    assert [value for value in typed.values() if re.sub(r"[\s-]", "", value) not in text] == []
    assert text.count("☒") == 1 + len(VIEWS)
    for id, (shown, inside) in words_in_boxes(pdf).items():
        assert id in (*VIEWS, "agreed") or shown == typed[id]
        assert inside, id


def words_in_boxes(pdf: Path) -> dict[str, tuple[str, bool]]:
    """What the box of each field shows, and whether every letter of it is inside the box."""
    pdftotext = tools.program("pdftotext", "apt-get install poppler-utils")
    layout = ElementTree.fromstring(tools.run([pdftotext, "-bbox", pdf, "-"]))
    pages = layout.iter("{http://www.w3.org/1999/xhtml}page")
    found: dict[str, tuple[str, bool]] = {}
    with pikepdf.open(pdf) as document:
        for page, shown in zip(document.pages, pages, strict=True):
            height = float(shown.attrib["height"])
            for widget in page.obj.get("/Annots", ()):
                left, low, right, high = map(float, widget.Rect)
                words = [
                    (word.text or "", *(float(word.attrib[key]) for key in ("xMin", "xMax")))
                    for word in shown
                    if height - high
                    < sum(float(word.attrib[f"y{end}"]) for end in ("Min", "Max")) / 2
                    < height - low
                    and left < (float(word.attrib["xMin"]) + float(word.attrib["xMax"])) / 2 < right
                ]
                inside = all(left <= begins and ends <= right for _, begins, ends in words)
                found[str(widget.get("/T", ""))] = " ".join(text for text, _, _ in words), inside
    found.pop("", None)  # a box to tick
    return found


def test_choices_that_all_rows_share_head_columns_and_are_read_back(tmp_path: Path) -> None:
    assert shared_options(MATRIX) == SCALE
    document = word_form.write_blank(WITH_MATRIX, HOUSE)
    tables = Document(io.BytesIO(document)).tables
    (table,) = [one for one in tables if one.rows[0].cells[0].text.startswith("Statement")]
    texts = [[cell.text.strip() for cell in row.cells] for row in table.rows]
    assert texts[0][1:] == list(SCALE)
    assert [row[0] for row in texts[1:]] == list(STATEMENTS)
    filled = tmp_path / "filled.docx"
    filled.write_bytes(prepare_word(document, WITH_MATRIX).fill(VIEWS, "P1"))
    resave_with_libreoffice([filled], tmp_path / "again")
    for file in (filled, tmp_path / "again" / filled.name):
        found = read_word(file.read_bytes(), WITH_MATRIX)
        assert {id: found.answers[id].value for id in VIEWS} == VIEWS
    blank, pdf = tmp_path / "blank.pdf", tmp_path / "filled.pdf"
    blank.write_bytes(pdf_form.write_blank(WITH_MATRIX, HOUSE))
    fill_with_pdfium(blank, VIEWS, pdf)
    read = read_for(pdf.read_bytes(), lambda _: WITH_MATRIX)
    assert {id: read.answers[id].value for id in VIEWS} == VIEWS
    assert pdfua_failures([blank]) == {blank: []}
    alone = replace(
        MATRIX, rows=(*MATRIX.rows[:2], replace(MATRIX.rows[2], questions=(QUESTIONS[5],)))
    )
    assert shared_options(alone) == ()


def test_options_with_commas_are_told_apart_in_a_sentence() -> None:
    how = Question("how", "How", "How", "choice", options=("Shredded", "Deleted, copies included"))
    assert "(one of: “Shredded”, “Deleted, copies included”)" in describe_question(how)
    assert "(one of: Yes, No)" in describe_question(QUESTIONS[-1])
