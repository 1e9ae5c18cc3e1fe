"""The collect command as HR meets it: returned files go in, registers and findings come out."""

from __future__ import annotations

import csv
import datetime
import io
import json
import os
import sqlite3
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import openpyxl
import pikepdf
import pytest

from formulary.cli import main
from formulary.delivery import OutputFolder
from formulary.documents.blank import Blank, compose_blank
from formulary.edition.edition import Edition
from formulary.formats.pdf.prefill import prepare as prepare_pdf
from formulary.formats.word.prefill import prepare as prepare_word
from formulary.problems import RETURN_TOO_SLOW
from formulary.returns.ledger import opened_ledger
from tests.checkers.fill_word import read_word_fields
from tests.formats.pdf.returned import edited, flat, made, nothing, portfolio, printed, scan, xfa
from tests.formats.word.test_reader import edited as edited_word
from tests.helpers import ROOT, copy_project

STAFF = """Id,Name,Job title,Staff group,School,Reviewer,Start date
1,Ann Ng,Teacher,Teachers,Purford Green,9,01/09/2015
2,Żółć O'Neil & <Sons>,Teacher,Teachers,Purford Green,9,01/09/2015
3,=cmd('calc'),Teacher,Teachers,The Downs,9,01/09/2015
4,Bo Ash,Teacher,Teachers,The Downs,9,01/09/2015
9,Vera Boss,Head,Senior leaders,The Downs,Board of trustees,01/09/2010
"""
NAMES = {row["Id"]: row["Name"] for row in csv.DictReader(io.StringIO(STAFF))}
AFTER_ALL = "2028-01-01"

