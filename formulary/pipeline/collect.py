"""Make the registers from folders of returned forms, as numbered stages.

Whatever was read once is kept for good beside the registers, so that a later run reads only what is
new, and nothing is lost when a file is replaced or taken away.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path

from formulary.delivery import MANIFEST, OutputFolder, Result, refuse_inside
from formulary.documents.blank import Blank, compose_blank
from formulary.pipeline.build_record import inputs_digest, tools_digest
from formulary.pipeline.progress import Progress
from formulary.pipeline.registers import (
    CollectedReturns,
    GatheredReturns,
    RegisterOptions,
    find_unchanged_outputs,
    make_outputs,
    write,
)
from formulary.pipeline.sandbox import mail_opener, read_in_subprocess
from formulary.pipeline.staff import edition_and_staff
from formulary.problems import Problem, UsageError
from formulary.publish import checksum
from formulary.returns.expected import (
    NOT_FILLED_IN,
    ExpectedReturn,
    RegisterEntry,
    expected_forms,
    match_returns,
)
from formulary.returns.files import find_files
from formulary.returns.judge import ReturnJudge
from formulary.returns.ledger import Ledger, has_ledger, known_by, opened_ledger
from formulary.returns.returned_file import ReturnedFile
from formulary.returns.submission import CannotRead
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
    wishes: RegisterOptions = field(default_factory=RegisterOptions)


@dataclass
class CollectReport:
    """What a run found.

    `new` and `known` are files; `standings` counts all files there are by what became of them, and
    `states` the forms by title and state. `stopped` are people who owe nothing, since something is
    wrong with them in the list. `problems` are gone through one by one, and must be before the
    ledger is closed.
    """

    new: int = 0
    known: int = 0
    standings: dict[str, int] = field(default_factory=dict)
    states: list[tuple[str, str, int]] = field(default_factory=list)
    expected: int = 0
    done: int = 0
    overdue: int = 0
    stopped: int = 0
    results: dict[str, Result] = field(default_factory=dict)

    @property
    def kept(self) -> list[str]:
        """Registers that somebody has changed, and that were left."""
        return [name for name, result in self.results.items() if result == "kept"]


ShowProblems = Callable[[Iterator[Problem]], None]


def collect(
    root: Path, order: CollectOrder, progress: Progress, show_problems: ShowProblems
) -> CollectReport:
    """Read what was handed in, check it, and write the registers.

    `show_problems` is given what is wrong with the files, one by one. Raises UsageError,
    OutputError, or ContentError for the content's own errors; a file that cannot be read is such a
    problem, and the rest go on.
    """
    refuse_inside(root, order.staff, "The staff list")
    refuse_inside(root, order.out, "The output folder")
    packs = order.wishes.packs
    if packs and not OutputFolder(packs).has_manifest():
        raise UsageError(f"{packs} has no packs. Name the folder that packs or roll wrote.")
    made_from = _digest_of_inputs(root, order)
    folder = OutputFolder(order.out)
    if has_ledger(order.out):
        with opened_ledger(folder) as ledger:
            if report := _find_unchanged_run(order, folder, ledger, made_from):
                show_problems(ledger.problems())
                return report
    progress.stage("Load", 1)  # 1
    edition, read_staff = edition_and_staff(
        root, order.organisation, order.year, order.staff, order.sheet
    )
    progress.stage("People", 1)  # 2
    staff = read_staff()
    people = preflight(edition, staff)
    offers = {form.id: (offer, form) for offer, form in edition.forms}
    blanks = {id: compose_blank(edition, offer, form) for id, (offer, form) in offers.items()}
    report = CollectReport(stopped=len(people.stopped))
    with opened_ledger(folder) as ledger, folder.scratch() as scratch:
        progress.stage("Read", 1)  # 3
        _read(order, ledger, blanks, report, progress)
        progress.stage("Check", 1)  # 4
        judge = ReturnJudge(edition, offers, blanks, staff)
        returns = GatheredReturns(edition, scratch)
        ledger.replace_findings(_judge(judge, ledger, returns))
        expected = expected_forms(edition, people.recipients)
        owed = match_returns(expected, returns.entries, order.today)
        progress.stage("Write", 1)  # 5
        collected = CollectedReturns(edition, staff, people.recipients, returns, owed, order.today)
        report.results = write(folder, make_outputs(collected, order.wishes), order.force)
        _count(report, returns.entries, owed)
        ledger.keep_last_run(made_from, asdict(report))
        show_problems(ledger.problems())
    return report


def _digest_of_inputs(root: Path, order: CollectOrder) -> str:
    """A digest of all on which the registers depend, but for the returns."""
    try:
        inputs = inputs_digest(root, tools_digest())
        lists = [order.staff, *([order.wishes.packs / MANIFEST] if order.wishes.packs else [])]
        given = [checksum(path.read_bytes()) for path in lists]
    except OSError:  # it is named when it is read
        return ""
    return checksum(repr((inputs, given, replace(order, returns=(), jobs=1, force=False))).encode())


def _find_unchanged_run(
    order: CollectOrder, folder: OutputFolder, ledger: Ledger, made_from: str
) -> CollectReport | None:
    """The report of the last run, where this one would make the same; None where it might not."""
    last = ledger.read_last_run(made_from) if made_from else None
    results = find_unchanged_outputs(folder) if last else None
    if not last or results is None:
        return None
    report = CollectReport(**{**last, "new": 0, "known": 0, "results": results})
    with mail_opener() as open_mail:
        for found in find_files(order.returns, open_mail):
            if not ledger.knows(found.source, checksum(found.data)):
                return None
            report.known += 1
    return report


def _judge(
    judge: ReturnJudge, ledger: Ledger, returns: GatheredReturns
) -> Iterator[tuple[int, tuple[Problem, ...]]]:
    """Every file's number in the ledger and what is wrong with it; `returns` is given each."""
    records = ledger.records()
    for file, (record, counts) in zip(records.ids, judge.mark_counting(records), strict=True):
        found = judge.judge_one(record, counts)
        is_accepted = found.standing == "current" and found.submission
        returns.add(found, judge.accept(found) if is_accepted else None)
        yield file, found.problems


