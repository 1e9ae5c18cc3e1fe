"""An organisation's own form in Word: joined, stamped and filled; what does not fit is named."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from markupsafe import escape

from formulary.content.form import OwnTemplates
from formulary.content.source import read_document
from formulary.documents.blank import Blank, Part, Question
from formulary.edition.text import blocks
from formulary.formats.word.form import preflight, write_blank
from formulary.formats.word.ooxml import NAMESPACES, read_identity, w
from formulary.formats.word.prefill import prepare
from formulary.problems import ContentError, Problem
from formulary.returns.submission import Identity
from tests.checkers import tools
from tests.checkers.fill_word import fill_with_libreoffice, read_word_fields
from tests.checkers.openxml import openxml_errors
from tests.checkers.render import docx_to_pdf, pdf_text
from tests.formats.word.samples import HOUSE, STAMP, blank, controls, part, value, words
from tests.formats.word.test_prefill import properties

SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
)
NOTICE = "A worked example."


def asked() -> Blank:
    """A short form with one question of each kind."""
    questions = (
        Question("name", "Name", "Name", "text"),
        Question("day", "Day", "Day", "date"),
        Question("level", "Level", "Level", "choice", options=("Green", "Blue")),
        Question("agreed", "Agreed", "Agreed", "checkbox"),
        Question("notes", "Notes", "Notes", "multiline"),
    )
    return Blank(
        id="review",
        title="Review",
        organisation="The Trust",
        edition="2026-27",
        marking="",
        notice=NOTICE,
        guidance=(),
        parts=(Part("about", "About", (), questions, None),),
        stamp=STAMP,
        colour="#7a1f4b",
    )


def joined(**entries: str) -> Blank:
    return replace(asked(), own=OwnTemplates(word=entries))


KINDS = {
    "text": "<w:text/>",
    "rich": "",
    "date": '<w:date><w:dateFormat w:val="d MMMM yyyy"/></w:date>',
    "list": "<w:dropDownList>{items}</w:dropDownList>",
    "combo": "<w:comboBox>{items}</w:comboBox>",
    "box": '<w14:checkbox><w14:checked w14:val="0"/></w14:checkbox>',
    "picture": "<w:picture/>",
}


def control(
    tag: str = "",
    kind: str = "text",
    *,
    title: str = "",
    items: tuple[str, ...] = (),
    around: str = "{run}",
    look: str = "",
) -> Any:
    """A content control as Word writes it; `around` is what it holds beside its run."""
    listed = "".join(f'<w:listItem w:displayText="{i}" w:value="{i}"/>' for i in items)
    named = f'<w:alias w:val="{escape(title)}"/>' if title else ""
    tagged = f'<w:tag w:val="{escape(tag)}"/>' if tag else ""
    run = '<w:r><w:rPr><w:rStyle w:val="Platzhaltertext"/></w:rPr><w:t>Klicken</w:t></w:r>'
    return parse_xml(
        f"<w:sdt {SPACES}><w:sdtPr>{look}{named}{tagged}<w:showingPlcHdr/>"
        f"{KINDS[kind].format(items=listed)}</w:sdtPr>"
        f"<w:sdtContent>{around.format(run=run)}</w:sdtContent></w:sdt>"
    )


FITTING = {"name": "text", "day": "date", "level": "list", "agreed": "box", "notes": "rich"}


def own_document(**others: Any) -> Document:
    """A document with a control for every question of `asked`; `others` stand in their places.

    A string is another tag, None leaves the control out.
    """
    document = docx.Document()
    document.add_heading("Our own review", 1)
    for id, kind in FITTING.items():
        made = others.get(id, id)
        paragraph = document.add_paragraph(f"Our {id}: ")
        if made is not None:
            paragraph._p.append(control(made, kind) if isinstance(made, str) else made)
    return document


Save = Callable[[Document], Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Puts a document beside the house as the form's own; gives the house."""
    house = tmp_path / "forms" / "house"
    house.mkdir(parents=True)

    def saved(document: Document) -> Path:
        document.save(str(house.parent / "review.docx"))
        return house

    return saved


def body_of(data: bytes) -> Any:
    return part(data, "word/document.xml")


def said(problems: tuple[Problem, ...], code: str = "own-template") -> list[str]:
    assert all(problem.fix for problem in problems)
    return [problem.message for problem in problems if problem.kind.code == code]


VALUES = {
    "name": "Łucja & <Ó>",
    "day": "31/10/2026",
    "level": "Blue",
    "agreed": "yes",
    "notes": "One\nTwo",
}


