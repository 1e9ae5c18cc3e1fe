"""What the check says beside the words: the same as the command, in words, with a way out."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

import pytest

from formulary.editing.editor import Editor
from formulary.editing.operations import Operation
from formulary.editing.places import Spot, read_spot
from formulary.pipeline.content import check
from formulary.problems import CATALOGUE
from tests.editing.conftest import TINY

POLICY, CYCLE, QUESTIONS, ORGANISATION = (
    (TINY / f"{name}.yaml").as_posix() for name in ("policy", "cycle", "questions", "organisation")
)
TODAY = datetime.date(2026, 11, 2)
PROBATION = "Somebody in probation is outside this procedure."


def described(editor: Editor, *asked: Operation) -> list[dict[str, Any]]:
    """What the panel is told of a change: what bars it, else all that the check says then."""
    tried = editor.trial("tiny", asked)
    describe = editor.writer("tiny", tried.texts).describe
    return [describe(found) for found in tried.errors or tried.reading.judge(TODAY)]


def clause(words: str, old: str = PROBATION) -> Operation:
    return Operation("set", Spot(POLICY, "sections/=scope/clauses/=probation/text"), words, old)


def answer(words: str) -> Operation:
    old = "Your {{ words.reviewer }} takes it into account."
    return Operation("set", Spot(QUESTIONS, "questions/=away/answer"), words, old)


def when(rule: str) -> Operation:
    way = "cycles/=teachers/events/=pay-decision/when"
    return Operation("set", Spot(CYCLE, way), rule, "by 31 October after the cycle")


def put(editor: Editor, correction: dict[str, Any]) -> Operation:
    return Operation("set", read_spot(correction["spot"]), correction["value"], correction["old"])


def test_it_finds_what_the_command_finds(editor: Editor, project: Path) -> None:
    words = "See clause 1.1. The behavior is recieved by the Board of Xyzz, six weeks before. This"
    editor.save("tiny", [clause(f"{words} this procedure; see Appendix Q and the NNN")], "Changed")
    ours = sorted(map(str, editor.live.handbook("tiny")[1].judge(TODAY)))
    assert ours == sorted(map(str, check(project, TODAY, ("tiny",)).problems))
    assert len(ours) > 20
    # a mistake in the files, which the editor itself does not write
    text = (project / QUESTIONS).read_text(encoding="utf-8")
    text = text.replace("clauses: [short-contracts]", "clauses: [nowhere]\n    wrong: 1")
    (project / QUESTIONS).write_text(text, encoding="utf-8")
    ours = sorted(map(str, editor.live.handbook("tiny")[1].judge(TODAY)))
    assert any("nowhere" in one for one in ours) and any("“wrong”" in one for one in ours)
    assert ours == sorted(map(str, check(project, TODAY, ("tiny",)).problems))


OF_FILES = re.compile(
    r"YAML|\.ya?ml|\bkeys?\b|\bids?\b|\{\{|\}\}|\|-|“[a-z_-]+:|\[\]|organisation\."
)
BARRED = (
    answer("See {{ clause('short-contract') }}."),
    answer("It takes {{ rules.short_servic.max | words }} days."),
    answer("Your {{ words.reviewe }} and {{ foo"),
    answer("{{ day('teachers.pay-decisio') }} and {{ form('no-form') }}"),
    when("soon"),
    when("before pay-decisio"),
    when("by 31 February"),
    Operation("set", Spot(QUESTIONS, "questions/=away/asks"), "", "What if I was away?"),
    Operation("set", Spot(QUESTIONS, "questions/=away/clauses"), ["nowhere"], None),
    Operation("set", Spot(ORGANISATION, "colour"), "purple", "#5b2a66"),
    Operation("set", Spot(POLICY, "status"), "perhaps", "approved"),
    Operation("insert", Spot(QUESTIONS, "questions"), {"asks": "Who?"}),
    Operation("remove", Spot(POLICY, "sections/=scope/clauses/=short-contracts")),
)


@pytest.mark.parametrize("asked", BARRED, ids=lambda asked: f"{asked.spot.way} {asked.value}"[:40])
def test_a_mistake_is_said_at_its_field_in_words(editor: Editor, asked: Operation) -> None:
    found = described(editor, asked)
    assert found and all(one["severity"] == "error" for one in found)
    for one in found:
        said = " ".join((one["title"], one["message"], one["fix"], one["where"]))
        assert not OF_FILES.search(said.replace("“{{” is on its own", "")), said
        assert one["spot"], said
        if not one["spot"].startswith(str(asked.spot)):
            editor.describe("tiny", read_spot(one["spot"]))  # it leads to a panel


def test_no_kind_of_finding_speaks_of_files(editor: Editor) -> None:
    from formulary.editing.findings import TITLES, advice_in_words
    from formulary.problems import Place, Problem

    for kind in CATALOGUE.values():
        if not kind.judged:
            continue
        problem = Problem(kind, Place(Path(POLICY), 1), "x", kind.remedy)
        said = f"{TITLES.get(kind.code, kind.title)} {advice_in_words(problem)}"
        assert not OF_FILES.search(said), (kind.code, said)


@pytest.mark.parametrize(
    ("asked", "label", "after"),
    [
        (answer("See {{ clause('short-contract') }}."), "Write “Scope”",
         "See {{ clause('short-contracts') }}."),
        (when("before pay-decisio"), "Write “Decision on pay”", "before pay-decision"),
        (clause("Their behavior counts."), "Write “behaviour”", "Their behaviour counts."),
        (clause("See section 5 for more."), "Make “section 5” a link, which follows when numbers "
         "change", "See {{ section('objectives') }} for more."),
    ],
)  # fmt: skip
def test_a_correction_is_one_button(
    editor: Editor, asked: Operation, label: str, after: str
) -> None:
    found = described(editor, asked)
    offered = {one["label"]: one for problem in found for one in problem["corrections"]}
    assert label in offered, offered
    assert offered[label]["value"] == after
    assert offered[label]["spot"] == str(asked.spot) and offered[label]["old"] == asked.value


def test_a_finding_is_accepted_with_a_reason_and_is_gone(editor: Editor, project: Path) -> None:
    editor.save("tiny", [clause("The behavior of somebody in probation is outside.")], "Changed")
    found = next(one for one in described(editor) if one["code"] == "spelling")
    accept = found["accept"]
    value = {**accept["value"], "because": "It is a quotation."}
    editor.save("tiny", [Operation("insert", read_spot(accept["spot"]), value)], "Accepted")
    assert "spelling" not in [one["code"] for one in described(editor)]
    findings = check(project, TODAY, ("tiny",))
    assert [(one.problem.kind.code, str(one.because)) for one in findings.accepted] == [
        ("spelling", "It is a quotation.")
    ]
    editor.undo()
    assert "spelling" in [one["code"] for one in described(editor)]


def test_a_finding_is_accepted_at_its_place_only(editor: Editor) -> None:
    words = "See clause 99 for somebody in probation."
    accept = next(
        one["accept"] for one in described(editor, clause(words)) if one["code"] == "lost-reference"
    )
    assert accept["value"] == {"code": "lost-reference", "at": "scope.probation"}
