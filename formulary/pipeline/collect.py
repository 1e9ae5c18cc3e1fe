"""From a folder of returned forms to the registers, as numbered stages.

Whatever was read once is kept for good beside the registers, so that a later run reads only what is
new, and nothing is lost when a file is replaced or taken away.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from formulary.deliver import Folder, Ledger, Result, refuse_inside
from formulary.intake import HandedIn, handed_in
from formulary.model.blank import Blank, compose_blank
from formulary.model.edition import Edition
from formulary.model.form import Form
from formulary.model.organisation import Offer
from formulary.model.person import Person
from formulary.model.record import Record, Return, record_from
from formulary.model.submission import CannotRead, Submission
from formulary.people import StaffList
from formulary.people.reviewers import name_key
from formulary.pipeline.content import edition_and_staff
from formulary.pipeline.guard import read_guarded
from formulary.pipeline.progress import Progress
from formulary.problems import (
    RETURN_TOO_SLOW,
    SECOND_RETURN,
    OutputError,
    Place,
    Problem,
    in_order,
)
from formulary.publish import checksum
from formulary.register import Case, Table, csv_of, expected_of, tables_of, workbook_of
from formulary.rules.preflight import preflight
from formulary.rules.returns import ReturnCase, check_return, is_filled_in, state_of

STAGES = ("Load", "People", "Read", "Check", "Write")

LEDGER = "returns.jsonl"
OUTPUTS = "outputs.json"
"""In the work folder: what was read, and the checksums of what was written last."""

_A_STEP = 50
"""Files read before they are kept and shown as progress."""

_LONG_AGO = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


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


@dataclass
class CollectReport:
    """What a run found. `kept` are registers that somebody has changed, and that were left."""

    new: int = 0
    known: int = 0
    returns: tuple[Return, ...] = ()
    problems: tuple[Problem, ...] = ()
    tables: tuple[Table, ...] = ()
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
    edition, staff = edition_and_staff(
        root, order.organisation, order.year, order.staff, order.sheet
    )
    progress.stage("People", 1)  # 2
    going = preflight(edition, staff).going
    offers = {form.id: (offer, form) for offer, form in edition.forms}
    blanks = {id: compose_blank(edition, offer, form) for id, (offer, form) in offers.items()}
    report = CollectReport()
    folder = Folder(order.out)
    folder.open()
    try:
        ledger = Ledger(folder, LEDGER)
        progress.stage("Read", 1)  # 3
        records = _read(order, ledger, blanks, report, progress)
        progress.stage("Check", 1)  # 4
        judge = _Judge(edition, offers, blanks, staff)
        report.returns = tuple(judge.judged(records))
        cases = judge.cases(report.returns)
        report.problems = in_order(p for found in report.returns for p in found.problems)
        expected = expected_of(edition, going)
        report.tables = tables_of(edition, expected, report.returns, cases, order.today)
        progress.stage("Write", 1)  # 5
        report.results = _written(folder, report.tables, edition, order.force)
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
    try:
        records = [record_from(entry) for entry in ledger.entries()]
    except (KeyError, TypeError, ValueError) as error:
        raise OutputError(
            f"{ledger.path} is not as it was written. Put the last good one back from your backup."
        ) from error
    known = {_key(one.source, one.sha256) for one in records if not _is_worth_another_try(one)}
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
    again = {_key(one.source, one.sha256): one for one in records}
    return list(again.values())


def _key(source: str, sha256: str) -> tuple[str, str]:
    """What tells a file from others: its bytes; where it has none, its name."""
    return ("", sha256) if sha256 != checksum(b"") else (source, "")


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
        for found in handed_in(order.returns):
            key = _key(found.source, checksum(found.data))
            if key in known:
                report.known += 1
                continue
            known.add(key)
            if found.fault:
                faulty.append(found)
            else:
                yield found, found.data

    yield from read_guarded(readable(), blanks, order.jobs)
    for found in faulty:
        assert found.fault
        yield found, found.fault


class _Judge:
    """Says whose each return is, whether it counts, and what is wrong with it."""

    def __init__(
        self,
        edition: Edition,
        offers: Mapping[str, tuple[Offer, Form]],
        blanks: Mapping[str, Blank],
        staff: StaffList,
    ) -> None:
        self.edition, self.offers, self.blanks = edition, offers, blanks
        self.staff = {person.id: person for person in staff.people}
        self.by_name: dict[str, list[Person]] = {}
        for person in staff.people:
            self.by_name.setdefault(name_key(person.name), []).append(person)

    def judged(self, records: Sequence[Record]) -> Iterator[Return]:
        """Every record as a return, in the order in which they came."""
        latest: dict[tuple[str, ...], int] = {}
        for place, record in enumerate(records):
            if key := self.key(record):
                before = latest.get(key)
                if before is None or self.weight(records[before]) <= self.weight(record):
                    latest[key] = place
        for place, record in enumerate(records):
            key = self.key(record)
            yield self.one(record, not key or latest[key] == place)

    def weight(self, record: Record) -> tuple[bool, datetime.datetime]:
        """What of two returns counts: one that is filled in, and then the later."""
        filled = is_filled_in(self.case(record, None))
        return filled, record.received or _LONG_AGO

    def key(self, record: Record) -> tuple[str, ...]:
        """What two returns share of which only the later counts; empty where each counts."""
        found = record.submission
        if found is None or self.form(found)[1].repeats:
            return ()
        person, name = self.person(found), self.name(found)
        stamp = found.identity.stamp
        if not person and not name:
            return ()
        return (person.id if person else f"name:{name_key(name)}", stamp.form, str(stamp.year))

    def one(self, record: Record, counts: bool) -> Return:
        place = Place(Path(record.source))
        if record.unread:
            kind, message = record.unread
            return Return(record, "unread", problems=(Problem(kind, place, message, kind.remedy),))
        assert record.submission
        person, name = self.person(record.submission), self.name(record.submission)
        if counts:
            return Return(record, "current", person, name, check_return(self.case(record, person)))
        if not is_filled_in(self.case(record, person)):
            return Return(record, "replaced", person, name)
        who, title = str(person or name), self.blanks[record.submission.identity.stamp.form].title
        message = f"{who}: the form was replaced by one that came later"
        about = (person.id,) if person else ()
        problem = Problem(SECOND_RETURN, place, message, SECOND_RETURN.remedy, title, about)
        return Return(record, "replaced", person, name, (problem,))

    def cases(self, returns: Iterable[Return]) -> tuple[Case, ...]:
        """The returns that count, for the register."""
        return tuple(
            Case(
                found,
                self.blanks[found.submission.identity.stamp.form],
                state_of(self.case(found.record, found.person)),
            )
            for found in returns
            if found.standing == "current" and found.submission
        )

    def case(self, record: Record, person: Person | None) -> ReturnCase:
        assert record.submission
        offer, form = self.form(record.submission)
        blank, place = self.blanks[form.id], Place(Path(record.source))
        return ReturnCase(
            self.edition, offer, form, blank, record.submission, place, person, self.staff
        )

    def form(self, found: Submission) -> tuple[Offer, Form]:
        return self.offers[found.identity.stamp.form]

    def name(self, found: Submission) -> str:
        """The reviewee's name as the form has it."""
        blank = self.blanks[found.identity.stamp.form]
        asked = next((q for q in blank.questions() if q.prefill == "staff.name"), None)
        return found.value(asked.id).strip() if asked else ""

    def person(self, found: Submission) -> Person | None:
        """Whose return it is: by the id of the pack, or by a name that one person has."""
        if person := self.staff.get(found.identity.person):
            return person
        same = self.by_name.get(name_key(self.name(found)), [])
        return same[0] if len(same) == 1 else None


def _written(
    folder: Folder, tables: Sequence[Table], edition: Edition, force: bool
) -> dict[str, Result]:
    """Write the registers; one that somebody has changed since the last run stays as it is."""
    title = f"Register of {edition.organisation.short}, {edition.name}"
    files = [("register.xlsx", workbook_of(tables, title))]
    files += [
        (f"csv/{table.title.casefold().replace(' ', '-')}.csv", csv_of(table)) for table in tables
    ]
    memory = folder.work / OUTPUTS
    try:
        before = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        before = {}
    ours = {name: (before[name],) for name in before}
    done = folder.put(files, ours, force)
    known = {name: sha256 for (name, _), (_, sha256) in zip(files, done, strict=True) if sha256}
    folder.put(
        [(memory.relative_to(folder.path).as_posix(), json.dumps(known, indent=1).encode())],
        {},
        True,
    )
    return {name: result for (name, _), (result, _) in zip(files, done, strict=True)}
