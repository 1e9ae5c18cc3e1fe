"""Make the registers from folders of returned forms, as numbered stages.

Whatever was read once is kept for good beside the registers, so that a later run reads only what is
new, and nothing is lost when a file is replaced or taken away.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path

from formulary.delivery import MANIFEST, OutputFolder, Result, RunOutputs, refuse_inside
from formulary.formats.handbook.calendars import site_address
from formulary.pipeline.build_record import inputs_digest, tools_digest
from formulary.pipeline.house_folder import house_folder
from formulary.pipeline.progress import Progress
from formulary.pipeline.register_edition import bind_to_edition
from formulary.pipeline.registers import (
    OUTPUTS,
    CollectedReturns,
    GatheredReturns,
    RegisterOptions,
    make_outputs,
)
from formulary.pipeline.sandbox import file_opener, read_in_subprocess
from formulary.pipeline.staff import list_faults, shelf_and_staff
from formulary.problems import (
    EDITION_NOT_KEPT,
    RETURN_COPY,
    RETURN_TOO_SLOW,
    ContentError,
    Place,
    Problem,
    UsageError,
)
from formulary.project import SETTINGS
from formulary.publish import checksum
from formulary.returns.edition_shelf import EditionShelf
from formulary.returns.expected import (
    NOT_FILLED_IN,
    ExpectedReturn,
    RegisterEntry,
    expected_forms,
    match_returns,
)
from formulary.returns.files import Container, FaultyFiles, FoundFile, find_files
from formulary.returns.judge import ReturnJudge
from formulary.returns.ledger import Ledger, LedgerFile, has_ledger, known_by, opened_ledger
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
    """What a run found.

    `new` and `known` are files; `standings` counts all files there are by what became of them,
    `other_editions` those of each other edition, and `states` the forms by title and state.
    `stopped` are people who owe nothing, since something is wrong with them in the list.
    """

    new: int = 0
    known: int = 0
    standings: dict[str, int] = field(default_factory=dict)
    other_editions: dict[str, int] = field(default_factory=dict)
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
    OutputError, or ContentError for errors of the content and for a staff list that cannot be used;
    a file that cannot be read is such a problem, and the rest go on.
    """
    for path in order.staff:
        refuse_inside(root, path, "The staff list")
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
    shelf, read_staff = shelf_and_staff(
        root, order.organisation, order.year, order.staff, order.sheet, order.encoding
    )
    edition = shelf.edition
    progress.stage("People", 1)  # 2
    staff = read_staff()
    people = preflight(edition, staff)
    if faults := list_faults(people, order.staff):
        raise ContentError(faults)
    report = CollectReport(stopped=len(people.stopped))
    with opened_ledger(folder) as ledger, folder.scratch() as scratch, house_folder(root) as house:
        bind_to_edition(folder, edition, ledger.stamps())
        progress.stage("Read", 1)  # 3
        reader = _FileReader(order, ledger, shelf, house, report)
        reader.read(progress)
        progress.stage("Check", 1)  # 4
        judge = ReturnJudge(shelf, staff, people.recipients, order.today)
        returns = GatheredReturns(edition, scratch)
        ledger.replace_findings(_judge(judge, reader, returns))
        expected = expected_forms(edition, people.recipients)
        owed = match_returns(expected, returns.entries, order.today)
        progress.stage("Write", 1)  # 5
        collected = CollectedReturns(edition, staff, people.recipients, returns, owed, order.today)
        report.results = RunOutputs(folder, OUTPUTS).write(
            make_outputs(collected, order.wishes, site_address(root / SETTINGS)), order.force
        )
        _count(report, returns.entries, owed)
        ledger.keep_last_run(made_from, asdict(report))
        show_problems(ledger.problems())
    return report


def _digest_of_inputs(root: Path, order: CollectOrder) -> str:
    """A digest of all on which the registers depend, but for the returns."""
    try:
        inputs = inputs_digest(root, tools_digest())
        lists = [*order.staff, *([order.wishes.packs / MANIFEST] if order.wishes.packs else [])]
        given = [checksum(path.read_bytes()) for path in lists]
    except OSError:  # it is named when it is read
        return ""
    return checksum(repr((inputs, given, replace(order, returns=(), jobs=1, force=False))).encode())


def _find_unchanged_run(
    order: CollectOrder, folder: OutputFolder, ledger: Ledger, made_from: str
) -> CollectReport | None:
    """The report of the last run, where this one would make the same; None where it might not."""
    last = ledger.read_last_run(made_from) if made_from else None
    results = RunOutputs(folder, OUTPUTS).find_unchanged() if last else None
    if not last or results is None:
        return None
    known = ledger.known_files(worth_another_try=(RETURN_TOO_SLOW.code,))
    seen: set[str] = set()
    with file_opener(known) as open_file:
        for found in find_files(order.returns, open_file):
            key = known_by(found.source, found.sha256)
            if key not in known:
                return None
            seen.add(key)
    return CollectReport(**{**last, "new": 0, "known": len(seen), "results": results})


