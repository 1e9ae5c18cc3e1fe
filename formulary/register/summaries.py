"""How far the returns have come: counts and shares by school, reviewer, group and form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from formulary.cells import Cell
from formulary.register.table import RegisterTable
from formulary.returns.expected import ExpectedReturn

_COUNTS = ("Forms", "Done", "Begun", "Not returned", "Share done", "Overdue", "Share overdue")

NOWHERE = "(none given)"
"""Where the staff list does not say which school or reviewer."""


def summaries(owed: Sequence[ExpectedReturn]) -> Iterator[RegisterTable]:
    """A table for each way of looking at it, in the order of the names; each ends with a total."""
    for title, heading, key in (
        ("By school", "School or team", site_of),
        ("By reviewer", "Reviewer", reviewer_of),
        ("By group", "Staff group", group_of),
        ("By form", "Form", form_of),
    ):
        about = f"How many forms are done, begun, not returned and overdue, {title.lower()}."
        parts = split_by(owed, key)
        yield RegisterTable(
            title,
            (heading, "People", *_COUNTS),
            tuple((name, *_counts(found)) for name, found in parts),
            about=about,
            fixed=1,
            total=("Total", *_counts(owed)) if owed else (),
        )


def split_by(
    owed: Sequence[ExpectedReturn], key: Callable[[ExpectedReturn], tuple[str, str]]
) -> list[tuple[str, list[ExpectedReturn]]]:
    """What is owed, parted by a key (an id and a name), in the order of the names.

    Where two keys share a name, their id is added to it.
    """
    parts = parts_by_key(owed, key)
    names = [name for _, name in parts]
    named = [
        (f"{name} ({id})" if names.count(name) > 1 and id else name or NOWHERE, found)
        for (id, name), found in parts.items()
    ]
    return sorted(named, key=lambda pair: (pair[0].casefold(), pair[0]))


def parts_by_key(
    owed: Sequence[ExpectedReturn], key: Callable[[ExpectedReturn], tuple[str, str]]
) -> dict[tuple[str, str], list[ExpectedReturn]]:
    """What is owed, parted by a key, in the order in which the keys come."""
    parts: dict[tuple[str, str], list[ExpectedReturn]] = {}
    for one in owed:
        parts.setdefault(key(one), []).append(one)
    return parts


def site_of(one: ExpectedReturn) -> tuple[str, str]:
    return "", one.assignment.person.site


def reviewer_of(one: ExpectedReturn) -> tuple[str, str]:
    return one.reviewer


def group_of(one: ExpectedReturn) -> tuple[str, str]:
    return one.assignment.group.id, one.assignment.group.name


def form_of(one: ExpectedReturn) -> tuple[str, str]:
    return one.expected.form.id, one.expected.title


def _counts(owed: Sequence[ExpectedReturn]) -> tuple[Cell, ...]:
    people = len({one.assignment.person.id for one in owed})
    done = sum(one.is_done for one in owed)
    back = sum(one.is_returned for one in owed)
    late = sum(one.is_overdue for one in owed)
    whole = len(owed)
    begun = back - done
    return (
        people,
        whole,
        done,
        begun,
        whole - back,
        _share(done, whole),
        late,
        _share(late, whole),
    )


def _share(part: int, whole: int) -> Cell:
    """A part as a share of the whole; empty where there is nothing to share."""
    return round(part / whole, 4) if whole else ""
