"""What the editor writes, what it refuses, and what it says of an element."""

from __future__ import annotations

import random
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from formulary.content.loading import load
from formulary.content.source import parse
from formulary.content.ways import place_of_way, way_to
from formulary.editing.commits import can_commit
from formulary.editing.editor import Editor, RefusedError
from formulary.editing.journal import Journal
from formulary.editing.live import LiveProject
from formulary.editing.operations import (
    ConflictError,
    Operation,
    clean_words,
    make_id,
    read_operation,
)
from formulary.editing.places import Spot, read_spot
from formulary.problems import UsageError
from tests.editing.conftest import TINY

POLICY = (TINY / "policy.yaml").as_posix()
CYCLE = (TINY / "cycle.yaml").as_posix()
QUESTIONS = (TINY / "questions.yaml").as_posix()
ORGANISATION = (TINY / "organisation.yaml").as_posix()


def setting(file: str, way: str, old: Any, value: Any) -> Operation:
    return Operation("set", Spot(file, way), value, old)


def test_a_change_is_one_line_and_the_next_page_shows_it(editor: Editor, project: Path) -> None:
    before = (project / QUESTIONS).read_text(encoding="utf-8")
    asked = setting(QUESTIONS, "questions/=away/asks", "What if I was away?", "What if I am away?")
    editor.save("tiny", [asked], "Changed")
    after = (project / QUESTIONS).read_text(encoding="utf-8")
    assert after == before.replace("What if I was away?", "What if I am away?")
    handbook, _ = editor.live.handbook("tiny")
    assert handbook and "What if I am away?" in (handbook.page("tiny/questions.html") or "")


def test_a_way_by_ids_finds_the_entry_after_others_came_before_it(
    editor: Editor, project: Path
) -> None:
    asked = setting(QUESTIONS, "questions/=away/asks", "What if I was away?", "And away?")
    text = (project / QUESTIONS).read_text(encoding="utf-8")
    first = "questions:\n  - id: first\n    asks: First?\n    answer: Yes.\n"
    (project / QUESTIONS).write_text(text.replace("questions:\n", first), encoding="utf-8")
    editor.save("tiny", [asked], "Changed")
    data = parse((project / QUESTIONS).read_text(encoding="utf-8"), Path("q"))[0].data
    assert [entry["asks"] for entry in data["questions"]][::2] == ["First?", "And away?"]


def test_words_that_somebody_else_changed_are_not_overwritten(
    editor: Editor, project: Path
) -> None:
    asked = setting(QUESTIONS, "questions/=away/asks", "What if I was away?", "Mine?")
    editor.save("tiny", [asked], "Changed")
    with pytest.raises(ConflictError) as caught:
        editor.save("tiny", [setting(QUESTIONS, asked.spot.way, asked.old, "Yours?")], "Changed")
    assert caught.value.now == "Mine?"
    with pytest.raises(ConflictError):
        editor.save("tiny", [setting(QUESTIONS, "questions/=gone/asks", "x", "y")], "Changed")


@pytest.mark.parametrize(
    ("file", "way", "old", "value", "said"),
    [
        (CYCLE, "cycles/=teachers/events/=pay-decision/when", "by 31 October after the cycle",
         "by 31 February", "February"),
        (CYCLE, "cycles/=teachers/events/=pay-decision/when", "by 31 October after the cycle",
         "soon", "time rule"),
        (POLICY, "sections/=scope/clauses/=probation/text",
         "Somebody in probation is outside this procedure.", "See {{ clause('nowhere') }}.",
         "nowhere"),
        (POLICY, "status", "approved", "perhaps", "perhaps"),
        (ORGANISATION, "colour", "#5b2a66", "purple", "purple"),
    ],
)  # fmt: skip
def test_what_keeps_the_handbook_from_being_built_is_not_written(
    editor: Editor, project: Path, file: str, way: str, old: str, value: str, said: str
) -> None:
    before = (project / file).read_bytes()
    with pytest.raises(RefusedError) as caught:
        editor.save("tiny", [setting(file, way, old, value)], "Changed")
    assert any(said in problem.message for problem in caught.value.problems)
    assert (project / file).read_bytes() == before
    assert Journal(project).saves() == ()


