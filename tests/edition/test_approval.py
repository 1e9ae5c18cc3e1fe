"""Where a policy stands, in words: covers, heads of forms, and when a review has passed."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from formulary.content.policy import Policy
from formulary.edition.approval import approval_facts, approval_line, due, last_day, policy_due

BARE: dict[str, Any] = {
    "title": "Policy",
    "summary": "What we do.",
    "status": "not stated",
    "numbering": "none",
    "sections": ({"id": "one", "title": "One"},),
}
FULL: dict[str, Any] = {
    **BARE,
    "status": "approved",
    "version": "2.1",
    "dated": "March 2026",
    "approval": {"by": "the governors", "on": datetime.date(2026, 3, 10), "minute": "minute 7.2"},
    "consultation": (
        {
            "with": "the recognised unions",
            "from": datetime.date(2026, 1, 12),
            "to": datetime.date(2026, 2, 6),
        },
        {"with": "all staff", "to": datetime.date(2026, 2, 20)},
        {"with": "heads"},
    ),
    "in-force": datetime.date(2026, 9, 1),
    "next-review": datetime.date(2028, 3, 10),
    "review-cycle": "every two years",
    "kept-by": "the HR manager",
}


def test_everything_that_is_stated_stands_on_the_cover() -> None:
    assert approval_facts(Policy.model_validate(FULL)) == (
        ("Status", "Approved"),
        ("Version", "2.1"),
        ("Date", "March 2026"),
        ("Approved", "10 March 2026, by the governors"),
        ("Minute", "Minute 7.2"),
        (
            "Consultation",
            "The recognised unions, from 12 January 2026 to 6 February 2026; "
            "all staff, until 20 February 2026; heads",
        ),
        ("In force from", "1 September 2026"),
        ("Next review", "10 March 2028"),
        ("Review cycle", "Every two years"),
        ("Kept by", "The HR manager"),
    )


def test_what_is_not_stated_says_so_only_where_readers_look_for_it() -> None:
    assert approval_facts(Policy.model_validate(BARE)) == (
        ("Status", "Not stated"),
        ("Version", "Not stated"),
        ("Date", "Not stated"),
        ("Approved", "Not stated"),
        ("Next review", "Not stated"),
    )


@pytest.mark.parametrize(
    ("stated", "line"),
    [
        (FULL, "Version 2.1, approved 10 March 2026, by the governors"),
        ({**BARE, "approval": {"by": "the board"}}, "Approved by the board"),
        ({**BARE, "approval": {"on": datetime.date(2026, 5, 1)}}, "Approved 1 May 2026"),
        ({**BARE, "status": "draft", "version": "0.3"}, "Version 0.3, draft"),
        ({**BARE, "status": "model"}, "Model for others to adopt"),
        (BARE, ""),
    ],
)
def test_the_head_of_a_form_says_it_in_one_line(stated: dict[str, Any], line: str) -> None:
    assert approval_line(Policy.model_validate(stated)) == line


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("August 2025", "2025-08-31"),
        ("February 2028", "2028-02-29"),
        ("spring 2028", "2028-05-31"),
        ("Spring term 2028", "2028-05-31"),
        ("summer 2027", "2027-08-31"),
        ("autumn 2026", "2026-11-30"),
        ("2028", "2028-12-31"),
        ("the school year 2027-28", "2028-08-31"),
        ("2026 or 2027", "2027-12-31"),
        ("it may be 2028", "2028-12-31"),
        ("May 2028", "2028-05-31"),
        ("when the law changes", None),
    ],
)
def test_a_time_in_words_ends_on_a_day(words: str, day: str | None) -> None:
    found = last_day(words)
    assert (found.isoformat() if found else None) == day


def test_a_review_has_passed_only_after_its_last_day() -> None:
    when = policy_due(Policy.model_validate(FULL))
    assert when is not None
    assert not when.is_past(datetime.date(2028, 3, 10))
    assert when.is_past(datetime.date(2028, 3, 11))
    season = due(None, "spring 2028")
    assert season is not None
    assert season.machine == "2028-05"
    assert not season.is_past(datetime.date(2028, 5, 31))
    assert season.is_past(datetime.date(2028, 6, 1))
    assert due(None, None) is None
