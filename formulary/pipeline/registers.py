"""Make the outputs of `collect`: registers, reports and reminders."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from formulary.cells import Cell
from formulary.content.cycle import british
from formulary.defaults import THRESHOLD
from formulary.delivery import OutputFolder, Writer, safe_name, writer_of
from formulary.edition.edition import Edition
from formulary.problems import Kind
from formulary.register.audit import TrainingNeeds, audit_tables, deadline_of
from formulary.register.files import Cover, write_csv, write_workbook
from formulary.register.reminders import ReminderWriter
from formulary.register.report import report_of
from formulary.register.retention import retention_table
from formulary.register.row_store import RowStore
from formulary.register.sampling import SampleSize, moderation_table
from formulary.register.table import RegisterTable
from formulary.register.tables import AnswerTables, tables_of
from formulary.returns.expected import AcceptedReturn, ExpectedReturn, RegisterEntry, entry_of
from formulary.returns.returned_file import Return
from formulary.staff.assignment import Assignment
from formulary.staff.person import StaffList

OUTPUTS = "outputs.json"
"""The memory of `RunOutputs` for what `make_outputs` gives."""

REGISTER, AUDIT = "register.xlsx", "cpd-audit.xlsx"
REPORT, REPORT_FOR_HR = "report.html", "report-hr.html"
MODERATION, RETENTION, REMINDERS = "moderation.csv", "retention.csv", "reminders"

File = tuple[str, Writer]
"""A file's path in the folder, and what writes it."""


@dataclass(frozen=True)
class RegisterOptions:
    """What HR can decide about the outputs.

    Below which number of people the report shows nothing, and the sample for moderation. An empty
    `seed` is the edition's name. `packs` is the folder of the packs, for the reminders to name.
    """

    threshold: int = THRESHOLD
    sample: SampleSize | None = None
    seed: str = ""
    packs: Path | None = None


class GatheredReturns:
    """What the returns come to, taken in one at a time: in short, by table, and by kind of finding.

    `scratch` is a folder where what is long waits to be written.
    """

    def __init__(self, edition: Edition, scratch: Path) -> None:
        self.scratch = scratch
        self.entries: list[RegisterEntry] = []
        self.findings: Counter[Kind] = Counter()
        self.answers = AnswerTables(lambda: RowStore(scratch))
        self.needs = TrainingNeeds(edition, RowStore(scratch))

    def add(self, found: Return, case: AcceptedReturn | None) -> None:
        """Take a return in; `case` is there for one that counts."""
        self.entries.append(entry_of(found, case))
        self.findings.update({problem.kind for problem in found.problems})
        self.answers.add(found, case)
        if case:
            self.needs.add(case)


@dataclass(frozen=True)
class CollectedReturns:
    """What the outputs are made from.

    `recipients` are the people reviewed, `owed` every expected form with its return by `today`.
    """

    edition: Edition
    staff: StaffList
    recipients: tuple[Assignment, ...]
    returns: GatheredReturns
    owed: tuple[ExpectedReturn, ...]
    today: datetime.date

    @property
    def number_elsewhere(self) -> int:
        """How many of the files count in the register of another edition."""
        return sum(one.standing == "other edition" for one in self.returns.entries)

    @property
    def last_change(self) -> datetime.date:
        """The day of the last change: that on which the last return came, or the cycle began."""
        came = [one.received.date() for one in self.returns.entries if one.received]
        return max(came, default=min(one.starts for one in self.edition.calendars))


def make_outputs(
    collected: CollectedReturns, wishes: RegisterOptions, site: str = ""
) -> Iterator[File]:
    """Every file, by its path in the folder. The same input gives the same bytes.

    `site` is the address of the published handbook, which ends with a slash; empty if not known.
    """
    edition, today, returns = collected.edition, collected.today, collected.returns
    tables = tuple(tables_of(edition, collected.owed, returns.entries, returns.answers))
    cover = _cover(collected, "Register of returns", ())
    yield REGISTER, partial(write_workbook, tables=tables, cover=cover, scratch=returns.scratch)
    yield from _as_csv("csv", tables)
    audit = audit_tables(returns.needs)
    cover = _cover(collected, "Training needs", _deadline(edition))
    yield AUDIT, partial(write_workbook, tables=audit, cover=cover, scratch=returns.scratch)
    yield from _as_csv("csv/cpd-audit", audit)
    for name, for_hr in ((REPORT, False), (REPORT_FOR_HR, True)):
        page = report_of(
            edition,
            collected.owed,
            returns.entries,
            returns.findings,
            today,
            threshold=wishes.threshold,
            for_hr=for_hr,
        )
        yield name, writer_of(page)
    reviewers = {one.person.id: one.reviewer_name for one in collected.recipients}
    seed = wishes.seed or edition.name
    sample = moderation_table(edition, returns.entries, reviewers, wishes.sample, seed)
    yield MODERATION, partial(write_csv, table=sample)
    recipients = {one.person.id: one for one in collected.recipients}
    yield RETENTION, partial(write_csv, table=retention_table(edition, returns.entries, recipients))
    yield from _reminders(collected, wishes.packs, site)


def _cover(collected: CollectedReturns, what: str, more: Sequence[tuple[str, Cell]]) -> Cover:
    edition = collected.edition
    lines: list[tuple[str, Cell]] = [
        ("Organisation", edition.organisation.name),
        ("Edition", edition.name),
        ("As of", collected.today),
        ("People reviewed", len({one.person.id for one in collected.recipients})),
        ("Files read", len(collected.returns.entries)),
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
        return [("Deadline", "The policy gives no day by which needs are handed in.")]
    return [("Deadline", f"{found.name}: {found.when}, so no later than {british(found.day)}.")]


def _as_csv(folder: str, tables: Sequence[RegisterTable]) -> Iterator[File]:
    for table in tables:
        name = safe_name(table.title.casefold().replace(" ", "-"))
        yield f"{folder}/{name}.csv", partial(write_csv, table=table)


def _reminders(collected: CollectedReturns, packs: Path | None, site: str) -> Iterator[File]:
    emails = {person.id: person.email for person in collected.staff.people}
    writer = ReminderWriter(
        collected.edition,
        collected.today,
        emails,
        _files_of_packs(packs, collected.owed) if packs else {},
        str(packs) if packs else "",
        f"{site}{collected.edition.id}/forms/index.html" if site else "",
    )
    found = writer.write(collected.owed)
    taken: set[str] = set()
    for one in found:
        bare = one.name or "None named"
        name, number = safe_name(bare, one.id), 2
        while name.casefold() in taken:
            name, number = safe_name(bare, f"{one.id} {number}".strip()), number + 1
        taken.add(name.casefold())
        name = f"{REMINDERS}/{name}"
        yield f"{name}.txt", writer_of(one.text.encode("utf-8", "replace"))
        if one.calendar:
            yield f"{name}.ics", writer_of(one.calendar)


def _files_of_packs(
    folder: Path, owed: Iterable[ExpectedReturn]
) -> dict[tuple[str, str], list[str]]:
    """The files of the forms that are not done, by the person's id and the form's."""
    wanted = {(one.assignment.person.id, one.expected.form.id) for one in owed if not one.is_done}
    found: dict[tuple[str, str], list[str]] = {}
    for entry in OutputFolder(folder).read_manifest():
        if (entry.person, entry.form) in wanted:
            found.setdefault((entry.person, entry.form), []).append(entry.file)
    return found
