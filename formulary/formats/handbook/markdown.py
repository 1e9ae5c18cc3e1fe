"""Blocks of text written as Markdown, and tables as HTML inside it.

Blocks from the model come in, with a function that leads links to their place; Markdown for
Python-Markdown (with attr_list and md_in_html) goes out. Whatever content says stays text: signs
of Markdown and of HTML are escaped here, and nowhere else.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from itertools import groupby

from formulary.diagrams.draw import draw
from formulary.edition.text import Block, Bullets, Cell, Figure, Paragraph, Run, Table

Lead = Callable[[str], str]
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
    return Markdown(_OPENING.sub(_closed, _without_signs(text)))


def _without_signs(text: str) -> str:
    return _signs_escaped(" ".join(text.split()))


def _signs_escaped(line: str) -> str:
    line = _SIGNS.sub(lambda sign: "\\" + sign.group(), line)
    return "".join(_ENTITIES.get(letter, letter) for letter in line)


def _closed(match: re.Match[str]) -> str:
    """The sign that would open a list or a rule at the start of a line, as an entity."""
    number, dot, sign = match.groups()
    return f"{number}&#{ord(dot)};" if number else f"&#{ord(sign)};"


def inline(runs: tuple[Run, ...], lead: Lead, explain: Explain | None = None) -> Markdown:
    """Runs as one line of Markdown; what `explain` explains becomes a link, unless it is in one."""
    written = "".join(
        _marked("".join(_run(run, lead, explain) for run in alike), mark)
        for mark, alike in groupby(runs, key=lambda run: run.mark)
    )
    return Markdown(_OPENING.sub(_closed, written.strip()))


def _run(run: Run, lead: Lead, explain: Explain | None) -> str:
    text = run.text
    core = text.strip()
    if not core:
        return " " if text else ""
    before = " " if text[0].isspace() else ""
    after = " " if text[-1].isspace() else ""
    address = lead(run.target) if run.target else ""
    written = _without_signs(core) if address or not explain else _explained(core, explain)
    if run.strong:
        written = f"<strong>{written}</strong>"
    if run.emphasis:
        written = f"<em>{written}</em>"
    if address:
        written = f"[{written}]({_address(address)})"
    return before + written + after


def _marked(written: str, mark: str) -> str:
    """Words that were put in or taken out, said so to those who do not see the mark."""
    core = written.strip()
    if not mark or not core:
        return written
    tag, said = ("ins", "put in") if mark == "added" else ("del", "taken out")
    before, _, after = written.partition(core)
    opening = f'<span class="unseen">[{said}: </span>'
    closing = f'<span class="unseen"> end of {said}]</span>'
    return f"{before}<{tag}>{opening}{core}{closing}</{tag}>{after}"


def _explained(text: str, explain: Explain) -> str:
    pieces = ((_signs_escaped(piece), at) for piece, at in explain(" ".join(text.split())))
    return "".join(
        f"[{words}]({_address(at)}){{ .explained }}" if at else words for words, at in pieces
    )


def _address(address: str) -> str:
    return re.sub(r"[\s()<>\"'\\]", lambda sign: f"%{ord(sign.group()):02X}", address)


def written(
    blocks: tuple[Block, ...], lead: Lead, depth: int = 0, explain: Explain | None = None
) -> Markdown:
    """Blocks as Markdown, separated by empty lines, each line after `depth` times four spaces.

    Words are explained in paragraphs and lists, not in tables.
    """
    parts = [_block(block, lead, depth, explain) for block in blocks]
    return Markdown("\n\n".join(part for part in parts if part))


def _block(block: Block, lead: Lead, depth: int, explain: Explain | None) -> str:
    indent = "    " * depth
    if isinstance(block, Paragraph):
        return indent + inline(block.runs, lead, explain)
    if isinstance(block, Bullets):
        return _bullets(block, lead, depth, explain)
    if isinstance(block, Figure):
        return picture(block)
    return table(block, lead)


def _bullets(block: Bullets, lead: Lead, depth: int, explain: Explain | None) -> str:
    indent = "    " * depth
    tight = all(len(item) <= 1 for item in block.items)
    items = []
    for place, item in enumerate(block.items):
        mark = block.marks[place] if block.marks else "-"
        text = written(item, lead, depth + 1, explain).lstrip()
        if not re.fullmatch(r"-|\d+\.", mark):
            mark, text = "-", f'<span class="list-mark">{html.escape(mark)}</span> {text}'
        anchor = f'<span id="{block.ids[place]}"></span>' if block.ids else ""
        items.append(f"{indent}{mark:<3} {anchor}{text}")
    return ("\n" if tight else "\n\n").join(items)


def html_blocks(blocks: tuple[Block, ...], lead: Lead) -> str:
    """Blocks as HTML on one line, for the cells of tables."""
    if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
        return html_inline(blocks[0].runs, lead)
    return "".join(_html_block(block, lead) for block in blocks)


def _html_block(block: Block, lead: Lead) -> str:
    if isinstance(block, Paragraph):
        return f"<p>{html_inline(block.runs, lead)}</p>"
    if isinstance(block, Bullets):
        tag = "ol" if block.marks else "ul"
        items = "".join(f"<li>{html_blocks(item, lead)}</li>" for item in block.items)
        return f"<{tag}>{items}</{tag}>"
    if isinstance(block, Figure):
        return picture(block)
    return table(block, lead)


def html_inline(runs: tuple[Run, ...], lead: Lead) -> str:
    """Runs as HTML. Links in it lead to built pages, for Python-Markdown does not rewrite them."""
    parts = []
    for run in runs:
        text = html.escape(" ".join(run.text.split("\n")), quote=False)
        if run.strong:
            text = f"<strong>{text}</strong>"
        if run.emphasis:
            text = f"<em>{text}</em>"
        address = lead(run.target) if run.target else ""
        if address:
            text = f'<a href="{html.escape(built(address))}">{text}</a>'
        parts.append(text)
    return "".join(parts)


def built(address: str) -> str:
    """The address of a built page: `../year.md#a` becomes `../year.html#a`."""
    if "://" in address or address.startswith("mailto:"):
        return address
    return re.sub(r"\.md(?=#|$)", ".html", address)


def table(block: Table, lead: Lead, classes: str = "plain") -> Markdown:
    """A table in a wrapper that scrolls and takes the focus (WCAG 2.1.1), its headers marked.

    It always has a class, for the theme's script wraps any other table in a box of its own.
    """
    caption = html.escape(block.caption, quote=True)
    lines = [
        f'<div class="scroll" role="region" aria-label="{caption}" tabindex="0">',
        f'<table class="{classes}">',
        f"<caption>{html.escape(block.caption, quote=False)}</caption>",
        "<thead><tr>",
        *(f'<th scope="col">{_cell(cell, lead)}</th>' for cell in block.columns),
        "</tr></thead>",
        "<tbody>",
    ]
    for row in block.rows:
        head, *rest = (_cell(cell, lead) for cell in row)
        cells = "".join(f"<td>{cell}</td>" for cell in rest)
        lines.append(f'<tr><th scope="row">{head}</th>{cells}</tr>')
    lines += ["</tbody>", "</table>", "</div>"]
    return Markdown("\n".join(lines))


def picture(block: Figure) -> Markdown:
    """A figure's picture; the block after it says the same in words."""
    own = block.diagram.model_copy(update={"id": f"diagram--{block.id}"})  # ids of the page's own
    drawn = draw(own).svg
    return Markdown(f'<figure class="picture" data-search-exclude>\n{drawn}\n</figure>')


def _cell(cell: Cell, lead: Lead) -> str:
    return swatch(cell.colour) + html_blocks(cell.blocks, lead)


def swatch(colour: str) -> Markdown:
    """A patch of colour that stands beside words and says nothing that they do not."""
    if not colour:
        return Markdown("")
    return Markdown(f'<span class="swatch" style="background:{colour}" aria-hidden="true"></span>')
