"""A sixth organisation, made with one command, is sound, builds at once and says what to write."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from formulary.cli import main
from formulary.content.loading import load
from formulary.pipeline.scaffold import new_group
from formulary.problems import UsageError, errors_in
from tests.helpers import copy_project, small_project


@pytest.mark.parametrize("numbering", ["clauses", "paragraphs", "none"])
def test_a_new_organisation_is_sound_and_builds(
    numbering: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = small_project(tmp_path)
    arguments = ["new", "oak-trust", "--name", "Oak & Elm: “the” Trust", "--numbering", numbering]
    groups = ["--group", "Teachers: 1 September", "--group", "Support staff: 1 January"]
    forms = ["--form", "pm-form", "--form", "meeting-note"]
    assert main([*arguments, *groups, *forms], root) == 0
    assert "What to write next:" in capsys.readouterr().out
    assert main(["check"], root) == 0
    said = capsys.readouterr().out.splitlines()
    codes = {line.split(": ")[1] for line in said if "/oak-trust/" in line}
    assert codes == {
        "warning no-version",
        "warning no-approver",
        "warning no-review-date",
        "warning placeholder",
    }
    assert main(["--org", "oak-trust"], root) == 0
    listed = json.loads((root / "site" / "manifest.json").read_text(encoding="utf-8"))["downloads"]
    assert {entry["organisation"] for entry in listed} == {"oak-trust"}
    assert "Oak &amp; Elm" in (root / "site" / "index.html").read_text(encoding="utf-8")


def test_the_cycle_ends_on_the_day_before_it_starts_again() -> None:
    assert new_group("Office staff: 1 January").ends == "31 December"
    assert new_group("Teachers").starts == "1 September"
    assert new_group("Teachers").ends == "31 August"
    assert new_group("Central team: 1 March").ends == "28 February"
    assert new_group("Office staff: 1 January").id == "office-staff"


@pytest.mark.parametrize("text", ["Teachers: soon", ": 1 May", "Teachers: spring term"])
def test_a_group_that_cannot_be_read_says_so(text: str) -> None:
    with pytest.raises(UsageError):
        new_group(text)


def test_in_a_terminal_each_question_is_asked_in_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []
    replies = iter(
        [
            "Elm School",
            "School",
            "appraisal",
            "Staff: soon",  # no day: asked again at once
            "Staff: 1 April",
            "perhaps",
            "no",
            "Good",  # one level is no scale
            "Good, Not yet good",
            "",
            "letters",
            "none",
        ]
    )

    def reply(question: str) -> str:
        asked.append(question.split(" [")[0].split(":")[0].split(",")[0])
        return next(replies)

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", reply)
    root = small_project(tmp_path)
    assert main(["new", "elm", "--form", "meeting-note"], root) == 0
    said = capsys.readouterr().out
    for complaint in ("“soon”", "neither yes nor no", "two or more", "no numbering “letters”"):
        assert complaint in said
    assert next(replies, None) is None
    assert list(dict.fromkeys(asked)) == [
        "Name of the organisation",
        "Kind",
        "What you call it",
        "Staff groups and the day each cycle starts",
        "Does a decision on pay follow? yes or no",
        "Rating levels",
        "Career stages",
        "Numbering",
    ]
    organisation = (root / "content" / "organisations" / "elm" / "organisation.yaml").read_text()
    assert 'name: "Elm School"' in organisation
    assert organisation.count("- form: ") == 1
    cycle = (root / "content" / "organisations" / "elm" / "cycle.yaml").read_text()
    assert "ends: 31 March" in cycle
    ratings = (root / "content" / "organisations" / "elm" / "ratings.yaml").read_text()
    assert 'name: "Not yet good"' in ratings
    assert not (root / "content" / "organisations" / "elm" / "career-stages.yaml").exists()


@pytest.mark.parametrize(
    "options",
    [
        ["--pay", "yes"],
        ["--ratings", "Exceeded, Met, Not met"],
        ["--stages", "Early, Established"],
        [
            "--pay",
            "yes",
            "--ratings",
            "Met, Not met",
            "--stages",
            "Early, Leading",
            "--kind",
            "College",
        ],
        ["--process", "professional growth", "--group", "Tutors: 1 March", "--pay", "yes"],
        [
            "--ratings",
            "1, 2, 3",
            "--group",
            "Higher level teaching assistants and cover supervisors of the café: 1 April",
        ],
    ],
)
def test_whatever_is_answered_check_finds_no_error(
    options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = small_project(tmp_path)
    assert main(["new", "elm", "--name", "Elm", *options], root) == 0
    capsys.readouterr()
    assert main(["check"], root) == 0
    said = capsys.readouterr().out
    codes = {line.split(": ")[1] for line in said.splitlines() if "/elm/" in line and ": " in line}
    usual = {"no-version", "no-approver", "no-review-date", "placeholder", "pay-link"}
    assert {code.split()[-1] for code in codes} <= usual
    organisation = (root / "content" / "organisations" / "elm" / "organisation.yaml").read_text()
    assert ("form: pay-recommendation" in organisation) == ("--pay" in options)
    assert ("form: career-stage-audit" in organisation) == ("--stages" in options)
    assert "packs:\n  forms: [ planning-statement, one-to-one, cpd-needs" in organisation
    assert "rule: monitoring" in organisation
    for path in (root / "content" / "organisations" / "elm").iterdir():
        assert "# Next: " in path.read_text(), path.name


def test_what_is_behind_a_hash_is_sound_once_the_hash_is_taken_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The contact, the scope, the short cycles, the approval and the words of staff lists."""
    root = small_project(tmp_path)
    main(["new", "elm", "--name", "Elm", "--pay", "yes", "--ratings", "Met, Not met"], root)
    opened = 0
    for path in (root / "content" / "organisations" / "elm").iterdir():
        text = path.read_text(encoding="utf-8").replace("columns: {}\n", "")
        shown, more = re.subn(r"^( *)# (?!yaml-)(?=[ -]|[a-z-]+:)", r"\1", text, flags=re.MULTILINE)
        path.write_text(shown, encoding="utf-8")
        opened += more
    assert opened > 30
    capsys.readouterr()
    assert main(["check"], root) == 0, capsys.readouterr().out
    organisation = load(root)[0].organisations[-1].organisation.item
    assert organisation.contact and organisation.contact.who == "The HR office"


