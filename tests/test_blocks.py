"""Whatever a policy can hold is in its Word document, its PDF and its pages, with the same words,
marks and numbers; and a change of it is found. A form has it in its instructions, and is read back.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import markdown
import pytest
from lxml import html
from pypdf import PdfReader

from formulary.content.form import Form, FormField, FormSection, FormTable
from formulary.content.organisation import Offer
from formulary.documents.blank import Blank, compose_blank
from formulary.documents.paper import Paper, compose_paper
from formulary.edition.changes import Comparison, compare
from formulary.edition.offered_form import Holdings, offer_form
from formulary.edition.text import Block, Bullets, Paragraph, Table
from formulary.formats.handbook.markdown import render_blocks
from formulary.formats.pdf.form import write_blank as write_pdf_form
from formulary.formats.pdf.policy import write_policy as write_pdf
from formulary.formats.pdf.prefill import prepare as prepare_pdf
from formulary.formats.pdf.reader import read_for as read_pdf
from formulary.formats.web.page import _html
from formulary.formats.word.form import write_blank as write_word_form
from formulary.formats.word.ooxml import NAMESPACES, w
from formulary.formats.word.policy import write_policy as write_word
from formulary.formats.word.prefill import prepare as prepare_word
from formulary.pipeline import site
from formulary.problems import ContentError
from tests.checkers.openxml import openxml_errors
from tests.checkers.verapdf import pdfua_failures
from tests.edits import TINY, edition_in
from tests.formats.pdf.test_form import tags
from tests.formats.word.samples import part, value
from tests.formats.word.samples import read as read_word
from tests.helpers import ROOT, Quiet, replace_once, tiny_project

HOUSE = ROOT / "forms" / "house"
POLICY = f"{TINY}/policy.yaml"
OURS = ("foreword", "blocks")


def blocks_project(folder: Path) -> Path:
    """The tests' own project, its policy opening with a section that has some of everything."""
    root = tiny_project(folder)
    sections = (ROOT / "tests" / "fixtures" / "blocks" / "sections.yaml").read_text(
        encoding="utf-8"
    )
    replace_once(root / POLICY, "\nsections:\n", f"\n{sections}\n")
    return root


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return blocks_project(tmp_path_factory.mktemp("blocks"))


@pytest.fixture(scope="module")
def paper(project: Path) -> Paper:
    return compose_paper(edition_in(project)[0])


@pytest.fixture(scope="module")
def word(paper: Paper) -> bytes:
    return write_word(paper, HOUSE)


@pytest.fixture(scope="module")
def pdf(paper: Paper) -> bytes:
    return write_pdf(paper, HOUSE)


def said(paper: Paper) -> Iterator[str]:
    """Every number, mark, title and text of our sections, each as a piece without blanks."""
    for section in paper.sections:
        if section.id in OURS:
            yield section.heading
            yield from _in_blocks(section.blocks)
            for clause in section.clauses:
                yield from (clause.number, clause.title)
                yield from _in_blocks(clause.blocks)
            for note in section.notes:
                yield from _in_blocks(note.blocks)


def _in_blocks(content: tuple[Block, ...]) -> Iterator[str]:
    for block in content:
        if isinstance(block, Paragraph):
            yield "".join(run.text for run in block.runs)
        elif isinstance(block, Bullets):
            for place, item in enumerate(block.items):
                yield block.marks[place] if block.marks else ""
                yield from _in_blocks(item)
        elif isinstance(block, Table):
            yield block.caption
            for row in (block.columns, *block.rows):
                for cell in row:
                    yield from _in_blocks(cell.blocks)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def without_notes(pieces: Iterator[str]) -> list[str]:
    """Words that can be looked for: the mark of a note may be anywhere in what Word prints."""
    return [squeezed(piece) for piece in pieces if piece]


def test_the_numbers_are_those_of_the_policy(paper: Paper) -> None:
    numbers = [clause.number for s in paper.sections if s.id in OURS for clause in s.clauses]
    assert numbers == ["", "1.1", "1.2", "1.2.1", "1.2.2", "1.3", "", "1.3A", "1.9"]
    assert [section.number for section in paper.sections[:3]] == ["", "1", "2"]


def test_word_says_all_of_it_in_order(paper: Paper, word: bytes) -> None:
    body = part(word, "word/document.xml")[0]
    for place, mark in enumerate(list(body.iter(w("footnoteReference"))), start=1):
        mark.tag, mark.text = w("t"), str(place)
    printed = squeezed("".join(node.text or "" for node in body.iter(w("t"))))
    notes = part(word, "word/footnotes.xml")
    printed += squeezed("".join(node.text or "" for node in notes.iter(w("t"))))
    at = printed.index("Wewanteveryone")
    for piece in without_notes(said(paper)):
        if piece not in ("Foreword", "1Blocks"):
            at = printed.index(piece, at)
    assert "5.agreetheplan6.signita)ininkb)ornoti.deepii.deeper" in printed


