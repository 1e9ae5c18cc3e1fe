"""Copies of a blank, filled for one person: what others read in them, see in them, add to them."""

from __future__ import annotations

import io
import os
import pickle
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject

from formulary.documents.blank import Blank, Question, compose_blank
from formulary.edition.edition import Edition
from formulary.formats.pdf import conventions
from formulary.formats.pdf.appearance import SIZE, SMALLEST, set_text
from formulary.formats.pdf.font import field_font
from formulary.formats.pdf.form import write_blank
from formulary.formats.pdf.prefill import PreparedForm, prepare
from formulary.returns.submission import Identity
from tests.checkers import tools
from tests.checkers.fill_pdf import (
    fill_with_pdfium,
    fill_with_pdfjs,
    fill_with_pdflib,
    read_pdf_fields,
)
from tests.checkers.render import fields_shown, pdf_text, pdfium_text
from tests.checkers.verapdf import pdfua_failures
from tests.formats.letters import letter_blank
from tests.formats.pdf.samples import HARD, STAMP, sample_blank
from tests.helpers import ROOT

HOUSE = ROOT / "forms" / "house"

VALUES = {
    "name": HARD,
    "job": "Teacher (of \\ art), =cmd()",
    "ends": "31/08/2027",
    "stage": "M1",
    "pay": "45,000.50",
    "notes": "Zwölf – “curly”.\n\nΤρίτη παράγραφος.\nЧетвёртый абзац.",
    "objectives_1_objective": "Raise attendance in Year 7 (from 91% to 94%).",
    "objectives_1_met": "yes",
    "areas_conduct_view": "M2",
    "signed": "Ọlá Adébáyọ̀",
    "signed_date": "01/07/2027",
    "disputed": "yes",
}


@pytest.fixture(scope="module")
def blank() -> Blank:
    return sample_blank()


@pytest.fixture(scope="module")
def data(blank: Blank) -> bytes:
    return write_blank(blank, HOUSE)


@pytest.fixture(scope="module")
def prepared(blank: Blank, data: bytes) -> PreparedForm:
    return prepare(data, blank)


@pytest.fixture
def copy(prepared: PreparedForm, tmp_path: Path) -> Path:
    path = tmp_path / "copy.pdf"
    path.write_bytes(prepared.fill(VALUES, "p-017"))
    return path


def expected(blank: Blank, values: Mapping[str, str]) -> dict[str, str | bool]:
    """What each field of a copy holds, as `read_pdf_fields` says it."""
    held = {
        question.id: values.get(question.id) or question.value for question in blank.questions()
    }
    ticks = {question.id for question in blank.questions() if question.kind == "checkbox"}
    return {id: bool(value) if id in ticks else value for id, value in held.items()}


def by_pypdf(path: Path) -> dict[str, str | bool]:
    found = PdfReader(path, strict=True).get_fields() or {}
    return {
        name: _pressed(field) if field["/FT"] == "/Btn" else str(field.get("/V", ""))
        for name, field in found.items()
    }


def _pressed(field: Mapping[str, Any]) -> str | bool:
    """Whether a box is ticked; of several boxes, which."""
    value = str(field.get("/V", "/Off"))
    several = len(field.get("/Kids", ())) > 1
    return value[1:].removesuffix("Off") if several else value == "/Yes"


