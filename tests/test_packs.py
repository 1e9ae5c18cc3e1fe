"""The packs command as HR meets it: a staff list goes in, folders of filled forms come out."""

from __future__ import annotations

import csv
import html
import io
import json
import os
import re
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import openpyxl
import pikepdf
import pytest

from formulary.cli import main
from formulary.content.loading import Content, load
from tests.checkers import tools
from tests.checkers.fill_pdf import read_pdf_fields
from tests.checkers.fill_word import read_word_fields
from tests.helpers import ROOT, send_to_all, small_project, tiny_project
from tests.staff_lists import HEADINGS, NAMES_BEYOND_THE_TYPEFACE, make_staff

Rows = list[list[str]]
NAME, GROUP, SCHOOL, REVIEWER = 1, 3, 4, 6


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tests' own project, which sends everyone three of its forms."""
    root = tiny_project(tmp_path_factory.mktemp("project"))
    return send_to_all(root, "pm-form", "cpd-needs", "objective-change")


@pytest.fixture
def staff(project: Path) -> Rows:
    """Twelve people of the tests' own organisation, and the headings."""
    (own,) = load(project)[0].organisations
    text = make_staff(12, own.organisation.item, 3).decode()
    rows = list(csv.reader(io.StringIO(text)))
    for row in rows[1:]:
        row[REVIEWER] = "Committee of trustees"
    return rows


@pytest.fixture
def packs(project: Path, staff: Rows, tmp_path: Path) -> Callable[..., int]:
    """Run the command on `staff`, as it then is, into tmp_path/out; gives the exit code."""

    def run(*options: str, out: Path | None = None, form: str = "cpd-needs") -> int:
        path = tmp_path / "staff.csv"
        path.write_bytes(as_csv(staff))
        words = ["packs", str(path), "--org", "tiny", "--out", str(out or tmp_path / "out")]
        forms = ["--form", form] if form else []
        return main([*words, "--jobs", "1", *forms, *options], project)

    return run


def as_csv(rows: Rows) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def files_in(out: Path) -> dict[str, bytes]:
    """Every form, by its path."""
    found = sorted([*out.rglob("*.docx"), *out.rglob("*.pdf")])
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in found}


def manifest(out: Path) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads((out / "manifest.json").read_text("utf-8"))["files"]
    return found


def results(out: Path) -> dict[str, int]:
    found = [entry["result"] for entry in manifest(out)]
    return {result: found.count(result) for result in sorted(set(found))}


def stamp_person(path: Path) -> str:
    """Whose form a file says that it is."""
    if path.suffix == ".pdf":
        with pikepdf.open(path) as document:
            return str(document.docinfo["/FormularyPerson"])
    with zipfile.ZipFile(path) as archive:
        return archive.read("docProps/custom.xml").decode()


# the whole way


def test_both_formats_hold_the_same_values_under_the_same_ids(
    packs: Callable[..., int], tmp_path: Path
) -> None:
    assert packs("--form", "pm-form") == 0
    pairs = sorted((tmp_path / "out").rglob("*.pdf"))
    assert len(pairs) == 24
    for path in pairs[::4]:
        assert read_pdf_fields(path) == read_word_fields(path.with_suffix(".docx")), path


def test_each_group_has_its_own_cycle_and_a_joiner_a_shorter_one(
    content: Content, tmp_path: Path
) -> None:
    (own,) = (found for found in content.organisations if found.id == "dgat")
    group = own.organisation.item.groups[0].name
    rows = [
        list(HEADINGS),
        ["1", "Ada Fernley", "Tutor", group, "", "", "Committee", "01/09/2010", "", ""],
        ["2", "Ben Fernley", "Tutor", group, "", "", "Committee", "12/01/2027", "", ""],
        ["3", "Cleo Fernley", "Cook", "Support staff", "", "", "Committee", "01/09/2010", "", ""],
    ]
    (tmp_path / "staff.csv").write_bytes(as_csv(rows))
    out = tmp_path / "out"
    words = ["packs", str(tmp_path / "staff.csv"), "--org", "dgat", "--out", str(out)]
    options = ["--form", "pm-form", "--jobs", "1", "--pattern", "{id}/{form}", "--format", "pdf"]
    assert main([*words, *options], ROOT) == 0
    dates = {
        id: (found["cycle_from"], found["cycle_to"])
        for id in "123"
        for found in [read_pdf_fields(out / id / "pm-form.pdf")]
    }
    assert dates["1"][1] == dates["2"][1]
    assert dates["1"][0] != dates["3"][0] or dates["1"][1] != dates["3"][1]
    assert dates["2"][0] in ("12/01/2027", dates["1"][0])
    assert main([*words, *options, "--year", "2027", "--force"], ROOT) == 0
    assert read_pdf_fields(out / "1" / "pm-form.pdf")["cycle_from"] == "01/10/2027"


