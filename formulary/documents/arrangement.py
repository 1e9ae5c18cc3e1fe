"""How the answers of a form are arranged: what shares a row, how wide an answer is, what is a box.

Word, PDF and the page on which a form is filled in all follow this, so that they are one form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from formulary.documents.blank import DATE_FORMAT, Grid, LetterRole, Question

TIME_FORMAT = "hh:mm"

MOST_BOXES = 5
"""Of so many choices each has a box to tick, and its words are printed; more are a list."""

Width = Literal["date", "money", "half", "full"]
"""How wide the box of an answer is: 42, 50 or 82 mm, or the whole 170 mm of the form."""

MILLIMETRES: dict[Width, int] = {"date": 42, "money": 50, "half": 82, "full": 170}
GUTTER = 6
"""Millimetres between two answers in one row."""

CHOICE_COLUMNS = 108
"""Millimetres for the columns of choices that all rows of a table share."""

_NARROW, _WIDEST_HEADING = 36, 62
"""Millimetres: of a column of dates, and at most of the one that says what its rows are about."""
_NARROWEST_TICKS = 22
_CELL_INSETS, _WIDEST_LETTER = 4.5, 2.75
"""Millimetres between the words of a cell and its edges, both sides together; and that a letter of
a short word takes, such as those of “Member”, which may not be broken."""

_MOST_LINES = 5
"""Of an answer in a block: 30 mm of the whole width, which holds an objective."""

_HALF_LABEL = 50
"""Letters of a label in bold 12 pt that have room, on two lines, above half of the width."""
_LABEL_LETTER, _HELP_LETTER = 2.5, 1.95
"""Millimetres that a letter of a label, and of what helps with it, takes on average."""
_HALF_BOXES = 26
"""Letters of all choices together that have room beside their boxes in half the width."""
_NUMBERED = re.compile(r"(.+?)[ :]*(\d{1,2})")


@dataclass(frozen=True)
class AnswerRow:
    """One or two questions side by side, or several that are the same but for a number.

    `shape` is `one`, `pair`, `signature` (the typed name and its date) or `series`, of which
    `label` is what the labels have in common: “Improvement plan priority”. `numbers` are theirs.
    """

    shape: Literal["one", "pair", "signature", "series"]
    questions: tuple[Question, ...]
    label: str = ""
    numbers: tuple[str, ...] = ()


def has_boxes(question: Question) -> bool:
    """Whether each choice of a question has a box to tick, with its words printed beside it."""
    return question.kind == "choice" and len(question.options) <= MOST_BOXES


def shared_options(grid: Grid) -> tuple[str, ...]:
    """The choices that head the columns of a grid; none where its rows share none, or have more.

    So it is where each row asks for one of the same few, and their words have room in a column.
    """
    asked = [row.questions for row in grid.rows]
    if grid.in_blocks or not asked or any(len(own) != 1 or not has_boxes(own[0]) for own in asked):
        return ()
    options = asked[0][0].options
    same = all(own[0].options == options for own in asked) and not asked[0][0].colours
    longest = max((len(word) for option in options for word in option.split()), default=0)
    room = CHOICE_COLUMNS / max(1, len(options)) - 4
    return options if same and longest * _HELP_LETTER <= room else ()


def column_widths(grid: Grid, questions: Sequence[Question]) -> tuple[int, ...]:
    """Millimetres of the columns of a table: the one of its headings, then one for each question.

    `questions` head the columns, being those of the first row. A column of dates or boxes to tick
    is narrow, but has room for the longest word of its label; the others share what is left, of
    which one for more than a line has a fifth more: a name, too, has to fit into its box.
    """
    slim = [_slim_width(question) for question in questions]
    room = min(_WIDEST_HEADING, MILLIMETRES["full"] - len(slim) * _NARROW)
    headings = (row.heading for row in grid.rows)
    first = min(room, _width_in_bold(*grid.row.split(), *headings))
    left = MILLIMETRES["full"] - first - sum(slim)
    shares = [
        0 if width else 6 if q.kind == "multiline" else 5
        for width, q in zip(slim, questions, strict=True)
    ]
    if not any(shares):
        shares = [1] * len(slim)
    widths = (
        width + left * share // sum(shares) for width, share in zip(slim, shares, strict=True)
    )
    return (first, *widths)


def _slim_width(question: Question) -> int:
    """Millimetres of a column that is as narrow as its kind allows; 0 for any other."""
    if question.kind == "date":
        return _NARROW
    if question.kind == "checkbox":
        return min(_NARROW, max(_NARROWEST_TICKS, _width_in_bold(*question.label.split())))
    return 0


def _width_in_bold(*words: str) -> int:
    """Millimetres of a cell in which each of these has room on one line."""
    return round(max(map(len, words), default=0) * _WIDEST_LETTER + _CELL_INSETS)


def begins_page(roles: Sequence[LetterRole], place: int) -> bool:
    """Whether a part of a letter begins a page: a second letter, or what comes after the letter."""
    before = roles[:place]
    if "letter" not in before:
        return False
    return roles[place] == "letter" or (roles[place] == "" and before[-1] != "")


def in_block(question: Question) -> Question:
    """A question of a grid as its block asks it: lines are meant for a column, a block is wide."""
    if question.kind != "multiline" or question.lines <= 2:
        return question
    return replace(question, lines=_MOST_LINES if question.lines > _MOST_LINES else 3)


def written_as(question: Question) -> str:
    """How an answer is written: “dd/mm/yyyy”, “hh:mm”, “hours”; empty where that needs no words."""
    if question.kind == "date":
        return DATE_FORMAT
    return {"number": question.unit, "time": TIME_FORMAT}.get(question.format, "")


def notes_of(question: Question) -> str:
    """What is printed in brackets after a label: “(dd/mm/yyyy, required)”; empty for nothing."""
    notes = (
        written_as(question),
        "£" if question.money else "",
        "required" if question.required else "",
    )
    said = ", ".join(filter(None, notes))
    return f"({said})" if said else ""


def help_of(question: Question) -> str:
    """What is printed below a label: the hint, and how to choose."""
    how = ""
    if question.kind == "choice":
        how = "Tick one." if has_boxes(question) else "Choose one; by hand, write its number."
    return f"{question.hint} {how}".strip()


def has_help_beside(question: Question, room: int) -> bool:
    """Whether what helps with a label has room beside it, where these are `room` millimetres.

    Worked out for the widest of the typefaces, 12 pt for labels and 10.5 pt for what helps.
    """
    small = len(notes_of(question)) + len(help_of(question))
    return len(question.label) * _LABEL_LETTER + small * _HELP_LETTER <= room


def width_of(question: Question) -> Width:
    """How wide the answer to a question is."""
    if question.kind == "date" or question.format == "time":
        return "date"
    if question.format in ("money", "number"):
        return "money"
    if question.format == "email":
        return "full"
    if question.kind == "choice":
        room = sum(map(len, question.options)) <= _HALF_BOXES
        short = max(map(len, question.options), default=0) <= _HALF_LABEL
        return "half" if (room if has_boxes(question) else short) else "full"
    return "half" if question.kind == "text" and not question.signature else "full"


def arrange_answers(questions: tuple[Question, ...]) -> Iterator[AnswerRow]:
    """The rows of a part's questions, in their order.

    A signature has its date beside it. A first and a last day are side by side. The same goes for
    any two answers that take no more than half of the width, under labels that have room there.
    """
    at = 0
    while at < len(questions):
        row = _series(questions[at:]) or _pair(questions[at : at + 3])
        row = row or AnswerRow("one", questions[at : at + 1])
        yield row
        at += len(row.questions)


def _series(questions: tuple[Question, ...]) -> AnswerRow | None:
    """The first questions, where three or more are one line each, and alike but for a number."""
    found: list[tuple[str, str]] = []
    for question in questions:
        named = _NUMBERED.fullmatch(question.label)
        if (
            not named
            or width_of(question) != "full"
            or question.kind not in ("text", "multiline")
            or question.lines > 1
            or (found and (named[1] != found[0][0] or question.hint))
        ):
            break
        found.append((named[1], named[2]))
    if len(found) < 3:
        return None
    numbers = tuple(number for _, number in found)
    return AnswerRow("series", questions[: len(found)], found[0][0], numbers)


def _pair(questions: tuple[Question, ...]) -> AnswerRow | None:
    """The first two questions, where they belong or fit side by side."""
    if len(questions) < 2:
        return None
    first, second = pair = questions[:2]
    if first.signature:
        return AnswerRow("signature", pair) if second.kind == "date" else None
    if _is_period(questions[1:]) and not _is_period(pair):
        return None
    fits = all(
        width_of(one) != "full"
        and not one.signature
        and one.kind != "checkbox"
        and len(one.label) + len(" (required)") * one.required <= _HALF_LABEL
        for one in pair
    )
    return AnswerRow("pair", pair) if fits else None


def _is_period(questions: tuple[Question, ...]) -> bool:
    """Whether two questions are a first and a last day."""
    if len(questions) < 2 or {one.kind for one in questions} != {"date"}:
        return False
    first, last = questions[0].id, questions[1].id
    ends = (("_from", "_to"), ("_from", "_until"), ("starts", "ends"))
    return any(first.endswith(a) and last == first.removesuffix(a) + b for a, b in ends)
