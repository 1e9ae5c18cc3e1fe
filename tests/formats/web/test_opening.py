"""A page opens what other programs saved, says what it did not take, and refuses what it must."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from formulary.documents.blank import Blank
from formulary.formats.pdf.prefill import prepare as prepare_pdf
from formulary.formats.web.pack import PreparedPage
from formulary.formats.word.form import write_blank as write_word
from formulary.formats.word.prefill import prepare as prepare_word
from formulary.formats.word.reader import read_for as read_word
from tests.checkers.axe import serving
from tests.checkers.browsers import Phone, chromium
from tests.checkers.fill_pdf import fill_with_pdfium
from tests.checkers.fill_word import fill_with_libreoffice, resave_with_libreoffice
from tests.formats.web.test_journeys import MINE, PERSON, THEIRS, blank, page_of, project

__all__ = ["blank", "project"]

VALUES = {"name": "Ann Ng", **MINE, **THEIRS}
HOLDS = """return Object.fromEntries([...document.querySelectorAll("[data-q]")].map((place) => {
  const inputs = [...place.querySelectorAll("input, textarea, select")];
  const boxes = { date: () => inputs.map((one) => one.value).filter(Boolean).join("/"),
    checkbox: () => (inputs[0].checked ? "yes" : "") };
  const one = inputs.find((input) => input.type !== "radio" || input.checked);
  return [place.dataset.q, (boxes[place.dataset.kind] || (() => one.value))()];
}).filter(([, value]) => value));"""


@pytest.fixture(scope="module")
def phone(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phone]:
    with chromium(tmp_path_factory.mktemp("chromium")) as found:
        found.open(page_of(project))
        yield found


def open_file(phone: Phone, file: Path) -> str:
    """What the page says after it opened a file over whatever it holds."""
    phone.ask("document.getElementById('clear').click()")
    phone.ask("document.getElementById('open-said').textContent = ''")
    phone.give("#open-file", file)
    phone.wait("/copied|cannot be opened/.test(document.getElementById('open-said').textContent)")
    return str(phone.ask("return document.getElementById('open-said').textContent"))


def made(project: Path, blank: Blank, ending: str) -> Path:
    return next((project / "site").rglob(f"{blank.file_stem}.{ending}"))


def test_what_other_programs_saved_opens_with_every_answer(
    phone: Phone, project: Path, blank: Blank, tmp_path: Path
) -> None:
    boxes = {"ticked": True}
    office, chrome, qpdf = (tmp_path / name for name in ("lo.docx", "chrome.pdf", "qpdf.pdf"))
    in_rows = {id: value for id, value in VALUES.items() if id.startswith("views_")}
    rest = {id: value for id, value in VALUES.items() if id not in in_rows} | boxes
    fill_with_libreoffice(made(project, blank, "docx"), rest, office)
    ours = prepare_word(made(project, blank, "docx").read_bytes(), blank).fill(VALUES, PERSON)
    (tmp_path / "own.docx").write_bytes(ours)
    resave_with_libreoffice([tmp_path / "own.docx"], tmp_path / "saved")
    by_chrome = VALUES | {"few": "Three"}  # the helper knows the states of buttons in ASCII only
    fill_with_pdfium(made(project, blank, "pdf"), by_chrome | boxes, chrome)
    ours = prepare_pdf(made(project, blank, "pdf").read_bytes(), blank).fill(VALUES, PERSON)
    with pikepdf.open(io.BytesIO(ours)) as document:
        document.save(qpdf, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    read = read_word(office.read_bytes(), lambda stamp: blank, project / "forms" / "house")
    from_office = {id: one.value for id, one in read.answers.items() if one.value}
    assert len(from_office) == len(VALUES) - len(in_rows)
    saved = tmp_path / "saved" / "own.docx"
    for file, wanted in (
        *((office, from_office), (saved, VALUES)),
        *((chrome, by_chrome), (qpdf, VALUES)),
    ):
        said = open_file(phone, file)
        assert f"{len(wanted)} answers copied." in said and "Not copied" not in said
        assert phone.ask(HOLDS) == wanted


def test_last_years_form_gives_what_is_still_asked_and_the_rest_is_named(
    phone: Phone, project: Path, blank: Blank, tmp_path: Path
) -> None:
    (first, *others) = blank.parts
    earlier = tuple(
        replace(question, id={"words": "old_words", "day": "gone"}.get(question.id, question.id))
        for question in first.questions
    )
    stamp = replace(blank.stamp, year=2025, edition="2025-26", digest="0123456789")
    last = replace(blank, parts=(replace(first, questions=earlier), *others), stamp=stamp)
    copy = prepare_word(write_word(last, project / "forms" / "house"), last)
    file = tmp_path / "last.docx"
    file.write_bytes(copy.fill({"old_words": "Kept", "gone": "29/02/2028", "mail": "a@b.cd"}, ""))
    said = open_file(phone, file)
    assert "another edition (2025-26)" in said and "2 answers copied" in said
    assert "Not copied, gone: 29/02/2028" in said
    assert phone.ask(HOLDS) == {"words": "Kept", "mail": "a@b.cd"}


def test_what_is_no_such_form_is_refused_and_nothing_changes(
    phone: Phone, project: Path, blank: Blank, tmp_path: Path
) -> None:
    house = project / "forms" / "house"
    other = replace(blank, stamp=replace(blank.stamp, form="another-form"))
    pdf = made(project, blank, "pdf")
    files = {
        "another form": ("other.docx", write_word(other, house)),
        "neither a Word document": ("notes.docx", b"Some notes"),
        "damaged": ("cut.docx", made(project, blank, "docx").read_bytes()[:4000]),
        "no fields": ("printed.pdf", b""),
        "locked": ("locked.pdf", b""),
    }
    with pikepdf.open(pdf) as document:
        document.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(user="a", owner="b"))
        del document.Root.AcroForm
        document.save(tmp_path / "printed.pdf")
    for words, (name, data) in files.items():
        if data:
            (tmp_path / name).write_bytes(data)
        said = open_file(phone, tmp_path / name)
        assert words in said and "Nothing on this page was changed." in said
    assert phone.ask(HOLDS) == {}


def test_a_packs_page_gives_its_answers_to_the_handbook_alone(
    phone: Any, project: Path, blank: Blank, tmp_path: Path
) -> None:
    small, stranger = tmp_path / "pack.html", tmp_path / "site" / "stranger.html"
    stranger.parent.mkdir()
    hard = {"name": "Żółć O'Neil & </script><Sons>", "words": "ŵ “quotes”", "agreed": "Yes"}
    with serving(project / "site") as handbook, serving(stranger.parent) as elsewhere:
        address = f"{handbook}/{page_of(project).relative_to(project / 'site').as_posix()}"
        small.write_bytes(PreparedPage(blank, address).fill(hard, PERSON))
        text = small.read_text(encoding="utf-8")
        # the same file, from a server that is not the handbook's
        stranger.write_text(text, encoding="utf-8")
        with phone.tab.context.browser.new_context() as context:
            tab = context.new_page()
            for opener, taken in ((small.as_uri(), True), (f"{elsewhere}/{stranger.name}", False)):
                tab.goto(opener)
                with tab.context.expect_page() as opening:
                    tab.click("#open")
                page = opening.value
                page.wait_for_load_state()
                if taken:
                    page.click("#open-yes")
                    assert "3 answers copied" in page.inner_text("#open-said")
                    assert page.evaluate(f"() => {{{HOLDS}}}") == hard
                else:
                    # whatever was sent has come by the time that an answer of ours has
                    tab.evaluate("() => new Promise((end) => setTimeout(end))")
                    page.evaluate("() => new Promise((end) => setTimeout(end))")
                    assert page.is_hidden("#open-ask")
                    assert page.evaluate(f"() => {{{HOLDS}}}") == {}
                assert hard["name"] not in page.url
                page.close()
            # a page that comes to another address gets nothing
            small.write_bytes(PreparedPage(blank, f"{elsewhere}/{stranger.name}").fill({}, PERSON))
            listener = (
                "opener.postMessage('formulary-ready', '*'); onmessage = (e) => { got = e.data }"
            )
            stranger.write_text(f"<script>got = 'nothing'; {listener}</script>", encoding="utf-8")
            text = small.read_text(encoding="utf-8").replace(
                f'"origin": "{elsewhere}"', f'"origin": "{handbook}"'
            )
            small.write_text(text, encoding="utf-8")
            tab.goto(small.as_uri())
            with tab.context.expect_page() as opening:
                tab.click("#open")
            opening.value.wait_for_load_state()
            assert opening.value.evaluate("() => got") == "nothing"


def test_a_packs_page_refuses_what_the_form_cannot_take(blank: Blank) -> None:
    page = PreparedPage(blank, "https://handbook.example/fill/every-kind.html")
    wrong = {"day": "soon", "few": "Seven", "ticked": "maybe", "words": "a\nb", "gone": "x"}
    assert [found.field for found in page.misfits(wrong | {"name": "Ann Ng"})] == [
        *("words", "day", "few", "ticked", "gone")
    ]
    with pytest.raises(ValueError, match="soon"):
        page.fill({"day": "soon"}, PERSON)
