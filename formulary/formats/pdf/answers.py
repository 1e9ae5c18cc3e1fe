"""Check an answer against its question, and set it in the box of its field."""

from __future__ import annotations

import datetime
import re

from formulary.documents.blank import DATE_FORMAT, Question
from formulary.formats.pdf import conventions
from formulary.formats.pdf.appearance import AnswerBox, Setting, TooLong, set_text
from formulary.formats.pdf.font import FieldFont, drawable

_DATE = re.compile(r"(\d\d)/(\d\d)/(\d{4})")


class CannotShow(ValueError):  # noqa: N818 - it names what is wrong, as the message does
    """A value cannot be put into its field: `field` is the question's id, `character` what fails.

    `reason` says what is wrong; `character` is empty where the value as a whole is wrong.
    """

    def __init__(self, field: str, reason: str, character: str = "") -> None:
        self.field = field
        self.reason = reason
        self.character = character
        super().__init__(f"{field}: {reason}")


class NoRoom(CannotShow):
    """A value is longer than its box takes at the smallest size."""


def check_value(question: Question, value: str, font: FieldFont) -> None:
    """Raise CannotShow if the question's field cannot hold `value`, whatever the field's size."""
    lacking = font.lacks(value)
    if lacking:
        named = ", ".join(f"“{c}” (U+{ord(c):04X})" for c in lacking if c.isprintable())
        hidden = ", ".join(f"U+{ord(c):04X}" for c in lacking if not c.isprintable())
        what = "the character" if len(lacking) == 1 else "the characters"
        verb = "is" if len(lacking) == 1 else "are"
        shown = " and ".join(filter(None, (named, hidden)))
        reason = f"{what} {shown} {verb} not in the typeface of the form"
        raise CannotShow(question.id, reason, lacking[0])
    if not value:
        return
    if question.kind == "choice" and value not in question.options:
        choices = ", ".join(f"“{option}”" for option in question.options)
        raise CannotShow(question.id, f"“{value}” is not one of the choices: {choices}")
    if question.kind == "checkbox" and value != conventions.TICKED_VALUE:
        raise CannotShow(question.id, f"“{value}” is not “{conventions.TICKED_VALUE}”, nor empty")
    if question.kind == "date" and not _is_date(value):
        raise CannotShow(question.id, f"“{value}” is not a date such as 31/10/2026 ({DATE_FORMAT})")


def set_answer(question: Question, value: str, box: AnswerBox, font: FieldFont) -> Setting:
    """`value` as it is set in the question's box.

    Raises CannotShow where it has no place there, and NoRoom where it is only too long.
    """
    check_value(question, value, font)
    if not box.many and "\n" in drawable(value):
        raise CannotShow(question.id, "the text has a line break, and its field has one line")
    try:
        return set_text(value, box, font)
    except TooLong as error:
        unit = "character" if error.excess == 1 else "characters"
        kind = CannotShow if box.cells else NoRoom
        raise kind(
            question.id, f"the text is about {error.excess} {unit} too long for its field"
        ) from error


def _is_date(value: str) -> bool:
    found = _DATE.fullmatch(value)
    if not found:
        return False
    day, month, year = map(int, found.groups())
    try:
        datetime.date(year, month, day)
    except ValueError:
        return False
    return True
