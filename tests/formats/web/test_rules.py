"""A page finds the same wrong as `collect`, in the same words, as far as a page can know it."""

from __future__ import annotations

import ast
import datetime
import inspect
import json
import random
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from formulary import problems
from formulary.content.cycle import Calendar
from formulary.documents.answers import Format
from formulary.documents.blank import Blank, Question, compose_blank
from formulary.edition.edition import Edition
from formulary.formats.web.script import FOLDER, RULES, WRITERS, join_scripts
from formulary.returns import checks
from formulary.returns.checks import ReturnCase, check_return
from formulary.returns.rules import calendars_of, rules_of
from formulary.returns.submission import Answer
from tests.checkers import tools
from tests.returns.test_checks import case_of

HERE = Path(__file__).parent
SETS = 10
SAME = {
    "answer-missing",
    "answer-unclear",
    "objective-incomplete",
    "objectives-number",
    "dates-order",
    "extension-without-reason",
    "pay-below-rating",
    "observer-unqualified",
    "signed-early",
    "date-outside",
    "date-future",
    "time-limit",
    "appeal-own",
}
"""The rules that need nothing but the form and the day: no staff list, no other form."""

ELSEWHERE = {
    "answer-beside": "a page has no place beside an answer",
    "answer-lost": "a page has every field",
    "questions-altered": "a page prints its own questions",
    "return-remark": "a page says so itself when it opens a file",
    "rating-disagrees": "a page has the ratings as choices, and no other can be typed",
    **dict.fromkeys(
        ("name-differs", "reviews-self", "other-reviewer", "name-shared", "not-on-list"),
        "a page does not know the staff list",
    ),
}
"""The rules of `collect` that a page does not have, and why."""

BY_CYCLE = {"date-outside", "date-future", "time-limit", "dates-order"}
"""The rules that depend on the cycle of the person's group."""

TODAY = datetime.date(2027, 6, 15)
REVIEWER = "Dr Vera Boss"
TYPED: dict[Format, tuple[str, ...]] = {
    "number": (
        *(
            "30",
            "7.5 hours",
            "1 hour",
            "1,250",
            "12,50",
            ".5",
            "5.",
            "\u22123",
            "+4",
            "0.1",
            "many",
        ),
        *(
            "10000000",
            "hours",
            "1\u00a0000",
            "\u202a30\u202c",
            "30 HOURS",
            "99.99",
            "100.01",
            "3e2",
        ),
    ),
    "email": (
        "ann@example.org",
        "ann at example",
        "a@b",
        "a@b.c.",
        "Ann <a@b.cd>",
        "\u200ea@b.cd ",
    ),
    "time": (
        *("14:30", "2.30 pm", "9am", "9 a.m.", "9", "25:00", "24:00", "noon", "12 noon", "13 pm"),
        *("00:00", "9h", "9:5", "10:30:00", "10:60", "12am", "0am", "Midnight"),
    ),
}
LOST = ("Si?n", "what \ufffd was", "Why? Because", "???", "http://a.example/?b=c")


def make_answer(chance: random.Random, question: Question) -> str:
    excuses = question.means in ("pay-exception", "number-reason", "extension-reason")
    if question.prefill == "staff.reviewer":
        return REVIEWER
    if chance.random() < (0.7 if excuses else 0.25):
        return ""
    if question.kind == "date":
        odd = chance.random() < 0.1
        year = chance.choice((2026, 2026, 2027, 2027, 2028))
        day = f"{chance.randint(1, 28):02}/{chance.randint(1, 12):02}/{year}"
        return chance.choice(("31/02/2027", "soon", "01/01/1900")) if odd else day
    if question.kind == "checkbox":
        return chance.choice(("yes", ""))
    if question.options:
        return chance.choice((*question.options, question.options[0]))
    if question.means == "hearer":
        return chance.choice(("Boss, Vera (chair)", "Véra Bóss & two", "Bo Ash", "Vera Bossington"))
    return chance.choice(LOST) if chance.random() < 0.05 else f"Words for {question.id}"


def make_answers(chance: random.Random, blank: Blank, calendar: Calendar) -> dict[str, str]:
    """Answers to all questions; the cycle is the group's own, or ends before it starts."""
    found = {q.id: make_answer(chance, q) for q in blank.questions()}
    ends = {"cycle.starts": calendar.starts, "cycle.ends": calendar.ends}
    turned = chance.random() < 0.1
    for question in blank.questions():
        if question.prefill in ends:
            other = "cycle.starts" if question.prefill == "cycle.ends" else "cycle.ends"
            day = ends[other if turned else question.prefill]
            found[question.id] = day.strftime("%d/%m/%Y")
    return found


