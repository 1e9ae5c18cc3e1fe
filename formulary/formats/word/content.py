"""Read what a part of a Word document holds in one pass: controls, the words around them, objects.

The pass takes the elements that mean something, in the order of the document (lxml skips the
others without making Python objects of them). What an element's text counts for is said by what it
is in (`_Context`); text that was deleted, or is left out for another reason, counts for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from formulary.formats.word.ooxml import WORD_2010, Element, w
from formulary.formats.word.symbols import (
    NO_LETTER,
    PRIVATE,
    letter_of,
    without_private,
    words_of_equation,
)
from formulary.returns.submission import strip_controls

MARK = "\ufffc"
"""Marks the place of a control in the words around it (Unicode: object replacement character)."""

_FIELD_MARKS = {"begin": "\x02", "separate": "\x03", "end": "\x04"}
"""Mark the parts of a field of Word (17.16.18 fldChar); XML has none of these characters."""
_FIELD = re.compile("\x02([^\x02-\x04]*)(?:\x03([^\x02-\x04]*))?\x04?")
_NO_FIELD_MARKS = {ord(mark): None for mark in _FIELD_MARKS.values()}
_WORKED_OUT = re.compile(
    r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES|PAGEREF|TOC|DATE|TIME|\w+DATE|FILENAME|AUTHOR)\b",
    re.IGNORECASE,
)
"""The instructions of fields whose words are Word's, and nobody's who fills in the form."""

_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_EMOJI = "{http://schemas.microsoft.com/office/word/2015/wordml/symex}symEx"
_MATHS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "http://purl.oclc.org/ooxml/officeDocument/math",
)

_LEFT_OUT = frozenset(
    map(w, ("del", "moveFrom", "instrText", "delText", "sdtPr", "pPr", "rPr", "tblPr", "rt"))
)
"""What is in these elements is no text that a reader sees, was deleted with changes tracked, or is
a reading aid above a word (`w:rt`)."""

_P, _R, _T = w("p"), w("r"), w("t")
_SDT, _SDT_CONTENT, _TAG, _ALIAS = w("sdt"), w("sdtContent"), w("tag"), w("alias")
_NAME, _VAL, _ID = w("name"), w("val"), w("id")
_FIELD_SIMPLE = w("fldSimple")
_CHECKBOX, _CHECKED_VAL = f"{{{WORD_2010}}}checkbox", f"{{{WORD_2010}}}val"
OFF = ("0", "false", "off")
"""Values of a property that says no (17.17.4 ST_OnOff)."""


@dataclass(eq=False, slots=True)
class Control:
    """A content control (`w:sdt`), or what a bookmark is around (`w:bookmarkStart`).

    A damaged file may give it several tags and titles. `is_inline` says that it is in a paragraph,
    and not around paragraphs, cells or rows, or in another control. `ticked` is None where it is
    no check box; `stored_day` is the day that a date control keeps beside what it shows, as
    xsd:dateTime; `lines_before` are line ends in its paragraph just before it.
    """

    element: Element
    is_deleted: bool = False
    is_inline: bool = False
    tags: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    ticked: bool | None = None
    stored_day: str = ""
    lines_before: int = 0
    pieces: list[str] = field(default_factory=list)
    places: list[tuple[list[str], int]] = field(default_factory=list)
    """Of a bookmark: where its words are among those outside of controls."""

    @property
    def words(self) -> str:
        """The text in it, paragraphs on lines of their own."""
        return strip_controls("".join(self.pieces)).removeprefix("\n")


@dataclass(eq=False, slots=True)
class _Context:
    """What an element is in: the lists that take its text, and whether they are of a control."""

    takers: tuple[list[str], ...]
    in_control: bool


_NOWHERE = _Context((), False)
"""What is left out: its text and its objects count for nothing."""


class DocumentContent:
    """What a document, or a part of it, holds.

    `outside` are the words of each paragraph that are in no control with a tag or a title, as
    pieces: join them with `words_outside`. `objects` are things without words, by what they are.
    Where `bookmarks` are asked for, what is inside them is read as if it were a control.
    """

    def __init__(self, root: Element, bookmarks: frozenset[str] = frozenset()) -> None:
        self.controls: list[Control] = []
        self.bookmarks: dict[str, Control] = {}
        self.outside: list[tuple[Element, list[str]]] = []
        self.objects: list[tuple[str, Element]] = []
        self.tracked = False
        self._asked, self._open = bookmarks, dict[str, Control]()
        self._by_element: dict[Element, Control] = {}
        self._contexts: dict[Element, _Context] = {root: _Context((), False)}
        self._read(root)

    def _read(self, root: Element) -> None:
        """The pass. Paragraphs and words are most of a document, so they are handled in place."""
        handlers = {**_HANDLERS, **_BOOKMARK_HANDLERS} if self._asked else _HANDLERS
        find, enter, last_run = self._contexts.get, self._enter, None
        for node in root.iterdescendants(_T, *handlers):
            tag, parent = node.tag, node.getparent()
            if tag == _T:
                context = find(parent) or find(parent.getparent()) or enter(parent)
                text = node.text or ""
                if not text.isascii() and PRIVATE.search(text):
                    text = without_private(text, parent)
                if parent is last_run and node.getprevious().tag == _T:
                    text = f"\n{text}"  # LibreOffice 7.4 forgets the w:br between two lines
                last_run = parent
                for pieces in context.takers:
                    pieces.append(text)
                if self._open:
                    self._take_into_bookmarks(text, context)
                continue
            context = find(parent) or enter(parent)
            if tag == _P and not context.in_control and context is not _NOWHERE:
                pieces = []
                self.outside.append((node, pieces))
                self._contexts[node] = _Context((pieces,), False)
                if self._open:
                    self._take_into_bookmarks("\n", context)
            else:
                handlers[tag](self, node, context)

    def _enter(self, node: Element) -> _Context:
        """What the children of an element without a handler are in."""
        parent, tag = node.getparent(), node.tag
        context = self._contexts.get(parent) or self._enter(parent)
        if tag == _R:
            return context
        is_worked_out = (
            tag == _FIELD_SIMPLE
            and not context.in_control
            and _WORKED_OUT.match(node.get(w("instr"), ""))
        )
        if tag in _LEFT_OUT or is_worked_out:
            context = _NOWHERE
        self._contexts[node] = context
        return context

    def _take(self, piece: str, context: _Context) -> None:
        for pieces in context.takers:
            pieces.append(piece)
        if self._open:
            self._take_into_bookmarks(piece, context)

    def _take_into_bookmarks(self, piece: str, context: _Context) -> None:
        if context is _NOWHERE:
            return
        for found in self._open.values():
            found.pieces.append(piece)
            if context.takers and not context.in_control:
                found.places.append((context.takers[0], len(context.takers[0]) - 1))

    def _note(self, what: str, node: Element, context: _Context) -> None:
        if context is not _NOWHERE:
            self.objects.append((what, node))

    # an element each, with what it is in

    def meet_paragraph(self, node: Element, context: _Context) -> None:
        self._contexts[node] = context
        self._take("\n", context)

    def meet_control(self, node: Element, context: _Context) -> None:
        control = Control(node, context is _NOWHERE)
        self.controls.append(control)
        self._by_element[node] = control
        self._contexts[node] = context

    def meet_content(self, node: Element, context: _Context) -> None:
        control = self._by_element.get(node.getparent())
        if control and context is not _NOWHERE and (control.tags or control.titles):
            outer = context.takers if context.in_control else ()
            if context.takers and not context.in_control:
                before = "".join(context.takers[0])
                control.is_inline = True
                control.lines_before = len(before) - len(before.rstrip("\n"))
                context.takers[0].append(MARK)
            context = _Context((*outer, control.pieces), True)
        self._contexts[node] = context

    def meet_tag(self, node: Element, context: _Context) -> None:
        control = self._by_element.get(node.getparent().getparent())
        if control:
            control.tags.append(node.get(_VAL, ""))

    def meet_title(self, node: Element, context: _Context) -> None:
        control = self._by_element.get(node.getparent().getparent())
        if control:
            control.titles.append(node.get(_VAL, ""))

    def meet_date(self, node: Element, context: _Context) -> None:
        control = self._by_element.get(node.getparent().getparent())
        if control:
            control.stored_day = node.get(w("fullDate"), "")

    def meet_tick(self, node: Element, context: _Context) -> None:
        box = node.getparent()
        if box.tag == _CHECKBOX:
            control = self._by_element.get(box.getparent().getparent())
            if control and control.ticked is None and not control.is_deleted:
                control.ticked = node.get(_CHECKED_VAL) in ("1", "true", "on")

    def meet_bookmark(self, node: Element, context: _Context) -> None:
        name = node.get(_NAME)
        if name in self._asked and name not in self.bookmarks:
            found = Control(node, context is _NOWHERE)
            self.bookmarks[name] = self._open[node.get(_ID, "")] = found

    def meet_bookmark_end(self, node: Element, context: _Context) -> None:
        self._open.pop(node.get(_ID, ""), None)

    def meet_break(self, node: Element, context: _Context) -> None:
        self._take(_BREAKS[node.tag], context)

    def meet_symbol(self, node: Element, context: _Context) -> None:
        self._take_letter(
            letter_of(node.get(w("font"), ""), node.get(w("char"), "")), node, context
        )

    def meet_emoji(self, node: Element, context: _Context) -> None:
        names = {str(name).rpartition("}")[2]: value for name, value in node.attrib.items()}
        self._take_letter(letter_of(names.get("font", ""), names.get("char", "")), node, context)

    def meet_equation(self, node: Element, context: _Context) -> None:
        self._take_letter(words_of_equation(node), node, context)

    def _take_letter(self, letter: str, node: Element, context: _Context) -> None:
        self._take(letter, context)
        if NO_LETTER in letter:
            self._note("symbol", node, context)

    def meet_field(self, node: Element, context: _Context) -> None:
        self._mark_field(_FIELD_MARKS.get(node.get(w("fldCharType")), ""), context)

    def meet_instruction(self, node: Element, context: _Context) -> None:
        self._mark_field(node.text or "", context)

    def _mark_field(self, piece: str, context: _Context) -> None:
        """Say among the words outside of controls what is of a field; answers have its words."""
        for pieces in () if context.in_control else context.takers:
            pieces.append(piece)

    def meet_alternatives(self, node: Element, context: _Context) -> None:
        """Of one thing said in several ways (`mc:AlternateContent`), keep the first with words."""
        ways = list(node)
        held = (way for way in ways if next(way.iter(_T, _EMOJI, *_DRAWN), None) is not None)
        kept = next(held, None)
        self._contexts.update((way, _NOWHERE) for way in ways if way is not kept)

    def meet_change(self, node: Element, context: _Context) -> None:
        self.tracked = True
        parent = node.getparent()
        if (node.tag, parent.tag) in _REMOVALS:
            self._contexts[parent.getparent()] = _NOWHERE

    def meet_unseen(self, node: Element, context: _Context) -> None:
        """Hidden or struck-out text: nobody reads it as an answer."""
        run = node.getparent().getparent()
        if run is None or run.tag != _R or node.get(_VAL) in OFF:
            return
        around = self._contexts.get(run.getparent()) or self._enter(run.getparent())
        if around is not _NOWHERE and next(run.iter(_T), None) is not None:
            self.objects.append(("hidden" if node.tag == w("vanish") else "struck out", run))
        self._contexts[run] = _NOWHERE

    def meet_object(self, node: Element, context: _Context) -> None:
        if context is _NOWHERE:
            return
        kind = _OBJECTS[node.tag]
        if node.tag in _DRAWN:
            inside = {str(child.tag).rpartition("}")[2] for child in node.iterdescendants("{*}*")}
            if "contentPart" in inside:
                kind = "ink"
            elif "signatureline" in inside:
                kind = "a signature line"
            elif "txbxContent" in inside and not inside & {"blip", "imagedata"}:
                return
        self.objects.append((kind, node))


def words_outside(pieces: list[str]) -> str:
    """The words of a paragraph outside of its controls, which are a `MARK` each."""
    words = "".join(pieces)
    while "\x02" in words:
        words = _FIELD.sub(_words_of_field, words)
    return words.translate(_NO_FIELD_MARKS)


def _words_of_field(found: re.Match[str]) -> str:
    return "" if _WORKED_OUT.match(found[1]) else found[2] or ""


def words_in(node: Element) -> str:
    """All the text of a part of a document, each paragraph and each control on its own line.

    It is as the file has it, invisible letters and all.
    """
    content = DocumentContent(node)
    around = (words_outside(pieces) for _, pieces in content.outside)
    return "\n".join([*around, *("".join(one.pieces) for one in content.controls)])


_DRAWN = (w("drawing"), w("pict"), w("object"))

_OBJECTS: Mapping[str, str] = {
    w("drawing"): "a picture",
    w("pict"): "a picture",
    w("object"): "an object of another program",
    w("footnoteReference"): "a footnote",
    w("endnoteReference"): "an endnote",
    w("commentReference"): "a comment",
    w("altChunk"): "another document",
}

_REMOVALS = frozenset([(w("del"), w("trPr")), (w("cellDel"), w("tcPr"))])
"""Marks that a row or a cell was deleted with changes tracked (17.13.5.12, 17.13.5.1)."""

_BREAKS = {
    w("br"): "\n",
    w("cr"): "\n",
    w("tab"): "\t",
    w("ptab"): "\t",
    w("noBreakHyphen"): "-",
    w("softHyphen"): "\u00ad",
}
"""The text that an element of a run is (ECMA-376 part 1, 17.3.3)."""

_HANDLERS: dict[str, Callable[[DocumentContent, Element, _Context], None]] = {
    _P: DocumentContent.meet_paragraph,
    _SDT: DocumentContent.meet_control,
    _SDT_CONTENT: DocumentContent.meet_content,
    _TAG: DocumentContent.meet_tag,
    _ALIAS: DocumentContent.meet_title,
    w("date"): DocumentContent.meet_date,
    f"{{{WORD_2010}}}checked": DocumentContent.meet_tick,
    **dict.fromkeys(_BREAKS, DocumentContent.meet_break),
    w("sym"): DocumentContent.meet_symbol,
    _EMOJI: DocumentContent.meet_emoji,
    **dict.fromkeys((f"{{{maths}}}oMath" for maths in _MATHS), DocumentContent.meet_equation),
    w("fldChar"): DocumentContent.meet_field,
    w("instrText"): DocumentContent.meet_instruction,
    f"{{{_COMPATIBILITY}}}AlternateContent": DocumentContent.meet_alternatives,
    **dict.fromkeys(
        map(w, ("ins", "del", "moveFrom", "moveTo", "cellDel", "cellIns")),
        DocumentContent.meet_change,
    ),
    **dict.fromkeys(map(w, ("vanish", "strike", "dstrike")), DocumentContent.meet_unseen),
    **dict.fromkeys(_OBJECTS, DocumentContent.meet_object),
}

_BOOKMARK_HANDLERS: dict[str, Callable[[DocumentContent, Element, _Context], None]] = {
    w("bookmarkStart"): DocumentContent.meet_bookmark,
    w("bookmarkEnd"): DocumentContent.meet_bookmark_end,
}