# again, after the list has changed


def test_a_second_run_makes_only_what_differs_and_says_so(
    packs: Callable[..., int], staff: Rows, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert packs() == 0
    first = files_in(out)
    assert results(out) == {"new": 24}
    staff[2][2] = "Librarian"
    (gone,) = {entry["file"] for entry in manifest(out) if entry["person"] == staff[5][0]} & {
        file for file in first if file.endswith(".pdf")
    }
    del staff[5]
    staff.append(["000099", "Ewa Mossman", *staff[1][2:9], "ewa@school.example"])
    (typed,) = (
        entry["file"]
        for entry in manifest(out)
        if entry["person"] == staff[3][0] and entry["format"] == "Word"
    )
    (out / typed).write_bytes(b"an answer was typed in")
    staff[3][2] = "Gardener"
    capsys.readouterr()
    assert packs() == 0
    assert results(out) == {"changed": 2 + 1, "kept": 1, "new": 2 + 2, "same": 18}
    said = capsys.readouterr().out
    assert "nobody on the list has now" not in said, "one form was asked for, not all"
    assert packs(form="") == 0
    said = capsys.readouterr().out
    assert "2 files of an earlier run, that nobody on the list has now" in said
    assert gone in said
    assert typed in said
    assert files_in(out)[gone] == first[gone], "nothing is deleted"
    assert (out / typed).read_bytes() == b"an answer was typed in"
    assert packs("--force") == 0
    assert (out / typed).read_bytes() != b"an answer was typed in"
    assert packs("--year", "2027", form="") == 0
    assert results(out)["gone"] == 2, "another year's files are nobody's loss"


def test_a_manifest_knows_what_was_written_where_a_file_was_kept(
    packs: Callable[..., int], staff: Rows, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    packs("--format", "word")
    before = manifest(out)[0]
    path = out / before["file"]
    ours = path.read_bytes()
    path.write_bytes(b"typed in")
    staff[1][2] = "Librarian"
    packs("--format", "word")
    assert manifest(out)[0] == {**before, "result": "kept"}
    path.write_bytes(ours)
    packs("--format", "word")
    assert manifest(out)[0]["result"] == "changed", "what we wrote ourselves is ours to replace"


# what is wrong


def test_doubt_about_some_does_not_stop_the_others_unless_strict_is_asked_for(
    packs: Callable[..., int], staff: Rows, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    staff[2][GROUP] = "Jugglers"
    staff[3][REVIEWER] = staff[3][0]
    assert packs("--strict") == 1
    said = capsys.readouterr()
    assert not (tmp_path / "out").exists()
    assert "Nothing was written" in said.out
    assert said.err.count(staff[2][NAME]) == 1, "each is named once"
    assert staff[2][NAME] not in said.out
    assert packs() == 0
    said = capsys.readouterr()
    assert f"{staff[2][NAME]} ({staff[2][0]}), row 3" in said.out
    assert f"{staff[3][NAME]} ({staff[3][0]}), row 4" in said.out
    people = {entry["person"] for entry in manifest(tmp_path / "out")}
    assert people == {row[0] for row in staff[1:]} - {staff[2][0], staff[3][0]}


@pytest.mark.parametrize("name", NAMES_BEYOND_THE_TYPEFACE)
def test_a_name_that_a_pdf_cannot_show_costs_the_pdf_alone(
    packs: Callable[..., int],
    staff: Rows,
    tmp_path: Path,
    name: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    name = name.strip()
    staff[4][NAME] = name
    assert packs("--strict") == 1
    assert "The form in Word can hold it" in capsys.readouterr().err
    assert packs() == 0
    said = capsys.readouterr().out
    assert "Files left out because of a problem" in said
    out = tmp_path / "out"
    (mine,) = (entry for entry in manifest(out) if entry["person"] == staff[4][0])
    assert mine["format"] == "Word"
    assert name in read_word_fields(out / mine["file"]).values()
    assert len(manifest(out)) == 23
    assert packs("--format", "word") == 0


def test_a_person_with_a_problem_keeps_the_files_of_an_earlier_run(
    packs: Callable[..., int], staff: Rows, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packs(form="")
    staff[2][GROUP] = "Jugglers"
    assert packs("--skip-problems", form="") == 0, "the option of earlier versions is taken"
    assert "nobody on the list" not in capsys.readouterr().out
    assert staff[2][0] in {entry["person"] for entry in manifest(tmp_path / "out")}


def test_the_outcome_as_data(
    packs: Callable[..., int], staff: Rows, capsys: pytest.CaptureFixture[str]
) -> None:
    staff[4][NAME] = NAMES_BEYOND_THE_TYPEFACE[0]
    staff[5][GROUP] = "Jugglers"
    assert packs("--json", "--strict") == 1
    data = json.loads(capsys.readouterr().out)
    assert data["results"] == {}
    assert [one["id"] for one in data["unmade"]] == [staff[4][0]]
    assert [one["id"] for one in data["stopped"]] == [staff[5][0]]
    assert {problem["code"] for problem in data["problems"]} >= {"does-not-fit", "staff-group"}
    assert packs("--json") == 0
    assert json.loads(capsys.readouterr().out)["results"] == {"new": 21}


# what a pack holds, and what its files are called


def test_a_new_organisation_sends_nobody_a_support_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = small_project(tmp_path / "project")
    forms = ("planning-statement", "one-to-one", "cpd-needs", "support-plan", "meeting-note")
    words = [word for form in (*forms, "appeal", "disposal-log") for word in ("--form", form)]
    assert main(["new", "elm", "--name", "Elm School", "--group", "Staff", *words], root) == 0
    rows = [["Id", "Name", "Reviewer"], ["1", "Ann Lee", "2"], ["2", "Bo Ash", "Governors"]]
    (tmp_path / "staff.csv").write_bytes(as_csv(rows))
    out = tmp_path / "out"
    command = ["packs", str(tmp_path / "staff.csv"), "--org", "elm", "--jobs", "1"]
    capsys.readouterr()
    assert main([*command, "--preflight"], root) == 0
    said = capsys.readouterr().out
    assert re.search(r"Training and development needs +│ +2 ", said)
    assert "Support plan (only when needed)" in said
    assert "Retention and disposal log (kept by the office)" in said
    assert main([*command, "--out", str(out)], root) == 0
    assert {entry["form"] for entry in manifest(out)} == set(forms[:3])
    assert main([*command, "--out", str(tmp_path / "b"), "--form", "appeal"], root) == 0
    assert {entry["form"] for entry in manifest(tmp_path / "b")} == {"appeal"}, "asked for by name"


def test_forms_of_which_none_is_for_everyone_are_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = small_project(tmp_path / "project")
    assert main(["new", "elm", "--name", "Elm School", "--form", "meeting-note"], root) == 0
    (tmp_path / "staff.csv").write_bytes(as_csv([["Id", "Name", "Reviewer"], ["1", "A", "B"]]))
    command = ["packs", str(tmp_path / "staff.csv"), "--org", "elm", "--out", str(tmp_path / "out")]
    assert main(command, root) == 2
    assert "offers no form that goes to everyone" in capsys.readouterr().err


def test_the_files_of_six_people_can_be_saved_in_one_folder(
    packs: Callable[..., int], staff: Rows, tmp_path: Path
) -> None:
    names = ("Ann Lee", "Ann Lee", "Ann: Lee?", "CON", "Zoë O’Neil/Fox", "Ann Lee.")
    for row, name in zip(staff[1:], names, strict=False):
        row[NAME] = name
    assert packs() == 0
    saved = [Path(file).name for file in files_in(tmp_path / "out")]
    assert len({name.casefold() for name in saved}) == len(saved) == 24
    assert "cpd-needs Ann Lee 000001 2026-27.docx" in saved
    assert "cpd-needs Ann Lee 000002 2026-27.docx" in saved
    assert not [name for name in saved if re.search(r'[<>:"/\\|?*]|[. ]\.', name)]


def test_problems_are_said_kind_by_kind_the_most_harmful_first(
    packs: Callable[..., int], staff: Rows, capsys: pytest.CaptureFixture[str]
) -> None:
    for row in staff[1:9]:
        row[GROUP] = f"Juggler {row[0]}"
    staff[9][REVIEWER] = staff[9][0]
    staff[10][REVIEWER] = ""
    assert packs() == 0
    said = capsys.readouterr().err.splitlines()
    kinds = [line.split(":")[0] for line in said if line.startswith(("error", "warning", "info"))]
    assert kinds[:2] == ["error staff-group", "error staff-own-reviewer"]
    assert "warning staff-reviewer" in kinds
    assert next(line for line in said if line.startswith("error")).endswith("(8 people)")
    assert sum("is not a staff group" in line for line in said) == 5
    assert "  and 3 more of this kind; --json lists all" in said


def test_a_list_in_which_a_column_is_missing_stops_everything(
    packs: Callable[..., int], staff: Rows, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for row in staff:
        del row[REVIEWER]
    assert packs() == 1
    assert not (tmp_path / "out").exists()
    assert "No column of the list is for the reviewer" in capsys.readouterr().err


# choices


def test_only_some_people(packs: Callable[..., int], staff: Rows, tmp_path: Path) -> None:
    staff[1][SCHOOL], staff[2][REVIEWER] = "Weir School", staff[7][0]
    wanted = {staff[1][0], staff[2][0], staff[9][0]}
    assert packs("--only", "weir school", "--only", staff[7][NAME], "--only", staff[9][0]) == 0
    assert {entry["person"] for entry in manifest(tmp_path / "out")} == wanted


def test_a_sheet_of_a_workbook_is_the_list(
    packs: Callable[..., int], project: Path, staff: Rows, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Notes"])
    sheet = book.create_sheet("Autumn")
    for row in staff:
        sheet.append(row)
    book.save(tmp_path / "staff.xlsx")
    words = ["packs", str(tmp_path / "staff.xlsx"), "--org", "tiny", "--jobs", "1"]
    options = ["--form", "cpd-needs", "--sheet", "Autumn", "--out", str(tmp_path / "books")]
    assert main([*words, *options], project) == 0
    assert packs() == 0
    assert files_in(tmp_path / "books") == files_in(tmp_path / "out")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--org", "nowhere"], "There is no organisation “nowhere”. Known: tiny."),
        (["--form", "nothing"], "There is no form “nothing” here."),
        (["--only", "Nobody"], "has the id, school or reviewer “Nobody”."),
        (["--pattern", "{school}/{form}"], "It needs {form}, and {person} or {id}"),
        (["--pattern", "{person}/{frm}"], "“{frm}” is not known"),
        (["--pattern", "{person.place}/{form}"], "“{person.place}” is not known"),
        (["--pattern", "{person/{form}"], "A curly bracket has no partner"),
        (["--pattern", "/etc/{person}{form}"], "A folder has no name"),
        (["--pattern", "../{person}/{form}"], "A folder has no name"),
        (["--pattern", "c:{person}/{form}"], "No file can have “c:” in its name"),
        (["--format", "pdf,rtf"], "“pdf,rtf”: write word, pdf or page, or as word,pdf"),
        (["--jobs", "0"], "“0” is not a number of processes from 1 to 256"),
    ],
)
def test_a_wrong_call_says_what_to_write(
    packs: Callable[..., int],
    tmp_path: Path,
    options: Sequence[str],
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert packs(*options) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_people_of_one_name_and_ids_that_no_file_can_have_do_not_meet(
    packs: Callable[..., int], staff: Rows, tmp_path: Path
) -> None:
    for row, id in zip(staff[1:6], ("1/2", "1_2", "1?2", "1:2", "CON"), strict=True):
        row[0], row[NAME] = id, "Ada Fernley"
    assert packs("--pattern", "{id}-{form}", "--format", "word") == 0
    assert len({file.casefold() for file in files_in(tmp_path / "out")}) == 12
    assert packs("--format", "word", out=tmp_path / "usual") == 0
    assert len(files_in(tmp_path / "usual")) == 12


# where the files go


@pytest.mark.parametrize("place", ["site/packs", "content/packs", "packs"])
def test_a_folder_or_a_list_in_the_project_is_refused(
    packs: Callable[..., int],
    project: Path,
    staff: Rows,
    place: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert packs(out=project / place) == 2
    assert "lies inside" in capsys.readouterr().err
    assert not (project / place).exists()
    (project / "content" / "staff.csv").write_bytes(as_csv(staff))
    words = ["packs", str(project / "content" / "staff.csv"), "--org", "tiny", "--preflight"]
    try:
        assert main(words, project) == 2
    finally:
        (project / "content" / "staff.csv").unlink()


def test_only_the_owner_reads_and_no_word_of_the_list_is_anywhere_else(
    packs: Callable[..., int],
    project: Path,
    staff: Rows,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert packs("--jobs", "2", out=tmp_path / "earlier") == 0  # it keeps the content it read
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    staff[1][NAME], staff[1][2] = "Quirina Zwetschgenbaum", "Keeper of newts"
    assert packs("--jobs", "2") == 0
    said = capfd.readouterr()
    assert "newts" not in said.out + said.err
    assert "school.example" not in said.out + said.err
    assert staff[7][NAME] not in said.out + said.err
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before
    if os.name != "nt":
        for path in (tmp_path / "out", *(tmp_path / "out").rglob("*")):
            wanted = 0o700 if path.is_dir() else 0o600
            assert stat.S_IMODE(path.stat().st_mode) == wanted, path


# who does the work


@pytest.mark.slow
def test_two_processes_and_a_dask_cluster_make_the_same_bytes(
    packs: Callable[..., int], tmp_path: Path
) -> None:
    distributed = tools.python_module("distributed", "pip install 'formulary-papers[dask]'")
    assert packs(form="") == 0
    alone = files_in(tmp_path / "out")
    assert packs("--jobs", "2", out=tmp_path / "two", form="") == 0
    assert files_in(tmp_path / "two") == alone
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None
    ) as cluster:
        address = str(cluster.scheduler_address)
        assert packs("--dask", address, out=tmp_path / "dask", form="") == 0
    assert files_in(tmp_path / "dask") == alone
    names = [
        (folder / name).read_bytes()
        for name in ("manifest.json", "manifest.csv")
        for folder in (tmp_path / "out", tmp_path / "two", tmp_path / "dask")
    ]
    assert len(set(names)) == 2


LACKING = """
import sys
from importlib.abc import MetaPathFinder

class Absent(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.partition(".")[0] == "formulary":
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Absent())
from distributed import LocalCluster

options = {"protocol": "tcp", "processes": False, "dashboard_address": None}
with LocalCluster(n_workers=1, **options) as cluster:
    print(cluster.scheduler_address, flush=True)
    sys.stdin.read()
"""
"""A cluster in whose Python nobody has installed Formulary."""


def test_a_cluster_without_formulary_is_told_in_words(
    packs: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tools.python_module("distributed", "pip install 'formulary-papers[dask]'")
    with subprocess.Popen(
        [sys.executable, "-c", LACKING],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as cluster:
        assert cluster.stdout
        address = cluster.stdout.readline().strip()
        assert packs("--dask", address) == 2
        cluster.communicate()
    said = capsys.readouterr().err
    assert "Scheduler and workers all need it" in said
    assert "Traceback" not in said
    assert not (tmp_path / "out").exists()


def test_each_process_knows_what_earlier_runs_wrote(
    packs: Callable[..., int], staff: Rows, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert packs("--format", "word") == 0
    typed = manifest(out)[0]["file"]
    (out / typed).write_bytes(b"an answer was typed in")
    for row in staff[1:]:
        row[2] = "Librarian"
    assert packs("--format", "word", "--jobs", "2") == 0
    assert results(out) == {"changed": 11, "kept": 1}
    assert (out / typed).read_bytes() == b"an answer was typed in"


KILLS = int(os.environ.get("FORMULARY_KILLS", "3"))
KILLER = """
import os, random, signal, sys
from formulary.cli import main
from pathlib import Path

root, arguments, moments = Path(sys.argv[1]), sys.argv[2].split("\\n"), eval(sys.argv[3])
for event, count, jobs in moments:
    child = os.fork()
    if not child:
        os.setsid()
        left = [count]
        def hook(name, given):
            path = str(given[0]) if given else ""
            if name == event and path.endswith(".part"):
                left[0] -= 1
                if not left[0]:
                    os.killpg(0, signal.SIGKILL)
        sys.addaudithook(hook)
        os._exit(main([*arguments, "--jobs", str(jobs)], root))
    _, status = os.waitpid(child, 0)
    print("killed" if os.WIFSIGNALED(status) else "ended", flush=True)
    os.system("true")
"""
"""Starts the command again and again; each is killed, with its workers, when it is about to open
(“open”) or to put in place (“os.rename”) its n-th file."""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a process group")
def test_killed_again_and_again_and_started_once_more_all_is_whole(
    packs: Callable[..., int], project: Path, tmp_path: Path
) -> None:
    assert packs(form="", out=tmp_path / "whole") == 0
    whole = files_in(tmp_path / "whole")
    chance, out = Random(7), tmp_path / "out"
    moments = [
        (chance.choice(("open", "os.rename")), chance.randint(1, 8), chance.choice((1, 2)))
        for _ in range(KILLS)
    ]
    words = ["packs", str(tmp_path / "staff.csv"), "--org", "tiny", "--out", str(out)]
    done = subprocess.run(
        [sys.executable, "-c", KILLER, str(project), "\n".join(words), repr(moments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split().count("killed") == KILLS, done.stderr
    half = files_in(out)
    assert 0 < len(half) < len(whole)
    assert all(whole[file] == data for file, data in half.items())
    assert packs(form="") == 0
    assert files_in(out) == whole
    entries = manifest(out)
    assert sorted(entry["file"] for entry in entries) == sorted(whole)
    assert results(out) == {"new": len(whole) - len(half), "same": len(half)}
    assert {left.name for left in (out / ".formulary").iterdir()} <= {"lock"}


@pytest.mark.slow
def test_stopped_by_hand_it_says_how_to_go_on(
    project: Path, packs: Callable[..., int], tmp_path: Path
) -> None:
    assert packs(out=tmp_path / "first") == 0
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from formulary.cli import main\n"
        "def hook(name, given):\n"
        "    if name == 'os.rename':\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        # a background shell ignores Ctrl-C, and so would this
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "sys.addaudithook(hook)\n"
        "sys.exit(main(sys.argv[2:], Path(sys.argv[1])))\n"
    )
    words = ["packs", str(tmp_path / "staff.csv"), "--org", "tiny", "--out", str(tmp_path / "out")]
    done = subprocess.run(
        [sys.executable, "-c", script, str(project), *words, "--jobs", "1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 130
    assert "it carries on from where it stopped" in done.stderr
    assert "site/" not in done.stderr
    assert "Traceback" not in done.stderr


UNUSABLE: dict[str, bytes] = {
    "no column for the id": b"Foo,Name,Staff group,Reviewer\n1,Ann Ng,Teachers,9\n",
    "no column for the group": b"Id,Name,Foo,Reviewer\n1,Ann Ng,Teachers,Board of trustees\n",
    "nobody below the headings": b"Id,Name,Staff group,Reviewer\n",
    "an empty file": b"",
    "junk that begins as a workbook": b"PK\x03\x04" + bytes(range(256)) * 20,
    "a group that nobody has": b"Id,Name,Staff group,Reviewer\n1,Ann Ng,Jugglers,Board\n",
}


@pytest.mark.parametrize("what", UNUSABLE)
def test_a_list_that_cannot_be_used_is_never_skipped(
    project: Path,
    packs: Callable[..., int],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    what: str,
) -> None:
    assert packs("--format", "word") == 0
    before = files_in(tmp_path / "out"), (tmp_path / "out" / "manifest.csv").read_bytes()
    path = tmp_path / "other.csv"
    path.write_bytes(UNUSABLE[what])
    words = ["packs", str(path), "--org", "tiny", "--jobs", "1", "--skip-problems"]
    for out in ("out", "new"):
        capsys.readouterr()
        assert main([*words, "--out", str(tmp_path / out), "--form", "cpd-needs"], project) == 1
        said = capsys.readouterr()
        assert "other.csv" in said.err
        assert "Nothing was written." in said.out
        assert "delete" not in said.out
        assert "--skip-problems" not in said.out
    assert not (tmp_path / "new").exists()
    assert (files_in(tmp_path / "out"), (tmp_path / "out" / "manifest.csv").read_bytes()) == before


def test_a_page_is_made_on_demand_and_holds_the_persons_answers(
    project: Path,
    staff: Rows,
    tmp_path: Path,
    packs: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert packs("--format", "page") == 2
    assert "site_url" in capsys.readouterr().err
    settings = project / "mkdocs.yml"
    own = settings.read_bytes()
    try:
        settings.write_bytes(own + b"site_url: https://handbook.example/hr\n")
        assert packs() == packs("--format", "page") == packs("--format", "word,pdf") == 0
    finally:
        settings.write_bytes(own)
    rows = list(csv.DictReader((tmp_path / "out" / "manifest.csv").open(encoding="utf-8-sig")))
    pages = [row for row in rows if row["format"] == "Page"]
    assert len(pages) == len(rows) / 3 and all(row["result"] != "gone" for row in rows)
    for row in pages:
        text = (tmp_path / "out" / row["file"]).read_text(encoding="utf-8")
        assert row["name"] in html.unescape(text)
        (address,) = re.findall(r'href="(.+?)"', text)
        assert address == "https://handbook.example/hr/tiny/fill/cpd-needs.html"
        assert f'"Person": "{row["person"]}"' in text
