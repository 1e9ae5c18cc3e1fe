"""Read from the headings of a staff list what each column is for.

A heading is known by the organisation's own map, by the name of what it is for, or by one of the
words that HR systems use for it. Of several such words the first tier goes before the second.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import product
from typing import get_args

from formulary import problems
from formulary.content.staff_columns import Column, StaffColumns
from formulary.staff.table import WHAT, Sheet, SheetNote, SheetRow
from formulary.words import clean, comparison_key

Tiers = tuple[tuple[str, ...], ...]

_NUMBERS = ("id", "number", "no", "num", "ref", "reference", "code")
_REVIEWERS: Tiers = (
    ("reviewer", "performance management reviewer", "appraiser", "performance manager"),
    ("line manager", "contract manager", "performance reviewer"),
    ("manager", "supervisor", "reports to", "team leader"),
)


def _each(firsts: tuple[str, ...], lasts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{first} {last}" for first, last in product(firsts, lasts))


def _reviewer(lasts: tuple[str, ...]) -> Tiers:
    """Every word for a reviewer with every ending, as “line manager number” and “manager’s id”."""
    return tuple(
        _each(words, lasts) + _each(tuple(f"{word}s" for word in words), lasts)
        for words in _REVIEWERS
    )


SYNONYMS: Mapping[Column, Tiers] = {
    "id": (
        ("id", *_each(("employee", "staff", "person", "personnel", "worker"), _NUMBERS)),
        _each(("payroll", "pay", "hr", "assignment", "position"), _NUMBERS),
    ),
    "name": (
        ("name", "full name", "employee name", "staff name", "person name", "reviewee"),
        ("employee", "staff member", "member of staff", "display name", "legal name"),
    ),
    "forename": (("forename", "first name", "given name", "forenames", "first names"),),
    "surname": (("surname", "last name", "family name"),),
    "known-as": (("known as", "preferred name", "preferred first name", "preferred forename"),),
    "job-title": (
        ("job title", "job", "post title", "position title", "role title"),
        ("post", "position", "role", "job name", "job description", "occupation"),
    ),
    "group": (
        ("staff group", "group", "policy group", "review group"),
        ("employee group", "staff category", "employee category", "staff type", "workforce group"),
        ("role type", "category", "pay group", "grade group"),
    ),
    "site": (
        ("school or team", "school", "site", "academy", "school name"),
        ("location", "work location", "workplace", "base", "establishment", "organisation unit"),
        ("team", "department", "service", "division", "faculty", "provider", "cost centre name"),
    ),
    "stage": (
        ("career stage", "stage", "career stage expectation"),
        ("scale point", "pay point", "spine point", "pay scale point", "scp"),
        ("pay scale", "scale", "grade", "pay grade"),
    ),
    "reviewer": tuple(
        words + names
        for words, names in zip(_REVIEWERS, _reviewer(("name", "full name")), strict=True)
    ),
    "reviewer-id": _reviewer(
        (*_NUMBERS, *_each(("employee", "staff", "payroll", "personnel"), _NUMBERS))
    ),
    "reviewer-email": _reviewer(("email", "e mail", "email address", "work email")),
    "starts": (
        ("start date", "starts", "start", "contract start", "contract start date", "post start"),
        ("post start date", "position start date", "date started", "start of contract"),
        ("employment start date", "date of joining", "join date", "hire date", "date joined"),
        ("continuous service date", "continuous service start date", "service start date"),
    ),
    "ends": (
        ("end date", "ends", "end", "contract end", "contract end date", "fixed term end date"),
        ("expected end date", "post end date", "position end date", "end of contract"),
        ("leaving date", "date of leaving", "leave date", "date left", "termination date"),
    ),
    "email": (
        ("email", "email address", "e mail", "work email", "work email address", "staff email"),
    ),
    "status": (
        (
            *("status", "employment status", "employee status", "staff status", "worker status"),
            *("contract type", "type of contract", "contract", "contract status", "worker type"),
            *("employment type", "employee type", "assignment status", "appointment type"),
            *("probation", "in probation", "on probation", "probation status", "probationary"),
            *("induction", "in induction", "induction status", "ect", "ect status", "nqt"),
            *("agency", "agency worker", "casual", "volunteer", "capability", "disciplinary"),
        ),
    ),
}
"""Words that HR systems use, by what they are for; one tier goes before the next.

