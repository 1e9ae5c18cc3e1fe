"""Read organisations, forms and the library into a validated `Content`, and collect the problems.

What is faulty is left out of the models, so that the rest can still be checked.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import Field, ValidationError

from formulary import problems
from formulary.content.accessibility import Accessibility
from formulary.content.base import ContentModel
from formulary.content.career_stages import CareerStages
from formulary.content.cycle import Cycles, guess_date
from formulary.content.form import Form, FormHeader
from formulary.content.glossary import Glossary
from formulary.content.guidance import Checklists, Guidance, Questions
from formulary.content.law import Law
from formulary.content.logo import Logo, LogoError, read_logo
from formulary.content.mails import Mails
from formulary.content.organisation import Organisation
from formulary.content.policy import Policy
from formulary.content.ratings import Ratings
from formulary.content.snapshot import FILE, LARGEST_FILE, EditionSnapshot, read_kept
from formulary.content.source import Document, Loc, parse, read_document
from formulary.content.staff_columns import StaffColumns
from formulary.content.standards import StandardsLibrary
from formulary.content.synonyms import Synonyms
from formulary.content.themes import Themes
from formulary.content.typeface import Faces, TypefaceError, read_faces
from formulary.content.versions import find_outdated, latest, report_too_new, version_of
from formulary.content.walk import known_keys, placeholder_for
from formulary.problems import Place, Problem, errors_in
from formulary.project import COMMAND, FORMS, HOUSE, LIBRARY, ORGANISATIONS, project_at


class Coverage(ContentModel):
    """`coverage.yaml`: for every fact of the source sheet, the item or items that carry it."""

    facts: dict[str, str | tuple[str, ...]] = Field(description="F12: policy.<clause>.<point>")


Model = TypeVar("Model", bound=ContentModel)


@dataclass(frozen=True)
class File(Generic[Model]):
    """One content file: what it says, and where."""

    item: Model
    document: Document


@dataclass(frozen=True)
class OrganisationContent:
    """Everything that one organisation's folder holds."""

    id: str
    folder: Path
    organisation: File[Organisation]
    policy: File[Policy]
    cycles: File[Cycles]
    ratings: File[Ratings] | None
    career_stages: File[CareerStages] | None
    guidance: File[Guidance] | None
    questions: File[Questions] | None
    checklists: File[Checklists] | None
    coverage: File[Coverage] | None
    last_edition: EditionSnapshot | None = None
    staff_columns: File[StaffColumns] | None = None
    themes: File[Themes] | None = None
    mails: File[Mails] | None = None
    synonyms: File[Synonyms] | None = None
    logo: Logo | None = None
    faces: Faces | None = None

    def holds(self) -> frozenset[str]:
        """What the organisation has that a part of a form may need (see `form.Need`)."""
        steps = {event.step for cycle in self.cycles.item.cycles for event in cycle.events}
        there = {
            "ratings": self.ratings is not None,
            "career-stages": self.career_stages is not None,
            "standards": bool(self.organisation.item.standards),
            "pay": "pay-decision" in steps,
        }
        return frozenset(need for need, has in there.items() if has)


@dataclass(frozen=True)
class Content:
    """All content. `ids` and `keys` hold those written in any file, in faulty items too."""

    root: Path
    organisations: tuple[OrganisationContent, ...]
    forms: Mapping[str, File[Form]]
    header: File[FormHeader] | None
    standards: File[StandardsLibrary] | None
    glossary: File[Glossary] | None
    guidance: File[Guidance] | None
    questions: File[Questions] | None
    checklists: File[Checklists] | None
    whole: bool
    """Whether every file is sound; if not, a thing that is named may be in a faulty place."""
    ids: frozenset[str] = field(default_factory=frozenset)
    keys: frozenset[str] = field(default_factory=frozenset)
    accessibility: File[Accessibility] | None = None
    themes: File[Themes] | None = None
    mails: File[Mails] | None = None
    law: File[Law] | None = None
    synonyms: File[Synonyms] | None = None
    further_columns: frozenset[str] = frozenset()
    """The names of the further columns of staff lists, of organisations not loaded too."""

    def find(self, id: str) -> OrganisationContent | None:
        """The organisation with that id; None where there is none, or it cannot be used."""
        return next((own for own in self.organisations if own.id == id), None)

    def get(self, id: str) -> OrganisationContent:
        """The organisation with that id, which must be there."""
        own = self.find(id)
        assert own
        return own


