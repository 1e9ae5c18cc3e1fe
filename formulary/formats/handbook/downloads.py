"""A file that readers can download, and how a page tells its type and size."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Download:
    """One document published beside the pages, at `<organisation>/downloads/<file>`.

    `form` is the form's id, or “policy”; `edition` a name such as 2026-27; `format` “Word” or
    “PDF”; `bytes` its size; `sha256` the digest in hexadecimal.
    """

    organisation: str
    form: str
    title: str
    edition: str
    format: str
    file: str
    bytes: int
    sha256: str

    @property
    def path(self) -> str:
        """Where it stands, from the root of the site."""
        return f"{self.organisation}/downloads/{self.file}"

    @property
    def kind(self) -> str:
        """Type and size as a reader needs them before a click: “Word, 48 kB”."""
        return f"{self.format}, {size_in_words(self.bytes)}"


def size_in_words(size: int) -> str:
    """A size in bytes as kB or MB of a thousand, rounded up so that nothing is 0 kB."""
    if size < 1_000_000:
        return f"{-(-size // 1000)} kB"
    return f"{size / 1_000_000:.1f} MB"
