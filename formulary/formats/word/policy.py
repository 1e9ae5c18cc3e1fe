"""Write a policy, or what changed in it, as a Word document with the house's template.

Sections, clauses, lists and tables become a row of items, each of one kind; the house document says
how each kind looks, so that HR restyles a policy in Word.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path

from markupsafe import Markup

from formulary.diagrams.colour import DARK, make_shades
from formulary.documents.paper import Paper, PaperChange, PaperClause, PaperSection
from formulary.edition.approval import NOT_STATED
from formulary.edition.text import (
    NOTE,
    Block,
    Bullets,
    Figure,
    Paragraph,
    Run,
    Table,
    first_capital,
    plain,
)
from formulary.formats.word.footnotes import ANCHOR, add_footnotes
from formulary.formats.word.ooxml import Element, anchor_names, keep_with_next, make, style_of, w
from formulary.formats.word.package import write_package
from formulary.formats.word.pages import bookmark_pages
from formulary.formats.word.pictures import is_broad, logo_run, picture
from formulary.formats.word.prose import Link, attribute, no_link, run, runs
from formulary.formats.word.tables import table
from formulary.formats.word.template import open_template, render, web_link

NOTHING = Markup("")
TAB = Markup("<w:r><w:tab/></w:r>")
BREAK = Markup("<w:r><w:br/></w:r>")
NUMBER_STOP = 680
"""Twips from a number to its title, in the contents styles of the house document."""
UPDATES = "Updates since the last edition"
UPDATES_NAME = "updates"
"""The bookmark of the updates; it cannot meet one of a section or clause, which have a prefix."""


_LISTS = frozenset({"ListBullet", "ClauseBullet", "ListMark", "ClauseMark"})
"""The styles of the entries of a list in the house document."""
_INNER = frozenset({"ListBullet2", "ListMark2"})
"""The styles of the entries of a list inside an entry."""

STYLED_DEPTHS = 2
"""How deep the lists are for which the house document has styles."""

_DEPTH = Markup('<w:r w:rsidR="{}"><w:lastRenderedPageBreak/></w:r>')
"""Says how deep an entry is, until `_indent` takes it out: nobody sees it if that did not."""

_STYLES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"


@dataclass(frozen=True)
class PolicyItem:
    """One paragraph or table of the body; `kind` chooses its look in the house document."""

    kind: str
    runs: Markup = NOTHING


@dataclass(frozen=True)
class ContentsEntry:
    """A line of the contents."""

    number: str
    title: str
    name: str


def write_policy(paper: Paper, house: Path) -> bytes:
    """The policy, or what changed in it, as a .docx, the same to the byte on every run.

    `house` is the folder that holds policy.docx and changes.docx. Raises OutputError where
    that cannot be used.
    """
    document = open_template(house / f"{paper.template}.docx")
    writer = _PolicyWriter(paper, partial(web_link, document), partial(picture, document))
    items, ends_wide = _turn_pages(writer.body())
    styles = document.docx.part.part_related_by(_STYLES).element
    body = render(
        document,
        {
            "title": paper.title,
            "organisation": paper.organisation,
            "edition": paper.edition,
            "stamp": paper.stamp.code,
            "cover": _known(paper),
            "logo": logo_run(document, paper.logo, paper.organisation) if paper.logo else "",
            "notice": paper.notice,
            "summary": writer.blocks(paper.summary),
            "changes_heading": writer.bookmark(run(UPDATES), UPDATES_NAME),
            "changes": [writer.change(change) for change in paper.changes],
            "contents": _contents(_entries(paper, writer)),
            "body": items,
        },
    )
    if ends_wide:
        _turn_last_section(body)
    if paper.has_light_cover:
        _lighten_cover(body, styles, paper.colour)
    _indent(body, styles)
    add_footnotes(document, body, writer.footnotes())
    _keep_leads(body)
    _deepen_headings(body, {writer.clauses[c.id] for c in paper.clauses() if c.rank > 1})
    _fill_pages(body, bookmark_pages(body, styles))
    return write_package(
        document, paper.stamp, paper.title, paper.organisation, paper.colour, paper.faces
    )


class _PolicyWriter:
    """Makes the items of one paper; knows where links lead and which bookmarks are taken."""

    def __init__(
        self, paper: Paper, web: Link, picture: Callable[[Figure, int, str], Markup]
    ) -> None:
        self.paper = paper
        self.web = web
        self.picture = picture
        self.pictures = count(1)
        self.sections = anchor_names((s.id for s in paper.printed), "section")
        self.clauses = anchor_names((c.id for c in paper.clauses()), "clause")
        self.numbers = count(1)
        self.notes = {note.id: note for note in paper.notes()}

    def footnotes(self) -> dict[int, Markup]:
        """The words of every footnote by its number; links to the web in it are plain words."""
        inside = partial(self.link, web=no_link)
        return {
            int(note.number): BREAK.join(
                runs(block.runs, inside) if isinstance(block, Paragraph) else run(plain((block,)))
                for block in note.blocks
            )
            for note in self.notes.values()
        }

    def link(self, target: str, web: Link | None = None) -> str:
        """The attribute that leads to a clause, a section or a web page; empty for all else.

        `web` gives that of a web page, where it is not the document's own.
        """
        kind, _, id = target.partition(":")
        if id in self.notes and target.startswith(NOTE):
            return attribute("w:anchor", f"{ANCHOR}{self.notes[id].number}")
        name = {"clause": self.clauses, "section": self.sections}.get(kind, {}).get(id)
        return attribute("w:anchor", name) if name else (web or self.web)(target)

    def bookmark(self, words: Markup, name: str) -> Markup:
        """The words between the ends of a bookmark."""
        number = next(self.numbers)
        return Markup(
            '<w:bookmarkStart w:id="{0}" w:name="{1}"/>{2}<w:bookmarkEnd w:id="{0}"/>'
        ).format(number, name, words)

    def change(self, change: PaperChange) -> PolicyItem:
        """An update: the clause that changed, then what changed."""
        kind = "clause" if change.clause in self.clauses else "section"
        label = first_capital(change.label)
        words = [runs((Run(label, target=f"{kind}:{change.clause}"), Run(": ")), self.link)]
        words += [item.runs for item in self.blocks(change.blocks)]
        return PolicyItem("bullet", Markup(" ").join(words))

    def body(self) -> Iterator[PolicyItem]:
        """Every section in order, with a turn of the page before and after a wide table."""
        for section in self.paper.printed:
            yield from self.section(section)

    def section(self, section: PaperSection) -> Iterator[PolicyItem]:
        wide = bool(section.clauses) and _has_wide(section.clauses[0])
        if section.appendix and wide:
            yield PolicyItem("wide")
        heading = run(section.heading)
        if section.beside:
            heading = run(section.beside) + TAB + run(section.title)
        kind = "appendix" if section.appendix else "section"
        yield PolicyItem(kind, self.bookmark(heading, self.sections[section.id]))
        yield from self.blocks(section.blocks)
        hangs = any(clause.beside for clause in section.clauses)
        for clause in section.clauses:
            yield from self.clause(clause, hangs)

    def clause(self, clause: PaperClause, hangs: bool) -> Iterator[PolicyItem]:
        """A clause; `hangs` if the numbers of its section are beside the words, its own or not."""
        wide = _has_wide(clause)
        if wide:
            yield PolicyItem("wide")
        number = run(clause.beside) + TAB if clause.beside else Markup("")
        prefix = "clause-" if hangs else ""
        blocks = clause.blocks
        if clause.heading:
            first = [PolicyItem("heading", number + run(clause.heading))]
        elif blocks and isinstance(blocks[0], Paragraph):
            kind = "clause" if clause.beside else f"{prefix}text"
            first = [PolicyItem(kind, number + runs(blocks[0].runs, self.link))]
            blocks = blocks[1:]
        else:
            first = [PolicyItem("clause", number)] if clause.beside else []
        items = [*first, *self.blocks(blocks, prefix, under=clause.heading)]
        if clause.forms:
            name = "Form: " if len(clause.forms) == 1 else "Forms: "
            words = run(name, "Strong") + run("; ".join(clause.forms))
            items.append(PolicyItem(f"{prefix}text", words))
        if items:
            name = self.clauses[clause.id]
            yield replace(items[0], runs=self.bookmark(items[0].runs, name))
            yield from items[1:]
        if wide:
            yield PolicyItem("narrow")

    def blocks(
        self, blocks: tuple[Block, ...], prefix: str = "", under: str = ""
    ) -> list[PolicyItem]:
        """Blocks as items; `prefix` indents them under a clause's number.

        A caption that only repeats the heading that they are `under` is left out.
        """
        items: list[PolicyItem] = []
        for block in blocks:
            if isinstance(block, Paragraph):
                items.append(PolicyItem(f"{prefix}text", runs(block.runs, self.link)))
            elif isinstance(block, Bullets):
                items.extend(self.list(block, prefix))
            elif isinstance(block, Figure):
                items.extend(self.figure(block, prefix))
            else:
                if block.caption not in ("", under):
                    items.append(PolicyItem("caption", run(block.caption)))
                items.append(PolicyItem("table", table(block, self.link)))
        return items

    def figure(self, figure: Figure, prefix: str) -> Iterator[PolicyItem]:
        """The title of a picture and the picture; a broad one is wider than its clause."""
        kind = "" if is_broad(figure) else prefix
        yield PolicyItem(f"{kind}caption", run(figure.title))
        number = next(self.pictures)
        yield PolicyItem(f"{kind}figure", self.picture(figure, number, self.paper.colour))

    def list(self, found: Bullets, prefix: str, depth: int = 1) -> Iterator[PolicyItem]:
        """The entries of a list; a second paragraph of an entry is on a new line of it.

        The house document has styles for two depths; deeper entries say theirs (see _indent).
        """
        for place, blocks in enumerate(found.items):
            mark = found.marks[place] if found.marks else ""
            words: list[Markup] = []
            inner: list[PolicyItem] = []
            for block in blocks:
                if isinstance(block, Paragraph):
                    words.append(runs(block.runs, self.link))
                elif isinstance(block, Bullets):
                    inner.extend(self.list(block, "inner-", depth + 1))
                else:
                    inner.extend(self.blocks((block,)))
            entry = BREAK.join(words)
            said = Markup("")
            if depth > STYLED_DEPTHS:
                said = _DEPTH.format(f"{depth:08X}")
            if mark:
                yield PolicyItem(f"{prefix}mark", said + run(mark) + TAB + entry)
            else:
                yield PolicyItem(f"{prefix}bullet", said + entry)
            yield from inner


def _has_wide(clause: PaperClause) -> bool:
    return any(isinstance(block, Table) and block.is_wide for block in clause.blocks)


def _turn_pages(items: Iterable[PolicyItem]) -> tuple[list[PolicyItem], bool]:
    """The items without needless turns of the page, and whether the paper ends on a wide page.

    A turn to where the page already is goes, as does a turn back that a turn follows at once, or
    that ends the paper: that page would be empty.
    """
    turned: list[PolicyItem] = []
    wide = False
    for item in items:
        if item.kind == "wide" and turned and turned[-1].kind == "narrow":
            turned.pop()
        elif item.kind != "wide" or not wide:
            turned.append(item)
        wide = item.kind == "wide" or (wide and item.kind != "narrow")
    ends_wide = bool(turned) and turned[-1].kind == "narrow"
    return (turned[:-1] if ends_wide else turned), ends_wide


def _keep_leads(body: Element) -> None:
    """Keep a paragraph, or an entry of a list, on one page with the list that it leads into.

    A paragraph of bold words alone leads into whatever follows it.
    """
    for paragraph in body.iterchildren(w("p")):
        following = paragraph.getnext()
        if following is None:
            continue
        style, next_style = style_of(paragraph), style_of(following)
        into_list = next_style in _LISTS and style not in _LISTS | _INNER
        into_inner = next_style in _INNER and style not in _INNER
        marked = [one.get(w("val")) for one in paragraph.iter(w("rStyle"))]
        is_bold = set(marked) == {"Strong"} and len(marked) == len(list(paragraph.iter(w("r"))))
        if into_list or into_inner or (is_bold and style not in _LISTS | _INNER):
            keep_with_next(paragraph)


def _indent(body: Element, styles: Element) -> None:
    """Move each entry that says its depth in by the room that its style leaves for a mark."""
    room = {
        style.get(w("styleId")): (int(ind.get(w("left"), "0")), int(ind.get(w("hanging"), "0")))
        for style in styles.iter(w("style"))
        if (ind := style.find(f"{w('pPr')}/{w('ind')}")) is not None
    }
    for said in body.xpath("./w:p/w:r[@w:rsidR][w:lastRenderedPageBreak]"):
        paragraph, depth = said.getparent(), int(said.get(w("rsidR")), 16)
        paragraph.remove(said)
        left, hanging = room.get(style_of(paragraph), (0, 0))
        left += (depth - STYLED_DEPTHS) * (hanging or left)
        place = paragraph.find(f"{w('pPr')}/{w('pStyle')}")
        place.addnext(make("ind", left=left, hanging=hanging))
        place.addnext(make("tabs", make("tab", val="left", pos=left)))


def _deepen_headings(body: Element, inner: Collection[str]) -> None:
    """Put the headings with these bookmarks a level lower in the outline than their style."""
    for mark in body.iter(w("bookmarkStart")):
        paragraph = mark.getparent()
        if mark.get(w("name")) in inner and style_of(paragraph) == "Heading2":
            properties = paragraph.find(w("pPr"))
            after = next(properties.iterchildren(w("rPr"), w("sectPr")), None)
            place = len(properties) if after is None else properties.index(after)
            properties.insert(place, make("outlineLvl", val=2))


def _turn_last_section(body: Element) -> None:
    page = body.find(w("sectPr")).find(w("pgSz"))
    across, down = page.get(w("w")), page.get(w("h"))
    page.set(w("w"), down)
    page.set(w("h"), across)
    page.set(w("orient"), "landscape")


def _lighten_cover(body: Element, styles: Element, colour: str) -> None:
    """Give the cover a tint of the colour under a line of it, and dark words.

    The house document has the cover in the theme's colour with white words: its first cell with a
    ground. What is white in the styles is white for the cover. A project's own document may have
    no such cover, and stays as it is.
    """
    shade = next((found for cell in body.iter(w("tcPr")) for found in cell.iter(w("shd"))), None)
    if shade is None:
        return
    for name in [name for name in shade.attrib if "theme" in name]:
        del shade.attrib[name]
    shade.set(w("fill"), make_shades(colour).tint.removeprefix("#").upper())
    line = make("bottom", val="single", sz=32, space=0, color=colour.removeprefix("#").upper())
    shade.addprevious(make("tcBorders", line))  # their order: ECMA-376 part 1, 17.4.69
    for words in styles.iter(w("color")):
        if words.get(w("val")) == "FFFFFF":
            words.set(w("val"), DARK.removeprefix("#").upper())


def _known(paper: Paper) -> list[tuple[str, str]]:
    """What is known of the edition, which the title names."""
    return [
        (label, value)
        for label, value in paper.cover
        if value not in ("", NOT_STATED, paper.edition)
    ]


def _entries(paper: Paper, writer: _PolicyWriter) -> Iterator[ContentsEntry]:
    if paper.changes:
        yield ContentsEntry("", UPDATES, UPDATES_NAME)
    for section in paper.printed:
        title = section.title if section.beside else section.heading
        yield ContentsEntry(section.beside, title, writer.sections[section.id])


def _contents(entries: Iterator[ContentsEntry]) -> Markup:
    """The contents as Word writes them: a TOC field whose result is there already.

    Each line is a link with a PAGEREF field (ECMA-376 part 1, 17.16.5.68 TOC, 17.16.5.44 PAGEREF).
    """
    start = _mark("begin") + _code('TOC \\o "1-1" \\h \\z \\u') + _mark("separate")
    lines = list(entries)
    made = Markup("").join(
        Markup('<w:p><w:pPr><w:pStyle w:val="TOC1"/>{}</w:pPr>{}{}{}</w:p>').format(
            "" if entry.number else _clear_number_stop(),
            start if place == 0 else "",
            _line(entry),
            _mark("end") if place == len(lines) - 1 else "",
        )
        for place, entry in enumerate(lines)
    )
    return Markup(
        "<w:sdt><w:sdtPr><w:docPartObj>"
        '<w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj></w:sdtPr>'
        '<w:sdtContent><w:p><w:pPr><w:pStyle w:val="TOCHeading"/></w:pPr>{}</w:p>{}'
        "</w:sdtContent></w:sdt>"
    ).format(run("Contents"), made)


def _clear_number_stop() -> Markup:
    """Without the tab stop for a number, at which the page of a short title would stop too."""
    return Markup(
        '<w:tabs><w:tab w:val="clear" w:pos="{}"/></w:tabs><w:ind w:left="0" w:firstLine="0"/>'
    ).format(NUMBER_STOP)


def _line(entry: ContentsEntry) -> Markup:
    number = run(entry.number) + TAB if entry.number else Markup("")
    page = _mark("begin") + _code(f"PAGEREF {entry.name} \\h") + _mark("separate")
    return Markup('<w:hyperlink {} w:history="1">{}</w:hyperlink>').format(
        Markup(attribute("w:anchor", entry.name)),
        number + run(entry.title) + TAB + page + run("0") + _mark("end"),
    )


def _mark(kind: str) -> Markup:
    return Markup('<w:r><w:fldChar w:fldCharType="{}"/></w:r>').format(kind)


def _code(code: str) -> Markup:
    return Markup('<w:r><w:instrText xml:space="preserve"> {} </w:instrText></w:r>').format(code)


def _fill_pages(body: Element, pages: dict[str, int]) -> None:
    """Put the page into every PAGEREF: its result is the second run after its code."""
    for code in body.iter(w("instrText")):
        words = (code.text or "").split()
        if words[:1] == ["PAGEREF"]:
            result = code.getparent().getnext().getnext()
            result.find(w("t")).text = str(pages.get(words[1], 1))
