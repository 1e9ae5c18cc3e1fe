"""From a staff list to a prefilled set of forms for every person, as numbered stages.

Everything that could be wrong is named before a file is written; then every copy is filled and put
into the folder that HR named, with a manifest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TypeVar

from formulary.content.form import Form
from formulary.content.organisation import Offer
from formulary.defaults import PATTERN
from formulary.delivery import Delivered, Folder, Listed, Result, Written, listed, refuse_inside
from formulary.documents.blank import Blank, compose_blank
from formulary.documents.filling import Misfit, Prepared
from formulary.documents.stamp import mark_of
from formulary.edition.edition import Edition
from formulary.pipeline.crew import Crew, crew
from formulary.pipeline.formats import FORMATS, Format
from formulary.pipeline.house import house_folder
from formulary.pipeline.output_paths import Pattern, place_of, read_pattern
from formulary.pipeline.progress import Progress
from formulary.pipeline.staff import edition_and_staff
from formulary.problems import (
    DOES_NOT_FIT,
    Problem,
    UsageError,
    errors_in,
    in_order,
)
from formulary.staff.assignment import Assignment, forms_for, values
from formulary.staff.person import Person
from formulary.staff.preflight import Preflight, preflight

STAGES = ("Load", "Blanks", "People", "Preflight", "Fill")

PEOPLE_A_CHUNK = 25
"""How many people's packs a worker makes before it says so."""


@dataclass(frozen=True)
class Order:
    """What HR asks for.

    `forms` and `only` are empty for all; `out` is None for a preflight only; `formats` are names of
    FORMATS; `jobs` is a number of processes, `dask` the address of a scheduler that does the work
    instead.
    """

    staff: Path
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
    skip_problems: bool = False
    sheet: str = ""


@dataclass(frozen=True)
class Unmade:
    """A file that cannot be made, because a value of the list cannot stand in it, and why."""

    person: Person
    form: str
    format: str
    why: str


@dataclass(frozen=True)
class Unfit:
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
    """What a run found and made; `results` is empty where nothing was to be written."""

    preflight: Preflight
    problems: tuple[Problem, ...]
    unmade: tuple[Unmade, ...] = ()
    unfit: tuple[Unfit, ...] = ()
    results: dict[Result, int] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Kit:
    """What every worker needs to make packs."""

    edition: Edition
    blanks: Mapping[str, Blank]
    prepared: Mapping[tuple[str, str], Prepared]
    """By the form's id and the format's name."""
    pattern: Pattern
    folder: Folder
    written: Written
    force: bool


