"""Editions kept whole: a return is read and checked with its own, and counts in its own register.

The content moves on between the years: the form loses a question, renames another, and a rule of
the policy changes. What the people of the year before hand in late is not touched by that.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from formulary.cli import main
from formulary.content.kept_edition import load_kept, read_kept_editions
from formulary.content.loading import load
from formulary.edition.edition import Edition, edition_of
from formulary.formats.word.form import write_blank
from formulary.formats.word.prefill import prepare
from formulary.pipeline.house_folder import house_folder
from formulary.returns.edition_shelf import fill_kept_edition, published_forms
from tests.helpers import files_of, replace_once, send_to_all, tiny_project

STAFF = """Id,Name,Job title,Staff group,School,Reviewer,Start date
1,Ann Ng,Teacher,Teachers,North School,9,01/09/2015
2,Bo Ash,Teacher,Teachers,South School,9,01/09/2015
9,Vera Boss,Head,Senior leaders,South School,Board of trustees,01/09/2010
"""
AIM = {"objective_1_objective": "Raise reading"}
OBJECTIVE = {"objective_1_objective": "Raise reading", "objective_1_measures": "Scores"}


def run(project: Path, *words: object, code: int = 0) -> dict[str, Any]:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        assert main([str(word) for word in words], project) == code, err.getvalue()
    printed = out.getvalue()
    return (
        dict(json.loads(printed)) if printed[:1] == "{" else {"out": printed, "err": err.getvalue()}
    )


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    text = (folder / "csv" / f"{name}.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def kept(project: Path, organisation: str) -> dict[str, Any]:
    found, faults = read_kept_editions(project, organisation)
    assert not faults
    return dict(found)


def copies_of(project: Path, edition: Edition) -> Callable[..., bytes]:
    """What makes filled Word copies of an edition's forms, as the packs do."""
    forms = published_forms(edition)

    def copy(form: str, person: str, **answers: str) -> bytes:
        blank = forms[form].blank
        with house_folder(project) as house:
            ready = prepare(write_blank(blank, house), blank)
        known = {"staff.name": {"1": "Ann Ng", "2": "Bo Ash"}.get(person, "Nobody Here")}
        values = {q.id: known[q.prefill] for q in blank.questions() if q.prefill in known}
        return ready.fill({**values, **answers}, person)

    return copy


def edition_in(project: Path, organisation: str = "tiny", year: int | None = None) -> Edition:
    content, _ = load(project)
    (own,) = (own for own in content.organisations if own.id == organisation)
    edition, faults = edition_of(content, own, year)
    assert edition and not faults
    return edition


class TwoYears:
    """A project that kept 2026-27 and has moved on to 2027-28, with copies of both forms."""

    def __init__(self, folder: Path) -> None:
        self.project = tiny_project(folder / "project")
        self.root = folder / "private"
        self.root.mkdir()
        own = self.project / "content" / "organisations" / "tiny"
        (own / "coverage.yaml").unlink()  # names the questions that change here
        send_to_all(self.project, "pm-form")
        (self.root / "staff.csv").write_text(STAFF, encoding="utf-8")
        self.old = copies_of(self.project, edition_in(self.project))
        run(self.project, "keep-edition", "--org", "tiny")
        replace_once(own / "organisation.yaml", "year: 2026", "year: 2027")
        form = self.project / "forms" / "pm-form.yaml"
        text = form.read_text(encoding="utf-8")
        text = text.replace("{id: measures,", "{id: yardsticks, was: [measures],")
        form.write_text(text, encoding="utf-8")
        self.new = copies_of(self.project, edition_in(self.project))

    def put(self, name: str, data: bytes, day: int) -> None:
        path = self.root / "returns" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (1_800_000_000 + day * 86_400,) * 2)

    def collect(self, out: str, *more: object, code: int = 0) -> dict[str, Any]:
        words = ("collect", self.root / "returns", "--staff", self.root / "staff.csv")
        common = ("--org", "tiny", "--out", self.root / out, "--jobs", 1, "--json")
        return run(self.project, *words, *common, *more, code=code)


@pytest.fixture
def years(tmp_path: Path) -> TwoYears:
    return TwoYears(tmp_path)


def state(folder: Path, person: str) -> tuple[str, str]:
    (row,) = (
        row
        for row in rows(folder, "returns")
        if row["Id"] == person and row["Form"] == "Review form"
    )
    return row["State"], row["File"]


