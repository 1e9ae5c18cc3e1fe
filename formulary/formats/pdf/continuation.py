"""Pages behind a form for answers that are longer than their boxes.

The box shows how such an answer begins and names the page; the field's value, and the page, hold
all of it. The pages are tagged (ISO 32000-2, 14.7) and bear the form's stamp. Every length is a
whole number of points, and lines are broken by `wrap_lines`: no fraction is rounded here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pikepdf import Array, Dictionary, NumberTree, Object, Pdf

from formulary.formats.pdf.appearance import show_line, wrap_lines
from formulary.formats.pdf.conventions import CONTINUATION, FIELD_FONT
from formulary.formats.pdf.font import field_font
from formulary.formats.pdf.objects import (
    Objects,
    ObjectStart,
    finish_object,
    finish_stream,
    join_objects,
    new_object,
    start_object,
    text_string,
)
from formulary.words import one_line

PAGE_WIDTH, PAGE_HEIGHT = 595, 842
"""A4."""
LEFT, WIDTH = 57, 481
HEADER, TOP, BOTTOM, FOOTER = 795, 770, 80, 48
"""Where lines stand: those at the head and foot of the page, and the highest and lowest between."""

SHORTEST_RUN = 2
"""Lines of an answer that stay with its heading."""

TITLE = "Long answers, continued"
WARNING = (
    "These answers are longer than their boxes in the form. They are printed here as they were "
    "when this file was made; where an answer is changed later, its box is right and not this page."
)


@dataclass(frozen=True)
class LineStyle:
    """How an element is set: its tag, the size, the leading, and the space above it."""

    tag: str
    size: int
    leading: int
    above: int


MAIN = LineStyle("H2", 17, 21, 0)
HEADING = LineStyle("H3", 14, 18, 16)
WORDS = LineStyle("P", 12, 15, 5)
RUNNING = LineStyle("", 10, 12, 0)


@dataclass(frozen=True)
class LongAnswer:
    """An answer with no room in its box: the question's id and title, and the whole answer."""

    id: str
    title: str
    value: str


@dataclass(frozen=True)
class ContinuationPlan:
    """What pages behind a document need to know of it: plain data, made once a blank.

    `page_kids`, `element_kids` and `tree_kids` are references, as an array lists them, to which
    those of new objects are added: to the list of pages, the highest structure element and the
    parent tree. Where a document has no tags, `element` and `tree` are None. `next_key` is the
    first free key of the parent tree; `first` the first free object number; `font` the number of
    the font.
    """

    pages: ObjectStart
    page_kids: bytes
    page_count: int
    element: ObjectStart | None
    element_kids: bytes
    tree: ObjectStart | None
    tree_kids: bytes
    next_key: int
    first: int
    font: int
    title: str
    code: str


@dataclass(frozen=True)
class Continuation:
    """The pages of one copy: on which, from 1, each answer begins, and how many objects are new."""

    begins: Mapping[str, int]
    pages: tuple[tuple[_Element, ...], ...]


@dataclass(frozen=True)
class _Element:
    """Lines on one page under one tag; the first is at `top`. A heading names its answer."""

    style: LineStyle
    top: int
    lines: tuple[str, ...]
    answer: LongAnswer | None = None


def make_extensible(pdf: Pdf) -> None:
    """Bring a document's lists of pages and of tags into a shape to which an update can add."""
    pages = pdf.Root["/Pages"]
    pages["/Kids"] = Array(list(pages["/Kids"]))
    top = _top_element(pdf)
    if top is None:
        return
    kids = top.get("/K", Array())
    top["/K"] = kids if isinstance(kids, Array) else Array([kids])
    root = pdf.Root["/StructTreeRoot"]
    if not root["/ParentTree"].is_indirect:
        root["/ParentTree"] = pdf.make_indirect(root["/ParentTree"])
    tree = root["/ParentTree"]
    if "/Nums" in tree:
        keys = list(NumberTree(tree))
        leaf = Dictionary(Nums=tree["/Nums"])
        if keys:
            leaf["/Limits"] = Array([min(keys), max(keys)])
        del tree["/Nums"]
        tree["/Kids"] = Array([pdf.make_indirect(leaf)] if keys else [])
    if "/ParentTreeNextKey" in root:  # optional, and no longer right once pages are added
        del root["/ParentTreeNextKey"]


