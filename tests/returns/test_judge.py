"""Whose a return is, and which of several counts."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from formulary.edition.edition import Edition
from formulary.problems import Place
from formulary.returns.edition_shelf import EditionShelf
from formulary.returns.judge import ReturnJudge
from formulary.returns.returned_file import Return, ReturnedFile
from formulary.returns.reviewee import (
    ListedReviewee,
    RevieweeFinder,
    SharedName,
    UnknownId,
    UnknownName,
)
from formulary.returns.submission import Answer, Identity, Submission
from formulary.staff.person import Person, StaffList

Judge = Callable[..., list[Return]]


def person(id: str, name: str, site: str = "") -> Person:
    return Person(id, name, Place(Path("staff.csv")), site=site, group="teachers")


BETH, OTHER_BETH = person("104", "Beth Smith", "North"), person("105", "Beth Smith", "South")
SIAN, SIAN_TOO = person("106", "Sian Jones"), person("107", "Siân Jones")
FINN, MAX = person("102", "Finn O’Neil-Birch"), person("103", "Zoë Müller")
PEOPLE = (BETH, OTHER_BETH, SIAN, SIAN_TOO, FINN, MAX)


@pytest.mark.parametrize("name", ["Beth Smith", "Finn O’Neil-Birch", "", "Nobody Here"])
@pytest.mark.parametrize("id", ["106", "999", "00106", "O’Neil"])
def test_where_a_file_has_an_id_only_the_id_decides(id: str, name: str) -> None:
    found = RevieweeFinder(PEOPLE).find(id, name)
    assert found == (ListedReviewee(SIAN, name) if id == "106" else UnknownId(id, name))


def test_an_id_is_the_same_without_capitals_and_with_that_name_without_its_zeros() -> None:
    people = (person("000105", "Beth Smith"), person("P7", "Ann Ng"), person("0", "Bo Ash"))
    finder = RevieweeFinder(people)
    assert finder.find("p7", "Cy Elm") == ListedReviewee(people[1], "Cy Elm")
    assert finder.find("105", "beth smith") == ListedReviewee(people[0], "beth smith")
    assert finder.find("105", "Beth Smyth") == UnknownId("105", "Beth Smyth")
    assert finder.find("00", "Cy Elm") == UnknownId("00", "Cy Elm")
    both = RevieweeFinder((*people, person("0105", "Beth Smith")))
    assert both.find("105", "Beth Smith") == UnknownId("105", "Beth Smith")


@pytest.mark.parametrize(
    ("name", "people"),
    [
        *((name, (FINN,)) for name in ("Finn O'Neil-Birch", "O’NEIL-BIRCH, Mr Finn")),
        *((name, (FINN,)) for name in ("Finn O\u2019Neil\u2011Birch", "Dr. Finn Oʼneil Birch")),
        *((name, (MAX,)) for name in ("Zoe Muller", "Zoe\u0308 Mu\u0308ller", "zoë \u200bmüller")),
        *((name, (SIAN,)) for name in ("Sian Jones", "Jones, Miss SIAN")),
        *((name, (SIAN_TOO,)) for name in ("Siân Jones", "Sia\u0302n JONES")),
        ("Sián Jones", (SIAN, SIAN_TOO)),
        *((name, (BETH, OTHER_BETH)) for name in ("Beth Smith", "Ms Beth Smith", "Béth Smith")),
        *((name, ()) for name in ("Beth Smyth", "", "–", "?", "Mr")),
    ],
)
def test_a_name_decides_only_if_one_person_has_it(name: str, people: tuple[Person, ...]) -> None:
    found = RevieweeFinder(PEOPLE).find("", name)
    if len(people) == 1:
        assert found == ListedReviewee(people[0], name)
    else:
        assert found == (SharedName(name, people) if people else UnknownName(name))


@pytest.fixture(scope="module")
def judge(editions: tuple[Edition, ...]) -> Judge:
    """Judge pm-forms, each given as id, name and first objective, an hour apart."""
    (pclc,) = (edition for edition in editions if edition.id == "pclc")
    shelf = EditionShelf(pclc)
    blank = shelf.blanks["pm-form"]
    (name_id,) = (q.id for q in blank.questions() if q.prefill == "staff.name")

    def run(*forms: tuple[str, str, str], people: tuple[Person, ...] = PEOPLE) -> list[Return]:
        records = []
        for number, (id, name, objective) in enumerate(forms):
            words = {name_id: name, "objective_1_objective": objective}
            answers = {q.id: Answer("blank") for q in blank.questions()}
            answers |= {key: Answer("answered", value) for key, value in words.items() if value}
            came = datetime.datetime(2027, 9, 1, number, tzinfo=datetime.UTC)
            submission = Submission(Identity(blank.stamp, id), "PDF", answers)
            sha256 = f"{id}{name}{objective}"
            records.append(ReturnedFile(f"{number}.pdf", came, sha256, submission))
        judge = ReturnJudge(shelf, StaffList("", people, ()))
        return list(judge.judge_all(records))

    return run


def messages(found: Return, code: str) -> list[str]:
    return [str(problem) for problem in found.problems if problem.kind.code == code]


def test_the_form_of_somebody_who_left_is_not_a_namesakes(judge: Judge) -> None:
    (found,) = judge(("105", "Beth Smith", "Read"), people=(BETH, FINN))
    assert (found.person, found.standing) == (None, "current")
    (said,) = messages(found, "not-on-list")
    assert "Beth Smith: the form was made for 105, who is not on the staff list" in said
    assert "If this person has left, keep the form with their file." in said
    assert found.problems[0].about == ()


def test_a_leavers_form_replaces_only_their_own(judge: Judge) -> None:
    people = (BETH, FINN)
    forms = [("105", "Beth Smith", word) for word in ("Read", "Write")]
    found = judge(*forms, ("104", "Beth Smith", "Sing"), ("", "Beth Smith", "Draw"), people=people)
    assert [one.standing for one in found] == ["replaced", "current", "replaced", "current"]
    assert [one.person for one in found] == [None, None, BETH, BETH]


def test_neither_of_two_namesakes_replaces_the_other(judge: Judge) -> None:
    found = judge(("", "Beth Smith", "North"), ("", "Smith, Beth", "South"))
    assert [one.standing for one in found] == ["current", "current"]
    for one in found:
        (said,) = messages(one, "name-shared")
        assert "2 people on the staff list have this name: 104 (North), 105 (South)" in said
        assert one.person is None
        assert messages(one, "not-on-list") == []


def test_two_unlisted_people_with_one_name_stay_two(judge: Judge) -> None:
    found = judge(("", "Al Oak", "One"), ("", "al oak", "Two"), ("", "", "Three"), ("", "", "Four"))
    assert {one.standing for one in found} == {"current"}
    assert len(messages(found[0], "not-on-list")) == 1
    assert messages(found[2], "not-on-list") == []


def test_a_copy_of_one_file_counts_once_whoever_it_is_of(judge: Judge) -> None:
    found = judge(*[("", "Beth Smith", "Read")] * 2)
    assert [one.standing for one in found] == ["replaced", "current"]


def test_a_listed_persons_form_with_and_without_an_id_are_one_persons(judge: Judge) -> None:
    found = judge(("102", "Finn O’Neil-Birch", "Read"), ("", "Finn O'Neil Birch", "Write"))
    assert [one.standing for one in found] == ["replaced", "current"]
    assert {one.person for one in found} == {FINN}


@pytest.mark.parametrize("typed", ["Zoe\u0308 Mu\u0308ller", "Zoë\u200b Müller", "ZOE MULLER"])
def test_a_form_is_made_out_to_its_person_however_the_name_is_typed(
    judge: Judge, typed: str
) -> None:
    (found,) = judge(("103", typed, "Read"))
    assert messages(found, "name-differs") == []
    (other,) = judge(("103", f"{typed}son", "Read"))
    assert len(messages(other, "name-differs")) == 1


def test_a_reviewer_with_the_reviewees_name_is_not_the_reviewee(
    editions: tuple[Edition, ...],
) -> None:
    """South's Beth Smith is reviewed by North's."""
    (pclc,) = (edition for edition in editions if edition.id == "pclc")
    shelf = EditionShelf(pclc)
    blank = shelf.blanks["pm-form"]
    named = {
        q.id: Answer("answered", "Beth Smith")
        for q in blank.questions()
        if q.prefill in ("staff.name", "staff.reviewer")
    }
    record = ReturnedFile(
        "a.pdf",
        None,
        "0",
        Submission(
            Identity(blank.stamp, "105"),
            "PDF",
            {q.id: Answer("blank") for q in blank.questions()}
            | named
            | {"objective_1_objective": Answer("answered", "Read")},
        ),
    )
    reviewed = replace(OTHER_BETH, reviewer="104", reviewer_name="Beth Smith")
    for people, codes in (((BETH, reviewed), 0), ((BETH, OTHER_BETH), 1)):
        judge = ReturnJudge(shelf, StaffList("", people, ()))
        (found,) = judge.judge_all([record])
        assert len(messages(found, "reviews-self")) == codes
