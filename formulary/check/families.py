"""Names that are known to stand for one role or thing: the data behind `terms`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Family:
    """Names for one role or thing. `word` is the key under `words` that declares the chosen one."""

    id: str
    what: str
    names: tuple[tuple[str, str], ...]
    """Each name, and a pattern for it."""
    word: str = ""
    context: str = ""
    """A pattern for the sentences in which a name that has other meanings counts."""
    loose: tuple[str, ...] = ()
    """The names that count only in such a sentence."""
    least: int = 1
    """In how many texts a second name must occur."""
    several: bool = False
    """Whether a second name counts only where two names of the family occur."""

    @cached_property
    def any_name(self) -> re.Pattern[str]:
        """One look for all the names: few sentences have any of them."""
        return re.compile("|".join(pattern for _, pattern in self.names), re.IGNORECASE)


def _plain(*names: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, rf"\b{re.escape(name)}s?\b") for name in names)


_REVIEW = r"\b(review\w*|apprais\w*|objectives?|goals?|targets?|one-to-ones?)\b"

_NOT_ANOTHER = r"(?<!xecutive )(?<!ssociate )(?<!eputy )(?<!ssistant )(?<!ice[- ])(?<!co-)"
"""A deputy and an executive headteacher are other posts."""

_NOT_AN_OBJECTIVE = r"(?<!numerical )(?<!monitoring )(?<!group )(?<!relevant )(?<!national )"

ROLES = (
    Family(
        "reviewer",
        "the person who reviews",
        _plain(
            "reviewer",
            "appraiser",
            "reviewing manager",
            "reviewing line manager",
            "contract manager",
            "line manager",
        ),
        word="reviewer",
        context=_REVIEW,
        loose=("line manager",),
    ),
    Family(
        "reviewee",
        "the person who is reviewed",
        _plain("reviewee", "appraisee", "tutor", "employee", "member of staff"),
        word="reviewee",
        context=r"\b(reviewers?|appraisers?)\b",
        loose=("employee", "member of staff"),
    ),
    Family(
        "head",
        "the person who leads a school",
        (
            (
                "headteacher",
                rf"{_NOT_ANOTHER}\bhead ?teachers?\b",
            ),
            ("principal", rf"{_NOT_ANOTHER}\bprincipals?\b"),
            ("co-principal", r"\bco-principals?\b"),
        ),
        word="head",
        several=True,
    ),
    Family(
        "pupils",
        "the people who are taught",
        (
            ("pupils", r"\bpupils?\b"),
            ("students", r"\bstudents?\b"),
            ("learners", r"\blearners?\b"),
        ),
        word="pupils",
    ),
)
THINGS = (
    Family(
        "process",
        "the process",
        (
            ("performance management", r"\bperformance management\b"),
            ("performance development", r"\bperformance development\b"),
            (
                "performance and development",
                r"\bperformance and development "
                r"(?:review|process|meeting|period|cycle|policy|discussion)",
            ),
            ("performance appraisal", r"\bperformance appraisal\b"),
        ),
    ),
    Family(
        "upper-pay",
        "the upper pay range",
        (
            ("upper pay range", r"\bupper pay range\b"),
            ("upper pay scale", r"\b(upper pay scale|UPS)\b"),
        ),
    ),
    Family(
        "lesson-visit",
        "a short visit to a lesson",
        (
            ("drop-in", r"\bdrop[- ]ins?\b"),
            ("lesson dip", r"\blesson dips?\b"),
            ("learning walk", r"\blearning walks?\b"),
            ("lesson visit", r"\blesson visits?\b"),
        ),
    ),
    Family(
        "objective",
        "an objective",
        (
            ("objective", r"\bobjectives?\b"),
            ("target", rf"{_NOT_AN_OBJECTIVE}\btargets?\b(?! (group|date|setting))"),
            ("goal", r"(?<!career )\bgoals?\b"),
        ),
        word="objective",
        least=3,
    ),
    Family(
        "central-team",
        "the central team",
        _plain(
            "central team",
            "operational team",
            "operation team",
            "central service",
            "central associate staff",
        ),
    ),
    Family(
        "strategic-plan",
        "the strategic plan",
        (
            ("Strategic Objectives", r"\bStrategic Objectives\b"),
            ("Strategic Priorities", r"\bStrategic Priorities\b"),
        ),
    ),
)
