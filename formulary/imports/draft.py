"""A policy as it was found in a document: sections, clauses, and the blocks in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from formulary.imports.blocks import SourceParagraph, SourceTable
from formulary.imports.cover import PolicyCover
from formulary.imports.labels import NO_LABEL, Label
from formulary.imports.scheme import Scheme


@dataclass
class Entry:
    """An entry of a list, with what follows in it and the lists inside it."""

    label: Label
    paragraphs: list[SourceParagraph]
    inner: list[ListBlock] = field(default_factory=list)


@dataclass
class ListBlock:
    """A list whose entries have labels of one kind."""

    entries: list[Entry]


Part = SourceParagraph | ListBlock | SourceTable


@dataclass
class ClauseDraft:
    """A clause. `label` is the number that the document prints; its id may be known already."""

    label: Label = NO_LABEL
    title: SourceParagraph | None = None
    parts: list[Part] = field(default_factory=list)
    clauses: list[ClauseDraft] = field(default_factory=list)
    """The clauses inside it, such as 5.1.1."""
    known_id: str = ""
    id: str = ""


@dataclass
class SectionDraft:
    """A section or an appendix."""

    title: SourceParagraph | None
    label: Label = NO_LABEL
    why: str = ""
    is_guess: bool = False
    intro: list[Part] = field(default_factory=list)
    clauses: list[ClauseDraft] = field(default_factory=list)
    is_appendix: bool = False
    known_id: str = ""
    id: str = ""
    invented_title: str = ""


@dataclass
class PolicyDraft:
    """What is known of a policy before it is written as YAML."""

    cover: PolicyCover
    scheme: Scheme
    summary: list[SourceParagraph]
    sections: list[SectionDraft]

    def clauses(self) -> Iterator[tuple[SectionDraft, ClauseDraft]]:
        """Every clause with its section; those inside another after it."""
        for section in self.sections:
            for clause in section.clauses:
                yield from ((section, one) for one in with_inner(clause))


def with_inner(clause: ClauseDraft) -> Iterator[ClauseDraft]:
    """A clause, and every clause inside it."""
    yield clause
    for inner in clause.clauses:
        yield from with_inner(inner)
