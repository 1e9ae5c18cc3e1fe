"""A return as it was collected: where it came from, what became of it, what is wrong with it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import Literal

from formulary.model.submission import Submission
from formulary.problems import Problem

Standing = Literal["current", "replaced", "unread"]
"""current: the return that counts; replaced: a later one of the same person, form and year came;
unread: no readable return, see `unread`."""


@dataclass(frozen=True)
class Record:
    """One file that was handed in.

    `source` says where it lay, archives and mails included (“autumn.zip/North/form.docx”);
    `received` is the day it came, as far as a mail or the file says. `person` is an id of the staff
    list, empty where the return is of nobody on it; `name` is then the name on the form. `problems`
    are those of the checks.
    """

    source: str
    received: datetime.date | None
    sha256: str
    standing: Standing
    submission: Submission | None = None
    person: str = ""
    name: str = ""
    unread: Problem | None = None
    problems: tuple[Problem, ...] = ()

    def replaced(self) -> Record:
        """The same return after a later one has come."""
        return replace(self, standing="replaced")
