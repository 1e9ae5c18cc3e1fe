"""Gather everything held on one person from the folders that HR keeps into one archive."""

from __future__ import annotations

import csv
import os
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

from formulary.archive import UNIX, zip_files
from formulary.content.loading import Content, load
from formulary.delivery import LIST, WORK, OutputFolder, refuse_inside, safe_name, write_private
from formulary.documents.blank import Blank
from formulary.documents.stamp import Stamp
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
from formulary.returns.files import find_files
from formulary.returns.judge import ReturnJudge
from formulary.returns.ledger import has_ledger, read_collected
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
    `folders` are those of collect, packs and roll; `returns` are the folders with returned files.
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
    for folder in order.folders:
        if not has_ledger(folder) and not OutputFolder(folder).has_manifest():
            raise UsageError(f"{folder} is not a folder that collect, packs or roll wrote.")
    progress.stage("Load", 1)  # 1
    content, _ = load(root)
    progress.stage("Search", 1)  # 2
    held, files = _Search(root, content, order).gather()
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


class _Search:
    """Finds what is one person's among returns, packs and registers."""

    def __init__(self, root: Path, content: Content, order: PersonOrder) -> None:
        self.order, self.id = order, order.id.strip().casefold()
        self.law = content.law.item.sources() if content.law else {}
        self.shelf = cache(partial(shelf_of, root, content))
        """The forms of an organisation's edition, by its year; None where nothing is known of it,
        or it has errors."""
        self.listed: dict[tuple[str, str], None] = {}
        """Everybody's id and name in the packs and on the forms."""
        self.packed = list(self.packs())
        names = [name.strip() for name in order.names]
        names += [name for id, name in self.listed if id.casefold() == self.id]
        spelling, usual_name = self.names_on_forms()
        self.names = list(dict.fromkeys(filter(None, (*names, usual_name))))
        self.keys = {name_key(name) for name in self.names} - {""}
        name = self.names[0] if self.names else ""
        self.subject = Person(spelling, name, Place(Path("staff")))
        self.namesakes = tuple(
            Person(id, name, Place(Path("staff")))
            for id, name in self.listed
            if id and id.casefold() != self.id and name_key(name) in self.keys
        )

    def records(self) -> Iterator[ReturnedFile]:
        """Everything that was collected, read again each time."""
        for folder in filter(has_ledger, self.order.folders):
            yield from read_collected(folder)

    def names_on_forms(self) -> tuple[str, str]:
        """The id as the first form has it, and the name that most of the forms with it bear.

        A form may have come back in somebody else's copy, so one name in one form proves nothing.
        """
        spelling, names = "", Counter[str]()
        for record in self.records():
            if not record.submission:
                continue
            id, name = record.submission.identity.person, self.answer(record, "staff.name")
            self.listed[id.strip(), name] = None
            if self.has_id(record):
                spelling = spelling or id
                names[name] += 1
        usual = names.most_common(1)
        return (spelling or self.order.id).strip(), usual[0][0] if usual else ""

    def gather(self) -> tuple[PersonFile, dict[str, bytes]]:
        """Everything that was found, and the files of packs by their place in the archive."""
        theirs: list[ReturnedFile] = []
        pointed: list[tuple[str, str]] = []
        other_files: set[str] = set()
        other_unread = named_by = 0
        for record in self.records():
            if self.has_id(record) or self.has_name(record):
                theirs.append(record)
                continue
            other_files.add(record.source)
            named_by += name_key(self.answer(record, "staff.reviewer")) in self.keys
            if record.unread and self.is_pointed_at(record.source):
                pointed.append((record.source, record.unread[1]))
            elif record.unread:
                other_unread += 1
        counting = dict(self.mark_counting(theirs))
        own_files = {record.source for record in theirs} - other_files
        held = PersonFile(
            id=self.order.id,
            names=tuple(self.names),
            made=self.order.made,
            folders=tuple(map(str, (*self.order.folders, *self.order.returns))),
            forms=tuple(self.form(record, counting[id(record)]) for record in theirs),
            packs=tuple(pack for pack, _ in self.packed),
            registers=tuple(self.registers(own_files)),
            unread=tuple(pointed),
            other_unread=other_unread,
            named_by=named_by,
            kept_for=self.kept_for(theirs),
            law=self.law,
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

    def is_pointed_at(self, source: str) -> bool:
        """Whether the name of a file has the id, or a part of one of the names."""
        words = set(re.findall(r"\w+", source.casefold()))
        parts = {part for name in self.names for part in re.findall(r"\w+", name.casefold())}
        return bool(words & ({part for part in parts if len(part) >= _SHORTEST} | {self.id}))

    def answer(self, record: ReturnedFile, prefill: str) -> str:
        """The answer to what a pack fills from `prefill`; empty where nobody knows the form."""
        blank = self.blank(record.submission) if record.submission else None
        renamed = self.rename_answers_of(record).submission
        return renamed.value_of_prefill(blank, prefill) if renamed and blank else ""

    # the forms

    def edition(self, stamp: Stamp) -> Edition | None:
        shelf = self.shelf(stamp.organisation, stamp.year)
        return shelf.edition if shelf else None

    def blank(self, submission: Submission) -> Blank | None:
        stamp = submission.identity.stamp
        shelf = self.shelf(stamp.organisation, stamp.year)
        form = shelf and shelf.find_nearest_form(stamp)
        return form.blank if form else None

    def mark_counting(self, theirs: Sequence[ReturnedFile]) -> Iterator[tuple[int, str]]:
        """For each of the records whether it counts, in words."""
        staff = StaffList("", (self.subject, *self.namesakes), ())
        groups: dict[tuple[str, int], list[ReturnedFile]] = {}
        for record in theirs:
            assert record.submission
            stamp = record.submission.identity.stamp
            if self.blank(record.submission):
                groups.setdefault((stamp.organisation, stamp.year), []).append(record)
            else:
                yield id(record), "a form that is not offered any more"
        for key, group in groups.items():
            shelf = self.shelf(*key)
            assert shelf
            marked = ReturnJudge(shelf, staff).mark_counting(
                [self.rename_answers_of(record) for record in group]
            )
            for record, (_, counts) in zip(group, marked, strict=True):
                yield id(record), "it counts" if counts else "replaced by a later one"

    def rename_answers_of(self, record: ReturnedFile) -> ReturnedFile:
        blank = self.blank(record.submission) if record.submission else None
        if not record.submission or not blank:
            return record
        return replace(record, submission=rename_answers(record.submission, blank))

    def form(self, record: ReturnedFile, standing: str) -> FoundForm:
        submission = self.rename_answers_of(record).submission
        assert submission
        stamp, blank = submission.identity.stamp, self.blank(submission)
        titles = {q.id: q.title for q in blank.questions()} if blank else {}
        given, empty = [], 0
        for id, answer in submission.answers.items():
            note = f"typed beside the field: {answer.beside}" if answer.beside.strip() else ""
            if answer.state == "lost" and not note:
                note = "the field is gone from the file, so nobody knows whether it was answered"
            if answer.value.strip() or note:
                given.append(GivenAnswer(titles.get(id, id), answer.value, note))
            else:
                empty += 1
        note = "not a question of the form"
        given += [GivenAnswer(id, words, note) for id, words in submission.unknown.items()]
        edition = self.edition(stamp)
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
            return f"It has the name, but no staff number{shared}", False
        if name and name_key(name) not in self.keys:
            return f"It carries the staff number, and the name “{name}”", False
        return "It carries the staff number", True

    def kept_for(self, theirs: Sequence[ReturnedFile]) -> Mapping[str, str]:
        stamps = [one.submission.identity.stamp for one in theirs if one.submission]
        editions = filter(None, map(self.edition, stamps))
        return {
            edition.organisation.name: plain(retention.text)
            for edition in editions
            if (retention := edition.organisation.at_a_glance.get("retention"))
        }

    # packs and registers

    def packs(self) -> Iterator[tuple[FoundPackFile, bytes]]:
        """The files that were made for the person, as far as they are still there."""
        number = 0
        for path in self.order.folders:
            for entry in OutputFolder(path).read_manifest():
                self.listed[entry.person, entry.name] = None
                if entry.person.casefold() != self.id:
                    continue
                number += 1
                pack = FoundPackFile(entry.form, entry.edition, entry.format, entry.file)
                try:
                    data = (path / entry.file).read_bytes()
                except OSError:
                    yield pack, b""
                    continue
                name = f"packs/{number:02d}-{safe_name(Path(entry.file).name)}"
                yield replace(pack, inside=name), data

    def registers(self, own_files: Collection[str]) -> Iterator[RegisterRows]:
        """The rows of every CSV file in the folders that are about the person.

        A row that names no person goes by its file, where no other person's file is called so.
        """
        folders = [folder.resolve() for folder in self.order.folders]
        on_one_drive = len({folder.drive for folder in folders}) == 1
        for folder in folders:
            above = os.path.commonpath(folders) if on_one_drive else folder.anchor
            for path in sorted(folder.rglob("*.csv")):
                if path.name == LIST or WORK in path.parts:
                    continue
                headings, *rows = _read(path) or [()]
                wanted = tuple(row for row in rows if self.is_about(headings, row, own_files))
                if wanted:
                    yield RegisterRows(path.relative_to(above).as_posix(), headings, wanted)

    def is_about(self, headings: Sequence[str], row: Sequence[str], files: Collection[str]) -> bool:
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
