"""What can go wrong: the kinds of problem, and a problem with its place.

Every message that Formulary prints about content comes from a `Problem`. `problems.toml` holds
what each kind means and what to do about it; this module gives each kind its name in code.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from formulary.project import PACKAGE, PRODUCT_PREFIX

Severity = Literal["error", "warning", "info"]
"""error: nothing can be made; warning: most likely a mistake; info: worth a look."""


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """A place in a file; `line` and `column` count from 1, 0 means the whole file."""

    file: Path
    line: int = 0
    column: int = 0

    @property
    def own_path(self) -> str:
        """For a file of the product: where a project keeps its own; empty for all others."""
        path = self.file.as_posix()
        return path.removeprefix(PRODUCT_PREFIX) if path.startswith(PRODUCT_PREFIX) else ""

    def __str__(self) -> str:
        if not self.line:
            return self.file.as_posix()
        return f"{self.file.as_posix()}:{self.line}:{self.column or 1}"


class _Description(NamedTuple):
    severity: Severity
    title: str
    remedy: str
    judged: bool


@dataclass(frozen=True)
class Kind:
    """One kind of problem, known by its code; the rest is read from `problems.toml` on first use.

    Most runs have no problem and never open that file.
    """

    code: str
    own_severity: Severity | None = None
    """What an organisation decides in `checks.severity`, instead of the catalogue's severity."""

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return self.own_severity or _descriptions()[self.code].severity

    @property
    def title(self) -> str:
        """What it means to the person who sees it, without a full stop."""
        return _descriptions()[self.code].title

    @property
    def remedy(self) -> str:
        """What to do, in whole sentences."""
        return _descriptions()[self.code].remedy

    @property
    def judged(self) -> bool:
        """Whether it is a judgement, which `organisation.accept` may accept with a reason."""
        return _descriptions()[self.code].judged


def group_kinds() -> dict[str, list[Kind]]:
    """The kinds under their headings, in the order of the handbook."""
    return {
        group["title"]: [CATALOGUE[entry["code"]] for entry in group["kind"]]
        for group in _read_groups()
    }


@cache
def _descriptions() -> dict[str, _Description]:
    return {
        entry["code"]: _Description(
            entry["severity"], entry["title"], entry["remedy"], entry.get("judged", False)
        )
        for group in _read_groups()
        for entry in group["kind"]
    }