@dataclass(frozen=True)
class Load:
    """A chunk of people, and by their ids the forms in formats that cannot be made for them."""

    people: tuple[Assignment, ...]
    unmade: Mapping[str, frozenset[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Copy:
    """One file: its form, its format, its place and its bytes."""

    form: str
    format: str
    file: str
    data: bytes


Carry = Callable[[Preflight, Sequence[Assignment], "Kit"], tuple[Assignment, ...]]
"""Gives those who get a pack what last year's forms bring into it (`Assignment.carried`)."""


def packs(root: Path, order: Order, progress: Progress, carry: Carry | None = None) -> PackReport:
    """Make a prefilled pack for everyone on a staff list.

    Where the list has errors, and `skip_problems` was not asked for, nothing is written and the
    report has no results. Raises UsageError, OutputError, or ContentError for the content's own.
    """
    refuse_inside(root, order.staff, "The staff list")
    if order.out:
        refuse_inside(root, order.out, "The output folder")
    progress.stage("Load", 1)  # 1
    edition, read_staff = edition_and_staff(
        root, order.organisation, order.year, order.staff, order.sheet
    )
    progress.stage("Blanks", 1)  # 2
    kit = _kit(root, edition, _forms(edition, order), order)
    # The workers start before anybody is read: they hold nothing of the list but their chunks.
    with crew(kit, order.jobs, order.dask) as workers:
        progress.stage("People", 1)  # 3
        found = preflight(edition, read_staff())
        going = tuple(_wanted(found.going, order.only))
        if carry:
            going = carry(found, going, kit)
        progress.stage("Preflight", -(-len(going) // PEOPLE_A_CHUNK))  # 4
        everything = dict(_misfits(workers, going, kit, progress))
        misfits = dict(_of_the_list(everything))
        report = _judged(found, misfits, kit)
        report.unfit = tuple(_unfit(everything, kit))
        if order.out is None or (errors_in(report.problems) and not order.skip_problems):
            return report
        progress.stage("Fill", -(-len(going) // PEOPLE_A_CHUNK))  # 5
        kit.folder.open()
        try:
            loads = _loads(going, misfits)
            kit.folder.close(_delivered(workers, kit, loads, order, report, progress))
        finally:
            kit.folder.release()
    return report


def _wanted(going: Sequence[Assignment], only: Sequence[str]) -> Iterator[Assignment]:
    """Those whose id, school or reviewer is named; all where nothing is."""
    found: set[str] = set()
    for one in going:
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


def _forms(edition: Edition, order: Order) -> tuple[tuple[Offer, Form], ...]:
    """The forms asked for, or those of the organisation's packs."""
    offered = {form.id: (offer, form) for offer, form in edition.forms}
    usual = edition.organisation.packs.forms or tuple(offered)
    for id in order.forms:
        if id not in offered:
            raise UsageError(f"There is no form “{id}” here. Offered: {', '.join(offered)}.")
    return tuple(offered[id] for id in order.forms or usual)


def _formats(order: Order) -> tuple[Format, ...]:
    return tuple(found for found in FORMATS if found.name in order.formats)


def _kit(root: Path, edition: Edition, forms: Sequence[tuple[Offer, Form]], order: Order) -> Kit:
    """Every blank, written and prepared once."""
    pattern = read_pattern(order.pattern or edition.organisation.packs.pattern or PATTERN)
    blanks = {form.id: compose_blank(edition, offer, form) for offer, form in forms}
    with house_folder(root) as house:
        prepared = {
            (id, way.name): way.prepare(way.write_blank(blank, house), blank)
            for id, blank in blanks.items()
            for way in _formats(order)
        }
    folder = Folder(order.out or Path())
    return Kit(edition, blanks, prepared, pattern, folder, Written(folder), order.force)


Misfits = Mapping[tuple[str, str], tuple[Misfit, ...]]
"""What does not fit in one person's files, by the form's id and the format's name."""


def _misfits(
    workers: Crew[Kit], going: Sequence[Assignment], kit: Kit, progress: Progress
) -> Iterator[tuple[str, tuple[Assignment, Misfits]]]:
    """Everyone with a value that does not fit its field, by id."""
    count = 0
    for chunk, made in workers.run(_misfits_of, _chunks(going)):
        count += len(chunk)
        for one, found in zip(chunk, made, strict=True):
            if found:
                yield one.person.id, (one, found)
        progress.step(f"{count:,} people looked at")


def _misfits_of(kit: Kit, chunk: Sequence[Assignment]) -> list[Misfits]:
    """For each person, what does not fit; empty for most."""
    made: list[Misfits] = []
    for one in chunk:
        found: dict[tuple[str, str], tuple[Misfit, ...]] = {}
        for form, format, prepared, answers in _wanted_of(kit, one):
            if misfits := prepared.misfits(answers):
                found[form, format] = misfits
        made.append(found)
    return made


def _of_the_list(
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


def _unfit(misfits: Mapping[str, tuple[Assignment, Misfits]], kit: Kit) -> Iterator[Unfit]:
    """The misfits of last year's forms."""
    for one, unfit in misfits.values():
        for (form, format), faults in unfit.items():
            titles = {question.id: question.title for question in kit.blanks[form].questions()}
            for fault in faults:
                if value := one.carried.get(form, {}).get(fault.field):
                    title = titles[fault.field]
                    yield Unfit(one.person, form, format, title, value, fault.message)


def _wanted_of(kit: Kit, one: Assignment) -> Iterator[tuple[str, str, Prepared, Mapping[str, str]]]:
    """Each copy that a person is to get: the form, the format, its blank, and the answers."""
    for form in _own_forms(kit, one):
        answers = values(one, kit.edition, kit.blanks[form])
        for (id, format), prepared in kit.prepared.items():
            if id == form:
                yield form, format, prepared, answers


def _own_forms(kit: Kit, one: Assignment) -> list[str]:
    """The forms of this run that the person's group has."""
    offered = {form.id for _, form in forms_for(one, kit.edition)}
    return [id for id in kit.blanks if id in offered]


def _judged(
    found: Preflight, misfits: Mapping[str, tuple[Assignment, Misfits]], kit: Kit
) -> PackReport:
    """The preflight with every misfit."""
    more = [
        problem for one, unfit in misfits.values() for problem in _problems(kit, one.person, unfit)
    ]
    unmade = tuple(
        Unmade(one.person, kit.blanks[form].title, format, faults[0].message)
        for one, unfit in misfits.values()
        for (form, format), faults in unfit.items()
    )
    return PackReport(found, in_order((*found.problems, *more)), unmade)


def _problems(kit: Kit, person: Person, misfits: Misfits) -> Iterator[Problem]:
    """A person's misfits; what is wrong alike in several places is said once.

    Where another format can hold the value, the problem says so.
    """
    formats = list(dict.fromkeys(format for _, format in kit.prepared))
    wrong: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (form, _), faults in misfits.items():
        for fault in faults:
            cannot = tuple(
                name
                for name in formats
                if any(found.field == fault.field for found in misfits.get((form, name), ()))
            )
            titles = {question.id: question.title for question in kit.blanks[form].questions()}
            place = f"{kit.blanks[form].title}, “{titles.get(fault.field, fault.field)}”"
            places = wrong.setdefault((fault.message, cannot), [])
            if place not in places:
                places.append(place)
    for (message, cannot), places in wrong.items():
        can = [name for name in formats if name not in cannot]
        said, fix = f"{person}: {message}", DOES_NOT_FIT.remedy
        if can:
            said = f"{person}: in {' and '.join(cannot)}, {message}"
            fix = (
                f"The form in {' and '.join(can)} can hold it: --skip-problems makes that one and "
                f"leaves out the {' and '.join(cannot)}. Or change the value in the staff list."
            )
        yield Problem(
            DOES_NOT_FIT, person.place, said, fix, where="; ".join(places), about=(person.id,)
        )


T = TypeVar("T")


def _chunks(items: Iterable[T]) -> Iterator[tuple[T, ...]]:
    rest = iter(items)
    while chunk := tuple(islice(rest, PEOPLE_A_CHUNK)):
        yield chunk


def _loads(
    going: Sequence[Assignment], misfits: Mapping[str, tuple[Assignment, Misfits]]
) -> Iterator[Load]:
    for chunk in _chunks(going):
        ids = [one.person.id for one in chunk if one.person.id in misfits]
        yield Load(chunk, {id: frozenset(misfits[id][1]) for id in ids})


def _delivered(
    workers: Crew[Kit],
    kit: Kit,
    loads: Iterable[Load],
    order: Order,
    report: PackReport,
    progress: Progress,
) -> Iterator[Listed]:
    """Make every file and put it into place; then name what earlier runs made and this did not.

    Nothing is said of another organisation's or edition's files, of what was not asked for this
    time, and of people with whom something is wrong: it may be put right.
    """
    edition = kit.edition.name
    again = bool(_entries(kit.folder))
    wanted: set[str] = set()
    for line in _made(workers, kit, loads, progress):
        if again:
            wanted.add(line.file)
        report.results[line.result] = report.results.get(line.result, 0) + 1
        if line.result == "kept":
            report.kept.append(line.file)
        yield line
    waiting = {left.person.id for left in report.preflight.stopped}
    waiting |= {one.person.id for one in report.unmade}
    part = order.only or order.forms or len(order.formats) < len(FORMATS)
    for entry in kit.folder.earlier():
        if entry.file in wanted:
            continue
        other = (entry.organisation, entry.edition) != (order.organisation, edition)
        if other or part or entry.person in waiting:
            yield listed(entry)
        elif (kit.folder.path / entry.file).exists():
            report.gone.append(entry.file)
            report.results["gone"] = report.results.get("gone", 0) + 1
            yield listed(replace(entry, result="gone"))


def _entries(folder: Folder) -> int:
    """How many files earlier runs listed; OutputError where their manifest cannot be read."""
    return sum(1 for _ in folder.earlier())


def _made(
    workers: Crew[Kit], kit: Kit, loads: Iterable[Load], progress: Progress
) -> Iterator[Listed]:
    """Each file, once it is in its place, in order."""
    files = 0
    if workers.shares_disk:
        results = (made for _, made in workers.run(_fill_and_put, loads))
    else:
        results = (
            [
                line
                for one, copies in zip(load.people, made, strict=True)
                for line in _put(kit, one, copies)
            ]
            for load, made in workers.run(_fill, loads)
        )
    for lines in results:
        yield from lines
        files += len(lines)
        progress.step(f"{files:,} files")


def _fill(kit: Kit, load: Load) -> list[list[Copy]]:
    """Every copy of everyone's."""
    return [_filled(kit, one, load) for one in load.people]


def _fill_and_put(kit: Kit, load: Load) -> list[Listed]:
    """Make each person's copies and write them before the next's, so that one pack is held."""
    return [line for one in load.people for line in _put(kit, one, _filled(kit, one, load))]


def _filled(kit: Kit, one: Assignment, load: Load) -> list[Copy]:
    """Every copy of one person's."""
    unmade = load.unmade.get(one.person.id, frozenset())
    endings = {way.name: way.ending for way in FORMATS}
    return [
        Copy(
            form,
            format,
            f"{place_of(kit.pattern, kit.edition, one, form)}.{endings[format]}",
            _data(prepared, one, form, answers),
        )
        for form, format, prepared, answers in _wanted_of(kit, one)
        if (form, format) not in unmade
    ]


def _data(prepared: Prepared, one: Assignment, form: str, answers: Mapping[str, str]) -> bytes:
    """A copy without what last year's form says and cannot stand in it; it says what it carries."""
    carried = one.carried.get(form, {})
    unfit = {fault.field for fault in prepared.misfits(carried)} if carried else ()
    mark = mark_of({id: carried[id] for id in carried if id not in unfit})
    return prepared.fill(
        {id: answers[id] for id in answers if id not in unfit}, one.person.id, mark
    )


def _put(kit: Kit, one: Assignment, copies: Sequence[Copy]) -> list[Listed]:
    """Put one person's copies into place."""
    done = kit.folder.put([(copy.file, copy.data) for copy in copies], kit.written, kit.force)
    who = kit.edition.id, kit.edition.name, one.person.id, one.person.name
    return [
        listed(Delivered(*who, copy.form, copy.format, copy.file, sha256, result))
        for copy, (result, sha256) in zip(copies, done, strict=True)
    ]
