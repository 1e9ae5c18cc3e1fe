"""Light Markdown as one line a paragraph, and back into lines, of which the unchanged ones stay.

In a file a paragraph is wrapped into lines, which mean nothing; in an editor it is one line. When
it comes back, only the lines around the changed words are wrapped again.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from difflib import SequenceMatcher

_LIST_ITEM = re.compile(r"\s*([-*+]|\d+[.)])\s+")
_HARD_BREAK = re.compile(r"(  |\\)$")
_EXPRESSION = re.compile(r"\{\{.*?\}\}")
_JOINT = "\ue000"
"""Holds an expression together while lines are broken at blanks."""
_TABLE_ROW = re.compile(r"\s*\|")


def unwrap(text: str) -> str:
    """The text with every paragraph and list item on one line."""
    return "\n".join(
        " ".join([first, *(line.strip() for line in others)]) for first, *others in _units(text)
    )


def _units(text: str) -> Iterator[list[str]]:
    """The lines of a text, those together that are one paragraph or one item of a list."""
    unit: list[str] = []
    for line in text.split("\n"):
        joins = bool(
            unit
            and unit[-1].strip()
            and line.strip()
            and not _LIST_ITEM.match(line)
            and not _TABLE_ROW.match(line)
            and not _TABLE_ROW.match(unit[-1])
            and not _HARD_BREAK.search(unit[-1])
        )
        if joins:
            unit.append(line)
            continue
        if unit:
            yield unit
        unit = [line]
    if unit:
        yield unit


def relay(old: str, new: str, width: int) -> str:
    """The unwrapped text `new` in lines of at most `width`, like those of the wrapped `old`.

    Unwrapping it again gives `new`.
    """
    before = list(_units(old))
    flat = ["\n".join(unit) for unit in before]
    joined = [unwrap(unit) for unit in flat]
    after = new.split("\n")
    made: list[str] = []
    matcher = SequenceMatcher(None, joined, after, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            made += flat[a:b]
            continue
        for place, words in enumerate(after[c:d]):
            nearest = before[a + place] if a + place < b else []
            made.append(_lay(nearest, words, width))
    laid = "\n".join(made)
    return laid if unwrap(laid) == new else new


def _lay(old: list[str], words: str, width: int) -> str:
    """One paragraph or item in lines, like those of the paragraph that it was."""
    if not words.strip() or _TABLE_ROW.match(words) or _HARD_BREAK.search(words):
        return words
    found = _LIST_ITEM.match(words)
    lead = found.group() if found else ""
    hanging = " " * len(lead)
    first = _LIST_ITEM.match(old[0]) if old else None
    if first and len(old) > 1:
        hanging = old[1][: len(old[1]) - len(old[1].lstrip())]
    bare = [old[0][first.end() if first else 0 :], *old[1:]] if old else []
    lines = relay_lines([line.strip() for line in bare], words[len(lead) :], width - len(hanging))
    if any(_LIST_ITEM.match(line) or _TABLE_ROW.match(line) for line in lines[1:]):
        return words  # a word that begins a line would begin a list
    return "\n".join([lead + lines[0], *(hanging + line for line in lines[1:])])


def relay_lines(old: list[str], paragraph: str, width: int) -> list[str]:
    """A paragraph in lines of at most `width`; those of `old` that it begins or ends with stay."""
    head: list[str] = []
    tail: list[str] = []
    rest = paragraph
    lines = [line for line in old if line]
    for line in lines:
        if rest == line:
            return [*head, line]
        if not rest.startswith(f"{line} "):
            break
        head.append(line)
        rest = rest[len(line) + 1 :]
    for line in reversed(lines[len(head) :]):
        if not rest.endswith(f" {line}"):
            break
        tail.insert(0, line)
        rest = rest[: -len(line) - 1]
    changed = _wrap(rest, width)
    if changed and head and len(head[-1]) + len(changed[0]) < width:
        changed = _wrap(f"{head.pop()} {rest}", width)
    if changed and tail and len(changed[-1]) + len(tail[0]) < width:
        changed = [*changed[:-1], f"{changed[-1]} {tail.pop(0)}"]
    return [*head, *changed, *tail]


def _wrap(words: str, width: int) -> list[str]:
    if "  " in words or words != words.strip():
        return [words]
    whole = _EXPRESSION.sub(lambda found: found[0].replace(" ", _JOINT), words)
    lines = textwrap.wrap(whole, width, break_long_words=False, break_on_hyphens=False)
    return [line.replace(_JOINT, " ") for line in lines]
