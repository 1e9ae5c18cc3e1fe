"""A blank form as a Word document: a composed `Blank` and the house folder come in, bytes go out.

The layout is decided here (which questions share a table, how wide its columns are); the look is
that of `form.docx` in the house folder, which HR restyles in Word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

from docxtpl import DocxTemplate
from lxml import etree

from formulary.formats.word.controls import bookmark, complete, words_beside
from formulary.formats.word.own import has_tags, join, print_stamp
from formulary.formats.word.package import (
    finish,
    keep_with_next,
    open_document,
    open_house,
    remove_bookmarks,
    render,
    reopened,
    web_link,
)
from formulary.formats.word.prose import Line, Link, lines, no_link
from formulary.formats.word.tags import (
    control_numbers,
    control_titles,
    letter_placeholder,
    w,
)
from formulary.model.blank import Blank, Grid, Part, Question, Row
from formulary.model.text import first_capital, letter_faults, letter_fields
from formulary.problems import (
    OWN_TEMPLATE,
    ContentError,
    OutputError,
    Place,
    Problem,
    errors_in,
    in_order,
)
from formulary.source import Document

Element = Any
"""An lxml element; lxml ships no types."""

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

LINE_HEIGHT = 272
ROW_PADDING = 190
LINES_KEPT_TOGETHER = 22
GRID_KEPT_TOGETHER = 10
"""A table up to this many lines is not parted by a page break; a grid repeats its header there."""


@dataclass(frozen=True)
class Heading:
    """The head of a column, in the shape of a question."""

    label: str
    hint: str
    required: bool


@dataclass(frozen=True)
class GridRow:
    heading: str
    cells: tuple[tuple[Question, ...], ...]


@dataclass(frozen=True)
class Layout:
    """One table of the form: its shape, its words for screen readers, and its rows.

    `widths` are those of its columns, in twips. Only the rows of its shape are filled.
    """

    shape: Literal["answers", "pairs", "grid"]
    caption: str
    description: str
    widths: tuple[int, ...]
    heading: str = ""
    guide: tuple[Line, ...] = ()
    questions: tuple[Question, ...] = ()
    pairs: tuple[tuple[Question, Question], ...] = ()
    row: str = ""
    columns: tuple[Heading, ...] = ()
    rows: tuple[GridRow, ...] = ()


@dataclass(frozen=True)
class PartLayout:
    title: str
    clause: str
    intro: tuple[Line, ...]
    tables: tuple[Layout, ...]
    letter: tuple[Line, ...] = ()


def write_blank(blank: Blank, house: Path) -> bytes:
    """The blank form as a .docx, the same to the byte on every run.

    `house` is the folder that holds form.docx. The organisation's own document beside that folder,
    `<form>.docx`, takes its place. Raises OutputError where the document cannot be used or a letter
    has a place for what is not asked, ContentError where an own document does not fit the form, and
    ValueError where an id cannot be a bookmark or a prefilled value does not fit its question.
    """
    own = _own_path(blank, house)
    if own.is_file():
        document, problems = _own_document(blank, own, None)
        if errors_in(problems):
            raise ContentError(in_order(problems))
        return finish(document, blank.stamp, blank.title, blank.organisation, "")
    document = open_house(house / "form.docx")
    body, parts = _rendered(document, blank)
    _complete_controls(body, blank)
    _complete_tables(body, [table for part in parts for table in part.tables], blank)
    return finish(document, blank.stamp, blank.title, blank.organisation, blank.colour)


def preflight(blank: Blank, house: Path, form: Document | None = None) -> tuple[Problem, ...]:
    """Everything that is wrong with the organisation's own document; empty where there is none.

    `form` is the form's YAML, for the lines of its `own-templates`.
    """
    own = _own_path(blank, house)
    if not own.is_file():
        return ()
    try:
        return in_order(_own_document(blank, own, form)[1])
    except OutputError as error:
        place = Place(_shown(own))
        return (Problem(OWN_TEMPLATE, place, str(error).rstrip("."), OWN_TEMPLATE.remedy),)


def _own_path(blank: Blank, house: Path) -> Path:
    return house.parent / f"{blank.id}.docx"


def _shown(own: Path) -> Path:
    """The document's path as messages name it, from the project's folder."""
    return Path(own.parent.name) / own.name


def _own_document(
    blank: Blank, own: Path, form: Document | None
) -> tuple[DocxTemplate, tuple[Problem, ...]]:
    """The organisation's own document as the form, and what is wrong with it."""
    document = open_document(own)
    parts: tuple[PartLayout, ...] = ()
    if has_tags(document):
        remove_bookmarks(document)
        _, parts = _rendered(document, blank)
        document = reopened(document)
    problems = join(document, blank, _shown(own), form)
    if not errors_in(problems):
        body = document.docx.element.body
        _complete_controls(body, blank, in_letters=bool(parts))
        _complete_tables(body, [table for part in parts for table in part.tables], blank)
        print_stamp(document, blank)
    return document, problems


def _rendered(document: DocxTemplate, blank: Blank) -> tuple[Element, tuple[PartLayout, ...]]:
    """The body of a template with the form in it, and the tables that it has."""
    link = partial(web_link, document)
    parts = layouts(blank, link)
    body = render(
        document,
        {
            "title": blank.title,
            "organisation": blank.organisation,
            "edition": blank.edition,
            "edition_line": blank.edition_line,
            "marking": blank.marking,
            "notice": blank.notice,
            "stamp": blank.stamp.code,
            "guidance": lines(blank.guidance, link),
            "parts": parts,
        },
    )
    return body, parts


