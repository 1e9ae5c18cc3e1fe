"""A house document that somebody broke is named by check, and brought back by restore."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from formulary.cli import main
from formulary.pipeline.content import new
from formulary.pipeline.house_documents import house_problems
from formulary.pipeline.scaffold import Adopter, new_group
from formulary.project import PRODUCT

HOUSE = Path("forms") / "house"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    groups = (new_group("Staff"),)
    forms = ("one-to-one", "concern-letter")
    new(root, Adopter("elm", "Elm Trust", "Trust", 2026, "clauses", groups, forms))
    return root


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Path:
    """A project with a copy of every house document, as somebody has who restyles them."""
    root = tmp_path / "project"
    shutil.copytree(made, root)
    shutil.copytree(PRODUCT / HOUSE, root / HOUSE)
    return root


def in_word(old: str, new: str) -> Callable[[Path], None]:
    """What changes the first such words of a Word document."""

    def change(path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            parts = {info.filename: archive.read(info) for info in archive.infolist()}
        text = parts["word/document.xml"].decode()
        assert old in text
        parts["word/document.xml"] = text.replace(old, new, 1).encode()
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in parts.items():
                archive.writestr(name, data)

    return change


def in_text(old: str, new: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return change


BROKEN: dict[str, tuple[str, Callable[[Path], None]]] = {
    "a purple line lost its beginning": ("form.docx", in_word("{%", "{")),
    "a value that is not there": ("policy.docx", in_word("{{", "{{ nothing.like_this }}{{")),
    "no Word document any more": ("changes.docx", lambda path: path.write_bytes(b"hello")),
    "a bracket too few": ("form.typ", in_text("#let ", "#let broken = (\n#let ")),
    "a name that is not there": (
        "policy.typ",
        lambda p: p.write_text(p.read_text() + "\n#nothing\n"),
    ),
    "what all of Typst import": (
        "house.typ",
        lambda p: p.write_text(p.read_text() + "\n#let = 1\n"),
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_house_document_is_named_and_brought_back(
    what: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, break_it = BROKEN[what]
    path = project / HOUSE / name
    whole = path.read_bytes()
    break_it(path)
    broken = path.read_bytes()
    assert main(["check"], project) == 1
    # what imports it cannot be used either, and is sound
    said = [line for line in capsys.readouterr().out.splitlines() if " error " in line]
    assert said and all(" error house-document: " in line for line in said)
    assert all(line.startswith((HOUSE / name).as_posix()) for line in said)
    assert f"restore {name}" in " ".join(said)
    assert main(["restore", name], project) == 0
    assert path.read_bytes() == whole
    assert (project / HOUSE / f"{name}.yours").read_bytes() == broken
    capsys.readouterr()
    assert main(["check"], project) == 0


def test_sound_documents_are_tried_once(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"], project) == 0
    assert any((project / "build" / "store").rglob("*"))
    assert list(house_problems(project, ())) == []


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("nothing.docx", "Formulary has no file “nothing.docx”"),
        ("own.docx", "is your own"),
    ],
)
def test_what_cannot_be_brought_back_is_said_and_nothing_changes(
    project: Path, wanted: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "forms" / "own.docx").write_bytes(b"")
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    assert main(["restore", wanted], project) == 2
    assert said in capsys.readouterr().err
    for same in ("policy.docx", "forms/one-to-one.yaml"):
        assert main(["restore", same], project) == 0
        assert "is as Formulary has it" in capsys.readouterr().out
    assert before == {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
