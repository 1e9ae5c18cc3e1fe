"""Whose each return is, which of several counts, and what is wrong with it."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from formulary.content.form import Form
from formulary.content.organisation import Offer
from formulary.documents.blank import Blank
from formulary.edition.edition import Edition
from formulary.problems import SECOND_RETURN, Place, Problem
from formulary.returns.checks import (
    ReturnCase,
    apply_time_limits,
    check_return,
    is_filled_in,
    state_of,
)
from formulary.returns.expected import AcceptedReturn
from formulary.returns.returned_file import Return, ReturnedFile
from formulary.returns.submission import Submission
from formulary.staff.person import Person, StaffList
from formulary.staff.reviewers import name_key

_LONG_AGO = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


class ReturnJudge:
    """Says whose each return is, whether it counts, and what is wrong with it."""

    def __init__(
        self,
        edition: Edition,
        offers: Mapping[str, tuple[Offer, Form]],
        blanks: Mapping[str, Blank],
        staff: StaffList,
    ) -> None:
        self.edition, self.offers, self.blanks = edition, offers, blanks
        self.staff = {person.id: person for person in staff.people}
        self.by_name: dict[str, list[Person]] = {}
        for person in staff.people:
            self.by_name.setdefault(name_key(person.name), []).append(person)

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
        filled = is_filled_in(self.check_context(record, None))
        return filled, record.received or _LONG_AGO

    def duplicate_key(self, record: ReturnedFile) -> tuple[str, ...]:
        """What two returns share of which only the later counts; empty where each counts."""
        found = record.submission
        if found is None or self.form_of(found)[1].repeats:
            return ()
        person, name = self.find_person(found), self.name_on_form(found)
        stamp = found.identity.stamp
        if not person and not name:
            return ()
        return (person.id if person else f"name:{name_key(name)}", stamp.form, str(stamp.year))

    def judge_one(self, record: ReturnedFile, counts: bool) -> Return:
        place = Place(Path(record.source))
        if record.unread:
            kind, message = record.unread
            return Return(record, "unread", problems=(Problem(kind, place, message, kind.remedy),))
        assert record.submission
        person, name = self.find_person(record.submission), self.name_on_form(record.submission)
        if counts:
            return Return(
                record, "current", person, name, check_return(self.check_context(record, person))
            )
        if not is_filled_in(self.check_context(record, person)):
            return Return(record, "replaced", person, name)
        who, title = str(person or name), self.blanks[record.submission.identity.stamp.form].title
        message = f"{who}: the form was replaced by one that came later"
        about = (person.id,) if person else ()
        problem = Problem(SECOND_RETURN, place, message, SECOND_RETURN.remedy, title, about)
        return Return(record, "replaced", person, name, (problem,))

    def accept(self, found: Return) -> AcceptedReturn:
        case = self.check_context(found.record, found.person)
        limits = tuple((one.limit, not one.fault) for one in apply_time_limits(case))
        return AcceptedReturn(found, case.blank, state_of(case), limits)

    def check_context(self, record: ReturnedFile, person: Person | None) -> ReturnCase:
        assert record.submission
        offer, form = self.form_of(record.submission)
        blank, place = self.blanks[form.id], Place(Path(record.source))
        return ReturnCase(
            self.edition, offer, form, blank, record.submission, place, person, self.staff
        )

    def form_of(self, found: Submission) -> tuple[Offer, Form]:
        return self.offers[found.identity.stamp.form]

    def name_on_form(self, found: Submission) -> str:
        """The reviewee's name as the form has it."""
        blank = self.blanks[found.identity.stamp.form]
        asked = next((q for q in blank.questions() if q.prefill == "staff.name"), None)
        return found.value(asked.id).strip() if asked else ""

    def find_person(self, found: Submission) -> Person | None:
        """Whose return it is: by the id of the pack, or by a name that one person has."""
        if person := self.staff.get(found.identity.person):
            return person
        same = self.by_name.get(name_key(self.name_on_form(found)), [])
        return same[0] if len(same) == 1 else None
