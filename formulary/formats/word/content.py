"""Read the controls, paragraphs, rows and bookmarks of a Word document in one pass.

The pass takes the elements that mean something, in the order of the document (lxml skips the
others without making Python objects of them), and gives each to the handler of its tag, with what
its parent is in (`_Context`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from formulary.formats.word.ooxml import CHECKED, WORD_2010, Element, w
from formulary.returns.submission import strip_controls

TICK_CODES = frozenset(["F0FE", "F052", "F0FD", "F054", "F0FC"])
"""Ticked boxes in the fonts Wingdings and Wingdings 2, as `w:sym` names them."""

_LEFT_OUT = frozenset(
    w(name) for name in ("del", "moveFrom", "instrText", "delText", "sdtPr", "pPr", "rPr", "tblPr")
)
"""What is in these elements is no text that a reader sees, or was deleted with changes tracked."""

_P, _R, _T, _TR = w("p"), w("r"), w("t"), w("tr")
_NAME, _VAL = w("name"), w("val")
_SDT, _SDT_PR, _SDT_CONTENT = w("sdt"), w("sdtPr"), w("sdtContent")
_CHECKBOX, _CHECKED_VAL = f"{{{WORD_2010}}}checkbox", f"{{{WORD_2010}}}val"


@dataclass(eq=False, slots=True)
class Control:
    """A content control (`w:sdt`). A damaged file may give it several tags and titles.

    `ticked` is None where it is no check box.
    """

    paragraph: Element | None
    """The paragraph (`w:p`) that it is in; None where it is around paragraphs, cells or rows."""
    tags: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    ticked: bool | None = None
    pieces: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The text in it, paragraphs on lines of their own."""
        return _join(self.pieces)


@dataclass(eq=False, slots=True)
class _Context:
    """What an element is in: where its text goes to, and the innermost paragraph and rows.

    `controls` are the pieces of the controls around it, `outside` those of the paragraphs around
    it with no control between. Both are empty in text that is left out.
    """

    controls: tuple[list[str], ...]
    outside: tuple[list[str], ...]
    paragraph: Element | None
    rows: tuple[Element, ...]


class DocumentContent:
    """What a document, or a part of it, holds.

    `bookmarks` has the first start of each name (`w:bookmarkStart`); `tracked` and `comments` say
    whether the document has tracked changes and comments. `whole` are lists that take every piece
    of its text. A new thing to notice is one more handler in `_HANDLERS`.
    """

    def __init__(self, root: Element, whole: tuple[list[str], ...] = ()) -> None:
        self.controls: list[Control] = []
        self.bookmarks: dict[str, Element] = {}
        self.bookmarked_rows: list[tuple[str, tuple[Element, ...]]] = []
        self.tagged_rows: list[tuple[str, tuple[Element, ...]]] = []
        self.tracked = self.comments = False
        self._properties: dict[Element, Control] = {}
        self._contexts: dict[Element, _Context] = {root: _Context(whole, (), None, ())}
        contexts, handlers = self._contexts, _HANDLERS
        for node in root.iterdescendants(*handlers):
            parent = node.getparent()
            handlers[node.tag](self, node, contexts.get(parent) or self._enter(parent))

    def words_outside_controls(self, paragraph: Element) -> str:
        """The text of a paragraph (`w:p`) without that in its controls."""
        return strip_controls("".join(self._contexts[paragraph].outside[-1])).strip()

    def rows_with(self, tags: frozenset[str], bookmarks: frozenset[str]) -> set[Element]:
        """The rows of tables (`w:tr`) in which one of these tags or bookmarks is."""
        return {
            row
            for names, named in ((tags, self.tagged_rows), (bookmarks, self.bookmarked_rows))
            for name, rows in named
            if name in names
            for row in rows
        }

    def _enter(self, node: Element) -> _Context:
        """What the children of an element without a handler are in."""
        parent, tag = node.getparent(), node.tag
        context = self._contexts.get(parent) or self._enter(parent)
        if tag == _R:
            return context
        if tag == _TR:
            rows = (*context.rows, node)
            context = _Context(context.controls, context.outside, context.paragraph, rows)
        elif tag in _LEFT_OUT:
            context = _Context((), (), context.paragraph, context.rows)
        self._contexts[node] = context
        return context

    def meet_paragraph(self, node: Element, context: _Context) -> None:
        self._contexts[node] = _Context(
            context.controls, (*context.outside, []), node, context.rows
        )
        for pieces in context.controls:
            pieces.append("\n")

    def meet_control(self, node: Element, context: _Context) -> None:
        control = Control(context.paragraph)
        self.controls.append(control)
        outer, paragraph, rows = context.controls, context.paragraph, context.rows
        self._contexts[node] = _Context(outer, (), paragraph, rows)
        has_content = False
        for child in node:
            if child.tag == _SDT_PR:
                self._properties[child] = control
                self._contexts[child] = _Context((), (), paragraph, rows)
            elif child.tag == _SDT_CONTENT and not has_content:
                has_content = True
                self._contexts[child] = _Context((*outer, control.pieces), (), paragraph, rows)

    def meet_tag(self, node: Element, context: _Context) -> None:
        control, name = self._properties.get(node.getparent()), node.get(_VAL)
        if control:
            control.tags.append(name or "")
        self.tagged_rows.append((name, context.rows))

    def meet_title(self, node: Element, context: _Context) -> None:
        control = self._properties.get(node.getparent())
        if control:
            control.titles.append(node.get(_VAL, ""))

    def meet_tick(self, node: Element, context: _Context) -> None:
        box = node.getparent()
        control = self._properties.get(box.getparent()) if box.tag == _CHECKBOX else None
        if control and control.ticked is None:
            control.ticked = node.get(_CHECKED_VAL) in ("1", "true", "on")

    def meet_bookmark(self, node: Element, context: _Context) -> None:
        name = node.get(_NAME)
        self.bookmarks.setdefault(name or "", node)
        self.bookmarked_rows.append((name, context.rows))

    def meet_text(self, node: Element, context: _Context) -> None:
        piece = _TEXTS[node.tag](node)
        for pieces in context.controls:
            pieces.append(piece)
        for pieces in context.outside:
            pieces.append(piece)

    def meet_change(self, node: Element, context: _Context) -> None:
        self.tracked = True

    def meet_comment(self, node: Element, context: _Context) -> None:
        self.comments = True