def test_an_own_document_becomes_the_form(save: Save, tmp_path: Path) -> None:
    house = save(own_document())
    assert preflight(asked(), house) == ()
    data = write_blank(asked(), house)
    assert data == write_blank(asked(), house)
    assert "Our own review" in words(body_of(data))
    assert read_identity(properties(data)) == Identity(STAMP)
    found = controls(body_of(data))
    assert list(found) == list(FITTING)
    for id, made in found.items():
        assert value(made, "w:sdtPr/w:lock") == "sdtLocked"
        assert made.getprevious().get(w("name")) == id
        assert made.getnext().tag == w("bookmarkEnd")
    assert [value(made, "w:sdtPr/w:alias") for made in found.values()] == [
        question.title for question in asked().questions()
    ]
    items = found["level"].findall(".//w:listItem", NAMESPACES)
    assert [item.get(w("displayText")) for item in items] == [None, "Green", "Blue"]
    path = tmp_path / "review.docx"
    path.write_bytes(data)
    assert openxml_errors([path]) == {path: []}


def test_an_own_document_is_filled_like_any_other(save: Save, tmp_path: Path) -> None:
    data = write_blank(asked(), save(own_document()))
    path = tmp_path / "copy.docx"
    path.write_bytes(prepare(data, asked()).fill(VALUES, "1"))
    assert read_word_fields(path) == {**VALUES, "agreed": True}
    (made,) = docx_to_pdf([path], tmp_path / "pdf")
    shown = pdf_text(made)
    for text in ("Our own review", "Łucja & <Ó>", "31/10/2026", STAMP.code, NOTICE):
        assert text in shown


def test_others_can_fill_an_own_document(save: Save, tmp_path: Path) -> None:
    path, out = tmp_path / "blank.docx", tmp_path / "out.docx"
    path.write_bytes(write_blank(asked(), save(own_document())))
    fill_with_libreoffice(path, {**VALUES, "agreed": True}, out)
    assert read_word_fields(out) == {**VALUES, "agreed": True}


def test_controls_are_joined_by_tag_or_by_title(save: Save) -> None:
    house = save(own_document(name="Full Name", day=control("", "date", title="When & where")))
    mapped = replace(asked(), own=OwnTemplates(word={"Full Name": "name", "When & where": "day"}))
    found = controls(body_of(write_blank(mapped, house)))
    assert set(found) == set(FITTING)
    assert [p.text for p in docx.Document(house.parent / "review.docx").paragraphs][
        1
    ] == "Our name: "
    assert value(found["day"], "w:sdtPr/w:alias") == "Day"
    assert words(next(found["day"].iterancestors(w("p")))) == "Our day: dd/mm/yyyy"


def test_a_control_around_a_paragraph_or_a_cell_moves_into_it(save: Save) -> None:
    document = own_document(name=None, notes=None)
    heading = '<w:p><w:pPr><w:jc w:val="right"/></w:pPr>{run}</w:p>'
    document.element.body[0].addnext(control("name", around=heading))
    table = document.add_table(1, 2)
    cell = table.cell(0, 1)._tc
    width = '<w:tc><w:tcPr><w:tcW w:w="2000" w:type="dxa"/></w:tcPr><w:p>{run}</w:p></w:tc>'
    cell.getparent().replace(cell, control("notes", "rich", around=width))
    house = save(document)
    assert preflight(asked(), house) == ()
    data = write_blank(asked(), house)
    found = controls(body_of(data))
    for id in ("name", "notes"):
        assert found[id].getparent().tag == w("p")
        assert found[id].find("w:sdtContent/w:r", NAMESPACES) is not None
    assert value(found["name"].getparent(), "w:pPr/w:jc") == "right"
    copy = prepare(data, asked()).fill(VALUES, "1")
    opened = docx.Document(io.BytesIO(copy))
    assert len(opened.tables[0].rows[0].cells) == 2


def test_answers_look_as_the_control_says_and_not_as_a_placeholder(save: Save) -> None:
    bold = "<w:rPr><w:b/></w:rPr>"
    data = write_blank(asked(), save(own_document(name=control("name", look=bold))))
    found = controls(body_of(prepare(data, asked()).fill(VALUES, "1")))
    assert found["name"].find("w:sdtContent/w:r/w:rPr/w:b", NAMESPACES) is not None
    assert found["notes"].find(".//w:rStyle", NAMESPACES) is None
    known = replace(asked().parts[0].questions[0], value="Known before")
    first = replace(asked().parts[0], questions=(known, *asked().parts[0].questions[1:]))
    prefilled = write_blank(replace(asked(), parts=(first,)), save(own_document()))
    shown = controls(body_of(prefilled))["name"]
    assert words(shown) == "Known before"
    assert shown.find(".//w:rStyle", NAMESPACES) is None
    styles = part(data, "word/styles.xml").iterfind("w:style", NAMESPACES)
    assert "PlaceholderText" in [style.get(w("styleId")) for style in styles]


