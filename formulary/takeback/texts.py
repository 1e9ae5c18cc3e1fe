"""Turn texts that say something else on the paper into changes of the files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from formulary.content.source import Loc
from formulary.content.ways import way_to
from formulary.edition.filled_text import FilledText
from formulary.edition.rewording import FactChange
from formulary.edition.uses import find_uses, say_where
from formulary.takeback.found import RuleChange, TextChange
from formulary.takeback.notes import Notes
from formulary.takeback.operations import FileChange, forget_names
from formulary.takeback.printed import Owners, PlacedLine
from formulary.takeback.rules import find_kept
from formulary.takeback.sources import SourceText

Twin = tuple[SourceText, PlacedLine, PlacedLine]
"""A text that is printed a second time, with that line before and after."""


@dataclass
class ChangedTexts:
    """The texts of a policy with their lines on the paper.

    `made_words` are the lines that are made from data.
    """

    notes: Notes
    owners: Owners
    made_words: Collection[str]
    labels: dict[str, str]
    sources: dict[int, SourceText]
    by_fact: dict[tuple[Loc, str], RuleChange] = field(default_factory=dict)

    def note_changes(self, twins: Iterable[Twin]) -> None:
        """Note all changes of texts, and what cannot be changed."""
        self._take_twins_once(twins)
        self._change_texts()

    def _take_twins_once(self, twins: Iterable[Twin]) -> None:
        """Take a text once that is printed twice, whichever of its lines was changed."""
        for source, line, edited in twins:
            if edited.words == line.words:
                continue
            for at, (old, new) in enumerate(source.lines):
                if old is None or old.words != line.words:
                    continue
                if new and new.words == old.words:
                    source.lines[at] = (old, edited)
                    source.authors += edited.line.authors
                elif new is None or new.words != edited.words:
                    why = "the same text is printed twice, and says something else there"
                    self.notes.leave(line.place, edited.words, why)
                break
            else:
                why = f"it is made from data of the content, and said “{line.words}”"
                self.notes.leave(line.place, edited.words, why)

    def _change_texts(self) -> None:
        left = [source for source in self.sources.values() if source.now]
        alive = {
            (source.text.document.path, loc)
            for source in left
            for loc in _entries_around(source.text.loc)
        }
        policy = self.notes.own.policy.document
        printed = {source.place for source in left if source.text.document is not policy}
        alive |= {  # a clause may print guidance, which is kept in another file
            (policy.path, loc)
            for source in self.sources.values()
            if source.text.document is policy and source.place in printed
            for loc in _entries_around(source.text.loc)
            if loc[-2] in ("sections", "appendices", "clauses")
        }
        gone: dict[tuple[Path, Loc], list[SourceText]] = {}
        for source in self.sources.values():
            if source.now and source.has_changed:
                self._reword(source)
            elif source.was and not source.now:
                path, around = source.text.document.path, _entries_around(source.text.loc)
                if source.text.document is not policy:
                    around = around[-1:]  # the policy may print a part of it only
                free = (loc for loc in around if (path, loc) not in alive)
                gone.setdefault((path, next(free, source.text.loc)), []).append(source)
        for (path, loc), sources in gone.items():
            self._remove(sources, loc, any(at[:-1] == loc[:-1] for one, at in alive if one == path))

    def _remove(self, sources: Sequence[SourceText], loc: Loc, is_listed: bool) -> None:
        """Take out an entry or a key of which no text is left.

        `is_listed` says that other entries of its list are left.
        """
        source, words = sources[0], " ".join(line for one in sources for line in one.was)
        document, named_in = source.text.document, list[FilledText]()
        kind = str(source.key) if loc == source.text.loc else _KINDS.get(loc[-2], "entry")
        is_policy = document is self.notes.own.policy.document
        is_whole = source.key == "text" and loc != source.text.loc and is_listed
        if kind == "name" or not (is_policy or is_whole):
            why = "it was deleted. Without it, other words would be printed here"
            self.notes.leave(source.place, words, why)  # those of the library, or a table’s own
            return
        if kind == "title":  # what prints it keeps its words
            named_in += self._names_of(source.text)
        along = tuple(forget_names(one, source.text.plain, self.owners.values) for one in named_in)
        change = FileChange("remove", document, loc, words=words, along=along)
        self.notes.note_entry(source, f"the {kind} is gone", words, change, source.authors)

    def _reword(self, source: SourceText) -> None:
        text, words = source.text, " ".join(source.now)
        can_set = partial(find_kept, self.notes.own)
        made, looks = source.reword(self.owners.values, self.labels, can_set)
        if not made.is_exact:
            self.notes.leave(source.place, words, "it could not be led back to its text")
            return
        for fact in made.facts:
            self._change_fact(source, fact)
        if made.source.strip() == text.source.strip():
            for look in looks:
                self.notes.leave(source.place, words, look.removeprefix("Not taken: ").rstrip("."))
            return
        if not self.notes.may_change(source, words):
            return
        others = [one for line in source.was for one in self.owners.others(text, line)]
        made_change = FileChange("set", text.document, text.loc, made.source, words=words)
        before, after = " ".join(source.was), words
        if before == after:  # only their style is another, which the marks show
            before, after = " ".join(text.source.split()), " ".join(made.source.split())
        change = TextChange(
            self.notes.where(source.place),
            text.document.place(text.loc),
            before,
            after,
            tuple(dict.fromkeys(source.authors)),
            made.dropped,
            looks,
            tuple(dict.fromkeys(self._say_place(one) for one in others)),
            self._named_in(text, words),
        )
        self.notes.found.texts.append((change, made_change))
        if words != " ".join(source.was):
            self.notes.draft(source, f"It now says: “{words}”", made_change)

    def _named_in(self, text: FilledText, now: str) -> tuple[str, ...]:
        """The other texts, and lines made from data, that print a name, as they print it now."""
        name = text.plain
        uses = [(f"{self._say_place(one)}: ", one.plain) for one in self._names_of(text)]
        if not text.is_prose and text.document is not self.notes.own.policy.document:
            uses += [("", words) for words in self.made_words if name in words]
        return tuple(dict.fromkeys(f"{where}“{words.replace(name, now)}”" for where, words in uses))

    def _names_of(self, text: FilledText) -> Iterator[FilledText]:
        """The other texts that name what a text is the name of, and print its words."""
        uses = find_uses(self.notes.edition, way_to(text.document.data, text.loc))
        return (one for one in uses if text.plain in one.plain)

    def _say_place(self, text: FilledText) -> str:
        return f"{say_where(self.notes.edition, text)} ({text.document.place(text.loc)})"

    def _change_fact(self, source: SourceText, fact: FactChange) -> None:
        """A fact with another value on the paper: where it is kept, and what else says it."""
        name, where = fact.expression.partition("|")[0].strip(), self.notes.where(source.place)
        kept = find_kept(self.notes.own, fact)
        document, loc, _ = kept[0]
        also = dict.fromkeys(
            say_where(self.notes.edition, text)
            for text in find_uses(self.notes.edition, way_to(document.data, loc))
            if text is not source.text
        )
        change = RuleChange(where, name, fact.was, fact.now, document.place(loc), tuple(also))
        known = self.by_fact.setdefault((loc, str(document.path)), change)
        if known is change:
            changes = tuple(
                FileChange("set", file, at, value, words=fact.now) for file, at, value in kept
            )
            self.notes.found.rules.append((change, changes))
        elif known.now.casefold() != fact.now.casefold():
            why = f"“{fact.was}” was changed to “{fact.now}” here, and to “{known.now}” elsewhere"
            self.notes.leave(source.place, " ".join(source.now), why)


_KINDS: Mapping[str | int, str] = {
    "sections": "section",
    "appendices": "section",
    "clauses": "clause",
    "points": "point",
    "rows": "row",
}
"""What the entries of a list are called."""


def _entries_around(loc: Loc) -> list[Loc]:
    """The entries of lists that a place is in, the outermost first; no footnote, which is named."""
    return [
        loc[: at + 1]
        for at, step in enumerate(loc)
        if isinstance(step, int) and loc[at - 1] != "footnotes" and isinstance(loc[at - 1], str)
    ]
