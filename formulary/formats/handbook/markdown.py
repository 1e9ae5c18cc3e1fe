"""Write blocks of text as Markdown, and tables as HTML inside it.

The Markdown is that of Python-Markdown with attr_list and md_in_html; a function given with the
blocks resolves links. Whatever content says stays text: signs
of Markdown and of HTML are escaped here, and nowhere else.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from itertools import groupby

from formulary.diagrams.draw import draw
from formulary.edition.text import NOTE, Block, Bullets, Cell, Figure, Paragraph, Run, Table, plain

ResolveLink = Callable[[str], str]
"""Takes a run's target, such as `clause:appeals`, and gives the address to write."""

Explain = Callable[[str], Iterable[tuple[str, str]]]
"""Cuts a text into pieces, each with the address where it is explained, or with ""."""


class Markdown(str):
    """Markdown that is ready to write; every other text must pass `escape` first."""

    __slots__ = ()


_SIGNS = re.compile(r"[\\`*_{}\[\]#!]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;", "~": "&#126;", "^": "&#94;"}
_OPENING = re.compile(r"^(\d+)([.)])|^([-+:=])")


def escape(text: str) -> Markdown:
    """Text as Markdown that reads as that very text, on one line, wherever it is put."""
    return Markdown(_OPENING.sub(_escape_opening, _escape_line(text)))


_ACTIVE = str.maketrans({sign: f"&#{ord(sign)};" for sign in "[]!*_`\\{}~^\n"})
"""What Markdown would read as its own even between the tags of HTML, the start of a line too."""


def escape_html(text: object) -> Markdown:
    """Text for HTML inside Markdown, as words or in an attribute: it reads as that very text."""
    return Markdown(html.escape(str(text)).translate(_ACTIVE))


def _escape_line(text: str) -> str:
    return _escape_signs(" ".join(text.split()))


def _escape_signs(line: str) -> str:
    line = _SIGNS.sub(lambda sign: "\\" + sign.group(), line)
    return "".join(_ENTITIES.get(letter, letter) for letter in line)


def _escape_opening(match: re.Match[str]) -> str:
    """The sign that would open a list or a rule at the start of a line, as an entity."""
    number, dot, sign = match.groups()
    return f"{number}&#{ord(dot)};" if number else f"&#{ord(sign)};"


def render_inline(
    runs: tuple[Run, ...], lead: ResolveLink, explain: Explain | None = None
) -> Markdown:
    """Runs as one line of Markdown; what `explain` explains becomes a link, unless it is in one."""
    written = "".join(
        _wrap_mark("".join(_render_run(run, lead, explain) for run in alike), mark)
        for mark, alike in groupby(runs, key=lambda run: run.mark)
    )
    return Markdown(_OPENING.sub(_escape_opening, written.strip()))


def _render_run(run: Run, lead: ResolveLink, explain: Explain | None) -> str:
    text = run.text
    core = text.strip()
    if not core:
        return " " if text else ""
    before = " " if text[0].isspace() else ""
    after = " " if text[-1].isspace() else ""
    address = lead(run.target) if run.target else ""
    linked = explain if explain and not address else None
    written = "<br>".join(
        _link_terms(line, linked) if linked else _escape_line(line) for line in core.split("\n")
    )
    if run.strong:
        written = f"<strong>{written}</strong>"
    if run.emphasis:
        written = f"<em>{written}</em>"
    if address:
        written = f"[{written}]({_quote_address(address)})"
    if run.target.startswith(NOTE):
        written = f"<sup>{written}</sup>"
    return before + written + after


def _wrap_mark(written: str, mark: str) -> str:
    """Words that were added or deleted, said so to those who do not see the mark."""
    core = written.strip()
    if not mark or not core:
        return written
    tag, said = ("ins", "added") if mark == "added" else ("del", "deleted")
    before, _, after = written.partition(core)
    opening = f'<span class="unseen">[{said}: </span>'
    closing = f'<span class="unseen"> end of {said} words]</span>'
    return f"{before}<{tag}>{opening}{core}{closing}</{tag}>{after}"


