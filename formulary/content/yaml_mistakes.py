"""Say what is wrong with a YAML file to someone who writes texts, and how to write it instead.

libyaml names the place where it gave up, often a line or more after the mistake, in words about
tokens. `find_mistake` looks for what the writer did. `find_lost_text` finds what is right for YAML
and wrong for the writer: text that became a comment, quotation marks that became part of a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import yaml

from formulary import problems
from formulary.words import BULLETS

_KEY = r"(?P<key>[A-Za-z_][\w-]*|\"[^\"]*\"|'[^']*'):(?: +|$)"
_ENTRY = re.compile(rf"(?P<indent> *)(?P<hyphens>(?:- +)*)(?:{_KEY})?(?P<value>.*)")
_UNSEEN = "\u00a0\u2002-\u200b\u202f\u205f\u3000\ufeff"
"""Spaces that look like one and are none to YAML; Word, web pages and messengers write them."""

_UNSEEN_INDENT = re.compile(rf" *([{_UNSEEN}])")
_UNSEEN_GAP = re.compile(rf"\s*(?:- +)*(?:[\w-]+:|-) *([{_UNSEEN}])")
_WIDE_COLON = re.compile(r" *(?:- +)*[A-Za-z][\w-]*([\uff1a\ufe55\ua789])")
_BULLET = re.compile(rf" *([–—·*o{BULLETS}])[ \u00a0\t]")
_NO_SPACE = re.compile(r" *(?:- +)*[A-Za-z_][\w-]*(:)(?!//)[^\s:]")
_COMMENT = re.compile(r"(?:^|(?<=[ \t\n]))#[^\n]*")
_COMMENTED_ENTRY = re.compile(r"#(?:- *)?[A-Za-z_][\w-]*:(?: |$)|#- ")
_BLOCK_MARK = re.compile(r"[|>][-+0-9]*[ \t]*")
_SUSPECT = re.compile(
    r"(?m)(?<!^)(?:[^ ] |\t| )#(?! )|[^ \n] # |^ +#[^ \n]|[:-] +(?:[“„«‘]|[|>]\d\s*$)"
)
_CURLY = re.compile(r"([“„«])[^“”„«»]*([”“»])|(‘)[^‘]*(’)")

_BARE_SIGN = re.compile(r"[|>]\d")
"""How a block begins that says its indent; alone, as in “>5”, it is words that were typed."""

_QUOTING = ("about",)
"""Keys whose value may be a quotation: a note says so which words of a document it is about."""

_SIGNS = ("while scanning an alias", "while scanning an anchor", "while scanning a tag")
"""What libyaml does where a sign begins what then is no alias, anchor or tag, as in `*must*`."""

PUT_BELOW = "Put “|-” after the colon and the text on the next line, as below."
_OR_BELOW = f"{PUT_BELOW[0].lower()}{PUT_BELOW[1:]}"
_LONGEST_LINE = 100
"""Characters of a line that a message shows."""


@dataclass(frozen=True)
class Mistake:
    """One mistake in the text of a file: where it is, what it is, and how to write it.

    `corrected` are the lines to write instead, where they are known. `cut` is the part of the text
    to replace (`without_mistake`), so that the rest can be read; where it is `within_value`, only
    the value of one entry is lost, and all else keeps its place.
    """

    index: int
    message: str
    fix: str
    cut: tuple[int, int] = (0, 0)
    within_value: bool = False
    corrected: str = ""
    kind: problems.Kind = problems.SYNTAX

    def without_mistake(self, text: str) -> str:
        """The text without the mistake, with every line and character in its place."""
        start, end = self.cut
        return text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]


@dataclass(frozen=True)
class Scalar:
    """A plain, quoted or block value, or a key, where it is in the text; `style` is libyaml's."""

    start: int
    end: int
    style: str
    is_text: bool = True
    is_key: bool = False


