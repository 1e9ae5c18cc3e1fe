"""A project as it is this moment: read again when a file changes, and with drafts tried first."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from threading import RLock

from formulary.check.content import check_content, lint
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
from formulary.editing.papers import offered_files
from formulary.editing.places import Marks, add_pencils
from formulary.edition.edition import Edition, compose_edition
from formulary.edition.entries import compare_with_last
from formulary.formats.handbook.one_page import OnePage, PageMaker
from formulary.problems import Problem, UsageError, errors_in, in_order
from formulary.project import FORMS, LIBRARY, ORGANISATIONS, SETTINGS, THEME, project_at

State = tuple[tuple[str, int, int, int], ...]
"""Of each file that an organisation depends on: its path, time, size and number on the disk."""


@dataclass(frozen=True)
class OrganisationReading:
    """An organisation as its files say it: `edition` is None where no page can be made of it."""

    content: Content
    own: OrganisationContent | None
    edition: Edition | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What keeps the handbook from being built."""
        return tuple(errors_in(self.problems))

    def judge(self, today: datetime.date) -> tuple[Problem, ...]:
        """All that `check` says of the organisation."""
        if self.edition is None:
            return self.problems
        found = lint(self.content, (self.edition,), today).problems
        return in_order({*self.problems, *found})


@dataclass
class Handbook:
    """The handbook of one reading, of which pages are made when they are asked for."""

    reading: OrganisationReading
    site: OnePage
    number: int
    """Counts the readings, so that a browser knows that its page is older."""
    pages: dict[tuple[str, bool], str | None] = field(default_factory=dict)

    @cached_property
    def marked(self) -> tuple[Edition, Marks]:
        """The edition with marked texts, and the marks."""
        marks, reading, edition = Marks(), self.reading, self.site.edition
        assert reading.own is not None
        found, _ = compose_edition(reading.content, reading.own, edition.year, marks.mark)
        return replace(found, changes=edition.changes), marks

    def page(self, path: str, *, pencils: bool) -> str | None:
        """The page at a path of the built site, with pencils or as staff see it."""
        key = path, pencils
        if key not in self.pages:
            self.pages[key] = self._make_page(path.removesuffix(".html") + ".md", pencils)
        return self.pages[key]

    def _make_page(self, path: str, pencils: bool) -> str | None:
        page = self.site.page(path)
        if page is None or not pencils:
            return page
        edition, marks = self.marked
        marked = self.site.page(path, edition)
        if not marked:
            return page
        inside = path.removeprefix(f"{self.site.edition.id}/")
        return add_pencils(page, marked, marks, inside)


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
        self.maker = PageMaker(root / SETTINGS)
        self._memory = FileMemory()
        self._seen: dict[str, tuple[State, Handbook | None, OrganisationReading]] = {}
        self._tried: dict[str, tuple[State, OrganisationReading]] = {}
        self._count = 0

    def organisations(self) -> tuple[str, ...]:
        """The ids of the organisations that are shown."""
        folder = self.root / ORGANISATIONS
        found = sorted(path.parent.name for path in folder.glob("*/organisation.yaml"))
        return tuple(id for id in found if not self.wanted or id in self.wanted)

    def read(
        self, organisation: str, drafts: Mapping[Path, str] | None = None
    ) -> OrganisationReading:
        """The organisation as its files say it, or as it would be with other texts of files.

        Raises UsageError where there is no such organisation.
        """
        with self.lock:
            self._memory.drafts = dict(drafts or {})
            try:
                content, found = load(self.root, (organisation,), self._memory)
            finally:
                self._memory.drafts = {}
        own = next((one for one in content.organisations if one.id == organisation), None)
        if own is None:
            if organisation not in self.organisations():
                raise UsageError(f"There is no organisation “{organisation}”.")
            return OrganisationReading(content, None, None, in_order(found))
        edition, faults = compose_edition(content, own, self.year)
        problems = in_order((*found, *faults, *check_content(content)))
        return OrganisationReading(content, own, edition if edition.calendars else None, problems)

    def handbook(self, organisation: str) -> tuple[Handbook | None, OrganisationReading]:
        """The handbook as it was when it could last be made, and the organisation as it is."""
        with self.lock:
            looks = self._look_state()
            if looks != self._looks:
                self._looks, self.maker = looks, PageMaker(self.root / SETTINGS)
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
                    tuple(offered_files(edition)),
                    known.item if known else None,
                    alone=len(self.organisations()) == 1,
                )
                self._count += 1
                shown = Handbook(reading, site, self._count)
            self._seen[organisation] = state, shown, reading
            return shown, reading

    def expect(
        self, organisation: str, reading: OrganisationReading, written: Collection[Path]
    ) -> None:
        """Take a reading that was tried for what the files say, now that they are written so.

        It is not taken where any other file has changed since.
        """
        with self.lock:
            kept = self._seen.get(organisation)
            state = self._state(organisation)
            changed = {found[0] for found in set(state) ^ set(kept[0] if kept else ())}
            if kept and changed <= {path.as_posix() for path in written}:
                self._tried[organisation] = state, reading

    def path_of(self, shown: str) -> Path:
        """The file that messages name so. Raises UsageError where the project has none."""
        for path in self._files():
            if self.project.path_in_messages(path).as_posix() != shown:
                continue
            home = self.root if self.project.is_own(path) else self.project.product
            if path.resolve().is_relative_to(home.resolve()):
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
        if path.parent.name == "house":
            return FormHeader
        if path.parent.parent.name == ORGANISATIONS.name:
            return ORGANISATION_FILES[path.stem]
        return LIBRARY_FILES[path.stem] if path.parent.name == LIBRARY.name else Form

    def _files(self) -> list[Path]:
        found = [
            path
            for path in (self.root / ORGANISATIONS).glob("*/*.yaml")
            if path.stem in ORGANISATION_FILES
        ]
        found += self.project.files(FORMS, "*.yaml")
        found += self.project.files(FORMS / "house", "*.yaml")
        found += [
            path for path in self.project.files(LIBRARY, "*.yaml") if path.stem in LIBRARY_FILES
        ]
        return found

    def _state(self, organisation: str) -> State:
        """What tells whether a file that the organisation depends on has changed."""
        own = self.root / ORGANISATIONS / organisation
        paths = [
            *sorted(own.glob("*")),
            *self.project.files(FORMS, "*.yaml"),
            *self.project.files(FORMS / "house", "*"),
            *self.project.files(LIBRARY, "*.yaml"),
        ]
        # how many there are decides where the home page is
        return ((ORGANISATIONS.as_posix(), len(self.organisations()), 0, 0), *_states(paths))

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