Collect = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with one organisation, which loads fast."""
    return copy_project(tmp_path_factory.mktemp("project"), "pclc")


@pytest.fixture(scope="session")
def blanks(editions: tuple[Edition, ...]) -> dict[str, Blank]:
    (pclc,) = (edition for edition in editions if edition.id == "pclc")
    return {form.id: compose_blank(pclc, offer, form) for offer, form in pclc.forms}


@pytest.fixture(scope="session")
def copies(built: Path, blanks: dict[str, Blank]) -> Callable[..., bytes]:
    """A copy of a form as its pack has it, with answers added."""
    ready: dict[tuple[str, str], Any] = {}

    def copy(form: str, ending: str, person: str, **answers: str) -> bytes:
        blank = blanks[form]
        if (form, ending) not in ready:
            path = built / "site" / "pclc" / "downloads" / f"{blank.file_stem}.{ending}"
            prepare = prepare_word if ending == "docx" else prepare_pdf
            ready[form, ending] = prepare(path.read_bytes(), blank)
        known = {"staff.name": NAMES.get(person, "Nobody Here"), "staff.reviewer": "Vera Boss"}
        values = {q.id: known[q.prefill] for q in blank.questions() if q.prefill in known}
        filled: bytes = ready[form, ending].fill({**values, **answers}, person)
        return filled

    return copy


@pytest.fixture
def collect(project: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Collect:
    """Run the command on tmp_path/in; gives what --json prints, after the exit code is seen."""
    (tmp_path / "staff.csv").write_text(STAFF, encoding="utf-8")

    def run(*options: str, code: int = 0) -> dict[str, Any]:
        words = [str(tmp_path / "in"), "--staff", str(tmp_path / "staff.csv"), "--org", "pclc"]
        words += ["--out", str(tmp_path / "out"), "--today", AFTER_ALL, "--jobs", "1", "--json"]
        capfd.readouterr()
        assert main(["collect", *words, *options], project) == code
        printed = capfd.readouterr()
        return dict(json.loads(printed.out)) if printed.out else {"said": printed.err}

    (tmp_path / "in").mkdir()
    return run


def put(tmp_path: Path, name: str, data: bytes, day: int = 1) -> None:
    path = tmp_path / "in" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    when = datetime.datetime(2027, 9, day, tzinfo=datetime.UTC).timestamp()
    os.utime(path, (when, when))


def sheet(tmp_path: Path, title: str) -> list[dict[str, Any]]:
    book = openpyxl.load_workbook(tmp_path / "out" / "register.xlsx")
    headings, *rows = book[title].iter_rows(values_only=True)
    return [dict(zip(map(str, headings), row, strict=True)) for row in rows]


def codes(found: dict[str, Any]) -> dict[str, list[str]]:
    """The codes of the findings by file."""
    by_file: dict[str, list[str]] = {}
    for problem in found["problems"]:
        by_file.setdefault(problem["file"], []).append(problem["code"])
    return by_file


OBJECTIVE = {"objective_1_objective": "=Read & <write>", "objective_1_measures": "Weekly"}


def test_answers_go_into_the_register_as_what_they_are(
    copies: Callable[..., bytes], collect: Collect, tmp_path: Path
) -> None:
    put(tmp_path, "a.docx", copies("pm-form", "docx", "2", **OBJECTIVE))
    put(tmp_path, "b.pdf", copies("pm-form", "pdf", "3", **OBJECTIVE))
    needs = {"need_1_need": "+1 course", "need_1_needed_by": "31/10/2026"}
    put(tmp_path, "c.docx", copies("cpd-needs", "docx", "1", **needs))
    found = collect()
    assert (found["new"], found["current"], found["unread"]) == (3, 3, 0)
    objectives = {row["Id"]: row for row in sheet(tmp_path, "Objectives")}
    assert {id: row["Name"] for id, row in objectives.items()} == {"2": NAMES["2"], "3": NAMES["3"]}
    assert {row["Objective"] for row in objectives.values()} == {"=Read & <write>"}
    (need,) = sheet(tmp_path, "Development needs")
    assert need["Needed by"] == datetime.datetime(2026, 10, 31)
    book = openpyxl.load_workbook(tmp_path / "out" / "register.xlsx")
    kinds = {cell.data_type for row in book["Objectives"].iter_rows() for cell in row}
    assert "f" not in kinds
    text = (tmp_path / "out" / "csv" / "objectives.csv").read_bytes().decode("utf-8-sig")
    (row, *_) = list(csv.DictReader(io.StringIO(text)))
    assert row["Objective"] == "'=Read & <write>"


def test_words_that_are_in_no_field_are_in_the_register_whole(
    copies: Callable[..., bytes], collect: Collect, tmp_path: Path
) -> None:
    words = "I do not agree with the rating, and ask for it to be looked at again by somebody else."
    typed = f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"
    form = copies("pm-form", "docx", "1", **OBJECTIVE)
    form = edited_word(form, lambda text: text.replace("<w:sectPr", f"{typed}<w:sectPr"))
    beside = "</w:sdt><w:r><w:t>and two other schools</w:t></w:r>"
    put(tmp_path, "a.docx", edited_word(form, lambda text: text.replace("</w:sdt>", beside, 1)))
    found = collect()
    assert codes(found)["a.docx"].count("answer-beside") == 2
    assert [
        (row["Id"], row["Where"], row["Words"]) for row in sheet(tmp_path, "Typed elsewhere")
    ] == [
        ("1", "beside “Name of reviewee”", "and two other schools"),
        ("1", "near “Signed (reviewee): date”", words),
    ]


def test_the_register_says_who_has_not_returned_what(
    copies: Callable[..., bytes], collect: Collect, tmp_path: Path
) -> None:
    put(tmp_path, "a.docx", copies("pm-form", "docx", "1", **OBJECTIVE))
    collect()
    rows = {(row["Id"], row["Form"]): row for row in sheet(tmp_path, "Returns")}
    mine, other = (rows[id, "Performance management form"] for id in ("1", "4"))
    assert (mine["State"], other["State"]) == ("begun", "not returned")
    assert (mine["Due"], mine["Overdue"]) == (datetime.datetime(2027, 10, 31), "yes")
    assert mine["Received"] == datetime.datetime(2027, 9, 1)
    collect("--today", "2027-10-31")
    rows = {(row["Id"], row["Form"]): row for row in sheet(tmp_path, "Returns")}
    assert rows["4", "Performance management form"]["Overdue"] is None


def test_it_says_of_how_many_nothing_is_expected_since_the_list_is_wrong(
    collect: Collect, project: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    staff = tmp_path / "staff.csv"
    staff.write_text(STAFF + "77,Una Groupless,Teacher,No such group,The Downs,9,\n", "utf-8")
    assert collect()["stopped"] == 1
    words = ["collect", str(tmp_path / "in"), "--staff", str(staff), "--org", "pclc"]
    assert main([*words, "--out", str(tmp_path / "out")], project) == 0
    assert "No forms are expected from 1 person: something is wrong in" in capfd.readouterr().out


def test_of_two_returns_the_later_counts_and_the_earlier_is_kept(
    copies: Callable[..., bytes], collect: Collect, tmp_path: Path
) -> None:
    late = {**OBJECTIVE, "objective_1_objective": "The later one"}
    put(tmp_path, "z-early.docx", copies("pm-form", "docx", "1", **OBJECTIVE), day=2)
    put(tmp_path, "a-late.pdf", copies("pm-form", "pdf", "1", **late), day=3)
    put(tmp_path, "as-sent.docx", copies("pm-form", "docx", "1"), day=4)
    for day, subject in ((5, "Autumn"), (6, "Spring")):
        visit = {"discussion": f"{subject} talk"}
        put(tmp_path, f"{day}.docx", copies("one-to-one", "docx", "1", **visit), day=day)
    found = collect()
    assert (found["current"], found["replaced"]) == (3, 2)
    assert [row["Objective"] for row in sheet(tmp_path, "Objectives")] == ["The later one"]
    assert "second-return" in codes(found)["z-early.docx"]
    assert len(sheet(tmp_path, "Answers one-to-one")) == 2


def test_a_leavers_form_never_reaches_a_namesake(
    copies: Callable[..., bytes], collect: Collect, project: Path, tmp_path: Path
) -> None:
    """77 and 78 have left; each has the name of somebody who is still there."""
    for id, name, ending in (("77", "Ann Ng", "pdf"), ("78", "bo  ash", "docx")):
        going_on = {"span_1_spans": "yes", "reviewee_name": name, **OBJECTIVE}
        put(tmp_path, f"{id}.{ending}", copies("pm-form", ending, id, **going_on))
    own = {**OBJECTIVE, "objective_1_objective": "My own", "span_1_spans": "yes"}
    put(tmp_path, "1.docx", copies("pm-form", "docx", "1", **own))
    found = collect()
    unlisted = {name for name, kinds in codes(found).items() if "not-on-list" in kinds}
    assert unlisted == {"77.pdf", "78.docx"}
    rows = {row["File"]: row for row in sheet(tmp_path, "Returns")}
    assert [rows[name]["Id"] for name in ("77.pdf", "78.docx", "1.docx")] == [None, None, "1"]
    words = ["--from", str(tmp_path / "out"), "--staff", str(tmp_path / "staff.csv")]
    words += ["--org", "pclc", "--year", "2027", "--form", "pm-form", "--jobs", "1"]
    assert main(["roll", *words, "--out", str(tmp_path / "packs")], project) == 0
    left = (tmp_path / "packs" / "not-carried.csv").read_text("utf-8-sig")
    told = {row["File"]: row["Why"] for row in csv.DictReader(io.StringIO(left)) if row["File"]}
    assert told == {
        f"{id}.{ending}": f"the form was made for {id}, who is not on the staff list"
        for id, ending in (("77", "pdf"), ("78", "docx"))
    }
    (ann,) = tmp_path.glob("packs/**/* 1 2027-28.docx")
    rolled = read_word_fields(ann)
    assert (rolled["last_1_last_objective"], rolled["objective_1_objective"]) == ("My own",) * 2
    (bo,) = tmp_path.glob("packs/**/* 4 2027-28.docx")
    assert read_word_fields(bo)["last_1_last_objective"] == ""


def test_namesakes_who_use_downloaded_forms_are_told_apart_by_nobody(
    copies: Callable[..., bytes], collect: Collect, tmp_path: Path, project: Path
) -> None:
    twin = "5,Ann Ng,Teacher,Teachers,The Downs,9,01/09/2015\n"
    (tmp_path / "staff.csv").write_text(STAFF + twin, encoding="utf-8")
    for ending, name in (("pdf", "Ann Ng"), ("docx", "Ng, Ms Ann")):
        words = {**OBJECTIVE, "reviewee_name": name, "objective_1_objective": f"By {ending}"}
        put(tmp_path, f"blank.{ending}", copies("pm-form", ending, "", **words))
    put(tmp_path, "other.docx", copies("pm-form", "docx", "5", reviewee_name="Ann Ng", **OBJECTIVE))
    found = collect()
    assert (found["current"], found["replaced"]) == (3, 0)
    said = ": 2 people on the staff list have this name: 1 (Purford Green), 5 (The Downs)"
    told = [p["file"] for p in found["problems"] if p["message"].endswith(said)]
    assert told == ["blank.docx", "blank.pdf"]
    rows = {(row["Id"], row["Objective"]) for row in sheet(tmp_path, "Objectives")}
    assert rows == {(None, "By pdf"), (None, "By docx"), ("5", "=Read & <write>")}
    words = ["--from", str(tmp_path / "out"), "--name", "Ann Ng", "--out", str(tmp_path / "a.zip")]
    assert main(["person", "1", *words], project) == 0
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        index = archive.read("index.html").decode()
    assert index.count("It has the name, but no staff number; 5 has it too") == 2
    assert index.count("it counts") == 2
    assert "other.docx" not in index


def test_a_later_run_reads_only_what_is_new_and_loses_nothing(
    copies: Callable[..., bytes], collect: Collect, tmp_path: Path
) -> None:
    put(tmp_path, "a.docx", copies("pm-form", "docx", "1", **OBJECTIVE))
    put(tmp_path, "junk.txt", b"nothing")
    assert collect()["new"] == 2
    (tmp_path / "in" / "a.docx").unlink()
    put(tmp_path, "b.docx", copies("pm-form", "docx", "2", **OBJECTIVE))
    found = collect()
    assert (found["new"], found["known"], found["current"]) == (1, 1, 2)
    assert {row["Id"] for row in sheet(tmp_path, "Objectives")} == {"1", "2"}


def test_a_register_that_somebody_has_changed_stays(
    copies: Callable[..., bytes], collect: Collect, tmp_path: Path
) -> None:
    put(tmp_path, "a.docx", copies("pm-form", "docx", "1", **OBJECTIVE))
    collect()
    register = tmp_path / "out" / "register.xlsx"
    register.write_bytes(b"my notes")
    assert collect()["results"]["register.xlsx"] == "kept"
    assert register.read_bytes() == b"my notes"
    assert collect("--force")["results"]["register.xlsx"] == "changed"


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".formulary" not in path.parts
    }


def test_all_is_made_again_the_same_and_a_reminder_goes_when_its_reviewer_is_done(
    copies: Callable[..., bytes],
    collect: Collect,
    blanks: dict[str, Blank],
    tmp_path: Path,
) -> None:
    header, ann, *_, boss = STAFF.splitlines(True)
    (tmp_path / "staff.csv").write_text(header + ann + boss, encoding="utf-8")
    put(tmp_path, "a.docx", copies("pm-form", "docx", "1", **OBJECTIVE))
    how = ("--seed", "x", "--today", "2026-10-01")
    collect(*how)
    first = files(tmp_path / "out")
    wanted = {"register.xlsx", "cpd-audit.xlsx", "report.html", "moderation.csv", "retention.csv"}
    reminder = "reminders/Vera Boss (9).txt"
    calendar = reminder.replace(".txt", ".ics")
    assert {*wanted, "report-hr.html", reminder, calendar} <= set(first)
    assert b"Ann Ng" in first[reminder]
    assert b"Ann Ng" not in first["report.html"]
    assert set(collect(*how)["results"].values()) == {"same"}
    assert files(tmp_path / "out") == first
    assert b"Ann Ng" in first["report-hr.html"]
    for number, form in enumerate(("pm-form", "cpd-needs", "career-stage-audit")):
        signed = {q.id: "Somebody" for q in blanks[form].questions() if q.signature}
        put(tmp_path, f"{form}.docx", copies(form, "docx", "1", **signed), day=number + 5)
    (tmp_path / "out" / reminder).write_bytes(b"my own words")
    found = collect(*how)
    assert found["done"] == 3
    assert (found["results"][reminder], found["results"][calendar]) == ("kept", "gone")
    left = files(tmp_path / "out")
    assert left[reminder] == b"my own words"
    assert calendar not in left


def test_only_the_owner_can_read_and_the_project_is_refused(
    copies: Callable[..., bytes],
    collect: Collect,
    project: Path,
    tmp_path: Path,
) -> None:
    put(tmp_path, "a.docx", copies("pm-form", "docx", "1", **OBJECTIVE))
    collect()
    for path in (tmp_path / "out").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    refused = collect("--out", str(project / "site" / "x"), code=2)
    assert "published or under version control" in refused["said"]


def test_two_runs_at_once_are_told_apart(collect: Collect, tmp_path: Path) -> None:
    folder = OutputFolder(tmp_path / "out")
    folder.open()
    assert "Another run is at work" in collect(code=3)["said"]
    folder.release()
    assert collect()["new"] == 0


def ledger_of(tmp_path: Path) -> Path:
    return tmp_path / "out" / ".formulary" / "returns.sqlite"


def test_a_killed_run_loses_no_more_than_what_it_was_reading(
    copies: Callable[..., bytes], collect: Collect, tmp_path: Path
) -> None:
    put(tmp_path, "a.docx", copies("pm-form", "docx", "1", **OBJECTIVE))
    collect()
    killed = f"""
