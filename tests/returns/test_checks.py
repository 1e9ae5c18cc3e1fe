"""Completed forms checked: a right one gives no finding, and each mistake gives its own."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from formulary.content.cycle import Event, calendar
from formulary.content.loading import Content
from formulary.documents.blank import Blank, Question, compose_blank
from formulary.documents.stamp import mark_of
from formulary.edition.edition import Edition
from formulary.edition.offered_form import holdings, offer_form
from formulary.problems import Place
from formulary.returns.checks import ReturnCase, check_return, state_of
from formulary.returns.reviewee import ListedReviewee, UnknownName
from formulary.returns.submission import Answer, Identity, Submission
from formulary.staff.person import Person

PLACE = Place(Path("form.docx"))
BOSS = Person("99", "Vera Boss", Place(Path("staff.csv"), 2))
DAYS = {
    "notice": -30,
    "initial-meeting": 6,
    "interim-meeting": 120,
    "final-meeting": 300,
    "record-made": 9,
    "given": 7,
    "returned": 8,
    "sent-to-head": 10,
    "observed": 90,
    "feedback": 91,
    "support-starts": 40,
    "support-ends": 68,
    "review-date": 60,
    "by-when": 200,
    "needed-by": 200,
}
"""Days after the cycle's first, of what a right form records."""


def case_of(edition: Edition, form: str, changes: Mapping[str, str | Answer]) -> ReturnCase:
    """A right return of a form, with the answers that mean or are called so changed.

    A change of "lost" takes the field away.
    """
    offer, found = next(pair for pair in edition.forms if pair[1].id == form)
    blank = compose_blank(edition, offer, found)
    calendar = edition.calendars[0]
    group = calendar.cycle.groups[0]
    person = Person("1", "Ann Ng", PLACE, "Tutor", group=group, site="North", reviewer="99")
    answers = {
        question.id: Answer("answered", right(edition, blank, question, calendar.starts))
        for question in blank.questions()
    }
    answers = {id: a if a.value else Answer("blank") for id, a in answers.items()}
    for name, value in changes.items():
        ids = [q.id for q in blank.questions() if name in (q.id, q.means, q.prefill)]
        assert ids, name
        if isinstance(value, Answer):
            answers[ids[0]] = value
        else:
            answers[ids[0]] = Answer("answered", value) if value else Answer("blank")
    submission = Submission(Identity(blank.stamp, "1"), "Word", answers)
    staff = {"1": person, "99": BOSS}
    named = next((answers[q.id].value for q in blank.questions() if q.prefill == "staff.name"), "")
    reviewee = ListedReviewee(person, named)
    return ReturnCase(edition, offer, found, blank, submission, PLACE, reviewee, staff)


def right(edition: Edition, blank: Blank, question: Question, starts: datetime.date) -> str:
    ends = edition.calendars[0].ends
    named = {
        "staff.name": "Ann Ng",
        "staff.reviewer": "Vera Boss",
        "cycle.starts": written(starts),
        "cycle.ends": written(ends),
    }
    if question.prefill in named:
        return named[question.prefill]
    if question.means in ("extended-to", "extension-reason", "pay-exception", "number-reason"):
        return ""
    if re.match(r"objective_[3-9]_", question.id):
        return ""
    if question.kind == "date":
        after = DAYS.get(question.means or "", 310)
        return written(starts + datetime.timedelta(days=after))
    if question.kind == "choice":
        green = [option for option in question.options if option.startswith("Green")]
        return (green or list(question.options))[0]
    return {"checkbox": "yes"}.get(question.kind, f"Words for {question.label}")


def written(day: datetime.date) -> str:
    return day.strftime("%d/%m/%Y")


@pytest.fixture(scope="module")
def by_id(editions: tuple[Edition, ...]) -> dict[str, Edition]:
    return {edition.id: edition for edition in editions}


def codes(case: ReturnCase) -> list[str]:
    return [problem.kind.code for problem in check_return(case)]


def test_a_right_return_of_any_form_gives_no_finding(editions: tuple[Edition, ...]) -> None:
    wrong = {}
    for edition in editions:
        for _, form in edition.forms:
            found = check_return(case_of(edition, form.id, {}))
            wrong |= {(edition.id, form.id, str(problem)): True for problem in found}
    assert list(wrong) == []


