"""Write texts as Word's own XML: strong words, emphasis and links, in named styles only.

Runs become marked-up, escaped XML for the `{{r ... }}` of a house
document, so that how a text looks stays with the styles of that document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from markupsafe import Markup, escape

from formulary.edition.text import FIELD, Block, Bullets, Cell, Figure, Paragraph, Run, Table

Link = Callable[[str], str]
"""Takes a target and gives the attribute of `w:hyperlink` for it; empty: the words stay plain."""


@dataclass(frozen=True)
class TextLine:
    """One paragraph to print: its words, and whether it is an entry of a list."""

    runs: Markup
    bullet: bool = False


def no_link(target: str) -> str:
    """For a paper whose links lead nowhere."""
    return ""


def run(text: str, *styles: str) -> Markup:
    """One run, line breaks in the text kept.

    `styles` are ids of character styles; a run has one, so Emphasis after another turns it italic.
    """
    named = Markup('<w:rStyle w:val="{}"/>').format(styles[0]) if styles else Markup("")
    slanted = Markup("<w:i/><w:iCs/>") if "Emphasis" in styles[1:] else Markup("")
    properties = Markup("<w:rPr>{}{}</w:rPr>").format(named, slanted) if styles else ""
    lines = Markup("<w:br/>").join(
        Markup('<w:t xml:space="preserve">{}</w:t>').format(line) for line in text.split("\n")
    )
    return Markup("<w:r>{}{}</w:r>").format(properties, lines)


def runs(parts: tuple[Run, ...], link: Link = no_link) -> Markup:
    """The runs of a paragraph."""
    return Markup("").join(_render_run(part, link) for part in parts)


def _render_run(part: Run, link: Link) -> Markup:
    if part.target.startswith(FIELD):
        return _control(part.target.removeprefix(FIELD))
    leads_to = link(part.target) if part.target else ""
    if leads_to:
        return Markup("<w:hyperlink {}>{}</w:hyperlink>").format(
            Markup(leads_to), run(part.text, "Hyperlink")
        )
    if part.mark:
        return run(part.text, part.mark.capitalize())
    styles = [*(["Strong"] if part.strong else []), *(["Emphasis"] if part.emphasis else [])]
    return run(part.text, *styles)


def _control(id: str) -> Markup:
    """A bare control in the running text of a letter; `controls.complete` makes it the question's.

    ECMA-376 part 1, 17.5.2.31 sdt (inline-level structured document tag).
    """
    return Markup(
        '<w:sdt><w:sdtPr><w:tag w:val="{}"/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>'
    ).format(id, run("."))


def attribute(name: str, value: str) -> str:
    """An XML attribute, its value escaped."""
    return f'{name}="{escape(value)}"'


def lines(blocks: tuple[Block, ...], link: Link = no_link) -> tuple[TextLine, ...]:
    """Guidance as paragraphs and list entries.

    A table in it is inside a run of its own, out of which `template.render` lifts it.
    """
    return tuple(_lines(blocks, link, bullet=False))


def _lines(
    blocks: tuple[Block, ...], link: Link, *, bullet: bool, depth: int = 0
) -> Iterator[TextLine]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield TextLine(runs(block.runs, link), bullet)
        elif isinstance(block, Bullets):
            for place, item in enumerate(block.items):
                mark = f"{block.marks[place]} " if block.marks else ""
                for line in _lines(item, link, bullet=not mark, depth=depth + 1):
                    marked = Markup("<w:r><w:tab/></w:r>") * depth + run(mark) + line.runs
                    yield TextLine(marked, line.bullet) if mark else line
                    mark = ""
        elif isinstance(block, Figure):
            yield TextLine(run(block.title), bullet)
        else:
            yield TextLine(Markup("<w:r>{}</w:r>").format(_table(block, link)), bullet)


def _table(block: Table, link: Link) -> Markup:
    """A table as wide as its place, with lines around its cells and a repeated header."""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    edge = Markup('<w:{} w:val="single" w:sz="4" w:space="0" w:color="7B7580"/>')
    share = 5000 // len(block.columns)
    rows = Markup("").join(
        Markup("<w:tr><w:trPr><w:cantSplit/>{}</w:trPr>{}</w:tr>").format(
            Markup("" if place else "<w:tblHeader/>"),
            Markup("").join(
                _cell(c, share, link, head=not place or not n) for n, c in enumerate(row)
            ),
        )
        for place, row in enumerate((block.columns, *block.rows))
    )
    return Markup(
        '<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{}</w:tblBorders>'
        '<w:tblLook w:val="06A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0" '
        'w:noHBand="1" w:noVBand="1"/></w:tblPr><w:tblGrid>{}</w:tblGrid>{}</w:tbl>'
    ).format(
        Markup("").join(edge.format(side) for side in sides),
        Markup("<w:gridCol/>") * len(block.columns),
        rows,
    )


def _cell(cell: Cell, share: int, link: Link, *, head: bool) -> Markup:
    made = Markup("").join(
        Markup("<w:p><w:pPr>{}</w:pPr>{}</w:p>").format(
            Markup('<w:keepNext/><w:spacing w:before="40" w:after="40"/>'), line.runs
        )
        for line in _lines(_bold(cell.blocks) if head else cell.blocks, link, bullet=False)
    )
    return Markup('<w:tc><w:tcPr><w:tcW w:w="{}" w:type="pct"/></w:tcPr>{}</w:tc>').format(
        share, made or Markup("<w:p/>")
    )


def _bold(content: tuple[Block, ...]) -> tuple[Block, ...]:
    return tuple(
        Paragraph(tuple(replace(one, strong=True) for one in block.runs))
        if isinstance(block, Paragraph)
        else block
        for block in content
    )
