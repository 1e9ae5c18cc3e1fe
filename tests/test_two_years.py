"""Two years of one trust: every answer is where it belongs, compared cell by cell.

Forms are filled by Chromium's and Firefox's readers, pdf-lib and LibreOffice; one is saved again by
another program, one is downloaded and comes by mail, two come in a mailbox. Two people have one
name, one leaves, one joins, and somebody joins who has the leaver's name. Between the years the
form changes; one form of the old year comes in late, and one person answers the old form again.
"""

from __future__ import annotations

import csv
import io
import mailbox
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from formulary.delivery import OutputFolder
from formulary.documents.blank import Blank, Question
from formulary.returns.edition_shelf import published_forms
from tests.checkers.fill_pdf import (
    Job,
    fill_all_with_pdfjs,
    fill_all_with_pdflib,
    fill_with_pdfium,
    read_pdf_fields,
)
from tests.checkers.fill_word import (
    fill_all_with_libreoffice,
    fill_with_libreoffice,
    read_word_fields,
)
from tests.helpers import ROOT, files_of, replace_once
from tests.test_editions import edition_in, run

PLAN, NEEDS = "planning-statement", "cpd-needs"
HEADINGS = "Id,Name,Job title,Staff group,School,Reviewer,Start date\n"
FIRST = f"""{HEADINGS}1,Ann Ng,Teacher,Teachers,North,9,01/09/2015
2,Beth Smith,Teacher,Teachers,North,9,01/09/2015
3,Beth Smith,Teacher,Teachers,South,9,01/09/2015
4,Bo Ash,Teacher,Teachers,South,9,01/09/2015
5,Cal Dee,Teacher,Teachers,South,9,01/09/2015
6,Dov O'Hara,Teacher,Teachers,North,9,01/09/2015
7,Eve Fox,Teacher,Teachers,North,9,01/09/2015
8,Gus Hay,Teacher,Teachers,South,9,01/09/2015
9,Vera Boss,Head,Teachers,North,Board of trustees,01/09/2010
"""
SECOND = FIRST.replace("4,Bo Ash,Teacher,Teachers,South,9,01/09/2015\n", "") + (
    "11,Lou May,Teacher,Teachers,South,9,01/09/2027\n"
    "12,Bo Ash,Teacher,Teachers,South,9,01/09/2027\n"
)
"""Bo Ash has left, Lou May is new, and so is another Bo Ash."""


def plan_of(person: str) -> dict[str, str]:
    """What a person answers in the first year: words that nobody else's form has."""
    return {
        "assessment": f"Year of {person}\nin two lines",
        "objective_1_objective": f"Reading, {person}: Ž“é”",
        "objective_1_success": f"Scores of {person}",
        "objective_1_by_when": "30/06/2027",
        "objective_2_objective": f"Phonics, {person}",
    }


def needs_of(person: str) -> dict[str, str]:
    """One need that is met, and one that is open."""
    return {
        "need_1_need": f"First aid, {person}",
        "need_1_delivery": "One day",
        "need_1_impact": f"Used in May by {person}",
        "need_2_need": f"Coaching, {person}",
        "need_2_delivery": f"A course for {person}",
        "need_2_needed_by": "01/03/2027",
    }


def next_plan_of(person: str) -> dict[str, str]:
    return {
        "objective_1_objective": f"Library, {person}",
        "objective_1_evidence": f"Loans of {person}",
        "past_1_past_outcome": "Met",
        "travel": f"By bus, {person}",
    }


@dataclass
class Story:
    """The trust's folders, and what the commands said."""

    project: Path
    private: Path
    said: dict[str, dict[str, Any]] = field(default_factory=dict)
    forms: dict[int, Mapping[str, Blank]] = field(default_factory=dict)

    def run(self, called: str, *words: object, code: int = 0) -> None:
        self.said[called] = run(self.project, *words, code=code)

    def pack(self, folder: str, form: str, person: str, ending: str) -> Path:
        made = OutputFolder(self.private / folder).read_manifest()
        wanted = (person, form, ending)
        (file,) = (
            one.file
            for one in made
            if (one.person, one.form, one.file.rpartition(".")[2]) == wanted
        )
        return self.private / folder / file

    def answers(self, register: str, form: str) -> dict[str, dict[str, str]]:
        """Every cell of a form's answers by the person's id and the question's id."""
        text = (self.private / register / "csv" / f"answers-{form}.csv").read_text("utf-8-sig")
        headings, *rows = csv.reader(io.StringIO(text))
        year = 2026 if register.endswith("2026-27") else 2027
        questions = self.forms[year][form].questions()
        assert headings[5:] == [question.title for question in questions]
        return {
            row[0]: {q.id: cell for q, cell in zip(questions, row[5:], strict=True)} for row in rows
        }

    def states(self, register: str) -> dict[tuple[str, str], str]:
        text = (self.private / register / "csv" / "returns.csv").read_text("utf-8-sig")
        return {
            (row["Id"], row["Form"].split()[0]): row["State"]
            for row in csv.DictReader(io.StringIO(text))
        }


