"""Each edition with its documents: content comes in, `Composition`s go out.

An organisation is taken from the store as a whole where its files, and those that all organisations
share, are as an earlier build found them.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from formulary.formats.handbook.kept import Kept
from formulary.model.content import Content
from formulary.model.edition import Edition
from formulary.pipeline import unchanged
from formulary.pipeline.changes import since_last_editions
from formulary.pipeline.documents import Document, documents_of
from formulary.project import ORGANISATIONS, project_at
from formulary.store import key_of


class Composition(NamedTuple):
    """The edition of an organisation, and the documents in which it is to be written."""

    edition: Edition
    documents: tuple[Document, ...]


@dataclass(frozen=True)
class Compositions:
    """The compositions that earlier builds made of the same files, by organisation."""

    kept: Kept
    keys: Mapping[str, str]
    known: Mapping[str, Composition]

    def editions(self) -> dict[str, Edition]:
        """The editions that are known, by organisation."""
        return {id: composition.edition for id, composition in self.known.items()}

    def complete(
        self, content: Content, editions: Sequence[Edition], house: Path
    ) -> tuple[Composition, ...]:
        """The composition of each edition, which must be sound; those that are new are kept.

        `house` is the folder of the house templates.
        """
        return tuple(
            self.known.get(edition.id) or self._compose(content, edition, house)
            for edition in editions
        )

    def _compose(self, content: Content, edition: Edition, house: Path) -> Composition:
        (edition,) = since_last_editions(content, (edition,))
        made = Composition(edition, documents_of(edition, house, self.kept.basis))
        self.kept.store.put(self.keys[edition.id], pickle.dumps(made))
        return made


def kept_compositions(content: Content, year: int | None, kept: Kept) -> Compositions:
    """What is kept of the organisations in the content, as `year` would have them."""
    root = content.root
    every = root / ORGANISATIONS
    shared = unchanged.digest_of(
        part
        for path in project_at(root).inputs()
        for part in (sorted(path.iterdir()) if path == every.parent else (path,))
        if part != every
    )
    keys = {
        own.id: key_of(
            "composition", kept.basis, year, shared, unchanged.digest_of((every / own.id,))
        )
        for own in content.organisations
    }
    found = {id: kept.store.get(key) for id, key in keys.items()}
    return Compositions(kept, keys, {id: pickle.loads(data) for id, data in found.items() if data})
