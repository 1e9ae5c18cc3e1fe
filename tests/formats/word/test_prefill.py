"""Word forms filled for one person: as if by hand, small, open to others, always the same."""

from __future__ import annotations

import io
import os
import pickle
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from formulary.content.form import PREVIOUS
from formulary.documents.blank import Blank, Question, compose_blank
from formulary.edition.edition import Edition
from formulary.formats.word.controls import set_tick, set_value
from formulary.formats.word.form import write_blank
from formulary.formats.word.ooxml import box_tag, read_identity
from formulary.formats.word.prefill import LONGEST, PreparedWord, prepare
from formulary.problems import OutputError
from formulary.returns.submission import Identity
from tests.checkers.fill_word import fill_with_libreoffice, read_word_fields
from tests.checkers.openxml import openxml_errors
from tests.checkers.render import docx_to_pdf, pdf_text
from tests.formats.word.samples import HARD, HOUSE, STAMP, blank, controls, names, part
from tests.helpers import controls_of, cover

PERSON = "A&B<7>"
WHOLE = {
    "reviewee": "Łucja & <Ó>",
    "cycle_to": "31/08/2027",
    "stage": "M1-M2",
    "level": "Blue",
    "notes": "One\tand a half\n\n  Three]]>",
    "pay": "45,000.50",
    "standards_1_met": "yes",
    "signed_date": "29/02/2028",
}
DOCUMENT, PROPERTIES = "word/document.xml", "docProps/custom.xml"

Ready = tuple[Blank, bytes, PreparedWord]


@pytest.fixture(scope="module")
def data() -> bytes:
    return write_blank(blank(), HOUSE)


@pytest.fixture(scope="module")
def prepared(data: bytes) -> PreparedWord:
    return prepare(data, blank())


@pytest.fixture(scope="module")
def shipped(editions: tuple[Edition, ...], built: Path) -> tuple[Ready, ...]:
    """Every blank of every organisation, as it was built, made ready to be filled."""
    ready = []
    for edition in editions:
        for offer, form in edition.forms:
            made = compose_blank(edition, offer, form)
            downloads = built / "site" / edition.id / "downloads"
            written = (downloads / f"{made.file_stem}.docx").read_bytes()
            ready.append((made, written, prepare(written, made)))
    return tuple(ready)


def by_hand(document: bytes, asked: Blank, values: Mapping[str, str]) -> bytes:
    """The document's XML, in canonical form, with each value put into its control in the tree."""
    body = part(document, DOCUMENT)
    found = controls(body)
    for question in asked.questions():
        if values.get(question.id) and question.id in found:
            set_value(found[question.id], question, values[question.id])
        elif values.get(question.id):
            for place, option in enumerate(question.options, start=1):
                set_tick(found[box_tag(question.id, place)], option == values[question.id])
    return canonical(body)


def canonical(root: Any) -> bytes:
    return bytes(etree.tostring(root, method="c14n"))


def properties(copy: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(copy)) as package:
        return package.read(PROPERTIES)


def texts(kind: str) -> st.SearchStrategy[str]:
    plain = st.characters(exclude_categories=("Cs", "Cc", "Cn"))
    hard = "&<>\"'\t]]>{%" + ("\n\r" if kind == "multiline" else "")
    return st.text(st.one_of(plain, st.sampled_from(hard)), max_size=300)


def answers(question: Question) -> st.SearchStrategy[str]:
    """Nothing, or any value that the question can take."""
    fitting: dict[str, st.SearchStrategy[str]] = {
        "date": st.dates().map(lambda day: f"{day.day:02}/{day.month:02}/{day.year:04}"),
        "choice": st.sampled_from(question.options or ("",)),
        "checkbox": st.just("yes"),
    }
    if question.kind in LONGEST:
        return st.one_of(st.just(""), texts(question.kind))
    return st.one_of(st.just(""), fitting[question.kind])


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(st.data())
def test_a_copy_is_what_filling_each_control_in_the_tree_gives(
    shipped: tuple[Ready, ...], drawn: st.DataObject
) -> None:
    asked, written, ready = drawn.draw(st.sampled_from(shipped))
    questions = drawn.draw(st.lists(st.sampled_from(tuple(asked.questions())), max_size=12))
    values = {question.id: drawn.draw(answers(question)) for question in questions}
    copy = ready.fill(values, PERSON)
    assert canonical(part(copy, DOCUMENT)) == by_hand(written, asked, values)