ORGANISATION_FILES: dict[str, type[ContentModel]] = {
    "organisation": Organisation,
    "policy": Policy,
    "cycle": Cycles,
    "ratings": Ratings,
    "career-stages": CareerStages,
    "guidance": Guidance,
    "questions": Questions,
    "checklists": Checklists,
    "coverage": Coverage,
    "staff-columns": StaffColumns,
    "themes": Themes,
    "mails": Mails,
    "synonyms": Synonyms,
}
LIBRARY_FILES: dict[str, type[ContentModel]] = {
    "standards": StandardsLibrary,
    "glossary": Glossary,
    "guidance": Guidance,
    "questions": Questions,
    "checklists": Checklists,
    "accessibility": Accessibility,
    "law": Law,
    "themes": Themes,
    "mails": Mails,
    "synonyms": Synonyms,
}
_KINDS: dict[type[ContentModel], str] = {Form: "form", FormHeader: "form-header"}
"""The schemas that are not called like their file."""
REQUIRED_FILES = ("organisation", "policy", "cycle")
TAKEN_FOLDERS = frozenset({"assets", "guide", "search"})
"""Folders of the site that are no organisation's, so that none can be called like them."""


class FileMemory:
    """The files that were read, for a program that loads a project again and again.

    A file is read again when its size or time has changed. `drafts` are documents that take the
    place of files, by their paths: so a change is tried before it is written.
    """

    def __init__(self) -> None:
        self.drafts: Mapping[Path, Document] = {}
        self._read: dict[Path, tuple[object, Document, tuple[Problem, ...]]] = {}
        self._valid: dict[tuple[Path, bool], tuple[Document, object, Any]] = {}

    def read(self, path: Path, shown: Path) -> tuple[Document, tuple[Problem, ...]]:
        """What `read_document` gives of a file, or what is known of its draft."""
        draft = self.drafts.get(path)
        if draft is not None:
            return parse(draft.text, shown)
        state = _state_of(path)
        kept = self._read.get(path)
        if kept is None or kept[0] != state:
            kept = self._read[path] = state, *read_document(path, shown)
        return kept[1:]

    def expect(self, path: Path, document: Document) -> None:
        """Take a document for what a file says now, as it was written so."""
        self._read[path] = _state_of(path), *parse(document.text, document.path)

    def validate(
        self, path: Path, model: type[Model], document: Document
    ) -> tuple[File[Model] | None, tuple[Problem, ...]]:
        """What `validate` gives of a document that was read from a file."""
        known = (self._valid.get((path, drafted)) for drafted in (False, True))
        kept = next((one for one in known if one and one[0] is document and one[1] is model), None)
        if kept is None:
            kept = document, model, validate(model, document)
            self._valid[path, path in self.drafts] = kept
        found: tuple[File[Model] | None, tuple[Problem, ...]] = kept[2]
        return found


