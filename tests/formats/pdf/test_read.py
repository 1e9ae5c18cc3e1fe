"""PDF forms that come back: what real programs and people do to them, and what is read of them."""

from __future__ import annotations

import io
from collections.abc import Callable
from random import Random
from typing import Any

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from formulary.formats.pdf.blank import write_blank
from formulary.formats.pdf.fill import prepare
from formulary.formats.pdf.read import identify, read
from formulary.model.submission import Answer, CannotRead, Submission
from tests.formats.pdf.samples import STAMP, sample_blank
from tests.formats.word.samples import HOUSE

BLANK = sample_blank()
READY = prepare(write_blank(BLANK, HOUSE), BLANK)
VALUES = {
    "name": "Łucja & <Ó>",
    "ends": "31/08/2027",
    "stage": "M1",
    "pay": "45,000.50",
    "notes": "One and a half\n\nThree",
}

Edit = Callable[[pikepdf.Pdf], None]


@pytest.fixture(scope="module")
def filled() -> bytes:
    return READY.filled(VALUES, "P7")


def edited(data: bytes, edit: Edit, **saving: Any) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        edit(document)
        document.save(out, **saving)
    return out.getvalue()


def field(document: pikepdf.Pdf, name: str) -> Any:
    return next(one for one in document.Root.AcroForm.Fields if str(one.get("/T")) == name)


def code_of(data: bytes) -> str:
    with pytest.raises(CannotRead) as caught:
        identify(data)
        read(data, BLANK)
    return caught.value.kind.code


def clean(found: Submission) -> bool:
    odd = [a for a in found.answers.values() if a.beside or a.state == "lost"]
    return not (odd or found.altered or found.unknown or found.remarks)


def nothing(document: pikepdf.Pdf) -> None:
    """Only save it, as another program does."""


def test_a_filled_form_says_whose_it_is_and_what_it_answers(filled: bytes) -> None:
    identity = identify(filled)
    assert (identity.stamp, identity.person) == (STAMP, "P7")
    found = read(filled, BLANK)
    given = {id: answer.value for id, answer in found.answers.items() if answer.value}
    assert given == {"starts": "01/09/2026", "agreed": "yes", **VALUES}
    assert found.answers["job"] == Answer("blank")
    assert clean(found)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text("abcXYZ żółć ÅØ'\"<&>()\\", max_size=60), st.lists(st.text("ab (ó"), max_size=4))
def test_any_words_come_back_as_they_went_in(name: str, lines: list[str]) -> None:
    values = {"name": name, "notes": "\n".join(lines)}
    data = READY.filled(values, "")
    found = read(data, BLANK)
    for id, words in values.items():
        if words.strip():
            assert found.answers[id].value == words
    assert clean(found)


@pytest.mark.parametrize(
    "saving",
    [
        {"object_stream_mode": pikepdf.ObjectStreamMode.generate},
        {"linearize": True},
        {"encryption": pikepdf.Encryption(owner="x", user="", R=3, aes=False, metadata=False)},
        {"qdf": True},
    ],
)
def test_a_rewritten_file_gives_the_same(filled: bytes, saving: dict[str, Any]) -> None:
    found = read(edited(filled, nothing, **saving), BLANK)
    assert {id: found.value(id) for id in VALUES} == VALUES
    assert clean(found)


def test_a_password_is_named(filled: bytes) -> None:
    for aes in (False, True):
        locked = pikepdf.Encryption(owner="x", user="y", R=6 if aes else 3, aes=aes, metadata=aes)
        assert code_of(edited(filled, nothing, encryption=locked)) == "return-locked"


def test_a_lost_field_is_told_from_a_blank_one(filled: bytes) -> None:
    def gone(document: pikepdf.Pdf) -> None:
        document.Root.AcroForm.Fields = pikepdf.Array(
            [one for one in document.Root.AcroForm.Fields if str(one.get("/T")) != "pay"]
        )

    found = read(edited(filled, gone), BLANK)
    assert found.answers["pay"].state == "lost"
    assert found.answers["job"].state == "blank"


