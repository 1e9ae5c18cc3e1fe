"""PDF forms that come back: what real programs and people do to them, and what is read of them."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from formulary.documents.blank import Blank, Part, Question, compose_blank
from formulary.edition.edition import Edition
from formulary.formats.pdf import conventions
from formulary.formats.pdf.form import write_blank
from formulary.formats.pdf.prefill import PreparedForm, prepare
from formulary.formats.pdf.reader import read_for
from formulary.returns.submission import Answer, CannotRead, Identity, Submission
from tests.checkers import tools
from tests.formats.pdf.returned import (
    edited,
    field,
    flat,
    made,
    nothing,
    portfolio,
    printed,
    scan,
    xfa,
)
from tests.formats.pdf.samples import STAMP, sample_blank
from tests.formats.pdf.test_custom_template import VALUES as OWN_VALUES
from tests.formats.pdf.test_custom_template import own_blank, their_form
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


def read(data: bytes, blank: Blank) -> Submission:
    return read_for(data, lambda _: blank)


def identify(data: bytes) -> Identity:
    return read(data, BLANK).identity


pytestmark = pytest.mark.filterwarnings("ignore:This document has")
"""pikepdf warns of fields without a list; such files are what is tried here."""


@pytest.fixture(scope="module")
def filled() -> bytes:
    return READY.fill(VALUES, "P7")


def code_of(data: bytes) -> str:
    with pytest.raises(CannotRead) as caught:
        read(data, BLANK)
    return caught.value.kind.code


def clean(found: Submission) -> bool:
    odd = [a for a in found.answers.values() if a.beside or a.state == "lost"]
    return not (odd or found.altered or found.unknown or found.remarks)


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
    data = READY.fill(values, "")
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
        {"encryption": pikepdf.Encryption(owner="x", user="", R=4)},
        {"encryption": pikepdf.Encryption(owner="x", user="", R=5)},
        {"encryption": pikepdf.Encryption(owner="x", user="", R=6)},
        {"encryption": pikepdf.Encryption(owner="", user="", R=6)},
        {
            "encryption": pikepdf.Encryption(
                owner="x", user="", R=6, allow=pikepdf.Permissions(modify_form=False, extract=False)
            )
        },
        {"encryption": pikepdf.Encryption(owner="x", user="", R=4, metadata=False)},
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
        unlist(document, "pay")
        take_off(document, "pay", "job")

    found = read(edited(filled, gone), BLANK)
    assert found.answers["pay"].state == "lost"
    assert found.answers["job"].state == "lost", "nobody could fill in what is on no page"
    assert found.answers["ends"].state == "answered"
    assert found.answers["signed"].state == "blank"


def unlist(document: pikepdf.Pdf, name: str) -> None:
    fields = document.Root.AcroForm.Fields
    document.Root.AcroForm.Fields = pikepdf.Array(
        [one for one in fields if str(one.get("/T")) != name]
    )


def take_off(document: pikepdf.Pdf, *left_out: str) -> None:
    for page in document.pages:
        page.Annots = pikepdf.Array(
            [one for one in page.Annots if str(one.get("/T")) not in left_out]
        )


def test_a_field_that_only_stands_on_its_page_is_read(filled: bytes) -> None:
    data = edited(filled, lambda document: unlist(document, "pay"))
    assert read(data, BLANK).value("pay") == "45,000.50"


def test_answers_of_pages_that_were_taken_out_are_kept_and_remarked(filled: bytes) -> None:
    def shorter(document: pikepdf.Pdf) -> None:
        del document.pages[0]

    found = read(edited(filled, shorter), BLANK)
    assert found.value("pay") == "45,000.50"
    assert any("Pages were taken out" in remark for remark in found.remarks)


def test_pages_taken_out_by_a_program_that_forgets_the_list_are_read(filled: bytes) -> None:
    def taken(document: pikepdf.Pdf) -> None:
        del document.Root.AcroForm
        del document.pages[1:]

    found = read(edited(filled, taken), BLANK)
    assert {id: found.value(id) for id in VALUES} == VALUES
    assert found.answers["signed"].state == "lost"


@pytest.mark.parametrize("new", ["form1.{}", "{}#0", "0.{}", "{}_2", "a.b.{}#3"])
def test_fields_renamed_by_a_merge_are_told(filled: bytes, new: str) -> None:
    def renamed(document: pikepdf.Pdf) -> None:
        for one in document.Root.AcroForm.Fields:
            if "/T" in one:
                one.T = pikepdf.String(new.format(str(one.T)))

    found = read(edited(filled, renamed), BLANK)
    assert {id: found.value(id) for id in VALUES} == VALUES
    assert any("changed by another program" in remark for remark in found.remarks)


def test_a_field_with_a_name_of_chance_is_told_by_its_tooltip(filled: bytes) -> None:
    def renamed(document: pikepdf.Pdf) -> None:
        for number, one in enumerate(document.Root.AcroForm.Fields):
            one.T = pikepdf.String(f"dummyFieldName{number}")

    found = read(edited(filled, renamed), BLANK)
    assert {id: found.value(id) for id in VALUES} == VALUES


def test_a_field_that_may_be_anything_stays_unknown(filled: bytes) -> None:
    def renamed(document: pikepdf.Pdf) -> None:
        field(document, "pay").TU = pikepdf.String("Bonus")
        field(document, "pay").T = pikepdf.String("pay_2")

    found = read(edited(filled, renamed), BLANK)
    assert found.answers["pay"].state == "lost"
    assert found.unknown == {"pay_2": "45,000.50"}


def test_a_question_is_found_by_the_id_that_it_had(filled: bytes) -> None:
    def earlier(document: pikepdf.Pdf) -> None:
        field(document, "pay").T = pikepdf.String("salary")
        field(document, "salary").TU = pikepdf.String("Salary")

    parts = tuple(
        replace(
            part,
            questions=tuple(
                replace(question, was=("wage", "salary")) if question.id == "pay" else question
                for question in part.questions
            ),
        )
        for part in BLANK.parts
    )
    found = read(edited(filled, earlier), replace(BLANK, parts=parts))
    assert found.value("pay") == "45,000.50"
    assert found.remarks == ()


@pytest.mark.parametrize(
    ("held", "value"),
    [
        (pikepdf.String("plain"), "plain"),
        (pikepdf.Object.parse(b"(\\200 \\222 caf\\351 \\240)"), "• ™ café €"),
        (pikepdf.Object.parse(b"<feff001b0065006e001b00f3>"), "ó"),
        (pikepdf.Object.parse(b"<fffef300>"), "ó"),
        (pikepdf.Object.parse(b"(one\\000\\007two)"), "onetwo"),
        (pikepdf.Object.parse(b"<feffd800006f>"), "\ufffdo"),
        (pikepdf.Object.parse(b"4.50"), "4.5"),
        (pikepdf.Object.parse(b"<</A 1>>"), ""),
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


@pytest.mark.parametrize(
    "words", ["café", "Siân Ŵyn-Lloyd", "“it’s” – £5", "Łucja 🎉", "Ζωή", "Наташа", "Nguyễn"]
)
def test_utf8_without_its_mark_is_read_and_remarked(filled: bytes, words: str) -> None:
    def written(document: pikepdf.Pdf) -> None:
        held = pikepdf.Object.parse(b"<%b>" % words.encode().hex().encode())
        field(document, "job").V = field(document, "signed").V = held

    found = read(edited(filled, written), BLANK)
    assert found.value("job") == found.value("signed") == words
    (remark,) = found.remarks
    assert "UTF-8" in remark


@pytest.mark.parametrize("words", ["café", "ANDRÉ’S", "Zoë’s “plan”", "¡Olé!", "ÅSA…", "«Ü» – £5"])
def test_words_in_the_encoding_of_pdf_stay_what_they_are(filled: bytes, words: str) -> None:
    def written(document: pikepdf.Pdf) -> None:
        held = pikepdf.Object.parse(b"<%b>" % words.encode("pdfdoc").hex().encode())
        field(document, "job").V = held

    found = read(edited(filled, written), BLANK)
    assert found.value("job") == words
    assert clean(found)


def test_a_value_in_a_stream_and_rich_text_alone_are_read(filled: bytes) -> None:
    def written(document: pikepdf.Pdf) -> None:
        field(document, "job").V = document.make_stream(b"streamed")
        notes = field(document, "notes")
        del notes.V
        notes.RV = pikepdf.String("<body><p>One &amp; <b>only</b></p><p>Two</p></body>")

    found = read(edited(filled, written), BLANK)
    assert (found.value("job"), found.value("notes")) == ("streamed", "One & only\nTwo")


NAME = pikepdf.Name


@pytest.mark.parametrize(
    ("value", "shown", "ticked", "doubtful"),
    [
        (NAME("/Yes"), NAME("/Yes"), True, False),
        (NAME("/Off"), NAME("/Off"), False, False),
        (NAME("/Oui"), NAME("/Oui"), True, False),
        (NAME("/0"), NAME("/0"), True, False),
        (pikepdf.String("Yes"), NAME("/Yes"), True, False),
        (pikepdf.String("Off"), NAME("/Off"), False, False),
        (True, NAME("/Yes"), True, False),
        (None, NAME("/Yes"), True, False),
        (None, None, False, False),
        (NAME("/Yes"), NAME("/Off"), True, True),
        (NAME("/Off"), NAME("/Yes"), True, True),
    ],
)
def test_a_tick_is_read_however_it_is_written(
    filled: bytes, value: Any, shown: Any, ticked: bool, doubtful: bool
) -> None:
    def written(document: pikepdf.Pdf) -> None:
        for key, held in (("/V", value), ("/AS", shown)):
            box = field(document, "disputed")
            if held is None:
                del box[key]
            else:
                box[key] = held

    found = read(edited(filled, written), BLANK)
    assert found.value("disputed") == ("yes" if ticked else "")
    assert any("“I dispute this”" in remark for remark in found.remarks) is doubtful


def as_list(choice: Any, options: tuple[str, ...]) -> Any:
    """The field of a choice as the list that it was in earlier editions."""
    (box, *_) = choice.Kids
    for key in ("/AS", "/AP", "/TU"):
        del box[key]
    choice.Kids = pikepdf.Array([box])
    choice.FT, choice.Ff = pikepdf.Name.Ch, 1 << 17
    choice.Opt = pikepdf.Array(map(pikepdf.String, options))
    del choice.V
    return choice


def test_of_several_boxes_the_one_that_is_shown_counts_where_the_field_is_off(
    filled: bytes,
) -> None:
    """Firefox leaves the field at off where a person takes one tick back and sets another."""

    def shown(document: pikepdf.Pdf) -> None:
        stage = field(document, "stage")
        stage.V = pikepdf.Name.Off
        for box, state in zip(stage.Kids, ("/Off", "/M2"), strict=True):
            box.AS = pikepdf.Name(state)

    found = read(edited(filled, shown), BLANK)
    assert found.value("stage") == "M2"
    assert clean(found)


def test_a_tick_that_is_taken_back_is_no_answer(filled: bytes) -> None:
    def taken_back(document: pikepdf.Pdf) -> None:
        stage = field(document, "stage")
        stage.V = pikepdf.Name.Off
        for box in stage.Kids:
            box.AS = pikepdf.Name.Off

    assert read(edited(filled, taken_back), BLANK).answers["stage"].state == "blank"


@pytest.mark.parametrize(
    "entries",
    [
        b"/V(M2)",
        b"/V(m2 )",
        b"/V[(M2)]",
        b"/Opt[[(a)(M1)][(b)(M2)]]/V(b)",
        b"/Opt[[(a)(M1)][(b)(M2)]]/V(M2)",
        b"/I[2]",
        b"/FT/Tx/V(M2)",
    ],
)
def test_a_choice_is_read_however_it_is_written(filled: bytes, entries: bytes) -> None:
    def written(document: pikepdf.Pdf) -> None:
        stage = as_list(field(document, "stage"), ("", "M1", "M2"))
        for key, held in pikepdf.Object.parse(b"<<" + entries + b">>").items():
            stage[key] = held

    assert read(edited(filled, written), BLANK).value("stage") == "M2"


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


def test_a_drawing_whose_letters_are_not_known_is_no_answer(filled: bytes) -> None:
    def only_drawn(document: pikepdf.Pdf) -> None:
        pay = field(document, "pay")
        del pay.V
        for font in pay.AP.N.Resources.Font.values():
            if "/ToUnicode" in font:  # one font has both names
                del font.ToUnicode

    found = read(edited(filled, only_drawn), BLANK)
    assert found.answers["pay"].state == "blank"
    assert any("cannot be read" in remark for remark in found.remarks)


def test_what_stands_twice_with_two_answers_is_remarked(filled: bytes) -> None:
    def twice(document: pikepdf.Pdf) -> None:
        copy = document.make_indirect(pikepdf.Dictionary(field(document, "pay")))
        copy.V = pikepdf.String("46,000")
        document.Root.AcroForm.Fields.append(copy)
        document.pages[0].Annots.append(copy)

    found = read(edited(filled, twice), BLANK)
    assert found.value("pay") == "45,000.50"
    assert any("there twice" in remark for remark in found.remarks)


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


def test_words_typed_over_an_answered_field_are_beside_it(filled: bytes) -> None:
    def typed(document: pikepdf.Pdf) -> None:
        rect = pikepdf.Array(field(document, "pay").Rect)
        note(document, "/FreeText", rect, "46,000")
        note(document, "/Text", pikepdf.Array([0, 0, 1, 1]), "Well done")

    found = read(edited(filled, typed), BLANK)
    assert found.answers["pay"] == Answer("answered", VALUES["pay"], "46,000")
    assert any("Well done" in remark for remark in found.remarks)


@pytest.mark.parametrize(
    ("id", "right", "up", "told"),
    [
        ("pay", 4, 0, True),
        ("pay", 0, 5, True),
        ("name", -40, 0, True),
        ("name", -50, 0, False),
        ("name", -900, 0, False),
        ("name", 0, 400, False),
    ],
)
def test_words_typed_near_a_field_are_beside_it_where_that_is_clear(
    filled: bytes, id: str, right: int, up: int, told: bool
) -> None:
    def typed(document: pikepdf.Pdf) -> None:
        left, low, _, top = map(float, field(document, id).Rect)
        x, y = left + right, low + up
        note(document, "/FreeText", pikepdf.Array([x, y, x + 30, y + top - low]), "Tutor\r\n")

    found = read(edited(filled, typed), BLANK)
    said = {id: one.beside for id, one in found.answers.items() if one.beside}
    assert said == ({id: "Tutor"} if told else {})
    assert any("“Tutor”" in remark for remark in found.remarks) is not told


def test_a_signature_drawn_over_its_field_is_remarked(filled: bytes) -> None:
    def drawn(document: pikepdf.Pdf) -> None:
        document.pages[0].Annots.append(document.make_indirect(ink(document, "name")))
        mark = ink(document, "job")
        mark.Subtype = pikepdf.Name.Highlight
        document.pages[0].Annots.append(document.make_indirect(mark))

    def ink(document: pikepdf.Pdf, name: str) -> Any:
        return pikepdf.Dictionary(Subtype=pikepdf.Name.Ink, Rect=field(document, name).Rect)

    found = read(edited(filled, drawn), BLANK)
    assert found.remarks == ("On page 1 something is drawn over “Name”.",)


@pytest.mark.parametrize("later", [False, True])
def test_a_signed_file_is_read_and_remarked(filled: bytes, later: bool) -> None:
    def signed(document: pikepdf.Pdf) -> None:
        signature = pikepdf.Dictionary(
            FT=pikepdf.Name.Sig,
            T=pikepdf.String("Signature1"),
            V=pikepdf.Dictionary(ByteRange=pikepdf.Array([0, 5, 10, 987654321])),
        )
        document.Root.AcroForm.Fields.append(document.make_indirect(signature))

    data = edited(filled, signed)
    data = data.replace(b"987654321", b"%-9d" % (len(data) - 10))
    if later:
        data += data[data.rindex(b"startxref") :]
    found = read(data, BLANK)
    assert found.value("pay") == "45,000.50"
    assert len(found.remarks) == 1 + later
    assert "digitally signed" in found.remarks[0]
    assert "changed after" in found.remarks[-1] or not later


def test_turned_pages_change_nothing(filled: bytes) -> None:
    def turned(document: pikepdf.Pdf) -> None:
        for page in document.pages:
            page.rotate(90, relative=True)

    def bare(document: pikepdf.Pdf) -> None:
        turned(document)
        del document.trailer["/Info"]

    assert clean(read(edited(filled, turned), BLANK))
    assert identify(edited(filled, bare)).stamp.form == "sample-form"


def test_what_would_steer_a_terminal_is_left_out(filled: bytes) -> None:
    def written(document: pikepdf.Pdf) -> None:
        field(document, "job").V = pikepdf.String("Cook\u009b31m\x1b[2J\x85Tutor")
        field(document, "pay").TU = pikepdf.String("Bonus\x1b]0;x\x07" + "x" * 3000)
        one = field(document, "name")
        one.T, one.TU = pikepdf.String("na\x1bme\u0085"), pikepdf.String("Nobody’s")

    found = read(edited(filled, written), BLANK)
    assert found.value("job") == "Cook31m[2J\nTutor"
    (said,) = found.altered
    assert said.startswith("“Pay level” is now called “Bonus]0;xxxx")
    assert len(said) < 300
    assert found.unknown == {"name\n": VALUES["name"]}


@pytest.mark.parametrize(
    ("key", "held"),
    [
        ("/FormularyOrganisation", "x" * 5000),
        ("/FormularyForm", "Form <b>"),
        ("/FormularyYear", "２０２６"),
        ("/FormularyEdition", "the 2026 edition"),
        ("/FormularyDigest", ""),
    ],
)
def test_a_stamp_that_is_none_of_ours_is_none(filled: bytes, key: str, held: str) -> None:
    def written(document: pikepdf.Pdf) -> None:
        document.docinfo[key] = held

    found = read(edited(filled, written), BLANK)
    assert found.identity == Identity(replace(STAMP, digest=STAMP.digest[:8]))
    assert any("footer" in remark for remark in found.remarks)


def test_changed_questions_are_named(filled: bytes) -> None:
    def changed(document: pikepdf.Pdf) -> None:
        field(document, "pay").TU = pikepdf.String("Bonus")
        field(document, "stage").Opt = pikepdf.Array(["M1", "M9"])
        field(document, "agreed").FT = pikepdf.Name.Tx

    said = " ".join(read(edited(filled, changed), BLANK).altered)
    assert "Bonus" in said
    assert "“Career stage” has other choices" in said
    assert "“I agree” is another kind of field" in said


def test_without_properties_the_footer_says_what_it_is(filled: bytes) -> None:
    def bare(document: pikepdf.Pdf) -> None:
        del document.trailer["/Info"]

    data = edited(filled, bare)
    assert identify(data).stamp.form == "sample-form"
    found = read(data, BLANK)
    assert found.value("pay") == "45,000.50"
    assert found.altered == ()


def test_an_edition_with_other_questions_is_named(filled: bytes) -> None:
    stamp = replace(STAMP, digest="fedcba9876543210")
    found = read(filled, replace(BLANK, stamp=stamp))
    assert found.altered == ("The form was made with other questions than this edition’s.",)


def test_the_stamp_is_found_where_a_program_has_moved_it_into_the_metadata(filled: bytes) -> None:
    def moved(document: pikepdf.Pdf) -> None:
        entries = {key: str(held) for key, held in document.docinfo.items()}
        with document.open_metadata(set_pikepdf_as_editor=False) as metadata:
            for key, held in entries.items():
                metadata["{http://ns.adobe.com/pdfx/1.3/}" + key[1:]] = held
        del document.trailer["/Info"]

    data = edited(filled, moved)
    assert (identify(data).stamp, identify(data).person) == (STAMP, "P7")
    assert clean(read(data, BLANK))


def test_flattened_and_printed_forms_are_named(filled: bytes) -> None:
    assert code_of(edited(filled, flat)) == "return-flattened"
    assert code_of(edited(filled, printed)) == "return-flattened"


def test_a_form_without_fields_is_flattened_whatever_is_on_its_pages(filled: bytes) -> None:
    def other_code(document: pikepdf.Pdf) -> None:
        flat(document)
        with pikepdf.open(io.BytesIO(edited(other_form(), flat))) as paper:
            document.pages.append(paper.pages[0])

    def endless(document: pikepdf.Pdf) -> None:
        flat(document)
        for page in document.pages:
            page.contents_add(b"0 0 m " * 300_000, prepend=False)

    for edit in (other_code, endless):
        assert code_of(edited(filled, edit)) == "return-flattened"


@pytest.mark.parametrize("hyphen", "\u00ad\u2010\u2011\u2013\u2212")
def test_a_printed_form_is_known_with_other_hyphens_in_its_code(hyphen: str) -> None:
    code = STAMP.code.replace("-", hyphen)

    def paper(document: pikepdf.Pdf) -> None:
        letters = {letter: place for place, letter in enumerate(sorted(set(code)), start=1)}
        lines = "".join(f"<{at:02x}> <{ord(one):04x}>\n" for one, at in letters.items())
        cmap = (
            "1 begincodespacerange <00> <ff> endcodespacerange\n"
            f"{len(letters)} beginbfchar\n{lines}endbfchar"
        )
        font = pikepdf.Dictionary(
            Type=NAME.Font,
            Subtype=NAME.Type1,
            BaseFont=NAME.Helvetica,
            ToUnicode=document.make_stream(cmap.encode()),
        )
        page = document.pages[0]
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        shown = bytes(letters[one] for one in code).hex()
        page.Contents = document.make_stream(f"BT /F1 9 Tf 50 50 Td <{shown}> Tj ET".encode())

    assert code_of(made(paper)) == "return-flattened"


def test_a_form_that_was_printed_to_pdf_is_named(filled: bytes, tmp_path: Path) -> None:
    printer = tools.program("pdftocairo", "apt-get install poppler-utils")
    form, paper = tmp_path / "form.pdf", tmp_path / "paper.pdf"
    form.write_bytes(filled)
    tools.run([printer, "-pdf", form, paper])
    assert code_of(paper.read_bytes()) == "return-flattened"


def joined(*documents: bytes, named: bool = False, keep: bool = False) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(documents[0])) if keep else PdfWriter()
    for number, data in enumerate(documents[keep:]):
        reader = PdfReader(io.BytesIO(data))
        if named:
            reader.add_form_topname(f"form{number}")
        writer.append(reader)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def other_form() -> bytes:
    one = Part("goal", "A goal", (), (Question("goal", "The goal", "Goal", "text"),), None)
    stamp = replace(STAMP, form="goal-sheet")
    return write_blank(replace(BLANK, id="goal-sheet", parts=(one,), stamp=stamp), HOUSE)


@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize("keep", [False, True])
def test_several_forms_in_one_file_are_named(filled: bytes, named: bool, keep: bool) -> None:
    assert code_of(joined(filled, filled, named=named, keep=keep)) == "return-several"


def test_different_forms_in_one_file_are_named(filled: bytes) -> None:
    other = other_form()
    assert code_of(joined(filled, other)) == "return-several"
    assert code_of(joined(edited(filled, nothing), edited(other, flat), keep=True)) == (
        "return-several"
    )


def test_one_form_that_went_through_a_joiner_is_read(filled: bytes) -> None:
    for named in (False, True):
        found = read(joined(filled, named=named), BLANK)
        assert {id: found.value(id) for id in VALUES} == VALUES


def test_printed_pages_behind_a_form_are_remarked(filled: bytes) -> None:
    def longer(document: pikepdf.Pdf) -> None:
        with pikepdf.open(io.BytesIO(edited(filled, flat))) as paper:
            document.pages.append(paper.pages[0])

    found = read(edited(filled, longer), BLANK)
    assert {id: found.value(id) for id in VALUES} == VALUES
    (remark,) = found.remarks
    assert "printed or flattened" in remark


def test_what_is_no_form_is_named() -> None:
    assert code_of(made(nothing)) == "return-not-ours"
    assert code_of(made(scan)) == "return-scanned"
    assert code_of(made(xfa)) == "return-xfa"
    assert code_of(made(portfolio)) == "return-other-format"
    assert code_of(b"%PDF-1.7\nnothing more") == "return-damaged"
    assert code_of(b"") == code_of(bytes(300)) == "return-empty"
    assert code_of(b"{\\rtf1 A form}") == "return-other-format"


def test_a_form_that_became_xfa_is_named_and_one_with_both_is_read(filled: bytes) -> None:
    def both(document: pikepdf.Pdf) -> None:
        document.Root.AcroForm.XFA = document.make_stream(b"<xdp/>")

    def only(document: pikepdf.Pdf) -> None:
        flat(document)
        xfa(document)

    found = read(edited(filled, both), BLANK)
    assert {id: found.value(id) for id in VALUES} == VALUES
    assert any("XFA" in remark for remark in found.remarks)
    assert code_of(edited(filled, only)) == "return-xfa"


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


def built_of(objects: dict[int, bytes]) -> bytes:
    """A PDF of these objects and, as number 9, the stamp."""
    entries = " ".join(f"{key} ({held})" for key, held in conventions.stamp_entries(STAMP).items())
    out = bytearray(b"%PDF-1.7\n")
    table = b"xref\n0 1\n0000000000 65535 f \n"
    for number, held in sorted({**objects, 9: f"<<{entries}>>".encode()}.items()):
        table += b"%d 1\n%010d 00000 n \n" % (number, len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, held)
    end = b"trailer\n<</Size 99999/Root 1 0 R/Info 9 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(out)
    return bytes(out) + table + end


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<</Length %d%b>>\nstream\n%b\nendstream" % (len(data), entries, data)


SMALL = {
    1: b"<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R>>",
    2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Annots[5 0 R]>>",
    4: b"<</Fields[5 0 R]>>",
    5: b"<</Subtype/Widget/FT/Tx/T(name)/V(Ada)/Rect[0 0 9 9]>>",
}
BOMB = stream(zlib.compress(bytes(100_000_000), 9), b"/Filter/FlateDecode")


@pytest.mark.parametrize(
    ("objects", "code"),
    [
        ({}, ""),
        ({5: SMALL[5] + b"[" * 100_000 + b"]" * 100_000}, ""),
        ({5: b"<</T(name)/V" + b"[" * 100_000 + b"]" * 100_000 + b">>"}, "return-too-big"),
        ({4: b"<</Fields" + b"[<</Kids" * 9_999 + b">>]" * 9_999 + b">>"}, "return-too-big"),
        ({n: b"<</T(a)/Kids[%d 0 R]>>" % (n + 1) for n in range(10, 5000)}, ""),
        ({4: b"<</Fields[%b]>>" % (b"5 0 R " * 50_000)}, ""),
        ({4: b"<</Fields[%b]>>" % (b"<</T(a)>>" * 9_000)}, "return-too-big"),
        ({2: b"<</Type/Pages/Kids[%b]>>" % (b"3 0 R " * 9_000)}, "return-too-big"),
        ({3: b"<</Type/Page/Annots[%b]>>" % (b"5 0 R " * 9_000)}, "return-too-big"),
        (dict.fromkeys(range(10, 31_000), b"null"), "return-too-big"),
        ({6: b"[%b]" % (b"6 0 R " * 9), 5: SMALL[5].replace(b"(Ada)", b" 6 0 R")}, ""),
        (
            {6: stream(bytes(1_000_000), b"/Filter/LZWDecode"), 5: b"<</FT/Tx/T(name)/V 6 0 R>>"},
            "return-damaged",
        ),
        ({6: BOMB, 5: b"<</FT/Tx/T(name)/V 6 0 R>>"}, "return-too-big"),
        ({6: BOMB, 5: b"<</FT/Tx/T(name)/AP<</N 6 0 R>>>>"}, ""),
        ({5: b"<</T(name)/FT/Tx/RV(%b)>>" % (b"<p" * 400_000)}, ""),
        ({5: b"<</T(name)/FT/Tx/V(%b)>>" % (b"a" * 3_000_000)}, "return-too-big"),
        ({5: b"<</T(name)/FT/Tx/Parent 5 0 R/Kids[5 0 R]>>"}, "return-flattened"),
        ({5: b"<</T(name)/FT/Tx/Ff(a)/Rect 7/Kids[null 1(a)]/MaxLen/x/Parent 7/AP 3>>"}, ""),
        ({5: b"5 0 R"}, "return-flattened"),
        (
            {6: b"<</Length 6 0 R>>\nstream\na\nendstream", 5: b"<</T(name)/V 6 0 R>>"},
            "",
        ),
    ],
)
def test_no_file_is_too_deep_or_too_big(objects: dict[int, bytes], code: str) -> None:
    data = built_of({**SMALL, **objects})
    try:
        assert read(data, BLANK).answers["name"].state in ("answered", "blank", "lost")
        found = ""
    except CannotRead as fault:
        found = fault.kind.code
    assert found == code


def test_an_object_that_the_table_puts_at_the_start_is_no_damage() -> None:
    page = SMALL[3].replace(b"/Annots", b"/Contents 7 0 R/Annots")
    data = built_of({**SMALL, 3: page, 7: b"null"})
    place = data.index(b"\n7 0 obj") + 1
    data = data.replace(b"%010d 00000 n" % place, b"0000000000 00000 n")
    found = read(data, BLANK)
    assert found.value("name") == "Ada"
    assert found.remarks == ()


def test_a_bomb_among_the_packed_objects_is_not_unpacked() -> None:
    packed = b"5 0 " + SMALL[5] + bytes(100_000_000)
    entries = b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode"
    objects = {n: body for n, body in SMALL.items() if n != 5}
    objects[6] = stream(zlib.compress(packed, 9), entries)
    data = built_of(objects)
    places = {n: data.index(b"\n%d 0 obj" % n) + 1 for n in (*objects, 9)}
    table = b"".join(
        b"\2\0\0\0\6" if n == 5 else b"\1" + places.get(n, 0).to_bytes(4, "big") for n in range(10)
    )
    entries = b"/Type/XRef/W[1 4 0]/Root 1 0 R/Info 9 0 R/Size 10"
    body = data[: data.index(b"xref\n")]
    end = b"10 0 obj\n" + stream(table, entries) + b"\nendobj\n"
    data = body + end + b"startxref\n%d\n%%%%EOF\n" % len(body)
    assert len(data) < 200_000
    assert code_of(data) in ("return-too-big", "return-damaged", "return-flattened")


def test_a_cut_file_never_passes_for_a_whole_one(filled: bytes) -> None:
    for data in (filled, edited(filled, nothing), edited(filled, nothing, linearize=True)):
        for end in (*range(1024, len(data), 1024), *range(len(data) - 60, len(data) - 7)):
            assert code_of(data[:end]) in ("return-damaged", "return-not-ours"), end


def test_an_answer_whose_last_state_is_broken_is_not_read_in_an_earlier_one(filled: bytes) -> None:
    place = filled.rindex(b"startxref")
    wrong = filled[:place] + b"startxref\n99\n%%EOF\n"
    assert code_of(wrong) == "return-damaged"
    number = filled.rindex(b" 0 obj\n<< /AP ")
    assert code_of(filled[: number - 1] + b"x" + filled[number:]) == "return-damaged"


@pytest.mark.parametrize("start", [b"startxref\n1", b"startxxxx\n", b"startxref\nx"])
def test_a_broken_table_is_repaired_and_remarked(
    filled: bytes, start: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    data = edited(filled, nothing).replace(b"startxref\n", start)
    found = read(data, BLANK)
    assert {id: found.value(id) for id in VALUES} == VALUES
    assert any("repaired" in remark for remark in found.remarks)
    assert caplog.records == []


def saved_behind(data: bytes, before: int, pack: Callable[[bytes], bytes] | None = None) -> bytes:
    """The file with “Tutor” as an answer in an update behind it (7.5.6).

    The update names `before` as the place of the table before its own.
    """
    with pikepdf.open(io.BytesIO(data)) as document:
        held = field(document, "job")
        number, size = held.objgen[0], len(document.objects) + 1
        held.V = pikepdf.String("Tutor")
        body = b"%d 0 obj\n%b\nendobj\n" % (number, held.unparse(resolved=True))
        root, information = document.Root.objgen[0], document.trailer["/Info"].objgen[0]
    rows = b"\1" + len(data).to_bytes(3, "big") + b"\0"
    entries = (
        b"/Type/XRef/W[1 3 1]/Index[%d 1]/Size %d" % (number, size)
        + b"/Root %d 0 R/Info %d 0 R/Prev %d" % (root, information, before)
        + (b"/Filter/FlateDecode" if pack else b"")
    )
    table = b"%d 0 obj\n%b\nendobj\n" % (size, stream(pack(rows) if pack else rows, entries))
    return data + body + table + b"startxref\n%d\n%%%%EOF\n" % (len(data) + len(body))


def assert_tutor_added(data: bytes) -> None:
    found = read(data, BLANK)
    assert found.value("job") == "Tutor"
    assert {id: found.value(id) for id in VALUES} == VALUES
    assert clean(found)


@pytest.mark.parametrize("mode", list(pikepdf.ObjectStreamMode.__members__.values()))
def test_a_linearised_form_that_an_older_browser_saved_is_read(
    filled: bytes, mode: pikepdf.ObjectStreamMode
) -> None:
    """pdf.js before version 4 names the end of the first object for the place of the table."""
    data = edited(filled, nothing, linearize=True, object_stream_mode=mode)
    assert_tutor_added(saved_behind(data, data.index(b"endobj") + len(b"endobj")))


def last_table(data: bytes) -> int:
    return int(data[data.rindex(b"startxref") :].split()[1])


def left_open(rows: bytes) -> bytes:
    packer = zlib.compressobj()
    return packer.compress(rows) + packer.flush(zlib.Z_SYNC_FLUSH)


@pytest.mark.parametrize("linear", [False, True])
def test_a_form_that_acrobat_saved_is_read(filled: bytes, linear: bool) -> None:
    """Acrobat does not end what it packs into the table of an update."""
    data = edited(filled, nothing, linearize=linear)
    assert_tutor_added(saved_behind(data, last_table(data), left_open))
    assert_tutor_added(saved_behind(filled, last_table(filled), left_open))


def test_a_table_that_is_cut_off_is_damage(filled: bytes) -> None:
    def cut(rows: bytes) -> bytes:
        return zlib.compress(rows)[:-5]

    assert code_of(saved_behind(filled, last_table(filled), cut)) == "return-damaged"


@pytest.mark.parametrize(
    ("before", "after"),
    [(b"HTTP/1.1 200 OK\r\n\r\n", b""), (b"", bytes(900)), (b"", b"\r\n-- \r\nScanned\r\n")],
)
def test_what_a_mail_server_puts_round_a_file_is_passed_over(
    filled: bytes, before: bytes, after: bytes
) -> None:
    assert clean(read(before + filled + after, BLANK))


@pytest.mark.slow
def test_no_change_of_bytes_brings_the_reader_down(filled: bytes) -> None:
    chance = Random(7)
    bases = [
        filled,
        edited(filled, nothing),
        edited(filled, nothing, object_stream_mode=pikepdf.ObjectStreamMode.generate),
    ]
    for _ in range(500):
        data = bytearray(chance.choice(bases))
        for _ in range(chance.choice((1, 3, 40))):
            at = chance.randrange(len(data) // 2, len(data))
            piece = chance.choice(PIECES)
            data[at : at + len(piece)] = piece
        try:
            read(bytes(data), BLANK)
        except CannotRead as fault:
            assert fault.message


PIECES = (
    b" 0 -1 99999999999 << >> [ ( ) obj xref stream % 1\xff /V /Kids /Filter /Length /Prev"
).split(b" ")


# every form


WORDS = st.text("abcXYZ 019 żółć ÅØ'\"<&>()\\ Ωд–“”", min_size=1, max_size=40).map(str.strip)


def any_value(question: Question) -> st.SearchStrategy[str]:
    if question.kind == "checkbox":
        return st.just("yes")
    if question.kind == "choice":
        return st.sampled_from(question.options)
    if question.kind == "date":
        return st.dates(date(1950, 1, 1), date(2090, 1, 1)).map(lambda day: f"{day:%d/%m/%Y}")
    return st.lists(WORDS, min_size=1, max_size=3).map("\n".join) if question.lines > 2 else WORDS


@pytest.mark.parametrize("place", range(5))
def test_every_form_gives_back_what_was_put_in(
    place: int, built: Path, editions: tuple[Edition, ...]
) -> None:
    edition = editions[place]
    for offer, form in edition.forms:
        blank = compose_blank(edition, offer, form)
        folder = built / "site" / edition.organisation.id / "downloads"
        gives_back(prepare((folder / f"{blank.file_stem}.pdf").read_bytes(), blank), blank)


def gives_back(form: PreparedForm, blank: Blank) -> None:
    prefilled = {question.id: question.value for question in blank.questions()}
    some = {question.id: any_value(question) for question in blank.questions()}

    @settings(max_examples=5, deadline=None, database=None, derandomize=True)
    @given(st.fixed_dictionaries({}, optional=some))
    def check(values: dict[str, str]) -> None:
        misfits = {misfit.field for misfit in form.misfits(values)}
        given = {id: held for id, held in values.items() if held and id not in misfits}
        found = read(form.fill(given, "P7"), blank)
        assert {id: one.value for id, one in found.answers.items()} == {**prefilled, **given}
        assert found.identity == Identity(blank.stamp, "P7")
        assert clean(found)

    check()


def test_an_own_form_gives_back_what_was_put_in(tmp_path: Path) -> None:
    (tmp_path / "sample-form.pdf").write_bytes(their_form().saved())
    blank = own_blank()
    data = prepare(write_blank(blank, tmp_path / "house"), blank).fill(OWN_VALUES, "P7")
    found = read(data, blank)
    assert {id: found.value(id) for id in OWN_VALUES} == OWN_VALUES
    assert clean(found)


LONG = "An answer that is longer than its box. " * 60


@pytest.fixture(scope="module")
def continued() -> bytes:
    return READY.fill({"notes": LONG, "job": "Teacher"}, "p-1")


def test_an_answer_that_goes_on_behind_the_form_is_read_whole_and_without_a_remark(
    continued: bytes,
) -> None:
    found = read(continued, BLANK)
    assert found.answers["notes"].value.split() == LONG.split()
    assert (found.remarks, found.altered, found.unknown) == ((), (), {})


def test_a_page_behind_the_form_that_is_older_than_the_answer_is_remarked(
    continued: bytes,
) -> None:
    def change(document: pikepdf.Pdf) -> None:
        field(document, "notes").V = pikepdf.String("A short one.")

    (remark,) = read(edited(continued, change), BLANK).remarks
    assert "“Notes”" in remark and "older" in remark


@pytest.mark.parametrize(
    ("id", "value", "cut"),
    [
        ("notes", LONG, True),
        ("notes", LONG[:300], False),
        ("notes", "漢" * 900, True),
        ("job", LONG[:120], True),
        ("job", "Teacher", False),
        ("objectives_1_objective", "Line\n" * 20, True),
    ],
)
def test_an_answer_that_a_print_cuts_off_is_remarked(id: str, value: str, cut: bool) -> None:
    """As a program leaves it that writes only the value."""

    def change(document: pikepdf.Pdf) -> None:
        field(document, id).V = pikepdf.String(value)

    remarks = read(edited(READY.fill({}, "p-1"), change), BLANK).remarks
    title = next(question.title for question in BLANK.questions() if question.id == id)
    assert [f"“{title}”" in remark and "box" in remark for remark in remarks] == [True] * cut
