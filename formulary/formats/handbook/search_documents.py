"""Cut the finished pages into the documents that the handbook's search reads.

A document is one place that a result can lead to: a page, or a heading or clause on it with its own
address. Pages carry them ready to read, one file an organisation, as a script, so that the search
works from a file share too.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from lxml import html

from formulary.content.synonyms import SynonymGroup

SITE = "site"
"""The file of the pages that belong to no organisation."""
LEFT_OUT = (
    "*[contains(concat(' ', @class, ' '), ' no-print ') or @data-search-exclude"
    " or contains(concat(' ', @class, ' '), ' unseen ')"
    " or contains(concat(' ', @class, ' '), ' headerlink ')"
    " or contains(concat(' ', @class, ' '), ' notice ')]"
)
KINDS = (
    ("questions.html", "question"),
    ("policy/", "policy"),
    ("forms/", "form"),
    ("guidance/", "guidance"),
    ("checklists.html", "guidance"),
    ("my/", "my"),
    ("year.html", "year"),
    ("glossary.html", "term"),
    ("people.html", "people"),
    ("documents.html", "document"),
    ("downloads.html", "download"),
    ("stages/", "standards"),
    ("ratings.html", "standards"),
    ("standards.html", "standards"),
    ("calendars/", "calendar"),
    ("index.html", "home"),
)
"""The kind of a page by the beginning of its address within the organisation; else “about”."""
REPEATED = {
    *("header", "sign_off", "download", "asks"),
    *("contents", "appendices", "documents--files"),
    *("every", "codes"),
}
"""Sections that each form or policy has alike, and the table of all codes."""
BLOCKS = {"p", "li", "dt", "dd", "td", "th", "tr", "div", "section", "figcaption", "summary"}


@dataclass
class SearchDocument:
    """A place in the handbook: its address from the root, its title, the page's, and what it says.

    `number` is the printed number of a clause. `text` has a line for each paragraph or cell. `get`
    are the ways to get a form: pairs of what the link says and its address.
    """

    at: str
    title: str
    page: str
    kind: str
    number: str = ""
    text: str = ""
    get: tuple[tuple[str, str], ...] = ()
    lines: list[str] = field(default_factory=list, repr=False)


def cut_page(content: str, address: str, title: str, own: str, about: str) -> list[dict[str, Any]]:
    """The documents of a page: `content` is its HTML, `own` the folder of its organisation.

    `about` is the page's description, which the page's own document says first.
    """
    kind = find_kind(address.removeprefix(f"{own}/") if own else address.partition("/")[2])
    tree = html.fragment_fromstring(content, create_parent="div")
    get = tuple(_find_ways_to_get(tree, address)) if kind == "form" else ()
    for element in tree.xpath(f".//{LEFT_OUT} | .//script | .//style | .//figure | .//svg"):
        element.drop_tree()
    whole = SearchDocument(address, title, title, kind, get=get)
    found = [whole]
    _Cutter(whole, found).read(tree)
    whole.lines.insert(0, about)
    return [_finish(one) for one in found if one is whole or _is_worth_finding(one)]


def _find_ways_to_get(tree: Any, address: str) -> Iterator[tuple[str, str]]:
    """The links under the title of a form: to fill it in, and to its files, each with its size."""
    for line in tree.xpath(".//p[@class='get big']"):
        for link in line.xpath("./a[@href]"):
            path = posixpath.join(posixpath.dirname(address), link.get("href"))
            size = re.search(r"\d[\d.]* [kM]B", link.text_content())
            words = f"{(link.text or '').strip()} {size[0] if size else ''}".strip()
            yield words, posixpath.normpath(path)


def find_kind(path: str) -> str:
    """The kind of a page by its address within its organisation."""
    return next((kind for start, kind in KINDS if path.startswith(start)), "about")


def _is_worth_finding(one: SearchDocument) -> bool:
    anchor = one.at.partition("#")[2]
    if one.kind == "home":
        return False  # a start page copies what other pages say
    if anchor in REPEATED or anchor.startswith(("by--", "page--", "other-")):
        return False
    if one.kind == "about" and anchor == "accepted":
        return False  # it names what checks look for, not what the policy says
    if one.kind == "my" and ("--" in anchor or not one.lines):
        return False  # the event is on the page of the year
    return bool(one.lines)


def _finish(one: SearchDocument) -> dict[str, Any]:
    lines = dict.fromkeys(" ".join(line.split()) for line in one.lines)
    one.text = "\n".join(line for line in lines if line)
    made = asdict(one)
    del made["lines"]
    return {key: value for key, value in made.items() if value}


class _Cutter:
    """Walks over a page and gives every text to the place that it is in."""

    def __init__(self, whole: SearchDocument, found: list[SearchDocument]) -> None:
        self.whole, self.found, self.now = whole, found, whole
        self.page = whole.at

    def read(self, element: Any) -> None:
        """Take what an element says, and what is in it."""
        tag, id = element.tag, element.get("id", "")
        if not isinstance(tag, str):
            return
        classes = element.get("class", "").split()
        if tag == "div" and "clause" in classes and id:
            self.open(id, element.get("data-name", ""))
        elif re.fullmatch(r"h[2-6]", tag) and id:
            self.head(element, id)
            return
        elif tag == "h1":
            return
        own = [element.text or ""]
        for child in element:
            inline = child.tag not in BLOCKS and not len(child.xpath(".//*[@id and self::h2]"))
            inline = inline and child.get("class") != "about"  # a line of its own under a name
            if inline and child.tag in ("a", "strong", "em", "span", "code", "abbr", "time", "br"):
                own.append(" " if child.tag == "br" else child.text_content())
            else:
                self.say("".join(own))
                own = []
                self.read(child)
            own.append(child.tail or "")
        self.say("".join(own))

    def open(self, id: str, title: str) -> None:
        self.now = SearchDocument(f"{self.page}#{id}", title, self.whole.title, self.whole.kind)
        self.found.append(self.now)

    def head(self, heading: Any, id: str) -> None:
        """A heading begins a place, or names the clause that has just begun."""
        number = "".join(n.text_content() for n in heading.find_class("number")).strip()
        words = " ".join(heading.text_content().split()).removeprefix(number).strip()
        if self.whole.kind == "about" and id.startswith("note--"):
            self.say(words)  # an editor's note is about the text: its name finds no rule
            return
        clause = re.sub(r"--(title|number)$", "", id)
        if self.now.at != f"{self.page}#{clause}":
            self.open(id, "")
        self.now.number = number
        self.now.title = self.now.title or words

    def say(self, words: str) -> None:
        if words.strip():
            self.now.lines.append(words)


def search_files(
    documents: Iterable[tuple[str, Sequence[Mapping[str, Any]]]],
    names: Mapping[str, str],
) -> Iterator[tuple[str, str]]:
    """Path -> script of each file of the search.

    `documents` are pairs of an organisation's folder (or `SITE`) and documents, in the site's
    order; `names` are the short names of all organisations of the site by id, where there are
    several.
    """
    gathered: dict[str, list[Mapping[str, Any]]] = {}
    for own, cut in documents:
        gathered.setdefault(own, []).extend(cut)
    for own, cut in gathered.items():
        held = {
            "name": names.get(own, ""),
            "others": [other for other in names if other != own],
            "documents": cut,
        }
        said = json.dumps(held, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
        yield f"search/{own}.js", f"handbookSearch.take({json.dumps(own)},{said});\n"


def synonyms_script(own: str, groups: Iterable[SynonymGroup]) -> str:
    """The script that hands in an organisation's synonyms: pairs of typed and own phrases."""
    pairs = [(group.typed, group.means) for group in groups]
    said = json.dumps(pairs, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f"handbookSearch.takeSynonyms({json.dumps(own)},{said});\n"