@cache
def _read_groups() -> list[dict[str, Any]]:
    import tomllib  # takes longer to import than a run without problems can spare

    with (PACKAGE / "problems.toml").open("rb") as file:
        groups: list[dict[str, Any]] = tomllib.load(file)["group"]
    return groups


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: its kind, its place, what is wrong, and what to write instead.

    `where` names the clause, form or event in a reader's words; `about` holds the ids and words
    that an organisation can accept it by.
    """

    kind: Kind
    place: Place
    message: str
    fix: str
    where: str = ""
    about: tuple[str, ...] = ()
    lines: str = ""
    """The lines around it, and what to write instead, where a message shows them."""

    def __str__(self) -> str:
        message = f"{self.message} ({self.where})" if self.where else self.message
        return f"{self.place}: {self.kind.severity} {self.kind.code}: {message}. {self.advice}"

    @property
    def advice(self) -> str:
        """What to do; for a file of the product, also how a project gets its own."""
        own = self.place.own_path
        return f"{self.fix} To change it, copy it into your project as {own}." if own else self.fix

    def as_data(self) -> dict[str, str | int]:
        """The problem as plain values, for `--json`."""
        return {
            "file": self.place.file.as_posix(),
            "line": self.place.line or 1,
            "column": self.place.column or 1,
            "severity": self.kind.severity,
            "code": self.kind.code,
            "message": self.message,
            "fix": self.advice,
            "where": self.where,
            "lines": self.lines,
        }


CATALOGUE: dict[str, Kind] = {}
"""Every kind of problem by its code."""


def _kind(code: str) -> Kind:
    CATALOGUE[code] = kind = Kind(code)
    return kind


UNREADABLE = _kind("unreadable-file")
SYNTAX = _kind("yaml-syntax")
NOT_PLAIN = _kind("yaml-feature")
REPEATED_KEY = _kind("repeated-key")
TEXT_CUT = _kind("text-cut")
QUOTES_IN_VALUE = _kind("quotes-in-value")
OLD_SCHEMA = _kind("old-schema")
NEW_SCHEMA = _kind("new-schema")
UNKNOWN_KEY = _kind("unknown-key")
MISSING_KEY = _kind("missing-key")
WRONG_TYPE = _kind("wrong-type")
BAD_VALUE = _kind("bad-value")
BAD_DATE = _kind("bad-date")
REPEATED_ID = _kind("repeated-id")
UNKNOWN_REFERENCE = _kind("unknown-reference")
UNKNOWN_FACT = _kind("unknown-fact")
BAD_TEMPLATE = _kind("bad-expression")
MISSING_CELL = _kind("missing-cell")
UNMAPPED_FACT = _kind("unmapped-fact")
UNPRINTABLE = _kind("unprintable")
BAD_ORDER = _kind("bad-order")
FORM_TOO_WIDE = _kind("bad-form")

DOES_NOT_FIT = _kind("does-not-fit")
STAFF_FILE = _kind("staff-file")
STAFF_COLUMNS = _kind("staff-columns")
STAFF_COLUMN_GONE = _kind("staff-column-gone")
STAFF_COLUMN_GUESS = _kind("staff-column-guess")
STAFF_COLUMN_UNUSED = _kind("staff-column-unused")
STAFF_VALUE = _kind("staff-value")
STAFF_DATE = _kind("staff-date")
STAFF_LETTERS = _kind("staff-letters")
STAFF_MERGED = _kind("staff-merged")
STAFF_HIDDEN = _kind("staff-hidden")
STAFF_NOT_A_PERSON = _kind("staff-not-a-person")
STAFF_REPEATED = _kind("staff-repeated")
STAFF_TWICE = _kind("staff-twice")
STAFF_POSTS = _kind("staff-posts")
STAFF_SHIFTED = _kind("staff-shifted")
STAFF_SHEET = _kind("staff-sheet")
STAFF_GROUP = _kind("staff-group")
STAFF_STAGE = _kind("staff-stage")
STAFF_STAGE_UNUSED = _kind("staff-stage-unused")
STAFF_SITE = _kind("staff-site")
STAFF_STANDING = _kind("staff-standing")
STAFF_STATE = _kind("staff-state")
STAFF_CYCLE = _kind("staff-cycle")
STAFF_SHORT_CYCLE = _kind("staff-short-cycle")
STAFF_REVIEWER = _kind("staff-reviewer")
STAFF_REVIEWER_DIFFERS = _kind("staff-reviewer-differs")
STAFF_REVIEWER_AWAY = _kind("staff-reviewer-away")
STAFF_OWN_REVIEWER = _kind("staff-own-reviewer")
STAFF_CIRCLE = _kind("staff-reviewer-circle")

OWN_TEMPLATE = _kind("own-template")
OWN_TEMPLATE_LOOSE = _kind("own-template-loose")

TEXT_LIST = _kind("text-list")
TEXT_TABLE = _kind("text-table")
TEXT_HEADING = _kind("text-heading")
TEXT_IMAGE = _kind("text-image")
TEXT_HTML = _kind("text-html")
TEXT_FOOTNOTE = _kind("text-footnote")
TEXT_MARK = _kind("text-mark")
TEXT_TAB = _kind("text-tab")
TEXT_LINK = _kind("text-link")
FOOTNOTE = _kind("footnote")

LOST_REFERENCE = _kind("lost-reference")
WRONG_REFERENCE = _kind("wrong-reference")
TYPED_REFERENCE = _kind("typed-reference")
NOTHING_CARRIED = _kind("nothing-carried")
LOOSE_REFERENCE = _kind("loose-reference")
NUMBERING = _kind("numbering")
UNNAMED_CLAUSE = _kind("unnamed-clause")
TITLE_ALONE = _kind("title-alone")
RULE_UNSTATED = _kind("rule-unstated")
MISCOUNT = _kind("miscount")
REVIEW_OVERDUE = _kind("review-overdue")
NO_REVIEW = _kind("no-review-date")
NO_APPROVER = _kind("no-approver")
NO_VERSION = _kind("no-version")
PALE_COLOUR = _kind("pale-colour")
HOUSE_DOCUMENT = _kind("house-document")
UNUSABLE_LOGO = _kind("unusable-logo")
UNUSABLE_TYPEFACE = _kind("unusable-typeface")
TYPEFACE_LETTERS = _kind("typeface-letters")
NO_CONTACT = _kind("no-contact")
STATUS = _kind("status-approval")
APPROVAL_ORDER = _kind("approval-order")
DEADLINE_ORDER = _kind("deadline-order")
OUTSIDE_CYCLE = _kind("outside-cycle")
LATE_DECISION = _kind("late-decision")
MISSING_DEADLINE = _kind("missing-deadline")
MEETING_WITHOUT_EVENT = _kind("meeting-without-event")
CYCLE_LENGTH = _kind("cycle-length")
NO_REVIEWER = _kind("no-reviewer")
POST_WITHOUT_GROUP = _kind("post-without-group")
UNDEFINED_BODY = _kind("undefined-body")
FORM_NOT_OFFERED = _kind("form-not-offered")
FORM_NOT_MENTIONED = _kind("form-not-mentioned")
EVENT_WITHOUT_FORMS = _kind("event-without-forms")
FORM_WITHOUT_EVENT = _kind("form-without-event")
FOR_OTHERS = _kind("for-others")
FORM_LACKS = _kind("form-lacks")
NUMBER_DISAGREES = _kind("number-disagrees")
DATE_UNSTATED = _kind("date-unstated")
DAY_DISAGREES = _kind("day-disagrees")
TYPED_NUMBER = _kind("typed-number")
TWO_TERMS = _kind("two-terms")
TWO_NAMES = _kind("two-names")
ABBREVIATION = _kind("abbreviation")
TWO_EXPANSIONS = _kind("two-expansions")
EQUALITY_LIST = _kind("equality-list")
OLD_LAW = _kind("old-law")
PAY_LINK = _kind("pay-link")
NO_SCALE = _kind("no-scale")
GROUP_WITHOUT_SCALE = _kind("group-without-scale")
LEFT_OPEN = _kind("left-open")
POLICY_SILENT = _kind("policy-silent")
CONTRADICTION = _kind("contradiction")
REPEATED_TEXT = _kind("repeated-text")
LOOKALIKE = _kind("look-alike")
SLIP = _kind("slip")
SPELLING = _kind("spelling")
UNKNOWN_WORD = _kind("unknown-word")
PLACEHOLDER = _kind("placeholder")
PLACEHOLDER_APPROVED = _kind("placeholder-approved")
UNUSED_ACCEPTANCE = _kind("unused-acceptance")

COMPLIANCE_CLAIM = _kind("compliance-claim")
OLD_TEST = _kind("old-test")
NOT_TESTED = _kind("not-tested")
OLD_LEGAL_FACT = _kind("old-legal-fact")

RETURN_EMPTY = _kind("return-empty")
RETURN_TOO_BIG = _kind("return-too-big")
RETURN_DAMAGED = _kind("return-damaged")
RETURN_LOCKED = _kind("return-locked")
RETURN_OTHER_FORMAT = _kind("return-other-format")
RETURN_NOT_OURS = _kind("return-not-ours")
RETURN_FLATTENED = _kind("return-flattened")
RETURN_SCANNED = _kind("return-scanned")
RETURN_XFA = _kind("return-xfa")
RETURN_SEVERAL = _kind("return-several")
RETURN_TOO_SLOW = _kind("return-too-slow")
RETURN_PACKED = _kind("return-packed")
RETURN_MANY_FAULTS = _kind("return-many-faults")
RETURN_NOTHING_ATTACHED = _kind("return-nothing-attached")
RETURN_ENCRYPTED_MAIL = _kind("return-encrypted-mail")
RETURN_WINMAIL = _kind("return-winmail")
RETURN_DATA_ONLY = _kind("return-data-only")
RETURN_LINK = _kind("return-link")
RETURN_COPY = _kind("return-copy")

ANSWER_MISSING = _kind("answer-missing")
ANSWER_LOST = _kind("answer-lost")
ANSWER_BESIDE = _kind("answer-beside")
ANSWER_UNCLEAR = _kind("answer-unclear")
QUESTIONS_ALTERED = _kind("questions-altered")
OTHER_EDITION = _kind("other-edition")
EDITION_NOT_KEPT = _kind("edition-not-kept")
NOT_ON_LIST = _kind("not-on-list")
NAME_SHARED = _kind("name-shared")
NAME_DIFFERS = _kind("name-differs")
REVIEWS_SELF = _kind("reviews-self")
OTHER_REVIEWER = _kind("other-reviewer")
OBJECTIVES_NUMBER = _kind("objectives-number")
OBJECTIVE_INCOMPLETE = _kind("objective-incomplete")
DATE_OUTSIDE = _kind("date-outside")
DATE_FUTURE = _kind("date-future")
DATES_ORDER = _kind("dates-order")
TIME_LIMIT = _kind("time-limit")
EXTENSION_WITHOUT_REASON = _kind("extension-without-reason")
RATING_DISAGREES = _kind("rating-disagrees")
PAY_BELOW_RATING = _kind("pay-below-rating")
OBSERVER_UNQUALIFIED = _kind("observer-unqualified")
SIGNED_EARLY = _kind("signed-early")
APPEAL_OWN = _kind("appeal-own")
SECOND_RETURN = _kind("second-return")
RETURN_ELSEWHERE = _kind("return-elsewhere")
RETURN_REMARK = _kind("return-remark")


class ContentError(Exception):
    """Raised when content has errors; carries every problem found, in the order of the files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"{len(self.problems)} problems")

    def __reduce__(self) -> tuple[type[ContentError], tuple[tuple[Problem, ...]]]:
        return ContentError, (self.problems,)  # so that it can be handed on by a worker process


class _ExplainedError(Exception):
    """Raised with a message that is meant for the user.

    `in_page` is what a page of the editor says in its place, where no command has options.
    """

    def __init__(self, message: str, in_page: str = "") -> None:
        super().__init__(message)
        self.in_page = in_page or message


class OutputError(_ExplainedError):
    """Raised when something could not be read or written."""


class UsageError(_ExplainedError):
    """Raised when a command is asked for something that does not exist."""


def errors_in(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems that stop a build."""
    return tuple(p for p in problems if p.kind.severity == "error")


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems by file, line and column, each once."""
    unique = {(p.place, p.kind.code, p.message): p for p in problems}
    return tuple(unique[key] for key in sorted(unique))
