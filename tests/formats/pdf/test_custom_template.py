"""An organisation's own PDF as a form: what is joined, what is named, what others make of it."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from formulary.content.form import OwnTemplates
from formulary.documents.blank import Blank, Part, Question
from formulary.formats.pdf import conventions
from formulary.formats.pdf.custom_template import adapt_template, find_barriers
from formulary.formats.pdf.form import preflight, write_blank
from formulary.formats.pdf.prefill import prepare
from formulary.problems import ContentError, Problem
from formulary.returns.submission import Identity
from tests.checkers import tools
from tests.checkers.fill_pdf import (
    fill_with_pdfium,
    fill_with_pdfjs,
    fill_with_pdflib,
)
from tests.checkers.render import fields_shown, pdf_text
from tests.checkers.verapdf import pdfua_failures
from tests.formats.pdf.samples import HARD, STAMP, sample_blank
from tests.helpers import ROOT

HOUSE = ROOT / "forms" / "house"
FILE = Path("forms/sample-form.pdf")

QUESTIONS = (
    Question("name", "Name of reviewee", "Name", "text", required=True),
    Question("starts", "Cycle from", "Cycle from", "date", value="01/09/2026"),
    Question("notes", "Notes", "Notes", "multiline", lines=5),
    Question("stage", "Career stage", "Stage", "choice", options=("M1", "M2")),
    Question("rating", "Rating", "Rating", "choice", options=("Good", "Needs work & help")),
    Question("pay", "Pay level", "Pay", "text", format="money"),
    Question("code", "Payroll number", "Number", "text"),
    Question("agreed", "I agree", "I agree", "checkbox"),
)
MAP = {
    "Form.Header.Full Name": "name",
    "Form.Start": "starts",
    "Notizen": "notes",
    "Stage": "stage",
    "Group1": "rating",
    "Pay": "pay",
    "Payroll": "code",
    "Check Box 7": "agreed",
}
BUTTONS = {"rating": {"Choice1": "Good", "Choice2": "Needs work & help"}}
VALUES = {
    "name": HARD,
    "starts": "02/09/2026",
    "notes": "First.\n\nΤρίτη – “curly”.",
    "stage": "M2",
    "rating": "Needs work & help",
    "pay": "45,000.50",
    "code": "A12345",
    "agreed": "yes",
}


def own_blank(questions: tuple[Question, ...] = QUESTIONS, **joined: Any) -> Blank:
    """A form with these questions, joined to the fields of `their_pdf` unless told otherwise."""
    own = OwnTemplates(**{"pdf": MAP, "pdf_buttons": BUTTONS, **joined})
    part = Part("header", "Whose review this is", (), questions, None)
    return replace(sample_blank(), parts=(part,), own=own)


class Their:
    """A PDF form as many programs make it: Helvetica, any names, any states, no tags."""

    def __init__(self) -> None:
        self.pikepdf = tools.python_module("pikepdf", "pip install pikepdf")
        pdf = self.pdf = self.pikepdf.new()
        self.page = pdf.add_blank_page(page_size=(595, 842))
        self.page.Annots = pdf.make_indirect(self.pikepdf.Array())
        helvetica = self.dictionary(Type="/Font", Subtype="/Type1", BaseFont="/Helvetica")
        self.form = self.dictionary(
            Fields=self.pikepdf.Array(),
            DA=self.pikepdf.String("/Helv 0 Tf 0 g"),
            DR=self.dictionary(Font=self.dictionary(Helv=helvetica)),
            NeedAppearances=True,
        )
        pdf.Root.AcroForm = pdf.make_indirect(self.form)
        self.form = pdf.Root.AcroForm

    def dictionary(self, **entries: Any) -> Any:
        named = {
            key: self.pikepdf.Name(value)
            if isinstance(value, str) and value.startswith("/")
            else value
            for key, value in entries.items()
        }
        return self.pikepdf.Dictionary(**named)

    def group(self, name: str, above: Any = None, **facts: Any) -> Any:
        """A field with fields or widgets below it."""
        made = self.pdf.make_indirect(
            self.dictionary(T=self.pikepdf.String(name), Kids=self.pikepdf.Array(), **facts)
        )
        self.hang(made, above)
        return made

    def hang(self, made: Any, above: Any) -> None:
        if above is None:
            self.form.Fields.append(made)
        else:
            made.Parent = above
            above.Kids.append(made)

    def field(
        self, name: str | None, box: tuple[float, ...], above: Any = None, **facts: Any
    ) -> Any:
        """A widget on the page, which is a field too where it has a name."""
        made = self.pdf.make_indirect(
            self.dictionary(
                Type="/Annot", Subtype="/Widget", Rect=list(box), F=4, P=self.page.obj, **facts
            )
        )
        if name is not None:
            made.T = self.pikepdf.String(name)
        self.hang(made, above)
        self.page.Annots.append(made)
        return made

    def button(
        self, name: str | None, box: tuple[float, ...], state: str, above: Any = None, **facts: Any
    ) -> Any:
        states = self.pikepdf.Dictionary()
        for key, content in ((state, b"0 0 10 10 re f"), ("Off", b"0 0 10 10 re S")):
            states[f"/{key}"] = self.pdf.make_stream(
                content,
                Type=self.pikepdf.Name.XObject,
                Subtype=self.pikepdf.Name.Form,
                BBox=self.pikepdf.Array([0, 0, 10, 10]),
            )
        return self.field(name, box, above, AP=self.dictionary(N=states), AS="/Off", **facts)

    def saved(self, **options: Any) -> bytes:
        out = io.BytesIO()
        self.pdf.save(out, static_id=True, **options)
        return out.getvalue()


def their_form() -> Their:
    made = Their()
    string = made.pikepdf.String
    script = made.dictionary(S="/JavaScript", JS=string('AFDate_FormatEx("mm/dd/yyyy");'))
    form = made.group("Form", FT="/Tx")
    header = made.group("Header", form)
    name = made.group("Full Name", header, MaxLen=60)
    made.field(None, (50, 780, 300, 800), name)
    made.field(None, (320, 780, 545, 792), name)
    look = made.dictionary(BC=[0, 0, 0], BG=[0.95, 0.95, 1])
    made.field("Start", (50, 740, 150, 760), form, AA=made.dictionary(K=script), MK=look)
    made.field("Notizen", (50, 600, 300, 700), FT="/Tx", DA=string("/Helv 9 Tf 0 0 1 rg"))
    pairs = [[string("1"), string("M1")], [string("2"), string("M2")]]
    made.field("Stage", (320, 740, 420, 760), FT="/Ch", Ff=1 << 17, Opt=pairs, V=string("1"))
    group = made.group("Group1", FT="/Btn", Ff=(1 << 15) | (1 << 14))
    made.button(None, (320, 700, 332, 712), "Choice1", group)
    made.button(None, (350, 700, 362, 712), "Choice2", group)
    made.field("Pay", (320, 640, 420, 660), FT="/Tx", Q=2)
    made.field("Payroll", (320, 600, 440, 620), FT="/Tx", Ff=1 << 24, MaxLen=8)
    made.button("Check Box 7", (50, 560, 62, 572), "On", FT="/Btn")
    made.field("Office use", (50, 500, 300, 520), FT="/Tx", AA=made.dictionary(K=script))
    made.field("Print", (400, 500, 460, 520), FT="/Btn", Ff=1 << 16)
    made.form.CO = made.pikepdf.Array([form])
    return made


@pytest.fixture(scope="module")
def theirs() -> bytes:
    return their_form().saved()


@pytest.fixture
def house(theirs: bytes, tmp_path: Path) -> Path:
    """The folder of house templates, with the organisation's own PDF beside it."""
    (tmp_path / "sample-form.pdf").write_bytes(theirs)
    return tmp_path / "house"


