"""Outside checkers find nothing wrong with anything that a build makes."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.checkers.axe import (
    each_page_and_all_modes_of_each_kind,
    every_mode,
    html_pages,
    violations_of,
)
from tests.checkers.openxml import openxml_errors
from tests.checkers.verapdf import pdfua_failures
from tests.helpers import one_of_each


def made(built: Path, ending: str) -> list[Path]:
    """The dated files. Each is there without its year too, in the same bytes."""
    files = sorted((built / "site").glob(f"*/downloads/*.{ending}"))
    found = [path for path in files if re.search(r"-\d{4}(-\d\d)?$", path.stem)]
    assert len(found) == 62, found  # five policies, one comparison, and all forms
    others = {path.read_bytes() for path in files if path not in found}
    assert others == {path.read_bytes() for path in found}
    return found


def test_every_pdf_is_pdf_ua_1(built: Path) -> None:
    failures = pdfua_failures(made(built, "pdf"))
    assert failures == {path: [] for path in failures}


def test_word_files_are_valid_open_xml(built: Path) -> None:
    """Every policy, and each form as one of the organisations has it."""
    policies = [path for path in made(built, "docx") if path.name.startswith("policy-")]
    others = [path for path in made(built, "docx") if path not in policies]
    errors = openxml_errors([*policies, *one_of_each(others, lambda path: path.name)])
    assert len(errors) > 25
    assert errors == {path: [] for path in errors}


def test_every_pdf_form_is_small(built: Path) -> None:
    forms = [path for path in made(built, "pdf") if not path.name.startswith("policy-")]
    assert [path.name for path in forms if path.stat().st_size >= 280_000] == []


@pytest.mark.longest
def test_every_page_is_accessible_in_light_and_dark_wide_and_narrow(built: Path) -> None:
    """Each page in one of the four modes, and each kind of page and element in all four.

    With FORMULARY_EVERY_MODE=1 each page in all four; `tests.checkers.record` does so too.
    """
    site = built / "site"
    pages = html_pages(site)
    assert len(pages) > 200
    whole = os.environ.get("FORMULARY_EVERY_MODE") == "1"
    readings = every_mode(pages) if whole else each_page_and_all_modes_of_each_kind(site, pages)
    violations, outside = violations_of(site, readings)
    assert violations == []
    assert outside == []