def test_a_template_with_names_in_curly_brackets_gets_the_form(save: Save) -> None:
    house = save(docx.Document(str(HOUSE / "form.docx")))
    document = docx.Document(str(house.parent / "review.docx"))
    document.add_paragraph("Our own last words on {{ title }}")
    house = save(document)
    made = blank()
    assert preflight(made, house) == ()
    data = write_blank(made, house)
    assert list(controls(body_of(data))) == [question.id for question in made.questions()]
    assert f"Our own last words on {made.title}" in words(body_of(data))
    assert body_of(data).find(".//w:bookmarkStart", NAMESPACES) is not None


def test_the_words_around_a_control_are_the_document_s_own(save: Save) -> None:
    letter = blocks("We [agreed](field:agreed) this.")
    made = replace(asked(), parts=(replace(asked().parts[0], letter=letter),))
    found = controls(body_of(write_blank(made, save(own_document()))))
    assert words(next(found["agreed"].iterancestors(w("p")))) == "Our agreed: ☐"


def test_the_stamp_is_printed_once(save: Save) -> None:
    document = own_document()
    document.sections[0].footer.add_paragraph("Our footer")
    house = save(document)
    data = write_blank(asked(), house)
    opened = docx.Document(io.BytesIO(data))
    lines = [paragraph.text for paragraph in opened.sections[0].footer.paragraphs]
    assert "Our footer" in lines
    assert sum(STAMP.code in line for line in lines) == 1
    assert sum(NOTICE in paragraph.text for paragraph in opened.paragraphs) == 1
    document.add_paragraph("{{ title }}")
    opened = docx.Document(io.BytesIO(write_blank(asked(), save(document))))
    lines = [paragraph.text for paragraph in opened.sections[0].footer.paragraphs]
    assert sum(STAMP.code in line for line in lines) == 1
    document.sections[0].footer.add_paragraph("{{ stamp }}")
    document.add_paragraph("{{ notice }}")
    opened = docx.Document(io.BytesIO(write_blank(asked(), save(document))))
    lines = [paragraph.text for paragraph in opened.sections[0].footer.paragraphs]
    assert sum(STAMP.code in line for line in lines) == 1
    assert sum(NOTICE in paragraph.text for paragraph in opened.paragraphs) == 1


def test_bookmarks_of_the_document_stay_and_clash_with_none(save: Save) -> None:
    document = own_document()
    for number, name in (("1", "our_mark"), ("7", "name")):
        start = f'<w:bookmarkStart {SPACES} w:id="{number}" w:name="{name}"/>'
        end = f'<w:bookmarkEnd {SPACES} w:id="{number}"/>'
        document.paragraphs[0]._p.append(parse_xml(start))
        document.paragraphs[0]._p.append(parse_xml(end))
    marks = list(body_of(write_blank(asked(), save(document))).iter(w("bookmarkStart")))
    assert sorted(mark.get(w("name")) for mark in marks) == sorted([*FITTING, "our_mark"])
    assert len({mark.get(w("id")) for mark in marks}) == len(marks)


