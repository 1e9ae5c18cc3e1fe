"""What an answer is to the checks and the registers, whatever a form calls it."""

from __future__ import annotations

from typing import Literal

Meaning = Literal[
    "number-reason",
    "objective",
    "measure",
    "by-when",
    "multi-cycle",
    "outcome",
    "need",
    "delivery",
    "priority",
    "needed-by",
    "rating",
    "pay-criteria",
    "pay-exception",
    "current-pay",
    "new-pay",
    "notice",
    "initial-meeting",
    "interim-meeting",
    "final-meeting",
    "meeting",
    "record-made",
    "given",
    "returned",
    "sent-to-head",
    "observer-qualified",
    "observed",
    "feedback",
    "support-starts",
    "support-ends",
    "review-date",
    "extended-to",
    "extension-reason",
    "hearer",
    "comments",
    "signed-reviewee",
    "signed-reviewer",
]
"""A field says which it is under `means`; a time limit names the two days it runs between."""

MEETINGS: tuple[Meaning, ...] = ("initial-meeting", "interim-meeting", "final-meeting")
"""The meetings of a cycle, in their order; “meeting” is any other."""

HAPPENED: tuple[Meaning, ...] = (
    *MEETINGS,
    *("meeting", "notice", "record-made", "given", "returned", "sent-to-head"),
    *("observed", "feedback", "support-starts", "support-ends", "extended-to"),
)
"""The dates on which something happened, so that an event of a cycle can be recorded by them."""
