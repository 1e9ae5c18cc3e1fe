"""Make packs for this year's staff list that carry over last year's returns.

It is the pipeline of packs with a stage of its own: what the returns that count say is
put where the forms say that it goes, and whatever has no place is listed.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from formulary.cells import write_csv_file
from formulary.content.carrying import find_lacking_carry_over
from formulary.content.cycle import edition_name
from formulary.content.loading import load
from formulary.defaults import NOT_CARRIED
from formulary.delivery import WORK, OutputFolder, refuse_inside
from formulary.pipeline.packs import DroppedValue, PackContext, PackOrder, PackReport, packs
from formulary.pipeline.progress import Progress
from formulary.pipeline.register_edition import read_register_edition
from formulary.pipeline.shelves import shelf_of
from formulary.problems import UsageError
from formulary.returns.carry_over import carry_over, has_carry_over, question_names, rename_answers
from formulary.returns.checks import is_filled_in
from formulary.returns.judge import ReturnJudge
from formulary.returns.ledger import has_ledger, read_collected
from formulary.returns.returned_file import ReturnedFile
from formulary.returns.reviewee import ListedReviewee, explain_unlisted
from formulary.returns.submission import Submission
from formulary.staff.assignment import Assignment
from formulary.staff.person import StaffList
from formulary.staff.preflight import Preflight

_SUM = "not-carried.sha256"


@dataclass(frozen=True)
class RollOrder:
    """What HR asks for: packs of `packs.year`, with what `collect` kept in the folder `returns`."""

    returns: Path
    packs: PackOrder


@dataclass(frozen=True)
class NotCarriedEntry:
    """What could not be carried: whose, of which form, its words, why, and the file it is in.

    `id` is empty for somebody who is not on the staff list, and `name` where nobody knows.
    """

    id: str
    name: str
    form: str
    what: str
    words: str
    why: str
    file: str = ""


class StayingAnswer(NamedTuple):
    """A question of a form that next year's does not take over, and in how many it is answered."""

    form: str
    question: str
    forms: int


@dataclass
class RollReport:
    """What was made, for how many people something was carried, and what could not be.

    `stays` are the answers that no form asks for again; `lacking` says of forms that ask for
    objectives or training needs, and take none over, in words what they lack.
    """

    packs: PackReport
    carried: int
    left: tuple[NotCarriedEntry, ...]
    stays: tuple[StayingAnswer, ...] = ()
    lacking: tuple[str, ...] = ()
    kept: bool = False
    """Whether the list in the folder was changed by somebody, and stays as it is."""


def roll(root: Path, order: RollOrder, progress: Progress) -> RollReport:
    """Make the packs of a year with what last year's returns bring into them.

    Raises UsageError, OutputError, or ContentError for the content's own errors.
    """
    refuse_inside(root, order.returns, "The folder of returned forms")
    _refuse_other_edition(order)
    if not has_ledger(order.returns):
        raise UsageError(
            f"No returns were collected into {order.returns}. "
            "Name the folder that collect wrote with --out."
        )
    carrying = _YearCarryOver(root, order.returns, progress)
    made = packs(root, order.packs, progress, carrying.carry)
    left = (*carrying.left, *_dropped_values(made.dropped, carrying))
    report = RollReport(
        made,
        carrying.people,
        tuple(sorted(left, key=_place)),
        tuple(
            StayingAnswer(carrying.titles.get(form, form), question, forms)
            for (form, question), forms in sorted(carrying.stays.items())
        ),
        carrying.lacking,
    )
    if made.results and order.packs.out:
        report.kept = _write(order.packs.out, report, order.packs.force)
    return report


def _refuse_other_edition(order: RollOrder) -> None:
    """Raise UsageError where the registers are not those of the year before, and of the same."""
    register = read_register_edition(order.returns)
    if register is None:
        return
    if register.organisation != order.packs.organisation:
        raise UsageError(f"{order.returns} holds the registers of “{register.organisation}”.")
    begins = register.year + 1
    if order.packs.year not in (None, begins):
        raise UsageError(
            f"{order.returns} holds the registers of {edition_name(register.year)}. Packs of "
            f"{edition_name(begins)} are made from it, with --year {begins}."
        )


