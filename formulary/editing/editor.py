"""Saves what the editor changes: tried first, written whole, kept in the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from threading import RLock
from typing import Any

from formulary.content.loading import OrganisationContent
from formulary.content.source import Document, parse
from formulary.content.splicing import SpliceError, encode_like, value_at
from formulary.content.walk import hint_of, model_at
from formulary.content.ways import place_of_way
from formulary.editing.commits import commit
from formulary.editing.fields import Describer, Element, all_fields, find_element, kind_of
from formulary.editing.findings import FindingsWriter
from formulary.editing.form_parts import form_of, only_here, part_of_offer, removal_warnings
from formulary.editing.groups import group_choices, plan_group
from formulary.editing.journal import Change, Journal, OutsideChangeError, Save
from formulary.editing.labels import FILES
from formulary.editing.live import LiveProject, OrganisationReading, text_of
from formulary.editing.mentions import (
    Removal,
    find_leads,
    find_mentions,
    find_twins,
    index_twins,
    plan_removal,
    say_expressions,
)
from formulary.editing.operations import Operation, apply, without_ids
from formulary.editing.papers import make_preview
from formulary.editing.places import Spot, read_spot
from formulary.editing.time_rules import date_words
from formulary.edition.edition import Edition, collect_names
from formulary.edition.text import EXPRESSION, fill, plain, without_links
from formulary.problems import ContentError, Problem, UsageError
from formulary.project import FORMS, LIBRARY, ORGANISATIONS

Texts = dict[Path, tuple[bytes | None, Document]]
"""The files that a change would touch: the bytes that each has, and the document that it would be.

A file of the product's is not touched: the project gets a copy of its own."""


INHERITED = ("questions", "guidance", "checklists")
"""The files of the library of which an organisation chooses entries, and may reword them."""


class RefusedError(Exception):
    """A change that was not written: `problems` keep the handbook from being built."""

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        self.problems = tuple(problems)
        super().__init__(message)


NOT_SHOWN = "The handbook cannot be shown before its files are correct."


@dataclass(frozen=True)
class Tried:
    """What would come of a change: the files, the organisation then, and what is newly wrong."""

    texts: Texts
    reading: OrganisationReading
    errors: tuple[Problem, ...]


