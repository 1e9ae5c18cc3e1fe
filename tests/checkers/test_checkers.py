"""Which tests are marked as needing a program, and what axe reads of a site."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.checkers.axe import MODES, Browser, modes_of_each_kind
from tests.checkers.fill_pdf import fill_with_pdfium, fill_with_pdflib, read_pdf_fields
from tests.checkers.needed import needs_a_program
from tests.checkers.render import pdf_text

FILLERS = {"PDFium": fill_with_pdfium, "pdf-lib": fill_with_pdflib}


def read_all(paths: list[Path]) -> list[str]:
    return [pdf_text(path) for path in paths]


@pytest.fixture
def chromium() -> type[Browser]:
    return Browser


@pytest.fixture
def reads() -> Callable[[Path], object]:
    return read_pdf_fields


def test_of_python_alone(request: pytest.FixtureRequest, reads: Callable[[Path], object]) -> None:
    """It names nothing that looks for a program: reading a PDF's fields takes Python alone."""
    assert not needs_a_program(request.node)
    assert not request.node.get_closest_marker("outside")


@pytest.mark.parametrize(("fill", "outside"), [(fill_with_pdfium, False), (fill_with_pdflib, True)])
def test_a_parameter_counts(
    request: pytest.FixtureRequest, fill: Callable[..., None], outside: bool
) -> None:
    assert bool(request.node.get_closest_marker("outside")) == outside


def test_a_fixture_counts(request: pytest.FixtureRequest, chromium: type[Browser]) -> None:
    assert request.node.get_closest_marker("outside")


def test_a_function_that_calls_another_counts(request: pytest.FixtureRequest) -> None:
    assert read_all([]) == []
    assert request.node.get_closest_marker("outside")


def test_a_table_of_functions_counts(request: pytest.FixtureRequest) -> None:
    assert set(FILLERS) == {"PDFium", "pdf-lib"}
    assert request.node.get_closest_marker("outside")


def test_what_is_kept_for_a_release_is_slow_too(
    request: pytest.FixtureRequest, whole: bool
) -> None:
    """So that the quick tests, which choose by other markers, leave it out."""
    markers = ("release", "slow")
    assert [bool(request.node.get_closest_marker(name)) for name in markers] == [whole, whole]


PAGES = {
    "index.html": '<p class="lead">x</p>',
    "oak/year.html": "<ul><li>x</li></ul>",
    "elm/year.html": "<ul><li>x</li></ul>",
    "oak/policy/one.html": "<p>x</p>",
    "oak/policy/two.html": '<p>x</p><p style="color: red; width: 40px">x</p>',
    "oak/policy/three.html": '<p style="color: red; width: 3%">x</p>',
    "oak/policy/four.html": f'<p lang="cy">{"x" * 99}</p>',
    "guide/one.html": "<p>x</p>",
    "guide/two.html": "<p>x</p>",
    "guide/three.html": '<p aria-label="x">x</p>',
}


def test_every_kind_of_element_is_read_wide_and_of_page_narrow(tmp_path: Path) -> None:
    for name, body in PAGES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"<!doctype html><html><body>{body}</body></html>", encoding="utf-8")
    readings = modes_of_each_kind(tmp_path, sorted(PAGES))
    assert set(readings) == set(MODES)
    kinds = ["elm/year.html", "guide/three.html", "index.html", "oak/policy/two.html"]
    assert sorted(readings["dark", 1280]) == sorted(["oak/policy/four.html", *kinds])
    assert sorted(readings["dark", 320]) == kinds