def cell_of(question: Question, value: str) -> str:
    """An answer as a cell: a date as a register has it."""
    if question.kind == "date" and value:
        day, month, year = value.split("/")
        return f"{year}-{month}-{day}"
    return value


def mail_with(path: Path) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.org", "hr@example.org", "My form"
    mail.set_content("Here it is.")
    data = path.read_bytes()
    kind = "pdf" if path.suffix == ".pdf" else "octet-stream"
    mail.add_attachment(data, maintype="application", subtype=kind, filename=path.name)
    return mail


def came(path: Path, day: int) -> None:
    os.utime(path, (1_790_000_000 + day * 86_400,) * 2)


def fill_each_with_pdfium(jobs: Sequence[Job]) -> None:
    for job in jobs:
        fill_with_pdfium(*job)


def make_first_year(story: Story) -> None:
    private = story.private
    offered = [f"--form={form}" for form in (PLAN, NEEDS)]
    run(story.project, "new", "elm", "--name", "Elm", "--group", "Teachers", *offered)
    (private / "staff.csv").write_text(FIRST, encoding="utf-8")
    common = ("--staff", private / "staff.csv", "--org", "elm", "--jobs", 1, "--json")
    story.forms[2026] = blanks_of(story.project)
    run(story.project, "packs", *common[1:], "--out", private / "packs")
    back = private / "returns"
    back.mkdir()
    work = private / "work"
    work.mkdir()
    fills: dict[str, Callable[[Sequence[Job]], None]] = {
        "1": fill_each_with_pdfium,
        "2": fill_all_with_libreoffice,
        "3": fill_each_with_pdfium,
        "4": fill_all_with_pdfjs,
        "5": fill_all_with_pdflib,
        "6": fill_each_with_pdfium,
        "7": fill_each_with_pdfium,
        "8": fill_each_with_pdfium,
    }
    for person, fill in fills.items():
        folder, ending = (work if person in "678" else back), ("docx" if person == "2" else "pdf")
        fill(
            [
                (
                    story.pack("packs", form, person, ending),
                    answers,
                    folder / f"{form} of {person}.{ending}",
                )
                for form, answers in ((PLAN, plan_of(person)), (NEEDS, needs_of(person)))
            ]
        )
    saved_again = back / f"{PLAN} of 1.pdf"
    with pikepdf.open(saved_again, allow_overwriting_input=True) as document:
        document.save(object_stream_mode=pikepdf.ObjectStreamMode.generate)
    for number, form in enumerate((PLAN, NEEDS)):
        mail = mail_with(work / f"{form} of 6.pdf")
        (back / f"mail {number}.eml").write_bytes(mail.as_bytes())
    box = mailbox.mbox(back / "all.mbox")
    for form in (PLAN, NEEDS):
        box.add(mail_with(work / f"{form} of 7.pdf"))
    box.close()
    for path in back.iterdir():
        came(path, 1)
    out = ("--out", private / "register-2026-27", "--today", "2027-08-01")
    story.run("first", "collect", back, *common, *out)


def blanks_of(project: Path) -> dict[str, Blank]:
    return {id: form.blank for id, form in published_forms(edition_in(project, "elm")).items()}


def begin_second_year(story: Story) -> None:
    """The year moves on, and the form: one question is called otherwise, one is new, one gone."""
    story.run("next", "next-year", "--org", "elm", "--today", "2027-08-01", "--json")
    text = (ROOT / "forms" / f"{PLAN}.yaml").read_text(encoding="utf-8")
    own = story.project / "forms" / f"{PLAN}.yaml"
    own.parent.mkdir(exist_ok=True)
    own.write_text(text, encoding="utf-8")
    replace_once(
        own,
        "        - id: success\n          label: How I will recognise success\n",
        "        - id: evidence\n          was: [success]\n          label: What shows success\n",
    )
    start = text.index("        - id: support\n          label: Support, training or development")
    end = text.index("        - id: mid_year\n")
    own.write_text(own.read_text("utf-8").replace(text[start:end], ""), encoding="utf-8")
    replace_once(
        own,
        "  - id: sign_off\n",
        "  - id: journeys\n    title: Travel\n    fields:\n"
        "      - {id: travel, label: How you travel, type: text}\n\n  - id: sign_off\n",
    )
    story.forms[2027] = blanks_of(story.project)
    (story.private / "staff-2.csv").write_text(SECOND, encoding="utf-8")
    common = ("--staff", story.private / "staff-2.csv", "--org", "elm", "--jobs", 1, "--json")
    out = ("--year", 2027, "--out", story.private / "packs-2027-28")
    story.run("roll", "roll", "--from", story.private / "register-2026-27", *common, *out)


