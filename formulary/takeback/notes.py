"""Note what a returned policy changes, each change with its clause and its place in the files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from formulary.content.loading import OrganisationContent
from formulary.edition.edition import Edition
from formulary.edition.text import first_capital
from formulary.formats.word.policy import UPDATES_NAME
from formulary.project import ORGANISATIONS
from formulary.takeback.found import EntryChange, Found, NotTaken
from formulary.takeback.operations import FileChange
from formulary.takeback.printed import FOOTNOTES
from formulary.takeback.sources import SourceText

_NAMES = {"": "the front page", UPDATES_NAME: "the updates", FOOTNOTES: "the footnotes"}


@dataclass
class Notes:
    """Collects what is found, for the organisation whose policy came back."""

    own: OrganisationContent
    edition: Edition
    found: Found = field(default_factory=Found)
    names: dict[str, str] = field(default_factory=lambda: dict(_NAMES))
    """What parts are called that have no id in the policy, by their place."""

    def leave(self, place: str, words: str, why: str) -> None:
        """List words that are not taken, and why."""
        self.found.not_taken.append(NotTaken(self.where(place), words, why))

    def note_entry(
        self,
        source: SourceText,
        what: str,
        words: str,
        change: FileChange,
        authors: Iterable[str] = (),
    ) -> None:
        """Note a point, row, clause or text that is new, gone or elsewhere."""
        place = source.text.document.place(source.text.loc)
        where = self.where(source.place)
        if not self.may_change(source, words):
            return
        entry = EntryChange(where, place, what, words, tuple(dict.fromkeys(authors)))
        self.found.entries.append((entry, change))
        self.draft(source, f"{first_capital(what)}: “{words}”", change)

    def draft(self, source: SourceText, words: str, change: FileChange) -> None:
        """Note what the change log is to say of a change."""
        if source.place in self.edition.references.clauses:
            self.found.updates.append((source.place, words, change))

    def may_change(self, source: SourceText, words: str) -> bool:
        """Whether a text is the organisation's own; what is not is listed."""
        path = source.text.document.path
        if path.parent == ORGANISATIONS / self.own.id:
            return True
        why = f"the library says this, for every organisation ({source.text.document.path})"
        self.leave(source.place, words, why)
        return False

    def where(self, id: str) -> str:
        """A clause or section as a sentence names it."""
        if id in self.names:
            return self.names[id]
        try:
            return self.edition.label(id)
        except KeyError:
            return f"“{id}”"
