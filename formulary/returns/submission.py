"""A form that came back: what the file says it is, and what it answers, whatever the format.

The readers of the formats make a `Submission` of a file's bytes; rules and registers take it from
there. A file that cannot be read is named for what it is by `CannotRead`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from formulary.documents.blank import Blank, Question
from formulary.documents.stamp import CARRIED, PERSON, Stamp, stamp_from
from formulary.edition.days import read_day
from formulary.problems import Kind
from formulary.words import is_garbled, normalise, one_line, strip_unseen

State = Literal["answered", "blank", "lost"]
"""lost: the place to answer is gone from the file, so nobody knows whether it was answered."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a return says to one question.

    `value` is written as `blank.Question.value` is: a date as dd/mm/yyyy, a ticked check box as
    “yes”; where it cannot be read so (“next Tuesday” in a date) it is the words as they are.
    `beside` is what somebody typed beside the place instead of into it.
    """

    state: State
    value: str = ""
    beside: str = ""


@dataclass(frozen=True)
class Identity:
    """What a file says of itself: its stamp, and the id of the person whose pack it came in.

    `person` is empty for a blank that was downloaded. `carried` is the mark (`stamp.mark_of`) of
    what its pack took over from last year's form.
    """

    stamp: Stamp
    person: str = ""
    carried: str = ""


def identity_from(properties: Mapping[str, str]) -> Identity | None:
    """What a file's properties say of it; None where they hold no whole stamp."""
    stamp = stamp_from(properties)
    person, carried = (properties.get(name, "") for name in (PERSON, CARRIED))
    return Identity(stamp, person, carried) if stamp else None


@dataclass(frozen=True)
class Submission:
    """A return that was read. `answers` has every question of the blank, in its order.

    `altered` says in words which questions are not as published; `unknown` holds answers that the
    blank has no question for (a field from an older edition, a row that was added), by their name;
    `remarks` are what else HR should know of the file (“filled in after it was signed”).
    """

    identity: Identity
    format: str
    answers: Mapping[str, Answer]
    altered: tuple[str, ...] = ()
    unknown: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    def value(self, id: str) -> str:
        """The answer to a question; empty where it is blank, lost or not asked."""
        found = self.answers.get(id)
        return found.value if found else ""

    def value_of_prefill(self, blank: Blank, prefill: str) -> str:
        """The answer to what a pack fills from `prefill`; empty where the blank asks no such."""
        question = next((q for q in blank.questions() if q.prefill == prefill), None)
        return self.value(question.id).strip() if question else ""


BlankFor = Callable[[Identity], Blank]
"""Gives the blank of a return that says this of itself; raises CannotRead where there is none."""


_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

_LOST_LETTERS = re.compile(
    "\\S*[\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]\\S*"
    # “Si?n”, “?ukasz”, “?????”; but not “Why??”, “(?)” and a web address
    r"|(?<!\S)(?:[^\W\d_]|[?'’-])*\?[^\W\d_](?:[^\W\d_]|[?'’-])*(?![/=&@:])"
    r"|(?<!\S)\?{3,}(?!\S)"
)
"""A word with a letter that a program has replaced by another sign (U+FFFD, “?”), or by a letter
that only its own font knows (Unicode 16, section 23.5: private use)."""

LONGEST_QUOTED = 200
"""Letters of a file's own words that a message says again."""


def strip_controls(text: str) -> str:
    """A text from outside: `words.strip_unseen`, with line feeds and no other control character.

    Controls steer a terminal, and no workbook or text file can hold all of them.
    """
    if text.isascii() and text.isprintable():
        return text
    return strip_unseen(_UNPRINTABLE.sub("", _LINE_ENDS.sub("\n", text)))


def quote(text: str) -> str:
    """A file's own words as a message says them again: in one line, cut where they are long."""
    words = one_line(strip_controls(text))
    return words if len(words) <= LONGEST_QUOTED else f"{words[:LONGEST_QUOTED]}…"


def describe_lost_letters(text: str) -> str:
    """How the program that saved a text seems to have lost letters of it; empty where it has not.

    It completes “… has”: “letters that the program has lost: “Si?n””. The same for every format.
    """
    if text.isascii() and "?" not in text:
        return ""
    if found := _LOST_LETTERS.search(text):
        return f"letters that the program has lost: “{quote(found[0])}”"
    if is_garbled(text):
        return f"letters that the program has mixed up: “{quote(text)}”"
    return ""


def as_value(question: Question, words: str) -> str:
    """What was written to answer a question, as `blank.Question.value` is where it can be.

    A day is day before month; a choice is found in other capitals and spacing too.
    """
    text = strip_controls(words)
    if not text.strip():
        return ""
    if question.kind == "date":
        day = read_day(text)
        return day.date.strftime("%d/%m/%Y") if day.date else text.strip()
    if question.kind == "choice" and text not in question.options:
        options = {normalise(option): option for option in question.options}
        return options.get(normalise(text), text.strip())
    return text


class FormReading:
    """What a reader of a format notes while it goes through a file, for its `Submission`.

    `by_code` says that the file's properties are lost, so that its footer says which form it is.
    """

    def __init__(self, identity: Identity, by_code: bool, blank: Blank) -> None:
        self.identity, self.blank = identity, blank
        self.questions = {question.id: question for question in blank.questions()}
        self.altered: list[str] = []
        self.remarks: list[str] = []
        self.unknown: dict[str, str] = {}
        self.beside: dict[str, list[str]] = {}
        if by_code:
            self.remarks.append(
                "The file’s properties are lost; the code in its footer says which form it is."
            )
        if not identity.stamp.has_same_questions(blank.stamp):
            self.altered.append("The form was made with other questions than this edition’s.")

    def remark_title(self, question: Question, shown: str) -> None:
        self.altered.append(f"“{question.title}” is now called “{quote(shown)}”.")

    def remark_differing(self, question: Question) -> None:
        self.remarks.append(f"“{question.title}” is there twice, with different answers.")

    def note_beside(self, id: str, *words: str) -> None:
        """Note what was written beside the place of an answer."""
        self.beside.setdefault(id, []).extend(words)

    def make_submission(self, format: str, values: Mapping[str, str | None]) -> Submission:
        """The submission; of an answer whose place is gone, the value is None."""
        return Submission(
            self.identity,
            format,
            {id: self._answer(id, value) for id, value in values.items()},
            tuple(dict.fromkeys(self.altered)),
            self.unknown,
            tuple(dict.fromkeys(self.remarks)),
        )

    def _answer(self, id: str, value: str | None) -> Answer:
        beside = "\n".join(self.beside.get(id, ()))
        if value is None:
            return Answer("lost", beside=beside)
        return Answer("answered" if value else "blank", value, beside)


class CannotRead(ValueError):  # noqa: N818 - it says what is the matter, as the message does
    """A file that is no readable return: its kind in `problems.CATALOGUE`, and what was found.

    The kind says what HR should do.
    """

    def __init__(self, kind: Kind, message: str) -> None:
        self.kind = kind
        self.message = message
        super().__init__(f"{kind.code}: {message}")

    def __reduce__(self) -> tuple[type[CannotRead], tuple[Kind, str]]:
        return CannotRead, (self.kind, self.message)
