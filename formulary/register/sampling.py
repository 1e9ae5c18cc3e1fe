"""Draw a sample of people whose forms are moderated, spread over schools, reviewers and groups.

Only people on the staff list are drawn, and only those whose form came back. Places are dealt out
to the schools by Adams' method: one at a time, to the school that has most people for each place it
has, so that every school has one before any has two. What a school has got is dealt out to its
reviewers in the same way, and then to the staff groups of each. Which of two equals comes first is
decided by a checksum of the seed and what it is, so that nobody can steer the draw, the same seed
draws the same, and a return that comes later changes as little as can be.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from formulary.defaults import SHARE
from formulary.edition.edition import Edition
from formulary.edition.text import first_capital
from formulary.register.table import RegisterTable
from formulary.returns.expected import NOT_FILLED_IN, RegisterEntry


@dataclass(frozen=True)
class SampleSize:
    """How large a sample is to be: a share of a hundred, or a number of people."""

    share: int | None = None
    number: int | None = None

    def places(self, people: int) -> int:
        """How many people are drawn; a share of a few is one at least."""
        if self.number is not None:
            return min(self.number, people)
        return -(-people * (self.share or SHARE) // 100)


def places_of(sizes: Sequence[int], places: int) -> list[int]:
    """How many of so many places each part gets; none more than it has people."""
    given = [0] * len(sizes)
    for _ in range(min(places, sum(sizes))):
        need = [size / had if had else size * 1e9 for size, had in zip(sizes, given, strict=True)]
        given[need.index(max(need))] += 1
    return given


def to_moderate(entries: Sequence[RegisterEntry]) -> list[RegisterEntry]:
    """The returns of people on the list that set objectives.

    Where no form asks for any, all that are filled in.
    """
    filled = [one for one in entries if one.person and one.state not in ("", NOT_FILLED_IN)]
    return [one for one in filled if one.sets_objectives] or filled


def moderation_table(
    edition: Edition,
    entries: Sequence[RegisterEntry],
    reviewers: Mapping[str, str],
    size: SampleSize | None,
    seed: str,
) -> RegisterTable:
    """The sample, a row a return. `reviewers` are their names by the id of the person reviewed.

    Without `size` it is as large as the policy says, or the usual share.
    """
    rule = edition.organisation.moderation
    groups = {group.id: group.name for group in edition.organisation.groups}
    returns: dict[Traits, list[RegisterEntry]] = {}
    for entry in to_moderate(entries):
        assert entry.person
        who = entry.person
        traits = (who.site, reviewers.get(who.id, ""), groups.get(who.group, ""), who.id)
        returns.setdefault(traits, []).append(entry)
    wanted = size or SampleSize(share=rule.share if rule else None)
    clause = edition.label(rule.clause) if rule and rule.clause else ""
    rows = [
        (site, group, reviewer, *entry.id_and_name, entry.title, entry.source, drawn, seed, clause)
        for (site, reviewer, group, id), drawn in _draw(
            list(returns), wanted.places(len(returns)), seed
        )
        for entry in returns[site, reviewer, group, id]
    ]
    reviewer = first_capital(edition.word("reviewer"))
    headings = ("School or team", "Staff group", reviewer, "Id", "Name", "Form", "File", "Drawn")
    return RegisterTable("Moderation", (*headings, "Seed", "Clause"), rows)


Traits = tuple[str, str, str, str]
"""A person's school, reviewer, staff group, and id."""


def _draw(
    people: Sequence[Traits], places: int, seed: str, level: int = 0
) -> Iterator[tuple[Traits, str]]:
    """Who is drawn, school by school, each with of how many alike how many were."""
    if not places:
        return
    if level == len(people[0]) - 1:
        for one in sorted(people, key=lambda one: _rank(seed, *one))[:places]:
            yield one, f"{places} of {len(people)}"
        return
    parts: dict[str, list[Traits]] = {}
    for one in people:
        parts.setdefault(one[level], []).append(one)
    dealt = sorted(parts, key=lambda name: _rank(seed, name))
    given = dict(zip(dealt, places_of([len(parts[name]) for name in dealt], places), strict=True))
    for name in sorted(parts):
        yield from _draw(parts[name], given[name], seed, level + 1)


def _rank(seed: str, *what: str) -> str:
    return hashlib.sha256("\0".join((seed, *what)).encode("utf-8", "replace")).hexdigest()