def test_word_indents_a_list_in_a_list_in_a_list(word: bytes) -> None:
    body = part(word, "word/document.xml")[0]
    by_words = {
        "".join(node.text or "" for node in paragraph.iter(w("t"))): paragraph
        for paragraph in body.iter(w("p"))
    }
    deep, inner = by_words["1.the deepest point"], by_words["(i)point c i"]
    assert value(deep, "w:pPr/w:pStyle") == value(inner, "w:pPr/w:pStyle")
    assert int(deep.find("w:pPr/w:ind", NAMESPACES).get(w("left"))) > 1588
    heading = by_words["1.2.1A clause inside a clause"]
    assert value(heading, "w:pPr/w:outlineLvl") == "2"


def test_pdf_says_all_of_it(paper: Paper, pdf: bytes) -> None:
    printed = squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))
    assert [piece for piece in without_notes(said(paper)) if piece not in printed] == []
    for row in (
        "5.agreetheplan6.signita)ininkb)ornoti.deepii.deeper",
        "Theheaddecidesonpay.Nobody",
    ):
        assert row in printed


def test_pdf_tags_lists_tables_and_notes(pdf: bytes) -> None:
    kinds = [str(tag["/S"]) for tag in tags(PdfReader(io.BytesIO(pdf)))]
    assert kinds.count("/Note") == 2
    assert kinds.count("/Lbl") >= 15
    assert {"/L", "/LI", "/LBody", "/Table", "/TR", "/TH", "/TD", "/H4"} <= set(kinds)


def test_pages_say_all_of_it_in_order(paper: Paper) -> None:
    for section in paper.sections[:2]:
        for content in (section.blocks, *(clause.blocks for clause in section.clauses)):
            written = render_blocks(content, lambda target: "")
            page = markdown.markdown(written, extensions=["attr_list", "md_in_html", "tables"])
            tree: Any = html.fragment_fromstring(page, create_parent="div")
            for ordered in tree.iter("ol"):  # whose marks a browser makes
                for place, item in enumerate(ordered, start=int(ordered.get("start", "1"))):
                    item.text = f"{place}.{item.text or ''}"
            printed = squeezed(tree.text_content())
            at = 0
            for piece in without_notes(_in_blocks(content)):
                at = printed.index(piece, at)
            assert len(tree.findall(".//table")) == sum(_count_tables(block) for block in content)


def _count_tables(block: Block) -> int:
    if isinstance(block, Bullets):
        return sum(_count_tables(inner) for item in block.items for inner in item)
    return isinstance(block, Table)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("by 30 April]", "by 1 May]", "clause:table-of-dates"),
        ("The second note is in", "The second note is now in", "clause:table-of-dates"),
        ("caption: Key dates", "caption: Dates", "clause:table-of-dates"),
        ("text: the deepest point", "text: the deepest of all points", "clause:every-list"),
        ("            start: 5", "            start: 6", "clause:every-list"),
        ("[[Teacher, M1]]", "[[Teacher, M2]]", "clause:every-list"),
        ("          5. agree the plan", "          7. agree the plan", "clause:typed-lists"),
        ("cell two", "cell three", "clause:typed-lists"),
        ("number of three parts", "number of 3 parts", "clause:inner-titled"),
        ("| Opening table | October |", "| Opening table | May |", "section:blocks"),
    ],
)
def test_a_change_of_any_of_it_is_found(
    old: str, new: str, key: str, project: Path, tmp_path: Path
) -> None:
    changed = blocks_project(tmp_path)
    replace_once(changed / POLICY, old, new)
    found: Comparison = compare(edition_in(project)[1], edition_in(changed)[1])
    assert [(change.key, change.what) for change in found.differences] == [(key, ("reworded",))]


def test_another_number_is_a_renumbering(project: Path, tmp_path: Path) -> None:
    changed = blocks_project(tmp_path)
    replace_once(changed / POLICY, "        number: 9\n", "        number: 8\n")
    found = compare(edition_in(project)[1], edition_in(changed)[1])
    assert [(one.before.number, one.after.number) for one in found.renumbered] == [("1.9", "1.8")]


