"""Check an answer against its question, and set it in the box of its field."""

from __future__ import annotations

from formulary.documents.blank import Question
from formulary.documents.filling import explain_unfit
from formulary.formats.pdf.appearance import AnswerBox, Setting, TooLong, set_text
from formulary.formats.pdf.font import drawable, field_font


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


def check_value(question: Question, value: str) -> None:
    """Raise CannotShow if the question's field cannot hold `value`, whatever the field's size."""
    lacking = field_font().lacks(value)
    if lacking:
        named = ", ".join(f"“{c}” (U+{ord(c):04X})" for c in lacking if c.isprintable())
        hidden = ", ".join(f"U+{ord(c):04X}" for c in lacking if not c.isprintable())
        what = "the character" if len(lacking) == 1 else "the characters"
        verb = "is" if len(lacking) == 1 else "are"
        shown = " and ".join(filter(None, (named, hidden)))
        reason = f"{what} {shown} {verb} not in the typeface of the form"
        raise CannotShow(question.id, reason, lacking[0])
    if fault := explain_unfit(question, value):
        raise CannotShow(question.id, fault)


def set_answer(question: Question, value: str, box: AnswerBox) -> Setting:
    """`value` as it is set in the question's box.

    Raises CannotShow where it has no place there, and NoRoom where it is only too long.
    """
    check_value(question, value)
    if not box.many and "\n" in drawable(value):
        raise CannotShow(question.id, "the text has a line break, and its field has one line")
    try:
        return set_text(value, box)
    except TooLong as error:
        unit = "character" if error.excess == 1 else "characters"
        kind = CannotShow if box.cells else NoRoom
        raise kind(
            question.id, f"the text is about {error.excess} {unit} too long for its field"
        ) from error
