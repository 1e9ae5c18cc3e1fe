"""One zip to carry: what it holds, that its checksums hold, and that it is read from a folder."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from formulary.cli import main
from formulary.pipeline.bundle import bundle, unsafe_names
from formulary.problems import OutputError, UsageError
from tests.checkers.axe import Browser
from tests.helpers import small_project

Make = Callable[[dict[str, str]], Path]


@pytest.fixture
def project(tmp_path: Path) -> Make:
    """Makes a project folder with a small site in it."""

    def made(files: dict[str, str]) -> Path:
        listed = '{"downloads": [{"organisation": "mill", "edition": "2026-27"}]}'
        for name, text in {"index.html": "<p>", "manifest.json": listed, **files}.items():
            path = tmp_path / "site" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return made


def test_it_holds_the_whole_site_and_its_checksums_hold(
    tiny_built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "carry" / "handbook.zip"
    assert main(["bundle", "--out", str(out)], tiny_built) == 0
    said = capsys.readouterr().out
    with zipfile.ZipFile(out) as package:
        assert package.testzip() is None
        package.extractall(tmp_path / "stick")
    stick, site = tmp_path / "stick", tiny_built / "site"
    files = {path.relative_to(site) for path in site.rglob("*") if path.is_file()}
    assert {
        path.relative_to(stick / "handbook")
        for path in (stick / "handbook").rglob("*")
        if path.is_file()
    } == files
    assert all(
        (stick / "handbook" / name).read_bytes() == (site / name).read_bytes() for name in files
    )
    assert f"{len(files)} files" in said
    assert "MB unpacked" in said
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"],
        cwd=stick,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(": OK\n") == len(files) + 1
    assert "Read me first.txt: OK" in done.stdout
    (stick / "handbook" / "index.html").write_text("changed")
    done = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=stick, capture_output=True)
    assert done.returncode == 1


def test_the_real_names_work_in_windows(built: Path) -> None:
    site = built / "site"
    names = [path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()]
    assert list(unsafe_names(names)) == []
    assert max(len(f"handbook/{name}") for name in names) < 200


def test_the_text_to_read_first_says_how_and_which_edition(project: Make, tmp_path: Path) -> None:
    bundle(project({}), tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as package:
        data = package.read("Read me first.txt")
    assert data.count(b"\r\n") == data.count(b"\n")
    text = data.decode("ascii")
    assert "mill, 2026-27" in text
    assert "index.html" in text
    assert "sha256sum --check --quiet SHA256SUMS" in text


def test_the_same_site_gives_the_same_bytes_whatever_the_clock_says(
    project: Make, tmp_path: Path
) -> None:
    root = project({"a/b.html": "x", "a-b.html": "y"})
    bundle(root, tmp_path / "one.zip")
    for path in (root / "site").rglob("*"):
        path.touch()
        path.chmod(0o700)
    shutil.copytree(root / "site", tmp_path / "other" / "site")
    bundle(tmp_path / "other", tmp_path / "two.zip")
    one, two = (hashlib.sha256((tmp_path / n).read_bytes()) for n in ("one.zip", "two.zip"))
    assert one.hexdigest() == two.hexdigest()
    with zipfile.ZipFile(tmp_path / "one.zip") as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(
    "name",
    [
        "aux.html",
        "mill/CON",
        "lpt1.docx",
        "com³/x.html",
        "a:b.html",
        "what?.html",
        "end./x.html",
        "blank ",
        "tab\t.html",
        "x" * 192,
        "/".join(["folder"] * 28),
    ],
)
def test_a_name_that_windows_cannot_keep_is_named(name: str) -> None:
    (fault,) = unsafe_names(["index.html", name])
    assert name in fault


@pytest.mark.parametrize("name", ["auxiliary.html", "x" * 191, "com10.html", "café/ünï.html", ".x"])
def test_a_name_that_windows_can_keep_passes(name: str) -> None:
    assert list(unsafe_names(["index.html", name])) == []


@pytest.mark.parametrize(
    "names", [("mill/a.html", "mill/A.html"), ("mill/a.html", "Mill/b.html"), ("straße", "STRASSE")]
)
def test_two_names_that_are_one_in_windows_are_named(names: tuple[str, str]) -> None:
    (fault,) = unsafe_names(names)
    assert "one name in Windows" in fault


def test_faults_stop_it_and_the_last_zip_stays(project: Make, tmp_path: Path) -> None:
    root, out = project({}), tmp_path / "b.zip"
    bundle(root, out)
    before = out.read_bytes()
    (root / "site" / "aux.html").write_text("x")
    (root / "site" / "A.html").write_text("x")
    (root / "site" / "a.html").write_text("x")
    with pytest.raises(OutputError, match=r"one name.*aux\.html"):
        bundle(root, out)
    assert out.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.zip", "site"]


def test_a_link_to_elsewhere_is_refused(project: Make, tmp_path: Path) -> None:
    root = project({})
    secret = tmp_path / "staff.csv"
    secret.write_text("x")
    (root / "site" / "staff.csv").symlink_to(secret)
    with pytest.raises(OutputError, match="link to another place"):
        bundle(root, tmp_path / "b.zip")


@pytest.mark.parametrize("out", ["site/b.zip", "handbook", "folder.zip"])
def test_where_it_cannot_be_written_is_said(out: str, project: Make, tmp_path: Path) -> None:
    root = project({})
    (tmp_path / "folder.zip").mkdir()
    with pytest.raises(UsageError):
        bundle(root, tmp_path / out)


@pytest.mark.parametrize("broken", ["missing", "[]", "{", '{"downloads": [{}]}'])
def test_a_site_without_its_list_is_named(broken: str, project: Make, tmp_path: Path) -> None:
    root = project({"manifest.json": broken})
    if broken == "missing":
        (root / "site" / "manifest.json").unlink()
    with pytest.raises(OutputError, match=r"manifest\.json"):
        bundle(root, tmp_path / "b.zip")


def test_the_site_is_made_first_where_there_is_none(tmp_path: Path) -> None:
    root = small_project(tmp_path, "oak", "elm")
    assert main(["bundle", "--org", "oak"], root) == 0
    with zipfile.ZipFile(root / "handbook.zip") as package:
        names = package.namelist()
        text = package.read("Read me first.txt").decode()
    assert "handbook/oak/policy/index.html" in names
    assert not any(name.startswith("handbook/elm/") for name in names)
    assert "oak, 2026-27" in text


READ = """() => ({
    styled: getComputedStyle(document.querySelector(".handbook-footer .base a")).textDecorationLine,
    words: document.querySelector("article").innerText.length,
})"""


def test_opened_from_a_folder_without_network_pages_styles_links_and_downloads_work(
    built: Path, tmp_path: Path
) -> None:
    bundle(built, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as package:
        package.extractall(tmp_path / "a stick with ünï & blanks")
    home = tmp_path / "a stick with ünï & blanks" / "handbook" / "index.html"
    asked: list[str] = []
    failed: list[str] = []
    with Browser() as browser, browser.reader(offline=True) as tab:
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("requestfailed", lambda request: failed.append(request.url))
        tab.on("pageerror", lambda error: failed.append(str(error)))
        tab.goto(home.as_uri())
        for link in ("PCLC", "Policy", "Forms"):
            follow(tab, link)
            assert tab.evaluate(READ)["words"] > 200
            assert tab.evaluate(READ)["styled"] == "underline"
        follow(tab, "Performance management form")
        with tab.expect_download() as download:
            tab.locator("article a[href$='.docx']").first.click()
        data = Path(download.value.path()).read_bytes()
    assert data == next((built / "site" / "pclc" / "downloads").glob("pm-form-*.docx")).read_bytes()
    aborted = ".docx"  # Chromium calls a page that becomes a download a request that failed
    assert [url for url in failed if not url.endswith(aborted)] == []
    assert {url.partition(":")[0] for url in asked} <= {"file", "data", "blob"}


def follow(tab: Any, words: str) -> None:
    """Follow the first link on the page, or in its menu, that has these words."""
    link = tab.locator("a:visible", has_text=words).first
    link.click()
    tab.wait_for_load_state("load")