def test_a_clause_that_others_name_is_not_taken_out_and_the_places_are_named(
    editor: Editor, project: Path
) -> None:
    spot = Spot(POLICY, "sections/=scope/clauses/=short-contracts")
    with pytest.raises(RefusedError) as caught:
        editor.save("tiny", [Operation("remove", spot)], "Deleted")
    files = {problem.place.file.name for problem in caught.value.problems}
    assert {"organisation.yaml", "questions.yaml"} <= files


def test_entries_are_added_moved_copied_and_taken_out(editor: Editor, project: Path) -> None:
    def ids() -> list[str]:
        text = (project / QUESTIONS).read_text(encoding="utf-8")
        return [entry["id"] for entry in parse(text, Path("q"))[0].data["questions"]]

    value = {"asks": "Who sees the form?", "answer": "You and your {{ words.reviewer }}."}
    whole = Spot(QUESTIONS, "questions")
    editor.save("tiny", [Operation("insert", whole, value, index=1)], "Added")
    assert ids() == ["joined", "who-sees-form", "away"]
    editor.save("tiny", [Operation("move", Spot(QUESTIONS, "questions/=away"), index=0)], "Moved")
    assert ids() == ["away", "joined", "who-sees-form"]
    editor.save("tiny", [Operation("copy", Spot(QUESTIONS, "questions/=joined"))], "Copied")
    assert ids() == ["away", "joined", "joined-2", "who-sees-form"]
    editor.save("tiny", [Operation("remove", Spot(QUESTIONS, "questions/=joined-2"))], "Deleted")
    assert ids() == ["away", "joined", "who-sees-form"]
    assert load(project)[1] == ()
    for _ in range(4):
        editor.undo()
    assert ids() == ["joined", "away"]


def test_a_clause_is_moved_to_another_section_with_its_comment_as_one_change(
    editor: Editor, project: Path
) -> None:
    before = (project / POLICY).read_text(encoding="utf-8")
    clause = "      - id: probation\n"
    assert before.count(clause) == 1
    (project / POLICY).write_text(
        before.replace(clause, f"      # asked of the governors\n{clause}"), encoding="utf-8"
    )
    before = (project / POLICY).read_text(encoding="utf-8")
    spot = Spot(POLICY, "sections/=scope/clauses/=probation")
    homes = dict(map(reversed, editor.describe("tiny", spot)["homes"]))
    assert str(Spot(POLICY, "sections/=scope/clauses")) not in homes.values()
    into = read_spot(homes["Section 5: Objectives"])
    asked = {"kind": "move", "spot": str(spot), "into": str(into), "index": 9999}
    assert editor.save("tiny", [read_operation(asked)], "Moved")
    after = (project / POLICY).read_text(encoding="utf-8")
    assert sorted(after.splitlines()) == sorted(before.splitlines())
    sections = {one["id"]: one for one in parse(after, Path("p"))[0].data["sections"]}
    assert sections["objectives"]["clauses"][-1]["id"] == "probation"
    assert "probation" not in [one["id"] for one in sections["scope"]["clauses"]]
    assert "# asked of the governors\n      - id: probation" in after
    handbook, _ = editor.live.handbook("tiny")
    assert handbook and "Somebody in probation" in (
        handbook.page("tiny/policy/objectives.html") or ""
    )
    assert "Somebody in probation" not in (handbook.page("tiny/policy/scope.html") or "")
    editor.undo()
    assert (project / POLICY).read_text(encoding="utf-8") == before
    with pytest.raises(ValueError):
        read_operation({**asked, "into": f"{QUESTIONS}:questions"})


def test_an_optional_value_comes_and_goes_with_its_key(editor: Editor, project: Path) -> None:
    way = "questions/=away/clauses"
    editor.save("tiny", [setting(QUESTIONS, way, None, ["probation"])], "Changed")
    assert "clauses: [probation]" in (project / QUESTIONS).read_text(encoding="utf-8")
    editor.save("tiny", [setting(QUESTIONS, way, ["probation"], [])], "Changed")
    assert (project / QUESTIONS).read_text(encoding="utf-8").count("clauses:") == 1


