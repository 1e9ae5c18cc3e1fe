"""Letters that a program lost are told from what people write."""

from __future__ import annotations

import pytest

from formulary.returns.submission import describe_lost_letters


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Party \uf389 in July", "\uf389"),
        ("Si\ufffdn reads", "Si\ufffdn"),
        ("?ukasz Nowak", "?ukasz"),
        ("Met Ma?gorzata in May.", "Ma?gorzata"),
        ("P??uza, Anna", "P??uza"),
        ("????? ?????", "?????"),
        ("O'Ne?l-B?rch", "O'Ne?l-B?rch"),
        ("Raise \U000f0001", "\U000f0001"),
        ("SiÃ¢n Åµyn", "SiÃ¢n Åµyn"),
    ],
)
def test_a_lost_letter_is_quoted_with_its_word(text: str, word: str) -> None:
    assert f"“{word}”" in describe_lost_letters(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Why?? I do not know (?)",
        "What? Nothing.",
        "see https://example.org/a?b=c&d",
        "page.html?x=1",
        "Siân Ŵyn-Lloyd ≥ 95% → ✓ 🎉",
        "Żółć, Τρίτη, Четвёртый, 漢字",
        "and/or?",
        "?",
        "Is it “done”?",
    ],
)
def test_what_people_write_has_lost_nothing(text: str) -> None:
    assert describe_lost_letters(text) == ""