def _state_of(path: Path) -> tuple[int, int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size, status.st_ino


def load(
    root: Path, only: Sequence[str] = (), memory: FileMemory | None = None
) -> tuple[Content, tuple[Problem, ...]]:
    """Load the project in `root`, and from the product what the project has no file of.

    `only` are the ids of the organisations that are loaded, or empty for all. Forms belong to all
    organisations, so of the others what decides how a form is read is looked up. `memory` keeps
    what was read. Raises OutputError where there is no folder of organisations.
    """
    folder = root / ORGANISATIONS
    if not folder.is_dir():
        raise problems.OutputError(
            f"There is no folder {folder.as_posix()}, so this is not a Formulary project. Run the "
            "command in a project's folder, or make one here with an id of your own: "
            f"{COMMAND} new oak-trust"
        )
    folders = [path for path in sorted(folder.iterdir()) if path.is_dir()]
    wanted = [path for path in folders if not only or path.name in only]
    return _load(root, wanted, memory, [path for path in folders if path not in wanted])


def load_library(root: Path) -> Content:
    """The forms and the library that an organisation of the project could use, without any."""
    return _load(root, ())[0]


def _load(
    root: Path,
    folders: Sequence[Path],
    memory: FileMemory | None = None,
    others: Sequence[Path] = (),
) -> tuple[Content, tuple[Problem, ...]]:
    loader = _Loader(root, memory)
    project = loader.project
    organisations = tuple(
        found for path in folders if (found := loader.load_organisation(path)) is not None
    )
    for path in others:
        loader.note_organisation(path)
    loader.version = latest() if project.is_product else min(loader.versions, default=latest())
    forms: dict[str, File[Form]] = {}
    there = project.files(FORMS, "*.yaml")
    names = {path.name for path in there}
    new = (p for p in loader.memory.drafts if p.parent == root / FORMS and p.name not in names)
    for path in sorted((*there, *new), key=lambda path: path.name):
        form = loader.load_file(path, Form)
        if form is not None:
            forms[path.stem] = form

    library: dict[str, Any] = {
        _field_of(name): loader.load_file(project.find(LIBRARY / f"{name}.yaml"), model)
        for name, model in LIBRARY_FILES.items()
    }
    header = loader.load_file(project.find(HOUSE / "header.yaml"), FormHeader)
    content = Content(
        root=root,
        organisations=organisations,
        forms=forms,
        header=header,
        **library,
        whole=loader.whole,
        ids=frozenset(loader.ids),
        keys=frozenset(loader.keys),
        further_columns=frozenset(loader.columns),
    )
    return content, tuple(loader.problems)


def _field_of(name: str) -> str:
    """The field of `Content` or `OrganisationContent` that has a file."""
    return "cycles" if name == "cycle" else name.replace("-", "_")


def load_accessibility(root: Path) -> File[Accessibility] | None:
    """Read the data of the accessibility statement; None where absent or too broken to use."""
    loader = _Loader(root)
    return loader.load_file(loader.project.find(LIBRARY / "accessibility.yaml"), Accessibility)


class _Loader:
    def __init__(self, root: Path, memory: FileMemory | None = None) -> None:
        self.root = root
        self.memory = memory or FileMemory()
        self.project = project_at(root)
        self.problems: list[Problem] = []
        self.ids: set[str] = set()
        self.keys: set[str] = set()
        self.whole = True
        self.version = latest()
        """The schema version of the files that are being read."""
        self.versions: set[int] = set()
        self.columns: set[str] = set()

    def note_organisation(self, folder: Path) -> None:
        """Keep an organisation's version and further columns; its faults are not looked for."""
        if not self.project.is_product and (path := folder / "organisation.yaml").exists():
            document, _ = self.memory.read(path, self.project.path_in_messages(path))
            self.versions.add(version_of(document.data))
        if (path := folder / "staff-columns.yaml").exists():
            document, _ = self.memory.read(path, self.project.path_in_messages(path))
            file, _ = self.memory.validate(path, StaffColumns, document)
            self.columns.update(file.item.further if file else ())

    def load_organisation(self, folder: Path) -> OrganisationContent | None:
        known = {f"{name}.yaml" for name in ORGANISATION_FILES}
        if folder.name in TAKEN_FOLDERS:
            self.report_taken_folder(folder)
        for path in sorted(folder.glob("*.y*ml")):
            if path.name not in known:
                self.report_unknown_file(path, known)
        paths = {name: folder / f"{name}.yaml" for name in ORGANISATION_FILES}
        for name in REQUIRED_FILES:
            if not paths[name].exists():
                self.report_missing_file(paths[name])
        self.version = latest()
        files: dict[str, Any] = {}
        for name, model in ORGANISATION_FILES.items():
            files[_field_of(name)] = self.load_file(paths[name], model)
            if self.version > latest():
                return None
        organisation, columns = files["organisation"], files["staff_columns"]
        if columns:
            self.columns.update(columns.item.further)
        if not (organisation and files["policy"] and files["cycles"]):
            self.whole = False
            return None
        return OrganisationContent(
            id=folder.name,
            folder=folder,
            **files,
            last_edition=self.read_last_edition(folder / FILE),
            logo=self.read_logo(folder, organisation),
            faces=self.read_faces(folder, organisation),
        )

    def read_logo(self, folder: Path, file: File[Organisation]) -> Logo | None:
        """The organisation's logo, where it has one that can be used."""
        if file.item.logo is None:
            return None
        path = folder / file.item.logo
        if self.leads_out(path, path.relative_to(self.root)):
            return None
        try:
            return read_logo(path)
        except LogoError as error:
            kind, place = problems.UNUSABLE_LOGO, file.document.place(("logo",))
            self.problems.append(Problem(kind, place, str(error), kind.remedy))
        return None

    def read_faces(self, folder: Path, file: File[Organisation]) -> Faces | None:
        """The organisation's typefaces, where it names some that can be used."""
        chosen = file.item.typeface
        if chosen is None or (chosen.text is None and chosen.bold and not self.whole):
            return None  # text was perhaps left out, because it is reported
        files = (folder / name for name in chosen.model_dump(exclude_none=True).values())
        if any(self.leads_out(path, path.relative_to(self.root)) for path in files):
            return None
        try:
            return read_faces(chosen, folder)
        except TypefaceError as error:
            kind, place = problems.UNUSABLE_TYPEFACE, file.document.place(("typeface", error.key))
            self.problems.append(Problem(kind, place, str(error), kind.remedy))
        return None

    def read_last_edition(self, path: Path) -> EditionSnapshot | None:
        """The last edition, where one is kept."""
        shown = path.relative_to(self.root)
        if not path.exists() or self.leads_out(path, shown):
            return None
        remedy = "Keep that edition again, or delete the file."
        kept = read_kept(path, shown, EditionSnapshot, LARGEST_FILE, remedy)
        if isinstance(kept, Problem):
            self.problems.append(kept)
            return None
        return kept

    def load_file(self, path: Path, model: type[Model]) -> File[Model] | None:
        """Read and validate one file; None where it is absent or too broken to use."""
        if path not in self.memory.drafts and not path.exists():
            return None
        shown = self.project.path_in_messages(path)
        if self.project.is_own(path) and self.leads_out(path, shown):
            return None
        document, found = self.memory.read(path, shown)
        self.problems.extend(found)
        self.whole = self.whole and not errors_in(found)
        if document.data is None:
            self.whole = False
            return None
        ids, keys = document.names
        self.ids |= ids
        self.keys |= keys
        if self.project.is_own(path) and self.is_of_another_version(path, model, document):
            self.whole = False
            return None
        file, faults = self.memory.validate(path, model, document)
        self.problems.extend(faults)
        self.whole = self.whole and not faults
        return file

    def is_of_another_version(
        self, path: Path, model: type[ContentModel], document: Document
    ) -> bool:
        """Whether a file must be upgraded, or needs a newer product; then it is a problem."""
        if model is Organisation:
            self.version = version_of(document.data)
            self.versions.add(self.version)
            if self.version > latest():
                self.problems.append(report_too_new(document))
                return True
        if self.version == latest():
            return False
        found = tuple(find_outdated(_KINDS.get(model, path.stem), document, self.version))
        self.problems.extend(found)
        return bool(found)

    def leads_out(self, path: Path, shown: Path) -> bool:
        """Whether a link leads out of the folder that all content is in; then it is a problem."""
        if path.resolve().is_relative_to((self.root / shown.parts[0]).resolve()):
            return False
        self.whole = False
        message = f"The file is a link to a place outside of {shown.parts[0]}/"
        fix = "Copy the file, or its folder, to where the link is."
        self.problems.append(Problem(problems.UNREADABLE, Place(shown), message, fix))
        return True

    def report_unknown_file(self, path: Path, known: set[str]) -> None:
        place = Place(path.relative_to(self.root))
        near = get_close_matches(path.name, known, 1)
        fix = f"Rename it to {near[0]}." if near else f"Known files are {', '.join(sorted(known))}."
        self.problems.append(
            Problem(
                problems.UNKNOWN_KEY,
                place,
                f"No part of an organisation is called {path.name}",
                fix,
            )
        )

    def report_taken_folder(self, folder: Path) -> None:
        message = f"The site has a folder {folder.name}/ of its own"
        place = Place(folder.relative_to(self.root))
        fix = "Give the organisation's folder another name."
        self.problems.append(Problem(problems.BAD_VALUE, place, message, fix))

    def report_missing_file(self, path: Path) -> None:
        place = Place(path.parent.relative_to(self.root) / path.name)
        message = f"The file {path.name} is missing"
        self.problems.append(
            Problem(problems.MISSING_KEY, place, message, "Write it; see CONTRIBUTING.md.")
        )


def validate(
    model: type[Model], document: Document
) -> tuple[File[Model] | None, tuple[Problem, ...]]:
    """Validate a document against a model.

    Every fault becomes one problem. The file is made from what is sound: a faulty value is left
    out or has a stand-in, so that what refers to its entry is not called wrong as well; None if
    nothing remains.
    """
    found: tuple[Problem, ...] = ()
    for attempt in range(LONGEST_PRUNING):
        data = document.data
        try:
            return File(model.model_validate(data), document), found
        except ValidationError as error:
            faults = [
                (fault, _existing_loc(data, fault["loc"]))
                for fault in error.errors(include_url=False)
            ]
        # only the first faults are the author's: those of later rounds come of what was
        # taken out. A union reports a fault once for each member, so equal ones are merged
        if attempt == 0:
            unique = {
                (p.place, p.kind.code): p
                for p in (
                    _explain_fault(model, document, *fault)
                    for fault in faults
                    if not _is_left_out(document, *fault)
                )
            }
            found = tuple(unique.values())
            if len(found) > MOST_FAULTS:
                return None, (*found[:MOST_FAULTS], _report_excess(document, len(found)))
        cuts: set[Loc] = set()
        for fault, loc in faults:
            name = _last_step(fault)
            if (
                fault["type"] == "missing"
                and (spare := placeholder_for(model, loc, name)) is not None
            ):
                # the entry keeps its id, so that what refers to it is not called wrong
                document = document.with_value(loc, name, spare)
            else:
                cuts.add(loc)
        if () in cuts:
            return None, found
        # lists from their end, because a cut moves the entries after it
        for cut in sorted(cuts, key=_cut_order, reverse=True):
            document = document.without(cut)
    return None, found


MOST_FAULTS = 200
"""A file with more is not content but something else: it is not pruned, fault by fault."""

LONGEST_PRUNING = 20
"""Rounds. Each climbs one level towards the top of the file, and no file is nested so deep."""


def _report_excess(document: Document, count: int) -> Problem:
    message = f"The file has {count:,} mistakes, of which {MOST_FAULTS} are named"
    return Problem(
        problems.BAD_VALUE,
        document.place(),
        message,
        "Look whether it is the right file; correct those that are named, and check again.",
    )


def _is_left_out(document: Document, fault: Any, loc: Loc) -> bool:
    """Whether a value is missing because it was faulty YAML, which is a problem already."""
    missing = fault["type"] == "missing" and (*loc, _last_step(fault)) in document.dropped
    return missing or (fault["input"] is None and loc in document.dropped)


def _existing_loc(data: Any, loc: Loc) -> Loc:
    """The part of pydantic's location that exists in the file (it adds union members)."""
    found: list[str | int] = []
    for step in loc:
        inside = isinstance(data, dict) and step in data
        listed = isinstance(data, tuple) and isinstance(step, int) and step < len(data)
        if not inside and not listed:
            break
        found.append(step)
        data = data[step]
    return tuple(found)


def _last_step(fault: Any) -> str:
    """The last step to a fault; empty where the whole file is faulty."""
    return str(fault["loc"][-1]) if fault["loc"] else ""


def _cut_order(loc: Loc) -> tuple[tuple[int, str], ...]:
    return tuple((step, "") if isinstance(step, int) else (-1, step) for step in loc)


_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "date_type": "a date such as 2026-05-24",
    "tuple_type": "a list, each entry on a line that starts with “- ”",
    "dict_type": "a set of names and values",
    "mapping_type": "a set of names and values",
    "model_type": "a set of names and values",
    "model_attributes_type": "a set of names and values",
}