FORM = Form.model_validate(
    {
        "id": "conduct",
        "title": "Conduct",
        "purpose": "To look at conduct.",
        "filled-by": "Both",
        "when": "Now",
        "header": "own",
        "guidance": (
            "Then:\n\n5. the fifth step\n   (a) step a\n   (b) step b\n\n"
            "| Stage | By |\n|---|---|\n| Plan | October |\n\nOne line.  \nAnother line."
        ),
        "sections": (
            FormSection(
                id="conduct",
                title="Conduct",
                fields=(FormField(id="name", label="Name", type="text"),),
                table=None,
            ),
            FormSection(
                id="matrix",
                title="Matrix",
                table=FormTable(
                    id="statement",
                    row="Statement",
                    rows=("Arrives on time", "Works well with others"),
                    columns=(
                        FormField(id="rating", label="Often", type="choice", options=("Yes", "No")),
                    ),
                ),
            ),
        ),
    }
)
ANSWERS = {"name": "Ann Jones", "statement_1_rating": "Yes", "statement_2_rating": "No"}


@pytest.fixture(scope="module")
def blank(project: Path) -> Blank:
    offer = Offer.model_validate({"form": "conduct"})
    return compose_blank(edition_in(project)[0], *offer_form(FORM, offer, None, Holdings()))


@pytest.fixture(scope="module")
def word_form(blank: Blank) -> bytes:
    return write_word_form(blank, HOUSE)


@pytest.fixture(scope="module")
def pdf_form(blank: Blank) -> bytes:
    return write_pdf_form(blank, HOUSE)


def test_the_rows_of_a_matrix_share_their_options(blank: Blank) -> None:
    assert [(q.id, q.title, q.options) for q in blank.questions() if q.options] == [
        ("statement_1_rating", "Arrives on time: Often", ("Yes", "No")),
        ("statement_2_rating", "Works well with others: Often", ("Yes", "No")),
    ]


def test_a_form_in_word_has_its_instructions_and_is_read_back(
    blank: Blank, word_form: bytes
) -> None:
    body = part(word_form, "word/document.xml")[0]
    printed = squeezed("".join(node.text or "" for node in body.iter(w("t"))))
    assert "Then:5.thefifthstep(a)stepa(b)stepbStageByPlanOctoberOneline.Anotherline." in printed
    found = read_word(prepare_word(word_form, blank).fill(ANSWERS, "7"), blank)
    assert {id: answer.value for id, answer in found.answers.items() if answer.value} == ANSWERS
    assert (found.unknown, found.remarks) == ({}, ())


def test_a_form_in_pdf_has_its_instructions_and_is_read_back(blank: Blank, pdf_form: bytes) -> None:
    printed = squeezed(PdfReader(io.BytesIO(pdf_form)).pages[0].extract_text())
    assert "Then:5.thefifthstep(a)stepa(b)stepbStageByPlanOctoberOneline.Anotherline." in printed
    filled = prepare_pdf(pdf_form, blank).fill(ANSWERS, "7")
    found = read_pdf(filled, lambda _: blank)
    assert {id: answer.value for id, answer in found.answers.items() if answer.value} == ANSWERS


def test_the_page_to_fill_in_has_the_same_instructions(blank: Blank) -> None:
    tree = html.fragment_fromstring(
        str(_html(blank.guidance, lambda target: "")), create_parent="div"
    )
    assert squeezed(tree.text_content()) == (
        "Then:5.thefifthstep(a)stepa(b)stepbStageByPlanOctoberOneline.Anotherline."
    )


def test_the_documents_keep_to_their_standards(
    word: bytes, word_form: bytes, pdf: bytes, pdf_form: bytes, tmp_path: Path
) -> None:
    files = {"policy.docx": word, "form.docx": word_form, "policy.pdf": pdf, "form.pdf": pdf_form}
    paths = {name: tmp_path / name for name in files}
    for name, data in files.items():
        paths[name].write_bytes(data)
    documents = [path for path in paths.values() if path.suffix == ".docx"]
    printed = [path for path in paths.values() if path.suffix == ".pdf"]
    assert openxml_errors(documents) == {path: [] for path in documents}
    assert pdfua_failures(printed) == {path: [] for path in printed}


def test_a_build_names_every_character_that_papers_lack_at_once(tmp_path: Path) -> None:
    root = tiny_project(tmp_path)
    replace_once(root / POLICY, "covers every employee", "covers 📌 every employee")
    replace_once(root / POLICY, "Everyone keeps to this", "Everyone ⇒ keeps 関 to this")
    with pytest.raises(ContentError) as stopped:
        site.build(root, (), None, Quiet())
    said = [problem for problem in stopped.value.problems if problem.kind.severity == "error"]
    lines = (root / POLICY).read_text(encoding="utf-8").split("\n")
    assert [lines[p.place.line - 1][p.place.column - 1] for p in said] == ["📌", "⇒"]
    assert "関" in said[1].message