def test_last_years_form_neither_counts_nor_hides_this_years(years: TwoYears) -> None:
    years.put("new.docx", years.new("pm-form", "1", objective_1_objective="This year"), 1)
    years.put("old.docx", years.old("pm-form", "1", **OBJECTIVE), 2)
    years.put("only-old.docx", years.old("pm-form", "2", **OBJECTIVE), 3)
    found = years.collect("register-2027-28")
    register = years.root / "register-2027-28"
    assert state(register, "1")[1].endswith("new.docx")
    assert state(register, "2") == ("not returned", "")
    assert [row["Objective"] for row in rows(register, "objectives")] == ["This year"]
    apart = {row["File"].rpartition("/")[2]: row["Why"] for row in rows(register, "not-counted")}
    assert apart == dict.fromkeys(("old.docx", "only-old.docx"), "of another edition (2026-27)")
    assert found["other_editions"] == {"2026-27": 2}
    about = [problem for problem in found["problems"] if problem["code"] == "other-edition"]
    assert len(about) == 2
    assert all("--year 2026" in problem["fix"] for problem in about)
    assert not any(problem["code"] == "second-return" for problem in found["problems"])


def test_both_editions_are_collected_from_one_folder_each_with_its_own_form(
    years: TwoYears,
) -> None:
    years.put("old.docx", years.old("pm-form", "1", **OBJECTIVE), 1)
    years.put(
        "new.docx", years.new("pm-form", "1", **AIM, objective_1_yardsticks="Twice a term"), 2
    )
    this = years.collect("register-2027-28")
    last = years.collect("register-2026-27", "--year", 2026)
    assert (this["current"], last["current"]) == (1, 1)
    (old,) = rows(years.root / "register-2026-27", "objectives")
    assert (old["Objective"], old["Measure"]) == ("Raise reading", "Scores")
    (new,) = rows(years.root / "register-2027-28", "objectives")
    assert new["Measure"] == "Twice a term"
    for found in (this, last):
        codes = {problem["code"] for problem in found["problems"]}
        assert not codes & {"questions-altered", "answer-beside", "answer-lost"}
    again = years.collect("register-2026-27", "--year", 2026)
    assert (again["new"], again["current"]) == (0, 1)


def test_a_folder_of_registers_is_for_one_edition(years: TwoYears) -> None:
    years.put("old.docx", years.old("pm-form", "1", **OBJECTIVE), 1)
    years.collect("register", "--year", 2026)
    before = files_of(years.root / "register")
    said = years.collect("register", code=2)["err"]
    assert "2026-27" in said
    assert f"--out {years.root / 'register-2027-28'}" in said
    assert "--year 2026" in said
    assert files_of(years.root / "register") == before


def test_a_folder_of_an_earlier_version_is_for_the_edition_of_its_returns(years: TwoYears) -> None:
    years.put("old.docx", years.old("pm-form", "1", **OBJECTIVE), 1)
    years.collect("register", "--year", 2026)
    (years.root / "register" / ".formulary" / "edition.json").unlink()
    assert "2026-27" in years.collect("register", code=2)["err"]
    assert years.collect("register", "--year", 2026)["current"] == 1


def test_a_return_of_an_edition_that_was_not_kept_is_named_and_read_once_it_is(
    years: TwoYears,
) -> None:
    own = years.project / "content" / "organisations" / "tiny"
    (file,) = (own / "editions").iterdir()
    lost = file.rename(years.root / file.name)
    years.put("old.docx", years.old("pm-form", "1", **OBJECTIVE), 1)
    found = years.collect("register")
    (problem,) = found["problems"]
    assert problem["code"] == "edition-not-kept"
    assert "2026-27" in problem["message"]
    assert "keep-edition" in problem["fix"]
    assert found["other_editions"] == {}
    (apart,) = rows(years.root / "register", "not-counted")
    assert (apart["Why"], apart["File"]) == ("of an edition that was not kept", "old.docx")
    lost.rename(file)
    assert years.collect("register")["other_editions"] == {"2026-27": 1}


def test_a_form_that_changed_within_the_year_is_read_as_it_was_sent_out(
    years: TwoYears,
) -> None:
    """Kept twice in one year: people have copies of either form, and both count."""
    run(years.project, "keep-edition", "--org", "tiny")
    form = years.project / "forms" / "pm-form.yaml"
    form.write_text(form.read_text(encoding="utf-8").replace("yardsticks", "scales"), "utf-8")
    run(years.project, "keep-edition", "--org", "tiny")
    names = list(kept(years.project, "tiny"))
    assert names == ["2026-27.json", "2027-28.json", "2027-28-2.json"]
    years.put("first.docx", years.new("pm-form", "1", **AIM, objective_1_yardsticks="Weekly"), 1)
    later = copies_of(years.project, edition_in(years.project))
    years.put("second.docx", later("pm-form", "2", **AIM, objective_1_scales="Monthly"), 2)
    found = years.collect("register")
    assert not {p["code"] for p in found["problems"]} & {"questions-altered", "answer-beside"}
    measures = {row["Id"]: row["Measure"] for row in rows(years.root / "register", "objectives")}
    assert measures == {"1": "Weekly", "2": "Monthly"}


