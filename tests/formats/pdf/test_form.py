"""Blank forms as PDF: fields, drawings, tags, stamp, and the same bytes on every run."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from formulary.documents.blank import Blank, Question, compose_blank
from formulary.edition.edition import Edition
from formulary.formats.pdf import conventions
from formulary.formats.pdf.answers import CannotShow
from formulary.formats.pdf.embed import simple_codes, to_unicode
from formulary.formats.pdf.font import field_font
from formulary.formats.pdf.form import form_data, write_blank
from formulary.formats.pdf.typst import typeset
from formulary.problems import OutputError
from formulary.returns.submission import Identity
from tests.checkers.verapdf import pdfua_failures
from tests.formats.pdf.samples import HARD, STAMP, sample_blank, with_value
from tests.helpers import ROOT

HOUSE = ROOT / "forms" / "house"


@pytest.fixture(scope="module")
def blank() -> Blank:
    return sample_blank()


@pytest.fixture(scope="module")
def data(blank: Blank) -> bytes:
    return write_blank(blank, HOUSE)


@pytest.fixture(scope="module")
def reader(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data))


@pytest.fixture(scope="module")
def fields(reader: PdfReader) -> dict[str, DictionaryObject]:
    form = reader.trailer["/Root"]["/AcroForm"]
    return {str(f.get_object()["/T"]): f.get_object() for f in form["/Fields"]}


def tags(reader: PdfReader) -> list[DictionaryObject]:
    """Every structure element in reading order."""

    def below(element: DictionaryObject) -> list[DictionaryObject]:
        kids = element.get("/K", [])
        kids = kids.get_object() if hasattr(kids, "get_object") else kids
        found = []
        for kid in kids if isinstance(kids, list) else [kids]:
            kid = kid.get_object()
            if isinstance(kid, DictionaryObject) and "/S" in kid:
                found += [kid, *below(kid)]
        return found

    return below(reader.trailer["/Root"]["/StructTreeRoot"])


def drawn(field: DictionaryObject) -> str:
    """The text that a field's drawing shows, read back through the font's ToUnicode map."""
    cmap = to_unicode(field_font()).decode()
    letters = dict(re.findall(r"^<([0-9A-F]{4})> <([0-9A-F]{4,8})>$", cmap, re.MULTILINE))
    content = field["/AP"]["/N"].get_object().get_data().decode()
    lines = re.findall(r"<([0-9A-F]*)> Tj", content)
    return "\n".join(
        "".join(
            bytes.fromhex(letters[line[at : at + 4]]).decode("utf-16-be")
            for at in range(0, len(line), 4)
        )
        for line in lines
    )


def test_every_question_is_a_field_named_by_its_id_in_order(
    blank: Blank, fields: dict[str, DictionaryObject]
) -> None:
    assert list(fields) == [question.id for question in blank.questions()]


def test_kinds_flags_and_tooltips(blank: Blank, fields: dict[str, DictionaryObject]) -> None:
    kinds = {"checkbox": "/Btn", "choice": "/Btn"}
    for question in blank.questions():
        field = fields[question.id]
        title = f"{question.title} (dd/mm/yyyy)" if question.kind == "date" else question.title
        assert field["/TU"] == title
        assert field["/FT"] == kinds.get(question.kind, "/Tx")
        assert bool(field["/Ff"] & 2) is question.required
        assert bool(field["/Ff"] & 4096) is (question.kind == "multiline" or bool(question.prefill))


def test_up_to_five_options_are_boxes_and_more_are_a_list_with_its_options_printed() -> None:
    few, many = ("M1", "Not met (yet), “so”"), tuple(f"Option {n}" for n in range(1, 7))
    for options in (few, many):
        blank = with_options(sample_blank(), options)
        made = PdfReader(io.BytesIO(write_blank(blank, HOUSE)))
        form = made.trailer["/Root"]["/AcroForm"]
        field = next(f.get_object() for f in form["/Fields"] if f.get_object()["/T"] == "stage")
        text = " ".join(" ".join(page.extract_text() for page in made.pages).split())
        assert all(option in text for option in options)
        if options is many:
            assert (field["/FT"], field["/Opt"]) == ("/Ch", ["", *many])
            assert field["/Ff"] & (1 << 17)
            continue
        assert (field["/FT"], field["/V"]) == ("/Btn", f"/{few[1]}")
        boxes = [kid.get_object() for kid in field["/Kids"]]
        assert [box["/TU"] for box in boxes] == [f"Career stage: {option}" for option in few]
        assert [box["/AS"] for box in boxes] == ["/Off", f"/{few[1]}"]


def with_options(blank: Blank, options: tuple[str, ...]) -> Blank:
    """The same blank whose career stage has these options, the last of them chosen."""
    header = blank.parts[0]
    questions = tuple(
        replace(q, options=options, value=options[-1]) if q.id == "stage" else q
        for q in header.questions
    )
    return replace(blank, parts=(replace(header, questions=questions), *blank.parts[1:]))


def name_of(widget: DictionaryObject) -> str:
    """The name of a widget's field."""
    return str((widget if "/T" in widget else widget["/Parent"].get_object())["/T"])