def held(blank: Blank, values: dict[str, str]) -> dict[str, str | bool]:
    return {
        question.id: bool(value) if question.kind == "checkbox" else value
        for question in blank.questions()
        for value in [values.get(question.id) or question.value]
    }


def ours(path: Path, questions: tuple[Question, ...] = QUESTIONS) -> dict[str, str | bool]:
    """The fields that belong to questions; a group of buttons says its button's name."""
    found = PdfReader(path, strict=True).get_fields() or {}
    read: dict[str, str | bool] = {}
    for question in questions:
        value = str(found[question.id].get("/V", "")).replace("\r\n", "\n")
        if question.kind == "checkbox":
            read[question.id] = value != conventions.NOT_TICKED
        else:
            read[question.id] = conventions.option_of(value) if value.startswith("/") else value
    return read


def problems_of(document: bytes, blank: Blank) -> tuple[Problem, ...]:
    return adapt_template(document, blank, FILE)[1]


def test_the_own_pdf_becomes_the_blank(house: Path, tmp_path: Path) -> None:
    blank = own_blank()
    made = write_blank(blank, house)
    reader = PdfReader(io.BytesIO(made), strict=True)
    fields = reader.get_fields() or {}
    for question in QUESTIONS:
        field = fields[question.id]
        assert field["/TU"].startswith(question.title)
        assert bool(int(field["/Ff"]) & 2) is question.required
    assert fields["starts"]["/V"] == "01/09/2026"
    assert {"Office use", "Print"} <= set(fields)
    assert not set(MAP) & set(fields)
    info = {key: str(value) for key, value in (reader.metadata or {}).items()}
    assert conventions.read_identity(info) == Identity(STAMP)
    assert info["/Title"] == "Sample form, Sample Trust, 2026-27"
    form = reader.trailer["/Root"]["/AcroForm"]
    assert "/NeedAppearances" not in form
    text = str([f.get_object() for f in form["/Fields"]])
    assert "JavaScript" not in made.decode("latin-1") and "/AA" not in text


