"""Words from outside, made comparable or clean.

From the least to the most that two spellings may differ in and still be equal: `one_line` (white
space), `normalise` (capitals too), `comparison_key` (accents, punctuation and spaces too).
"""

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


def one_line(text: str) -> str:
    """The words of a text with one space between them; ignores nothing else."""
    return " ".join(text.split())


def normalise(text: str) -> str:
    """A text for comparison that ignores capitals and white space, and nothing else."""
    return one_line(text).casefold()


@lru_cache(maxsize=1024)
def comparison_key(text: str) -> str:
    """A word for comparison that ignores capitals, accents, punctuation and all white space."""
    folded = unicodedata.normalize("NFKD", text.translate(INVISIBLE)).casefold()
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return "".join(letter for letter in bare if letter.isalnum())


@lru_cache(maxsize=1024)
def clean(text: str) -> str:
    """A value as it is meant: composed (NFC), on one line, with plain spaces and nothing unseen.

    Spreadsheets put an apostrophe in front of a sign to keep a text from being a formula; it is
    removed. Capitals, accents and punctuation stay.
    """
    text = unicodedata.normalize("NFC", text).translate(INVISIBLE)
    text = _OVERRIDES.sub("", text)
    text = _CONTROLS.sub(" ", text)
    text = one_line(text)
    return _GUARD.sub("", text, count=1) if _GUARD.match(text) else text


_PLAIN = {
    **dict.fromkeys(map(ord, "\u2010\u2011\ufe63\uff0d"), "-"),
    **dict.fromkeys(map(ord, "\u2012\u2013\u2212"), "–"),
    **dict.fromkeys(map(ord, "\u2014\u2015"), "—"),
    **dict.fromkeys(map(ord, "\u02bc\u02b9\u2032\uff07"), "’"),
    **dict.fromkeys(map(ord, "\u2028\u2029"), "\n"),
}


def plain_twin(letter: str) -> str:
    """A character that looks the same and that most typefaces have; itself where there is none.

    A special space is a space, a ligature its letters, a full-width letter the usual one. What
    cannot be seen is nothing.
    """
    if ord(letter) in INVISIBLE or _OVERRIDES.match(letter):
        return ""
    if ord(letter) in _PLAIN:
        return _PLAIN[ord(letter)]
    if letter.isspace():
        return " "
    folded = unicodedata.normalize("NFKC", letter)
    return folded if folded.strip() else letter


def describe_damage(text: str) -> str:
    """What seems to have happened to a value's letters, in words; empty where all is well."""
    if text.isascii() and text.isprintable() and "?" not in text:
        return ""
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
