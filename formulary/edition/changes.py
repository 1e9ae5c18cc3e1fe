"""Find what changed between two editions of one organisation.

`compare` takes two kept editions and the policy's change log. A `Comparison` is in the order in
which a trustee reads: the policy, its dates, its numbers, what is expected, people, forms, names.

Each entry has a permanent key. What only repeats another change is not a change of its own: a
clause whose words are the same but for a rule's number is listed under the rule, and what moves
with the year under the year.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Literal

from formulary.content.policy import Update
from formulary.content.snapshot import MARKS, EditionSnapshot, Piece, SnapshotEntry, find_used_keys
from formulary.edition.wording import Passage, changed_passages, passages

What = Literal["added", "removed", "moved", "reordered", "reworded"]

Group = Literal["policy", "dates", "numbers", "expected", "people", "forms", "names"]

GROUPS: dict[Group, tuple[str, ...]] = {
    "policy": ("policy", "section", "clause"),
    "dates": ("term", "cycle", "event"),
    "numbers": ("rule",),
    "expected": ("stage", "area", "level", "criterion", "cell", "note", "standard"),
    "people": ("group", "panel", "role"),
    "forms": ("form", "part", "table", "field"),
    "names": ("organisation", "word", "document"),
}
"""The groups of changes in the order in which they are read, with the kinds of their entries."""

UNREASONED = frozenset({"forms", "names"})
"""The groups whose changes need no reason: they follow how the work is done, not a decision."""

HOMES = frozenset({"section", "part", "table"})
"""The kinds of entries that have others in them."""


@dataclass(frozen=True)
class Difference:
    """One change.

    `passages` are the paragraphs that changed; `parts` what came or went with it, such as the
    questions of a new form; `follows` what says the same words but for this; `log` what the
    change log says of it. `replaced_by` is what the log says replaces it; `previous_clause`
    is the id of the clause that a clause followed which left its section; empty where it was the
    first.
    """

    key: str
    what: tuple[What, ...]
    before: SnapshotEntry | None
    after: SnapshotEntry | None
    passages: tuple[Passage, ...] = ()
    parts: tuple[SnapshotEntry, ...] = ()
    follows: tuple[SnapshotEntry, ...] = ()
    log: tuple[Update, ...] = ()
    replaced_by: SnapshotEntry | None = None
    previous_clause: str = ""

    @property
    def entry(self) -> SnapshotEntry:
        """What changed, as it is now; as it was, where it is gone."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def group(self) -> Group:
        return next(group for group, kinds in GROUPS.items() if self.entry.kind in kinds)

    @property
    def lacks_reason(self) -> bool:
        """Whether the log should give a reason and gives none."""
        return self.group not in UNREASONED and not any(entry.reason for entry in self.log)


@dataclass(frozen=True)
class Renumbering:
    """What has another printed number and is otherwise where it was."""

    before: SnapshotEntry
    after: SnapshotEntry


