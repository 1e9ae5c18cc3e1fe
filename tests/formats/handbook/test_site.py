"""MkDocs in process: strict, quiet, the same twice; and a server that rebuilds."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.request import urlopen

import mkdocs.utils
import pytest

from formulary.formats.handbook import site as site_module
from formulary.formats.handbook.navigation import Nav
from formulary.formats.handbook.site import Pages, build_site, serve_site
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


@pytest.fixture
def port() -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    yield number


def test_the_server_rebuilds_when_a_watched_file_changes(
    tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, pages = tmp_path / "content" / "words.txt", tmp_path / "pages"
    words.parent.mkdir()
    pages.mkdir()
    words.write_text("First words")
    servers: list[site_module.LiveReloadServer] = []
    reported: list[Exception] = []

    class Watched(site_module.LiveReloadServer):
        def __init__(self, **settings: object) -> None:
            super().__init__(**settings)  # type: ignore[arg-type]
            servers.append(self)

    monkeypatch.setattr(site_module, "LiveReloadServer", Watched)

    def rebuild() -> Nav:
        text = words.read_text()
        if "broken" in text:
            raise OutputError("broken words")
        (pages / "index.md").write_text(f"# Home\n\n{text}\n")
        return Pages(pages, ROOT / "mkdocs.yml", [{"Home": "index.md"}], "Test")

    thread = threading.Thread(
        target=serve_site,
        args=(rebuild(), [words.parent], rebuild),
        kwargs={"host": "127.0.0.1", "port": port, "failed": reported.append},
    )
    thread.start()
    try:
        assert shows(port, "First words")
        words.write_text("broken")
        assert within(lambda: bool(reported))
        words.write_text("Second words")
        assert shows(port, "Second words")
    finally:
        servers[0].shutdown()
        thread.join(10)
    assert not thread.is_alive()


def shows(port: int, text: str) -> bool:
    def shown() -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
                return bool(re.search(text, answer.read().decode()))
        except OSError:
            return False

    return within(shown)


def within(true: object, seconds: float = 20) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():  # type: ignore[operator]
            return True
        time.sleep(0.1)
    return False