def test_two_people_and_a_text_editor_at_once(editor: Editor, project: Path) -> None:
    """Random changes by ids from two tabs, and by another program: none lost, none misplaced."""
    choose = random.Random(5)
    words = {"joined": "What if I joined during the year?", "away": "What if I was away?"}
    for number in range(40):
        id = choose.choice(sorted(words))
        if choose.random() < 0.3:
            text = (project / QUESTIONS).read_text(encoding="utf-8")
            new = f"Outside {number}?"
            (project / QUESTIONS).write_text(text.replace(words[id], new), encoding="utf-8")
        elif choose.random() < 0.3:
            spot = Spot(QUESTIONS, f"questions/={id}")
            editor.save("tiny", [Operation("move", spot, index=choose.randrange(2))], "Moved")
            continue
        else:
            new = f"Inside {number}?"
            asked = setting(QUESTIONS, f"questions/={id}/asks", words[id], new)
            editor.save("tiny", [asked], "Changed")
        words[id] = new
        data = parse((project / QUESTIONS).read_text(encoding="utf-8"), Path("q"))[0].data
        assert {entry["id"]: entry["asks"] for entry in data["questions"]} == words


def test_the_panel_has_labels_choices_and_values_of_facts(editor: Editor) -> None:
    found = editor.describe("tiny", Spot(QUESTIONS, "questions/=joined/answer"))
    fields = {field["key"]: field for field in found["fields"]}
    assert found["kicker"] == "Question 1 of 2"
    assert fields["asks"]["label"] == "The question" and fields["asks"]["kind"] == "line"
    assert "\n" not in fields["answer"]["value"]
    assert ("short-contracts", "“Scope”") in fields["clauses"]["choices"]
    fact = "{{ rules.short_service.exactly | words }}"
    assert found["facts"][fact] == "one"
    assert found["leads"][fact] == f"{ORGANISATION}:rules/short_service"


def test_a_line_of_a_list_is_edited_with_what_it_is_in(editor: Editor, project: Path) -> None:
    policy = parse((project / POLICY).read_text(encoding="utf-8"), Path("p"))[0].data
    section, clause = next(
        (s, c) for s in policy["sections"] for c in s["clauses"] if c.get("points")
    )
    way = f"sections/={section['id']}/clauses/={clause['id']}"
    point = clause["points"][0]["id"]
    found = editor.describe("tiny", Spot(POLICY, f"{way}/points/={point}/text"))
    assert found["spot"] == f"{POLICY}:{way}"
    rows = next(field for field in found["fields"] if field["key"] == "points")
    assert rows["kind"] == "rows" and len(rows["rows"]) == len(clause["points"])


def test_what_names_a_number_is_found(editor: Editor) -> None:
    uses = editor.uses("tiny", Spot(ORGANISATION, "rules/short_service"))
    kinds = {use["kind"] for use in uses}
    assert {"clause", "question"} <= kinds


def test_ways_lead_to_their_places_and_back(project: Path) -> None:
    text = (project / POLICY).read_text(encoding="utf-8")
    document = parse(text, Path(POLICY))[0]
    for loc in document.spans:
        assert place_of_way(document.data, way_to(document.data, loc)) == loc
    with pytest.raises(KeyError):
        place_of_way(document.data, "sections/=nowhere/title")
    with pytest.raises(ValueError, match="names no place"):
        read_spot("nothing")


def test_ids_come_from_words_and_are_never_taken() -> None:
    assert make_id({"asks": "What if I am ill?"}, frozenset()) == "what-if-i-am-ill"
    assert make_id({"name": "Déjà vu"}, frozenset()) == "d-j-vu"
    assert make_id({"text": "31 October"}, frozenset()) == "entry-31-october"
    assert make_id({"name": "Pay"}, frozenset({"pay", "pay-2"})) == "pay-3"
    pattern = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
    for words in ("", "???", "x" * 200, "The the", "a_b", "{{ rules.x.max }} weeks"):
        made = make_id({"text": words}, frozenset())
        assert pattern.fullmatch(made) and len(made) <= 60


def test_pasted_words_lose_what_no_document_can_show() -> None:
    assert clean_words("a\u2028b\x0bc\rd") == "a\nb\nc\nd"
    assert clean_words("\ufeffa\U000f0001\x00b\tc ") == "ab c"


def test_every_kind_of_element_can_be_described(editor: Editor) -> None:
    handbook, _ = editor.live.handbook("tiny")
    assert handbook
    _, marks = handbook.marked
    count = 0
    for texts in marks.texts.values():
        for text in texts:
            way = way_to(text.document.data, text.loc)
            found = editor.describe("tiny", Spot(text.document.path.as_posix(), way))
            assert found["fields"] and found["name"]
            count += 1
    assert count > 100


