"""Whose a return is, as far as the file says it.

The id in the file decides, and only it, where there is one: a name is never looked at then. Without
an id, a name decides if exactly one person on the staff list has it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from formulary.staff.person import Person
from formulary.staff.reviewers import PeopleByName, people_by_number
from formulary.words import is_same_name


@dataclass(frozen=True, slots=True)
class ListedReviewee:
    """Somebody on the staff list."""

    person: Person
    name: str
    """The name on the form, which can be another."""


@dataclass(frozen=True, slots=True)
class UnknownId:
    """The file has an id that nobody on the list has: somebody who has left, or a wrong list."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class UnknownName:
    """The file has no id, and nobody on the list has the name; it may be empty."""

    name: str


@dataclass(frozen=True, slots=True)
class SharedName:
    """The file has no id, and several people on the list have the name."""

    name: str
    people: tuple[Person, ...]


Reviewee = ListedReviewee | UnknownId | UnknownName | SharedName


class RevieweeFinder:
    """Finds whose returns are among the people of a staff list."""

    def __init__(self, people: Iterable[Person]) -> None:
        everyone = {person.id.casefold(): person for person in people}
        self._by_id = everyone
        self._by_number = people_by_number(everyone.values())
        self._by_name = PeopleByName((person.name, person) for person in everyone.values())

    def find(self, id: str, name: str) -> Reviewee:
        """Whose a return is, by its id and the name on it; either may be empty.

        Spreadsheets drop the zeros with which an id begins: without them it is the same id where
        the form has that person's name too.
        """
        if id:
            person = self._by_id.get(id.casefold())
            if number := self._by_number.get(id.lstrip("0")):
                person = person or (number if is_same_name(name, number.name) else None)
            return ListedReviewee(person, name) if person else UnknownId(id, name)
        people = self._by_name.find(name)
        if len(people) == 1:
            return ListedReviewee(people[0], name)
        return SharedName(name, people) if people else UnknownName(name)


def explain_unlisted(reviewee: UnknownId | UnknownName | SharedName) -> str:
    """Why nobody on the list is known to be meant, to follow the name in a message."""
    if isinstance(reviewee, UnknownId):
        return f"the form was made for {reviewee.id}, who is not on the staff list"
    if isinstance(reviewee, UnknownName):
        return "is not on the staff list"
    people = ", ".join(
        f"{person.id} ({person.site})" if person.site else person.id for person in reviewee.people
    )
    return f"{len(reviewee.people)} people on the staff list have this name: {people}"
