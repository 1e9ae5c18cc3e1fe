"""The page of all downloads of an organisation, each with where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from formulary.formats.handbook.downloads import Download, by_document
from formulary.formats.handbook.writer import Writer

PAGE = "downloads.md"


def downloads_page(writer: Callable[[str], Writer], files: Sequence[Download]) -> dict[str, str]:
    """Path -> text: every document with its formats, sizes, edition, pages, clauses, checksums."""
    own = writer(writer("").addresses.page(PAGE))
    formats = ", ".join(dict.fromkeys(file.format for file in files))
    return own.page(
        "downloads",
        "All downloads",
        f"The policy and the forms of {own.edition.organisation.name} as files: {formats}.",
        documents=list(by_document(files)),
    )