def test_a_change_is_committed_where_that_is_wished(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def git(*arguments: str) -> str:
        name = ["-c", "user.name=T", "-c", "user.email=t@example.org"]
        done = subprocess.run(
            ["git", *name, *arguments], cwd=project, check=True, capture_output=True, text=True
        )
        return done.stdout

    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "T")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "t@example.org")
    git("init", "-q")
    git("add", "content")
    git("commit", "-qm", "Begin")
    editor = Editor(LiveProject(project), Journal(project), commits=True)
    asked = setting(QUESTIONS, "questions/=away/asks", "What if I was away?", "Away?")
    (project / "notes.txt").write_text("staged by hand", encoding="utf-8")
    git("add", "notes.txt")
    assert can_commit(project)
    editor.save("tiny", [asked], "Changed: What if I was away?")
    editor.close()
    assert git("log", "--format=%s").splitlines() == ["Changed: What if I was away?", "Begin"]
    assert git("show", "--stat", "--format=").strip().endswith("1 insertion(+), 1 deletion(-)")
    assert git("diff", "--cached", "--name-only").split() == ["notes.txt"]


def test_nothing_is_committed_without_a_repository_or_an_identity(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(project.parent))
    assert not can_commit(project)
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    subprocess.run(["git", "config", "user.useConfigOnly", "true"], cwd=project, check=True)
    for name in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(project))
    for name in ("AUTHOR", "COMMITTER"):
        for part in ("NAME", "EMAIL"):
            monkeypatch.delenv(f"GIT_{name}_{part}", raising=False)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    assert not can_commit(project)


def test_a_table_of_a_clause_is_a_grid_and_changes_one_cell(editor: Editor, project: Path) -> None:
    way = "sections/=scope/clauses/=probation"
    text = (project / POLICY).read_text(encoding="utf-8")
    line = "        text: Somebody in probation is outside this procedure.\n"
    table = (
        "        table:\n          columns: [Stage, When]\n          rows:\n"
        "            - [Planning, October] # the first\n            - [Review, April]\n"
    )
    (project / POLICY).write_text(text.replace(line, line + table), encoding="utf-8")
    found = editor.describe("tiny", Spot(POLICY, way))
    part = next(field for field in found["fields"] if field["key"] == "table")
    rows = next(field for field in part["fields"] if field["key"] == "rows")
    assert rows["kind"] == "grid"
    value = [["Planning", "October"], ["Review", "May"], ["End", "July"]]
    old = [["Planning", "October"], ["Review", "April"]]
    editor.save("tiny", [setting(POLICY, f"{way}/table/rows", old, value)], "Changed")
    after = (project / POLICY).read_text(encoding="utf-8")
    assert "            - [Planning, October] # the first\n            - [Review, May]\n" in after
    assert "            - [End, July]\n" in after


def data_of(project: Path, name: str) -> Any:
    path = project / (name if "/" in name else TINY / name)
    return parse(path.read_text(encoding="utf-8"), path)[0].data


def test_ids_are_of_the_form_that_the_model_asks_for(editor: Editor, project: Path) -> None:
    form = "forms/support-plan.yaml"
    section = Spot(form, "sections/=period")
    asked = [
        Operation(
            "insert", Spot(form, f"{section.way}/fields"), {"label": "The end?", "type": "date"}
        ),
        Operation("copy", Spot(form, f"{section.way}/fields/=starts_on")),
        Operation(
            "set",
            Spot(form, f"{section.way}/table"),
            {"row": "Step", "rows": 3, "columns": [{"label": "What is done", "type": "text"}]},
        ),
        Operation("insert", Spot(form, "sections"), {"title": "The end"}, index=9),
    ]
    editor.save("tiny", asked, "Added")
    period, end = data_of(project, form)["sections"][1:]
    assert [one["id"] for one in period["fields"]] == ["end", "starts_on", "starts_on_2", "ends_on"]
    assert period["table"]["id"] == "step"
    assert period["table"]["columns"][0]["id"] == "what_done"
    assert end["id"] == "end_2"
    # what has no id gets none, and what is known by a name gets that
    number = {"states": "Days of notice.", "clause": "concerns", "exactly": 5, "unit": "days"}
    offer = {"form": "pm-form"}
    editor.save("tiny", [Operation("insert", Spot(ORGANISATION, "rules"), number)], "Added")
    assert data_of(project, "organisation.yaml")["rules"]["days_notice"] == number
    with pytest.raises(RefusedError) as caught:
        editor.save("tiny", [Operation("insert", Spot(ORGANISATION, "forms"), offer)], "Added")
    assert "pm-form" in caught.value.problems[0].message