def answer(question: Question, place: int) -> str:
    if question.kind in LONGEST:
        return f"{HARD} {place}"
    fixed = {"date": "31/10/2026", "checkbox": "yes"}
    return fixed.get(question.kind) or question.options[place % len(question.options)]


def test_every_shipped_blank_takes_all_its_answers(shipped: tuple[Ready, ...]) -> None:
    for asked, written, ready in shipped:
        values = {q.id: answer(q, place) for place, q in enumerate(asked.questions())}
        copy = ready.fill(values, PERSON)
        assert canonical(part(copy, DOCUMENT)) == by_hand(written, asked, values)


def test_an_outside_reader_finds_the_answers(prepared: PreparedWord, tmp_path: Path) -> None:
    path = tmp_path / "copy.docx"
    path.write_bytes(prepared.fill(WHOLE, PERSON))
    found = read_word_fields(path)
    wanted = {**WHOLE, "standards_1_met": True, "checked": True, "cycle_from": "01/09/2026"}
    assert {id: found[id] for id in wanted} == wanted
    assert not any(found[id] for id in set(found) - set(wanted))


def test_nothing_but_answers_and_person_differs_from_the_blank(
    data: bytes, prepared: PreparedWord
) -> None:
    copy = prepared.fill({}, PERSON)
    assert canonical(part(copy, DOCUMENT)) == canonical(part(data, DOCUMENT))
    same = [name for name in names(data) if name not in (DOCUMENT, PROPERTIES)]
    assert names(copy) == [*same, PROPERTIES, DOCUMENT]
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(io.BytesIO(copy)) as new:
        assert [new.read(name) for name in same] == [old.read(name) for name in same]


def test_a_value_that_is_empty_leaves_what_the_blank_has(
    data: bytes, prepared: PreparedWord
) -> None:
    empty = {question.id: "" for question in blank().questions()}
    assert prepared.fill(empty, PERSON) == prepared.fill({}, PERSON)


def test_the_stamp_stays_and_names_the_person(data: bytes, prepared: PreparedWord) -> None:
    custom = properties(prepared.fill(WHOLE, PERSON))
    assert read_identity(custom) == Identity(STAMP, PERSON)
    assert read_identity(properties(data)) == Identity(STAMP)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("level", "Purple", "“Green”, “Blue”"),
        ("cycle_to", "31/02/2027", "31/02/2027"),
        ("cycle_to", "2027-08-31", "dd/mm/yyyy"),
        ("cycle_to", "1/9/2026", "dd/mm/yyyy"),
        ("cycle_to", "٣١/٠٨/٢٠٢٧", "dd/mm/yyyy"),
        ("checked", "no", "yes"),
        ("pay", "1\n2", "one line"),
        ("pay", "1\r2", "one line"),
        ("pay", "1" * (LONGEST["text"] + 1), "1 character too long"),
        ("notes", "1" * (LONGEST["multiline"] + 2), "2 characters too long"),
        ("nothing_like_it", "x", "not ask"),
    ],
)
def test_a_value_that_does_not_fit_is_named_and_refused(
    prepared: PreparedWord, field: str, value: str, said: str
) -> None:
    (found,) = prepared.misfits({**WHOLE, field: value})
    assert (found.field, found.character) == (field, "")
    assert said in found.message
    with pytest.raises(ValueError, match=field):
        prepared.fill({**WHOLE, field: value}, PERSON)


@pytest.mark.parametrize(
    "character", ["\0", "\x0b", "\x1f", "\x7f", "\x92", "\ud800", "\ufdd0", "\ufffe", "\U0010ffff"]
)
def test_a_character_that_xml_lacks_is_named_and_refused(
    prepared: PreparedWord, character: str
) -> None:
    (found,) = prepared.misfits({"notes": f"a{character}b"})
    assert (found.field, found.character) == ("notes", character)
    assert f"U+{ord(character):04X}" in found.message
    for values, person in (({"notes": character}, PERSON), ({}, character)):
        with pytest.raises(ValueError):
            prepared.fill(values, person)


def test_misfits_come_in_the_order_of_the_form(prepared: PreparedWord) -> None:
    wrong = {"other": "x", "signed_date": "x", "cycle_from": "x", "level": "x", "notes": "fine"}
    found = [misfit.field for misfit in prepared.misfits(wrong)]
    assert found == ["cycle_from", "level", "signed_date", "other"]


