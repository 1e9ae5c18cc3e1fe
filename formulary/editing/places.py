"""Where a text of a page comes from, and how that place is named.

The texts of an edition are filled a second time, each with an invisible mark at its end. The page
with marks and the page without have the same elements, so what holds a mark in the one is known in
the other. No template knows of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote

from formulary.content.source import Document, Loc
from formulary.content.ways import way_to
from formulary.edition.filled_text import FilledText, ids_on_the_way

FIRST_MARK = 0xF0000
"""The first of the private characters of plane 15, which no content may hold (`splicing`)."""

MOST_MARKS = 0xFFFD
"""How many marks there are; after so many other words in one run, the first are used again."""

_MARK = re.compile("[\U000f0000-\U000ffffd]")
_STYLE_END = re.compile(r"[*_]+$|\s*\|$")
_BLOCKS_OF_TEXT = re.compile(r"(\n\s*\n\s*|\n(?=\s*(?:[-*+]|\d+[.)])\s))")


class Spot(NamedTuple):
    """A place of a file: the file as messages name it, and the way to the value by ids.

    The way is steps joined by slashes: a key as it is, `=id` for an entry by its id, `#2` for one
    by its position.
    """

    file: str
    way: str

    def __str__(self) -> str:
        return f"{quote(self.file)}:{self.way}"  # a path of the product's has a blank


def spot_of(document: Document, loc: Loc) -> Spot:
    """The spot of a place in a document."""
    return Spot(document.path.as_posix(), way_to(document.data, loc))


def read_spot(text: str) -> Spot:
    """The spot that `str` wrote. Raises ValueError."""
    file, colon, way = text.partition(":")
    if not colon:
        raise ValueError(f"“{text}” names no place")
    return Spot(unquote(file), way)


@dataclass
class Marks:
    """The marks of one organisation: texts that read the same have the same."""

    numbers: dict[str, int] = field(default_factory=dict)
    texts: dict[int, list[FilledText]] = field(default_factory=dict)
    """The texts of the edition that was marked last, by the number of their mark."""

    def mark(self, text: FilledText) -> str:
        """The words with their mark at the end of each block, where it changes no Markdown."""
        words = str(text)
        number = self.numbers.setdefault(words, len(self.numbers) % MOST_MARKS)
        mark = chr(FIRST_MARK + number)
        return "".join(_marked(part, mark) for part in _BLOCKS_OF_TEXT.split(words))

    def know(self, texts: Iterable[FilledText]) -> None:
        """Take the texts of an edition, each with its mark, in place of those of the last."""
        self.texts = {}
        for text in texts:
            if found := _MARK.search(text):
                self.texts.setdefault(ord(found[0]) - FIRST_MARK, []).append(text)

    def texts_of(self, words: str) -> Iterator[list[FilledText]]:
        """The texts whose marks are among some words of a page, each time those of one mark."""
        for found in dict.fromkeys(_MARK.findall(words)):
            if texts := self.texts.get(ord(found) - FIRST_MARK):
                yield texts


def _marked(block: str, mark: str) -> str:
    body = block.rstrip()
    style = _STYLE_END.search(body)
    at = style.start() if style else len(body)
    return f"{body[:at]}{mark}{block[at:]}" if body else block


_TOKEN = re.compile(
    r"<!--.*?-->|<(/?)([a-zA-Z][\w:-]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>|[^<]+|<", re.DOTALL
)
_VOID = frozenset(
    [
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source"),
        *("track", "wbr"),
    ]
)
_BLOCKS = frozenset(
    [
        *("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "dt", "dd", "caption"),
        *("summary", "figcaption", "blockquote", "div", "label", "legend", "section", "text"),
    ]
)
_ID = re.compile(r'\bid="([^"]*)"')


@dataclass
class _Element:
    """An element of a page: its name, where its attributes begin, and what is marked in it."""

    name: str
    at: int
    ids: str
    marked: str = ""


_PAGES = {
    "policy/": "policy",
    "year": "cycle",
    "my/": "cycle",
    "calendars/": "cycle",
    "ratings": "ratings",
    "stages/": "career-stages",
    "forms/": "forms",
    "questions": "questions",
    "guidance/": "guidance",
    "checklists": "checklists",
    "people": "organisation",
    "documents": "organisation",
    "standards": "standards",
}
"""What the path of a page begins with, and the file that it is mostly made of."""


def number_blocks(page: str) -> str:
    """The page with a number, `data-block`, on each block of its article."""
    made, last = [], 0
    for number, one in enumerate(_elements(page)):
        if one.name in _BLOCKS:
            made += [page[last : one.at], f' data-block="{number}"']
            last = one.at
    return "".join([*made, page[last:]])


def find_pencils(page: str, marked: str, marks: Marks, path: str = "") -> dict[int, str]:
    """For the number of each block that holds a text of the edition's own, the spots of its texts.

    `marked` is the same page made with the marked texts, `path` that of the page in its
    organisation. Spots are separated by blanks.
    """
    about = next((file for begin, file in _PAGES.items() if path.startswith(begin)), "")
    clean = _elements(page)
    numbers = {id(one): number for number, one in enumerate(clean)}
    pencils = {}
    for one, found in _aligned(clean, _elements(marked)):
        spots = [
            str(spot_of(text.document, text.loc))
            for texts in marks.texts_of(found.marked)
            for text in [_nearest(texts, found.ids, about, Path(path).stem)]
        ]
        if spots:
            pencils[numbers[id(one)]] = " ".join(spots)
    return pencils


def _aligned(clean: list[_Element], other: list[_Element]) -> Iterator[tuple[_Element, _Element]]:
    names, others = [one.name for one in clean], [one.name for one in other]
    if names == others:
        yield from zip(clean, other, strict=True)
        return
    for found in SequenceMatcher(None, names, others, autojunk=False).get_matching_blocks():
        for step in range(found.size):
            yield clean[found.a + step], other[found.b + step]


def _elements(page: str) -> list[_Element]:
    """The elements of the article of a page, in order, with the marked words of each block."""
    found: list[_Element] = []
    open_: list[_Element] = []
    start = page.find("<article")
    end = page.find("</article>", start)
    for token in _TOKEN.finditer(page, max(start, 0), end if end > 0 else len(page)):
        closes, name, attributes = token[1], token[2], token[3]
        if not name:
            if _MARK.search(token[0]) and (block := _block_of(open_)):
                block.marked += token[0]
            continue
        name = name.lower()
        if closes:
            while open_ and open_.pop().name != name:
                pass
            continue
        id = _ID.search(attributes)
        ids = f"{open_[-1].ids if open_ else ''} {id[1] if id else ''}"
        element = _Element(name, token.end(2), ids)
        found.append(element)
        if name not in _VOID and not attributes.endswith("/"):
            open_.append(element)
    return found


def _block_of(open_: list[_Element]) -> _Element | None:
    return next((one for one in reversed(open_) if one.name in _BLOCKS), None)


def _nearest(texts: list[FilledText], ids: str, about: str, page: str) -> FilledText:
    """Of texts that read the same, that of the file `about`, and whose ids the element is in.

    On the page of a form, those of other forms come last.
    """

    def score(text: FilledText) -> tuple[bool, bool, int]:
        near = sum(id in ids for id in ids_on_the_way(text.document, text.loc))
        path = text.document.path
        of_form = path.parent.name != "forms" or path.stem == page
        return of_form, about in (path.stem, path.parent.name), near

    return max(texts, key=score)
