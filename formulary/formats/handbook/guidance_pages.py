"""Write guidance as pages: topics, questions with answers, and checklists, where there are any."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from formulary.content.guidance import Checklist
from formulary.edition.edition import Edition
from formulary.formats.handbook.addresses import Addresses
from formulary.formats.handbook.downloads import Download
from formulary.formats.handbook.related import (
    diagrams_of,
    find_forms,
    loose_diagrams,
    question_title,
    topic_title,
)
from formulary.formats.handbook.writer import Writer

CHECKLIST_FORM = "review-checklist"
"""The form that asks the checklists' entries as boxes to tick."""

TIMES = {
    "before": "Before the meeting",
    "during": "During the meeting",
    "after": "After the meeting",
    None: "At any time",
}


def guidance_pages(writer: Callable[[str], Writer], files: Sequence[Download]) -> dict[str, str]:
    """Path -> text of the pages of guidance, questions and checklists."""
    addresses = writer("").addresses
    edition = addresses.edition
    pages: dict[str, str] = {}
    if edition.topics or edition.diagrams:
        pages |= _topic_pages(writer, addresses)
    if edition.questions:
        pages |= writer(addresses.page("questions.md")).page(
            "questions",
            "Questions and answers",
            f"What staff of {edition.organisation.name} ask about reviews, with answers.",
            wide=True,
            explained=True,
            question_title=question_title,
        )
    if edition.checklists:
        pages |= writer(addresses.page("checklists.md")).page(
            "checklists",
            "Checklists",
            "What to do before, during and after a review.",
            times=list(group_checklists(edition)),
            form=edition.references.forms.get(CHECKLIST_FORM),
            form_id=CHECKLIST_FORM,
            files=[file for file in files if file.form == CHECKLIST_FORM],
        )
    return pages


def _topic_pages(writer: Callable[[str], Writer], addresses: Addresses) -> dict[str, str]:
    edition = addresses.edition
    pages = writer(addresses.page("guidance/index.md")).page(
        "guidance",
        "Guidance",
        f"How to do reviews well at {edition.organisation.name}, topic by topic.",
        pictures=loose_diagrams(edition),
    )
    for topic in edition.topics:
        title = topic_title(topic)
        pages |= writer(addresses.topic(topic.id)).page(
            "topic",
            title,
            topic.summary or topic.text or f"Guidance: {title}.",
            explained=True,
            topic=topic,
            pictures=diagrams_of(edition, topic),
            related=find_forms(edition, topic),
        )
    return pages


def group_checklists(
    edition: Edition,
) -> Iterator[tuple[str, str, tuple[tuple[str, Checklist], ...]]]:
    """Every time that has checklists: its heading, its anchor, and each checklist with its title.

    A checklist's own time holds where it has one; the reviewer's comes first, then the reviewee's.
    """
    order = ("reviewer", "reviewee", "both", None)
    for when, heading in TIMES.items():
        found = sorted(
            (checklist for checklist in edition.checklists if checklist.when == when),
            key=lambda checklist: order.index(checklist.who),
        )
        if found:
            named = tuple((_checklist_title(edition, c, heading), c) for c in found)
            yield heading, f"time--{when or 'any'}", named


def _checklist_title(edition: Edition, checklist: Checklist, heading: str) -> str:
    """The checklist's title without the heading above it.

    Without a title it tells whose it is, in the organisation's own words.
    """
    if checklist.title:
        rest = checklist.title.removeprefix(f"{heading}:").strip()
        return rest[:1].upper() + rest[1:]
    words = edition.organisation.words
    if checklist.who in ("reviewer", "reviewee"):
        return f"For the {words.get(checklist.who, checklist.who)}"
    return "For both" if checklist.who == "both" else heading