def test_tab_order_is_reading_order(reader: PdfReader, blank: Blank) -> None:
    assert all(page["/Tabs"] == "/S" for page in reader.pages)
    tagged = []
    for element in tags(reader):
        if element["/S"] == "/Form":
            kids = element["/K"].get_object()
            parts = [kid.get_object() for kid in (kids if isinstance(kids, list) else [kids])]
            tagged += [name_of(part["/Obj"].get_object()) for part in parts if "/Obj" in part]
    assert list(dict.fromkeys(tagged)) == [question.id for question in blank.questions()]


def test_values_are_kept_and_drawn(blank: Blank, fields: dict[str, DictionaryObject]) -> None:
    for question in blank.questions():
        field = fields[question.id]
        if field["/FT"] == "/Btn":
            continue
        assert field["/V"] == question.value
        assert drawn(field).split() == question.value.split()
    assert drawn(fields["name"]) == HARD


def test_check_boxes_have_both_drawings(fields: dict[str, DictionaryObject]) -> None:
    for name, state in (("agreed", "/Yes"), ("disputed", "/Off"), ("objectives_1_met", "/Off")):
        assert fields[name]["/AS"] == fields[name]["/V"] == state
        drawings = fields[name]["/AP"]["/N"]
        assert set(drawings) == {"/Yes", "/Off"}
        assert b" l S" in drawings["/Yes"].get_object().get_data()


def test_every_field_is_drawn_in_the_embedded_font(
    reader: PdfReader, fields: dict[str, DictionaryObject]
) -> None:
    form = reader.trailer["/Root"]["/AcroForm"]
    assert "/NeedAppearances" not in form
    listed = form["/DR"]["/Font"]
    simple = listed[conventions.FIELD_FONT].get_object()
    assert (simple["/Subtype"], simple["/BaseFont"][-7:]) == ("/TrueType", "Regular")
    for field in fields.values():
        if field["/FT"] == "/Btn":
            continue
        names = re.findall(r"(/\w+) [\d.]+ Tf", field["/DA"])
        assert names == [conventions.PDFIUM_FONT, conventions.FIELD_FONT]
        assert set(names) <= set(listed)
        assert "/DR" not in field
        drawing = field["/AP"]["/N"].get_object()
        for name in names:  # viewers copy the whole of /DA into the drawing
            font = drawing["/Resources"]["/Font"][name].get_object()
            assert (font["/Subtype"], font["/Encoding"]) == ("/Type0", "/Identity-H")
            descendant = font["/DescendantFonts"][0].get_object()
            assert descendant["/FontDescriptor"].get_object() == simple["/FontDescriptor"]
            assert descendant["/FontDescriptor"]["/FontFile2"].get_object().get_data()


def test_the_simple_font_has_the_letters_of_western_europe_wales_and_poland() -> None:
    codes = simple_codes()
    letters = set(codes.values())
    assert letters >= set("aZ09âéœŒ’“”–—•€£½×ŴŵŶŷẀẁẂẃẄẅỲỳĄąĆćĘęŁłŃńÓóŚśŹźŻż→≥≤")
    assert len(letters) == len(codes)
    # a program that knows Windows-1252 alone is right about every letter that this has of it
    western = {bytes((code,)).decode("cp1252", "ignore"): code for code in range(32, 256)}
    wrong = [c for code, c in codes.items() if c in western and western[c] != code]
    assert wrong == []
    assert not {0, 9, 10, 13} & set(codes)


def test_title_language_stamp_and_no_dates(reader: PdfReader) -> None:
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    info = {key: str(value) for key, value in (reader.metadata or {}).items()}
    assert info["/Title"] == "Sample form, Sample Trust, 2026-27"
    assert conventions.read_identity(info) == Identity(STAMP)
    assert not {"/CreationDate", "/ModDate"} & set(info)
    assert reader.pdf_header == "%PDF-1.7"
    assert "/JavaScript" not in str(root)


def test_headings_have_levels_and_table_rows_have_headers(reader: PdfReader) -> None:
    found = tags(reader)
    levels = [str(e["/S"]) for e in found if re.fullmatch(r"/H\d", str(e["/S"]))]
    assert levels == ["/H1", "/H2", "/H2", "/H2", "/H3", "/H3", "/H2"]
    rows = [e for e in found if e["/S"] == "/TR"]
    kinds = [[str(cell.get_object()["/S"]) for cell in row["/K"]] for row in rows]
    assert kinds == [["/TH"] * 4, *[["/TH", "/TD", "/TD", "/TD"]] * 8]