@dataclass(frozen=True)
class _Entry:
    """A key or a list entry with its value, which may go on over lines indented further."""

    line: int
    column: int
    """Where its key begins, or its last hyphen where it has no key."""
    key: str
    start: int
    """The index of its value."""
    end: int
    head: str
    value: str

    def in_block(self, value: str = "") -> str:
        """The entry with its value as a block text, which may hold any sign."""
        lines = [line.strip() for line in (value or self.value).strip().split("\n")]
        indent = " " * (self.column + 2)
        return "\n".join([f"{self.head.rstrip()} |-", *(indent + line for line in lines if line)])


@dataclass(frozen=True)
class _Case:
    """A file that libyaml gave up on."""

    text: str
    error: yaml.MarkedYAMLError
    last: Scalar | None
    """The last key or value that was read."""

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def starts(self) -> list[int]:
        starts = [0]
        for line in self.lines:
            starts.append(starts[-1] + len(line) + 1)
        return starts

    @cached_property
    def at(self) -> int:
        mark = self.error.problem_mark or self.error.context_mark
        return min(int(mark.index), len(self.text))

    @cached_property
    def begun(self) -> int:
        """Where what libyaml was reading began."""
        mark = self.error.context_mark or self.error.problem_mark
        return min(int(mark.index), len(self.text))

    @property
    def said(self) -> str:
        return self.error.problem or ""

    @property
    def context(self) -> str:
        return self.error.context or ""

    def line_of(self, index: int) -> int:
        return self.text.count("\n", 0, index)

    @cached_property
    def line(self) -> int:
        return self.line_of(self.at)

    def line_before(self, line: int) -> int:
        """The nearest line above that is not empty and no comment; -1 where there is none."""
        above = range(line - 1, -1, -1)
        return next((n for n in above if self.lines[n].lstrip()[:1] not in ("", "#")), -1)

    def is_entry(self, line: int) -> bool:
        match = _ENTRY.match(self.lines[line])
        return bool(match and (match["key"] or match["hyphens"]))

    def has_key(self, line: int) -> bool:
        match = _ENTRY.match(self.lines[line])
        return bool(match and match["key"])

    def entry(self, line: int) -> _Entry:
        """The entry that a line is in."""
        first = next((n for n in range(line, -1, -1) if self.is_entry(n)), line)
        match = _ENTRY.match(self.lines[first])
        assert match  # it matches any line
        column = match.start("key") if match["key"] else max(0, len(match[1] + match[2]) - 2)
        end = first + 1
        while end < len(self.lines) and (
            not self.lines[end].strip() or _indent(self.lines[end]) > column
        ):
            end += 1
        start = self.starts[first] + match.start("value")
        stop = self.starts[end] - 1
        head = self.lines[first][: match.start("value")]
        value = self.text[start:stop].rstrip()
        return _Entry(first, column, match["key"] or "", start, start + len(value), head, value)

    def mistake_in_value(
        self, entry: _Entry, index: int, message: str, fix: str = PUT_BELOW, value: str = ""
    ) -> Mistake:
        """A mistake in the value of an entry, which a block text would hold without harm."""
        cut = (entry.start, max(entry.end, index + 1))
        corrected = entry.in_block(value)
        return Mistake(index, message, fix, cut, within_value=True, corrected=corrected)

    def mistake_in_line(
        self, line: int, message: str, fix: str, index: int = -1, corrected: str = ""
    ) -> Mistake:
        """A mistake in how a line is placed; what is under it goes with it."""
        entry, end = self.entry(line), self.starts[line + 1] - 1
        cut = (self.starts[line], max(entry.end, end) if entry.line == line else end)
        index = index if index >= 0 else self.first_letter(line)
        return Mistake(index, message, fix, cut, corrected=corrected)

    def first_letter(self, line: int) -> int:
        """The index at which the words of a line begin."""
        return self.starts[line] + _indent(self.lines[line])

    def mistake_in_text(self, line: int, message: str, fix: str, corrected: str) -> Mistake:
        """A mistake in lines of text, from a line to the next entry or blank line."""
        cut = (self.starts[line], self.starts[self.end_of_text(line)] - 1)
        index = self.first_letter(line)
        return Mistake(index, message, fix, cut, within_value=True, corrected=corrected)

    def end_of_text(self, line: int) -> int:
        """The first line below a line of text that is blank, an entry or the last."""
        end = line + 1
        while end < len(self.lines) - 1 and self.lines[end].strip() and not self.is_entry(end):
            end += 1
        return end


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def find_mistake(text: str, error: yaml.MarkedYAMLError, last: Scalar | None) -> Mistake:
    """What the writer did that libyaml stopped at; `last` is the last scalar that it read."""
    case = _Case(text, error, last)
    for rule in _RULES:
        if mistake := rule(case):
            return mistake
    return case.mistake_in_line(
        case.line,
        "This line does not fit what is above it",
        "Compare it with the lines around it: the spaces at its start, its colon, its quotation "
        "marks.",
        case.at,
    )