_TRUTHS = {
    **dict.fromkeys(("yes", "y", "on", "true", "1"), "true"),
    **dict.fromkeys(("no", "n", "off", "false", "0"), "false"),
}
"""How people write true and false."""
_WHOLE = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.0*|(?<=\b20\d\d)[-/–]\d{2,4})?")
"""A whole number as people write it: 1,000, 5.0; and of the year 2026-27, the one it starts in."""
_TIMES = {
    "starts": "Write the day and the month in words, for example 1 September.",
    "ends": "Write the day and the month in words, for example 31 August.",
    "when": "Write a time rule, for example by 31 October, or spring term.",
}
"""What to write for the times of cycle.yaml, which have no year."""


def _explain_fault(model: type[ContentModel], document: Document, fault: Any, loc: Loc) -> Problem:
    kind, complaint = str(fault["type"]), str(fault["msg"])
    value = fault.get("input")
    name = _last_step(fault)
    if kind == "extra_forbidden":
        keys = known_keys(model, loc[:-1])
        near = get_close_matches(name, keys, 1)
        fix = f"Did you mean “{near[0]}”?" if near else f"Known here: {', '.join(keys)}."
        return Problem(
            problems.UNKNOWN_KEY,
            document.place(loc, key=True),
            f"The key “{name}” is not known here",
            fix,
        )
    if kind == "missing":
        message = f"“{name}” is missing here"
        return Problem(
            problems.MISSING_KEY, document.place(loc), message, f"Add “{name}:” to this entry."
        )
    place = document.place(loc)
    if "[key]" in fault["loc"]:
        place = document.place(loc, key=True)
        return Problem(
            problems.BAD_VALUE,
            place,
            f"The name “{value}” is not in the right form",
            _explain_message(complaint),
        )
    if kind == "date_type":
        return _explain_date(place, _written(document, loc, value))
    if kind in _WANTED:
        message, fix = _explain_type(document, kind, loc, value)
        if kind.startswith("model"):
            known = ", ".join(known_keys(model, loc))
            fix = f"Write its keys below it, each on a line of its own: {known}."
        elif kind in ("dict_type", "mapping_type"):
            fix = "Write names with their values below it, each on a line of its own."
        return Problem(problems.WRONG_TYPE, place, message, fix)
    if isinstance(value, str) and value[:1] in "“‘" and value[-1:] in "”’" and value:
        message = f"{value} has curly quotation marks around it, which are part of the value"
        return Problem(problems.BAD_VALUE, place, message, f"Write {value[1:-1]} without them.")
    if kind == "literal_error":
        fix = f"Write {fault['ctx']['expected'].replace(chr(39), '')}."
        return Problem(
            problems.BAD_VALUE, place, f"{_quote(value)} is not one of the values allowed", fix
        )
    return Problem(
        problems.BAD_VALUE,
        place,
        f"{_quote(value)} is not allowed here",
        _explain_message(complaint),
    )


