"""The wheel, installed in an environment of its own, makes the handbook of a project folder.

The environment sees the libraries of the one that runs the tests through a .pth file, so nothing is
downloaded; `formulary` itself is the wheel's.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from formulary import __version__
from formulary.edition.edition import Edition
from tests.checkers.tools import python_module
from tests.helpers import ROOT, files_of
from tests.test_house import tracked

pytestmark = pytest.mark.slow

DATA = ("content/library", "content/schema", "content/starter", "docs", "forms")
"""Folders of the repository that the wheel takes along."""


def build(source: Path, folder: Path) -> Path:
    """The wheel of the code in `source`."""
    for module in ("build", "hatchling"):
        python_module(module, "pip install --require-hashes -r requirements-dev.lock")
    command = [sys.executable, "-P", "-m", "build", "--wheel", "--no-isolation", "--outdir"]
    done = subprocess.run(
        [*command, str(folder), str(source)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, tmp_path_factory.mktemp("wheel"))


def environment(folder: Path, wheel: Path) -> Path:
    """An environment in `folder` in which the wheel is installed; gives the command `formulary`."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    inside = {"base": str(folder), "platbase": str(folder)}
    libraries = Path(sysconfig.get_path("purelib", scheme="venv", vars=inside))
    outer = [place for place in sys.path if Path(place).name == "site-packages"]
    (libraries / "outer.pth").write_text("\n".join(outer))
    install(folder, wheel)
    scripts = Path(sysconfig.get_path("scripts", scheme="venv", vars=inside))
    return scripts / ("formulary.exe" if sys.platform == "win32" else "formulary")


