"""Outside checkers find nothing wrong with anything that a build makes."""

from __future__ import annotations

from pathlib import Path

from tests.checkers.axe import html_pages, violations_of
from tests.checkers.openxml import openxml_errors
from tests.checkers.verapdf import pdfua_failures


def made(built: Path, ending: str) -> list[Path]:
    found = sorted((built / "site").glob(f"*/downloads/*.{ending}"))
    assert len(found) == 62, found  # five policies, one comparison, and all forms
    return found


def test_every_pdf_is_pdf_ua_1(built: Path) -> None:
    failures = pdfua_failures(made(built, "pdf"))
    assert failures == {path: [] for path in failures}


def test_every_word_file_is_valid_open_xml(built: Path) -> None:
    errors = openxml_errors(made(built, "docx"))
    assert errors == {path: [] for path in errors}


def test_every_pdf_form_is_small(built: Path) -> None:
    forms = [path for path in made(built, "pdf") if not path.name.startswith("policy-")]
    assert [path.name for path in forms if path.stat().st_size >= 250_000] == []


def test_every_page_is_accessible_in_light_and_dark_wide_and_narrow(built: Path) -> None:
    site = built / "site"
    pages = html_pages(site)
    assert len(pages) > 200
    violations, outside = violations_of(site, pages)
    assert violations == []
    assert outside == []
