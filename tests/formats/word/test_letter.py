"""Letters in Word: controls in the running text, in the order of the text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from formulary.edition.text import blocks
from formulary.formats.word.form import write_blank
from formulary.formats.word.ooxml import PLACEHOLDERS, w
from formulary.problems import OutputError
from tests.checkers.fill_word import fill_with_libreoffice, read_word_fields
from tests.checkers.openxml import openxml_errors
from tests.formats.letters import APART, IN_LETTER, letter_blank
from tests.formats.word.samples import HOUSE, controls, part, value, words


@pytest.fixture(scope="module")
def data() -> bytes:
    return write_blank(letter_blank(), HOUSE)


@pytest.fixture(scope="module")
def body(data: bytes) -> Any:
    return part(data, "word/document.xml")


def paragraph(control: Any) -> Any:
    return next(control.iterancestors(w("p")))


def style(control: Any) -> str:
    return str(paragraph(control).find(f"{w('pPr')}/{w('pStyle')}").get(w("val")))


def test_controls_follow_the_letter_then_what_it_leaves_out(body: Any) -> None:
    found = controls(body)
    assert tuple(found) == (*IN_LETTER, *APART)
    assert {style(found[id]) for id in IN_LETTER} == {"FormLetter", "FormLetterBullet"}
    assert all(next(found[id].iterancestors(w("tc")), None) is not None for id in APART)
    assert not any(next(found[id].iterancestors(w("tc")), None) for id in IN_LETTER)


def test_each_control_is_locked_titled_and_inside_its_bookmark(body: Any) -> None:
    titles = {question.id: question.title for question in letter_blank().questions()}
    for id, control in controls(body).items():
        assert value(control, "w:sdtPr/w:lock") == "sdtLocked"
        assert value(control, "w:sdtPr/w:alias") == titles[id]
        assert control.getprevious().get(w("name")) == id
        assert control.getnext().tag == w("bookmarkEnd")


def test_an_empty_place_names_what_goes_there(body: Any) -> None:
    said = {id: words(control.find(w("sdtContent"))) for id, control in controls(body).items()}
    assert said["employee"] == "[name of the employee]"
    assert said["met_on"] == "[date of the meeting]"
    assert said["concerns"] == "[concerns: What falls short, with dates]"
    assert said["job"] == "Teaching assistant & Żak"
    assert said["copy_to"] == PLACEHOLDERS["text"]


def test_sentences_read_on_around_their_controls(body: Any) -> None:
    found = controls(body)
    assert words(paragraph(found["employee"])) == "Dear [name of the employee],"
    assert words(paragraph(found["pay"])) == "your pay stays at £ [salary] a year."
    assert words(paragraph(found["enclosed"])) == "☐ A copy of the policy"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Dear [nobody](field:nobody),", "has a place for “nobody”"),
        ("[job](field:job) and [job](field:job)", "has two places for “job”"),
    ],
)
def test_a_place_that_cannot_be_filled_is_named(text: str, message: str) -> None:
    blank = letter_blank()
    wrong = replace(blank, parts=(replace(blank.parts[0], letter=blocks(text)),))
    with pytest.raises(OutputError, match=message):
        write_blank(wrong, HOUSE)


def test_it_is_valid_and_the_same_each_time(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    path.write_bytes(data)
    assert openxml_errors([path]) == {path: []}
    assert write_blank(letter_blank(), HOUSE) == data


def test_libreoffice_fills_it_in_place(data: bytes, tmp_path: Path) -> None:
    path, filled = tmp_path / "letter.docx", tmp_path / "filled.docx"
    path.write_bytes(data)
    answers: dict[str, str | bool] = {
        "employee": "Robin Example",
        "met_on": "03/02/2027",
        "often": "weekly",
        "enclosed": True,
        "outcome": "Met",
    }
    fill_with_libreoffice(path, answers, filled)
    read = read_word_fields(filled)
    assert {id: read[id] for id in answers} == answers