def install(folder: Path, wheel: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--python", str(folder), "install", "--quiet"]
    options = ["--no-deps", "--no-index", "--upgrade", "--disable-pip-version-check"]
    subprocess.run([*pip, *options, str(wheel)], check=True)


@pytest.fixture(scope="module")
def formulary(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return environment(tmp_path_factory.mktemp("installed") / ".venv", wheel)


def run(command: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [command, *arguments],
        cwd=folder,
        env=surroundings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def make(command: Path, folder: Path, *arguments: str) -> str:
    """Run a command that must succeed; gives what it printed."""
    done = run(command, folder, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_holds_what_the_code_opens_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    files = {path.relative_to(ROOT).as_posix() for path in tracked()}
    code = {name for name in files if name.startswith("formulary/")}
    data = {name for name in files if name.startswith(tuple(f"{folder}/" for folder in DATA))}
    wanted = code | {f"formulary/product/{name}" for name in {*data, "mkdocs.yml"}}
    info = f"formulary_papers-{__version__}.dist-info"
    assert {name for name in names if not name.startswith(info)} == wanted
    assert f"{info}/licenses/LICENSE" in names
    assert "formulary/py.typed" in names
    metadata = zipfile.ZipFile(wheel).read(f"{info}/METADATA").decode()
    assert "\nLicense-Expression: MIT\n" in metadata
    assert f"\nVersion: {__version__}\n" in metadata


def test_an_empty_folder_becomes_a_project_that_a_newer_wheel_leaves_as_it_is(
    wheel: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    command = environment(folder / ".venv", wheel)  # inside the project, as people have it
    refused = run(command, folder, "new", "elm", "--from", "pclc")
    assert refused.returncode == 2
    assert "examples come with Formulary's source only" in refused.stderr
    assert not list(folder.glob("content"))
    said = make(command, folder, "new", "oak-trust")
    assert "content/organisations/oak-trust/policy.yaml\n" in said
    assert said.endswith("Then: formulary check, and formulary --org oak-trust\n")
    assert (folder / ".gitignore").read_text() == "/build/\n/site/\n/handbook.zip\n"
    for path in (folder / "content" / "organisations" / "oak-trust").glob("*.yaml"):
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        assert (path.parent / first.partition("$schema=")[2]).is_file(), first
    make(command, tmp_path / "project", "new", "elm", "--from", "oak-trust", "--name", "Elm Trust")
    shutil.rmtree(folder / "content" / "organisations" / "elm")
    make(command, folder)
    home = (folder / "site" / "index.html").read_text(encoding="utf-8")
    assert "<title>Oak Trust performance management handbook" in home
    assert (folder / "site" / "oak-trust" / "downloads" / "policy-2026-27.docx").is_file()
    assert (folder / "site" / "guide" / "index.html").is_file()

    def own() -> dict[str, bytes]:
        return files_of(folder / "content") | {".gitignore": (folder / ".gitignore").read_bytes()}

    before = own()
    source = tmp_path / "source"
    ignored = shutil.ignore_patterns(
        *(
            "build",
            "site",
            "tests",
            "benchmarks",
            ".git",
            ".*_cache",
            "__pycache__",
            ".venv",
            "node_modules",
        )
    )
    shutil.copytree(ROOT, source, ignore=ignored)
    shutil.copytree(ROOT / ".git", source / ".git") if (ROOT / ".git").is_dir() else None
    (source / "formulary" / "__init__.py").write_text('"""Newer."""\n\n__version__ = "99.0.0"\n')
    install(folder / ".venv", build(source, tmp_path / "newer"))
    assert make(command, folder, "--version") == "Formulary 99.0.0\n"
    assert "Nothing has changed" not in make(command, folder), "the code is another one"
    assert "Nothing has changed" in make(command, folder)
    assert own() == before


def test_the_examples_are_the_same_as_a_project_of_their_own(
    formulary: Path, built: Path, whole: bool, some: tuple[Edition, ...], tmp_path: Path
) -> None:
    examples = Path("content") / "organisations"
    for edition in some:
        shutil.copytree(ROOT / examples / edition.id, tmp_path / examples / edition.id)
    make(formulary, tmp_path)
    if whole:
        assert files_of(tmp_path / "site") == files_of(built / "site")
    for folder in (*(edition.id for edition in some), "guide"):
        mine, theirs = (files_of(root / "site" / folder) for root in (tmp_path, built))
        assert [name for name in {*mine, *theirs} if alone(mine[name]) != alone(theirs[name])] == []


def alone(data: bytes) -> bytes:
    """A page without its links to the handbooks before and after its own."""
    return re.sub(rb'\n *<link rel="(next|prev)" [^\n]*', b"", data)


def test_the_command_finds_the_project_above_and_says_what_to_do_where_there_is_none(
    formulary: Path, tmp_path: Path
) -> None:
    done = run(formulary, tmp_path, "check")
    assert done.returncode == 3
    assert done.stderr.startswith("formulary: There is no folder ")
    assert "formulary new oak-trust" in done.stderr
    assert list(tmp_path.iterdir()) == []
    make(formulary, tmp_path, "new", "oak-trust")
    below = tmp_path / "content" / "organisations" / "oak-trust"
    assert "0 errors" in make(formulary, below, "check")
    make(formulary, below, "new", "elm")
    assert (tmp_path / "content" / "organisations" / "elm" / "policy.yaml").is_file()


def test_help_and_messages_name_the_command_as_it_is_called(
    formulary: Path, tmp_path: Path
) -> None:
    for arguments in (("--help",), ("packs", "--help"), ("collect", "--help")):
        said = make(formulary, tmp_path, *arguments)
        assert "usage: formulary" in said
        assert "build.py" not in said
    done = run(formulary, tmp_path, "chekc")
    assert (done.returncode, done.stderr[:17]) == (2, "usage: formulary ")


def test_somebody_elses_package_of_the_name_stops_the_command(wheel: Path, tmp_path: Path) -> None:
    command = environment(tmp_path / ".venv", wheel)
    (package,) = (tmp_path / ".venv").rglob("formulary/py.typed")
    other = package.parent.parent / "formulary-0.3.6.dist-info"
    other.mkdir()
    done = run(command, tmp_path, "--version")
    assert done.returncode == 3
    assert "another package called “formulary” (formulary-0.3.6)" in done.stderr
    assert "formulary-papers" in done.stderr
    other.rmdir()
    assert make(command, tmp_path, "--version") == f"Formulary {__version__}\n"


def test_no_advice_leads_to_the_package_of_somebody_else() -> None:
    wrong = re.compile(r"pip install[^\n]*['\"\s]formulary(?![\w-])")
    for path in tracked():
        if path.suffix in (".py", ".md", ".yml", ".toml") and path != Path(__file__):
            assert not wrong.search(path.read_text(encoding="utf-8")), path
