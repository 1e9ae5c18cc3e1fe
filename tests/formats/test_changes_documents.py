"""What changed, for trustees, in Word and PDF: every mark is seen and said, and checkers pass."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from pypdf import PdfReader

from formulary.documents.changes_paper import compose_changes
from formulary.documents.paper import Paper
from formulary.edition.changes import compare
from formulary.edition.text import plain
from formulary.formats.pdf import policy as pdf
from formulary.formats.word import policy as word
from tests.checkers.openxml import openxml_errors
from tests.checkers.verapdf import pdfua_failures
from tests.edits import TRAP, edited, edition_in
from tests.helpers import ROOT, tiny_project

HOUSE = ROOT / "forms" / "house"


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Paper:
    """Every edit, as a paper for trustees."""
    before = edition_in(tiny_project(tmp_path_factory.mktemp("before")))[1]
    edition, after = edition_in(edited(tmp_path_factory.mktemp("after")))
    return compose_changes(edition, compare(before, after))


@pytest.fixture(scope="module")
def document(paper: Paper) -> bytes:
    return word.write_policy(paper, HOUSE)


@pytest.fixture(scope="module")
def printed(paper: Paper) -> bytes:
    return pdf.write_policy(paper, HOUSE)


def test_the_word_document_has_a_heading_for_every_change(paper: Paper, document: bytes) -> None:
    found = Document(io.BytesIO(document))
    headings = [p.text for p in found.paragraphs if p.style.name == "heading 2"]
    headings = headings or [p.text for p in found.paragraphs if p.style.name == "Heading 2"]
    assert headings == [clause.title for clause in paper.clauses()]
    assert found.paragraphs[0].text == "The Tiny Trust"


def test_words_put_in_and_taken_out_have_their_styles_and_are_named(document: bytes) -> None:
    runs = [run for p in Document(io.BytesIO(document)).paragraphs for run in p.runs]
    marked = {
        name: [run.text for run in runs if run.style.name == name] for name in ("Added", "Removed")
    }
    assert "30 April" in marked["Added"] and "31 March" in marked["Removed"]
    assert f"{TRAP} {{{{ rules.x }}}} safely" in marked["Added"]
    styles = Document(io.BytesIO(document)).styles
    assert styles["Added"].font.underline and styles["Removed"].font.strike
    text = "".join(run.text for run in runs)
    assert "[deleted: 31 March] [added: 30 April]" in text


def test_the_pdf_says_the_same_words(paper: Paper, printed: bytes) -> None:
    text = squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(printed)).pages))
    for clause in paper.clauses():
        assert squeezed(clause.title) in text
    assert squeezed("by [deleted: 31 March] [added: 30 April]") in text
    assert squeezed(TRAP) in text
    assert squeezed(plain(paper.summary[0:1])) in text


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_both_are_the_same_to_the_byte_each_time(
    paper: Paper, document: bytes, printed: bytes
) -> None:
    assert word.write_policy(paper, HOUSE) == document
    assert pdf.write_policy(paper, HOUSE) == printed


def test_checkers_find_nothing(
    paper: Paper, document: bytes, printed: bytes, tmp_path: Path
) -> None:
    short = replace(paper, notice="", sections=(), summary=paper.summary[:1])
    files = {
        "all.docx": document,
        "short.docx": word.write_policy(short, HOUSE),
        "all.pdf": printed,
        "short.pdf": pdf.write_policy(short, HOUSE),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    words = [*sorted(tmp_path.glob("*.docx")), HOUSE / "changes.docx"]
    pdfs = sorted(tmp_path.glob("*.pdf"))
    assert openxml_errors(words) == {path: [] for path in words}
    assert pdfua_failures(pdfs) == {path: [] for path in pdfs}