import os
from pathlib import Path
from dataclasses import replace
from formulary.delivery import OutputFolder
from formulary.returns.ledger import opened_ledger
with opened_ledger(OutputFolder(Path({str(tmp_path / "out")!r}))) as ledger:
    (record,) = ledger.records()
    with ledger.transaction():
        ledger.add(replace(record, source="kept.docx", sha256="1" * 64))
    with ledger.transaction():
        for n in range(5000):
            ledger.add(replace(record, source="lost.docx", sha256=f"{{n:064}}"))
        os.kill(os.getpid(), 9)
"""
    done = subprocess.run([sys.executable, "-c", killed], cwd=ROOT, check=False)
    assert done.returncode == -9
    assert ledger_of(tmp_path).with_name("returns.sqlite-journal").exists()
    # nothing is new among the returns, yet the registers know what the killed run had kept
    found = collect()
    assert (found["new"], found["known"], found["current"], found["replaced"]) == (0, 1, 1, 1)
    with sqlite3.connect(ledger_of(tmp_path)) as database:
        names = [name for (name,) in database.execute("SELECT source FROM files ORDER BY file")]
    assert names == ["a.docx", "kept.docx"]
    put(tmp_path, "b.docx", copies("pm-form", "docx", "2", **OBJECTIVE))
    found = collect()
    assert (found["new"], found["known"], found["current"]) == (1, 1, 2)


def test_a_run_with_nothing_new_touches_no_file(
    copies: Callable[..., bytes], collect: Collect, tmp_path: Path
) -> None:
    put(tmp_path, "a.docx", copies("pm-form", "docx", "1", **OBJECTIVE))
    put(tmp_path, "b.pdf", copies("pm-form", "pdf", "2"))
    put(tmp_path, "junk.txt", b"nothing")
    first = collect()

    def times() -> dict[Path, int]:
        paths = (path for path in (tmp_path / "out").rglob("*") if path.name != "lock")
        return {path: path.stat().st_mtime_ns for path in paths if path.is_file()}

    before = times()
    again = collect()
    assert times() == before
    assert set(again["results"].values()) == {"same"}
    assert set(again["results"]) == {name for name, was in first["results"].items() if was == "new"}
    counted = ("current", "replaced", "unread", "expected", "done", "overdue", "problems")
    assert {name: again[name] for name in counted} == {name: first[name] for name in counted}
    assert (again["new"], again["known"]) == (0, 3)
    # what differs is written again, and only that
    (tmp_path / "out" / "csv" / "ratings.csv").unlink()
    found = collect()
    assert {name: was for name, was in found["results"].items() if was != "same"} == {
        "csv/ratings.csv": "new"
    }
    del before[tmp_path / "out" / "csv" / "ratings.csv"], before[ledger_of(tmp_path)]
    assert before.items() <= times().items()
    assert collect("--today", "2026-10-01")["overdue"] == 0


def test_the_ledger_of_an_earlier_version_is_taken_over_once(
    copies: Callable[..., bytes], collect: Collect, tmp_path: Path
) -> None:
    put(tmp_path, "a.docx", copies("pm-form", "docx", "1", **OBJECTIVE))
    put(tmp_path, "late.pdf", copies("pm-form", "pdf", "1", **OBJECTIVE), day=2)
    put(tmp_path, "junk.txt", b"nothing")
    first = collect()
    registers = files(tmp_path / "out")
    with opened_ledger(OutputFolder(tmp_path / "out")) as ledger:
        records = list(ledger.records())
    slow = replace(records[0], source="slow.pdf", sha256="2" * 64, submission=None)
    slow = replace(slow, unread=(RETURN_TOO_SLOW, "Reading took longer"))
    strange = replace(slow, source="caf\udce9.docx", sha256="3" * 64)
    lines = [json.dumps(one.as_data(), ensure_ascii=False) + "\n" for one in (*records, slow)]
    lines += [json.dumps(one.as_data(), ensure_ascii=False) + "\n" for one in (slow, strange)]
    old = "".join(lines).encode("utf-8", "surrogatepass") + b'{"source": "half a li'
    ledger_of(tmp_path).unlink()
    before = ledger_of(tmp_path).with_name("returns.jsonl")
    before.write_bytes(old)
    found = collect()
    assert (found["new"], found["known"], found["unread"]) == (0, 3, first["unread"] + 2)
    assert found["problems"][0]["file"] == "a.docx"
    assert "caf\\udce9.docx" in codes(found)
    assert not before.exists()
    assert before.with_name("returns-taken-over.jsonl").read_bytes() == old
    objectives = "csv/objectives.csv"
    assert files(tmp_path / "out")[objectives] == registers[objectives]
    put(tmp_path, "b.docx", copies("pm-form", "docx", "2", **OBJECTIVE))
    found = collect()
    assert (found["new"], found["known"], found["current"]) == (1, 3, 2)


def test_a_ledger_that_is_broken_or_too_new_is_named_and_left(
    collect: Collect, tmp_path: Path
) -> None:
    collect()
    whole = ledger_of(tmp_path).read_bytes()
    for broken in (b"SQLite format 3\0" + b"x" * 9000, whole[:5000] + b"\xff" * 5000, b"{}" * 999):
        ledger_of(tmp_path).write_bytes(broken)
        assert "returns.sqlite is not as it was written" in collect(code=3)["said"]
        assert ledger_of(tmp_path).read_bytes() == broken
    ledger_of(tmp_path).write_bytes(whole)
    with sqlite3.connect(ledger_of(tmp_path)) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    assert "newer Formulary" in collect(code=3)["said"]
    ledger_of(tmp_path).unlink()
    before = ledger_of(tmp_path).with_name("returns.jsonl")
    before.write_bytes(b'{"source": 1}\n{}\n')
    assert "returns.jsonl is not as it was written, in line 1" in collect(code=3)["said"]
    assert before.read_bytes() == b'{"source": 1}\n{}\n'


def test_the_ledger_can_be_read_by_other_programs(
    copies: Callable[..., bytes], collect: Collect, tmp_path: Path
) -> None:
    put(tmp_path, "a.docx", copies("pm-form", "docx", "1", **OBJECTIVE))
    put(tmp_path, "junk.txt", b"nothing")
    collect()
    with sqlite3.connect(ledger_of(tmp_path)) as database:
        asked = "SELECT source, person, question, value FROM latest_files JOIN answers USING (file)"
        found = set(database.execute(asked))
        unread = database.execute("SELECT source, unread FROM files WHERE form IS NULL").fetchall()
        severities = {one for (one,) in database.execute("SELECT severity FROM findings")}
    database.close()
    assert ("a.docx", "1", "objective_1_objective", "=Read & <write>") in found
    assert unread == [("junk.txt", "return-other-format")]
    assert severities == {"error", "warning"}


def test_returns_come_out_of_archives_and_mails(
    copies: Callable[..., bytes], collect: Collect, tmp_path: Path
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("North/a.docx", copies("pm-form", "docx", "1", **OBJECTIVE))
        archive.writestr("__MACOSX/._a.docx", b"x")
        archive.writestr("~$a.docx", b"x")
    inner = EmailMessage()
    inner["Subject"] = "My form"
    inner.set_content("Here it is.")
    pdf = copies("pm-form", "pdf", "2", **OBJECTIVE)
    inner.add_attachment(pdf, "application", "pdf", filename="förm.pdf")
    mail = EmailMessage()
    mail["From"], mail["Date"] = "somebody@school.example", "Mon, 06 Sep 2027 09:00:00 +0100"
    mail.set_content("All of them.")
    mail.add_attachment(packed.getvalue(), "application", "zip", filename="all.zip")
    mail.add_attachment(inner)
    logo = {"filename": "logo.gif", "disposition": "inline", "cid": "<logo@school.example>"}
    mail.add_attachment(b"GIF89a", "image", "gif", **logo)
    put(tmp_path, "mail.eml", mail.as_bytes())
    found = collect()
    assert (found["current"], found["unread"]) == (2, 0)
    by_id = {row["Id"]: row for row in sheet(tmp_path, "Returns") if row["State"] == "begun"}
    assert by_id["1"]["File"] == "mail.eml/all.zip/North/a.docx"
    assert by_id["2"]["File"] == "mail.eml/My form/förm.pdf"


# what is no readable return


def word(edit: Callable[[str], str], data: bytes, part: str = "word/document.xml") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            body = source.read(name)
            target.writestr(name, edit(body.decode()).encode() if name == part else body)
    return out.getvalue()


def package(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name, data)
    return out.getvalue()


def bad_returns(docx: bytes, form: bytes) -> Iterator[tuple[str, bytes, str]]:
    """Files that are no readable return: a name, the bytes, and what they are to be called."""
    yield "empty.docx", b"", "return-empty"
    yield "zeros.pdf", bytes(5000), "return-empty"
    yield "spaces.docx", b"   \r\n", "return-empty"
    for share in (10, 30, 50, 70, 90, 99):
        yield f"cut-{share}.docx", docx[: len(docx) * share // 100], "return-damaged"
    yield "cut-1.pdf", form[:1000], "return-damaged"
    yield "head.pdf", b"%PDF-1.7\n", "return-damaged"
    yield "body.docx", word(lambda text: text[:-300], docx), "return-damaged"
    yield "entities.docx", word(entity, docx), "return-damaged"
    yield "not-really.docx", b"Dear HR, my form is late.", "return-other-format"
    yield "old.doc", OLE + bytes(2000), "return-other-format"
    yield "message.msg", OLE + "__substg1.0_".encode("utf-16-le"), "return-damaged"
    yield "locked.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "return-locked"
    yield "text.rtf", b"{\\rtf1 hello}", "return-other-format"
    odt = package(mimetype=b"application/vnd.oasis.opendocument.text", content=b"<x/>")
    yield "form.odt", odt, "return-other-format"
    yield "book.xlsx", package(**{"[Content_Types].xml": b"", "xl/w": b""}), "return-other-format"
    yield "talk.pptx", package(**{"[Content_Types].xml": b"", "ppt/w": b""}), "return-other-format"
    yield "form.pages", package(**{"Index/Document.iwa": b"x"}), "return-other-format"
    yield "winmail.dat", b"\x78\x9f\x3e\x22" + bytes(100), "return-winmail"
    yield "page.html", b"<!DOCTYPE html><p>form", "return-other-format"
    yield "form.xml", b"<?xml version='1.0'?><w:wordDocument/>", "return-other-format"
    yield "files.rar", b"Rar!\x1a\x07", "return-packed"
    yield "files.7z", b"7z\xbc\xaf\x27\x1c" + bytes(50), "return-packed"
    yield "photo.jpg", b"\xff\xd8\xff\xe0" + bytes(500), "return-scanned"
    yield "photo.heic", b"\0\0\0\x18ftypheic" + bytes(500), "return-scanned"
    yield "shot.png", b"\x89PNG\r\n\x1a\n" + bytes(500), "return-scanned"
    yield "other.docx", plain_word(docx), "return-not-ours"
    yield "other.pdf", made(nothing), "return-not-ours"
    yield "scan.pdf", made(scan), "return-scanned"
    yield "xfa.pdf", made(xfa), "return-xfa"
    yield "portfolio.pdf", made(portfolio), "return-other-format"
    yield "flat.pdf", edited(form, flat), "return-flattened"
    yield "printed.pdf", edited(form, printed), "return-flattened"
    for aes in (False, True):
        lock = pikepdf.Encryption(owner="x", user="y", R=6 if aes else 3, aes=aes, metadata=aes)
        yield f"locked-{aes}.pdf", edited(form, nothing, encryption=lock), "return-locked"
    yield "twice.docx", word(doubled, docx), "return-several"
    yield (
        "foreign.docx",
        word(lambda text: text.replace(">pclc<", ">elsewhere<"), docx, "docProps/custom.xml"),
        "return-elsewhere",
    )
    yield (
        "unknown.docx",
        word(lambda text: text.replace(">pm-form<", ">old-form<"), docx, "docProps/custom.xml"),
        "return-not-ours",
    )
    bomb = package(**{"[Content_Types].xml": b"", "word/document.xml": bytes(120_000_000)})
    yield "bomb.docx", bomb, "return-too-big"
    yield "bomb.zip", package(**{"form.docx": bytes(120_000_000)}), "return-too-big"
    yield "deep.zip", nested(docx, 5), "return-too-big"
    mail = b"From: a@school.example\r\nSubject: x\r\n\r\nNothing"
    yield "empty.eml", mail, "return-nothing-attached"


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def entity(text: str) -> str:
    return '<!DOCTYPE x [<!ENTITY a "b">]>' + text[text.index("<w:document") :]


def doubled(text: str) -> str:
    start, end = text.index("<w:body>") + len("<w:body>"), text.index("</w:body>")
    return text[:end] + text[start:end] + text[end:]


def plain_word(docx: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            if not name.startswith(("word/footer", "docProps/custom")):
                target.writestr(name, source.read(name))
    return out.getvalue()


def nested(docx: bytes, depth: int) -> bytes:
    data = package(**{"form.docx": docx})
    for _ in range(depth):
        data = package(**{"in.zip": data})
    return data


def test_each_bad_return_is_named_for_what_it_is_and_the_good_beside_it_are_read(
    copies: Callable[..., bytes], collect: Collect, tmp_path: Path
) -> None:
    docx, form = (copies("pm-form", ending, "1", **OBJECTIVE) for ending in ("docx", "pdf"))
    wanted = {}
    for name, data, code in bad_returns(docx, form):
        put(tmp_path, f"bad/{name}", data)
        wanted[name] = code
    assert len(wanted) >= 45
    put(tmp_path, "good/one.docx", copies("pm-form", "docx", "2", **OBJECTIVE))
    put(tmp_path, "good/two.pdf", copies("pm-form", "pdf", "3", **OBJECTIVE))
    found = collect()
    bad = {problem["file"]: problem for problem in found["problems"] if "bad/" in problem["file"]}
    named = dict.fromkeys(wanted, "")
    for file, problem in bad.items():
        name = file.split("/")[1]
        named[name] = problem["code"]
        assert problem["message"]
        assert problem["fix"]
    assert named == wanted
    assert found["current"] == 2
    assert {row["Id"] for row in sheet(tmp_path, "Objectives")} == {"2", "3"}


def test_a_file_that_hangs_its_reader_is_named_and_the_rest_go_on(
    copies: Callable[..., bytes], project: Path, tmp_path: Path
) -> None:
    """A reading process is slowed down from outside, as a hostile file would."""
    script = """
