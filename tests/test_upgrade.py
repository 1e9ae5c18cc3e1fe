"""Content of an earlier version is read or named place by place, and upgraded with its comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from formulary.cli import main
from formulary.content import versions
from formulary.content.loading import load
from formulary.content.source import Document, Loc
from formulary.content.splicing import Splice
from formulary.content.versions import Change, Migration
from tests.helpers import files_of

OAK = Path("content") / "organisations" / "oak"


@pytest.fixture
def project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A project of one organisation whose content is of the first version."""
    assert main(["new", "oak", "--form", "one-to-one"], tmp_path) == 0
    path = tmp_path / OAK / "organisation.yaml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("schema:")))
    capsys.readouterr()
    return tmp_path


def rename_key(document: Document, loc: Loc, name: str, message: str) -> Change:
    """The change of the key at `loc` to `name`, whether it is in quotation marks or not."""
    start = document.keys[loc]
    written = re.compile(r"\"[^\"]*\"|'[^']*'|[^\s:]+").match(document.text, start)
    assert written
    splice = Splice(start, written.end(), name)
    return Change(loc, message, f"Write “{name}” instead.", splice)


def actor(kind: str, document: Document) -> Iterator[Change]:
    """A made-up version 3: what was `actor:` in the year's events is `who:`."""
    for loc in document.keys if kind == "cycle" else ():
        if loc[-1] == "actor":
            yield rename_key(document, loc, "who", "The key “actor” has a new name")


@pytest.fixture
def version_3(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "MIGRATIONS", (*versions.MIGRATIONS, Migration(3, actor)))


def test_content_without_a_version_is_read_as_the_first(project: Path) -> None:
    content, problems = load(project)
    assert problems == ()
    assert content.organisations[0].organisation.item.schema_version == 1


def test_upgrade_states_the_version_and_touches_no_other_line(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files_of(project / "content" / "organisations")
    (project / "content" / "schema" / "policy.json").write_text("{}")
    assert main(["upgrade"], project) == 0
    assert "content/organisations/oak/organisation.yaml\n" in capsys.readouterr().out
    after = files_of(project / "content" / "organisations")
    changed = [name for name in before if before[name] != after[name]]
    assert changed == ["oak/organisation.yaml"]
    old, new = (files["oak/organisation.yaml"].decode() for files in (before, after))
    assert new.replace("schema: 2\n", "", 1) == old
    assert new.index("schema: 2\n") < new.index("\nid: oak\n") + 1
    assert len((project / "content" / "schema" / "policy.json").read_text()) > 2
    assert main(["upgrade"], project) == 0
    assert "up to date" in capsys.readouterr().out
    assert files_of(project / "content" / "organisations") == after


def test_upgrade_keeps_the_line_ends_and_the_mark_of_a_file(project: Path) -> None:
    path = project / OAK / "organisation.yaml"
    raw = b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n")
    path.write_bytes(raw)
    assert main(["upgrade"], project) == 0
    assert path.read_bytes().replace(b"schema: 2\r\n", b"", 1) == raw


def test_a_version_that_is_not_known_yet_is_an_error_in_words(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = project / OAK / "organisation.yaml"
    path.write_text("schema: 99\nnobody: knows\n" + path.read_text(encoding="utf-8"))
    (project / OAK / "policy.yaml").write_text("from: the future\n")
    before = files_of(project)
    for command in ("check", "upgrade"):
        assert main([command], project) == 1
        said = "".join(capsys.readouterr())
        lines = [line for line in said.splitlines() if ": error " in line]
        assert len(lines) == 1
        assert lines[0].startswith("content/organisations/oak/organisation.yaml:1:9: error new-sch")
        assert "written for a newer Formulary" in lines[0]
        assert "pip install -U formulary-papers" in lines[0]
    assert files_of(project) == before


@pytest.mark.parametrize("written", ["two", "0", "true"])
def test_what_is_no_version_is_an_error(
    project: Path, written: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = project / OAK / "organisation.yaml"
    path.write_text(f"schema: {written}\n" + path.read_text(encoding="utf-8"))
    assert main(["check"], project) == 1
    assert "content/organisations/oak/organisation.yaml:1:" in capsys.readouterr().out


def rewrite_as_version_2(project: Path) -> dict[str, str]:
    """Let the year be as the made-up version 2 has it, with comments; gives what it becomes."""
    path = project / OAK / "cycle.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count("        who: ") >= 3
    text = text.replace("        who: ", "        # who acts\n        who: ", 1)
    text = text.replace("        when: by the start of the cycle", "        when: by 1 May  # soon")
    old = text.replace("        who: ", '        "actor": ', 1).replace(" who: ", " actor: ")
    path.write_text(old, encoding="utf-8")
    top = project / OAK / "organisation.yaml"
    top.write_text("schema: 2  # as it was\n" + top.read_text(encoding="utf-8"))
    return {
        "cycle.yaml": text,
        "organisation.yaml": top.read_text(encoding="utf-8").replace("schema: 2", "schema: 3"),
    }


@pytest.mark.usefixtures("version_3")
def test_each_place_that_must_change_is_named_and_upgrade_changes_it(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = rewrite_as_version_2(project)
    lines = (project / OAK / "cycle.yaml").read_text(encoding="utf-8").splitlines()
    places = [
        f"cycle.yaml:{n}:9: error old-schema" for n, line in enumerate(lines, 1) if "actor" in line
    ]
    assert main(["check"], project) == 1
    said = [line for line in capsys.readouterr().out.splitlines() if ": error " in line]
    assert [line.partition("oak/")[2].partition(": The")[0] for line in said] == places
    assert all("Write “who” instead." in line and "upgrade" in line for line in said)
    assert main(["upgrade", "--org", "oak"], project) == 0
    found = files_of(project / OAK)
    assert {name: found[name].decode() for name in wanted} == wanted
    assert main(["check"], project) == 0


@pytest.mark.usefixtures("version_3")
def test_nothing_is_written_if_a_file_cannot_be_read(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rewrite_as_version_2(project)
    (project / OAK / "questions.yaml").write_text("a: [")
    before = files_of(project)
    assert main(["upgrade"], project) == 1
    assert "questions.yaml:" in capsys.readouterr().err
    assert files_of(project) == before


def test_a_form_of_the_projects_own_is_upgraded_and_a_link_is_refused(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def asks(kind: str, document: Document) -> Iterator[Change]:
        for loc in document.keys if kind == "form" else ():
            if loc == ("reason",):
                yield rename_key(document, loc, "purpose", "The key “reason” has a new name")

    monkeypatch.setattr(versions, "MIGRATIONS", (*versions.MIGRATIONS, Migration(3, asks)))
    form = project / "forms" / "chat.yaml"
    form.parent.mkdir()
    form.write_text("id: chat\nreason: To talk.  # kept\n")
    assert main(["check"], project) == 1
    assert "forms/chat.yaml:2:1: error old-schema" in capsys.readouterr().out
    assert main(["upgrade"], project) == 0
    assert form.read_text() == "id: chat\npurpose: To talk.  # kept\n"
    outside = project.parent / f"{project.name}-outside.yaml"
    outside.write_text("id: far\nreason: No.\n")
    (project / "forms" / "far.yaml").symlink_to(outside)
    top = project / OAK / "organisation.yaml"
    top.write_text(top.read_text(encoding="utf-8").replace("schema: 3", "schema: 2"))
    assert main(["upgrade"], project) == 3
    assert "forms/far.yaml is a link" in capsys.readouterr().err
    assert outside.read_text() == "id: far\nreason: No.\n"
