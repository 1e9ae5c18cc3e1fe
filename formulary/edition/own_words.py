"""Say a sentence of the program in the words that an organisation has for roles and things."""

from __future__ import annotations

import re

from formulary.edition.edition import Edition
from formulary.edition.facts import USUAL_WORDS
from formulary.edition.text import first_capital, plural


def in_own_words(edition: Edition, text: str) -> str:
    """The text with the organisation's word for each usual one, as in “reviewer”."""
    for usual in USUAL_WORDS:
        own = edition.word(usual)
        if own != usual:
            text = _replace(plural(usual), plural(own), _replace(usual, own, text))
    return text


def _replace(usual: str, own: str, text: str) -> str:
    return re.sub(
        rf"\b{usual}\b",
        lambda found: first_capital(own) if found[0][0].isupper() else own,
        text,
        flags=re.IGNORECASE,
    )