def _top_element(pdf: Pdf) -> Object | None:
    """The structure element that holds the others; None where a document has no tags."""
    root = pdf.Root.get("/StructTreeRoot")
    if root is None or not isinstance(root.get("/ParentTree"), Dictionary):
        return None
    kids = root.get("/K")
    first = kids[0] if isinstance(kids, Array) and len(kids) else kids
    return first if isinstance(first, Dictionary) and first.is_indirect else root


def plan_continuation(pdf: Pdf, font: int, title: str, code: str) -> ContinuationPlan:
    """The plan for a document that `make_extensible` has prepared.

    `font` is the number of the field font's object; `code` is that of the document's stamp.
    """
    pages, top = pdf.Root["/Pages"], _top_element(pdf)
    tree = pdf.Root["/StructTreeRoot"]["/ParentTree"] if top is not None else None
    return ContinuationPlan(
        pages=start_object(pages, frozenset({"/Kids", "/Count"})),
        page_kids=_references(pages["/Kids"]),
        page_count=int(pages["/Count"]),
        element=start_object(top, frozenset({"/K"})) if top is not None else None,
        element_kids=_references(top["/K"]) if top is not None else b"",
        tree=start_object(tree, frozenset({"/Kids"})) if tree is not None else None,
        tree_kids=_references(tree["/Kids"]) if tree is not None else b"",
        next_key=max(NumberTree(tree), default=-1) + 1 if tree is not None else 0,
        first=int(pdf.trailer["/Size"]),
        font=font,
        title=title,
        code=code,
    )


def _references(kids: Object) -> bytes:
    return kids.unparse().strip(b"[] ")


