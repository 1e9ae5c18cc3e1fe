"""OpenDocument texts: the same on every run, with the stamp, made once, never fatal."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from pathlib import Path

import pytest
from lxml import etree, html

from formulary.formats.opendocument import open_documents
from formulary.formats.word.form import write_blank
from formulary.model.blank import Blank, compose_blank
from formulary.model.edition import Edition
from formulary.pipeline import site
from formulary.problems import OutputError
from tests.checkers import render, tools
from tests.helpers import ROOT, Quiet, copy_project

USER_DEFINED = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}user-defined"
NAME = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}name"


@pytest.fixture(scope="module")
def soffice() -> str:
    return tools.program("soffice", "apt-get install libreoffice-writer-nogui")


@pytest.fixture(scope="module")
def blank(editions: tuple[Edition, ...]) -> Blank:
    edition = next(edition for edition in editions if edition.id == "pclc")
    offer, form = next(found for found in edition.forms if found[1].id == "one-to-one")
    return compose_blank(edition, offer, form)


@pytest.fixture(scope="module")
def word(blank: Blank) -> bytes:
    return write_blank(blank, ROOT / "forms" / "house")


@pytest.fixture(scope="module")
def made(soffice: str, word: bytes, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return open_documents({"form": word}, soffice, tmp_path_factory.mktemp("cache"))["form"]


def test_two_runs_give_the_same_bytes(
    soffice: str, word: bytes, made: bytes, tmp_path: Path
) -> None:
    assert open_documents({"form": word}, soffice, tmp_path)["form"] == made


def test_a_policy_with_lists_and_pictures_is_the_same_twice(
    soffice: str, built: Path, tmp_path: Path
) -> None:
    policy = (built / "site" / "pclc" / "downloads" / "policy-2026-27.docx").read_bytes()
    once, again = (
        open_documents({"policy": policy}, soffice, tmp_path / name)["policy"] for name in "ab"
    )
    assert once == again
    with zipfile.ZipFile(io.BytesIO(once)) as package:
        assert any(name.startswith("Pictures/") for name in package.namelist())


def test_the_stamp_and_the_edition_s_date_are_in_its_properties(made: bytes, blank: Blank) -> None:
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        meta = etree.fromstring(package.read("meta.xml"))
    found = {node.get(NAME): node.text for node in meta.iter(USER_DEFINED)}
    assert found == {
        "FormularyForm": "one-to-one",
        "FormularyOrganisation": "pclc",
        "FormularyYear": "2026",
        "FormularyEdition": "2026-27",
        "FormularyDigest": blank.stamp.digest,
    }
    dates = {node.text for node in meta.iter("{*}date", "{*}creation-date")}
    assert dates == {"2026-01-01T00:00:00"}
    assert meta.findtext(".//{http://purl.org/dc/elements/1.1/}title") == blank.title


def test_it_is_an_open_document_text_whose_type_stands_first(made: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        first = package.infolist()[0]
        assert package.testzip() is None
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        listed = etree.fromstring(package.read("META-INF/manifest.xml"))
        names = set(package.namelist())
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert made[38:77] == b"application/vnd.oasis.opendocument.text"
    entries = {
        node.get("{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}full-path") for node in listed
    }
    assert entries - {"/"} <= names


def test_libreoffice_opens_it_and_shows_the_form(made: bytes, blank: Blank, tmp_path: Path) -> None:
    source = tmp_path / "form.odt"
    source.write_bytes(made)
    (shown,) = render.docx_to_pdf([source], tmp_path / "pdf")
    words = " ".join(render.pdf_text(shown).split())
    assert blank.title in words
    assert blank.stamp.code in words
    assert all(part.title in words for part in blank.parts)


def test_a_file_that_was_made_before_is_taken_from_the_cache(
    soffice: str, word: bytes, tmp_path: Path
) -> None:
    open_documents({"form": word}, soffice, tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(b"from the cache")
    assert open_documents({"other name": word}, soffice, tmp_path) == {
        "other name": b"from the cache"
    }


def test_libreoffice_is_stopped_when_it_takes_too_long(
    soffice: str, word: bytes, tmp_path: Path
) -> None:
    told: list[str] = []
    assert open_documents({"form": word}, soffice, tmp_path, told.append, patience=0.01) == {}
    assert told == []
    assert list(tmp_path.iterdir()) == []


def test_what_failed_the_first_time_is_tried_once_more(
    soffice: str, word: bytes, made: bytes, tmp_path: Path
) -> None:
    program, failed = tmp_path / "office", tmp_path / "failed"
    program.write_text(
        "#!/bin/sh\n"
        f"case $* in *--convert-to*) [ -e {failed} ] || {{ touch {failed}; exit 81; }} ;; esac\n"
        f'exec {soffice} "$@"\n'
    )
    program.chmod(0o700)
    assert open_documents({"form": word}, str(program), tmp_path / "cache") == {"form": made}
    assert failed.exists()


def test_a_program_that_cannot_run_is_an_output_error(word: bytes, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="LibreOffice"):
        open_documents({"form": word}, str(tmp_path / "nothing"), tmp_path)


def test_what_is_made_is_told_as_it_is_made(soffice: str, word: bytes, tmp_path: Path) -> None:
    told: list[str] = []
    open_documents({"one": word, "two": word}, soffice, tmp_path, told.append)
    assert sorted(told) == ["one", "two"]


def test_a_build_offers_the_files_and_lists_them(soffice: str, tmp_path: Path) -> None:
    root = copy_project(tmp_path)
    report = site.build(root, ("cwac",), None, Quiet(), open_document=True)
    assert report.notes == []
    listed = json.loads((root / "site" / "manifest.json").read_text(encoding="utf-8"))
    files = [found for found in listed["downloads"] if found["format"] == "OpenDocument"]
    words = [found for found in listed["downloads"] if found["format"] == "Word"]
    assert {found["form"] for found in files} == {found["form"] for found in words}
    for found in files:
        assert (root / "site" / found["path"]).stat().st_size == found["bytes"]
    page = html.parse(root / "site" / "cwac" / "forms" / "one-to-one.html")
    links = page.xpath("//article//a/@href")
    assert "../downloads/one-to-one-2026-27.odt" in links
    assert "use Word or PDF" in page.getroot().text_content()


def test_without_libreoffice_the_rest_is_made_and_the_reader_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not shutil.which("soffice"):
        tools.missing("soffice", "apt-get install libreoffice-writer-nogui")
    monkeypatch.setenv("PATH", str(tmp_path))
    root = copy_project(tmp_path)
    report = site.build(root, ("cwac",), None, Quiet(), open_document=True)
    (note,) = report.notes
    assert "LibreOffice is not on this computer" in note
    assert (root / "site" / "cwac" / "downloads" / "policy-2026-27.docx").is_file()
    assert {found.format for found in report.downloads} == {"Word", "PDF"}
