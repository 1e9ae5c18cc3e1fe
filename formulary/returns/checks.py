"""Check a completed form against the form, its person and the policy.

What an answer is to a check is said by its question's `means`, `prefill` and `signature`, so that a
check knows no form by name. A check that cannot be decided, because an answer is missing or no
date, is left out: the answer itself is named, once.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Literal

from formulary import problems
from formulary.content.cycle import Calendar, DatedEvent, TimeRule, british
from formulary.content.form import PREVIOUS, Form
from formulary.content.meaning import MEETINGS, Meaning
from formulary.content.organisation import Offer, Rule, TimeLimit
from formulary.documents.blank import Blank, Question
from formulary.documents.stamp import mark_of
from formulary.edition.days import read_day
from formulary.edition.durations import DAY, UNITS, after, unit_of
from formulary.edition.edition import Edition
from formulary.edition.text import plural
from formulary.problems import Kind, Place, Problem
from formulary.returns.reviewee import (
    ListedReviewee,
    Reviewee,
    SharedName,
    UnknownId,
    UnknownName,
    explain_unlisted,
)
from formulary.returns.submission import Submission, describe_lost_letters
from formulary.staff.person import Person
from formulary.words import is_same_name, mentions_name, one_line

State = Literal["not filled in", "begun", "complete", "signed by one", "signed", "disputed"]
"""The state of a return. not filled in: as it was sent out; complete: nothing that is asked for is
missing, and nobody has signed; disputed: signed by one, with comments by the reviewee."""

Period = tuple[datetime.date, datetime.date]
"""A first and a last day."""


FOLLOW_UPS: tuple[Meaning, ...] = (
    "notice",
    "record-made",
    "given",
    "returned",
    "sent-to-head",
    "feedback",
)
"""What is done before or after a meeting, at a time that time limits check."""

_EARLY = datetime.timedelta(days=92)
"""How long before its day something is done at the earliest. The number is ours."""


@dataclass(frozen=True)
class ReturnCase:
    """A return with what it is judged by.

    `own_period` is the person's part of the cycle by the staff list, where that is known; `today`
    is the day after which nothing can have happened yet, None for no such day.
    """

    edition: Edition
    offer: Offer
    form: Form
    blank: Blank
    submission: Submission
    place: Place
    reviewee: Reviewee
    staff: Mapping[str, Person]
    own_period: Period | None = None
    today: datetime.date | None = None

    @property
    def person(self) -> Person | None:
        """The person on the staff list; None where the return is of nobody known."""
        return self.reviewee.person if isinstance(self.reviewee, ListedReviewee) else None

    @property
    def about(self) -> tuple[str, ...]:
        """The id of the person, for a problem; empty where the return is of nobody known."""
        return (self.person.id,) if self.person else ()

    @property
    def who(self) -> str:
        """How a message names the person."""
        return str(self.person) if self.person else _shorten(self.reviewee.name) or "Someone"

    @property
    def listed_reviewer(self) -> str:
        """The reviewer's name by the staff list; empty for none."""
        if self.person is None:
            return ""
        known = self.staff.get(self.person.reviewer)
        return known.name if known else self.person.reviewer_name

    def prefilled_answer(self, prefill: str) -> str:
        """The answer to the question that a pack fills from `prefill`."""
        return self.submission.value_of_prefill(self.blank, prefill)

    def must_answer(self, question: Question) -> bool:
        """Whether a question is required of the person's staff group."""
        group = self.person.group if self.person else ""
        return question.required and (not question.groups or group in question.groups)

    def questions_meaning(self, meaning: Meaning) -> tuple[Question, ...]:
        return tuple(q for q in self.blank.questions() if q.means == meaning)

    def first_answer(self, meaning: Meaning) -> str:
        """The first answer that means this; empty for none."""
        values = (self.submission.value(q.id).strip() for q in self.questions_meaning(meaning))
        return next(filter(None, values), "")

    def day(self, question: Question) -> datetime.date | None:
        """The day that answers a question; None for none."""
        return read_day(self.submission.value(question.id)).date

    def days(self, *meanings: Meaning) -> list[tuple[Question, datetime.date]]:
        """Every answer that is a date and means one of these, in the order of the form."""
        wanted = [q for q in self.blank.questions() if q.means in meanings]
        return [(q, day) for q in wanted if (day := self.day(q))]

    @cached_property
    def multi_cycle_questions(self) -> frozenset[str]:
        """The questions about objectives that are marked as going on beyond the cycle.

        The mark is in the objective's own row, or in the row of its number in another table.
        """
        grids = [part.grid for part in self.blank.parts if part.grid]
        marked = {
            place
            for grid in grids
            for place, row in enumerate(grid.rows)
            for question in row.questions
            if question.means == "multi-cycle" and self.submission.value(question.id)
        }
        return frozenset(
            question.id
            for grid in grids
            for place, row in enumerate(grid.rows)
            if place in marked and any(q.means == "objective" for q in row.questions)
            for question in row.questions
        )

    @cached_property
    def calendar(self) -> Calendar | None:
        """The cycle of the person's group; where that is not known, of the only group there is."""
        group = self.person.group if self.person else ""
        found = [c for c in self.edition.calendars if not group or group in c.cycle.groups]
        return found[0] if len(found) == 1 or (group and found) else None

    def due_day(self, event: str) -> datetime.date | None:
        """The last day of an event in the person's cycle; None where it has no day there."""
        return next((one.last for one in self.events if one.event.id == event), None)

    @property
    def events(self) -> tuple[DatedEvent, ...]:
        """The events of the person's cycle."""
        return self.calendar.events if self.calendar else ()

    def events_recorded(self, question: Question) -> tuple[DatedEvent, ...]:
        """The events whose day a question asks for, as the cycle says (`recorded-as`)."""
        return self._events_by_question.get(question.id, ())

    @cached_property
    def _events_by_question(self) -> Mapping[str, tuple[DatedEvent, ...]]:
        return find_recorded_events(self.blank, self.events)

    @cached_property
    def signature_days(self) -> tuple[tuple[Question, datetime.date], ...]:
        """Every signature with the day that is written beside it."""
        pairs = pairwise(self.blank.questions())
        return tuple((q, day) for q, date in pairs if q.signature and (day := self.day(date)))

    @cached_property
    def days_held(self) -> tuple[tuple[Question, datetime.date], ...]:
        """What happened and when: meetings, observations, and every other event of the cycle."""
        return tuple(
            (question, day)
            for question in self.blank.questions()
            if question.kind == "date"
            and (
                question.means in (*MEETINGS, "meeting", "observed")
                or self.events_recorded(question)
            )
            and (day := self.day(question))
        )

    @cached_property
    def cycle(self) -> Period | None:
        """The person's part of the cycle by the staff list, or the cycle of their group."""
        whole = (self.calendar.starts, self.calendar.ends) if self.calendar else None
        return self.own_period or whole

    @cached_property
    def period_on_form(self) -> Period | None:
        """The cycle as the form says it; None where it does not, or ends it before it starts."""
        first, last = (
            read_day(self.prefilled_answer(f"cycle.{end}")).date for end in ("starts", "ends")
        )
        return (first, last) if first and last and first <= last else None

    @cached_property
    def period(self) -> Period | None:
        """The cycle as the form says it, if it is a part of the person's cycle; if not, that."""
        said, cycle = self.period_on_form, self.cycle
        if said and (self.person is None or cycle is None or _is_within(said, cycle)):
            return said
        return cycle

    def allowed_days(self, question: Question) -> Period | None:
        """When something may have happened: in the cycle, or when its events are to happen.

        Where the cycle does not say which events these are, when any event is to happen. What is
        due by the start of the cycle may happen before it.
        """
        if self.period is None:
            return None
        dated = self.events_recorded(question) or self.events
        days = [*self.period, *(day for one in dated for day in (one.first, one.last) if day)]
        early = [one.last for one in dated if one.is_deadline and one.last]
        days += [day - _EARLY for day in early if day <= self.period[0]]
        return min(days), max(days)


