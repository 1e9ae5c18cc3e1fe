"""Find the question that something in a document is nearest to, as a reader of the page sees it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from formulary.documents.blank import Question
from formulary.formats.word.ooxml import Element, w

Anchors = Mapping[Element, Question]
"""The questions by their controls (`w:sdt`) or bookmarks (`w:bookmarkStart`)."""

_ANCHORS = (w("sdt"), w("bookmarkStart"))
_BEFORE_FIRST = frozenset(map(w, ("tbl", "body", "sdtContent")))
"""Among what these hold, words are read as being about what is above them."""
_APART = frozenset(map(w, ("tr", "tbl", "body")))


class Nearest(NamedTuple):
    """`is_beside` says that it is in the question's own paragraph or cell."""

    question: Question
    is_beside: bool


def find_question(node: Element, anchors: Anchors) -> Nearest | None:
    """The question nearest to an element; None where there is none, as in a header."""
    inside = next(_anchored([node], anchors), None)
    if inside:
        return Nearest(inside, True)
    child, is_beside = node, True
    for around in node.iterancestors():
        if around in anchors:
            return Nearest(anchors[around], True)
        if around.tag == w("tr") and is_label_row(around):
            labelled = _find_below(child, next(around.itersiblings(w("tr"))), anchors)
            if labelled:
                return Nearest(labelled, False)
        is_beside = (is_beside and around.tag not in _APART) or around.tag == w("tc")
        after = _anchored(child.itersiblings(), anchors)
        before = _anchored(child.itersiblings(preceding=True), anchors, last=True)
        first, second = (before, after) if around.tag in _BEFORE_FIRST else (after, before)
        found = next(first, None) or next(second, None)
        if found:
            return Nearest(found, is_beside)
        child = around
    return None


def is_label_row(row: Element) -> bool:
    """Whether a row of a table has only labels, whose answers are in the row below it."""
    if next(row.iter(*_ANCHORS), None) is not None:
        return False
    if next(row.itersiblings(w("tr")), None) is None:
        return False
    return any(style.get(w("val")) == "FormLabel" for style in row.iter(w("pStyle")))


def _find_below(cell: Element, row: Element, anchors: Anchors) -> Question | None:
    """The question that is answered in a row below a cell, or else the first of that row."""
    column = sum(_columns_of(one) for one in cell.itersiblings(w("tc"), preceding=True))
    for below in row.iterchildren(w("tc")):
        found = next(_anchored([below], anchors), None)
        if found and column < _columns_of(below):
            return found
        column -= _columns_of(below)
    return next(_anchored([row], anchors), None)


def _columns_of(cell: Element) -> int:
    span = cell.find(f"{w('tcPr')}/{w('gridSpan')}")
    said = "" if span is None else span.get(w("val"), "")
    return int(said) if said.isdecimal() else 1


def _anchored(
    nodes: Iterable[Element], anchors: Anchors, *, last: bool = False
) -> Iterator[Question]:
    """The questions whose anchors are in these elements; of each element the last first if so."""
    for node in nodes:
        found = [anchors[one] for one in node.iter(*_ANCHORS) if one in anchors]
        yield from reversed(found) if last else found