def lay_out(answers: Sequence[LongAnswer]) -> Continuation:
    """Set the answers on as many pages as they need.

    A heading stays with the first lines of its answer. Of a paragraph that goes on over a page,
    each part is an element of its own.
    """
    pages: list[list[_Element]] = [[]]
    begins: dict[str, int] = {}
    at = TOP
    for style, text, answer in _elements(answers):
        lines = wrap_lines(text, WIDTH, style.size)
        at -= style.above if pages[-1] else 0
        needed = style.leading * len(lines)
        if answer:
            needed += WORDS.above + SHORTEST_RUN * WORDS.leading
        if at - min(needed, TOP - BOTTOM if answer else style.leading) < BOTTOM:
            pages.append([])
            at = TOP
        if answer:
            begins[answer.id] = len(pages)
        while lines:
            room = max(1, (at - BOTTOM) // style.leading)
            kept, lines = lines[:room], lines[room:]
            pages[-1].append(_Element(style, at, tuple(kept), answer))
            at -= style.leading * len(kept)
            if lines:
                pages.append([])
                at = TOP
    return Continuation(begins, tuple(map(tuple, pages)))


def _elements(answers: Sequence[LongAnswer]) -> Iterator[tuple[LineStyle, str, LongAnswer | None]]:
    yield MAIN, TITLE, None
    yield WORDS, WARNING, None
    for answer in answers:
        yield HEADING, field_font().shown(answer.title), answer
        for paragraph in answer.value.splitlines():
            if paragraph.strip():
                yield WORDS, paragraph, None


def write_continuation(plan: ContinuationPlan, laid: Continuation, name: str) -> Objects:
    """The new pages, and the objects of the document that list them, as an update has them.

    Objects are numbered from `plan.first`: for each page two, the page and its content; then, in a
    tagged document, the section, the part of the parent tree, and the elements. `name` is that of
    the person, for the head of each page.
    """
    count = len(laid.pages)
    section = plan.first + 2 * count
    leaf, element = section + 1, section + 2
    pieces, kids, entries = [], [], []
    head = " · ".join(filter(None, (plan.title, one_line(field_font().shown(name)))))
    for place, page in enumerate(laid.pages):
        number = plan.first + 2 * place
        foot = f"Continuation {place + 1} of {count}"
        pieces.append(_page(plan, number, plan.next_key + place, page))
        content = _content(page, head, f"{plan.code} · {foot}")
        pieces.append(finish_stream(new_object(number + 1), content))
        own = []
        for mark, one in enumerate(page):
            entry = b"/Type/StructElem/S/%s/P %d 0 R/Pg %d 0 R/K %d" % (
                one.style.tag.encode(),
                section,
                number,
                mark,
            )
            own.append(finish_object(new_object(element), entry))
            kids.append(element)
            element += 1
        entries.append((plan.next_key + place, kids[-len(page) :]))
        if plan.tree:
            pieces += own
    if plan.element and plan.tree:
        listed = b"".join(b"%d[%s]" % (key, _refer(numbers)) for key, numbers in entries)
        limits = b"%d %d" % (entries[0][0], entries[-1][0])
        holder = b"/Type/StructElem/S/Sect/P %d 0 R/K[%s]" % (plan.element.number, _refer(kids))
        pieces += (
            finish_object(new_object(section), holder),
            finish_object(new_object(leaf), b"/Limits[%s]/Nums[%s]" % (limits, listed)),
            finish_object(plan.element, b"/K[%s %d 0 R]" % (plan.element_kids, section)),
            finish_object(plan.tree, b"/Kids[%s %d 0 R]" % (plan.tree_kids, leaf)),
        )
    added = _refer([plan.first + 2 * place for place in range(count)])
    pieces.append(
        finish_object(
            plan.pages,
            b"/Kids[%s %s]/Count %d" % (plan.page_kids, added, plan.page_count + count),
        )
    )
    return join_objects(pieces)


def _refer(numbers: Sequence[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)


def _page(plan: ContinuationPlan, number: int, key: int, page: Sequence[_Element]) -> Objects:
    begun = {one.answer.id: one.answer.value for one in page if one.answer}
    answers = b"".join(b"/%s %s" % (id.encode(), text_string(v)) for id, v in begun.items())
    entries = (
        b"/Type/Page/Parent %d 0 R/MediaBox[0 0 %d %d]/Contents %d 0 R/StructParents %d/Tabs/S"
        b"/Resources<</Font<<%s %d 0 R>>>>%s<<%s>>"
    ) % (
        plan.pages.number,
        PAGE_WIDTH,
        PAGE_HEIGHT,
        number + 1,
        key,
        FIELD_FONT.encode(),
        plan.font,
        CONTINUATION.encode(),
        answers,
    )
    return finish_object(new_object(number), entries)


def _content(page: Sequence[_Element], head: str, foot: str) -> bytes:
    """A page's content: each element in its mark, and the head and foot as artifacts."""
    parts = [
        f"/{one.style.tag} <</MCID {mark}>> BDC {_show(one.style, one.top, one.lines)} EMC"
        for mark, one in enumerate(page)
    ]
    for line, base in ((head, HEADER), (foot, FOOTER)):
        parts.append(f"/Artifact BMC {_show(RUNNING, base, (line,))} EMC")
    return "\n".join(parts).encode("ascii")


def _show(style: LineStyle, top: int, lines: Sequence[str]) -> str:
    shown = "".join(f"{show_line(line, style.size)} T* " for line in lines)
    return (
        f"BT {FIELD_FONT} {style.size} Tf 0 g {style.leading} TL "
        f"{LEFT} {top - style.size} Td {shown}ET"
    )