def make_second_year(story: Story) -> None:
    back, private = story.private / "returns", story.private
    new = {"1": "1 new.pdf", "2": "2 new.docx", "12": "12 new.pdf"}
    for person, name in new.items():
        fill = fill_with_libreoffice if name.endswith("docx") else fill_with_pdfium
        pack = story.pack("packs-2027-28", PLAN, person, name.rpartition(".")[2])
        fill(pack, next_plan_of(person), back / name)
        came(back / name, 390)
    # the old form again, later than the new one; and a form of the old year that comes in late
    old = {"objective_1_objective": "The old form, filled in for the new year"}
    fill_with_pdfium(story.pack("packs", PLAN, "2", "pdf"), old, back / "2 old.pdf")
    for form in (PLAN, NEEDS):
        name = f"{form} of 8.pdf"
        (back / name).write_bytes((private / "work" / name).read_bytes())
        came(back / name, 400)
    came(back / "2 old.pdf", 401)
    common = ("--org", "elm", "--jobs", 1, "--json", "--today", "2027-11-01")
    new = ("--staff", private / "staff-2.csv", "--out", private / "register-2027-28")
    story.run("second", "collect", back, *new, *common)
    last = ("--staff", private / "staff.csv", "--out", private / "register-2026-27")
    story.run("late", "collect", back, *last, *common, "--year", 2026)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    told = Story(tmp_path_factory.mktemp("project"), tmp_path_factory.mktemp("private"))
    make_first_year(told)
    begin_second_year(told)
    make_second_year(told)
    return told


def expected(story: Story, year: int, form: str, answers: Mapping[str, str]) -> dict[str, str]:
    """Every cell of a row, those that a pack fills left out."""
    return {
        q.id: cell_of(q, answers.get(q.id, ""))
        for q in story.forms[year][form].questions()
        if not q.prefill or q.prefill.startswith("previous.")
    }


def without_prefills(story: Story, year: int, form: str, row: Mapping[str, str]) -> dict[str, str]:
    return {id: row[id] for id in expected(story, year, form, {})}


@pytest.mark.parametrize(("form", "typed"), [(PLAN, plan_of), (NEEDS, needs_of)])
def test_each_answer_of_the_first_year_is_in_its_cell(
    story: Story, form: str, typed: Callable[[str], dict[str, str]]
) -> None:
    found = story.answers("register-2026-27", form)
    again = "2" if form == PLAN else ""
    assert set(found) == set("12345678")
    for person in set(found) - {again}:
        row = without_prefills(story, 2026, form, found[person])
        assert row == expected(story, 2026, form, typed(person)), person
    codes = {problem["code"] for problem in story.said["first"]["problems"]}
    assert not codes & {"questions-altered", "answer-lost", "answer-beside", "not-on-list"}
    assert (story.said["first"]["unread"], story.said["first"]["current"]) == (0, 14)


def test_the_old_form_that_was_answered_again_counts_in_its_own_year_only(story: Story) -> None:
    old = story.answers("register-2026-27", PLAN)["2"]
    assert old["objective_1_objective"] == "The old form, filled in for the new year"
    new = story.answers("register-2027-28", PLAN)["2"]
    assert new["objective_1_objective"] == "Library, 2"


def test_what_was_rolled_is_each_persons_own(story: Story) -> None:
    for person in ("1", "2", "3", "5", "6", "7"):
        pdf = read_pdf_fields(story.pack("packs-2027-28", PLAN, person, "pdf"))
        word = read_word_fields(story.pack("packs-2027-28", PLAN, person, "docx"))
        plan = plan_of(person)
        for found in (pdf, word):
            past = [found[f"past_{n}_past_objective"] for n in (1, 2, 3)]
            assert past == [plan["objective_1_objective"], plan["objective_2_objective"], ""]
            assert found["objective_1_objective"] == ""
        needs = read_word_fields(story.pack("packs-2027-28", NEEDS, person, "docx"))
        open_need = needs_of(person)
        assert needs["need_1_need"] == open_need["need_2_need"]
        assert needs["need_1_delivery"] == open_need["need_2_delivery"]
        assert needs["need_1_needed_by"] == open_need["need_2_needed_by"]
        assert needs["need_2_need"] == ""