FAULTS: Mapping[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "question without control": ({"day": None}, ("“Day”",)),
    "one tag twice": ({"notes": "name"}, ("“name” near “Our notes:”", "“Notes”")),
    "text for a check box": ({"agreed": control("agreed")}, ("text control", "“Agreed”")),
    "date for a text": ({"name": control("name", "date")}, ("date control", "“Name”")),
    "check box for a date": ({"day": control("day", "box")}, ("check box control", "“Day”")),
    "picture": ({"notes": control("notes", "picture")}, ("picture control", "“Notes”")),
    "list without our options": (
        {"level": control("level", "combo", items=("Green", "Red"))},
        ("lacks “Blue”", "offers “Red”"),
    ),
    "several paragraphs": (
        {"notes": control("notes", "rich", around="<w:p>{run}</w:p><w:p>{run}</w:p>")},
        ("within one paragraph",),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_does_not_fit_is_named(fault: str, save: Save) -> None:
    others, wanted = FAULTS[fault]
    house = save(own_document(**others))
    problems = preflight(asked(), house)
    found = said(problems)
    assert len(found) == (len(wanted) if len(wanted) > 1 and fault[:3] in ("one", "lis") else 1)
    for text in wanted:
        assert any(text in message for message in found), found
    assert {problem.place.file for problem in problems} == {Path("forms/review.docx")}
    with pytest.raises(ContentError):
        write_blank(asked(), house)


def test_every_fault_is_named_at_once(save: Save) -> None:
    house = save(own_document(name=None, day=None, agreed=control("agreed"), notes="level"))
    assert len(said(preflight(joined(nothing="level"), house))) == 6


def test_entries_that_lead_nowhere_are_named_with_their_line(save: Save, tmp_path: Path) -> None:
    house = save(own_document(name="Full name"))
    path = tmp_path / "review.yaml"
    path.write_text(
        "id: review\nown-templates:\n  word:\n    Ful name: name\n    Full name: nama\n",
        encoding="utf-8",
    )
    form, _ = read_document(path, Path("forms/review.yaml"))
    mapped = replace(asked(), own=OwnTemplates(word={"Ful name": "name", "Full name": "nama"}))
    found = {
        p.place.line: (p.message, p.fix) for p in preflight(mapped, house, form) if p.place.line
    }
    assert "“Ful name”" in found[4][0] and "“Full name”" in found[4][1]
    assert "“nama”" in found[5][0] and "“name”" in found[5][1]
    assert said(preflight(mapped, house, form))[0].startswith("No control is joined")


def test_a_control_of_no_question_is_only_a_warning(save: Save) -> None:
    document = own_document()
    document.add_paragraph("For the office ")._p.append(control("office_only", title="Office"))
    house = save(document)
    (message,) = said(preflight(asked(), house), "own-template-loose")
    assert "“Office” near “For the office”" in message
    assert "office_only" in controls(body_of(write_blank(asked(), house)))


def test_old_form_fields_and_protection_are_warned_of(save: Save) -> None:
    document = own_document()
    field = f'<w:r {SPACES}><w:fldChar w:fldCharType="begin"><w:ffData/></w:fldChar></w:r>'
    document.add_paragraph()._p.append(parse_xml(field))
    guard = f'<w:documentProtection {SPACES} w:edit="forms" w:enforcement="1"/>'
    document.settings.element.append(parse_xml(guard))
    found = said(preflight(asked(), save(document)), "own-template-loose")
    assert [("older kind" in text, "protected" in text) for text in found] in (
        [(True, False), (False, True)],
        [(False, True), (True, False)],
    )


def test_a_control_in_a_text_box_is_named_once(save: Save) -> None:
    document = own_document(name=None)
    inner = "<w:txbxContent><w:p/></w:txbxContent>"
    box = parse_xml(
        f'<w:r {SPACES} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:AlternateContent><mc:Choice>{inner}</mc:Choice>"
        f"<mc:Fallback>{inner}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    for paragraph in box.iter(w("p")):
        paragraph.append(control("name"))
    document.add_paragraph()._p.append(box)
    (message,) = said(preflight(asked(), save(document)))
    assert "within one paragraph" in message


@pytest.mark.parametrize("broken", [b"", b"PK\3\4 and no more", b"\xd0\xcf\x11\xe0 a password"])
def test_a_document_that_cannot_be_opened_is_named(broken: bytes, save: Save) -> None:
    house = save(own_document())
    (house.parent / "review.docx").write_bytes(broken)
    (problem,) = preflight(asked(), house)
    assert problem.place.file == Path("forms/review.docx")
    assert "not a Word document" in problem.message


def test_a_template_that_cannot_be_read_is_named(save: Save) -> None:
    document = own_document()
    document.add_paragraph("{{ nothing_like_it }}")
    (problem,) = preflight(asked(), save(document))
    assert "nothing_like_it" in problem.message


def test_a_form_without_an_own_document_has_no_problem(tmp_path: Path) -> None:
    assert preflight(asked(), tmp_path / "forms" / "house") == ()


def test_a_document_saved_by_libreoffice_works(save: Save, tmp_path: Path) -> None:
    soffice = tools.program("soffice", "apt-get install libreoffice-writer-nogui")
    house = save(own_document())
    whole = tmp_path / "whole"
    whole.mkdir()
    (whole / "review.docx").write_bytes(write_blank(asked(), house))
    profile = (tmp_path / "profile").as_uri()
    tools.run(
        [
            soffice,
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            "docx",
            "--outdir",
            str(house.parent),
            str(whole / "review.docx"),
        ]
    )
    shutil.rmtree(whole)
    assert preflight(asked(), house) == ()
    data = write_blank(asked(), house)
    assert list(controls(body_of(data))) == list(FITTING)
    path = tmp_path / "copy.docx"
    path.write_bytes(prepare(data, asked()).fill(VALUES, "1"))
    assert read_word_fields(path) == {**VALUES, "agreed": True}
    theirs, ours = openxml_errors([house.parent / "review.docx", path]).values()
    assert {error.partition(": ")[2] for error in ours} <= {
        error.partition(": ")[2] for error in theirs
    }