def _is_within(inner: Period, outer: Period) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def find_recorded_events(
    blank: Blank, events: Iterable[DatedEvent]
) -> Mapping[str, tuple[DatedEvent, ...]]:
    """The events whose day a form asks for, by the id of the question that does (`recorded-as`)."""
    recording = [one for one in events if one.event.recorded_as]
    asked = [q for q in blank.questions() if q.kind == "date"] if recording else []
    names = {q.id: {q.means, *_names_of(blank, q)} for q in asked}
    return {
        id: tuple(one for one in recording if not known.isdisjoint(one.event.recorded_as))
        for id, known in names.items()
    }


def _names_of(blank: Blank, question: Question) -> tuple[str, str]:
    """How a cycle names a question: as form.field, or as form.table.column."""
    # the id of a table's question has the number of its row: visits_2_visited
    column = re.sub(r"_\d+_", ".", question.id, count=1)
    return f"{blank.id}.{question.id}", f"{blank.id}.{column}"


def check_return(case: ReturnCase) -> tuple[Problem, ...]:
    """Everything that is wrong with one return, as severe as its organisation says.

    The checks are those of identity, answers, people, objectives, dates, time limits, ratings, pay,
    observers, signatures and appeals; each names the clause behind it, where the policy has one.
    Of a form that nobody has filled in, only what the file itself gives cause to is said.
    """
    checks = _CHECKS if is_filled_in(case) else (_check_stamp,)
    found = [problem for check in checks for problem in check(case)]
    return tuple(_with_severity(case, found))


