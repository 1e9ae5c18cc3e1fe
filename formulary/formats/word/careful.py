"""The careful way to read a Word form that came back: its parts come in, a `Submission` goes out.

An answer is found by its content control's tag; if a program has dropped that, by the bookmark
around it, and last by the control's title. What can be said of a file that is no readable return is
raised as `CannotRead`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from formulary.formats.word.parts import Parts, footers_of, tree_of
from formulary.formats.word.tags import (
    CHECKED,
    NAMESPACES,
    PLACEHOLDERS,
    UNCHECKED,
    WORD_2010,
    bookmark_name,
    control_titles,
    letter_placeholder,
    read_identity,
    w,
)
from formulary.model.blank import Blank, Question
from formulary.model.stamp import stamps_printed
from formulary.model.submission import (
    Answer,
    BlankFor,
    CannotRead,
    Identity,
    Submission,
    as_value,
    plain,
    quoted,
)
from formulary.problems import RETURN_FLATTENED, RETURN_NOT_OURS, RETURN_SCANNED, RETURN_SEVERAL

_WORDS_OWN = (
    "click or tap here to enter text.",
    "click here to enter text.",
    "click or tap to enter a date.",
    "click to enter a date.",
    "choose an item.",
)
"""What Word itself puts into a control that somebody has emptied."""

_TICKS = frozenset(CHECKED + "☑✓✔✗✘🗹🗷")
_BOXES = frozenset(UNCHECKED + "□▢")
_TICK_CODES = frozenset(["F0FE", "F052", "F0FD", "F054", "F0FC"])
"""Ticked boxes in the fonts Wingdings and Wingdings 2, as `w:sym` names them."""

_LEFT_OUT = frozenset(
    w(name) for name in ("del", "moveFrom", "instrText", "delText", "sdtPr", "pPr", "rPr", "tblPr")
)


def identify_carefully(parts: Parts) -> Identity:
    """What a Word file says of itself. Raises CannotRead where it is no form of ours."""
    return _identity(parts, tree_of(parts.name, parts.main))[0]


def read_carefully(parts: Parts, blank_for: BlankFor) -> Submission:
    """The answers of a Word file, whatever became of it.

    Raises CannotRead where no answer can be told from the file, or what `blank_for` raises.
    """
    body = tree_of(parts.name, parts.main)
    identity, by_code = _identity(parts, body)
    blank = blank_for(identity)
    found = _Places(body)
    if not any(found.of(question) for question in blank.questions()):
        raise CannotRead(
            RETURN_FLATTENED, "The document says which form it is, and has no fields any more"
        )
    return _Reading(body, blank, found).submission(identity, by_code)


def _identity(parts: Parts, body: Any) -> tuple[Identity, bool]:
    """What the file says of itself, and whether only its footer says so."""
    identity = read_identity(parts.custom)
    if identity:
        return identity, False
    texts = map(_words, (*footers_of(parts.file), body))
    stamps = {stamp for text in texts for stamp in stamps_printed(text)}
    if len(stamps) > 1:
        raise CannotRead(RETURN_SEVERAL, f"The document holds {len(stamps)} forms")
    if not stamps:
        if parts.has_pictures and not "".join(body.itertext(w("t"))).strip():
            raise CannotRead(RETURN_SCANNED, "The document holds nothing but pictures")
        raise CannotRead(RETURN_NOT_OURS, "Nothing in the document says that it is a form of ours")
    return Identity(stamps.pop()), True


def value_of(question: Question, words: str) -> str:
    """What the words in a question's place answer, as `as_value` has it; empty for a placeholder.

    `words` are as `plain` gives them.
    """
    if question.kind == "checkbox":
        shown = words.strip()
        if _TICKS & set(shown):
            return "yes"
        return "" if not shown or _BOXES & set(shown) else shown
    return "" if _is_placeholder(question, words) else as_value(question, words)


def _is_placeholder(question: Question, words: str) -> bool:
    shown = _bare(words)
    return shown in _SHOWN_EMPTY[question.kind] or (
        shown.startswith("[") and shown == _bare(letter_placeholder(question))
    )


class _Places:
    """Where answers stand in a document: by the tag, the bookmark or the title of the place."""

    def __init__(self, body: Any) -> None:
        self.by_tag: dict[str, list[Any]] = {}
        self.by_title: dict[str, list[Any]] = {}
        self.bookmarks: dict[str, Any] = {}
        for control in body.iter(w("sdt")):
            for node in control.iterchildren(w("sdtPr")):
                for tag in node.iterchildren(w("tag")):
                    self.by_tag.setdefault(tag.get(w("val"), ""), []).append(control)
                for title in node.iterchildren(w("alias")):
                    self.by_title.setdefault(title.get(w("val"), ""), []).append(control)
        for start in body.iter(w("bookmarkStart")):
            self.bookmarks.setdefault(start.get(w("name"), ""), start)

    def of(self, question: Question) -> bool:
        """Whether the place of a question is still there, by its tag or its bookmark."""
        return question.id in self.by_tag or bookmark_name(question.id) in self.bookmarks


@dataclass
class _Reading:
    """One document, read for one blank."""

    body: Any
    blank: Blank
    places: _Places
    remarks: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)

    def submission(self, identity: Identity, by_code: bool) -> Submission:
        if by_code:
            self.remarks.append(
                "The file’s properties are lost; what it is was read from the code in its footer."
            )
        self.refuse_several()
        titles = control_titles(self.blank.questions())
        answers = {
            question.id: self.answer(question, titles[question.id])
            for question in self.blank.questions()
        }
        self.look_round()
        if not identity.stamp.asks_as(self.blank.stamp):
            self.altered.insert(0, "The form was made with other questions than this edition’s.")
        return Submission(
            identity,
            "Word",
            answers,
            tuple(self.altered),
            dict(self.unknown()),
            tuple(self.remarks),
        )

    def refuse_several(self) -> None:
        """Raise CannotRead for several forms in one document: most of the tags are there twice."""
        asked = [self.places.by_tag.get(question.id, ()) for question in self.blank.questions()]
        twice = sum(len(found) > 1 for found in asked)
        if twice > 2 and twice * 2 > sum(bool(found) for found in asked):
            raise CannotRead(RETURN_SEVERAL, "The document holds several copies of the form")

    # one answer

    def answer(self, question: Question, title: str) -> Answer:
        controls = self.places.by_tag.get(question.id) or self.places.by_title.get(title) or []
        start = self.places.bookmarks.get(bookmark_name(question.id))
        if not controls and start is None:
            return Answer("lost")
        if controls:
            values = [self.of_control(question, control) for control in controls]
            given = list(dict.fromkeys(filter(None, values)))
            if len(given) > 1:
                self.remarks.append(f"“{question.title}” is there twice, with different answers.")
            self.compare_title(controls[0], question, title)
            value, beside = (given or [""])[0], self.beside(question, controls[0])
        else:
            value, beside = value_of(question, _between(start)), ""
        return Answer("answered" if value else "blank", value, beside)

    def of_control(self, question: Question, control: Any) -> str:
        content = control.find(w("sdtContent"))
        words = _words(content) if content is not None else ""
        if question.kind == "checkbox":
            mark = control.find("w:sdtPr/w14:checkbox/w14:checked", NAMESPACES)
            if mark is not None:
                return "yes" if mark.get(f"{{{WORD_2010}}}val") in ("1", "true", "on") else ""
        return value_of(question, words)

    def compare_title(self, control: Any, question: Question, title: str) -> None:
        if control in self.places.by_title.get(title, ()):
            return
        alias = control.find("w:sdtPr/w:alias", NAMESPACES)
        if alias is not None and _bare(alias.get(w("val"), "")) != _bare(title):
            shown = quoted(alias.get(w("val"), ""))
            self.altered.append(f"“{question.title}” is now called “{shown}”.")

    def beside(self, question: Question, control: Any) -> str:
        """What was typed beside a control, in its paragraph or below it in its cell."""
        own = next((p for p in control.iterancestors() if p.tag == w("p")), None)
        if own is None or self.in_letter(question):
            return ""
        words = [_bare_words(own)]
        follower = own.getnext()
        while follower is not None and own.getparent().tag == w("tc") and follower.tag == w("p"):
            if follower.find(".//w:sdt", NAMESPACES) is None:
                words.append(_bare_words(follower))
            follower = follower.getnext()
        return "\n".join(text for text in words if text and _bare(text) not in self.printed)

    def in_letter(self, question: Question) -> bool:
        return question.id in self.letters

    @cached_property
    def letters(self) -> frozenset[str]:
        """The questions that are asked within a letter."""
        parts = (part for part in self.blank.parts if part.letter)
        return frozenset(question.id for part in parts for question in part.questions)

    @cached_property
    def printed(self) -> frozenset[str]:
        """What the blank itself prints near its answers."""
        texts = {"£"}
        for question in self.blank.questions():
            texts |= {question.label, question.hint, question.title}
        return frozenset(map(_bare, texts))

    # the rest of the document

    def look_round(self) -> None:
        """Remark what HR should know of the file beside the answers."""
        body = self.body
        if next(body.iter(w("ins"), w("del"), w("moveFrom"), w("moveTo")), None) is not None:
            self.remarks.append(
                "Changes are tracked in the file: what was added counts, what was deleted does not."
            )
        if next(body.iter(w("commentReference")), None) is not None:
            self.remarks.append("The file has comments in its margin; they are not read.")

    def unknown(self) -> Iterator[tuple[str, str]]:
        """Answers that the blank has no question for: controls with another tag, rows added."""
        asked = {question.id for question in self.blank.questions()}
        for tag, controls in self.places.by_tag.items():
            words = _words(controls[0].find(w("sdtContent")))
            if tag and tag not in asked and _bare(words) not in _EMPTY:
                yield plain(tag), words
        yield from self.added_rows()

    def added_rows(self) -> Iterator[tuple[str, str]]:
        """The words of rows that somebody has added to a table of answers by hand."""
        asked = {question.id for question in self.blank.questions()}
        names = set(map(bookmark_name, asked))
        number = 0
        for table in self.body.iter(w("tbl")):
            ours = False
            for row in table.iterfind("w:tr", NAMESPACES):
                marks = {node.get(w("name")) for node in row.iter(w("bookmarkStart"))}
                tags = {node.get(w("val")) for node in row.iter(w("tag"))}
                if marks & names or tags & asked:
                    ours = True
                    continue
                if not ours:
                    continue
                cells = [_words(cell).strip() for cell in row.iterfind("w:tc", NAMESPACES)]
                added = [words for words in cells if _bare(words) not in self.printed]
                if len(cells) > 1 and any(map(str.isalpha, "".join(added))):
                    number += 1
                    yield f"added_row_{number}", " | ".join(filter(None, cells))


_EMPTY = frozenset(["", *map(str.casefold, PLACEHOLDERS.values()), *_WORDS_OWN])
_SHOWN_EMPTY = {
    kind: frozenset(["", placeholder.casefold(), *_WORDS_OWN])
    for kind, placeholder in PLACEHOLDERS.items()
}
"""By its kind, what the place of a question without an answer shows, in small letters."""


def _words(node: Any) -> str:
    """The text of a part of a document as it is read, paragraphs on lines of their own."""
    return plain("".join(_pieces(node))).removeprefix("\n") if node is not None else ""


def _pieces(node: Any) -> Iterator[str]:
    for child in node:
        if child.tag in _LEFT_OUT:
            continue
        if child.tag == w("p"):
            yield "\n"
        yield from _piece(child)
        yield from _pieces(child)


def _piece(node: Any) -> Iterator[str]:
    if node.tag == w("t"):
        before = node.getprevious()
        if before is not None and before.tag == w("t"):
            yield "\n"  # LibreOffice 7.4 forgets the w:br between two lines of one run
        yield node.text or ""
    elif node.tag in (w("br"), w("cr")):
        yield "\n"
    elif node.tag in (w("tab"), w("ptab")):
        yield "\t"
    elif node.tag == w("noBreakHyphen"):
        yield "-"
    elif node.tag == w("sym"):
        yield CHECKED if node.get(w("char"), "").upper() in _TICK_CODES else ""


def _bare_words(paragraph: Any) -> str:
    """The text of a paragraph outside of its controls."""
    pieces = (piece for node in _outside_controls(paragraph) for piece in _piece(node))
    return plain("".join(pieces)).strip()


def _outside_controls(node: Any) -> Iterator[Any]:
    for child in node:
        if child.tag == w("sdt") or child.tag in _LEFT_OUT:
            continue
        yield child
        yield from _outside_controls(child)


def _between(start: Any) -> str:
    """The text between a bookmark's start and its end, in the order of the document."""
    number = start.get(w("id"), "")
    words: list[str] = []
    for node in _after(start):
        if node.tag == w("bookmarkEnd") and node.get(w("id")) == number:
            return plain("".join(words))
        if node.tag == w("p"):
            words.append("\n")
        words.extend(_piece(node))
    return ""


def _after(node: Any) -> Iterator[Any]:
    """Everything that follows a node in the document, without what is not text."""
    while node is not None:
        follower = node.getnext()
        while follower is not None:
            if follower.tag not in _LEFT_OUT:
                yield follower
                yield from _inside(follower)
            follower = follower.getnext()
        node = node.getparent()


def _inside(node: Any) -> Iterator[Any]:
    for child in node:
        if child.tag not in _LEFT_OUT:
            yield child
            yield from _inside(child)


def _bare(text: str) -> str:
    return " ".join(text.split()).casefold()
