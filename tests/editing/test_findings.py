"""What the check says beside the words: the same as the command, in words, with a way out."""

from __future__ import annotations

import datetime
import random
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from formulary.check import texts
from formulary.content.relaying import unwrap
from formulary.content.source import Document
from formulary.content.ways import way_to
from formulary.editing.editor import Editor, RefusedError
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


FAULTS = (
    " The the end, see clause 99, and section 2 above.",
    " Its behavior is recieved by the NNN (National Nobody Network).",
    " TBC ;",
    "\n\n# Heading\n\n**open <b>html</b> [^1] a | b | c",
    " The appraiser sets a target within a reasonable time, as attached.",
    " There are four steps:",
    " The Data Protection Act 1998 is about age, race, sex, disability and religion.",
    " Within 3 weeks you may appeal; your headteacher or principal talks about wellbeing.",
)


def forget_texts() -> None:
    """Forget all that a finder remembers of texts, as a new run of `check` knows nothing."""
    texts._FAULTLESS.clear()
    for name, module in sys.modules.items():
        kept = vars(module).values() if name.startswith("formulary.check.") else ()
        for one in kept:
            # to load a dictionary takes longer than all else, and no text changes it
            if hasattr(one, "cache_clear") and one.__name__ not in ("_british", "_american"):
                one.cache_clear()


def edit_at_random(editor: Editor, chance: random.Random) -> bool:
    """Save one change of a text, a number or a setting; False where it was refused."""
    reading = editor.live.handbook("tiny")[1]
    assert reading.edition and reading.own
    own = [one for one in reading.edition.texts if one.document.path.is_relative_to(TINY)]
    text = chance.choice(own)
    policy = reading.own.policy.document
    found: tuple[Document, Any, Any] = text.document, text.loc, unwrap(text.source)
    kind = chance.randrange(10)
    if kind < 4:
        value: Any = unwrap(text.source) + chance.choice(FAULTS)
    elif kind < 6:
        value = unwrap(chance.choice(own).source)
    elif kind < 8:
        value = chance.choice(("Sign 📌 here.", "Done {{ rules.short_service.exactly }} //"))
    elif kind < 9:
        status = policy.data["status"]
        found = policy, ("status",), status
        value = "draft" if status == "approved" else "approved"
    else:
        document = reading.own.organisation.document
        loc = ("rules", "short_service", "exactly")
        found = document, loc, reading.own.organisation.item.rules["short_service"].exactly
        value = chance.randrange(2, 9)
    document, loc, old = found
    spot = Spot(document.path.as_posix(), way_to(document.data, loc))
    try:
        editor.save("tiny", [Operation("set", spot, value, old)], "Changed")
    except RefusedError:
        return False
    return True


@pytest.mark.parametrize("seed", [1])
def test_it_finds_what_the_command_finds_after_any_change(
    editor: Editor, project: Path, seed: int
) -> None:
    chance, compared = random.Random(seed), 0
    while compared < 12:
        if edit_at_random(editor, chance):
            ours = sorted(map(repr, editor.live.handbook("tiny")[1].judge(TODAY)))
            forget_texts()
            assert ours == sorted(map(repr, check(project, TODAY, ("tiny",)).problems))
            compared += 1
    assert len(ours) > 12


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


def remove_event(cycle: str, event: str) -> Operation:
    return Operation("remove", Spot(CYCLE, f"cycles/={cycle}/events/={event}"))


@pytest.mark.parametrize(
    ("asked", "code", "cycle", "value"),
    [
        (remove_event("senior-leaders", "pay-decision"), "missing-deadline", "Senior leaders",
         {"name": "Decision on pay", "who": "The Board", "text": "Pay is decided.",
          "step": "pay-decision"}),
        (remove_event("teachers", "objectives"), "meeting-without-event", "Teachers",
         {"name": "First meeting", "recorded-as": ["initial-meeting"]}),
        (answer("See {{ day('teachers.moderation') }}."), "unknown-reference", "Teachers",
         {"id": "moderation", "name": "Moderation"}),
        (when("before moderation-of-pay"), "unknown-reference", "Teachers",
         {"id": "moderation-of-pay", "name": "Moderation of pay"}),
        (answer("See {{ deadlines('moderation') }}."), "unknown-reference", "Teachers",
         {"id": "moderation", "name": "Moderation"}),
    ],
)  # fmt: skip
def test_a_missing_event_is_added_by_a_form_that_knows_what_is_known(
    editor: Editor, asked: Operation, code: str, cycle: str, value: dict[str, Any]
) -> None:
    found = [one for one in described(editor, asked) if one["code"] == code and one["additions"]]
    found = [one for one in found if one["additions"][0]["value"] == value]
    addition = found[0]["additions"][0]
    assert addition["label"] == f"Add the event “{value['name']}” to “{cycle}”"
    # the form of a new event is there, and with what it asks for besides the finding is gone
    fields = editor.describe("tiny", read_spot(addition["spot"]), new=True)["fields"]
    assert {*value} - {"id"} <= {one["key"] for one in fields}
    whole = {"who": "The Board", "text": "It is done.", "when": "in July", **value}
    add = Operation("insert", read_spot(addition["spot"]), whole, index=addition["index"])
    left = described(editor, *((add, asked) if asked.kind == "set" else (asked, add)))
    assert not any(one["message"] == found[0]["message"] for one in left)


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
