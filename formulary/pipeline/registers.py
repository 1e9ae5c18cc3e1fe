"""Write the outputs of `collect` into HR's folder.

A file that somebody has changed since the last run stays as it is. One that this run no longer
makes, such as the reminder of a reviewer who is done, is taken away, unless somebody has changed
it.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from formulary.cells import Cell
from formulary.content.cycle import british
from formulary.defaults import THRESHOLD
from formulary.delivery import OutputFolder, Result, safe_name
from formulary.edition.edition import Edition
from formulary.register.audit import audit_tables, deadline_of, needs_of
from formulary.register.files import Cover, csv_of, workbook_of
from formulary.register.reminders import write_reminders
from formulary.register.report import report_of
from formulary.register.retention import retention_table
from formulary.register.sampling import SampleSize, moderation_table
from formulary.register.table import RegisterTable
from formulary.register.tables import tables_of
from formulary.returns.expected import AcceptedReturn, ExpectedReturn
from formulary.returns.returned_file import Return
from formulary.staff.assignment import Assignment
from formulary.staff.person import StaffList

OUTPUTS = "outputs.json"
"""In the work folder: the checksums of what was written last."""

REGISTER, AUDIT, REPORT = "register.xlsx", "cpd-audit.xlsx", "report.html"
MODERATION, RETENTION, REMINDERS = "moderation.csv", "retention.csv", "reminders"

File = tuple[str, bytes]


@dataclass(frozen=True)
class RegisterOptions:
    """What HR can decide about the outputs.

    Below which number of people the report shows nothing, whether it names people, and the sample
    for moderation. An empty `seed` is the edition's name.
    """

    threshold: int = THRESHOLD
    names: bool = False
    sample: SampleSize | None = None
    seed: str = ""


@dataclass(frozen=True)
class CollectedReturns:
    """What the outputs are made from.

    `recipients` are the people reviewed, `cases` the returns that count, `owed` every expected
    form with its return by `today`.
    """

    edition: Edition
    staff: StaffList
    recipients: tuple[Assignment, ...]
    returns: tuple[Return, ...]
    cases: tuple[AcceptedReturn, ...]
    owed: tuple[ExpectedReturn, ...]
    today: datetime.date

    @property
    def number_elsewhere(self) -> int:
        """How many of the files count in the register of another edition."""
        return sum(found.standing == "other edition" for found in self.returns)

    @property
    def last_change(self) -> datetime.date:
        """The day of the last change: that on which the last return came, or the cycle began."""
        came = [found.record.received.date() for found in self.returns if found.record.received]
        return max(came, default=min(one.starts for one in self.edition.calendars))


def make_outputs(collected: CollectedReturns, wishes: RegisterOptions) -> Iterator[File]:
    """Every file, by its path in the folder. The same input gives the same bytes."""
    edition, cases, today = collected.edition, collected.cases, collected.today
    tables = tables_of(edition, collected.owed, collected.returns, cases)
    yield REGISTER, workbook_of(tables, _cover(collected, "Register of returns", ()))
    yield from _as_csv("csv", tables)
    needs = needs_of(edition, cases)
    audit = audit_tables(edition, needs)
    yield AUDIT, workbook_of(audit, _cover(collected, "Training needs", _deadline(edition)))
    yield from _as_csv("csv/cpd-audit", audit)
    yield (
        REPORT,
        report_of(
            edition,
            collected.owed,
            collected.returns,
            cases,
            today,
            threshold=wishes.threshold,
            names=wishes.names,
        ),
    )
    reviewers = {one.person.id: one.reviewer_name for one in collected.recipients}
    seed = wishes.seed or edition.name
    yield MODERATION, csv_of(moderation_table(edition, cases, reviewers, wishes.sample, seed))
    recipients = {one.person.id: one for one in collected.recipients}
    yield RETENTION, csv_of(retention_table(edition, collected.returns, recipients))
    yield from _reminders(collected)


def _cover(collected: CollectedReturns, what: str, more: Sequence[tuple[str, Cell]]) -> Cover:
    edition = collected.edition
    lines: list[tuple[str, Cell]] = [
        ("Organisation", edition.organisation.name),
        ("Edition", edition.name),
        ("As of", collected.today),
        ("People reviewed", len({one.person.id for one in collected.recipients})),
        ("Files read", len(collected.returns)),
        ("Of other editions, not counted", collected.number_elsewhere),
        *more,
    ]
    if edition.notice:
        lines.append(("Notice", edition.notice))
    return Cover(
        f"{what}: {edition.organisation.short}, {edition.name}",
        tuple(lines),
        edition.organisation.marking,
        edition.organisation.colour,
        collected.last_change,
    )


def _deadline(edition: Edition) -> list[tuple[str, Cell]]:
    """The day by which needs are handed in; that there is none is said too."""
    found = deadline_of(edition)
    if found is None:
        return [("Deadline", "The policy names no day by which needs are handed in.")]
    return [("Deadline", f"{found.name}: {found.when}, so by {british(found.day)} at the latest.")]


def _as_csv(folder: str, tables: Sequence[RegisterTable]) -> Iterator[File]:
    for table in tables:
        name = safe_name(table.title.casefold().replace(" ", "-"))
        yield f"{folder}/{name}.csv", csv_of(table)


def _reminders(collected: CollectedReturns) -> Iterator[File]:
    emails = {person.id: person.email for person in collected.staff.people}
    found = write_reminders(
        collected.edition, collected.owed, emails, collected.today, collected.last_change
    )
    taken: set[str] = set()
    for one in found:
        bare = one.name or "No reviewer named"
        name, number = safe_name(bare, one.id), 2
        while name.casefold() in taken:
            name, number = safe_name(bare, f"{one.id} {number}".strip()), number + 1
        taken.add(name.casefold())
        name = f"{REMINDERS}/{name}"
        yield f"{name}.txt", one.text.encode("utf-8", "replace")
        yield f"{name}.ics", one.calendar


def write(folder: OutputFolder, files: Sequence[File], force: bool) -> dict[str, Result]:
    """Put the files into the folder; gives what was done with each, and what was taken away."""
    before = _known_checksums(folder)
    done = folder.write_files(files, before, force)
    names = [name for name, _ in files]
    made = set(names)
    stale = [name for name in before if name not in made]
    gone = folder.remove(stale, before, force)
    known = {name: sha256 for name, (_, sha256) in zip(names, done, strict=True) if sha256}
    known |= {name: before[name][-1] for name, result in gone.items() if result == "kept"}
    memory = (folder.work / OUTPUTS).relative_to(folder.path).as_posix()
    folder.write_files([(memory, json.dumps(known, indent=1).encode())], {}, True)
    folder.end_journal()
    return {name: result for name, (result, _) in zip(names, done, strict=True)} | gone


def _known_checksums(folder: OutputFolder) -> Mapping[str, list[str]]:
    """The checksums that earlier runs wrote, by file, those of a run that was killed included."""
    try:
        data = json.loads((folder.work / OUTPUTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        data = {}
    found = {str(name): [str(sha256)] for name, sha256 in data.items()}
    for name, sums in folder.read_journals().items():
        if not name.startswith(f"{folder.work.name}/"):
            found[name] = [*sums, *found.get(name, ())]
    return found
