"""Mark the words that changed between two versions of a light-Markdown text.

Words are compared, not letters and not layout: emphasis, line breaks and the number of a clause
that a text refers to make no difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal, NamedTuple

from formulary.edition.alignment import pair_in_order
from formulary.edition.text import NOTE, Block, Bullets, Cell, Figure, Paragraph, Run, blocks

_WORD = re.compile(r"\w+(?:[-’'./,:]\w+)*|[^\w\s]")
_NAMED = ("clause:", "section:", "form:", "document:", NOTE)
"""What such a link says comes from elsewhere: it is the same as long as it leads there."""

ISLAND = 3
"""Fewer words than this that stayed between two changes join them: the sentence reads better."""

ALIKE = 0.5
"""The share of words that two paragraphs must have in common to be one, reworded."""

USUAL = ("1", "a", "A", "i", "I")
"""How lists begin."""

Mark = Literal["", "added", "removed"]


@dataclass(frozen=True)
class Passage:
    """A paragraph, or an entry of a list (`entry`), with marks on the words that changed.

    `label` says what it is, where it is not the text itself: “Heading”.
    """

    runs: tuple[Run, ...]
    entry: bool = False
    label: str = ""


@dataclass(frozen=True)
class _Token:
    """A word or a sign; two are the same if `same` is. `gap`: a blank is before it."""

    run: Run
    same: str
    gap: bool


class _Line(NamedTuple):
    """A paragraph, or an entry of a list (`entry`), as tokens."""

    entry: bool
    tokens: tuple[_Token, ...]

    @property
    def words(self) -> list[str]:
        return [token.same for token in self.tokens]


_NOTHING = _Line(False, ())
"""What a line without a partner is compared with."""


def words_of(text: str) -> tuple[str, ...]:
    """The words and signs by which two texts are compared."""
    return tuple(word for line in _lines(blocks(text), False) for word in line.words)


def passages(text: str, mark: Mark = "", label: str = "") -> tuple[Passage, ...]:
    """Every paragraph and entry of a text, all of it with one mark."""
    found = _lines(blocks(text), False)
    return tuple(Passage(_join_runs([(mark, line)]), entry, label) for entry, line in found)


def changed_passages(before: str, after: str, label: str = "") -> tuple[Passage, ...]:
    """The paragraphs and entries that differ, in reading order, their changed words marked.

    Empty where the two texts say the same words.
    """
    old, new = list(_lines(blocks(before), False)), list(_lines(blocks(after), False))
    if words_of(before) == words_of(after):
        return ()
    return tuple(
        Passage(_mark_words(one, other), (other if other.tokens else one).entry, label)
        for one, other in _pair_lines(old, new)
        if one.words != other.words
    )


def _lines(found: tuple[Block, ...], entry: bool) -> Iterator[_Line]:
    for block in found:
        if isinstance(block, Paragraph):
            yield _Line(entry, tuple(_tokens(block.runs)))
        elif isinstance(block, Bullets):
            yield from _list_lines(block)
        elif isinstance(block, Figure):
            continue
        else:
            for row in (block.columns, *block.rows):
                yield _Line(True, tuple(_row_tokens(row)))


def _list_lines(block: Bullets) -> Iterator[_Line]:
    """The entries of a list; where it does not begin as lists do, its first mark is a word of it.

    Other marks are not compared: they follow from the first, and one more entry moves them all.
    """
    first = block.marks[0] if block.marks else ""
    for item in block.items:
        entry = [*_lines(item, True)]
        if first and first.strip("().") not in USUAL and entry:
            mark = _Token(Run(first), first, False)
            rest = tuple(replace(token, gap=True) for token in entry[0].tokens[:1])
            entry[0] = _Line(True, (mark, *rest, *entry[0].tokens[1:]))
        first = ""
        yield from entry


def _row_tokens(row: tuple[Cell, ...]) -> Iterator[_Token]:
    """The words of a row of a table, with a bar between two cells."""
    for place, cell in enumerate(row):
        if place:
            yield _Token(Run("|"), "|", True)
        words = [token for line in _lines(cell.blocks, True) for token in line.tokens]
        yield from (replace(token, gap=token.gap or not at) for at, token in enumerate(words))


def _tokens(runs: tuple[Run, ...]) -> Iterator[_Token]:
    gap = False
    for run in runs:
        if run.target.startswith(_NAMED):
            yield _Token(run, run.target, gap)
            gap = False
            continue
        end = 0
        for match in _WORD.finditer(run.text):
            gap = gap or match.start() > end
            same = f"{match.group()}\n{run.target}" if run.target else match.group()
            yield _Token(replace(run, text=match.group()), same, gap)
            gap, end = False, match.end()
        gap = gap or end < len(run.text)


def _pair_lines(old: list[_Line], new: list[_Line]) -> Iterator[tuple[_Line, _Line]]:
    """Pairs of a line before and after, in reading order; _NOTHING where it has no partner.

    The pairing keeps the order and makes the lines of all pairs as alike as can be. Where there is
    one line on each side they are a pair, however little they have in common.
    """
    if len(old) == len(new) == 1:
        yield old[0], new[0]
        return
    alike = [[_similarity(one, other) for other in new] for one in old]
    for before, after in pair_in_order(alike, len(new), ALIKE):
        yield (
            _NOTHING if before is None else old[before],
            _NOTHING if after is None else new[after],
        )


def _similarity(one: _Line, other: _Line) -> float:
    """The share of words in common; a little more for equal lines, so that they find each other."""
    if one.words == other.words:
        return 1.5
    return SequenceMatcher(None, one.words, other.words, autojunk=False).ratio()


def _mark_words(old: _Line, new: _Line) -> tuple[Run, ...]:
    stretches: list[tuple[Mark, tuple[_Token, ...]]] = []
    for kept, (i, k), (j, m) in _stretches(old.words, new.words):
        if kept:
            stretches.append(("", new.tokens[j:m]))
        else:
            stretches += [("removed", old.tokens[i:k]), ("added", new.tokens[j:m])]
    return _join_runs(stretches)


Span = tuple[int, int]


def _stretches(old: list[str], new: list[str]) -> list[tuple[bool, Span, Span]]:
    """Whether a stretch was kept, and its span in each list; islands join their neighbours."""
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    found: list[tuple[bool, Span, Span]] = []
    for place, (code, i, k, j, m) in enumerate(codes):
        words = sum(any(letter.isalnum() for letter in word) for word in new[j:m])
        inside = 0 < place < len(codes) - 1  # at either end a stretch has a change on one side only
        kept = code == "equal" and not (inside and words < ISLAND)
        if found and not kept and not found[-1][0]:
            found[-1] = (False, (found[-1][1][0], k), (found[-1][2][0], m))
        else:
            found.append((kept, (i, k), (j, m)))
    return found


def _join_runs(stretches: Sequence[tuple[Mark, tuple[_Token, ...]]]) -> tuple[Run, ...]:
    """Stretches of tokens as runs; the blank between two stretches has no mark.

    A link in words that were taken out leads nowhere any more, so it becomes plain.
    """
    runs: list[Run] = []
    for mark, tokens in stretches:
        for place, token in enumerate(tokens):
            if runs and place == 0 and (token.gap or _replaces(runs[-1], mark)):
                runs.append(Run(" "))
            text = f" {token.run.text}" if token.gap and place else token.run.text
            target = "" if mark == "removed" else token.run.target
            runs.append(replace(token.run, text=text, target=target, mark=mark))
    return tuple(_merge_runs(runs))


def _replaces(last: Run, mark: Mark) -> bool:
    """Whether words that were put in follow at once on those that were taken out."""
    return mark == "added" and last.mark == "removed" and last.text[-1:].isalnum()


def _merge_runs(runs: list[Run]) -> Iterator[Run]:
    for first, group in groupby(runs, key=lambda run: replace(run, text="")):
        yield replace(first, text="".join(run.text for run in group))
