"""Filling a blank for one person: what any format offers, and what can keep a value out.

A blank is prepared once; each copy adds only what differs. Values are by question id and written as
`blank.Question.value` is: a date as dd/mm/yyyy, a ticked check box as “yes”.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Misfit:
    """A value that its field cannot take: the question's id, and what is wrong in a reader's words.

    `character` is the one that cannot be shown, and empty where the value as a whole is wrong.
    """

    field: str
    message: str
    character: str = ""


class Prepared(Protocol):
    """A blank ready to be copied many times; it can be pickled, so that workers can share it."""

    def misfits(self, values: Mapping[str, str]) -> tuple[Misfit, ...]:
        """Every value that its field cannot take, in the order of the form; none is written."""

    def fill(self, values: Mapping[str, str], person: str, carried: str = "") -> bytes:
        """A copy with these values in place of the blank's, its stamp naming the person's id.

        `carried` is the mark (`stamp.mark_of`) of what last year's form gave to the copy. The same
        values give the same bytes. Raises ValueError where `misfits` would name one.
        """
