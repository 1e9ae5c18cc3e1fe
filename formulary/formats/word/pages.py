"""Estimate the page of each bookmark, for the page numbers in the contents of a policy.

Text is wrapped with Arial's widths in the sizes and spaces of the document's own styles. Word puts
its own numbers in place of these as soon as somebody updates the field or prints.

Why not leave the numbers to the program that opens the file: Word numbers a field marked with
`w:dirty` or `w:updateFields` (ECMA-376 part 1, 17.16.18, 17.15.1.81) only after the question
“This document contains fields that may refer to other files. Do you want to update the fields in
this document?”, which reads like a warning, and LibreOffice heeds neither mark, on the screen or in
a PDF: every entry would lead to page 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

from formulary.formats.word.ooxml import Element, style_of, value_of, w

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_EMU = 12700
"""English Metric Units to a point (ECMA-376 part 1, 20.1.2.1)."""

LINE = 1.15
"""The height of a line of Arial, in units of its size."""

CELL_PADDING = (11.3, 5.9)
"""Points across and down that the table style puts around the words of a cell, with its line."""

_WIDTHS = {
    **dict.fromkeys("'", 0.191),
    **dict.fromkeys("ijl‘’", 0.222),
    **dict.fromkeys("|", 0.26),
    **dict.fromkeys(" .,:;!/I·[]ft", 0.278),
    **dict.fromkeys("r()-“”", 0.333),
    **dict.fromkeys("•", 0.35),
    **dict.fromkeys("cksvxyzJ", 0.5),
    **dict.fromkeys("FTZ", 0.611),
    **dict.fromkeys("ABEKPSVXY&", 0.667),
    **dict.fromkeys("CDHNRUw", 0.722),
    **dict.fromkeys("GOQ", 0.778),
    **dict.fromkeys("mM", 0.833),
    **dict.fromkeys("W", 0.944),
    **dict.fromkeys("—…", 1.0),
}
"""Widths of Arial's letters in units of its size; the others are 0.556 wide."""

_BOLD = 1.06
"""How much wider bold words are."""


_FLAGS = (("keepNext", "keep"), ("pageBreakBefore", "breaks"), ("contextualSpacing", "close"))


@dataclass(frozen=True)
class Style:
    """What a paragraph style says of space; points. `exact` is a fixed height of line, or 0."""

    size: float = 10.0
    bold: bool = False
    before: float = 0.0
    after: float = 0.0
    spacing: float = 1.0
    exact: float = 0.0
    left: float = 0.0
    right: float = 0.0
    hanging: float = 0.0
    keep: bool = False
    breaks: bool = False
    close: bool = False
    """Whether the space after is left out before a paragraph of the same style."""
    name: str = ""

    @property
    def line(self) -> float:
        return self.exact or int(self.size * 20 * LINE * self.spacing) / 20  # in whole twips


@dataclass(frozen=True)
class _PageBlock:
    """What is set at once: a paragraph of some lines, or one row of a table."""

    lines: int
    line: float
    before: float = 0.0
    after: float = 0.0
    keep: bool = False
    breaks: bool = False
    names: tuple[str, ...] = ()
    turn: bool = False
    style: str = ""

    @property
    def height(self) -> float:
        return self.before + self.lines * self.line


