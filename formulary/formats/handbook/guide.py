"""The guide for those who run the handbook, as it is known before its pages are written.

It is a site of its own in a folder of the handbook, with its own menu and search. `pipeline.guide`
reads a `Guide` from docs/ and from the models of the content files; `guide_pages` makes its pages
and its menu.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from formulary.formats.handbook.reference import FileReference

FOLDER = "guide"
"""The folder of its site, beside those of the organisations."""
TITLE = "Guide for HR"
SETTING = "guide"
"""The name under `extra` in mkdocs.yml that leaves it out: `guide: false`."""

YEAR, REFERENCE, PROGRAMMERS = "Each year", "Reference", "For programmers"
PARTS = {
    YEAR: ("running", "editing", "publishing", "packs", "filling-in", "collect", "roll", "privacy"),
    REFERENCE: ("trouble", "importing", "writing"),
    PROGRAMMERS: ("programmers",),
}
"""The parts of the guide, each with its chapters: files of docs/, without their ending."""
CHAPTERS = tuple(name for names in PARTS.values() for name in names)
"""All chapters in their order; the first opens the guide."""


@dataclass(frozen=True)
class Chapter:
    """A file of docs/: its name without ending, and its text, Markdown as code hosts show it."""

    name: str
    text: str

    @property
    def title(self) -> str:
        """The words of its first heading."""
        found = re.search(r"^# +(.+)$", self.text, re.MULTILINE)
        return found.group(1).strip() if found else self.name.capitalize()


@dataclass(frozen=True)
class Guide:
    """All that the guide's pages are made from. `images` are files by their path in docs/."""

    chapters: tuple[Chapter, ...]
    files: tuple[FileReference, ...]
    images: Mapping[str, bytes] | None = None


def chapter_page(name: str) -> str:
    """The page of a chapter: `packs.md`; that of the first is the guide's first page."""
    return f"{'index' if name == CHAPTERS[0] else name}.md"


def file_page(name: str) -> str:
    """The page of a kind of YAML file: `yaml/policy.md`."""
    return f"yaml/{name}.md"


FILES_PAGE = file_page("index")
FILES_TITLE = "What each file may hold"
PROBLEMS_PAGE = "problems.md"
PROBLEMS_TITLE = "What each message means"
