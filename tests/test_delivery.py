"""Files about people put into HR's folder: what is written, kept and named."""

from __future__ import annotations

import csv
import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formulary.cells import as_cell
from formulary.delivery import (
    WORK,
    OutputFolder,
    PackFile,
    Result,
    RunOutputs,
    manifest_line,
    refuse_inside,
    safe_name,
    writer_of,
)
from formulary.problems import OutputError, UsageError
from formulary.publish import checksum
from tests.helpers import ROOT

RESERVED = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10))}


@pytest.fixture
def folder(tmp_path: Path) -> OutputFolder:
    made = OutputFolder(tmp_path / "out")
    made.open()
    return made


def put(folder: OutputFolder, file: str, data: bytes, *, force: bool = False) -> str:
    return folder.write_files([(file, data)], folder.known_checksums(), force)[0][0]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_made_once_and_made_anew_only_when_it_differs(folder: OutputFolder) -> None:
    assert put(folder, "North/Ada (1)/form.docx", b"one") == "new"
    assert put(folder, "North/Ada (1)/form.docx", b"one") == "same"
    assert put(folder, "North/Ada (1)/form.docx", b"two") == "changed"
    assert (folder.path / "North/Ada (1)/form.docx").read_bytes() == b"two"


def test_a_file_that_somebody_changed_is_kept_unless_force_is_asked_for(
    folder: OutputFolder,
) -> None:
    put(folder, "form.docx", b"one")
    (folder.path / "form.docx").write_bytes(b"one, with an answer typed in")
    assert put(folder, "form.docx", b"two") == "kept"
    assert (folder.path / "form.docx").read_bytes() == b"one, with an answer typed in"
    assert put(folder, "form.docx", b"two", force=True) == "changed"
    assert (folder.path / "form.docx").read_bytes() == b"two"


def test_a_file_of_somebody_elses_is_never_taken_for_ours(folder: OutputFolder) -> None:
    (folder.path / "form.docx").write_bytes(b"not ours")
    assert put(folder, "form.docx", b"one") == "kept"


def test_a_killed_run_knows_its_own_files_without_a_manifest(folder: OutputFolder) -> None:
    put(folder, "form.docx", b"one")
    assert not (folder.path / "manifest.json").exists()
    folder.release()  # as the system does for a process that was killed
    again = OutputFolder(folder.path)
    again.open()
    assert put(again, "form.docx", b"two") == "changed"


def test_a_line_of_a_journal_that_is_half_there_spoils_no_other(folder: OutputFolder) -> None:
    put(folder, "form.docx", b"one")
    (journal,) = folder.work.glob("journal-*.txt")
    with journal.open("ab") as more:
        more.write(f"{'ab' * 32} Zażó".encode()[:-1])
    assert put(folder, "form.docx", b"two") == "changed"


def test_what_a_killed_run_left_half_written_is_cleared(folder: OutputFolder) -> None:
    (folder.work / "123.part").write_bytes(b"half")
    folder.release()
    OutputFolder(folder.path).open()
    assert not list(folder.work.glob("*.part"))


def test_only_the_owner_can_read_files_and_folders(folder: OutputFolder) -> None:
    put(folder, "North/Ada (1)/form.docx", b"one")
    folder.close([])
    if os.name == "nt":
        return
    for path in (folder.path, *folder.path.rglob("*")):
        assert mode(path) == (0o700 if path.is_dir() else 0o600), path