def state_of(case: ReturnCase) -> State:
    """The state of the return; that it is unsigned or disputed is no fault."""
    value = case.submission.value
    signed = [q for q in case.blank.questions() if q.signature]
    names = [q for q in signed if value(q.id).strip()]
    missing = any(case.must_answer(q) and not value(q.id).strip() for q in case.blank.questions())
    if not is_filled_in(case):
        return "not filled in"
    if signed and len(names) == len(signed):
        return "signed"
    if names:
        return "disputed" if case.first_answer("comments") else "signed by one"
    return "begun" if missing else "complete"


def is_filled_in(case: ReturnCase) -> bool:
    """Whether somebody has answered anything that a pack does not answer by itself.

    What last year's form gave to a pack counts only where somebody has changed it since.
    """
    if case.submission.unknown:
        return True
    carried: dict[str, str] = {}
    for question in case.blank.questions():
        answer = case.submission.answers.get(question.id)
        if answer is None:
            continue
        if not question.prefill and (answer.value or answer.beside).strip():
            return True
        if question.prefill.startswith(PREVIOUS):
            if answer.beside.strip():
                return True
            carried[question.id] = answer.value
    return any(carried.values()) and mark_of(carried) != case.submission.identity.carried


def _with_severity(case: ReturnCase, found: Iterable[Problem]) -> Iterator[Problem]:
    severity = case.edition.organisation.checks.severity
    for problem in found:
        own = severity.get(problem.kind.code)
        if own is None:
            yield problem
        elif own != "off":
            yield replace(problem, kind=replace(problem.kind, own_severity=own))


def _problem(case: ReturnCase, kind: Kind, message: str, clause: str | None = None) -> Problem:
    label = f", {case.edition.label(clause)}" if clause else ""
    where = f"{case.blank.title}{label}"
    return Problem(kind, case.place, f"{case.who}: {message}", kind.remedy, where, case.about)


def _clause_behind(case: ReturnCase, question: Question) -> str | None:
    """The clause that a question's part serves, or the first that asks for the form."""
    for part in case.blank.parts:
        if any(found.id == question.id for found in part.all_questions()):
            served = case.offer.serves.get(part.id)
            return served or next(iter(case.offer.clauses), None)
    return None