def test_a_level_has_a_cell_in_every_row_and_takes_them_along(
    editor: Editor, project: Path
) -> None:
    ratings = (TINY / "ratings.yaml").as_posix()
    before = (project / ratings).read_bytes()
    new = Operation("insert", Spot(ratings, "levels"), {"name": "Blue"}, index=1)
    editor.save("tiny", [new], "Added")
    assert [row["cells"]["blue"] for row in data_of(project, ratings)["criteria"]] == [
        "To be completed.",
        "To be completed.",
    ]
    editor.save("tiny", [Operation("copy", Spot(ratings, "levels/=red"))], "Copied")
    rows = data_of(project, ratings)["criteria"]
    assert rows[1]["cells"]["red-2"] == "The objective is not met."
    for level in ("red-2", "blue"):
        found = editor.removal("tiny", Spot(ratings, f"levels/={level}"))
        assert found.first == ()
        assert len(found.mentions) == 2
        editor.save("tiny", found.operations, "Deleted")
    assert (project / ratings).read_bytes() == before


def test_a_removal_takes_its_mentions_along_or_says_what_comes_first(
    editor: Editor, project: Path
) -> None:
    policy = Spot(POLICY, "sections/=scope/clauses/=probation")
    text = (project / QUESTIONS).read_text(encoding="utf-8")
    text += (
        "  - id: trial\n    asks: Am I in it?\n"
        "    answer: Not yet. See {{ clause('probation') }}. Ask HR.\n"
        "    clauses: [probation, short-contracts, who-is-covered]\n"
    )
    (project / QUESTIONS).write_text(text, encoding="utf-8")
    found = editor.removal("tiny", policy)
    assert found.first == ()
    assert [one.words for one in found.mentions if one.words] == ["See …."]
    editor.save("tiny", found.operations, "Deleted")
    left = data_of(project, "questions.yaml")["questions"][-1]
    assert left["answer"] == "Not yet. Ask HR."
    assert left["clauses"] == ("short-contracts", "who-is-covered")
    # a number must state its clause, so it is changed first
    barred = editor.removal("tiny", Spot(POLICY, "sections/=scope/clauses/=short-contracts"))
    assert barred.operations == ()
    assert [one.kind for one in barred.first] == ["number"]
    # a text of which nothing would be left bars the removal too
    alone = {"asks": "And now?", "answer": "{{ clause('who-is-covered') }} says."}
    editor.save("tiny", [Operation("insert", Spot(QUESTIONS, "questions"), alone)], "Added")
    barred = editor.removal("tiny", Spot(POLICY, "sections/=scope/clauses/=who-is-covered"))
    assert [one.where for one in barred.first] == ["And now?"]


@pytest.mark.parametrize(
    ("file", "way", "found"),
    [
        (ORGANISATION, "rules/short_service", {"question", "clause"}),
        (ORGANISATION, "words/reviewer", {"question", "form"}),
        (ORGANISATION, "related/=pay-policy", {"clause"}),
        (CYCLE, "cycles/=teachers/events/=pay-decision", {"clause", "form"}),
        (POLICY, "sections/=scope/clauses/=short-contracts", {"question", "number"}),
        ("forms/pm-form.yaml", "title", {"clause"}),
    ],
)  # fmt: skip
def test_what_names_a_thing_is_found(editor: Editor, file: str, way: str, found: set[str]) -> None:
    assert {one["kind"] for one in editor.uses("tiny", Spot(file, way))} == found


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("by 31 October after the cycle", "2026-27: by 31 October 2027"),
        ("spring term", "2026-27: in the spring term (January to March 2027)"),
        ("July or September before the cycle", "2026-27: July or September 2026"),
        ("2 weeks before pay-decision",
         "2026-27: 2 weeks before the decision on pay (by 17 October 2027)"),
        ("3 days after spring-review", "2026-27: no day follows from this"),
        ("as needed", ""),
    ],
)  # fmt: skip
def test_a_time_rule_comes_to_a_date(editor: Editor, rule: str, said: str) -> None:
    spot = Spot(CYCLE, "cycles/=teachers/events/=observation/when")
    assert editor.date_words("tiny", spot, rule) == said
    new = Spot(CYCLE, "cycles/=teachers/events/=new/when")
    assert editor.date_words("tiny", new, rule) == said


