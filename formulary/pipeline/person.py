"""Gather everything held on one person from the folders that HR keeps into one archive."""

from __future__ import annotations

import csv
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from formulary.archive import UNIX, zip_files
from formulary.content.loading import Content, load
from formulary.delivery import (
    LIST,
    WORK,
    OutputFolder,
    refuse_inside,
    safe_name,
    write_private,
)
from formulary.documents.blank import Blank
from formulary.edition.edition import Edition
from formulary.edition.text import plain
from formulary.pipeline.progress import Progress
from formulary.pipeline.sandbox import file_opener
from formulary.pipeline.shelves import shelf_of
from formulary.problems import Place, UsageError
from formulary.register.person import (
    FoundForm,
    FoundPackFile,
    GivenAnswer,
    PersonFile,
    RegisterRows,
    pages_of,
)
from formulary.returns.carry_over import rename_answers
from formulary.returns.edition_shelf import EditionShelf
from formulary.returns.files import find_files
from formulary.returns.judge import ReturnJudge
from formulary.returns.ledger import read_collected
from formulary.returns.returned_file import ReturnedFile
from formulary.returns.submission import Submission
from formulary.staff.person import Person, StaffList
from formulary.words import name_key

STAGES = ("Load", "Search", "Originals", "Write")

_SHORTEST = 3
"""Letters of a part of a name by which a file's name can point to a person."""


@dataclass(frozen=True)
class PersonOrder:
    """Whose data is wanted, and where it may lie.

    `id` is the id of the staff list; `names` are further names that forms without an id may bear.
    `folders` are those of collect, packs and roll; `returns` is where the returned files lie.
    `made` is the day of the search, in words.
    """

    id: str
    folders: tuple[Path, ...]
    out: Path
    made: str
    names: tuple[str, ...] = ()
    returns: tuple[Path, ...] = ()
    force: bool = False


def person(root: Path, order: PersonOrder, progress: Progress) -> PersonFile:
    """Write the archive, and give what is in it.

    Raises UsageError where nothing is held or a folder is none of ours, and OutputError.
    """
    for folder in (*order.folders, *order.returns):
        refuse_inside(root, folder, "The folder")
    refuse_inside(root, order.out, "The archive")
    progress.stage("Load", 1)  # 1
    content, _ = load(root)
    records = [record for folder in order.folders for record in _records(folder)]
    progress.stage("Search", 1)  # 2
    search = _Search(root, content, order, records)
    held, files = search.gather()
    if not held.has_anything:
        raise UsageError(
            f"Nothing is held on “{order.id}” in {', '.join(map(str, order.folders))}. "
            "Check the id as the staff list has it, or add --name with the name on the forms."
        )
    progress.stage("Originals", 1)  # 3
    held, originals = _add_originals(held, order)
    progress.stage("Write", 1)  # 4
    packed = zip_files({**pages_of(held), **files, **originals}.items(), system=UNIX)
    write_private(order.out, packed, order.force)
    return held


def _records(path: Path) -> list[ReturnedFile]:
    """What was collected into a folder; nothing where it is one of packs. Raises UsageError."""
    records = read_collected(path)
    if records is None and not OutputFolder(path).has_manifest():
        raise UsageError(f"{path} is no folder that collect, packs or roll wrote.")
    return records or []