def bookmark_pages(body: Element, styles: Element) -> dict[str, int]:
    """The page, counted from 1, of every bookmark in `w:body`, as near as can be told."""
    sizes = [_size(section) for section in body.iter(w("sectPr"))]
    pages: dict[str, int] = {}
    page, top, section = 1, 0.0, 0
    pieces = _collapse_spaces(list(_page_blocks(body, _Styles(styles), sizes)))
    for place, piece in enumerate(pieces):
        height = sizes[section][1]
        if top > 0 and (piece.breaks or top + _height_needed(pieces, place) > height):
            kept = int((height - top - piece.before) // piece.line)
            splits = not piece.breaks and not piece.keep and 2 <= kept <= piece.lines - 2
            pages.update(dict.fromkeys(piece.names, page if splits else page + 1))
            page, top = page + 1, (piece.lines - (kept if splits else 0)) * piece.line
        else:
            pages.update(dict.fromkeys(piece.names, page))
            top += piece.height
        top += piece.after
        if piece.turn:
            page, top, section = page + 1, 0.0, min(section + 1, len(sizes) - 1)
    return pages


def _collapse_spaces(pieces: list[_PageBlock]) -> list[_PageBlock]:
    """The pieces with the space that stays: the larger of after and before, as Word keeps it.

    Between paragraphs of one style that are set close there is none.
    """
    spaced: list[_PageBlock] = []
    for piece in pieces:
        last = spaced[-1] if spaced else None
        if last and last.style and last.style == piece.style:
            spaced[-1] = replace(last, after=0.0)
        elif last:
            piece = replace(piece, before=max(0.0, piece.before - last.after))
        spaced.append(piece)
    return spaced


def _height_needed(pieces: list[_PageBlock], place: int) -> float:
    """The height that must be free: the piece, and what it is to be kept with."""
    needed = 0.0
    for piece in pieces[place:]:
        if not piece.keep:
            return needed + piece.before + min(piece.lines, 2 if needed else 99) * piece.line
        needed += piece.height + piece.after
    return needed


def _size(section: Element) -> tuple[float, float]:
    """Width and height between the margins of a section (`w:sectPr`), in points."""
    page, margin = section.find(w("pgSz")), section.find(w("pgMar"))
    across = sum(int(margin.get(w(side))) for side in ("left", "right"))
    down = sum(int(margin.get(w(side))) for side in ("top", "bottom"))
    return (int(page.get(w("w"))) - across) / 20, (int(page.get(w("h"))) - down) / 20


def _page_blocks(
    body: Element, styles: _Styles, sizes: list[tuple[float, float]]
) -> Iterator[_PageBlock]:
    section = 0
    for node in _blocks(body):
        width = sizes[min(section, len(sizes) - 1)][0]
        if node.tag == w("tbl"):
            yield from _rows(node, styles)
            continue
        piece = _paragraph(node, styles, width)
        section += piece.turn
        if any(found.get(w("type")) == "page" for found in node.iter(w("br"))):
            yield replace(piece, breaks=True)
        else:
            yield piece


def _blocks(body: Element) -> Iterator[Element]:
    for node in body:
        if node.tag == w("sdt"):
            yield from _blocks(node.find(w("sdtContent")))
        elif node.tag in (w("p"), w("tbl")):
            yield node


def _paragraph(node: Element, styles: _Styles, width: float) -> _PageBlock:
    style = styles.of(node)
    properties = node.find(w("pPr"))
    text = "".join(
        "\t" if part.tag == w("tab") else "\n" if part.tag == w("br") else part.text or ""
        for part in node.iter(w("t"), w("tab"), w("br"))
        if part.getparent().tag == w("r")
    )
    lines = _lines(text, style, width - style.left - style.right)
    names = tuple(str(start.get(w("name"))) for start in node.iter(w("bookmarkStart")))
    turn = properties is not None and properties.find(w("sectPr")) is not None
    return _PageBlock(
        lines=lines,
        line=max([style.line, *(int(d.get("cy")) / _EMU for d in node.iter(f"{_DRAWING}extent"))]),
        before=style.before,
        after=style.after,
        keep=style.keep,
        breaks=style.breaks,
        names=names,
        turn=turn,
        style=style.name if style.close else "",
    )


def _rows(table: Element, styles: _Styles) -> Iterator[_PageBlock]:
    widths = [int(column.get(w("w"))) / 20 for column in table.iter(w("gridCol"))]
    for row in table.iter(w("tr")):
        heights = [
            sum(
                piece.height + piece.after
                for piece in (
                    _paragraph(node, styles, width - CELL_PADDING[0]) for node in cell.iter(w("p"))
                )
            )
            for cell, width in zip(row.iter(w("tc")), widths, strict=False)
        ]
        names = tuple(str(start.get(w("name"))) for start in row.iter(w("bookmarkStart")))
        kept = row.find(f".//{w('keepNext')}") is not None
        yield _PageBlock(1, max(heights) + CELL_PADDING[1], keep=kept, names=names)


def _lines(text: str, style: Style, width: float) -> int:
    """How many lines the words take when wrapped; at least one."""
    em = style.size * (_BOLD if style.bold else 1.0)
    count = 0
    for stretch in text.split("\n"):
        at = -style.hanging if "\t" in stretch else 0.0
        count += 1
        for word in stretch.replace("\t", " ").split(" "):
            long = sum(_WIDTHS.get(letter, 0.556) for letter in word) * em
            if at > 0 and at + long > width:
                count += 1
                at = 0.0
            count += max(0, ceil(long / max(width, em)) - 1)
            at += long + _WIDTHS[" "] * em
    return count


class _Styles:
    """Paragraph styles with all that they inherit."""

    def __init__(self, root: Element) -> None:
        self.known = {
            str(style.get(w("styleId"))): style
            for style in root.iter(w("style"))
            if style.get(w("type")) == "paragraph"
        }
        self.found: dict[str, Style] = {}
        defaults = root.find(w("docDefaults"))
        self.default = _with(Style(), defaults) if defaults is not None else Style()

    def of(self, paragraph: Element) -> Style:
        return _with(self.resolve(style_of(paragraph) or "Normal"), paragraph, own=True)

    def resolve(self, id: str) -> Style:
        if id not in self.found:
            node = self.known.get(id)
            if node is None:
                return self.default
            parent = self.resolve(value_of(node, "w:basedOn"))
            self.found[id] = replace(_with(parent, node), name=id)
        return self.found[id]


def _with(style: Style, node: Element, *, own: bool = False) -> Style:
    """The style, changed by the properties of a style, of the defaults or of a paragraph itself."""
    changes: dict[str, Any] = {}
    properties = node.find(w("pPr"))
    if properties is not None:
        changes |= _points(properties.find(w("ind")), "left", "right", "hanging")
        changes |= _space(properties.find(w("spacing")))
        for name, key in _FLAGS:
            if properties.find(w(name)) is not None:
                changes[key] = True
    if not own:
        size, bold = node.find(f".//{w('sz')}"), node.find(f"{w('rPr')}/{w('b')}")
        if size is not None:
            changes["size"] = int(size.get(w("val"))) / 2
        if bold is not None:
            changes["bold"] = bold.get(w("val")) not in ("0", "false")
    return replace(style, **changes) if changes else style


def _space(node: Element | None) -> dict[str, float]:
    found = _points(node, "before", "after")
    if node is not None and node.get(w("line")):
        exact = node.get(w("lineRule")) == "exact"
        line = int(node.get(w("line")))
        found |= {"exact": line / 20} if exact else {"spacing": line / 240, "exact": 0.0}
    return found


def _points(node: Element | None, *names: str) -> dict[str, float]:
    """Lengths that an element gives in twips, by the names of its attributes."""
    given = {} if node is None else {name: node.get(w(name)) for name in names}
    return {name: int(length) / 20 for name, length in given.items() if length}
