"""Tell the encoding of a text of names whose bytes do not say it.

Each encoding that HR systems still write gives one reading. A reading is likely where every word
with a letter above ASCII could be a word of a European language. One likely reading is taken; where
several differ, somebody has to say which is right.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass

from formulary.words import is_garbled

ENCODINGS = {
    "windows-1252": "cp1252",
    "macintosh": "mac_roman",
    "ibm850": "cp850",
    "windows-1250": "cp1250",
    "iso-8859-14": "iso8859_14",
    "windows-1254": "cp1254",
}
"""The names that people see, and Python's: Windows, an old Mac, DOS, Polish, Welsh, Turkish."""

_ALPHABETS = tuple(
    map(
        frozenset,
        (
            "áéíóúàèìòùâêîôûŵŷäëïöüẅÿẃẁýỳ",  # Welsh, and the Gaelic languages
            "àâæçéèêëîïôœùûüÿ",  # French
            "áéíóúüñçàèòï",  # Spanish and Catalan
            "áâãàçéêíóôõúü",  # Portuguese
            "äöüß",
            "àèéìòùíîúó",  # Italian
            "åäöæøéüáèó",  # Scandinavian languages
            "áðéíóúýþæöø",  # Icelandic and Faroese
            "ąćęłńóśźż",  # Polish
            "áčďéěíňóřšťúůýž",  # Czech
            "áäčďéíľňóôšťúýž",  # Slovak
            "áéíóöőúüű",  # Hungarian
            "ăâîșțşţ",  # Romanian
            "čćđšž",  # Croatian and Slovene
            "çğıiöşüâîû",  # Turkish
        ),
    )
)

_VOWELS = "aeiouyáéíóúàèìòùâêîôûäëïöüýąęåæøœăőű"
_HABITS = {
    letter: re.compile(pattern)
    for letter, pattern in {
        "ß": rf"[{_VOWELS}]ß([{_VOWELS}t]|$)",
        "þ": r"^þ",
        "ð": r".ð",
        "õ": r"õe",
        "ã": r"ã([eo]|$)",
        "ñ": rf"ñ[{_VOWELS}]",
        "ń": rf"ń([^{_VOWELS}]|$)",
        "ï": rf"[{_VOWELS}]ï",
        "ď": rf"ď([{_VOWELS}k]|$)",
        "đ": rf"đ([{_VOWELS}]|$)",
        "ň": rf"ň([{_VOWELS}k]|$)",
        "ő": r".ő([^e]|$)",
        "ă": r"ă([^oe]|$)",
        "ć": rf"ć([{_VOWELS}kwmn]|$)",
        "č": rf"č([{_VOWELS}nk]|$)",
        "ř": rf"ř([{_VOWELS}]|$)|[{_VOWELS}]ř[nk]",
        "ø": r"ø([^aiouáíóúæø]|$)",
        "è": r"è([^aeiouáéíóú]|$)",
        "æ": r"æ.",
        "ì": r".ì",
        "ŵ": rf"(^|[^{_VOWELS}])ŵ",
        "ŷ": rf"(^|[^{_VOWELS}])ŷ([^{_VOWELS}]|$)",
    }.items()
}
"""Where in a word a letter is found, in the languages that have it."""

_WORD = re.compile(r"[^\s,;|\t\"/()\[\]&+]*[^\x00-\x7f][^\s,;|\t\"/()\[\]&+]*")
_BLANK = re.compile(r"\u00a0(?=[^a-z]|$)|(?<=[\s,;|])\u00a0")
_LINE_END = re.compile(r"\r\n|\r|\n")
_CONTROL = re.compile("[\x80-\x9f]")
_PREFIX = re.compile(r"(mc|mac|de|di|du|la|le|fitz|van|von|ap|ni|o|d|l)", re.IGNORECASE)
_POSSESSIVE = re.compile(r"[a-z]{4,}(ís|sí)", re.IGNORECASE)
"""“Children’s” as an old Mac would read it."""

_ALONE = frozenset("ÓÀàÉÍ")
"""Letters that are words: Ó Néill, à la carte."""

_SIGNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (signs, re.compile(pattern))
    for signs, pattern in (
        ("’", r"(?<=\w)’|(?<!\w)’(?=\w)"),
        ("‘", r"(?<!\w)‘(?=\w)"),
        ("“«", r"(?<!\w)[“«](?=\w)"),
        ("”»", r"(?<!\s)[”»](?!\w)"),
        ("–", r"–"),
        ("—", r"(?<!\w)—|—(?!\w)"),
        ("…®™©", r"(?<=\w)[…®™©](?!\w)"),
        ("£€", r"(?<!\w)[£€](?=\d|$)"),
        ("·•", r"(?<!\w)[·•]|l·l"),
        ("½¼¾°º²³§", r"(?<![^\W\d_])[½¼¾°º²³§](?!\w)|§(?=\d)"),
    )
)
"""Signs above ASCII that occur beside letters, and where."""


@dataclass(frozen=True)
class Reading:
    """A text as one encoding reads it; `encoding` is the name that people see."""

    encoding: str
    text: str


@dataclass(frozen=True)
class Doubt:
    """A line that two likely readings have differently: its number, and the word in each."""

    line: int
    words: tuple[tuple[str, str], ...]


def likely_readings(data: bytes) -> tuple[Reading, ...]:
    """The different likely readings of a text that is not UTF-8, those of usual encodings first."""
    readings: dict[str, Reading] = {}
    for name, codec in ENCODINGS.items():
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if text not in readings and not _CONTROL.search(text) and not find_unlikely_word(text):
            readings[text] = Reading(name, text)
    return tuple(readings.values())


def find_doubt(readings: Sequence[Reading]) -> Doubt:
    """The first line that several readings have differently, and the first such word of each."""
    versions = zip(*(_LINE_END.split(reading.text) for reading in readings), strict=False)
    number, lines = next((n, said) for n, said in enumerate(versions, 1) if len(set(said)) > 1)
    words = zip(*(_WORD.findall(line) for line in lines), strict=False)
    shown = next((said for said in words if len(set(said)) > 1), lines)
    names = [reading.encoding for reading in readings]
    return Doubt(number, tuple(zip(names, shown, strict=True)))


def find_unlikely_word(text: str) -> str:
    """The first word of a text that is likely in no language; empty if all can be."""
    words = dict.fromkeys(_WORD.findall(_BLANK.sub(" ", text)))
    return next((word for word in words if not _is_likely(word)), "")


def _is_likely(word: str) -> bool:
    """Whether a word could be one: signs where a writer puts them, and likely letters."""
    signs = [sign for sign in word if not sign.isascii() and not sign.isalpha()]
    for sign in dict.fromkeys(signs):
        where = next((pattern for known, pattern in _SIGNS if sign in known), None)
        if where is None or len(where.findall(word)) < signs.count(sign):
            return False
    runs = [run for run in re.findall(r"\w+", word) if not run.isascii()]
    return not is_garbled(word) and all(map(_has_likely_letters, runs))


def _has_likely_letters(run: str) -> bool:
    """Whether letters are of one alphabet, in places where it has them, and not of mixed case."""
    if len(run) == 1:
        return run in _ALONE
    if not run.isalpha() or _POSSESSIVE.fullmatch(run):
        return False
    if not run.isupper():
        for place in range(1, len(run)):
            pair = run[place - 1 : place + 1]
            if pair[1].isupper() and not pair.isascii() and not _PREFIX.fullmatch(run[:place]):
                return False
    small = run.lower().replace("\u0307", "")
    special = {letter for letter in small if not letter.isascii()}
    return any(special <= alphabet for alphabet in _ALPHABETS) and all(
        _HABITS[letter].search(small) for letter in special if letter in _HABITS
    )


def find_codec(encoding: str) -> str:
    """Python's name of an encoding that somebody named; empty for one that is none."""
    try:
        found = codecs.lookup(ENCODINGS.get(encoding.strip().lower(), encoding.strip()))
    except (LookupError, ValueError):
        return ""
    return found.name if found._is_text_encoding else ""
