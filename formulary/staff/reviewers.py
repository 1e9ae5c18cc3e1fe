"""Find each person's reviewer among the people of a staff list.

A reviewer can be given by id, by email or by name. A name that two people have is named, not
guessed; a name that nobody on the list has stays a name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from formulary import problems
from formulary.problems import Kind, Problem
from formulary.staff.person import Person
from formulary.words import name_key, spelling_key

_IN_BRACKETS = re.compile(r"(.*?)\s*[(\[]([^()\[\]]+)[)\]]")


MOST_GUESSES = 20
"""Of a wrong list every reviewer is unknown, and a guess for each would take minutes."""


@dataclass(frozen=True, slots=True)
class ReviewerEntry:
    """A person, the names they may be called by, and what the list says of their reviewer."""

    person: Person
    names: tuple[str, ...]
    reviewer: str = ""
    reviewer_id: str = ""
    reviewer_email: str = ""


class PeopleByName:
    """People by their names, each under as many as they have."""

    def __init__(self, names: Iterable[tuple[str, Person]]) -> None:
        self._known: dict[str, dict[str, list[Person]]] = {}
        for name, person in names:
            spellings = self._known.setdefault(name_key(name), {})
            same = spellings.setdefault(spelling_key(name), [])
            if person not in same:
                same.append(person)

    def find(self, name: str) -> tuple[Person, ...]:
        """Everybody who can be meant by a name.

        If a name is spelt so, only those who have it; if not, all whose name differs in accents,
        hyphens and spaces only.
        """
        key = name_key(name)
        spellings = self._known.get(key, {}) if key else {}
        exact = spellings.get(spelling_key(name))
        every = (person for people in spellings.values() for person in people)
        return tuple(exact or dict.fromkeys(every))


def people_by_number(people: Iterable[Person]) -> dict[str, Person]:
    """People whose id is a number, by it without leading zeros, where that is one person's only."""
    numbers = [person for person in people if person.id.isdecimal()]
    often = Counter(person.id.lstrip("0") for person in numbers)
    return {number: person for person in numbers if often[number := person.id.lstrip("0")] == 1}


def resolve(said: Iterable[ReviewerEntry]) -> tuple[tuple[Person, ...], tuple[Problem, ...]]:
    """Everyone with the reviewer's id, or name where nobody on the list has it."""
    everyone = tuple(said)
    finder = _Finder(everyone)
    people = tuple(finder.with_reviewer(one) for one in everyone)
    return people, tuple(finder.problems)


class _Finder:
    def __init__(self, everyone: tuple[ReviewerEntry, ...]) -> None:
        self.by_id = {one.person.id.casefold(): one.person for one in everyone}
        self.by_number = people_by_number(one.person for one in everyone)
        self.by_email = dict(_by_email(everyone))
        self.by_name = PeopleByName((name, one.person) for one in everyone for name in one.names)
        self.shown = [one.person.name for one in everyone]
        self.problems: list[Problem] = []

    def with_reviewer(self, one: ReviewerEntry) -> Person:
        for value, known, what in (
            (one.reviewer_id, self.by_id, "id"),
            (one.reviewer_email, self.by_email, "email"),
        ):
            if not value:
                continue
            found = self.find_by_id(value) if what == "id" else known.get(value.casefold())
            if found is None:
                self.report_unknown(one, value, what, known)
                return one.person
            self.check_name(one, found)
            return _with_reviewer(one.person, found)
        return self.find_by_words(one) if one.reviewer else one.person

    def find_by_id(self, value: str) -> Person | None:
        """The person with that id; leading zeros, which spreadsheets drop, are ignored."""
        return self.by_id.get(value.casefold()) or self.by_number.get(value.lstrip("0"))

    def find_by_words(self, one: ReviewerEntry) -> Person:
        """The reviewer from a column that may hold a name, an id, an email, or two of them."""
        value = one.reviewer
        bracketed = _IN_BRACKETS.fullmatch(value)
        for words in (value, *(bracketed.groups()[::-1] if bracketed else ())):
            found = self.by_email.get(words.casefold()) or self.find_by_id(words)
            if found:
                return _with_reviewer(one.person, found)
            several = self.by_name.find(words)
            if len(several) == 1:
                return _with_reviewer(one.person, several[0])
            if several:
                self.report_ambiguous(one, words, several)
                return one.person
        if "@" in value:
            self.report_unknown(one, value, "email", self.by_email)
            return one.person
        if re.fullmatch(r"[A-Za-z]{0,4}[-/ ]?\d+", value):
            self.report_unknown(one, value, "id", self.by_id)
            return one.person
        return replace(one.person, reviewer_name=value)

    def report_unknown(
        self, one: ReviewerEntry, value: str, what: str, known: Mapping[str, Person]
    ) -> None:
        message = f"{one.person}: nobody on the list has the reviewer’s {what} “{value}”"
        few = len(self.problems) < MOST_GUESSES
        near = get_close_matches(value.casefold(), known, 1, 0.8) if few else []
        fix = f"Did you mean {known[near[0]]}?" if near else problems.STAFF_REVIEWER.remedy
        self.add(one, message, fix)

    def report_ambiguous(self, one: ReviewerEntry, value: str, several: Sequence[Person]) -> None:
        people = ", ".join(f"{person.id} in row {person.place.line}" for person in several)
        message = f"{one.person}: {len(several)} people can be the reviewer “{value}”: {people}"
        self.add(one, message, "Write the reviewer’s id or email in place of the name.")

    def check_name(self, one: ReviewerEntry, found: Person) -> None:
        """Where a list gives both a name and an id, they must be of one person."""
        bracketed = _IN_BRACKETS.fullmatch(one.reviewer)
        name = bracketed[1] if bracketed else one.reviewer
        named = self.by_name.find(name)
        if named and found not in named:
            message = (
                f"{one.person}: the reviewer is “{one.reviewer}” by name, "
                f"and {found} by id or email"
            )
            kind = problems.STAFF_REVIEWER_DIFFERS
            self.add(one, message, kind.remedy, kind)

    def add(
        self, one: ReviewerEntry, message: str, fix: str, kind: Kind = problems.STAFF_REVIEWER
    ) -> None:
        self.problems.append(Problem(kind, one.person.place, message, fix, about=(one.person.id,)))


def _by_email(everyone: tuple[ReviewerEntry, ...]) -> Iterator[tuple[str, Person]]:
    """People by an email that nobody else has; a mailbox that several share says nothing."""
    often = Counter(one.person.email.casefold() for one in everyone)
    for one in everyone:
        email = one.person.email.casefold()
        if email and often[email] == 1:
            yield email, one.person


def _with_reviewer(person: Person, reviewer: Person) -> Person:
    return replace(person, reviewer=reviewer.id, reviewer_name=reviewer.name)