LATE = {"given": "15/09/2026", "returned": "16/09/2026", "sent-to-head": "17/09/2026"}

MISTAKES: tuple[tuple[str, str, dict[str, str | Answer], str], ...] = (
    # 1: the header
    ("pclc", "pm-form", {"staff.reviewer": ""}, "answer-missing"),
    ("pclc", "pm-form", {"staff.reviewer": "ann  NG"}, "reviews-self"),
    ("pclc", "pm-form", {"staff.reviewer": "Cy Elm"}, "other-reviewer"),
    ("pclc", "pm-form", {"staff.name": "Di Fir"}, "name-differs"),
    # 3: each objective
    ("pclc", "pm-form", {"objective_1_measures": ""}, "objective-incomplete"),
    ("dgat", "pm-form", {"by-when": "01/09/2028"}, "date-outside"),
    ("dgat", "pm-form", {"by-when": "soon"}, "answer-unclear"),
    ("pclc", "pm-form", {"objective_1_objective": "Help ?ukasz Nowak"}, "answer-unclear"),
    # 4: dates
    ("pclc", "pm-form", {"cycle.ends": "01/08/2026"}, "dates-order"),
    ("pclc", "pm-form", {"final-meeting": "01/11/2027"}, "dates-order"),
    ("pclc", "one-to-one", {"interim-meeting": "01/09/2025"}, "date-outside"),
    # 5: time limits
    ("ealing", "planning-statement", LATE, "time-limit"),
    ("ealing", "planning-statement", {"sent-to-head": "30/09/2026"}, "time-limit"),
    ("staploe", "planning-statement", {"record-made": "22/01/2026"}, "time-limit"),
    ("staploe", "observation", {"feedback": "31/12/2026"}, "time-limit"),
    ("dgat", "pm-form", {"given": "01/11/2027"}, "time-limit"),
    # 6: support plans
    ("pclc", "support-plan", {"support-ends": "01/02/2027"}, "time-limit"),
    ("pclc", "support-plan", {"extended-to": "15/11/2026"}, "extension-without-reason"),
    ("pclc", "support-plan", {"review-date": "01/12/2026"}, "date-outside"),
    # 7: ratings and pay
    ("pclc", "one-to-one", {"rating": "Green (4)"}, "rating-disagrees"),
    ("pclc", "pay-recommendation", {"rating": "Amber (3)"}, "pay-below-rating"),
    # 8: the observer
    ("pclc", "observation", {"observer-qualified": "No"}, "observer-unqualified"),
    # 9: signatures
    ("pclc", "one-to-one", {"signed_reviewer_date": "02/09/2026"}, "signed-early"),
    # 10: appeals
    ("pclc", "appeal", {"hearer": "Vera Boss"}, "appeal-own"),
    # 11: fields
    ("pclc", "pm-form", {"objective_3_objective": Answer("lost")}, "answer-lost"),
    (
        "pclc",
        "pm-form",
        {"objective_3_objective": Answer("blank", "", "Read")},
        "answer-beside",
    ),
)


VARIANTS: tuple[tuple[str, str, dict[str, str | Answer], str], ...] = (
    ("pclc", "pm-form", {"signed_reviewer_date": "01/11/2027"}, "date-outside"),
    ("pclc", "pm-form", {"staff.reviewer": "Ng, Dr Änn"}, "reviews-self"),
    ("pclc", "pm-form", {"initial-meeting": "07/09/2025"}, "date-outside"),
    ("pclc", "pm-form", {"initial-meeting": "30/07/2026"}, "date-outside"),
    ("pclc", "pm-form", {"final-meeting": "28/06/2072"}, "dates-order"),
    ("pclc", "pm-form", {"informal_meeting_3": "30/06/2027"}, "dates-order"),
    ("pclc", "pm-form", {"cycle.ends": "31/08/2028"}, "date-outside"),
    ("pclc", "pm-form", {"cycle.starts": "01/09/2025"}, "date-outside"),
    ("pclc", "observation", {"observed": "30/11/2025"}, "date-outside"),
    ("pclc", "meeting-note", {"meeting_date": "01/12/2025"}, "date-outside"),
    ("cwac", "one-to-one", {"interim-meeting": "31/08/2026"}, "date-outside"),
    ("dgat", "pm-form", {"final-meeting": "01/11/2027"}, "date-outside"),
    ("pclc", "appeal", {"hearer": "Mrs Véra\u00a0Boss"}, "appeal-own"),
    ("pclc", "appeal", {"hearer": "Cy Elm and Boss, Vera"}, "appeal-own"),
    ("pclc", "appeal", {"hearer": "The chair, Vera Boss"}, "appeal-own"),
)
"""The same kinds in other spellings and on other forms."""


