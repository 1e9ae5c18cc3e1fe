"""A policy as it was found in a document: sections, clauses, and the blocks in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from formulary.imports.blocks import SourceParagraph, SourceTable
from formulary.imports.cover import PolicyCover
from formulary.imports.labels import NO_LABEL, Label
from formulary.imports.scheme import Scheme

MOST_COLUMNS = 12
"""Columns that a table of a clause can have."""


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
    is_run_in: bool = False
    """Whether its title is the bold beginning of its first paragraph."""


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


@dataclass
class Body:
    """A text, then a list, then a table."""

    text: list[Part] = field(default_factory=list)
    points: ListBlock | None = None
    table: SourceTable | None = None


def split_parts(parts: Sequence[Part]) -> tuple[list[Body], list[Part]]:
    """What a clause holds, as bodies of text, list and table; and the text that closes it."""
    bodies: list[Body] = []
    for part in parts:
        is_table = isinstance(part, SourceTable) and can_be_table(part)
        last = bodies[-1] if bodies else None
        if last is None or last.table or (last.points and not is_table):
            last = Body()
            bodies.append(last)
        if isinstance(part, ListBlock):
            last.points = part
        elif isinstance(part, SourceTable) and is_table:
            last.table = part
        else:
            last.text.append(part)
    if len(bodies) > 1 and not bodies[-1].points and not bodies[-1].table:
        return bodies[:-1], bodies[-1].text
    return bodies, []


def can_be_table(table: SourceTable) -> bool:
    """Whether a table can be one of a clause: with a row below its header, and not too wide."""
    rows = [row for row in table.rows if any(cell.words for cell in row)]
    return len(rows) > 1 and 1 < table.width <= MOST_COLUMNS


def leading_text(parts: Sequence[Part]) -> tuple[list[Part], list[Part]]:
    """The paragraphs with which parts begin, and the rest."""
    count = next(
        (at for at, p in enumerate(parts) if not isinstance(p, SourceParagraph)), len(parts)
    )
    return list(parts[:count]), list(parts[count:])
