"""Compare a returned policy with the one that was printed, line by line.

Each changed line is led back to the text that it was printed from, and only words that were changed
there are changed. What has no place in the content, such as the contents or a table made from data,
is listed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from formulary.content.source import Loc
from formulary.content.splicing import value_at
from formulary.content.ways import way_to
from formulary.edition.alignment import align
from formulary.edition.filled_text import FilledText
from formulary.edition.rewording import FactChange
from formulary.edition.text import first_capital
from formulary.edition.uses import find_uses, say_where
from formulary.formats.word.edited_policy import EditedComment, EditedPolicy
from formulary.formats.word.policy import UPDATES_NAME
from formulary.project import ORGANISATIONS
from formulary.takeback.beside import Beside
from formulary.takeback.found import EntryChange, NotTaken, RuleChange, TextChange
from formulary.takeback.operations import FileChange, Need
from formulary.takeback.order import find_moved, pair_lines
from formulary.takeback.printed import (
    FOOTNOTES,
    Owners,
    PlacedLine,
    PlaceFinder,
    PrintedPolicy,
    find_labels,
    has_mark,
    ids_of,
)
from formulary.takeback.put_in import CLAUSE_STYLES, SECTION_STYLE, NewEntries
from formulary.takeback.rules import CannotSetError, find_kept
from formulary.takeback.sources import SourceText

_TITLES = ("title", "name")
_PARAGRAPHS = ("text", "closing", "summary", "intro", "note", "reason", "answer")
"""The keys of texts that may have several paragraphs."""

_ENTRY = re.compile(r"bullet|list|mark", re.IGNORECASE)
"""The styles of entries of a list."""


@dataclass
class Found:
    """What the comparison finds, in the order of the paper."""

    texts: list[tuple[TextChange, FileChange]] = field(default_factory=list)
    entries: list[tuple[EntryChange, FileChange]] = field(default_factory=list)
    rules: list[tuple[RuleChange, tuple[FileChange, ...]]] = field(default_factory=list)
    not_taken: list[NotTaken] = field(default_factory=list)
    comments: list[tuple[str, EditedComment]] = field(default_factory=list)
    updates: list[tuple[str, str, FileChange]] = field(default_factory=list)
    """Drafts for the change log: the clause, what changed, and the change."""
    is_by_likeness: bool = False


def compare_policies(
    printed: PrintedPolicy, returned: EditedPolicy, taken_ids: Iterable[str] = ()
) -> Found:
    """What a returned policy changes of the state that it was printed from.

    `taken_ids` are ids that no new entry may get, besides those of that state.
    """
    return _Comparison(printed, returned, taken_ids).compare()


class _Comparison:
    def __init__(
        self, printed: PrintedPolicy, returned: EditedPolicy, taken_ids: Iterable[str]
    ) -> None:
        self.own, self.edition = printed.own, printed.edition
        self.base, self.returned = printed.lines, returned
        self.finder = PlaceFinder(printed.paper)
        self.old = self.finder.place_lines(self.base)
        self.new = self.finder.place_lines(returned)
        self.owners = Owners(self.edition, self.old)
        self.made_words = {
            line.words
            for line, text, twin in zip(self.old, self.owners.texts, self.owners.twins, strict=True)
            if text is twin is None
        }
        self.labels = find_labels(self.edition)
        self.sources: dict[int, SourceText] = {}
        self.twins: list[tuple[SourceText, PlacedLine, PlacedLine]] = []
        self.found = Found(is_by_likeness=not any(line.place for line in self.new))
        self.by_fact: dict[tuple[Loc, str], RuleChange] = {}
        ids = {id for text in self.edition.texts for id in ids_of(text)} | set(taken_ids)
        self.entries = NewEntries(self.labels, ids)

    def compare(self) -> Found:
        """All that the returned paper changes."""
        for before, after in self._groups():
            self._compare_group(before, after)
        self._take_twins_once()
        self._change_texts()
        self._move_clauses()
        beside = Beside(self.finder, self._where, self.base, self.returned)
        in_contents = beside.compare_contents()
        self.found.not_taken[:0] = in_contents
        self.found.not_taken += beside.compare_others(placed=not self.found.is_by_likeness)
        self.found.comments += beside.list_comments()
        return self.found

    def _groups(self) -> Iterator[tuple[list[int], list[int]]]:
        """The lines of a clause before and after; with those of clauses whose bookmark is gone."""
        there = {id for line in self.returned.lines for id in self.finder.ids_at(line)}
        there |= {line.place for line in self.new}
        after: dict[str, list[int]] = defaultdict(list)
        for number, line in enumerate(self.new):
            after[line.place].append(number)
        leader, before = "", dict[str, list[int]]()
        for number, line in enumerate(self.old):
            leader = line.place if line.place in there or line.place == FOOTNOTES else leader
            before.setdefault(leader, []).append(number)
        for place, numbers in before.items():
            yield numbers, after.get(place, [])

    # ---- the lines of a clause ----

    def _compare_group(self, before: Sequence[int], after: Sequence[int]) -> None:
        old, new = [self.old[n] for n in before], [self.new[n] for n in after]
        pairs = list(pair_lines(old, new))
        moved = find_moved(pairs, old, new)
        ends: dict[int, int] = {}
        for at, (there, here) in enumerate(pairs):
            text = (
                self.owners.texts[before[there]] if there is not None and here is not None else None
            )
            if text is not None:
                ends[id(text)] = at
        last: SourceText | None = None
        last_line, why_not = old[0], ""
        held: list[PlacedLine] = []
        self.entries.begin()
        for at, (there, here) in enumerate(pairs):
            if there is None:
                assert here is not None
                line = new[here]
                if line.words in self.made_words:
                    why = "it is made from data of the content, and stays where it is"
                    self._leave(line.place, line.words, why)
                    continue
                if here in moved and self._move_point(old[moved[here]], before[moved[here]], last):
                    continue
                is_part = self._begins_part(line) and line.words not in last_line.words
                is_inside = at < max(ends.values(), default=-1)
                if is_part and not is_inside:
                    why_not = ""
                    self._say_what_stays(last, [before[n] for n, _ in pairs[at:] if n is not None])
                if why_not and line.line.cell is None:
                    self._leave(line.place, line.words, why_not)
                    continue
                if last is None or (last.key in _TITLES and not is_part):
                    held.append(line)
                else:
                    in_text = at < ends.get(id(last.text), -1)
                    self._put_in(last, line, last_line, is_inside=is_inside, in_text=in_text)
                continue
            edited = None if here is None else new[here]
            owner = self.owners.texts[before[there]]
            self.entries.begin()
            last_line = old[there]
            why_not = ""
            if owner is None:
                why_not = f"it is below “{last_line.words}”, which is made from data of the content"
                why_not += ". Type it above that line"
                if edited is not None or not self._part(last, old[there]):
                    self._compare_made(before[there], old[there], edited)
                continue
            if there in moved.values() and edited is None and self._is_point(owner):
                continue
            source = self._source(owner, old[there].place)
            if held and last is None and source.key in _PARAGRAPHS:
                for line in held:
                    self._add_paragraph(source, line)
                held = []
            if held and last and owner.loc[: len(last.text.loc) - 1] == last.text.loc[:-1]:
                self._put_held(held, source, last)
                held = []
            last = source
            source.lines.append((old[there], edited))
            if edited and edited.words != old[there].words:
                source.authors += edited.line.authors
        for line in held:
            part = last.text.loc[0] if last else ""
            if last and last.place == old[0].place and part in ("sections", "appendices"):
                self._begin_text(last, line)
            else:
                self._leave(line.place, line.words, "no text of the content is printed here")

    def _say_what_stays(self, last: SourceText | None, below: Sequence[int]) -> None:
        """Name a line made from data that stays in its clause, above a new one."""
        if last is None or not below or self.owners.texts[below[0]] is not None:
            return
        line = self.old[below[0]]
        if line.place == last.place:
            why = "it stays above what begins there, because it belongs to this clause"
            self._leave(line.place, line.words, why)

    def _source(self, owner: FilledText, place: str) -> SourceText:
        return self.sources.setdefault(id(owner), SourceText(owner, place))

    def _compare_made(self, number: int, line: PlacedLine, edited: PlacedLine | None) -> None:
        """A line that is made from data, or prints a text a second time."""
        twin = self.owners.twins[number]
        if twin is not None and edited is not None:
            self.twins.append((self._source(twin, line.place), line, edited))
        elif edited is None:
            why = "it was deleted, and is made from data of the content"
            self._leave(line.place, line.words, why)
        elif edited.words != line.words:
            why = f"it is made from data of the content, and said “{line.words}”"
            self._leave(line.place, edited.words, why)

    def _part(self, last: SourceText | None, line: PlacedLine) -> bool:
        """Part a line that is made from data from the text that it was joined to."""
        new = last.lines[-1][1] if last and last.lines else None
        if last is None or new is None or not new.words.endswith(f" {line.words}"):
            return False
        words = new.words.removesuffix(f" {line.words}")
        length = len("".join(new.line.words.split())) - len("".join(line.words.split()))
        shorter = replace(new.line, looks=new.line.looks[:length])
        last.lines[-1] = last.lines[-1][0], replace(new, line=shorter, words=words)
        why = "it was joined to the line above. It is made from data of the content, and stays"
        self._leave(line.place, line.words, why)
        return True

    def _leave(self, place: str, words: str, why: str) -> None:
        self.found.not_taken.append(NotTaken(self._where(place), words, why))

    def _is_point(self, text: FilledText) -> bool:
        return "points" in text.loc

    def _begins_part(self, line: PlacedLine) -> bool:
        return line.line.style.lower() in (*CLAUSE_STYLES, SECTION_STYLE)

    # ---- lines that are new ----

    def _put_held(self, held: Sequence[PlacedLine], source: SourceText, title: SourceText) -> None:
        """New lines between a title and the first text or point below it."""
        for line in held:
            if source.is_point and _is_entry(line):
                at = _entry_loc(source.text.loc)
                self._note_new(source, self.entries.point(line, source.text.document, at, True))
            elif source.is_point:
                self._begin_text(title, line)
            elif source.key in _PARAGRAPHS:
                self._add_paragraph(source, line)
            else:
                self._leave(line.place, line.words, "no text of the content is printed here")

    def _put_in(
        self,
        last: SourceText,
        line: PlacedLine,
        above: PlacedLine,
        *,
        is_inside: bool,
        in_text: bool,
    ) -> None:
        """A new line below a text: a point, a paragraph, a row, a clause, or a section.

        `is_inside` says that more lines of the same clause follow, `in_text` of the same text.
        """
        loc, document = last.text.loc, last.text.document
        is_split = len(line.words.split()) > 1 and line.words in above.words
        in_clause = last.text.kind == "policy" and "clauses" in loc
        style = line.line.style.lower()
        if self.entries.is_open and self.entries.add_line(line, is_entry=_is_entry(line)):
            return
        if line.line.cell is not None:
            if made := self.entries.row(line, above, last.text):
                self._note_new(last, made)
            elif not self.entries.belongs_to_row(line):
                self._leave(line.place, line.words, "tables are made from data of the content")
            return
        if is_inside and not is_split and "heading" in style:
            self._leave(
                line.place, line.words, "a heading inside a clause. Split the clause by hand"
            )
            return
        if style == SECTION_STYLE and last.text.kind == "policy" and not is_split:
            if made := self.entries.section(line, document, loc, self.own.policy.item):
                self._note_new(last, made)
            else:
                why = "a new section begins inside another one. Add it in policy.yaml"
                self._leave(line.place, line.words, why)
            return
        if style in CLAUSE_STYLES and in_clause and not is_split and not is_inside:
            self._note_new(last, self.entries.clause(line, document, loc))
        elif last.is_point and (_is_entry(line) or last.key != "text" or not in_clause):
            self._note_new(last, self.entries.point(line, document, _entry_loc(loc), False))
        elif last.is_point:
            self._put_below_points(last, line)
        elif self._leads_points(last) and _is_entry(line) and not in_text:
            at = (*loc[:-1], "points", 0)
            self._note_new(last, self.entries.point(line, document, at, True))
        elif last.key in _PARAGRAPHS and last.text.is_prose:
            self._add_paragraph(last, line)
        else:
            self._leave(line.place, line.words, "no text of the content is printed here")

    def _leads_points(self, source: SourceText) -> bool:
        holder = value_at(source.text.document.data, source.text.loc[:-1])
        return source.key == "text" and isinstance(holder, dict) and bool(holder.get("points"))

    def _put_below_points(self, last: SourceText, line: PlacedLine) -> None:
        """A new paragraph below the points of a clause: its closing words."""
        loc, document = last.text.loc, last.text.document
        clause = loc[: loc.index("points")]
        points, place = value_at(document.data, (*clause, "points")), loc[len(clause) + 1]
        closing = next(
            (
                t
                for t in self.edition.texts
                if t.document is document and t.loc == (*clause, "closing")
            ),
            None,
        )
        if (
            place != len(points) - 1
            or "more" in clause
            or "table" in value_at(document.data, clause)
        ):
            self._leave(line.place, line.words, "it is between the points of a list")
        elif closing is not None:
            self._add_paragraph(self._source(closing, last.place), line)
        else:
            made = self.entries.key(line, document, clause, "closing", ("text", "points"))
            self._note_new(last, made)

    def _add_paragraph(self, source: SourceText, line: PlacedLine) -> None:
        source.lines.append((None, line))
        source.entries += _is_entry(line)
        source.authors += line.line.authors

    def _begin_text(self, source: SourceText, line: PlacedLine) -> None:
        """The first text of a clause that had a title only."""
        loc, document = source.text.loc[:-1], source.text.document
        if self.entries.is_open and self.entries.add_line(line, is_entry=_is_entry(line)):
            return
        if "text" in value_at(document.data, loc):
            self._leave(line.place, line.words, "no text of the content is printed here")
            return
        made = self.entries.key(line, document, loc, "text", ("id", "title", "name"))
        self._note_new(source, made)

    def _move_point(self, line: PlacedLine, number: int, last: SourceText | None) -> bool:
        """Whether a line that is elsewhere now is a point of a list that could be moved there."""
        owner = self.owners.texts[number]
        if owner is None or last is None or not self._is_point(owner):
            return False
        list_loc = _entry_loc(owner.loc)[:-1]
        if last.text.loc[: len(list_loc)] == list_loc:
            target, before = _entry_loc(last.text.loc), False
        elif last.text.loc == (*list_loc[:-1], "text"):
            target, before = (*list_loc, 0), True
        else:
            return False
        source = self._source(owner, line.place)
        source.lines.append((line, line))
        if target != _entry_loc(owner.loc):
            change = FileChange(
                "move", owner.document, target, before=before, source=_entry_loc(owner.loc)
            )
            self._note_entry(source, "the point is elsewhere in its list", line.words, change)
        return True

    def _note_new(self, source: SourceText, made: tuple[str, FileChange] | None) -> None:
        if made is not None:
            what, change = made
            authors = self.entries.last_authors
            self._note_entry(source, what, change.words, change, authors)

    def _note_entry(
        self,
        source: SourceText,
        what: str,
        words: str,
        change: FileChange,
        authors: Iterable[str] = (),
        named_in: tuple[str, ...] = (),
    ) -> None:
        place = source.text.document.place(source.text.loc)
        where = self._where(source.place)
        if not self._may_change(source, words):
            return
        entry = EntryChange(where, place, what, words, tuple(dict.fromkeys(authors)), named_in)
        self.found.entries.append((entry, change))
        self._draft(source, f"{first_capital(what)}: “{words}”", change)

    def _draft(self, source: SourceText, words: str, change: FileChange) -> None:
        if source.place in self.edition.references.clauses:
            self.found.updates.append((source.place, words, change))

    def _may_change(self, source: SourceText, words: str) -> bool:
        """Whether a text is the organisation's own; what is not is listed."""
        path = source.text.document.path
        if path.parent == ORGANISATIONS / self.own.id:
            return True
        why = f"the library says this, for every organisation ({source.text.document.path})"
        self._leave(source.place, words, why)
        return False

    # ---- texts that say something else ----

    def _take_twins_once(self) -> None:
        """Take a text once that is printed twice, whichever of its lines was changed."""
        for source, line, edited in self.twins:
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
                    self._leave(line.place, edited.words, why)
                break
            else:
                why = f"it is made from data of the content, and said “{line.words}”"
                self._leave(line.place, edited.words, why)

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
        for source in self.sources.values():
            loc = source.text.loc
            if source.text.document is not self.own.policy.document or len(loc) < depth:
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
        for source in self.sources.values():
            if source.text.document is self.own.policy.document and "rows" in source.text.loc[-3:]:
                cells[source.text.loc[:-1]].append(source)
        return {loc: row[0] for loc, row in cells.items() if not any(one.now for one in row)}

    def _take_out(self, source: SourceText) -> None:
        """A text of which no line is left: its point, or its key where the clause has others."""
        loc, words = source.text.loc, " ".join(source.was)
        if source.is_point:
            self._remove(source, _entry_loc(loc), "the point is gone", words)
        elif source.key in ("text", "closing") or (source.key == "title" and "clauses" in loc):
            what = "the title is gone" if source.key == "title" else "the text is gone"
            self._remove(source, loc, what, words)
        else:
            self._leave(source.place, words, "it was deleted, and the content needs it")

    def _remove(self, source: SourceText, at: Loc, what: str, words: str) -> None:
        need: Need = "removals" if isinstance(at[-1], int) else ""
        change = FileChange("remove", source.text.document, at, need=need, words=words)
        self._note_entry(source, what, words, change, source.authors)

    def _reword(self, source: SourceText) -> None:
        text, words = source.text, " ".join(source.now)
        made, looks = source.reword(self.owners.values, self.labels, self._can_set)
        if not made.is_exact:
            self._leave(source.place, words, "it could not be led back to its text")
            return
        for fact in made.facts:
            self._change_fact(source, fact)
        if made.source.strip() == text.source.strip():
            for look in looks:
                self._leave(source.place, words, look.removeprefix("Not taken: ").rstrip("."))
            return
        if not self._may_change(source, words):
            return
        others = [one for line in source.was for one in self.owners.others(text, line)]
        made_change = FileChange("set", text.document, text.loc, made.source, words=words)
        before, after = " ".join(source.was), words
        if before == after:  # only their style is another, which the marks show
            before, after = " ".join(text.source.split()), " ".join(made.source.split())
        change = TextChange(
            self._where(source.place),
            text.document.place(text.loc),
            before,
            after,
            tuple(dict.fromkeys(source.authors)),
            made.dropped,
            looks,
            tuple(dict.fromkeys(self._say_place(one) for one in others)),
            self._named_in(text),
        )
        self.found.texts.append((change, made_change))
        if words != " ".join(source.was):
            self._draft(source, f"It now says: “{words}”", made_change)

    def _named_in(self, text: FilledText) -> tuple[str, ...]:
        """The other texts, and lines made from data, that print the words of a name."""
        uses = find_uses(self.edition, way_to(text.document.data, text.loc))
        places = [self._say_place(one) for one in uses if text.plain in one.plain]
        if not text.is_prose and text.document is not self.own.policy.document:
            said = (line.words for line in self.old if text.plain in line.words)
            places += [f"“{words}”" for words in said if words in self.made_words]
        return tuple(dict.fromkeys(places))

    def _say_place(self, text: FilledText) -> str:
        return f"{say_where(self.edition, text)} ({text.document.place(text.loc)})"

    def _can_set(self, fact: FactChange) -> bool:
        try:
            return bool(find_kept(self.own, fact))
        except CannotSetError:
            return False

    def _change_fact(self, source: SourceText, fact: FactChange) -> None:
        """A fact with another value on the paper: where it is kept, and what else says it."""
        name, where = fact.expression.partition("|")[0].strip(), self._where(source.place)
        kept = find_kept(self.own, fact)
        document, loc, _ = kept[0]
        also = dict.fromkeys(
            say_where(self.edition, text)
            for text in find_uses(self.edition, way_to(document.data, loc))
            if text is not source.text
        )
        change = RuleChange(where, name, fact.was, fact.now, document.place(loc), tuple(also))
        known = self.by_fact.setdefault((loc, str(document.path)), change)
        if known is change:
            changes = tuple(
                FileChange("set", file, at, value, need="rules", words=fact.now)
                for file, at, value in kept
            )
            self.found.rules.append((change, changes))
        elif known.now.casefold() != fact.now.casefold():
            why = f"“{fact.was}” was changed to “{fact.now}” here, and to “{known.now}” elsewhere"
            self._leave(source.place, " ".join(source.now), why)

    # ---- what is not a line of a text ----

    def _move_clauses(self) -> None:
        """Clauses and sections that are in another place than they were."""
        before = [id for id, _ in self._in_order(self.old)]
        after = [id for id, _ in self._in_order(self.new)]
        both = set(before) & set(after)
        before, after = [id for id in before if id in both], [id for id in after if id in both]
        kept = {
            before[a]
            for a, b in align(before, after)
            if a is not None and b is not None and before[a] == after[b]
        }
        first = {source.place: source for source in reversed(self.sources.values())}
        for id in after:
            if id in kept:
                continue
            above = after[after.index(id) - 1] if after.index(id) else ""
            source, target = first.get(id), first.get(above)
            words = " ".join(line.words for line in self.old if line.place == id)
            loc = source.text.loc[:4] if source else ()
            to = target.text.loc[:4] if target else ()
            if source and target and loc[2:3] == ("clauses",) and loc[:3] == to[:3]:
                change = FileChange("move", source.text.document, to, source=loc)
                self._note_entry(source, "the clause is elsewhere in its section", words, change)
            elif source and to and loc[2:3] == ("clauses",) and to == (*loc[:2], "title"):
                change = FileChange(
                    "move", source.text.document, (*loc[:3], 0), before=True, source=loc
                )
                self._note_entry(source, "the clause is elsewhere in its section", words, change)
            else:
                why = f"it was moved below {self._where(above)}. Move it there in policy.yaml"
                self._leave(id, words, why)

    def _in_order(self, lines: Sequence[PlacedLine]) -> Iterator[tuple[str, PlacedLine]]:
        """The clauses and sections in the order of a paper, each with its first line."""
        seen = set()
        for line in lines:
            if line.place and line.place not in seen and line.place != FOOTNOTES:
                seen.add(line.place)
                yield line.place, line

    def _where(self, id: str) -> str:
        """A clause or section as a sentence names it."""
        names = {"": "the front page", UPDATES_NAME: "the updates", FOOTNOTES: "the footnotes"}
        if id in names:
            return names[id]
        try:
            return self.edition.label(id)
        except KeyError:
            return f"“{id}”"


def _is_entry(line: PlacedLine) -> bool:
    return bool(_ENTRY.search(line.line.style)) or has_mark(line.line.words)


def _entry_loc(loc: Loc) -> Loc:
    """The entry of the innermost list that a place is in."""
    at = len(loc) - 1 - loc[::-1].index("points")
    return loc[: at + 2]