@pytest.mark.parametrize(("organisation", "form", "changes", "code"), (*MISTAKES, *VARIANTS))
def test_a_mistake_gives_its_own_finding_and_no_other(
    by_id: dict[str, Edition],
    organisation: str,
    form: str,
    changes: dict[str, str | Answer],
    code: str,
) -> None:
    found = check_return(case_of(by_id[organisation], form, changes))
    assert [problem.kind.code for problem in found] == [code], [str(p) for p in found]
    assert "Ann Ng" in found[0].message
    assert found[0].about == ("1",)


def test_a_finding_names_the_clause_behind_it(by_id: dict[str, Edition]) -> None:
    edition = by_id["ealing"]
    (found,) = check_return(case_of(edition, "planning-statement", LATE))
    assert edition.label("time-limits") in found.where
    assert "5 days" in found.message


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        ({"max": 2}, ""),
        ({"max": 1}, "2 objectives are set, and the rule is at most 1 (recommended)"),
        ({"max": 1, "strength": None}, "2 objectives are set, and the rule is at most 1"),
        ({"max": None, "normal": 1}, "2 objectives are set, and the rule is at most 1"),
        ({"max": None, "exactly": 1}, "2 objectives are set, and the rule is 1"),
        ({"max": None, "exactly": 3}, "2 objectives are set, and the rule is 3"),
        ({"min": 3, "max": 5}, "2 objectives are set, and the rule is at least 3"),
    ],
)
def test_as_many_objectives_are_set_as_the_rule_says(
    by_id: dict[str, Edition], bounds: dict[str, Any], said: str
) -> None:
    edition = by_id["ealing"]
    rules = edition.organisation.rules
    other = {**rules, "objectives": rules["objectives"].model_copy(update=bounds)}
    stricter = replace(
        edition, organisation=edition.organisation.model_copy(update={"rules": other})
    )
    case = replace(case_of(edition, "planning-statement", {}), edition=stricter)
    found = check_return(case)
    assert [problem.kind.code for problem in found] == ["objectives-number"] * bool(said)
    assert all(said in problem.message for problem in found)


def test_more_objectives_may_have_a_reason(by_id: dict[str, Edition]) -> None:
    """dgat: somebody who is found not to meet the standards may get more than usual."""
    more = {f"objective_{n}_{end}": "More" for n in (3, 4) for end in ("objective", "measures")}
    more |= {f"objective_{n}_by_when": "01/03/2027" for n in (3, 4)}
    assert codes(case_of(by_id["dgat"], "pm-form", more)) == ["objectives-number"]
    reason = {"number-reason": "Below the standards of the stage, to be supported closely."}
    assert codes(case_of(by_id["dgat"], "pm-form", {**more, **reason})) == []


def test_working_days_leave_out_weekends_and_bank_holidays(by_id: dict[str, Edition]) -> None:
    """From Thursday 24 December 2026, the fifth working day is Tuesday 5 January 2027."""
    on_time = {"initial-meeting": "24/12/2026", "given": "05/01/2027", "returned": "06/01/2027"}
    rest = {"sent-to-head": "06/01/2027", "staff.reviewer": "Vera Boss"}
    assert "time-limit" not in codes(
        case_of(by_id["ealing"], "planning-statement", {**on_time, **rest})
    )
    late = {**on_time, "given": "06/01/2027", "returned": "06/01/2027", **rest}
    assert "time-limit" in codes(case_of(by_id["ealing"], "planning-statement", late))


def test_altered_questions_are_named(by_id: dict[str, Edition]) -> None:
    case = case_of(by_id["pclc"], "pm-form", {})
    altered = replace(case.submission, altered=("“Name” is “X”.",))
    assert codes(replace(case, submission=altered)) == ["questions-altered"]


