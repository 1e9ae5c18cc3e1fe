"""Letters as PDF: prose with fields in it, in the order of the text."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from formulary.documents.blank import Blank
from formulary.edition.text import blocks
from formulary.formats.pdf.form import write_blank
from formulary.problems import OutputError
from tests.checkers.fill_pdf import fill_with_pdfium, read_pdf_fields
from tests.checkers.render import pdf_text
from tests.checkers.verapdf import pdfua_failures
from tests.formats.letters import APART, IN_LETTER, letter_blank
from tests.formats.pdf.test_form import name_of, tags
from tests.helpers import ROOT

HOUSE = ROOT / "forms" / "house"
MM = 72 / 25.4


@pytest.fixture(scope="module")
def data() -> bytes:
    return write_blank(letter_blank(), HOUSE)


@pytest.fixture(scope="module")
def reader(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data))


@pytest.fixture(scope="module")
def fields(reader: PdfReader) -> dict[str, Any]:
    form = reader.trailer["/Root"]["/AcroForm"]
    return {str(f.get_object()["/T"]): f.get_object() for f in form["/Fields"]}


def test_fields_follow_the_letter_then_what_it_leaves_out(
    reader: PdfReader, fields: dict[str, Any]
) -> None:
    assert tuple(fields) == (*IN_LETTER, *APART)
    on_pages = dict.fromkeys(
        name_of(note.get_object())
        for page in reader.pages
        for note in page.get("/Annots", ())
        if note.get_object()["/Subtype"] == "/Widget"
    )
    assert tuple(on_pages) == (*IN_LETTER, *APART)


def test_structure_has_the_fields_in_the_same_order(reader: PdfReader) -> None:
    forms = [tag for tag in tags(reader) if tag["/S"] == "/Form"]
    named = []
    for tag in forms:
        kids = tag["/K"] if isinstance(tag["/K"], list) else [tag["/K"]]
        kid = next(k.get_object() for k in kids if "/Obj" in k.get_object())
        named.append(name_of(kid["/Obj"].get_object()))
    assert tuple(dict.fromkeys(named)) == (*IN_LETTER, *APART)


def test_boxes_are_as_wide_as_what_goes_into_them(fields: dict[str, Any]) -> None:
    def width(id: str) -> float:
        left, _, right, _ = (float(edge) for edge in fields[id]["/Rect"])
        return (right - left) / MM

    assert width("employee") == pytest.approx(57, abs=2)
    assert width("sent_on") == pytest.approx(31, abs=2)
    assert width("concerns") == pytest.approx(157, abs=2)
    assert width("own_view") == pytest.approx(157, abs=2)


def test_every_label_is_printed_and_is_the_tooltip(
    fields: dict[str, Any], data: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(data)
    text = " ".join(pdf_text(path).split())
    for question in letter_blank().questions():
        assert question.label in text
        assert str(fields[question.id]["/TU"]).startswith(question.title)


def test_a_sentence_goes_on_around_its_field_and_below_a_box(reader: PdfReader) -> None:
    text = " ".join(reader.pages[0].extract_text().split())
    assert text.index("When we met on") < text.index("I explained") < text.index("They are:")
    assert text.index("how you see this.") < text.index("I have taken it into account.")


def test_an_answer_stands_on_the_line_of_its_sentence(reader: PdfReader, fields: Any) -> None:
    found: list[float] = []

    def visit(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        if "Dear" in text:
            found.append(tm[5] * cm[3] + cm[5])

    reader.pages[0].extract_text(visitor_text=visit)
    _, low, _, high = (float(edge) for edge in fields["employee"]["/Rect"])
    assert low < found[0] < high


def test_it_is_pdf_ua_blank_and_filled(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(data)
    assert pdfua_failures([path]) == {path: []}
    filled = tmp_path / "filled.pdf"
    answers: dict[str, str | bool] = {
        "employee": "Robin Example",
        "met_on": "03/02/2027",
        "concerns": "Reports were late.",
    }
    fill_with_pdfium(path, answers, filled)
    assert {id: read_pdf_fields(filled)[id] for id in answers} == answers


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Dear [nobody](field:nobody),", "has a place for “nobody”"),
        ("[job](field:job) and [job](field:job)", "has two places for “job”"),
    ],
)
def test_a_place_that_cannot_be_filled_is_named(text: str, message: str) -> None:
    with pytest.raises(OutputError, match=message):
        write_blank(with_letter(letter_blank(), text), HOUSE)


def with_letter(blank: Blank, text: str) -> Blank:
    return replace(blank, parts=(replace(blank.parts[0], letter=blocks(text)),))
