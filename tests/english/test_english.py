"""The English that people read: short sentences, plain words, and none of another document's.

What cannot be counted is for reading aloud. Each fault says where the words are.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from formulary.content.loading import Content
from formulary.edition.edition import Edition
from tests.english.measure import (
    LONG,
    RUN,
    reading_ease,
    runs_of,
    split_sentences,
    words_of,
)
from tests.english.texts import Passage, passages

HERE = Path(__file__).parent
AVERAGE = 15
"""Words; the average sentence of a kind of text has fewer."""
LONG_SHARE = 0.02
"""Of a hundred sentences fewer than two are long."""
EASE = {"policies": 55, "notes": 50}
"""The least reading ease, where it is not `PLAIN`: a policy names bodies, laws and procedures."""
PLAIN = 60
KINDS = (
    "policies",
    "facts",
    "guidance",
    "questions",
    "forms",
    "notes",
    "docs",
    "code-docs",
    "messages",
    "reference",
    "pages",
)
STANDARDS = "content/library/standards.yaml"
"""Its headings are those of official standards, which many documents quote."""


@dataclass(frozen=True)
class Pattern:
    """An expression that is not used, what to write instead, and the kinds of text it is for."""

    find: re.Pattern[str]
    instead: str
    kinds: tuple[str, ...]


def _read_patterns() -> list[Pattern]:
    data = tomllib.loads((HERE / "patterns.toml").read_text("utf-8"))["pattern"]
    return [
        Pattern(
            re.compile(entry["find"], re.IGNORECASE),
            entry["instead"],
            tuple(entry.get("kinds", KINDS)),
        )
        for entry in data
    ]


PATTERNS = _read_patterns()
NAMES = [
    entry["words"] for entry in tomllib.loads((HERE / "patterns.toml").read_text("utf-8"))["name"]
]
SOURCES = frozenset((HERE / "wording-8.txt").read_text("ascii").split())


@pytest.fixture(scope="module")
def published(content: Content, editions: tuple[Edition, ...]) -> list[Passage]:
    found = list(passages(content, editions))
    assert {passage.kind for passage in found} == set(KINDS)
    return found


def sentences_in(published: list[Passage], kind: str) -> list[tuple[str, str]]:
    """Place and words of every sentence of a kind of text."""
    return [
        (passage.place, sentence)
        for passage in published
        if passage.kind == kind and not passage.is_name
        for sentence in split_sentences(passage.words)
    ]


def find_patterns(passage: Passage) -> Iterator[tuple[str, str]]:
    """Expressions of a passage that are not used, each with what to write instead."""
    for pattern in PATTERNS:
        if passage.kind not in pattern.kinds:
            continue
        parts = (
            split_sentences(passage.words) if pattern.find.pattern[0] == "^" else [passage.words]
        )
        for part in parts:
            for found in pattern.find.finditer(part):
                yield part[max(0, found.start() - 40) : found.end() + 40], pattern.instead


def find_copied(words: str) -> list[str]:
    """Runs of eight words that are in the published documents too; names are left out."""
    for name in NAMES:
        words = re.sub(re.escape(name), f" {'§ ' * RUN}", words, flags=re.IGNORECASE)
    return [run for part in words.split("§") for run, mark in runs_of(part) if mark in SOURCES]


@pytest.mark.parametrize("kind", KINDS)
def test_sentences_are_short_and_read_easily(published: list[Passage], kind: str) -> None:
    sentences = sentences_in(published, kind)
    lengths = [len(words_of(sentence)) for _, sentence in sentences]
    long = [found for found, length in zip(sentences, lengths, strict=True) if length > LONG]
    average, share = sum(lengths) / len(lengths), len(long) / len(lengths)
    ease = reading_ease([sentence for _, sentence in sentences])
    assert average < AVERAGE
    assert share < LONG_SHARE, "\n".join(f"{place}: {words}" for place, words in long)
    assert ease > EASE.get(kind, PLAIN)


def test_no_expression_is_used_that_has_a_plainer_one(published: list[Passage]) -> None:
    found = {
        f"{passage.place}: “{words}” (write: {instead})"
        for passage in published
        if not passage.is_stamped
        for words, instead in find_patterns(passage)
    }
    assert sorted(found) == []


def test_no_eight_words_in_a_row_are_another_documents(published: list[Passage]) -> None:
    found = {
        f"{passage.place}: {copied}"
        for passage in published
        if not passage.place.startswith(STANDARDS) and (copied := find_copied(passage.words))
    }
    assert sorted(found) == []


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.find.pattern[:30])
def test_each_pattern_is_one_of_whole_words(pattern: Pattern) -> None:
    assert not pattern.find.search("")
    assert set(pattern.kinds) <= set(KINDS)


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("The rule stands in clause 5.", True),
        ("The letters stand for six words.", False),
        ("The reviewers understand it.", False),
        ("The two hold a meeting.", True),
        ("The two dates are the same.", False),
        ("Whom can I ask?", True),
        ("It is constructive, and not of blame.", True),
        ("What the reviewer writes down there is kept for six years.", True),
        ("What does the reviewer write down at the meeting?", False),
        ("They meet in spring.", True),
        ("Meet in spring. They also talk.", False),
    ],
)
def test_the_patterns_find_what_they_are_for(words: str, *, is_found: bool) -> None:
    assert bool(list(find_patterns(Passage("policies", "", words)))) == is_found


def test_a_name_breaks_a_run_and_other_words_do_not() -> None:
    run = "smart specific measurable achievable realistic and time bound"
    assert find_copied(run) == [run]
    assert find_copied(f"SMART: {NAMES[2]}") == []


@pytest.mark.parametrize(
    ("passage", "count"),
    [
        ("One is short here. `code` begins the next one. Is a third there?", 3),
        ("Use, e.g. a form of Mr. Lee, for this.", 1),
        ("It says so: The head decides about it.", 1),
        ("Too short. No.", 0),
    ],
)
def test_sentences_are_told_apart(passage: str, count: int) -> None:
    assert len(list(split_sentences(passage))) == count
