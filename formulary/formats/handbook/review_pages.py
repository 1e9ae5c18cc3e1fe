"""The pages of what is due for review: one for each organisation, and one over all at the root."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from jinja2 import Environment

from formulary.edition.edition import Edition
from formulary.formats.handbook.addresses import Addresses
from formulary.formats.handbook.due import Reviewed, in_order, reviewed
from formulary.formats.handbook.writer import Writer, front_matter, tidy

PAGE = "reviews.md"
"""The page's name, in each organisation's folder and, over several, at the root."""

TITLE = "Due for review"


def review_pages(writer: Callable[[str], Writer], more: Sequence[Reviewed] = ()) -> dict[str, str]:
    """Path -> text of an organisation's page; `more` is what else of it has a review date."""
    addresses = writer("").addresses
    found = (*reviewed(addresses.edition), *more)
    return writer(addresses.page(PAGE)).page(
        "reviews",
        TITLE,
        f"When the policy of {addresses.edition.organisation.name} is due for review.",
        entries=in_order(found),
    )


def all_reviews(
    editions: Sequence[Edition], templates: Environment, more: Sequence[Reviewed] = ()
) -> dict[str, str]:
    """Path -> text of the page at the root over several organisations."""
    found = in_order((*(entry for edition in editions for entry in reviewed(edition)), *more))
    writer = Writer(templates, Addresses(editions[0], False), PAGE)
    body = templates.get_template("all-reviews.md.j2").render(
        w=writer,
        title=TITLE,
        entries=found,
        names={edition.id: edition.organisation.short for edition in editions},
        examples=any(edition.notice for edition in editions),
    )
    described = "When the policies of all organisations are due for review, in order of date."
    return {PAGE: front_matter(TITLE, described) + tidy(body)}
