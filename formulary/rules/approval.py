"""The policy's identity: who approved it, its version, its status and its review date.

One organisation and today's date come in; findings go out.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from formulary import problems
from formulary.model.cycle import british
from formulary.problems import Problem
from formulary.rules.said import Voice


def approval_findings(voice: Voice, today: datetime.date) -> Iterator[Problem]:
    """What the cover of the policy lacks, or says against itself, as of `today`."""
    policy, document = voice.own.policy.item, voice.own.policy.document

    def finding(kind: problems.Kind, key: str, message: str) -> Problem:
        at = (key,) if key in document.data else ("title",)
        return voice.at(kind, document, at, message, about=("policy", key))

    review = policy.next_review
    years = [int(year) for year in re.findall(r"\b20\d\d\b", policy.next_review_in or "")]
    if review is None and years and max(years) < today.year:
        message = f"The review was due in {policy.next_review_in}"
        yield finding(problems.REVIEW_OVERDUE, "next-review-in", message)
    elif review is None and not policy.next_review_in:
        yield finding(problems.NO_REVIEW, "next-review", "The policy has no next review date")
    elif review and review < today:
        draft = ", and it is still a draft" if policy.status == "draft" else ""
        message = f"The review was due on {british(review)}{draft}"
        yield finding(problems.REVIEW_OVERDUE, "next-review", message)
    if not policy.version:
        yield finding(problems.NO_VERSION, "version", "The policy has no version")
    if policy.approval is None:
        yield finding(problems.NO_APPROVER, "approval", "Nobody is named who approved the policy")
    on = policy.approval.on if policy.approval else None
    if policy.status == "draft" and policy.approval:
        message = f"The policy is a draft, and it was approved by {policy.approval.by}"
        yield finding(problems.STATUS, "status", message)
    if policy.status == "approved" and policy.approval is None:
        message = "The policy is called approved, and no approval is given"
        yield finding(problems.STATUS, "status", message)
    if on and on > today:
        message = f"The policy was approved on {british(on)}, which is still to come"
        yield finding(problems.STATUS, "approval", message)
    if voice.own.organisation.item.status == "approved" and policy.status == "draft":
        message = "The organisation's papers are called approved, and the policy is a draft"
        yield finding(problems.STATUS, "status", message)
