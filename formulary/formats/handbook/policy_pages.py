"""Write the policy as pages: an index, a page for each section, and one page to print."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from formulary.documents.paper import PaperClause, compose_paper
from formulary.edition.text import plain
from formulary.formats.handbook.addresses import note_anchor
from formulary.formats.handbook.changes_pages import (
    RemovedItem,
    find_marks,
    list_removed,
    withdrawn_pages,
)
from formulary.formats.handbook.downloads import Download
from formulary.formats.handbook.markdown import Markdown
from formulary.formats.handbook.related import find_related, group_by_clause
from formulary.formats.handbook.writer import Writer

MakeWriter = Callable[..., Writer]
"""Takes a page's path (and the ids on it) and gives its writer."""


def policy_pages(writer: MakeWriter, files: Sequence[Download]) -> dict[str, str]:
    """Path -> text of the policy's pages."""
    addresses = writer("").addresses
    paper = compose_paper(addresses.edition)
    index = addresses.page("policy/index.md")
    whole = addresses.page("policy/whole.md")
    offered = [file for file in files if file.form == "policy"]
    notes, marked = list_removed(addresses.edition), find_marks(addresses.edition)
    pages = writer(index).page(
        "policy-index", paper.title, addresses.edition.policy.summary, paper=paper, files=offered
    )
    for section in paper.sections:
        described = plain(section.blocks) or plain(
            tuple(block for clause in section.clauses for block in clause.blocks)
        )
        clauses = tuple(clause.id for clause in section.clauses)
        margins = group_by_clause(addresses.edition, clauses, files)
        pages |= writer(addresses.section(section.id)).page(
            "section",
            section.heading,
            described or f"{section.heading}, a part of the policy.",
            section=section,
            heading=lambda clause: Markdown("#" * (1 + clause.rank)),
            layout_classes=_layout_classes,
            note_anchor=note_anchor,
            beside=margins,
            marks=marked,
            gone=_group_by_place(notes),
            related=find_related(addresses.edition, section.id, clauses),
            wide=True,
            explained=True,
        )
    ids = frozenset(addresses.homes)
    pages |= withdrawn_pages(writer)
    return pages | writer(whole, ids).page(
        "whole",
        f"{paper.title}: the whole policy",
        f"The whole policy of {paper.organisation} on one page, for printing.",
        search=False,
        paper=paper,
        heading=lambda clause: Markdown("#" * (2 + clause.rank)),
        layout_classes=_layout_classes,
        note_anchor=note_anchor,
        beside={},
        marks=marked,
        gone=_group_by_place(note for note in notes if not note.moved),
    )


def _group_by_place(notes: Iterable[RemovedItem]) -> dict[tuple[str, str], list[RemovedItem]]:
    """Notes on what is gone, by their section and the clause that they follow."""
    found: dict[tuple[str, str], list[RemovedItem]] = {}
    for note in notes:
        if note.id != note.section:
            found.setdefault((note.section, note.after), []).append(note)
    return found


def _layout_classes(clause: PaperClause) -> Markdown:
    """The classes that lay a clause out: its number hangs beside the words or the heading."""
    if not clause.beside:
        return Markdown("")
    return Markdown(" titled" if clause.title else " numbered")