def test_somebody_who_is_not_on_the_list_is_named_once(by_id: dict[str, Edition]) -> None:
    case = replace(case_of(by_id["pclc"], "pm-form", {}), reviewee=UnknownName("Ann Ng"))
    assert codes(case) == ["not-on-list"]


def test_an_appeal_is_not_heard_by_the_reviewer_of_the_staff_list(
    by_id: dict[str, Edition],
) -> None:
    case = case_of(by_id["pclc"], "appeal", {"hearer": "Vera Boss", "staff.reviewer": ""})
    assert codes(case) == ["answer-missing", "appeal-own"]


def test_a_severity_is_the_organisations_own(by_id: dict[str, Edition]) -> None:
    edition = by_id["pclc"]
    case = case_of(edition, "pm-form", {"staff.reviewer": "Cy Elm"})
    for own, wanted in (("error", ["error"]), ("off", [])):
        checks = edition.organisation.checks.model_copy(
            update={"severity": {"other-reviewer": own}}
        )
        organisation = edition.organisation.model_copy(update={"checks": checks})
        judged = check_return(replace(case, edition=replace(edition, organisation=organisation)))
        assert [problem.kind.severity for problem in judged] == wanted


def test_where_a_return_stands(by_id: dict[str, Edition]) -> None:
    pclc = by_id["pclc"]
    blank = case_of(pclc, "pm-form", {})
    empty = {q.id: Answer("blank") for q in blank.blank.questions()}
    header = {
        q.id: Answer("answered", "x") for q in blank.blank.questions() if q.prefill.startswith("st")
    }

    def state(answers: dict[str, Answer]) -> str:
        return state_of(replace(blank, submission=replace(blank.submission, answers=answers)))

    assert state(empty) == "not filled in"
    assert state({**empty, **header}) == "not filled in"
    assert state({**empty, "objective_1_objective": Answer("answered", "x")}) == "begun"
    assert state_of(blank) == "signed"
    unsigned = case_of(pclc, "pm-form", {"signed-reviewee": "", "comments": ""})
    assert state_of(unsigned) == "signed by one"
    disputed = case_of(pclc, "pm-form", {"signed-reviewee": "", "comments": "I do not agree."})
    assert state_of(disputed) == "disputed"
    neither = case_of(pclc, "pm-form", {"signed-reviewee": "", "signed-reviewer": ""})
    assert state_of(neither) == "complete"


def test_an_objective_that_goes_on_may_end_after_the_cycle_or_have_no_end(
    by_id: dict[str, Edition],
    content: Content,
) -> None:
    dgat = by_id["dgat"]
    own = next(own for own in content.organisations if own.id == "dgat")
    holds = holdings(own.holds(), dgat.organisation, dgat.ratings)
    offer = next(offer for offer, form in dgat.forms if form.id == "pm-form")
    spanning = offer.model_copy(update={"shows": (*offer.shows, "spanning")})
    form = offer_form(dgat.library_forms["pm-form"], spanning, dgat.header, holds)
    edition = replace(dgat, forms=(form,))
    late = {"objective_1_by_when": "31/03/2029", "objective_2_by_when": ""}
    marked = case_of(edition, "pm-form", late)
    assert "yes" in {marked.submission.value(f"span_{n}_spans") for n in (1, 2)}
    assert codes(marked) == []
    unmarked = case_of(edition, "pm-form", {**late, "span_1_spans": "", "span_2_spans": ""})
    assert sorted(codes(unmarked)) == ["date-outside", "objective-incomplete"]
    early = case_of(edition, "pm-form", {"objective_1_by_when": "31/03/2020"})
    assert codes(early) == ["date-outside"]


def test_what_a_pack_brought_from_last_year_is_no_answer_until_it_is_changed(
    by_id: dict[str, Edition],
) -> None:
    case = case_of(by_id["pclc"], "pm-form", {})
    carried = {"last_1_last_objective": "Read", "objective_1_objective": "Build\na team"}

    def state(answers: Mapping[str, str], mark: str) -> str:
        given = {q.id: Answer("blank") for q in case.blank.questions()}
        given |= {id: Answer("answered", words) for id, words in answers.items()}
        identity = Identity(case.blank.stamp, "1", mark)
        submission = replace(case.submission, identity=identity, answers=given)
        return state_of(replace(case, submission=submission))

    mark = mark_of(carried)
    assert state(carried, mark) == "not filled in"
    assert state({**carried, "objective_1_objective": "Build a team"}, mark) == "not filled in"
    assert state({**carried, "objective_1_objective": "Build two"}, mark) == "begun"
    assert state(carried, "") == "begun"