def _link_terms(text: str, explain: Explain) -> str:
    pieces = ((_escape_signs(piece), at) for piece, at in explain(" ".join(text.split())))
    return "".join(
        f"[{words}]({_quote_address(at)}){{ .explained }}" if at else words for words, at in pieces
    )


def _quote_address(address: str) -> str:
    return re.sub(r"[\s()<>\"'\\]", lambda sign: f"%{ord(sign.group()):02X}", address)


def render_blocks(
    blocks: tuple[Block, ...], lead: ResolveLink, depth: int = 0, explain: Explain | None = None
) -> Markdown:
    """Blocks as Markdown, separated by empty lines, each line after `depth` times four spaces.

    Words are explained in paragraphs and lists, not in tables.
    """
    parts = [
        _render_block(block, lead, depth, explain, beside_list=_is_beside_list(blocks, place))
        for place, block in enumerate(blocks)
    ]
    return Markdown("\n\n".join(part for part in parts if part))


def _is_beside_list(blocks: tuple[Block, ...], place: int) -> bool:
    """Whether another list comes right before or after a block: Markdown would make them one."""
    return any(
        isinstance(one, Bullets)
        for one in (*blocks[place - 1 : place], *blocks[place + 1 : place + 2])
    )


def _render_block(
    block: Block,
    lead: ResolveLink,
    depth: int,
    explain: Explain | None,
    *,
    beside_list: bool,
) -> str:
    indent = "    " * depth
    if isinstance(block, Paragraph):
        return indent + render_inline(block.runs, lead, explain)
    if isinstance(block, Bullets):
        if beside_list or _needs_html(block):
            return _render_html_block(block, lead)
        return _render_bullets(block, lead, depth, explain)
    if isinstance(block, Figure):
        return render_picture(block)
    return render_table(block, lead)


_COUNTED = re.compile(r"\d+\.")


def _counted_from(block: Bullets) -> int:
    """The first number of a list that counts 5., 6., 7.; 0 for any other."""
    first = block.marks[0] if block.marks else ""
    if not _COUNTED.fullmatch(first):
        return 0
    start = int(first[:-1])
    counted = tuple(f"{place}." for place in range(start, start + len(block.items)))
    return start if block.marks == counted else 0


def _needs_html(block: Bullets) -> bool:
    """Whether a list has what Markdown has no sign for: another start, or a table in it."""
    numbered = any(_COUNTED.fullmatch(mark) for mark in block.marks)
    return (numbered and _counted_from(block) != 1) or any(
        isinstance(part, Table)
        or (isinstance(part, Bullets) and (_needs_html(part) or _is_beside_list(item, place)))
        for item in block.items
        for place, part in enumerate(item)
    )


def _render_bullets(block: Bullets, lead: ResolveLink, depth: int, explain: Explain | None) -> str:
    indent = "    " * depth
    tight = all(len(item) <= 1 for item in block.items)
    items = []
    for place, item in enumerate(block.items):
        mark = block.marks[place] if block.marks else "-"
        text = render_blocks(item, lead, depth + 1, explain).lstrip()
        if mark != "-" and not _COUNTED.fullmatch(mark):
            mark, text = "-", f'<span class="list-mark">{html.escape(mark)}</span> {text}'
        items.append(f"{indent}{mark:<3} {_anchor(block, place)}{text}")
    return ("\n" if tight else "\n\n").join(items)


def _anchor(block: Bullets, place: int) -> str:
    return f'<span id="{block.ids[place]}"></span>' if block.ids else ""


def _mark(block: Bullets, place: int) -> str:
    if not block.marks:
        return ""
    return f'<span class="list-mark">{html.escape(block.marks[place])}</span> '


def render_html(blocks: tuple[Block, ...], lead: ResolveLink) -> str:
    """Blocks as HTML on one line, for the cells of tables."""
    if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
        return render_html_inline(blocks[0].runs, lead)
    return "".join(_render_html_block(block, lead) for block in blocks)


