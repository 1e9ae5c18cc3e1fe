"""Change a YAML file at the places of its values, and leave every other character as it is.

Each function takes a document and gives it back, read again from the changed text. What was read
must be the old data with the one change, or `SpliceError` is raised: no text is ever given that
says anything else. Comments, order, layout and line ends of all other lines are kept.
"""

from __future__ import annotations

import datetime
import json
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from formulary.content.relaying import relay_lines
from formulary.content.source import Document, Loc, implied_tags, parse
from formulary.problems import errors_in

WIDTH = 100
"""Columns to which a text is wrapped."""


class SpliceError(ValueError):
    """A change that cannot be made without touching more than itself; its words say why."""


@dataclass(frozen=True)
class Splice:
    """`text` replaces the characters from `start` to `end`."""

    start: int
    end: int
    text: str


def splice(text: str, splices: Iterable[Splice]) -> str:
    """The text with all the splices, which do not overlap."""
    for found in sorted(splices, key=lambda found: found.start, reverse=True):
        text = text[: found.start] + found.text + text[found.end :]
    return text


def encode_like(raw: bytes, text: str) -> bytes:
    r"""The text as bytes with the byte order mark of a file, and with the line ends of its lines.

    A line that was there, or is changed, keeps its line end; a new one has that of the line above.
    """
    mark = b"\xef\xbb\xbf"
    before = raw.removeprefix(mark).decode()
    old, new = before.split("\n"), text.split("\n")
    bare = [line.removesuffix("\r") for line in old]
    made: list[str] = []
    ending = "\r" if old[0].endswith("\r") else ""
    for tag, first, last, start, end in _line_changes(bare, new):
        if tag == "equal":
            made += old[first:last]
            ending = "\r" if made[-1].endswith("\r") else ""
        else:
            for place, line in enumerate(new[start:end], first):
                if place < last:
                    ending = "\r" if old[place].endswith("\r") else ""
                made.append(line + ending)
    made[-1] = new[-1]  # which has no line end
    return (mark if raw.startswith(mark) else b"") + "\n".join(made).encode()


