"""A file that readers can download, and how a page states its type, size and provenance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from formulary.documents.stamp import Stamp


@dataclass(frozen=True)
class Download:
    """One document published beside the pages, at `<organisation>/downloads/<file>`.

    The same bytes are published as `lasting_file` too, which does not change with the year, so that
    a link from another site still leads to the form when the next year's is published.
    `form` is the form's id, or “policy”; `edition` a name such as 2026-27; `format` “Word” or
    “PDF”; `bytes` its size; `sha256` the digest in hexadecimal (FIPS 180-4). `pages` is 0 where the
    number is not known before a program lays the file out. `clauses` are the ids of the clauses
    behind a form; `stamp` is what the file itself carries.
    """

    organisation: str
    form: str
    title: str
    edition: str
    format: str
    file: str
    bytes: int
    sha256: str
    pages: int = 0
    clauses: tuple[str, ...] = ()
    stamp: Stamp | None = None
    barriers: tuple[str, ...] = ()
    """What keeps some readers out of it (“it is not tagged”), as a document of HR's own can."""

    is_pictured: bool = False
    """Whether a picture of its first page is beside it."""

    @property
    def picture(self) -> str:
        """The path of the picture of its first page, from the root of the site."""
        return f"{self.organisation}/downloads/{self.file.rpartition('.')[0]}.png"

    @property
    def path(self) -> str:
        """Its path from the root of the site."""
        return f"{self.organisation}/downloads/{self.file}"

    @property
    def lasting_file(self) -> str:
        """The name without the year: “pm-form.docx”."""
        return f"{self.form}.{self.file.rpartition('.')[2]}"

    @property
    def lasting_path(self) -> str:
        """The path that stays from year to year."""
        return f"{self.organisation}/downloads/{self.lasting_file}"

    @property
    def kind(self) -> str:
        """Type and size as a reader needs them before a click: “Word, 48 kB”.

        A file that is not made yet has no size.
        """
        return f"{self.format}, {size_in_words(self.bytes)}" if self.bytes else self.format

    @property
    def size(self) -> str:
        """Its size, and its pages where they are known: “48 kB, 4 pages”.

        It is empty for a file that is not made yet.
        """
        if not self.bytes:
            return ""
        pages = f"{self.pages} page{'' if self.pages == 1 else 's'}" if self.pages else ""
        return ", ".join(filter(None, (size_in_words(self.bytes), pages)))


def size_in_words(size: int) -> str:
    """A size in bytes as kB or MB of a thousand, rounded up so that nothing is 0 kB."""
    if size < 1_000_000:
        return f"{-(-size // 1000)} kB"
    return f"{size / 1_000_000:.1f} MB"


def group_by_document(files: Iterable[Download]) -> Iterator[tuple[Download, list[Download]]]:
    """The first file of each document with all its files, in the order of the first ones."""
    found: dict[str, list[Download]] = {}
    for file in files:
        found.setdefault(file.form, []).append(file)
    for own in found.values():
        yield own[0], own
