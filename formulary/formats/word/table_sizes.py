"""Give the tables of a form in Word what the house document cannot know.

That is widths, heights, the edges of blocks, a column for each choice that all rows of a table
share, and what stays on one page.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from itertools import accumulate

from formulary.documents.arrangement import CHOICE_COLUMNS
from formulary.documents.blank import Blank
from formulary.formats.word.layout import (
    LINE_HEIGHT,
    PAGE_WIDTH,
    ROW_PADDING,
    PartLayout,
    TableLayout,
    TableRow,
    twips,
)
from formulary.formats.word.ooxml import Element, keep_with_next, make, style_of, value_of, w

_TAB_LETTER, _TAB_PADDING = 112, 400
"""Twips that a letter of a tab takes at most, and the room around its words."""

GRID_KEPT_TOGETHER = 10
"""A grid up to this many lines is not parted by a page break; its header is repeated there."""

_BAR, _FRAME = "19", "10"
"""Eighths of a point: how thick the bar beside an objective, and the frame of signatures, are."""


def size_tables(body: Element, parts: tuple[PartLayout, ...], blank: Blank) -> None:
    """Set what the house document cannot know: widths, heights, and the edges of blocks."""
    wanted = {table.caption: table for part in parts for table in part.tables}
    lengths = {question.id: question.lines for question in blank.questions()}
    for table in body.iter(w("tbl")):
        layout = wanted.get(value_of(table, "w:tblPr/w:tblCaption"))
        if layout and layout.shape == "grid":
            _set_widths(table, _spread_choices(table, layout.options) or layout.widths)
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
    _keep_decisions(body, blank, parts)


def _indent_tab(properties: Element) -> None:
    """Make the tab under the heading of a part as wide as its words, at the right."""
    words = sum(len(text.text or "") for text in properties.getparent().iter(w("t")))
    takes = min(PAGE_WIDTH - 250, words * _TAB_LETTER + _TAB_PADDING)
    properties.append(make("ind", left=PAGE_WIDTH - takes, right=125))


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
                properties.find(w("tcW")).addnext(make("gridSpan", val=spanned))
            sides = []
            if layout.edge:
                sides += ["left"] * (start == 0)
            if layout.edge == "frame":
                sides += ["top"] * (place == 0) + ["bottom"] * (place == last)
                sides += ["right"] * (end == PAGE_WIDTH)
            _set_edges(properties, sides, _BAR if layout.edge == "bar" else _FRAME)
            start = end
            if any(one.kind == "words" for one in row.cells):  # the label of a box to tick
                properties.find(w("vAlign")).set(w("val"), "top")
        if any(one.boxed and one.question and one.question.lines > 1 for one in row.cells):
            # a long answer goes on where the page ends, rather than begin a page
            properties = made.find(w("trPr"))
            properties.remove(properties.find(w("cantSplit")))
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
    borders = (
        make(side, val="single", sz=thick, space=0, color="auto", themeColor="accent1")
        for side in ("top", "left", "bottom", "right")
        if side in sides
    )
    before = properties.find(w("gridSpan"))
    before = properties.find(w("tcW")) if before is None else before
    before.addnext(make("tcBorders", *borders))


def _keep_decisions(body: Element, blank: Blank, layouts: tuple[PartLayout, ...]) -> None:
    """Keep a decision, and what is signed, on one page; a decision with what follows, if signed.

    The last part is not alone on a page either, but with the end of the part before it.
    """
    roles = zip(blank.parts, blank.letter_roles, strict=True)
    headed = [part for part, role in roles if not role]
    ends = len(layouts) > 1 and not blank.is_letter and layouts[-2].ends_with(layouts[-1])
    parts = iter(zip(headed, [*headed[1:], None], strict=False))
    part, then = None, None
    nodes: list[Element] = []
    for node in [*body, None]:
        if node is None or style_of(node) == "Heading1":
            if part and not part.letter:
                last = ends and then is blank.parts[-1]
                signs = then is not None and then.is_signed
                if part.decision or part.is_signed:
                    _keep_together(nodes, leads=last or (not part.is_signed and signs))
                elif last:
                    tables = [place for place, one in enumerate(nodes) if one.tag == w("tbl")]
                    _keep_together(nodes[tables[-1] if part.grid else 0 :], leads=True)
            part, then = next(parts, (None, None))
            nodes = []
        if node is not None:
            nodes.append(node)


def _keep_together(nodes: list[Element], *, leads: bool) -> None:
    """Keep paragraphs with the next; the last row, and what is below it, only where it leads."""
    paragraphs = [paragraph for node in nodes for paragraph in node.iter(w("p"))]
    rows = [row for node in nodes for row in node.iter(w("tr"))]
    if rows and not leads:
        paragraphs = paragraphs[: paragraphs.index(next(rows[-1].iter(w("p"))))]
    for paragraph in paragraphs:
        keep_with_next(paragraph)


def _spread_choices(table: Element, options: tuple[str, ...]) -> tuple[int, ...]:
    """Give each shared choice a column, with its words in the head, and in each row its box.

    Gives the widths of the columns; none where nothing is shared, or a row has no boxes.
    """
    head, *rows = table.iter(w("tr"))
    boxes = [list(row.iter(w("sdt"))) for row in rows]
    if not options or any(len(own) != len(options) for own in boxes):
        return ()
    first, second = head.findall(w("tc"))
    for paragraph in second.findall(w("p")):  # what is asked, and how to choose
        first.append(paragraph)
    _set_columns(second, "FormHint", [[_run_of(option)] for option in options])
    for row, own in zip(rows, boxes, strict=True):
        marks = [next(row.iter(w(f"bookmark{end}"))) for end in ("Start", "End")]
        columns = [[box] for box in own]
        columns[0].insert(0, marks[0])
        columns[-1].append(marks[1])
        _set_columns(row.findall(w("tc"))[1], "FormTick", columns)
    each = round(twips(CHOICE_COLUMNS) / len(options))
    return (PAGE_WIDTH - each * len(options), *(each,) * len(options))


def _set_columns(cell: Element, style: str, contents: list[list[Element]]) -> None:
    """Put a cell for each content in place of one, with the content in its middle."""
    for content in contents:
        centre = [make("jc", val="center")] if style != "FormTick" else []
        properties = make("pPr", make("pStyle", val=style), *centre)
        paragraph = make("p", properties, *content)
        cell.addprevious(make("tc", deepcopy(cell.find(w("tcPr"))), paragraph))
    cell.getparent().remove(cell)


def _run_of(words: str) -> Element:
    text = make("t")
    text.text = words
    return make("r", text)


def _set_widths(table: Element, widths: tuple[int, ...]) -> None:
    _set_grid(table, widths)
    for row in table.iter(w("tr")):
        for cell, width in zip(row.iter(w("tc")), widths, strict=False):
            cell.find(f"{w('tcPr')}/{w('tcW')}").set(w("w"), str(width))


def _set_grid(table: Element, widths: Iterable[int]) -> None:
    table.find(w("tblGrid"))[:] = [make("gridCol", w=width) for width in widths]


def _set_height(row: Element, height: int) -> None:
    row.find(w("trPr")).append(make("trHeight", val=height, hRule="atLeast"))


def _set_heights(table: Element, lengths: dict[str, int], kept: int) -> None:
    """Rows as high as the writing space asked for; a table of `kept` lines stays on one page."""
    rows = list(table.iter(w("tr")))
    found = [[lengths.get(str(tag.get(w("val"))), 1) for tag in row.iter(w("tag"))] for row in rows]
    together = sum(max(row, default=1) for row in found) <= kept
    for place, (row, asked) in enumerate(zip(rows, found, strict=True)):
        if asked:
            _set_height(row, max(asked) * LINE_HEIGHT + ROW_PADDING)
        for tick in row.iter(w("pStyle")):
            if tick.get(w("val")) == "FormTick":
                tick.getparent().append(make("jc", val="center"))
        if place + 1 < len(rows) and (together or not asked):
            for paragraph in row.iter(w("p")):
                keep_with_next(paragraph)
