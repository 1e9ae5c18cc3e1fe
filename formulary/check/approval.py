"""Check the policy's identity: who approved it, its version, its status and its review date."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from formulary import problems
from formulary.check.texts import OrganisationTexts
from formulary.content.cycle import british
from formulary.content.policy import Policy
from formulary.edition.approval import policy_due
from formulary.problems import Problem


def approval_findings(texts: OrganisationTexts, today: datetime.date) -> Iterator[Problem]:
    """What the cover of the policy lacks, or says against itself, as of `today`."""
    policy, document = texts.own.policy.item, texts.own.policy.document

    def finding(kind: problems.Kind, key: str, message: str) -> Problem:
        at = (key,) if key in document.data else ("title",)
        return texts.at(kind, document, at, message, about=("policy", key))

    review = policy_due(policy)
    key = "next-review" if policy.next_review else "next-review-in"
    draft = ", and it is still a draft" if policy.status == "draft" else ""
    if review is None:
        yield finding(problems.NO_REVIEW, "next-review", "The policy has no next review date")
    elif review.is_past(today):
        when = f"on {review.words}" if review.exact else f"in {review.words}"
        yield finding(problems.REVIEW_OVERDUE, key, f"The review was due {when}{draft}")
    if not policy.version:
        approved = "is approved and has no version" if policy.status == "approved" else ""
        message = f"The policy {approved or 'has no version'}"
        yield finding(problems.NO_VERSION, "version", message)
    if policy.approval is None or not policy.approval.by:
        yield finding(problems.NO_APPROVER, "approval", "The policy does not say who approved it")
    on = policy.approval.on if policy.approval else None
    if policy.status == "draft" and policy.approval:
        by = f" by {policy.approval.by}" if policy.approval.by else ""
        message = f"The policy is a draft, and it was approved{by}"
        yield finding(problems.STATUS, "status", message)
    if policy.status == "approved" and policy.approval is None:
        message = "The policy is called approved, and no approval is given"
        yield finding(problems.STATUS, "status", message)
    if on and on > today:
        message = f"The policy was approved on {british(on)}, which is still to come"
        yield finding(problems.STATUS, "approval", message)
    if texts.own.organisation.item.status == "approved" and policy.status == "draft":
        message = "The organisation's papers are called approved, and the policy is a draft"
        yield finding(problems.STATUS, "status", message)
    for key, message in _find_disorder(policy):
        yield finding(problems.APPROVAL_ORDER, key, message)


def _find_disorder(policy: Policy) -> Iterator[tuple[str, str]]:
    """Key and message of each step that comes before what it follows.

    The steps are consultation, approval, coming into force and review.
    """
    on = policy.approval.on if policy.approval else None
    review = policy_due(policy)
    for found in policy.consultation:
        if found.from_ and found.to and found.to < found.from_:
            message = f"The consultation with {found.with_} ends before it begins"
            yield "consultation", message
        last = found.to or found.from_
        if on and last and last > on:
            message = (
                f"The consultation with {found.with_} goes on until {british(last)}, and the "
                f"policy was approved on {british(on)}"
            )
            yield "consultation", message
    if on and policy.in_force and policy.in_force < on:
        message = (
            f"The policy holds from {british(policy.in_force)}, and it was approved only on "
            f"{british(on)}"
        )
        yield "in-force", message
    if review is None or review.last is None:
        return
    if on and not review.exact and on > review.last:
        message = f"The policy was approved on {british(on)}, after its review in {review.words}"
        yield "next-review-in", message
    if policy.in_force and policy.in_force > review.last:
        message = (
            f"The policy holds from {british(policy.in_force)}, after its review "
            f"{review.sentence_end}"
        )
        yield "in-force", message
