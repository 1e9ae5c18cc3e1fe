"""Where a file comes from: what the pages say of downloads, and which edition a file is.

Files are given to the page in Chromium, opened as a file with no network, as a reader has it.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import pikepdf
import pytest
from lxml import html
from pypdf import PdfReader

from formulary.content.loading import Content
from formulary.documents.blank import Blank, compose_blank
from formulary.edition.edition import Edition, edition_of
from formulary.formats.handbook.downloads import Download
from formulary.formats.handbook.pages import write_pages
from formulary.formats.pdf.form import write_blank as write_pdf
from formulary.formats.word.form import write_blank as write_word
from tests.checkers import fill_pdf
from tests.checkers.axe import Browser
from tests.helpers import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page

HOUSE = ROOT / "forms" / "house"
FORM = "one-to-one"
PUBLISHED = "This is “One-to-one record” of Cheshire West"


@pytest.fixture(scope="module")
def site(built: Path) -> Path:
    return built / "site"


@pytest.fixture(scope="module")
def listed(site: Path) -> list[dict[str, Any]]:
    found = json.loads((site / "manifest.json").read_text("utf-8"))["downloads"]
    return [one for one in found if one["organisation"] == "cwac"]


@pytest.fixture(scope="module")
def page(site: Path, browser: Browser) -> Iterator[Page]:
    """The page that reads files, opened from the disk; a request to any host fails the test."""
    with browser.reader(offline=True) as tab:
        asked: list[str] = []
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto((site / "cwac" / "which-edition.html").as_uri())
        yield tab
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


Tell = Callable[[str, bytes], str]


@pytest.fixture(scope="module")
def tell(page: Page) -> Tell:
    """What the page says of a file with that name and those bytes."""

    def of(name: str, data: bytes) -> str:
        page.set_input_files(
            "#which-file",
            {"name": name, "mimeType": "application/octet-stream", "buffer": data},
        )
        answer = page.get_by_role("status").filter(has=page.get_by_text(name, exact=True))
        answer.locator(".which-gist").wait_for()
        return " ".join(answer.inner_text().split())

    return of


@pytest.fixture(scope="module")
def blank(editions: tuple[Edition, ...]) -> Blank:
    return blank_of(next(edition for edition in editions if edition.id == "cwac"))


def blank_of(edition: Edition) -> Blank:
    offer, form = next(found for found in edition.forms if found[1].id == FORM)
    return compose_blank(edition, offer, form)


def edition_in(content: Content, id: str, year: int) -> Edition:
    own = next(own for own in content.organisations if own.id == id)
    edition, problems = edition_of(content, own, year)
    assert edition is not None
    assert problems == ()
    return edition


# ---- What the pages say of each download ----


def test_each_download_is_told_with_size_edition_pages_date_and_checksum(
    site: Path, listed: list[dict[str, Any]]
) -> None:
    page = html.parse(site / "cwac" / "downloads.html")
    rows = page.xpath("//table/tbody/tr")
    links = {link.get("href"): link.text_content() for row in rows for link in row.iter("a")}
    fill = {link for link in links if link.startswith("fill/")}
    assert fill == {f"fill/{found['form']}.html" for found in listed if found["form"] != "policy"}
    files = {f"cwac/{link}" for link in links if link not in fill}
    assert files == {found["path"] for found in listed}
    assert {row.xpath("./td[1]")[0].text_content() for row in rows} == {"2026-27"}
    (folded,) = page.xpath("//details[contains(@class, 'for-it')]")
    assert folded.get("open") is None
    for_it = " ".join(folded.text_content().split())
    assert "1 January 2026" not in for_it  # the date in a file shows its edition, and no day
    for found in listed:
        data = (site / found["path"]).read_bytes()
        said = links[found["path"].removeprefix("cwac/")]
        assert said.startswith(f"{found['format']}: ")
        assert f", {-(-len(data) // 1000)} kB" in said
        assert f"SHA-256: {hashlib.sha256(data).hexdigest()}" in for_it
        assert found["code"] in for_it
        assert found["dated"] == "2026-01-01"
        if found["format"] == "PDF":
            with pikepdf.open(io.BytesIO(data)) as document:
                number = len(document.pages)
            assert f"{number} page" in said
            assert found["pages"] == number
        else:
            assert "page" not in said
            assert "pages" not in found


def test_the_clauses_behind_a_form_are_linked(site: Path, listed: list[dict[str, Any]]) -> None:
    told = [found for found in listed if found["clauses"] and found["form"] != "policy"]
    assert told
    for found in told:
        page = html.parse(site / "cwac" / "forms" / f"{found['form']}.html")
        links = page.xpath("//dl[@class='facts']//a/@href")
        for clause in found["clauses"]:
            assert any(link.endswith(f"#{clause}") for link in links), (found["form"], clause)


def test_the_form_s_own_page_and_the_policy_s_tell_the_same(site: Path) -> None:
    everything = html.parse(site / "cwac" / "downloads.html")
    sums = set(everything.xpath("//code[string-length() = 64]/text()"))
    for name in ("forms/one-to-one.html", "policy/index.html"):
        page = html.parse(site / "cwac" / name)
        folded = page.xpath("//details//code[string-length() = 64]/text()")
        assert len(folded) == 2, name
        assert set(folded) <= sums, name
        assert page.xpath("//code[string-length() = 64]/text()") == folded, name


# ---- Approval on the forms ----


def test_a_document_that_shuts_readers_out_says_so_beside_its_link(
    editions: tuple[Edition, ...],
) -> None:
    edition = editions[0]
    _, form = edition.forms[0]
    file = Download(edition.id, form.id, form.title, edition.name, "PDF", "x.pdf", 900, "0" * 64)
    path = f"{edition.id}/forms/{form.id}.md"
    said = "Not accessible to everyone:</strong> it is not tagged"
    assert said not in str(write_pages((edition,), [file])[path])
    barred = replace(file, barriers=("it is not tagged",))
    assert said in str(write_pages((edition,), [barred])[path])


def test_a_form_says_where_its_policy_stands_and_keeps_its_code(
    editions: tuple[Edition, ...],
) -> None:
    edition = next(edition for edition in editions if edition.id == "staploe")
    known = blank_of(edition)
    policy = edition.policy.model_copy(update={"version": "9.9"})
    changed = blank_of(replace(edition, policy=policy))
    line = "Edition 2026-27 · Version 9.9, approved by the Infrastructure Committee"
    assert changed.stamp == known.stamp
    with zipfile.ZipFile(io.BytesIO(write_word(changed, HOUSE))) as package:
        assert line in package.read("word/document.xml").decode()
    words = PdfReader(io.BytesIO(write_pdf(changed, HOUSE))).pages[0].extract_text()
    assert line in " ".join(words.split())


# ---- Which edition a file is ----


@pytest.mark.parametrize(("ending", "format"), [("docx", "Word"), ("pdf", "PDF")])
def test_a_published_file_is_known_byte_for_byte(
    site: Path, tell: Tell, ending: str, format: str
) -> None:
    path = site / "cwac" / "downloads" / f"{FORM}-2026-27.{ending}"
    said = tell(f"renamed.{ending}", path.read_bytes())
    assert PUBLISHED in said
    assert f"edition 2026-27 ({format})" in said
    assert "It is the current edition." in said
    assert "Its questions are as published" in said
    assert f"Byte for byte it is the file published here ({format}, " in said


def test_a_policy_has_words_and_not_questions(site: Path, tell: Tell) -> None:
    path = site / "cwac" / "downloads" / "policy-2026-27.docx"
    said = tell("policy.docx", path.read_bytes())
    assert "This is “Performance Management Policy”" in said
    assert "Its words are as published" in said


def test_a_form_that_chrome_filled_in_and_saved_is_known(
    site: Path, tell: Tell, tmp_path: Path, blank: Blank
) -> None:
    source = site / "cwac" / "downloads" / f"{FORM}-2026-27.pdf"
    question = next(question for question in blank.questions() if question.kind == "text")
    filled = tmp_path / "filled.pdf"
    fill_pdf.fill_with_pdfium(source, {question.id: "Mara Quill"}, filled)
    said = tell("filled.pdf", filled.read_bytes())
    assert PUBLISHED in said
    assert "Its questions are as published" in said
    assert "not byte for byte" in said


def test_other_programs_ways_of_saving_a_pdf_are_read(
    site: Path, tell: Tell, tmp_path: Path
) -> None:
    source = site / "cwac" / "downloads" / f"{FORM}-2026-27.pdf"
    with pikepdf.open(source) as document:
        packed, plain = io.BytesIO(), io.BytesIO()
        document.save(packed, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        document.save(plain, qdf=True)
    assert b"/FormularyForm" not in packed.getvalue()
    for name, data in (("packed.pdf", packed.getvalue()), ("plain.pdf", plain.getvalue())):
        assert PUBLISHED in tell(name, data), name
    later = source.read_bytes() + changed_information(source.read_bytes())
    assert "“planning” of Cheshire West" in tell("later.pdf", later)


def changed_information(document: bytes) -> bytes:
    """A change saved at the end of the file: the information anew, as hexadecimal UTF-16."""
    number = re.findall(rb"/Info (\d+) 0 R", document)[-1].decode()
    said = {
        "Form": "planning",
        "Organisation": "cwac",
        "Year": "2026",
        "Edition": "2026-27",
        "Digest": "0123456789abcdef",
    }
    coded = {key: f"\ufeff{value}".encode("utf-16-be").hex() for key, value in said.items()}
    entries = "".join(f"/Formulary{key} <{value}>" for key, value in coded.items())
    return (
        f"\n{number} 0 obj\n<<{entries}>>\nendobj\ntrailer\n<</Info {number} 0 R>>\n%%EOF\n"
    ).encode()


def test_an_older_and_a_newer_edition_are_told_apart(content: Content, tell: Tell) -> None:
    older = write_word(blank_of(edition_in(content, "cwac", 2025)), HOUSE)
    said = tell("older.docx", older)
    assert "edition 2025-26 (Word)" in said
    assert "It is an older edition. The current one is 2026-27." in said
    assert "the same as in edition 2026-27" in said
    assert "The current “One-to-one record”" in said
    newer = write_pdf(blank_of(edition_in(content, "cwac", 2027)), HOUSE)
    assert "Look for a newer handbook." in tell("newer.pdf", newer)


def test_a_form_with_other_questions_is_called_so(tell: Tell, blank: Blank) -> None:
    other = replace(blank, stamp=replace(blank.stamp, digest="0123456789abcdef"))
    said = tell("other.docx", write_word(other, HOUSE))
    assert "Its questions are not those published now: its code is 0123-4567" in said
    assert blank.stamp.code.split()[-1] in said


def test_another_organisation_s_form_is_named(content: Content, tell: Tell) -> None:
    edition = edition_in(content, "pclc", 2026)
    said = tell("theirs.docx", write_word(blank_of(edition), HOUSE))
    assert "of another organisation (“pclc”)" in said


def archive(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name.replace("__", "/") + ".xml", data)
    return made.getvalue()


def word_document() -> bytes:
    made = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("A letter.")
    document.save(made)
    return made.getvalue()


BOMB = b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'bbbbbbbb'>]><a>&b;</a>"
HOSTILE = (
    '<Properties xmlns="urn:x" xmlns:v="urn:v">'
    + "".join(
        f'<property name="Formulary{key}"><v:lpwstr>{value}</v:lpwstr></property>'
        for key, value in {
            "Form": "__proto__",
            "Organisation": "cwac",
            "Year": "2026",
            "Edition": "&lt;img src=x onerror=alert(1)&gt;",
            "Digest": "constructor",
        }.items()
    )
    + "</Properties>"
).encode()


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("empty.docx", b"", "The file is empty: it has 0 bytes."),
        ("junk.pdf", bytes(range(256)) * 40, "It is neither a Word document nor a PDF"),
        ("picture.docx", b"\x89PNG\r\n\x1a\n" + bytes(100), "It is neither a Word"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old version of Word"),
        ("cut.docx", word_document()[:2000], "its end is missing"),
        ("other.zip", archive(a=b"<a/>"), "It is not a Word document."),
        (
            "entities.docx",
            archive(word__document=b"<a/>", docProps__custom=BOMB),
            "not in the form that programs save",
        ),
        (
            "bomb.docx",
            archive(word__document=b"<a/>", docProps__custom=b"<a>" + b" " * 9_000_000),
            "far larger than in any of our forms",
        ),
        (
            "broken.docx",
            archive(word__document=b"<a/>", docProps__custom=b"<a"),
            "The file is damaged.",
        ),
        ("text.odt", archive(content=b"<a/>", meta=b"<a/>"), "It is not a Word document."),
        ("large.pdf", b"%PDF-1.7\n" + bytes(21_000_000), "far larger than any of our forms"),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_plain_sentence(
    tell: Tell, name: str, data: bytes, why: str
) -> None:
    said = tell(name, data)
    assert "This file cannot be read." in said
    assert why in said


def test_a_damaged_archive_is_called_damaged(site: Path, tell: Tell) -> None:
    data = bytearray((site / "cwac" / "downloads" / f"{FORM}-2026-27.docx").read_bytes())
    at = data.rindex(b"PK\x05\x06")
    data[at + 16 : at + 20] = (2**31).to_bytes(4, "little")
    assert "The file is damaged." in tell("damaged.docx", bytes(data))


def test_a_locked_pdf_is_called_locked(site: Path, tell: Tell) -> None:
    locked = io.BytesIO()
    with pikepdf.open(site / "cwac" / "downloads" / f"{FORM}-2026-27.pdf") as document:
        document.save(locked, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert "locked with a password" in tell("locked.pdf", locked.getvalue())


def test_a_foreign_file_is_not_taken_for_a_form(tell: Tell) -> None:
    said = tell("letter.docx", word_document())
    assert "This Word file does not say which form it is." in said
    blank_pdf = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(blank_pdf)
    assert "This PDF file does not say" in tell("foreign.pdf", blank_pdf.getvalue())


def test_what_a_file_says_of_itself_stays_words(tell: Tell, page: Page) -> None:
    said = tell("hostile.docx", archive(word__document=b"<a/>", docProps__custom=HOSTILE))
    assert "<img src=x onerror=alert(1)>" in said
    assert "The current edition has no such form." in said
    assert page.locator("#which-answer img").count() == 0


def test_the_file_is_chosen_by_keyboard_and_the_answer_is_announced(
    page: Page, site: Path, tell: Tell
) -> None:
    path = site / "cwac" / "downloads" / f"{FORM}-2026-27.docx"
    # Waited for from the start: the browser must know that its chooser is to be taken over
    # well before the key is pressed, or a busy machine opens its own.
    with page.expect_file_chooser() as chooser:
        page.locator("h1 ~ p a, .notice a").first.focus()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "which-file"
        page.keyboard.press("Enter")
    chooser.value.set_files(path)
    answer = page.get_by_role("status").filter(has_text=path.name)
    answer.filter(has_text=PUBLISHED).wait_for()
    assert page.get_by_label("Choose a Word or PDF file").count() == 1


def test_a_file_can_be_dropped(page: Page, site: Path) -> None:
    data = (site / "cwac" / "downloads" / f"{FORM}-2026-27.docx").read_bytes()
    page.evaluate(
        """(bytes) => {
            const held = new DataTransfer();
            held.items.add(new File([new Uint8Array(bytes)], "dropped.docx"));
            const event = new DragEvent("drop", {dataTransfer: held, cancelable: true});
            document.getElementById("which-drop").dispatchEvent(event);
        }""",
        list(data),
    )
    page.locator(".which-name", has_text="dropped.docx").wait_for()
    assert PUBLISHED in page.locator("#which-answer").inner_text()


def test_without_a_script_every_code_stands_in_a_table(
    site: Path, listed: list[dict[str, Any]]
) -> None:
    page = html.parse(site / "cwac" / "which-edition.html")
    (asks,) = page.xpath("//*[@id='which']")
    assert "hidden" in asks.attrib
    shown = set(page.xpath("//table//code/text()"))
    assert shown == {found["code"] for found in listed}
    assert "Find the code in the file’s footer" in page.xpath("string(//main//noscript)")