def _written(document: Document, loc: Loc, value: Any) -> str:
    """A value as it was written: 3.10, which YAML reads as 3.1."""
    start, end = document.spans.get(loc, (0, 0))
    return document.text[start:end].strip() or ("" if value is None else str(value))


def _remark_after(document: Document, loc: Loc) -> str:
    """The one word behind # where a value should be, as in “colour: #1d4f91”; or empty."""
    line = document.text.splitlines()[document.place(loc).line - 1]
    found = re.search(r":\s+(#[^\s#]+)\s*$", line)
    return found[1] if found else ""


def _explain_type(document: Document, kind: str, loc: Loc, value: Any) -> tuple[str, str]:
    """What is wrong with a value of the wrong kind, and what to write instead."""
    wanted = _WANTED[kind]
    fix = f"Write {wanted}."
    written = _written(document, loc, value)
    if kind == "string_type" and isinstance(value, bool | int | float | datetime.date):
        read_as = "true or false" if isinstance(value, bool) else "a number"
        if isinstance(value, datetime.date):
            read_as = "a date"
        key = f"{loc[-1]}: " if loc and isinstance(loc[-1], str) else ""
        message = f"YAML reads {written} as {read_as}, and {wanted} is needed"
        if document.path.name == "cycle.yaml" and loc and loc[-1] in _TIMES:
            return message, _TIMES[str(loc[-1])]
        return message, f'Put it in quotation marks: {key}"{written}"'
    if kind == "string_type" and value is None and written:
        return f"YAML reads “{written}” as nothing, and text is needed", (
            f'Write the text, or put it in quotation marks: "{written}"'
        )
    if kind == "string_type" and value is None and (remark := _remark_after(document, loc)):
        return f"YAML reads “{remark}” as a remark, and text is needed", (
            f'Put it in quotation marks: {loc[-1]}: "{remark}"'
        )
    if kind == "bool_type" and str(value).casefold() in _TRUTHS:
        fix = f"Write {_TRUTHS[str(value).casefold()]}, without quotation marks."
    elif kind != "string_type" and re.fullmatch(r"[-+]?\d+", str(value)):
        fix = f"Write {value} without quotation marks."
    elif kind in ("int_type", "int_from_float") and (number := _WHOLE.fullmatch(written)):
        fix = f"Write {number[1].replace(',', '')}."
    if kind == "tuple_type" and isinstance(value, str) and value[:1] in "-–—•*":
        fix = "Begin each entry with a hyphen and a plain space, on a line of its own."
    return f"{_quote(value)} is used where {wanted} is needed", fix


