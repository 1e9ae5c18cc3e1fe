"""Read YAML into plain values that know their file, line and column.

A `Document` has mappings as dict, lists as tuple, scalars as str, int, float, bool, None or date,
and beside them the place of every value and every key.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from stat import S_ISREG
from typing import Any

import yaml
from ruamel.yaml.resolver import implicit_resolvers

from formulary import problems
from formulary.content.yaml_mistakes import (
    DIRECTIVE,
    DIRECTIVE_FIX,
    Mistake,
    Scalar,
    as_block,
    find_lost_text,
    find_mistake,
    may_lose_text,
    show_lines,
)
from formulary.problems import Place, Problem

Loc = tuple[str | int, ...]
"""The way to a value: keys and list positions from the top of the file."""

LARGEST_FILE = 500_000
"""Bytes. A content file is words, a policy of a hundred pages 250,000 of them."""

PLAIN = ("str", "null", "bool", "int", "float", "timestamp")
"""The kinds of value that content may hold (YAML 1.2 core schema, and dates)."""

_COLLECTIONS = ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")

DEEPEST = 40
"""Levels of nesting. The deepest content file uses nine."""

MOST_MISTAKES = 10
"""Mistakes in the YAML of one file that are named; each is looked for in the file as it was without
those before."""

LONGEST_NUMBER = 15
"""Digits. Numbers of content are counted on fingers; Python itself refuses 4,300 of them."""

_UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""What neither YAML nor XML (1.0, 2.2) holds, or XML discourages; YAML's escapes can write it."""

_CONTROL = "A control character that no document can show"

_SEPARATORS = {0x85: 0x20, 0x2028: 0xFDD0, 0x2029: 0xFDD1}
"""Characters of text in YAML 1.2 that libyaml takes for line breaks, and what it is given instead:
a space for the first, a control character; for the others noncharacters, which no text has."""

_BACK = {0xFDD0: 0x2028, 0xFDD1: 0x2029}

_KINDS: dict[str, list[tuple[str, Any]]] = {}
"""By the first character of plain text: kinds of value that it may be, with their patterns."""

for _versions, _tag, _pattern, _firsts in implicit_resolvers:
    if (1, 2) in _versions:
        for _first in _firsts:
            _KINDS.setdefault(_first, []).append((_tag, _pattern))


@dataclass(frozen=True)
class Document:
    """One YAML file: its values, and the place of each."""

    path: Path
    data: Any = None
    text: str = ""
    spans: dict[Loc, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Loc, int] = field(default_factory=dict)
    dropped: frozenset[Loc] = frozenset()
    """What was taken out because it was faulty."""

    @cached_property
    def names(self) -> tuple[frozenset[str], frozenset[str]]:
        """Every id and every key in it: what a reference may mean."""
        ids, keys = set(), set()

        def collect(data: Any) -> None:
            for key, value in data.items() if isinstance(data, dict) else ():
                keys.add(str(key))
                if key == "id" and isinstance(value, str):
                    ids.add(value)
                collect(value)
            for value in data if isinstance(data, tuple) else ():
                collect(value)

        collect(self.data)
        return frozenset(ids), frozenset(keys)

    def place(self, loc: Loc = (), *, key: bool = False) -> Place:
        """The place of the value (or key) at `loc`; the nearest parent's where it has none."""
        for length in range(len(loc), -1, -1):
            start = loc[:length]
            if key and start in self.keys:
                return self.place_at(self.keys[start])
            if start in self.spans:
                return self.place_at(self.spans[start][0])
        return Place(self.path, 1, 1)

    def place_of(self, loc: Loc, words: str) -> Place:
        """The place of `words` inside the text at `loc`, however the YAML wraps its lines."""
        if loc in self.spans and words.strip():
            start, end = self.spans[loc]
            pattern = r"\s+".join(re.escape(word) for word in words.split())
            found = re.compile(pattern).search(self.text, start, end)
            if found:
                return self.place_at(found.start())
        return self.place(loc)

    def with_value(self, loc: Loc, key: str, value: Any) -> Document:
        """The document with `value` under `key` in the mapping at `loc`."""
        return replace(self, data=_with_values(self.data, loc, {key: value}))

    def without(self, loc: Loc) -> Document:
        """The document without the value at `loc`; later entries of a list keep their places."""
        *above, last = loc
        depth = len(above)

        def move(old: Loc) -> Loc | None:
            if old[:depth] != tuple(above) or len(old) <= depth:
                return old
            step = old[depth]
            if step == last:
                return None
            if isinstance(step, int) and isinstance(last, int) and step > last:
                return (*old[:depth], step - 1, *old[depth + 1 :])
            return old

        spans = {new: span for old, span in self.spans.items() if (new := move(old)) is not None}
        keys = {new: key for old, key in self.keys.items() if (new := move(old)) is not None}
        dropped = {new for old in self.dropped if (new := move(old)) is not None} | {loc}
        data = _without(self.data, loc)
        return replace(self, data=data, spans=spans, keys=keys, dropped=frozenset(dropped))

    def place_at(self, index: int) -> Place:
        """The place of the character at `index` of the text."""
        line = self.text.count("\n", 0, index) + 1
        column = index - (self.text.rfind("\n", 0, index) + 1) + 1
        return Place(self.path, line, column)


