"""MkDocs in process: strict, quiet, the same twice; and a server that rebuilds."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

import mkdocs.utils
import pytest

from formulary.formats.handbook.navigation import Nav
from formulary.formats.handbook.site import Pages, build_site
from formulary.problems import OutputError
from tests.formats.handbook.conftest import Make, build
from tests.helpers import ROOT, files_of


def test_building_on_another_day_gives_the_same_bytes(
    make: Make, awkward: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = datetime(2031, 5, 4, 3, 2, 1)
    monkeypatch.setattr(mkdocs.utils, "get_build_datetime", lambda: later)
    monkeypatch.setattr(time, "time", lambda: 1_900_000_000.0)
    other = files_of(build(make("mill"), tmp_path))
    assert other == files_of(awkward)
    assert not [name for name in other if name.endswith(".gz")]


def test_a_broken_link_stops_the_build_and_is_named(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "index.md").write_text("# Home\n\n[there](gone.md) and [here](#nowhere)\n")
    nav: Nav = [{"Home": "index.md"}]
    with pytest.raises(OutputError) as raised:
        build_site(Pages(pages, ROOT / "mkdocs.yml", nav), tmp_path / "site")
    assert "gone.md" in str(raised.value)
    assert "#nowhere" in str(raised.value)
    assert capfd.readouterr() == ("", "")


def test_a_good_build_prints_nothing(
    make: Make, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    build(make("mill"), tmp_path)
    assert capfd.readouterr() == ("", "")


def test_search_finds_clauses_and_not_the_printed_copy(awkward: Path) -> None:
    index = (awkward / "search" / "site.js").read_text(encoding="utf-8")
    assert "mill/policy/start.html" in index
    assert "mill/policy/whole.html" not in index
    assert "<script>alert" not in index