@pytest.mark.parametrize("letter", ["x", "\U0001f600"])
def test_the_longest_text_fits(data: bytes, prepared: PreparedWord, letter: str) -> None:
    values = {"notes": letter * LONGEST["multiline"]}
    assert canonical(part(prepared.fill(values, PERSON), DOCUMENT)) == by_hand(
        data, blank(), values
    )


def test_a_copy_does_not_hang_on_what_was_copied_before(
    data: bytes, prepared: PreparedWord
) -> None:
    wanted = prepare(data, blank()).fill(WHOLE, PERSON)
    prepared.fill({"notes": "another’s secret", "pay": "1"}, "somebody else")
    backwards = dict(reversed(WHOLE.items()))
    assert prepared.fill(backwards, PERSON) == wanted
    assert pickle.loads(pickle.dumps(prepared)).fill(WHOLE, PERSON) == wanted


def test_bytes_do_not_hang_on_hash_order(prepared: PreparedWord) -> None:
    code = (
        "import hashlib; from tests.formats.word.samples import HOUSE, blank;"
        "from tests.formats.word.test_prefill import PERSON, WHOLE;"
        "from formulary.formats.word.form import write_blank;"
        "from formulary.formats.word.prefill import prepare;"
        "copy = prepare(write_blank(blank(), HOUSE), blank()).fill(WHOLE, PERSON);"
        "print(hashlib.sha256(copy).hexdigest())"
    )
    found = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(HOUSE.parents[1])}
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, check=True
        )
        found.add(done.stdout)
    assert len(found) == 1


def test_copies_open_elsewhere_and_are_small(
    shipped: tuple[Ready, ...], whole: bool, tmp_path: Path
) -> None:
    """Every form of every organisation is opened. Forms with controls of every kind, or one of
    each form, go to Microsoft's validator.
    """
    paths: dict[str, Path] = {}
    for number, (asked, written, ready) in enumerate(shipped):
        known = {
            q.id: answer(q, place)
            for place, q in enumerate(asked.questions())
            if q.prefill and not q.prefill.startswith(PREVIOUS)
        }
        path = tmp_path / f"{number}-{asked.id}.docx"
        path.write_bytes(ready.fill(known, PERSON))
        with zipfile.ZipFile(path) as package:
            assert package.testzip() is None
        assert docx.Document(str(path)).core_properties.title == asked.title
        assert path.stat().st_size < 1.3 * len(written)
        paths.setdefault(asked.id, path)
    asked_of = {asked.id: controls_of(asked) for asked, _, _ in shipped}
    chosen = [paths[id] for id in (paths if whole else cover(asked_of))]
    assert openxml_errors(chosen) == {path: [] for path in chosen}


def test_libreoffice_shows_the_answers(prepared: PreparedWord, tmp_path: Path) -> None:
    path = tmp_path / "copy.docx"
    path.write_bytes(prepared.fill(WHOLE, PERSON))
    (made,) = docx_to_pdf([path], tmp_path / "pdf")
    shown = " ".join(pdf_text(made).split())
    for text in ("Łucja & <Ó>", "31/08/2027", "M1-M2", "Three]]>", "45,000.50", "29/02/2028"):
        assert text in shown


def test_lines_outlive_being_opened_and_saved_by_libreoffice(
    prepared: PreparedWord, tmp_path: Path
) -> None:
    path, saved = tmp_path / "copy.docx", tmp_path / "saved.docx"
    lines = {"notes": "First line\n\nThird: one\tand two", "objectives_1_measure": "One line"}
    path.write_bytes(prepared.fill(lines, PERSON))
    fill_with_libreoffice(path, {"pay": "1"}, saved)
    found = read_word_fields(saved)
    assert {id: found[id] for id in lines} == lines


def test_a_document_that_cannot_be_filled_is_named(data: bytes) -> None:
    asked = blank()
    more = replace(
        asked.parts[0],
        questions=(*asked.parts[0].questions, Question("more", "More", "More", "text")),
    )
    with pytest.raises(OutputError, match="More"):
        prepare(data, replace(asked, parts=(more, *asked.parts[1:])))
    stampless = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stampless, "w") as new:
        for name in old.namelist():
            if name != PROPERTIES:
                new.writestr(name, old.read(name))
    with pytest.raises(OutputError, match="stamp"):
        prepare(stampless.getvalue(), asked)