@pytest.mark.parametrize("person", ["8", "9", "11", "12"])
def test_those_without_a_form_of_the_first_year_begin_with_nothing(
    story: Story, person: str
) -> None:
    """A joiner, one with a leaver's name among them, and those whose forms were not in yet."""
    found = read_word_fields(story.pack("packs-2027-28", PLAN, person, "docx"))
    assert [found[f"past_{n}_past_objective"] for n in (1, 2, 3)] == ["", "", ""]
    needs = read_pdf_fields(story.pack("packs-2027-28", NEEDS, person, "pdf"))
    assert [needs[f"need_{n}_need"] for n in (1, 2, 3, 4)] == [""] * 4


def test_the_leavers_forms_are_listed_and_are_in_nobodys_pack(story: Story) -> None:
    left = [one for one in story.said["roll"]["not_carried"] if one["name"] == "Bo Ash"]
    assert {one["form"] for one in left} == {
        story.forms[2026][form].title for form in (PLAN, NEEDS)
    }
    assert all(not one["id"] and "4" in one["why"] for one in left)
    missing = {one["id"] for one in story.said["roll"]["not_carried"]} - {""}
    assert missing == {"8", "9"}
    assert story.said["roll"]["lacking"] == []


def test_answers_that_stay_behind_are_counted_by_form_and_question(story: Story) -> None:
    stays = {(one["form"], one["question"]): one["forms"] for one in story.said["roll"]["stays"]}
    plan, needs = (story.forms[2026][form].title for form in (PLAN, NEEDS))
    assert stays == {
        (plan, "Agreed assessment of the cycle that has ended"): 6,
        (plan, "Objective: How I will recognise success"): 6,
        (plan, "Objective: To be achieved by"): 6,
        (needs, "Need: Training or development needed"): 6,
        (needs, "Need: How the need will be met"): 6,
        (needs, story.forms[2026][NEEDS].questions()[9].title.replace("Need 1", "Need")): 6,
    }


def test_the_second_years_register_has_its_own_forms_and_no_others(story: Story) -> None:
    found = story.answers("register-2027-28", PLAN)
    assert set(found) == {"1", "2", "12"}
    for person in found:
        carried = {}
        if person != "12":
            plan = plan_of(person)
            carried = {
                "past_1_past_objective": plan["objective_1_objective"],
                "past_2_past_objective": plan["objective_2_objective"],
            }
        row = without_prefills(story, 2027, PLAN, found[person])
        assert row == expected(story, 2027, PLAN, {**carried, **next_plan_of(person)}), person
    states = story.states("register-2027-28")
    for person in ("3", "5", "6", "7", "8", "9", "11"):
        assert states[person, "Planning"] == "not returned"
    assert story.said["second"]["other_editions"] == {"2026-27": 17}
    codes = {problem["code"] for problem in story.said["second"]["problems"]}
    assert not codes & {"questions-altered", "answer-lost", "answer-beside", "second-return"}


def test_late_forms_are_read_with_their_own_edition_into_their_own_register(story: Story) -> None:
    assert story.said["late"]["new"] == 6
    assert story.said["late"]["other_editions"] == {"2027-28": 3}
    assert story.said["late"]["unread"] == 0
    states = story.states("register-2026-27")
    assert states["8", "Planning"] == "complete"
    assert states["9", "Planning"] == "not returned"
    assert ("11", "Planning") not in states


def test_packs_are_rolled_from_the_register_of_the_year_before_only(story: Story) -> None:
    words = ("roll", "--from", story.private / "register-2027-28", "--year", 2027, "--org", "elm")
    story.run("wrong", *words, "--staff", story.private / "staff-2.csv", "--preflight", code=2)
    assert "--year 2028" in story.said["wrong"]["err"]


def test_neither_register_takes_the_other_edition(story: Story) -> None:
    before = files_of(story.private)
    private = story.private
    words = ("collect", private / "returns", "--staff", private / "staff-2.csv", "--org", "elm")
    story.run("refused", *words, "--out", private / "register-2026-27", code=2)
    assert "register-2027-28" in story.said["refused"]["err"]
    assert files_of(story.private) == before
