"""The code of a form: how it is printed, and how it is found again in what programs make of it."""

from __future__ import annotations

import pytest

from formulary.documents.stamp import Stamp, find_stamps

STAMP = Stamp("pm-form", "sample", 2026, "2026-27", "3f9a01bc")
OTHER = Stamp("goal-sheet", "oak-trust", 2027, "2027", "00ff00ff")


@pytest.mark.parametrize("hyphen", list("-\u00ad\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d"))
def test_a_code_is_found_whatever_a_program_makes_of_its_hyphens(hyphen: str) -> None:
    text = f"Page 1 of 3 {STAMP.code} Confidential".replace("-", hyphen)
    assert find_stamps(text) == (STAMP,)


@pytest.mark.parametrize(("before", "after"), [("-\u00ad", ""), ("\u00ad-", ""), ("-", "\u00ad")])
def test_a_mark_for_a_line_break_beside_a_hyphen_is_no_second_hyphen(
    before: str, after: str
) -> None:
    assert find_stamps(STAMP.code.replace("-", before + after)) == (STAMP,)


@pytest.mark.parametrize("blank", ["\u00a0", "\u2009", "\u202f", "  ", "\n", "\t"])
def test_a_code_is_found_whatever_a_program_makes_of_its_blanks(blank: str) -> None:
    assert find_stamps(STAMP.code.replace(" ", blank)) == (STAMP,)


def test_each_code_of_a_text_is_found_once() -> None:
    text = f"{STAMP.code} and {OTHER.code} and {STAMP.code.replace('-', chr(0xAD))}"
    assert find_stamps(text) == (STAMP, OTHER)


@pytest.mark.parametrize(
    "text",
    [
        "sample pm form 2026-27 3F9A-01BC"[:-1],
        STAMP.code.lower(),
        STAMP.code + "A",
        STAMP.code.replace("-", "/"),
        STAMP.code.replace("2026", "26"),
    ],
)
def test_what_only_looks_like_a_code_is_none(text: str) -> None:
    assert find_stamps(text) == ()
