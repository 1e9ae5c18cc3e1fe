"""What can go wrong, as data: the catalogue of problem codes, and a problem with its place.

Every message that Formulary prints about content comes from a `Problem`. The catalogue below is
the only list of codes, so the documentation and the tests can loop over it: first what stops a
build, then what the linter judges, which an organisation may accept with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from formulary.project import PRODUCT_PREFIX

Severity = Literal["error", "warning", "info"]
"""error: nothing can be made; warning: most likely a mistake; info: worth a look."""


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """Where something stands; `line` and `column` count from 1, 0 means the whole file."""

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


@dataclass(frozen=True)
class Kind:
    """One kind of problem: its code, how bad it is, and what it means to the person who sees it."""

    code: str
    severity: Severity
    title: str
    remedy: str
    judged: bool = False
    """Whether it is a judgement, which `organisation.accept` may let stand with a reason."""


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

    def __str__(self) -> str:
        said = f"{self.message} ({self.where})" if self.where else self.message
        return f"{self.place}: {self.kind.severity} {self.kind.code}: {said}. {self.advice}"

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
        }


CATALOGUE: dict[str, Kind] = {}
GROUPS: dict[str, list[Kind]] = {}
"""The catalogue under headings, as the handbook prints it: a kind belongs to the last heading."""


def _heading(title: str) -> None:
    GROUPS[title] = []


def _kind(code: str, severity: Severity, title: str, remedy: str, judged: bool = False) -> Kind:
    kind = Kind(code, severity, title, remedy, judged)
    CATALOGUE[code] = kind
    GROUPS[next(reversed(GROUPS))].append(kind)
    return kind


def _judgement(code: str, severity: Severity, title: str, remedy: str) -> Kind:
    return _kind(code, severity, title, remedy, judged=True)


_heading("Your YAML files")
UNREADABLE = _kind(
    "unreadable-file",
    "error",
    "A file cannot be read",
    "Check that the file exists, is saved as UTF-8 text, and that you may open it.",
)
SYNTAX = _kind(
    "yaml-syntax",
    "error",
    "The YAML itself is broken",
    "Mend the line named; the rest of the file can only be checked after that.",
)
NOT_PLAIN = _kind(
    "yaml-feature",
    "error",
    "The file uses a part of YAML that Formulary does not read",
    "Write the value out as plain text: no anchors (&), aliases (*), tags (!) or escapes (\\x07).",
)
REPEATED_KEY = _kind(
    "repeated-key",
    "error",
    "One key stands twice in one place",
    "Keep one of the two and delete the other.",
)
OLD_SCHEMA = _kind(
    "old-schema",
    "error",
    "Content of an earlier version, in a place that has changed since",
    "Run the command upgrade, which changes each such place and keeps your comments.",
)
NEW_SCHEMA = _kind(
    "new-schema",
    "error",
    "Content that was written for a newer Formulary than this one",
    "Install the newer one: pip install -U formulary-papers",
)
UNKNOWN_KEY = _kind(
    "unknown-key",
    "error",
    "A key that Formulary does not know",
    "Check the spelling against the keys named in the message, or delete it.",
)
MISSING_KEY = _kind(
    "missing-key",
    "error",
    "Something that must be there is not",
    "Add the key named in the message.",
)
WRONG_TYPE = _kind(
    "wrong-type",
    "error",
    "A value of the wrong kind",
    "Write the kind of value that the message asks for.",
)
BAD_VALUE = _kind(
    "bad-value",
    "error",
    "A value that is not one of those allowed, or not in the right form",
    "Write one of the values, or the form, that the message names.",
)
BAD_DATE = _kind(
    "bad-date",
    "error",
    "A date that does not exist, or a time rule that cannot be read",
    "Write a date like 2026-05-24, or a time rule such as “by 31 October after the cycle”.",
)
REPEATED_ID = _kind(
    "repeated-id",
    "error",
    "Two things have one id",
    "Give one of them another id; ids are permanent, so change the newer one.",
)
UNKNOWN_REFERENCE = _kind(
    "unknown-reference",
    "error",
    "Something is named that does not exist",
    "Correct the name, or add the thing that it names.",
)
UNKNOWN_FACT = _kind(
    "unknown-fact",
    "error",
    "A text asks for a fact that does not exist",
    "Correct the name between the curly brackets, or add the fact.",
)
BAD_TEMPLATE = _kind(
    "bad-expression",
    "error",
    "The expression between curly brackets cannot be read",
    "Write a name such as {{ rules.monitoring.max }}, or one such as {{ clause('appeals') }}.",
)
MISSING_CELL = _kind(
    "missing-cell",
    "error",
    "A table has a gap",
    "Write a text for every row under every column.",
)
UNMAPPED_FACT = _kind(
    "unmapped-fact",
    "error",
    "A fact of the source sheet has no place in the content",
    "Name in coverage.yaml the item that carries the fact.",
)
BAD_ORDER = _kind(
    "bad-order",
    "error",
    "Dates in the wrong order",
    "Correct one of the two dates.",
)
FORM_TOO_WIDE = _kind(
    "bad-form",
    "error",
    "A form asks for something that cannot be laid out or filled",
    "Change the field as the message says.",
)
_heading("Staff lists and packs")
DOES_NOT_FIT = _kind(
    "does-not-fit",
    "error",
    "A value of the staff list cannot stand in its field",
    "Change the value in the staff list, or fill in this person's form by hand.",
)
STAFF_FILE = _kind(
    "staff-file",
    "error",
    "A staff list cannot be read",
    "Save the list as an Excel workbook (.xlsx) or as CSV UTF-8.",
)
STAFF_COLUMNS = _kind(
    "staff-columns",
    "error",
    "A column of a staff list is missing, or two are for one thing",
    "Add the column, or name it in staff-columns.yaml.",
)
STAFF_COLUMN_GONE = _kind(
    "staff-column-gone",
    "warning",
    "staff-columns.yaml names a column that the list does not have",
    "Correct staff-columns.yaml, or add the column.",
)
STAFF_COLUMN_GUESS = _kind(
    "staff-column-guess",
    "warning",
    "A column of a staff list is not understood, and there is a guess",
    "Name the column in staff-columns.yaml.",
)
STAFF_COLUMN_UNUSED = _kind(
    "staff-column-unused",
    "info",
    "Columns of a staff list are not used",
    "Nothing need be done.",
)
STAFF_VALUE = _kind(
    "staff-value",
    "error",
    "A value of a staff list is missing or cannot be read",
    "Correct the value in the list.",
)
STAFF_DATE = _kind(
    "staff-date",
    "error",
    "A date of a staff list does not exist, or could be two days",
    "Write the date as 31/10/2026 or 2026-10-31.",
)
STAFF_LETTERS = _kind(
    "staff-letters",
    "warning",
    "Letters of a value may have been lost",
    "Export the list again as CSV UTF-8 or as a workbook, or correct the value.",
)
STAFF_MERGED = _kind(
    "staff-merged",
    "error",
    "Cells of a staff list are merged over several people",
    "Unmerge the cells and write the value into every row.",
)
STAFF_HIDDEN = _kind(
    "staff-hidden",
    "info",
    "Rows of a staff list are hidden",
    "Show all rows, or delete those that do not belong to the list.",
)
STAFF_NOT_A_PERSON = _kind(
    "staff-not-a-person",
    "info",
    "A row of a staff list is a total or a remark, and is not read",
    "Nothing need be done.",
)
STAFF_REPEATED = _kind(
    "staff-repeated",
    "error",
    "Two rows of a staff list have one id",
    "Keep one row for each person: that of the post whose review this is.",
)
STAFF_TWICE = _kind(
    "staff-twice",
    "warning",
    "A row of a staff list stands twice",
    "Delete one of the two.",
)
STAFF_GROUP = _kind(
    "staff-group",
    "error",
    "A person has no staff group, or one that the organisation does not have",
    "Write one of the organisation's groups, or add the word to groups in staff-columns.yaml.",
)
STAFF_STAGE = _kind(
    "staff-stage",
    "error",
    "A career stage that the organisation does not have",
    "Write one of the stages, or add the word to stages in staff-columns.yaml.",
)
STAFF_STAGE_UNUSED = _kind(
    "staff-stage-unused",
    "warning",
    "A career stage is given for a group that has none",
    "Check the staff group, or delete the stage.",
)
STAFF_SITE = _kind(
    "staff-site",
    "warning",
    "A school or team that organisation.yaml does not name",
    "Correct the list, or add the name to sites.",
)
STAFF_STANDING = _kind(
    "staff-standing",
    "warning",
    "It is not clear whether a person is covered by the policy",
    "Add the words to scope in staff-columns.yaml.",
)
STAFF_CYCLE = _kind(
    "staff-cycle",
    "error",
    "A person's group has no cycle, or no dates for it",
    "Give the group one cycle in cycle.yaml, or the person both dates.",
)
STAFF_SHORT_CYCLE = _kind(
    "staff-short-cycle",
    "warning",
    "A person is there for a part of the cycle",
    "Check the dates on the forms.",
)
STAFF_REVIEWER = _kind(
    "staff-reviewer",
    "error",
    "A person has no reviewer, or one that cannot be told",
    "Name the reviewer by id, by e-mail or by the name as the list writes it.",
)
STAFF_REVIEWER_AWAY = _kind(
    "staff-reviewer-away",
    "warning",
    "A reviewer is not on the list, or will not be there to the end",
    "Check the name, or name another reviewer.",
)
STAFF_OWN_REVIEWER = _kind(
    "staff-own-reviewer",
    "error",
    "A person is to review themselves",
    "Name another reviewer.",
)
STAFF_CIRCLE = _kind(
    "staff-reviewer-circle",
    "error",
    "People review each other in a circle",
    "Name another reviewer for one of them.",
)
_heading("Documents of your own")
OWN_TEMPLATE = _kind(
    "own-template",
    "error",
    "Your own document and its form do not fit together",
    "Change the document, or the entry under own-templates in the form's file.",
)
OWN_TEMPLATE_LOOSE = _kind(
    "own-template-loose",
    "warning",
    "Your own document has something that the form cannot use, or that shuts readers out",
    "Change the document, or leave it: the form is made all the same.",
)
_heading("What a careful reader would say of the policy")
LOST_REFERENCE = _judgement(
    "lost-reference",
    "warning",
    "A sentence names a clause, section or appendix that does not exist",
    "Write {{ clause('id') }}, {{ section('id') }} or {{ appendix('id') }} with the id of "
    "what is meant.",
)
WRONG_REFERENCE = _judgement(
    "wrong-reference",
    "warning",
    "A sentence leads to the wrong clause, section or appendix",
    "Correct it, and write {{ clause('id') }}, {{ section('id') }} or {{ appendix('id') }}.",
)
TYPED_REFERENCE = _judgement(
    "typed-reference",
    "info",
    "A reference is typed, so it will be wrong when the numbering changes",
    "Write {{ clause('id') }}, {{ section('id') }} or {{ appendix('id') }}.",
)
LOOSE_REFERENCE = _judgement(
    "loose-reference",
    "warning",
    "A text points to something that is not there to be seen",
    "Offer the form, name the document under related, or delete the words.",
)
NUMBERING = _judgement(
    "numbering",
    "warning",
    "Typed numbers have a gap, a repeat or the wrong order",
    "Delete the typed numbers; Formulary numbers clauses and lists by itself.",
)
MISCOUNT = _judgement(
    "miscount",
    "warning",
    "A sentence counts what follows, and the list has another length",
    "Correct the number or the list.",
)
REVIEW_OVERDUE = _judgement(
    "review-overdue",
    "warning",
    "The policy is past its review date",
    "Review the policy, then change next-review.",
)
NO_REVIEW = _judgement(
    "no-review-date",
    "warning",
    "The policy has no date for its next review",
    "Add next-review.",
)
NO_APPROVER = _judgement(
    "no-approver",
    "warning",
    "Nobody is named who approved the policy",
    "Add approval, with by and on.",
)
NO_VERSION = _judgement(
    "no-version",
    "warning",
    "The policy has no version",
    "Add version.",
)
NO_CONTACT = _judgement(
    "no-contact",
    "warning",
    "Nobody is named to whom readers report what is not accessible",
    "Add contact to organisation.yaml, with an email; the accessibility statement prints it.",
)
STATUS = _judgement(
    "status-approval",
    "warning",
    "The status and the approval do not fit",
    "Correct the status, or the approval.",
)
APPROVAL_ORDER = _judgement(
    "approval-order",
    "warning",
    "Consultation, approval, coming into force and review are not in this order",
    "Correct one of the dates.",
)
DEADLINE_ORDER = _judgement(
    "deadline-order",
    "warning",
    "A date comes before what it depends on",
    "Correct the time rule of one of the two events.",
)
OUTSIDE_CYCLE = _judgement(
    "outside-cycle",
    "warning",
    "An event falls well outside its cycle",
    "Correct the time rule of the event, or the cycle.",
)
LATE_DECISION = _judgement(
    "late-decision",
    "warning",
    "Pay is decided long after the cycle ends",
    "Bring the date forward.",
)
MISSING_DEADLINE = _judgement(
    "missing-deadline",
    "warning",
    "A cycle lacks a date that other cycles have",
    "Add the event, with a time.",
)
CYCLE_LENGTH = _judgement(
    "cycle-length",
    "warning",
    "A cycle is not about a year long",
    "Correct its start or its end, or give its period in words.",
)
NO_REVIEWER = _judgement(
    "no-reviewer",
    "warning",
    "Nobody is named who reviews a post",
    "Add the post to the reviewees of a panel.",
)
POST_WITHOUT_GROUP = _judgement(
    "post-without-group",
    "warning",
    "A post is reviewed but belongs to no staff group",
    "Add the groups of the panel, so that it has a cycle.",
)
UNDEFINED_BODY = _judgement(
    "undefined-body",
    "info",
    "A body is named and its part is not explained",
    "Add it to the roles of organisation.yaml.",
)
FORM_NOT_OFFERED = _judgement(
    "form-not-offered",
    "warning",
    "The policy asks for a form, and none is offered",
    "Offer the form, or delete the words.",
)
FORM_NOT_MENTIONED = _judgement(
    "form-not-mentioned",
    "warning",
    "A form is offered that no clause asks for",
    "Add clauses to the offer, or name the form in a clause with {{ form('id') }}.",
)
FORM_LACKS = _judgement(
    "form-lacks",
    "warning",
    "A form has no place for what the policy says it records",
    "Add a field, or switch on the one that the form has.",
)
NUMBER_DISAGREES = _judgement(
    "number-disagrees",
    "error",
    "A typed number is not the one that the rule gives",
    "Write the number as {{ rules.<id>.max | words }}, so that it is said once.",
)
TYPED_NUMBER = _judgement(
    "typed-number",
    "warning",
    "A number is typed that a rule gives",
    "Write the number as {{ rules.<id>.max | words }}, so that it is said once.",
)
TWO_TERMS = _judgement(
    "two-terms",
    "warning",
    "One role has two names",
    "Use one name, or add the other to words, if it is another role.",
)
TWO_NAMES = _judgement(
    "two-names",
    "warning",
    "One thing has two names",
    "Use one name.",
)
ABBREVIATION = _judgement(
    "abbreviation",
    "warning",
    "An abbreviation is never written out",
    "Write it out where it first stands, as in “governing body (GB)”, or add it to the glossary.",
)
TWO_EXPANSIONS = _judgement(
    "two-expansions",
    "info",
    "An abbreviation stands for other words than in the glossary",
    "Use the glossary's words, or accept the difference with a reason.",
)
EQUALITY_LIST = _judgement(
    "equality-list",
    "warning",
    "A list of protected characteristics is not complete",
    "Add the missing ones: the Equality Act 2010, section 4, names nine.",
)
OLD_LAW = _judgement(
    "old-law",
    "warning",
    "A law is named that has been replaced",
    "Name the law that holds now.",
)
NO_SCALE = _judgement(
    "no-scale",
    "warning",
    "A rating or stage is mentioned, and the organisation has no scale",
    "Add ratings.yaml (or career-stages.yaml), or delete the words.",
)
GROUP_WITHOUT_SCALE = _judgement(
    "group-without-scale",
    "info",
    "Pay is decided for staff to whom the rating scale does not apply",
    "Add the group to the scale, or accept this with a reason.",
)
LEFT_OPEN = _judgement(
    "left-open",
    "info",
    "A length, number or point is left open",
    "Give a figure, as a rule.",
)
POLICY_SILENT = _judgement(
    "policy-silent",
    "info",
    "The policy says nothing on a matter that readers look for",
    "Add a clause, or accept this with a reason.",
)
CONTRADICTION = _judgement(
    "contradiction",
    "warning",
    "Two clauses do not fit together",
    "Correct one of the two, or say when each holds.",
)
REPEATED_TEXT = _judgement(
    "repeated-text",
    "info",
    "The same words stand in two places",
    "Say it once and refer to it.",
)
LOOKALIKE = _judgement(
    "look-alike",
    "warning",
    "A letter comes from another alphabet, or a digit stands for a letter",
    "Type the letter again.",
)
SLIP = _judgement(
    "slip",
    "warning",
    "A slip of the pen",
    "Correct it.",
)
SPELLING = _judgement(
    "spelling",
    "warning",
    "A word is not spelt as in British English",
    "Correct the spelling.",
)
UNUSED_ACCEPTANCE = _kind(
    "unused-acceptance",
    "warning",
    "A finding is accepted that does not occur",
    "Delete the entry, or correct its code or its at.",
)


_heading("The accessibility statement")
COMPLIANCE_CLAIM = _kind(
    "compliance-claim",
    "error",
    "The accessibility statement claims more than is known",
    "Write partly, or delete the line, so that it follows from what is known.",
)
OLD_TEST = _kind(
    "old-test",
    "warning",
    "The last accessibility test is more than a year old",
    "Test again and read the statement through: see “The accessibility statement” in "
    "docs/publishing.md.",
)
NOT_TESTED = _kind(
    "not-tested",
    "warning",
    "The accessibility statement names no test",
    "Test the site: see “The accessibility statement” in docs/publishing.md.",
)

_heading("Files that cannot be taken as a return")
RETURN_EMPTY = _kind(
    "return-empty",
    "error",
    "A file that holds nothing",
    "It may have been cut off on the way. Ask the sender to send it again.",
)
RETURN_TOO_BIG = _kind(
    "return-too-big",
    "error",
    "A file that is larger, or deeper, than any form can be",
    "Open it by hand, on a computer that is kept up to date. A form is below 50 MB.",
)
RETURN_DAMAGED = _kind(
    "return-damaged",
    "error",
    "A file that is broken",
    "Ask the sender to open the form, save it, and send it again.",
)
RETURN_LOCKED = _kind(
    "return-locked",
    "error",
    "A file that is locked with a password",
    "Ask the sender to save the form without a password and send it again.",
)
RETURN_OTHER_FORMAT = _kind(
    "return-other-format",
    "error",
    "A file of another kind than Word (.docx) or PDF",
    "Ask the sender to save the form as a Word document (.docx) or as a PDF, as it was sent out.",
)
RETURN_NOT_OURS = _kind(
    "return-not-ours",
    "error",
    "A document that is none of the forms",
    "Look whether the sender has attached the wrong file.",
)
RETURN_FLATTENED = _kind(
    "return-flattened",
    "error",
    "A form that was printed or flattened: it can be looked at, but its answers are no fields now",
    "Ask for the file in which the form was filled in, or type its answers into a blank.",
)
RETURN_SCANNED = _kind(
    "return-scanned",
    "error",
    "A picture of a form",
    "Ask for the file in which the form was filled in, or type its answers into a blank.",
)
RETURN_XFA = _kind(
    "return-xfa",
    "error",
    "A form that was turned into another kind of PDF form (XFA)",
    "Ask the sender to fill in the form that was sent out, in a browser or in Acrobat Reader.",
)
RETURN_SEVERAL = _kind(
    "return-several",
    "error",
    "Several forms in one file",
    "Ask for each form as a file of its own: joined together, their answers cannot be told apart.",
)
RETURN_TOO_SLOW = _kind(
    "return-too-slow",
    "error",
    "A file that could not be read in the time or memory allowed",
    "Open it by hand, on a computer that is kept up to date.",
)

_heading("What a returned form says")
ANSWER_MISSING = _kind(
    "answer-missing",
    "warning",
    "A form lacks an answer that it asks for",
    "Ask the reviewer to fill it in and to send the form again.",
)
ANSWER_LOST = _kind(
    "answer-lost",
    "error",
    "A field has been deleted from a form",
    "Ask for the answer, on a form that was downloaded anew.",
)
ANSWER_BESIDE = _kind(
    "answer-beside",
    "warning",
    "Something is typed beside a field instead of into it",
    "Read it there; it is not in the register.",
)
ANSWER_UNCLEAR = _kind(
    "answer-unclear",
    "warning",
    "An answer cannot be read as what the field asks for",
    "Correct it in the form and collect again.",
)
QUESTIONS_ALTERED = _kind(
    "questions-altered",
    "error",
    "The questions of a form are not as they were published",
    "Compare the form with the published one, and ask for it on that one.",
)
OTHER_EDITION = _kind(
    "other-edition",
    "warning",
    "A form is of another year or edition",
    "Ask for this year’s form, if it was meant for this year.",
)
NOT_ON_LIST = _kind(
    "not-on-list",
    "error",
    "A form is of nobody on the staff list",
    "Correct the name in the form, or add the person to the staff list.",
)
NAME_DIFFERS = _kind(
    "name-differs",
    "warning",
    "A form names somebody else than the person whose copy it is",
    "Look whose form it is.",
)
REVIEWS_SELF = _kind(
    "reviews-self",
    "error",
    "Somebody is their own reviewer",
    "Ask who the reviewer was.",
)
OTHER_REVIEWER = _kind(
    "other-reviewer",
    "warning",
    "The reviewer on a form is not the one of the staff list",
    "Correct the form or the staff list.",
)
OBJECTIVES_NUMBER = _kind(
    "objectives-number",
    "warning",
    "A form has more or fewer objectives than the rule says",
    "Ask for the reason, or for the form with as many as the rule says.",
)
OBJECTIVE_INCOMPLETE = _kind(
    "objective-incomplete",
    "warning",
    "An objective lacks what belongs to it",
    "Ask the reviewer to complete it.",
)
DATE_OUTSIDE = _kind(
    "date-outside",
    "warning",
    "A date lies outside of the cycle",
    "Correct the date.",
)
DATES_ORDER = _kind(
    "dates-order",
    "error",
    "Dates stand in the wrong order",
    "Correct the dates.",
)
TIME_LIMIT = _kind(
    "time-limit",
    "warning",
    "A time limit of the policy was not kept",
    "Note the reason on the record.",
)
EXTENSION_WITHOUT_REASON = _kind(
    "extension-without-reason",
    "warning",
    "A support period was extended without a reason",
    "Ask the reviewer for the reason.",
)
RATING_DISAGREES = _kind(
    "rating-disagrees",
    "error",
    "The word and the number of a rating disagree",
    "Ask which of them is meant.",
)
PAY_BELOW_RATING = _kind(
    "pay-below-rating",
    "warning",
    "A rise in pay is recommended below the rating that the policy asks for",
    "Record the exception, or look at the recommendation again.",
)
OBSERVER_UNQUALIFIED = _kind(
    "observer-unqualified",
    "error",
    "The observer of a teacher does not hold QTS",
    "Arrange an observation by somebody who does.",
)
SIGNED_EARLY = _kind(
    "signed-early",
    "warning",
    "A form was signed before its meeting",
    "Correct the date of the signature or of the meeting.",
)
APPEAL_OWN = _kind(
    "appeal-own",
    "error",
    "An appeal is heard by the reviewer",
    "Ask somebody else to hear it.",
)
SECOND_RETURN = _kind(
    "second-return",
    "info",
    "A later return of the same form has come",
    "The later one counts; the earlier is kept.",
)
RETURN_ELSEWHERE = _kind(
    "return-elsewhere",
    "error",
    "A form of another organisation",
    "Send it on to where it belongs.",
)
RETURN_REMARK = _kind(
    "return-remark",
    "info",
    "Something of a file that HR should know",
    "Look at the file.",
)


class ContentError(Exception):
    """Raised when content has errors; carries every problem found, in the order of the files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"{len(self.problems)} problems")

    def __reduce__(self) -> tuple[type[ContentError], tuple[tuple[Problem, ...]]]:
        return ContentError, (self.problems,)  # so that it can be handed on by a worker process


class OutputError(Exception):
    """Raised when something could not be read or written; the message is meant for the user."""


class UsageError(Exception):
    """Raised when a command is asked for something that does not exist; meant for the user."""


def errors_in(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems that stop a build."""
    return tuple(p for p in problems if p.kind.severity == "error")


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems by file, line and column, each once."""
    unique = {(p.place, p.kind.code, p.message): p for p in problems}
    return tuple(unique[key] for key in sorted(unique))
