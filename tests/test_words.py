"""What each way of comparing words ignores, and what an error of the system tells a person."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from formulary.system_errors import describe_system_error
from formulary.words import (
    clean,
    comparison_key,
    count_of,
    is_same_name,
    join_names,
    mentions_name,
    normalise,
    one_line,
    spelling_key,
    strip_unseen,
)


def test_each_way_of_comparing_ignores_more_than_the_one_before() -> None:
    assert one_line(" Ann\n  Ng ") == "Ann Ng" != one_line("ann ng")
    assert normalise("ANN\tNg") == normalise("ann ng") != normalise("Ann-Ng")
    assert comparison_key("Élan-Vital") == comparison_key("elan vital")


def test_one_thing_is_counted_in_the_singular() -> None:
    assert count_of(1, "file") == "1 file"
    assert count_of(0, "file") == "0 files"
    assert count_of(1, "person", "people") == "1 person"
    assert count_of(1200, "person", "people") == "1,200 people"


def test_names_with_commas_are_parted_by_semicolons() -> None:
    assert join_names(["Teachers", "Support staff"]) == "Teachers, Support staff"
    assert join_names(["Cooks", "Cover, short term"]) == "Cooks; Cover, short term"


def test_an_error_of_the_system_names_the_file_and_the_remedy() -> None:
    full = OSError(errno.ENOSPC, "No space left on device", "there")
    assert describe_system_error(full).startswith("there cannot be read or written: No space left")
    said = describe_system_error(full, Path("here"), continues=True)
    assert said.startswith("here cannot") and "Make room on the disk." in said
    assert said.endswith("it carries on from where it stopped.")


@pytest.mark.parametrize(
    "other",
    [
        *("Sian O'Neil-Birch", "SIÂN O’NEIL–BIRCH", "Sia\u0302n O\u02bcNeil\u2011Birch"),
        *("O`Neil Birch, Mrs Siân", "Dr. Prof Siân O´Neil-Birch", "The Rev. Siân ONeil Birch"),
        *("\u2068Siân\u2069\u00a0O\uff07Neil-Birch", "Si\u00adân O’Neil\u200b-\ufeffBirch"),
    ],
)
def test_a_name_is_the_same_however_it_is_typed(other: str) -> None:
    assert is_same_name("Siân O’Neil-Birch", other)
    assert not is_same_name("Siân O’Neil-Birch", f"{other}s")


@pytest.mark.parametrize(
    ("name", "other"),
    [("Łukasz Ørsted", "Lukasz Orsted"), ("Weiß", "WEISS"), ("Þóra Æsa", "Thora Aesa")],
)
def test_letters_with_strokes_are_typed_without(name: str, other: str) -> None:
    assert is_same_name(name, other)


def test_names_without_letters_are_nobodys_and_vowel_signs_are_letters() -> None:
    assert not is_same_name("", "")
    assert not is_same_name("–", "?")
    assert not is_same_name("राम", "रमा")
    assert is_same_name("أَحْمَد", "أحمد")


def test_accents_hyphens_and_spaces_make_two_spellings() -> None:
    assert spelling_key("Dr Sian Ní-Dhúill") == spelling_key("ní dhúill, sian")
    assert spelling_key("O’Neil") == spelling_key("O'Neil") == spelling_key("Oʼneil")
    assert len({spelling_key(name) for name in ("Sian", "Siân", "Si An", "राम", "रमा")}) == 5


@pytest.mark.parametrize(
    ("text", "is_there"),
    [
        *(
            ("Ann Ng (chair) and Bo Ash", True),
            ("the head, Mr Bo Ash", True),
            ("Ann Ng, Ash (Bo)", True),
        ),
        *(("Bo Ashe", False), ("Jobo Ash", False), ("", False), ("Ann Ng", False)),
    ],
)
def test_a_name_is_found_among_other_words(text: str, *, is_there: bool) -> None:
    assert mentions_name(text, "Bo Ash") == is_there


def test_nothing_is_mentioned_by_no_name() -> None:
    assert not mentions_name("Ann Ng", "")
    assert not mentions_name("", "")


def test_what_nobody_sees_goes_and_what_words_and_emoji_are_made_of_stays() -> None:
    assert strip_unseen("\u200e12/10/2026\u202c") == "12/10/2026"
    assert strip_unseen("e\u200b\u0301 a\u200db \u2066x\u2069\ufeff\u3164") == "é ab x"
    kept = "می\u200cخواهم 👩\u200d💻 🏴\U000e0067\U000e0062\U000e007f ❤\ufe0f"
    assert strip_unseen(kept) == clean(kept) == kept
    assert strip_unseen("a\U000e0067\U000e0062") == "a"
