"""What people put onto the pages of a PDF form instead of into its fields."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from pypdf import PdfReader, PdfWriter

from formulary.documents.blank import Blank
from formulary.formats.pdf.form import write_blank
from formulary.formats.pdf.prefill import prepare
from formulary.formats.pdf.reader import read_for
from formulary.returns.submission import Answer, Submission
from tests.checkers.fill_pdf import fill_with_pdflib
from tests.formats.pdf.returned import Edit, edited, field, nothing
from tests.formats.pdf.samples import sample_blank
from tests.formats.pdf.test_custom_template import own_blank, their_form
from tests.formats.word.samples import HOUSE

BLANK = sample_blank()
READY = prepare(write_blank(BLANK, HOUSE), BLANK)

pytestmark = pytest.mark.filterwarnings("ignore:This document has")


@pytest.fixture(scope="module")
def filled() -> bytes:
    return READY.fill({"pay": "45,000"}, "P7")


def read(data: bytes, blank: Blank = BLANK) -> Submission:
    return read_for(data, lambda _: blank)


def box_of(document: pikepdf.Pdf, *names: str) -> Array:
    """A box round the boxes of these fields."""
    boxes = [[float(one) for one in field(document, name).Rect] for name in names]
    low = [min(box[side] for box in boxes) for side in (0, 1)]
    high = [max(box[side] for box in boxes) for side in (2, 3)]
    return Array([*low, *high])


def annotate(document: pikepdf.Pdf, kind: str, rect: Array, **entries: Any) -> None:
    held = Dictionary(Type=Name.Annot, Subtype=Name(kind), Rect=rect)
    for key, value in entries.items():
        held[f"/{key}"] = value
    page = next(page for page in document.pages if field(document, "job") in page.Annots)
    page.Annots.append(document.make_indirect(held))


def typed_over(document: pikepdf.Pdf, name: str, words: str) -> None:
    annotate(document, "/FreeText", box_of(document, name), Contents=String(words))


# words typed as a note over an empty field


@pytest.mark.parametrize(
    ("id", "words", "value"),
    [
        ("job", "Tutor", "Tutor"),
        ("job", " Head of\r\nYear 7 ", "Head of\nYear 7"),
        ("ends", "31 August 2027", "31/08/2027"),
        ("ends", "soon", "soon"),
        ("disputed", "X", "yes"),
        ("disputed", "✓", "yes"),
    ],
)
def test_words_typed_over_one_empty_field_are_its_answer(
    filled: bytes, id: str, words: str, value: str
) -> None:
    def typed(document: pikepdf.Pdf) -> None:
        page = next(page for page in document.pages if field(document, id) in page.Annots)
        held = Dictionary(Subtype=Name.FreeText, Rect=box_of(document, id), Contents=String(words))
        page.Annots.append(document.make_indirect(held))

    found = read(edited(filled, typed))
    title = next(question.title for question in BLANK.questions() if question.id == id)
    assert found.answers[id] == Answer("answered", value)
    (remark,) = found.remarks
    assert f"“{title}”" in remark
    assert "taken" in remark


def test_rich_text_alone_and_words_that_are_only_shown_are_read_too(filled: bytes) -> None:
    def rich(document: pikepdf.Pdf) -> None:
        words = String("<body><p>Head of <b>Year 7</b></p></body>")
        annotate(document, "/FreeText", box_of(document, "job"), RC=words)

    def shown(document: pikepdf.Pdf) -> None:
        look = Dictionary(N=drawing(document, "(Head of Year 7)"))
        annotate(document, "/FreeText", box_of(document, "job"), AP=look)

    for edit in (rich, shown):
        assert read(edited(filled, edit)).value("job") == "Head of Year 7"


def drawing(document: pikepdf.Pdf, shown: str) -> pikepdf.Stream:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    return document.make_stream(
        f"BT /F1 9 Tf 2 2 Td {shown} Tj ET".encode(),
        Subtype=Name.Form,
        BBox=Array([0, 0, 200, 20]),
        Resources=Dictionary(Font=Dictionary(F1=font)),
    )


@pytest.mark.parametrize("names", [("job", "starts"), ("job", "ends"), ("name", "job", "ends")])
def test_words_over_several_fields_are_nobodys_answer(
    filled: bytes, names: tuple[str, ...]
) -> None:
    def typed(document: pikepdf.Pdf) -> None:
        annotate(document, "/FreeText", box_of(document, *names), Contents=String("On leave"))

    found = read(edited(filled, typed))
    assert not any(answer.value == "On leave" for answer in found.answers.values())
    told = [answer.beside for answer in found.answers.values()] + list(found.remarks)
    assert any("On leave" in words for words in told)


def test_two_notes_over_one_field_and_one_over_an_answer_stay_beside_it(filled: bytes) -> None:
    def typed(document: pikepdf.Pdf) -> None:
        for id, words in (("job", "Tutor"), ("job", "Head"), ("pay", "46,000")):
            typed_over(document, id, words)
        typed_over(document, "ends", "31/08/2027")

    found = read(edited(filled, typed))
    assert found.answers["job"] == Answer("blank", "", "Tutor\nHead")
    assert found.answers["pay"] == Answer("answered", "45,000", "46,000")
    assert found.value("ends") == "31/08/2027"


@pytest.mark.parametrize("kind", ["/Ink", "/Stamp", "/Line", "/Polygon", "/Square"])
def test_what_is_drawn_over_an_empty_field_is_said_not_to_count(filled: bytes, kind: str) -> None:
    def drawn(document: pikepdf.Pdf) -> None:
        annotate(document, kind, box_of(document, "job"))

    found = read(edited(filled, drawn))
    assert found.answers["job"].state == "blank"
    assert found.remarks == (
        "On page 1 something is drawn over “Job title”, which is empty and counts as not answered.",
    )


# what is drawn into a page


def font_on(page: Any) -> None:
    page.Resources.Font.Fx = Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding
    )


def corner(document: pikepdf.Pdf, name: str = "job") -> tuple[float, float]:
    left, low = (float(one) for one in field(document, name).Rect[:2])
    return left + 3, low + 3


def as_one_more_stream(document: pikepdf.Pdf, words: str, name: str = "job") -> None:
    page, (x, y) = document.pages[0], corner(document, name)
    font_on(page)
    text = f"BT /Fx 9 Tf {x} {y} Td ({words}) Tj ET".encode()
    page.Contents = Array(
        [document.make_stream(b"q"), page.obj.Contents, document.make_stream(b"Q " + text)]
    )


def as_a_drawing(document: pikepdf.Pdf, words: str) -> None:
    """As programs flatten comments: the page draws what the comment showed."""
    page, (x, y) = document.pages[0], corner(document)
    page.Resources.XObject = Dictionary(Fm0=drawing(document, f"({words})"))
    page.contents_add(f"q 1 0 0 1 {x} {y} cm /Fm0 Do Q".encode(), prepend=False)


def as_a_moved_drawing(document: pikepdf.Pdf, words: str) -> None:
    page, (x, y) = document.pages[0], corner(document)
    one = drawing(document, f"({words})")
    one.Matrix = Array([0.5, 0, 0, 0.5, x, y])
    page.Resources.XObject = Dictionary(Fm0=one)
    page.contents_add(b"q /Fm0 Do Q", prepend=False)


def as_an_underlay(document: pikepdf.Pdf, words: str) -> None:
    page, (x, y) = document.pages[0], corner(document)
    font_on(page)
    page.contents_add(f"q BT /Fx 9 Tf {x} {y} Td ({words}) Tj ET Q".encode(), prepend=True)


def as_an_overlay_of_pikepdf(document: pikepdf.Pdf, words: str) -> None:
    page, (x, y) = document.pages[0], corner(document)
    sheet = pikepdf.new()
    paper = sheet.add_blank_page(page_size=tuple(map(float, page.mediabox[2:])))
    paper.Resources = Dictionary(Font=Dictionary())
    font_on(paper)
    paper.Contents = sheet.make_stream(f"BT /Fx 9 Tf {x} {y} Td ({words}) Tj ET".encode())
    page.add_overlay(sheet.pages[0])


def as_letters_in_turn(document: pikepdf.Pdf, words: str) -> None:
    page, (x, y) = document.pages[0], corner(document)
    font_on(page)
    shown = " ".join(f"({letter}) Tj" for letter in words)
    page.contents_add(f"BT /Fx 9 Tf 1 0 0 1 {x} {y} Tm {shown} ET".encode(), prepend=False)


DRAWERS = (
    as_one_more_stream,
    as_a_drawing,
    as_a_moved_drawing,
    as_an_underlay,
    as_an_overlay_of_pikepdf,
    as_letters_in_turn,
)


@pytest.mark.parametrize("draw", DRAWERS)
def test_words_drawn_onto_a_page_are_told_with_their_question(
    filled: bytes, draw: Callable[[pikepdf.Pdf, str], None]
) -> None:
    found = read(edited(filled, lambda document: draw(document, "Head of Year 7")))
    assert found.answers["job"] == Answer("blank", "", "Head of Year 7")
    (remark,) = found.remarks
    assert "page 1" in remark
    assert "drawn" in remark


def test_words_merged_by_pypdf_are_told(filled: bytes) -> None:
    with pikepdf.open(io.BytesIO(filled)) as document:
        x, y = corner(document)
        size = tuple(map(float, document.pages[0].mediabox[2:]))
    sheet = pikepdf.new()
    font_on_sheet = sheet.add_blank_page(page_size=size)
    font_on_sheet.Resources = Dictionary(Font=Dictionary())
    font_on(font_on_sheet)
    text = f"BT /Fx 9 Tf {x} {y} Td (Head of Year 7) Tj ET".encode()
    font_on_sheet.Contents = sheet.make_stream(text)
    out = io.BytesIO()
    sheet.save(out)
    writer = PdfWriter(clone_from=io.BytesIO(filled))
    writer.pages[0].merge_page(PdfReader(out).pages[0])
    merged = io.BytesIO()
    writer.write(merged)
    assert read(merged.getvalue()).answers["job"].beside == "Head of Year 7"


def test_words_far_from_any_field_are_quoted_in_full(filled: bytes) -> None:
    words = [f"I do not agree with point {number} of the rating" for number in range(12)]

    def drawn(document: pikepdf.Pdf) -> None:
        page = document.pages[-1]
        font_on(page)
        lines = " ".join(f"({line}) Tj 0 -9 Td" for line in words)
        page.contents_add(f"BT /Fx 6 Tf 60 160 Td {lines} ET".encode(), prepend=False)

    found = read(edited(filled, drawn))
    page = len(PdfReader(io.BytesIO(filled)).pages)
    told = [remark for remark in found.remarks if f"On page {page} words were drawn" in remark]
    assert all(any(line in remark for remark in told) for line in words)


def test_a_long_text_drawn_letter_by_letter_is_told(filled: bytes) -> None:
    words = "I do not agree. " * 40

    def drawn(document: pikepdf.Pdf) -> None:
        page, (x, y) = document.pages[0], corner(document, "notes")
        font_on(page)
        shown = " ".join(f"({letter}) Tj" for letter in words)
        page.contents_add(f"BT /Fx 3 Tf 1 0 0 1 {x} {y} Tm {shown} ET".encode(), prepend=False)

    found = read(edited(filled, drawn))
    told = [*found.remarks, *(answer.beside for answer in found.answers.values())]
    assert any(words.strip() in text for text in told)


STROKES = (
    "{x} {y} m {x} 9 l S",
    "1 0 0 RG 2 w {x} {y} 40 9 re s",
    "{x} {y} m {x} {y} 300 400 310 410 c f*",
    "q 40 0 0 12 {x} {y} cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x00 EI Q",
    "q 40 0 0 12 {x} {y} cm /Im0 Do Q",
)


@pytest.mark.parametrize("strokes", STROKES)
def test_strokes_and_pictures_drawn_onto_a_page_are_told(filled: bytes, strokes: str) -> None:
    def drawn(document: pikepdf.Pdf) -> None:
        page, (x, y) = document.pages[0], corner(document)
        picture = document.make_stream(b"\0", Subtype=Name.Image, Width=1, Height=1)
        picture.ColorSpace, picture.BitsPerComponent = Name.DeviceGray, 8
        page.Resources.XObject = Dictionary(Im0=picture)
        page.contents_add(strokes.format(x=x, y=y).encode("latin-1"), prepend=False)

    (remark,) = read(edited(filled, drawn)).remarks
    assert remark.startswith("On page 1 something is drawn over")


def test_words_whose_letters_nobody_can_tell_are_told_to_be_there(filled: bytes) -> None:
    def drawn(document: pikepdf.Pdf) -> None:
        page, (x, y) = document.pages[0], corner(document)
        below = Dictionary(Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name.Unknown)
        page.Resources.Font.Fx = Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name.Unknown,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([below]),
            ToUnicode=document.make_stream(b"1 beginbfchar <0041> <> endbfchar"),
        )
        text = f"BT /Fx 9 Tf {x} {y} Td <00410041> Tj ET".encode()
        page.contents_add(text, prepend=False)

    found = read(edited(filled, drawn))
    told = [*found.remarks, *filter(None, (one.beside for one in found.answers.values()))]
    assert any("page 1" in words for words in told)


def test_the_lines_of_a_paragraph_are_told_together(filled: bytes) -> None:
    def drawn(document: pikepdf.Pdf) -> None:
        page, (x, y) = document.pages[0], corner(document, "notes")
        font_on(page)
        lines = f"BT /Fx 9 Tf {x} {y + 30} Td (She says that) Tj 0 -11 Td (it was late.) Tj ET"
        page.contents_add(lines.encode(), prepend=False)

    assert "She says that\nit was late." in read(edited(filled, drawn)).answers["notes"].beside


def test_a_page_that_cannot_be_searched_is_named(filled: bytes) -> None:
    def endless(document: pikepdf.Pdf) -> None:
        document.pages[0].contents_add(b"0 0 m 9 9 l S " * 50_000, prepend=False)

    (remark,) = read(edited(filled, endless)).remarks
    assert "Page 1 cannot be searched" in remark


REWRITERS: tuple[tuple[Edit, dict[str, Any]], ...] = (
    (nothing, {}),
    (nothing, {"linearize": True}),
    (nothing, {"object_stream_mode": pikepdf.ObjectStreamMode.generate, "recompress_flate": True}),
    (nothing, {"qdf": True}),
    (nothing, {"encryption": pikepdf.Encryption(owner="x", user="", R=6)}),
)


@pytest.mark.parametrize(("edit", "saving"), REWRITERS)
def test_a_form_that_was_only_saved_again_has_nothing_drawn_on_it(
    filled: bytes, edit: Edit, saving: dict[str, Any]
) -> None:
    assert read(edited(filled, edit, **saving)).remarks == ()


def test_contents_written_otherwise_have_nothing_drawn_on_them(filled: bytes) -> None:
    def without_tags(document: pikepdf.Pdf) -> None:
        del document.Root.StructTreeRoot, document.Root.MarkInfo

    def in_pieces(document: pikepdf.Pdf) -> None:
        for page in document.pages:
            data = page.Contents.read_bytes()
            middle = data.index(b"\n", len(data) // 2)
            page.Contents = Array(map(document.make_stream, (data[:middle], data[middle:])))

    def wrapped(document: pikepdf.Pdf) -> None:
        for page in document.pages:
            page.contents_add(b"q\n", prepend=True)
            page.contents_add(b"Q\n", prepend=False)

    def spaced(document: pikepdf.Pdf) -> None:
        for page in document.pages:
            parsed = pikepdf.parse_content_stream(page)
            page.Contents = document.make_stream(pikepdf.unparse_content_stream(parsed))

    def without_marks(document: pikepdf.Pdf) -> None:
        for page in document.pages:
            kept = [
                one
                for one in pikepdf.parse_content_stream(page)
                if str(one.operator) not in ("BDC", "BMC", "EMC")
            ]
            page.Contents = document.make_stream(pikepdf.unparse_content_stream(kept))

    for edit in (without_tags, in_pieces, wrapped, spaced, without_marks):
        assert read(edited(filled, edit)).remarks == (), edit.__name__


def test_a_form_that_pdf_lib_filled_has_nothing_drawn_on_it(filled: bytes, tmp_path: Path) -> None:
    blank, out = tmp_path / "blank.pdf", tmp_path / "out.pdf"
    blank.write_bytes(filled)
    fill_with_pdflib(blank, {"job": "Tutor"}, out)
    found = read(out.read_bytes())
    assert found.value("job") == "Tutor"
    assert found.remarks == ()


def test_words_drawn_onto_an_own_form_are_told_and_its_own_are_not(tmp_path: Path) -> None:
    (tmp_path / "sample-form.pdf").write_bytes(their_form().saved())
    blank = own_blank()
    data = write_blank(blank, tmp_path / "house")

    def drawn(document: pikepdf.Pdf) -> None:
        page = document.pages[0]
        page.Resources = page.get("/Resources", Dictionary())
        page.Resources.Font = page.Resources.get("/Font", Dictionary())
        font_on(page)
        page.contents_add(b"BT /Fx 9 Tf 20 20 Td (See overleaf) Tj ET", prepend=False)

    assert read(edited(data, nothing), blank).remarks == ()
    found = read(edited(data, drawn), blank)
    told = [*found.remarks, *(answer.beside for answer in found.answers.values())]
    assert any("See overleaf" in words for words in told)


def test_a_file_inside_the_form_is_remarked(filled: bytes) -> None:
    def attach(document: pikepdf.Pdf) -> None:
        document.attachments["evidence.txt"] = b"What was seen"

    (remark,) = read(edited(filled, attach)).remarks
    assert remark.startswith("Other files are attached inside the PDF")