@pytest.mark.parametrize("rule", ["soon", "by 31 February", "before christmas", "in Foo", ""])
def test_what_is_no_time_rule_has_no_date(editor: Editor, rule: str) -> None:
    with pytest.raises(ValueError, match=r"rule|February|christmas"):
        editor.date_words("tiny", Spot(CYCLE, "cycles/=teachers/events/=observation/when"), rule)


@pytest.mark.parametrize("own", [True, False])
def test_a_staff_group_is_one_change_of_several_files(
    editor: Editor, project: Path, own: bool
) -> None:
    asked = {"name": "Site staff", "who": "Caretakers.", "cycle": "senior-leaders", "own": own}
    asked |= {"forms": ["pm-form"], "panel": "other-staff", "ratings": True, "stages": False}
    before = {path: path.read_bytes() for path in (project / TINY).glob("*.yaml")}
    editor.add_group("tiny", asked)
    organisation = data_of(project, "organisation.yaml")
    assert organisation["groups"][-1]["id"] == "site-staff"
    assert "groups" not in organisation["forms"][0]
    assert organisation["forms"][1]["groups"] == ("teachers", "senior-leaders", "support-staff")
    assert organisation["panels"][3]["groups"][-1] == "site-staff"
    assert data_of(project, "ratings.yaml")["groups"] == ("teachers", "site-staff")
    cycles = {cycle["id"]: cycle["groups"] for cycle in data_of(project, "cycle.yaml")["cycles"]}
    where = "site-staff" if own else "senior-leaders"
    assert cycles[where][-1] == "site-staff"
    assert load(project)[1] == ()
    editor.undo()
    assert {path: path.read_bytes() for path in (project / TINY).glob("*.yaml")} == before
    with pytest.raises(UsageError):
        editor.add_group("tiny", {**asked, "who": " "})


def test_words_of_a_form_can_be_those_of_one_organisation(editor: Editor, project: Path) -> None:
    spot = Spot("forms/objective-change.yaml", "sections/=decision/fields/=settled")
    fields = {one["key"]: one for one in editor.describe("tiny", spot)["fields"]}
    assert fields["type"]["only"] is None
    before = (project / ORGANISATION).read_bytes()
    for key, value in (("label", "Which?"), ("options", ["Agreed", "Set"]), ("hint", "One.")):
        only = fields[key]["only"]
        editor.save("tiny", [Operation("set", read_spot(only["spot"]), value)], "Changed")
    offer = data_of(project, "organisation.yaml")["forms"][3]
    assert offer["options"] == {"settled": ("Agreed", "Set")}
    fields = {one["key"]: one for one in editor.describe("tiny", spot)["fields"]}
    assert fields["label"]["only"]["value"] == "Which?"
    # emptied, it says again what all say, and nothing is left of it
    for key in ("label", "options", "hint"):
        only = fields[key]["only"]
        gone = Operation("set", read_spot(only["spot"]), None, only["value"])
        editor.save("tiny", [gone], "Changed")
    assert (project / ORGANISATION).read_bytes() == before


def test_a_copy_has_the_words_that_it_took_from_the_library(editor: Editor, project: Path) -> None:
    library = project / "content" / "library" / "questions.yaml"
    library.write_text(
        "questions:\n  - id: away\n    asks: Was I away?\n    answer: You were.\n", encoding="utf-8"
    )
    text = (project / QUESTIONS).read_text(encoding="utf-8")
    text = text[: text.index("    asks: What if I was away?")] + "    clauses: [probation]\n"
    (project / QUESTIONS).write_text(text, encoding="utf-8")
    editor.save("tiny", [Operation("copy", Spot(QUESTIONS, "questions/=away"))], "Copied")
    copied = data_of(project, "questions.yaml")["questions"][2]
    assert copied["id"] != "away"
    assert (copied["asks"], copied["clauses"]) == ("Was I away?", ("probation",))


def test_the_same_words_elsewhere_are_named(editor: Editor) -> None:
    spot = Spot(CYCLE, "cycles/=teachers/events/=objectives/text")
    fields = {one["key"]: one for one in editor.describe("tiny", spot)["fields"]}
    assert [one["where"] for one in fields["text"]["twins"]] == ["Support staff: Objectives set"]
    assert fields["name"]["twins"] != []
