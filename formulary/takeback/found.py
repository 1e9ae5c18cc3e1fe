"""What a returned policy changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from formulary.formats.word.edited_policy import EditedComment
from formulary.problems import Place
from formulary.takeback.operations import FileChange


@dataclass(frozen=True)
class TextChange:
    """A text whose words are others now. `where` is its clause, as a sentence names it.

    `dropped` are facts that the text no longer names; `looks` is what became of bold words, slanted
    words and links. `also_in` are the other places that print the same text, and are not changed;
    `named_in` are those that print it by its name, so that they change with it; each says where it
    is, and what it says then.
    """

    where: str
    place: Place
    was: str
    now: str
    authors: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    looks: tuple[str, ...] = ()
    also_in: tuple[str, ...] = ()
    named_in: tuple[str, ...] = ()

    @property
    def remarks(self) -> Iterator[str]:
        """What is to be known of the change besides its words, in sentences."""
        for expression in self.dropped:
            yield f"Gone from the text: {{{{ {expression} }}}}"
        yield from self.looks
        if self.also_in:
            yield f"Another text says the same, and is not changed: {'; '.join(self.also_in)}"
        for use in self.named_in:
            yield f"This says it too, and changes with it: {use}"


@dataclass(frozen=True)
class EntryChange:
    """A point, clause or section that is new, gone or elsewhere; `words` are what it says.

    `along` is what changes with it in the places that name what is gone.
    """

    where: str
    place: Place
    what: str
    words: str
    authors: tuple[str, ...] = ()
    along: tuple[str, ...] = ()


@dataclass(frozen=True)
class RuleChange:
    """A number, date or word that is kept in one place, with another value on the paper.

    `name` is how texts name it; `also_in` are the clauses and other texts that say it too. `why`
    says why it cannot be written; it is empty where it can.
    """

    where: str
    name: str
    was: str
    now: str
    place: Place
    also_in: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Conflict:
    """A text that was changed on the paper, and in the content too since the paper was made."""

    where: str
    place: Place
    was: str
    returned: str
    today: str


@dataclass(frozen=True)
class LogDraft:
    """A draft for the change log: the id of the clause, what changed, why, and who approved it."""

    clause: str
    text: str
    reason: str = ""
    approved_by: str = ""


@dataclass(frozen=True)
class NotTaken:
    """Words of the paper that have no place in the content, and why."""

    where: str
    words: str
    why: str


@dataclass(frozen=True)
class TakenBack:
    """What a returned policy changes, all in the order of the paper.

    `files` are the changed files by their path in the project. `base` names the state that the
    paper was made from, where it is not that of today. `by_likeness` says that the paper had lost
    its bookmarks, so that its lines were found by their words.
    """

    organisation: str
    edition: str
    texts: tuple[TextChange, ...]
    entries: tuple[EntryChange, ...]
    rules: tuple[RuleChange, ...]
    comments: tuple[tuple[str, EditedComment], ...]
    conflicts: tuple[Conflict, ...]
    not_taken: tuple[NotTaken, ...]
    updates: tuple[LogDraft, ...]
    files: Mapping[Path, str]
    base: str
    by_likeness: bool
    is_tracked: bool

    def __bool__(self) -> bool:
        return bool(
            self.texts
            or self.entries
            or self.rules
            or self.comments
            or self.conflicts
            or self.not_taken
        )


@dataclass
class Found:
    """What the comparison finds, in the order of the paper."""

    texts: list[tuple[TextChange, FileChange]] = field(default_factory=list)
    entries: list[tuple[EntryChange, FileChange]] = field(default_factory=list)
    rules: list[tuple[RuleChange, tuple[FileChange, ...]]] = field(default_factory=list)
    not_taken: list[NotTaken] = field(default_factory=list)
    comments: list[tuple[str, str, EditedComment]] = field(default_factory=list)
    """Each with the id of its clause, and with what a sentence calls it."""
    updates: list[tuple[str, str, FileChange]] = field(default_factory=list)
    """Drafts for the change log: the clause, what changed, and the change."""
    is_by_likeness: bool = False
