"""Whose each return is, which of several counts, and what is wrong with it."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from formulary.problems import OTHER_EDITION, RETURN_NOT_OURS, SECOND_RETURN, Place, Problem
from formulary.project import COMMAND
from formulary.returns.checks import (
    ReturnCase,
    apply_time_limits,
    check_return,
    is_filled_in,
    state_of,
)
from formulary.returns.edition_shelf import EditionShelf, PublishedForm
from formulary.returns.expected import AcceptedReturn
from formulary.returns.returned_file import Return, ReturnedFile
from formulary.returns.reviewee import ListedReviewee, Reviewee, RevieweeFinder, UnknownId
from formulary.returns.submission import Submission
from formulary.staff.assignment import Assignment
from formulary.staff.person import StaffList

_LONG_AGO = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


class ReturnJudge:
    """Says whose each return is, whether it counts, and what is wrong with it.

    Only a return of the shelf's edition counts; each is checked with the form that it is a copy of.
    `recipients` are the people who are reviewed; nothing can have happened after `today`.
    """

    def __init__(
        self,
        shelf: EditionShelf,
        staff: StaffList,
        recipients: Iterable[Assignment] = (),
        today: datetime.date | None = None,
    ) -> None:
        self.shelf, self.edition, self.today = shelf, shelf.edition, today
        self.periods = {one.person.id: (one.starts, one.ends) for one in recipients}
        self.staff = {person.id: person for person in staff.people}
        self.finder = RevieweeFinder(staff.people)

    def judge_all(self, records: Collection[ReturnedFile]) -> Iterator[Return]:
        """Every record as a return, in the order in which they came."""
        for record, counts in self.mark_counting(records):
            yield self.judge_one(record, counts)

    def mark_counting(
        self, records: Collection[ReturnedFile]
    ) -> Iterator[tuple[ReturnedFile, bool]]:
        """Every record, and whether it counts, or would if it could be read.

        The records are gone through twice, and none of them is held meanwhile.
        """
        counts = bytearray(b"\1" * len(records))
        first: dict[tuple[str, ...], tuple[tuple[bool, datetime.datetime], int]] = {}
        for place, record in enumerate(records):
            if key := self.duplicate_key(record):
                this = (self.rank(record), place)
                other = first.setdefault(key, this)
                if other != this:
                    first[key] = max(this, other)
                    counts[min(this, other)[1]] = False
        first.clear()
        for record, does_count in zip(records, counts, strict=True):
            yield record, bool(does_count)

    def rank(self, record: ReturnedFile) -> tuple[bool, datetime.datetime]:
        """What of two returns counts: one that is filled in, and then the later."""
        filled = is_filled_in(self.check_context(record))
        return filled, record.received or _LONG_AGO

    def duplicate_key(self, record: ReturnedFile) -> tuple[str, ...]:
        """What two returns share of which only the later counts; empty where each counts.

        Two people who are not on the list, or who share a name, may have sent two files: of
        these, only copies of one file are one return.
        """
        found = record.submission
        if found is None or not self.knows(found) or self.form_of(found).form.repeats:
            return ()
        reviewee, stamp = self.find_reviewee(found), found.identity.stamp
        if isinstance(reviewee, ListedReviewee):
            owner = reviewee.person.id
        elif isinstance(reviewee, UnknownId):
            owner = reviewee.id
        else:
            return ("file", record.sha256)
        return (owner, stamp.form, str(stamp.year))

    def judge_one(self, record: ReturnedFile, counts: bool) -> Return:
        place = Place(Path(record.source))
        if record.unread:
            kind, message = record.unread
            return Return(record, "unread", problems=(Problem(kind, place, message, kind.remedy),))
        assert record.submission
        if not self.knows(record.submission):
            message = f"The form “{record.submission.identity.stamp.form}” is not offered any more"
            problem = Problem(RETURN_NOT_OURS, place, message, RETURN_NOT_OURS.remedy)
            return Return(record, "unread", problems=(problem,))
        case = self.check_context(record)
        if record.submission.identity.stamp.year != self.edition.year:
            return Return(record, "other edition", case.reviewee, (self.report_other(case),))
        if counts:
            return Return(record, "current", case.reviewee, check_return(case))
        if not is_filled_in(case):
            return Return(record, "replaced", case.reviewee)
        message = f"{case.who}: the form was replaced by one that came later"
        fix, title = SECOND_RETURN.remedy, case.blank.title
        problem = Problem(SECOND_RETURN, place, message, fix, title, case.about)
        return Return(record, "replaced", case.reviewee, (problem,))

    def report_other(self, case: ReturnCase) -> Problem:
        """That a return is of another edition, and where it does count."""
        stamp = case.submission.identity.stamp
        message = (
            f"{case.who}: the form is of {stamp.edition}; this register is of {self.edition.name}, "
            "so it does not count here"
        )
        fix = (
            f"If it is right, collect it into the register of {stamp.edition}: {COMMAND} collect "
            f"with --year {stamp.year} and that register’s folder. If it was meant for "
            f"{self.edition.name}, ask for the form of {self.edition.name}."
        )
        return Problem(OTHER_EDITION, case.place, message, fix, case.blank.title, case.about)

    def accept(self, found: Return) -> AcceptedReturn:
        case = self.check_context(found.record)
        limits = tuple((one.limit, not one.fault) for one in apply_time_limits(case))
        return AcceptedReturn(found, case.blank, state_of(case), limits)

    def check_context(self, record: ReturnedFile) -> ReturnCase:
        assert record.submission
        own, place = self.form_of(record.submission), Place(Path(record.source))
        reviewee = self.find_reviewee(record.submission)
        period = (
            self.periods.get(reviewee.person.id) if isinstance(reviewee, ListedReviewee) else None
        )
        return ReturnCase(
            *(own.edition, own.offer, own.form, own.blank),
            *(record.submission, place, reviewee, self.staff),
            own_period=period,
            today=self.today,
        )

    def knows(self, found: Submission) -> bool:
        """Whether anything is known of the form, in its own edition or in this one."""
        return self.shelf.find_nearest_form(found.identity.stamp) is not None

    def form_of(self, found: Submission) -> PublishedForm:
        """The form that a return is of: see `find_nearest_form`. There must be one."""
        form = self.shelf.find_nearest_form(found.identity.stamp)
        assert form
        return form

    def name_on_form(self, found: Submission) -> str:
        """The reviewee's name as the form has it."""
        return found.value_of_prefill(self.form_of(found).blank, "staff.name")

    def find_reviewee(self, found: Submission) -> Reviewee:
        """Whose return it is: see `reviewee`."""
        return self.finder.find(found.identity.person.strip(), self.name_on_form(found))