def test_a_copy_holds_and_shows_every_answer(house: Path, tmp_path: Path) -> None:
    blank = own_blank()
    path = tmp_path / "copy.pdf"
    prepared = prepare(write_blank(blank, house), blank)
    assert prepared.misfits(VALUES) == ()
    path.write_bytes(prepared.fill(VALUES, "p1"))
    assert ours(path) == held(blank, VALUES)
    shown = fields_shown(path)
    for question in QUESTIONS:
        if question.kind != "checkbox" and question.id not in ("rating", "code"):
            assert shown[question.id].split() == VALUES[question.id].split()
    assert "".join(shown["code"].split()) == "A12345"
    words = pdf_text(path)
    assert words.count(HARD) == 2  # the field has two boxes
    with tools.python_module("pikepdf", "pip install pikepdf").open(path) as document:
        assert document.check_pdf_syntax() == []
        (group,) = [f for f in document.Root.AcroForm.Fields if str(f.get("/T")) == "rating"]
        assert [str(kid.AS) for kid in group.Kids] == ["/Off", "/Needs work & help"]


def test_the_look_of_a_field_is_kept(house: Path) -> None:
    blank = own_blank()
    made = PdfReader(io.BytesIO(prepare(write_blank(blank, house), blank).fill(VALUES, "p1")))
    fields = {
        str(f.get_object().get("/T")): f.get_object()
        for f in made.trailer["/Root"]["/AcroForm"]["/Fields"]
    }
    drawn = {
        id: fields[id]["/AP"]["/N"].get_object().get_data().decode()
        for id in ("notes", "pay", "starts")
    }
    assert "/SourceSans 9 Tf 0 0 1 rg" in drawn["notes"]
    assert fields["notes"]["/DA"].endswith("/SourceSans 9 Tf 0 0 1 rg")
    start = float(re.search(r"Td ([\d.]+) 0 Td", drawn["pay"])[1])  # type: ignore[index]
    assert start > 45  # the amount stands at the right
    assert drawn["starts"].startswith("q 0.95 0.95 1 rg 0 0 100 20 re f")
    states = fields["agreed"]["/AP"]["/N"]
    assert {key: states[key].get_data() for key in states} == {
        "/Yes": b"0 0 10 10 re f",
        "/Off": b"0 0 10 10 re S",
    }


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_field_is_read_upright(turn: int, tmp_path: Path) -> None:
    """The page is shown turned, as a landscape scan is, and the field turned with it."""
    made = Their()
    made.page.Rotate = turn
    made.field(
        "name",
        (50, 200, 70, 500) if turn % 180 else (50, 200, 350, 220),
        FT="/Tx",
        MK=made.dictionary(R=turn),
    )
    (tmp_path / "sample-form.pdf").write_bytes(made.saved())
    blank = own_blank(QUESTIONS[:1], pdf={}, pdf_buttons={})
    path = tmp_path / "copy.pdf"
    path.write_bytes(
        prepare(write_blank(blank, tmp_path / "house"), blank).fill({"name": HARD}, "1")
    )
    assert pdf_text(path).strip() == HARD


@pytest.mark.parametrize("further", [fill_with_pdfium, fill_with_pdfjs, fill_with_pdflib])
def test_the_form_can_be_filled_elsewhere(
    further: Callable[..., None], house: Path, tmp_path: Path
) -> None:
    blank = own_blank()
    path, out = tmp_path / "blank.pdf", tmp_path / "out.pdf"
    path.write_bytes(write_blank(blank, house))
    values = {id: value for id, value in VALUES.items() if id != "rating"}
    further(path, {**values, "agreed": True}, out)
    assert ours(out) == held(blank, values)


def test_a_button_of_a_group_can_be_pressed_elsewhere(house: Path, tmp_path: Path) -> None:
    blank = own_blank()
    path, out = tmp_path / "copy.pdf", tmp_path / "out.pdf"
    path.write_bytes(prepare(write_blank(blank, house), blank).fill(VALUES, "p1"))
    fill_with_pdfium(path, {"rating": True}, out)  # a click on the first button
    assert ours(out)["rating"] == "Good"


