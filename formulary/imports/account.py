"""Compare the words of a document with those taken, and its numbers with those printed."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from formulary.content.policy import Policy, numbers
from formulary.imports.blocks import SourceDocument, count_words
from formulary.imports.draft import PolicyDraft
from formulary.imports.labels import Label

_NO_WORDS = frozenset(
    ("id", "marks", "start", "number", "numbering", "numbered", "status", "labels")
)
_LIST_MARK = re.compile(r"^\s*(?:-|\d{1,9}[.)]|\([a-z]{1,5}\))\s", re.MULTILINE)


@dataclass(frozen=True)
class WordAccount:
    """The words of a document, and what became of them."""

    total: int
    taken: int
    left_out: int
    missing: Counter[str]
    """Words that were neither written nor left out for a reason; they are listed all the same."""
    added: Counter[str]
    """Words of the YAML that the document has not."""


@dataclass(frozen=True)
class NumberDifference:
    """A section or clause whose number is not the document's."""

    id: str
    words: str
    in_document: str
    printed: str


def count_all(document: SourceDocument, data: Any, printed_for: dict[str, str]) -> WordAccount:
    """Count the words of the document, of the YAML `data`, and of what was left out.

    `printed_for` has the words that the document has where the YAML has an expression.
    """
    taken = count_words([_bare(text, printed_for) for text in _texts(data)])
    left = count_words([one.words for one in document.left_out])
    together = taken + left
    missing, added = document.all_words - together, together - document.all_words
    return WordAccount(
        document.all_words.total(),
        (taken & document.all_words).total(),
        left.total(),
        missing,
        added,
    )


def _texts(data: Any, key: str = "") -> Iterator[str]:
    if isinstance(data, dict):
        for name, value in data.items():
            if name not in _NO_WORDS:
                yield from _texts(value, name)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _texts(value, key)
    elif isinstance(data, str) and key not in ("on", "in-force", "next-review"):
        yield data


def _bare(text: str, printed_for: dict[str, str]) -> str:
    """The words that a text prints, as far as they can be told without the edition."""
    for expression, words in printed_for.items():
        text = text.replace(expression, words)
    text = re.sub(r"\]\((?:clause|section|https?|mailto):?[^)]*\)", "", text)
    text = _LIST_MARK.sub("", text)
    return html.unescape(re.sub(r"\\(?=[^\w\s])", "", text).replace("\\\n", "\n")).replace("*", "")


def note_labels(draft: PolicyDraft, document: SourceDocument) -> None:
    """List the typed numbers and marks: Formulary prints its own."""
    typed: list[str] = []

    def note(label: Label) -> None:
        if label.is_typed and re.search(r"\w", label.printed):
            typed.append(label.printed)

    for section in draft.sections:
        if section.title is not None:
            note(section.label)
        for part in section.intro:
            _note_entries(part, note)
    for _, clause in draft.clauses():
        note(clause.label)
        for part in clause.parts:
            _note_entries(part, note)
    if typed:
        why = "Formulary prints the numbers; they are compared below."
        document.leave("typed numbers", " ".join(typed), "before the text", why)


def _note_entries(part: Any, note: Any) -> None:
    for entry in getattr(part, "entries", ()):
        note(entry.label)
        for inner in entry.inner:
            _note_entries(inner, note)


def compare_numbers(draft: PolicyDraft, policy: Policy) -> tuple[list[NumberDifference], int]:
    """The numbers that differ from the document's, and how many the document has."""
    printed = numbers(policy)
    differences: list[NumberDifference] = []
    count = 0
    parts = [(one.id, one.label, one.title.words if one.title else "") for one in draft.sections]
    for _, clause in draft.clauses():
        words = clause.title.words if clause.title else ""
        parts.append((clause.id, clause.label, words or _first_words(clause.parts)))
    for id, label, words in parts:
        ours = printed.get(id, "")
        if label.kind:
            count += 1
        if figure_of(label.printed) != figure_of(ours):
            differences.append(NumberDifference(id, words[:70], label.printed, ours))
    return differences, count


def figure_of(number: str) -> str:
    """What is compared of a number: without stops, brackets and the word Appendix, in capitals."""
    bare = re.sub(r"^(?:appendix|annexe?|schedule)\s+", "", number.strip(), flags=re.IGNORECASE)
    return " ".join(re.sub(r"[.:)(]+$|^\(", "", bare.strip()).upper().strip(" –—-").split())


def _first_words(parts: Any) -> str:
    for part in parts:
        words = getattr(part, "words", "")
        if words:
            return str(words)
    return ""