import sys, time
from pathlib import Path
from formulary.pipeline import sandbox
import formulary.pipeline.collect as collect

sandbox.SECONDS = 0.5
real = sandbox.read_one

def read(data, blank=None):
    while data.endswith(b"hang"):
        pass
    if data.endswith(b"die"):
        import os
        os._exit(1)
    if data.endswith(b"fat"):
        return bytearray(4_000_000_000)
    return real(data, blank)

sandbox.read_one = read
good = Path(sys.argv[1]).read_bytes()
files = [("a", good), ("b", b"hang"), ("c", b"die"), ("d", b"fat"), ("e", good + b" ")]
for key, outcome in sandbox.read_in_subprocess(files, {}, lambda stamp: None, 2):
    print(key, getattr(getattr(outcome, "kind", None), "code", "read"))
"""
    (tmp_path / "a.docx").write_bytes(copies("pm-form", "docx", "1"))
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "a.docx")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    named = dict(line.split() for line in done.stdout.splitlines())
    assert named == {
        "a": "return-elsewhere",
        "b": "return-too-slow",
        "c": "return-too-slow",
        "d": "return-too-slow",
        "e": "return-elsewhere",
    }


# a staff list that cannot be used

UNUSABLE: tuple[Callable[[str], str], ...] = (
    lambda text: text.replace("Id,", "Foo,", 1),
    lambda text: text.replace("Staff group", "Foo", 1),
    lambda text: text.splitlines()[0],
    lambda text: "",
    lambda text: "PK\x03\x04" + text,
    lambda text: text.replace("Teachers", "Jugglers").replace("Senior leaders", "Clowns"),
)


def test_a_list_that_cannot_be_used_stops_before_anything_is_written(
    copies: Callable[..., bytes], collect: Collect, tmp_path: Path
) -> None:
    put(tmp_path, "a.docx", copies("pm-form", "docx", "1", **OBJECTIVE))
    collect()
    before = files(tmp_path / "out")
    assert any("reminders/" in name for name in before)
    put(tmp_path, "b.docx", copies("pm-form", "docx", "2", **OBJECTIVE))
    for spoil in UNUSABLE:
        (tmp_path / "staff.csv").write_text(spoil(STAFF), encoding="utf-8")
        assert "staff.csv" in collect("--force", code=1)["said"], spoil(STAFF)
        assert files(tmp_path / "out") == before, spoil(STAFF)
    (tmp_path / "staff.csv").write_text(STAFF, encoding="utf-8")
    assert collect()["new"] == 1
