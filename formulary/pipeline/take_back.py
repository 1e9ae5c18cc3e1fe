"""Take back a policy in Word that trustees edited: what they changed becomes changes of the YAML.

The paper is compared with the one that the content prints now, line by line. Each changed line is
led back to the text that it was printed from, and only words that were changed there are changed.
What has no place in the content, such as the contents or a table made from dates, is listed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from formulary import publish
from formulary.content.loading import OrganisationContent
from formulary.content.source import Document, Loc
from formulary.content.splicing import (
    SpliceError,
    encode_like,
    insert,
    put_key,
    remove,
    set_value,
    value_at,
)
from formulary.documents.paper import Paper, compose_paper
from formulary.edition.edition import Edition
from formulary.edition.filled_text import FilledText, ids_on_the_way
from formulary.edition.rewording import FactChange, printed_paragraphs, reword, values_in
from formulary.edition.text import first_capital
from formulary.formats.word.edited_policy import (
    EditedComment,
    EditedLine,
    EditedPolicy,
    read_edited_policy,
)
from formulary.formats.word.ooxml import anchor_names
from formulary.formats.word.policy import UPDATES_NAME, write_policy
from formulary.imports.ids import Ids
from formulary.pipeline.changes import load_without_errors
from formulary.pipeline.house_folder import house_folder
from formulary.problems import Place, UsageError
from formulary.returns.submission import CannotRead

LARGEST_FILE = 50_000_000
"""Bytes of a policy; the largest of ours has a hundredth of it."""

LIKENESS = 0.3
"""The share of common words from which on two lines are one line that was edited."""

_MARK = re.compile(r"(?:\d+(?:\.\d+)*\.?|\([a-z]{1,4}\)|[A-Za-z]\.|[•–-])\t")
"""What Word prints before a clause or an entry of a list."""

_ENTRY = re.compile(r"bullet|list|mark", re.IGNORECASE)
"""The styles of entries of a list."""

_NEW_CLAUSE = ("clause", "heading 2")
"""The styles of the first line of a clause, in small letters."""

_TITLES = ("title", "name")
_PARAGRAPHS = ("text", "closing", "summary", "intro", "note", "reason", "answer")
"""The keys of texts that may have several paragraphs."""


@dataclass(frozen=True)
class TextChange:
    """A text whose words are others now. `where` is its clause, as a sentence names it."""

    where: str
    place: Place
    was: str
    now: str
    authors: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    is_plainer: bool = False


@dataclass(frozen=True)
class EntryChange:
    """A point or a clause that is new, or gone; `words` are what it says."""

    where: str
    place: Place
    what: str
    words: str
    authors: tuple[str, ...] = ()


@dataclass(frozen=True)
class ChangedFact:
    """A fact whose value was changed on paper: where it is kept, and what else says it."""

    where: str
    change: FactChange
    kept_at: Place
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotTaken:
    """Words of the paper that have no place in the content, and why."""

    where: str
    words: str
    why: str


@dataclass(frozen=True)
class TakenBack:
    """What a returned policy changes, all in the order of the paper.

    `files` are the changed files by their path in the project. `by_likeness` says that the paper
    had lost its bookmarks, so that its lines were found by their words.
    """

    organisation: str
    edition: str
    texts: tuple[TextChange, ...]
    entries: tuple[EntryChange, ...]
    facts: tuple[ChangedFact, ...]
    comments: tuple[tuple[str, EditedComment], ...]
    not_taken: tuple[NotTaken, ...]
    updates: tuple[tuple[str, str], ...]
    """Drafts of the change log: the id of the clause, and what changed."""
    files: Mapping[Path, str]
    by_likeness: bool
    is_tracked: bool

    def __bool__(self) -> bool:
        return bool(self.texts or self.entries or self.facts or self.comments or self.not_taken)


def take_back(
    root: Path, file: Path, organisation: str | None, *, with_updates: bool = False
) -> TakenBack:
    """What the policy in `file` changes of the content. Nothing is written.

    `with_updates` adds a draft for each changed clause to the change log of the changed files.

    Raises UsageError where the file is no policy of ours, or was made from other words than the
    content has now, and ContentError where the content has errors.
    """
    returned = _read(file)
    wanted = organisation or (returned.stamp.organisation if returned.stamp else "")
    if not wanted:
        raise UsageError(
            f"{file.name} does not say whose policy it is: its properties are gone. Say --org."
        )
    if returned.stamp and returned.stamp.organisation != wanted:
        raise UsageError(
            f"{file.name} is the policy of “{returned.stamp.organisation}”, not of “{wanted}”."
        )
    printed = print_policy(root, wanted, returned.stamp.year if returned.stamp else None)
    stamp = printed.paper.stamp
    if returned.stamp and returned.stamp.digest != stamp.digest:
        raise UsageError(
            f"{file.name} was made from other words than the content has now: its code is "
            f"{returned.stamp.code.rpartition(' ')[2]}, and today’s is "
            f"{stamp.code.rpartition(' ')[2]}. Go back to the content that it was made from "
            "(in git, the commit of that day), take it back there, and join both."
        )
    return compare_policies(printed, returned, with_updates=with_updates)


@dataclass(frozen=True)
class PrintedPolicy:
    """A policy as the content prints it now, and its lines as a program reads them in Word."""

    own: OrganisationContent
    edition: Edition
    paper: Paper
    lines: EditedPolicy


def print_policy(root: Path, organisation: str, year: int | None = None) -> PrintedPolicy:
    """The policy of an organisation. Raises ContentError where the content has errors."""
    content, (edition,) = load_without_errors(root, (organisation,), year)
    paper = compose_paper(edition)
    with house_folder(root) as house:
        lines = read_edited_policy(write_policy(paper, house))
    own = next(own for own in content.organisations if own.id == organisation)
    return PrintedPolicy(own, edition, paper, lines)


def compare_policies(
    printed: PrintedPolicy, returned: EditedPolicy, *, with_updates: bool = False
) -> TakenBack:
    """What a returned policy changes of the content."""
    return _Comparison(printed, returned).compare(with_updates=with_updates)


def write_changes(root: Path, found: TakenBack) -> tuple[Path, ...]:
    """Write the changed files; gives their paths in the project."""
    encoded = {
        path: encode_like((root / path).read_bytes(), text) for path, text in found.files.items()
    }
    for folder in {path.parent for path in encoded}:
        files = {path.name: data for path, data in encoded.items() if path.parent == folder}
        publish.write_files(root / folder, files)
    return tuple(encoded)


def _read(file: Path) -> EditedPolicy:
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise UsageError(f"{file.name} is larger than any policy of ours ({file}).")
        data = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be opened: {error.strerror or error}.") from error
    try:
        return read_edited_policy(data)
    except CannotRead as error:
        raise UsageError(
            f"{file.name} cannot be taken back: {error}. Open it in Word, save it as a Word "
            "document (.docx), and try again."
        ) from error


@dataclass
class _Source:
    """A text of the content, with the lines of the paper that are its paragraphs now."""

    text: FilledText
    place: str
    was: list[str] = field(default_factory=list)
    now: list[str] = field(default_factory=list)
    entries: int = 0
    """How many lines were put in as entries of a list."""
    authors: list[str] = field(default_factory=list)
    has_changed: bool = False

    @property
    def key(self) -> str | int:
        return self.text.loc[-1]

    @property
    def is_point(self) -> bool:
        return "points" in self.text.loc


@dataclass(frozen=True)
class _Operation:
    """A change of a file. What is further down a file is done first, so that places stay right."""

    document: Document
    loc: Loc
    act: Callable[[Document], Document]
    after: bool = False
    """Whether it is done below what is at `loc`."""

    @property
    def position(self) -> tuple[int, bool]:
        return self.document.spans[self.loc][0], self.after


class _Comparison:
    """Compares the paper as printed with the one returned."""

    def __init__(self, printed: PrintedPolicy, returned: EditedPolicy) -> None:
        self.own, self.edition, self.returned = printed.own, printed.edition, returned
        paper, base, edition = printed.paper, printed.lines, printed.edition
        clauses = anchor_names((c.id for c in paper.clauses()), "clause")
        sections = anchor_names((s.id for s in paper.printed), "section")
        self.ids = {name: id for id, name in (*sections.items(), *clauses.items())}
        self.ids[UPDATES_NAME] = UPDATES_NAME
        self.old, self.old_places = self._with_places(base)
        self.new, self.new_places = self._with_places(returned)
        self.values = values_in(edition.texts)
        self.labels = self._labels()
        self.owners = self._owners(self._texts_by_words())
        self.sources: dict[int, _Source] = {}
        self.new_ids = Ids()
        self.new_ids.taken |= {id for text in edition.texts for id in _ids(text)}
        self.drafts: dict[str, list[str]] = defaultdict(list)
        self.operations: list[_Operation] = []
        self.texts: list[TextChange] = []
        self.entries: list[EntryChange] = []
        self.facts: list[ChangedFact] = []
        self.not_taken: list[NotTaken] = []
        self._note_contents(base)

    def _with_places(self, policy: EditedPolicy) -> tuple[list[EditedLine], list[str]]:
        """The lines outside of the contents, and the id of the clause or section of each."""
        lines, places, place = [], [], ""
        for line in policy.lines:
            place = next((self.ids[n] for n in reversed(line.anchors) if n in self.ids), place)
            if not line.in_contents:
                lines.append(line)
                places.append(place)
        return lines, places

    def _labels(self) -> dict[str, str]:
        """What names a clause, section or appendix on paper, with the expression for it."""
        names = self.edition.references
        found: dict[str, str] = {}
        for kind, labels in (
            ("clause", names.clauses),
            ("section", names.sections),
            ("appendix", names.appendices),
        ):
            counted = Counter(labels.values())
            found |= {
                label: f"{kind}('{id}')" for id, label in labels.items() if counted[label] == 1
            }
        return found

    def _texts_by_words(self) -> dict[str, list[FilledText]]:
        """The texts by each line that they print, those of the policy first."""
        found: dict[str, list[FilledText]] = defaultdict(list)
        for text in sorted(self.edition.texts, key=lambda text: text.kind != "policy"):
            if text.kind == "form" or "notes" in text.loc or text.loc not in text.document.spans:
                continue
            for pieces in printed_paragraphs(text.source, self.values):
                words = _bare("".join(piece.words for piece in pieces))
                if words:
                    found[words].append(text)
        return found

    def _owners(self, texts: Mapping[str, Sequence[FilledText]]) -> list[FilledText | None]:
        """The text that each line was printed from; None for what is made from data."""
        used: Counter[tuple[int, str]] = Counter()
        found: list[FilledText | None] = []
        for line, place in zip(self.old, self.old_places, strict=True):
            words = _bare(line.words)
            candidates = texts.get(words, ())
            here = [text for text in candidates if place and place in _ids(text)]
            free = [
                text
                for text in here or (candidates if len(candidates) == 1 else ())
                if not used[id(text), words]
            ]
            found.append(free[0] if free else None)
            if free:
                used[id(free[0]), words] += 1
        return found

    def compare(self, *, with_updates: bool) -> TakenBack:
        """All that the returned paper changes."""
        for before, after in self._groups():
            self._compare_lines(before, after)
        self._reword_texts()
        return TakenBack(
            self.edition.id,
            self.edition.name,
            tuple(self.texts),
            tuple(self.entries),
            tuple(self.facts),
            tuple(self._comments()),
            tuple(self.not_taken),
            tuple(self._updates()),
            self._changed_files(with_updates),
            not any(self.new_places),
            self.returned.is_tracked,
        )

    def _groups(self) -> Iterator[tuple[list[int], list[int]]]:
        """The lines of a clause before and after; with those of clauses whose bookmark is gone."""
        there = {id for line in self.returned.lines for id in map(self.ids.get, line.anchors) if id}
        after: dict[str, list[int]] = defaultdict(list)
        for number, place in enumerate(self.new_places):
            after[place].append(number)
        leader, before = "", dict[str, list[int]]()
        for number, place in enumerate(self.old_places):
            leader = place if place in there else leader
            before.setdefault(leader, []).append(number)
        for place, numbers in before.items():
            yield numbers, after.get(place, [])

    def _compare_lines(self, before: Sequence[int], after: Sequence[int]) -> None:
        last: _Source | None = None
        held: list[EditedLine] = []
        clause: dict[str, Any] | None = None
        place = self.old_places[before[0]]
        old, new = [self.old[n] for n in before], [self.new[n] for n in after]
        for there, here in align([_bare(o.words) for o in old], [_bare(n.words) for n in new]):
            edited = None if here is None else new[here]
            if there is None:
                assert edited is not None
                if clause is not None or edited.style.lower() in _NEW_CLAUSE:
                    clause = self._put_clause(last, clause, edited, place)
                elif last is None or last.key in _TITLES:
                    held.append(edited)
                else:
                    self._put_in(last, edited)
                continue
            clause = None
            place = self.old_places[before[there]]
            owner = self.owners[before[there]]
            if owner is None:
                self._compare_made(old[there], edited, place)
                continue
            last = self._source(owner, place)
            if held and last.key not in _TITLES:
                for line in held:
                    self._put_in(last, line)
                held = []
            self._compare_line(last, old[there], edited)
        for line in held:
            if last is not None and last.place == place and "clauses" in last.text.loc:
                self._begin_text(last, line)
            else:
                self._leave(place, line.words, "no text of the content is printed here")

    def _source(self, owner: FilledText, place: str) -> _Source:
        return self.sources.setdefault(id(owner), _Source(owner, place))

    def _compare_line(self, source: _Source, line: EditedLine, edited: EditedLine | None) -> None:
        words = _bare(line.words)
        source.was.append(words)
        if edited is not None:
            source.now.append(_bare(edited.words))
        if edited is None or _bare(edited.words) != words:
            source.has_changed = True
            source.authors += edited.authors if edited else ()

    def _compare_made(self, line: EditedLine, edited: EditedLine | None, place: str) -> None:
        """A line that is made from data: it has no text that could be changed."""
        if edited is None:
            self._leave(place, line.words, "it was deleted, and is made from data of the content")
        elif _bare(edited.words) != _bare(line.words):
            why = f"it is made from data of the content, and said “{_bare(line.words)}”"
            self._leave(place, _bare(edited.words), why)

    def _leave(self, place: str, words: str, why: str) -> None:
        self.not_taken.append(NotTaken(self._where(place), words, why))

    def _put_in(self, source: _Source, line: EditedLine) -> None:
        """A new line below a text: a new point, or one more paragraph of the text."""
        words = _bare(line.words)
        is_entry = bool(_ENTRY.search(line.style)) or bool(_MARK.match(line.words))
        if line.in_table:
            self._leave(source.place, words, "rows of a table are made from data of the content")
        elif source.is_point:
            at = source.text.loc[: source.text.loc.index("points") + 2]
            value = {"id": self.new_ids.take(words, "point"), "text": words}
            self._insert_after(source, at, value, "a new point", line)
        elif source.key in _PARAGRAPHS:
            source.now.append(words)
            source.entries += is_entry
            source.authors += line.authors
            source.has_changed = True
        else:
            self._leave(source.place, words, "no text of the content is printed here")

    def _put_clause(
        self, last: _Source | None, clause: dict[str, Any] | None, line: EditedLine, place: str
    ) -> dict[str, Any] | None:
        """A new clause below that of `last`, or one more line of the new `clause`."""
        words = _bare(line.words)
        style = line.style.lower()
        if last is None or last.text.loc[2:3] != ("clauses",) or line.in_table:
            self._leave(place, words, "it is no part of a clause of the content")
            return None
        if clause is not None and style not in _NEW_CLAUSE:
            if _ENTRY.search(line.style):
                point = {"id": self.new_ids.take(words, "point"), "text": words}
                clause["points"] = (*clause.get("points", ()), point)
            elif "points" in clause:
                clause["closing"] = "\n\n".join(filter(None, (clause.get("closing"), words)))
            else:
                clause["text"] = "\n\n".join(filter(None, (clause.get("text"), words)))
            return clause
        id = self.new_ids.take(words, "clause")
        made: dict[str, Any] = {"id": id, "title" if "heading" in style else "text": words}
        *above, index = last.text.loc[:4]
        document = last.text.document
        assert isinstance(index, int)
        self.operations.append(
            _Operation(
                document,
                last.text.loc[:4],
                lambda d: insert(d, tuple(above), index + 1, made),
                after=True,
            )
        )
        self._note_entry(last, f"a new clause, {id}", words, line.authors)
        return made

    def _begin_text(self, source: _Source, line: EditedLine) -> None:
        """The first text of a clause that had a title only."""
        loc, words = source.text.loc[:-1], _bare(line.words)
        document = source.text.document
        order = ("id", "title", "name", "text")
        if "text" in value_at(document.data, loc):
            self._leave(source.place, words, "no text of the content is printed here")
            return
        self.operations.append(
            _Operation(document, loc, lambda d: put_key(d, loc, "text", words, order), after=True)
        )
        self._note_entry(source, "a new text", words, line.authors)

    def _insert_after(
        self, source: _Source, at: Loc, value: dict[str, Any], what: str, line: EditedLine
    ) -> None:
        *above, index = at
        assert isinstance(index, int)
        self.operations.append(
            _Operation(
                source.text.document,
                at,
                lambda d: insert(d, tuple(above), index + 1, value),
                after=True,
            )
        )
        self._note_entry(source, what, value["text"], line.authors)

    def _note_entry(
        self, source: _Source, what: str, words: str, authors: Iterable[str] = ()
    ) -> None:
        place = source.text.document.place(source.text.loc)
        where = self._where(source.place)
        self.entries.append(EntryChange(where, place, what, words, tuple(authors)))
        self.drafts[source.place].append(f"{first_capital(what)}: “{words}”")

    def _reword_texts(self) -> None:
        whole = self._whole_clauses()
        for source in self.sources.values():
            clause = source.text.loc[:4]
            if not source.now and clause in whole:
                continue
            if not source.now:
                self._take_out(source)
            elif source.has_changed:
                self._reword(source)
        for clause, source in whole.items():
            self._remove(source, clause)
            self._note_entry(source, "the clause is gone", " ".join(source.was), source.authors)

    def _whole_clauses(self) -> dict[Loc, _Source]:
        """The clauses of which no line is left, by their places, each with its first text."""
        printed, left = dict[Loc, _Source](), set[Loc]()
        for source in self.sources.values():
            loc = source.text.loc
            if source.text.kind == "policy" and loc[2:3] == ("clauses",):
                printed.setdefault(loc[:4], source)
                if source.now:
                    left.add(loc[:4])
        return {loc: source for loc, source in printed.items() if loc not in left}

    def _take_out(self, source: _Source) -> None:
        """A text of which no line is left: its point, or its key where the clause has others."""
        loc = source.text.loc
        if source.is_point:
            entry = loc[: loc.index("points") + 2]
            act = entry
            what = "the point is gone"
        elif source.key in ("text", "closing", "title") and "clauses" in loc:
            act, what = loc, "the text is gone"
        else:
            why = "it was deleted, and the content cannot be without it"
            self._leave(source.place, " ".join(source.was), why)
            return
        self._remove(source, act)
        self._note_entry(source, what, " ".join(source.was), source.authors)

    def _remove(self, source: _Source, at: Loc) -> None:
        self.operations.append(_Operation(source.text.document, at, lambda d: remove(d, at)))

    def _reword(self, source: _Source) -> None:
        text = source.text
        entry = "- " if source.entries or re.search(r"^\s*- ", text.source, re.M) else ""
        made = reword(text.source, self.values, source.now, self.labels, entry)
        if not made.is_exact:
            self._leave(source.place, " ".join(source.now), "it could not be led back to its text")
            return
        for change in made.facts:
            self.facts.append(self._changed_fact(source, change))
        if made.source.strip() == text.source.strip():
            return
        new = made.source
        self.texts.append(
            TextChange(
                self._where(source.place),
                text.document.place(text.loc),
                " ".join(source.was),
                " ".join(source.now),
                tuple(dict.fromkeys(source.authors)),
                made.dropped,
                made.is_plainer,
            )
        )
        self.drafts[source.place].append(f"It now says: “{' '.join(source.now)}”")
        self.operations.append(
            _Operation(text.document, text.loc, lambda d: set_value(d, text.loc, new))
        )

    def _changed_fact(self, source: _Source, change: FactChange) -> ChangedFact:
        """Where the fact is kept, and the clauses and other texts that say it too."""
        name = re.split(r"[|\s]", change.expression)[0]
        also = [
            text.clause or "/".join(map(str, _ids(text)[:2]))
            for text in self.edition.texts
            if name in text.source and text is not source.text
        ]
        places = dict.fromkeys(self._where(id) for id in also)
        return ChangedFact(
            self._where(source.place), change, self._place_of_fact(name), tuple(places)
        )

    def _place_of_fact(self, name: str) -> Place:
        """Where a fact such as rules.monitoring.max or day('teachers.review') is written."""
        organisation = self.own.organisation.document
        if name.startswith(("rules.", "words.")):
            return organisation.place(tuple(name.split(".")))
        event = re.fullmatch(r"(?:day|deadlines)\('(?:[\w-]+\.)?([\w-]+)'\)", name)
        if event and self.own.cycles:
            document = self.own.cycles.document
            for loc in document.spans:
                if loc[-1:] == ("id",) and value_at(document.data, loc) == event[1]:
                    return document.place((*loc[:-1], "when"))
        return organisation.place()

    def _where(self, id: str) -> str:
        """A clause or section as a sentence names it."""
        if not id:
            return "the front page"
        if id == UPDATES_NAME:
            return "the updates"
        try:
            return self.edition.label(id)
        except KeyError:
            return f"“{id}”"

    def _note_contents(self, base: EditedPolicy) -> None:
        """What was changed in the contents, which are made again from the headings."""
        known = Counter(_bare_entry(line.words) for line in base.lines if line.in_contents)
        for line in self.returned.lines:
            if line.in_contents and not known[_bare_entry(line.words)]:
                words = _bare_entry(line.words)
                why = "the contents are made from the headings"
                self.not_taken.append(NotTaken("the contents", words, why))

    def _comments(self) -> Iterator[tuple[str, EditedComment]]:
        place, where = "", list[str]()
        for line in self.returned.lines:
            place = next((self.ids[n] for n in reversed(line.anchors) if n in self.ids), place)
            where.append(self._where(place))
        for comment in self.returned.comments:
            yield where[comment.line] if comment.line < len(where) else "", comment

    def _updates(self) -> Iterator[tuple[str, str]]:
        """A draft for the change log of each clause whose words changed."""
        known = self.edition.references.clauses
        for place, words in self.drafts.items():
            if place in known:
                yield place, " ".join(words)

    def _changed_files(self, with_updates: bool) -> dict[Path, str]:
        """The changed files by their paths. What cannot be written is listed instead."""
        by_path: dict[Path, list[_Operation]] = defaultdict(list)
        for operation in self.operations:
            by_path[operation.document.path].append(operation)
        files = {}
        for path, operations in by_path.items():
            document = operations[0].document
            for operation in sorted(operations, key=lambda one: one.position, reverse=True):
                try:
                    document = operation.act(document)
                except SpliceError as error:
                    where = document.place(operation.loc)
                    self.not_taken.append(NotTaken(str(where), "", str(error)))
            files[path] = document.text
            if with_updates and path == self.own.policy.document.path:
                files[path] = self._with_updates(document).text
        return files

    def _with_updates(self, policy: Document) -> Document:
        """The policy with a draft for each changed clause at the end of its change log."""
        for clause, words in self._updates():
            there = value_at(policy.data, ()).get("updates")
            entry = {"clause": clause, "text": words}
            if there is None:
                policy = put_key(policy, (), "updates", (entry,))
            else:
                policy = insert(policy, ("updates",), len(there), entry)
        return policy


def align(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int | None, int | None]]:
    """Which of the new lines is which of the old ones; None beside a line that is new or gone."""
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from zip(range(a, b), range(c, d), strict=True)
        elif b - a == d - c == 1:
            yield a, c
        else:
            for there, here in _align_unlike(old[a:b], new[c:d]):
                yield (
                    None if there is None else a + there,
                    None if here is None else c + here,
                )


def _align_unlike(
    old: Sequence[str], new: Sequence[str]
) -> Iterator[tuple[int | None, int | None]]:
    """Pairs of like lines in order, such that all pairs together are as like as can be."""
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    bags_old, bags_new = [_bag(words) for words in old], [_bag(words) for words in new]
    likeness = [[_likeness(one, other) for other in bags_new] for one in bags_old]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            pair = likeness[i][j] + best[i + 1][j + 1] if likeness[i][j] >= LIKENESS else 0.0
            best[i][j] = max(pair, best[i + 1][j], best[i][j + 1])
    i = j = 0
    while i < len(old) or j < len(new):
        here, there = i < len(old), j < len(new)
        if (
            here
            and there
            and likeness[i][j] >= LIKENESS
            and best[i][j] == likeness[i][j] + best[i + 1][j + 1]
        ):
            yield i, j
            i, j = i + 1, j + 1
        elif there and (not here or best[i][j] == best[i][j + 1]):
            yield None, j
            j += 1
        else:
            yield i, None
            i += 1


def _bag(words: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", words.lower()))


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """Twice the words that both have, over the words of both (Dice)."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


def _bare(words: str) -> str:
    """A line without what is printed before it, its blanks single."""
    return " ".join(_MARK.sub("", words, count=1).split())


def _bare_entry(words: str) -> str:
    """A line of the contents without its number and its page."""
    return _bare(re.sub(r"\t\d+$", "", words))


def _ids(text: FilledText) -> tuple[str, ...]:
    return ids_on_the_way(text.document, text.loc)
