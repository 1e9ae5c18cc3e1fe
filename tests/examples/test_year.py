"""A whole year of an example, with ten people: packs, filled in, collected, rolled forward, again.

The forms are filled by programs that are not ours, and read by ones that are not ours either.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import stat
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from formulary.cli import main
from tests.checkers.axe import Browser, every_mode
from tests.checkers.fill_pdf import fill_with_pdfium, fill_with_pdflib, read_pdf_fields
from tests.checkers.fill_word import fill_with_libreoffice, read_word_fields
from tests.checkers.openxml import openxml_errors
from tests.checkers.verapdf import pdfua_failures
from tests.conftest import Shared
from tests.helpers import copy_project, replace_once

HEADINGS = "Id,Name,Job title,Staff group,School,Reviewer,Start date\n"
STAFF = f"""{HEADINGS}1,Ann Ng,Teacher,Teachers,Purford Green,9,01/09/2015
2,Żółć O'Neil & <Sons>,Teacher,Teachers,Purford Green,9,01/09/2015
3,=cmd('calc'),Teacher,Teachers,The Downs,9,01/09/2015
4,Bo Ash,Teacher,Teachers,The Downs,9,01/09/2015
5,Cal Dee,Teacher,Teachers,The Downs,9,01/09/2015
6,Eve Fox,Teacher,Teachers,The Downs,9,01/09/2015
7,Gus Hay,Teacher,Teachers,The Downs,9,01/09/2015
8,Ida Jay,Teacher,Teachers,The Downs,9,01/09/2015
9,Vera Boss,Head,Senior leaders,The Downs,Board of trustees,01/09/2010
10,Kit Lee,Teacher,Teachers,The Downs,9,01/09/2015
"""
AFTER = f"""{HEADINGS}1,Ann Ng-Marsh,Senior teacher,Teachers,The Downs,10,01/09/2015
2,Żółć O'Neil & <Sons>,Teacher,Teachers,Purford Green,9,01/09/2015
3,=cmd('calc'),Teacher,Teachers,The Downs,9,01/09/2015
5,Cal Dee,Teacher,Teachers,The Downs,9,01/09/2015
6,Eve Fox,Teacher,Teachers,The Downs,9,01/09/2015
7,Gus Hay,Teacher,Teachers,The Downs,9,01/09/2015
8,Ida Jay,Teacher,Teachers,The Downs,9,01/09/2015
9,Vera Boss,Head,Senior leaders,The Downs,Board of trustees,01/09/2010
10,Kit Lee,Teacher,Teachers,The Downs,9,01/09/2015
11,Lou May,Teacher,Teachers,The Downs,9,01/09/2027
"""
"""Bo Ash has left, Lou May is new, Ann Ng has another name, school and reviewer."""

ANSWERS = {
    "initial_meeting": "14/09/2026",
    "objective_1_objective": "Raise reading ages in Year 4",
    "objective_1_measures": "Scores in September and July",
    "objective_1_success": "Up by 17 months",
    "objective_2_objective": "Build a phonics team\nacross both schools",
    "objective_2_measures": "Four teachers trained by 2028",
    "objective_2_success": "Two are trained",
    "span_2_spans": True,
    "span_2_basis": "Teachers trained by July",
    "need_1_required": "First aid",
    "need_1_delivery": "One day",
    "need_1_impact": "Used on the trip in May",
    "need_2_required": "Coaching for middle leaders",
    "need_2_delivery": "A course in each term",
}
CARRIED = {
    "last_1_last_objective": "Raise reading ages in Year 4",
    "last_1_last_success": "Up by 17 months",
    "last_2_last_objective": "Build a phonics team\nacross both schools",
    "last_2_last_success": "Two are trained",
    "last_3_last_objective": "",
    "objective_1_objective": "Build a phonics team\nacross both schools",
    "objective_1_milestones": "Four teachers trained by 2028",
    "objective_1_success": "",
    "objective_2_objective": "",
    "span_1_basis": "Teachers trained by July",
    "need_1_required": "Coaching for middle leaders",
    "need_1_delivery": "A course in each term",
    "need_2_required": "",
}
NEXT = {"initial_meeting": "13/09/2027", "objective_2_objective": "Lead the new library"}


@dataclass(frozen=True)
class Year:
    """What a year left behind: the folders, and what the commands said as data."""

    root: Path
    collected: Mapping[str, Any]
    rolled: Mapping[str, Any]
    again: Mapping[str, Any]

    def copy(self, packs: str, person: str, ending: str) -> Path:
        (found,) = (self.root / packs).rglob(f"pm-form * {person} *.{ending}")
        return found

    def sheet(self, register: str, name: str) -> list[dict[str, str]]:
        return list(_rows(self.root / register / "csv" / f"{name}.csv"))

    def not_carried(self) -> list[dict[str, str]]:
        return list(_rows(self.root / "packs-2027" / "not-carried.csv"))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))


def run(project: Path, *words: object) -> dict[str, Any]:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main([str(word) for word in words], project)
    assert code == 0, err.getvalue()
    return dict(json.loads(out.getvalue()))


@pytest.fixture(scope="module")
def year(shared: Shared) -> Year:
    """What `live_a_year` left behind, once for all workers."""
    root = shared("year", live_a_year)
    said = json.loads((root / "said.json").read_text(encoding="utf-8"))
    return Year(root, said["collected"], said["rolled"], said["again"])


def live_a_year(root: Path) -> None:
    """The story. Between the years a column of the form is renamed, and somebody types a scrawl."""
    project = copy_project(root / "project", "pclc")
    (root / "staff.csv").write_text(STAFF, encoding="utf-8")
    (root / "after.csv").write_text(AFTER, encoding="utf-8")
    common = ("--org", "pclc", "--json", "--jobs", 1)
    story = Year(root, {}, {}, {})

    run(project, "packs", root / "staff.csv", "--out", root / "packs", "--form", "pm-form", *common)
    back = root / "back"
    back.mkdir()
    for person in ("1", "3", "4", "5", "7", "8"):
        fill_with_pdfium(story.copy("packs", person, "pdf"), ANSWERS, back / f"{person}.pdf")
    fill_with_pdflib(story.copy("packs", "6", "pdf"), ANSWERS, back / "6.pdf")
    hard = {**ANSWERS, "objective_1_success": "Ελληνικά, 日本"}
    fill_with_libreoffice(story.copy("packs", "2", "docx"), hard, back / "2.docx")
    shutil.copy(story.copy("packs", "9", "docx"), back / "9.docx")
    (back / "scan Kit Lee.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(500))
    staff = ("--staff", root / "staff.csv")
    out = ("--out", root / "register", "--today", "2027-09-01")
    collected = run(project, "collect", back, *staff, *out, *common)

    form = project / "forms" / "pm-form.yaml"
    renamed = "        - id: milestones\n          was: [measures]\n"
    replace_once(form, "        - id: measures\n", renamed)
    replace_once(form, "from: previous.measures", "from: previous.milestones")
    coverage = project / "content" / "organisations" / "pclc" / "coverage.yaml"
    replace_once(coverage, "pm-form.objectives.measures", "pm-form.objectives.milestones")
    after = ("--staff", root / "after.csv")
    out = ("--out", root / "packs-2027", "--year", 2027, "--form", "pm-form")
    rolled = run(project, "roll", "--from", root / "register", *after, *out, *common)

    again = root / "back-2027"
    again.mkdir()
    for person in ("1", "3"):
        fill_with_pdfium(story.copy("packs-2027", person, "pdf"), NEXT, again / f"{person}.pdf")
    for name, ending in (("5", "pdf"), ("7", "docx")):
        shutil.copy(story.copy("packs-2027", name, ending), again / f"{name}.{ending}")
    out = ("--out", root / "register-2027", "--today", "2027-10-01", "--year", 2027)
    second = run(project, "collect", again, *after, *out, *common)
    said = {"collected": collected, "rolled": rolled, "again": second}
    (root / "said.json").write_text(json.dumps(said), encoding="utf-8")


@pytest.mark.parametrize(
    ("person", "ending"), [("1", "pdf"), ("3", "docx"), ("6", "pdf"), ("7", "docx"), ("8", "pdf")]
)
def test_a_rolled_form_begins_where_the_last_one_ended(
    year: Year, person: str, ending: str
) -> None:
    read = read_pdf_fields if ending == "pdf" else read_word_fields
    found = read(year.copy("packs-2027", person, ending))
    assert {id: found[id] for id in CARRIED} == CARRIED
    assert found["span_1_spans"] is False
    assert found["cycle_from"] == "01/09/2027"


def test_rolled_forms_pass_the_outside_checkers(year: Year) -> None:
    people = ("1", "3", "8")
    pdfs = [year.copy("packs-2027", person, "pdf") for person in people]
    words = [year.copy("packs-2027", person, "docx") for person in people]
    assert {path: faults for path, faults in pdfua_failures(pdfs).items() if faults} == {}
    assert {path: faults for path, faults in openxml_errors(words).items() if faults} == {}


def test_names_and_reviewers_are_as_they_now_are(year: Year) -> None:
    found = read_pdf_fields(year.copy("packs-2027", "1", "pdf"))
    assert found["reviewee_name"] == "Ann Ng-Marsh"
    assert found["job_title"] == "Senior teacher"
    assert found["reviewer_name"] == "Kit Lee"


def test_somebody_new_gets_a_form_with_nothing_of_last_year(year: Year) -> None:
    found = read_word_fields(year.copy("packs-2027", "11", "docx"))
    assert found["reviewee_name"] == "Lou May"
    assert {found[id] for id in CARRIED} == {""}


def test_what_could_not_be_carried_is_listed(year: Year) -> None:
    rows = [row for row in year.not_carried() if not row["Why"].startswith("the new form does not")]
    said = {(row["Id"], row["Name"], row["What"]): row for row in rows}
    title = "Earlier objective 1: Success and achievements"
    assert set(said) == {
        ("", "Bo Ash", "the whole form"),
        ("", "", "the whole file"),
        ("2", "Żółć O'Neil & <Sons>", title),
        ("9", "Vera Boss", "the whole form"),
        ("10", "Kit Lee", "the whole form"),
    }
    unfit = said["2", "Żółć O'Neil & <Sons>", title]
    assert unfit["Its words"] == "Ελληνικά, 日本"
    assert unfit["Why"].startswith("not in PDF: ")
    assert said["9", "Vera Boss", "the whole form"]["File"] == "9.docx"
    assert year.rolled["carried"] == 7
    assert len(rows) == 5


def test_a_value_that_one_format_cannot_show_stands_in_the_other(year: Year) -> None:
    word = read_word_fields(year.copy("packs-2027", "2", "docx"))
    pdf = read_pdf_fields(year.copy("packs-2027", "2", "pdf"))
    assert word["last_1_last_success"] == "Ελληνικά, 日本"
    assert (pdf["last_1_last_success"], pdf["last_2_last_success"]) == ("", "Two are trained")


def test_the_next_year_is_collected_like_the_first(year: Year) -> None:
    assert year.collected["unread"] == 1
    codes = {problem["code"] for problem in year.again["problems"]}
    assert not codes & {"questions-altered", "answer-lost", "answer-beside", "name-differs"}
    states = {
        row["Id"]: row["State"]
        for row in year.sheet("register-2027", "returns")
        if row["Form"] == "Performance management form"
    }
    assert {id: states[id] for id in ("1", "3", "5", "7", "8")} == {
        "1": "complete",
        "3": "complete",
        "5": "not filled in",
        "7": "not filled in",
        "8": "not returned",
    }
    objectives = [row for row in year.sheet("register-2027", "objectives") if row["Id"] == "3"]
    assert [row["Objective"] for row in objectives] == [
        "Build a phonics team\nacross both schools",
        "Lead the new library",
    ]


# everything on one person


@pytest.fixture(scope="module")
def ask(year: Year, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    def person(id: str, *options: object, code: int = 0) -> Path:
        out = tmp_path_factory.mktemp("request") / "all.zip"
        folders = [year.root / n for n in ("register", "packs", "packs-2027", "register-2027")]
        words = ["person", id, "--from", *folders, "--returns", year.root / "back", "--out", out]
        text = io.StringIO()
        with redirect_stdout(text), redirect_stderr(text):
            found = main([str(word) for word in (*words, *options)], year.root / "project")
        assert found == code, text.getvalue()
        return out

    return person


def test_a_person_gets_everything_of_theirs_and_nothing_of_others(
    year: Year, ask: Callable[..., Path]
) -> None:
    path = ask("3")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    index = files["index.html"].decode()
    assert "=cmd(&#39;calc&#39;)" in index
    assert "Raise reading ages in Year 4" in index
    assert "Lead the new library" in index
    for other in ("Ann Ng", "O'Neil", "O&#39;Neil", "Cal Dee", "Bo Ash", "5.pdf", "Kit Lee"):
        assert other not in index
        assert other not in files["data.json"].decode()
    note = " ".join(files["for-the-officer.txt"].decode().split())
    assert "be anyone's: 1" in note
    for law in (
        "reasonable and proportionate",
        "Act 2025, section 78",
        "The time stops while you wait",
        "Act 2025, section 76",
        "within 30 days of receiving it",
        "section 164A",
        "schedule 2, paragraph 16 (checked on ",
    ):
        assert law in note
    originals = [data for name, data in files.items() if name.startswith("originals/")]
    assert originals == [(year.root / "back" / "3.pdf").read_bytes()]
    data = json.loads(files["data.json"])
    assert [form["source"] for form in data["forms"]] == ["3.pdf", "3.pdf"]
    packed = {f"{pack['edition']} {pack['format']}" for pack in data["packs"]}
    assert packed == {"2026-27 Word", "2026-27 PDF", "2027-28 Word", "2027-28 PDF"}
    assert sum(name.startswith("packs/") for name in files) == 4


def test_axe_finds_nothing_on_the_index(ask: Callable[..., Path], tmp_path: Path) -> None:
    with zipfile.ZipFile(ask("3")) as archive:
        archive.extract("index.html", tmp_path)
    with Browser() as browser:
        found = browser.read(tmp_path, every_mode(["index.html"]))
    assert (found.violations, found.outside) == ([], [])


def test_a_file_that_nobody_could_read_and_may_be_theirs_is_named(
    ask: Callable[..., Path],
) -> None:
    with zipfile.ZipFile(ask("10")) as archive:
        assert "scan Kit Lee.jpg" in archive.read("index.html").decode()


def test_an_archive_is_refused_in_the_project_and_for_nobody(
    year: Year, ask: Callable[..., Path]
) -> None:
    assert not ask("77", code=2).exists()
    inside = year.root / "project" / "all.zip"
    ask("3", "--out", inside, code=2)
    assert not inside.exists()
