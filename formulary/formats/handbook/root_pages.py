"""Write the pages above several organisations: the choice of one, and all of them side by side."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment

from formulary.diagrams.colour import make_shades
from formulary.edition.edition import Edition
from formulary.edition.text import first_capital, number_in_words
from formulary.formats.handbook.addresses import COMPARISON, Addresses
from formulary.formats.handbook.comparison import matters, overview
from formulary.formats.handbook.writer import Writer, front_matter, tidy


def handbooks_title(editions: Sequence[Edition]) -> str:
    """The title of the pages above several handbooks, in the word that all of them use."""
    processes = {edition.organisation.process for edition in editions}
    return f"{first_capital(processes.pop())} handbooks" if len(processes) == 1 else "Handbooks"


def root_pages(editions: Sequence[Edition], templates: Environment) -> dict[str, str]:
    """Path -> text of the pages at the root of the site."""
    examples = any(edition.notice for edition in editions)
    return {
        "index.md": front_matter(
            handbooks_title(editions), "Choose an organisation and read its handbook.", wide=True
        )
        + tidy(
            templates.get_template("root.md.j2").render(
                title=handbooks_title(editions),
                homes=[(edition, _writer(edition, templates, "index.md")) for edition in editions],
                examples=examples,
                comparison=COMPARISON,
                join_groups=join_groups,
                make_shades=make_shades,
            )
        ),
        COMPARISON: front_matter(
            "Side by side",
            "The organisations side by side: cycle, objectives, ratings, pay, appeals and more.",
            wide=True,
        )
        + tidy(
            templates.get_template("compare.md.j2").render(
                title="Side by side",
                writers={e.id: _writer(e, templates, COMPARISON) for e in editions},
                editions=editions,
                count=number_in_words(len(editions)),
                examples=examples,
                overview=overview(editions),
                matters=matters(editions),
            )
        ),
    }


def join_groups(edition: Edition) -> str:
    """The staff groups in a row: “Teachers; Senior leaders; Support staff”."""
    return "; ".join(group.name for group in edition.organisation.groups)


def _writer(edition: Edition, templates: Environment, path: str) -> Writer:
    return Writer(templates, Addresses(edition, False), path)
