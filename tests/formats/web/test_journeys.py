"""A form goes from a pack to HR through three browsers: on a phone, by keyboard, from a folder."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from formulary.content.loading import load
from formulary.documents.blank import Blank, compose_blank
from formulary.edition.edition import edition_of
from formulary.formats.pdf.reader import read_for as read_pdf
from formulary.formats.web.pack import PreparedPage
from formulary.formats.word.reader import read_for as read_word
from formulary.pipeline import site
from tests.checkers.browsers import BROWSERS, WIDTH, Phone
from tests.checkers.openxml import openxml_errors
from tests.checkers.render import pdf_text, pdfium_text
from tests.checkers.verapdf import pdfua_failures
from tests.conftest import Shared
from tests.helpers import Quiet, tiny_project

FORM = "every-kind"
PERSON = "T-0042"
MINE = {
    "words": "Żółć O'Neil & <Sons> ŵ ŷ “quotes” ‘single’",
    "day": "29/02/2028",
    "agreed": "Yes",
    "few": "Two “quoted”",
    "many": "Ŵ and ŷ",
    "ticked": "yes",
}
THEIRS = {
    "paragraphs": "\n".join(("Żółć & <Sons>", "two ŵ", "three “ŷ”", "four", "five")),
    "long": "What was agreed, ŵ and “quoted”. " * 91,
    "hours": "37.5",
    "mail": "ann.ng@example.org",
    "time": "14:30",
    "pay": "41,163",
    "signed": "Zoë Ŵyn",
    "signed_date": "30/06/2027",
    "views_1_view": "Disagree",
    "views_2_view": "Strongly agree",
}


@pytest.fixture(scope="module")
def project(shared: Shared) -> Path:
    """The tests' own organisation with a form that asks for every kind of answer, built."""

    def fill(root: Path) -> None:
        tiny_project(root)
        shutil.copy(Path(__file__).parent / f"{FORM}.yaml", root / "forms")
        own = root / "content" / "organisations" / "tiny" / "organisation.yaml"
        with own.open("a", encoding="utf-8") as file:
            file.write(f"  - form: {FORM}\n    clauses: [development]\n")
        site.build(root, (), None, Quiet())

    return shared("every-kind", fill)


@pytest.fixture(scope="module")
def blank(project: Path) -> Blank:
    content, _ = load(project)
    edition, _ = edition_of(content, content.organisations[0])
    assert edition
    offer, form = next(pair for pair in edition.forms if pair[0].form == FORM)
    return compose_blank(edition, offer, form)


def page_of(project: Path) -> Path:
    return next((project / "site").rglob(f"fill/{FORM}.html"))


def reach(phone: Phone, selector: str) -> None:
    """Press Tab until the control has the focus."""
    for _ in range(80):
        if phone.ask("return document.activeElement.matches(arguments[0])", selector):
            return
        phone.press("Tab")
    raise AssertionError(f"Tab never comes to {selector}")


def fill_in(phone: Phone, blank: Blank, values: Mapping[str, str]) -> None:
    for question in blank.questions():
        value = values.get(question.id, "")
        place = f'[data-q="{question.id}"]'
        if not value:
            continue
        reach(phone, f"{place} :is(input, textarea, select)")
        if question.kind == "date":
            for number, part in enumerate(value.split("/")):
                phone.press(*(["Tab"] if number else []), *part)
        elif question.kind == "checkbox":
            phone.press("Space")
        elif question.options:
            shown = "return document.activeElement.value === arguments[0]"
            is_list = phone.ask("return document.activeElement.tagName") == "SELECT"
            for _ in question.options:
                # "No answer yet" is the first of a list, and the last of radio buttons
                phone.press("ArrowDown" if is_list else "ArrowUp")
                if phone.ask(shown, value):
                    break
            assert phone.ask(shown, value), f"the arrows never come to {value}"
        elif len(value) > 200:
            phone.paste(value)
        else:
            phone.press(*("Enter" if letter == "\n" else letter for letter in value))


def save(phone: Phone, format: str, folder: Path) -> Path:
    folder.mkdir()
    reach(phone, f"[data-save={format}]")
    return phone.save(folder)


@dataclass(frozen=True)
class Journey:
    """The files that a journey saved: half of the form, and all of it in both formats."""

    half: Path
    word: Path
    pdf: Path


def travel(phone: Phone, project: Path, blank: Blank, folder: Path) -> Journey:
    pack = folder / "pack.html"
    small = PreparedPage(blank, page_of(project).as_uri(), mail="vera.boss@example.org")
    pack.write_bytes(small.fill({"name": "Ann Ng"}, PERSON))

    phone.open(pack)
    reach(phone, "#open")
    phone.follow()
    phone.wait("document.getElementById('open-question')?.textContent.includes('Ann Ng')")
    assert phone.ask("return document.getElementById('q-name').value") == ""
    reach(phone, "#open-yes")
    phone.press("Enter")
    phone.wait("document.getElementById('open-said').textContent.includes('1 answer')")
    mail = phone.ask("return document.querySelector('#mail-next:not([hidden]) a').href")
    assert mail.startswith("mailto:vera.boss%40example.org?")
    assert phone.ask("return innerWidth") == WIDTH
    assert phone.ask("return document.documentElement.scrollWidth") <= WIDTH
    fill_in(phone, blank, MINE)
    half = save(phone, "word", folder / "half")

    phone.open(page_of(project))
    assert phone.ask("return document.getElementById('q-words').value") == ""
    phone.give("#open-file", half)
    phone.wait("document.getElementById('open-said').textContent.includes('7 answers')")
    assert "Not copied" not in phone.ask("return document.getElementById('open-said').textContent")
    reach(phone, "#next")
    phone.press("Enter")
    assert phone.ask("return document.activeElement.closest('.part').id") == "part-theirs"
    fill_in(phone, blank, THEIRS)
    word = save(phone, "word", folder / "word")
    phone.wait("document.getElementById('status').textContent.startsWith('Saved')")
    phone.ask("document.getElementById('check').click()")
    lines = "return [...document.querySelectorAll('#summary a')].map((line) => line.textContent)"
    # whether a day of the form's year is to come, the clock says
    assert [line for line in phone.ask(lines) if "is after today" not in line] == []
    return Journey(half, word, save(phone, "pdf", folder / "pdf"))


@pytest.mark.parametrize("name", BROWSERS)
def test_a_form_goes_from_a_pack_through_two_people_to_hr(
    name: str, project: Path, blank: Blank, tmp_path: Path
) -> None:
    (tmp_path / "home").mkdir()
    with BROWSERS[name](tmp_path / "home") as phone:
        journey = travel(phone, project, blank, tmp_path)
    half = read_word(journey.half.read_bytes(), lambda stamp: blank, project / "forms" / "house")
    word = read_word(journey.word.read_bytes(), lambda stamp: blank, project / "forms" / "house")
    pdf = read_pdf(journey.pdf.read_bytes(), lambda stamp: blank)
    mine = {"name": "Ann Ng", **MINE}
    for found, wanted in ((half, mine), (word, {**mine, **THEIRS}), (pdf, {**mine, **THEIRS})):
        assert {id: one.value for id, one in found.answers.items() if one.value} == wanted
        assert found.identity.person == PERSON
        assert found.altered == () and found.remarks == () and not found.unknown
    assert pdfua_failures([journey.pdf]) == {journey.pdf: []}
    assert openxml_errors([journey.word]) == {journey.word: []}
    for text in (pdf_text(journey.pdf), pdfium_text(journey.pdf)):
        assert all(words in text for words in (mine["words"], THEIRS["signed"], "three “ŷ”"))
