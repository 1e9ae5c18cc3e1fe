"""How the questions of a form become tables in Word, and how wide and high these are.

What shares a row is arranged as in the PDF. The look is that of `form.docx` in the house folder,
which HR restyles in Word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Literal

from lxml import etree

from formulary.documents.arrangement import (
    GUTTER,
    MILLIMETRES,
    AnswerRow,
    arrange_answers,
    begins_page,
    has_boxes,
    has_help_beside,
    help_of,
    in_block,
    notes_of,
    width_of,
)
from formulary.documents.blank import Blank, Grid, LetterRole, Part, Question, Row
from formulary.edition.text import first_capital, letter_faults
from formulary.formats.word.ooxml import Element, keep_with_next, w
from formulary.formats.word.prose import Link, TextLine, lines, no_link
from formulary.problems import OutputError

PAGE_WIDTH = 9638
"""Twips between the margins: A4 less 2 cm on each side."""

_TWIPS = PAGE_WIDTH / MILLIMETRES["full"]
"""Twips in a millimetre, nearly."""

NUMBER_WIDTH = 737
HEADING_WIDTH = 2835
SHORT_ANSWER_WIDTH = 1985
"""Twips: 35 mm, the narrowest that a date or an amount can be read and written in."""
TICK_WIDTH = 1361
_BOX_WIDTH = 454
"""Twips from a box to tick to its words."""
_INSET = 283
"""Twips, 5 mm, from the bar beside an objective, or the frame around signatures, to what it has."""
_WIDEST_TAB = 6000
"""Twips: 106 mm, all that a tab of when and who takes under the heading of its part."""
_TAB_LETTER, _TAB_PADDING = 112, 400
"""Twips that a letter of a tab takes at most, and the room around its words."""

LINE_HEIGHT = 324
"""Twips: a line of 12 pt."""
_TICK_HEIGHT = 400
"""Twips of a row of boxes to tick."""
_BOX_HEIGHT, _NAME_HEIGHT, _SIGNATURE_HEIGHT = 510, 703, 737
"""Twips of a box for one line (9 mm), for a name or job title (12.4 mm), for a signature (13)."""
_LABEL_HEIGHT = 380
ROW_PADDING = 190
_KEPT_TOGETHER = 3515
"""A table up to this many twips, 62 mm, is not parted by a page break."""
_MOST_KEPT = 12750
"""Twips: 225 mm. A block, or what is signed, is not parted unless it is longer than a page."""
GRID_KEPT_TOGETHER = 10
"""A grid up to this many lines is not parted by a page break; its header is repeated there."""

_BAR, _FRAME = "19", "10"
"""Eighths of a point: how thick the bar beside an objective, and the frame of signatures, are."""


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


def _tables(part: Part, link: Link, role: LetterRole) -> Iterator[TableLayout]:
    if part.asked_apart and role != "address":
        framed = part.is_signed and part.number > 0
        yield _answers(part.title, part.asked_apart, "frame" if framed else "")
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
) -> TableLayout:
    """Questions with their answers below them; `before` are cells above them, a row each."""
    rooms = {"": PAGE_WIDTH, "bar": PAGE_WIDTH - _INSET, "frame": PAGE_WIDTH - 2 * _INSET}
    room = rooms[edge]
    rows = [TableRow((replace(cell, width=room),), _LABEL_HEIGHT, leads=True) for cell in before]
    for arranged in arrange_answers(questions):
        rows += _answer_rows(arranged, room)
    if edge == "frame":
        space = TableRow((LayoutCell("gap", room),), leads=True)
        rows = [space, *rows, replace(space, leads=False)]
    total = sum(row.height for row in rows)
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
                LayoutCell("number", NUMBER_WIDTH, words=number),
                _box(question, room - NUMBER_WIDTH),
            )
            yield TableRow(cells, _BOX_HEIGHT)
        return
    if first.kind == "checkbox":
        tick = LayoutCell("answer", _BOX_WIDTH, first)
        words = LayoutCell("words", room - _BOX_WIDTH, first, words=first.label)
        yield TableRow((tick, words), _LABEL_HEIGHT)
        return
    gap = _twips(GUTTER)
    date = _twips(MILLIMETRES["date"])
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
    takes = room if words or has_boxes(question) else _twips(MILLIMETRES[width_of(question)])
    if takes + 100 >= room:
        yield _box(question, room)
    else:
        yield _box(question, takes)
        yield LayoutCell("gap", room - takes)


def _twips(millimetres: int) -> int:
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
    numbered = all(len(row.heading) <= 3 for row in rows)
    names = ", ".join(column.label for column in columns)
    lists = [cell[0] for cell in first if cell[0].kind == "choice" and not has_boxes(cell[0])]
    return TableLayout(
        "grid",
        caption,
        f"One row for each {grid.row.lower()}. Columns: {names}.",
        widths=_grid_widths(NUMBER_WIDTH if numbered else HEADING_WIDTH, first),
        row="No." if numbered else grid.row,
        columns=columns,
        rows=rows,
        choices=tuple(
            f"{question.label}: {', '.join(_numbered(question.options))}" for question in lists
        ),
    )


def _cells(questions: tuple[Question, ...]) -> Iterator[tuple[Question, ...]]:
    """A cell for each column; a signature and its date share one."""
    at = 0
    while at < len(questions):
        pair = questions[at : at + 2]
        signed = len(pair) == 2 and pair[0].signature and pair[1].kind == "date"
        yield pair if signed else pair[:1]
        at += 2 if signed else 1


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
    """Set what the house document cannot know: widths, heights, and the edges of blocks."""
    wanted = {table.caption: table for part in parts for table in part.tables}
    lengths = {question.id: question.lines for question in blank.questions()}
    for table in body.iter(w("tbl")):
        caption = table.find(f"{w('tblPr')}/{w('tblCaption')}")
        name = "" if caption is None else str(caption.get(w("val")))
        layout = wanted.get(name)
        if layout and layout.shape == "grid":
            _set_widths(table, layout.widths)
            _set_heights(table, lengths, GRID_KEPT_TOGETHER)
        elif layout:
            _size_answers(table, layout)
    for style in body.iter(w("pStyle")):
        if style.get(w("val")) == "FormTab":
            _indent_tab(style.getparent())
        if style.get(w("val")) == "FormSpace":  # before the signature to a letter
            space = style.getparent().getparent()
            for closing in list(space.itersiblings(w("p"), preceding=True))[:2]:
                keep_with_next(closing)
    _keep_decisions(body, blank)


def _indent_tab(properties: Element) -> None:
    """Make the tab under the heading of a part as wide as its words, at the right."""
    words = sum(len(text.text or "") for text in properties.getparent().iter(w("t")))
    takes = min(_WIDEST_TAB, words * _TAB_LETTER + _TAB_PADDING)
    etree.SubElement(properties, w("ind"), {w("left"): str(PAGE_WIDTH - takes), w("right"): "125"})


def _size_answers(table: Element, layout: TableLayout) -> None:
    """Give a table of answers the widths and heights of its layout, and its bar or frame."""
    ends = sorted({end for row in layout.answers for end in _ends(row)})
    _set_grid(table, [end - start for start, end in zip([0, *ends], ends, strict=False)])
    last = len(layout.answers) - 1
    rows = zip(table.iter(w("tr")), layout.answers, strict=True)
    for place, (made, row) in enumerate(rows):
        if row.height:
            _set_height(made, row.height)
        start = 0
        for cell, end in zip(made.iter(w("tc")), _ends(row), strict=True):
            properties = cell.find(w("tcPr"))
            properties.find(w("tcW")).set(w("w"), str(end - start))
            spanned = sum(start < one <= end for one in ends)
            if spanned > 1:
                span = etree.Element(w("gridSpan"), {w("val"): str(spanned)})
                properties.find(w("tcW")).addnext(span)
            sides = []
            if layout.edge:
                sides += ["left"] * (start == 0)
            if layout.edge == "frame":
                sides += ["top"] * (place == 0) + ["bottom"] * (place == last)
                sides += ["right"] * (end == PAGE_WIDTH)
            _set_edges(properties, sides, _BAR if layout.edge == "bar" else _FRAME)
            start = end
        if row.leads:
            for paragraph in made.iter(w("p")):
                keep_with_next(paragraph)


def _ends(row: TableRow) -> tuple[int, ...]:
    """Where the cells of a row end, in twips from the left."""
    return tuple(accumulate(cell.width for cell in row.cells))


def _set_edges(properties: Element, sides: list[str], thick: str) -> None:
    """Edges of a cell in the organisation's colour, in the order of ECMA-376 part 1, 17.4.66."""
    if not sides:
        return
    borders = etree.Element(w("tcBorders"))
    for side in ("top", "left", "bottom", "right"):
        if side in sides:
            values = {"val": "single", "sz": thick, "space": "0", "color": "auto"}
            edge = etree.SubElement(borders, w(side), {w(key): v for key, v in values.items()})
            edge.set(w("themeColor"), "accent1")
    before = properties.find(w("gridSpan"))
    (before if before is not None else properties.find(w("tcW"))).addnext(borders)