@pytest.mark.parametrize("new", ["form1.{}", "{}#0", "0.{}", "{}_2", "a.b.{}#3"])
def test_fields_renamed_by_a_merge_are_told(filled: bytes, new: str) -> None:
    def renamed(document: pikepdf.Pdf) -> None:
        for one in document.Root.AcroForm.Fields:
            if "/T" in one:
                one.T = pikepdf.String(new.format(str(one.T)))

    found = read(edited(filled, renamed), BLANK)
    assert {id: found.value(id) for id in VALUES} == VALUES
    assert any("changed by another program" in remark for remark in found.remarks)


@pytest.mark.parametrize(
    ("held", "value"),
    [
        (pikepdf.String("plain"), "plain"),
        (pikepdf.Object.parse(b"<efbbbfc3b3>"), "ó"),
        (pikepdf.Object.parse(b"<feff00f3>"), "ó"),
        (pikepdf.Object.parse(b"42"), "42"),
        (pikepdf.Object.parse(b"[(one)]"), "one"),
        (pikepdf.Object.parse(b"(two\\rlines)"), "two\nlines"),
    ],
)
def test_a_value_is_read_however_it_is_written(filled: bytes, held: Any, value: str) -> None:
    def written(document: pikepdf.Pdf) -> None:
        field(document, "job").V = held

    assert read(edited(filled, written), BLANK).value("job") == value


def test_a_value_in_a_stream_and_rich_text_alone_are_read(filled: bytes) -> None:
    def written(document: pikepdf.Pdf) -> None:
        field(document, "job").V = document.make_stream(b"streamed")
        notes = field(document, "notes")
        del notes.V
        notes.RV = pikepdf.String("<body><p>One</p><p>Two</p></body>")

    found = read(edited(filled, written), BLANK)
    assert (found.value("job"), found.value("notes")) == ("streamed", "One\nTwo")


@pytest.mark.parametrize(
    ("words", "value"),
    [("31.8.2027", "31/08/2027"), ("31 August 2027", "31/08/2027"), ("soon", "soon")],
)
def test_a_date_is_read_however_it_is_written(filled: bytes, words: str, value: str) -> None:
    def written(document: pikepdf.Pdf) -> None:
        field(document, "ends").V = pikepdf.String(words)

    assert read(edited(filled, written), BLANK).value("ends") == value


def test_an_answer_that_is_only_drawn_is_read_and_remarked(filled: bytes) -> None:
    def only_drawn(document: pikepdf.Pdf) -> None:
        del field(document, "pay").V

    found = read(edited(filled, only_drawn), BLANK)
    assert found.value("pay") == "45,000.50"
    assert any("shows an answer" in remark for remark in found.remarks)


def note(document: pikepdf.Pdf, kind: str, rect: Any, words: str) -> None:
    page = document.pages[0]
    page.Annots.append(
        document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name(kind),
                Rect=rect,
                Contents=pikepdf.String(words),
            )
        )
    )


def test_words_typed_over_a_field_are_beside_it(filled: bytes) -> None:
    def typed(document: pikepdf.Pdf) -> None:
        rect = pikepdf.Array(field(document, "job").Rect)
        note(document, "/FreeText", rect, "Tutor")
        note(document, "/Text", pikepdf.Array([0, 0, 1, 1]), "Well done")

    found = read(edited(filled, typed), BLANK)
    assert found.answers["job"] == Answer("blank", "", "Tutor")
    assert any("Well done" in remark for remark in found.remarks)


def test_a_signed_file_is_read_and_remarked(filled: bytes) -> None:
    def signed(document: pikepdf.Pdf) -> None:
        signature = pikepdf.Dictionary(
            FT=pikepdf.Name.Sig, T=pikepdf.String("Signature1"), V=pikepdf.Dictionary()
        )
        document.Root.AcroForm.Fields.append(document.make_indirect(signature))

    found = read(edited(filled, signed), BLANK)
    assert found.value("pay") == "45,000.50"
    assert any("signed" in remark for remark in found.remarks)


def test_turned_pages_change_nothing(filled: bytes) -> None:
    def turned(document: pikepdf.Pdf) -> None:
        for page in document.pages:
            page.rotate(90, relative=True)

    assert clean(read(edited(filled, turned), BLANK))


def test_changed_questions_are_named(filled: bytes) -> None:
    def changed(document: pikepdf.Pdf) -> None:
        field(document, "pay").TU = pikepdf.String("Bonus")
        field(document, "stage").Opt = pikepdf.Array(["M1", "M9"])

    said = " ".join(read(edited(filled, changed), BLANK).altered)
    assert "Bonus" in said
    assert "Career stage" in said


