"""Turn texts that say something else on the paper into changes of the files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from formulary.content.source import Loc
from formulary.content.ways import way_to
from formulary.edition.filled_text import FilledText
from formulary.edition.rewording import FactChange
from formulary.edition.uses import find_uses, say_where
from formulary.takeback.found import RuleChange, TextChange
from formulary.takeback.notes import Notes
from formulary.takeback.operations import FileChange, forget_names
from formulary.takeback.printed import Owners, PlacedLine
from formulary.takeback.rules import CannotSetError, find_kept
from formulary.takeback.sources import SourceText, entry_loc

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
        sections = self._emptied(2)
        clauses = {
            loc: source for loc, source in self._emptied(4).items() if loc[:2] not in sections
        }
        rows = self._emptied_rows()
        for loc, source in rows.items():
            cells = (one for one in self.sources.values() if one.text.loc[:-1] == loc)
            words = " | ".join(line for one in cells for line in one.was)
            self._remove(source, loc, "the row is gone", words)
        for source in self.sources.values():
            loc = source.text.loc
            if source.now:
                if source.has_changed:
                    self._reword(source)
            elif loc[:-1] in rows:
                continue
            elif loc[:4] not in clauses and loc[:2] not in sections and source.was:
                self._take_out(source)
        for what, emptied in (("section", sections), ("clause", clauses)):
            for loc, source in emptied.items():
                words = " ".join(
                    line
                    for one in self.sources.values()
                    if one.text.document is source.text.document and one.text.loc[: len(loc)] == loc
                    for line in one.was
                )
                self._remove(source, loc, f"the {what} is gone", words)

    def _emptied(self, depth: int) -> dict[Loc, SourceText]:
        """The sections (2 deep) or clauses (4) of which no line is left, each with a text of it."""
        printed, left = dict[Loc, SourceText](), set[Loc]()
        policy = self.notes.own.policy.document
        for source in self.sources.values():
            loc = source.text.loc
            if source.text.document is not policy or len(loc) < depth:
                continue
            if loc[0] in ("sections", "appendices") and (depth == 2 or loc[2] == "clauses"):
                if source.was:
                    printed.setdefault(loc[:depth], source)
                if source.now:
                    left.add(loc[:depth])
        return {loc: source for loc, source in printed.items() if loc not in left}

    def _emptied_rows(self) -> dict[Loc, SourceText]:
        """The rows of tables of the policy of which no cell is left, each with a cell of it."""
        cells: dict[Loc, list[SourceText]] = defaultdict(list)
        policy = self.notes.own.policy.document
        for source in self.sources.values():
            if source.text.document is policy and "rows" in source.text.loc[-3:]:
                cells[source.text.loc[:-1]].append(source)
        return {loc: row[0] for loc, row in cells.items() if not any(one.now for one in row)}

    def _take_out(self, source: SourceText) -> None:
        """A text of which no line is left: its point, or its key where the clause has others."""
        loc, words = source.text.loc, " ".join(source.was)
        if source.is_point:
            self._remove(source, entry_loc(loc), "the point is gone", words)
        elif source.key == "text" and "clauses" not in loc and isinstance(loc[-2], int):
            if any(
                one.now
                for one in self.sources.values()
                if one.text.document is source.text.document and one.text.loc[:-2] == loc[:-2]
            ):
                self._remove(source, loc[:-1], "the entry is gone", words)
            else:  # without a list of its own, the organisation would get that of the library
                self.notes.leave(source.place, words, "all of its list was deleted")
        else:
            names = self._names_of(source.text) if source.key == "title" else ()
            self._remove(source, loc, f"the {source.key} is gone", words, names)

    def _remove(
        self,
        source: SourceText,
        at: Loc,
        what: str,
        words: str,
        named_in: Iterable[FilledText] = (),
    ) -> None:
        """Take out what is at a place; the texts that print its words keep them."""
        along = tuple(forget_names(one, source.text.plain, self.owners.values) for one in named_in)
        change = FileChange("remove", source.text.document, at, words=words, along=along)
        self.notes.note_entry(source, what, words, change, source.authors)

    def _reword(self, source: SourceText) -> None:
        text, words = source.text, " ".join(source.now)
        made, looks = source.reword(self.owners.values, self.labels, self._can_set)
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
            self._named_in(text),
        )
        self.notes.found.texts.append((change, made_change))
        if words != " ".join(source.was):
            self.notes.draft(source, f"It now says: “{words}”", made_change)

    def _named_in(self, text: FilledText) -> tuple[str, ...]:
        """The other texts, and lines made from data, that print the words of a name."""
        places = [self._say_place(one) for one in self._names_of(text)]
        if not text.is_prose and text.document is not self.notes.own.policy.document:
            places += [f"“{words}”" for words in self.made_words if text.plain in words]
        return tuple(dict.fromkeys(places))

    def _names_of(self, text: FilledText) -> Iterator[FilledText]:
        """The other texts that name what a text is the name of, and print its words."""
        uses = find_uses(self.notes.edition, way_to(text.document.data, text.loc))
        return (one for one in uses if text.plain in one.plain)

    def _say_place(self, text: FilledText) -> str:
        return f"{say_where(self.notes.edition, text)} ({text.document.place(text.loc)})"

    def _can_set(self, fact: FactChange) -> bool:
        try:
            return bool(find_kept(self.notes.own, fact))
        except CannotSetError:
            return False

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
