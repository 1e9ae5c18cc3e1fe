"""Work out until when each record is kept, with the rule and the clause behind it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from formulary.cells import Cell
from formulary.content.cycle import Calendar, calendar, edition_name
from formulary.content.organisation import Rule
from formulary.edition.edition import Edition
from formulary.edition.text import plain
from formulary.register.table import RegisterTable
from formulary.returns.expected import RegisterEntry
from formulary.staff.assignment import Assignment
from formulary.staff.person import Person

RULE = "retention"
"""The rule of organisation.yaml that says for how many years records are kept."""

NO_RULE = "The policy gives no number of years: decide it before anything is destroyed."


@dataclass(frozen=True)
class RetentionPeriod:
    """What the policy says of keeping records.

    `years` is None where it gives no number; `least` says that the years are the fewest, so that
    no day is set by which a record must be destroyed.
    """

    years: int | None
    least: bool
    words: str
    clause: str

    def until(self, closed: datetime.date) -> datetime.date | None:
        """The last day on which a record is to be kept, counted from the close of its cycle."""
        if self.years is None:
            return None
        year = closed.year + self.years
        leap = closed.month == 2 and closed.day == 29
        return datetime.date(year, 2, 28) if leap else closed.replace(year=year)


def retention_period(edition: Edition) -> RetentionPeriod:
    """What an edition's policy says, by its rule on retention or, without one, in its own words."""
    rule = edition.organisation.rules.get(RULE)
    said = edition.organisation.at_a_glance.get("retention")
    years = _years(rule) if rule else None
    if rule and years:
        clause = edition.label(rule.clause) if rule.clause else ""
        return RetentionPeriod(years, rule.exactly is None, plain(rule.states), clause)
    clauses = "; ".join(edition.label(id) for id in (said.clauses if said else ()))
    return RetentionPeriod(None, False, plain(said.text) if said else "", clauses)


def _years(rule: Rule) -> int | None:
    """The number of years of a rule; None where it counts something else."""
    counts_years = (rule.unit or "").removesuffix("s") == "year"
    return (rule.exactly or rule.min or rule.max or rule.normal) if counts_years else None


def retention_table(
    edition: Edition, entries: Iterable[RegisterEntry], recipients: Mapping[str, Assignment]
) -> RegisterTable:
    """A row a record, the first due first; what has no day is last.

    `recipients` are the people reviewed, whose own cycle may be shorter than that of their group.
    """
    keeping = retention_period(edition)
    rows = [_row(edition, keeping, found, recipients) for found in entries]
    rows.sort(key=lambda row: (row[5] == "", str(row[5]), str(row[2]), str(row[0])))
    headings = ("Record", "Id", "Name", "Cycle", "Cycle closed", "Kept until", "What then")
    return RegisterTable("Retention", (*headings, "Rule", "Clause"), tuple(rows))


def _row(
    edition: Edition,
    keeping: RetentionPeriod,
    found: RegisterEntry,
    recipients: Mapping[str, Assignment],
) -> tuple[Cell, ...]:
    source, person, who, year = found.source, found.person, found.id_and_name, found.year
    if not found.form:
        then = "It could not be read: find out whose it is and which cycle it belongs to."
        return (source, *who, "", "", "", then, keeping.words, keeping.clause)
    closed = _cycle_end(edition, person, year, recipients)
    until = keeping.until(closed) if closed else None
    if until:
        then = "Destroy it."
        if keeping.least:
            then = "It may be destroyed; the policy sets no day by which it must be."
    else:
        then = NO_RULE if keeping.years is None else "Find out when its cycle closed."
    cells = (edition_name(year), closed or "", until or "", then, keeping.words, keeping.clause)
    return (source, *who, *cells)


def _cycle_end(
    edition: Edition, person: Person | None, year: int, recipients: Mapping[str, Assignment]
) -> datetime.date | None:
    """The last day of the person's cycle of that year; None where nobody can tell which it is."""
    if person and person.id in recipients and year == edition.year:
        return recipients[person.id].ends
    found: list[Calendar] = [
        calendar(cycle, edition.cycles.terms, year)
        for cycle in edition.cycles.cycles
        if person is None or not person.group or person.group in cycle.groups
    ]
    ends = {one.ends for one in found}
    return ends.pop() if len(ends) == 1 else None
