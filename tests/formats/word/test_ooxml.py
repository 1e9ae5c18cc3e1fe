"""What writer and reader agree on."""

from __future__ import annotations

import pytest

from formulary.documents.blank import Question
from formulary.formats.word.ooxml import (
    LONGEST_BOOKMARK,
    LONGEST_TITLE,
    anchor_names,
    bookmark_name,
    control_numbers,
    control_titles,
    read_identity,
    stamp_properties,
)
from formulary.returns.submission import Identity
from tests.formats.word.samples import LONG, STAMP


def test_the_stamp_comes_back() -> None:
    assert read_identity(stamp_properties(STAMP)) == Identity(STAMP)


@pytest.mark.parametrize("broken", [b"", b"<a", b"<Properties/>"])
def test_a_broken_stamp_is_none(broken: bytes) -> None:
    assert read_identity(broken) is None


def test_long_titles_stay_unique_and_keep_their_column() -> None:
    asked = [Question(f"q{n}", f"{LONG}: Column {n % 2}", "", "text") for n in range(30)]
    titles = control_titles(asked)
    assert len(set(titles.values())) == 30
    assert all(len(title) <= LONGEST_TITLE for title in titles.values())
    assert titles["q0"].endswith("…: Column 0")


def test_short_titles_stay_as_they_are() -> None:
    asked = [Question("a", "Objective 2: Measures", "", "text")]
    assert control_titles(asked) == {"a": "Objective 2: Measures"}


@pytest.mark.parametrize("id", ["", "1st", "a b", "é", "a" * 41])
def test_a_name_that_word_would_drop_is_refused(id: str) -> None:
    with pytest.raises(ValueError, match="bookmark"):
        bookmark_name(id)


def test_long_anchors_are_cut_and_unique() -> None:
    ids = ["a" * 59 + str(n) for n in range(10)]
    names = anchor_names(ids, "clause")
    assert len(set(names.values())) == 10
    assert all(len(name) <= LONGEST_BOOKMARK for name in names.values())
    assert anchor_names(["pay-and-you"], "clause") == {"pay-and-you": "clause_pay_and_you"}


def test_numbers_are_positive_and_unique() -> None:
    numbers = control_numbers(f"q{n}" for n in range(2000))
    assert len(set(numbers.values())) == 2000
    assert all(0 < number < 2**31 for number in numbers.values())
