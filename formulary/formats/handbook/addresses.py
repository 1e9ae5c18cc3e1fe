"""The page paths and anchors of everything of one organisation in the handbook.

Paths are those of the Markdown files, from the root of the docs folder. They are permanent: they
come from ids alone, so a renumbered clause or a new title breaks no link.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from formulary.edition.edition import Edition
from formulary.problems import OutputError

RESERVED = ("index", "whole")
"""Page names that a section or a stage cannot have; its page is then `<id>-page.md`."""

COMPARISON = "compare.md"
"""The page at the root that puts several organisations side by side."""


@dataclass(frozen=True)
class Addresses:
    """The pages of one edition. `alone`: it is the only one, so its home is the site's root."""

    edition: Edition
    alone: bool

    @cached_property
    def homes(self) -> Mapping[str, str]:
        """The section of every section and every clause, by id."""
        policy = self.edition.policy
        sections = {section.id: section.id for section, _ in policy.parts()}
        gone = {id: old.section for id, old in self.edition.references.withdrawn.items()}
        return gone | sections | {clause.id: section.id for section, clause in policy.clauses()}

    @cached_property
    def notes(self) -> Mapping[str, str]:
        """The section of every footnote, by id."""
        parts = self.edition.policy.parts()
        return {note.id: section.id for section, _ in parts for note in section.all_footnotes()}

    def page(self, path: str) -> str:
        """A page of this organisation: `year.md` is at `pclc/year.md`."""
        return f"{self.edition.id}/{path}"

    @property
    def home(self) -> str:
        return "index.md" if self.alone else self.page("index.md")

    def section(self, id: str) -> str:
        return self.page(f"policy/{_file_name(id)}.md")

    def stage(self, id: str) -> str:
        return self.page(f"stages/{_file_name(id)}.md")

    def form(self, id: str) -> str:
        return self.page(f"forms/{_file_name(id)}.md")

    def fill_page(self, form: str) -> str:
        """The page on which a form is filled in, in the browser."""
        return self.page(f"fill/{form}.html")

    def my_group(self, id: str) -> str:
        return self.page(f"my/group-{id}.md")

    def my_role(self, id: str) -> str:
        return self.page(f"my/role-{id}.md")

    def year_sheet(self, cycle: str) -> str:
        """The year of one cycle on one page, for printing."""
        return self.page(f"year-on-one-page/{cycle}.md")

    def topic(self, id: str) -> str:
        return self.page(f"guidance/{_file_name(id)}.md")

    def question(self, id: str) -> str:
        return f"{self.page('questions.md')}#{id}"

    def target(self, scheme: str, id: str) -> str:
        """Page and anchor of what a text refers to, such as (`clause`, `appeals`).

        Raises OutputError where it leads nowhere; the linter has named what it could.
        """
        if scheme == "footnote" and id in self.notes:
            return f"{self.section(self.notes[id])}#{note_anchor(id)}"
        if scheme in ("clause", "section") and id in self.homes:
            return f"{self.section(self.homes[id])}#{id}"
        if scheme == "form" and id in self.edition.references.forms:
            return self.form(id)
        if scheme == "document" and id in self.edition.references.documents:
            return f"{self.page('documents.md')}#{id}"
        raise OutputError(
            f"A text of {self.edition.id} links to “{scheme}:{id}”, which is nowhere."
        )


SCHEMES = ("clause", "section", "form", "document", "footnote")


def note_anchor(id: str) -> str:
    """The anchor of a footnote at the end of its section."""
    return f"footnote--{id}"


@dataclass(frozen=True)
class LinkResolver:
    """Resolves links from one page: turns a target into a relative address.

    `within` holds the ids on the page itself, as on the policy's page for printing. A
    `field` is always on the page itself: only a form's own page shows its letter.
    """

    addresses: Addresses
    page: str
    within: frozenset[str] = frozenset()

    def __call__(self, target: str) -> str:
        """The address of a run's target; empty for a scheme that a page must not follow."""
        scheme, colon, id = target.partition(":")
        if scheme == "field":
            return f"#{id}"
        if colon and scheme in SCHEMES:
            if scheme == "footnote" and self.addresses.notes.get(id) in self.within:
                return f"#{note_anchor(id)}"
            if id in self.within:
                return f"#{id}"
            return self.to(self.addresses.target(scheme, id))
        return target if scheme in ("https", "http", "mailto", "tel") else ""

    def to(self, path: str) -> str:
        """The relative address of a path from the root, its anchor kept."""
        file, hash_, anchor = path.partition("#")
        if file == self.page and anchor:
            return f"#{anchor}"
        return posixpath.relpath(file, posixpath.dirname(self.page) or ".") + hash_ + anchor


def _file_name(id: str) -> str:
    return f"{id}-page" if id in RESERVED else id