def test_what_the_cycle_allows_before_and_after_itself_is_no_finding(
    by_id: dict[str, Edition],
) -> None:
    pclc = by_id["pclc"]
    days = {"initial-meeting": "01/08/2026", "final-meeting": "31/10/2027"}
    assert codes(case_of(pclc, "pm-form", {**days, "signed_reviewer_date": "31/10/2027"})) == []


@pytest.mark.parametrize(
    ("group", "day", "wanted"),
    [
        *(("teachers", "31/10/2027", []), ("teachers", "01/11/2027", ["dates-order"])),
        *(("senior-leaders", "31/12/2027", []), ("senior-leaders", "01/01/2028", ["dates-order"])),
        *(("support-staff", "31/03/2028", []), ("support-staff", "01/04/2028", ["dates-order"])),
    ],
)
def test_dates_are_judged_by_the_cycle_of_that_persons_group(
    by_id: dict[str, Edition], group: str, day: str, wanted: list[str]
) -> None:
    case = case_of(by_id["pclc"], "pm-form", {"final-meeting": day})
    assert case.person
    found = replace(case, reviewee=ListedReviewee(replace(case.person, group=group), "Ann Ng"))
    assert codes(found) == wanted


def test_nothing_has_happened_that_is_dated_after_today(by_id: dict[str, Edition]) -> None:
    case = case_of(by_id["pclc"], "pm-form", {})
    days = {question.id: day for question, day in (*case.days_held, *case.signature_days)}
    assert codes(replace(case, today=max(days.values()))) == []
    late = replace(case, today=max(days.values()) - datetime.timedelta(days=1))
    assert codes(late) == ["date-future"] * list(days.values()).count(max(days.values()))
    first = replace(case, today=min(days.values()) - datetime.timedelta(days=1))
    assert codes(first) == ["date-future"] * len(days)
    assert "is after today, 6 September 2026" in check_return(first)[0].message
    outside = case_of(by_id["pclc"], "pm-form", {"signed_reviewer_date": "01/11/2099"})
    assert codes(replace(outside, today=max(days.values()))) == ["date-outside"]


def test_what_follows_a_meeting_is_not_dated_after_today_either(
    by_id: dict[str, Edition],
) -> None:
    case = case_of(by_id["ealing"], "planning-statement", {})
    days = [day for _, day in case.days("sent-to-head")]
    late = check_return(replace(case, today=days[0] - datetime.timedelta(days=1)))
    assert any("“Sent to the head" in found.message for found in late), [str(p) for p in late]
    on_time = check_return(replace(case, today=days[0]))
    assert not any("“Sent to the head" in found.message for found in on_time)


def test_a_persons_own_part_of_the_cycle_is_the_measure(by_id: dict[str, Edition]) -> None:
    pclc = by_id["pclc"]
    joined = (datetime.date(2026, 12, 1), datetime.date(2027, 8, 31))
    case = case_of(pclc, "pm-form", {})
    assert codes(replace(case, own_period=joined)).count("date-outside") == 1
    contract = {"cycle.starts": "01/06/2026", "cycle.ends": "30/06/2027"}
    case = case_of(pclc, "one-to-one", {"interim-meeting": "10/06/2026", **contract})
    assert codes(case) == ["date-outside", "date-outside"]
    longer = (datetime.date(2026, 6, 1), datetime.date(2027, 6, 30))
    assert codes(replace(case, own_period=longer)) == []


def with_events(edition: Edition, *events: tuple[str, str, tuple[str, ...]]) -> Edition:
    """The edition with these events alone in its cycles: each as id, time rule, recorded-as."""
    made = tuple(
        Event.model_validate(
            {"id": id, "name": id.title(), "who": "x", "when": when, "text": "x"}
            | {"recorded-as": recorded}
        )
        for id, when, recorded in events
    )
    calendars = tuple(
        calendar(one.cycle.model_copy(update={"events": made}), (), one.year)
        for one in edition.calendars
    )
    return replace(edition, calendars=calendars)