def _check_stamp(case: ReturnCase) -> Iterator[Problem]:
    """Questions as published, no field lost. Of which edition it is, is for the judge to say."""
    for said in case.submission.altered:
        yield _problem(case, problems.QUESTIONS_ALTERED, said.rstrip("."))
    for said in case.submission.remarks:
        yield _problem(case, problems.RETURN_REMARK, said.rstrip("."))
    for id, words in case.submission.unknown.items():
        message = f"“{_shorten(words)}” is in a place that the form does not have ({_shorten(id)})"
        yield _problem(case, problems.ANSWER_BESIDE, message)


def _check_answers(case: ReturnCase) -> Iterator[Problem]:
    """Each answer is there where it is asked for, and can be read as what is asked for."""
    lost = []
    for question in case.blank.questions():
        answer = case.submission.answers.get(question.id)
        if answer is None or answer.state == "lost":
            lost.append(question.title)
            continue
        if answer.beside:
            message = f"“{_shorten(answer.beside)}” is typed beside “{question.title}”"
            yield _problem(case, problems.ANSWER_BESIDE, message)
        value = answer.value.strip()
        if damage := describe_lost_letters(f"{value}\n{answer.beside}"):
            yield _problem(case, problems.ANSWER_UNCLEAR, f"“{question.title}” has {damage}")
        if case.must_answer(question) and not value and not answer.beside:
            message = f"“{question.title}” has no answer"
            yield _problem(case, problems.ANSWER_MISSING, message, _clause_behind(case, question))
        elif value and question.kind == "date" and not read_day(value).date:
            message = f"“{_shorten(value)}” under “{question.title}” is not a date"
            yield _problem(case, problems.ANSWER_UNCLEAR, message)
        elif value and question.kind == "choice" and value not in question.options:
            yield _explain_choice(case, question, value)
        elif value and (fault := question.explain_misfit(value)):
            message = f"“{_shorten(value)}” under “{question.title}” {fault}"
            yield _problem(case, problems.ANSWER_UNCLEAR, message)
    if lost:
        shown = "; ".join(lost[:5]) + (f"; and {len(lost) - 5} more" if lost[5:] else "")
        yield _problem(case, problems.ANSWER_LOST, f"fields are gone: {shown}")


def _explain_choice(case: ReturnCase, question: Question, value: str) -> Problem:
    """What is wrong with an answer that is none of the choices."""
    ticked = value.split("\n")
    if len(ticked) > 1 and all(one in question.options for one in ticked):
        both = "both" if len(ticked) == 2 else "all"
        named = " and ".join(f"“{one}”" for one in ticked)
        message = f"{named} are {both} ticked under “{question.title}”, and only one can be"
        return _problem(case, problems.ANSWER_UNCLEAR, message)
    ratings = case.edition.ratings
    for level in ratings.levels if ratings and question.means == "rating" else ():
        others = (
            {str(one.number) for one in ratings.levels if one.id != level.id} if ratings else ()
        )
        if level.name.casefold() in value.casefold() and any(n in value for n in others):
            message = (
                f"“{_shorten(value)}” under “{question.title}”: {level.name} is {level.number}"
            )
            return _problem(
                case, problems.RATING_DISAGREES, message, _clause_behind(case, question)
            )
    message = f"“{_shorten(value)}” is none of the choices under “{question.title}”"
    return _problem(case, problems.ANSWER_UNCLEAR, message)


