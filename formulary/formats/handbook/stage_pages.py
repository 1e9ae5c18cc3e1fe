"""Write the career stages as pages: all side by side, and each with what changes at the next.

Weight and a dotted line mark the words in which two stages differ, not colour alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from formulary.content.career_stages import CareerStages, Stage
from formulary.documents.paper import compose_tables
from formulary.edition.text import Block, Bullets, Paragraph, Run, Table, blocks
from formulary.formats.handbook.writer import Writer

ISLAND = 2
"""Fewer words than this that stayed between two changes count as changed: it reads better."""

_PIECE = re.compile(r"\s+|\S+")


@dataclass(frozen=True)
class StageArea:
    """One area at a stage and at the next: its words, those that differ marked.

    `now` has words that the next stage drops in emphasis, `then` its new words strong; `then` is
    None at the last stage. `alike`: whether both say the same.
    """

    id: str
    name: str
    now: tuple[Block, ...]
    then: tuple[Block, ...] | None
    alike: bool


def stage_pages(writer: Callable[[str], Writer]) -> dict[str, str]:
    """Path -> text of the matrix of career stages and of every stage; empty where there is none."""
    addresses = writer("").addresses
    edition = addresses.edition
    matrix = edition.career_stages
    if matrix is None:
        return {}
    whole = writer(addresses.page("stages/index.md"))
    tables = (b for b in compose_tables(edition, "career-stages") if isinstance(b, Table))
    pages = whole.page(
        "stages",
        matrix.title,
        matrix.intro,
        wide=True,
        matrix=matrix,
        table=whole.table(next(tables), "matrix"),
    )
    neighbours = zip(
        (None, *matrix.stages[:-1]), matrix.stages, (*matrix.stages[1:], None), strict=True
    )
    for before, stage, after in neighbours:
        pages |= writer(addresses.stage(stage.id)).page(
            "stage",
            stage.name,
            stage.about or f"What is expected at stage {stage.name} in each area.",
            matrix=matrix,
            stage=stage,
            before=before,
            after=after,
            areas=tuple(compare_areas(matrix, stage, after)),
        )
    return pages


def compare_areas(matrix: CareerStages, stage: Stage, after: Stage | None) -> Iterator[StageArea]:
    """Every area at a stage, beside the next stage where there is one."""
    for area in matrix.areas:
        now = blocks(area.cells[stage.id])
        if after is None:
            yield StageArea(area.id, area.name, now, None, False)
            continue
        own, new = mark_differences(now, blocks(area.cells[after.id]))
        alike = area.cells[stage.id].split() == area.cells[after.id].split()
        yield StageArea(area.id, area.name, own, new, alike)


def mark_differences(
    before: tuple[Block, ...], after: tuple[Block, ...]
) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """Two texts, with the words that only one of them has in emphasis (before) or strong (after).

    Words are alike without regard to capitals and to the marks around them.
    """
    old, new = tuple(_words(before)), tuple(_words(after))
    gone, come = [bool(word) for word in old], [bool(word) for word in new]
    whole = (len(old), len(new))
    for match in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        ends = match.a == match.b == 0 or (match.a + match.size, match.b + match.size) == whole
        if match.size >= ISLAND or ends:
            gone[match.a : match.a + match.size] = [False] * match.size
            come[match.b : match.b + match.size] = [False] * match.size
    return (
        _mark_words(before, iter(gone), lambda run: replace(run, emphasis=True)),
        _mark_words(after, iter(come), lambda run: replace(run, strong=True)),
    )


def _runs(content: tuple[Block, ...]) -> Iterator[Run]:
    for block in content:
        if isinstance(block, Paragraph):
            yield from block.runs
        elif isinstance(block, Bullets):
            for item in block.items:
                yield from _runs(item)


def _words(content: tuple[Block, ...]) -> Iterator[str]:
    """What is compared of each word; nothing of a sign by itself."""
    for run in _runs(content):
        for word in run.text.split():
            yield word.strip(".,;:!?()“”‘’").casefold()


def _mark_words(
    content: tuple[Block, ...], marks: Iterator[bool], mark: Callable[[Run], Run]
) -> tuple[Block, ...]:
    made: list[Block] = []
    for block in content:
        if isinstance(block, Paragraph):
            runs = [piece for run in block.runs for piece in _split_run(run, marks, mark)]
            made.append(Paragraph(tuple(runs)))
        elif isinstance(block, Bullets):
            items = tuple(_mark_words(item, marks, mark) for item in block.items)
            made.append(replace(block, items=items))
        else:
            made.append(block)
    return tuple(made)


def _split_run(run: Run, marks: Iterator[bool], mark: Callable[[Run], Run]) -> Iterator[Run]:
    """A run cut where its words begin or cease to be marked; its own weight gives way to that."""
    bare = replace(run, strong=False, emphasis=False)
    parts = [[piece, not piece.isspace() and next(marks)] for piece in _PIECE.findall(run.text)]
    for at in range(1, len(parts) - 1):
        if str(parts[at][0]).isspace():  # a space between two marked words is marked with them
            parts[at][1] = parts[at - 1][1] and parts[at + 1][1]
    text, marked = "", False
    for piece, is_marked in parts:
        if text and is_marked != marked:
            yield replace(mark(bare) if marked else bare, text=text)
            text = ""
        text, marked = text + str(piece), bool(is_marked)
    if text:
        yield replace(mark(bare) if marked else bare, text=text)
