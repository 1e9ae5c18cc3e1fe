"""Compare a returned policy with the one that was printed, line by line.

Each changed line is led back to the text that it was printed from, and only words that were changed
there are changed. What has no place in the content, such as the contents or a table made from data,
is listed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from formulary.content.source import Loc
from formulary.content.splicing import value_at
from formulary.edition.alignment import align
from formulary.edition.filled_text import FilledText
from formulary.formats.word.edited_policy import EditedPolicy
from formulary.takeback.beside import compare_contents, compare_others
from formulary.takeback.found import Found, NotTaken
from formulary.takeback.notes import Notes
from formulary.takeback.operations import FileChange, ids_in
from formulary.takeback.order import find_moved, pair_lines, place_returned
from formulary.takeback.printed import (
    FOOTNOTES,
    Owners,
    PlacedLine,
    PlaceFinder,
    PrintedPolicy,
    find_labels,
    ids_of,
    mark_of,
    outside_contents,
)
from formulary.takeback.put_in import (
    NewEntries,
    begins_clause,
    begins_part,
    begins_section,
    has_part_style,
    is_entry,
)
from formulary.takeback.sources import SourceText, entry_loc
from formulary.takeback.texts import ChangedTexts, Twin

_PARTS = ("sections", "appendices")
_TITLES = ("title", "name")
_PARAGRAPHS = ("text", "closing", "summary", "intro", "note", "reason", "answer")
"""The keys of texts that may have several paragraphs."""

_MADE_TABLE = "tables are made from data of the content"
_NOWHERE = "no text of the content is printed here"
_STAYS = "it stays above what begins there, because it belongs to this clause"
FEWEST_OF_LAYOUT = 3
"""So many other lines in a part made from data show that it was printed so, and not edited."""

_EARLIER = (
    "an earlier version of Formulary made this file, and printed this part in another form. It is "
    "made from data of the content, so it is not compared"
)
_LOST_STYLE = (
    "the file has lost its styles, so this may be a new clause, or more of the one above. "
    "Add it in policy.yaml"
)


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
        self.notes = Notes(self.own, self.edition)
        self.finder = PlaceFinder(printed.paper)
        before = self.finder.place_all(printed.lines)
        self.old = outside_contents(before)
        after, self.notes.found.is_by_likeness = place_returned(self.finder, before, returned)
        self.new = outside_contents(after)
        self.papers = (printed.lines, before), (returned, after)
        self.owners = Owners(self.edition, self.old)
        self.made_words = dict.fromkeys(
            line.words
            for line, text, twin in zip(self.old, self.owners.texts, self.owners.twins, strict=True)
            if text is twin is None
        )
        self.labels = find_labels(self.edition)
        self.sources: dict[int, SourceText] = {}
        self.twins: list[Twin] = []
        self.made: list[tuple[PlacedLine, PlacedLine | None]] = []
        self.staying: set[int] = set()
        annexes = printed.paper.annexes
        titles = [(one.id, one.title) for annex in annexes for one in annex.clauses]
        titles += [(annex.id, annex.title) for annex in annexes]
        self.annexes = {id: f"“{title}”" for id, title in titles}
        self.notes.names |= self.annexes
        self.typed_marks: list[str] = []
        self.lost_styles = _find_lost_styles(self.old, self.new)
        ids = {id for text in self.edition.texts for id in ids_of(text)} | set(taken_ids)
        self.entries = NewEntries(self.labels, ids)

    def compare(self) -> Found:
        """All that the returned paper changes."""
        for before, after in self._groups():
            self._compare_group(before, after)
        texts = ChangedTexts(self.notes, self.owners, self.made_words, self.labels, self.sources)
        texts.note_changes(self.twins)
        self._compare_made()
        self._move_parts()
        found = self.notes.found
        if self.typed_marks:
            why = "the numbers of clauses and of lists are counted, and not typed"
            found.not_taken.append(NotTaken("the numbers", ", ".join(self.typed_marks), why))
        found.not_taken[:0] = compare_contents(*self.papers)
        found.not_taken += compare_others(self.notes.where, *self.papers)
        policy, lines = self.papers[1]
        for comment in policy.comments:
            place = lines[comment.line].place if comment.line < len(lines) else ""
            found.comments.append((place, self.notes.where(place), comment))
        return found

    def _groups(self) -> Iterator[tuple[list[int], list[int]]]:
        """The lines of a clause before and after; with those of clauses whose bookmark is gone."""
        there = {id for line in self.new for id in self.finder.ids_at(line.line)}
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
        before, after = self._leave_other_layout(before, after)
        if not before:
            return
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
                    why = "it is made from data of the content, and stays with its clause"
                    self._leave(line, why)
                    continue
                if line.place == FOOTNOTES:
                    self._leave(line, "a new footnote, or more words of one. Add it in policy.yaml")
                    continue
                if here in moved and self._move_point(old[moved[here]], before[moved[here]], last):
                    continue
                is_part = begins_part(line) and line.words not in last_line.words
                is_inside = at < max(ends.values(), default=-1)
                if is_part and not is_inside:
                    why_not = ""
                    self._say_what_stays(last, [before[n] for n, _ in pairs[at:] if n is not None])
                if self._is_unclear(line, last_line) and not (is_part or is_inside):
                    why_not = why_not or _LOST_STYLE
                if why_not and line.line.cell is None:
                    self._leave(line, why_not)
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
            if edited and mark_of(edited.line.words) not in ("", mark_of(last_line.line.words)):
                self.typed_marks.append(mark_of(edited.line.words))
            why_not = ""
            if owner is None:
                self._begin_held(held, last)
                why_not = f"it is below “{last_line.words}”, which is made from data of the content"
                why_not += ". Type it above that line"
                if edited is not None or not self._part(last, old[there]):
                    twin = self.owners.twins[before[there]]
                    if twin is not None and edited is not None:
                        self.twins.append((self._source(twin, last_line.place), last_line, edited))
                    else:
                        self.made.append((last_line, edited))
                continue
            if there in moved.values() and edited is None and "points" in owner.loc:
                continue
            source = self._source(owner, old[there].place)
            if held and last is None and source.key in (*_PARAGRAPHS, *_TITLES):
                for line in held:
                    if source.key in _PARAGRAPHS:
                        self._add_paragraph(source, line)
                    else:
                        self._leave(line, "it is above a title")
                held = []
            if held and last and owner.loc[: len(last.text.loc) - 1] == last.text.loc[:-1]:
                self._put_held(held, source, last)
                held = []
            self._begin_held(held, last)
            last = source
            source.lines.append((old[there], edited))
            if edited and edited.words != old[there].words:
                source.authors += edited.line.authors
        self._begin_held(held, last)

    def _leave_other_layout(
        self, before: Sequence[int], after: Sequence[int]
    ) -> tuple[Sequence[int], Sequence[int]]:
        """The lines of a part without those from data, where that is printed in another form."""
        texts = [n for n in before if self.owners.texts[n]]
        known = {(line.words, not line.line.cell) for line in map(self.old.__getitem__, before)}
        new = map(self.new.__getitem__, after)
        others = [line.words for line in new if (line.words, not line.line.cell) not in known]
        if self.old[before[0]].place not in self.annexes or len(others) < FEWEST_OF_LAYOUT:
            return before, after
        self.notes.leave(self.old[before[0]].place, " / ".join(others), _EARLIER)
        titles = {self.old[n].words for n in texts}
        return texts, [n for n in after if self.new[n].words in titles]

    def _say_what_stays(self, last: SourceText | None, below: Sequence[int]) -> None:
        """Name a line made from data that stays in its clause, above a new one."""
        if last is None or not below or self.owners.texts[below[0]] is not None:
            return
        line = self.old[below[0]]
        if line.place == last.place and id(line) not in self.staying:
            self.staying.add(id(line))
            self._leave(line, _STAYS)

    def _leave(self, line: PlacedLine, why: str) -> None:
        self.notes.leave(line.place, line.words, why)

    def _source(self, owner: FilledText, place: str) -> SourceText:
        return self.sources.setdefault(id(owner), SourceText(owner, place))

    def _compare_made(self) -> None:
        """The lines that are made from data, or print a text a second time."""
        removed = (one for _, one in self.notes.found.entries if one.kind == "remove")
        gone = {id for one in removed for id in ids_in(value_at(one.document.data, one.loc))}
        made = "it is made from data of the content"
        for line, edited in self.made:
            if line.place in gone:
                if edited:
                    why = "it is made from data for what was deleted, and goes with it"
                    self.notes.leave(line.place, edited.words, why)
            elif edited is None and not any(one.words == line.words for one in self.new):
                self._leave(line, f"it was deleted, and {made}")
            elif edited and edited.words != line.words:
                self.notes.leave(line.place, edited.words, f"{made}, and said “{line.words}”")

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
        self._leave(line, why)
        return True

    def _is_unclear(self, line: PlacedLine, above: PlacedLine) -> bool:
        """Whether a new line looks like what begins a clause, and like what goes on with one."""
        is_known = self.entries.is_open or line.words in above.words or is_entry(line)
        return not is_known and line.line.style in self.lost_styles

    # ---- lines that are new ----

    def _put_held(self, held: Sequence[PlacedLine], source: SourceText, title: SourceText) -> None:
        """New lines between a title and the first text or point below it."""
        for line in held:
            if source.is_point and is_entry(line):
                at = entry_loc(source.text.loc)
                self._note_new(source, self.entries.point(line, source.text.document, at, True))
            elif source.is_point:
                self._begin_text(title, line)
            elif source.key in _PARAGRAPHS:
                self._add_paragraph(source, line)
            else:
                self._leave(line, _NOWHERE)

    def _begin_held(self, held: list[PlacedLine], title: SourceText | None) -> None:
        """Make the first text of a clause of new lines below its title that are in no other text.

        What is printed below them is not the clause's own text, so they cannot be put in there.
        """
        for line in held:
            if title and title.place == line.place and title.text.loc[0] in _PARTS:
                self._begin_text(title, line)
            else:
                self._leave(line, _NOWHERE)
        if held:
            held.clear()
            self.entries.begin()

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
        if self.entries.is_open and self.entries.add_line(line, is_entry=is_entry(line)):
            return
        if line.line.cell is not None:
            if made := self.entries.row(line, above, last.text):
                self._note_new(last, made)
            elif not self.entries.belongs_to_row(line):
                is_own = "rows" in loc or "columns" in loc
                why = "a new column. Add it in policy.yaml" if is_own else _MADE_TABLE
                self._leave(line, why)
            return
        if is_inside and not is_split and "heading" in style:
            self._leave(line, "a heading inside a clause. Split the clause by hand")
            return
        if "caption" in style:
            self._leave(line, "a title of a table. Write it as its caption")
            return
        if begins_section(line) and last.text.kind == "policy" and not is_split:
            if made := self.entries.section(line, document, loc, self.own.policy.item):
                self._note_new(last, made)
            else:
                self._leave(line, "a new section begins inside another one. Add it in policy.yaml")
            return
        if begins_clause(line) and in_clause and not is_split and not is_inside:
            self._note_new(last, self.entries.clause(line, document, loc))
        elif last.is_point and (is_entry(line) or last.key != "text" or not in_clause):
            self._note_new(last, self.entries.point(line, document, entry_loc(loc), False))
        elif last.is_point:
            self._put_below_points(last, line)
        elif self._leads_points(last) and is_entry(line) and not in_text:
            at = (*loc[:-1], "points", 0)
            self._note_new(last, self.entries.point(line, document, at, True))
        elif last.key in _PARAGRAPHS and last.text.is_prose:
            self._add_paragraph(last, line)
        else:
            self._leave(line, _NOWHERE)

    def _leads_points(self, source: SourceText) -> bool:
        holder = value_at(source.text.document.data, source.text.loc[:-1])
        return source.key == "text" and isinstance(holder, dict) and bool(holder.get("points"))

    def _put_below_points(self, last: SourceText, line: PlacedLine) -> None:
        """A new paragraph below the points of a clause: its closing words."""
        loc, document = last.text.loc, last.text.document
        clause = loc[: loc.index("points")]
        points, place = value_at(document.data, (*clause, "points")), loc[len(clause) + 1]
        there = (t for t in self.edition.texts if t.document is document)
        closing = next((t for t in there if t.loc == (*clause, "closing")), None)
        has_table = "table" in value_at(document.data, clause)
        if place != len(points) - 1 or "more" in clause or has_table:
            self._leave(line, "it is between the points of a list")
        elif closing is not None:
            self._add_paragraph(self._source(closing, last.place), line)
        else:
            made = self.entries.key(line, document, clause, "closing", ("text", "points"))
            self._note_new(last, made)

    def _add_paragraph(self, source: SourceText, line: PlacedLine) -> None:
        source.lines.append((None, line))
        source.entries += is_entry(line)
        source.authors += line.line.authors

    def _begin_text(self, source: SourceText, line: PlacedLine) -> None:
        """The first text of a clause that had a title only."""
        loc, document = source.text.loc[:-1], source.text.document
        if self.entries.is_open and self.entries.add_line(line, is_entry=is_entry(line)):
            return
        if "text" in value_at(document.data, loc):
            self._leave(line, _NOWHERE)
            return
        made = self.entries.key(line, document, loc, "text", ("id", "title", "name"))
        self._note_new(source, made)

    def _move_point(self, line: PlacedLine, number: int, last: SourceText | None) -> bool:
        """Whether a line that is elsewhere now is a point of a list that could be moved there."""
        owner = self.owners.texts[number]
        if owner is None or last is None or "points" not in owner.loc:
            return False
        list_loc = entry_loc(owner.loc)[:-1]
        if last.text.loc[: len(list_loc)] == list_loc:
            target, before = entry_loc(last.text.loc), False
        elif last.text.loc == (*list_loc[:-1], "text"):
            target, before = (*list_loc, 0), True
        else:
            return False
        source = self._source(owner, line.place)
        source.lines.append((line, line))
        if target != entry_loc(owner.loc):
            change = FileChange(
                "move", owner.document, target, before=before, source=entry_loc(owner.loc)
            )
            self.notes.note_entry(source, "the point is elsewhere in its list", line.words, change)
        return True

    def _note_new(self, source: SourceText, made: tuple[str, FileChange] | None) -> None:
        if made is not None:
            what, change = made
            authors = self.entries.last_authors
            self.notes.note_entry(source, what, change.words, change, authors)

    # ---- what is not a line of a text ----

    def _move_parts(self) -> None:
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
        for at, id in enumerate(after):
            above = after[at - 1] if at else ""
            goes_along = above not in kept and before.index(id) == before.index(above or id) + 1
            if id in kept or goes_along:
                continue
            source, target = first.get(id), first.get(above)
            words = " ".join(line.words for line in self.old if line.place == id)
            change = _move_below(source, target) if source and target else None
            if source and change:
                what = "section" if len(change.source) == 2 else "clause"
                self.notes.note_entry(source, f"the {what} is elsewhere", words, change)
            else:
                below = self.notes.where(above)
                why = f"it was moved below {below}. Move it there in policy.yaml"
                self.notes.leave(id, words, why)

    def _in_order(self, lines: Sequence[PlacedLine]) -> Iterator[tuple[str, PlacedLine]]:
        """The clauses and sections in the order of a paper, each with its first line."""
        seen: set[str] = set()
        for line in lines:
            is_made = line.words in self.made_words
            if line.place not in (*seen, "", FOOTNOTES) and not is_made:
                seen.add(line.place)
                yield line.place, line


def _move_below(source: SourceText, target: SourceText) -> FileChange | None:
    """The move of a clause or section below another; None where the files have no such place."""
    document, loc, to = source.text.document, source.text.loc[:4], target.text.loc[:4]
    if to[0] not in _PARTS:
        return None
    if loc[2:3] == ("clauses",):
        if to[2:3] == ("clauses",):
            return FileChange("move", document, to, source=loc)
        at: Loc = (*to[:2], "clauses", 0)
        has_clauses = bool(value_at(document.data, to[:2]).get("clauses"))
        return FileChange("move", document, at, before=True, source=loc) if has_clauses else None
    is_last = to[3:] == (len(value_at(document.data, to[:2]).get("clauses", ())) - 1,)
    if loc[2:] != ("title",) or loc[0] != to[0] or not is_last:
        return None
    return FileChange("move", document, to[:2], source=loc[:2])


def _find_lost_styles(old: Iterable[PlacedLine], new: Iterable[PlacedLine]) -> set[str]:
    """What the lines that begin a clause have as their style now, where theirs was lost."""
    first = {line.words for line in old if begins_part(line)}
    return {
        line.line.style
        for line in new
        if line.words in first and not line.line.cell and not has_part_style(line)
    }
