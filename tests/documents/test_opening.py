"""When and by whom the parts of a form are filled in, and what a form says before its questions."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from formulary.content.organisation import Offer
from formulary.documents.blank import Blank, compose_blank
from formulary.documents.opening import Opening, RulerMonth
from formulary.edition.edition import Edition


@dataclass(frozen=True)
class Shelf:
    editions: dict[str, Edition]

    def blank(self, organisation: str, form: str, **offer: object) -> Blank:
        edition = self.editions[organisation]
        found, made = next(pair for pair in edition.forms if pair[0].form == form)
        return compose_blank(edition, Offer(**{**dict(found), **offer}), made)


@pytest.fixture(scope="module")
def shelf(editions: tuple[Edition, ...]) -> Shelf:
    return Shelf({edition.id: edition for edition in editions})


def test_parts_are_numbered_as_printed_with_comments_before_pay(shelf: Shelf) -> None:
    parts = shelf.blank("pclc", "pm-form").parts
    assert [part.number for part in parts] == list(range(1, 10))
    order = [part.id for part in parts]
    assert order[6:] == ["comments", "pay", "sign_off"]
    without_pay = [part.id for part in shelf.blank("dgat", "pm-form").parts]
    assert without_pay.index("comments") < without_pay.index("upper_pay")


def test_a_letter_has_no_numbered_parts(shelf: Shelf) -> None:
    assert {part.number for part in shelf.blank("pclc", "concern-letter").parts} == {0}


def test_a_part_says_when_and_by_whom_it_is_filled_in(shelf: Shelf) -> None:
    parts = {part.id: part for part in shelf.blank("pclc", "pm-form").parts}
    assert (parts["about"].time, parts["about"].who) == ("Before the cycle begins", "Reviewer")
    assert parts["objectives"].time == "Before the cycle begins, then in the year"
    # pay is decided on another day in each group, and what all share is said
    assert parts["pay"].time == "Before the decision on pay"
    assert parts["sign_off"].who == "Reviewer and reviewee"
    assert parts["spanning"].time == "At the start, then at the end"


def test_only_what_all_share_is_on_the_ruler(shelf: Shelf) -> None:
    opening = shelf.blank("pclc", "pm-form").opening
    assert [month.name for month in opening.ruler[:3]] == ["Aug", "Sep", "Oct"]
    assert not opening.ruler[0].is_cycle
    assert opening.spans == ((0, 1, "Parts 1 to 3 and 5"),)
    assert shelf.blank("dgat", "pm-form").opening.ruler == ()


def test_the_words_below_the_ruler_join_months_with_the_same_parts() -> None:
    ruler = (
        RulerMonth("Sep", (1, 2, 3)),
        RulerMonth("Oct", (1, 2, 3)),
        RulerMonth("Nov"),
        RulerMonth("Dec", (2,)),
        RulerMonth("Jan", (2, 4)),
    )
    assert Opening(ruler=ruler).spans == (
        (0, 1, "Parts 1 to 3"),
        (3, 3, "Part 2"),
        (4, 4, "Parts 2 and 4"),
    )


def test_the_first_page_says_how_by_when_and_to_whom(shelf: Shelf) -> None:
    opening = shelf.blank("staploe", "planning-statement").opening
    assert opening.how[0] == "Reviewer and reviewee."
    assert opening.by_when[-1] == "Hand it in: within 2 weeks of the annual review meeting."
    assert opening.to_whom == ("The person who gave you this form.", "Keep a copy.")
    letter = shelf.blank("pclc", "concern-letter").opening
    assert letter.to_whom == ("The person the letter is for.", "Keep a copy.")
    # a day that differs from group to group is not given as one
    assert len(shelf.blank("dgat", "pm-form").opening.by_when) == 1
    # links of the handbook are words on paper
    said = shelf.blank("staploe", "pay-recommendation").opening.by_when[0]
    assert said == "When a recommendation is made under the Pay Policy."