def as_block(text: str, index: int) -> str:
    """The entry at `index` with its value as a block text; empty where it has no value."""
    case = _Case(text, yaml.MarkedYAMLError(), None)
    entry = case.entry(case.line_of(index))
    return entry.in_block() if entry.value and (entry.key or entry.head.strip()) else ""


def _find_unshowable(case: _Case) -> Mistake | None:
    if "invalid Unicode character" not in case.said:
        return None
    kind = problems.NOT_PLAIN
    return Mistake(
        case.begun, "A control character that no document can show", kind.remedy, kind=kind
    )


DIRECTIVE = "A line that begins with “%” is an instruction to YAML, which Formulary does not need"
DIRECTIVE_FIX = "Delete the line. If it is text, put it under a key, after “|-”."


def _find_directive(case: _Case) -> Mistake | None:
    for line in (case.line, case.line_before(case.line)):
        if line >= 0 and case.lines[line].startswith("%"):
            return case.mistake_in_line(line, DIRECTIVE, DIRECTIVE_FIX)
    return None


def _find_unseen(case: _Case) -> Mistake | None:
    for line in (case.line, case.line_before(case.line)):
        if line < 0:
            continue
        for pattern, where in (
            (_UNSEEN_INDENT, "at the start of this line"),
            (_UNSEEN_GAP, "after the colon or hyphen"),
        ):
            if match := pattern.match(case.lines[line]):
                index = case.starts[line] + match.start(1)
                message = f"The space {where} is not a plain one, as in text copied from Word"
                fix = "Delete it and type a space."
                end = case.starts[line + 1] - 1
                while index < end and re.match(f"[ {_UNSEEN}]", case.text[end - 1 : end]):
                    end -= 1
                stop = index + 1
                while re.match(f"[{_UNSEEN}]", case.text[stop : stop + 1]):
                    stop += 1
                return Mistake(index, message, fix, (index, stop), within_value=True)
        if match := _WIDE_COLON.match(case.lines[line]):
            index = case.starts[line] + match.start(1)
            message = f"“{match[1]}” looks like a colon, and is another letter"
            fix = "Delete it and type a colon and a space."
            return case.mistake_in_line(line, message, fix, index)
    return None


def _find_tab(case: _Case) -> Mistake | None:
    line = case.lines[case.line]
    upto = line[: case.at - case.starts[case.line] + 1]
    if not ("tab character" in case.said or re.search(r"^ *\t|\t$", upto)):
        return None
    column = line.find("\t")
    index = case.starts[case.line] + column if column >= 0 else case.at
    stop = index
    while case.text[stop : stop + 1] == "\t":
        stop += 1
    message = "A tab is used where YAML needs spaces"
    fix = "Replace the tab with spaces; set your editor to insert spaces."
    if column > _indent(line):
        return Mistake(index, message, fix, (index, stop), within_value=True)
    return case.mistake_in_line(case.line, message, fix, index)


