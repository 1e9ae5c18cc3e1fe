"""How a document numbers its sections and clauses."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from formulary.content.policy import Numbering
from formulary.imports.headings import Heading
from formulary.imports.labels import Label, is_roman, value_of
from formulary.imports.lines import Line


@dataclass(frozen=True)
class Scheme:
    """A scheme of numbers. The patterns are those of `labels` in policy.yaml; empty: as usual."""

    numbering: Numbering
    sections: str = ""
    clauses: str = ""
    appendices: str = ""
    clause_word: str = ""
    """The word before the number of a clause, in small letters: “section” under articles."""

    def is_clause(self, label: Label) -> bool:
        """Whether a label is that of a clause."""
        if self.clause_word:
            return label.word == self.clause_word
        if label.kind != "number" or label.printed.startswith("("):
            return False
        if self.numbering == "clauses":
            return label.depth == 2
        return self.numbering in ("paragraphs", "articles") and label.depth == 1

    def is_inner(self, label: Label) -> bool:
        """Whether a label is that of a clause inside a clause: 5.1.1."""
        base = 2 if self.numbering == "clauses" else 1
        return (
            self.numbering in ("clauses", "paragraphs")
            and label.kind == "number"
            and label.depth > base
        )


NO_SCHEME = Scheme("none")


def find_scheme(lines: Sequence[Line], headings: dict[int, Heading]) -> Scheme:
    """The scheme of a document, from the labels of its headings and paragraphs."""
    tops = [lines[at].label for at, heading in headings.items() if heading.level == 1]
    appendices = _pattern([label for label in tops if label.is_appendix], word=False)
    tops = [label for label in tops if not label.is_appendix]
    usual = "" if appendices in ("", "{A}") else appendices
    labelled = [label for label in tops if label.number and label.kind != "bullet"]
    pattern = _pattern(labelled, word=True) if len(labelled) * 2 >= len(tops) else ""
    if pattern.startswith("Article"):
        return _articles(lines, headings, pattern, usual)
    dotted = sum(line.label.kind == "number" and line.label.depth == 2 for line in lines)
    if dotted >= 3 or (dotted and pattern == "{1}"):
        return Scheme("clauses", "" if pattern in ("", "{1}") else pattern, appendices=usual)
    sections = {at for at, heading in headings.items() if heading.level == 1}
    running = [
        int(line.label.number)
        for at, line in enumerate(lines)
        if at not in sections and line.label.kind == "number" and line.label.depth == 1
        and not line.label.printed.startswith("(") and line.label.number.isdigit()
    ]  # fmt: skip
    if len(running) >= 8 and running.count(1) <= 2 and _rises(running):
        return Scheme("paragraphs", pattern, appendices=usual)
    if pattern:
        return Scheme("clauses", "" if pattern == "{1}" else pattern, appendices=usual)
    return Scheme("clauses", appendices=usual) if appendices else NO_SCHEME


def _articles(
    lines: Sequence[Line], headings: dict[int, Heading], pattern: str, appendices: str
) -> Scheme:
    words = Counter(line.label.word for line in lines if line.label.kind == "named")
    if words["section"] >= 2:
        inner = _pattern([line.label for line in lines if line.label.word == "section"], word=True)
        own = "" if pattern == "Article {I}" else pattern
        return Scheme(
            "articles", own, "" if inner == "Section {1}" else inner, appendices, "section"
        )
    dotted = sum(line.label.kind == "number" and line.label.depth == 2 for line in lines)
    if dotted >= 3:
        return Scheme("clauses", pattern, appendices=appendices)
    own = "" if pattern == "Article {I}" else pattern
    return Scheme("articles", own, "{1}", appendices)


def _pattern(labels: Sequence[Label], *, word: bool) -> str:
    """The pattern of most labels: “{1}”, “{A}”, “Article {I}”; empty where there is none."""
    if not labels:
        return ""
    numbers = [label.number for label in labels]
    if all(re.fullmatch(r"\d+[A-Za-z]?", number) for number in numbers):
        style = "1"
    elif all(is_roman(number) for number in numbers) and (
        len(numbers) == 1 or _values_rise(numbers, roman=True)
    ):
        style = "I" if numbers[0].isupper() else "i"
    elif all(number.isalpha() and len(number) <= 2 for number in numbers):
        style = "A" if numbers[0].isupper() else "a"
    else:
        return ""
    if style == "1" and all(re.fullmatch(r"\d+\.0\W*", label.printed) for label in labels):
        return "{1}.0"
    words = Counter(label.word for label in labels)
    name = words.most_common(1)[0][0].capitalize() if word else ""
    return f"{name} {{{style}}}".strip()


def _values_rise(numbers: Sequence[str], *, roman: bool) -> bool:
    values = [value_of(number, roman=roman) for number in numbers]
    return all(later > one for one, later in itertools.pairwise(values))


def _rises(numbers: list[int]) -> bool:
    steps = sum(later == one + 1 for one, later in itertools.pairwise(numbers))
    return steps >= 0.8 * (len(numbers) - 1)


def section_value(scheme: Scheme, label: Label) -> int | str | None:
    """The figure of a section or an appendix; see `own_value`."""
    if label.is_appendix:
        return own_value(label, scheme.appendices or "{A}")
    return own_value(label, scheme.sections or ("{I}" if scheme.numbering == "articles" else "{1}"))


def own_value(label: Label, pattern: str) -> int | str | None:
    """The figure of a label in its scheme; “4A” where it was put in between; None where it is none.

    Of a number such as 5.3 it is the last figure.
    """
    number = label.number.split(".")[-1]
    if not number:
        return None
    if number.isdigit():
        return int(number)
    if re.fullmatch(r"\d{1,4}[A-Za-z]{1,2}", number):
        return number
    if not number.isalpha():
        return None
    return value_of(number, roman="{I}" in pattern or "{i}" in pattern) or None
