"""Set apart the findings that an organisation accepts, each with its reason.

An entry of `accept` that matches no finding is a finding itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from formulary import problems
from formulary.check.texts import OrganisationTexts
from formulary.content.loading import OrganisationContent
from formulary.content.organisation import Accepted
from formulary.problems import Problem


@dataclass(frozen=True)
class AcceptedFinding:
    """A finding that an organisation (its id) accepts, and why (light Markdown)."""

    organisation: str
    problem: Problem
    because: str


def split_accepted(
    texts: OrganisationTexts, found: Iterable[Problem]
) -> tuple[tuple[Problem, ...], tuple[AcceptedFinding, ...]]:
    """The findings that are left, entries of `accept` without a finding among them; the accepted.

    An entry matches every finding of its code, or, with `at`, those about that clause, event, form,
    post or word.
    """
    own = texts.own
    left: list[Problem] = []
    accepted: list[AcceptedFinding] = []
    entries, reasons = own.organisation.item.accept, texts.edition.organisation.accept
    used: set[int] = set()
    for problem in found:
        matches = [i for i, entry in enumerate(entries) if _matches(entry, problem)]
        if matches:
            used.update(matches)
            accepted.append(AcceptedFinding(own.id, problem, reasons[matches[0]].because))
        else:
            left.append(problem)
    for i, entry in enumerate(entries):
        if i not in used:
            left.append(_report_unused(own, i, entry))
    return tuple(left), tuple(accepted)


def _matches(entry: Accepted, problem: Problem) -> bool:
    if entry.code != problem.kind.code or not problem.kind.judged:
        return False
    if entry.at is None:
        return True
    return entry.at.lower() in {word.lower() for word in problem.about}


def _report_unused(own: OrganisationContent, i: int, entry: Accepted) -> Problem:
    at = f" at “{entry.at}”" if entry.at else ""
    message = f"No finding “{entry.code}”{at} occurs"
    kind = problems.CATALOGUE.get(entry.code)
    fix = problems.UNUSED_ACCEPTANCE.remedy
    if kind is None:
        message = f"There is no finding with the code “{entry.code}”"
    elif not kind.judged:
        message = f"“{entry.code}” stops a build, and cannot be accepted"
    document = own.organisation.document
    place = document.place(("accept", i, "code"))
    about = (entry.code,)
    return Problem(problems.UNUSED_ACCEPTANCE, place, message, fix, about=about)
