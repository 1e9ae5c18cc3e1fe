"""Words of a staff list: made comparable, and cleaned of what cannot be seen."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u061c\u180e\u200b\u200e\u200f\u2060\ufeff"))
"""Soft hyphens, zero-width spaces and marks of direction: nothing of a value is in them.

The joiners U+200C and U+200D stay: Persian and emoji are written with them.
"""

_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_LOST = re.compile(r"\ufffd|\w\?|\?\w")
_GUARD = re.compile(r"'(?=[=+\-@])")


@lru_cache(maxsize=1024)
def key(text: str) -> str:
    """A word in the form in which two spellings are one: case, accents and punctuation aside."""
    folded = unicodedata.normalize("NFKD", text.translate(INVISIBLE)).casefold()
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return "".join(letter for letter in bare if letter.isalnum())


@lru_cache(maxsize=1024)
def clean(text: str) -> str:
    """A value as it is meant: composed (NFC), on one line, with plain spaces and nothing unseen.

    An apostrophe in front of a sign is the mark by which spreadsheets keep text from being a
    formula; it goes.
    """
    text = unicodedata.normalize("NFC", text).translate(INVISIBLE)
    text = _OVERRIDES.sub("", text)
    text = _CONTROLS.sub(" ", text)
    text = " ".join(text.split())
    return _GUARD.sub("", text, count=1) if _GUARD.match(text) else text


def damage(text: str) -> str:
    """What seems to have happened to a value's letters, in words; empty where all is well."""
    if _OVERRIDES.search(text) or _CONTROLS.search(text.replace("\t", " ").replace("\r", " ")):
        return "holds characters that cannot be seen"
    if _LOST.search(text):
        return "has a question mark where a letter may have been lost"
    if is_garbled(text):
        return "looks like letters that were read in the wrong encoding"
    return ""


def is_garbled(text: str) -> bool:
    """Whether a text is UTF-8 that some program has read as Windows-1252: “Å»Ã³Å‚Ä‡”.

    By chance such a text hardly ever is valid UTF-8 again.
    """
    if text.isascii():
        return False
    try:
        return len(text.encode("cp1252").decode("utf-8")) < len(text)
    except UnicodeError:
        return False
