"""A page finds the same wrong as `collect`, in the same words, as far as a page can know it."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

from formulary.documents.blank import Blank, Question, compose_blank
from formulary.edition.edition import Edition
from formulary.formats.web.script import RULES, WRITERS, join_scripts
from formulary.returns.checks import ReturnCase, check_return
from formulary.returns.rules import rules_of
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
}
"""The rules that need nothing but the form: no staff list, no other form and no day of today."""


def make_answer(chance: random.Random, question: Question) -> str:
    excuses = question.means in ("pay-exception", "number-reason", "extension-reason")
    if chance.random() < (0.7 if excuses else 0.25):
        return ""
    if question.kind == "date":
        odd = chance.random() < 0.15
        day = f"{chance.randint(1, 28):02}/{chance.randint(1, 12):02}/{chance.choice((2026, 2027))}"
        return chance.choice(("31/02/2027", "soon", "01/01/1900")) if odd else day
    if question.kind == "checkbox":
        return chance.choice(("yes", ""))
    if question.options:
        return chance.choice((*question.options, question.options[0]))
    return f"Words for {question.id}"


def question_data(question: Question) -> dict[str, Any]:
    keys = ("id", "title", "kind", "options", "required", "prefill", "means", "signature")
    return {key: getattr(question, key) for key in keys}


def said_by_python(case: ReturnCase, blank: Blank) -> list[str]:
    meetings = rf"“.*” \(.*\) is before “.*” \(.*\)|{re.escape('the cycle ends before it starts')}"
    found = []
    for problem in check_return(case):
        message = problem.message.removeprefix(f"{case.who}: ")
        code = problem.kind.code
        if code in SAME and (code != "dates-order" or re.fullmatch(meetings, message)):
            found.append(f"{code}: {message}")
    return found


def test_a_page_and_collect_find_the_same(editions: tuple[Edition, ...]) -> None:
    node = tools.program("node", "apt-get install nodejs")
    chance = random.Random(7)
    asked, wanted = [], []
    for edition in editions:
        for offer, form in edition.forms:
            blank = compose_blank(edition, offer, form)
            known = {
                "questions": [question_data(q) for q in blank.questions()],
                "rules": rules_of(edition, blank),
            }
            sets = [{q.id: make_answer(chance, q) for q in blank.questions()} for _ in range(SETS)]
            asked.append({"known": known, "sets": sets})
            for values in sets:
                changes = {id: Answer("answered" if v else "blank", v) for id, v in values.items()}
                case = case_of(edition, form.id, changes)
                # events of the cycle give an order too, which only `collect` knows
                days = {q.title for q in blank.questions() if case.events_recorded(q)}
                wanted.append((f"{edition.id} {form.id}", said_by_python(case, blank), days))
    script = join_scripts((*WRITERS, *RULES), "globalThis.rules = { checkAnswers };")
    given = json.dumps({"script": script, "forms": asked})
    said = json.loads(tools.run([node, HERE / "rules.mjs"], stdin=given))
    flat = [answer for form in said for answer in form]
    kinds = set[str]()
    differ = []
    for (where, theirs, days), found in zip(wanted, flat, strict=True):
        ours = [f"{one['code']}: {one['message']}" for one in found]
        kinds |= {one["code"] for one in found}
        extra = [line for line in theirs if not any(f"“{title}” (" in line for title in days)]
        if not set(extra) <= set(ours) or not set(ours) <= set(theirs):
            differ.append((where, sorted(set(ours) ^ set(theirs))))
    assert differ == []
    assert kinds == SAME
