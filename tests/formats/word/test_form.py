"""The blank form in Word: every control complete, every table marked, the same bytes each time."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from formulary.formats.word.form import write_blank
from formulary.formats.word.ooxml import NAMESPACES, bookmark_name, read_identity, w
from formulary.problems import OutputError
from formulary.returns.submission import Identity
from tests.checkers import tools
from tests.checkers.openxml import openxml_errors
from tests.formats.word.samples import (
    HARD,
    HOUSE,
    MORE,
    STAMP,
    TRAP,
    blank,
    controls,
    names,
    part,
    value,
    words,
)

ROOT = HOUSE.parents[1]


@pytest.fixture(scope="module")
def data() -> bytes:
    return write_blank(blank(), HOUSE)


@pytest.fixture(scope="module")
def body(data: bytes) -> Any:
    return part(data, "word/document.xml")


def test_every_question_has_its_control_in_order(body: Any) -> None:
    assert list(controls(body)) == [question.id for question in blank().questions()]


def test_titles_and_numbers_are_unique_and_controls_locked(body: Any) -> None:
    found = controls(body).values()
    for path in ("w:sdtPr/w:alias", "w:sdtPr/w:id"):
        assert len({value(control, path) for control in found}) == len(found)
    assert {value(control, "w:sdtPr/w:lock") for control in found} == {"sdtLocked"}


def test_controls_stand_inside_paragraphs(body: Any) -> None:
    assert {control.getparent().tag for control in controls(body).values()} == {w("p")}


def test_a_bookmark_with_the_id_holds_each_control_and_nothing_else(body: Any) -> None:
    ids: list[str] = []
    for id, control in controls(body).items():
        start, end = control.getprevious(), control.getnext()
        assert (start.tag, end.tag) == (w("bookmarkStart"), w("bookmarkEnd"))
        assert start.get(w("name")) == bookmark_name(id) == id
        assert start.get(w("id")) == end.get(w("id"))
        ids.append(start.get(w("id")))
    assert len(set(ids)) == len(ids)


KINDS = {
    "text": "w:text",
    "multiline": "w:text",
    "date": "w:date",
    "choice": "w:dropDownList",
    "checkbox": "w14:checkbox",
}


def test_each_kind_of_question_has_its_kind_of_control(body: Any) -> None:
    found = controls(body)
    for question in blank().questions():
        kind = found[question.id].find(f"w:sdtPr/{KINDS[question.kind]}", NAMESPACES)
        if "\n" in question.value:
            assert kind is None  # A rich text control, whose lines LibreOffice keeps.
            continue
        assert kind is not None
        if question.kind in ("text", "multiline"):
            assert kind.get(w("multiLine")) == ("1" if question.kind == "multiline" else None)


def test_an_empty_control_shows_its_placeholder(body: Any) -> None:
    empty = controls(body)["cycle_to"]
    assert empty.find("w:sdtPr/w:showingPlcHdr", NAMESPACES) is not None
    assert words(empty) == "dd/mm/yyyy"
    assert value(empty, ".//w:rStyle") == "PlaceholderText"


def test_prefilled_values_stand_as_text(body: Any) -> None:
    found = controls(body)
    for id in ("reviewee", "cycle_from", "stage", "notes"):
        assert found[id].find("w:sdtPr/w:showingPlcHdr", NAMESPACES) is None
        assert value(found[id], ".//w:rStyle") is None
    assert words(found["reviewee"]) == words(found["stage"]) == HARD
    assert words(found["notes"]) == "One\nTwo"
    day = found["cycle_from"].find("w:sdtPr/w:date", NAMESPACES)
    assert (words(found["cycle_from"]), day.get(w("fullDate"))) == (
        "01/09/2026",
        "2026-09-01T00:00:00Z",
    )


def test_a_check_box_has_its_state_and_its_glyph(body: Any) -> None:
    states = {
        id: (control.find("w:sdtPr/w14:checkbox/w14:checked", NAMESPACES).values(), words(control))
        for id, control in controls(body).items()
        if id in ("checked", "standards_1_met")
    }
    assert states == {"checked": (["1"], "☒"), "standards_1_met": (["0"], "☐")}


def test_a_choice_offers_no_answer_first_then_its_options(body: Any) -> None:
    items = controls(body)["stage"].findall(".//w:listItem", NAMESPACES)
    assert [item.get(w("value")) for item in items] == [
        "Choose an item",
        "M1-M2",
        HARD,
        *MORE,
    ]
    assert [item.get(w("displayText")) for item in items] == [None, "M1-M2", HARD, *MORE]


def test_texts_are_never_templates(body: Any) -> None:
    text = words(body)
    assert text.count(TRAP) == 3
    assert "49" not in text


def test_forbidden_characters_do_not_tear_a_paragraph() -> None:
    made = blank()
    torn = replace(made, title="One\a\fTwo", notice="")
    found = part(write_blank(torn, HOUSE), "word/document.xml")
    titles = [p for p in found.iter(w("p")) if value(p, "w:pPr/w:pStyle") == "Title"]
    assert [words(title) for title in titles] == ["OneTwo"]


def test_tables_are_named_and_grids_repeat_their_headers(body: Any) -> None:
    tables = list(body.iter(w("tbl")))
    captions = [value(table, "w:tblPr/w:tblCaption") for table in tables]
    assert len(set(captions)) == len(tables)
    assert all(value(table, "w:tblPr/w:tblDescription") for table in tables)
    heads = [table for table in tables if table.find(".//w:tblHeader", NAMESPACES) is not None]
    assert [value(table, "w:tblPr/w:tblCaption") for table in heads] == ["Objectives", "Standards"]
    rows = list(body.iter(w("tr")))
    split = [row for row in rows if row.find("w:trPr/w:cantSplit", NAMESPACES) is None]
    # what may be long goes on where a page ends; all else is on one page
    assert split and len(split) < len(rows)
    long = {question.id for question in blank().questions() if question.lines > 1}
    assert {str(tag.get(w("val"))) for row in split for tag in row.iter(w("tag"))} <= long
    assert not any(row in table.iter(w("tr")) for row in split for table in heads)
    # tables of data have no merged cells; only those that set answers out on the page do
    assert [table for table in heads if table.find(".//w:gridSpan", NAMESPACES) is not None] == []
    assert body.find(".//w:vMerge", NAMESPACES) is None


def test_widths_fill_the_page(body: Any) -> None:
    for table in body.iter(w("tbl")):
        grid = [int(column.get(w("w"))) for column in table.iter(w("gridCol"))]
        assert sum(grid) == 9638
        for row in table.iter(w("tr")):
            assert sum(int(cell.get(w("w"))) for cell in row.iter(w("tcW"))) == 9638
            spans = [cell.find("w:tcPr/w:gridSpan", NAMESPACES) for cell in row.iter(w("tc"))]
            assert sum(1 if one is None else int(one.get(w("val"))) for one in spans) == len(grid)


def test_questions_that_belong_together_share_a_row(body: Any) -> None:
    rows = [[tag.get(w("val")) for tag in row.iter(w("tag"))] for row in body.iter(w("tr"))]
    assert ["cycle_from", "cycle_to"] in rows
    assert ["signed", "signed_date"] in rows
    assert ["stage", "level"] in rows


def test_rows_are_as_high_as_the_answer_expected(body: Any) -> None:
    row = next(controls(body)["notes"].iterancestors(w("tr")))
    height = row.find("w:trPr/w:trHeight", NAMESPACES)
    assert height.get(w("hRule")) == "atLeast"
    assert int(height.get(w("val"))) > 4 * 250


def test_the_document_says_its_language_title_and_stamp(data: bytes) -> None:
    language = part(data, "word/styles.xml").find(".//w:rPrDefault//w:lang", NAMESPACES)
    assert language.get(w("val")) == "en-GB"
    core = part(data, "docProps/core.xml")
    texts = {node.tag.rpartition("}")[2]: node.text for node in core}
    assert texts["title"] == blank().title
    assert texts["created"] == texts["modified"] == "2026-01-01T00:00:00Z"
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert read_identity(package.read("docProps/custom.xml")) == Identity(STAMP)


def test_no_protection_no_macro_no_template_left(data: bytes) -> None:
    settings = part(data, "word/settings.xml")
    assert settings.find(".//w:documentProtection", NAMESPACES) is None
    assert not [name for name in names(data) if "vba" in name.lower()]
    for name in names(data):
        if name.startswith("word/") and name.endswith(".xml"):
            text = words(part(data, name)).replace(TRAP, "")
            assert "{{" not in text
            assert "{%" not in text


def test_headers_and_footers_say_what_the_paper_is(data: bytes) -> None:
    heads = [words(part(data, n)) for n in names(data) if n.startswith("word/header")]
    feet = [part(data, n) for n in names(data) if n.startswith("word/footer")]
    assert any(HARD in head and "Confidential" in head for head in heads)
    assert any(TRAP in head and "Confidential" in head for head in heads)
    for foot in feet:
        codes = [code.text.strip() for code in foot.iter(w("instrText"))]
        assert codes == ["PAGE", "NUMPAGES"]
        assert STAMP.code in words(foot)
        assert "2026-27" in words(foot)


def test_the_accent_is_the_colour_of_the_organisation(data: bytes) -> None:
    styles = part(data, "word/styles.xml")
    themed = styles.findall(f".//*[@{w('themeColor')}='accent1']")
    assert themed
    assert {node.get(w("val" if node.tag == w("color") else "color")) for node in themed} == {
        "7A1F4B"
    }


def test_a_restyled_house_document_restyles_the_form(tmp_path: Path) -> None:
    shutil.copytree(HOUSE, tmp_path / "house")
    own = tmp_path / "house" / "form.docx"
    with zipfile.ZipFile(HOUSE / "form.docx") as source, zipfile.ZipFile(own, "w") as target:
        for name in source.namelist():
            target.writestr(
                name, source.read(name).replace(b'w:ascii="Arial"', b'w:ascii="Verdana"')
            )
    styles = part(write_blank(blank(), own.parent), "word/styles.xml")
    assert styles.find(".//w:rPrDefault//w:rFonts", NAMESPACES).get(w("ascii")) == "Verdana"


def test_a_missing_or_broken_house_document_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"form\.docx"):
        write_blank(blank(), tmp_path)
    (tmp_path / "form.docx").write_bytes(b"not a zip")
    with pytest.raises(OutputError, match=r"form\.docx"):
        write_blank(blank(), tmp_path)


@pytest.mark.parametrize(("id", "wrong"), [("stage", "M9"), ("cycle_from", "2026-09-01")])
def test_a_value_that_does_not_fit_is_refused(id: str, wrong: str) -> None:
    made = blank()
    first = made.parts[0]
    questions = tuple(replace(q, value=wrong) if q.id == id else q for q in first.questions)
    with pytest.raises(ValueError, match=wrong):
        write_blank(replace(made, parts=(replace(first, questions=questions),)), HOUSE)


def test_bytes_do_not_hang_on_hash_order(data: bytes) -> None:
    code = (
        "import hashlib; from tests.formats.word.samples import HOUSE, blank;"
        "from formulary.formats.word.form import write_blank;"
        "print(hashlib.sha256(write_blank(blank(), HOUSE)).hexdigest())"
    )
    assert len({_output(code, seed) for seed in ("1", "2")}) == 1


def _output(code: str, seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_the_open_xml_sdk_finds_no_error(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "form.docx"
    path.write_bytes(data)
    assert openxml_errors([path, HOUSE / "form.docx"]) == {path: [], HOUSE / "form.docx": []}


def test_libreoffice_keeps_bookmarks_values_and_stamp(data: bytes, tmp_path: Path) -> None:
    soffice = tools.program("soffice", "apt-get install libreoffice-writer-nogui")
    (tmp_path / "form.docx").write_bytes(data)
    saved = tmp_path / "saved"
    profile = (tmp_path / "profile").as_uri()
    command = [soffice, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "docx"]
    subprocess.run(
        [*command, "--outdir", saved, tmp_path / "form.docx"],
        check=True,
        capture_output=True,
        timeout=120,
    )
    again = (saved / "form.docx").read_bytes()
    kept = bookmarked(part(again, "word/document.xml"))
    assert list(kept) == [question.id for question in blank().questions()]
    wanted = {"reviewee": HARD, "cycle_from": "01/09/2026", "stage": HARD, "checked": "☒"}
    assert {id: kept[id] for id in wanted} == wanted
    with zipfile.ZipFile(saved / "form.docx") as package:
        assert read_identity(package.read("docProps/custom.xml")) == Identity(STAMP)


def bookmarked(body: Any) -> dict[str, str]:
    """The words between the ends of each bookmark, wherever LibreOffice has put the ends."""
    open_marks: dict[str, str] = {}
    found: dict[str, str] = {}
    for node in body.iter(w("bookmarkStart"), w("bookmarkEnd"), w("t")):
        if node.tag == w("bookmarkStart"):
            open_marks[node.get(w("id"))] = node.get(w("name"))
            found[node.get(w("name"))] = ""
        elif node.tag == w("bookmarkEnd"):
            open_marks.pop(node.get(w("id")), None)
        else:
            for name in open_marks.values():
                found[name] += node.text or ""
    return found