def test_late_returns_are_collected_while_the_content_is_half_changed(years: TwoYears) -> None:
    years.put("old.docx", years.old("pm-form", "1", **OBJECTIVE), 1)
    policy = years.project / "content" / "organisations" / "tiny" / "policy.yaml"
    policy.write_text("sections: [", encoding="utf-8")
    assert years.collect("register", code=1)["err"]
    assert years.collect("register", "--year", 2026)["current"] == 1


def test_an_edition_is_kept_whole_as_it_was(tmp_path: Path) -> None:
    """Every part of the edition is the same when it is read again, whatever changed since."""
    project = tiny_project(tmp_path / "project")
    before = edition_in(project, "tiny")
    run(project, "keep-edition", "--org", "tiny")
    own = project / "content" / "organisations" / "tiny"
    (file,) = (own / "editions").iterdir()
    first = file.read_bytes()
    run(project, "keep-edition", "--org", "tiny")
    assert [path.name for path in (own / "editions").iterdir()] == [file.name]
    assert file.read_bytes() == first
    for path in (*(project / "forms").glob("*.yaml"), own / "cycle.yaml"):
        path.unlink()
    (whole,) = kept(project, "tiny").values()
    again = fill_kept_edition(whole)
    assert again.organisation.model_copy(update={"schema_version": 0}) == (
        before.organisation.model_copy(update={"schema_version": 0})
    )
    for part in ("policy", "cycles", "ratings", "career_stages", "forms", "header"):
        assert getattr(again, part) == getattr(before, part), part
    assert again.calendars == before.calendars
    assert whole.forms == {
        id: form.blank.stamp.digest for id, form in published_forms(before).items()
    }


def test_a_kept_edition_of_an_earlier_schema_is_upgraded_when_it_is_read(tmp_path: Path) -> None:
    project = tiny_project(tmp_path / "project")
    run(project, "keep-edition", "--org", "tiny")
    (whole,) = kept(project, "tiny").values()
    files = {
        name: "".join(line for line in text.splitlines(True) if not line.startswith("schema:"))
        for name, text in whole.files.items()
    }
    old = whole.model_copy(update={"files": files, "schema_version": 1})
    _, own = load_kept(old)
    assert own.organisation.item == load_kept(whole)[1].organisation.item


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[: len(text) // 2],
        lambda text: text.replace('"organisation": "tiny"', '"organisation": "other"', 1),
        lambda text: text.replace('"content/library/', '"content/../../library/', 1),
        lambda text: text.replace('"schema_version": 2', '"schema_version": 99', 1),
        lambda text: "[]",
    ],
)
def test_a_damaged_kept_edition_is_named_by_check(
    tmp_path: Path, spoil: Callable[[str], str]
) -> None:
    project = tiny_project(tmp_path / "project")
    run(project, "keep-edition", "--org", "tiny")
    (file,) = (project / "content" / "organisations" / "tiny" / "editions").iterdir()
    text = file.read_text(encoding="utf-8")
    assert spoil(text) != text
    file.write_text(spoil(text), encoding="utf-8")
    found = run(project, "check", "--json", code=1)
    (problem,) = (p for p in found["problems"] if p["file"].endswith(file.name))
    assert problem["severity"] == "error"


def test_an_earlier_edition_is_kept_from_a_folder_and_from_git(tmp_path: Path) -> None:
    project = tiny_project(tmp_path / "project")
    year = edition_in(project, "tiny").year
    shutil.copytree(project, tmp_path / "before", symlinks=True)
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "Before"]):
        name = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        subprocess.run(["git", "-C", project, *name, *words], check=True)
    own = project / "content" / "organisations" / "tiny"
    replace_once(own / "organisation.yaml", f"year: {year}", f"year: {year + 1}")
    run(project, "keep-edition", "--org", "tiny", "--at", tmp_path / "before")
    (first,) = (own / "editions").iterdir()
    (by_folder,) = kept(project, "tiny").values()
    first.unlink()
    run(project, "keep-edition", "--org", "tiny", "--at", "HEAD")
    (by_git,) = kept(project, "tiny").values()
    assert (by_git.year, by_git.forms) == (by_folder.year, by_folder.forms) == (year, by_git.forms)
    assert by_git.files.items() >= by_folder.files.items()
