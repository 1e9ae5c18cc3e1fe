"""Make one person of the rows that are about one: two posts, or the same row in two lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from formulary import problems
from formulary.problems import Problem
from formulary.staff.person import Person, RowFate
from formulary.staff.reviewers import ReviewerEntry
from formulary.staff.status import YES
from formulary.staff.table import Cell
from formulary.words import comparison_key, name_key

PostRule = Literal["ask", "main", "each"]
"""What an organisation does with a person who has several posts (`packs.posts`)."""

MOST_NAMED = 10
"""People named in one message."""


@dataclass(frozen=True, slots=True)
class Post:
    """A row about a person: what it says, the part of the lists that it is in, and its values."""

    entry: ReviewerEntry
    part: int
    cells: tuple[Cell, ...]
    hours: str = ""
    main: str = ""

    @property
    def person(self) -> Person:
        return self.entry.person

    @property
    def row(self) -> int:
        return self.person.place.line


@dataclass(frozen=True)
class JoinedPosts:
    """Everyone once (or once a post, by the rule), and what became of the other rows.

    `further` gives by part and row what a row is that is no person's first: a post, or unread.
    """

    entries: tuple[ReviewerEntry, ...]
    further: Mapping[int, Mapping[int, RowFate]]
    problems: tuple[Problem, ...]


def join_posts(posts: Sequence[Post], rule: PostRule) -> JoinedPosts:
    """Join the rows that have one id. Nobody is left out, but for an id that two people have."""
    return _PostJoiner(posts, rule).join()


class _PostJoiner:
    def __init__(self, posts: Sequence[Post], rule: PostRule) -> None:
        self.posts, self.rule = posts, rule
        self.further: dict[int, dict[int, RowFate]] = {}
        self.problems: list[Problem] = []
        self.several: list[tuple[Post, ...]] = []

    def join(self) -> JoinedPosts:
        by_id: dict[str, list[Post]] = {}
        for post in self.posts:
            by_id.setdefault(post.person.id.casefold(), []).append(post)
        entries = tuple(
            entry
            for rows in by_id.values()
            for entry in ((rows[0].entry,) if len(rows) == 1 else self.join_rows(rows))
        )
        self.report_several()
        return JoinedPosts(entries, self.further, tuple(self.problems))

    def join_rows(self, rows: list[Post]) -> Iterator[ReviewerEntry]:
        first, *rest = rows
        own = [first]
        for post in rest:
            if post.cells == first.cells:
                self.set_fate(post, "post")
                self.report_twice(first, post)
            elif is_same_person(first, post):
                own.append(post)
            else:
                self.set_fate(post, "unread")
                self.report_two_people(first, post)
        main = max(own, key=_weight)
        if len(own) > 1:
            self.several.append((main, *(post for post in own if post is not main)))
        yield main.entry
        others = [post for post in own if post is not main]
        for number, post in enumerate(others, start=2):
            if self.rule == "each":
                person = replace(post.person, id=f"{main.person.id}-{number}")
                yield replace(post.entry, person=person, names=())
            else:
                self.set_fate(post, "post")

    def set_fate(self, post: Post, fate: RowFate) -> None:
        self.further.setdefault(post.part, {})[post.row] = fate

    def report_twice(self, first: Post, post: Post) -> None:
        message = f"{post.person} is in {_place(first, post)} already, with the same values"
        kind = problems.STAFF_TWICE
        self.problems.append(Problem(kind, post.person.place, message, kind.remedy))

    def report_two_people(self, first: Post, post: Post) -> None:
        name, other = post.person.name, first.person.name
        message = (
            f"{other} and {name} have the same id {post.person.id}, in {_place(first, post)} and "
            f"in row {post.row}"
        )
        kind = problems.STAFF_REPEATED
        about = (first.person.id,)
        self.problems.append(Problem(kind, post.person.place, message, kind.remedy, about=about))

    def report_several(self) -> None:
        """Everyone with several posts, in one message: which post counts, and how to decide."""
        if not self.several or self.rule != "ask":
            return
        shown = "; ".join(
            f"{posts[0].person} in {_rows(posts)}" for posts in self.several[:MOST_NAMED]
        )
        more = len(self.several) - MOST_NAMED
        shown += f"; and {more:,} more" if more > 0 else ""
        count = len(self.several)
        who = "A person has several posts" if count == 1 else f"{count:,} people have several posts"
        message = f"{who}. The first row named counts: {shown}"
        place = self.several[0][1].person.place
        kind = problems.STAFF_POSTS
        self.problems.append(Problem(kind, place, message, kind.remedy))


def is_same_person(one: Post, two: Post) -> bool:
    """Whether two rows with one id are about one person: by name or by email."""
    names = {name_key(name) for name in one.entry.names if name}
    if names & {name_key(name) for name in two.entry.names if name}:
        return True
    if one.person.email and one.person.email.casefold() == two.person.email.casefold():
        return True
    ends = [(words[0], words[-1]) for words in (_words(one), _words(two)) if words]
    return len(ends) < 2 or ends[0] == ends[1]


def _words(post: Post) -> list[str]:
    return [comparison_key(word) for word in post.person.name.split() if comparison_key(word)]


def _weight(post: Post) -> tuple[bool, float]:
    """What makes a post the main one: the list says so, or it has the most hours."""
    hours = re.search(r"\d+([.,]\d+)?", post.hours)
    said = comparison_key(post.main)
    is_main = said in YES or said in ("main", "primary", "mainpost", "primarypost")
    return is_main, float(hours[0].replace(",", ".")) if hours else 0.0


def _place(post: Post, other: Post) -> str:
    """Where a row is, as a message about another says it."""
    if post.person.place.file == other.person.place.file:
        return f"row {post.row}"
    return f"row {post.row} of {post.person.place.file}"


def _rows(posts: Sequence[Post]) -> str:
    first, *others = posts
    return " and ".join([f"row {first.row}", *(_place(post, first) for post in others)])
