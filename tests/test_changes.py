"""The commands `changes` and `keep-edition`, and what a build makes of a kept edition."""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from lxml import html
from pypdf import PdfReader

from formulary.cli import main
from formulary.pipeline.states import _unpack
from tests.edits import POLICY, TINY, edited
from tests.helpers import replace_once, tiny_project

OLD, NEW = "PPA) is not used, unless", "PPA) is never used, unless"


@pytest.fixture(scope="module")
def then(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_project(tmp_path_factory.mktemp("then"))


@pytest.fixture
def now(then: Path, tmp_path: Path) -> Path:
    """The same project with one clause reworded."""
    root = tmp_path / "now"
    shutil.copytree(then, root, symlinks=True)
    replace_once(root / POLICY, OLD, NEW)
    return root


def test_the_changes_since_another_folder_are_printed(
    then: Path, now: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["changes", "--since", str(then)], now) == 0
    said = capsys.readouterr().out
    assert "The Tiny Trust: What changed since 2026-27" in said
    assert "One thing has changed since 2026-27." in said
    assert "(PPA) is [deleted: not] [added: never] used, unless this is agreed." in said
    assert "The change log (updates: in policy.yaml) gives no reason for:\n  - clause 8.2" in said
    assert "The change log names “concerns”, which has not changed." in said


def test_the_changes_are_printed_as_data(
    then: Path, now: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["changes", "--since", str(then), "--json"], now) == 0
    (comparison,) = json.loads(capsys.readouterr().out)["comparisons"]
    (change,) = comparison["changes"]
    assert (change["key"], change["what"]) == ("clause:year-round-review", ["reworded"])
    assert change["no-reason-given"] is True
    words = change["passages"][0]["words"]
    assert {"mark": "removed", "text": "not"} in words and {
        "mark": "added",
        "text": "never",
    } in words


def test_nothing_has_changed_since_the_same_state(
    then: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["changes", "--since", str(then)], then) == 0
    assert "Nothing has changed." in capsys.readouterr().out


def git(root: Path, *arguments: str) -> str:
    named = ("-c", "user.name=Kim Example", "-c", "user.email=kim@example.org")
    done = subprocess.run(
        ("git", "-C", str(root), *named, *arguments), capture_output=True, check=True, text=True
    )
    return done.stdout


@pytest.fixture
def versioned(now: Path) -> Path:
    """The project in git: first as it was, tagged, then as it is now, with something unsaved."""
    replace_once(now / POLICY, NEW, OLD)
    git(now, "init", "-q")
    git(now, "add", "content", "forms", "mkdocs.yml")
    git(now, "commit", "-q", "-m", "The edition of 2025")
    git(now, "tag", "spring")
    replace_once(now / POLICY, OLD, NEW)
    return now


def test_a_revision_is_compared_without_touching_the_folder(
    versioned: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = git(versioned, "status", "--porcelain"), (versioned / POLICY).read_bytes()
    assert main(["changes", "--since", "spring", "--org", "tiny"], versioned) == 0
    assert "[deleted: not] [added: never]" in capsys.readouterr().out
    assert before == (git(versioned, "status", "--porcelain"), (versioned / POLICY).read_bytes())


def test_what_cannot_be_compared_is_said_in_plain_words(
    versioned: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["changes", "--since", "autumn"], versioned) == 2
    assert "There is no folder, file or revision “autumn”." in capsys.readouterr().err
    assert main(["changes", "--since", "--all"], versioned) == 2
    (versioned / "empty").mkdir()
    assert main(["changes", "--since", str(versioned / "empty")], versioned) == 2
    assert "holds no folder content/organisations." in capsys.readouterr().err
    assert main(["changes"], versioned) == 2
    assert "No last edition is kept to compare with." in capsys.readouterr().err
    monkeypatch.setenv("PATH", str(versioned / "empty"))
    assert main(["changes", "--since", "spring"], versioned) == 3
    assert "git is not on this computer" in capsys.readouterr().err


def test_without_git_a_revision_is_refused(now: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["changes", "--since", "spring"], now) == 2
    assert "this project is not kept in git" in capsys.readouterr().err


def test_the_errors_of_the_earlier_state_are_named_as_its_own(
    versioned: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replace_once(versioned / POLICY, "numbering: clauses", "numbering: roman")
    git(versioned, "commit", "-q", "-a", "-m", "A slip")
    replace_once(versioned / POLICY, "numbering: roman", "numbering: clauses")
    assert main(["changes", "--since", "HEAD"], versioned) == 1
    said = capsys.readouterr().err
    assert "HEAD:content/organisations/tiny/policy.yaml:" in said and "bad-value" in said


def test_an_organisation_that_did_not_exist_then_is_named(
    then: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "later"
    shutil.copytree(then, root, symlinks=True)
    oak = shutil.copytree(root / TINY, root / TINY.with_name("oak"))
    replace_once(oak / "organisation.yaml", "id: tiny", "id: oak")
    capsys.readouterr()
    assert main(["changes", "--since", str(then), "--org", "oak"], root) == 2
    said = capsys.readouterr().err
    assert f"There was no organisation “oak” in {then}. Known then: tiny." in said
    assert main(["changes", "--since", str(then)], root) == 0
    assert "oak is new: it was not there then." in capsys.readouterr().out


def test_a_revision_is_unpacked_without_links_and_outside_paths(tmp_path: Path) -> None:
    packed = BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name in ("content/a.yaml", "../content/b.yaml", "/content/c.yaml", "run.py"):
            entry = tarfile.TarInfo(name)
            entry.size = 2
            archive.addfile(entry, BytesIO(b"a:"))
        link = tarfile.TarInfo("content/link.yaml")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        archive.addfile(link)
    folder = tmp_path / "inner"
    folder.mkdir()
    _unpack(packed.getvalue(), folder)
    found = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")]
    assert sorted(found) == ["inner", "inner/content", "inner/content/a.yaml"]


def test_documents_are_written_where_they_are_asked_for(
    then: Path, now: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    word, pdf = tmp_path / "out" / "changes.docx", tmp_path / "out" / "changes.pdf"
    wanted = ["changes", "--since", str(then), "--word", str(word), "--pdf", str(pdf)]
    assert main(wanted, now) == 0
    texts = [
        "".join(paragraph.text for paragraph in Document(str(word)).paragraphs),
        "".join(page.extract_text() for page in PdfReader(pdf).pages),
    ]
    for text in texts:
        assert "[deleted: not] [added: never]" in " ".join(text.split())


def test_a_kept_edition_makes_the_page_and_the_documents(tmp_path: Path) -> None:
    root = tiny_project(tmp_path)
    assert main(["keep-edition", "--org", "tiny", "--name", "2025-26"], root) == 0
    assert main([], root) == 0
    assert not (root / "site" / "tiny" / "changes.html").exists()
    replace_once(root / POLICY, OLD, NEW)
    assert main([], root) == 0
    page = html.fromstring((root / "site" / "tiny" / "changes.html").read_bytes())
    assert page.xpath("//h1")[0].text_content().startswith("What changed since 2025-26")
    assert [d.text_content() for d in page.xpath("//article//h3//following::del")] == [
        "[deleted: not end of deleted words]"
    ]
    made = {path.name for path in (root / "site" / "tiny" / "downloads").iterdir()}
    assert {"changes-2026-27.docx", "changes-2026-27.pdf"} <= made
    policy = html.fromstring((root / "site" / "tiny" / "policy" / "review.html").read_bytes())
    (mark,) = policy.xpath("//*[@id='year-round-review']//div[@class='changed']")
    assert " ".join(mark.text_content().split()) == (
        "Changed in 2026-27: what changed in clause 8.2"
    )
    assert mark.xpath(".//a/@href") == ["../changes.html#clause--year-round-review"]


def test_an_edition_can_be_kept_as_it_was_at_a_revision(versioned: Path) -> None:
    kept = ["keep-edition", "--org", "tiny", "--at", "spring", "--name", "Spring"]
    assert main(kept, versioned) == 0
    data = json.loads((versioned / TINY / "last-edition.json").read_text(encoding="utf-8"))
    assert data["name"] == "Spring"
    assert OLD in json.dumps(data, ensure_ascii=False) and NEW not in json.dumps(data)


def test_the_log_may_name_a_withdrawn_clause_and_no_other(
    then: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "root"
    shutil.copytree(then, root, symlinks=True)
    assert main(["keep-edition", "--org", "tiny"], root) == 0
    other = edited(tmp_path / "edited", "clause-removed")
    shutil.copy(other / POLICY, root / POLICY)
    replace_once(
        root / POLICY,
        "updates:\n",
        "updates:\n"
        "  - {clause: objectives-timing, text: It is gone., replaced-by: smart}\n"
        "  - {clause: objectives-never, text: It never was.}\n"
        "  - {clause: smart, text: It is new., replaced-by: objectives-timing}\n",
    )
    main(["check"], root)
    lines = [line for line in capsys.readouterr().out.splitlines() if "policy.yaml:" in line]
    said = [line for line in lines if "unknown-reference" in line]
    assert len(said) == 2
    assert "objectives-never" in said[0] and "There is no clause “objectives-timing”" in said[1]
