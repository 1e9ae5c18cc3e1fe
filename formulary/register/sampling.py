"""Draw a sample of returns to moderate, spread over schools, groups and reviewers.

Each school, group and reviewer together is a stratum. Places are dealt out by Adams' method: one at
a time, to the stratum that has most returns for each place it has. So every stratum has one before
any has two, and from then on they share as their sizes do. Within a stratum the returns are ranked
by a checksum of the seed and the return, so that nobody can steer the draw, the same seed draws the
same, and a return that comes later changes as little as can be.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from formulary.cells import Cell
from formulary.defaults import SHARE
from formulary.edition.edition import Edition
from formulary.register.table import RegisterTable
from formulary.returns.expected import NOT_FILLED_IN, RegisterEntry


@dataclass(frozen=True)
class SampleSize:
    """How large a sample is to be: a share of a hundred, or a number of returns."""

    share: int | None = None
    number: int | None = None

    def places(self, returns: int, strata: int) -> int:
        """How many returns are drawn; a share gives each stratum one at least."""
        if self.number is not None:
            return min(self.number, returns)
        wanted = -(-returns * (self.share or SHARE) // 100)
        return min(returns, max(wanted, strata))


def places_of(sizes: Sequence[int], places: int) -> list[int]:
    """How many of so many places each stratum gets; none more than it has returns."""
    given = [0] * len(sizes)
    for _ in range(min(places, sum(sizes))):
        need = [size / had if had else size * 1e9 for size, had in zip(sizes, given, strict=True)]
        given[need.index(max(need))] += 1
    return given


def to_moderate(entries: Sequence[RegisterEntry]) -> list[RegisterEntry]:
    """The returns that set objectives; where no form asks for any, all that are filled in."""
    filled = [one for one in entries if one.state not in ("", NOT_FILLED_IN)]
    return [one for one in filled if one.sets_objectives] or filled


def moderation_table(
    edition: Edition,
    entries: Sequence[RegisterEntry],
    reviewers: Mapping[str, str],
    size: SampleSize | None,
    seed: str,
) -> RegisterTable:
    """The sample. `reviewers` are their names by the id of the person reviewed.

    Without `size` it is as large as the policy says, or the usual share.
    """
    rule = edition.organisation.moderation
    groups = {group.id: group.name for group in edition.organisation.groups}
    strata: dict[tuple[str, str, str], list[RegisterEntry]] = {}
    for case in to_moderate(entries):
        person = case.person
        key = ("", "", "")
        if person:
            key = (person.site, groups.get(person.group, ""), reviewers.get(person.id, ""))
        strata.setdefault(key, []).append(case)
    keys = sorted(strata)
    wanted = size or SampleSize(share=rule.share if rule else None)
    sizes = [len(strata[key]) for key in keys]
    given = places_of(sizes, wanted.places(sum(sizes), len(sizes)))
    clause = edition.label(rule.clause) if rule else ""
    rows: list[tuple[Cell, ...]] = []
    for key, places in zip(keys, given, strict=True):
        ranked = sorted(strata[key], key=lambda case: _rank(seed, case))
        for case in ranked[:places]:
            drawn = f"{places} of {len(ranked)}"
            rows.append((*key, *case.id_and_name, case.title, case.source, drawn))
    rows = [(*row, seed, clause) for row in rows]
    headings = ("School or team", "Staff group", "Reviewer", "Id", "Name", "Form", "File", "Drawn")
    return RegisterTable("Moderation", (*headings, "Seed", "Clause"), tuple(rows))


def _rank(seed: str, case: RegisterEntry) -> str:
    return hashlib.sha256(f"{seed}\0{case.sha256}".encode()).hexdigest()