def _check_people(case: ReturnCase) -> Iterator[Problem]:
    """The reviewee is on the staff list, and is reviewed by somebody else."""
    reviewee, reviewer = case.reviewee, case.prefilled_answer("staff.reviewer")
    if not isinstance(reviewee, ListedReviewee):
        if reviewee != UnknownName(""):
            yield _explain_unlisted(case, reviewee)
        return
    name, own, listed = reviewee.name, reviewee.person.name, case.listed_reviewer
    if name and not is_same_name(name, own):
        yield _problem(case, problems.NAME_DIFFERS, f"the form is made out to “{_shorten(name)}”")
    # a reviewer may have the reviewee's name, and be another person
    is_self = is_same_name(reviewer, own) or is_same_name(reviewer, name)
    if is_self and not (reviewee.person.reviewer and is_same_name(reviewer, listed)):
        own = f"is given as their own {case.edition.word('reviewer')}"
        yield _problem(case, problems.REVIEWS_SELF, own)
    elif reviewer and listed and not is_same_name(reviewer, listed):
        named = _shorten(reviewer)
        role = case.edition.word("reviewer")
        message = f"the form names {named} as the {role}; the staff list says {listed}"
        yield _problem(case, problems.OTHER_REVIEWER, message)


def _explain_unlisted(case: ReturnCase, reviewee: UnknownId | UnknownName | SharedName) -> Problem:
    """What is known of a return that is of nobody known, and what to do with it."""
    said = explain_unlisted(reviewee)
    if isinstance(reviewee, SharedName):
        return _problem(case, problems.NAME_SHARED, said)
    found = _problem(case, problems.NOT_ON_LIST, said)
    if isinstance(reviewee, UnknownName):
        return found
    fix = (
        "If this person has left, keep the form with their file. If not, add them to the staff "
        "list with this id."
    )
    return replace(found, fix=fix)


def _check_objectives(case: ReturnCase) -> Iterator[Problem]:
    """As many objectives as the rule says or a reason, each with what the form asks of one."""
    rule = case.edition.organisation.rules.get("objectives")
    count = 0
    for part in case.blank.parts:
        for row in part.grid.rows if part.grid else ():
            by_meaning = {q.means: q for q in row.questions if q.means}
            objective = by_meaning.get("objective")
            if objective is None or not case.submission.value(objective.id).strip():
                continue
            count += 1
            for meaning in ("measure", "by-when"):
                asked = by_meaning.get(meaning)
                answer = case.submission.answers.get(asked.id) if asked else None
                if meaning == "by-when" and asked and asked.id in case.multi_cycle_questions:
                    continue
                if asked and answer and answer.state == "blank" and not answer.beside:
                    message = f"“{asked.title}” is empty"
                    clause = _clause_behind(case, asked)
                    yield _problem(case, problems.OBJECTIVE_INCOMPLETE, message, clause)
    if rule is None or case.first_answer("number-reason"):
        return
    most, least = rule.max or rule.exactly or rule.normal, rule.min or rule.exactly
    if most and count > most:
        wanted, bound = most, "at most "
    elif least and 0 < count < least:
        wanted, bound = least, "at least "
    else:
        return
    word = case.edition.word("objective")
    set_ = f"1 {word} is" if count == 1 else f"{count} {plural(word)} are"
    firm = f" ({rule.strength})" if rule.strength else ""
    message = f"{set_} set, and the rule is {'' if rule.exactly else bound}{wanted}{firm}"
    yield _problem(case, problems.OBJECTIVES_NUMBER, message, rule.clause)


def _check_dates(case: ReturnCase) -> Iterator[Problem]:
    """What happened is in order and in the cycle of that person's group, and is not to come."""
    yield from _check_order(case)
    yield from _check_period(case)
    limited = {limit.ends for limit in case.edition.organisation.checks.limits}
    for question, day in case.days_held:
        late = _describe_lateness_of(case, question, day)
        if late is None:
            yield from _check_day(case, question, day)
        elif question.means not in limited:  # a time limit says it by itself
            kind, message = late
            yield _problem(case, kind, message, _clause_behind(case, question))
    for question, day in case.signature_days:
        yield from _check_day(case, question, day)
    for question, day in case.days(*FOLLOW_UPS):
        if (question, day) not in case.days_held:
            yield from _check_future(case, question, day)
    for question, day in case.days("by-when") if case.period else ():
        starts, ends = case.period or (day, day)
        goes_on = question.id in case.multi_cycle_questions
        if day < starts or (day > ends and not goes_on):
            yield _date_outside(case, question, day, (starts, ends))


