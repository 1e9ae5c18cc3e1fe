"""Read a policy in Word that came back edited: its lines, where each is, and what people noted.

Changes that Word tracked count as accepted: what was put in is there, and what was taken out is
not. Who made them is kept beside the lines.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from formulary.documents.stamp import Stamp
from formulary.formats.word.content import DocumentContent, words_in, words_outside
from formulary.formats.word.looks import Look, LookReader
from formulary.formats.word.ooxml import Element, read_identity, style_of, value_of, w
from formulary.formats.word.parts import Parts, parts_of, read_trees, tree_of

_CONTENTS = re.compile(r"(?:toc|contents)\s?(?:\d|heading)", re.IGNORECASE)
"""The styles of a table of contents, as Word and LibreOffice name them."""

FOOTNOTE = "footnote"
"""The style that the lines of footnotes are given, whatever it is in the file."""


@dataclass(frozen=True)
class EditedLine:
    """A printed line: a paragraph, or one of the lines that a break makes of it.

    `anchors` are the bookmarks that begin at it; `carried` those of lines before it whose words are
    gone. `cell` is its table, row and column, from 0; None outside of tables. `authors` are those
    who put in or took out words with changes tracked. `looks` are those of its letters, blanks
    left out. `in_list` says that Word prints a bullet or number before it, whatever its style is.
    """

    words: str
    style: str = ""
    anchors: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    in_contents: bool = False
    cell: tuple[int, int, int] | None = None
    authors: tuple[str, ...] = ()
    looks: tuple[Look, ...] = ()
    in_list: bool = False


@dataclass(frozen=True)
class EditedComment:
    """A comment: who wrote it, on which day, what it says, and the words that it is about.

    `line` is the place of its line among those of the policy.
    """

    author: str
    day: datetime.date | None
    words: str
    about: str
    line: int


@dataclass(frozen=True)
class EditedPolicy:
    """What a returned policy holds.

    `others` are things without words, such as a picture, each with the place of its line. `edges`
    are the lines of headers and footers.
    """

    stamp: Stamp | None
    lines: tuple[EditedLine, ...]
    comments: tuple[EditedComment, ...]
    is_tracked: bool
    others: tuple[tuple[str, int], ...]
    edges: tuple[str, ...]


def read_edited_policy(data: bytes) -> EditedPolicy:
    """The lines of a policy in Word. Raises CannotRead where the file is none, or harmful."""
    parts = parts_of(data)
    body = tree_of(parts.name, parts.main).find(w("body"))
    styles = tree_of("word/styles.xml", parts.styles) if parts.styles else None
    names = _style_names(styles) if styles is not None else {}
    looks = LookReader(styles, _targets(parts))
    content = DocumentContent(body)
    lines, places = _lines(content, names, looks)
    identity = read_identity(parts.custom)
    return EditedPolicy(
        identity.stamp if identity else None,
        (*lines, *_footnotes(parts.file)),
        tuple(_comments(parts.file, body, places)),
        content.tracked,
        tuple(_others(content, places)),
        tuple(_edge_lines(parts)),
    )


def _lines(
    content: DocumentContent, styles: Mapping[str, str], looks: LookReader
) -> tuple[list[EditedLine], dict[Element, int]]:
    """The lines of the body, and the place of that of each paragraph."""
    lines: list[EditedLine] = []
    places: dict[Element, int] = {}
    carried: list[str] = []
    tables: dict[Element, int] = {}
    words, nodes = "", list[Element]()
    for node, pieces in content.outside:
        words += words_outside(pieces)
        nodes.append(node)
        if _is_joined(node):
            continue
        first = nodes[0]
        places.update(dict.fromkeys(nodes, len(lines)))
        anchors = tuple(name for one in nodes for name in _bookmarks_at(one))
        style = styles.get(style_of(first), style_of(first))
        kept = [line.strip() for line in words.split("\n") if line.strip()]
        letters = looks.of_words("".join(kept), nodes) if kept else []
        for number, line in enumerate(kept):
            length = len("".join(line.split()))
            lines.append(
                EditedLine(
                    line,
                    style,
                    () if number else anchors,
                    () if number else tuple(carried),
                    bool(_CONTENTS.match(style)),
                    _cell_of(first, tables),
                    tuple(dict.fromkeys(_authors(nodes))),
                    tuple(letters[:length]),
                    _is_in_list(first),
                )
            )
            letters = letters[length:]
        # the bookmarks of a line whose words are gone are kept for the next line
        carried = [] if kept else [*carried, *anchors]
        words, nodes = "", []
    return lines, places


def _cell_of(paragraph: Element, tables: dict[Element, int]) -> tuple[int, int, int] | None:
    cell = next(paragraph.iterancestors(w("tc")), None)
    row = cell.getparent() if cell is not None else None
    table = next(row.iterancestors(w("tbl")), None) if row is not None else None
    if cell is None or row is None or table is None:
        return None
    return (
        tables.setdefault(table, len(tables)),
        sum(1 for _ in row.itersiblings(w("tr"), preceding=True)),
        sum(1 for _ in cell.itersiblings(w("tc"), preceding=True)),
    )


def _footnotes(file: bytes) -> Iterator[EditedLine]:
    """The lines of the footnotes (17.11.2 footnotes), which are in a part of their own."""
    for tree in read_trees(file, ["word/footnotes.xml"]):
        for note in tree.iter(w("footnote")):
            if note.get(w("type"), "normal") == "normal":
                for line in words_in(note).split("\n"):
                    if line.strip():
                        yield EditedLine(line.strip(), FOOTNOTE)


def _others(content: DocumentContent, places: Mapping[Element, int]) -> Iterator[tuple[str, int]]:
    for kind, node in content.objects:
        paragraph = next(node.iterancestors(w("p")), None)
        if kind != "a comment":
            yield kind, places.get(paragraph, 0)


def _edge_lines(parts: Parts) -> Iterator[str]:
    """The lines of headers and footers, those that several have once."""
    lines = (
        " ".join(line.split())
        for tree in read_trees(parts.file, parts.edges)
        for line in words_in(tree).split("\n")
    )
    yield from dict.fromkeys(line for line in lines if line)


def _targets(parts: Parts) -> dict[str, str]:
    """Where the links of the body lead, by the id of the relationship."""
    name = parts.name.replace("word/", "word/_rels/") + ".rels"
    return {
        str(one.get("Id", "")): str(one.get("Target", ""))
        for tree in read_trees(parts.file, [name])
        for one in tree
    }


def _is_joined(paragraph: Element) -> bool:
    """Whether the mark at its end was deleted with changes tracked (17.13.5.15 del)."""
    return paragraph.find(f"{w('pPr')}/{w('rPr')}/{w('del')}") is not None


def _is_in_list(paragraph: Element) -> bool:
    """Whether it is an entry of a list by itself (17.3.1.19 numPr); 0 takes it out of one."""
    return value_of(paragraph, "w:pPr/w:numPr/w:numId") not in ("", "0")


def _style_names(styles: Element) -> dict[str, str]:
    """The names of the styles by id: programs keep the name and change the id."""
    return {
        style.get(w("styleId"), ""): value_of(style, "w:name")
        for style in styles.iterchildren(w("style"))
        if style.find(w("name")) is not None
    }


def _bookmarks_at(paragraph: Element) -> Iterator[str]:
    """The bookmarks that begin in a paragraph, or between the one before and it."""
    before = paragraph.getprevious()
    while before is not None and before.tag in (w("bookmarkStart"), w("bookmarkEnd")):
        if before.tag == w("bookmarkStart"):
            yield str(before.get(w("name"), ""))
        before = before.getprevious()
    for mark in paragraph.iter(w("bookmarkStart")):
        yield str(mark.get(w("name"), ""))


def _authors(paragraphs: list[Element]) -> Iterator[str]:
    for paragraph in paragraphs:
        for change in paragraph.iter(w("ins"), w("del"), w("moveFrom"), w("moveTo")):
            author = str(change.get(w("author"), "")).strip()
            if author:
                yield author


def _comments(file: bytes, body: Element, places: Mapping[Element, int]) -> Iterator[EditedComment]:
    """The comments in the order of the text (17.13.4 Comments)."""
    written = {
        comment.get(w("id"), ""): comment
        for tree in read_trees(file, ["word/comments.xml"])
        for comment in tree.iter(w("comment"))
    }
    about = _commented_words(body)
    for reference in body.iter(w("commentReference")):
        comment = written.get(reference.get(w("id"), ""))
        paragraph = next(reference.iterancestors(w("p")), None)
        if comment is None or paragraph is None:
            continue
        yield EditedComment(
            str(comment.get(w("author"), "")).strip(),
            _day(str(comment.get(w("date"), ""))),
            " ".join(words_in(comment).split()),
            " ".join(about.get(reference.get(w("id"), ""), "").split()),
            places.get(paragraph, 0),
        )


def _commented_words(body: Element) -> dict[str, str]:
    """The words between the ends of each comment."""
    found: dict[str, str] = {}
    opened: set[str] = set()
    for node in body.iter(w("commentRangeStart"), w("commentRangeEnd"), w("t"), w("p")):
        if node.tag == w("commentRangeStart"):
            opened.add(node.get(w("id"), ""))
        elif node.tag == w("commentRangeEnd"):
            opened.discard(node.get(w("id"), ""))
        else:
            words = " " if node.tag == w("p") else node.text or ""
            for id in opened:
                found[id] = found.get(id, "") + words
    return found


def _day(written: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(written[:10])
    except ValueError:
        return None
