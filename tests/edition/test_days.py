"""Days as people type them."""

from __future__ import annotations

import datetime

import pytest

from formulary.edition.days import read_day

TWELFTH = datetime.date(2026, 10, 12)


@pytest.mark.parametrize(
    "typed",
    [
        *("12/10/2026", "12 / 10 / 2026", "12/10/2026.", "12/10/2026 3.30 pm", "12/10/26"),
        *("12th of October 2026", "Mon 12 October 2026", "the 12th October, 2026", "12 Oct. 2026"),
        *("Monday, 12 October 2026", "Mon. 12/10/2026", "12 October 2026 (Monday)", "12Oct26"),
        *("\u200e12\u200e/\u200e10\u200e/\u200e2026", "\u206612/10/2026\u2069", "\ufeff12.10.2026"),
        *(
            "12 \u2013 10 \u2013 2026",
            "12\u201110\u20112026",
            "12\u00a0October\u00a02026",
            "12 10 2026",
        ),
        *("12/10/2026 at 3pm", "12/10/2026, 15:30", "12/10/2026 9.15 a.m.", "2026-10-12T15:30:00Z"),
        *("October 12th, 2026", "MONDAY THE 12TH OF OCTOBER 2026", "2026 - 10 - 12"),
    ],
)
def test_a_day_is_read_as_people_type_it(typed: str) -> None:
    assert read_day(typed).date == TWELFTH


@pytest.mark.parametrize(
    "typed",
    [
        *("Tuesday 12 October 2026", "12/10/2026 (Fri)", "12/10/2026 or 13/10/2026", "12th"),
        *("Satisfactory 12/10/2026", "by 12/10/2026", "12/10", "Monday", "3.30 pm", "31/02/2026"),
    ],
)
def test_what_may_be_another_day_or_none_is_not_guessed(typed: str) -> None:
    assert read_day(typed).order == "none"
