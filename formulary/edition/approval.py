"""Say a policy's version, who approved it, since when it is in force, and when it is reviewed.

The words are the same for pages, policy documents and forms.
"""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass

from formulary.content.cycle import MONTHS, british
from formulary.content.policy import Approval, Consultation, Policy
from formulary.edition.text import first_capital

NOT_STATED = "Not stated"

STATUS_WORDS = {
    "draft": "Draft",
    "approved": "Approved",
    "model": "Model for others to adopt",
    "not stated": NOT_STATED,
}

_LAST_MONTHS = {"spring": 5, "summer": 8, "autumn": 11, "winter": 12}
"""The month that ends each season, counted late, so that nothing is called overdue too early."""


@dataclass(frozen=True)
class Due:
    """When something is due for review: as a reader says it, and its last day.

    `words` is “31 August 2025” or “spring 2028”; `last` is None where the words name no year.
    """

    words: str
    last: datetime.date | None
    exact: bool

    @property
    def machine(self) -> str:
        """For the `datetime` of HTML’s `time`: 2025-08-31, or the last month, 2028-05; or empty.

        Today, cut to the same length, comes after it as text once the time has passed.
        """
        if self.last is None:
            return ""
        return self.last.isoformat() if self.exact else self.last.isoformat()[:7]

    @property
    def sentence_end(self) -> str:
        """How a sentence ends on it: “by 31 August 2025”, “in spring 2028”."""
        return f"{'by' if self.exact else 'in'} {self.words}"

    def is_past(self, today: datetime.date) -> bool:
        """Whether it lies before `today`."""
        return self.last is not None and self.last < today


def due(day: datetime.date | None, words: str | None) -> Due | None:
    """A review that is due on a day, or at a time in words; None where neither is stated."""
    if day:
        return Due(british(day), day, True)
    return Due(words, last_day(words), False) if words else None


def policy_due(policy: Policy) -> Due | None:
    """When the policy is due for review; None where it does not say."""
    return due(policy.next_review, policy.next_review_in)


def last_day(words: str) -> datetime.date | None:
    """The last day of a time in words: of a month, a season, a school year or a year.

    “August 2025” ends on 31 August 2025, “spring 2028” on 31 May 2028, “2027-28” on 31 August
    2028 and “2028” on 31 December 2028. None where the words have no year.
    """
    years = re.findall(r"\b(20\d\d)(?:[-–/](\d\d)\b)?", words)
    if not years:
        return None
    first, school_year = years[-1]
    year, month = int(first), 12
    if school_year:
        year, month = year + 1, 8
    for name, place in _LAST_MONTHS.items():
        if re.search(rf"\b{name}\b", words, re.IGNORECASE):
            month = place
    for place, name in enumerate(MONTHS, start=1):
        if re.search(rf"\b{name}\b", words):  # May, not “may”
            month = place
    return datetime.date(year, month, calendar.monthrange(year, month)[1])


def approval_facts(policy: Policy) -> tuple[tuple[str, str], ...]:
    """Labels and values, in the order in which covers and pages show them.

    Status, version, date, approval and next review say so where they are not stated; what fewer
    policies have is left out.
    """
    optional = (
        ("Minute", policy.approval.minute if policy.approval else None),
        ("Consultation", "; ".join(_format_consultation(found) for found in policy.consultation)),
        ("In force from", british(policy.in_force) if policy.in_force else policy.in_force_in),
    )
    review = policy_due(policy)
    after = (
        ("Review cycle", policy.review_cycle),
        ("Kept by", policy.kept_by),
        ("Written by", policy.written_by),
        ("Based on", policy.based_on),
    )
    return (
        ("Status", STATUS_WORDS[policy.status]),
        ("Version", policy.version or NOT_STATED),
        ("Date", policy.dated or NOT_STATED),
        ("Approved", first_capital(_format_approval(policy.approval) or NOT_STATED)),
        *((label, first_capital(value)) for label, value in optional if value),
        ("Next review", first_capital(review.words) if review else NOT_STATED),
        *((label, first_capital(value)) for label, value in after if value),
    )


def approval_line(policy: Policy) -> str:
    """The same in a few words for the head of a form: “Version 4.0, approved by the governors”.

    Empty where the policy states none of it.
    """
    status = {"draft": "draft", "model": "model for others to adopt"}.get(policy.status, "")
    approved = _format_approval(policy.approval)
    parts = (
        f"version {policy.version}" if policy.version else "",
        status or (f"approved {approved}" if approved else ""),
    )
    return first_capital(", ".join(part for part in parts if part))


def _format_approval(approval: Approval | None) -> str:
    """“24 May 2023, by PCLC Trustees”, or what of it is stated."""
    if approval is None:
        return ""
    parts = (
        british(approval.on) if approval.on else "",
        f"by {approval.by}" if approval.by else "",
    )
    return ", ".join(part for part in parts if part)


def _format_consultation(found: Consultation) -> str:
    """“the recognised unions, from 1 March 2026 to 31 March 2026”."""
    times = (
        f"from {british(found.from_)}" if found.from_ else "",
        f"to {british(found.to)}" if found.to and found.from_ else "",
        f"until {british(found.to)}" if found.to and not found.from_ else "",
    )
    said = " ".join(part for part in times if part)
    return f"{found.with_}, {said}" if said else found.with_