def layouts(blank: Blank, link: Link = no_link) -> tuple[PartLayout, ...]:
    """The parts of a form as tables; no two tables have one caption."""
    captions: set[str] = set()
    return tuple(
        PartLayout(
            part.title,
            first_capital(part.clause),
            lines(part.intro, link),
            tuple(_distinct(table, captions) for table in _tables(part, link)),
            _letter(part, link),
        )
        for part in blank.parts
    )


def _letter(part: Part, link: Link) -> tuple[Line, ...]:
    """The text of a letter, with a bare control in each of its places."""
    faults = letter_faults(part.letter, [question.id for question in part.questions])
    if faults:
        raise OutputError(f"{part.title}: {faults[0]}.")
    return lines(part.letter, link)


def _distinct(table: Layout, used: set[str]) -> Layout:
    caption, number = table.caption, 1
    while caption in used:
        number += 1
        caption = f"{table.caption} ({number})"
    used.add(caption)
    return replace(table, caption=caption)


def _tables(part: Part, link: Link) -> Iterator[Layout]:
    yield from _answer_tables(part.asked_apart, part.title)
    if part.grid and part.grid.in_blocks:
        for row in part.grid.rows:
            yield from _block(part.grid, row, link)
    elif part.grid:
        yield _grid(part.grid, part.title)


def _answer_tables(questions: tuple[Question, ...], caption: str) -> Iterator[Layout]:
    """Questions one a row; those that belong together, two a row, in tables of their own."""
    for (paired, signed), group in groupby(_steps(questions), key=_shape):
        steps = list(group)
        if paired:
            yield Layout(
                "pairs",
                caption,
                "Each row has two questions, each followed by its answer.",
                SIGNATURE_WIDTHS if signed else PERIOD_WIDTHS,
                pairs=tuple((step[0], step[1]) for step in steps),
            )
        else:
            yield Layout(
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


def _shape(step: tuple[Question, ...]) -> tuple[bool, bool]:
    """Whether a step is a pair, and whether that pair is a signature."""
    return len(step) == 2, len(step) == 2 and step[0].signature


def _belong_together(pair: tuple[Question, ...]) -> bool:
    if len(pair) < 2:
        return False
    first, second = pair
    if first.signature:
        return second.kind == "date"
    period = first.id.endswith("_from") and second.id == first.id.removesuffix("_from") + "_to"
    return period and first.kind == second.kind == "date"


def _block(grid: Grid, row: Row, link: Link) -> Iterator[Layout]:
    """A row of a wide or guided grid as a heading, its guide, and label and answer in rows."""
    first, *others = _answer_tables(row.questions, row.title)
    yield replace(first, heading=row.title, guide=lines(row.guide, link))
    yield from others


def _grid(grid: Grid, caption: str) -> Layout:
    rows = tuple(GridRow(row.heading, tuple(_cells(row.questions))) for row in grid.rows)
    first = rows[0].cells if rows else ()
    columns = tuple(
        Heading(column.label, column.hint, bool(first) and all(q.required for q in first[place]))
        for place, column in enumerate(grid.columns)
    )
    numbered = all(len(row.heading) <= 3 for row in rows)
    names = ", ".join(column.label for column in columns)
    return Layout(
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


def _complete_controls(body: Element, blank: Blank, *, in_letters: bool = True) -> None:
    """Make every control the one of its question; see `controls.complete`.

    `in_letters` says that the form's letters are in the document, with their controls. Raises
    OutputError where a question has no control.
    """
    questions = {question.id: question for question in blank.questions()}
    missing = set(questions)
    letters = [part.letter for part in blank.parts] if in_letters else []
    mentioned = {id for letter in letters for id in letter_fields(letter)}
    titles, numbers = control_titles(questions.values()), control_numbers(questions)
    used = [int(mark.get(w("id"))) for mark in body.iter(w("bookmarkStart"))]
    for place, control in enumerate(list(body.iter(w("sdt"))), start=max(used, default=0) + 1):
        tag = control.find(f"{w('sdtPr')}/{w('tag')}")
        question = questions.get(tag.get(w("val"))) if tag is not None else None
        if question:
            missing.discard(question.id)
            title, number = titles[question.id], numbers[question.id]
            if question.id in mentioned:
                complete(control, question, title, number, letter_placeholder(question))
                words_beside(control, question)
                _keep_lead(control)
            else:
                complete(control, question, title, number)
            bookmark(control, question.id, place)
    if missing:
        first = next(id for id in questions if id in missing)
        raise OutputError(
            f"The house document form.docx has no control for “{questions[first].title}”. "
            "Controls need {{ q.id }} as their tag: Word keeps tags when it saves, LibreOffice not."
        )


def _keep_lead(control: Element) -> None:
    """Keep the sentence that leads to an answer with it, where that stands in a line of its own."""
    paragraph = control.getparent()
    lead = paragraph.getprevious()
    alone = all(node is control or node.tag == w("pPr") for node in paragraph)
    if alone and lead is not None and lead.tag == w("p"):
        keep_with_next(lead)


def _complete_tables(body: Element, tables: list[Layout], blank: Blank) -> None:
    """Set what the house document cannot know: column widths and row heights."""
    wanted = {table.caption: table for table in tables}
    lengths = {question.id: question.lines for question in blank.questions()}
    for table in body.iter(w("tbl")):
        caption = table.find(f"{w('tblPr')}/{w('tblCaption')}")
        layout = wanted.get(caption.get(w("val"))) if caption is not None else None
        if layout:
            _set_widths(table, layout.widths)
            kept = GRID_KEPT_TOGETHER if layout.shape == "grid" else LINES_KEPT_TOGETHER
            _set_heights(table, lengths, kept)


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
