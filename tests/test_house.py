"""The house itself: schemas, and what must never stand in a tracked file."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from formulary.content.schema import schemas
from formulary.project import SCHEMA
from tests.helpers import ROOT


def tracked() -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout.split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def test_the_schemas_are_what_the_models_say() -> None:
    written = {
        path.name: path.read_text(encoding="utf-8") for path in (ROOT / SCHEMA).glob("*.json")
    }
    assert written == schemas(), "Run: python build.py schema"


def yaml_files() -> list[Path]:
    return sorted([*(ROOT / "content").rglob("*.yaml"), *(ROOT / "forms").rglob("*.yaml")])


@pytest.mark.parametrize("path", yaml_files(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_yaml_file_names_its_schema(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert named, first
    assert (path.parent / named.group(1)).resolve().parent == (ROOT / SCHEMA).resolve()
    assert (path.parent / named.group(1)).is_file()


def test_no_tracked_file_holds_a_machine_path_or_a_package_index() -> None:
    hosts = ("pypi" + ".org", "registry.npmjs" + ".org", "files.pythonhosted" + ".org")
    paths = (f"{ROOT.as_posix()}/", "/root" + "/", "/home" + "/")
    found = [
        (path.relative_to(ROOT).as_posix(), word)
        for path in tracked()
        if path.suffix not in (".png", ".docx", ".woff2")
        for word in (*hosts, *paths)
        if word in path.read_text(encoding="utf-8", errors="replace")
    ]
    assert found == []
