"""The guide for those who run the handbook, as it is known before its pages are written.

`pipeline.guide` reads a `Guide` from docs/ and from the models of the content files; `guide_pages`
makes pages of it, `navigation` its part of the menu.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from formulary.formats.handbook.reference import FileReference

FOLDER = "for-hr"
"""The folder of its pages, beside those of the organisations."""
TITLE = "For HR: running this"

CHAPTERS = (
    "running",
    "writing",
    "packs",
    "collect",
    "roll",
    "publishing",
    "trouble",
    "privacy",
)
"""The files of docs/ that are chapters of the guide, in its order; the first opens it."""


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
    """The page of a chapter: `for-hr/packs.md`; that of the first is the guide's first page."""
    return f"{FOLDER}/{'index' if name == CHAPTERS[0] else name}.md"


def file_page(name: str) -> str:
    """The page of a kind of YAML file: `for-hr/yaml/policy.md`."""
    return f"{FOLDER}/yaml/{name}.md"


FILES_PAGE = file_page("index")
FILES_TITLE = "What the YAML may hold"
PROBLEMS_PAGE = f"{FOLDER}/problems.md"
PROBLEMS_TITLE = "What each message means"
