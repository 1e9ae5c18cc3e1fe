"""Compose each edition with its documents.

An organisation is taken from the store as a whole where its files, and those that all organisations
share, are as an earlier build found them.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

from formulary.content.loading import Content, File, OrganisationContent
from formulary.edition.edition import Edition
from formulary.formats.handbook.page_cache import PageCache
from formulary.pipeline.changes import since_last_editions
from formulary.pipeline.documents import Appearance, WantedDocument, documents_of
from formulary.store import key_of


class Composition(NamedTuple):
    """The edition of an organisation, and the documents in which it is to be written."""

    edition: Edition
    documents: tuple[WantedDocument, ...]


@dataclass(frozen=True)
class Compositions:
    """The compositions that earlier builds made of the same files, by organisation."""

    kept: PageCache
    keys: Mapping[str, str]
    known: Mapping[str, Composition]
    looks: Appearance

    def editions(self) -> dict[str, Edition]:
        """The editions that are known, by organisation."""
        return {id: composition.edition for id, composition in self.known.items()}

    def complete(self, content: Content, editions: Sequence[Edition]) -> tuple[Composition, ...]:
        """The composition of each edition, which must be sound; those that are new are kept."""
        return tuple(
            self.known.get(edition.id) or self._compose(content, edition) for edition in editions
        )

    def _compose(self, content: Content, edition: Edition) -> Composition:
        (edition,) = since_last_editions(content, (edition,))
        made = Composition(edition, documents_of(edition, self.looks))
        self.kept.store.put(self.keys[edition.id], pickle.dumps(made))
        return made


def load_compositions(
    content: Content, year: int | None, kept: PageCache, looks: Appearance
) -> Compositions:
    """What is kept of the organisations in the content, as `year` would have them.

    The keys are made from what was read, not from the files, which may have changed since.
    """
    shared = key_of("composition", kept.basis, year, looks.digest, _texts(content))
    keys = {
        own.id: key_of(shared, _texts(own), own.last_edition, own.logo, own.faces)
        for own in content.organisations
    }
    found = {id: kept.store.get(key) for id, key in keys.items()}
    known = {id: pickle.loads(data) for id, data in found.items() if data}
    return Compositions(kept, keys, known, looks)


def _texts(content: Content | OrganisationContent) -> dict[str, str]:
    """The text of every file that a part of the content was read from."""
    files = [getattr(content, one.name) for one in fields(content)]
    if isinstance(content, Content):
        files += content.forms.values()
    documents = [file.document for file in files if isinstance(file, File)]
    return {document.path.as_posix(): document.text for document in documents}