def _with_values(data: Any, loc: Loc, values: dict[str, Any]) -> Any:
    if not loc:
        return {**data, **values}
    head, rest = loc[0], loc[1:]
    inner = _with_values(data[head], rest, values)
    if isinstance(head, int):
        return (*data[:head], inner, *data[head + 1 :])
    return {**data, head: inner}


def _without(data: Any, loc: Loc) -> Any:
    head, rest = loc[0], loc[1:]
    if isinstance(data, dict) and head in data:
        if rest:
            return {**data, head: _without(data[head], rest)}
        return {key: value for key, value in data.items() if key != head}
    if isinstance(data, tuple) and isinstance(head, int) and head < len(data):
        middle = (_without(data[head], rest),) if rest else ()
        return data[:head] + middle + data[head + 1 :]
    return data


def read_document(path: Path, shown: Path | None = None) -> tuple[Document, tuple[Problem, ...]]:
    """Read one YAML file.

    `shown` is the path that messages name (relative to where the command runs). With a syntax
    error the document is empty, and the problem names the line; nothing is raised.
    """
    shown = shown or path
    try:
        status = path.stat()
        if not S_ISREG(status.st_mode):  # reading a pipe would wait for ever
            said, fix = "This is not a file", "Put the file itself in its place."
            return Document(shown), (Problem(problems.UNREADABLE, Place(shown), said, fix),)
        if status.st_size > LARGEST_FILE:
            size = f"The file has {status.st_size:,} bytes; the limit is {LARGEST_FILE:,}"
            return Document(shown), (
                Problem(
                    problems.UNREADABLE,
                    Place(shown),
                    size,
                    "Split the file or remove what is not text.",
                ),
            )
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or "unknown reason"
        return Document(shown), (
            Problem(
                problems.UNREADABLE,
                Place(shown),
                f"The file cannot be opened: {reason}",
                problems.UNREADABLE.remedy,
            ),
        )
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return Document(shown), (
            Problem(
                problems.UNREADABLE,
                Place(shown, line),
                "The file is not UTF-8 text",
                "In your editor choose “Save as” and the encoding UTF-8.",
            ),
        )
    return parse(text.replace("\r\n", "\n"), shown)


@lru_cache(maxsize=8)
def parse(text: str, path: Path) -> tuple[Document, tuple[Problem, ...]]:
    """Parse the YAML text of the file `path`; see `read_document`.

    The last are kept: a change is parsed when it is made, tried, and read again.
    """
    text = text.lstrip("\ufeff")  # which libyaml does not count
    empty = Document(path, text=text)
    control = _UNSHOWABLE.search(text)
    if control:
        place = empty.place_at(control.start())
        return empty, (Problem(problems.SYNTAX, place, _CONTROL, problems.SYNTAX.remedy),)
    return _read_values(text, path)


def _read_values(text: str, path: Path) -> tuple[Document, tuple[Problem, ...]]:
    """The values of a text, read again without each mistake until all of them are named."""
    given, mistakes = text, list[Mistake]()
    while True:
        builder = _Builder(path, given, text)
        try:
            data = builder.document()
            break
        except yaml.MarkedYAMLError as error:
            mistake = find_mistake(given, error, builder.last)
            mistakes.append(mistake)
            repaired = mistake.without_mistake(given)
            if repaired == given or len(mistakes) == MOST_MISTAKES:
                return Document(path, text=text), _syntax_problems(mistakes, text, path)
            given = repaired
    if not all(mistake.within_value for mistake in mistakes):
        return Document(path, text=text), _syntax_problems(mistakes, text, path)
    found = (*_syntax_problems(mistakes, text, path), *builder.problems)
    refused = frozenset(builder.refused)
    document = Document(path, data, text, builder.spans, builder.keys, refused)
    if not mistakes:
        return document, (*found, *_lost_text(document, builder))
    for loc, (start, end) in reversed(builder.spans.items()):  # a list from its end
        if loc and start == end and any(_is_cut(text, start, one.cut) for one in mistakes):
            document = document.without(loc)
    return document, found


def _is_cut(text: str, index: int, cut: tuple[int, int]) -> bool:
    """Whether an empty value is what was left of one that was cut out."""
    return index <= cut[1] and not text[index : cut[0]].strip(" ")


