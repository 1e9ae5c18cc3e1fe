"""The policy as pages: an index, one page a section, and the whole on one page for printing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from formulary.formats.handbook.downloads import Download
from formulary.formats.handbook.markdown import Markdown
from formulary.formats.handbook.related import related
from formulary.formats.handbook.writer import Writer
from formulary.model.paper import PaperClause, compose_paper
from formulary.model.text import plain

MakeWriter = Callable[..., Writer]
"""Takes a page's path (and the ids that stand on it) and gives its writer."""


def policy_pages(writer: MakeWriter, files: Sequence[Download]) -> dict[str, str]:
    """Path -> text of the policy's pages."""
    addresses = writer("").addresses
    paper = compose_paper(addresses.edition)
    index = addresses.page("policy/index.md")
    whole = addresses.page("policy/whole.md")
    offered = [file for file in files if file.form == "policy"]
    pages = writer(index).page(
        "policy-index", paper.title, addresses.edition.policy.summary, paper=paper, files=offered
    )
    for section in paper.sections:
        described = plain(section.blocks) or plain(
            tuple(block for clause in section.clauses for block in clause.blocks)
        )
        pages |= writer(addresses.section(section.id)).page(
            "section",
            section.heading,
            described or f"{section.heading}, a part of the policy.",
            section=section,
            heading=Markdown("##"),
            numbered=_numbered,
            related=related(addresses.edition, (section.id, *(c.id for c in section.clauses))),
        )
    ids = frozenset(addresses.homes)
    return pages | writer(whole, ids).page(
        "whole",
        f"{paper.title}: the whole policy",
        f"The whole policy of {paper.organisation} on one page, for printing.",
        search=False,
        paper=paper,
        heading=Markdown("###"),
        numbered=_numbered,
    )


def _numbered(clause: PaperClause) -> Markdown:
    """The classes that lay a clause out: its number hangs beside the words or the heading."""
    if not clause.number:
        return Markdown("")
    return Markdown(" titled" if clause.title else " numbered")
