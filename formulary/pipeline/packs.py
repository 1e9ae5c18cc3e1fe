"""Make a prefilled set of forms for every person on a staff list, as numbered stages.

Everything that could be wrong is named before a file is written; then every copy is filled and put
into the folder that HR named, with a manifest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TypeVar

from formulary.content.form import Form, PackUse
from formulary.content.organisation import Offer
from formulary.defaults import FORMATS as PAPERS
from formulary.defaults import PATTERN, SMALL_PAGE
from formulary.delivery import (
    ManifestLine,
    OutputFolder,
    PackFile,
    Result,
    manifest_line,
    refuse_inside,
)
from formulary.documents.blank import Blank, compose_blank
from formulary.documents.filling import Misfit, Prepared
from formulary.documents.stamp import mark_of
from formulary.edition.edition import Edition
from formulary.formats.handbook.addresses import Addresses
from formulary.formats.handbook.calendars import site_address
from formulary.formats.web.pack import PreparedPage
from formulary.pipeline.formats import FORMATS
from formulary.pipeline.house_folder import house_folder
from formulary.pipeline.output_paths import Pattern, path_for, read_pattern
from formulary.pipeline.progress import Progress
from formulary.pipeline.staff import edition_and_staff, list_faults
from formulary.pipeline.workers import WorkerPool, worker_pool
from formulary.problems import DOES_NOT_FIT, Problem, UsageError, errors_in, in_order
from formulary.project import ORGANISATIONS, SETTINGS
from formulary.returns.expected import due_day
from formulary.staff.assignment import Assignment, forms_for, pack_forms, prefill_values
from formulary.staff.person import Person
from formulary.staff.preflight import Preflight, preflight
from formulary.staff.reading import ListFile
from formulary.words import count_of

STAGES = ("Load", "Blanks", "People", "Preflight", "Fill")

PEOPLE_A_CHUNK = 25
"""How many people's packs a worker makes before it says so."""


@dataclass(frozen=True)
class PackOrder:
    """What HR asks for.

    `forms` and `only` are empty for all; `out` is None for a preflight only; `formats` are names of
    FORMATS, or that of the small page; `jobs` is a number of processes, `dask` the address of a
    scheduler that does the work instead.
    """

    staff: tuple[Path | ListFile, ...]
    organisation: str
    out: Path | None
    year: int | None = None
    forms: tuple[str, ...] = ()
    formats: tuple[str, ...] = tuple(found.name for found in FORMATS)
    only: tuple[str, ...] = ()
    pattern: str | None = None
    jobs: int = 1
    dask: str | None = None
    force: bool = False
    strict: bool = False
    sheet: str = ""
    encoding: str = ""


@dataclass(frozen=True)
class OfferedPackForm:
    """A form that the organisation offers, how many people get it, and who it is for (`PackUse`).

    `people` is None for a form that is not in the packs of this run.
    """

    id: str
    title: str
    use: PackUse
    people: int | None

    def __str__(self) -> str:
        """Its title, and why it is not in the packs where it is not, or is there all the same."""
        usual = self.use == "everyone" and self.people is not None
        return self.title if usual else f"{self.title} ({NOT_IN_PACKS[self.use]})"


NOT_IN_PACKS: Mapping[PackUse, str] = {
    "everyone": "for everyone, and not chosen",
    "when-needed": "only when needed",
    "office": "kept by the office",
}
"""Why a form is not in the packs."""


@dataclass(frozen=True)
class SkippedFile:
    """A file that cannot be made, because a value of the list does not fit, and why."""

    person: Person
    form: str
    format: str
    why: str


@dataclass(frozen=True)
class DroppedValue:
    """A value of last year's form that a format of this year's cannot show; it is left out there.

    `form` is the form's id, `title` that of its question, `value` the words.
    """

    person: Person
    form: str
    format: str
    title: str
    value: str
    why: str


