"""The blanks are filled by software that is not ours, saved, and read back by field id.

An outside reader and ours find the same answers.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from formulary.documents.blank import Blank, Question, compose_blank
from formulary.edition.edition import Edition
from formulary.formats.pdf.reader import read_for
from formulary.formats.word.prefill import prepare
from formulary.returns.submission import Submission
from tests.checkers.fill_pdf import (
    fill_all_with_pdfjs,
    fill_all_with_pdflib,
    fill_with_pdfium,
    read_pdf_fields,
)
from tests.checkers.fill_word import (
    fill_all_with_libreoffice,
    read_word_fields,
    resave_with_libreoffice,
)
from tests.checkers.render import pdf_text, pdfium_text
from tests.checkers.verapdf import pdfua_failures
from tests.conftest import Shared
from tests.formats.word.samples import read as read_word
from tests.formats.word.test_reader import edited
from tests.helpers import controls_of, cover, one_of_each

Values = Mapping[str, str | bool]
Job = tuple[Path, Values, Path]
Filled = Callable[[str], list[tuple[Blank, Values, Path]]]

HARD_NAME = "Żółć O'Neil & <Sons>"
PARAGRAPHS = "\n".join(
    (
        "First paragraph, plain.",
        "Second: “curly” – and a dash.",
        "Τρίτη παράγραφος.",
        "Четвёртый абзац.",
        "Fifth.",
    )
)
SCRIPTS = (
    "Ελληνικά, 日本",
    "日本 and more\nsecond עברית line",
    "مرحبا 12 people",
    "Year 4 和 Year 5, หนึ่ง",
    "한국어",
)
DAY = datetime.date(2026, 10, 31)


def fill_all_with_pdfium(jobs: Sequence[Job]) -> None:
    for job in jobs:
        fill_with_pdfium(*job)


FILLERS: dict[str, Callable[[Sequence[Job]], None]] = {
    "PDFium": fill_all_with_pdfium,
    "pdf.js": fill_all_with_pdfjs,
    "pdf-lib": fill_all_with_pdflib,
}


def answer(question: Question, place: int) -> str | bool:
    """An ordinary or a hard value for a question; ticks for every second check box."""
    if question.kind == "checkbox":
        return place % 2 == 0
    if question.kind == "choice":
        return question.options[-1]
    if question.kind == "date":
        return DAY.strftime("%d/%m/%Y")
    if question.kind == "multiline":
        return PARAGRAPHS if question.lines >= 5 else f"Line {place}, ordinary words."
    return "45,000.50" if question.money else f"{HARD_NAME} {place}"


def answers(blank: Blank) -> dict[str, str | bool]:
    return {
        question.id: answer(question, place) for place, question in enumerate(blank.questions())
    }


def found_by_us(found: Submission, blank: Blank) -> dict[str, str | bool]:
    """What our reader says, as the programs took it; nothing may be odd about the file.

    Only that five paragraphs are longer than a narrow box may be said, and of no other answer.
    """
    assert found.altered == ()
    assert found.unknown == {}
    long = {q.title for q in blank.questions() if answer(q, 0) == PARAGRAPHS}
    for remark in found.remarks:
        assert remark.startswith("Longer than its box")
        assert set(re.findall("“([^”]*)”", remark)) <= long
    odd = {id for id, answer in found.answers.items() if answer.beside or answer.state == "lost"}
    assert odd == set()
    boxes = {q.id for q in blank.questions() if q.kind == "checkbox"}
    return {
        id: answer.value == "yes" if id in boxes else answer.value
        for id, answer in found.answers.items()
    }


@pytest.fixture(scope="session")
def every_blank(editions: tuple[Edition, ...]) -> tuple[Blank, ...]:
    """Every form of every organisation."""
    return tuple(
        compose_blank(edition, offer, form) for edition in editions for offer, form in edition.forms
    )


@pytest.fixture
def blanks(every_blank: tuple[Blank, ...], whole: bool) -> tuple[Blank, ...]:
    """Each form as one of the organisations has it, or every form of each."""
    return every_blank if whole else tuple(one_of_each(every_blank, lambda blank: blank.id))


def of_every_control(blanks: Sequence[Blank]) -> list[Blank]:
    """A few of the forms, which have every kind of control between them."""
    shown = cover({blank.id: controls_of(blank) for blank in blanks})
    return [blank for blank in blanks if blank.id in shown]


def path_of(built: Path, blank: Blank, ending: str) -> Path:
    return built / "site" / blank.stamp.organisation / "downloads" / f"{blank.file_stem}.{ending}"


def jobs_in(
    folder: Path, built: Path, blanks: Sequence[Blank], ending: str
) -> list[tuple[Path, dict[str, str | bool], Path]]:
    """For each blank its file, the answers, and where the filled one goes."""
    return [
        (
            path_of(built, blank, ending),
            answers(blank),
            folder / f"{blank.stamp.organisation}-{blank.id}.{ending}",
        )
        for blank in blanks
    ]


@pytest.fixture
def filled(shared: Shared, built: Path, blanks: tuple[Blank, ...]) -> Filled:
    """All blanks as a program fills them, started once: each blank, its answers and its file."""

    def by(program: str) -> list[tuple[Blank, Values, Path]]:
        def fill(folder: Path) -> None:
            FILLERS[program](jobs_in(folder, built, blanks, "pdf"))

        folder = shared(f"filled-{len(blanks)}-{program}", fill)
        jobs = jobs_in(folder, built, blanks, "pdf")
        return [(blank, values, out) for blank, (_, values, out) in zip(blanks, jobs, strict=True)]

    return by


def read_pdf(data: bytes, blank: Blank) -> Submission:
    return read_for(data, lambda _: blank)


@pytest.mark.parametrize("program", FILLERS)
def test_a_pdf_filled_elsewhere_gives_its_answers_back(program: str, filled: Filled) -> None:
    for blank, values, out in filled(program):
        assert read_pdf_fields(out) == values
        assert found_by_us(read_pdf(out.read_bytes(), blank), blank) == values


@pytest.mark.parametrize("program", ["pdf.js", "pdf-lib"])
def test_a_pdf_filled_elsewhere_stays_accessible_and_shows_every_letter(
    program: str, filled: Filled, blanks: tuple[Blank, ...], whole: bool
) -> None:
    """Forms with controls of every kind, or all."""
    chosen = blanks if whole else of_every_control(blanks)
    paths = []
    for blank, _, out in (one for one in filled(program) if one[0] in chosen):
        wanted = {HARD_NAME, "31/10/2026"}
        if any(q.kind == "multiline" and q.lines >= 5 for q in blank.questions()):
            wanted |= {"Τρίτη παράγραφος.", "Четвёртый абзац."}
        for reader in (pdf_text, pdfium_text):
            words = " ".join(reader(out).split())
            assert {text for text in wanted if text not in words} == set(), reader.__name__
        paths.append(out)
    failures = pdfua_failures(paths)
    assert failures == {path: [] for path in paths}


def test_word_forms_filled_in_libreoffice_give_their_answers_back(
    built: Path, blanks: tuple[Blank, ...], whole: bool, tmp_path: Path
) -> None:
    """Forms with controls of every kind, since LibreOffice takes seconds for a form; or all."""
    chosen = blanks if whole else of_every_control(blanks)
    jobs = jobs_in(tmp_path, built, chosen, "docx")
    fill_all_with_libreoffice(jobs)
    for blank, (_, values, out) in zip(chosen, jobs, strict=True):
        assert read_word_fields(out) == values
        assert found_by_us(read_word(out.read_bytes(), blank), blank) == values


def test_an_answer_in_several_scripts_is_one_answer_after_libreoffice(
    built: Path, blanks: tuple[Blank, ...], tmp_path: Path
) -> None:
    """LibreOffice 7.4 writes a control more for each run of one script."""
    blank = blanks[0]
    texts = [q for q in blank.questions() if q.kind in ("text", "multiline") and not q.money]
    values = {q.id: SCRIPTS[place % len(SCRIPTS)] for place, q in enumerate(texts)}
    assert len(texts) > len(SCRIPTS)
    out = tmp_path / "filled.docx"
    fill_all_with_libreoffice([(path_of(built, blank, "docx"), values, out)])
    found = found_by_us(read_word(out.read_bytes(), blank), blank)
    assert {id: found[id] for id in values} == values


def test_word_forms_saved_again_by_libreoffice_say_nothing_more(
    built: Path, blanks: tuple[Blank, ...], tmp_path: Path
) -> None:
    """Filled as Word does it, in plain-text controls: LibreOffice 7.4 joins lines of these."""
    folder = tmp_path / "saved"
    folder.mkdir()
    given: dict[str, tuple[Blank, dict[str, str], bytes]] = {}
    for blank in blanks:
        texts = {id: value for id, value in answers(blank).items() if isinstance(value, str)}
        prepared = prepare(path_of(built, blank, "docx").read_bytes(), blank)
        misfits = {misfit.field for misfit in prepared.misfits(texts)}
        texts = {id: value for id, value in texts.items() if id not in misfits}
        name = f"{blank.stamp.organisation}-{blank.id}.docx"
        data = prepared.fill(texts, "1")
        if any(q.kind == "multiline" and q.lines >= 5 for q in blank.questions()):
            data = edited(data, as_word_fills)
        (tmp_path / name).write_bytes(data)
        given[name] = (blank, texts, data)
    resave_with_libreoffice([tmp_path / name for name in given], folder)
    for name, (blank, texts, data) in given.items():
        kept = found_by_us(read_word(data, blank), blank)
        assert {id: kept[id] for id in texts} == texts
        found = read_word((folder / name).read_bytes(), blank)
        assert (found.altered, found.unknown) == ((), {})
        assert all("were split again" in remark for remark in found.remarks)
        assert [id for id, answer in found.answers.items() if answer.beside] == []
        assert {id: found.value(id) for id in texts} == texts


def as_word_fills(document: str) -> str:
    """With the kind of a control of several lines as the blank has it, and Word leaves it."""
    return document.replace(
        '<w:lock w:val="sdtLocked"/></w:sdtPr>',
        '<w:lock w:val="sdtLocked"/><w:text w:multiLine="1"/></w:sdtPr>',
    )