OWN = (
    ("start", "by 31 October", ("initial-meeting",)),
    ("visit", "as needed", ("observation.observed_on",)),
    ("talk", "within 5 working days after visit", ("observation.feedback_on",)),
    ("notice", "2 weeks before visit", ("observation.discussed_on",)),
)


@pytest.mark.parametrize(
    ("form", "changes", "code", "said"),
    [
        ("pm-form", {"initial-meeting": "31/10/2026"}, "", ""),
        ("pm-form", {"initial-meeting": "01/11/2026"}, "time-limit", "due by 31 October 2026"),
        ("observation", {}, "", ""),
        ("observation", {"feedback_on": "09/03/2026"}, "", ""),
        ("observation", {"feedback_on": "10/03/2026"}, "time-limit", "more than 5 working days"),
        ("observation", {"feedback_on": "01/03/2026"}, "dates-order", "is before “Visit”"),
        ("observation", {"discussed_on": "17/02/2026"}, "time-limit", "less than 2 weeks before"),
        ("observation", {"discussed_on": "03/03/2026"}, "dates-order", "is after “Visit”"),
    ],
)
def test_an_organisations_own_events_are_checked_by_what_its_cycle_says(
    by_id: dict[str, Edition], form: str, changes: dict[str, str], code: str, said: str
) -> None:
    edition = with_events(by_id["staploe" if form == "observation" else "pclc"], *OWN)
    checks = edition.organisation.checks.model_copy(update={"limits": ()})
    organisation = edition.organisation.model_copy(update={"checks": checks})
    days = {"observed_on": "02/03/2026", "feedback_on": "03/03/2026", "discussed_on": "16/02/2026"}
    right = days if form == "observation" else {}
    case = case_of(replace(edition, organisation=organisation), form, {**right, **changes})
    found = check_return(case)
    assert [problem.kind.code for problem in found] == [code][: bool(code)]
    assert all(said in problem.message for problem in found)


def test_a_time_limit_of_the_organisation_says_it_alone(by_id: dict[str, Edition]) -> None:
    """dgat: the report is due by 31 October by a limit; the event says the same."""
    edition = with_events(by_id["dgat"], ("report", "by 31 October after the cycle", ("given",)))
    assert codes(case_of(edition, "pm-form", {"given": "01/11/2027"})) == ["time-limit"]


def test_of_several_events_for_one_date_the_last_decides(by_id: dict[str, Edition]) -> None:
    recorded = ("initial-meeting",)
    twice = (("a", "by 31 October", recorded), ("b", "by 30 November", recorded))
    for day, wanted in (("30/11/2026", []), ("01/12/2026", ["time-limit"])):
        edition = with_events(by_id["pclc"], *twice)
        assert codes(case_of(edition, "pm-form", {"initial-meeting": day})) == wanted


def test_what_is_due_by_the_start_of_the_cycle_may_be_done_before_it(
    by_id: dict[str, Edition],
) -> None:
    due = ("start", "by the start of the cycle", ("initial-meeting",))
    edition = with_events(by_id["pclc"], due)
    for day, wanted in (
        ("10/07/2026", []),
        ("01/09/2026", []),
        ("02/09/2026", ["time-limit"]),
        ("01/09/2025", ["date-outside"]),
    ):
        assert codes(case_of(edition, "pm-form", {"initial-meeting": day})) == wanted


@pytest.mark.parametrize(("own", "found"), [(True, ["answer-missing"]), (False, [])])
def test_what_is_required_of_another_staff_group_may_be_left_out(
    by_id: dict[str, Edition], own: bool, found: list[str]
) -> None:
    pclc = by_id["pclc"]
    group = pclc.calendars[0].cycle.groups[0]
    asked = group if own else "some-other-group"
    case = case_of(pclc, "one-to-one", {})
    required = next(q for q in case.blank.questions() if q.required and q.prefill == "")
    part = next(p for p in case.blank.parts if required in p.questions)
    limited = tuple(replace(q, groups=(asked,)) if q is required else q for q in part.questions)
    parts = tuple(replace(p, questions=limited) if p is part else p for p in case.blank.parts)
    blank = replace(case.blank, parts=parts)
    answers = {**case.submission.answers, required.id: Answer("blank")}
    changed = replace(case, blank=blank, submission=replace(case.submission, answers=answers))
    assert [code for code in codes(changed) if code == "answer-missing"] == found
