"""A policy paper prints the guidance that the published document has as a part of it."""

from __future__ import annotations

from formulary.documents.paper import compose_paper, section_headings
from formulary.edition.edition import Edition
from formulary.edition.text import Bullets, Table, blocks, plain


def test_questions_checklists_and_letters_are_printed_in_full(
    editions: tuple[Edition, ...],
) -> None:
    edition = next(one for one in editions if one.id == "ealing")
    clauses = {clause.id: clause for clause in compose_paper(edition).clauses()}
    checklist, smart = clauses["checklist"], clauses["smart"]
    entries = [entry.text for one in edition.checklists for entry in one.entries]
    assert len(entries) == 29
    lists = [block for block in checklist.blocks if isinstance(block, Bullets)]
    assert [item for found in lists for item in found.items] == [blocks(text) for text in entries]
    (letters,) = (block for block in smart.blocks if isinstance(block, Bullets))
    assert letters.marks == ("S", "M", "A", "R", "T")
    assert plain(letters.items[4]) == "Time bound. It contains a “by when”."
    asked = clauses["questions"].blocks
    for id in ("long-service", "fear-of-criticism", "no-ideas-for-objectives"):
        question = next(one for one in edition.questions if one.id == id)
        assert question.asks in [plain((block,)) for block in asked]
        assert question.answer
        assert all(block in asked for block in blocks(question.answer))


def test_a_sample_form_has_the_parts_of_the_published_one_in_its_order(
    editions: tuple[Edition, ...],
) -> None:
    edition = next(one for one in editions if one.id == "pclc")
    clauses = {clause.id: clause for clause in compose_paper(edition).clauses()}
    tables = [block for block in clauses["sample-pm-form"].blocks if isinstance(block, Table)]
    assert [table.caption for table in tables] == [
        "About the review",
        "Objectives",
        "Development",
        "End of year review",
        "Pay",
        "Signatures",
        "Comments",
    ]
    about, objectives, *_ = tables
    entries = [plain(row[0].blocks) for row in about.rows]
    assert [entry for entry in entries if entry.startswith("Improvement")] == [
        "Improvement plan priority 1 to 5 (The points of the school improvement plan that matter "
        "most for this role)"
    ]
    assert len(objectives.columns) == 3
    assert [cell.blocks for cell in objectives.rows[0]] == [(), (), ()]
    chosen = next(row for table in tables for row in table.rows if row[1].blocks)
    assert plain(chosen[1].blocks) == "have been met / have not been met"


def test_headings_alone_are_those_of_the_paper(editions: tuple[Edition, ...]) -> None:
    for edition in editions:
        headings = {section.id: section.heading for section in compose_paper(edition).sections}
        assert list(section_headings(edition).items()) == list(headings.items())