def test_a_form_made_with_another_program_becomes_ours(tmp_path: Path) -> None:
    tools.node_module("@cantoo/pdf-lib")
    node = tools.program("node", "apt-get install nodejs")
    asked = ("name", "notes", "stage", "rating", "agreed")
    questions = tuple(question for question in QUESTIONS if question.id in asked)
    options = next(question.options for question in questions if question.id == "rating")
    order = {"out": str(tmp_path / "sample-form.pdf"), "options": options}
    tools.run([node, tools.HERE / "pdflib_form.mjs"], stdin=json.dumps(order))
    blank = own_blank(questions, pdf={f"person.{id}": id for id in asked}, pdf_buttons={})
    prepared = prepare(write_blank(blank, tmp_path / "house"), blank)
    values = {id: VALUES[id] for id in asked}
    path = tmp_path / "copy.pdf"
    path.write_bytes(prepared.fill(values, "p1"))
    assert ours(path, questions) == held(blank, values)
    assert set(PdfReader(path).get_fields() or {}) == set(asked)
    assert "curly" in pdf_text(path) and HARD in pdf_text(path)


def test_two_builds_are_the_same(house: Path) -> None:
    assert write_blank(own_blank(), house) == write_blank(own_blank(), house)


def test_what_is_left_is_said(theirs: bytes) -> None:
    problems = problems_of(theirs, own_blank())
    assert {problem.kind.severity for problem in problems} == {"warning"}
    said = [problem.message for problem in problems]
    assert len(said) == 3
    assert "“Office use” on page 1 belongs to no question" in said[0]
    assert "scripts" in said[1]
    assert "not tagged" in said[2]


def test_every_mistake_in_the_map_is_named(theirs: bytes, tmp_path: Path) -> None:
    wrong = {**MAP, "Notizzen": "notes", "Office use": "agreed", "Print": "nmae"}
    del wrong["Pay"]
    blank = own_blank(pdf=wrong, pdf_buttons={"rating": {"Choice1": "Good"}, "stge": {}})
    said = "\n".join(map(str, problems_of(theirs, blank)))
    for part in (
        "forms/sample-form.pdf has no field “Notizzen”",
        "Did you mean “Notizen”?",
        "“Print” is joined to “nmae”, which the form does not ask",
        "Did you mean “name”?",
        "“Office use” on page 1 is joined to “agreed”, and “Check Box 7” is too",
        "No field is joined to the question “Pay level”",
        "“Group1” on page 1 has no button for “Needs work & help”",
        "buttons for no choice of the form: “Choice2”",
        "“stge” is not a question of the form",
    ):
        assert part in said
    (tmp_path / "sample-form.pdf").write_bytes(theirs)
    found = preflight(blank, tmp_path / "house")
    with pytest.raises(ContentError) as caught:
        write_blank(blank, tmp_path / "house")
    assert caught.value.problems == found
    assert len(found) > 8
    assert {problem.place.file.suffix for problem in found} == {".pdf", ".yaml"}


def test_no_own_pdf_is_no_problem(tmp_path: Path) -> None:
    assert preflight(own_blank(), tmp_path / "house") == ()


def test_a_field_too_small_for_what_the_blank_knows_is_named() -> None:
    made = Their()
    made.field("starts", (50, 700, 60, 710), FT="/Tx")
    (problem, *_) = [
        found
        for found in problems_of(made.saved(), own_blank(QUESTIONS[1:2], pdf={}, pdf_buttons={}))
        if found.kind.severity == "error"
    ]
    assert "“Cycle from” is too small" in problem.message


def test_kinds_that_do_not_fit_are_named() -> None:
    made = Their()
    made.field("name", (50, 700, 200, 720), FT="/Sig")
    made.field("starts", (50, 660, 200, 680), FT="/Tx", MaxLen=8)
    made.field("notes", (50, 600, 200, 640), FT="/Btn", Ff=1 << 16)
    made.field("stage", (50, 560, 200, 580), FT="/Ch", Opt=[made.pikepdf.String("M7")])
    made.button("rating", (50, 520, 62, 532), "On", FT="/Btn")
    made.field("pay", (50, 480, 200, 500), FT="/Tx", Ff=1 << 13)
    made.field("code", (50, 440, 200, 460), FT="/Ch", Ff=1 << 17)
    made.field("agreed", (50, 400, 200, 420), FT="/Tx")
    problems = problems_of(made.saved(), own_blank(pdf={}, pdf_buttons={}))
    errors = [p.message for p in problems if p.kind.severity == "error"]
    kinds = [
        ("name", "digital signature field"),
        ("starts", "fewer than 10 characters"),
        ("notes", "push button"),
        ("rating", "check box"),
        ("pay", "for passwords or files"),
        ("code", "list"),
        ("agreed", "text field"),
    ]
    for (id, what), message in zip(kinds, errors, strict=True):
        assert f"“{id}”" in message and what in message
    assert any("offers “M7”" in p.message for p in problems if p.kind.severity == "warning")


