"""How the questions of a form share tables, and how wide and high these are.

The look is that of `form.docx` in the house folder, which HR restyles in Word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from lxml import etree

from formulary.documents.blank import Blank, Grid, Part, Question, Row
from formulary.edition.text import first_capital, letter_faults
from formulary.formats.word.ooxml import Element, keep_with_next, w
from formulary.formats.word.prose import Link, TextLine, lines, no_link
from formulary.problems import OutputError

PAGE_WIDTH = 9638
"""Twips between the margins: A4 less 2 cm on each side."""

ANSWER_WIDTHS = (3232, PAGE_WIDTH - 3232)
PERIOD_WIDTHS = (3232, 2239, 1928, 2239)
SIGNATURE_WIDTHS = (3232, 3005, 1134, 2267)
NUMBER_WIDTH = 652
HEADING_WIDTH = 2835
SHORT_ANSWER_WIDTH = 1985
"""Twips: 35 mm, the narrowest that a date or an amount can be read and written in."""
TICK_WIDTH = 1361

LINE_HEIGHT = 324
"""Twips: a line of 12 pt."""
ROW_PADDING = 190
LINES_KEPT_TOGETHER = 22
GRID_KEPT_TOGETHER = 10
"""A table up to this many lines is not parted by a page break; a grid repeats its header there."""


@dataclass(frozen=True)
class ColumnHeading:
    """The head of a column, in the shape of a question."""

    label: str
    hint: str
    required: bool


@dataclass(frozen=True)
class GridRow:
    heading: str
    cells: tuple[tuple[Question, ...], ...]


@dataclass(frozen=True)
class TableLayout:
    """One table of the form: its shape, its words for screen readers, and its rows.

    `widths` are those of its columns, in twips. Only the rows of its shape are filled.
    """

    shape: Literal["answers", "full", "pairs", "grid"]
    caption: str
    description: str
    widths: tuple[int, ...]
    heading: str = ""
    guide: tuple[TextLine, ...] = ()
    questions: tuple[Question, ...] = ()
    pairs: tuple[tuple[Question, Question], ...] = ()
    row: str = ""
    columns: tuple[ColumnHeading, ...] = ()
    rows: tuple[GridRow, ...] = ()


@dataclass(frozen=True)
class PartLayout:
    """`tab` says when the part is filled in and who does it: “By 31 October 2027 · reviewer”."""

    title: str
    number: int
    tab: str
    clause: str
    intro: tuple[TextLine, ...]
    tables: tuple[TableLayout, ...]
    letter: tuple[TextLine, ...] = ()


def lay_out(blank: Blank, link: Link = no_link) -> tuple[PartLayout, ...]:
    """The parts of a form as tables; no two tables have one caption."""
    captions: set[str] = set()
    return tuple(
        PartLayout(
            part.title,
            part.number,
            _tab(part),
            first_capital(part.clause),
            lines(part.intro, link),
            tuple(_distinct(table, captions) for table in _tables(part, link)),
            _letter(part, link),
        )
        for part in blank.parts
    )


def _tab(part: Part) -> str:
    who = part.who[:1].lower() + part.who[1:] if part.time else part.who
    return " · ".join(filter(None, (part.time, who))) if part.number else ""


def _letter(part: Part, link: Link) -> tuple[TextLine, ...]:
    """The text of a letter, with a bare control in each of its places."""
    faults = letter_faults(part.letter, [question.id for question in part.questions])
    if faults:
        raise OutputError(f"{part.title}: {faults[0]}.")
    return lines(part.letter, link)


def _distinct(table: TableLayout, used: set[str]) -> TableLayout:
    caption, number = table.caption, 1
    while caption in used:
        number += 1
        caption = f"{table.caption} ({number})"
    used.add(caption)
    return replace(table, caption=caption)


def _tables(part: Part, link: Link) -> Iterator[TableLayout]:
    yield from _answer_tables(part.asked_apart, part.title)
    if part.grid and part.grid.in_blocks:
        for row in part.grid.rows:
            yield from _block(part.grid, row, link)
    elif part.grid:
        yield _grid(part.grid, part.title)


def _answer_tables(questions: tuple[Question, ...], caption: str) -> Iterator[TableLayout]:
    """Questions one a row; those that belong together, two a row, in tables of their own."""
    for (paired, signed, written), group in groupby(_steps(questions), key=_shape):
        steps = list(group)
        if written:
            yield TableLayout(
                "full",
                caption,
                "Each row has a question and, below it, its answer.",
                (PAGE_WIDTH,),
                questions=tuple(step[0] for step in steps),
            )
        elif paired:
            yield TableLayout(
                "pairs",
                caption,
                "Each row has two questions, each followed by its answer.",
                SIGNATURE_WIDTHS if signed else PERIOD_WIDTHS,
                pairs=tuple((step[0], step[1]) for step in steps),
            )
        else:
            yield TableLayout(
                "answers",
                caption,
                "Each row has a question and its answer.",
                ANSWER_WIDTHS,
                questions=tuple(step[0] for step in steps),
            )


def _steps(questions: tuple[Question, ...]) -> Iterator[tuple[Question, ...]]:
    """Questions alone, or in twos: a signature and its date, a first and a last day."""
    at = 0
    while at < len(questions):
        length = 2 if _belong_together(questions[at : at + 2]) else 1
        yield questions[at : at + length]
        at += length


def _shape(step: tuple[Question, ...]) -> tuple[bool, bool, bool]:
    """Whether a step is a pair; whether that is a signature; whether it is written at length."""
    paired = len(step) == 2
    return paired, paired and step[0].signature, step[0].kind == "multiline" and step[0].lines > 1


def _belong_together(pair: tuple[Question, ...]) -> bool:
    if len(pair) < 2:
        return False
    first, second = pair
    if first.signature:
        return second.kind == "date"
    period = first.id.endswith("_from") and second.id == first.id.removesuffix("_from") + "_to"
    return period and first.kind == second.kind == "date"


def _block(grid: Grid, row: Row, link: Link) -> Iterator[TableLayout]:
    """A row of a wide or guided grid as a heading, its guide, and label and answer in rows."""
    first, *others = _answer_tables(row.questions, row.title)
    yield replace(first, heading=row.title, guide=lines(row.guide, link))
    yield from others


def _grid(grid: Grid, caption: str) -> TableLayout:
    rows = tuple(GridRow(row.heading, tuple(_cells(row.questions))) for row in grid.rows)
    first = rows[0].cells if rows else ()
    columns = tuple(
        ColumnHeading(
            column.label, column.hint, bool(first) and all(q.required for q in first[place])
        )
        for place, column in enumerate(grid.columns)
    )
    numbered = all(len(row.heading) <= 3 for row in rows)
    names = ", ".join(column.label for column in columns)
    return TableLayout(
        "grid",
        caption,
        f"One row for each {grid.row.lower()}. Columns: {names}.",
        _grid_widths(NUMBER_WIDTH if numbered else HEADING_WIDTH, first),
        row="No." if numbered else grid.row,
        columns=columns,
        rows=rows,
    )


def _cells(questions: tuple[Question, ...]) -> Iterator[tuple[Question, ...]]:
    """A cell for each column; a signature and its date share one."""
    return (step for step in _steps(questions))


def _grid_widths(first: int, cells: tuple[tuple[Question, ...], ...]) -> tuple[int, ...]:
    narrow = {"checkbox": TICK_WIDTH, "choice": SHORT_ANSWER_WIDTH, "date": SHORT_ANSWER_WIDTH}
    fixed = [narrow.get(cell[0].kind, 0) for cell in cells]
    if any(width == 0 for width in fixed):
        share = (PAGE_WIDTH - first - sum(fixed)) // fixed.count(0)
        widths = [width or share for width in fixed]
        return (PAGE_WIDTH - sum(widths), *widths)
    if first == HEADING_WIDTH:
        return (PAGE_WIDTH - sum(fixed), *fixed)
    widths = [(PAGE_WIDTH - first) // max(1, len(fixed))] * len(fixed)
    return (PAGE_WIDTH - sum(widths), *widths)


def size_tables(body: Element, parts: tuple[PartLayout, ...], blank: Blank) -> None:
    """Set what the house document cannot know: column widths and row heights."""
    wanted = {table.caption: table for part in parts for table in part.tables}
    lengths = {question.id: question.lines for question in blank.questions()}
    for table in body.iter(w("tbl")):
        caption = table.find(f"{w('tblPr')}/{w('tblCaption')}")
        layout = wanted.get(caption.get(w("val"))) if caption is not None else None
        if layout:
            _set_widths(table, layout.widths)
            kept = GRID_KEPT_TOGETHER if layout.shape == "grid" else LINES_KEPT_TOGETHER
            _set_heights(table, lengths, kept)
    _keep_decisions(body, blank)


def _keep_decisions(body: Element, blank: Blank) -> None:
    """Keep a decision, and what is signed, on one page; a decision with what follows, if signed."""
    parts = iter(zip(blank.parts, [*blank.parts[1:], None], strict=True))
    whole = leads = False
    nodes: list[Element] = []
    for node in [*body, None]:
        named = None if node is None else node.find(f"{w('pPr')}/{w('pStyle')}")
        heads = named is not None and named.get(w("val")) == "Heading1"
        if node is None or heads:
            if whole:
                _keep_together(nodes, leads=leads)
            part, then = next(parts, (None, None))
            nodes = []
            whole = part is not None and not part.letter and (part.decision or part.is_signed)
            signs = then is not None and (then.decision or then.is_signed)
            leads = whole and part is not None and not part.is_signed and signs
        if node is not None:
            nodes.append(node)


def _keep_together(nodes: list[Element], *, leads: bool) -> None:
    rows = [row for node in nodes for row in node.iter(w("tr"))]
    last = None if leads or not rows else rows[-1]
    for node in nodes:
        for paragraph in node.iter(w("p")):
            if last is None or last not in paragraph.iterancestors(w("tr")):
                keep_with_next(paragraph)


def _set_widths(table: Element, widths: tuple[int, ...]) -> None:
    grid = table.find(w("tblGrid"))
    for column in list(grid):
        grid.remove(column)
    for width in widths:
        etree.SubElement(grid, w("gridCol"), {w("w"): str(width)})
    for row in table.iter(w("tr")):
        for cell, width in zip(row.iter(w("tc")), widths, strict=False):
            cell.find(f"{w('tcPr')}/{w('tcW')}").set(w("w"), str(width))


def _set_heights(table: Element, lengths: dict[str, int], kept: int) -> None:
    """Rows as high as the writing space asked for; a table of `kept` lines stays on one page."""
    rows = list(table.iter(w("tr")))
    found = [[lengths.get(str(tag.get(w("val"))), 1) for tag in row.iter(w("tag"))] for row in rows]
    together = sum(max(row, default=1) for row in found) <= kept
    for place, (row, asked) in enumerate(zip(rows, found, strict=True)):
        properties = row.find(w("trPr"))
        if asked:
            height = max(asked) * LINE_HEIGHT + ROW_PADDING
            etree.SubElement(
                properties, w("trHeight"), {w("val"): str(height), w("hRule"): "atLeast"}
            )
        if place + 1 < len(rows) and (together or not asked):
            for paragraph in row.iter(w("p")):
                keep_with_next(paragraph)
