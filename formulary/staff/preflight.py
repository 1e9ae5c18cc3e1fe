"""Decide before a file is written who gets a pack, who does not and why, and what is in doubt.

Everyone on the list is exactly one of three: a recipient, left out by the policy's scope or dates,
or stopped by a problem with what the list says of them.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from formulary import problems
from formulary.content.cycle import Calendar, british
from formulary.content.organisation import Exclusion, Group, Rule, ShortCycle
from formulary.content.staff_columns import State
from formulary.edition.durations import end_date, is_shorter
from formulary.edition.edition import Edition
from formulary.problems import Kind, Problem, errors_in, in_order
from formulary.staff.assignment import Assignment
from formulary.staff.person import Person, ReadPart, RowFate, StaffList
from formulary.staff.rows import list_rows
from formulary.staff.status import is_vacancy


@dataclass(frozen=True)
class LeftOut:
    """A person who gets no pack, why in words, and the id of the clause behind it, if one is."""

    person: Person
    why: str
    clause: str = ""
    label: str = ""
    """How a sentence names the clause: “clause 5.3”."""

    def __str__(self) -> str:
        """Who it is, in which row, and why."""
        clause = f" ({self.label})" if self.label else ""
        return f"{self.person}, row {self.person.place.line}: {self.why}{clause}"


@dataclass(frozen=True)
class Preflight:
    """What is said of a whole list before anything is written.

    `left_out` are those without a pack by the policy or the dates, `stopped` those with an error;
    `problems` every doubt, those of the list itself included, in order.
    """

    edition: Edition
    people: tuple[Person, ...]
    recipients: tuple[Assignment, ...]
    left_out: tuple[LeftOut, ...]
    stopped: tuple[LeftOut, ...]
    problems: tuple[Problem, ...]
    lists: tuple[ReadPart, ...] = ()
    """What was read of the lists, part by part."""


def preflight(edition: Edition, staff: StaffList) -> Preflight:
    """Judge everyone on a list by the organisation's policy, for the edition's cycles."""
    judge = _StaffCheck(edition, staff)
    found = [judge.check_person(person) for person in staff.people]
    recipients = [one for one in found if isinstance(one, Assignment)]
    left_out = tuple(one for one in found if isinstance(one, LeftOut))
    judge.report_states()
    judge.reviewers(recipients)
    said = tuple(
        replace(
            problem,
            message=edition.in_own_words(problem.message),
            fix=edition.in_own_words(problem.fix),
        )
        for problem in in_order((*staff.problems, *judge.problems))
    )
    reasons = _reasons(said)
    gone = {left.person.id for left in left_out}
    placed = gone if "reviewer" in staff.lacks else gone | {one.person.id for one in recipients}
    stopped = tuple(
        LeftOut(person, _without_person(person, reasons.get(person.id, judge.lacking)))
        for person in staff.people
        if person.id not in gone and (person.id in reasons or person.id not in placed)
    )
    halted = {left.person.id for left in stopped}
    return Preflight(
        edition,
        staff.people,
        tuple(one for one in recipients if one.person.id not in halted),
        left_out,
        stopped,
        tuple(p for p in said if not (p.about and set(p.about) <= gone)),
        staff.parts,
    )


def _reasons(said: Iterable[Problem]) -> dict[str, str]:
    """The first error about each person."""
    reasons: dict[str, str] = {}
    for problem in errors_in(said):
        for id in problem.about:
            reasons.setdefault(id, problem.message)
    return reasons


MOST_GUESSES = 20
"""A guess for each of thousands of names would take minutes."""


def _without_person(person: Person, message: str) -> str:
    """A message that begins with the person, without them."""
    return message.removeprefix(f"{person}: ").removeprefix(f"{person} ")


ABSENT_FIX = "To leave them out until they are back: absent: no-pack, under packs."
PROBATION_FIX = "If your policy leaves them out, add them to scope in organisation.yaml."


@dataclass(frozen=True)
class _Period:
    starts: datetime.date
    ends: datetime.date
    short: str = ""


class _StaffCheck:
    def __init__(self, edition: Edition, staff: StaffList) -> None:
        self.edition, self.staff = edition, staff
        organisation = edition.organisation
        self.groups = {group.id: group for group in organisation.groups}
        self.scope = {exclusion.id: exclusion for exclusion in organisation.scope}
        self.rules: Mapping[str, Rule] = organisation.rules
        self.people = {person.id: person for person in staff.people}
        self.problems: list[Problem] = []
        self.named = {
            id for p in staff.problems if p.kind == problems.STAFF_GROUP for id in p.about
        }
        self.states: dict[State, list[Person]] = {}
        self.knows_probation = any(
            "probation" in " ".join((found.id, found.words, *found.signs)).casefold()
            for found in organisation.scope
        )
        columns = (p.message for p in staff.problems if p.kind == problems.STAFF_COLUMNS)
        self.lacking = next(columns, "")

    def check_person(self, person: Person) -> Assignment | LeftOut | None:
        """What becomes of a person; None where a problem stops them."""
        if person.excluded:
            return self.leave_out(person, self.scope[person.excluded])
        if why := self.why_not_there(person):
            return LeftOut(person, why)
        for exclusion in self.exclusions_for(person):
            if exclusion.shorter_than and self.is_too_short(person, exclusion):
                return self.leave_out(person, exclusion)
        short = self.short_cycle(person)
        group = self.groups.get(short.group if short and short.group else person.group)
        if group is None:
            if person.id not in self.named and "group" not in self.staff.lacks:
                known = ", ".join(f"“{found.name}”" for found in self.groups.values())
                message = f"{person} has no staff group"
                self.add(problems.STAFF_GROUP, person, message, f"Write one of {known}.")
            return None
        calendar = self.calendar(person, group)
        if calendar is None:
            return None
        return self.in_cycle(person, group, calendar, short)

    def in_cycle(
        self, person: Person, group: Group, calendar: Calendar, short: ShortCycle | None
    ) -> Assignment | LeftOut | None:
        if person.ends and person.ends < calendar.starts:
            why = f"ended on {british(person.ends)}, before the cycle starts"
            return LeftOut(person, why)
        if person.starts and person.starts > calendar.ends:
            why = f"starts on {british(person.starts)}, after the cycle ends"
            return LeftOut(person, why)
        period = self.period(person, calendar, short)
        if period is None:
            return None
        for exclusion in self.exclusions_for(person):
            if exclusion.first and person.starts:
                last = end_date(person.starts, self.rules[exclusion.first])
                if last >= period.ends:
                    return self.leave_out(person, exclusion, f" until {british(last)}")
                if last >= period.starts:
                    message = f"{person} is {exclusion.words} until {british(last)}"
                    fix = "The policy covers the time after it; change the dates on the forms."
                    self.add(problems.STAFF_SHORT_CYCLE, person, message, fix)
        self.check_stage(person, group)
        return Assignment(
            person,
            group,
            calendar,
            period.starts,
            period.ends,
            "" if self.is_vacant(person) else person.reviewer_name,
            period.short,
            reviewer.email if (reviewer := self.people.get(person.reviewer)) else "",
        )

    # people who are not there

    def why_not_there(self, person: Person) -> str:
        """Why somebody who is no longer, or for long not, at work gets no pack; empty if they do.

        A person who goes to work, or whose absence or probation keeps no pack, is asked of further.
        """
        words = f"as the list says (“{person.state_words}”)"
        absent = self.edition.organisation.packs.absent
        if person.state == "vacant":
            return f"a vacant post, {words}"
        if person.state == "left":
            return f"no longer employed, {words}"
        if person.state == "absent" and absent == "no-pack":
            return f"absent, {words}: no pack until they are back (absent, under packs)"
        if person.state == "absent" or (person.state == "probation" and not self.knows_probation):
            self.states.setdefault(person.state, []).append(person)
        return ""

    def report_states(self) -> None:
        """Name once those who get a pack though they are away or in probation."""
        said = {
            "absent": ("absent, and get a pack, as absent: pack decides", ABSENT_FIX),
            "probation": ("in probation, of which the policy's scope says nothing", PROBATION_FIX),
        }
        for state, people in self.states.items():
            words, fix = said[state]
            first, *others = people
            more = f", and {len(others)} more" if others else ""
            message = f"{first} (“{first.state_words}”){more}: {words}"
            about = tuple(person.id for person in people)
            self.problems.append(
                Problem(problems.STAFF_STATE, first.place, message, fix, about=about)
            )

    # exclusions of the policy

    def exclusions_for(self, person: Person) -> Iterator[Exclusion]:
        for exclusion in self.scope.values():
            if not exclusion.groups or person.group in exclusion.groups:
                yield exclusion

    def leave_out(self, person: Person, exclusion: Exclusion, more: str = "") -> LeftOut:
        label = self.edition.label(exclusion.clause)
        return LeftOut(person, f"{exclusion.words}{more}", exclusion.clause, label)

    def is_too_short(self, person: Person, exclusion: Exclusion) -> bool:
        if not (person.starts and person.ends):
            return False
        if exclusion.only_fixed_term and not person.fixed_term:
            return False
        rule = self.rules[exclusion.shorter_than or ""]
        answer = self.is_shorter(person, rule)
        if answer == "perhaps":
            dates = f"{british(person.starts)} to {british(person.ends)}"
            message = f"{person}: the contract ({dates}) may be shorter than one {rule.unit}"
            fix = f"A person who is {exclusion.words} gets no pack. Check the dates."
            self.add(problems.STAFF_STANDING, person, message, fix)
        return answer == "yes"

    def is_shorter(self, person: Person, rule: Rule) -> str:
        assert person.starts and person.ends
        edition = self.edition
        return is_shorter(person.starts, person.ends, rule, edition.cycles, edition.year)

    # the cycle

    def short_cycle(self, person: Person) -> ShortCycle | None:
        """The rule for people on a fixed term that holds for this person."""
        for short in self.edition.organisation.short_cycles:
            if "fixed-term" not in short.who:
                continue
            if short.group and person.group == short.group:
                return short
            if not person.fixed_term or not (person.starts and person.ends):
                continue
            rule = self.rules.get(short.shorter_than or "")
            if rule is None or self.is_shorter(person, rule) == "yes":
                return short
        return None

    def calendar(self, person: Person, group: Group) -> Calendar | None:
        """The one cycle of a group."""
        found = [c for c in self.edition.calendars if group.id in c.cycle.groups]
        if len(found) == 1:
            return found[0]
        said = "no cycle" if not found else "several cycles"
        message = f"{person}: the group “{group.name}” has {said}"
        self.add(problems.STAFF_CYCLE, person, message, "Give the group one cycle in cycle.yaml.")
        return None

    def period(
        self, person: Person, calendar: Calendar, short: ShortCycle | None
    ) -> _Period | None:
        """From when to when this person's cycle runs; None where the list does not say enough."""
        if short and short.period == "contract":
            if person.starts and person.ends:
                return _Period(person.starts, person.ends, short.id)
            message = f"{person}: the cycle is that of the contract, and a date of it is missing"
            fix = "Write the first and the last day of the contract."
            self.add(problems.STAFF_CYCLE, person, message, fix)
            return None
        period = _Period(calendar.starts, calendar.ends)
        if person.starts and person.starts > calendar.starts:
            period = self.shorten(person, period, short, "joiners", starts=person.starts)
        if person.ends and person.ends < calendar.ends:
            period = self.shorten(person, period, short, "leavers", ends=person.ends)
        return period

    def shorten(
        self,
        person: Person,
        period: _Period,
        short: ShortCycle | None,
        who: str,
        *,
        starts: datetime.date | None = None,
        ends: datetime.date | None = None,
    ) -> _Period:
        rules = self.edition.organisation.short_cycles
        rule = short or next((found for found in rules if who in found.who), None)
        if rule:
            return _Period(starts or period.starts, ends or period.ends, rule.id)
        happens = "starts" if starts else "ends"
        message = f"{person} {happens} on {british(starts or ends or period.starts)}"
        message += ", during the cycle, and the policy does not say what to do then"
        fix = "The forms have the dates of the whole cycle; change them by hand where needed."
        self.add(problems.STAFF_SHORT_CYCLE, person, message, fix)
        return period

    def check_stage(self, person: Person, group: Group) -> None:
        stages = self.edition.career_stages
        if person.stage and stages and group.id not in stages.groups:
            message = f"{person} has a career stage, and the group “{group.name}” has none"
            self.add(problems.STAFF_STAGE_UNUSED, person, message)

    # reviewers

    def reviewers(self, recipients: Iterable[Assignment]) -> None:
        everyone = tuple(recipients)
        away: dict[str, list[Person]] = {}
        unknown = {
            id
            for problem in self.staff.problems
            if problem.kind == problems.STAFF_REVIEWER
            for id in problem.about
        }
        for one in everyone:
            if one.person.id not in unknown:
                self.reviewer(one, away)
        for place, (name, people) in enumerate(away.items()):
            self.report_away(name, people, guess=place < MOST_GUESSES)
        reviewed = {one.person.id: one.person.reviewer for one in everyone}
        for circle in find_circles(reviewed):
            if len(circle) > 1:
                self.report_circle([self.people[id] for id in circle])

    def is_vacant(self, person: Person) -> bool:
        """Whether the list names a vacant post as a person's reviewer."""
        reviewer = self.people.get(person.reviewer)
        return reviewer.state == "vacant" if reviewer else is_vacancy(person.reviewer_name)

    def reviewer(self, one: Assignment, away: dict[str, list[Person]]) -> None:
        person = one.person
        if not person.reviewer and not person.reviewer_name:
            if "reviewer" not in self.staff.lacks:
                message = f"{person} has no reviewer"
                self.add(problems.STAFF_REVIEWER, person, message, "Name the reviewer.")
            return
        if self.is_vacant(person):
            message = f"{person}: the reviewer is a vacant post, “{person.reviewer_name}”"
            self.add(problems.STAFF_REVIEWER, person, message, "Name the reviewer.")
            return
        if person.reviewer == person.id:
            self.add(
                problems.STAFF_OWN_REVIEWER, person, f"{person} is listed as their own reviewer"
            )
            return
        reviewer = self.people.get(person.reviewer)
        if reviewer is None:
            away.setdefault(person.reviewer_name, []).append(person)
        elif reviewer.state in ("left", "absent"):
            message = f"{person}: the reviewer {reviewer} is away: “{reviewer.state_words}”"
            self.add(problems.STAFF_REVIEWER_AWAY, person, message)
        elif reviewer.ends and reviewer.ends < one.ends:
            message = (
                f"{person}: the reviewer {reviewer} leaves on {british(reviewer.ends)}, before the "
                f"cycle ends on {british(one.ends)}"
            )
            self.add(problems.STAFF_REVIEWER_AWAY, person, message)

    def report_away(self, name: str, people: list[Person], *, guess: bool) -> None:
        """Name a reviewer who is not on the list, once for everyone they review."""
        more = f", and of {len(people) - 1} more" if people[1:] else ""
        message = f"The reviewer “{name}” is not on the list: the reviewer of {people[0]}{more}"
        names = [found.name for found in self.staff.people] if guess else []
        near = get_close_matches(name, names, 1, 0.8)
        fix = (
            f"Did you mean {near[0]}?"
            if near
            else "Check the name. The forms print it as it is on the list."
        )
        kind, about = problems.STAFF_REVIEWER_AWAY, tuple(person.id for person in people)
        self.problems.append(Problem(kind, people[0].place, message, fix, about=about))

    def report_circle(self, people: list[Person]) -> None:
        first = people[0]
        names = " reviews ".join(str(person) for person in reversed([*people, first]))
        message = f"A circle: {names}"
        kind = problems.STAFF_CIRCLE
        ids = tuple(person.id for person in people)
        self.problems.append(Problem(kind, first.place, message, kind.remedy, about=ids))

    def add(self, kind: Kind, person: Person, message: str, fix: str = "") -> None:
        self.problems.append(
            Problem(kind, person.place, message, fix or kind.remedy, about=(person.id,))
        )


