"""Find what is wrong with the data behind the accessibility statement."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from formulary import problems
from formulary.check.texts import OrganisationTexts
from formulary.content.accessibility import Accessibility
from formulary.content.loading import Content, File
from formulary.problems import Problem

YEAR = 366
"""Days."""


def accessibility_problems(content: Content) -> Iterator[Problem]:
    """Ids given twice, dates in the wrong order, and a claim that is better than what is known."""
    file = content.accessibility
    if file is None:
        return
    data, document = file.item, file.document
    seen: set[str] = set()
    for place, issue in enumerate(data.issues):
        if issue.id in seen:
            yield Problem(
                problems.REPEATED_ID,
                document.place(("issues", place, "id")),
                f"Two issues have the id “{issue.id}”",
                problems.REPEATED_ID.remedy,
            )
        seen.add(issue.id)
    if data.reviewed < data.prepared:
        yield Problem(
            problems.BAD_ORDER,
            document.place(("reviewed",)),
            "The accessibility statement was reviewed before it was prepared",
            problems.BAD_ORDER.remedy,
        )
    if data.compliance == "fully" and data.known_compliance != "fully":
        yield Problem(
            problems.COMPLIANCE_CLAIM,
            document.place(("compliance",)),
            "The statement says that the handbook is fully compliant, and the recorded checks or "
            "the issues say that it is not",
            problems.COMPLIANCE_CLAIM.remedy,
        )


def testing_due(statement: Accessibility) -> datetime.date | None:
    """The first day on which the last test is more than a year old; None if there was no test."""
    recorded = statement.recorded
    return recorded.tested + datetime.timedelta(days=YEAR + 1) if recorded else None


def testing_findings(file: File[Accessibility] | None, today: datetime.date) -> Iterator[Problem]:
    """Whether the last test is more than a year before `today`, or was never recorded."""
    if file is None:
        return
    recorded, document = file.item.recorded, file.document
    if recorded is None:
        yield Problem(
            problems.NOT_TESTED,
            document.place(()),
            "The accessibility statement reports no test",
            problems.NOT_TESTED.remedy,
        )
    elif (due := testing_due(file.item)) and today >= due:
        yield Problem(
            problems.OLD_TEST,
            document.place(("recorded", "tested")),
            "The last accessibility test is more than a year old",
            problems.OLD_TEST.remedy,
        )


def contact_findings(texts: OrganisationTexts) -> Iterator[Problem]:
    """Whether an approved handbook says who to tell what does not work."""
    organisation = texts.own.organisation
    if organisation.item.status == "approved" and organisation.item.contact is None:
        yield texts.at(
            problems.NO_CONTACT,
            organisation.document,
            ("status",),
            "Readers have no one to tell about something that is not accessible",
            about=("organisation", "contact"),
        )
