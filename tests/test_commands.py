"""The command line: what a command imports, and what `--org` leaves of a check."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from formulary import defaults
from formulary.cli import main
from formulary.cli.parser import command_line
from formulary.content.loading import FileMemory
from formulary.pipeline.formats import FORMATS
from tests.helpers import LIBRARIES, replace_once, run, small_project

OAK, ELM = "content/organisations/oak", "content/organisations/elm"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of two organisations."""
    return small_project(tmp_path, "oak", "elm")


@pytest.mark.parametrize(
    "arguments", [["--help"], ["packs", "--help"], ["--version"], ["--year", "soon"]]
)
def test_help_and_wrong_calls_import_no_library(tmp_path: Path, arguments: list[str]) -> None:
    done = run(tmp_path, *arguments)
    assert done.stdout or done.returncode == 2
    assert not done.imported & {*LIBRARIES, "formulary.content", "formulary.edition", "subprocess"}


def test_a_check_imports_nothing_that_makes_papers_or_pages(project: Path) -> None:
    run(project, "check")  # tries the house documents, which are sound from then on
    done = run(project, "check")
    assert done.returncode == 0, done.stdout
    # lxml reads logos, and fontTools the letters that the typeface has
    needed = {"fontTools", "jinja2", "lxml", "pydantic", "ruamel.yaml", "yaml"}
    assert not done.imported & (LIBRARIES - needed)


@pytest.mark.parametrize("arguments", [["check", "--org", "elm"], ["--org", "elm", "check"]])
def test_a_check_of_one_organisation_says_nothing_of_another(
    project: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
) -> None:
    replace_once(project / OAK / "policy.yaml", "\nnumbering:", "\nnumberings:")
    replace_once(project / ELM / "cycle.yaml", "\ncycles:", "\nshort: yes\ncycles:")
    assert main(arguments, project) == 1
    said = capsys.readouterr().out
    assert f"{ELM}/cycle.yaml" in said
    assert OAK not in said
    assert main(["check"], project) == 1
    assert f"{OAK}/policy.yaml" in capsys.readouterr().out


def test_a_check_of_one_organisation_leaves_out_forms_that_it_does_not_offer(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    offered = (project / ELM / "organisation.yaml").read_text("utf-8")
    forms = sorted(path.stem for path in (project / "forms").glob("*.yaml"))
    used = next(id for id in forms if f"form: {id}\n" in offered)
    unused = next(id for id in forms if f"form: {id}\n" not in offered)
    for id in (used, unused):
        replace_once(project / "forms" / f"{id}.yaml", "\nsections:", "\nextra: 1\nsections:")
    assert main(["check", "--org", "elm"], project) == 1
    said = capsys.readouterr().out
    assert f"forms/{used}.yaml" in said
    assert f"forms/{unused}.yaml" not in said


def test_a_check_of_one_organisation_reads_no_policy_of_another(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []
    reads = FileMemory.read

    def noted(memory: FileMemory, path: Path, shown: Path) -> object:
        read.append(shown.as_posix())
        return reads(memory, path, shown)

    monkeypatch.setattr(FileMemory, "read", noted)
    assert main(["check", "--org", "elm"], project) == 0
    assert f"{ELM}/policy.yaml" in read
    assert f"{OAK}/policy.yaml" not in read


def test_a_form_may_hold_a_further_column_of_an_organisation_that_is_not_checked(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = project / "forms" / "one-to-one.yaml"
    text = form.read_text(encoding="utf-8")
    field = "- {id: room, label: Room, type: text, from: staff.room}\n"
    form.write_text(re.sub(r"\n( +)fields:\n( +)", rf"\n\1fields:\n\2{field}\2", text, count=1))
    assert main(["check", "--org", "elm"], project) == 1
    assert "“staff.room”" in capsys.readouterr().out
    columns = "further:\n  room: Room\n"
    (project / OAK / "staff-columns.yaml").write_text(columns, encoding="utf-8")
    assert main(["check", "--org", "elm"], project) == 0, capsys.readouterr().out
    assert main(["check"], project) == 0


def test_another_organisation_s_mistake_hides_no_judgement(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replace_once(project / OAK / "policy.yaml", "\nnumbering:", "\nnumberings:")
    assert main(["check", "--org", "elm"], project) == 0
    assert "warning" in capsys.readouterr().out


def test_an_organisation_that_is_not_there_is_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--org", "ash"], project) == 2
    assert "There is no organisation “ash”. Known: elm, oak." in capsys.readouterr().err


def test_every_command_has_a_module_that_runs_it() -> None:
    for words in (
        [],
        ["build"],
        ["check"],
        ["serve"],
        ["edit"],
        ["new", "oak"],
        ["schema"],
        ["changes"],
        ["keep-edition", "--org", "oak"],
        ["bundle"],
        ["packs", "staff.csv", "--org", "oak"],
        ["collect", "returns", "--staff", "s", "--org", "oak", "--out", "o"],
        ["roll", "--from", "r", "--staff", "s", "--org", "oak", "--year", "2027"],
        ["person", "1", "--from", "r", "--out", "o"],
    ):
        module = command_line().parse_args(words).module
        assert callable(getattr(_imported(module), "run", None)), words


def _imported(name: str) -> Callable[..., object]:
    from importlib import import_module

    return import_module(f"formulary.cli.{name}")  # type: ignore[return-value]


def test_the_formats_of_the_command_line_are_those_that_papers_are_made_in() -> None:
    assert {form.name: form.ending for form in FORMATS} == defaults.FORMATS