def words_in(node: Element) -> str:
    """The text of a part of a document as it is read, paragraphs on lines of their own."""
    pieces: list[str] = []
    DocumentContent(node, (pieces,))
    return _join(pieces)


def words_between(start: Element) -> str:
    """The text between a bookmark's start and its end, in the order of the document."""
    number = start.get(w("id"), "")
    words: list[str] = []
    for node in _after(start):
        if node.tag == w("bookmarkEnd") and node.get(w("id")) == number:
            return strip_controls("".join(words))
        if node.tag == _P:
            words.append("\n")
        elif node.tag in _TEXTS:
            words.append(_TEXTS[node.tag](node))
    return ""


def _after(node: Element) -> Iterator[Element]:
    """Everything that follows a node in the document, without what is not text."""
    while node is not None:
        for follower in node.itersiblings():
            if follower.tag not in _LEFT_OUT:
                yield follower
                yield from _inside(follower)
        node = node.getparent()


def _inside(node: Element) -> Iterator[Element]:
    for child in node:
        if child.tag not in _LEFT_OUT:
            yield child
            yield from _inside(child)


def _join(pieces: list[str]) -> str:
    return strip_controls("".join(pieces)).removeprefix("\n")


def _text_of(node: Element) -> str:
    before = node.getprevious()
    if before is not None and before.tag == _T:
        return f"\n{node.text or ''}"  # LibreOffice 7.4 forgets the w:br between two lines of a run
    return node.text or ""


def _symbol(node: Element) -> str:
    return CHECKED if node.get(w("char"), "").upper() in TICK_CODES else ""


_TEXTS: dict[str, Callable[[Element], str]] = {
    _T: _text_of,
    w("br"): lambda _: "\n",
    w("cr"): lambda _: "\n",
    w("tab"): lambda _: "\t",
    w("ptab"): lambda _: "\t",
    w("noBreakHyphen"): lambda _: "-",
    w("sym"): _symbol,
}
"""The text that an element of a run is (ECMA-376 part 1, 17.3.3)."""

_HANDLERS: dict[str, Callable[[DocumentContent, Element, _Context], None]] = {
    **dict.fromkeys(_TEXTS, DocumentContent.meet_text),
    _P: DocumentContent.meet_paragraph,
    _SDT: DocumentContent.meet_control,
    w("tag"): DocumentContent.meet_tag,
    w("alias"): DocumentContent.meet_title,
    f"{{{WORD_2010}}}checked": DocumentContent.meet_tick,
    w("bookmarkStart"): DocumentContent.meet_bookmark,
    **dict.fromkeys(map(w, ("ins", "del", "moveFrom", "moveTo")), DocumentContent.meet_change),
    w("commentReference"): DocumentContent.meet_comment,
}
