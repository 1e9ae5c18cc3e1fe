"""A cycle's year as a diagram: its quarters in the order of time, and every dated event in one."""

from __future__ import annotations

import pytest

from formulary.documents.paper import compose_paper
from formulary.edition.edition import Edition
from formulary.edition.year import list_undated, year_diagram


@pytest.fixture
def pclc(editions: tuple[Edition, ...]) -> Edition:
    return next(edition for edition in editions if edition.id == "pclc")


def test_the_events_of_teachers_are_in_the_quarters_of_their_cycle(pclc: Edition) -> None:
    diagram = year_diagram(pclc, pclc.calendars[0])
    assert diagram is not None
    assert [(lane.name, [box.id for box in lane.boxes]) for lane in diagram.lanes] == [
        ("Before the cycle", ["objectives"]),
        ("September to November 2026", ["lesson-observation"]),
        ("December to February 2027", ["spring-review"]),
        ("March to May 2027", ["summer-review"]),
        ("June to August 2027", ["spanning-objectives"]),
        ("After the cycle", ["final-review", "report", "pay-decision"]),
    ]
    assert diagram.lanes[-1].boxes[-1].name == "Decision on pay, by 31 October 2027"
    assert next(list_undated(pclc, pclc.calendars[0])) == "Feedback (as soon as practicable)"


def test_a_cycle_without_a_date_has_no_picture(editions: tuple[Edition, ...]) -> None:
    staploe = next(edition for edition in editions if edition.id == "staploe")
    fixed_term = next(c for c in staploe.calendars if c.cycle.id == "fixed-term")
    assert year_diagram(staploe, fixed_term) is None


def test_the_documents_print_the_year_and_the_policy_is_the_same_without_it(
    editions: tuple[Edition, ...],
) -> None:
    for edition in editions:
        paper = compose_paper(edition)
        assert [annex.title for annex in paper.annexes] == ["The year 2026-27"]
        assert paper.printed == (*paper.sections, *paper.annexes)
