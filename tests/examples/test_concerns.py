"""Who and what events, clauses and forms concern is data: what is shown, and what `check` finds."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from formulary.check.content import lint
from formulary.content.loading import load
from formulary.documents.paper import compose_paper
from formulary.edition.edition import Edition, compose_edition
from formulary.formats.handbook.views import clauses_behind, forms_of, gather_tasks, years_of
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
    assert (last.title, last.when) == ("Annual review meeting (closes 2026-27)", "January 2027")
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
