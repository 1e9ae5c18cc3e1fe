"""From a staff list to a prefilled set of forms for every person, as numbered stages.

Everything that could be wrong is named before a file is written; then every copy is filled and put
into the folder that HR named, with a manifest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from string import Formatter
from typing import TypeVar

from formulary.deliver import Delivered, Folder, Result, refuse_inside, safe_id, safe_name
from formulary.model.assignment import Assignment, forms_for, values
from formulary.model.blank import Blank, compose_blank
from formulary.model.edition import Edition
from formulary.model.fill import Misfit, Prepared
from formulary.model.form import Form
from formulary.model.organisation import Offer
from formulary.model.person import Person
from formulary.model.stamp import mark_of
from formulary.pipeline.content import edition_and_staff
from formulary.pipeline.crew import Crew, crew
from formulary.pipeline.formats import FORMATS, Format
from formulary.pipeline.progress import Progress
from formulary.problems import (
    DOES_NOT_FIT,
    Problem,
    UsageError,
    errors_in,
    in_order,
)
from formulary.rules.preflight import Preflight, preflight

STAGES = ("Load", "People", "Blanks", "Preflight", "Fill")

PEOPLE_A_CHUNK = 50
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


@dataclass(frozen=True, slots=True)
class Copy:
    """One file to be made: its form, its format, its place, and what earlier runs wrote there."""

    form: str
    format: str
    file: str
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """One person's files."""

    assignment: Assignment
    copies: tuple[Copy, ...]


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
    edition, staff = edition_and_staff(
        root, order.organisation, order.year, order.staff, order.sheet
    )
    progress.stage("People", 1)  # 2
    found = preflight(edition, staff)
    going = tuple(_wanted(found.going, order.only))
    progress.stage("Blanks", 1)  # 3
    kit = _kit(root, edition, _forms(edition, going, order), order)
    if carry:
        going = carry(found, going, kit)
    pattern = read_pattern(order.pattern or edition.organisation.packs.pattern or PATTERN)
    with crew(kit, order.jobs, order.dask) as workers:
        progress.stage("Preflight", -(-len(going) // PEOPLE_A_CHUNK))  # 4
        everything = dict(_misfits(workers, going, kit, progress))
        misfits = dict(_of_the_list(everything))
        report = _judged(found, misfits, kit)
        report.unfit = tuple(_unfit(everything, kit))
        if order.out is None or (errors_in(report.problems) and not order.skip_problems):
            return report
        progress.stage("Fill", -(-len(going) // PEOPLE_A_CHUNK))  # 5
        folder = Folder(order.out)
        folder.open()
        try:
            written = folder.written()
            packed = _packs(kit, going, pattern, misfits, written)
            folder.close(_delivered(workers, folder, packed, order, report, progress))
        finally:
            folder.release()
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


def _forms(
    edition: Edition, going: Sequence[Assignment], order: Order
) -> tuple[tuple[Offer, Form], ...]:
    """The forms asked for, or those of the organisation's packs, that somebody's group has."""
    offered = {form.id: (offer, form) for offer, form in edition.forms}
    usual = edition.organisation.packs.forms or tuple(offered)
    for id in order.forms:
        if id not in offered:
            raise UsageError(f"There is no form “{id}” here. Offered: {', '.join(offered)}.")
    needed = {form.id for one in going for _, form in forms_for(one, edition)}
    return tuple(offered[id] for id in order.forms or usual if id in needed)


def _formats(order: Order) -> tuple[Format, ...]:
    return tuple(found for found in FORMATS if found.name in order.formats)


def _kit(root: Path, edition: Edition, forms: Sequence[tuple[Offer, Form]], order: Order) -> Kit:
    """Every blank that somebody needs, written and prepared once."""
    blanks = {form.id: compose_blank(edition, offer, form) for offer, form in forms}
    house = root / "forms" / "house"
    prepared = {
        (id, way.name): way.prepare(way.write_blank(blank, house), blank)
        for id, blank in blanks.items()
        for way in _formats(order)
    }
    return Kit(edition, blanks, prepared)


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
        for form in _own_forms(kit, one):
            filled = values(one, kit.edition, kit.blanks[form])
            for (id, format), prepared in kit.prepared.items():
                if id == form and (misfits := prepared.misfits(filled)):
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


def _own_forms(kit: Kit, one: Assignment) -> list[str]:
    """The forms of this run that the person's group has."""
    return [form.id for _, form in forms_for(one, kit.edition) if form.id in kit.blanks]


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


PATTERN = "{school}/{reviewer}/{person}/{form}-{edition}"
"""Where a file goes in the output folder, if nothing else is said."""

PLACES = ("school", "group", "reviewer", "person", "id", "form", "edition")
"""What a pattern may hold in curly brackets."""

Pattern = tuple[tuple[tuple[str, str], ...], ...]
"""A pattern as read: for each folder and for the name, pairs of plain words and a place, or “”."""


def read_pattern(pattern: str) -> Pattern:
    """A pattern, made ready for many paths.

    Raises UsageError where it cannot be read, could leave the folder, or could give two files one
    name: a path holds the person or their id, and the form.
    """
    try:
        parsed = [list(Formatter().parse(part)) for part in pattern.split("/")]
    except ValueError:
        raise _unusable(pattern, "A curly bracket has no partner") from None
    found = tuple(tuple((words, place or "") for words, place, *_ in part) for part in parsed)
    places = {place for part in found for _, place in part if place}
    for part in parsed:
        for words, place, *more in part:
            if place is not None and (place not in PLACES or any(more)):
                raise _unusable(pattern, f"“{{{place}}}” is not known")
            if words.strip(". ") and safe_name(words) != words.strip(". "):
                raise _unusable(pattern, f"No file can have “{words}” in its name")
        if not any(place or words.strip(". ") for words, place, *_ in part):
            raise _unusable(pattern, "A folder has no name")
    if "form" not in places or not places & {"person", "id"}:
        raise _unusable(pattern, "It needs {form}, and {person} or {id}, to tell the files apart")
    return found


def _unusable(pattern: str, fault: str) -> UsageError:
    known = ", ".join(f"{{{place}}}" for place in PLACES)
    return UsageError(
        f"The pattern “{pattern}” cannot be used. {fault}. "
        f"It may hold {known}, words, and / between folders."
    )


def _packs(
    kit: Kit,
    going: Sequence[Assignment],
    pattern: Pattern,
    misfits: Mapping[str, tuple[Assignment, Misfits]],
    written: Mapping[str, Sequence[str]],
) -> Iterator[Pack]:
    """Every person's files with their paths, without those that cannot be made."""
    endings = {way.name: way.ending for way in FORMATS}
    for one in going:
        unfit = misfits[one.person.id][1] if one.person.id in misfits else {}
        copies = []
        stems = {form: _stem(pattern, kit, one, form) for form in _own_forms(kit, one)}
        for form, format in kit.prepared:
            if form in stems and (form, format) not in unfit:
                file = f"{stems[form]}.{endings[format]}"
                copies.append(Copy(form, format, file, tuple(written.get(file, ()))))
        yield Pack(one, tuple(copies))


def _stem(pattern: Pattern, kit: Kit, one: Assignment, form: str) -> str:
    """The path of a file without its ending, each part safe by itself.

    People of one name are told apart by their ids.
    """
    person = one.person
    known = {
        "school": safe_name(person.site or "No school or team"),
        "group": safe_name(one.group.name),
        "reviewer": safe_name(one.reviewer_name, person.reviewer),
        "person": safe_name(person.name, person.id),
        "id": safe_id(person.id),
        "form": form,
        "edition": safe_name(kit.edition.name),
        "": "",
    }
    parts = ("".join([words + known[place] for words, place in part]) for part in pattern)
    return "/".join([part.strip(". ") for part in parts])


def _delivered(
    workers: Crew[Kit],
    folder: Folder,
    packed: Iterable[Pack],
    order: Order,
    report: PackReport,
    progress: Progress,
) -> Iterator[Delivered]:
    """Make every file and put it into place; then name what earlier runs made and this did not.

    Nothing is said of another organisation's or edition's files, of what was not asked for this
    time, and of people with whom something is wrong: it may be put right.
    """
    edition = report.preflight.edition.name
    again = folder.has_manifest()
    wanted: set[str] = set()
    for pack, results in _made(workers, folder, packed, order, progress):
        for copy, (result, sha256) in zip(pack.copies, results, strict=True):
            if again:
                wanted.add(copy.file)
            report.results[result] = report.results.get(result, 0) + 1
            if result == "kept":
                report.kept.append(copy.file)
            person = pack.assignment.person
            yield Delivered(
                order.organisation,
                edition,
                person.id,
                person.name,
                copy.form,
                copy.format,
                copy.file,
                sha256,
                result,
            )
    waiting = {left.person.id for left in report.preflight.stopped}
    waiting |= {one.person.id for one in report.unmade}
    part = order.only or order.forms or len(order.formats) < len(FORMATS)
    for entry in folder.earlier():
        if entry.file in wanted:
            continue
        other = (entry.organisation, entry.edition) != (order.organisation, edition)
        if other or part or entry.person in waiting:
            yield entry
        elif (folder.path / entry.file).exists():
            report.gone.append(entry.file)
            report.results["gone"] = report.results.get("gone", 0) + 1
            yield replace(entry, result="gone")


def _made(
    workers: Crew[Kit],
    folder: Folder,
    packed: Iterable[Pack],
    order: Order,
    progress: Progress,
) -> Iterator[tuple[Pack, list[tuple[Result, str]]]]:
    """Each pack with what became of its files, in order."""
    files = 0

    def told(chunk: Sequence[Pack]) -> None:
        nonlocal files
        files += sum(len(pack.copies) for pack in chunk)
        progress.step(f"{files:,} files")

    if workers.shares_disk:
        chunks = (Load(folder, order.force, chunk) for chunk in _chunks(packed))
        for load_, made in workers.run(_fill_and_put, chunks):
            yield from zip(load_.packs, made, strict=True)
            told(load_.packs)
    else:
        for chunk, filled in workers.run(_fill, _chunks(packed)):
            for pack, data in zip(chunk, filled, strict=True):
                yield pack, _put(folder, order.force, pack, data)
            told(chunk)


@dataclass(frozen=True)
class Load:
    """A chunk of packs for a worker that writes them itself."""

    folder: Folder
    force: bool
    packs: tuple[Pack, ...]


def _fill(kit: Kit, chunk: Sequence[Pack]) -> list[list[bytes]]:
    """The bytes of every copy of every pack."""
    return [_filled(kit, pack) for pack in chunk]


def _filled(kit: Kit, pack: Pack) -> list[bytes]:
    """The bytes of every copy of a pack."""
    answers: dict[str, dict[str, str]] = {}
    copies = []
    for copy in pack.copies:
        if copy.form not in answers:
            answers[copy.form] = values(pack.assignment, kit.edition, kit.blanks[copy.form])
        prepared, said = kit.prepared[copy.form, copy.format], answers[copy.form]
        carried = pack.assignment.carried.get(copy.form, {})
        unfit = {fault.field for fault in prepared.misfits(carried)} if carried else ()
        mark = mark_of({id: carried[id] for id in carried if id not in unfit})
        said = {id: said[id] for id in said if id not in unfit}
        copies.append(prepared.filled(said, pack.assignment.person.id, mark))
    return copies


def _fill_and_put(kit: Kit, load_: Load) -> list[list[tuple[Result, str]]]:
    """Make each pack and write it before the next, so that one pack is held at a time."""
    return [_put(load_.folder, load_.force, pack, _filled(kit, pack)) for pack in load_.packs]


def _put(
    folder: Folder, force: bool, pack: Pack, filled: Sequence[bytes]
) -> list[tuple[Result, str]]:
    files = [(copy.file, data) for copy, data in zip(pack.copies, filled, strict=True)]
    return folder.put(files, {copy.file: copy.known for copy in pack.copies}, force)
