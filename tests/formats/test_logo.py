"""The logo of an organisation on its forms, letters and policies, with its name as description."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pytest

from formulary.content.logo import Logo
from formulary.formats.pdf.form import write_blank as write_pdf
from formulary.formats.word.form import write_blank as write_word
from tests.checkers.openxml import openxml_errors
from tests.checkers.verapdf import pdfua_failures
from tests.formats.letters import letter_blank
from tests.formats.word.samples import blank
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