def _judge(
    judge: ReturnJudge, reader: _FileReader, returns: GatheredReturns
) -> Iterator[tuple[int, tuple[Problem, ...]]]:
    """Every file's number in the ledger and what is wrong with it; `returns` is given each."""
    records = reader.ledger.records(reader.is_over)
    for file, judged in zip(records.ids, judge.judge_all(records), strict=True):
        found = reader.with_copies(judged)
        is_accepted = found.standing == "current" and found.submission
        returns.add(found, judge.accept(found) if is_accepted else None)
        yield file, found.problems


def _count(
    report: CollectReport, entries: Sequence[RegisterEntry], owed: Sequence[ExpectedReturn]
) -> None:
    report.standings = dict(Counter(one.standing for one in entries))
    others = Counter(one.edition for one in entries if one.standing == "other edition")
    report.other_editions = dict(sorted(others.items()))
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


_WORTH_ANOTHER_TRY = frozenset([RETURN_TOO_SLOW.code, EDITION_NOT_KEPT.code])


class _FileReader:
    """Puts every file that is new into the ledger."""

    def __init__(
        self,
        order: CollectOrder,
        ledger: Ledger,
        shelf: EditionShelf,
        house: Path,
        report: CollectReport,
    ) -> None:
        self.order, self.ledger, self.shelf = order, ledger, shelf
        self.house, self.report = house, report
        self.known = ledger.known_files(worth_another_try=_WORTH_ANOTHER_TRY) - {
            known_by(one.source, one.sha256)
            for one in ledger.records()
            if shelf.reads_otherwise(one)
        }
        self.this_run: dict[str, str] = {}
        """The first name of every file of this run, by what `known_by` gives for it."""
        self.copies: dict[str, list[str]] = {}
        """The names of files of this run that are the same byte for byte, by the same."""
        self.opened: set[str] = set()
        """The archives and mails out of which files came in this run."""

    def read(self, progress: Progress) -> None:
        """Read what is new; each step is kept before the next begins."""
        new = self.new_files()
        while step := list(islice(new, _A_STEP)):
            with self.ledger.transaction():
                for found, outcome in step:
                    submission = outcome if isinstance(outcome, Submission) else None
                    fault = outcome if isinstance(outcome, CannotRead) else None
                    unread = (fault.kind, fault.message) if fault else None
                    self.ledger.add(
                        ReturnedFile(found.source, found.received, found.sha256, submission, unread)
                    )
            report = self.report
            report.new += len(step)
            progress.step(f"{report.new:,} new files, {report.known:,} known already")

    def is_over(self, file: LedgerFile) -> bool:
        """Whether a file took too long in an earlier run, and was opened in this one."""
        return file.unread in _WORTH_ANOTHER_TRY and file.source in self.opened

    def with_copies(self, found: Return) -> Return:
        """A return, with the names of the files that are the same."""
        names = self.copies.get(known_by(found.record.source, found.record.sha256), ())
        if not names:
            return found
        message = f"{' and '.join(names)} are the same, byte for byte, and are read once"
        place = Place(Path(found.record.source))
        same = Problem(RETURN_COPY, place, message, RETURN_COPY.remedy)
        return replace(found, problems=(*found.problems, same))

    def new_files(self) -> Iterator[tuple[FoundFile, Submission | CannotRead]]:
        """Every file that no run has read yet, with what it answers or why it cannot be read.

        What cannot be read out of an archive comes last, since much of it is one fault of the
        archive.
        """
        faulty: list[tuple[FoundFile, CannotRead]] = []
        out_of: dict[Container, FaultyFiles] = {}

        def readable() -> Iterator[tuple[FoundFile, bytes]]:
            for found in find_files(self.order.returns, open_file):
                if found.container:
                    self.opened.add(found.container.source)
                elif found.fault and found.fault.kind == RETURN_TOO_SLOW:
                    self.opened.discard(found.source)  # some files came out of it, and not all
                key = known_by(found.source, found.sha256)
                if key in self.this_run:
                    self.copies.setdefault(key, [self.this_run[key]]).append(found.source)
                    if found.fault and found.container:
                        out_of.setdefault(found.container, FaultyFiles(found.container)).add(
                            found, found.fault, is_copy=True
                        )
                    continue
                self.this_run[key] = found.source
                if key in self.known:
                    self.report.known += 1
                elif found.fault:
                    faulty.append((found, found.fault))
                else:
                    yield found, found.data

        def files() -> Iterator[tuple[FoundFile, Submission | CannotRead]]:
            for outcome in read_in_subprocess(
                readable(), self.shelf.blanks, self.shelf.find_blank, self.order.jobs, self.house
            ):
                yield outcome
                yield from faulty
                faulty.clear()
            yield from faulty

        with file_opener(self.known) as open_file:
            for found, outcome in files():
                if found.container and isinstance(outcome, CannotRead):
                    container = found.container
                    out_of.setdefault(container, FaultyFiles(container)).add(found, outcome)
                elif isinstance(outcome, CannotRead) and found.source in self.opened:
                    container = Container(found.source, found.received, found.sha256)
                    faults = out_of.setdefault(container, FaultyFiles(container))
                    faults.whole.append((found, outcome))
                else:
                    yield found, outcome
        for faults in out_of.values():
            for found, fault in faults.report():
                if known_by(found.source, found.sha256) not in self.known:
                    yield found, fault
