"""Find words that no British dictionary has.

The dictionary is that of Hunspell for Britain, with spellings in -ise. Known besides are the words
of the field (`dictionary/field.txt`), of the glossary, the names that the organisation gives to
people and things, and the words under `known-words` in its `organisation.yaml`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Protocol

from hunspell import Hunspell

from formulary import problems
from formulary.check.texts import KEPT, OrganisationTexts
from formulary.edition.filled_text import GAP, FilledText
from formulary.problems import Problem
from formulary.project import PACKAGE

FOLDER = PACKAGE / "check" / "dictionary"
_WORD = re.compile(r"(?<![\w’@./#&-])[A-Za-zÀ-ſ]+(?:[’'][A-Za-zÀ-ſ]+)*(?![\w@&]|\.\w|://)")
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+|\]\([^)]*\)|`[^`]*`|www\.\S+")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;•“(\n]|\n[-*] )\s*[*_“‘]*\Z")
MOST_ADVISED = 20
"""Words for which a nearer one is looked up, which takes a hundred times as long as the rest."""


class _Dictionary(Protocol):
    def spell(self, word: str) -> bool: ...
    def suggest(self, word: str) -> tuple[str, ...]: ...


@cache
def _british() -> _Dictionary:
    words = Hunspell("en_GB", hunspell_data_dir=str(FOLDER))
    for word in (FOLDER / "field.txt").read_text("utf-8").split():
        words.add(word)
    return words  # type: ignore[no-any-return]


@cache
def _american() -> _Dictionary:
    return Hunspell("en_US")  # type: ignore[no-any-return]


def word_findings(texts: OrganisationTexts) -> Iterator[Problem]:
    """Words that are misspelt, American, or in no list: each once, where it is first."""
    own = frozenset(_own_words(texts))
    seen: set[str] = set()
    names: set[str] = set()
    for text in texts.all:
        names.update(_read_words(text.typed).names)
    advised = 0
    for text in texts.all:
        for written in _read_words(text.typed).unknown:
            word = written.replace("’", "'")
            if word in seen:
                continue
            seen.add(word)
            if word in names or _is_own(word, own):
                continue
            advised += 1
            yield _report(texts, text, written, advised <= MOST_ADVISED)


@dataclass(frozen=True)
class _TextWords:
    """Words of a text that no dictionary has, as they are written; and those that are names."""

    unknown: tuple[str, ...]
    names: tuple[str, ...]


@lru_cache(maxsize=KEPT)
def _read_words(typed: str) -> _TextWords:
    words = _ADDRESS.sub(GAP, typed)
    unknown: list[str] = []
    names: list[str] = []
    for match in _WORD.finditer(words):
        word = match.group().replace("’", "'")
        if not _is_known(word):
            unknown.append(match.group())
        # a capital in the middle of a sentence
        if word[:1].isupper() and not _SENTENCE_START.search(words[: match.start()]):
            names.append(word)
    return _TextWords(tuple(unknown), tuple(names))


@lru_cache(maxsize=KEPT)
def _is_known(word: str) -> bool:
    small = word.removesuffix("'s").removesuffix("'")
    if len(small) < 3 or small.isupper() or small[1:] != small[1:].lower():  # an abbreviation
        return True
    if any(ord(letter) > 0xFF for letter in small):  # the dictionaries know Latin-1 letters only
        return True
    dictionary = _british()
    if dictionary.spell(word) or dictionary.spell(small):
        return True
    return dictionary.spell(_plain_letters(small.lower()))


def _is_own(word: str, own: frozenset[str]) -> bool:
    low = _plain_letters(word.removesuffix("'s").removesuffix("'").lower())
    return low in own or low.removesuffix("s") in own


def _plain_letters(word: str) -> str:
    """A word without accents, as the dictionary has “cafe”."""
    split = unicodedata.normalize("NFD", word)
    return "".join(letter for letter in split if not unicodedata.combining(letter))


def _own_words(texts: OrganisationTexts) -> Iterator[str]:
    organisation = texts.own.organisation.item
    given: list[str] = [
        organisation.name,
        organisation.short,
        *organisation.words.values(),
        *organisation.sites,
        *organisation.known_words,
    ]
    terms = texts.content.glossary.item.terms if texts.content.glossary else ()
    given += [term.term for term in terms]
    yield from _split(given)


def _split(given: Iterable[str]) -> Iterator[str]:
    for text in given:
        yield from (match.group().lower().replace("’", "'") for match in _WORD.finditer(text))


def _is_american(word: str) -> bool:
    # the American dictionary is in Latin-1, and refuses to be asked for other letters
    return word.isascii() and _american().spell(word)


def _report(texts: OrganisationTexts, text: FilledText, word: str, is_advised: bool) -> Problem:
    plain = word.replace("’", "'").removesuffix("'s")
    near = _british().suggest(plain)[:3] if is_advised else ()
    write = f"Write “{near[0]}”." if near else ""
    if _is_american(plain) and not all(map(_is_american, near[:1] or (plain,))):
        message = f"“{word}” is American spelling"
        return texts.finding(problems.SPELLING, text, message, words=word, about=(word,), fix=write)
    message = f"“{word}” is in no British dictionary"
    meant = " or ".join(f"“{one}”" for one in near)
    add = "If it is right, add it under known-words in organisation.yaml."
    fix = f"Did you mean {meant}? {add}" if near else add
    return texts.finding(problems.UNKNOWN_WORD, text, message, words=word, about=(word,), fix=fix)