def _check_day(case: ReturnCase, question: Question, day: datetime.date) -> Iterator[Problem]:
    """A day on which something happened is one on which it may have, and is past."""
    allowed = case.allowed_days(question)
    if allowed and not allowed[0] <= day <= allowed[1]:
        yield _date_outside(case, question, day, allowed)
    else:
        yield from _check_future(case, question, day)


def _check_future(case: ReturnCase, question: Question, day: datetime.date) -> Iterator[Problem]:
    if case.today and day > case.today:
        message = f"“{question.title}” ({british(day)}) is after today, {british(case.today)}"
        yield _problem(case, problems.DATE_FUTURE, message, _clause_behind(case, question))


def _date_outside(
    case: ReturnCase, question: Question, day: datetime.date, allowed: Period
) -> Problem:
    first, last = map(british, allowed)
    message = f"“{question.title}” ({british(day)}) is outside the cycle, {first} to {last}"
    if case.period and allowed != case.period:
        message = (
            f"“{question.title}” ({british(day)}) is outside the cycle and the days of its events, "
            f"{first} to {last}"
        )
    return _problem(case, problems.DATE_OUTSIDE, message, _clause_behind(case, question))


def _check_order(case: ReturnCase) -> Iterator[Problem]:
    """The meetings are in the order of the year, and the cycle ends after it starts."""
    meetings = case.days(*MEETINGS)
    for then, later in meetings:
        before = [
            (earlier, first)
            for first, earlier in meetings
            if MEETINGS.index(first.means) < MEETINGS.index(then.means)
        ]
        latest = max(before, key=lambda one: one[0], default=None)
        if latest and latest[0] > later:
            earlier, first = latest
            message = (
                f"“{then.title}” ({british(later)}) is before “{first.title}” ({british(earlier)})"
            )
            yield _problem(case, problems.DATES_ORDER, message, _clause_behind(case, then))
    starts, ends = (
        read_day(case.prefilled_answer(f"cycle.{end}")).date for end in ("starts", "ends")
    )
    if starts and ends and ends < starts:
        yield _problem(case, problems.DATES_ORDER, "the cycle ends before it starts")


def _check_period(case: ReturnCase) -> Iterator[Problem]:
    """The cycle on the form is the person's, or a part of it."""
    said, cycle = case.period_on_form, case.cycle
    if case.person and said and cycle and not _is_within(said, cycle):
        message = (
            f"the form’s cycle is {british(said[0])} to {british(said[1])}, and the person’s is "
            f"{british(cycle[0])} to {british(cycle[1])}"
        )
        yield _problem(case, problems.DATE_OUTSIDE, message)


def _describe_lateness_of(
    case: ReturnCase, question: Question, day: datetime.date
) -> tuple[Kind, str] | None:
    """How something breaks the time of its event: by a day of the cycle, or by another event.

    Of several events that one date can be of, the last decides.
    """
    events = case.events_recorded(question)
    late = [found for one in events if (found := _describe_late_event(case, one, question, day))]
    return late[-1] if late and len(late) == len(events) else None


def _describe_late_event(
    case: ReturnCase, one: DatedEvent, question: Question, day: datetime.date
) -> tuple[Kind, str] | None:
    """How an event is late that happened on `day`; None where it is not."""
    rule, said = one.rule, f"“{question.title}” ({british(day)})"
    if rule.kind == "relative":
        anchor = next(found for found in case.events if found.event.id == rule.anchor)
        recorded = [
            found for asked, found in case.days_held if anchor in case.events_recorded(asked)
        ]
        if recorded:
            return _compare_with_anchor(rule, said, day, anchor.event.name, max(recorded))
        if rule.lead == "before" and not rule.offset and one.last and day > one.last:
            when = f"“{anchor.event.name}” ({british(one.last)})"
            return problems.DATES_ORDER, f"{said} is after {when}"
    if one.is_deadline and one.last and day > one.last:
        due = f"“{one.event.name}” was due by {british(one.last)}"
        return problems.TIME_LIMIT, f"{said} is late: {due}"
    return None


