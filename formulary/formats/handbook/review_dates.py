"""Find what of an edition is due for review and when, and say so on pages."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from formulary.content.policy import Policy
from formulary.edition.approval import Due, due, policy_due
from formulary.edition.edition import Edition
from formulary.edition.text import first_capital
from formulary.formats.handbook.markdown import Markdown


@dataclass(frozen=True)
class ReviewDate:
    """One thing with a review date.

    `path` is its page from the root of the docs folder, with its anchor. Anything else of an
    edition that has a review date, such as a statement made beside the content, is handed to
    `review_pages` as one more of these.
    """

    organisation: str
    title: str
    path: str
    due: Due
    cycle: str = ""


def list_review_dates(edition: Edition) -> Iterator[ReviewDate]:
    """The policy and every related document, as far as they have a review date."""
    policy = edition.policy
    if stated := policy_due(policy):
        cycle = first_capital(policy.review_cycle or "")
        path = f"{edition.id}/policy/index.md"
        yield ReviewDate(edition.id, policy.title, path, stated, cycle)
    for document in edition.organisation.related:
        when = due(document.next_review, document.next_review_in)
        if when:
            path = f"{edition.id}/documents.md#{document.id}"
            yield ReviewDate(edition.id, first_capital(document.name), path, when)


def sort_review_dates(found: Iterable[ReviewDate]) -> list[ReviewDate]:
    """By date; then what has words without a year."""

    def place(entry: ReviewDate) -> tuple[int, str, str, str]:
        if entry.due.last is None:
            return 1, entry.due.words, entry.organisation, entry.title
        return 0, entry.due.last.isoformat(), entry.organisation, entry.title

    return sorted(found, key=place)


def time_element(when: Due, *, begins: bool = False) -> Markdown:
    """The date as HTML’s `time`, which a script can compare with today.

    `begins`: its words open a cell, so they take a capital.
    """
    words = html.escape(first_capital(when.words) if begins else when.words, quote=False)
    if not when.machine:
        return Markdown(words)
    return Markdown(f'<time datetime="{when.machine}">{words}</time>')


def review_note(policy: Policy) -> Markdown:
    """“This policy is due for review by 31 August 2025.” as HTML; empty where no date is stated.

    Without a script it is all that a reader sees, so it is true before the date and after it.
    """
    when = policy_due(policy)
    if when is None:
        return Markdown("")
    end = "by" if when.exact else "in"
    return Markdown(
        '<p class="review-note" data-review="policy">This policy is due for review '
        f"{end} {time_element(when)}.</p>"
    )