def question_data(question: Question) -> dict[str, Any]:
    keys = ("id", "title", "kind", "options", "required", "prefill", "means", "signature")
    return {key: getattr(question, key) for key in (*keys, "format", "unit", "least", "most")}


def said_by_python(case: ReturnCase) -> set[str]:
    return {
        f"{problem.kind.code}: {problem.message.removeprefix(f'{case.who}: ')}"
        for problem in check_return(case)
        if problem.kind.code in SAME
    }


def test_a_page_and_collect_find_the_same(editions: tuple[Edition, ...]) -> None:
    node = tools.program("node", "apt-get install nodejs")
    chance = random.Random(7)
    asked, wanted = [], []
    for edition in editions:
        for offer, form in edition.forms:
            blank = compose_blank(edition, offer, form)
            if edition.calendars[0] not in calendars_of(edition, blank):
                continue
            known: dict[str, Any] = {
                "today": int(TODAY.strftime("%Y%m%d")),
                "questions": [question_data(q) for q in blank.questions()],
                "rules": rules_of(edition, blank),
            }
            sets = [make_answers(chance, blank, edition.calendars[0]) for _ in range(SETS)]
            asked.append({"known": known, "sets": sets})
            for values in sets:
                changes = {id: Answer("answered" if v else "blank", v) for id, v in values.items()}
                case = replace(case_of(edition, form.id, changes), today=TODAY)
                # `collect` has a staff list: whose cycle it is, and who the reviewer is
                listed = {"appeal-own"} if not case.prefilled_answer("staff.reviewer") else set()
                listed |= BY_CYCLE if len(known["rules"]["calendars"]) > 1 else set()
                wanted.append((f"{edition.id} {form.id}", said_by_python(case), listed))
    script = join_scripts((*WRITERS, *RULES), "globalThis.rules = { checkAnswers };")
    given = json.dumps({"script": script, "forms": asked})
    said = json.loads(tools.run([node, HERE / "rules.mjs"], stdin=given))
    kinds = set[str]()
    differ = []
    for (where, theirs, listed), found in zip(
        wanted, (one for form in said for one in form), strict=True
    ):
        ours = {f"{one['code']}: {one['message']}" for one in found}
        kinds |= {one["code"] for one in found}
        missing = {one for one in theirs - ours if one.partition(":")[0] not in listed}
        if missing or ours - theirs:
            differ.append((where, sorted(missing), sorted(ours - theirs)))
    assert differ == []
    assert kinds == SAME


def test_every_rule_of_collect_is_a_rule_of_the_page_or_has_its_reason() -> None:
    tree = ast.parse(inspect.getsource(checks))
    named = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "problems"
    }
    kinds = [getattr(problems, name) for name in named]
    of_collect = {kind.code for kind in kinds if isinstance(kind, problems.Kind)}
    scripts = "".join((FOLDER / f"{name}.js").read_text(encoding="utf-8") for name in RULES)
    of_page = set(re.findall(r'code(?:: | = )"([a-z-]+)"', scripts))
    assert of_page == SAME
    assert of_collect == SAME | set(ELSEWHERE)
    assert not SAME & set(ELSEWHERE)


def test_a_line_is_a_number_an_address_or_a_time_to_both(editions: tuple[Edition, ...]) -> None:
    node = tools.program("node", "apt-get install nodejs")
    blank = compose_blank(editions[0], *editions[0].forms[0])
    hours: Mapping[str, Any] = {"unit": "hours", "least": 0.1, "most": 100.0}
    typed = [
        (format, text, own)
        for format, texts in TYPED.items()
        for text in texts
        for own in (hours, {})
    ]
    lines = [
        (Question(f"q{place}", f"Q{place}", "Q", "text", format=format, **own), text)
        for place, (format, text, own) in enumerate(typed)
    ]
    rules = rules_of(editions[0], blank) | {"rows": [], "limits": []}
    known = {"questions": [question_data(question) for question, _ in lines], "rules": rules}
    script = join_scripts((*WRITERS, *RULES), "globalThis.rules = { checkAnswers };")
    given = {"known": known, "sets": [{question.id: text for question, text in lines}]}
    asked = json.dumps({"script": script, "forms": [given]})
    ((said,),) = json.loads(tools.run([node, HERE / "rules.mjs"], stdin=asked))
    found = {one["id"]: one["message"].partition("” under “")[2] for one in said}
    wanted = {
        question.id: f"{question.title}” {misfit}"
        for question, text in lines
        if (misfit := question.explain_misfit(text))
    }
    assert found == wanted
    assert len(wanted) > 20
