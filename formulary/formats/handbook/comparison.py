"""Compare several organisations: what each says on the same matters, side by side.

Numbers come from the rules, staff, cycles and ratings from the data, and the rest from what each
organisation says of itself “at a glance”.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from formulary.content.cycle import Cycle
from formulary.content.organisation import AtAGlance
from formulary.edition.edition import Edition
from formulary.edition.entries import in_numbers
from formulary.edition.facts import period
from formulary.words import join_names

TITLES = {
    "objectives": "Objectives",
    "disagreement": "When reviewer and reviewee do not agree",
    "pay": "Pay",
    "appeals": "Appeals",
    "support": "Support period",
    "retention": "How long records are kept",
    "equality": "Equality",
}
"""The matters on which organisations speak in their own words, in the order of the page."""


@dataclass(frozen=True)
class Statement:
    """What one organisation says on one matter: light Markdown, and the clauses behind it."""

    edition: Edition
    text: str
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Matter:
    """One matter, with what those organisations say on it that say anything, in their order."""

    id: str
    title: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Fact:
    """One row of the overview: a few words for each organisation."""

    name: str
    values: tuple[str, ...]


def overview(editions: Sequence[Edition]) -> tuple[Fact, ...]:
    """The facts that a few words can say, those only that some organisation has."""
    rows = (
        Fact("Kind", tuple(edition.organisation.kind for edition in editions)),
        Fact("Cycle", tuple(_describe_periods(edition) for edition in editions)),
        Fact("Objectives", tuple(_describe_number(edition, "objectives") for edition in editions)),
        Fact("Ratings", tuple(_count_levels(edition) for edition in editions)),
        Fact(
            "Support period", tuple(_describe_number(edition, "monitoring") for edition in editions)
        ),
        Fact("Records kept", tuple(_describe_number(edition, "retention") for edition in editions)),
    )
    return tuple(row for row in rows if any(value != NO_FIGURE for value in row.values))


NO_FIGURE = "No figure given"


def matters(editions: Sequence[Edition]) -> tuple[Matter, ...]:
    """Every matter, those only on which some organisation says something."""
    staff = Matter("staff", "Staff and cycle", tuple(_describe_staff(e) for e in editions))
    ratings = Matter("ratings", "Ratings", tuple(_describe_ratings(e) for e in editions))
    objectives, disagreement, *rest = (
        Matter(id, title, tuple(s for e in editions if (s := _own_words(e, id))))
        for id, title in TITLES.items()
    )
    found = (staff, objectives, disagreement, ratings, *rest)
    return tuple(matter for matter in found if matter.statements)


def _describe_number(edition: Edition, rule: str) -> str:
    found = edition.organisation.rules.get(rule)
    words = in_numbers(found) if found else NO_FIGURE
    return words[:1].upper() + words[1:]


def _describe_periods(edition: Edition) -> str:
    """The period that all cycles share, or each cycle's with its name."""
    cycles = edition.cycles.cycles
    if len({_describe_period(cycle) for cycle in cycles}) == 1:
        return _describe_period(cycles[0])
    return "\n\n".join(f"{cycle.name}: {period(cycle)}" for cycle in cycles)


def _describe_period(cycle: Cycle) -> str:
    words = period(cycle)
    return words[:1].upper() + words[1:]


def _count_levels(edition: Edition) -> str:
    return f"{len(edition.ratings.levels)} levels" if edition.ratings else "None"


def _describe_staff(edition: Edition) -> Statement:
    """Every cycle with its period and, where its name does not say it, the groups it is for."""
    names = {group.id: group.name for group in edition.organisation.groups}
    lines, clauses = [], []
    for cycle in edition.cycles.cycles:
        groups = join_names(names.get(id, id) for id in cycle.groups)
        suffix = "" if groups == cycle.name else f" ({groups})"
        lines.append(f"{cycle.name}{suffix}: {period(cycle)}")
        clauses += [id for id in cycle.clauses if id not in clauses]
    return Statement(edition, "\n\n".join(lines), tuple(clauses))


def _describe_ratings(edition: Edition) -> Statement:
    ratings = edition.ratings
    if ratings is None:
        return Statement(edition, "None: the policy has no scale.")
    names = ", ".join(
        f"{level.name} ({level.number})" if level.number is not None else level.name
        for level in ratings.levels
    )
    return Statement(edition, f"{len(ratings.levels)} levels: {names}.", (ratings.clause,))


def _own_words(edition: Edition, matter: str) -> Statement | None:
    glance = edition.organisation.at_a_glance
    own: AtAGlance | None = glance.get(matter)  # type: ignore[call-overload]
    return Statement(edition, own.text, own.clauses) if own else None
