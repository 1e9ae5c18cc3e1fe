"""Read from the headings of a staff list what each column is for.

A heading is known by the organisation's own map, by the name of what it is for, or by one of the
words that HR systems use for it. Of several such words the first tier goes before the second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import get_args

from formulary import problems
from formulary.content.staff_columns import Column, StaffColumns
from formulary.staff.list_words import find_heading, known_headings
from formulary.staff.table import WHAT, ListPart, SheetNote, SheetRow
from formulary.words import clean, comparison_key


@dataclass(frozen=True)
class ColumnMap:
    """What the columns of a list are for, by their number from 0; status may have several."""

    header: SheetRow
    columns: Mapping[Column, int]
    spare: Mapping[Column, tuple[int, ...]]
    """Further columns for the same, which count where the first is empty."""
    status: tuple[int, ...]
    further: tuple[tuple[str, int], ...]
    notes: tuple[SheetNote, ...]

    def heading(self, column: int) -> str:
        return clean(str(self.header.cell(column)))

    @property
    def meanings(self) -> tuple[tuple[str, str], ...]:
        """Every heading, and in words what its column was taken for; empty for what is unused."""
        used = {place: WHAT[name] for name, place in self.columns.items()}
        for name, places in self.spare.items():
            first = self.heading(self.columns[name])
            used |= dict.fromkeys(places, f"{WHAT[name]}, where “{first}” is empty")
        used |= dict.fromkeys(self.status, WHAT["status"])
        used |= {place: f"staff.{name}" for name, place in self.further}
        return tuple(
            (self.heading(place), used.get(place, ""))
            for place, cell in enumerate(self.header.cells)
            if str(cell).strip()
        )


_WITH_SPARES = frozenset[Column](("forename", "surname"))
"""What columns of a lower tier can say too: a preferred surname is often empty."""


DEEPEST_HEADER = 40
"""Rows. Titles, dates and filters that a system prints above the headings are fewer."""

_NO_HEADING = re.compile(r"[\d\s.,/:-]+|.*@.*")
"""A number, a date or an address: no heading is one."""


class HeadingRows:
    """Tells the rows of headings from those of people, by the words known and the organisation's.

    A row of headings has one for a name or an id, and at least one other that is known.
    """

    def __init__(self, own: StaffColumns) -> None:
        self.own: dict[str, Column] = {
            comparison_key(heading): name for name, heading in _own_headings(own)
        }

    def column(self, heading: str) -> Column | None:
        """What a heading is for."""
        found = find_heading(heading)
        return self.own.get(comparison_key(heading)) or (found.column if found else None)

    def count(self, row: SheetRow) -> int:
        """How many things the columns below a row of headings are for; 0 where it is none."""
        texts = [cell for cell in row.filled if isinstance(cell, str)]
        if len(texts) < len(row.filled) or any(_NO_HEADING.fullmatch(text) for text in texts):
            return 0
        known = {self.column(text) for text in texts} - {None}
        return len(known) if len(known) > 1 and known & {"id", "name", "surname"} else 0

    def begins_part(self, row: SheetRow, above: SheetRow, places: Sequence[int]) -> bool:
        """Whether a row below the headings `above` is a row of headings too.

        `places` are the columns of the id and the name above. A person may be called “Employee”
        under a status, so these cells must be headings, or most cells of the row.
        """
        if any(any(map(str.isdigit, str(row.cell(place)))) for place in places):
            return False
        if not self.count(row):
            return row.filled == above.filled
        held = [str(row.cell(place)) for place in places]
        if all(not text.strip() or self.column(text) for text in held):
            return True
        known = sum(self.column(str(cell)) is not None for cell in row.filled)
        return known >= 0.75 * len(row.filled)


def first_headings(rows: Sequence[SheetRow], known: HeadingRows) -> SheetRow | None:
    """The first row of headings of a sheet; None if it has none."""
    return next((row for row in rows[:DEEPEST_HEADER] if known.count(row)), None)


def _own_headings(own: StaffColumns) -> Iterator[tuple[Column, str]]:
    for name, said in own.columns.items():
        for heading in (said,) if isinstance(said, str) else said:
            yield name, heading


def map_columns(part: ListPart, own: StaffColumns) -> ColumnMap:
    """Say what each column is for; name two that are for one thing, and those not understood."""
    return _ColumnMapper(part, own).map_all()


class _ColumnMapper:
    def __init__(self, part: ListPart, own: StaffColumns) -> None:
        self.rows, self.header, self.own = part.rows, part.header, own
        self.headings = [clean(str(cell)) for cell in self.header.cells]
        self.keys = [comparison_key(heading) for heading in self.headings]
        self.notes: list[SheetNote] = []
        self.columns: dict[Column, int] = {}
        self.spare: dict[Column, tuple[int, ...]] = {}
        self.taken: set[int] = set()

    def map_all(self) -> ColumnMap:
        further = tuple(self.map_further())
        status = set(self.map_own_headings())
        for name in get_args(Column):
            if name not in self.columns and name != "status":
                self.map_by_synonym(name)
        status |= {
            place
            for place in range(len(self.keys))
            if place not in self.taken and self.known_column(place) == "status"
        }
        self.taken |= status
        self.take_preferred_name()
        self.report_unused()
        columns = dict(sorted(self.columns.items(), key=lambda pair: pair[1]))
        return ColumnMap(
            self.header, columns, self.spare, tuple(sorted(status)), further, tuple(self.notes)
        )

    def known_column(self, place: int) -> Column | None:
        found = find_heading(self.headings[place])
        return found.column if found else None

    def take_preferred_name(self) -> None:
        """Where no other column is for the name, “Preferred name” is the whole name."""
        place = self.columns.get("known-as")
        if place is None or {"name", "surname"} & self.columns.keys():
            return
        if self.keys[place] in ("preferredname", "knownas", "knownasname", "chosenname"):
            self.columns["name"] = self.columns.pop("known-as")

    def map_further(self) -> Iterator[tuple[str, int]]:
        for name, heading in self.own.further.items():
            places = self.places(heading)
            if places:
                self.taken.add(places[0])
                yield name, places[0]
            else:
                self.report_missing(heading, f"staff.{name}")

    def map_own_headings(self) -> Iterator[int]:
        """Join the columns that the organisation's map names; gives those of the status."""
        for name, said in self.own.columns.items():
            headings = (said,) if isinstance(said, str) else said
            found = [place for heading in headings for place in self.places(heading)]
            self.taken.update(found)
            if name == "status":
                yield from found
            elif found:
                self.columns[name] = found[0]
                if len(found) > 1 and len({self.keys[place] for place in found}) == 1:
                    self.check_duplicates(name, found)
            else:
                self.report_missing(" or ".join(headings), WHAT[name])

    def places(self, heading: str) -> list[int]:
        wanted = comparison_key(heading)
        return [place for place, word in enumerate(self.keys) if word == wanted]

    def report_missing(self, heading: str, what: str) -> None:
        near = get_close_matches(heading, list(filter(None, self.headings)), 1)
        fix = f"Is it “{near[0]}” now? " if near else ""
        message = f"The list has no column “{heading}”, which staff-columns.yaml names for {what}"
        fix += "Correct staff-columns.yaml, or add the column."
        self.notes.append(SheetNote(problems.STAFF_COLUMN_GONE, message, fix, self.header.number))

    def map_by_synonym(self, name: Column) -> None:
        """Join the column of the best tier; two of one tier must not say different things.

        The others are spare, and count where the cell of the first is empty.
        """
        tiers: dict[int, list[int]] = {}
        for place, heading in enumerate(self.headings):
            known = find_heading(heading)
            if known and known.column == name and place not in self.taken:
                tiers.setdefault(known.tier, []).append(place)
        if not tiers:
            return
        best = tiers[min(tiers)]
        self.columns[name] = best[0]
        spare = best
        if name in _WITH_SPARES:
            spare = [place for tier in sorted(tiers) for place in tiers[tier]]
        if spare[1:]:
            self.spare[name] = tuple(spare[1:])
        self.taken.update(spare)
        if len(best) > 1:
            self.check_duplicates(name, best)

    def check_duplicates(self, name: Column, places: list[int]) -> None:
        values = ({clean(str(row.cell(place))) for place in places} - {""} for row in self.rows)
        if all(len(said) <= 1 for said in values):
            return
        named = " and ".join(f"“{self.headings[place]}”" for place in places)
        message = f"The columns {named} are both for {WHAT[name]}, and do not say the same"
        fix = f"Delete one, or name the one that counts under “{name}:” in staff-columns.yaml."
        column = places[1] + 1
        self.notes.append(
            SheetNote(problems.STAFF_COLUMNS, message, fix, self.header.number, column)
        )

    def report_unused(self) -> None:
        """Name what is not understood: with a guess where one is near, the others together."""
        others = []
        for place, word in enumerate(self.keys):
            if not word or place in self.taken:
                continue
            heading = self.headings[place]
            known = known_headings()
            near = get_close_matches(word, known, 1, 0.8)
            guess = known[near[0]].column if near and not find_heading(heading) else None
            if guess and guess not in self.columns and guess != "status":
                message = f"The column “{heading}” is not understood. It may be for {WHAT[guess]}"
                fix = f"If it is, write “{guess}: {heading}” under columns in staff-columns.yaml."
                note = SheetNote(
                    problems.STAFF_COLUMN_GUESS, message, fix, self.header.number, place + 1
                )
                self.notes.append(note)
            else:
                others.append(f"“{heading}”")
        if others:
            message = f"Columns of the list that are not used: {', '.join(others)}"
            fix = "To fill forms from one, name it under further in staff-columns.yaml."
            self.notes.append(
                SheetNote(problems.STAFF_COLUMN_UNUSED, message, fix, self.header.number)
            )