def test_a_button_without_a_drawing_gets_one(tmp_path: Path) -> None:
    made = Their()
    made.field("agreed", (50, 700, 62, 712), FT="/Btn", MK=made.dictionary(BC=[0]))
    (tmp_path / "sample-form.pdf").write_bytes(made.saved())
    blank = own_blank(QUESTIONS[-1:], pdf={}, pdf_buttons={})
    document = write_blank(blank, tmp_path / "house")
    copy = PdfReader(io.BytesIO(prepare(document, blank).fill({"agreed": "yes"}, "1")))
    field = copy.trailer["/Root"]["/AcroForm"]["/Fields"][0].get_object()
    assert field["/AS"] == "/Yes"
    assert b" l S" in field["/AP"]["/N"]["/Yes"].get_object().get_data()
    assert b" re S" in field["/AP"]["/N"]["/Off"].get_object().get_data()


def test_two_fields_of_one_name_are_named() -> None:
    made = Their()
    made.field("name", (50, 700, 200, 720), FT="/Tx")
    made.field("name", (50, 660, 200, 680), FT="/Tx")
    (problem, *_) = problems_of(made.saved(), own_blank(QUESTIONS[:1], pdf={}, pdf_buttons={}))
    assert "2 fields are called “name”" in problem.message


def _locked() -> bytes:
    made = their_form()
    return made.saved(encryption=made.pikepdf.Encryption(owner="secret", user=""))


def _xfa() -> bytes:
    made = their_form()
    made.form.XFA = made.pdf.make_stream(b"<xdp/>")
    return made.saved()


def _signed() -> bytes:
    made = their_form()
    made.field("Signature", (50, 100, 200, 120), FT="/Sig", V=made.dictionary(Type="/Sig"))
    return made.saved()


def _without_fields() -> bytes:
    made = Their()
    del made.pdf.Root.AcroForm
    return made.saved()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_locked, "protected by encryption or a password"),
        (_xfa, "XFA form"),
        (_signed, "signed or certified"),
        (_without_fields, "has no form fields"),
        (lambda: b"%PDF-1.7\nnothing", "cannot be read as a PDF"),
        (lambda: b"", "cannot be read as a PDF"),
    ],
)
def test_a_pdf_that_cannot_be_used_is_named(make: Callable[[], bytes], said: str) -> None:
    (problem,) = problems_of(make(), own_blank())
    assert said in problem.message
    assert problem.kind.severity == "error"


def test_an_own_pdf_that_is_accessible_stays_so(tmp_path: Path) -> None:
    """The house's own blank, its fields renamed, stands for a well-made PDF of another's."""
    pikepdf = tools.python_module("pikepdf", "pip install pikepdf")
    plain = replace(sample_blank(), parts=own_blank().parts)
    with pikepdf.open(io.BytesIO(write_blank(plain, HOUSE))) as document:
        for field in document.Root.AcroForm.Fields:
            field.T = pikepdf.String(f"Their {field.T}")
            if "/DA" in field:
                del field.DA
        document.Root.AcroForm.DA = pikepdf.String("/Helv 0 Tf 0 g")
        document.save(tmp_path / "sample-form.pdf")
    theirs = (tmp_path / "sample-form.pdf").read_bytes()
    blank = own_blank(
        pdf={f"Their {question.id}": question.id for question in QUESTIONS}, pdf_buttons={}
    )
    assert problems_of(theirs, blank) == ()
    made = write_blank(blank, tmp_path / "house")
    assert find_barriers(made) == ()
    paths = [tmp_path / "blank.pdf", tmp_path / "copy.pdf"]
    paths[0].write_bytes(made)
    paths[1].write_bytes(prepare(made, blank).fill(VALUES, "p1"))
    assert pdfua_failures(paths) == {path: [] for path in paths}
    assert ours(paths[1]) == held(blank, VALUES)


def test_an_untagged_pdf_is_said_to_shut_readers_out(theirs: bytes) -> None:
    (barrier,) = find_barriers(theirs)
    assert "not tagged" in barrier
