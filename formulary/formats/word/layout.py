"""How the questions of a form become tables in Word, and how wide and high these are.

What shares a row is arranged as in the PDF. The look is that of `form.docx` in the house folder,
which HR restyles in Word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from formulary.documents.arrangement import (
    GUTTER,
    MILLIMETRES,
    AnswerRow,
    arrange_answers,
    begins_page,
    column_widths,
    has_boxes,
    has_help_beside,
    help_of,
    in_block,
    notes_of,
    shared_options,
    width_of,
)
from formulary.documents.blank import Blank, Grid, LetterRole, Part, Question, Row
from formulary.edition.text import first_capital
from formulary.formats.word.prose import Link, TextLine, lines, no_link
from formulary.words import make_distinct

PAGE_WIDTH = 9638
"""Twips between the margins: A4 less 2 cm on each side."""

_TWIPS = PAGE_WIDTH / MILLIMETRES["full"]
"""Twips in a millimetre, nearly."""

_NUMBER_WIDTH = 397
"""Twips from the number of a line to its box: 7 mm."""
_BOX_WIDTH = 454
"""Twips from a box to tick to its words."""
_INSET = 283
"""Twips, 5 mm, from the bar beside an objective, or the frame around signatures, to what it has."""
LINE_HEIGHT = 304
"""Twips: a line of 12 pt."""
_TICK_HEIGHT = 340
"""Twips of a row of boxes to tick."""
_BOX_HEIGHT, _NAME_HEIGHT, _SIGNATURE_HEIGHT = 510, 703, 737
"""Twips of a box for one line (9 mm), for a name or job title (12.4 mm), for a signature (13)."""
_LABEL_HEIGHT = 380
_HEAD_HEIGHT, _INTRO_HEIGHT = 1220, 600
"""Twips of a part's heading with its tab and its clause, and of a paragraph below them."""
ROW_PADDING = 190
_KEPT_TOGETHER = 3515
"""A part up to this many twips, 62 mm, is not split by a page break."""
_MOST_KEPT = 12750
"""Twips: 225 mm. A block, or what is signed, is not split unless it is longer than a page."""
_ENDS_TOGETHER = 7937
"""Twips: 140 mm. The last part of a form is on one page with what is before it, up to this."""


@dataclass(frozen=True)
class ColumnHeading:
    """The head of a column: its label, what is in brackets after it, and what is below."""

    label: str
    notes: str
    help: str


@dataclass(frozen=True)
class GridRow:
    heading: str
    cells: tuple[tuple[Question, ...], ...]


@dataclass(frozen=True)
class LayoutCell:
    """A cell of a table of answers, `width` twips wide; it holds what `kind` says.

    `boxed` has an edge around it, for an answer that is written. `words` are of a heading, a
    number, or the label beside a box to tick; `lines` are prose or the numbered choices of a list.
    """

    kind: Literal["label", "answer", "words", "number", "heading", "prose", "choices", "gap"]
    width: int
    question: Question | None = None
    words: str = ""
    lines: tuple[TextLine, ...] = ()
    choices: tuple[str, ...] = ()
    boxed: bool = False

    @property
    def notes(self) -> str:
        """What is in brackets after the label."""
        return notes_of(self.question) if self.question else ""

    @property
    def help(self) -> str:
        """What helps with the label."""
        return help_of(self.question) if self.question else ""

    @property
    def has_help_beside(self) -> bool:
        """Whether what helps has room beside the label, or is below it."""
        return self.question is not None and has_help_beside(
            self.question, round(self.width / _TWIPS)
        )


@dataclass(frozen=True)
class TableRow:
    """A row; `height` is the least that it has, in twips. `leads` stays with the row below."""

    cells: tuple[LayoutCell, ...]
    height: int = 0
    leads: bool = False


@dataclass(frozen=True)
class TableLayout:
    """One table of the form: its shape, its words for screen readers, and its rows.

    A table of `answers` has `answers`, with a `bar` at its side or a `frame` around it where it is
    an objective or is signed. A `grid` has columns, rows and the `widths` of its columns, in twips.
    """

    shape: Literal["answers", "grid"]
    caption: str
    description: str
    answers: tuple[TableRow, ...] = ()
    edge: Literal["", "bar", "frame"] = ""
    widths: tuple[int, ...] = ()
    row: str = ""
    columns: tuple[ColumnHeading, ...] = ()
    rows: tuple[GridRow, ...] = ()
    choices: tuple[str, ...] = ()
    """The choices of a grid's lists, each as a line to print below it."""
    options: tuple[str, ...] = ()
    """The choices that all rows of a grid share, each of which has a column."""


