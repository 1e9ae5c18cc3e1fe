"""Match the returns that count to the forms that people have to hand in.

Tables, the report and the reminders are all made from `ExpectedReturn`, so that they agree.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from formulary.cells import Cell
from formulary.content.form import Form
from formulary.content.meaning import Meaning
from formulary.content.organisation import Offer, TimeLimit
from formulary.documents.blank import Blank, Grid, Question
from formulary.edition.days import read_day
from formulary.edition.edition import Edition
from formulary.returns.returned_file import Return, Standing
from formulary.staff.assignment import Assignment, forms_for, pack_forms
from formulary.staff.person import Person

NOT_RETURNED = "not returned"
NOT_FILLED_IN = "not filled in"

_NO_GRID = Grid("", "", (), ())


@dataclass(frozen=True)
class AcceptedReturn:
    """A return that counts, with the blank that it answers, and its state in words.

    `time_limits` are the time limits that it shows, each with whether it was kept.
    """

    found: Return
    blank: Blank
    state: str
    time_limits: tuple[tuple[TimeLimit, bool], ...] = ()

    @property
    def is_done(self) -> bool:
        """Whether nothing more is expected: signed by both, if the form asks for signatures."""
        if self.state == "complete":
            return not any(question.signature for question in self.blank.questions())
        return self.state in ("signed", "disputed")

    @property
    def signature_remarks(self) -> tuple[str, ...]:
        """Remarks on a signature that nobody has typed, such as that it is there as a picture."""
        submission = self.found.submission
        if submission is None:
            return ()
        missing = [
            f"“{question.title}”"
            for question in self.blank.questions()
            if question.signature and not submission.value(question.id).strip()
        ]
        return tuple(
            remark for remark in submission.remarks if any(title in remark for title in missing)
        )

    def value(self, question: Question | None) -> Cell:
        """The answer as a cell: a date where the form asks for one and it can be read."""
        text = (
            self.found.submission.value(question.id) if question and self.found.submission else ""
        )
        if question and question.kind == "date" and (day := read_day(text).date):
            return day
        return text

    def typed_elsewhere(self) -> Iterator[tuple[str, str]]:
        """Words that are in no field of the form, whole, each with where they are."""
        submission = self.found.submission
        if submission is None:
            return
        for question in self.blank.questions():
            answer = submission.answers.get(question.id)
            if answer and answer.beside.strip():
                yield f"beside “{question.title}”", answer.beside.strip()
        for place, words in submission.unknown.items():
            yield place, words.strip()

    def answered_rows(self, meaning: Meaning) -> Iterator[tuple[Question, ...]]:
        """The questions of each row of a grid, or of the form where it has no such row, in which
        something with this meaning is answered."""
        rows = [row.questions for part in self.blank.parts for row in (part.grid or _NO_GRID).rows]
        found = [row for row in rows if self._has(row, meaning)]
        apart = tuple(question for part in self.blank.parts for question in part.questions)
        yield from found or ([apart] if self._has(apart, meaning) else [])

    def _has(self, questions: Sequence[Question], meaning: Meaning) -> bool:
        return any(q.means == meaning and str(self.value(q)).strip() for q in questions)

    def answers_for(
        self, questions: Sequence[Question], meanings: Sequence[Meaning]
    ) -> tuple[Cell, ...]:
        """The first answer among the questions for each meaning; empty where none is asked."""
        by_meaning: dict[Meaning | None, Question] = {}
        for question in questions:
            by_meaning.setdefault(question.means, question)
        return tuple(self.value(by_meaning.get(meaning)) for meaning in meanings)


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating of a return: what was rated, and the level, which is one of `levels`."""

    what: str
    level: str
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """A file that was handed in, without its answers: all of them can be held at once.

    `person` is None for nobody on the list; `name` is then the name on the form. `form`, `year` and
    `edition` are empty for a file that could not be read, of which `unread` is the kind of problem
    by its code. `title`, `state` and all that follows are empty where `standing` is not “current”.
    """

    source: str
    received: datetime.datetime | None
    sha256: str
    standing: Standing
    person: Person | None = None
    name: str = ""
    form: str = ""
    year: int = 0
    edition: str = ""
    unread: str = ""
    title: str = ""
    state: str = ""
    is_done: bool = False
    signature_remarks: tuple[str, ...] = ()
    sets_objectives: bool = False
    time_limits: tuple[tuple[TimeLimit, bool], ...] = ()
    ratings: tuple[Rated, ...] = ()

    @property
    def day_received(self) -> Cell:
        return self.received.date() if self.received else ""

    @property
    def id_and_name(self) -> tuple[str, str]:
        """Whose it is; the id is empty for nobody on the list."""
        return (self.person.id, self.person.name) if self.person else ("", self.name)