def test_the_manifest_lists_every_file_twice_alike_and_runs_no_formula(
    folder: OutputFolder,
) -> None:
    entry = PackFile(
        *("oak", "2026-27", "7", "=cmd()", "pm-form", "Word", "North/x.docx", "ab" * 32, "new"),
        reviewer_email="boss@school.example",
    )
    folder.close([manifest_line(entry)])
    data = json.loads((folder.path / "manifest.json").read_text(encoding="utf-8"))
    assert data["files"] == [
        {
            "organisation": "oak",
            "edition": "2026-27",
            "person": "7",
            "name": "=cmd()",
            "form": "pm-form",
            "format": "Word",
            "file": "North/x.docx",
            "sha256": "ab" * 32,
            "result": "new",
            **dict.fromkeys(("title", "due", "email", "site", "reviewer", "reviewer_name"), ""),
            "reviewer_email": "boss@school.example",
        }
    ]
    with (folder.path / "manifest.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["name"] == "'=cmd()"
    assert row["file"] == "North/x.docx"
    assert row["reviewer_email"] == "boss@school.example", "enough for a mail merge"
    assert list(folder.read_manifest()) == [entry]


def test_a_manifest_of_an_earlier_version_is_read(folder: OutputFolder) -> None:
    folder.close([])
    old = dict.fromkeys(("organisation", "edition", "person", "name", "form", "format"), "x")
    old |= {"file": "x.docx", "sha256": "", "result": "new"}
    text = f'{{"files": [\n{json.dumps(old)}\n]}}\n'
    (folder.path / "manifest.json").write_text(text, encoding="utf-8")
    (entry,) = folder.read_manifest()
    assert (entry.file, entry.reviewer_email) == ("x.docx", "")


def test_what_a_run_no_longer_makes_is_taken_away_unless_somebody_changed_it(
    folder: OutputFolder,
) -> None:
    def write(files: dict[str, bytes], force: bool = False) -> dict[str, Result]:
        made = RunOutputs(folder, "outputs.json")
        return made.write([(name, writer_of(data)) for name, data in files.items()], force)

    first = write({"a.eml": b"1", "b.eml": b"2", "c.eml": b"3"})
    assert first == {"a.eml": "new", "b.eml": "new", "c.eml": "new"}
    (folder.path / "c.eml").write_bytes(b"typed in")
    assert write({"a.eml": b"1"}) == {"a.eml": "same", "b.eml": "gone", "c.eml": "kept"}
    assert not (folder.path / "b.eml").exists()
    assert (folder.path / "c.eml").read_bytes() == b"typed in"
    assert write({"a.eml": b"9", "c.eml": b"4"}) == {"a.eml": "changed", "c.eml": "kept"}
    assert write({"c.eml": b"4"}, force=True) == {"c.eml": "changed", "a.eml": "gone"}


def test_a_manifest_that_was_spoilt_stops_the_run_with_its_name(folder: OutputFolder) -> None:
    (folder.path / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(OutputError, match=r"manifest\.json is not as it was written"):
        folder.known_checksums()


def test_a_file_that_cannot_be_written_is_named(folder: OutputFolder) -> None:
    (folder.path / "North").write_bytes(b"a file where a folder should be")
    with pytest.raises(OutputError, match=r"form\.docx cannot be read or written"):
        put(folder, "North/form.docx", b"one")


@pytest.mark.parametrize("place", ["site/packs", "content/packs", "packs", "."])
def test_a_folder_in_the_project_is_refused(place: str) -> None:
    with pytest.raises(UsageError, match="lies inside"):
        refuse_inside(ROOT, ROOT / place, "The output folder")


def test_a_folder_under_version_control_or_behind_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    with pytest.raises(UsageError, match="lies inside"):
        refuse_inside(ROOT, tmp_path / "repository" / "packs", "The output folder")
    (tmp_path / "link").symlink_to(ROOT / "content")
    with pytest.raises(UsageError, match="lies inside"):
        refuse_inside(ROOT, tmp_path / "link" / "packs", "The output folder")
    refuse_inside(ROOT, tmp_path / "elsewhere", "The output folder")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("O'Neil & <Sons>", "O'Neil & _Sons_"),
        ("Żółć", "Żółć"),
        ("=cmd()", "=cmd()"),
        ("a/b\\c:d", "a_b_c_d"),
        ("..", "_"),
        ("", "_"),
        ("ends in a dot. ", "ends in a dot"),
        ("Z\u0307", "Ż"),
        ("שלום", "שלום"),
    ],
)
def test_a_text_becomes_a_name_that_every_system_takes(text: str, name: str) -> None:
    assert safe_name(text) == name


@given(st.text(), st.text(max_size=60))
def test_no_text_makes_an_unsafe_name(text: str, id: str) -> None:
    name = safe_name(text, id)
    assert not set(name) & set('<>:"/\\|?*\0\t\r\n')
    assert name.strip(". ") == name
    assert name.split(".")[0].casefold() not in RESERVED
    assert 1 <= len(name.encode()) <= 100


def test_a_long_name_keeps_its_id() -> None:
    assert safe_name("Ż" * 200, "123").endswith("Ż (123)")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_a_cell_is_never_a_formula(text: str) -> None:
    assert as_cell(text) == f"'{text}"
    assert as_cell(f"x{text}") == f"x{text}"


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
@pytest.mark.parametrize(
    ("link", "file"),
    [
        ("form.docx", "form.docx"),
        ("North/form.docx", "North/form.docx"),
        ("North", "North/form.docx"),
        ("North/Ada (1)", "North/Ada (1)/form.docx"),
        ("North", "North/Ada (1)/more/form.docx"),
    ],
)
@pytest.mark.parametrize("force", [False, True])
def test_a_link_is_not_written_through(
    link: str, file: str, force: bool, folder: OutputFolder, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    (outside / "Ada (1)" / "more").mkdir(parents=True)
    secret = outside / "form.docx"
    secret.write_bytes(b"one")
    (folder.path / link).parent.mkdir(exist_ok=True)
    (folder.path / link).symlink_to(secret if link == file else outside)
    before = sorted(outside.rglob("*"))
    with pytest.raises(OutputError, match="is a link"):
        folder.write_files([("a.docx", b"a"), (file, b"two")], {}, force)
    with pytest.raises(OutputError, match="is a link"):
        folder.remove([file], {file: [checksum(b"one")]}, force)
    assert (sorted(outside.rglob("*")), secret.read_bytes()) == (before, b"one")
    assert not (folder.path / "a.docx").exists(), "links are found before anything is written"


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
@pytest.mark.parametrize("link", [WORK, f"{WORK}/lock", f"{WORK}/returns.jsonl", "manifest.json"])
def test_a_link_in_place_of_what_a_run_keeps_is_refused(link: str, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_text("as it was")
    out = tmp_path / "out"
    (out / link).parent.mkdir(parents=True)
    (out / link).symlink_to(outside if link == WORK else outside / "file")
    with pytest.raises(OutputError, match="is a link"):
        made = OutputFolder(out)
        made.open()
        made.known_checksums()
    assert [path.name for path in outside.iterdir()] == ["file"]
    assert (outside / "file").read_text() == "as it was"


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_folder_that_was_named_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "real")
    made = OutputFolder(tmp_path / "out")
    made.open()
    assert put(made, "North/form.docx", b"one") == "new"
    assert (tmp_path / "real" / "North" / "form.docx").read_bytes() == b"one"