def test_without_properties_the_footer_says_what_it_is(filled: bytes) -> None:
    def bare(document: pikepdf.Pdf) -> None:
        del document.trailer["/Info"]

    data = edited(filled, bare)
    assert identify(data).stamp.form == "sample-form"
    found = read(data, BLANK)
    assert found.value("pay") == "45,000.50"
    assert found.altered == ()


def flat(document: pikepdf.Pdf) -> None:
    document.flatten_annotations()
    if "/AcroForm" in document.Root:
        del document.Root.AcroForm
    for page in document.pages:
        if "/Annots" in page:
            del page.Annots


def printed(document: pikepdf.Pdf) -> None:
    flat(document)
    del document.trailer["/Info"]


def test_flattened_and_printed_forms_are_named(filled: bytes) -> None:
    assert code_of(edited(filled, flat)) == "return-flattened"
    assert code_of(edited(filled, printed)) == "return-flattened"


def test_several_forms_in_one_file_are_named(filled: bytes) -> None:
    writer = PdfWriter()
    for _ in range(2):
        writer.append(PdfReader(io.BytesIO(filled)))
    out = io.BytesIO()
    writer.write(out)
    assert code_of(out.getvalue()) == "return-several"


def other(build: Callable[[pikepdf.Pdf], None]) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    build(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def scan(document: pikepdf.Pdf) -> None:
    image = document.make_stream(bytes(300))
    image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    image.Width, image.Height, image.BitsPerComponent = 10, 10, 8
    image.ColorSpace = pikepdf.Name.DeviceRGB
    page = document.pages[0]
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
    page.Contents = document.make_stream(b"q 500 0 0 700 0 0 cm /Im0 Do Q")


def xfa(document: pikepdf.Pdf) -> None:
    packet = document.make_stream(b"<xdp/>")
    document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(), XFA=packet)


def portfolio(document: pikepdf.Pdf) -> None:
    document.Root.Collection = pikepdf.Dictionary()


def test_what_is_no_form_is_named() -> None:
    assert code_of(other(nothing)) == "return-not-ours"
    assert code_of(other(scan)) == "return-scanned"
    assert code_of(other(xfa)) == "return-xfa"
    assert code_of(other(portfolio)) == "return-other-format"
    assert code_of(b"%PDF-1.7\nnothing more") == "return-damaged"


def test_loops_and_depth_are_no_trouble(filled: bytes) -> None:
    def loop(document: pikepdf.Pdf) -> None:
        pay, name = field(document, "pay"), field(document, "name")
        pay.Kids, pay.Parent = pikepdf.Array([name]), name
        name.Kids, name.Parent = pikepdf.Array([pay]), pay

    def pages(document: pikepdf.Pdf) -> None:
        document.Root.Pages.Kids.append(document.Root.Pages)

    def deep(document: pikepdf.Pdf) -> None:
        at = pikepdf.Dictionary(T=pikepdf.String("x"))
        for _ in range(300):
            at = document.make_indirect(
                pikepdf.Dictionary(T=pikepdf.String("x"), Kids=pikepdf.Array([at]))
            )
        document.Root.AcroForm.Fields.append(at)

    for edit in (loop, pages, deep):
        try:
            read(edited(filled, edit), BLANK)
        except CannotRead as fault:
            assert fault.kind.code in ("return-damaged", "return-too-big", "return-several")
    nested = (
        b"%PDF-1.7\n1 0 obj\n"
        + b"[" * 100_000
        + b"]" * 100_000
        + b"\nendobj\ntrailer<</Root 1 0 R>>"
    )
    assert code_of(nested) == "return-damaged"


def test_no_cut_and_no_change_of_bytes_brings_the_reader_down(filled: bytes) -> None:
    chance = Random(7)
    tries = [filled[:end] for end in range(0, len(filled), 4096)]
    for _ in range(40):
        data = bytearray(filled)
        for _ in range(chance.randrange(1, 40)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        tries.append(bytes(data))
    for data in tries:
        try:
            identify(data)
            read(data, BLANK)
        except CannotRead as fault:
            assert fault.message