@dataclass
class PackReport:
    """What a run found and made; `results` is empty where nothing was to be written.

    `stops` says whether errors keep everything from being written.
    """

    preflight: Preflight
    problems: tuple[Problem, ...]
    stops: bool
    forms: tuple[OfferedPackForm, ...] = ()
    skipped: tuple[SkippedFile, ...] = ()
    dropped: tuple[DroppedValue, ...] = ()
    results: Counter[Result] = field(default_factory=Counter)
    kept: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class PackContext:
    """What every worker needs to make packs."""

    edition: Edition
    blanks: Mapping[str, Blank]
    prepared: Mapping[tuple[str, str], Prepared]
    """By the form's id and the format's name."""
    pattern: Pattern
    folder: OutputFolder
    force: bool


@dataclass(frozen=True)
class WorkItem:
    """A chunk of people, and by their ids the forms in formats that cannot be made for them."""

    people: tuple[Assignment, ...]
    skipped: Mapping[str, frozenset[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class FilledCopy:
    """One file: its form, its format, its place and its bytes."""

    form: str
    format: str
    file: str
    data: bytes


Carry = Callable[[Preflight, Sequence[Assignment], "PackContext"], tuple[Assignment, ...]]
"""Gives those who get a pack what last year's forms bring into it (`Assignment.carried`)."""


def packs(
    root: Path, order: PackOrder, progress: Progress, carry: Carry | None = None
) -> PackReport:
    """Make a prefilled pack for everyone on a staff list.

    People and files with an error are left out, and the others are made. Nothing is written, and
    the report has no results, where `strict` was asked for and there is an error, where the list
    as a whole is in doubt, or where errors leave nobody. Raises
    UsageError, OutputError, or ContentError for the content's own.
    """
    for path in order.staff:
        if isinstance(path, Path):
            refuse_inside(root, path, "The staff list")
    if order.out:
        refuse_inside(root, order.out, "The output folder")
    progress.stage("Load", 1)  # 1
    edition, read_staff = edition_and_staff(
        root, order.organisation, order.year, order.staff, order.sheet, order.encoding
    )
    progress.stage("Blanks", 1)  # 2
    context = _prepare(root, edition, _forms(edition, order), order)
    # The workers start before anybody is read: they hold nothing of the list but their chunks.
    with worker_pool(context, order.jobs, order.dask) as workers:
        progress.stage("People", 1)  # 3
        found = preflight(edition, read_staff())
        recipients = tuple(_choose_people(found.recipients, order.only))
        if carry:
            recipients = carry(found, recipients, context)
        progress.stage("Preflight", -(-len(recipients) // PEOPLE_A_CHUNK))  # 4
        everything = dict(_find_misfits(workers, recipients, context, progress))
        misfits = dict(_without_carried(everything))
        report = _make_report(found, recipients, misfits, context, order)
        report.dropped = tuple(_dropped_values(everything, context))
        if order.out is None or report.stops:
            return report
        progress.stage("Fill", -(-len(recipients) // PEOPLE_A_CHUNK))  # 5
        with context.folder:
            items = _work_items(recipients, misfits)
            context.folder.close(_deliver(workers, context, items, order, report, progress))
    return report


def _choose_people(recipients: Sequence[Assignment], only: Sequence[str]) -> Iterator[Assignment]:
    """Those whose id, school or reviewer is named; all where nothing is."""
    found: set[str] = set()
    for one in recipients:
        person = one.person
        names = {person.id, person.site, person.reviewer, one.reviewer_name}
        hits = {text for text in only if text.casefold() in {name.casefold() for name in names}}
        found |= hits
        if hits or not only:
            yield one
    lost = [text for text in only if text not in found]
    if lost:
        raise UsageError(
            f"Nobody who is going to get a pack has the id, school or reviewer “{lost[0]}”. "
            "Check the spelling; --preflight without --only says who gets none, and why."
        )


def _forms(edition: Edition, order: PackOrder) -> tuple[tuple[Offer, Form], ...]:
    """The forms asked for, or those of the organisation's packs. Raises UsageError for none."""
    offered = {form.id: (offer, form) for offer, form in edition.forms}
    usual = pack_forms(edition)
    if not (order.forms or usual):
        raise UsageError(
            f"{edition.organisation.short} offers no form that goes to everyone. Name the forms "
            "of a pack in organisation.yaml, as in “packs: forms: [pm-form]”, or write "
            "“pack: everyone” in the form."
        )
    for id in order.forms:
        if id not in offered:
            raise UsageError(f"There is no form “{id}” here. Offered: {', '.join(offered)}.")
    return tuple(offered[id] for id in order.forms or usual)


def _prepare(
    root: Path, edition: Edition, forms: Sequence[tuple[Offer, Form]], order: PackOrder
) -> PackContext:
    """Every blank, written and prepared once."""
    pattern = read_pattern(order.pattern or edition.organisation.packs.pattern or PATTERN)
    blanks = {form.id: compose_blank(edition, offer, form) for offer, form in forms}
    with house_folder(root) as house:
        prepared = {
            (id, way.name): way.prepare(way.write_blank(blank, house), blank)
            for id, blank in blanks.items()
            for way in FORMATS
            if way.name in order.formats
        }
    if SMALL_PAGE in order.formats:
        pages = _small_pages(root, edition, blanks)
        prepared |= {(id, SMALL_PAGE): page for id, page in pages.items()}
    folder = OutputFolder(order.out or Path())
    return PackContext(edition, blanks, prepared, pattern, folder, order.force)


def _small_pages(
    root: Path, edition: Edition, blanks: Mapping[str, Blank]
) -> Mapping[str, PreparedPage]:
    """What opens each form in the published handbook. Raises UsageError where that is not known."""
    site = site_address(root / SETTINGS)
    if not site:
        raise UsageError(
            f"“--format {SMALL_PAGE.lower()}” makes files that open the forms in the handbook. Say "
            f"where it is: write “site_url: https://…” in {SETTINGS}."
        )
    alone = len(list((root / ORGANISATIONS).glob("*/organisation.yaml"))) == 1
    at = Addresses(edition, alone)
    return {id: PreparedPage(blank, site + at.fill_page(id)) for id, blank in blanks.items()}


Misfits = Mapping[tuple[str, str], tuple[Misfit, ...]]
"""What does not fit in one person's files, by the form's id and the format's name."""


def _find_misfits(
    workers: WorkerPool[PackContext],
    recipients: Sequence[Assignment],
    context: PackContext,
    progress: Progress,
) -> Iterator[tuple[str, tuple[Assignment, Misfits]]]:
    """Everyone with a value that does not fit its field, by id."""
    count = 0
    for chunk, made in workers.run(_find_misfits_of, _chunks(recipients)):
        count += len(chunk)
        for one, found in zip(chunk, made, strict=True):
            if found:
                yield one.person.id, (one, found)
        progress.step(f"{count_of(count, 'person', 'people')} checked")


def _find_misfits_of(context: PackContext, chunk: Sequence[Assignment]) -> list[Misfits]:
    """For each person, what does not fit; empty for most."""
    return [
        {
            (form, format): misfits
            for form, format, prepared, answers in _copies_of(context, one)
            if (misfits := prepared.misfits(answers))
        }
        for one in chunk
    ]


def _without_carried(
    misfits: Mapping[str, tuple[Assignment, Misfits]],
) -> Iterator[tuple[str, tuple[Assignment, Misfits]]]:
    """The misfits without those of last year's forms, which keep no file from being made."""
    for id, (one, unfit) in misfits.items():
        own = {
            (form, format): tuple(f for f in faults if f.field not in one.carried.get(form, {}))
            for (form, format), faults in unfit.items()
        }
        if any(own.values()):
            yield id, (one, {place: faults for place, faults in own.items() if faults})


def _dropped_values(
    misfits: Mapping[str, tuple[Assignment, Misfits]], context: PackContext
) -> Iterator[DroppedValue]:
    """The misfits of last year's forms."""
    for one, unfit in misfits.values():
        for (form, format), faults in unfit.items():
            titles = {question.id: question.title for question in context.blanks[form].questions()}
            for fault in faults:
                if value := one.carried.get(form, {}).get(fault.field):
                    title = titles[fault.field]
                    yield DroppedValue(one.person, form, format, title, value, fault.message)


def _copies_of(
    context: PackContext, one: Assignment
) -> Iterator[tuple[str, str, Prepared, Mapping[str, str]]]:
    """Each copy that a person is to get: the form, the format, its blank, and the answers."""
    offered = {form.id for _, form in forms_for(one, context.edition)}
    for form in context.blanks:
        if form not in offered:
            continue
        answers = prefill_values(one, context.edition, context.blanks[form])
        for (id, format), prepared in context.prepared.items():
            if id == form:
                yield form, format, prepared, answers


def _make_report(
    found: Preflight,
    recipients: Sequence[Assignment],
    misfits: Mapping[str, tuple[Assignment, Misfits]],
    context: PackContext,
    order: PackOrder,
) -> PackReport:
    """The preflight with every misfit, and the forms of the packs."""
    more = (p for one, unfit in misfits.values() for p in _problems(context, one.person, unfit))
    unmade = tuple(
        SkippedFile(one.person, context.blanks[form].title, format, faults[0].message)
        for one, unfit in misfits.values()
        for (form, format), faults in unfit.items()
    )
    faults = list_faults(found, order.staff)
    said = in_order((*found.problems, *more, *(f for f in faults if f not in found.problems)))
    errors = errors_in(said)
    stops = bool(faults or (errors and (order.strict or not recipients)))
    forms = tuple(_count_forms(recipients, context))
    return PackReport(found, said, stops, forms, unmade)


def _count_forms(
    recipients: Sequence[Assignment], context: PackContext
) -> Iterator[OfferedPackForm]:
    """Every form that the organisation offers, with how many people get it."""
    groups = Counter(one.group.id for one in recipients)
    for offer, form in context.edition.forms:
        people = sum(groups[id] for id in offer.groups or groups)
        yield OfferedPackForm(
            form.id, form.title, form.pack, people if form.id in context.blanks else None
        )


def _problems(context: PackContext, person: Person, misfits: Misfits) -> Iterator[Problem]:
    """A person's misfits; what is wrong alike in several places is said once.

    Where another format can hold the value, the problem says so.
    """
    formats = list(dict.fromkeys(format for _, format in context.prepared))
    wrong: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (form, _), faults in misfits.items():
        for fault in faults:
            cannot = tuple(
                name
                for name in formats
                if any(found.field == fault.field for found in misfits.get((form, name), ()))
            )
            titles = {question.id: question.title for question in context.blanks[form].questions()}
            place = f"{context.blanks[form].title}, “{titles.get(fault.field, fault.field)}”"
            places = wrong.setdefault((fault.message, cannot), [])
            if place not in places:
                places.append(place)
    for (message, cannot), places in wrong.items():
        can = [name for name in formats if name not in cannot]
        said, fix = f"{person}: {message}", DOES_NOT_FIT.remedy
        if can:
            said = f"{person}: in {' and '.join(cannot)}, {message}"
            fix = (
                f"The form in {' and '.join(can)} can hold it and is made; the "
                f"{' and '.join(cannot)} is left out. Or change the value in the staff list."
            )
        yield Problem(
            DOES_NOT_FIT, person.place, said, fix, where="; ".join(places), about=(person.id,)
        )


T = TypeVar("T")


def _chunks(items: Iterable[T]) -> Iterator[tuple[T, ...]]:
    rest = iter(items)
    while chunk := tuple(islice(rest, PEOPLE_A_CHUNK)):
        yield chunk


def _work_items(
    recipients: Sequence[Assignment], misfits: Mapping[str, tuple[Assignment, Misfits]]
) -> Iterator[WorkItem]:
    for chunk in _chunks(recipients):
        ids = [one.person.id for one in chunk if one.person.id in misfits]
        yield WorkItem(chunk, {id: frozenset(misfits[id][1]) for id in ids})


def _deliver(
    workers: WorkerPool[PackContext],
    context: PackContext,
    items: Iterable[WorkItem],
    order: PackOrder,
    report: PackReport,
    progress: Progress,
) -> Iterator[ManifestLine]:
    """Make every file and put it into place; then name what earlier runs made and this did not.

    Nothing is said of another organisation's or edition's files, of what was not asked for this
    time, and of people with whom something is wrong: it may be corrected.
    """
    edition = context.edition.name
    # all of it is read, so that a manifest that cannot be is reported before anything is written
    again = sum(1 for _ in context.folder.read_manifest()) > 0
    wanted: set[str] = set()
    for line in _make_files(workers, context, items, progress):
        if again:
            wanted.add(line.file)
        report.results[line.result] += 1
        if line.result == "kept":
            report.kept.append(line.file)
        yield line
    waiting = {left.person.id for left in report.preflight.stopped}
    waiting |= {one.person.id for one in report.skipped}
    part = order.only or order.forms
    for entry in context.folder.read_manifest():
        if entry.file in wanted:
            continue
        other = (entry.organisation, entry.edition) != (order.organisation, edition)
        if other or part or entry.format not in order.formats or entry.person in waiting:
            yield manifest_line(entry)
        elif (context.folder.path / entry.file).exists():
            report.gone.append(entry.file)
            report.results["gone"] += 1
            yield manifest_line(replace(entry, result="gone"))


def _make_files(
    workers: WorkerPool[PackContext],
    context: PackContext,
    items: Iterable[WorkItem],
    progress: Progress,
) -> Iterator[ManifestLine]:
    """Each file, once it is in its place, in order."""
    files = 0
    if workers.shares_disk:
        results = (made for _, made in workers.run(_fill_and_write, items))
    else:
        results = (
            [
                line
                for one, copies in zip(item.people, made, strict=True)
                for line in _write_pack(context, one, copies)
            ]
            for item, made in workers.run(_fill, items)
        )
    for lines in results:
        yield from lines
        files += len(lines)
        progress.step(count_of(files, "file"))


def _fill(context: PackContext, item: WorkItem) -> list[list[FilledCopy]]:
    """Every copy of everyone's."""
    return [_fill_person(context, one, item) for one in item.people]


def _fill_and_write(context: PackContext, item: WorkItem) -> list[ManifestLine]:
    """Make each person's copies and write them before the next's, so that one pack is held."""
    return [
        line
        for one in item.people
        for line in _write_pack(context, one, _fill_person(context, one, item))
    ]


def _fill_person(context: PackContext, one: Assignment, item: WorkItem) -> list[FilledCopy]:
    """Every copy of one person's."""
    unmade = item.skipped.get(one.person.id, frozenset())
    endings = {**PAPERS, SMALL_PAGE: "html"}
    return [
        FilledCopy(
            form,
            format,
            f"{path_for(context.pattern, context.edition, one, form)}.{endings[format]}",
            _fill_copy(prepared, one, form, answers),
        )
        for form, format, prepared, answers in _copies_of(context, one)
        if (form, format) not in unmade
    ]


def _fill_copy(prepared: Prepared, one: Assignment, form: str, answers: Mapping[str, str]) -> bytes:
    """A copy without what last year's form says and does not fit; it says what it carries."""
    if isinstance(prepared, PreparedPage):
        prepared = replace(prepared, mail=one.reviewer_email)
    carried = one.carried.get(form, {})
    unfit = {fault.field for fault in prepared.misfits(carried)} if carried else ()
    mark = mark_of({id: carried[id] for id in carried if id not in unfit})
    return prepared.fill(
        {id: answers[id] for id in answers if id not in unfit}, one.person.id, mark
    )


def _write_pack(
    context: PackContext, one: Assignment, copies: Sequence[FilledCopy]
) -> list[ManifestLine]:
    """Put one person's copies into place."""
    done = context.folder.write_files(
        [(copy.file, copy.data) for copy in copies], None, context.force
    )
    person = one.person
    offered = {form.id: (offer, form) for offer, form in context.edition.forms}
    return [
        manifest_line(
            PackFile(
                context.edition.id,
                context.edition.name,
                person.id,
                person.name,
                copy.form,
                copy.format,
                copy.file,
                sha256,
                result,
                title=offered[copy.form][1].title,
                due=_due(one, *offered[copy.form]),
                email=person.email,
                site=person.site,
                reviewer=person.reviewer if one.reviewer_name else "",
                reviewer_name=one.reviewer_name,
                reviewer_email=one.reviewer_email,
            )
        )
        for copy, (result, sha256) in zip(copies, done, strict=True)
    ]


def _due(one: Assignment, offer: Offer, form: Form) -> str:
    """The day by which a form is to be back; none for what is filled in several times a year."""
    return "" if form.repeats else due_day(one, offer).isoformat()
