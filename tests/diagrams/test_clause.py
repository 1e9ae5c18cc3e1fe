"""A clause that names a diagram shows it after its text."""

from __future__ import annotations

from dataclasses import replace

from formulary.documents.paper import compose_paper
from formulary.edition.edition import Edition
from formulary.edition.text import Bullets, Figure
from tests.diagrams.samples import FLOWCHART


def test_a_clause_shows_its_diagram_and_the_list_after_its_text(
    editions: tuple[Edition, ...],
) -> None:
    edition = replace(editions[0], diagrams=(*editions[0].diagrams, FLOWCHART))
    policy = edition.policy
    section, clause = next((s, c) for s, c in policy.clauses() if c.text and not c.diagram)
    shown = clause.model_copy(update={"diagram": FLOWCHART.id})
    clauses = tuple(shown if c is clause else c for c in section.clauses)
    parts = tuple(
        s.model_copy(update={"clauses": clauses}) if s is section else s for s in policy.sections
    )
    paper = compose_paper(
        replace(edition, policy=policy.model_copy(update={"sections": parts, "appendices": ()}))
    )
    made = next(found for found in paper.clauses() if found.id == clause.id)
    at = next(n for n, block in enumerate(made.blocks) if isinstance(block, Figure))
    assert at >= 1
    assert isinstance(made.blocks[at + 1], Bullets)
