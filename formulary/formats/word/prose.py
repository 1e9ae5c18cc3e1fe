"""Write texts as Word's own XML: strong words, emphasis and links, in named styles only.

Runs become marked-up, escaped XML for the `{{r ... }}` of a house
document, so that how a text looks stays with the styles of that document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape

from formulary.edition.text import FIELD, Block, Bullets, Figure, Paragraph, Run, plain

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
    """Guidance as paragraphs and list entries; a table in it is read out row by row."""
    return tuple(_lines(blocks, link, bullet=False))


def _lines(blocks: tuple[Block, ...], link: Link, *, bullet: bool) -> Iterator[TextLine]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield TextLine(runs(block.runs, link), bullet)
        elif isinstance(block, Bullets):
            for place, item in enumerate(block.items):
                mark = f"{block.marks[place]} " if block.marks else ""
                for line in _lines(item, link, bullet=not mark):
                    yield TextLine(run(mark) + line.runs, line.bullet) if mark else line
                    mark = ""
        elif isinstance(block, Figure):
            yield TextLine(run(block.title), bullet)
        else:
            for row in (block.columns, *block.rows):
                yield TextLine(run(" | ".join(plain(cell.blocks) for cell in row)), bullet=True)