def _find_open_quote(case: _Case) -> Mistake | None:
    scanning = case.context in ("while scanning a quoted scalar", "while parsing a quoted scalar")
    if scanning and "escape" in case.said:
        entry = case.entry(case.line)
        quoted = entry.value[:1] in ("'", '"')
        value = entry.value.strip().strip('"') if quoted else entry.value
        message = "A backslash between straight quotation marks has a special meaning in YAML"
        return case.mistake_in_value(entry, case.at, message, value=value)
    last = case.last
    start = case.begun if scanning else -1
    if not scanning and last and last.style in ("'", '"'):
        column = case.entry(case.line_of(last.start)).column
        inside = range(case.line_of(last.start) + 1, case.line_of(last.end) + 1)
        if any(case.is_entry(n) and _indent(case.lines[n]) <= column for n in inside):
            start = last.start
    if start < 0:
        return None
    entry = case.entry(case.line_of(start))
    value = entry.value
    if value.count(text_quote := case.text[start]) == 1 and start == entry.start:
        value = value.replace(text_quote, "")
    message = "A quotation mark opens here and never closes"
    fix = f"Close it at the end of the value. Or: {_OR_BELOW}"
    return case.mistake_in_value(entry, start, message, fix, value)


def _find_text_after_quote(case: _Case) -> Mistake | None:
    last = case.last
    if not last or last.style not in ("'", '"') or case.text[last.end : case.at].strip(" "):
        return None
    entry = case.entry(case.line_of(last.start))
    if entry.start != last.start:
        return None
    quote, value = case.text[last.start], entry.value
    second = value.find(quote, 1)
    inner_opens = second > 0 and value[second - 1] == " "
    if value.endswith(quote) and (value.count(quote) % 2 or inner_opens):
        value = value[1:-1]
    message = (
        "The value begins with a quotation mark, so for YAML it ends at the next one, and the text "
        "goes on"
    )
    return case.mistake_in_value(entry, case.at, message, value=value)


def _find_cut_text(case: _Case) -> Mistake | None:
    last = case.last
    if not last or last.style not in ("", "'", '"'):
        return None
    between = re.match(r"([ \t]+)#[^\n]*\n[\s]*\Z", case.text[last.end : case.at])
    if not between:
        return None
    entry = case.entry(case.line_of(last.start))
    index = last.end + len(between[1])
    message = "“ #” begins a comment, which cuts this text in two"
    return case.mistake_in_value(entry, index, message)


def _find_bracket(case: _Case) -> Mistake | None:
    entry = case.entry(case.line_of(case.begun) if "flow" in case.context else case.line)
    sign = entry.value[:1]
    if sign not in ("[", "{") or not sign:
        return None
    if entry.value.startswith("{{"):
        message = "A value cannot begin with “{{”"
    elif "flow" in case.context and {"[": "]", "{": "}"}[sign] not in entry.value:
        message = f"A bracket “{sign}” opens here and never closes"
        fix = f"Close it. If it is part of the text: {_OR_BELOW}"
        return case.mistake_in_value(entry, entry.start, message, fix)
    else:
        message = f"A text cannot begin with “{sign}”, which begins a list for YAML"
    return case.mistake_in_value(entry, entry.start, message)


