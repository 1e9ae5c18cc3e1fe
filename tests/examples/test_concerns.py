"""Who and what events, clauses and forms concern is data: what is shown, and what `check` finds."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from formulary.check.content import lint
from formulary.content.cycle import Cycle, calendar
from formulary.content.loading import load
from formulary.documents.paper import compose_paper
from formulary.edition.edition import Edition, compose_edition
from formulary.formats.handbook.views import (
    clauses_behind,
    forms_of,
    forms_of_role,
    gather_tasks,
    years_of,
)
from formulary.formats.handbook.year import years
from tests.helpers import copy_project

TODAY = datetime.date(2026, 11, 27)


def spoil(root: Path, name: str, old: str, new: str) -> None:
    """Replace the first `old` in a file of pclc by `new`."""
    path = root / "content" / "organisations" / "pclc" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def found(root: Path, today: datetime.date = TODAY) -> list[tuple[str, str]]:
    """Code and message of every finding."""
    content, faults = load(root)
    assert faults == ()
    (own,) = content.organisations
    edition, _ = compose_edition(content, own)
    return [(str(p.kind.code), p.message) for p in lint(content, (edition,), today).problems]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = copy_project(tmp_path, "pclc")
    assert found(root) == []
    return root


def test_an_event_whose_forms_nobody_named_is_found(project: Path) -> None:
    spoil(project, "cycle.yaml", "        forms: [one-to-one]\n", "")
    assert found(project) == [
        ("event-without-forms", "Nothing says which forms belong to “Spring interim review”")
    ]


def test_a_form_for_other_staff_is_found(project: Path) -> None:
    spoil(project, "cycle.yaml", "        forms: [panel-record]\n", "        forms: [one-to-one]\n")
    codes = [code for code, _ in found(project)]
    assert codes == ["for-others"]


def test_a_form_that_nobody_at_the_event_fills_in_is_found(project: Path) -> None:
    whole = "acts: [trust-board, external-adviser, reviewer, staff]"
    spoil(project, "cycle.yaml", whole, "acts: [trust-board, external-adviser]")
    assert found(project) == [
        (
            "for-others",
            f"“{title}” is filled in by “{who}”, and none of them acts at “Objectives set”",
        )
        for title, who in (
            ("Performance management form", "Reviewer and reviewee"),
            ("Training and development needs", "Reviewer and reviewee together"),
        )
    ]


def test_a_form_at_an_event_without_roles_is_judged_by_who_it_names(project: Path) -> None:
    old, new = "        forms: [pay-recommendation]\n", "        forms: [one-to-one]\n"
    spoil(project, "cycle.yaml", old, new)
    ((code, message),) = found(project)
    assert code == "for-others"
    assert message.endswith("and none of them acts at “Decision on pay”")


def test_a_date_that_no_clause_states_is_found(project: Path) -> None:
    said = "        policy-says: before the cycle begins, or as soon as possible afterwards\n"
    rule = "        when: August or September before the cycle\n"
    spoil(project, "cycle.yaml", rule + said, "        when: by 1 September\n")
    assert found(project) == [
        (
            "date-unstated",
            "“Objectives set” is dated 1 September, which its clauses do not say",
        )
    ]


def test_an_answer_that_calls_the_policy_silent_where_it_speaks_is_found(project: Path) -> None:
    spoil(
        project,
        "policy.yaml",
        "Meetings take place",
        "For part-time staff too, meetings take place",
    )
    ((code, message),) = found(project)
    assert code == "contradiction"
    assert message.endswith("speaks of “part-time”")


def test_what_begins_before_its_preparation_is_found(project: Path) -> None:
    spoil(project, "cycle.yaml", "when: September to March", "when: February to March")
    assert found(project) == [
        (
            "deadline-order",
            "“Spring interim review” begins on 1 January 2027, and “Lesson observation”, which "
            "comes first, on 1 February 2027",
        )
    ]


def test_a_form_for_staff_who_are_not_in_its_clause_is_found(project: Path) -> None:
    spoil(
        project,
        "organisation.yaml",
        "    groups: [teachers]\n    when: At each",
        "    groups: [support-staff]\n    when: At each",
    )
    assert (
        "for-others",
        "“one-to-one” is for support-staff; the clause “interim-reviews” is for teachers",
    ) in found(project)


def test_a_form_of_every_pack_at_no_event_is_found(project: Path) -> None:
    spoil(
        project,
        "cycle.yaml",
        "        forms: [pm-form, career-stage-audit, cpd-needs]\n",
        "        forms: [pm-form, cpd-needs]\n",
    )
    (finding,) = found(project)
    assert finding == (
        "form-without-event",
        "“Career stage self-audit” belongs to no event of Teachers",
    )


def test_pay_is_known_by_its_step_and_not_by_an_id(project: Path) -> None:
    path = project / "content" / "organisations" / "pclc" / "cycle.yaml"
    text = path.read_text(encoding="utf-8")
    start = text.index("  - id: support-staff")
    tail = text[start:].replace("pay-decision\n        name", "money\n        name")
    path.write_text(
        text[:start] + tail.replace("before pay-decision", "before money"), encoding="utf-8"
    )
    spoil(project, "organisation.yaml", "{{ day('support-staff.pay-decision') }}", "31 March")
    spoil(project, "policy.yaml", "{{ day('support-staff.pay-decision') }}", "31 March")
    codes = [code for code, _ in found(project)]
    assert "group-without-scale" not in codes
    assert "missing-deadline" not in codes


def test_a_fact_of_law_that_is_a_year_old_is_found(project: Path) -> None:
    late = found(project, datetime.date(2027, 11, 28))
    assert {code for code, _ in late} >= {"old-legal-fact"}
    early = found(project, datetime.date(2027, 11, 27))
    assert "old-legal-fact" not in {code for code, _ in early}


def test_pay_that_depends_on_a_rating_asks_for_a_note_on_the_law(project: Path) -> None:
    spoil(project, "policy.yaml", "{{ law('performance-pay') }}", "the national document")
    assert [code for code, _ in found(project)] == ["pay-link"]


def of(editions: tuple[Edition, ...], id: str) -> Edition:
    return next(edition for edition in editions if edition.id == id)


def test_support_staff_get_nothing_that_is_for_teachers(editions: tuple[Edition, ...]) -> None:
    for id, groups in (("pclc", ("support-staff",)), ("dgat", ("support-staff", "central-team"))):
        edition = of(editions, id)
        concerned = edition.policy.groups_concerned()
        teachers = {c for c, only in concerned.items() if only and only[0].startswith("teachers")}
        for group in edition.organisation.groups:
            if group.id in groups:
                assert not clauses_behind(edition, group) & teachers
    titles = {form.id for _, form in forms_of(of(editions, "pclc"), "support-staff")}
    assert not titles & {"one-to-one", "career-stage-audit", "panel-record"}


def test_the_next_meeting_that_closes_the_cycle_is_in_the_year(
    editions: tuple[Edition, ...],
) -> None:
    year = years_of(of(editions, "staploe"), "associate-staff")[0]
    last = year.dated[-1]
    assert (last.title, last.when) == ("Annual review meeting (closes 2026)", "January 2027")
    assert "planning-statement" in last.forms


def test_no_date_that_the_policy_does_not_set_is_a_deadline(editions: tuple[Edition, ...]) -> None:
    for edition in editions:
        for task in gather_tasks(years(edition)):
            if "expected about" in task.entry.when:
                assert not task.entry.deadline
    (goals,) = [
        t
        for t in gather_tasks(years_of(of(editions, "pclc"), "teachers"))
        if t.entry.event == "objectives"
    ]
    assert goals.entry.when.startswith("before the cycle begins, or as soon as possible afterwards")


def test_what_prepares_is_listed_first(editions: tuple[Edition, ...]) -> None:
    listed = [entry.event for entry in years(of(editions, "ealing"))[0].entries]
    for early, late in (
        ("arrangements", "preparation"),
        ("preparation", "review"),
        ("needs-to-cpd-leader", "training-audit"),
    ):
        assert listed.index(early) < listed.index(late)


def test_the_published_sample_has_no_part_of_ours(editions: tuple[Edition, ...]) -> None:
    said = str(compose_paper(of(editions, "pclc")))
    assert "End of year review" in said or "End of Year Review" in said
    assert "Objectives that continue into the next cycle" not in said


def test_last_years_review_is_shown_where_its_time_ends_in_this_cycle(
    editions: tuple[Edition, ...],
) -> None:
    for group in ("teachers-and-heads", "support-staff", "central-team"):
        (year,) = years_of(of(editions, "dgat"), group)
        assert "Annual assessment (2025-26)" in [entry.title for entry in year.dated]
    (year,) = years_of(of(editions, "pclc"), "teachers")
    assert "Lesson observation (2025-26)" not in [entry.title for entry in year.dated]


def test_a_role_is_shown_the_forms_that_it_fills_in(editions: tuple[Edition, ...]) -> None:
    def shown(id: str, role: str, event: str) -> set[str]:
        edition = of(editions, id)
        (one,) = (found for found in edition.organisation.roles if found.id == role)
        entries = [
            entry for year in years(edition) for entry in year.entries if entry.event == event
        ]
        return {form for form, _ in forms_of_role(edition, entries[0], one)}

    assert shown("staploe", "reviewee", "notice") == {"pre-review-reviewee"}
    assert shown("staploe", "reviewer", "notice") == {"pre-review"}
    assert shown("staploe", "headteacher", "head-copy") == {"planning-statement", "moderation"}
    senior = next(c for c in of(editions, "pclc").cycles.cycles if c.id == "senior-leaders")
    assert senior.events[0].forms == ("panel-record", "pm-form", "cpd-needs")
    edition = of(editions, "pclc")
    entry = next(e for year in years(edition)[1:] for e in year.entries if e.event == "objectives")
    board = next(role for role in edition.organisation.roles if role.id == "trust-board")
    assert [form for form, _ in forms_of_role(edition, entry, board)] == ["panel-record"]


def test_the_end_of_a_cycle_is_expected_and_no_deadline(editions: tuple[Edition, ...]) -> None:
    event = {"id": "end", "name": "End", "who": "All", "when": "end of the cycle", "text": "x"}
    made = {"id": "all", "name": "All", "groups": ("teachers",), "events": (event,)}
    cycle = Cycle.model_validate({**made, "starts": "1 September", "ends": "31 August"})
    (dated,) = calendar(cycle, (), 2026).events
    said = of(editions, "pclc").when(dated)
    assert said == "at the end of the cycle (expected about 31 August 2027)"
    assert dated.is_expected and not dated.is_deadline
