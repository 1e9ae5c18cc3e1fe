"""YAML to plain values that know their file, line and column.

A file comes in as text and goes out as a `Document`: mappings as dict, lists as tuple, scalars as
str, int, float, bool, None or date, and beside them the place of every value and every key.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from stat import S_ISREG
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from formulary import problems
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

_ABYSS = re.compile(rf"(?:[\[{{]\s*){{{DEEPEST + 1}}}")

LONGEST_NUMBER = 15
"""Digits. Numbers of content are counted on fingers; Python itself refuses 4,300 of them."""

_UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold (XML 1.0, 2.2) or discourages; YAML's escapes can write it."""


@dataclass(frozen=True)
class Document:
    """One YAML file: its values, and where each stands."""

    path: Path
    data: Any = None
    text: str = ""
    spans: dict[Loc, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Loc, int] = field(default_factory=dict)
    dropped: frozenset[Loc] = frozenset()
    """What was taken out because it was faulty."""

    def place(self, loc: Loc = (), *, key: bool = False) -> Place:
        """The place of the value (or key) at `loc`; the nearest parent's where it has none."""
        for length in range(len(loc), -1, -1):
            start = loc[:length]
            if key and start in self.keys:
                return self._at(self.keys[start])
            if start in self.spans:
                return self._at(self.spans[start][0])
        return Place(self.path, 1, 1)

    def place_of(self, loc: Loc, words: str) -> Place:
        """The place of `words` inside the text at `loc`, however the YAML wraps its lines."""
        if loc in self.spans and words.strip():
            start, end = self.spans[loc]
            pattern = r"\s+".join(re.escape(word) for word in words.split())
            found = re.compile(pattern).search(self.text, start, end)
            if found:
                return self._at(found.start())
        return self.place(loc)

    def with_value(self, loc: Loc, key: str, value: Any) -> Document:
        """The document with `value` under `key` in the mapping at `loc`."""
        return replace(self, data=_changed(self.data, loc, {key: value}))

    def without(self, loc: Loc) -> Document:
        """The document without what stands at `loc`; later entries of a list keep their places."""
        *above, last = loc
        depth = len(above)

        def moved(old: Loc) -> Loc | None:
            if old[:depth] != tuple(above) or len(old) <= depth:
                return old
            step = old[depth]
            if step == last:
                return None
            if isinstance(step, int) and isinstance(last, int) and step > last:
                return (*old[:depth], step - 1, *old[depth + 1 :])
            return old

        spans = {new: span for old, span in self.spans.items() if (new := moved(old)) is not None}
        keys = {new: key for old, key in self.keys.items() if (new := moved(old)) is not None}
        dropped = {new for old in self.dropped if (new := moved(old)) is not None} | {loc}
        data = _removed(self.data, loc)
        return replace(self, data=data, spans=spans, keys=keys, dropped=frozenset(dropped))

    def _at(self, index: int) -> Place:
        line = self.text.count("\n", 0, index) + 1
        column = index - (self.text.rfind("\n", 0, index) + 1) + 1
        return Place(self.path, line, column)


def _changed(data: Any, loc: Loc, values: dict[str, Any]) -> Any:
    if not loc:
        return {**data, **values}
    head, rest = loc[0], loc[1:]
    inner = _changed(data[head], rest, values)
    if isinstance(head, int):
        return (*data[:head], inner, *data[head + 1 :])
    return {**data, head: inner}


def _removed(data: Any, loc: Loc) -> Any:
    head, rest = loc[0], loc[1:]
    if isinstance(data, dict) and head in data:
        if rest:
            return {**data, head: _removed(data[head], rest)}
        return {key: value for key, value in data.items() if key != head}
    if isinstance(data, tuple) and isinstance(head, int) and head < len(data):
        middle = (_removed(data[head], rest),) if rest else ()
        return data[:head] + middle + data[head + 1 :]
    return data


_SLIPS = (
    *(YAMLError, RecursionError, ValueError, AssertionError, LookupError),
    *(AttributeError, TypeError, NotImplementedError),
)
"""What ruamel.yaml raises for YAML that hardly anybody writes, such as `%YAML 1.3`."""


Parse = Callable[[str, Path], "tuple[Document, tuple[Problem, ...]]"]
"""What gives the document that YAML text is: `parse`, or what has kept its results."""


def read_document(
    path: Path, shown: Path | None = None, parsed: Parse | None = None
) -> tuple[Document, tuple[Problem, ...]]:
    """Read one YAML file.

    `shown` is the path that messages name (relative to where the command runs); `parsed` stands in
    for `parse`. With a syntax error the document is empty, and the problem names the line; nothing
    is raised.
    """
    shown, parsed = shown or path, parsed or parse
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
    return parsed(text.replace("\r\n", "\n"), shown)


