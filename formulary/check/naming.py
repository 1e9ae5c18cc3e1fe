"""Find clauses without a name or without a text, and rules that no clause states."""

from __future__ import annotations

from collections.abc import Iterator

from formulary import problems
from formulary.check.context import locate_clauses
from formulary.check.texts import OrganisationTexts
from formulary.problems import Problem

LISTED = 5
"""How many clauses one message lists; it counts the others."""


def naming_findings(texts: OrganisationTexts) -> Iterator[Problem]:
    """Clauses without a name, clauses that are a title alone, and rules without a clause."""
    yield from _find_unnamed(texts)
    policy, own = texts.own.policy, texts.own.organisation
    for loc, _, clause in locate_clauses(policy.item):
        if clause.title and clause.is_empty:
            message = f"Nothing is below the title “{clause.title}”"
            yield texts.at(problems.TITLE_ALONE, policy.document, loc, message, about=(clause.id,))
    for id, rule in own.item.rules.items():
        if not rule.clause:
            message = f"No clause states the rule “{id}”"
            at = ("rules", id)
            yield texts.at(problems.RULE_UNSTATED, own.document, at, message, about=(id,))


def _find_unnamed(texts: OrganisationTexts) -> Iterator[Problem]:
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