def _explain_date(place: Place, written: str) -> Problem:
    """A date that is not one, or is written in words or in another order."""
    bare = written.strip("\"'")
    if re.fullmatch(r"\d{4}-\d\d-\d\d(?:[T ]\d.*)?", bare) and _is_day(bare[:10]):
        extra = "is in quotation marks" if bare != written else "has a time behind the day"
        return Problem(problems.BAD_DATE, place, f"“{bare}” {extra}", f"Write {bare[:10]}.")
    day = guess_date(written)
    message, fix = f"“{written}” is not a date that exists", "Write a date such as 2026-05-24."
    if day:
        message = f"“{written}” is not in the order year-month-day"
        fix = f"Write {day.isoformat()}, if that is the day meant."
    elif not re.search(r"\d", written):
        message = f"“{written}” is not a date"
    elif len(re.findall(r"\d+", written)) < 3 and len(re.findall(r"\w+", written)) < 3:
        message = f"“{written}” lacks the day, the month or the year"
    return Problem(problems.BAD_DATE, place, message, fix)


def _is_day(written: str) -> bool:
    try:
        datetime.date.fromisoformat(written)
    except ValueError:
        return False
    return True


def _quote(value: Any) -> str:
    if value is None:
        return "Nothing"
    if isinstance(value, dict):
        return "A mapping"
    if isinstance(value, tuple | list):
        return "A list"
    text = str(value)
    return f"“{text if len(text) <= 40 else text[:37] + '…'}”"


