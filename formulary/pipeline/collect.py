"""Make the registers from folders of returned forms, as numbered stages.

Whatever was read once is kept for good beside the registers, so that a later run reads only what is
new, and nothing is lost when a file is replaced or taken away.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from formulary.delivery import JsonLines, OutputFolder, Result, refuse_inside
from formulary.documents.blank import Blank, compose_blank
from formulary.pipeline.progress import Progress
from formulary.pipeline.registers import CollectedReturns, RegisterOptions, make_outputs, write
from formulary.pipeline.sandbox import mail_opener, read_in_subprocess
from formulary.pipeline.staff import edition_and_staff
from formulary.problems import (
    RETURN_TOO_SLOW,
    Problem,
    in_order,
)
from formulary.publish import checksum
from formulary.returns.expected import AcceptedReturn, ExpectedReturn, expected_forms, match_returns
from formulary.returns.files import FoundFile, find_files
from formulary.returns.judge import ReturnJudge
from formulary.returns.ledger import LEDGER, file_key, latest_tries, read_ledger
from formulary.returns.returned_file import Return, ReturnedFile
from formulary.returns.submission import CannotRead, Submission
from formulary.staff.preflight import preflight

STAGES = ("Load", "People", "Read", "Check", "Write")

_A_STEP = 50
"""Files read before they are kept and shown as progress."""


@dataclass(frozen=True)
class CollectOrder:
    """What HR asks for. `today` is the day by which something is overdue."""

    returns: tuple[Path, ...]
    staff: tuple[Path, ...]
    organisation: str
    out: Path
    today: datetime.date
    year: int | None = None
    jobs: int = 1
    force: bool = False
    sheet: str = ""
    encoding: str = ""
    wishes: RegisterOptions = field(default_factory=RegisterOptions)


@dataclass
class CollectReport:
    """What a run found. `kept` are registers that somebody has changed, and that were left."""

    new: int = 0
    known: int = 0
    returns: tuple[Return, ...] = ()
    problems: tuple[Problem, ...] = ()
    cases: tuple[AcceptedReturn, ...] = ()
    owed: tuple[ExpectedReturn, ...] = ()
    stopped: int = 0
    """People who owe nothing, since something is wrong with them in the list."""
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
    for path in order.staff:
        refuse_inside(root, path, "The staff list")
    refuse_inside(root, order.out, "The output folder")
    progress.stage("Load", 1)  # 1
    edition, read_staff = edition_and_staff(
        root, order.organisation, order.year, order.staff, order.sheet, order.encoding
    )
    progress.stage("People", 1)  # 2
    staff = read_staff()
    found = preflight(edition, staff)
    recipients = found.recipients
    offers = {form.id: (offer, form) for offer, form in edition.forms}
    blanks = {id: compose_blank(edition, offer, form) for id, (offer, form) in offers.items()}
    report = CollectReport(stopped=len(found.stopped))
    folder = OutputFolder(order.out)
    folder.open()
    try:
        ledger = JsonLines(folder, LEDGER)
        progress.stage("Read", 1)  # 3
        records = _read(order, ledger, blanks, report, progress)
        progress.stage("Check", 1)  # 4
        judge = ReturnJudge(edition, offers, blanks, staff)
        report.returns = tuple(judge.judge_all(records))
        report.cases = judge.accept_all(report.returns)
        report.problems = in_order(p for found in report.returns for p in found.problems)
        report.owed = match_returns(expected_forms(edition, recipients), report.cases, order.today)
        progress.stage("Write", 1)  # 5
        collected = CollectedReturns(
            edition, staff, recipients, report.returns, report.cases, report.owed, order.today
        )
        report.results = write(folder, tuple(make_outputs(collected, order.wishes)), order.force)
    finally:
        folder.release()
    return report


def _read(
    order: CollectOrder,
    ledger: JsonLines,
    blanks: Mapping[str, Blank],
    report: CollectReport,
    progress: Progress,
) -> list[ReturnedFile]:
    """Every record, those of this run last; each is kept before the next step begins."""
    records = read_ledger(ledger)
    known = {file_key(one.source, one.sha256) for one in records if not _is_worth_another_try(one)}
    fresh: list[ReturnedFile] = []

    def keep() -> None:
        ledger.add(record.as_data() for record in fresh)
        records.extend(fresh)
        report.new += len(fresh)
        fresh.clear()
        progress.step(f"{report.new:,} new files, {report.known:,} known already")

    for found, outcome in _read_new_files(order, known, blanks, report):
        submission = outcome if isinstance(outcome, Submission) else None
        unread = (outcome.kind, outcome.message) if isinstance(outcome, CannotRead) else None
        sha256 = checksum(found.data)
        fresh.append(ReturnedFile(found.source, found.received, sha256, submission, unread))
        if len(fresh) >= _A_STEP:
            keep()
    keep()
    return latest_tries(records)


def _is_worth_another_try(record: ReturnedFile) -> bool:
    return record.unread is not None and record.unread[0] == RETURN_TOO_SLOW


def _read_new_files(
    order: CollectOrder,
    known: set[tuple[str, str]],
    blanks: Mapping[str, Blank],
    report: CollectReport,
) -> Iterator[tuple[FoundFile, Submission | CannotRead]]:
    """Every file that no run has read yet, with what it answers or why it cannot be read."""
    faulty: list[FoundFile] = []

    def readable() -> Iterator[tuple[FoundFile, bytes]]:
        for found in find_files(order.returns, open_mail):
            key = file_key(found.source, checksum(found.data))
            if key in known:
                report.known += 1
                continue
            known.add(key)
            if found.fault:
                faulty.append(found)
            else:
                yield found, found.data

    with mail_opener() as open_mail:
        yield from read_in_subprocess(readable(), blanks, order.jobs)
    for found in faulty:
        assert found.fault
        yield found, found.fault
