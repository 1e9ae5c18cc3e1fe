"""A Word policy, read and written as `policy.yaml`, with an account of every word and number."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from formulary.content.loading import validate
from formulary.content.policy import Policy
from formulary.content.source import parse
from formulary.imports.account import (
    NumberDifference,
    WordAccount,
    compare_numbers,
    count_all,
    note_labels,
)
from formulary.imports.blocks import SourceDocument
from formulary.imports.draft import PolicyDraft
from formulary.imports.policy_yaml import WrittenPolicy, write_policy
from formulary.imports.structure import read_policy
from formulary.imports.word_reader import read_word_document
from formulary.problems import RETURN_EMPTY, RETURN_SCANNED, Problem
from formulary.returns.submission import CannotRead


@dataclass(frozen=True)
class ImportedPolicy:
    """A policy that was imported. `policy` is None where what was written does not validate."""

    document: SourceDocument
    draft: PolicyDraft
    written: WrittenPolicy
    policy: Policy | None
    problems: tuple[Problem, ...]
    words: WordAccount
    differences: tuple[NumberDifference, ...]
    numbers: int
    """How many sections and clauses have a number in the document."""


def import_policy(data: bytes, name: str, organisation: str) -> ImportedPolicy:
    """Read a Word policy. Raises CannotRead where the file is no Word document that can be read."""
    document = read_word_document(data, name)
    if not document.all_words:
        if document.pictures:
            raise CannotRead(RETURN_SCANNED, "The document holds nothing but pictures")
        raise CannotRead(RETURN_EMPTY, "The document has no words")
    draft = read_policy(document)
    written = write_policy(draft, document, organisation)
    note_labels(draft, document)
    for id, paragraphs in sorted(document.notes.items()):
        words = "\n".join(p.words for p in paragraphs)
        if words:
            why = "It is called in a heading or outside of the text, where no footnote can be."
            document.leave("footnote", words, f"note {id}", why)
    parsed, found = parse(written.text, Path("policy.yaml"))
    account = count_all(document, parsed.data, written.printed_for)
    if account.missing:
        words = " ".join(sorted(account.missing.elements()))
        document.leave("other words", words, "", "They were not placed.")
    file, faults = validate(Policy, parsed)
    policy = file.item if file and not (found or faults) else None
    differences, count = compare_numbers(draft, policy) if policy else ([], 0)
    return ImportedPolicy(
        document,
        draft,
        written,
        policy,
        (*found, *faults),
        account,
        tuple(differences),
        count,
    )
