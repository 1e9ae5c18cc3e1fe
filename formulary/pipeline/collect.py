"""From a folder of returned forms to the registers, as numbered stages.

Whatever was read once is kept for good beside the registers, so that a later run reads only what is
new, and nothing is lost when a file is replaced or taken away.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from formulary.delivery import Folder, Ledger, Result, refuse_inside
from formulary.documents.blank import Blank, compose_blank
from formulary.pipeline.guard import mails_guarded, read_guarded
from formulary.pipeline.progress import Progress
from formulary.pipeline.registers import Collected, Wishes, outputs, write
from formulary.pipeline.staff import edition_and_staff
from formulary.problems import (
    RETURN_TOO_SLOW,
    Problem,
    in_order,
)
from formulary.publish import checksum
from formulary.returns.cases import Case, Owed, expected_of, owed_of
from formulary.returns.handed_in import HandedIn, handed_in
from formulary.returns.ledger import LEDGER, Judge, file_key, kept_records, latest_tries
from formulary.returns.record import Record, Return
from formulary.returns.submission import CannotRead, Submission
from formulary.staff.preflight import preflight

STAGES = ("Load", "People", "Read", "Check", "Write")

_A_STEP = 50
"""Files read before they are kept and shown as progress."""


@dataclass(frozen=True)
class CollectOrder:
    """What HR asks for. `today` is the day by which something is overdue."""

    returns: tuple[Path, ...]
    staff: Path
    organisation: str
    out: Path
    today: datetime.date
    year: int | None = None
    jobs: int = 1
    force: bool = False
    sheet: str = ""
    wishes: Wishes = field(default_factory=Wishes)


@dataclass
class CollectReport:
    """What a run found. `kept` are registers that somebody has changed, and that were left."""

    new: int = 0
    known: int = 0
    returns: tuple[Return, ...] = ()
    problems: tuple[Problem, ...] = ()
    cases: tuple[Case, ...] = ()
    owed: tuple[Owed, ...] = ()
    stopped: int = 0
    """People of whom nothing is expected, since something is wrong with them in the list."""
    results: dict[str, Result] = field(default_factory=dict)

    def standing(self, which: str) -> int:
        return sum(found.standing == which for found in self.returns)

    @property
    def kept(self) -> list[str]:
        return [name for name, result in self.results.items() if result == "kept"]


def collect(root: Path, order: CollectOrder, progress: Progress) -> CollectReport:
    """Read what was handed in, check it, and write the registers.

    Raises UsageError, OutputError, or ContentError for the content's own errors; a file that cannot
    be read is a problem of the report, and the rest go on.
    """
    refuse_inside(root, order.staff, "The staff list")
    refuse_inside(root, order.out, "The output folder")
    progress.stage("Load", 1)  # 1
    edition, read_staff = edition_and_staff(
        root, order.organisation, order.year, order.staff, order.sheet
    )
    progress.stage("People", 1)  # 2
    staff = read_staff()
    found = preflight(edition, staff)
    going = found.going
    offers = {form.id: (offer, form) for offer, form in edition.forms}
    blanks = {id: compose_blank(edition, offer, form) for id, (offer, form) in offers.items()}
    report = CollectReport(stopped=len(found.stopped))
    folder = Folder(order.out)
    folder.open()
    try:
        ledger = Ledger(folder, LEDGER)
        progress.stage("Read", 1)  # 3
        records = _read(order, ledger, blanks, report, progress)
        progress.stage("Check", 1)  # 4
        judge = Judge(edition, offers, blanks, staff)
        report.returns = tuple(judge.judged(records))
        report.cases = judge.cases(report.returns)
        report.problems = in_order(p for found in report.returns for p in found.problems)
        report.owed = owed_of(expected_of(edition, going), report.cases, order.today)
        progress.stage("Write", 1)  # 5
        collected = Collected(
            edition, staff, going, report.returns, report.cases, report.owed, order.today
        )
        report.results = write(folder, tuple(outputs(collected, order.wishes)), order.force)
    finally:
        folder.release()
    return report


def _read(
    order: CollectOrder,
    ledger: Ledger,
    blanks: Mapping[str, Blank],
    report: CollectReport,
    progress: Progress,
) -> list[Record]:
    """Every record, those of this run last; each is kept before the next step begins."""
    records = kept_records(ledger)
    known = {file_key(one.source, one.sha256) for one in records if not _is_worth_another_try(one)}
    fresh: list[Record] = []

    def keep() -> None:
        ledger.add(record.as_data() for record in fresh)
        records.extend(fresh)
        report.new += len(fresh)
        fresh.clear()
        progress.step(f"{report.new:,} new files, {report.known:,} known already")

    for found, outcome in _outcomes(order, known, blanks, report):
        submission = outcome if isinstance(outcome, Submission) else None
        unread = (outcome.kind, outcome.message) if isinstance(outcome, CannotRead) else None
        sha256 = checksum(found.data)
        fresh.append(Record(found.source, found.received, sha256, submission, unread))
        if len(fresh) >= _A_STEP:
            keep()
    keep()
    return latest_tries(records)


def _is_worth_another_try(record: Record) -> bool:
    return record.unread is not None and record.unread[0] == RETURN_TOO_SLOW


def _outcomes(
    order: CollectOrder,
    known: set[tuple[str, str]],
    blanks: Mapping[str, Blank],
    report: CollectReport,
) -> Iterator[tuple[HandedIn, Submission | CannotRead]]:
    """Every file that no run has read yet, with what it answers or why it cannot be read."""
    faulty: list[HandedIn] = []

    def readable() -> Iterator[tuple[HandedIn, bytes]]:
        for found in handed_in(order.returns, open_mail):
            key = file_key(found.source, checksum(found.data))
            if key in known:
                report.known += 1
                continue
            known.add(key)
            if found.fault:
                faulty.append(found)
            else:
                yield found, found.data

    with mails_guarded() as open_mail:
        yield from read_guarded(readable(), blanks, order.jobs)
    for found in faulty:
        assert found.fault
        yield found, found.fault