def _find_first_sign(case: _Case) -> Mistake | None:
    stopped = (
        "cannot start any token" in case.said
        or case.context in _SIGNS
        or "block sequence entries are not allowed" in case.said
        or "mapping keys are not allowed" in case.said
        or "did not find expected node content" in case.said
        or case.context in ("while scanning a block scalar", "while scanning a directive")
    )
    if not stopped:
        return None
    index = case.begun if case.context in _SIGNS else case.at
    entry = case.entry(case.line_of(index))
    value = entry.value
    if case.context == "while scanning a block scalar" and value[:1] in ("|", ">"):
        message = f"The text begins on the line of “{value[0]}”"
        fix = "Put the text on the next line, as below."
        text = _BLOCK_MARK.sub("", value, count=1)
        return case.mistake_in_value(entry, entry.start, message, fix, text)
    sign = case.text[index : index + 1]
    message = f"A value cannot begin with “{sign}”"
    line = case.line_of(index)
    if not case.is_entry(line) and index == case.first_letter(line):
        above = case.line_before(line)
        if above >= 0 and case.entry(above).value:
            return _misplaced_text(case, line, f"A line cannot begin with “{sign}” here")
        return case.mistake_in_line(line, f"A line cannot begin with “{sign}”", "Delete it.", index)
    return case.mistake_in_value(entry, index, message)


def _find_colon(case: _Case) -> Mistake | None:
    if "mapping values are not allowed" not in case.said:
        return None
    entry, above = case.entry(case.line), case.line_before(case.line)
    in_value = entry.line < case.line or case.at >= entry.start
    if in_value and (entry.key or entry.head.strip()):
        message = "A colon is inside the text, and for YAML it begins a new entry"
        return case.mistake_in_value(entry, case.at, message)
    if above < 0:
        return None
    match = _NO_SPACE.match(case.lines[above])
    if match and not case.has_key(above):
        return _unspaced_colon(case, above, match)
    before = case.entry(above)
    if not case.is_entry(above) and before.line == above:
        return _without_colon(case, above)
    if _indent(case.lines[case.line]) <= before.column:
        return None
    here = entry.key or case.lines[case.line].strip()
    named = f"“{before.key}” above has" if before.key else "the entry above has"
    message = f"This line is indented further than its neighbours, and {named} a value already"
    if not before.key:
        fix = (
            f"Give the text above a key, such as “text:”, or line “{here}” up with its neighbours."
        )
        return case.mistake_in_line(case.line, message, fix)
    fix = f"Line “{here}” up with the keys beside it. If it is text of “{before.key}”: {_OR_BELOW}"
    return case.mistake_in_value(before, case.first_letter(case.line), message, fix)


def _unspaced_colon(case: _Case, line: int, match: re.Match[str]) -> Mistake:
    head = case.lines[line][: match.end(1)]
    tail = case.lines[line][match.end(1) :]
    index = case.starts[line] + match.start(1)
    message, fix = "There is no space after the colon", "Put a space after it, as below."
    return case.mistake_in_line(line, message, fix, index, f"{head} {tail}")


def _without_colon(case: _Case, line: int) -> Mistake:
    words = case.lines[line].strip()
    bullet = _BULLET.match(case.lines[line])
    index = case.first_letter(line)
    if bullet:
        message = f"“{bullet[1]}” does not begin an entry of a list"
        fix = "Write a hyphen and a space, as below."
        spaces = " " * _indent(case.lines[line])
        corrected = f"{spaces}- {case.lines[line][bullet.end() :].strip()}"
        return case.mistake_in_line(line, message, fix, index, corrected)
    if re.match(r"-[^\s-]", words):
        message, fix = "There is no space after the hyphen", "Write a hyphen and a space."
        corrected = f"{' ' * _indent(case.lines[line])}- {words[1:]}"
        return case.mistake_in_line(line, message, fix, index, corrected)
    if match := _NO_SPACE.match(case.lines[line]):
        return _unspaced_colon(case, line, match)
    above = case.line_before(line)
    before = case.entry(above) if above >= 0 else None
    lacks_colon = re.match(r"[a-z][a-z_-]* (?=[A-Z0-9“\"\[])|[a-z_-]+ ?=", words)
    goes_on = before and before.value and before.value[:1] not in ("[", "{")
    if goes_on and not lacks_colon:
        return _misplaced_text(case, line, "This line has no key, and is not indented as text")
    first = re.split(r"[\s=]+", words, maxsplit=1)[0]
    message = "This line has no colon after its key"
    return case.mistake_in_line(line, message, f"Write “{first}: ” and its value.", index)


