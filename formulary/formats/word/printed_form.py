"""What the reader knows of one blank in Word, worked out once and used for all its returns.

What the form prints around its controls is taken from the blank as it is written, since it is the
house document, or the organisation's own, that says most of it.
"""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from functools import cached_property
from pathlib import Path

from formulary.documents.blank import Blank, Question
from formulary.formats.word.content import MARK, DocumentContent, words_outside
from formulary.formats.word.form import write_blank
from formulary.formats.word.nearest import Anchors, find_question
from formulary.formats.word.ooxml import (
    PLACEHOLDERS,
    Element,
    bookmark_name,
    box_tag,
    box_title,
    control_titles,
)
from formulary.formats.word.parts import parts_of, read_trees, tree_of
from formulary.problems import ContentError, OutputError
from formulary.returns.submission import strip_controls
from formulary.words import normalise

PROMPTS = (
    "click or tap here to enter text.",
    "click here to enter text.",
    "click or tap to enter a date.",
    "click to enter a date.",
    "choose an item.",
    "type here",  # what our own forms showed before
)
"""What Word itself puts into a control that somebody has emptied."""

EMPTY = frozenset(["", *map(str.casefold, PLACEHOLDERS.values()), *PROMPTS])
"""What an empty control shows, in small letters."""

_MARKS = re.compile(rf"{MARK}(?:\s*{MARK})+")
_HYPHENS = str.maketrans(dict.fromkeys("\u2010\u2011\u2212", "-") | {"\u00ad": None})
_CHANGING = re.compile(r"[\d-]+")
_LONGEST_COMPARED = 3_000
"""Characters of a paragraph that is compared with the printed one word by word."""


class PrintedForm:
    """A blank with what it prints in Word. `house` is the folder with form.docx."""

    def __init__(self, blank: Blank, house: Path) -> None:
        self.blank, self.house = blank, house
        self.questions = blank.questions()
        self.titles = control_titles(self.questions)
        self.ids = {question.id: question for question in self.questions}
        self.boxes = {
            box_tag(question.id, place): (question, option)
            for question in self.questions
            for place, option in enumerate(question.options, start=1)
        }
        self.box_titles = {
            box_title(self.titles[question.id], option): (question, option)
            for question, option in self.boxes.values()
        }
        self.bookmarks = {bookmark_name(question.id): question for question in self.questions}

    def question_of(self, tag: str) -> Question | None:
        """The question whose control, or one of whose boxes, has a tag."""
        box = self.boxes.get(tag)
        return box[0] if box else self.ids.get(tag)

    @cached_property
    def around(self) -> PrintedWords | None:
        """What is printed around the controls; None where the blank cannot be written now."""
        try:
            return PrintedWords(write_blank(self.blank, self.house), self)
        except (ContentError, OutputError, ValueError):
            return None


class PrintedWords:
    """The words and objects of a written blank outside of its controls, and its other controls.

    `edges` are the checksums of its headers and footers, `edge_lines` what these print.
    """

    def __init__(self, document: bytes, form: PrintedForm) -> None:
        parts = parts_of(document)
        body = tree_of(parts.name, parts.main)
        content = DocumentContent(body)
        self.raw = {"".join(pieces) for _, pieces in content.outside}
        self.lines = {line_key(words_outside([words])) for words in self.raw}
        self.controls: set[tuple[str, str]] = set()
        anchors: dict[Element, Question] = {}
        for control, tag in ((one, tag) for one in content.controls for tag in one.tags):
            if question := form.question_of(tag):
                anchors[control.element] = question
            else:
                self.controls.add((tag, normalise(control.words)))
        self.objects = count_objects(content, anchors)
        self.edges = frozenset(parts.edges.values())
        trees = [DocumentContent(tree) for tree in read_trees(document, parts.edges)]
        self.edge_lines = {
            edge_key(words_outside(pieces)) for tree in trees for _, pieces in tree.outside
        }
        self.edge_objects = Counter(kind for tree in trees for kind, _ in tree.objects)


def compare_line(words: str, missing: list[str]) -> str | None:
    """What a paragraph says more than the printed line that it seems to be.

    `missing` are the keys of printed lines that are nowhere in the document; the line that is found
    is taken out of it. All the words where it is none of them; None for a line that lacks words of
    the printed one: it is worded differently.
    """
    shown = strip_controls(words).replace(MARK, f" {MARK} ").split()
    keys = [line_key(word) for word in shown]
    closest, kept = "", set[int]()
    for line in missing if len(words) <= _LONGEST_COMPARED else ():
        wanted = line.replace(MARK, f" {MARK} ").split()
        blocks = SequenceMatcher(None, wanted, keys, autojunk=False).get_matching_blocks()
        same = {place for block in blocks for place in range(block.b, block.b + block.size)}
        if len(same) * 2 > len(wanted) and len(same) > len(kept):
            closest, kept = line, same
    if not closest and _take_part(line_key(words), missing):
        return None
    if closest:
        missing.remove(closest)
        if len(kept) < len(closest.replace(MARK, f" {MARK} ").split()):
            return None
    return " ".join(word for place, word in enumerate(shown) if place not in kept and word != MARK)


def _take_part(key: str, missing: list[str]) -> bool:
    """Whether a line is part of a printed line, which earlier forms parted in two: label and hint.

    The rest of the printed line is missing then in its place.
    """
    for place, line in enumerate(missing):
        before, found, after = f" {line} ".partition(f" {key} ")
        if key and found:
            missing[place : place + 1] = filter(None, [f"{before} {after}".strip()])
            return True
    return False


def line_key(words: str) -> str:
    """A paragraph's words for comparison: no capitals, one kind of hyphen, one mark a control."""
    return _MARKS.sub(MARK, normalise(strip_controls(words).translate(_HYPHENS)))


def edge_key(words: str) -> str:
    """A header’s or footer’s words for comparison: page numbers change, and hyphens of the code."""
    return " ".join(_CHANGING.sub("", line_key(words)).split())


def count_objects(content: DocumentContent, anchors: Anchors) -> Counter[tuple[str, str]]:
    """How many objects are nearest to a question, by what they are and the question's id."""
    return Counter(
        (kind, found.question.id if (found := find_question(node, anchors)) else "")
        for kind, node in content.objects
    )