def _compare_with_anchor(
    rule: TimeRule, said: str, day: datetime.date, name: str, anchor: datetime.date
) -> tuple[Kind, str] | None:
    """How a day breaks a rule that counts from an event which the form records too."""
    when = f"“{name}” ({british(anchor)})"
    if rule.lead == "before" and day > anchor:
        return problems.DATES_ORDER, f"{said} is after {when}"
    if rule.lead in ("after", "within", "as soon as practicable after") and day < anchor:
        return problems.DATES_ORDER, f"{said} is before {when}"
    words = rule.unit.removesuffix("s")
    unit, working = words.rpartition(" ")[2], words.startswith("working day")
    number = abs(rule.offset)
    if rule.lead == "within" and rule.offset > 0 and day > _add_time(anchor, number, unit, working):
        return problems.TIME_LIMIT, f"{said} is more than {number} {rule.unit} after {when}"
    if rule.offset < 0 and _add_time(day, number, unit, working) > anchor:
        return problems.TIME_LIMIT, f"{said} is less than {number} {rule.unit} before {when}"
    return None


@dataclass(frozen=True)
class TimeLimitResult:
    """A time limit that a return shows to be kept or not; `fault` says how not."""

    limit: TimeLimit
    fault: str = ""


def apply_time_limits(case: ReturnCase) -> Iterator[TimeLimitResult]:
    """The policy's time limits between days that the form records, and whether each is kept."""
    for limit in case.edition.organisation.checks.limits:
        ends = case.days(limit.ends)
        if not ends:
            continue
        _, last = ends[-1]
        if limit.event:
            if due := case.due_day(limit.event):
                yield TimeLimitResult(limit, _describe_lateness(limit, last, due))
            continue
        begins = case.days(limit.begins) if limit.begins else []
        rule = case.edition.organisation.rules[limit.rule or ""]
        if begins:
            first = begins[0][1]
            fault = _describe_breach(first, last, rule, limit)
            said = f"{limit.words} took from {british(first)} to {british(last)}, {fault}"
            yield TimeLimitResult(limit, said if fault else "")


def _check_time_limits(case: ReturnCase) -> Iterator[Problem]:
    """The time limits of the policy, and what a support period asks of its dates."""
    for found in apply_time_limits(case):
        if found.fault:
            yield _problem(case, problems.TIME_LIMIT, found.fault, found.limit.clause)
    asked = case.questions_meaning("extension-reason")
    if asked and case.days("extended-to") and not case.first_answer("extension-reason"):
        message = "the period was extended, and no reason is given"
        yield _problem(
            case, problems.EXTENSION_WITHOUT_REASON, message, _clause_behind(case, asked[0])
        )
    period = [*case.days("support-starts"), *case.days("support-ends")]
    if len(period) == 2:
        (_, starts), (_, ends_on) = period
        if ends_on < starts:
            yield _problem(case, problems.DATES_ORDER, "the support ends before it starts")
            return
        until = max([ends_on, *(day for _, day in case.days("extended-to"))])
        for question, day in case.days("review-date"):
            if not starts <= day <= until:
                message = f"“{question.title}” ({british(day)}) is outside the support period"
                yield _problem(case, problems.DATE_OUTSIDE, message, _clause_behind(case, question))


def _describe_lateness(limit: TimeLimit, day: datetime.date, due: datetime.date) -> str:
    said = f"{limit.words} is dated {british(day)}, and was due by {british(due)}"
    return said if day > due else ""


def _describe_breach(
    begins: datetime.date, ends: datetime.date, rule: Rule, limit: TimeLimit
) -> str:
    """How a time breaks its rule, in words; empty where it keeps it."""
    if ends < begins:
        return "which ends before it begins"
    unit, most = unit_of(rule), longest(rule)
    if most is not None and ends > _add_time(begins, most, unit, limit.working_days):
        return f"longer than {most} {rule.unit}"
    if rule.min is not None and ends < _add_time(begins, rule.min, unit, limit.working_days) - DAY:
        return f"shorter than {rule.min} {rule.unit}"
    return ""