Case, accents, spaces and punctuation are ignored.
"""

LEAVING = frozenset(map(comparison_key, SYNONYMS["ends"][2]))
"""Headings of an end date that says when a person leaves, and nothing about the contract."""

_KNOWN: Mapping[str, tuple[Column, int]] = {
    comparison_key(word): (column, tier)
    for column, tiers in reversed(tuple(SYNONYMS.items()))
    for tier, words in reversed(tuple(enumerate(tiers)))
    for word in (column, *words)
}


@dataclass(frozen=True)
class ColumnMap:
    """What the columns of a list are for, by their number from 0; status may have several."""

    header: SheetRow
    columns: Mapping[Column, int]
    status: tuple[int, ...]
    further: tuple[tuple[str, int], ...]
    notes: tuple[SheetNote, ...]

    def heading(self, column: int) -> str:
        return clean(str(self.header.cell(column)))

    @property
    def pairs(self) -> tuple[tuple[Column, str], ...]:
        """What each column was taken for, and its heading."""
        pairs: list[tuple[Column, str]] = [
            (name, self.heading(place)) for name, place in self.columns.items()
        ]
        pairs.extend(("status", self.heading(place)) for place in self.status)
        return tuple(pairs)


DEEPEST_HEADER = 40
"""Rows. Titles, dates and filters that a system prints above the headings are fewer."""


def header_of(sheet: Sheet, own: StaffColumns) -> tuple[SheetRow | None, int]:
    """The row that holds the headings, and how many things its columns are for; None if none does.

    A header has a column for a name or an id, and at least one other that is known.
    """
    ours = {comparison_key(heading): name for name, heading in _own_headings(own)}
    best, most = None, 1
    for row in sheet.rows[:DEEPEST_HEADER]:
        found = {
            ours.get(comparison_key(str(cell))) or _column(str(cell)) for cell in row.filled
        } - {None}
        if len(found) > most and found & {"id", "name", "surname"}:
            best, most = row, len(found)
    return best, most if best else 0


def _own_headings(own: StaffColumns) -> Iterator[tuple[Column, str]]:
    for name, said in own.columns.items():
        for heading in (said,) if isinstance(said, str) else said:
            yield name, heading


def _column(heading: str) -> Column | None:
    known = _KNOWN.get(comparison_key(heading))
    return known[0] if known else None


def map_columns(sheet: Sheet, header: SheetRow, own: StaffColumns) -> ColumnMap:
    """Say what each column is for; name two that are for one thing, and those not understood."""
    return _ColumnMapper(sheet, header, own).map_all()


class _ColumnMapper:
    def __init__(self, sheet: Sheet, header: SheetRow, own: StaffColumns) -> None:
        self.sheet, self.header, self.own = sheet, header, own
        self.keys = [comparison_key(str(cell)) for cell in header.cells]
        self.notes: list[SheetNote] = []
        self.columns: dict[Column, int] = {}
        self.taken: set[int] = set()

    def map_all(self) -> ColumnMap:
        further = tuple(self.map_further())
        status = set(self.map_own_headings())
        for name in get_args(Column):
            if name not in self.columns and name != "status":
                self.map_by_synonym(name)
        status |= {
            place
            for place, word in enumerate(self.keys)
            if word and place not in self.taken and _column(word) == "status"
        }
        self.taken |= status
        self.report_unused()
        columns = dict(sorted(self.columns.items(), key=lambda pair: pair[1]))
        return ColumnMap(self.header, columns, tuple(sorted(status)), further, tuple(self.notes))

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
        near = get_close_matches(heading, [clean(str(c)) for c in self.header.filled], 1)
        fix = f"Is it “{near[0]}” now? " if near else ""
        message = f"The list has no column “{heading}”, which staff-columns.yaml names for {what}"
        fix += "Correct staff-columns.yaml, or add the column."
        self.notes.append(SheetNote(problems.STAFF_COLUMN_GONE, message, fix, self.header.number))

    def map_by_synonym(self, name: Column) -> None:
        """Join the column of the best tier; two of one tier must say the same in every row."""
        tiers: dict[int, list[int]] = {}
        for place, word in enumerate(self.keys):
            known = _KNOWN.get(word)
            if known and known[0] == name and place not in self.taken:
                tiers.setdefault(known[1], []).append(place)
        if not tiers:
            return
        best = tiers[min(tiers)]
        self.columns[name] = best[0]
        self.taken.update(best)
        if len(best) > 1:
            self.check_duplicates(name, best)

    def check_duplicates(self, name: Column, places: list[int]) -> None:
        values = [
            {clean(str(row.cell(place))) for place in places}
            for row in self.sheet.rows
            if row.number > self.header.number
        ]
        if all(len(said) == 1 for said in values):
            return
        named = " and ".join(f"“{clean(str(self.header.cell(place)))}”" for place in places)
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
            heading = clean(str(self.header.cell(place)))
            near = get_close_matches(word, _KNOWN, 1, 0.8)
            guess = _KNOWN[near[0]][0] if near and word not in _KNOWN else None
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