def _keep_decisions(body: Element, blank: Blank) -> None:
    """Keep a decision, and what is signed, on one page; a decision with what follows, if signed."""
    roles = zip(blank.parts, blank.letter_roles, strict=True)
    headed = [part for part, role in roles if not role]
    parts = iter(zip(headed, [*headed[1:], None], strict=False))
    whole = leads = False
    nodes: list[Element] = []
    for node in [*body, None]:
        named = None if node is None else node.find(f"{w('pPr')}/{w('pStyle')}")
        if node is None or (named is not None and named.get(w("val")) == "Heading1"):
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
    _set_grid(table, widths)
    for row in table.iter(w("tr")):
        for cell, width in zip(row.iter(w("tc")), widths, strict=False):
            cell.find(f"{w('tcPr')}/{w('tcW')}").set(w("w"), str(width))


def _set_grid(table: Element, widths: Iterable[int]) -> None:
    grid = table.find(w("tblGrid"))
    for column in list(grid):
        grid.remove(column)
    for width in widths:
        etree.SubElement(grid, w("gridCol"), {w("w"): str(width)})


def _set_height(row: Element, height: int) -> None:
    properties = row.find(w("trPr"))
    etree.SubElement(properties, w("trHeight"), {w("val"): str(height), w("hRule"): "atLeast"})


def _set_heights(table: Element, lengths: dict[str, int], kept: int) -> None:
    """Rows as high as the writing space asked for; a table of `kept` lines stays on one page."""
    rows = list(table.iter(w("tr")))
    found = [[lengths.get(str(tag.get(w("val"))), 1) for tag in row.iter(w("tag"))] for row in rows]
    together = sum(max(row, default=1) for row in found) <= kept
    for place, (row, asked) in enumerate(zip(rows, found, strict=True)):
        if asked:
            _set_height(row, max(asked) * LINE_HEIGHT + ROW_PADDING)
        if place + 1 < len(rows) and (together or not asked):
            for paragraph in row.iter(w("p")):
                keep_with_next(paragraph)