@dataclass(frozen=True)
class PartLayout:
    """`time` and `who` are in the tab of the part: “By 31 October 2027”, “ · reviewer”."""

    title: str
    number: int
    time: str
    who: str
    clause: str
    intro: tuple[TextLine, ...]
    tables: tuple[TableLayout, ...]
    letter: tuple[TextLine, ...] = ()
    role: LetterRole = ""
    """What the part is to a letter; an address is `to` somebody and `of` its writer."""
    to: tuple[Question, ...] = ()
    of: tuple[Question, ...] = ()
    on_new_page: bool = False

    @property
    def tab(self) -> str:
        """What its tab says; empty where there is none."""
        return self.time + self.who

    def ends_with(self, last: PartLayout) -> bool:
        """Whether the last part of the form is on one page with the end of this one."""
        in_blocks = bool(self.tables) and self.tables[-1].edge == "bar"
        tables = (*(self.tables[-1:] if in_blocks else self.tables), *last.tables)
        if not self.tables or any(table.shape == "grid" for table in tables):
            return False
        heads = _HEAD_HEIGHT * (1 if in_blocks else 2)
        height = sum(row.height for table in tables for row in table.answers)
        return heads + height <= _ENDS_TOGETHER


def lay_out(blank: Blank, link: Link = no_link) -> tuple[PartLayout, ...]:
    """The parts of a form as tables; no two tables have one caption."""
    captions: set[str] = set()
    roles = blank.letter_roles
    return tuple(
        PartLayout(
            part.title,
            part.number,
            *part.tab,
            first_capital(part.clause) + " of the policy" * bool(part.clause),
            lines(part.intro, link),
            tuple(_distinct(table, captions) for table in _tables(part, link, role)),
            _letter(part, link),
            role,
            *(part.addressed if role == "address" else ((), ())),
            on_new_page=begins_page(roles, place),
        )
        for place, (part, role) in enumerate(zip(blank.parts, roles, strict=True))
    )


def _letter(part: Part, link: Link) -> tuple[TextLine, ...]:
    """The text of a letter, with a bare control in each of its places."""
    part.check_letter()
    return lines(part.letter, link)


def _distinct(table: TableLayout, used: set[str]) -> TableLayout:
    caption = make_distinct(table.caption, used)
    used.add(caption)
    return replace(table, caption=caption)


def _tables(part: Part, link: Link, role: LetterRole) -> Iterator[TableLayout]:
    if part.asked_apart and role != "address":
        framed = part.is_signed and part.number > 0
        head = 0 if role else _HEAD_HEIGHT + len(part.intro) * _INTRO_HEIGHT
        yield _answers(part.title, part.asked_apart, "frame" if framed else "", head=head)
    if part.grid and part.grid.in_blocks:
        for row in part.grid.rows:
            yield _block(row, link)
    elif part.grid:
        yield _grid(part.grid, part.title)


def _answers(
    caption: str,
    questions: tuple[Question, ...],
    edge: Literal["", "bar", "frame"] = "",
    before: tuple[LayoutCell, ...] = (),
    head: int = 0,
) -> TableLayout:
    """Questions with their answers below them; `before` are cells above them, a row each.

    `head` are the twips that are above the table and stay with it.
    """
    rooms = {"": PAGE_WIDTH, "bar": PAGE_WIDTH - _INSET, "frame": PAGE_WIDTH - 2 * _INSET}
    room = rooms[edge]
    rows = [TableRow((replace(cell, width=room),), _LABEL_HEIGHT, leads=True) for cell in before]
    for arranged in arrange_answers(questions):
        rows += _answer_rows(arranged, room)
    if edge == "frame":
        space = TableRow((LayoutCell("gap", room),), leads=True)
        rows = [space, *rows, replace(space, leads=False)]
    total = head + sum(row.height for row in rows)
    if total <= (_MOST_KEPT if edge else _KEPT_TOGETHER):
        rows = [*(replace(row, leads=True) for row in rows[:-1]), rows[-1]]
    described = "Each question is followed by its answer, below it."
    return TableLayout("answers", caption, described, tuple(_edged(rows, edge)), edge)


def _edged(rows: Iterable[TableRow], edge: str) -> Iterator[TableRow]:
    """The rows with a narrow cell on the side of a bar, or on both sides of a frame."""
    side = LayoutCell("gap", _INSET)
    for row in rows:
        ends = (side,) if edge == "frame" else ()
        yield replace(row, cells=(side, *row.cells, *ends)) if edge else row


def _block(row: Row, link: Link) -> TableLayout:
    """A row of a wide or guided grid as a heading, its guide, and its questions."""
    guide = lines(row.guide, link)
    before = [LayoutCell("heading", 0, words=row.title)]
    if guide:
        before.append(LayoutCell("prose", 0, lines=guide))
    return _answers(row.title, tuple(map(in_block, row.questions)), "bar", tuple(before))