class Editor:
    """Changes the files of one project. Its methods may be called from several threads."""

    def __init__(self, live: LiveProject, journal: Journal, *, commits: bool = False) -> None:
        self.live = live
        self.journal = journal
        self.commits = commits
        self.lock = RLock()
        self._committing = ThreadPoolExecutor(1, "commit")
        journal.recover()

    def describe(self, organisation: str, spot: Spot, *, new: bool = False) -> dict[str, Any]:
        """The element that a spot is in, as the panel needs it; or a `new` one of the list there.

        Raises KeyError where the spot is gone, and UsageError.
        """
        if form := form_of(spot):
            with suppress(UsageError):  # a form that is gone is named where it is offered
                shown = self.live.project.find(FORMS / f"{form}.yaml")
                known = self._read(self.live.project.path_in_messages(shown).as_posix())[1]
                spot = part_of_offer(spot, known) or spot
        path, document, _ = self._read(spot.file)
        loc = place_of_way(document.data, spot.way)
        model = self.live.model_of(path)
        element = None if new else find_element(document, model, loc)
        inherits = element
        if element and (own := self._own_entry(organisation, path, element)):
            element, path = own, self.live.path_of(own.spot.file)
        handbook, reading = self.live.handbook(organisation)
        if handbook is None:
            raise UsageError(NOT_SHOWN)
        edition = handbook.site.edition
        say = self._filler(reading)
        forms = {id: say(form.item.title)[0] for id, form in reading.content.forms.items()}
        describer = Describer(edition, model, lambda text: say(text)[0], forms)
        if element is None:
            found = describer.describe_new(document, model, loc)
        else:
            found = describer.describe(element, None if inherits is element else inherits)
        found["insertable"] = describer.insertable()
        found["facts"] = say_expressions(say, found)
        found["leads"] = find_leads(reading, found["facts"])
        found["shared"] = self._shared(path)
        found["form"] = form_of(spot)
        if found["form"] and path.parent.name == FORMS.name and reading.own:
            offers = reading.own.organisation.document
            for field in () if new else all_fields(found["fields"]):
                part, id = field["of"]
                field["only"] = only_here(offers, found["form"], part, id, field["key"])
            found["shared"] = self._shared_form(found["form"], path)
            found["short"] = edition.organisation.short
        found["files"] = [] if read_spot(found["spot"]).way else self._other_files(path)
        if path.stem in ("ratings", "career-stages"):
            found["table"] = str(Spot(spot.file, ""))
        twins = index_twins(edition)
        for field in all_fields(found["fields"]):
            if field["kind"] in ("line", "prose") and field["here"]:
                field["twins"] = find_twins(edition, twins, field["spot"], field["value"])
        return found

    def trial(self, organisation: str, asked: Sequence[Operation]) -> Tried:
        """What would come of operations, with nothing written.

        Raises ConflictError, RefusedError and UsageError.
        """
        texts = self._changed(asked)
        drafts = {
            found: document
            for path, (_, document) in texts.items()
            for found in (path, self.live.product_path(path))
        }
        before = self.live.handbook(organisation)[1]
        after = self.live.read(organisation, drafts)
        errors = _new(before.errors, after.errors)
        others = () if self._are_only_words(asked) else self._concerned(texts)
        for other in others:
            if other == organisation:
                continue
            known = self.live.handbook(other)[1].errors
            errors += _new(known, self.live.read(other, drafts).errors)
        return Tried(texts, after, errors)

    def save(self, organisation: str, asked: Sequence[Operation], label: str) -> Save | None:
        """Write operations into the files, all or none; None where nothing changes.

        Raises ConflictError where a value is no longer the one that was shown, RefusedError where
        the handbook could not be built, and OutputError where a file cannot be written.
        """
        with self.lock:
            tried = self.trial(organisation, asked)
            if tried.errors:
                raise RefusedError("Nothing was saved.", tried.errors)
            files: dict[Path, Change] = {
                path: (raw, encode_like(raw or b"", document.text))
                for path, (raw, document) in tried.texts.items()
            }
            files = {path: pair for path, pair in files.items() if pair[0] != pair[1]}
            if not files:
                return None
            save = self._write(label, files)
            written = {path: tried.texts[path][1] for path in files}
            self.live.expect(organisation, tried.reading, written)
            return save

    def replace(self, label: str, files: Mapping[Path, bytes]) -> Save:
        """Write whole files that a task of the year has made, all or none.

        Raises RefusedError where the handbook could not be built, and OutputError.
        """
        with self.lock:
            planned: dict[Path, Change] = {
                path: (path.read_bytes() if path.is_file() else None, data)
                for path, data in files.items()
            }
            self._refuse_errors(planned, "Nothing was written.")
            return self._write(label, planned)

    def undo(self, number: int = 0) -> Save:
        """Undo a save, or the last one.

        Raises RefusedError where its words have been changed since, or nothing is left to undo.
        """
        with self.lock:
            saves = {save.number: save for save in self.journal.saves()}
            found = saves.get(number) if number else self.journal.last()
            if found is None:
                raise RefusedError("There is nothing to undo.")
            try:
                planned = self.journal.plan_undoing(found)
            except OutsideChangeError:
                raise RefusedError(
                    "These words have been changed since. Change them by hand, or undo the later "
                    "changes first."
                ) from None
            except FileNotFoundError:
                raise RefusedError(
                    "This was too long ago: what the file said before is no longer kept."
                ) from None
            self._refuse_errors(planned, "Nothing was undone.")
            return self._write(f"Undone: {found.label}", planned, found.number)

    def close(self) -> None:
        """Wait until all saves are committed."""
        self._committing.shutdown()

    def uses(self, organisation: str, spot: Spot) -> list[dict[str, str]]:
        """The places that name what a spot is about: a number, a clause, a word, a form, a date."""
        return [asdict(one) for one in find_mentions(self.live.handbook(organisation)[1], spot)]

    def removal(self, organisation: str, spot: Spot) -> Removal:
        """How a part is taken out together with what names it. Raises as `trial` does."""

        def attempt(asked: Sequence[Operation]) -> tuple[tuple[Problem, ...], list[Document]]:
            tried = self.trial(organisation, asked)
            return tried.errors, [document for _, document in tried.texts.values()]

        edition = self._edition(organisation)
        found = plan_removal(spot, edition, lambda shown: self._read(shown)[1], attempt)
        if spot.file.rpartition("/")[0].endswith(FORMS.name):
            data = self._read(spot.file)[1].data
            gone = value_at(data, place_of_way(data, spot.way))
            found = replace(found, warnings=tuple(removal_warnings(data, gone)))
        return found

    def new_group(self, organisation: str) -> dict[str, Any]:
        """What is asked for a new staff group (`groups.group_choices`)."""
        own, edition = self._own(organisation), self._edition(organisation)
        found = group_choices(own)
        titles = edition.references.forms
        return {**found, "forms": [(id, plain(titles.get(id, id))) for id in found["forms"]]}

    def add_group(self, organisation: str, asked: Mapping[str, Any]) -> Save | None:
        """Add a staff group with its cycle, forms and ratings, as one change; raises as `save`."""
        planned = plan_group(self._own(organisation), asked)
        return self.save(organisation, planned, f"Added: staff group {asked.get('name')}")

    def preview(self, organisation: str, form: str, asked: Sequence[Operation]) -> str | None:
        """A form as it would look after operations, as a page; None where it cannot be made.

        Raises ConflictError and RefusedError, as `trial` does.
        """
        edition = self._edition(organisation)
        if asked:
            tried = self.trial(organisation, asked)
            if tried.errors or tried.reading.edition is None:
                return None
            edition = tried.reading.edition
        return make_preview(edition, form)

    def date_words(self, organisation: str, spot: Spot, when: str) -> str:
        """What a time rule at a spot comes to; raises ValueError (`time_rules.date_words`)."""
        return date_words(self._edition(organisation), spot, when)

    def table(self, organisation: str, spot: Spot) -> dict[str, Any]:
        """A table of judgement as a grid (`fields.Describer.table_of`). Raises KeyError."""
        path, document, _ = self._read(spot.file)
        describer = Describer(self._edition(organisation), self.live.model_of(path), str)
        return describer.table_of(document)

    def writer(self, organisation: str, texts: Texts | None = None) -> FindingsWriter:
        """What describes findings: in the files as they are, or with what a change would make."""
        tried = {document.path: document for _, document in (texts or {}).values()}

        def read(path: Path) -> Document | None:
            with suppress(UsageError, RefusedError):
                return tried.get(path) or self._read(path.as_posix())[1]
            return None

        handbook, _ = self.live.handbook(organisation)
        return FindingsWriter(organisation, handbook.site.edition if handbook else None, read)

    # ---- how it is done ----

    def _edition(self, organisation: str) -> Edition:
        handbook, _ = self.live.handbook(organisation)
        if handbook is None:
            raise UsageError(NOT_SHOWN)
        return handbook.site.edition

    def _own(self, organisation: str) -> OrganisationContent:
        own = self.live.handbook(organisation)[1].own
        if own is None:
            raise UsageError(NOT_SHOWN)
        return own

    def _own_entry(self, organisation: str, path: Path, found: Element) -> Element | None:
        """The organisation's own entry that takes the words of one of the library, if it has one.

        What it says in place of the library is then changed for that organisation alone.
        """
        own = self.live.root / ORGANISATIONS / organisation / path.name
        if path.parent.name != LIBRARY.name or path.stem not in INHERITED or not own.is_file():
            return None
        _, document, _ = self._read(self.live.project.path_in_messages(own).as_posix())
        try:
            loc = place_of_way(document.data, found.spot.way)
        except KeyError:
            return None
        return find_element(document, self.live.model_of(own), loc)

    def _with_library_words(self, path: Path, document: Document, asked: Operation) -> Operation:
        """A copy of an entry that takes its words from the library has those words itself."""
        if asked.kind != "copy" or path.stem not in INHERITED or path.parent.name == LIBRARY.name:
            return asked
        library = self.live.project.find(LIBRARY / path.name)
        shown = self.live.project.path_in_messages(library).as_posix()
        try:
            theirs = self._read(shown)[1].data
            loc = place_of_way(document.data, asked.spot.way)
            words = value_at(theirs, place_of_way(theirs, asked.spot.way))
        except (KeyError, UsageError):
            return asked
        value = without_ids({**words, **value_at(document.data, loc)})
        above = Spot(asked.spot.file, asked.spot.way.rpartition("/")[0])
        return Operation("insert", above, value, index=int(loc[-1]) + 1)

    def _other_files(self, path: Path) -> list[tuple[str, str]]:
        """The other files of an organisation, as the spots of their panels and what is in them."""
        if path.parent.parent.name != ORGANISATIONS.name:
            return []
        return [
            (str(Spot(self.live.project.path_in_messages(other).as_posix(), "")), words)
            for stem, words in FILES.items()
            if (other := path.with_name(f"{stem}.yaml")).is_file() and other != path
        ]

    def _read(self, shown: str) -> tuple[Path, Document, bytes]:
        path = self.live.path_of(shown)
        try:
            return path, *self.live.document(path)
        except ContentError as error:
            raise RefusedError("The file cannot be read.", error.problems) from None

    def _changed(self, asked: Sequence[Operation]) -> Texts:
        texts: Texts = {}
        opened: dict[str, tuple[Path, Document, bytes]] = {}
        for one in asked:
            path, document, raw = opened.get(one.spot.file) or self._read(one.spot.file)
            one = self._with_library_words(path, document, one)
            try:
                document = apply(document, self.live.model_of(path), one)
            except SpliceError as error:
                raise RefusedError(str(error)) from error
            opened[one.spot.file] = path, document, raw
            own = self.live.own_path(path)
            texts[own] = raw if own == path else None, document
        return texts

    def _write(self, label: str, files: Mapping[Path, Change], undoes: int = 0) -> Save:
        try:
            save = self.journal.write(label, files, undoes)
        except OutsideChangeError:
            raise RefusedError(
                "The file was changed by another program at this moment. Save again."
            ) from None
        if self.commits:
            self._committing.submit(commit, self.live.root, label, tuple(files))
        return save

    def _refuse_errors(self, files: Mapping[Path, Change], said: str) -> None:
        drafts = {
            path: parse(text_of(after), self.live.project.path_in_messages(path))[0]
            for path, (_, after) in files.items()
            if path.suffix == ".yaml" and after is not None  # without it, the product's is used
        }
        for organisation in self._concerned(files):
            before = self.live.handbook(organisation)[1]
            errors = _new(before.errors, self.live.read(organisation, drafts).errors)
            if errors:
                raise RefusedError(said, errors)

    def _are_only_words(self, asked: Sequence[Operation]) -> bool:
        """Whether words are changed and no fact is added: what breaks no other organisation."""
        for one in asked:
            if one.kind != "set" or not (isinstance(one.old, str) and isinstance(one.value, str)):
                return False
            path, document, _ = self._read(one.spot.file)
            loc = place_of_way(document.data, one.spot.way)
            model = model_at(self.live.model_of(path), loc[:-1])
            kind = kind_of(hint_of(model, loc[-1]))[0]
            if not one.value.strip() or kind not in ("line", "prose"):
                return False
            if not set(EXPRESSION.findall(one.value)) <= set(EXPRESSION.findall(one.old)):
                return False
        return True

    def _concerned(self, paths: Iterable[Path]) -> tuple[str, ...]:
        """The organisations that a change of these files concerns."""
        own = self.live.root / ORGANISATIONS
        shared = [path for path in paths if not path.is_relative_to(own)]
        named = {path.relative_to(own).parts[0] for path in paths if path.is_relative_to(own)}
        return tuple(
            one
            for one in self.live.organisations()
            if one in named or any(self._offers(one, path) for path in shared)
        )

    def _offers(self, organisation: str, path: Path) -> bool:
        """Whether an organisation uses a file that several may use."""
        own = self.live.handbook(organisation)[1].own
        if own is None or path.parent.name != FORMS.name:
            return True
        return any(offer.form == path.stem for offer in own.organisation.item.forms)

    def _shared(self, path: Path) -> str:
        """What to say of a file that several organisations use; empty for one's own."""
        if path.is_relative_to(self.live.root / ORGANISATIONS):
            return ""
        count = len(self.live.organisations())
        if not self.live.project.is_own(path):
            return "These words come with Formulary. Your change makes a copy in your project."
        return f"All {count} organisations here share these words." if count > 1 else ""

    def _shared_form(self, form: str, path: Path) -> str:
        """What to say of a form that others use, or that comes with Formulary; or empty."""
        users = 0
        for organisation in self.live.organisations():
            own = self.live.root / ORGANISATIONS / organisation / "organisation.yaml"
            offers = self._read(self.live.project.path_in_messages(own).as_posix())[1].data
            users += any(one.get("form") == form for one in offers.get("forms", ()))
        if users > 1:
            return f"This form is used by {users} organisations."
        return "" if self.live.project.is_own(path) else "This form comes with Formulary."

    def _filler(self, reading: OrganisationReading) -> Callable[[str], tuple[str, bool]]:
        """Fills the facts in a text, and says whether that could be done."""
        if reading.own is None:
            return lambda text: (text, False)
        names, _ = collect_names(
            reading.content, reading.own, reading.edition.year if reading.edition else 2000
        )

        def say(text: str) -> tuple[str, bool]:
            words, faults = fill(text, names)
            return without_links(words), not faults

        return say


def _new(before: Sequence[Problem], after: Sequence[Problem]) -> tuple[Problem, ...]:
    """The problems that were not there before, wherever their lines are now."""
    known = {(p.kind.code, p.message, p.place.file) for p in before}
    return tuple(p for p in after if (p.kind.code, p.message, p.place.file) not in known)