def _place(one: NotCarriedEntry) -> tuple[bool, str, str, str]:
    return not one.id, one.name, one.id, one.form


class _YearCarryOver:
    """Finds what last year's forms bring, when the packs know who gets which blanks."""

    def __init__(self, root: Path, returns: Path, progress: Progress) -> None:
        self.root, self.returns, self.progress = root, returns, progress
        self.people = 0
        self.left: list[NotCarriedEntry] = []
        self.titles: dict[str, str] = {}
        self.as_sent: set[tuple[str, str]] = set()
        self.stays: Counter[tuple[str, str]] = Counter()
        self.lacking: tuple[str, ...] = ()

    def carry(
        self, found: Preflight, recipients: Sequence[Assignment], context: PackContext
    ) -> tuple[Assignment, ...]:
        """Everyone who gets a pack, with what goes into their forms (see `packs.Carry`)."""
        self.progress.stage("Returns", 1)
        self.context, edition = context, context.edition
        self.offers = {form.id: (offer, form) for offer, form in edition.forms}
        self.titles = {id: form.title for id, (_, form) in self.offers.items()}
        self.taking = [id for id in context.blanks if has_carry_over(self.offers[id][1])]
        shelf = shelf_of(self.root, load(self.root)[0], edition.id, edition.year - 1)
        assert shelf  # the packs are made from the same content
        self.judge = judge = ReturnJudge(shelf, StaffList("", found.people, ()))
        self.lacking = tuple(
            f"{lack.message}. {lack.fix}"
            for lack in find_lacking_carry_over(
                (form, edition.library_forms[id]) for id, (_, form) in self.offers.items()
            )
        )
        last = dict(self.mark_counting(judge, found))
        everybody = tuple(self.carry_for(one, last) for one in recipients)
        self.report_others(found, recipients, last)
        self.progress.step(f"answers of last year for {self.people:,} people")
        return everybody

    def mark_counting(
        self, judge: ReturnJudge, found: Preflight
    ) -> Iterator[tuple[tuple[str, str], ReturnedFile]]:
        """The returns of last year that count, by the person's id and the form's."""
        for record, counts in judge.mark_counting(list(self.rename_answers_of(judge))):
            if not counts:
                continue
            assert record.submission
            form = record.submission.identity.stamp.form
            if form not in self.taking:
                self.count_staying(record.submission)
                continue
            reviewee = judge.find_reviewee(record.submission)
            if not isinstance(reviewee, ListedReviewee):
                why = explain_unlisted(reviewee)
                self.leave("", reviewee.name, form, "the whole form", why, record)
                continue
            person = reviewee.person
            if not is_filled_in(judge.check_context(record)):
                why = "it came back as it was sent out, with nothing filled in"
                self.leave(person.id, person.name, form, "the whole form", why, record)
                self.as_sent.add((person.id, form))
            else:
                yield (person.id, form), record

    def rename_answers_of(self, judge: ReturnJudge) -> Iterator[ReturnedFile]:
        """Last year's returns, each with the answers of its own form.

        Where the edition of last year is not kept, they are known by this year's ids.
        """
        edition = self.context.edition
        for record in read_collected(self.returns):
            last = record.submission
            if record.unread:
                why = f"the file could not be read: {record.unread[1]}"
                self.leave("", "", "", "the whole file", why, record)
                continue
            assert last
            stamp = last.identity.stamp
            if (stamp.organisation, stamp.year) != (edition.id, edition.year - 1):
                why = f"it is of {stamp.edition}, another edition than the one that ends"
                self.leave(last.identity.person, "", stamp.form, "the whole form", why, record)
            elif stamp.form not in self.offers or not judge.knows(last):
                why = "the form is not offered any more"
                self.leave(last.identity.person, "", stamp.form, "the whole form", why, record)
            else:
                blank = judge.form_of(last).blank
                yield replace(record, submission=rename_answers(last, blank))

    def count_staying(self, last: Submission) -> None:
        """Count every answer of a form that takes nothing over."""
        names = question_names(self.judge.form_of(last).blank)
        given = {names[id] for id in names if last.value(id).strip()}
        form = last.identity.stamp.form
        self.stays.update((form, name) for name in given)

    def carry_for(
        self, one: Assignment, last: Mapping[tuple[str, str], ReturnedFile]
    ) -> Assignment:
        """A person with everything that goes into their forms."""
        carried: dict[str, dict[str, str]] = {}
        for form in self.taking:
            offer, asked = self.offers[form]
            if offer.groups and one.group.id not in offer.groups:
                continue
            record = last.get((one.person.id, form))
            if record is None:
                if (one.person.id, form) not in self.as_sent:
                    self.report_missing(one, form)
                continue
            assert record.submission
            blank = self.context.blanks[form]
            last_blank = self.judge.form_of(record.submission).blank
            taken = carry_over(self.context.edition, asked, blank, record.submission, last_blank)
            self.stays.update((form, name) for name in set(taken.stays))
            for left in taken.left:
                self.leave(
                    one.person.id, one.person.name, form, left.what, left.why, record, left.words
                )
            if taken.values:
                carried[form] = taken.values
        self.people += bool(carried)
        return replace(one, carried=carried) if carried else one

    def report_missing(self, one: Assignment, form: str) -> None:
        """Name somebody who handed nothing in, unless they are new this year."""
        starts = one.person.starts
        if starts is None or starts < one.calendar.starts:
            why = "no form of last year came back"
            self.leave(one.person.id, one.person.name, form, "the whole form", why)

    def report_others(
        self,
        found: Preflight,
        recipients: Sequence[Assignment],
        last: Mapping[tuple[str, str], ReturnedFile],
    ) -> None:
        """Name those whose form came back, and who get no such form this year."""
        chosen = {one.person.id: one for one in recipients}
        reasons = {left.person.id: left.why for left in (*found.left_out, *found.stopped)}
        names = {person.id: person.name for person in found.people}
        for (id, form), record in last.items():
            groups = self.offers[form][0].groups
            if id in reasons:
                why = f"gets no pack this year: {reasons[id]}"
            elif id in chosen and groups and chosen[id].group.id not in groups:
                why = f"the form is not for {chosen[id].group.name}"
            else:
                continue
            self.leave(id, names[id], form, "the whole form", why, record)

    def leave(
        self,
        id: str,
        name: str,
        form: str,
        what: str,
        why: str,
        record: ReturnedFile | None = None,
        words: str = "",
    ) -> None:
        title = self.titles.get(form, form)
        file = record.source if record else ""
        self.left.append(NotCarriedEntry(id, name, title, what, words, why, file))


