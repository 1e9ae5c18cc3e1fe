"""Read a policy in Word that came back edited: its lines, where each is, and what people noted.

Changes that Word tracked count as accepted: what was put in is there, and what was taken out is
not. Who made them, and when, is kept beside the lines.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from formulary.documents.stamp import Stamp
from formulary.formats.word.content import DocumentContent, words_in, words_outside
from formulary.formats.word.ooxml import Element, read_identity, w
from formulary.formats.word.parts import parts_of, read_parts, tree_of

_CONTENTS = re.compile(r"(?:toc|contents)\s?(?:\d|heading)", re.IGNORECASE)
"""The styles of a table of contents, as Word and LibreOffice name them."""


@dataclass(frozen=True)
class EditedLine:
    """A printed line: a paragraph, or one of the lines that a break makes of it.

    `anchors` are the bookmarks that begin at it. `authors` are those who put in or took out words
    with changes tracked.
    """

    words: str
    style: str = ""
    anchors: tuple[str, ...] = ()
    in_contents: bool = False
    in_table: bool = False
    authors: tuple[str, ...] = ()


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
    """What a returned policy holds. `others` are things without words, such as a picture."""

    stamp: Stamp | None
    lines: tuple[EditedLine, ...]
    comments: tuple[EditedComment, ...]
    is_tracked: bool
    others: tuple[str, ...]


def read_edited_policy(data: bytes) -> EditedPolicy:
    """The lines of a policy in Word. Raises CannotRead where the file is none, or harmful."""
    parts = parts_of(data)
    body = tree_of(parts.name, parts.main).find(w("body"))
    styles = _style_names(tree_of("word/styles.xml", parts.styles)) if parts.styles else {}
    content = DocumentContent(body)
    lines: list[EditedLine] = []
    places: dict[Element, int] = {}
    carried: list[str] = []
    words, nodes = "", list[Element]()
    for node, pieces in content.outside:
        words += words_outside(pieces)
        nodes.append(node)
        if _is_joined(node):
            continue
        first = nodes[0]
        places.update(dict.fromkeys(nodes, len(lines)))
        anchors = [name for one in nodes for name in _bookmarks_at(one)]
        style = styles.get(_style_id(first), _style_id(first))
        in_contents = bool(_CONTENTS.match(style))
        kept = [line.strip() for line in words.split("\n") if line.strip()]
        if not kept:  # its bookmarks are those of words that are gone
            carried += anchors
        for number, line in enumerate(kept):
            lines.append(
                EditedLine(
                    line,
                    style,
                    () if number else (*carried, *anchors),
                    in_contents,
                    next(first.iterancestors(w("tc")), None) is not None,
                    tuple(dict.fromkeys(_authors(nodes))),
                )
            )
        carried = [] if kept else carried
        words, nodes = "", []
    identity = read_identity(parts.custom)
    return EditedPolicy(
        identity.stamp if identity else None,
        tuple(lines),
        tuple(_comments(parts.file, body, places)),
        content.tracked,
        tuple(dict.fromkeys(kind for kind, _ in content.objects if kind != "a comment")),
    )


def _is_joined(paragraph: Element) -> bool:
    """Whether the mark at its end was deleted with changes tracked (17.13.5.15 del)."""
    return paragraph.find(f"{w('pPr')}/{w('rPr')}/{w('del')}") is not None


def _style_id(paragraph: Element) -> str:
    named = paragraph.find(f"{w('pPr')}/{w('pStyle')}")
    return "" if named is None else str(named.get(w("val"), ""))


def _style_names(styles: Element) -> dict[str, str]:
    """The names of the paragraph styles by id: programs keep the name and change the id."""
    found = {}
    for style in styles.iterchildren(w("style")):
        name = style.find(w("name"))
        if name is not None:
            found[style.get(w("styleId"), "")] = str(name.get(w("val"), ""))
    return found


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
        for name, part in read_parts(file, lambda name: name == "word/comments.xml").items()
        for comment in tree_of(name, part).iter(w("comment"))
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
