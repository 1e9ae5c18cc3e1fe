"""Words and names from outside, made comparable or clean.

From the least to the most that two spellings may differ in and still be equal: `one_line` (white
space), `normalise` (capitals too), `comparison_key` (accents, punctuation and spaces too). Names of
people have keys of their own: `name_key`, and `spelling_key`, which keeps accents apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable
from functools import lru_cache
from itertools import accumulate, chain, count

BULLETS = "•●▪▫■◦○‣⁃➢➤➔►▶❖◆★✓✔\uf0b7\uf0a7\uf0d8\uf0fc\uf076"
"""What Word and web pages put before the entries of a list; the last five are of its own fonts."""

_APOSTROPHES = dict.fromkeys(map(ord, "ʹʻʼʽʾʿˈꞌ"))
"""Letters to Unicode, and apostrophes to those who type them."""

_STROKES = str.maketrans(
    {**dict(zip("łøđðħŧı", "loddhti", strict=True)), "æ": "ae", "œ": "oe", "þ": "th"}
)
"""Small letters that many people type plain, and that no accent can be taken off."""

_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0001]"
    # joiners are part of Persian and Indian words and of emoji, and of nothing else
    "|(?<![\u0590-\u1fff\u2190-\U0010ffff])[\u200c\u200d]"
    "|[\u200c\u200d](?![\u0590-\u1fff\u2190-\U0010ffff])"
    # tags are part of the flags of England, Scotland and Wales, and of nothing else
    "|(?<![\U0001f3f4\U000e0020-\U000e007e])[\U000e0020-\U000e007f]+"
)
_TITLES = re.compile(
    r"(?:(?:mr|mrs|ms|miss|mx|mme|dr|doctor|prof|professor|(?:the )?rev|revd|(?:the )?reverend|sir"
    r"|dame|lord|lady|fr|father|canon|cllr|rabbi)(?:\.\s*|\s+))+(?=\S)",
    re.IGNORECASE,
)
_DASH = re.compile("[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_VOWEL_SIGNS = (0, 7, 9)
"""Combining classes of the marks that are letters in Indian scripts, and no accents."""

_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_LOST = re.compile(r"\ufffd|\w\?|\?\w")
_GUARD = re.compile(r"'(?=[=+\-@])")


def one_line(text: str) -> str:
    """The words of a text with one space between them; ignores nothing else."""
    return " ".join(text.split())


def join_names(names: Iterable[str]) -> str:
    """Names in a row: “Teachers, Support staff”; with semicolons where a name has a comma in it."""
    found = tuple(names)
    return ("; " if any("," in name for name in found) else ", ").join(found)


def count_of(number: int, thing: str, things: str = "") -> str:
    """A number with what it counts: “1 file”, “1,200 files”, “2 people” (`things`)."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def make_distinct(name: str, used: Container[str]) -> str:
    """The name, or with the first free number in brackets where it is used: “Date (2)”."""
    names = chain([name], (f"{name} ({number})" for number in count(2)))
    return next(one for one in names if one not in used)


def normalise(text: str) -> str:
    """A text for comparison that ignores capitals, white space and what nobody sees."""
    return one_line(strip_unseen(text)).casefold()


@lru_cache(maxsize=1024)
def comparison_key(text: str) -> str:
    """A word for comparison that ignores capitals, accents, punctuation and all white space."""
    folded = unicodedata.normalize("NFKD", strip_unseen(text)).casefold()
    plain = folded.translate(_APOSTROPHES).translate(_STROKES)
    return "".join(letter for letter in plain if letter.isalnum() or _is_vowel_sign(letter))


def _is_vowel_sign(letter: str) -> bool:
    if unicodedata.category(letter) not in ("Mc", "Mn"):
        return False
    variant = "\ufe00" <= letter <= "\ufe0f"
    return unicodedata.combining(letter) in _VOWEL_SIGNS and not variant


def name_key(name: str) -> str:
    """A person's name for comparison: “Ng, Dr Ann”, “ANN NG” and “Ánn Ng” are one.

    Two different people can share it: ask `staff.reviewers.PeopleByName` who is meant.
    """
    return comparison_key(_without_title(name))


def spelling_key(name: str) -> str:
    """As `name_key`, but “Sian” and “Siân” are two names, as are “Jo Ann” and “Joann”."""
    words = _DASH.sub(" ", _without_title(name)).casefold().translate(_APOSTROPHES)
    marks = {letter for letter in words if unicodedata.category(letter).startswith("M")}
    return one_line("".join(a for a in words if a.isalnum() or a.isspace() or a in marks))


def is_same_name(name: str, other: str) -> bool:
    """Whether two spellings can be one person's name; False where either has no letter."""
    return bool(name_key(name)) and name_key(name) == name_key(other)


def mentions_name(text: str, name: str) -> bool:
    """Whether a text has a name among other words: “Ng, Ann (chair) and Bo Ash” has Ann Ng."""
    words = [comparison_key(word) for word in re.split(r"[\s,;:/&+()\[\]]+", text)]
    bounds = set(accumulate(map(len, words), initial=0))
    parts = [comparison_key(part) for part in _without_title(name).split()]
    orders = {"".join(parts[at:] + parts[:at]) for at in range(len(parts))} - {""}
    return any(
        {place.start(), place.start() + len(wanted)} <= bounds
        for wanted in orders
        for place in re.finditer(f"(?={re.escape(wanted)})", "".join(words))
    )


def _without_title(name: str) -> str:
    """A name in the order in which it is spoken, without Mr or Dr."""
    last, comma, first = clean(name).partition(",")
    turned = f"{first.strip()} {last}" if comma and "," not in first else last + comma + first
    return _TITLES.sub("", turned.strip(), count=1)


def strip_unseen(text: str) -> str:
    """A text composed (NFC), without marks of direction, soft hyphens and other unseen letters.

    A date that is copied from Windows begins with such a mark. The joiners stay where they are part
    of a word or an emoji.
    """
    return text if text.isascii() else unicodedata.normalize("NFC", _UNSEEN.sub("", text))


@lru_cache(maxsize=1024)
def clean(text: str) -> str:
    """A value as it is meant: `strip_unseen`, on one line, with plain spaces.

    Spreadsheets put an apostrophe in front of a sign to keep a text from being a formula; it is
    removed. Capitals, accents and punctuation stay.
    """
    text = one_line(_CONTROLS.sub(" ", strip_unseen(text)))
    return _GUARD.sub("", text, count=1) if _GUARD.match(text) else text


PLAIN = {
    **dict.fromkeys(map(ord, "\u2010\u2011\ufe63\uff0d"), "-"),
    **dict.fromkeys(map(ord, "\u2012\u2013\u2212"), "–"),
    **dict.fromkeys(map(ord, "\u2014\u2015"), "—"),
    **dict.fromkeys(map(ord, "\u02bc\u02b9\u2032\uff07"), "’"),
    **dict.fromkeys(map(ord, "\u2028\u2029"), "\n"),
}
"""What is written for hyphens, dashes, apostrophes and line ends that few typefaces have."""


def plain_twin(letter: str) -> str:
    """A character that looks the same and that most typefaces have; itself where there is none.

    A special space is a space, a ligature its letters, a full-width letter the usual one. What
    cannot be seen is nothing.
    """
    if not strip_unseen(letter):
        return ""
    if ord(letter) in PLAIN:
        return PLAIN[ord(letter)]
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
