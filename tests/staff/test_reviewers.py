"""Reviewers given by id, email or name: found, or named."""

from __future__ import annotations

import pytest

from tests.staff.lists import codes, read_text

PEOPLE = (
    "Id,Forename,Surname,Known as,Group,Email,Reviewer\n"
    "007,Ann,Ng,,Teachers,ann@elm.example,{}\n"
    "008,Robert,Ash,Bo,Teachers,bo@elm.example,Board\n"
    "009,Cy,Elm,,Teachers,office@elm.example,Board\n"
    "010,Cy,Elm,,Teachers,office@elm.example,Board\n"
)


@pytest.mark.parametrize(
    "said",
    [
        *("008", "8", "BO@elm.example", "Bo Ash", "Robert Ash"),
        *('"Ash, Robert"', "Mr Robert Ash", '"Ash, Dr Bo"', "Bo Ash (008)", "B. Ash [8]"),
    ],
)
def test_a_reviewer_is_found_by_id_e_mail_or_any_of_their_names(said: str) -> None:
    staff = read_text(PEOPLE.format(said))
    assert (staff.people[0].reviewer, staff.people[0].reviewer_name) == ("008", "Bo Ash")
    assert codes(staff) == []


def test_a_name_that_two_people_have_is_named_with_both() -> None:
    staff = read_text(PEOPLE.format("Cy Elm"))
    assert staff.people[0].reviewer == ""
    assert codes(staff) == ["2:0 staff-reviewer"]
    assert "009 in row 4, 010 in row 5" in staff.problems[0].message


def test_a_mailbox_that_two_people_share_is_nobodys() -> None:
    staff = read_text(PEOPLE.format("office@elm.example"))
    assert codes(staff) == ["2:0 staff-reviewer"]


@pytest.mark.parametrize("said", ["077", "an@elm.example", "T-77"])
def test_an_id_or_e_mail_that_nobody_has_is_named(said: str) -> None:
    staff = read_text(PEOPLE.format(said))
    assert codes(staff) == ["2:0 staff-reviewer"]
    assert f"“{said}”" in staff.problems[0].message


def test_a_name_that_nobody_on_the_list_has_stays_as_written() -> None:
    staff = read_text(PEOPLE.format("Chair of O'Governors & <Co>"))
    assert staff.people[0].reviewer == ""
    assert staff.people[0].reviewer_name == "Chair of O'Governors & <Co>"
    assert codes(staff) == []


def test_a_reviewers_id_counts_before_the_name_and_must_agree_with_it() -> None:
    head = "Id,Name,Group,Line manager,Line manager ID\n"
    rows = "1,Ann Ng,Teachers,{},2\n2,Bo Ash,Teachers,,3\n3,Cy Elm,Teachers,,2\n"
    agreed = read_text(head + rows.format("Ash"))
    assert agreed.people[0].reviewer == "2"
    assert codes(agreed) == []
    staff = read_text(head + rows.format("Cy Elm"))
    assert codes(staff) == ["2:0 staff-reviewer-differs"]