def longest(rule: Rule) -> int | None:
    """How long a rule allows something to take; None for any time."""
    return rule.max or rule.exactly or (None if rule.min else rule.normal)


def _add_time(day: datetime.date, number: int, unit: str, working: bool) -> datetime.date:
    if unit == "hour":
        return day + -(-number // 24) * DAY
    if unit == "day" and working:
        for _ in range(number):
            day += DAY
            while day.weekday() >= 5 or day in bank_holidays():
                day += DAY
        return day
    return after(day, number, unit if unit in UNITS else "day")


@lru_cache(maxsize=1)
def bank_holidays() -> Mapping[datetime.date, str]:
    """England's bank holidays. School holidays differ from school to school, and count as days."""
    from holidays import country_holidays  # slow to load, and seldom wanted

    return country_holidays("GB", subdiv="ENG")


def _check_pay(case: ReturnCase) -> Iterator[Problem]:
    """Pay goes up only at the rating that the policy asks for, or with an exception recorded."""
    checks, ratings = case.edition.organisation.checks, case.edition.ratings
    if checks.pay_rating is None or ratings is None or case.first_answer("pay-exception"):
        return
    if not _recommends_pay(case):
        return
    for question in case.questions_meaning("rating"):
        value = case.submission.value(question.id)
        for level in ratings.levels:
            worse = level.number is not None and level.number > checks.pay_rating
            if worse and value.startswith(level.name):
                message = f"a rise in pay is recommended, and “{question.title}” is {level.name}"
                yield _problem(case, problems.PAY_BELOW_RATING, message, checks.pay_clause)


def _recommends_pay(case: ReturnCase) -> bool:
    asked = case.questions_meaning("pay-criteria")
    chosen = case.first_answer("pay-criteria")
    return bool(asked and chosen and chosen == asked[0].options[0])


def _check_observer(case: ReturnCase) -> Iterator[Problem]:
    """Whoever observes a teacher holds QTS, where the form asks it."""
    if case.first_answer("observer-qualified").casefold() == "no":
        asked = case.questions_meaning("observer-qualified")[0]
        message = "the observer does not hold QTS"
        yield _problem(case, problems.OBSERVER_UNQUALIFIED, message, _clause_behind(case, asked))


def _check_signatures(case: ReturnCase) -> Iterator[Problem]:
    """Nobody signs before the first meeting that the form records."""
    held = case.days(*MEETINGS, "observed")
    if not held:
        return
    question, first = min(held, key=lambda one: one[1])
    for signature, day in case.signature_days:
        if day < first:
            message = (
                f"“{signature.title}” is dated {british(day)}, before “{question.title}” "
                f"({british(first)})"
            )
            yield _problem(case, problems.SIGNED_EARLY, message)


def _check_appeal(case: ReturnCase) -> Iterator[Problem]:
    """An appeal is not heard by the reviewer."""
    hearer = case.first_answer("hearer")
    reviewers = (case.prefilled_answer("staff.reviewer"), case.listed_reviewer)
    if any(mentions_name(hearer, reviewer) for reviewer in reviewers):
        asked = case.questions_meaning("hearer")[0]
        role = case.edition.word("reviewer")
        message = f"the appeal is heard by {_shorten(hearer)}, who is the {role}"
        yield _problem(case, problems.APPEAL_OWN, message, _clause_behind(case, asked))


_CHECKS = (
    _check_stamp,
    _check_answers,
    _check_people,
    _check_objectives,
    _check_dates,
    _check_time_limits,
    _check_pay,
    _check_observer,
    _check_signatures,
    _check_appeal,
)


def _shorten(text: str) -> str:
    shown = one_line(text)
    return shown if len(shown) <= 60 else f"{shown[:57]}…"
