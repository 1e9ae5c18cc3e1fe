"""Find the clauses that a reader could be shown only by their number."""

from __future__ import annotations

from collections.abc import Iterator

from formulary import problems
from formulary.check.context import locate_clauses
from formulary.check.texts import OrganisationTexts
from formulary.problems import Problem

LISTED = 5
"""How many clauses one message lists; it counts the others."""


def naming_findings(texts: OrganisationTexts) -> Iterator[Problem]:
    """The clauses without a title and a name: one finding for the whole policy, at the first."""
    policy = texts.own.policy
    unnamed = [
        (loc, clause.id)
        for loc, _, clause in locate_clauses(policy.item)
        if not clause.title and not clause.name
    ]
    if not unnamed:
        return
    ids = ", ".join(f"“{id}”" for _, id in unnamed[:LISTED])
    more = f" and {len(unnamed) - LISTED} more" if len(unnamed) > LISTED else ""
    have = "clause has" if len(unnamed) == 1 else "clauses have"
    message = f"{len(unnamed)} {have} no title and no name: {ids}{more}"
    yield texts.at(problems.UNNAMED_CLAUSE, policy.document, (*unnamed[0][0], "id"), message)
