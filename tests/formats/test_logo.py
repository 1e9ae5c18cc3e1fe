"""The logo and the typefaces of an organisation on its forms, letters and policies."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pytest
from fontTools.ttLib import TTFont
from lxml import etree

from formulary.content.logo import Logo
from formulary.content.typeface import Faces, carried_face
from formulary.formats.pdf.form import write_blank as write_pdf
from formulary.formats.pdf.policy import write_policy as write_paper
from formulary.formats.word.form import write_blank as write_word
from formulary.formats.word.ooxml import w
from formulary.formats.word.policy import write_policy
from tests.checkers.openxml import openxml_errors
from tests.checkers.verapdf import pdfua_failures
from tests.formats.letters import letter_blank
from tests.formats.word.samples import blank, paper
from tests.helpers import ROOT

HOUSE = ROOT / "forms" / "house"
DRAWN = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="80">'
    b'<rect width="60" height="80" fill="#5b2a66"/></svg>'
)
LOGO = Logo("svg", DRAWN, 60, 80)


@pytest.mark.parametrize("made", [blank, letter_blank])
def test_a_logo_is_on_forms_and_letters(made: Callable[[], Any], tmp_path: Path) -> None:
    with_logo = replace(made(), logo=LOGO)
    word, pdf = tmp_path / "form.docx", tmp_path / "form.pdf"
    word.write_bytes(write_word(with_logo, HOUSE))
    pdf.write_bytes(write_pdf(with_logo, HOUSE))
    (shown,) = docx.Document(io.BytesIO(word.read_bytes())).inline_shapes
    assert shown._inline.docPr.get("descr") == with_logo.organisation
    assert shown.width / shown.height == pytest.approx(60 / 80, abs=0.01)
    with pikepdf.open(pdf) as document:
        figures = [one for one in document.objects if _is_figure(one)]
        assert [str(one.Alt) for one in figures] == [with_logo.organisation]
    assert pdfua_failures([pdf]) == {pdf: []}
    assert openxml_errors([word]) == {word: []}


def _is_figure(one: Any) -> bool:
    return isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"


@pytest.mark.parametrize("own", [True, False])
def test_typefaces_are_in_word_and_pdf(own: bool, tmp_path: Path) -> None:
    serif = carried_face("Source Serif")
    face = replace(serif, family='Trust "A" & Co', carried=False, editable=own)
    faces = Faces(face, replace(face, family="Trust Titles", regular=b"", italic=b""))
    form, policy = replace(blank(), faces=faces), replace(paper(), faces=faces)
    files = [tmp_path / name for name in ("form.docx", "policy.docx", "form.pdf", "policy.pdf")]
    written = (write_word(form, HOUSE), write_policy(policy, HOUSE))
    drawn = (write_pdf(form, HOUSE), write_paper(policy, HOUSE))
    for path, data in zip(files, written + drawn, strict=True):
        path.write_bytes(data)
    for data in written:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            fonts = [name for name in package.namelist() if name.endswith(".odttf")]
            assert len(fonts) == (4 if own else 0)
            styles = package.read("word/styles.xml")
            assert b"Arial" not in styles and b"Georgia" not in styles
    for data in drawn:
        with pikepdf.open(io.BytesIO(data)) as document:
            names = {str(one.FontName).split("+")[-1] for one in document.objects if _is_font(one)}
        assert {"TrustACo-Regular", "TrustTitles-Bold"} <= names
    assert openxml_errors(files[:2]) == {path: [] for path in files[:2]}
    assert pdfua_failures(files[2:]) == {path: [] for path in files[2:]}


def test_a_font_in_word_can_be_read_again() -> None:
    face = replace(carried_face("Source Serif"), family="Trust")
    data = write_word(replace(blank(), faces=Faces(face, replace(face, regular=b""))), HOUSE)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        table = etree.fromstring(package.read("word/fontTable.xml"))
        relations = etree.fromstring(package.read("word/_rels/fontTable.xml.rels"))
        embedded = table.find(".//{*}embedRegular")
        key = bytes.fromhex(re.sub(r"[{}-]", "", embedded.get(w("fontKey"))))[::-1]
        (id,) = (value for name, value in embedded.items() if name.endswith("}id"))
        (target,) = (one.get("Target") for one in relations if one.get("Id") == id)
        scrambled = package.read(f"word/{target}")
    head = bytes(byte ^ key[at % 16] for at, byte in enumerate(scrambled[:32]))
    font = TTFont(io.BytesIO(head + scrambled[32:]))
    assert (font["name"].getDebugName(1), font["name"].getDebugName(2)) == ("Trust", "Regular")


def _is_font(one: Any) -> bool:
    return isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor"
