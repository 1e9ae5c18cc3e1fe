"""Read a returned Word form into a `Submission`, whatever became of it.

An answer is found by its content control's tag; if a program has dropped that, by the control's
title, and last by the bookmark around it. What can be said of a file that is no readable return is
raised as `CannotRead`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from formulary.documents.blank import Blank, Question
from formulary.documents.stamp import find_stamps
from formulary.formats.word.content import (
    Control,
    DocumentContent,
    words_between,
    words_in,
)
from formulary.formats.word.ooxml import (
    CHECKED,
    PLACEHOLDERS,
    UNCHECKED,
    Element,
    bookmark_name,
    control_titles,
    letter_placeholder,
    read_identity,
    w,
)
from formulary.formats.word.parts import Parts, footers_of, parts_of, tree_of
from formulary.problems import RETURN_FLATTENED, RETURN_NOT_OURS, RETURN_SCANNED, RETURN_SEVERAL
from formulary.returns.submission import (
    Answer,
    BlankFor,
    CannotRead,
    Identity,
    Submission,
    as_value,
    quote,
    strip_controls,
)
from formulary.words import normalise

_PROMPTS = (
    "click or tap here to enter text.",
    "click here to enter text.",
    "click or tap to enter a date.",
    "click to enter a date.",
    "choose an item.",
)
"""What Word itself puts into a control that somebody has emptied."""

_TICKS = frozenset(CHECKED + "☑✓✔✗✘🗹🗷")
_BOXES = frozenset(UNCHECKED + "□▢")

_BLANK = Answer("blank")


def identify(data: bytes) -> Identity:
    """What a Word file says of itself. Raises CannotRead where it is no form of ours."""
    parts = parts_of(data)
    return _identity(parts, tree_of(parts.name, parts.main))[0]


def read(data: bytes, blank: Blank) -> Submission:
    """The answers of a Word file to the questions of `blank`.

    Raises CannotRead where no answer can be told from the file.
    """
    return read_for(data, lambda _: blank)


def read_for(data: bytes, blank_for: BlankFor) -> Submission:
    """The answers of a Word file to the questions of the blank that it says to have come from.

    Raises CannotRead as `read` does, or what `blank_for` raises.
    """
    parts = parts_of(data)
    body = tree_of(parts.name, parts.main)
    identity, by_code = _identity(parts, body)
    return _WordReader(body, blank_for(identity)).submission(identity, by_code)


def _identity(parts: Parts, body: Element) -> tuple[Identity, bool]:
    """What the file says of itself, and whether only its footer says so."""
    identity = read_identity(parts.custom)
    if identity:
        return identity, False
    texts = map(words_in, (*footers_of(parts.file), body))
    stamps = {stamp for text in texts for stamp in find_stamps(text)}
    if len(stamps) > 1:
        raise CannotRead(RETURN_SEVERAL, f"The document holds {len(stamps)} forms")
    if not stamps:
        if parts.has_pictures and not "".join(body.itertext(w("t"))).strip():
            raise CannotRead(RETURN_SCANNED, "The document holds nothing but pictures")
        raise CannotRead(RETURN_NOT_OURS, "Nothing in the document says that it is a form of ours")
    return Identity(stamps.pop()), True


class _WordReader:
    """One document, read for one blank."""

    def __init__(self, body: Element, blank: Blank) -> None:
        self.body = body
        self.blank = blank
        self.questions = blank.questions()
        self.content = DocumentContent(body)
        self.by_tag: dict[str, list[Control]] = {}
        self.by_title: dict[str, list[Control]] = {}
        for control in self.content.controls:
            for tag in control.tags:
                self.by_tag.setdefault(tag, []).append(control)
            for title in control.titles:
                self.by_title.setdefault(title, []).append(control)
        self.remarks: list[str] = []
        self.altered: list[str] = []

    def submission(self, identity: Identity, by_code: bool) -> Submission:
        """The answers, and what HR should know beside them."""
        self.refuse_unreadable()
        if by_code:
            self.remarks.append(
                "The file’s properties are lost; what it is was read from the code in its footer."
            )
        titles = control_titles(self.questions)
        answers = {
            question.id: self.answer(question, titles[question.id]) for question in self.questions
        }
        if self.content.tracked:
            self.remarks.append(
                "Changes are tracked in the file: what was added counts, what was deleted does not."
            )
        if self.content.comments:
            self.remarks.append("The file has comments in its margin; they are not read.")
        if not identity.stamp.has_same_questions(self.blank.stamp):
            self.altered.insert(0, "The form was made with other questions than this edition’s.")
        return Submission(
            identity,
            "Word",
            answers,
            tuple(self.altered),
            dict(self.unknown()),
            tuple(self.remarks),
        )

    def refuse_unreadable(self) -> None:
        """Raise CannotRead for a form without fields, and for several forms in one document."""
        asked = [self.by_tag.get(question.id, ()) for question in self.questions]
        tagged = sum(bool(controls) for controls in asked)
        if not tagged and not any(
            bookmark_name(question.id) in self.content.bookmarks for question in self.questions
        ):
            raise CannotRead(
                RETURN_FLATTENED, "The document says which form it is, and has no fields any more"
            )
        twice = sum(len(controls) > 1 for controls in asked)
        if twice > 2 and twice * 2 > tagged:
            raise CannotRead(RETURN_SEVERAL, "The document holds several copies of the form")

    # one answer

    def answer(self, question: Question, title: str) -> Answer:
        controls = self.by_tag.get(question.id) or self.by_title.get(title)
        if not controls:
            start = self.content.bookmarks.get(bookmark_name(question.id))
            if start is None:
                return Answer("lost")
            value, beside = _value_of(question, words_between(start)), ""
        else:
            values = [_value_in(control, question) for control in controls]
            given = list(dict.fromkeys(filter(None, values)))
            if len(given) > 1:
                self.remarks.append(f"“{question.title}” is there twice, with different answers.")
            self.compare_title(controls[0], question, title)
            value, beside = (given or [""])[0], self.beside(question, controls[0])
        if not value and not beside:
            return _BLANK
        return Answer("answered" if value else "blank", value, beside)

    def compare_title(self, control: Control, question: Question, title: str) -> None:
        if control.titles and title not in control.titles:
            shown = control.titles[0]
            if normalise(shown) != normalise(title):
                self.altered.append(f"“{question.title}” is now called “{quote(shown)}”.")

    def beside(self, question: Question, control: Control) -> str:
        """What was typed beside a control, in its paragraph or below it in its cell."""
        paragraph = control.paragraph
        if paragraph is None or question.id in self.letters:
            return ""
        words = [self.content.words_outside_controls(paragraph)]
        follower = paragraph.getnext()
        in_cell = paragraph.getparent().tag == w("tc")
        while follower is not None and in_cell and follower.tag == w("p"):
            if next(follower.iterdescendants(w("sdt")), None) is None:
                words.append(self.content.words_outside_controls(follower))
            follower = follower.getnext()
        return "\n".join(
            text for text in words if text and normalise(text) not in self.printed_texts
        )

    @cached_property
    def letters(self) -> frozenset[str]:
        """The questions that are asked within a letter."""
        parts = (part for part in self.blank.parts if part.letter)
        return frozenset(question.id for part in parts for question in part.questions)

    @cached_property
    def printed_texts(self) -> frozenset[str]:
        """What the blank itself prints near its answers."""
        texts = {"£"}
        for question in self.questions:
            texts |= {question.label, question.hint, question.title}
        return frozenset(map(normalise, texts))

    # the rest of the document

    def unknown(self) -> Iterator[tuple[str, str]]:
        """Answers that the blank has no question for: controls with another tag, rows added."""
        asked = frozenset(question.id for question in self.questions)
        for tag, controls in self.by_tag.items():
            if tag and tag not in asked and normalise(controls[0].words) not in _EMPTY:
                yield strip_controls(tag), controls[0].words
        yield from self.added_rows(asked)

    def added_rows(self, asked: frozenset[str]) -> Iterator[tuple[str, str]]:
        """The words of rows that somebody has added to a table of answers by hand."""
        ours = self.content.rows_with(asked, frozenset(map(bookmark_name, asked)))
        number = 0
        for table in self.body.iter(w("tbl")):
            rows = list(table.iterchildren(w("tr")))
            first = next((place for place, row in enumerate(rows) if row in ours), len(rows))
            for row in rows[first:]:
                if row in ours:
                    continue
                cells = [words_in(cell).strip() for cell in row.iterchildren(w("tc"))]
                added = [words for words in cells if normalise(words) not in self.printed_texts]
                if len(cells) > 1 and any(map(str.isalpha, "".join(added))):
                    number += 1
                    yield f"added_row_{number}", " | ".join(filter(None, cells))


def _value_in(control: Control, question: Question) -> str:
    if question.kind == "checkbox" and control.ticked is not None:
        return "yes" if control.ticked else ""
    return _value_of(question, control.words)


def _value_of(question: Question, words: str) -> str:
    """What the words in a question's place answer, as `as_value` has it; empty for a placeholder.

    `words` are as `strip_controls` gives them.
    """
    if question.kind == "checkbox":
        shown = words.strip()
        if _TICKS & set(shown):
            return "yes"
        return "" if not shown or _BOXES & set(shown) else shown
    return "" if _is_placeholder(question, words) else as_value(question, words)


def _is_placeholder(question: Question, words: str) -> bool:
    shown = normalise(words)
    return shown in _SHOWN_EMPTY[question.kind] or (
        shown.startswith("[") and shown == normalise(letter_placeholder(question))
    )


_EMPTY = frozenset(["", *map(str.casefold, PLACEHOLDERS.values()), *_PROMPTS])
_SHOWN_EMPTY = {
    kind: frozenset(["", placeholder.casefold(), *_PROMPTS])
    for kind, placeholder in PLACEHOLDERS.items()
}
"""By its kind, what the place of a question without an answer shows, in small letters."""