def entry_of(found: Return, case: AcceptedReturn | None) -> RegisterEntry:
    """A return in short; `case` is there for one that counts."""
    record = found.record
    stamp = found.submission.identity.stamp if found.submission else None
    entry = RegisterEntry(
        record.source,
        record.received,
        record.sha256,
        found.standing,
        found.person,
        found.name,
        sys.intern(stamp.form) if stamp else "",
        stamp.year if stamp else 0,
        sys.intern(stamp.edition) if stamp else "",
        record.unread[0].code if record.unread else "",
    )
    if case is None:
        return entry
    rated = (q for q in case.blank.questions() if q.means == "rating")
    return replace(
        entry,
        title=case.blank.title,
        state=case.state,
        is_done=case.is_done,
        signature_remarks=case.signature_remarks,
        sets_objectives=any(True for _ in case.answered_rows("objective")),
        time_limits=case.time_limits,
        ratings=tuple(
            Rated(q.label, level, q.options)
            for q in rated
            if (level := str(case.value(q))) in q.options
        ),
    )


@dataclass(frozen=True)
class ExpectedForm:
    """A form that a person has to hand in, and by when."""

    assignment: Assignment
    form: Form
    title: str
    due: datetime.date


@dataclass(frozen=True)
class ExpectedReturn:
    """An expected form, what came of it, and whether its day is past."""

    expected: ExpectedForm
    entry: RegisterEntry | None
    today: datetime.date

    @property
    def assignment(self) -> Assignment:
        return self.expected.assignment

    @property
    def state(self) -> str:
        return self.entry.state if self.entry else NOT_RETURNED

    @property
    def is_done(self) -> bool:
        return self.entry is not None and self.entry.is_done

    @property
    def is_returned(self) -> bool:
        """Whether somebody has handed it in with something in it."""
        return self.state not in (NOT_RETURNED, NOT_FILLED_IN)

    @property
    def is_overdue(self) -> bool:
        return not self.is_done and self.expected.due < self.today

    @property
    def reviewer(self) -> tuple[str, str]:
        """The reviewer's id, empty for somebody who is not on the list, and their name."""
        person = self.assignment.person
        return person.reviewer, self.assignment.reviewer_name or person.reviewer_name


def expected_forms(edition: Edition, recipients: Iterable[Assignment]) -> tuple[ExpectedForm, ...]:
    """The forms of the packs (`pack_forms`) that everyone has to hand in once.

    Due by the event that the offer names, if that has a day in the person's cycle; if not, by the
    end of their cycle.
    """
    packed = pack_forms(edition)
    return tuple(
        ExpectedForm(one, form, form.title, due_day(one, offer))
        for one in recipients
        for offer, form in forms_for(one, edition)
        if not form.repeats and form.id in packed
    )


def due_day(one: Assignment, offer: Offer) -> datetime.date:
    """The day by which a person's form is to be back."""
    for dated in one.calendar.events:
        if dated.event.id == offer.due and dated.last:
            return dated.last
    return one.ends


def match_returns(
    expected: Iterable[ExpectedForm], entries: Iterable[RegisterEntry], today: datetime.date
) -> tuple[ExpectedReturn, ...]:
    """What came of each expected form by `today`."""
    came = {(one.person.id, one.form): one for one in entries if one.person and one.state}
    return tuple(
        ExpectedReturn(one, came.get((one.assignment.person.id, one.form.id)), today)
        for one in expected
    )
