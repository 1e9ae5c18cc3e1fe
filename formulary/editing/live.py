"""A project as it is this moment: read again when a file changes, and with drafts tried first."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from threading import RLock

from formulary.check.content import check_content, judge_policies
from formulary.content.base import ContentModel
from formulary.content.form import Form, FormHeader
from formulary.content.loading import (
    LIBRARY_FILES,
    ORGANISATION_FILES,
    Content,
    FileMemory,
    OrganisationContent,
    load,
)
from formulary.content.source import Document, parse
from formulary.editing.papers import OfferedFiles
from formulary.editing.places import Marks, find_pencils
from formulary.edition.edition import Edition, compose_edition
from formulary.edition.entries import compare_with_last
from formulary.edition.filled_text import FillMemory
from formulary.formats.handbook.guide import FOLDER, TITLE
from formulary.formats.handbook.one_page import OnePage, PageMaker
from formulary.pipeline.guide import has_guide
from formulary.problems import ContentError, Problem, UsageError, errors_in, in_order
from formulary.project import (
    FORMS,
    HOUSE,
    LIBRARY,
    ORGANISATIONS,
    PRODUCT_PREFIX,
    SETTINGS,
    THEME,
    project_at,
)

State = tuple[tuple[str, int, int, int], ...]
"""Of each file that an organisation depends on: its path, time, size and number on the disk."""


@dataclass(frozen=True)
class OrganisationReading:
    """An organisation as its files say it: `edition` is None where no page can be made of it."""

    content: Content
    own: OrganisationContent | None
    edition: Edition | None
    problems: tuple[Problem, ...]
    _judged: dict[datetime.date, tuple[Problem, ...]] = field(default_factory=dict, compare=False)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What keeps the handbook from being built."""
        return tuple(errors_in(self.problems))

    def judge(self, today: datetime.date) -> tuple[Problem, ...]:
        """All that `check` says of the organisation."""
        if self.edition is None:
            return self.problems
        if today not in self._judged:
            found = judge_policies(self.content, (self.edition,), today).problems
            self._judged[today] = in_order({*self.problems, *found})
        return self._judged[today]


@dataclass
class Handbook:
    """The handbook of one reading, of which pages are made when they are asked for."""

    reading: OrganisationReading
    site: OnePage
    number: int
    """Counts the readings, so that a browser knows that its page is older."""
    marks: Marks
    memory: FillMemory
    """What was filled with these marks when they were last used."""
    pages: dict[str, str | None] = field(default_factory=dict)

    @cached_property
    def marked(self) -> tuple[Edition, Marks]:
        """The edition with marked texts, and the marks."""
        reading, edition = self.reading, self.site.edition
        assert reading.own is not None
        found, _ = compose_edition(reading.content, reading.own, edition.year, self.memory)
        self.marks.know(found.texts)
        return replace(found, changes=edition.changes), self.marks

    def page(self, path: str) -> str | None:
        """The page at a path of the built site, as staff see it; None where there is none."""
        if path not in self.pages:
            self.pages[path] = self.site.page(path.removesuffix(".html") + ".md")
        return self.pages[path]

    def pencils(self, path: str) -> dict[int, str]:
        """What can be edited on that page: see `places.find_pencils`.

        It takes as long as the page itself, which can be shown meanwhile.
        """
        edition, marks = self.marked
        page = self.page(path)
        marked = self.site.page_of(edition, path.removesuffix(".html") + ".md") if page else None
        inside = path.removeprefix(f"{self.site.edition.id}/")
        return find_pencils(page, marked, marks, inside) if page and marked else {}


def text_of(raw: bytes) -> str:
    """The text of a file as its document has it."""
    return raw.decode("utf-8-sig").replace("\r\n", "\n").lstrip("\ufeff")