def test_an_organisation_can_start_from_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = copy_project(tmp_path, "pclc")
    assert main(["new", "elm", "--from", "pclc", "--name", "Elm \\ “Trust”"], root) == 0
    capsys.readouterr()
    assert main(["check"], root) == 0
    assert "/elm/" in capsys.readouterr().out
    content, problems = load(root)
    elm, pclc = content.organisations
    assert not errors_in(problems)
    assert (elm.organisation.item.name, elm.organisation.item.status) == ("Elm \\ “Trust”", "draft")
    assert (elm.policy.item.approval, elm.policy.item.notes, elm.coverage) == (None, (), None)
    assert elm.policy.item.sections == pclc.policy.item.sections
    assert elm.cycles.item.cycles == pclc.cycles.item.cycles
    assert main(["new", "ash", "--from", "oak"], root) == 2
    assert re.search("Known: .*elm.*pclc", capsys.readouterr().err)


def test_an_organisation_can_start_from_an_example_of_the_product(tmp_path: Path) -> None:
    assert main(["new", "elm", "--from", "pclc", "--name", "Elm Trust"], tmp_path) == 0
    (elm,) = load(tmp_path)[0].organisations
    assert elm.organisation.item.name == "Elm Trust"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["new", "elm"], "already exists"),
        (["new", "Oak Trust"], "cannot be an id"),
        (["new", "guide"], "is a folder of the site itself"),
        (["new", "oak", "--form", "pm-from"], "There is no form “pm-from”"),
        (["new", "oak", "--topic", "smrt"], "There is no topic “smrt”"),
    ],
)
def test_what_cannot_be_made_is_named_and_nothing_is_written(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = small_project(tmp_path, "elm")
    before = sorted((root / "content").rglob("*"))
    assert main(arguments, root) == 2
    assert said in capsys.readouterr().err
    assert sorted((root / "content").rglob("*")) == before