def _line_changes(old: list[str], new: list[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """What became of the lines, as difflib says it; what is equal at both ends costs nothing."""
    most = min(len(old), len(new))
    head = next((n for n in range(most) if old[n] != new[n]), most)
    tail = next((n for n in range(most - head) if old[-1 - n] != new[-1 - n]), most - head)
    if head:
        yield "equal", 0, head, 0, head
    middle = old[head : len(old) - tail], new[head : len(new) - tail]
    for tag, a, b, c, d in SequenceMatcher(None, *middle, autojunk=False).get_opcodes():
        yield tag, a + head, b + head, c + head, d + head
    if tail:
        yield "equal", len(old) - tail, len(old), len(new) - tail, len(new)


def value_at(data: Any, loc: Loc) -> Any:
    """The value at a place; raises KeyError, IndexError or TypeError where there is none."""
    for step in loc:
        data = data[step]
    return data


def set_value(document: Document, loc: Loc, value: Any) -> Document:
    """Put a value in place of the one at `loc`; a text keeps its style and its line breaks."""
    old = value_at(document.data, loc)
    if _is_same(old, value):
        return document
    expected = _replaced(document.data, loc, lambda _: value)
    if isinstance(old, tuple | dict):
        if not _is_flow(document, loc) and old:
            return _set_entries(document, loc, old, value)
        return _try(document, _in_place_of_collection(document, loc, value), expected)
    return _try(document, _scalar_splices(document, loc, value), expected)


def insert(document: Document, loc: Loc, index: int, value: Any) -> Document:
    """Put an entry into the list at `loc`, before the one at `index`."""
    expected = _replaced(document.data, loc, lambda old: (*old[:index], value, *old[index:]))
    return _try(document, _insertion(document, loc, index, value), expected)


def remove(document: Document, loc: Loc) -> Document:
    """Take an entry out of its list, or a key out of its mapping.

    With its last entry a list leaves the mapping that it is in.
    """
    above, last = loc[:-1], loc[-1]
    holder = value_at(document.data, above)
    if len(holder) == 1 and not _is_flow(document, above):
        if above and isinstance(last, int) and isinstance(above[-1], str):
            return remove(document, above)
        raise SpliceError("The last entry cannot be taken out alone.")

    def without(old: Any) -> Any:
        if isinstance(old, tuple):
            assert isinstance(last, int)
            return (*old[:last], *old[last + 1 :])
        return {key: part for key, part in old.items() if key != last}

    expected = _replaced(document.data, above, without)
    return _try(document, [[_removal(document, loc)]], expected)


def move(document: Document, loc: Loc, index: int) -> Document:
    """Put the entry at `loc` of a list to the place `index` of the same list, comments and all."""
    above, last = loc[:-1], loc[-1]
    assert isinstance(last, int)

    def moved(old: tuple[Any, ...]) -> tuple[Any, ...]:
        rest = [*old[:last], *old[last + 1 :]]
        rest.insert(index, old[last])
        return tuple(rest)

    expected = _replaced(document.data, above, moved)
    if index == last:
        return document
    before = index if index < last else index + 1
    if _is_flow(document, above):
        value = value_at(document.data, loc)
        return remove(insert(document, above, before, value), (*above, last + (before <= last)))
    return _try(document, [_block_move(document, loc, above, before)], expected)


def move_into(document: Document, loc: Loc, other: Loc, index: int) -> Document:
    """Put the entry at `loc` of a list to the place `index` of another list, comments and all.

    The comments are lost where the lists are laid out differently.
    """
    above, last = loc[:-1], loc[-1]
    assert isinstance(last, int)
    value = value_at(document.data, loc)
    plain = remove(insert(document, other, index, value), loc)
    if _is_flow(document, above) or _is_flow(document, other):
        return plain
    try:
        return _try(document, [_block_move(document, loc, other, index)], plain.data)
    except SpliceError:
        return plain


def copy(document: Document, loc: Loc, changes: dict[Loc, Any]) -> Document:
    """Put a copy of the entry at `loc` of a list after it; `changes` are made to the copy."""
    above, last = loc[:-1], loc[-1]
    assert isinstance(last, int)
    value = value_at(document.data, loc)
    made = insert(document, above, last + 1, value)
    for inner, changed in changes.items():
        made = set_value(made, (*above, last + 1, *inner), changed)
    return made


def put_key(
    document: Document, loc: Loc, key: str, value: Any, order: Sequence[str] = ()
) -> Document:
    """Put a new key into the mapping at `loc`, after the keys that come before it in `order`."""
    there = list(value_at(document.data, loc))
    earlier = order[: order.index(key)] if key in order else there
    place = max((there.index(found) + 1 for found in earlier if found in there), default=0)

    def with_key(old: dict[str, Any]) -> dict[str, Any]:
        entries = list(old.items())
        entries.insert(place, (key, value))
        return dict(entries)

    expected = _replaced(document.data, loc, with_key)
    return _try(document, _key_splices(document, loc, there, place, key, value), expected)


# ------------------------------------------------------------------------------ the guard


def _try(document: Document, ways: Iterable[list[Splice]], expected: Any) -> Document:
    """The first of the `ways` after which the text says what is expected."""
    for splices in ways:
        text = splice(document.text, splices)
        made, faults = parse(text, document.path)
        if not errors_in(faults) and _is_same(made.data, expected):
            return made
    raise SpliceError("The file cannot be changed here without touching more than this.")


def _is_same(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(_is_same(one[key], other[key]) for key in one)
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(_is_same, one, other))
    return bool(one == other)


def _replaced(data: Any, loc: Loc, change: Callable[[Any], Any]) -> Any:
    if not loc:
        return change(data)
    head, rest = loc[0], loc[1:]
    inner = _replaced(data[head], rest, change)
    if isinstance(head, int):
        return (*data[:head], inner, *data[head + 1 :])
    return {**data, head: inner}


# ------------------------------------------------------------------------------ places


def _column(text: str, index: int) -> int:
    return index - (text.rfind("\n", 0, index) + 1)


def _line_end(text: str, index: int) -> int:
    """Where the line of `index` ends: before its line break."""
    end = text.find("\n", index)
    return len(text) if end < 0 else end


def _is_flow(document: Document, loc: Loc) -> bool:
    return document.text[document.spans[loc][0]] in "[{"


def _within_flow(document: Document, loc: Loc) -> bool:
    """Whether a value is inside brackets, where a line break means nothing."""
    return any(
        isinstance(value_at(document.data, loc[:depth]), tuple | dict)
        and _is_flow(document, loc[:depth])
        for depth in range(len(loc))
        if loc[:depth] in document.spans
    )


def _content_end(document: Document, loc: Loc) -> int:
    """Where a value ends, without the blank lines and comments below it."""
    start, end = document.spans[loc]
    value = value_at(document.data, loc)
    if isinstance(value, tuple | dict) and value and not _is_flow(document, loc):
        last = len(value) - 1 if isinstance(value, tuple) else list(value)[-1]
        return max(_content_end(document, (*loc, last)), start)
    if document.text[start : start + 1] not in ("|", ">"):
        return end
    header = document.text[start : _line_end(document.text, start)]
    if "+" in header.split("#")[0]:
        return end - 1 if document.text[start:end].endswith("\n") else end
    return start + len(document.text[start:end].rstrip())


def _end_of_lines(document: Document, loc: Loc) -> int:
    """After the last line of a value, a comment at its end and the line break included."""
    return min(_line_end(document.text, _content_end(document, loc)) + 1, len(document.text))


def _dash(document: Document, loc: Loc) -> int:
    """Where the dash of an entry of a block list is."""
    text = document.text
    column = _column(text, document.spans[loc[:-1]][0])
    at = document.spans[loc][0]
    while True:
        start = text.rfind("\n", 0, at) + 1
        dash = start + column
        if text[dash : dash + 1] == "-" and text[dash + 1 : dash + 2] in (" ", "\n", "\t", ""):
            return dash
        if start == 0:
            raise SpliceError("The entry has no place of its own in the file.")
        at = start - 1


def _entry_region(document: Document, loc: Loc, *, with_comments: bool) -> tuple[int, int]:
    """The lines of an entry of a block list; `with_comments` those above it at its dash too."""
    text, dash = document.text, _dash(document, loc)
    start = text.rfind("\n", 0, dash) + 1
    if text[start:dash].strip():
        raise SpliceError("The entry shares its line with another.")
    if with_comments:
        start = _above_comments(text, start, dash - start)
    return start, _end_of_lines(document, loc)


def _above_comments(text: str, start: int, column: int) -> int:
    """The start of the comments directly above a line that begin at its column."""
    while start:
        above = text.rfind("\n", 0, start - 1) + 1
        if not re.fullmatch(rf" {{{column}}}#.*\n?", text[above:start]):
            break
        start = above
    return start


def _place_before(document: Document, loc: Loc, index: int) -> int:
    """Where an entry is put into a block list, before the one at `index`, or at its end."""
    entries = value_at(document.data, loc)
    if index < len(entries):
        return _entry_region(document, (*loc, index), with_comments=index > 0)[0]
    return _end_of_lines(document, (*loc, len(entries) - 1))


# ------------------------------------------------------------------------------ lists


def _insertion(document: Document, loc: Loc, index: int, value: Any) -> Iterator[list[Splice]]:
    text, entries = document.text, value_at(document.data, loc)
    if _is_flow(document, loc):
        yield [_flow_insertion(document, loc, index, write_flow(value))]
        return
    column = _column(text, document.spans[loc][0])
    dash = _dash(document, (*loc, 0))
    line_start = text.rfind("\n", 0, dash) + 1
    if text[line_start:dash].strip() and index == 0:
        raise SpliceError("The entry shares its line with another.")
    place = _place_before(document, loc, index)
    lines = write_block(value, column + 2)
    gap = _gap(document, loc) if len(entries) > 1 else ""
    for written in lines:
        entry = f"{' ' * column}- {written.lstrip(' ')}\n"
        if index < len(entries):
            yield [_put(place, f"{entry}{gap}")]
        elif text[place - 1 : place] == "\n":
            yield [_put(place, f"{gap}{entry}")]
        else:
            yield [_put(place, f"\n{gap}{entry}".removesuffix("\n"))]


def _gap(document: Document, loc: Loc) -> str:
    """The blank line between the first entries of a block list, if there is one."""
    end = _end_of_lines(document, (*loc, 0))
    return "\n" if document.text[end : end + 1] == "\n" else ""


def _flow_insertion(document: Document, loc: Loc, index: int, written: str) -> Splice:
    start, end = document.spans[loc]
    size = len(value_at(document.data, loc))
    if not size:
        return Splice(start, end, f"[{written}]")
    if index < size:
        at = document.spans[*loc, index][0]
        return Splice(at, at, f"{written}, ")
    at = _content_end(document, (*loc, size - 1))
    return Splice(at, at, f", {written}")


def _removal(document: Document, loc: Loc) -> Splice:
    above, last = loc[:-1], loc[-1]
    if _is_flow(document, above):
        return _flow_removal(document, loc)
    if isinstance(last, int):
        start, end = _entry_region(document, loc, with_comments=False)
        entries = value_at(document.data, above)
        if _gap(document, above) and last == len(entries) - 1:
            start = _above_blank(document.text, start)
        elif document.text[end : end + 1] == "\n" and last < len(entries) - 1:
            end += 1
        return Splice(start, end, "")
    keys = list(value_at(document.data, above))
    at = document.keys[loc]
    line_start = document.text.rfind("\n", 0, at) + 1
    if not document.text[line_start:at].strip():
        return Splice(line_start, _end_of_lines(document, loc), "")
    if keys.index(last) + 1 == len(keys):
        raise SpliceError("The last entry cannot be taken out alone.")
    following = document.keys[*above, keys[keys.index(last) + 1]]
    between = document.text[_content_end(document, loc) : following]
    if "#" in between:
        raise SpliceError("A comment would be lost.")
    return Splice(at, following, "")


def _above_blank(text: str, start: int) -> int:
    """The start of the line above if that is blank."""
    above = text.rfind("\n", 0, max(start - 1, 0)) + 1
    return above if start and not text[above:start].strip() else start


def _flow_removal(document: Document, loc: Loc) -> Splice:
    above, last = loc[:-1], loc[-1]
    holder = value_at(document.data, above)
    steps: list[Any] = list(range(len(holder)) if isinstance(last, int) else holder)
    place = steps.index(last)

    def begins(step: Any) -> int:
        return document.keys.get((*above, step), document.spans[*above, step][0])

    start, end = begins(last), _content_end(document, loc)
    own = document.text[start:end]
    if place + 1 < len(steps):
        end = begins(steps[place + 1])
    elif place:
        start = _content_end(document, (*above, steps[place - 1]))
    if "#" in document.text[start:end].replace(own, ""):
        raise SpliceError("A comment would be lost.")
    return Splice(start, end, "")


def _block_move(document: Document, loc: Loc, other: Loc, index: int) -> list[Splice]:
    """The splices that take an entry's lines out, and put them before the one of another list."""
    start, end = _entry_region(document, loc, with_comments=True)
    target = _place_before(document, other, index)
    text = document.text[start:end].removesuffix("\n") + "\n"
    if target == len(document.text) and not document.text.endswith("\n"):
        text = "\n" + text.removesuffix("\n")
    whole = document.text
    if end == len(whole) and not whole.endswith("\n") and start:
        start -= 1  # the line break before goes along
    # a blank line between entries is on the other side of those that move
    if whole[end : end + 1] == "\n" and target < start:
        return [Splice(start, end + 1, ""), Splice(target, target, f"{text}\n")]
    above = _above_blank(whole, start)
    if above < start and target > start:
        if target >= len(whole) or whole[target : target + 1] != "\n":
            return [Splice(above, start, ""), Splice(start, end, ""), _put(target, f"\n{text}")]
        return [Splice(start, end + 1, ""), _put(target, f"\n{text}")]
    if above < start and target < start:
        return [Splice(above, end, ""), _put(target, f"{text}\n")]
    if whole[end : end + 1] == "\n" and target > end:
        return [Splice(start, end + 1, ""), _put(target, f"\n{text}")]
    return [Splice(start, end, ""), _put(target, text)]


def _put(at: int, text: str) -> Splice:
    return Splice(at, at, text)


def _set_entries(document: Document, loc: Loc, old: Any, new: Any) -> Document:
    """Make a block list or mapping say something else, entry by entry."""
    if type(old) is not type(new) or not new:
        raise SpliceError("A list or mapping cannot become something else here.")
    if isinstance(new, dict):
        for key in [key for key in old if key not in new]:
            document = remove(document, (*loc, key))
        for key, value in new.items():
            if key in old:
                document = set_value(document, (*loc, key), value)
            else:
                document = put_key(document, loc, key, value, list(new))
        return document
    shared = min(len(old), len(new))
    for place in range(shared):
        document = set_value(document, (*loc, place), new[place])
    for place in range(shared, len(new)):
        document = insert(document, loc, place, new[place])
    for place in reversed(range(shared, len(old))):
        document = remove(document, (*loc, place))
    return document


# ------------------------------------------------------------------------------ mappings


def _key_splices(
    document: Document, loc: Loc, there: list[str], place: int, key: str, value: Any
) -> Iterator[list[Splice]]:
    text = document.text
    name = _write_key(key)
    if _is_flow(document, loc):
        start, end = document.spans[loc]
        written = f"{name}: {write_flow(value)}"
        if not there:
            yield [Splice(start, end, f"{{{written}}}")]
        elif place < len(there):
            yield [_put(document.keys[*loc, there[place]], f"{written}, ")]
        else:
            yield [_put(_content_end(document, (*loc, there[-1])), f", {written}")]
        return
    column = _column(text, document.keys[*loc, there[0]])
    for written in write_block(value, column + 2, name):
        if place == 0:
            at = document.keys[*loc, there[0]]
            yield [_put(at, f"{written}\n{' ' * column}")]
            continue
        at = _end_of_lines(document, (*loc, there[place - 1]))
        entry = f"{' ' * column}{written}"
        ended = text[at - 1 : at] == "\n"
        yield [_put(at, f"{entry}\n" if ended else f"\n{entry}")]


def _write_key(key: str) -> str:
    return key if _can_be_plain(key, flow=True) else json.dumps(key, ensure_ascii=False)


# ------------------------------------------------------------------------------ values


def _in_place_of_collection(document: Document, loc: Loc, value: Any) -> Iterator[list[Splice]]:
    """In place of a list or mapping in brackets."""
    start, end = document.spans[loc]
    if "#" in document.text[start:end] and "\n" in document.text[start:end]:
        raise SpliceError("A comment would be lost.")
    yield [Splice(start, end, write_flow(value))]


def _scalar_splices(document: Document, loc: Loc, value: Any) -> Iterator[list[Splice]]:
    text = document.text
    start, end = document.spans[loc][0], _content_end(document, loc)
    lead = "" if start and text[start - 1] in " \t\n[{," else " "
    flow = _within_flow(document, loc)
    if isinstance(value, tuple | dict):
        written: Iterable[str] = [write_flow(value)]
    elif not isinstance(value, str):
        written = [write_scalar(value)]
    else:
        written = _text_styles(document, loc, value, flow)
    for found in written:
        yield [Splice(start, end, lead + found)]


def _text_styles(document: Document, loc: Loc, value: str, flow: bool) -> Iterator[str]:
    """The ways to write a text in place of a value: first as it is written now."""
    text = document.text
    start, end = document.spans[loc][0], _content_end(document, loc)
    old = text[start:end]
    style = old[:1]
    rest = text[end : _line_end(text, end)].strip()
    indent = indent_at(document, loc)
    if style in ("|", ">") and not flow:
        header, _, body = old.partition("\n")
        comment = header[header.index(" #") :] if " #" in header else ""
        lines = [line for line in body.split("\n") if line.strip()]
        kept = min((len(line) - len(line.lstrip(" ")) for line in lines), default=indent)
        if style == ">" and _can_be_folded(value):
            yield _write_folded(value, kept, body, comment)
        yield _write_literal(value, kept, comment)
        yield _write_literal(value, indent, comment)
    elif style == "'" and "\n" not in value and "\n" not in old:
        yield "'" + value.replace("'", "''") + "'"
    elif style != '"' and "\n" not in value and _can_be_plain(value, flow=flow):
        yield value
    if "\n" in value and not flow and not rest:
        yield _write_literal(value, indent, "")
    yield _double_quoted(value)


def indent_at(document: Document, loc: Loc) -> int:
    """How far the lines of a block are indented at a place: two more than what it is in."""
    for depth in range(len(loc), 0, -1):
        inner = loc[:depth]
        if inner in document.keys:
            return _column(document.text, document.keys[inner]) + 2
        if inner in document.spans and isinstance(inner[-1], int):
            return _column(document.text, document.spans[inner[:-1]][0]) + 2
    return 2


_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`=<~")
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\U000f0000-\U0010ffff]")
"""What is written with an escape, since programs take it for a line break, or do not show it."""


def _can_be_plain(value: str, *, flow: bool) -> bool:
    if not value or value != value.strip() or value[0] in _INDICATORS or _UNSAFE.search(value):
        return False
    if ": " in value or " #" in value or value.endswith(":"):
        return False
    if flow and re.search(r"[,\[\]{}]|:(?=[,\[\]{}])", value):
        return False
    return not implied_tags(value)


def _double_quoted(value: str) -> str:
    written = json.dumps(value, ensure_ascii=False)
    return _UNSAFE.sub(lambda found: _escape(found[0]), written)


def _escape(letter: str) -> str:
    code = ord(letter)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _chomping(value: str) -> str:
    if not value.endswith("\n"):
        return "-"
    return "+" if value.endswith("\n\n") or not value.strip("\n") else ""


def _write_literal(value: str, indent: int, comment: str) -> str:
    """A text as a literal block; where that cannot hold it, the guard refuses it."""
    if _UNSAFE.search(value.replace("\n", "").replace("\t", "")) or not value.strip():
        return _double_quoted(value)
    hint = str(indent) if value[:1] in (" ", "\n", "\t") else ""
    if hint and indent > 9:
        return _double_quoted(value)
    chomping = _chomping(value)
    body = value if chomping == "+" else value.removesuffix("\n")
    if chomping == "+":
        body = body.removesuffix("\n")
    return f"|{hint}{chomping}{comment}\n{textwrap.indent(body, ' ' * indent, _has_words)}"


def _has_words(line: str) -> bool:
    return line != "\n" and line != ""


def _can_be_folded(value: str) -> bool:
    unsafe = _UNSAFE.search(value.replace("\n", ""))
    return not unsafe and value[:1] not in (" ", "\n", "") and "\n " not in value


def _write_folded(value: str, indent: int, body: str, comment: str) -> str:
    """A text as a folded block, with the line breaks that its unchanged words have."""
    old = [line[indent:] for line in body.split("\n")]
    chomping = _chomping(value)
    paragraphs = value.rstrip("\n").split("\n")
    laid: list[str] = []
    for place, paragraph in enumerate(paragraphs):
        if place:
            laid.append("")
        laid += relay_lines(old, paragraph, WIDTH - indent) if paragraph else []
    trailing = len(value) - len(value.rstrip("\n")) - 1 if chomping == "+" else 0
    laid += [""] * trailing
    return f">{chomping}{comment}\n" + textwrap.indent("\n".join(laid), " " * indent, _has_words)


def write_scalar(value: Any) -> str:
    """A number, date, yes or no, nothing, or one line of text, as YAML outside of brackets."""
    if isinstance(value, str):
        return value if _can_be_plain(value, flow=False) else _double_quoted(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)


def write_flow(value: Any) -> str:
    """Any value on one line: what is inside brackets."""
    if isinstance(value, dict):
        parts = (f"{_write_key(key)}: {write_flow(part)}" for key, part in value.items())
        return "{" + ", ".join(parts) + "}"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(map(write_flow, value)) + "]"
    if isinstance(value, str):
        return value if _can_be_plain(value, flow=True) else _double_quoted(value)
    return write_scalar(value)


def write_block(value: Any, indent: int, key: str = "") -> Iterator[str]:
    """A value as lines of a block, from the first, after `key:` if there is one.

    Its inner lines are indented by `indent`. There are two ways, of which the second is safe with
    any text.
    """
    for literal in (True, False):
        written = _block(value, indent, literal)
        yield (
            f"{key}:{written if written.startswith(chr(10)) else ' ' + written}"
            if key
            else (written.removeprefix("\n"))
        )


def _block(value: Any, indent: int, literal: bool) -> str:
    pad = " " * indent
    if isinstance(value, dict) and value:
        lines = []
        for key, part in value.items():
            written = _block(part, indent + 2, literal)
            lead = "" if written.startswith("\n") else " "
            lines.append(f"{pad}{_write_key(key)}:{lead}{written}")
        return "\n" + "\n".join(lines)
    if isinstance(value, tuple | list) and value:
        flat = write_flow(value)
        simple = not any(isinstance(part, dict | tuple | list) for part in value)
        if simple and indent + len(flat) <= WIDTH:
            return flat
        entries = (_block(part, indent + 2, literal).removeprefix("\n") for part in value)
        return "\n" + "\n".join(f"{pad}- {entry.lstrip(' ')}" for entry in entries)
    if isinstance(value, dict | tuple | list):
        return write_flow(value)
    if (
        isinstance(value, str)
        and literal
        and ("\n" in value or (indent + len(value) > WIDTH and " " in value))
    ):
        return _write_literal(value, indent, "")
    return write_scalar(value)