def _misplaced_text(case: _Case, line: int, message: str) -> Mistake:
    """A line of text that is not under the entry that it goes on with."""
    before = case.entry(case.line_before(line))
    text = case.text[before.start : case.starts[case.end_of_text(line)] - 1]
    value = _BLOCK_MARK.sub("", text, count=1) if text[:1] in ("|", ">") else text
    fix = f"If it goes on with “{before.key or before.value[:20]}” above, write it as below."
    return case.mistake_in_text(line, message, fix, before.in_block(value))


def _find_missing_colon(case: _Case) -> Mistake | None:
    if "could not find expected ':'" not in case.said:
        return None
    return _without_colon(case, case.line_of(case.begun))


def _find_indent(case: _Case) -> Mistake | None:
    wanted = ("did not find expected key", "expected '-' indicator", "expected <document start>")
    if not any(words in case.said for words in wanted) or case.line >= len(case.lines):
        return None
    line, last = case.line, case.last
    here = case.lines[line]
    if "\ufeff" in here or not here.strip():
        return None
    if last and last.style in ("|", ">") and not case.has_key(line):
        first = case.line_of(last.start) + 1
        wide = _indent(case.lines[first])
        message = "This line is indented less than the text that it belongs to"
        fix = f"Indent it with {wide} spaces, like the lines of the text above."
        return case.mistake_in_text(line, message, fix, f"{' ' * wide}{here.strip()}")
    if not case.is_entry(line):
        return _without_colon(case, line)
    if "'-' indicator" in case.said and not here.lstrip().startswith("-"):
        wide = _indent(here) + 2
        message = "This line is beside the entries of a list, and does not begin with a hyphen"
        fix = (
            f"If it belongs to the entry above, indent it with {wide} spaces. If it is an entry, "
            "begin it with “- ”."
        )
        return case.mistake_in_line(line, message, fix)
    is_listed = here.lstrip().startswith("- ")
    beside = _nearest_neighbour(case, line, is_listed)
    width = _indent(here)
    message = f"This line begins after {_spaces(width)}, unlike the lines that it could be beside"
    if "document start" in case.said:
        message = "The first line is indented, and this one is not"
        fix = "Delete the spaces at the start of the lines above."
    elif beside is None:
        fix = "Line it up with the lines around it."
    else:
        near = _indent(case.lines[beside])
        named = case.lines[beside].strip().partition(":")[0][:30]
        fix = f"Line it up with “{named}” in line {beside + 1}, with {_spaces(near)}."
    return case.mistake_in_line(line, message, fix)


def _spaces(count: int) -> str:
    return {0: "no spaces", 1: "1 space"}.get(count, f"{count} spaces")


def _nearest_neighbour(case: _Case, line: int, is_listed: bool) -> int | None:
    """The line above, of the same sort, whose start is nearest to that of a line."""
    width, best = _indent(case.lines[line]), None
    for above in range(line - 1, max(-1, line - 60), -1):
        words = case.lines[above].lstrip()
        if not case.is_entry(above) or words.startswith("- ") != is_listed:
            continue
        away = abs(_indent(case.lines[above]) - width)
        if away and (best is None or away < abs(_indent(case.lines[best]) - width)):
            best = above
    return best


def _find_second_document(case: _Case) -> Mistake | None:
    if "second document" not in case.said:
        return None
    message = "A second document begins in the same file here: a line of three hyphens"
    return Mistake(case.at, message, "Delete the line of hyphens.")


def _find_depth(case: _Case) -> Mistake | None:
    if "nested too deeply" not in case.said:
        return None
    return Mistake(
        case.at, case.said[0].upper() + case.said[1:], "Look whether it is the right file."
    )