def _syntax_problems(mistakes: Sequence[Mistake], text: str, path: Path) -> tuple[Problem, ...]:
    empty = Document(path, text=text)
    return tuple(
        Problem(
            mistake.kind,
            empty.place_at(mistake.index),
            mistake.message,
            mistake.fix,
            lines=show_lines(text, mistake.index, mistake.corrected),
        )
        for mistake in sorted(mistakes, key=lambda mistake: mistake.index)
    )


def _lost_text(document: Document, builder: _Builder) -> Iterator[Problem]:
    if not may_lose_text(document.text):
        return
    for lost in find_lost_text(document.text, builder.scalars):
        words = lost.words if len(lost.words) <= 60 else f"{lost.words[:59]}…"
        kind, message = (
            problems.TEXT_CUT,
            f"“{words}” is a comment for YAML, and is printed nowhere",
        )
        fix = ""
        if lost.is_quoted:
            kind = problems.QUOTES_IN_VALUE
            message = "The curly quotation marks are part of the value, and are printed"
        elif lost.is_sign:
            message = f"“{words}” is a sign of YAML here, so the text is empty"
            fix = "Put it in quotation marks."
        shown = show_lines(document.text, lost.index, lost.corrected)
        place = document.place_at(lost.index)
        yield Problem(kind, place, message, fix or kind.remedy, lines=shown)


def _place(path: Path, mark: yaml.Mark) -> Place:
    return Place(path, mark.line + 1, mark.column + 1)


def _describe_tag(tag: str) -> str:
    return f"A tag (“{_UNSHOWABLE.sub('?', tag)[:60]}”)"


def _scalar_of(event: yaml.ScalarEvent, is_text: bool, is_key: bool) -> Scalar:
    start, end = event.start_mark.index, event.end_mark.index
    return Scalar(start, end, event.style or "", is_text, is_key)