def parse(text: str, path: Path) -> tuple[Document, tuple[Problem, ...]]:
    """Parse YAML text that stands in `path`; see `read_document`."""
    if _ABYSS.search(text):  # which ruamel.yaml takes seconds to refuse
        message = f"More than {DEEPEST} brackets open one inside another"
        problem = Problem(problems.SYNTAX, Place(path), message, problems.SYNTAX.remedy)
        return Document(path, text=text), (problem,)
    try:
        root = YAML(typ="rt", pure=True).compose(text)
    except MarkedYAMLError as error:
        return Document(path, text=text), (_syntax_problem(error, path),)
    except _SLIPS as error:
        said = next(iter(str(error).splitlines()), "") if isinstance(error, YAMLError) else ""
        message = said or "The YAML cannot be read"
        if isinstance(error, RecursionError):
            message = "The file is nested too deeply"
        return Document(path, text=text), (
            Problem(problems.SYNTAX, Place(path), message, problems.SYNTAX.remedy),
        )
    if root is None:
        return Document(path, text=text), (
            Problem(
                problems.SYNTAX,
                Place(path),
                "The file is empty",
                "Write its content, or delete it.",
            ),
        )
    builder = _Builder(path, text)
    data = builder.value(root, ())
    return Document(path, data, text, builder.spans, builder.keys), tuple(builder.problems)


def _syntax_problem(error: MarkedYAMLError, path: Path) -> Problem:
    mark = error.problem_mark or error.context_mark
    said = (error.problem or error.context or "this is not YAML").strip()
    context = error.context_mark
    message, fix = f"The YAML cannot be read here: {said}", problems.SYNTAX.remedy
    if "\\t" in said or "'\t'" in said:
        message = "A tab stands where YAML needs spaces"
        fix = "Replace the tab with spaces; set your editor to insert spaces."
    elif "quoted scalar" in (error.context or "") and context is not None:
        mark, message = context, "A quotation mark opens here and never closes"
        fix = "Close the quotation mark at the end of the value."
    elif "mapping values are not allowed" in said:
        message = "A second colon on one line, or a line that is indented wrongly"
        fix = "Put the whole value in quotation marks, or line it up with its neighbours."
    place = Place(path, mark.line + 1, mark.column + 1) if mark else Place(path)
    return Problem(problems.SYNTAX, place, message, fix)


def _tagged(tag: object) -> str:
    return f"A tag (“{_UNSHOWABLE.sub('?', str(tag))[:60]}”)"


class _Builder:
    """Walks the node tree once and fills values, places and problems."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text
        self.spans: dict[Loc, tuple[int, int]] = {}
        self.keys: dict[Loc, int] = {}
        self.problems: list[Problem] = []

    def value(self, node: Node, loc: Loc) -> Any:
        self.spans[loc] = (node.start_mark.index, node.end_mark.index)
        if len(loc) > DEEPEST:
            self._refuse(problems.SYNTAX, node, f"More than {DEEPEST} levels of nesting")
            return None
        if node.anchor:
            self._refuse(problems.NOT_PLAIN, node, f"An anchor or alias (“{node.anchor[:60]}”)")
            return None
        if isinstance(node, MappingNode | SequenceNode) and node.tag not in _COLLECTIONS:
            self._refuse(problems.NOT_PLAIN, node, _tagged(node.tag))
            return None
        if isinstance(node, MappingNode):
            return self._mapping(node, loc)
        if isinstance(node, SequenceNode):
            return tuple(self.value(child, (*loc, i)) for i, child in enumerate(node.value))
        assert isinstance(node, ScalarNode)
        return self._scalar(node)

    def _mapping(self, node: MappingNode, loc: Loc) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                self._refuse(problems.NOT_PLAIN, key_node, "A key that is itself a list or mapping")
                continue
            key = str(key_node.value)
            if key_node.anchor or _UNSHOWABLE.search(key):
                self._refuse(problems.NOT_PLAIN, key_node, "A key that is not plain text")
                continue
            if key in values:
                self._refuse(problems.REPEATED_KEY, key_node, f"The key “{key}” stands twice here")
                continue
            self.keys[*loc, key] = key_node.start_mark.index
            values[key] = self.value(value_node, (*loc, key))
        return values

    def _scalar(self, node: ScalarNode) -> Any:
        tag, text = str(node.tag or ""), str(node.value)
        if node.style == ">":
            text = text.replace("\a", "")  # ruamel.yaml's own mark for where a folded line breaks
        kind = tag.rpartition(":")[2]
        if tag.removeprefix("tag:yaml.org,2002:") not in PLAIN:
            self._refuse(problems.NOT_PLAIN, node, _tagged(tag))
            return None
        if _UNSHOWABLE.search(text):
            self._refuse(problems.NOT_PLAIN, node, "A control character that no document can show")
            return None
        if kind in ("int", "float") and sum(map(str.isdigit, text)) > LONGEST_NUMBER:
            self._refuse(problems.NOT_PLAIN, node, f"A number of more than {LONGEST_NUMBER} digits")
            return None
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

    def _refuse(self, kind: problems.Kind, node: Node, message: str) -> None:
        mark = node.start_mark
        place = Place(self.path, mark.line + 1, mark.column + 1)
        self.problems.append(Problem(kind, place, message, kind.remedy))
