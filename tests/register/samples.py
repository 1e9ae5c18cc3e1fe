"""People, what they owe and what they returned, made for tests of the register."""

from __future__ import annotations

import datetime
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from formulary.documents.blank import compose_blank
from formulary.edition.edition import Edition
from formulary.problems import Place
from formulary.register.files import Cover, write_csv, write_workbook
from formulary.register.table import RegisterTable
from formulary.returns.expected import AcceptedReturn, RegisterEntry, entry_of
from formulary.returns.returned_file import Return, ReturnedFile
from formulary.returns.reviewee import ListedReviewee, UnknownName
from formulary.returns.submission import Answer, Identity, Submission
from formulary.staff.assignment import Assignment
from formulary.staff.person import Person

DAY = datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.UTC)


def person(id: str, name: str = "", **further: str) -> Person:
    values = {"site": "North", "group": "", "reviewer": "99", **further}
    return Person(id, name or f"Person {id}", Place(Path("staff.csv")), **values)  # type: ignore[arg-type]


def assigned(edition: Edition, who: Person, reviewer: str = "Vera Boss") -> Assignment:
    calendar = next(c for c in edition.calendars if who.group in c.cycle.groups)
    group = next(g for g in edition.organisation.groups if g.id == who.group)
    return Assignment(who, group, calendar, calendar.starts, calendar.ends, reviewer)


def case_of(
    edition: Edition,
    form: str,
    who: Person | None,
    answers: Mapping[str, str],
    state: str = "signed",
    year: int | None = None,
) -> AcceptedReturn:
    """A return with the answers to the questions that are called or mean so."""
    offer, found = next(pair for pair in edition.forms if pair[1].id == form)
    blank = compose_blank(edition, offer, found)
    given = {}
    for name, value in answers.items():
        question = next(q for q in blank.questions() if name in (q.id, q.means))
        given[question.id] = Answer("answered", value)
    stamp = blank.stamp
    if year:
        stamp = type(stamp)(stamp.form, stamp.organisation, year, stamp.edition, stamp.digest)
    id = who.id if who else ""
    sha256 = hashlib.sha256(f"{id}{form}{answers}".encode()).hexdigest()
    submission = Submission(Identity(stamp, id), "Word", given)
    record = ReturnedFile(f"in/{form}-{id}.docx", DAY, sha256, submission)
    name = who.name if who else "Nobody Here"
    reviewee = ListedReviewee(who, name) if who else UnknownName(name)
    return AcceptedReturn(Return(record, "current", reviewee), blank, state)


def entries_of(cases: Iterable[AcceptedReturn]) -> list[RegisterEntry]:
    return [entry_of(case.found, case) for case in cases]


def csv_bytes(table: RegisterTable) -> bytes:
    out = io.BytesIO()
    write_csv(out, table)
    return out.getvalue()


def workbook_bytes(tables: Sequence[RegisterTable], cover: Cover) -> bytes:
    out = io.BytesIO()
    write_workbook(out, tables, cover)
    return out.getvalue()
