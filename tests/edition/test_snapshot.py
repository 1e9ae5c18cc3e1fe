"""A snapshot holds each text as it is printed; and as it was written, where a fact is in it."""

from __future__ import annotations

from dataclasses import replace

from formulary.content.loading import Content, File, OrganisationContent
from formulary.content.snapshot import Piece
from formulary.edition.edition import compose_edition
from formulary.edition.entries import take_snapshot


def pieces(content: Content, own: OrganisationContent, clause: str) -> dict[str, Piece]:
    """The pieces of a clause, by id, in a snapshot of an organisation's edition."""
    edition, faults = compose_edition(content, own)
    assert faults == ()
    entries = {entry.key: entry for entry in take_snapshot(edition).entries}
    return {piece.id: piece for piece in entries[f"clause:{clause}"].pieces}


def drawing(content: Content) -> tuple[OrganisationContent, str]:
    """An organisation with a clause that shows a diagram, and the id of that clause."""
    return next(
        (own, clause.id)
        for own in content.organisations
        for _, clause in own.policy.item.clauses()
        if clause.diagram
    )


def test_the_title_of_a_picture_is_kept_with_its_source(content: Content) -> None:
    own, clause = drawing(content)
    assert own.guidance
    diagrams = tuple(
        diagram.model_copy(update={"title": "The year of {{ organisation.short }}"})
        for diagram in own.guidance.item.diagrams
    )
    guidance = own.guidance.item.model_copy(update={"diagrams": diagrams})
    changed = replace(own, guidance=File(guidance, own.guidance.document))
    title = pieces(content, changed, clause)["diagram"]
    assert title.text == f"The year of {own.organisation.item.short}"
    assert title.written == "The year of {{ organisation.short }}"


def test_a_text_without_a_fact_has_no_source_of_its_own(content: Content) -> None:
    own, clause = drawing(content)
    assert pieces(content, own, clause)["diagram"].written is None


def test_guidance_that_a_clause_prints_is_compared_with_the_clause(content: Content) -> None:
    own = next(one for one in content.organisations if one.id == "ealing")
    assert own.checklists
    first, *others = own.checklists.item.checklists
    entry = first.entries[0].model_copy(update={"text": "Ask {{ words.head }} for a room."})
    changed = first.model_copy(update={"entries": (entry, *first.entries[1:])})
    checklists = own.checklists.item.model_copy(update={"checklists": (changed, *others)})
    after = replace(own, checklists=File(checklists, own.checklists.document))
    here = f"prints:{first.id}.{entry.id}"
    piece = pieces(content, after, "checklist")[here]
    assert piece.text == "- Ask headteacher for a room."
    assert piece.written == "- Ask {{ words.head }} for a room."
    assert pieces(content, own, "checklist")[here].text != piece.text
