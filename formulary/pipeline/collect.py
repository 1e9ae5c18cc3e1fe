"""Make the registers from folders of returned forms, as numbered stages.

Whatever was read once is kept for good beside the registers, so that a later run reads only what is
new, and nothing is lost when a file is replaced or taken away.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from formulary.delivery import JsonLines, OutputFolder, Result, refuse_inside
from formulary.pipeline.house_folder import house_folder
from formulary.pipeline.progress import Progress
from formulary.pipeline.register_edition import bind_to_edition
from formulary.pipeline.registers import CollectedReturns, RegisterOptions, make_outputs, write
from formulary.pipeline.sandbox import file_opener, read_in_subprocess
from formulary.pipeline.staff import list_faults, shelf_and_staff
from formulary.problems import (
    EDITION_NOT_KEPT,
    RETURN_COPY,
    RETURN_TOO_SLOW,
    ContentError,
    Place,
    Problem,
    in_order,
)
from formulary.returns.edition_shelf import EditionShelf
from formulary.returns.expected import AcceptedReturn, ExpectedReturn, expected_forms, match_returns
from formulary.returns.files import Container, FaultyFiles, FoundFile, find_files
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
    opened: set[str] = field(default_factory=set)
    """The archives and mails out of which files came in this run."""
    copies: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """Files of this run that are the same byte for byte, by what `file_key` gives for them."""

    def standing(self, which: str) -> int:
        return sum(found.standing == which for found in self.returns)

    @property
    def other_editions(self) -> dict[str, int]:
        """How many files are of each other edition, by its name, in order."""
        counted = Counter(
            found.submission.identity.stamp.edition
            for found in self.returns
            if found.standing == "other edition" and found.submission
        )
        return dict(sorted(counted.items()))

    @property
    def kept(self) -> list[str]:
        return [name for name, result in self.results.items() if result == "kept"]


def collect(root: Path, order: CollectOrder, progress: Progress) -> CollectReport:
    """Read what was handed in, check it, and write the registers.

    Raises UsageError, OutputError, or ContentError for errors of the content and for a staff list
    that cannot be used; a file that cannot be read is a problem of the report, and the rest go on.
    """
    for path in order.staff:
        refuse_inside(root, path, "The staff list")
    refuse_inside(root, order.out, "The output folder")
    progress.stage("Load", 1)  # 1
    shelf, read_staff = shelf_and_staff(
        root, order.organisation, order.year, order.staff, order.sheet, order.encoding
    )
    edition = shelf.edition
    progress.stage("People", 1)  # 2
    staff = read_staff()
    found = preflight(edition, staff)
    if faults := list_faults(found, order.staff):
        raise ContentError(faults)
    recipients = found.recipients
    report = CollectReport(stopped=len(found.stopped))
    folder = OutputFolder(order.out)
    folder.open()
    try:
        progress.stage("Read", 1)  # 3
        with house_folder(root) as house:
            records = _read(order, folder, shelf, house, report, progress)
        progress.stage("Check", 1)  # 4
        judge = ReturnJudge(shelf, staff, recipients, order.today)
        report.returns = tuple(
            _with_copies(found, report.copies) for found in judge.judge_all(records)
        )
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
    folder: OutputFolder,
    shelf: EditionShelf,
    house: Path,
    report: CollectReport,
    progress: Progress,
) -> list[ReturnedFile]:
    """Every record, those of this run last; each is kept before the next step begins."""
    ledger = JsonLines(folder, LEDGER)
    records = read_ledger(ledger)
    stamps = (one.submission.identity.stamp for one in records if one.submission)
    bind_to_edition(folder, shelf.edition, stamps)
    known = {
        file_key(one.source, one.sha256)
        for one in records
        if not (_is_worth_another_try(one) or shelf.reads_otherwise(one))
    }
    fresh: list[ReturnedFile] = []

    def keep() -> None:
        ledger.add(record.as_data() for record in fresh)
        records.extend(fresh)
        report.new += len(fresh)
        fresh.clear()
        progress.step(f"{report.new:,} new files, {report.known:,} known already")

    for found, outcome in _read_new_files(order, known, shelf, house, report):
        submission = outcome if isinstance(outcome, Submission) else None
        unread = (outcome.kind, outcome.message) if isinstance(outcome, CannotRead) else None
        fresh.append(ReturnedFile(found.source, found.received, found.sha256, submission, unread))
        if len(fresh) >= _A_STEP:
            keep()
    keep()
    # What took too long in an earlier run, and was opened in this one, has no fault any more.
    return [
        one
        for one in latest_tries(records)
        if not (_is_worth_another_try(one) and one.source in report.opened)
    ]


def _with_copies(found: Return, copies: Mapping[tuple[str, str], Sequence[str]]) -> Return:
    """A return, with the names of the files that are the same."""
    names = copies.get(file_key(found.record.source, found.record.sha256), ())
    if not names:
        return found
    message = f"{' and '.join(names)} are the same, byte for byte, and are read once"
    place = Place(Path(found.record.source))
    same = Problem(RETURN_COPY, place, message, RETURN_COPY.remedy)
    return replace(found, problems=(*found.problems, same))


def _is_worth_another_try(record: ReturnedFile) -> bool:
    return record.unread is not None and record.unread[0] in (RETURN_TOO_SLOW, EDITION_NOT_KEPT)


def _read_new_files(
    order: CollectOrder,
    known: set[tuple[str, str]],
    shelf: EditionShelf,
    house: Path,
    report: CollectReport,
) -> Iterator[tuple[FoundFile, Submission | CannotRead]]:
    """Every file that no run has read yet, with what it answers or why it cannot be read.

    What cannot be read out of an archive comes last, since much of it is one fault of the archive.
    """
    faulty: list[tuple[FoundFile, CannotRead]] = []
    out_of: dict[Container, FaultyFiles] = {}
    this_run: dict[tuple[str, str], str] = {}

    def readable() -> Iterator[tuple[FoundFile, bytes]]:
        for found in find_files(order.returns, open_file):
            if found.container:
                report.opened.add(found.container.source)
            elif found.fault and found.fault.kind == RETURN_TOO_SLOW:
                report.opened.discard(found.source)  # some files came out of it, and not all
            key = file_key(found.source, found.sha256)
            if key in this_run:
                report.copies.setdefault(key, [this_run[key]]).append(found.source)
                if found.fault and found.container:
                    out_of.setdefault(found.container, FaultyFiles(found.container)).add(
                        found, found.fault, is_copy=True
                    )
                continue
            this_run[key] = found.source
            if key in known:
                report.known += 1
            elif found.fault:
                faulty.append((found, found.fault))
            else:
                yield found, found.data

    def files() -> Iterator[tuple[FoundFile, Submission | CannotRead]]:
        for outcome in read_in_subprocess(
            readable(), shelf.blanks, shelf.find_blank, order.jobs, house
        ):
            yield outcome
            yield from faulty
            faulty.clear()
        yield from faulty

    with file_opener({sha256 for _, sha256 in known}) as open_file:
        for found, outcome in files():
            if found.container and isinstance(outcome, CannotRead):
                container = found.container
                out_of.setdefault(container, FaultyFiles(container)).add(found, outcome)
            elif isinstance(outcome, CannotRead) and found.source in report.opened:
                container = Container(found.source, found.received, found.sha256)
                faults = out_of.setdefault(container, FaultyFiles(container))
                faults.whole.append((found, outcome))
            else:
                yield found, outcome
    for faults in out_of.values():
        for found, fault in faults.report():
            if file_key(found.source, found.sha256) not in known:
                yield found, fault
