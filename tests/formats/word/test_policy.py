"""The policy in Word: numbered clauses, links, tables and contents, the same bytes each time."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from formulary.diagrams.draw import describe
from formulary.documents.paper import PaperClause, diagram_blocks
from formulary.edition.text import Cell, Table, blocks
from formulary.formats.word.ooxml import NAMESPACES, w
from formulary.formats.word.policy import write_policy
from tests.checkers.openxml import openxml_errors
from tests.diagrams.samples import EVERY
from tests.formats.word.samples import HARD, HOUSE, TRAP, names, paper, part, value, words

ROOT = HOUSE.parents[1]
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


@pytest.fixture(scope="module")
def data() -> bytes:
    return write_policy(paper(), HOUSE)


@pytest.fixture(scope="module")
def body(data: bytes) -> Any:
    return part(data, "word/document.xml")[0]


def styled(body: Any, style: str) -> list[str]:
    """The words of every paragraph in a style; a tab stands as a bar."""
    found = []
    for paragraph in body.iter(w("p")):
        if value(paragraph, "w:pPr/w:pStyle") == style:
            runs = paragraph.iter(w("t"), w("tab"))
            inside = [node for node in runs if node.getparent().tag == w("r")]
            found.append("".join("|" if node.tag == w("tab") else node.text for node in inside))
    return found


def test_sections_and_clauses_carry_their_printed_numbers(body: Any) -> None:
    assert styled(body, "Heading1") == ["1|Start", f"2|Pay {TRAP}"]
    assert styled(body, "AppendixHeading") == ["Appendix A: Career stages"]
    assert styled(body, "Heading2") == ["1.1|What it is", "Matrix"]
    assert styled(body, "Clause") == ["1.2|They decide:", "2.1|"]


def test_lists_keep_their_marks_or_have_real_bullets(body: Any) -> None:
    assert styled(body, "ClauseMark") == ["(a)|first", "(b)|second"]
    assert styled(body, "ListBullet2") == ["inner"]
    assert styled(body, "ClauseBullet") == ["one", "two", "x"]


def test_links_lead_to_bookmarks_or_to_the_web(data: bytes, body: Any) -> None:
    marks = {mark.get(w("name")) for mark in body.iter(w("bookmarkStart"))}
    links = {words(link): link for link in body.iter(w("hyperlink"))}
    assert links["clause 1.2"].get(w("anchor")) == "clause_who_decides"
    assert links["section 2"].get(w("anchor")) == "section_pay"
    assert {link.get(w("anchor")) for link in links.values()} - {None} <= marks
    targets = {
        node.get("Id"): node.get("Target") for node in part(data, "word/_rels/document.xml.rels")
    }
    assert targets[links["the web"].get(RELATION)] == "https://example.org/?a&b"
    assert "nothing" not in links


def test_every_section_and_clause_has_its_bookmark_once(body: Any) -> None:
    marks = [mark.get(w("name")) for mark in body.iter(w("bookmarkStart"))]
    wanted = [f"clause_{clause.id.replace('-', '_')}" for clause in paper().clauses()]
    wanted += [f"section_{section.id}" for section in paper().sections]
    assert sorted(marks) == sorted([*wanted, "updates"])


def test_the_contents_are_a_field_with_its_lines_filled_in(body: Any) -> None:
    codes = [code.text.strip() for code in body.iter(w("instrText"))]
    assert codes[0] == 'TOC \\o "1-1" \\h \\z \\u'
    assert styled(body, "TOC1")[0].startswith("Updates since the last edition|")
    assert styled(body, "TOC1")[1] == "1|Start|2"
    assert styled(body, "TOC2") == []
    kinds = [mark.get(w("fldCharType")) for mark in body.iter(w("fldChar"))]
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end")


def test_word_is_not_told_to_ask_about_fields(data: bytes) -> None:
    assert part(data, "word/settings.xml").find("w:updateFields", NAMESPACES) is None


def test_tables_repeat_their_header_and_mark_their_first_column(body: Any) -> None:
    tables = [t for t in body.iter(w("tbl")) if value(t, "w:tblPr/w:tblStyle") == "PolicyTable"]
    assert [value(table, "w:tblPr/w:tblCaption") for table in tables] == ["Levels", "Stages"]
    for table in tables:
        first, *others = table.findall("w:tr", NAMESPACES)
        assert first.find("w:trPr/w:tblHeader", NAMESPACES) is not None
        assert all(row.find("w:trPr/w:tblHeader", NAMESPACES) is None for row in others)
        look = table.find("w:tblPr/w:tblLook", NAMESPACES)
        assert look.get(w("firstColumn")) == look.get(w("firstRow")) == "1"


def test_a_colour_stands_beside_words_never_behind_them(body: Any) -> None:
    bars = [bar.get(w("color")) for bar in body.findall(".//w:tcBorders/w:left", NAMESPACES)]
    assert bars == ["B3261E", "1B6E3C"] * 2
    cover, *tables = body.iter(w("tbl"))
    assert [shade.get(w("themeFill")) for shade in cover.iter(w("shd"))] == ["accent1"]
    assert [table for table in tables if next(table.iter(w("shd")), None) is not None] == []


def test_a_wide_table_stands_on_a_landscape_page_without_an_empty_one(body: Any) -> None:
    turns = [page.get(w("orient")) for page in body.iter(w("pgSz"))]
    assert turns == [None, None, "landscape"]
    followed = replace(
        paper(), sections=(*paper().sections, replace(paper().sections[0], id="end", clauses=()))
    )
    again = part(write_policy(followed, HOUSE), "word/document.xml")
    assert [page.get(w("orient")) for page in again.iter(w("pgSz"))] == [
        None,
        None,
        "landscape",
        None,
    ]


def test_what_leads_into_the_next_lines_is_kept_with_them_and_no_caption_repeats_a_heading() -> (
    None
):
    table = Table("t", "Pay", (Cell(blocks("Who")),), ((Cell(blocks("All")),),))
    clause = PaperClause("pay", "", "Pay", (*blocks("**Part 2**\n\nOf **two** parts."), table))
    section = replace(paper().sections[0], clauses=(clause,))
    body = part(write_policy(replace(paper(), sections=(section,)), HOUSE), "word/document.xml")
    kept = {
        said: one.find("w:pPr/w:keepNext", NAMESPACES) is not None
        for one in body.iter(w("p"))
        if (said := words(one)) in ("Part 2", "Of two parts.")
    }
    assert kept == {"Part 2": True, "Of two parts.": False}
    assert [words(one) for one in body.iter(w("p"))].count("Pay") == 1


@pytest.mark.parametrize(
    ("columns", "cell", "wide"),
    [
        (7, "Yes", False),
        (5, "Responsibilities", True),
        (4, "Responsibilities", False),
        (3, "word " * 300, False),
    ],
)
def test_a_table_is_turned_where_its_words_need_it(columns: int, cell: str, wide: bool) -> None:
    row = tuple(Cell(blocks(cell)) for _ in range(columns))
    assert Table("t", "", row, (row,)).is_wide == wide


@pytest.fixture(scope="module")
def light() -> bytes:
    return write_policy(replace(paper(), colour="#5b2a66", has_light_cover=True), HOUSE)


def test_a_light_cover_has_dark_words_on_a_tint_above_a_line(data: bytes, light: bytes) -> None:
    cover = next(part(light, "word/document.xml").iter(w("tcPr")))
    assert cover.find(w("shd")).get(w("fill")) == "F4F0F4"  # 7 % of the colour in white
    assert cover.find("w:tcBorders/w:bottom", NAMESPACES).get(w("color")) == "5B2A66"

    def white_words(document: bytes) -> list[Any]:
        colours = part(document, "word/styles.xml").iter(w("color"))
        return [found for found in colours if found.get(w("val")) == "FFFFFF"]

    assert white_words(data) and not white_words(light)


def test_texts_are_never_templates(data: bytes, body: Any) -> None:
    assert words(body).count(TRAP) == 4
    assert HARD in words(body)
    for name in names(data):
        if name.startswith("word/") and name.endswith(".xml"):
            assert "{{" not in words(part(data, name)).replace(TRAP, "")


def test_bytes_do_not_hang_on_hash_order() -> None:
    code = (
        "import hashlib; from tests.formats.word.samples import HOUSE, paper;"
        "from formulary.formats.word.policy import write_policy;"
        "print(hashlib.sha256(write_policy(paper(), HOUSE)).hexdigest())"
    )
    seen = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, check=True
        )
        seen.add(done.stdout)
    assert len(seen) == 1


def test_the_open_xml_sdk_finds_no_error(data: bytes, light: bytes, tmp_path: Path) -> None:
    paths = [tmp_path / "policy.docx", tmp_path / "light.docx", HOUSE / "policy.docx"]
    for path, made in zip(paths, (data, light), strict=False):
        path.write_bytes(made)
    assert openxml_errors(paths) == {path: [] for path in paths}


@pytest.fixture(scope="module")
def pictured() -> bytes:
    """The sample policy with every diagram in its first clause."""
    plain = paper()
    section = plain.sections[0]
    shown = tuple(block for diagram in EVERY for block in diagram_blocks(diagram))
    clause = replace(section.clauses[0], blocks=(*blocks("Words."), *shown))
    sections = (replace(section, clauses=(clause,)), *plain.sections[1:])
    return write_policy(replace(plain, sections=sections), HOUSE)


def test_a_picture_has_its_description_and_fits_the_page(pictured: bytes) -> None:
    body = part(pictured, "word/document.xml")
    drawn = list(body.iter(f"{DRAWING}inline"))
    notes = [inline.find(f"{DRAWING}docPr") for inline in drawn]
    assert [note.get("descr") for note in notes] == [describe(diagram) for diagram in EVERY]
    assert [note.get("title") for note in notes] == [diagram.title for diagram in EVERY]
    assert len({note.get("id") for note in notes}) == len(EVERY)
    for inline in drawn:
        assert int(inline.find(f"{DRAWING}extent").get("cx")) / 635 <= 9638


def test_pictures_are_png_and_the_list_follows_each(pictured: bytes) -> None:
    images = [name for name in names(pictured) if name.startswith("word/media/")]
    assert [Path(name).suffix for name in images] == [".png"] * len(EVERY)
    body = part(pictured, "word/document.xml")
    for inline in body.iter(f"{DRAWING}inline"):
        paragraph = next(inline.iterancestors(w("p")))
        assert "Bullet" in style(paragraph.getnext()) or "Mark" in style(paragraph.getnext())
        assert "aption" in style(paragraph.getprevious())


def style(paragraph: Any) -> str:
    return str(paragraph.find(f"{w('pPr')}/{w('pStyle')}").get(w("val")))


def test_a_pictured_policy_is_valid_and_sane_in_size(pictured: bytes, tmp_path: Path) -> None:
    path = tmp_path / "pictured.docx"
    path.write_bytes(pictured)
    assert openxml_errors([path]) == {path: []}
    assert len(pictured) < 400_000