class _Builder:
    """Walks the events of libyaml once and fills values, places and problems.

    Its methods raise yaml.MarkedYAMLError where the text is no YAML.
    """

    def __init__(self, path: Path, text: str, whole: str) -> None:
        """`whole` is the text as it was before mistakes were taken out of it."""
        self.path, self.text = path, whole
        self.spans: dict[Loc, tuple[int, int]] = {}
        self.keys: dict[Loc, int] = {}
        self.problems: list[Problem] = []
        self.read: list[tuple[yaml.ScalarEvent, bool, bool]] = []
        """Each key and value: its event, whether it is text, and whether it is a key."""
        self.refused: list[Loc] = []
        self.separated = any(chr(separator) in text for separator in _SEPARATORS)
        self.given = given = text.translate(_SEPARATORS) if self.separated else text
        self.events: Iterator[yaml.Event] = yaml.parse(given, yaml.CSafeLoader)

    def document(self) -> Any:
        """The values of the one document that the text holds."""
        next(self.events)  # the start of the stream
        event, data = next(self.events), None
        if isinstance(event, yaml.DocumentStartEvent):
            if event.version or event.tags:  # values would no longer mean what they say
                at = re.search(r"^%", self.text, re.MULTILINE)
                place = Document(self.path, text=self.text).place_at(at.start() if at else 0)
                self.problems.append(Problem(problems.SYNTAX, place, DIRECTIVE, DIRECTIVE_FIX))
            data = self.value(next(self.events), ())
            next(self.events)  # the end of the document
            event = next(self.events)
        if not isinstance(event, yaml.StreamEndEvent):
            said = "a second document begins in the same file"
            raise yaml.MarkedYAMLError(problem=said, problem_mark=event.start_mark)
        if data is None and not self.problems:
            message, fix = "The file is empty", "Write its content, or delete it."
            self.problems.append(Problem(problems.SYNTAX, Place(self.path), message, fix))
        return data

    def value(self, event: yaml.Event, loc: Loc) -> Any:
        """The value that begins with `event`; None, with a problem, where it is refused."""
        self.spans[loc] = event.start_mark.index, event.end_mark.index
        _check_depth(event, len(loc))
        if event.anchor:
            return self._refuse(event, loc, f"An anchor or alias (“{event.anchor[:60]}”)")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, loc)
        if event.tag and event.tag not in _COLLECTIONS:
            return self._refuse(event, loc, _describe_tag(event.tag))
        if isinstance(event, yaml.MappingStartEvent):
            if self.text.startswith("{{", event.start_mark.index):
                return self._refuse(event, loc, "A value cannot begin with “{{”")
            return self._mapping(event, loc)
        return tuple(
            self.value(entry, (*loc, place)) for place, entry in enumerate(self._parts(event, loc))
        )

    def _parts(self, collection: yaml.Event, loc: Loc) -> Iterator[yaml.Event]:
        """The first event of each part of a collection; its end is kept with its place."""
        for event in self.events:
            if isinstance(event, yaml.CollectionEndEvent):
                self.spans[loc] = collection.start_mark.index, event.end_mark.index
                return
            yield event

    def _mapping(self, mapping: yaml.Event, loc: Loc) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for event in self._parts(mapping, loc):
            if isinstance(event, yaml.CollectionStartEvent):
                self._refuse(event, loc, "A key that is itself a list or mapping")
            elif self._is_after_question_mark(event):
                self._refuse(event, loc, "A question mark before a key, which YAML leaves out")
            elif event.anchor or _UNSHOWABLE.search(event.value):
                self._refuse(event, loc, "A key that is not plain text")
            elif (key := self._text(event)) in values:
                first = self.text.count("\n", 0, self.keys[*loc, key]) + 1
                message = f"The key “{key}” is here twice; the first is in line {first}"
                self._refuse(event, loc, message, problems.REPEATED_KEY)
            else:
                self.keys[*loc, key] = event.start_mark.index
                self.read.append((event, True, True))
                values[key] = self.value(next(self.events), (*loc, key))
                continue
            self._skip(next(self.events), len(loc) + 1)
        return values

    def _is_after_question_mark(self, key: yaml.Event) -> bool:
        """Whether a key is written `? key` or, between brackets, `?key`; YAML has it without."""
        before = key.start_mark.index - 1
        while before > 0 and self.given[before] in " \t":
            before -= 1
        return before >= 0 and self.given[before] == "?"

    def _scalar(self, event: yaml.ScalarEvent, loc: Loc) -> Any:
        text, tag = self._text(event), _tag_of(event)
        kind = tag.removeprefix("tag:yaml.org,2002:")
        self.read.append((event, kind == "str", False))
        if kind not in PLAIN:
            return self._refuse(event, loc, _describe_tag(tag))
        if _UNSHOWABLE.search(text):
            return self._refuse(event, loc, _CONTROL)
        if kind in ("int", "float") and sum(map(str.isdigit, text)) > LONGEST_NUMBER:
            return self._refuse(event, loc, f"A number of more than {LONGEST_NUMBER} digits")
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        if kind == "int" and re.fullmatch(r"[-+]?\d+", text):
            return int(text)
        if kind == "float" and re.fullmatch(r"[-+]?\d*\.?\d+", text):
            return float(text)
        if kind == "timestamp":
            try:
                return datetime.date.fromisoformat(text)
            except ValueError:
                return text
        return text

    @property
    def last(self) -> Scalar | None:
        """The last key or value that was read."""
        return _scalar_of(*self.read[-1]) if self.read else None

    @property
    def scalars(self) -> list[Scalar]:
        """Every key and value, in their order."""
        return [_scalar_of(*one) for one in self.read]

    def _text(self, event: yaml.ScalarEvent) -> str:
        text: str = event.value
        return text.translate(_BACK) if self.separated else text

    def _refuse(
        self, event: yaml.Event, loc: Loc, message: str, kind: problems.Kind = problems.NOT_PLAIN
    ) -> None:
        """Name what begins with `event` as a problem, and pass over it."""
        index = event.start_mark.index
        place, shown = _place(self.path, event.start_mark), show_lines(self.text, index)
        if kind is problems.NOT_PLAIN:
            shown = show_lines(self.text, index, as_block(self.text, index))
            self.refused.append(loc)
        self.problems.append(Problem(kind, place, message, kind.remedy, lines=shown))
        self._skip(event, len(loc))

    def _skip(self, event: yaml.Event, depth: int) -> None:
        """Take the events of the value that begins with `event`, and keep none."""
        inside = depth
        while True:
            _check_depth(event, inside)
            inside += isinstance(event, yaml.CollectionStartEvent)
            inside -= isinstance(event, yaml.CollectionEndEvent)
            if inside <= depth:
                return
            event = next(self.events)


def _check_depth(event: yaml.Event, depth: int) -> None:
    if depth > DEEPEST:
        said = f"it is nested too deeply, in more than {DEEPEST} levels"
        raise yaml.MarkedYAMLError(problem=said, problem_mark=event.start_mark)


def _tag_of(event: yaml.ScalarEvent) -> str:
    """The kind of value: the one that the text names with a tag, or the one that it looks like."""
    if event.tag not in (None, "!"):
        return str(event.tag)
    implied = implied_tags(event.value) if event.implicit[0] else ()
    return next(iter(implied), "tag:yaml.org,2002:str")


def implied_tags(text: str) -> tuple[str, ...]:
    """The kinds of value, other than text, that plain text such as `12` or `null` looks like."""
    return tuple(tag for tag, pattern in _KINDS.get(text[:1], ()) if pattern.match(text))