def _answer_rows(arranged: AnswerRow, room: int) -> Iterator[TableRow]:
    """The rows of one arranged row: the labels, then the answers, then the choices of a list."""
    first, *others = arranged.questions
    if arranged.shape == "series":
        yield TableRow((_label(replace(first, label=arranged.label), room),), _LABEL_HEIGHT, True)
        for number, question in zip(arranged.numbers, arranged.questions, strict=True):
            cells = (
                LayoutCell("number", _NUMBER_WIDTH, words=number),
                _box(question, room - _NUMBER_WIDTH),
            )
            yield TableRow(cells, _BOX_HEIGHT, leads=question is not others[-1])
        return
    if first.kind == "checkbox":
        tick = LayoutCell("answer", _BOX_WIDTH, first)
        words = LayoutCell("words", room - _BOX_WIDTH, first, words=first.label)
        yield TableRow((tick, words), _LABEL_HEIGHT)
        return
    gap = twips(GUTTER)
    date = twips(MILLIMETRES["date"])
    rooms = {
        "one": (room,),
        "pair": ((room - gap) // 2, room - gap - (room - gap) // 2),
        "signature": (room - gap - date, date),
    }[arranged.shape]
    between = LayoutCell("gap", gap)
    labels, answers = list[LayoutCell](), list[LayoutCell]()
    for question, width in zip((first, *others), rooms, strict=True):
        labels += [between, _label(question, width)]
        answers += [between, *_answer(question, width)]
    below = any(cell.help and not cell.has_help_beside for cell in labels)
    yield TableRow(tuple(labels[1:]), _LABEL_HEIGHT * (2 if below else 1), leads=True)
    lists = [q for q in arranged.questions if q.kind == "choice" and not has_boxes(q)]
    height = max(_height_of(question) for question in arranged.questions)
    yield TableRow(tuple(answers[1:]), height, leads=bool(lists))
    for question in lists:
        choices = LayoutCell("choices", room, question, choices=_numbered(question.options))
        yield TableRow((choices,), len(question.options) * 260)


def _numbered(options: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{place}  {option}" for place, option in enumerate(options, start=1))


def _label(question: Question, width: int) -> LayoutCell:
    return LayoutCell("label", width, question)


def _box(question: Question, width: int) -> LayoutCell:
    return LayoutCell("answer", width, question, boxed=not has_boxes(question))


def _answer(question: Question, room: int) -> Iterator[LayoutCell]:
    """The cell of an answer, as wide as what is written in it, and the room beside it."""
    words = question.kind in ("text", "multiline") and not question.format
    takes = room if words or has_boxes(question) else twips(MILLIMETRES[width_of(question)])
    if takes + 100 >= room:
        yield _box(question, room)
    else:
        yield _box(question, takes)
        yield LayoutCell("gap", room - takes)


def twips(millimetres: int) -> int:
    """Millimetres of a form's width in twips, nearly."""
    return round(millimetres * _TWIPS)


def _height_of(question: Question) -> int:
    """The least height of an answer, in twips; the same as in the PDF."""
    if has_boxes(question):
        return _TICK_HEIGHT
    if question.signature:
        return _SIGNATURE_HEIGHT
    if question.kind == "multiline" and question.lines > 1:
        return question.lines * LINE_HEIGHT + ROW_PADDING
    return _NAME_HEIGHT if question.kind == "text" and question.prefill else _BOX_HEIGHT


def _grid(grid: Grid, caption: str) -> TableLayout:
    rows = tuple(GridRow(row.heading, tuple(_cells(row.questions))) for row in grid.rows)
    first = rows[0].cells if rows else ()
    columns = tuple(
        ColumnHeading(
            column.label,
            notes_of(cell[0]) if first else "",
            help_of(replace(cell[0], hint=column.hint)) if first else column.hint,
        )
        for column, cell in zip(grid.columns, first or ((),) * len(grid.columns), strict=False)
    )
    names = ", ".join(column.label for column in columns)
    lists = [cell[0] for cell in first if cell[0].kind == "choice" and not has_boxes(cell[0])]
    options = shared_options(grid)
    widths = [twips(width) for width in column_widths(grid, [cell[0] for cell in first])[1:]]
    return TableLayout(
        "grid",
        caption,
        f"One row for each {grid.row.lower()}. Columns: {names}.",
        widths=(PAGE_WIDTH - sum(widths), *widths),
        row=grid.row,
        columns=columns,
        rows=rows,
        choices=tuple(
            f"{question.label}: {', '.join(_numbered(question.options))}" for question in lists
        ),
        options=options,
    )


def _cells(questions: tuple[Question, ...]) -> Iterator[tuple[Question, ...]]:
    """A cell for each column; a signature and its date share one."""
    at = 0
    while at < len(questions):
        pair = questions[at : at + 2]
        signed = len(pair) == 2 and pair[0].signature and pair[1].kind == "date"
        yield pair if signed else pair[:1]
        at += 2 if signed else 1
