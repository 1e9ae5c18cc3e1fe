"""Write the pages of what is due for review: one for each organisation and one over all."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from jinja2 import Environment

from formulary.edition.approval import policy_due
from formulary.edition.edition import Edition
from formulary.formats.handbook.addresses import Addresses
from formulary.formats.handbook.review_dates import ReviewDate, list_review_dates, sort_review_dates
from formulary.formats.handbook.writer import Writer, front_matter, tidy

PAGE = "reviews.md"
"""The page's name, in each organisation's folder and, over several, at the root."""

TITLE = "Due for review"


def review_pages(
    writer: Callable[[str], Writer], more: Sequence[ReviewDate] = ()
) -> dict[str, str]:
    """Path -> text of an organisation's page; `more` is what else of it has a review date."""
    addresses = writer("").addresses
    found = (*list_review_dates(addresses.edition), *more)
    return writer(addresses.page(PAGE)).page(
        "reviews",
        TITLE,
        f"When the policy of {addresses.edition.organisation.name} is due for review.",
        entries=sort_review_dates(found),
        silent=policy_due(addresses.edition.policy) is None,
    )


def all_reviews(
    editions: Sequence[Edition], templates: Environment, more: Sequence[ReviewDate] = ()
) -> dict[str, str]:
    """Path -> text of the page at the root over several organisations."""
    found = sort_review_dates(
        (*(entry for edition in editions for entry in list_review_dates(edition)), *more)
    )
    writer = Writer(templates, Addresses(editions[0], False), PAGE)
    body = templates.get_template("all-reviews.md.j2").render(
        w=writer,
        title=TITLE,
        entries=found,
        names={edition.id: edition.organisation.short for edition in editions},
        examples=any(edition.notice for edition in editions),
        silent=[edition for edition in editions if policy_due(edition.policy) is None],
    )
    described = "When the policies of all organisations are due for review, in date order."
    return {PAGE: front_matter(TITLE, described) + tidy(body)}