def _count(
    report: CollectReport, entries: Sequence[RegisterEntry], owed: Sequence[ExpectedReturn]
) -> None:
    report.standings = dict(Counter(one.standing for one in entries))
    states = Counter((one.expected.title, one.state) for one in owed)
    asked = {id(one.entry) for one in owed}
    states.update(
        (one.title, one.state)
        for one in entries
        if one.state not in ("", NOT_FILLED_IN) and id(one) not in asked
    )
    report.states = [(*form_and_state, count) for form_and_state, count in states.items()]
    report.expected = len(owed)
    report.done = sum(one.is_done for one in owed)
    report.overdue = sum(one.is_overdue for one in owed)


def _read(
    order: CollectOrder,
    ledger: Ledger,
    blanks: Mapping[str, Blank],
    report: CollectReport,
    progress: Progress,
) -> None:
    """Put every file that is new into the ledger; each step is kept before the next begins."""
    new = _read_new_files(order, ledger, blanks, report)
    while step := list(islice(new, _A_STEP)):
        with ledger.transaction():
            for record in step:
                ledger.add(record)
        report.new += len(step)
        progress.step(f"{report.new:,} new files, {report.known:,} known already")


def _read_new_files(
    order: CollectOrder, ledger: Ledger, blanks: Mapping[str, Blank], report: CollectReport
) -> Iterator[ReturnedFile]:
    """Every file that no run has read yet, with what it answers or why it cannot be read."""
    faulty: list[ReturnedFile] = []
    under_way: set[str] = set()

    def readable() -> Iterator[tuple[ReturnedFile, bytes]]:
        for found in find_files(order.returns, open_mail):
            sha256 = checksum(found.data)
            key = known_by(found.source, sha256)
            if key in under_way or ledger.knows(found.source, sha256):
                report.known += 1
                continue
            under_way.add(key)
            record = ReturnedFile(found.source, found.received, sha256)
            if found.fault:
                unread = (found.fault.kind, found.fault.message)
                faulty.append(replace(record, unread=unread))
            else:
                yield record, found.data

    with mail_opener() as open_mail:
        for record, outcome in read_in_subprocess(readable(), blanks, order.jobs):
            if isinstance(outcome, CannotRead):
                yield replace(record, unread=(outcome.kind, outcome.message))
            else:
                yield replace(record, submission=outcome)
    yield from faulty
