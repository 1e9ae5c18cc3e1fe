"""Write a policy paper as a PDF/UA-1 document with contents and bookmarks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from formulary.documents.paper import Paper, PaperChange, PaperClause, PaperSection
from formulary.formats.pdf.document import open_document, write_document
from formulary.formats.pdf.typst import BlockContext, attributes, blocks_data, common_data, typeset


def write_policy(paper: Paper, house: Path) -> bytes:
    """Write a policy, or what changed in it, with its template in the folder `house`.

    Raises OutputError where the template is missing or wrong.
    """
    template = house / f"{paper.template}.typ"
    with open_document(typeset(template, policy_data(paper), paper.faces)) as pdf:
        return write_document(pdf, paper.stamp)


def policy_data(paper: Paper) -> dict[str, Any]:
    """What the template gets: the paper as plain values.

    A link to a clause or section of this paper leads to its label (“#clause:appeals”), one to the
    web stays, and one to anything else, such as a form, becomes plain text.
    """
    context = BlockContext(
        frozenset(_labels(paper)), paper.colour, {note.id: note.blocks for note in paper.notes()}
    )
    return {
        **common_data(paper),
        "light-cover": paper.has_light_cover,
        "summary": blocks_data(paper.summary, context),
        "cover": paper.cover,
        "changes": [_change_data(change, context) for change in paper.changes],
        "sections": [_section_data(section, context) for section in paper.printed],
    }


def _labels(paper: Paper) -> list[str]:
    return [
        *(_section_label(section) for section in paper.printed),
        *(_clause_label(clause) for clause in paper.clauses()),
    ]


def _section_label(section: PaperSection) -> str:
    return f"section:{section.id}"


def _clause_label(clause: PaperClause) -> str:
    return f"clause:{clause.id}"


def _change_data(change: PaperChange, context: BlockContext) -> dict[str, Any]:
    known = (f"{kind}:{change.clause}" for kind in ("clause", "section"))
    return {
        "label": change.label,
        "target": next((target for target in known if target in context.targets), ""),
        "blocks": blocks_data(change.blocks, context),
    }


def _section_data(section: PaperSection, context: BlockContext) -> dict[str, Any]:
    return {
        **attributes(section, "title", "heading", "appendix"),
        "label": _section_label(section),
        "number": section.beside,
        "blocks": blocks_data(section.blocks, context),
        "clauses": [
            {
                **attributes(clause, "rank", "forms"),
                "label": _clause_label(clause),
                "number": clause.beside,
                "title": clause.heading,
                "blocks": blocks_data(clause.blocks, context),
            }
            for clause in section.clauses
        ],
    }
