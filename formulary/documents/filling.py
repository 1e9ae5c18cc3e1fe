"""Filling a blank for one person: what any format offers, and what can keep a value out.

A blank is prepared once; each copy adds only what differs. Values are by question id and written as
`blank.Question.value` is: a date as dd/mm/yyyy, a ticked check box as “yes”.
"""

from __future__ import annotations

import datetime
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

from formulary.documents.blank import DATE_FORMAT, Question

_DAY = re.compile(r"(\d\d)/(\d\d)/(\d{4})", re.ASCII)


@dataclass(frozen=True)
class Misfit:
    """A value that its field cannot take: the question's id, and what is wrong in a reader's words.

    `character` is the one that cannot be shown, and empty where the value as a whole is wrong.
    """

    field: str
    message: str
    character: str = ""


class Prepared(ABC):
    """A blank ready to be copied many times; it can be pickled, so that workers can share it."""

    @property
    @abstractmethod
    def asked(self) -> Mapping[str, Question]:
        """The questions by their ids, in the order of the form."""

    @abstractmethod
    def fill(self, values: Mapping[str, str], person: str, carried: str = "") -> bytes:
        """A copy with these values in place of the blank's, its stamp naming the person's id.

        `carried` is the mark (`stamp.mark_of`) of what last year's form gave to the copy. An empty
        value leaves what the blank has. The same values give the same bytes. Raises ValueError
        where `misfits` would name one.
        """

    def misfits(self, values: Mapping[str, str]) -> tuple[Misfit, ...]:
        """Every value that its field cannot take, in the order of the form; none is written."""
        given = ((question, values.get(id)) for id, question in self.asked.items())
        found = (self.find_misfit(question, value) for question, value in given if value)
        strange = (id for id in values if id not in self.asked)
        unknown = (Misfit(id, "the form does not ask this") for id in strange)
        return (*filter(None, found), *unknown)

    def find_misfit(self, question: Question, value: str) -> Misfit | None:
        """Why a question's field cannot take a value, which is not empty; None where it can."""
        fault = explain_unfit(question, value)
        return Misfit(question.id, fault) if fault else None

    def refuse_misfits(self, values: Mapping[str, str]) -> None:
        """Raise ValueError for the first of `misfits`."""
        if faults := self.misfits(values):
            raise ValueError(f"{faults[0].field}: {faults[0].message}")

    def name_in(self, values: Mapping[str, str]) -> str:
        """Whose form it is, as these values say; empty where it does not ask."""
        asked = (id for id, question in self.asked.items() if question.prefill == "staff.name")
        return next(filter(None, map(values.get, asked)), "")


def day_of(value: str) -> datetime.date | None:
    """The day that “31/10/2026” names; None where it is not dd/mm/yyyy or there is no such day."""
    found = _DAY.fullmatch(value)
    if not found:
        return None
    day, month, year = found.groups()
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None


def has_lines(value: str) -> bool:
    """Whether a text has more than one line."""
    return "\n" in value or "\r" in value


def explain_unfit(question: Question, value: str) -> str:
    """Why no format can take a value for a question; empty where it is none or fits."""
    if not value:
        return ""
    if question.kind == "date" and day_of(value) is None:
        return f"“{value}” is not a date such as 31/10/2026 ({DATE_FORMAT})"
    if question.kind == "choice" and value not in question.options:
        choices = ", ".join(f"“{option}”" for option in question.options)
        return f"“{value}” is not one of the choices: {choices}"
    if question.kind == "checkbox" and value != "yes":
        return f"“{value}” is not “yes”, nor empty"
    if question.kind == "text" and has_lines(value):
        return "the text has a line break, and its field has one line"
    return ""