def _render_html_block(block: Block, lead: ResolveLink) -> str:
    if isinstance(block, Paragraph):
        return f"<p>{render_html_inline(block.runs, lead)}</p>"
    if isinstance(block, Bullets):
        start = _counted_from(block)
        items = "".join(
            f"<li>{_anchor(block, place)}{'' if start else _mark(block, place)}"
            f"{render_html(item, lead)}</li>"
            for place, item in enumerate(block.items)
        )
        opening = f'ol start="{start}"' if start > 1 else "ol"
        return f"<{opening}>{items}</ol>" if start else f"<ul>{items}</ul>"
    if isinstance(block, Figure):
        return render_picture(block)
    return render_table(block, lead)


def render_html_inline(runs: tuple[Run, ...], lead: ResolveLink) -> str:
    """Runs as HTML. Links in it lead to built pages, for Python-Markdown does not rewrite them."""
    parts = []
    for run in runs:
        text = html.escape(run.text, quote=False).replace("\n", "<br>")
        if run.strong:
            text = f"<strong>{text}</strong>"
        if run.emphasis:
            text = f"<em>{text}</em>"
        address = lead(run.target) if run.target else ""
        if address:
            text = f'<a href="{html.escape(built_address(address))}">{text}</a>'
        if run.target.startswith(NOTE):
            text = f"<sup>{text}</sup>"
        parts.append(text)
    return "".join(parts)


def built_address(address: str) -> str:
    """The address of a built page: `../year.md#a` becomes `../year.html#a`."""
    if "://" in address or address.startswith("mailto:"):
        return address
    return re.sub(r"\.md(?=#|$)", ".html", address)


def render_table(block: Table, lead: ResolveLink, classes: str = "plain") -> Markdown:
    """A table whose cells name their column, since a narrow screen shows each row as a stack.

    A scale, whose columns have colours, or a table of many columns is a “matrix”. It takes the
    whole width. The caption of one that is “known” is heard only: a heading before it says it.
    """
    if len(block.columns) >= WIDE or any(cell.colour for cell in block.columns):
        classes = "matrix"
    heads = [
        f'data-h="{html.escape(plain(cell.blocks), quote=True)}"{_level(cell)}'
        for cell in block.columns
    ]
    caption = html.escape(block.caption, quote=False)
    unseen = ' class="unseen"' if "known" in classes.split() else ""
    lines = [
        f'<table class="table stacks {classes}">',
        *([f"<caption{unseen}>{caption}</caption>"] if caption else ()),
        "<thead><tr>",
        *(
            f'<th scope="col"{_level(cell)}>{_render_cell(cell, lead)}</th>'
            if cell.blocks
            else "<td></td>"
            for cell in block.columns
        ),
        "</tr></thead>",
        "<tbody>",
    ]
    for row in block.rows:
        cells = [
            f"<td {head}>{_render_cell(cell, lead)}</td>"
            for head, cell in zip(heads, row, strict=False)
        ]
        if row and row[0].blocks:
            cells[0] = f'<th scope="row">{_render_cell(row[0], lead)}</th>'
        lines.append(f"<tr>{''.join(cells)}</tr>")
    lines += ["</tbody>", "</table>"]
    return Markdown("\n".join(lines))


WIDE = 4
"""Columns from which a table takes the whole width of a page."""


def _level(cell: Cell) -> str:
    return f' style="--level:{cell.colour}"' if cell.colour else ""


def render_picture(block: Figure) -> Markdown:
    """A figure's picture; the block after it says the same in words."""
    own = block.diagram.model_copy(update={"id": f"diagram--{block.id}"})  # ids of the page's own
    drawn = draw(own).svg
    return Markdown(f'<figure class="picture" data-search-exclude>\n{drawn}\n</figure>')


def _render_cell(cell: Cell, lead: ResolveLink) -> str:
    return render_swatch(cell.colour) + render_html(cell.blocks, lead)


def render_swatch(colour: str) -> Markdown:
    """A patch of colour beside words, which says nothing that they do not."""
    if not colour:
        return Markdown("")
    return Markdown(f'<span class="swatch" style="background:{colour}" aria-hidden="true"></span>')