def _dropped_values(
    dropped: Iterable[DroppedValue], carrying: _YearCarryOver
) -> Iterator[NotCarriedEntry]:
    """What one format cannot show, as it is listed."""
    for one in dropped:
        title = carrying.titles.get(one.form, one.form)
        why = f"not in {one.format}: {one.why}"
        yield NotCarriedEntry(one.person.id, one.person.name, title, one.title, one.value, why)


def _write(path: Path, report: RollReport, force: bool) -> bool:
    """Write the list into the folder of the packs; whether somebody's own version was kept."""
    data = io.BytesIO()
    headings = ("Id", "Name", "Form", "What", "Its words", "Why", "File")
    rows = [
        (one.id, one.name, one.form, one.what, one.words, one.why, one.file) for one in report.left
    ]
    for form, question, forms in report.stays:
        why = f"the new form does not ask for it; answered in {forms:,} of last year’s"
        rows.append(("", "", form, question, "", why, ""))
    write_csv_file(data, (headings, *rows))
    with OutputFolder(path) as folder:
        memory = folder.work / _SUM
        known = memory.read_text(encoding="ascii").split() if memory.exists() else []
        ((result, sha256),) = folder.write_files(
            [(NOT_CARRIED, data.getvalue())], {NOT_CARRIED: known}, force
        )
        folder.write_files([(f"{WORK}/{_SUM}", sha256.encode())], {}, True)
    return result == "kept"