def by_pdfium(path: Path) -> dict[str, str | bool]:
    pdfium = tools.python_module("pypdfium2", "pip install pypdfium2")
    raw, found = pdfium.raw, {}
    document = pdfium.PdfDocument(path)
    document.init_forms()

    def string(call: Any, annotation: Any) -> str:
        size = call(document.formenv, annotation, None, 0)
        buffer = (raw.FPDF_WCHAR * (size // 2 + 1))()
        call(document.formenv, annotation, buffer, size)
        return bytes(buffer)[:size].decode("utf-16-le").rstrip("\0")

    for page in document:
        for index in range(raw.FPDFPage_GetAnnotCount(page)):
            annotation = raw.FPDFPage_GetAnnot(page, index)
            if raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_WIDGET:
                kind = raw.FPDFAnnot_GetFormFieldType(document.formenv, annotation)
                name = string(raw.FPDFAnnot_GetFormFieldName, annotation)
                state = string(raw.FPDFAnnot_GetFormFieldExportValue, annotation)
                checked = bool(raw.FPDFAnnot_IsChecked(document.formenv, annotation))
                if kind == raw.FPDF_FORMFIELD_CHECKBOX and state != "Yes":
                    found[name] = state if checked else found.get(name, "")
                    raw.FPDFPage_CloseAnnot(annotation)
                    continue
                found[name] = (
                    checked
                    if kind == raw.FPDF_FORMFIELD_CHECKBOX
                    else string(raw.FPDFAnnot_GetFormFieldValue, annotation).replace("\r\n", "\n")
                )
            raw.FPDFPage_CloseAnnot(annotation)
    document.close()
    return found


@pytest.mark.parametrize("read", [by_pypdf, read_pdf_fields, by_pdfium])
def test_others_read_the_answers(
    read: Callable[[Path], Mapping[str, str | bool]], blank: Blank, copy: Path
) -> None:
    assert read(copy) == expected(blank, VALUES)


def test_every_answer_is_seen(blank: Blank, copy: Path) -> None:
    shown = fields_shown(copy)
    boxes = {question.id for question in blank.questions() if question.kind == "choice"}
    for id, value in expected(blank, VALUES).items():
        if isinstance(value, str) and id not in boxes:
            assert shown[id].split() == value.split()
    for text in (pdf_text(copy), pdfium_text(copy)):
        words = " ".join(text.split())
        assert "Four" not in words
        for value in (HARD, "Teacher (of \\ art), =cmd()", "Ọlá Adébáyọ̀", "Четвёртый абзац."):
            assert value in words


def test_ticks_are_drawn(copy: Path) -> None:
    fields = {
        f["/T"]: f for f in map(_object, PdfReader(copy).trailer["/Root"]["/AcroForm"]["/Fields"])
    }
    for id, state in (
        ("objectives_1_met", "/Yes"),
        ("agreed", "/Yes"),
        ("objectives_2_met", "/Off"),
    ):
        assert fields[id]["/AS"] == fields[id]["/V"] == state


def _object(reference: Any) -> Any:
    return reference.get_object()


def test_the_copy_carries_the_stamp_and_the_person(data: bytes, copy: Path) -> None:
    def entries(document: bytes) -> dict[str, str]:
        return {k: str(v) for k, v in (PdfReader(io.BytesIO(document)).metadata or {}).items()}

    info = entries(copy.read_bytes())
    assert conventions.read_identity(info) == Identity(STAMP, "p-017")
    assert info["/Title"] == entries(data)["/Title"]
    assert conventions.read_identity(entries(data)) == Identity(STAMP)


def test_a_person_s_id_may_be_written_in_any_letters(prepared: PreparedForm) -> None:
    reader = PdfReader(io.BytesIO(prepared.fill({}, "Żak (2)")))
    assert (reader.metadata or {})[conventions.INFO_PERSON] == "Żak (2)"


def test_the_blank_stands_whole_before_the_update(data: bytes, copy: Path) -> None:
    document = copy.read_bytes()
    assert document.startswith(data)
    assert len(document) < len(data) + 12_000


def test_nothing_needs_repair(copy: Path) -> None:
    pikepdf = tools.python_module("pikepdf", "pip install pikepdf")
    with pikepdf.open(copy, attempt_recovery=False) as document:
        assert document.check_pdf_syntax() == []
        first, second = (bytes(part) for part in document.trailer.ID)
    assert first != second


def test_the_update_lists_its_objects_once_in_their_order(data: bytes, copy: Path) -> None:
    update = copy.read_bytes()[len(data) :]
    table = update[update.rindex(b"xref\n0 1") : update.rindex(b"trailer")]
    runs = [tuple(map(int, run)) for run in re.findall(rb"^(\d+) (\d+)$", table, re.MULTILINE)]
    listed = [first + place for first, count in runs for place in range(count)]
    written = {int(number) for number in re.findall(rb"^(\d+) 0 obj$", update, re.MULTILINE)}
    assert listed == sorted({0, *written})


def test_copies_of_two_people_have_two_ids(prepared: PreparedForm) -> None:
    ids = [
        [part.original_bytes for part in PdfReader(io.BytesIO(made)).trailer["/ID"]]
        for made in (prepared.fill({}, "1"), prepared.fill({}, "2"))
    ]
    assert ids[0][0] == ids[1][0]
    assert ids[0][1] != ids[1][1]


def test_copies_are_pdf_ua(editions: tuple[Edition, ...], tmp_path: Path) -> None:
    """One copy of each form that any organisation offers, every field filled, and of a letter."""
    forms = {
        form.id: compose_blank(edition, offer, form)
        for edition in editions
        for offer, form in edition.forms
    }
    paths = []
    for blank in (*forms.values(), sample_blank(), letter_blank()):
        filler = prepare(write_blank(blank, HOUSE), blank)
        values = {question.id: _answer(question) for question in blank.questions()}
        path = tmp_path / f"{blank.organisation}-{blank.id}.pdf"
        path.write_bytes(filler.fill(values, "p1"))
        assert read_pdf_fields(path) == expected(blank, values)
        paths.append(path)
    assert pdfua_failures(paths) == {path: [] for path in paths}


def _answer(question: Question) -> str:
    if question.kind == "choice":
        return question.options[0]
    fixed = {"checkbox": "yes", "date": "31/10/2026", "multiline": "Żółć, done.", "text": "Żak"}
    return fixed[question.kind]


@pytest.mark.parametrize("further", [fill_with_pdfium, fill_with_pdfjs, fill_with_pdflib])
def test_a_copy_can_be_filled_further_elsewhere(
    further: Callable[[Path, Mapping[str, str | bool], Path], None],
    blank: Blank,
    copy: Path,
    tmp_path: Path,
) -> None:
    out = tmp_path / "further.pdf"
    typed = "Siân Ŵ ŷ’s “A” – • Ż → ≥ Τρ Чет"
    added = {
        "job": typed,
        "objectives_2_objective": f"{typed}\n{typed}",
        "objectives_2_met": True,
        "areas_practice_view": "M2",
    }
    further(copy, added, out)
    assert read_pdf_fields(out) == {**expected(blank, VALUES), **added}
    words = " ".join(pdf_text(out).split())
    assert words.count(typed) == 3 and HARD in words
    assert pdfua_failures([out]) == {out: []}  # so no font is used that is not in the file


def test_a_second_update_by_others_leaves_the_first(blank: Blank, copy: Path) -> None:
    writer = PdfWriter(copy, incremental=True)
    fields = map(_object, writer.root_object["/AcroForm"]["/Fields"])
    job = next(field for field in fields if field.get("/T") == "job")
    job[NameObject("/V")] = TextStringObject("Caretaker")
    writer.write(copy)
    assert read_pdf_fields(copy) == {**expected(blank, VALUES), "job": "Caretaker"}


def test_a_prepared_blank_can_be_sent_to_another_process(prepared: PreparedForm) -> None:
    sent = pickle.loads(pickle.dumps(prepared))
    assert sent.fill(VALUES, "1") == prepared.fill(VALUES, "1")


def test_the_order_of_the_values_does_not_matter(prepared: PreparedForm) -> None:
    other = dict(reversed(VALUES.items()))
    assert prepared.fill(other, "1") == prepared.fill(VALUES, "1")


def test_same_bytes_whatever_the_hash_seed() -> None:
    code = (
        "import hashlib; from pathlib import Path\n"
        "from formulary.formats.pdf.form import write_blank\n"
        "from formulary.formats.pdf.prefill import prepare\n"
        "from tests.formats.pdf.samples import sample_blank\n"
        "from tests.formats.pdf.test_prefill import VALUES\n"
        f"blank = sample_blank(); made = write_blank(blank, Path({str(HOUSE)!r}))\n"
        "print(hashlib.sha256(prepare(made, blank).fill(VALUES, '1')).hexdigest())\n"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(made) == 1
    assert len(made.pop().strip()) == 64


MISFITS = [
    ("job", "Teacher 漢", "漢", "U+6F22"),
    ("job", "יעל", "י", "not in the typeface"),
    ("job", "سارة", "س", "not in the typeface"),
    ("job", "Bell\x07", "\x07", "U+0007"),
    ("job", "Lone \ud800", "\ud800", "U+D800"),
    ("job", "One\nTwo", "", "line break"),
    ("stage", "M9", "", "not one of the choices"),
    ("ends", "31/02/2027", "", "not a date"),
    ("ends", "2027-08-31", "", "not a date"),
    ("agreed", "no", "", "nor empty"),
    ("nickname", "Al", "", "does not ask this"),
]


@pytest.mark.parametrize(("field", "value", "character", "said"), MISFITS)
def test_what_a_field_cannot_take_is_named(
    prepared: PreparedForm, field: str, value: str, character: str, said: str
) -> None:
    (misfit,) = prepared.misfits({"name": "Fine", field: value})
    assert (misfit.field, misfit.character) == (field, character)
    assert said in misfit.message
    with pytest.raises(ValueError, match=re.escape(said)):
        prepared.fill({field: value}, "1")


def test_all_misfits_are_named_in_the_order_of_the_form(prepared: PreparedForm) -> None:
    values = {"who": "?", "stage": "M9", "job": "漢", "name": HARD, "ends": "soon"}
    assert [misfit.field for misfit in prepared.misfits(values)] == ["job", "ends", "stage", "who"]


def test_an_empty_value_leaves_what_the_blank_has(prepared: PreparedForm, tmp_path: Path) -> None:
    path = tmp_path / "copy.pdf"
    path.write_bytes(prepared.fill({"name": "", "agreed": "", "starts": ""}, "1"))
    found = read_pdf_fields(path)
    assert (found["name"], found["agreed"], found["starts"]) == (HARD, True, "01/09/2026")


def sizes(document: bytes, id: str) -> tuple[float, float]:
    """The size that a field's `/DA` names, and the one that it is drawn in."""
    fields = PdfReader(io.BytesIO(document)).trailer["/Root"]["/AcroForm"]["/Fields"]
    field = next(f for f in map(_object, fields) if f["/T"] == id)
    drawn = field["/AP"]["/N"].get_object().get_data().decode()
    style, shown = (re.findall(r"([\d.]+) Tf", text) for text in (str(field["/DA"]), drawn))
    return float(style[0]), float(shown[0])


@pytest.mark.parametrize(("id", "words"), [("job", 6), ("notes", 60)])
def test_a_long_answer_is_set_smaller_and_then_goes_on_behind_the_form(
    prepared: PreparedForm, data: bytes, id: str, words: int, tmp_path: Path
) -> None:
    """From a short answer to one too long: sizes fall to the smallest, then a page is added."""
    found = []
    text = "Word"
    before = len(PdfReader(io.BytesIO(data)).pages)
    while len(PdfReader(io.BytesIO(made := prepared.fill({id: text}, "1"))).pages) == before:
        style, shown = sizes(made, id)
        assert style == (0 if id == "notes" else shown)  # 0: viewers choose it
        found.append(shown)
        text += " word"
    assert found[0] == SIZE and found[-1] == SMALLEST
    assert found == sorted(found, reverse=True)
    assert len(set(found)) > 3  # step by step
    assert len(found) > words
    assert sizes(made, id)[1] == SMALLEST
    path = tmp_path / "copy.pdf"
    path.write_bytes(made)
    begins, note = fields_shown(path)[id].split("…")
    assert note.split() == ["see", "Continuation", "1"]
    assert text.startswith(" ".join(begins.split()))
    assert read_pdf_fields(path)[id] == text


LONG = "\n\n".join(
    f"Paragraph {n}: “quoted”, Ŵyn, Τρίτη. " + "Ordinary words. " * 30 for n in range(9)
)
FURTHER = "The last words of another answer, that goes on behind the form, too. " * 20


def test_long_answers_go_on_on_tagged_pages_that_say_whose_they_are(
    prepared: PreparedForm, data: bytes, tmp_path: Path
) -> None:
    values = {**VALUES, "notes": LONG, "objectives_4_measures": FURTHER}
    assert prepared.misfits(values) == ()
    path = tmp_path / "copy.pdf"
    path.write_bytes(prepared.fill(values, "p-017"))
    reader = PdfReader(path)
    before = len(PdfReader(io.BytesIO(data)).pages)
    added = [page.extract_text() for page in reader.pages[before:]]
    for number, text in enumerate(added, start=1):
        assert f"{STAMP.code} · Continuation {number} of {len(added)}" in text
        assert text.splitlines()[-2] == "Sample form"
    for value in (LONG, FURTHER):
        assert "".join(value.split()) in "".join("".join(_without_ends(added)).split())
    headings = re.findall(r"^(Notes|Objective 4: Measures)$", "\n".join(added), re.MULTILINE)
    assert headings == ["Notes", "Objective 4: Measures"]
    last = next(n for n, text in enumerate(added, start=1) if "Objective 4: Measures" in text)
    shown = fields_shown(path)
    assert shown["notes"].endswith("see Continuation 1")
    assert shown["objectives_4_measures"].endswith(f"see Continuation {last}")
    found = read_pdf_fields(path)
    assert (found["notes"], found["objectives_4_measures"]) == (LONG, FURTHER)
    assert pdfua_failures([path]) == {path: []}
    pikepdf = tools.python_module("pikepdf", "pip install pikepdf")
    with pikepdf.open(path, attempt_recovery=False) as document:
        assert document.check_pdf_syntax() == []


def _without_ends(texts: list[str]) -> list[str]:
    """Pages without the line at their head and the one at their foot."""
    return ["\n".join(text.splitlines()[:-2]) for text in texts]


def test_a_heading_stays_with_the_first_lines_of_its_answer(prepared: PreparedForm) -> None:
    for filling in range(20, 60):
        values = {"notes": "Line\n" * filling, "objectives_4_measures": FURTHER}
        reader = PdfReader(io.BytesIO(prepared.fill(values, "p")))
        pages = [page.extract_text().splitlines() for page in reader.pages]
        lines = next(page for page in pages if "Objective 4: Measures" in page)
        assert len(lines) - lines.index("Objective 4: Measures") >= 5  # two are head and foot


def test_a_letter_with_a_mark_of_its_own_is_put_together(
    prepared: PreparedForm, tmp_path: Path
) -> None:
    path = tmp_path / "copy.pdf"
    path.write_bytes(prepared.fill({"job": unicodedata.normalize("NFD", "Żółć Ñ ẹ́")}, "1"))
    assert read_pdf_fields(path)["job"] == "Żółć Ñ ẹ́"
    assert fields_shown(path)["job"] == "Żółć Ñ ẹ́"


@given(st.text([chr(code) for code in field_font().glyphs] + ["\n", "\t"], max_size=90))
@settings(max_examples=60, deadline=None)
def test_any_text_is_read_back_or_named(text: str) -> None:
    prepared = _sample()
    if prepared.misfits({"notes": text}):
        return
    made = PdfReader(io.BytesIO(prepared.fill({"notes": text}, "1")), strict=True)
    fields = made.get_fields() or {}
    wanted = unicodedata.normalize("NFC", text) or _notes()
    assert fields["notes"]["/V"] == wanted


def _notes() -> str:
    return next(q.value for q in sample_blank().questions() if q.id == "notes")


_SAMPLE: list[PreparedForm] = []


def _sample() -> PreparedForm:
    """Made once, because hypothesis and fixtures of a module do not go together."""
    if not _SAMPLE:
        blank = sample_blank()
        _SAMPLE.append(prepare(write_blank(blank, HOUSE), blank))
    return _SAMPLE[0]


def test_another_s_document_is_refused(blank: Blank, data: bytes) -> None:
    with pytest.raises(ValueError, match="does not end as a finished blank does"):
        prepare(data[:-1], blank)
    out = io.BytesIO()
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.root_object["/AcroForm"]["/Fields"].pop()  # type: ignore[index,union-attr]
    writer.write(out)
    with pytest.raises(ValueError, match="has no field disputed"):
        prepare(out.getvalue(), blank)


def test_a_long_name_and_job_title_are_on_two_lines_in_full_size(
    editions: tuple[Edition, ...],
) -> None:
    given = {
        "reviewee_name": "Bartholomew Featherstonehaugh-Cholmondeley",
        "job_title": "Assistant Headteacher and Designated Safeguarding Lead (maternity cover)",
    }
    pclc = next(edition for edition in editions if edition.id == "pclc")
    offer, form = next(pair for pair in pclc.forms if pair[1].id == "pm-form")
    blank = compose_blank(pclc, offer, form)
    slots = prepare(write_blank(blank, HOUSE), blank).slots
    for id, value in given.items():
        (place,) = slots[id].places
        setting = set_text(value, place.box)
        assert (setting.size, len(setting.lines)) == (SIZE, 2)