def find_circles(reviewed: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    """Every circle among people by the id of each one's reviewer, once, from its first person on.

    A circle of one reviews themselves. Ids without an entry of their own end a way.
    """
    order = {id: place for place, id in enumerate(reviewed)}
    done: set[str] = set()
    found = []
    for start in reviewed:
        way: dict[str, None] = {}
        id = start
        while id in reviewed and id not in done and id not in way:
            way[id] = None
            id = reviewed[id]
        if id in way:
            ids = list(way)
            circle = ids[ids.index(id) :]
            first = circle.index(min(circle, key=order.__getitem__))
            found.append(tuple(circle[first:] + circle[:first]))
        done.update(way)
    return tuple(found)


HEADINGS = ("Staff group", "On the list", "Get a pack", "Left out", "Problems")


def summary(found: Preflight) -> tuple[tuple[str, ...], ...]:
    """Rows for a table: the headings, a row for each group, those without one, and the total."""
    return (HEADINGS, *((name, *map(str, counts)) for name, counts in _counts(found)))


def _counts(found: Preflight) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The name of every group, and how many are on the list, going, left out and stopped."""
    group_of = {one.person.id: one.group.id for one in found.recipients}
    left = {one.person.id for one in found.left_out}
    stopped = {one.person.id for one in found.stopped}
    names = {group.id: group.name for group in found.edition.organisation.groups}
    rows: dict[str, list[int]] = {id: [0, 0, 0, 0] for id in (*names, "")}
    for person in found.people:
        row = rows[group_of.get(person.id, person.group)]
        places = (True, person.id in group_of, person.id in left, person.id in stopped)
        for place, is_there in enumerate(places):
            row[place] += is_there
    for id, row in rows.items():
        if id or row[0]:
            yield names.get(id, "No group"), tuple(row)
    yield "Everyone", tuple(sum(column) for column in zip(*rows.values(), strict=True))


def as_data(found: Preflight) -> dict[str, Any]:
    """The preflight as plain values, for `--json`."""
    return {
        "organisation": found.edition.id,
        "edition": found.edition.name,
        "summary": [
            {
                "group": name,
                "on_list": on,
                "going": recipients,
                "left_out": left,
                "stopped": stopped,
            }
            for name, (on, recipients, left, stopped) in _counts(found)
        ],
        "going": [
            {
                "id": one.person.id,
                "name": one.person.name,
                "row": one.person.place.line,
                "group": one.group.id,
                "cycle": one.calendar.cycle.id,
                "starts": one.starts.isoformat(),
                "ends": one.ends.isoformat(),
                "short": one.short,
                "reviewer": one.reviewer_name,
            }
            for one in found.recipients
        ],
        "left_out": [_left_out(one) for one in found.left_out],
        "stopped": [_left_out(one) for one in found.stopped],
        "problems": [problem.as_data() for problem in found.problems],
        "lists": [
            {
                "file": part.file,
                "sheet": part.sheet,
                "encoding": part.encoding,
                "columns": [
                    {"heading": heading, "meaning": meaning} for heading, meaning in part.columns
                ],
                "filled": part.filled,
                "rows": {
                    fate: len(rows) if fate == "person" else rows
                    for fate, rows in part.rows.items()
                },
            }
            for part in found.lists
        ],
    }


FATES: Mapping[RowFate, tuple[str, str]] = {
    "person": ("person", "people"),
    "post": ("further post or repeated row", "further posts or repeated rows"),
    "heading": ("row of headings", "rows of headings"),
    "title": ("row above the headings", "rows above the headings"),
    "vacancy": ("vacant post", "vacant posts"),
    "remark": ("total, title or remark", "totals, titles or remarks"),
    "unread": ("row that could not be read", "rows that could not be read"),
}
"""What a filled row is, in words: of one, and of several."""


def describe_rows(part: ReadPart) -> str:
    """What became of the filled rows of a part of a list; the numbers add up."""
    if not part.filled:
        return "hidden or empty, and not read"
    if not part.columns:
        return f"not read, since no row of {part.filled:,} has the headings of a staff list"
    said = []
    for fate, (one, several) in FATES.items():
        if numbers := part.rows.get(fate, ()):
            where = "" if fate == "person" else f" ({list_rows(numbers)})"
            said.append(f"{len(numbers):,} {one if len(numbers) == 1 else several}{where}")
    count = f"{part.filled:,} filled {'row' if part.filled == 1 else 'rows'}"
    letters = "" if part.encoding in ("", "utf-8", "utf-8-sig") else f", read as {part.encoding}"
    return f"{count}{letters}: {', '.join(said)}"


def _left_out(one: LeftOut) -> dict[str, str | int]:
    return {
        "id": one.person.id,
        "name": one.person.name,
        "row": one.person.place.line,
        "why": one.why,
        "clause": one.clause,
    }
