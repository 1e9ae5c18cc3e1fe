"""Numbers, email addresses and times of day, as people write them."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from formulary.documents.answers import (
    describe_wanted,
    explain_misfit,
    is_email,
    read_number,
    read_time,
)


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("37.5", "", "37.5"),
        ("1,250", "", "1250"),
        (" 30 hours", "hours", "30"),
        ("1 hour", "hours", "1"),
        ("37.5Hours", "hours", "37.5"),
        ("80%", "%", "80"),
        (".5", "", "0.5"),
        ("\u22122", "", "-2"),
        ("0", "", "0"),
    ],
)
def test_a_number_is_read_as_people_write_it(text: str, unit: str, number: str) -> None:
    assert read_number(text, unit) == Decimal(number)


@pytest.mark.parametrize("text", ["", "about 30", "30-40", "3 0", "1,25", "thirty", "-", ".", "٣"])
def test_what_is_no_number_is_not_read_as_one(text: str) -> None:
    assert read_number(text, "hours") is None


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("14:30", 14, 30),
        ("9.05", 9, 5),
        ("2.30 pm", 14, 30),
        ("9am", 9, 0),
        ("12 p.m.", 12, 0),
        ("12:15 AM", 0, 15),
        ("noon", 12, 0),
        ("16:00 hrs", 16, 0),
        ("00:00", 0, 0),
    ],
)
def test_a_time_is_read_as_people_write_it(text: str, hour: int, minute: int) -> None:
    assert read_time(text) == datetime.time(hour, minute)


@pytest.mark.parametrize("text", ["", "25:00", "14:60", "14", "13 pm", "0 am", "soon", "2-3 pm"])
def test_what_is_no_time_is_not_read_as_one(text: str) -> None:
    assert read_time(text) is None


@pytest.mark.parametrize("text", ["a.b+c@example.org", "o'neil@mail.example.sch.uk"])
def test_an_email_address_is_known(text: str) -> None:
    assert is_email(text)


@pytest.mark.parametrize(
    "text", ["ada", "ada@school", "ada@example.org, bo@example.org", "a b@example.org", "@x.org"]
)
def test_what_is_no_single_address_is_not_one(text: str) -> None:
    assert not is_email(text)


def test_a_misfit_is_explained_with_its_unit_and_bounds() -> None:
    def said(text: str) -> str:
        return explain_misfit(text, "number", unit="hours", least=1, most=37.5)

    assert said("20 hours") == said("37.5") == ""
    assert said("many") == "is not a number of hours, such as 7.5"
    assert said("0.5") == "is less than 1 hour, the least that is allowed"
    assert said("40") == "is more than 37.5 hours, the most that is allowed"
    assert explain_misfit("anything", "") == explain_misfit("M4", "money") == ""


def test_a_hint_says_what_a_line_is_to_hold() -> None:
    assert describe_wanted("") == describe_wanted("money") == ""
    assert describe_wanted("number") == "A number"
    assert describe_wanted("number", unit="hours", least=0, most=37.5) == (
        "A number of hours, from 0 to 37.5"
    )
    assert describe_wanted("number", least=1) == "A number, 1 or more"
    assert describe_wanted("number", unit="days", most=5) == "A number of days, 5 at most"
    assert "14:30" in describe_wanted("time") and "@" in describe_wanted("email")