_RULES: tuple[Callable[[_Case], Mistake | None], ...] = (
    _find_second_document,
    _find_depth,
    _find_unshowable,
    _find_directive,
    _find_unseen,
    _find_tab,
    _find_open_quote,
    _find_text_after_quote,
    _find_cut_text,
    _find_bracket,
    _find_first_sign,
    _find_colon,
    _find_missing_colon,
    _find_indent,
)


@dataclass(frozen=True)
class LostText:
    """What YAML reads otherwise than it was written: where, and as which kind of loss."""

    index: int
    words: str
    corrected: str = ""
    is_quoted: bool = False
    is_sign: bool = False


def may_lose_text(text: str) -> bool:
    """Whether `find_lost_text` could find anything: quick, and no for most files."""
    return bool(_SUSPECT.search(text))


def find_lost_text(text: str, scalars: list[Scalar]) -> Iterator[LostText]:
    """Text that became a comment, and curly quotation marks that became part of a value.

    `scalars` are all keys and values of the text, in their order.
    """
    case = _Case(text, yaml.MarkedYAMLError(), None)
    ends = [scalar.start for scalar in scalars[1:]] + [len(text)]
    for scalar, next_start in zip(scalars, ends, strict=True):
        value = text[scalar.start : scalar.end]
        if not scalar.is_key and not scalar.style and _is_in_curly_marks(value):
            entry = case.entry(case.line_of(scalar.start))
            if entry.key not in _QUOTING:
                corrected = f"{entry.head}{value[1:-1]}"
                yield LostText(scalar.start, value, corrected, is_quoted=True)
        if scalar.style in ("|", ">") and _BARE_SIGN.fullmatch(value.strip()):
            head = case.entry(case.line_of(scalar.start)).head
            yield LostText(scalar.start, value.strip(), f'{head}"{value.strip()}"', is_sign=True)
        gap = text[scalar.end : next_start]
        if "#" in gap and not (scalar.is_key and text[scalar.end : scalar.end + 1] != ":"):
            yield from _find_cut(case, scalar, gap)


def _is_in_curly_marks(value: str) -> bool:
    return bool(value) and bool(_CURLY.fullmatch(value.strip()))


def _find_cut(case: _Case, scalar: Scalar, gap: str) -> Iterator[LostText]:
    for match in _COMMENT.finditer(gap):
        words, before = match.group(), gap[: match.start()]
        if len(words) < 2:
            continue
        glued = words[1] not in " \t#!"
        index = scalar.end + match.start()
        entry = case.entry(case.line_of(scalar.start))
        if "\n" not in before and scalar.style not in ("|", ">"):
            typed = case.text[scalar.start : scalar.end]
            spaced = before.endswith(" ") and not before.endswith("  ")
            sentence = scalar.is_text and not scalar.style and len(typed.split()) > 1
            if not (glued and (scalar.is_text or not typed)) and not (sentence and spaced):
                return
            value = f"{typed}{before}{words}".strip()
            yield LostText(index, words, entry.in_block(value.removeprefix(":").strip()))
        elif (
            glued
            and scalar.is_text
            and not before.strip()
            and not _COMMENTED_ENTRY.match(words)
            and index - case.starts[case.line_of(index)] > entry.column
        ):
            yield LostText(index, words)
        return


def show_lines(text: str, index: int, corrected: str = "") -> str:
    """The line at `index` with the ones around it, numbered, and what to write instead."""
    lines, at = text.split("\n"), text.count("\n", 0, index)
    shown = [
        f"{'>' if number == at else ' '} {number + 1:>4} | {_clip(lines[number])}"
        for number in range(max(0, at - 1), min(len(lines), at + 2))
        if number == at or lines[number].strip()
    ]
    if corrected:
        shown += ["  write so:", *(f"       | {_clip(line)}" for line in corrected.split("\n"))]
    return "\n".join(shown)


def _clip(line: str) -> str:
    return line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 1]}…"
