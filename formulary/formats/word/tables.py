"""Write a `Table` of a text as Word's own XML (`w:tbl`), in the styles of the house document.

The header row is marked and repeated, the first column marked as the row's header, and rows are
not broken. A colour is a bar at the edge of its cell, beside the words.
"""

from __future__ import annotations

from markupsafe import Markup

from formulary.edition.text import Cell, Table, plain
from formulary.formats.word.prose import Link, lines

PORTRAIT, LANDSCAPE = 9638, 14570
"""Twips between margins of 2 cm on A4."""

NARROWEST = 1250
LETTER = 118
"""Twips that a letter of a bold word takes, with room to spare."""

SHORT = 1500
"""Letters. A table with fewer is not parted by a page break."""

BAR = 36
"""Eighths of a point: the width of the bar of colour beside a cell's words."""


def table(found: Table, link: Link) -> Markup:
    """The table as a `w:tbl` (ECMA-376 part 1, 17.4.37)."""
    widths = _widths(found, LANDSCAPE if found.is_wide else PORTRAIT)
    columns = ", ".join(plain(cell.blocks) for cell in found.columns)
    head = Markup(
        '<w:tbl><w:tblPr><w:tblStyle w:val="PolicyTable"/><w:tblW w:w="{}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/><w:tblLook w:val="06A0" w:firstRow="1" w:lastRow="0" '
        'w:firstColumn="1" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        '<w:tblCaption w:val="{}"/><w:tblDescription w:val="{}"/></w:tblPr>'
        "<w:tblGrid>{}</w:tblGrid>"
    ).format(
        sum(widths),
        found.caption,
        f"Columns: {columns}.",
        Markup("").join(Markup('<w:gridCol w:w="{}"/>').format(width) for width in widths),
    )
    short = len(plain((found,))) < SHORT
    rows = Markup("").join(
        _row(cells, widths, link, head=place == 0, keep=short and place < len(found.rows))
        for place, cells in enumerate((found.columns, *found.rows))
    )
    return head + rows + Markup("</w:tbl>")


def _row(
    cells: tuple[Cell, ...], widths: list[int], link: Link, *, head: bool, keep: bool
) -> Markup:
    made = Markup("").join(
        _cell(cell, width, link, header=head or place == 0, keep=head or keep)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    marked = Markup("<w:tblHeader/>") if head else ""
    return Markup("<w:tr><w:trPr><w:cantSplit/>{}</w:trPr>{}</w:tr>").format(marked, made)


def _cell(cell: Cell, width: int, link: Link, *, header: bool, keep: bool) -> Markup:
    """One cell; `keep` holds its row on one page with the next."""
    bar = Markup(
        '<w:tcBorders><w:left w:val="single" w:sz="{}" w:space="0" w:color="{}"/></w:tcBorders>'
    ).format(BAR, cell.colour.lstrip("#").upper())
    style = "TableHeading" if header else "TableText"
    kept = Markup("<w:keepNext/>") if keep else ""
    made = Markup("").join(
        Markup('<w:p><w:pPr><w:pStyle w:val="{}"/>{}</w:pPr>{}</w:p>').format(
            "TableBullet" if line.bullet else style, kept, line.runs
        )
        for line in lines(cell.blocks, link)
    )
    return Markup('<w:tc><w:tcPr><w:tcW w:w="{}" w:type="dxa"/>{}</w:tcPr>{}</w:tc>').format(
        width,
        bar if cell.colour else "",
        made or Markup('<w:p><w:pPr><w:pStyle w:val="{}"/>{}</w:pPr></w:p>').format(style, kept),
    )


def _widths(found: Table, total: int) -> list[int]:
    """Widths by how much each column has to say, none narrower than its longest word."""
    least = [max(NARROWEST, letters * LETTER + 227) for letters in found.longest_words]
    weights = [max(4.0, sum(map(len, column))) ** 0.35 for column in found.texts]
    spare = total - sum(least)
    if spare <= 0:
        share = [width * total // sum(least) for width in least]
    else:
        share = _shares(least, weights, total)
    share[-1] += total - sum(share)
    return share


def _shares(least: list[int], weights: list[float], total: int) -> list[int]:
    """The total shared by weight, after each column that would fall short has its least."""
    fixed: dict[int, int] = {}
    while True:
        rest = total - sum(fixed.values())
        weight = sum(weights[i] for i in range(len(least)) if i not in fixed)
        shares = [
            fixed.get(i, int(rest * weights[i] / weight) if weight else 0)
            for i in range(len(least))
        ]
        short = {i: least[i] for i, share in enumerate(shares) if share < least[i]}
        if not short:
            return shares
        fixed |= short