def test_every_page_says_its_number_and_the_stamp(reader: PdfReader) -> None:
    pages = len(reader.pages)
    assert pages > 1
    for number, page in enumerate(reader.pages, start=1):
        text = page.extract_text()
        assert f"Page {number} of {pages}" in text
        assert STAMP.code in text


def test_is_pdf_ua_and_small(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "sample.pdf"
    path.write_bytes(data)
    assert pdfua_failures([path]) == {path: []}
    assert len(data) < 250_000


def test_same_bytes_whatever_the_hash_seed() -> None:
    code = (
        "import hashlib; from pathlib import Path\n"
        "from formulary.formats.pdf.form import write_blank\n"
        "from formulary.formats.pdf.policy import write_policy\n"
        "from tests.formats.pdf.samples import sample_blank, sample_paper\n"
        f"house = Path({str(HOUSE)!r})\n"
        "made = write_blank(sample_blank(), house) + write_policy(sample_paper(), house)\n"
        "print(hashlib.sha256(made).hexdigest())\n"
    )
    made = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert made[0] == made[1]
    assert len(made[0].strip()) == len(hashlib.sha256().hexdigest())


def test_a_character_that_the_typeface_lacks_is_named(blank: Blank) -> None:
    with pytest.raises(CannotShow) as caught:
        write_blank(with_value(blank, "job", "Teacher 漢"), HOUSE)
    assert (caught.value.field, caught.value.character) == ("job", "漢")
    assert "U+6F22" in str(caught.value)


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("Anne\u2011Marie", "Anne-Marie"),
        ("Birch\u00adwood", "Birchwood"),
        ("Ann\u2009Ng", "Ann Ng"),
        ("Ann\u3000Ng", "Ann Ng"),
        ("o\ufb03ce", "office"),
        ("Ａｎｎ", "Ann"),
        ("12\u206030", "1230"),
        ("Teacher\uff1a art", "Teacher: art"),
    ],
)
def test_a_character_that_the_typeface_lacks_is_drawn_as_its_plain_twin(
    blank: Blank, typed: str, drawn: str
) -> None:
    assert "".join(field_font().lacks(typed)) == ""
    assert field_font().width(typed, 10) == pytest.approx(field_font().width(drawn, 10), abs=0.6)
    assert write_blank(replace(with_value(blank, "job", typed), title=f"Form {typed}"), HOUSE)


def test_a_choice_that_is_not_offered_is_refused(blank: Blank) -> None:
    with pytest.raises(CannotShow, match="stage"):
        write_blank(with_value(blank, "stage", "M9"), HOUSE)


def test_a_text_that_cannot_be_printed_is_named(blank: Blank) -> None:
    with pytest.raises(OutputError, match=r"U\+1F600"):
        write_blank(replace(blank, title="Form \U0001f600"), HOUSE)


def test_a_missing_template_is_named(blank: Blank, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"form\.typ is missing"):
        write_blank(blank, tmp_path)


def test_a_template_that_leaves_an_answer_out_is_refused(blank: Blank, tmp_path: Path) -> None:
    (tmp_path / "form.typ").write_text(
        '#set document(title: "T", date: none)\n#set text(font: "Source Sans Pro")\n= Empty\n'
    )
    with pytest.raises(OutputError, match="does not print the answer “name”"):
        write_blank(blank, tmp_path)


def test_a_part_that_is_not_measured_is_long_in_any_case(
    editions: tuple[Edition, ...], tmp_path: Path
) -> None:
    house = tmp_path / "forms" / "house"
    shutil.copytree(HOUSE, house)
    template = house / "form.typ"
    shortcut = "is-long(first, most)"
    assert shortcut in template.read_text("utf-8")
    template.write_text(template.read_text("utf-8").replace(shortcut, "false"), encoding="utf-8")
    forms = {
        form.id: (edition, offer, form) for edition in editions for offer, form in edition.forms
    }
    for edition, offer, form in forms.values():
        data = form_data(compose_blank(edition, offer, form))
        assert typeset(template, data) == typeset(HOUSE / "form.typ", data), form.id


def test_a_stamp_that_is_not_whole_is_no_stamp() -> None:
    whole = conventions.stamp_entries(STAMP)
    assert conventions.read_identity(whole) == Identity(STAMP)
    for key in whole:
        assert conventions.read_identity({**whole, key: ""}) is None
    assert conventions.read_identity({**whole, "/FormularyYear": "20x6"}) is None


def test_long_values_wrap_inside_their_box(
    blank: Blank, fields: dict[str, DictionaryObject]
) -> None:
    from formulary.formats.pdf.appearance import MARGIN, SIZE, wrap_lines

    font = field_font()
    left, _, right, _ = map(float, fields["notes"]["/Rect"])
    room = right - left - 2 * MARGIN
    for text in (Question("x", "x", "x", "text", value="word " * 80).value, "w" * 400):
        lines = wrap_lines(text, room)
        assert all(font.width(line, SIZE) <= room for line in lines)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