class _Search:
    """Finds what is one person's among records, packs and registers."""

    def __init__(
        self, root: Path, content: Content, order: PersonOrder, records: Sequence[ReturnedFile]
    ) -> None:
        self.root, self.content = root, content
        self.order, self.records = order, records
        self.id = order.id.strip().casefold()
        self.shelves: dict[tuple[str, int], EditionShelf | None] = {}
        self.packed_for: list[str] = []
        self.packed = list(self.packs())
        self.names = list(dict.fromkeys(filter(None, self.known_names())))
        self.keys = {name_key(name) for name in self.names} - {""}
        written = (
            one.submission.identity.person for one in records if one.submission and self.has_id(one)
        )
        name = self.names[0] if self.names else ""
        self.subject = Person(next(written, order.id).strip(), name, Place(Path("staff")))
        self.namesakes = tuple(self.other_people_of_the_name())

    def known_names(self) -> Iterator[str]:
        """The names that HR gave, and that most of the forms with the id bear.

        A form may have come back in somebody else's copy, so one name in one form proves nothing.
        """
        yield from (name.strip() for name in self.order.names)
        yield from self.packed_for
        named = Counter(self.answer(one, "staff.name") for one in self.records if self.has_id(one))
        yield from (name for name, _ in named.most_common(1))

    def other_people_of_the_name(self) -> Iterator[Person]:
        """Everybody else with one of the names and an id, in the packs and on the forms."""
        packed = [
            (entry.person, entry.name)
            for path in self.order.folders
            for entry in OutputFolder(path).read_manifest()
        ]
        returned = [
            (one.submission.identity.person.strip(), self.answer(one, "staff.name"))
            for one in self.records
            if one.submission
        ]
        for id, name in dict.fromkeys((*packed, *returned)):
            if id and id.casefold() != self.id and name_key(name) in self.keys:
                yield Person(id, name, Place(Path("staff")))

    def gather(self) -> tuple[PersonFile, dict[str, bytes]]:
        """Everything that was found, and the files of packs by their place in the archive."""
        theirs = [one for one in self.records if self.has_id(one) or self.has_name(one)]
        counting = dict(self.mark_counting(theirs))
        others = [one for one in self.records if one not in theirs]
        unread = [(one.source, one.unread[1]) for one in others if one.unread]
        pointed = tuple(found for found in unread if self.is_pointed_at(found[0]))
        reviewed = [one for one in others if self.is_reviewer(one)]
        held = PersonFile(
            id=self.order.id,
            names=tuple(self.names),
            made=self.order.made,
            folders=tuple(map(str, (*self.order.folders, *self.order.returns))),
            forms=tuple(self.form(one, counting[id(one)]) for one in theirs),
            packs=tuple(pack for pack, _ in self.packed),
            registers=tuple(self.registers(theirs, others)),
            unread=pointed,
            other_unread=len(unread) - len(pointed),
            named_by=len(reviewed),
            kept_for=self.kept_for(theirs),
        )
        return held, {pack.inside: data for pack, data in self.packed if pack.inside}

    # whose a return is

    def has_id(self, record: ReturnedFile) -> bool:
        found = record.submission
        return bool(found and found.identity.person.strip().casefold() == self.id)

    def has_name(self, record: ReturnedFile) -> bool:
        """Whether a form without an id bears one of the names."""
        found = record.submission
        name = self.answer(record, "staff.name")
        return bool(found and not found.identity.person and name_key(name) in self.keys)

    def is_reviewer(self, record: ReturnedFile) -> bool:
        return name_key(self.answer(record, "staff.reviewer")) in self.keys

    def is_pointed_at(self, source: str) -> bool:
        """Whether the name of a file has the id, or a part of one of the names."""
        words = set(re.findall(r"\w+", source.casefold()))
        parts = {part for name in self.names for part in re.findall(r"\w+", name.casefold())}
        return bool(words & ({part for part in parts if len(part) >= _SHORTEST} | {self.id}))

    def answer(self, record: ReturnedFile, prefill: str) -> str:
        """The answer to what a pack fills from `prefill`; empty where nobody knows the form."""
        found = record.submission
        blank = self.blank(found) if found else None
        if found is None or blank is None:
            return ""
        asked = next((q for q in blank.questions() if q.prefill == prefill), None)
        return rename_answers(found, blank).value(asked.id).strip() if asked else ""

    # the forms

    def shelf(self, organisation: str, year: int) -> EditionShelf | None:
        """The forms of an edition; None where nothing of it is known, or it has errors."""
        if (organisation, year) not in self.shelves:
            found = shelf_of(self.root, self.content, organisation, year)
            self.shelves[organisation, year] = found
        return self.shelves[organisation, year]

    def edition(self, organisation: str, year: int) -> Edition | None:
        shelf = self.shelf(organisation, year)
        return shelf.edition if shelf else None

    def blank(self, found: Submission) -> Blank | None:
        stamp = found.identity.stamp
        shelf = self.shelf(stamp.organisation, stamp.year)
        form = shelf and (shelf.find_form(stamp) or shelf.forms.get(stamp.form))
        return form.blank if form else None

    def mark_counting(self, theirs: Sequence[ReturnedFile]) -> Iterator[tuple[int, str]]:
        """For each of the records whether it counts, in words."""
        staff = StaffList("", (self.subject, *self.namesakes), ())
        groups: dict[tuple[str, int], list[ReturnedFile]] = {}
        for record in theirs:
            assert record.submission
            stamp = record.submission.identity.stamp
            blank = self.blank(record.submission)
            if blank is None:
                yield id(record), "a form that is not offered any more"
                continue
            groups.setdefault((stamp.organisation, stamp.year), []).append(record)
        for key, found in groups.items():
            shelf = self.shelf(*key)
            assert shelf
            judge = ReturnJudge(shelf, staff)
            now = [self.rename_answers_of(record) for record in found]
            for record, (_, counts) in zip(found, judge.mark_counting(now), strict=True):
                yield id(record), "it counts" if counts else "replaced by a later one"

    def rename_answers_of(self, record: ReturnedFile) -> ReturnedFile:
        assert record.submission
        blank = self.blank(record.submission)
        now = rename_answers(record.submission, blank) if blank else record.submission
        return replace(record, submission=now)

    def form(self, record: ReturnedFile, standing: str) -> FoundForm:
        found = record.submission
        assert found
        stamp, blank = found.identity.stamp, self.blank(found)
        titles = {q.id: q.title for q in blank.questions()} if blank else {}
        now = rename_answers(found, blank) if blank else found
        given, empty = [], 0
        for id, answer in now.answers.items():
            note = f"typed beside the field: {answer.beside}" if answer.beside.strip() else ""
            if answer.state == "lost" and not note:
                note = "the field is gone from the file, so nobody knows whether it was answered"
            if answer.value.strip() or note:
                given.append(GivenAnswer(titles.get(id, id), answer.value, note))
            else:
                empty += 1
        note = "not a question of the form"
        given += [GivenAnswer(id, words, note) for id, words in now.unknown.items()]
        edition = self.edition(stamp.organisation, stamp.year)
        name = edition.organisation.name if edition else stamp.organisation
        title = blank.title if blank else stamp.form
        why, sure = self.why(record)
        return FoundForm(title, name, record, why, sure, standing, tuple(given), empty)

    def why(self, record: ReturnedFile) -> tuple[str, bool]:
        """How a form is known to be the person's, and whether nobody has to look."""
        name = self.answer(record, "staff.name")
        if not self.has_id(record):
            others = ", ".join(dict.fromkeys(person.id for person in self.namesakes))
            shared = f"; {others} has it too" if others else ""
            return f"It bears the name, and no staff number{shared}", False
        if name and name_key(name) not in self.keys:
            return f"It carries the staff number, and the name “{name}”", False
        return "It carries the staff number", True

    def kept_for(self, theirs: Sequence[ReturnedFile]) -> Mapping[str, str]:
        wanted = [one.submission.identity.stamp for one in theirs if one.submission]
        found: dict[str, str] = {}
        for stamp in wanted:
            edition = self.edition(stamp.organisation, stamp.year)
            said = edition.organisation.at_a_glance.get("retention") if edition else None
            if edition and said:
                found[edition.organisation.name] = plain(said.text)
        return found

    # packs and registers

    def packs(self) -> Iterator[tuple[FoundPackFile, bytes]]:
        """The files that were made for the person, as far as they are still there."""
        number = 0
        for path in self.order.folders:
            for entry in OutputFolder(path).read_manifest():
                if entry.person.casefold() != self.id:
                    continue
                number += 1
                self.packed_for.append(entry.name)
                pack = FoundPackFile(entry.form, entry.edition, entry.format, entry.file)
                try:
                    data = (path / entry.file).read_bytes()
                except OSError:
                    yield pack, b""
                    continue
                name = f"packs/{number:02d}-{safe_name(Path(entry.file).name)}"
                yield replace(pack, inside=name), data

    def registers(
        self, theirs: Sequence[ReturnedFile], others: Sequence[ReturnedFile]
    ) -> Iterator[RegisterRows]:
        """The rows of every CSV file in the folders that are about the person.

        A row that names no person goes by its file, where no other person's file is called so.
        """
        files = {one.source for one in theirs} - {one.source for one in others}
        folders = [folder.resolve() for folder in self.order.folders]
        on_one_drive = len({folder.drive for folder in folders}) == 1
        for folder in folders:
            above = os.path.commonpath(folders) if on_one_drive else folder.anchor
            for path in sorted(folder.rglob("*.csv")):
                if path.name == LIST or WORK in path.parts:
                    continue
                headings, *rows = _read(path) or [()]
                wanted = tuple(row for row in rows if self.is_about(headings, row, files))
                if wanted:
                    yield RegisterRows(path.relative_to(above).as_posix(), headings, wanted)

    def is_about(self, headings: Sequence[str], row: Sequence[str], files: Iterable[str]) -> bool:
        cells = dict(zip(headings, row, strict=False))
        if id := cells.get("Id", "").strip():
            return id.casefold() == self.id
        return cells.get("File", "") in files


def _read(path: Path) -> list[tuple[str, ...]]:
    """The rows of a CSV file; none where it cannot be read as one."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [tuple(row) for row in csv.reader(file)]
    except (OSError, ValueError, csv.Error):
        return []


def _add_originals(held: PersonFile, order: PersonOrder) -> tuple[PersonFile, dict[str, bytes]]:
    """The files as they came, where they still lie among the returns; known by their checksum."""
    wanted = {form.record.sha256 for form in held.forms}
    found: dict[str, bytes] = {}
    with file_opener() as open_file:
        for file in find_files(order.returns, open_file):
            if file.sha256 in wanted and file.data:
                found[file.sha256] = file.data
    files: dict[str, bytes] = {}
    forms = []
    for number, form in enumerate(held.forms, start=1):
        data = found.get(form.record.sha256)
        if data is not None:
            name = f"originals/{number:02d}-{safe_name(Path(form.record.source).name)}"
            files[name] = data
            form = replace(form, original=name)
        forms.append(form)
    return replace(held, forms=tuple(forms)), files