@dataclass(frozen=True)
class Comparison:
    """All that changed from one edition to the next; `before` and `after` are their names.

    `with_year` are the entries that only follow from another year, `loose` what the log names
    although it has not changed.
    """

    organisation: str
    before: str
    after: str
    years: tuple[int, int]
    differences: tuple[Difference, ...]
    renumbered: tuple[Renumbering, ...]
    with_year: tuple[SnapshotEntry, ...]
    names: Mapping[str, str]
    """The name of every clause, section and part of a form of both editions, by its id."""
    loose: tuple[Update, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything differs; another year alone counts."""
        return bool(self.differences or self.renumbered) or self.years[0] != self.years[1]

    def group_differences(self) -> Iterator[tuple[Group, tuple[Difference, ...]]]:
        """The groups in which something changed, in order."""
        for group in GROUPS:
            found = tuple(change for change in self.differences if change.group == group)
            if found:
                yield group, found

    def count_kinds(self, group: Group) -> Counter[tuple[What, ...]]:
        """How many changes of each kind a group has."""
        return Counter(change.what for change in self.differences if change.group == group)

    def find_differences(self, key: str) -> tuple[Difference, ...]:
        """The changes of an entry: its own, or else those that it follows from."""
        own = tuple(change for change in self.differences if change.key == key)
        return own or tuple(
            change for change in self.differences if key in (entry.key for entry in change.follows)
        )

    def name_of(self, id: str) -> str:
        """What a reader calls a clause, a section, or a part of a form."""
        return self.names.get(id, id)

    def find_withdrawn(self) -> Iterator[Difference]:
        """The sections and clauses that are no longer there."""
        for change in self.differences:
            if change.what == ("removed",) and change.entry.kind in ("section", "clause"):
                yield change


def compare(
    before: EditionSnapshot, after: EditionSnapshot, log: Sequence[Update] = ()
) -> Comparison:
    """What changed from `before` to `after`; `log` are the `updates:` of the later policy."""
    return _Comparer(before.fill_gaps_from(after), after, log).compare()


@dataclass(frozen=True)
class _Words:
    """How the words of an entry differ: passages of its own, and what else it takes facts from."""

    passages: tuple[Passage, ...] = ()
    reworded: bool = False
    reordered: bool = False
    borrowed: frozenset[str] = frozenset()
    borrowed_passages: tuple[Passage, ...] = ()

    @property
    def own(self) -> bool:
        return self.reworded or self.reordered


class _Comparer:
    def __init__(
        self, before: EditionSnapshot, after: EditionSnapshot, log: Sequence[Update]
    ) -> None:
        self.editions = before, after
        self.log = log
        self.old = {entry.key: entry for entry in before.entries}
        self.new = {entry.key: entry for entry in after.entries}
        both = [key for key in self.old if key in self.new]
        self.words = {key: _compare_words(self.old[key], self.new[key]) for key in both}
        self.moved = frozenset(_find_moved(self.old, self.new))
        self.changed = {key for key in (*self.old, *self.new) if self.kinds_of_change(key)}
        self.follow_year: list[SnapshotEntry] = []
        self.followers: dict[str, list[SnapshotEntry]] = {}
        self.sort_followers()

    def kinds_of_change(self, key: str) -> tuple[What, ...]:
        """How an entry itself changed; nothing where it did not."""
        if key not in self.old:
            return ("added",)
        if key not in self.new:
            return ("removed",)
        words = self.words[key]
        found: dict[What, bool] = {
            "moved": key in self.moved,
            "reordered": words.reordered,
            "reworded": words.reworded,
        }
        return tuple(what for what, has in found.items() if has)

    def sort_followers(self) -> None:
        """Sort the entries that only repeat another change: under it, under the year, or alone."""
        for key, words in self.words.items():
            if not words.borrowed_passages:
                continue
            causes = self.find_causes(key, frozenset())
            for cause in sorted(causes):
                self.followers.setdefault(cause, []).append(self.new[key])
            if causes or words.own:
                continue
            if self.editions[0].year != self.editions[1].year:
                self.follow_year.append(self.new[key])
            else:
                self.words[key] = replace(words, passages=words.borrowed_passages, reworded=True)
                self.changed.add(key)

    def find_causes(self, key: str, seen: frozenset[str]) -> frozenset[str]:
        """The changed entries that an entry takes its facts from, by way of others if need be."""
        found: set[str] = set()
        for pattern in self.words[key].borrowed:
            for other in (*self.old, *self.new):
                if other in seen or other == key or not fnmatchcase(other, pattern):
                    continue
                if other in self.changed:
                    found.add(other)
                elif other in self.words and self.words[other].borrowed_passages:
                    found |= self.find_causes(other, seen | {key})
        return frozenset(found)

    def compare(self) -> Comparison:
        before, after = self.editions
        order = _merge_order(list(self.old), list(self.new))
        differences = [self.describe(key) for key in order if key in self.changed]
        whole = {change.key: change for change in differences}
        parts: dict[str, list[SnapshotEntry]] = {}
        for change in differences:
            wholes = (k for k in change.entry.parts_of if k in whole)
            top = next((k for k in wholes if whole[k].what == change.what), "")
            if top and change.what in (("added",), ("removed",)):
                parts.setdefault(top, []).append(change.entry)
                del whole[change.key]
        kept = tuple(
            replace(change, parts=tuple(parts.get(key, ()))) for key, change in whole.items()
        )
        ids = {id for change in kept for id in (change.entry.id, *change.entry.clauses)}
        return Comparison(
            organisation=after.organisation,
            before=before.name,
            after=after.name,
            years=(before.year, after.year),
            differences=kept,
            renumbered=tuple(self.find_renumbered()),
            with_year=tuple(self.follow_year),
            names=_names(self.old) | _names(self.new),
            loose=tuple(entry for entry in self.log if entry.clause not in ids),
        )

    def describe(self, key: str) -> Difference:
        old, new = self.old.get(key), self.new.get(key)
        found = self.words[key].passages if old and new else tuple(_mark_whole(old, new))
        entry = new or old
        assert entry is not None
        log = tuple(one for one in self.log if one.clause in (entry.id, *entry.clauses))
        replaced_by = None if new else next(map(self.find_replacement, log), None)
        return Difference(
            key=key,
            what=self.kinds_of_change(key),
            before=old,
            after=new,
            passages=found,
            follows=tuple(self.followers.get(key, ())),
            log=log,
            replaced_by=replaced_by,
            previous_clause=self.find_predecessor(old) if old and old.kind == "clause" else "",
        )

    def find_replacement(self, logged: Update) -> SnapshotEntry | None:
        """Find what the log says replaces a withdrawn clause or section."""
        id = logged.replaced_by
        return self.new.get(f"clause:{id}") or self.new.get(f"section:{id}")

    def find_predecessor(self, gone: SnapshotEntry) -> str:
        """The id of the nearest clause before it, in its old section, that is still there."""
        before = [
            entry
            for entry in self.old.values()
            if entry.kind == "clause" and entry.home == gone.home and entry.place < gone.place
        ]
        there = (e.id for e in reversed(before) if e.key in self.new)
        return next((id for id in there if self.new[f"clause:{id}"].home == gone.home), "")

    def find_renumbered(self) -> Iterator[Renumbering]:
        for key, old in self.old.items():
            new = self.new.get(key)
            if new and new.number != old.number and key not in self.moved:
                yield Renumbering(old, new)


def _names(entries: Mapping[str, SnapshotEntry]) -> dict[str, str]:
    kinds = HOMES | {"clause"}
    return {entry.id: entry.name for entry in entries.values() if entry.kind in kinds}


def _mark_whole(old: SnapshotEntry | None, new: SnapshotEntry | None) -> Iterator[Passage]:
    """All that an entry says, as put in or as taken out."""
    entry = old or new
    for piece in entry.pieces if entry else ():
        if piece.id.startswith(MARKS):
            continue
        yield from passages(piece.text, "added" if old is None else "removed", piece.label)


def _compare_words(old: SnapshotEntry, new: SnapshotEntry) -> _Words:
    """How the words of an entry differ, piece by piece."""
    pairs = zip(old.pieces, new.pieces, strict=False)
    if len(old.pieces) == len(new.pieces) and all(
        one.id == other.id and one.text == other.text for one, other in pairs
    ):
        return _Words()  # as most have
    before = {piece.id: piece for piece in old.pieces}
    after = {piece.id: piece for piece in new.pieces}
    own: list[Passage] = []
    borrowed: list[Passage] = []
    facts: set[str] = set()
    for id in _merge_order(list(before), list(after)):
        one, other = before.get(id), after.get(id)
        if id.startswith(MARKS) and not (one and other):
            continue  # an edition that was kept before it was noted, or a list that is new or gone
        found = _compare_pieces(one, other)
        if found and one and other and _has_same_source(one, other):
            borrowed.extend(found)
            facts.update(find_used_keys(other.written or ""))
        else:
            own.extend(found)
    reworded = bool(own)
    order = [id for id in before if id in after and _is_list_entry(id)]
    reordered = [id for id in after if id in before and _is_list_entry(id)]
    own.extend(_describe_new_order(order, reordered, after))
    moved = order != reordered
    return _Words(tuple(own), reworded, moved, frozenset(facts), tuple(borrowed))


def _compare_pieces(one: Piece | None, other: Piece | None) -> tuple[Passage, ...]:
    if one and other and one.text == other.text:
        return ()
    if one and other:
        return changed_passages(one.text, other.text, other.label)
    if one:
        return passages(one.text, "removed", one.label)
    return passages(other.text, "added", other.label) if other else ()


def _has_same_source(one: Piece, other: Piece) -> bool:
    """Whether both were written with the same words, so that only a fact in them differs."""
    if one.written is None or other.written is None:
        return False
    return one.written.split() == other.written.split()


def _is_list_entry(id: str) -> bool:
    """Whether a piece is one of a list, whose order readers see."""
    return id.startswith(("point:", "option:"))


def _describe_new_order(
    before: list[str], after: list[str], pieces: Mapping[str, Piece]
) -> Iterator[Passage]:
    """A sentence for each entry of a list that has another place among the others."""
    staying = set(_find_longest_rising(before, after))
    for id in after:
        if id not in staying:
            said = passages(pieces[id].text, "", "")[0].runs
            place = f"from place {before.index(id) + 1} to {after.index(id) + 1}"
            yield Passage(said, True, f"Moved {place} of the list")


def _merge_order(before: list[str], after: list[str]) -> list[str]:
    """The ids of both: in the later order, those that are gone after what they followed."""
    order = list(after)
    last = -1
    for id in before:
        if id in after:
            last = order.index(id)
        else:
            last += 1
            order.insert(last, id)
    return order


def _find_moved(
    old: Mapping[str, SnapshotEntry], new: Mapping[str, SnapshotEntry]
) -> Iterator[str]:
    """Find what is in another home, or has changed places with others of its home.

    Of things that changed places as few as possible are called moved: all that keep their order
    stay (the longest rising run of their places).
    """
    both = [key for key in old if key in new and new[key].place]
    same: dict[tuple[str, str], list[str]] = {}
    for key in both:
        if old[key].home != new[key].home:
            yield key
        else:
            same.setdefault((new[key].kind, new[key].home), []).append(key)
    for keys in same.values():
        before = sorted(keys, key=lambda key: old[key].place)
        after = sorted(keys, key=lambda key: new[key].place)
        staying = set(_find_longest_rising(before, after))
        yield from (key for key in after if key not in staying)


def _find_longest_rising(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """The most entries of `after` that are in the order of `before`; both hold the same ones."""
    if list(before) == list(after):
        return list(after)
    places = {id: place for place, id in enumerate(before)}
    best: list[list[str]] = []
    for at, id in enumerate(after):
        earlier = (best[i] for i in range(at) if places[after[i]] < places[id])
        best.append([*max(earlier, key=len, default=[]), id])
    return max(best, key=len, default=[])
