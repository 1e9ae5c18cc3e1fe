"""Read the people of a staff list from its bytes."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from formulary import problems
from formulary.content.career_stages import CareerStages
from formulary.content.organisation import Organisation
from formulary.content.staff_columns import Column, StaffColumns
from formulary.edition.days import Day, drop_placeholder, read_day
from formulary.problems import Kind, Place, Problem
from formulary.staff.columns import LEAVING, ColumnMap, map_columns
from formulary.staff.files import find_list
from formulary.staff.person import Person, StaffList
from formulary.staff.reviewers import ReviewerEntry, resolve
from formulary.staff.status import StaffStatus, find_status, is_vacancy
from formulary.staff.table import WHAT, Cell, Sheet, SheetRow, UnreadableError
from formulary.words import clean, comparison_key, describe_damage


def read_staff(
    data: bytes,
    name: str,
    organisation: Organisation,
    columns: StaffColumns | None,
    stages: CareerStages | None = None,
    *,
    sheet: str = "",
) -> StaffList:
    """Read a staff list, CSV or XLSX by its content, whatever its name.

    `name` is the file's name for messages; `organisation` and `stages` have their texts filled in
    (as in an `Edition`); `columns` is the organisation's staff-columns.yaml; `sheet` picks a sheet
    of a workbook. Nothing is raised for what a list holds: every doubt is among the problems.
    """
    own = columns or StaffColumns.model_validate({})
    try:
        found, header = find_list(data, own, sheet)
    except UnreadableError as error:
        place = Place(Path(name), error.row)
        found_problem = Problem(problems.STAFF_FILE, place, error.message, error.fix)
        return StaffList(name, (), (found_problem,))
    reader = _Reader(name, found, map_columns(found, header, own), organisation, own, stages)
    del found  # the reader lets the rows go once it has people
    return reader.read()


_TOTAL = re.compile(
    r"(grand |sub)?totals?\b|(row |head ?|record |employee )?counts?\b|sum\b|number of\b"
    r"|end of (report|list)\b|printed\b|page \d+|report (run|date|produced)\b|generated\b"
    r"|\d+ (rows?|records?|employees?|people|staff)\b|run (by|on|date)\b|filters?\b",
    re.IGNORECASE,
)
"""How the last lines of a report begin, and those between its pages."""


@dataclass
class _SharedProblem:
    """One message about several people: said once, with the first of them and their number."""

    message: str
    fix: str
    place: Place
    people: list[Person] = field(default_factory=list)


class _Reader:
    """Reads the rows below the headings of one list."""

    def __init__(
        self,
        name: str,
        sheet: Sheet,
        column_map: ColumnMap,
        organisation: Organisation,
        own: StaffColumns,
        stages: CareerStages | None,
    ) -> None:
        self.name, self.sheet, self.column_map = name, sheet, column_map
        self.organisation, self.own = organisation, own
        self.problems: list[Problem] = []
        self.path = Path(name)
        self.contract_stated: set[str] = set()
        """Ids of people whose contract the list says to be fixed-term or not."""
        self.several: dict[tuple[Kind, str], _SharedProblem] = {}
        self.groups = _words_by_id(((g.id, g.name) for g in organisation.groups), own.groups)
        known = ((s.id, s.name) for s in stages.stages) if stages else ()
        self.stages = _words_by_id(known, own.stages)
        self.stage_names = [stage.name for stage in stages.stages] if stages else []
        self.sites = {comparison_key(site): site for site in organisation.sites}
        self.sites |= {comparison_key(word): site for word, site in own.sites.items()}

    def read(self) -> StaffList:
        rows = tuple(self.people_rows())
        said = tuple(self.read_entry(row) for row in rows)
        dates = {name: self.read_days(name, said, rows) for name in ("starts", "ends")}
        dated = [
            replace(one, person=self.set_dates(one.person, start, end))
            for one, start, end in zip(said, dates["starts"], dates["ends"], strict=True)
        ]
        self.sheet = replace(self.sheet, rows=())
        del rows, said, dates
        people, about_reviewers = resolve(dated)
        self.about_sheet(people)
        lacks = frozenset(self.report_missing_columns())
        found = [*self.problems, *map(self.shared_problem, self.several.items()), *about_reviewers]
        return StaffList(
            self.name,
            people,
            tuple(sorted(found, key=lambda p: (p.place, p.kind.code, p.message))),
            lacks,
            self.column_map.pairs,
        )

    # rows

    def people_rows(self) -> Iterator[SheetRow]:
        """The rows that are about a person, each id once."""
        heading = tuple(comparison_key(str(cell)) for cell in self.column_map.header.cells)
        seen: dict[str, SheetRow] = {}
        for row in self.sheet.rows:
            if row.number <= self.column_map.header.number or not row.filled:
                continue
            if tuple(comparison_key(str(cell)) for cell in row.cells) == heading:
                continue
            id, name = self.text(row, "id"), self.full_name(row)
            if not (id and any(map(str.isalpha, name))) and self.is_remark(row):
                shown = clean(str(row.filled[0]))
                message = f"The row “{shown}” is not about a person, and is not read"
                self.note(problems.STAFF_NOT_A_PERSON, row, message)
            elif not id and is_vacancy(name):
                message = f"The row “{name}” is a vacant post, and is not read"
                self.note(problems.STAFF_NOT_A_PERSON, row, message)
            elif not id:
                who = name or "A person"
                message = f"{who} has no id" if self.has("id") else f"{who} cannot be told apart"
                if self.has("id"):
                    self.note(problems.STAFF_VALUE, row, message, "Write the id.", "id")
            elif id.casefold() in seen:
                self.report_repeated(id, name, row, seen[id.casefold()])
            else:
                seen[id.casefold()] = row
                yield row

    def is_remark(self, row: SheetRow) -> bool:
        first = clean(str(row.filled[0]))
        few = len(row.filled) <= max(2, len(self.column_map.header.filled) // 2)
        return few and bool(_TOTAL.match(first))

    def report_repeated(self, id: str, name: str, row: SheetRow, first: SheetRow) -> None:
        if row.cells == first.cells:
            message = f"{name} ({id}) is in row {first.number} already, with the same values"
            self.note(problems.STAFF_TWICE, row, message)
            return
        other = self.full_name(first)
        who = f"{name} and {other}" if comparison_key(name) != comparison_key(other) else name
        message = f"{who}: the id {id} is in row {first.number} and in row {row.number}"
        self.note(
            problems.STAFF_REPEATED, row, message, column="id", about=(self.text(first, "id"),)
        )

    # values

    def has(self, name: Column) -> bool:
        return name in self.column_map.columns

    def cell(self, row: SheetRow, name: Column) -> Cell:
        place = self.column_map.columns.get(name)
        return "" if place is None else row.cell(place)

    def text(self, row: SheetRow, name: Column) -> str:
        value = _text(self.cell(row, name))
        return value.removeprefix("'") if name in ("id", "reviewer-id", "email") else value

    def full_name(self, row: SheetRow) -> str:
        """The name as the list writes it whole, or made of its parts."""
        if whole := self.text(row, "name"):
            return whole
        first = self.text(row, "known-as") or self.text(row, "forename")
        return clean(f"{first} {self.text(row, 'surname')}")

    def names(self, row: SheetRow) -> tuple[str, ...]:
        """Every name that a colleague's row may call the person by."""
        last = self.text(row, "surname")
        firsts = (self.text(row, "forename"), self.text(row, "known-as"))
        parts = tuple(f"{first} {last}" for first in firsts if first and last)
        return (self.full_name(row), *parts)

    def read_entry(self, row: SheetRow) -> ReviewerEntry:
        person = Person(
            id=self.text(row, "id"),
            name=self.full_name(row) or "(no name)",
            place=self.place(row),
            job_title=self.text(row, "job-title"),
            email=self.text(row, "email"),
            further=tuple((name, _text(row.cell(i))) for name, i in self.column_map.further),
        )
        if not self.full_name(row):
            message = f"The person with the id {person.id} has no name"
            self.note(problems.STAFF_VALUE, row, message, "Write the name.", "name", (person.id,))
        self.look_for_damage(row, person)
        status = [
            (self.column_map.heading(i), _text(row.cell(i)))
            for i in (*self.column_map.status, *self.group_column())
        ]
        if is_vacancy(person.name):
            vacant = StaffStatus(state="vacant", state_words=person.name)
            return ReviewerEntry(self.with_status(person, vacant), ())
        person = replace(person, group=self.group(row, person, status), site=self.site(row, person))
        standing = find_status(status, person.group, self.organisation, self.own)
        if standing.fixed_term is not None:
            self.contract_stated.add(person.id)
        if standing.unclear:
            value, words = standing.unclear
            message = f"“{value}” may mean that a person is {words}"
            fix = f"Say what it means: “{value}: …” under scope in staff-columns.yaml."
            self.add(problems.STAFF_STANDING, message, fix, person)
        person = self.with_status(person, standing)
        return ReviewerEntry(
            person if standing.is_gone else replace(person, stage=self.stage(row, person)),
            self.names(row),
            self.text(row, "reviewer"),
            self.text(row, "reviewer-id"),
            self.text(row, "reviewer-email"),
        )

    def with_status(self, person: Person, standing: StaffStatus) -> Person:
        return replace(
            person,
            excluded=standing.excluded,
            fixed_term=bool(standing.fixed_term),
            state=standing.state,
            state_words=standing.state_words,
        )

    def group_column(self) -> tuple[int, ...]:
        return (self.column_map.columns["group"],) if self.has("group") else ()

    def group(self, row: SheetRow, person: Person, status: list[tuple[str, str]]) -> str:
        """The id of the group; a person who is left out by the value needs none."""
        value = self.text(row, "group")
        groups = self.organisation.groups
        if not self.has("group") and len(groups) == 1:
            return groups[0].id
        found = self.groups.get(_singular(value), "")
        if value and not found:
            if find_status(status, "", self.organisation, self.own).is_gone:
                return ""
            names = [group.name for group in groups]
            message = f"“{value}” is not a staff group of {self.organisation.short}"
            fix = _guess(value, names, "or add it to groups in staff-columns.yaml")
            self.add(problems.STAFF_GROUP, message, fix, person, "group")
        return found

    def stage(self, row: SheetRow, person: Person) -> str:
        value = self.text(row, "stage")
        if not value or not self.stage_names:
            return ""
        found = self.stages.get(_singular(value), "")
        if not found and comparison_key(value) not in ("na", "none"):
            message = f"“{value}” is not a career stage of {self.organisation.short}"
            fix = _guess(value, self.stage_names, "or add it to stages in staff-columns.yaml")
            self.add(problems.STAFF_STAGE, message, fix, person, "stage")
        return found

    def site(self, row: SheetRow, person: Person) -> str:
        value = self.text(row, "site")
        found = self.sites.get(comparison_key(value))
        if value and not found and self.organisation.sites:
            message = f"organisation.yaml names no school or team “{value}”"
            fix = _guess(value, self.organisation.sites, "or add it to sites")
            self.add(problems.STAFF_SITE, message, fix, person, "site")
        return found or value

    def look_for_damage(self, row: SheetRow, person: Person) -> None:
        for name in ("name", "forename", "surname", "job-title", "site", "reviewer"):
            raw = str(self.cell(row, name))
            if said := describe_damage(raw):
                message = f"“{clean(raw)}” {said}"
                self.add(problems.STAFF_LETTERS, message, "", person, name)

    # dates

    def read_days(
        self, name: Column, said: Sequence[ReviewerEntry], rows: Sequence[SheetRow]
    ) -> list[datetime.date | None]:
        """The dates of one column, row by row.

        Where some can only have the month first, and none only the day, all of the column are in
        doubt that have numbers alone.
        """
        cells = [self.cell(row, name) for row in rows]
        read = [
            Day("named" if drop_placeholder(cell) else "open", drop_placeholder(cell))
            if isinstance(cell, datetime.date)
            else read_day(clean(cell))
            for cell in cells
        ]
        american = any(d.order == "american" for d in read)
        swapped = american and not any(d.order == "british" for d in read)
        dates: list[datetime.date | None] = []
        for one, row, cell, day in zip(said, rows, cells, read, strict=True):
            doubtful = swapped and day.order in ("both", "american")
            if doubtful:
                message = f"The month seems to come before the day under {WHAT[name]}"
                fix = "Write the dates as 31/10/2026 or 2026-10-31, or save the list as a workbook."
                self.add(problems.STAFF_DATE, message, fix, one.person, name)
            elif day.order in ("none", "american"):
                message = f"{one.person}: {WHAT[name]} “{_text(cell)}” is not a date that exists"
                fix = "Write the date as 31/10/2026 or 2026-10-31."
                if re.fullmatch(r"[2-7]\d{4}(\.\d+)?", _text(cell)):
                    fix = "It may be Excel’s number for a day: format the column as a date."
                self.note(problems.STAFF_DATE, row, message, fix, name, (one.person.id,))
            dates.append(None if doubtful else day.date)
        return dates

    def set_dates(
        self, person: Person, starts: datetime.date | None, ends: datetime.date | None
    ) -> Person:
        if starts and ends and ends < starts:
            message = f"{person} ends before they start"
            place, fix = replace(person.place, column=self.column("ends")), "Correct the dates."
            found = Problem(problems.STAFF_DATE, place, message, fix, about=(person.id,))
            self.problems.append(found)
            starts = ends = None
        fixed_term = person.fixed_term
        if ends and person.id not in self.contract_stated:
            fixed_term = (
                comparison_key(self.column_map.heading(self.column_map.columns["ends"]))
                not in LEAVING
            )
        return replace(person, starts=starts, ends=ends, fixed_term=fixed_term)

    # what is said

    def place(self, row: SheetRow | None = None, column: Column | None = None) -> Place:
        number = row.number if row else 0
        return Place(self.path, number, self.column(column))

    def column(self, name: Column | None) -> int:
        """The number of a column in the file, from 1; 0 for none."""
        place = self.column_map.columns.get(name) if name else None
        return 0 if place is None else place + 1

    def note(
        self,
        kind: Kind,
        row: SheetRow | None,
        message: str,
        fix: str = "",
        column: Column | None = None,
        about: tuple[str, ...] = (),
    ) -> None:
        place = self.place(row, column)
        self.problems.append(
            Problem(kind, place, message, fix or kind.remedy, self.where, about=about)
        )

    @property
    def where(self) -> str:
        return f"sheet “{self.sheet.title}”" if self.sheet.title else ""

    def add(
        self, kind: Kind, message: str, fix: str, person: Person, column: Column | None = None
    ) -> None:
        """Note something about a person that may be so with others too: it is said once."""
        place = replace(person.place, column=self.column(column))
        found = self.several.setdefault(
            (kind, message), _SharedProblem(message, fix or kind.remedy, place)
        )
        if person.id not in {one.id for one in found.people[-1:]}:
            found.people.append(person)

    def shared_problem(self, said: tuple[tuple[Kind, str], _SharedProblem]) -> Problem:
        (kind, _), found = said
        first, *others = found.people
        more = f", and {len(others)} more" if others else ""
        message = f"{found.message}: {first}{more}"
        about = tuple(person.id for person in found.people)
        return Problem(kind, found.place, message, found.fix, self.where, about)

    def about_sheet(self, people: Iterable[Person]) -> None:
        """What the columns and the workbook itself give cause to say."""
        header = self.column_map.header.number
        used = {i + 1 for i in (*self.column_map.columns.values(), *self.column_map.status)}
        used |= {i + 1 for _, i in self.column_map.further}
        by_row = {person.place.line: person for person in people}
        for note in (*self.column_map.notes, *self.sheet.notes):
            if note in self.sheet.notes and note.row <= header:
                continue
            if note in self.sheet.notes and note.column and note.column not in used:
                continue
            about = tuple(
                by_row[row].id
                for row in range(note.row, (note.last or note.row) + 1)
                if row in by_row and note.kind in (problems.STAFF_VALUE, problems.STAFF_MERGED)
            )
            if note.kind == problems.STAFF_VALUE and not about:
                continue
            place = Place(self.path, note.row, note.column)
            self.problems.append(
                Problem(note.kind, place, note.message, note.fix, self.where, about)
            )

    def report_missing_columns(self) -> Iterator[Column]:
        """What no column is for, and should be; each is said once and not of every person."""
        needed: list[tuple[Column, bool]] = [
            ("id", self.has("id")),
            ("name", self.has("name") or self.has("surname")),
            ("group", self.has("group") or len(self.organisation.groups) == 1),
            (
                "reviewer",
                self.has("reviewer") or self.has("reviewer-id") or self.has("reviewer-email"),
            ),
        ]
        for name, there in needed:
            if not there:
                message = f"No column of the list is for {WHAT[name]}"
                fix = f"Add the column, or name it in staff-columns.yaml: “{name}: …”."
                self.note(problems.STAFF_COLUMNS, self.column_map.header, message, fix)
                yield name


def _text(cell: Cell) -> str:
    """A value as a form shows it: a date as dd/mm/yyyy."""
    return cell.strftime("%d/%m/%Y") if isinstance(cell, datetime.date) else clean(cell)


def _singular(text: str) -> str:
    """A word in the form in which “Teacher” and “Teachers” are one."""
    return comparison_key(text).removesuffix("s")


def _words_by_id(things: Iterable[tuple[str, str]], own: dict[str, str]) -> dict[str, str]:
    """Ids by every word for a thing: its id, its name, and the organisation's own words."""
    known: dict[str, str] = {}
    for id, name in things:
        known[_singular(id)] = known[_singular(name)] = id
    return known | {_singular(word): id for word, id in own.items()}


def _guess(value: str, names: Iterable[str], otherwise: str) -> str:
    near = get_close_matches(value, list(names), 1)
    if near:
        return f"Did you mean “{near[0]}”? Correct it, {otherwise}."
    return f"Known: {', '.join(f'“{name}”' for name in names)}. Correct it, {otherwise}."
