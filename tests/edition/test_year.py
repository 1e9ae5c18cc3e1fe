"""A cycle's year: its quarters in the order of time, and every dated event in one."""

from __future__ import annotations

import pytest

from formulary.documents.paper import compose_paper
from formulary.edition.edition import Edition
from formulary.edition.text import Table, plain
from formulary.edition.year import list_quarters, list_undated


@pytest.fixture
def pclc(editions: tuple[Edition, ...]) -> Edition:
    return next(edition for edition in editions if edition.id == "pclc")


def test_the_events_of_teachers_are_in_the_quarters_of_their_cycle(pclc: Edition) -> None:
    quarters = list_quarters(pclc, pclc.calendars[0])
    assert [(quarter, len(events)) for quarter, events in quarters.items()] == [
        ("Before the cycle", 1),
        ("September to November 2026", 1),
        ("December to February 2027", 1),
        ("March to May 2027", 1),
        ("June to August 2027", 1),
        ("After the cycle", 3),
    ]
    assert quarters["After the cycle"][-1] == "Decision on pay, by 31 October 2027"
    assert next(list_undated(pclc, pclc.calendars[0])) == "Feedback (as soon as practicable)"


def test_a_cycle_without_a_date_has_no_quarters(editions: tuple[Edition, ...]) -> None:
    staploe = next(edition for edition in editions if edition.id == "staploe")
    fixed_term = next(c for c in staploe.calendars if c.cycle.id == "fixed-term")
    assert list_quarters(staploe, fixed_term) == {}


def test_the_documents_print_the_year_and_the_policy_is_the_same_without_it(
    editions: tuple[Edition, ...],
) -> None:
    for edition in editions:
        paper = compose_paper(edition)
        assert [annex.title for annex in paper.annexes] == ["The year 2026-27"]
        assert paper.printed == (*paper.sections, *paper.annexes)


def test_the_year_is_a_table_for_each_cycle_that_has_a_date(pclc: Edition) -> None:
    (year,) = compose_paper(pclc).annexes
    for clause in year.clauses:
        (table,) = clause.blocks
        assert isinstance(table, Table)
        assert plain(table.rows[-1][0].blocks) == "No set date"
    assert [clause.title for clause in year.clauses] == [
        "Teachers",
        "Senior leaders",
        "Support staff",
    ]