_PATTERNS = {
    "ttf": "Name a font file beside organisation.yaml, such as Trust-Bold.ttf; text and titles "
    "may also be Source Sans or Source Serif.",
    "svg": "Name a picture beside organisation.yaml, such as logo.svg.",
    "pattern '^#": "Write a colour as # and six digits or letters from a to f, such as #1d4f6e.",
    "pattern '^https": "Write an address that starts with https://, such as "
    "https://example.org/form.",
    "pattern '^[^@": "Write an email address, such as hr@example.org.",
    "pattern '^(none": "Write none, a number such as 5, or a number with letters such as 4A.",
    "{[1aAiI]": "Write what is printed, with one of {1}, {a}, {A}, {i} and {I}, such as ({a}).",
    "){0,2}$": "Write what a date means, such as initial-meeting, or the field that has it, such "
    "as visit-note.visit_date.",
    "pattern": "Use small letters and digits that start with a letter, joined by hyphens in ids "
    "(pay-decision) and by underscores in names (pay_points).",
}
"""What to write, by a part of the pattern that a value does not match; the first counts."""


def _explain_message(complaint: str) -> str:
    """What to write, from a complaint of pydantic's; its words for types are Python's."""
    for mark, advice in _PATTERNS.items():
        if mark in complaint:
            return advice
    for python_word, word in (("String", "text"), ("Input", "value"), ("Tuple", "list")):
        complaint = complaint.replace(python_word, f"The {word}")
    return f"{complaint}."