class LiveProject:
    """The project in a folder. Its methods may be called from several threads."""

    def __init__(
        self, root: Path, year: int | None = None, organisations: Collection[str] = ()
    ) -> None:
        self.root = root
        self.year = year
        self.wanted = frozenset(organisations)
        """The ids of those that are shown; empty for all."""
        self.project = project_at(root)
        self.lock = RLock()
        self._looks = self._look_state()
        self.maker = self._page_maker()
        self._files = FileMemory()
        self._filled: dict[str, tuple[FillMemory, FillMemory]] = {}
        """Of each organisation what was filled last, and what was filled with marks."""
        self._marks: dict[str, Marks] = {}
        self._seen: dict[str, tuple[State, Handbook | None, OrganisationReading]] = {}
        self._tried: dict[str, tuple[State, OrganisationReading]] = {}
        self._drafted: dict[str, tuple[object, OrganisationReading]] = {}
        """Of each organisation the last reading with drafts, and what it was made of."""
        self._count = 0

    def organisations(self) -> tuple[str, ...]:
        """The ids of the organisations that are shown."""
        folder = self.root / ORGANISATIONS
        found = sorted(path.parent.name for path in folder.glob("*/organisation.yaml"))
        return tuple(id for id in found if not self.wanted or id in self.wanted)

    def read(
        self, organisation: str, drafts: Mapping[Path, Document] | None = None
    ) -> OrganisationReading:
        """The organisation as its files say it, or as it would be with other documents of files.

        Raises UsageError where there is no such organisation.
        """
        if not drafts:
            return self._read(organisation, {})
        texts = {path: document.text for path, document in drafts.items()}
        with self.lock:
            made_of = self._state(organisation), texts
            kept = self._drafted.get(organisation)
            if kept is None or kept[0] != made_of:
                # what was checked as it was typed is saved next
                kept = self._drafted[organisation] = made_of, self._read(organisation, drafts)
            return kept[1]

    def _read(self, organisation: str, drafts: Mapping[Path, Document]) -> OrganisationReading:
        with self.lock:
            self._files.drafts = drafts
            try:
                content, found = load(self.root, (organisation,), self._files)
            finally:
                self._files.drafts = {}
        own = content.find(organisation)
        if own is None:
            if organisation not in self.organisations():
                raise UsageError(f"There is no organisation “{organisation}”.")
            return OrganisationReading(content, None, None, in_order(found))
        edition, faults = compose_edition(content, own, self.year, self._memories(organisation)[0])
        problems = in_order((*found, *faults, *check_content(content)))
        return OrganisationReading(content, own, edition if edition.calendars else None, problems)

    def handbook(self, organisation: str) -> tuple[Handbook | None, OrganisationReading]:
        """The handbook as it was when it could last be made, and the organisation as it is."""
        with self.lock:
            looks = self._look_state()
            if looks != self._looks:
                self._looks, self.maker = looks, self._page_maker()
                self._seen.clear()
            state = self._state(organisation)
            kept = self._seen.get(organisation)
            if kept and kept[0] == state:
                return kept[1:]
            tried = self._tried.pop(organisation, None)
            reading = tried[1] if tried and tried[0] == state else self.read(organisation)
            shown = kept[1] if kept else None
            if reading.edition is not None and not (shown and reading.errors):
                assert reading.own is not None
                edition = compare_with_last(reading.edition, reading.own.last_edition)
                known = reading.content.accessibility
                site = OnePage(
                    self.maker,
                    edition,
                    OfferedFiles(edition),
                    known.item if known else None,
                    others=[id for id in self.organisations() if id != organisation],
                )
                self._count += 1
                memory = self._memories(organisation)[1]
                shown = Handbook(reading, site, self._count, self._marks[organisation], memory)
            self._seen[organisation] = state, shown, reading
            return shown, reading

    def expect(
        self, organisation: str, reading: OrganisationReading, written: Mapping[Path, Document]
    ) -> None:
        """Take a reading that was tried for what the files say, now that they are written so.

        It is not taken where any other file has changed since.
        """
        for path, document in written.items():
            self._files.expect(path, document)
        with self.lock:
            kept = self._seen.get(organisation)
            state = self._state(organisation)
            changed = {found[0] for found in set(state) ^ set(kept[0] if kept else ())}
            if kept and changed <= {path.as_posix() for path in written}:
                self._tried[organisation] = state, reading

    def document(self, path: Path) -> tuple[Document, bytes]:
        """What a file says this moment, and its bytes. Raises ContentError where it is no YAML."""
        with self.lock:
            document, problems = self._files.read(path, self.project.path_in_messages(path))
        raw = path.read_bytes()
        if not errors_in(problems) and document.text != (text := text_of(raw)):
            # it was written again within one tick of the clock
            document, problems = parse(text, document.path)
        if faults := errors_in(problems):
            raise ContentError(faults)
        return document, raw

    def path_of(self, shown: str) -> Path:
        """The file that messages name so. Raises UsageError where the project has none."""
        inside = Path(shown.removeprefix(PRODUCT_PREFIX))
        home = self.root if inside.as_posix() == shown else self.project.product
        path = home / inside
        known: Collection[str] = ()
        if inside.parent.parent == ORGANISATIONS:
            known = ORGANISATION_FILES
        elif inside.parent == LIBRARY:
            known = LIBRARY_FILES
        elif inside.parent in (FORMS, HOUSE):
            known = (inside.stem,)
        if (
            inside.suffix == ".yaml"
            and inside.stem in known
            and ".." not in inside.parts
            and path.is_file()
            and path.resolve().is_relative_to(home.resolve())
        ):
            return path
        raise UsageError(f"The project has no file {shown}.")

    def own_path(self, path: Path) -> Path:
        """Where the project has, or would have, a file of its own in place of the product's."""
        if self.project.is_own(path):
            return path
        return self.root / path.relative_to(self.project.product)

    def product_path(self, own: Path) -> Path:
        """The product's file that one of the project takes the place of."""
        return self.project.product / own.relative_to(self.root)

    def model_of(self, path: Path) -> type[ContentModel]:
        """The model of a content file."""
        if path.parent.name == HOUSE.name:
            return FormHeader
        if path.parent.parent.name == ORGANISATIONS.name:
            return ORGANISATION_FILES[path.stem]
        return LIBRARY_FILES[path.stem] if path.parent.name == LIBRARY.name else Form

    def _memories(self, organisation: str) -> tuple[FillMemory, FillMemory]:
        if organisation not in self._filled:
            marks = self._marks[organisation] = Marks()
            self._filled[organisation] = FillMemory(), FillMemory(marks.mark)
        return self._filled[organisation]

    def _state(self, organisation: str) -> State:
        """What tells whether a file that the organisation depends on has changed."""
        own = self.root / ORGANISATIONS / organisation
        paths = [
            *sorted(own.glob("*")),
            *self.project.files(FORMS, "*.yaml"),
            *self.project.files(HOUSE, "*"),
            *self.project.files(LIBRARY, "*.yaml"),
        ]
        # how many there are decides where the home page is
        return ((ORGANISATIONS.as_posix(), len(self.organisations()), 0, 0), *_states(paths))

    def _page_maker(self) -> PageMaker:
        links = {TITLE: f"{FOLDER}/index.html"} if has_guide(self.root) else {}
        return PageMaker(self.root / SETTINGS, links)

    def _look_state(self) -> State:
        """What tells whether the settings or the project's own theme have changed."""
        return tuple(_states([self.root / SETTINGS, *sorted((self.root / THEME).rglob("*"))]))


def _states(paths: Iterable[Path]) -> Iterator[tuple[str, int, int, int]]:
    for path in paths:
        try:
            status = path.stat()
        except OSError:
            continue
        yield path.as_posix(), status.st_mtime_ns, status.st_size, status.st_ino
