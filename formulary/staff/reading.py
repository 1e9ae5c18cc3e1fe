"""Read the people of a staff list from its bytes."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from formulary import problems
from formulary.content.career_stages import CareerStages
from formulary.content.organisation import Organisation
from formulary.content.staff_columns import Column, StaffColumns
from formulary.edition.days import Day, drop_placeholder, read_day
from formulary.problems import Kind, Place, Problem
from formulary.staff.columns import HeadingRows, map_columns
from formulary.staff.files import find_lists
from formulary.staff.list_words import leaving_headings
from formulary.staff.person import Person, ReadPart, RowFate, StaffList
from formulary.staff.posts import Post, join_posts
from formulary.staff.reviewers import ReviewerEntry, resolve
from formulary.staff.rows import find_shifted, is_name, is_remark, is_total, list_rows, turn_name
from formulary.staff.status import StaffStatus, find_status, is_vacancy
from formulary.staff.table import WHAT, Cell, ListPart, Sheet, SheetRow, UnreadableError
from formulary.words import clean, comparison_key, describe_damage


@dataclass(frozen=True)
class ListFile:
    """A file of staff lists: its bytes, and its name for messages."""

    name: str
    data: bytes


def read_staff(
    files: Sequence[ListFile],
    organisation: Organisation,
    columns: StaffColumns | None,
    stages: CareerStages | None = None,
    *,
    sheet: str = "",
    encoding: str = "",
) -> StaffList:
    """Read staff lists as one, CSV or XLSX by their content, whatever their names.

    `organisation` and `stages` have their texts filled in (as in an `Edition`); `columns` is the
    organisation's staff-columns.yaml; `sheet` picks a sheet of workbooks, `encoding` is that of
    text files. Nothing is raised for what a list holds: every doubt is among the problems.
    """
    own = columns or StaffColumns.model_validate({})
    found: list[Problem] = []
    readers: list[_PartReader] = []
    others: list[ReadPart] = []
    words = _Words(organisation, own, stages)
    for file in files:
        try:
            lists = find_lists(file.data, own, sheet, encoding)
        except UnreadableError as error:
            place = Place(Path(file.name), error.row)
            found.append(Problem(problems.STAFF_FILE, place, error.message, error.fix))
            continue
        readers.extend(_PartReader(file.name, part, words, lists.encoding) for part in lists.parts)
        for unread in lists.others:
            others.append(_unread_sheet(file.name, unread))
            found.extend(_report_unread_sheet(file.name, unread))
    posts = [post for part, reader in enumerate(readers) for post in reader.read(part)]
    joined = join_posts(posts, organisation.packs.posts)
    for reader in readers:
        reader.part = replace(
            reader.part, rows=(), above=(), sheet=replace(reader.part.sheet, rows=())
        )
    del posts
    people, about_reviewers = resolve(joined.entries)
    lacks: set[Column] = set()
    for part, reader in enumerate(readers):
        reader.finish(joined.further.get(part, {}))
        lacks.update(reader.lacks)
        found.extend(reader.problems)
    found = [*found, *words.shared_problems(), *joined.problems, *about_reviewers]
    return StaffList(
        ", ".join(file.name for file in files),
        people,
        tuple(sorted(found, key=lambda p: (p.place, p.kind.code, p.message))),
        frozenset(lacks),
        (*(reader.read_part() for reader in readers), *others),
    )


def _unread_sheet(name: str, sheet: Sheet) -> ReadPart:
    return ReadPart(name, sheet.title, (), {"title": tuple(row.number for row in sheet.rows)})


def _report_unread_sheet(name: str, sheet: Sheet) -> Iterator[Problem]:
    """A sheet with a table in it that has no headings of a list may be one all the same."""
    wide = [row for row in sheet.rows if len(row.filled) > 2]
    if len(wide) > 2:
        message = f"The sheet “{sheet.title}” has no headings of a staff list, and is not read"
        place = Place(Path(name), wide[0].number)
        yield Problem(problems.STAFF_SHEET, place, message, problems.STAFF_SHEET.remedy)


NO_NAME = "(no name)"

StatusPairs = tuple[tuple[str, str], ...]
"""What columns of a status say: heading and value."""

_BRACKETS = re.compile(r"\s*\(([^()]*)\)$")
_SHORTENED = re.compile(r"[1-9]([.,]\d+)?e\+\d{2}", re.IGNORECASE)
_ERROR = re.compile(
    r"#(N/?A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!"
    r"|UNKNOWN!|GETTING_DATA|#{2,})"
)
_WORDS_OF_PEOPLE = ("name", "forename", "surname", "job-title", "site", "reviewer")


@dataclass
class _SharedProblem:
    """One message about several people: said once, with the first of them and their number."""

    message: str
    fix: str
    place: Place
    where: str
    people: list[Person] = field(default_factory=list)


class _Words:
    """The words of an organisation for its groups, stages and sites, and what is said once of all.

    It is shared by the parts of all lists.
    """

    def __init__(
        self, organisation: Organisation, own: StaffColumns, stages: CareerStages | None
    ) -> None:
        self.organisation, self.own = organisation, own
        self.several: dict[tuple[Kind, str], _SharedProblem] = {}
        self.headings = HeadingRows(own)
        self.groups = _words_by_id(((g.id, g.name) for g in organisation.groups), own.groups)
        known = ((s.id, s.name) for s in stages.stages) if stages else ()
        self.stages = _words_by_id(known, own.stages)
        self.stage_names = [stage.name for stage in stages.stages] if stages else []
        self.staged = frozenset(stages.groups) if stages else frozenset()
        self.sites = {comparison_key(site): site for site in organisation.sites}
        self.sites |= {comparison_key(word): site for word, site in own.sites.items()}

    def shared_problems(self) -> Iterator[Problem]:
        for (kind, _), found in self.several.items():
            first, *others = found.people
            more = f", and {len(others):,} more" if others else ""
            message = f"{found.message}: {first}{more}"
            about = tuple(dict.fromkeys(person.id for person in found.people))
            yield Problem(kind, found.place, message, found.fix, found.where, about)


class _PartReader:
    """Reads the rows below the headings of one part of a list."""

    def __init__(self, name: str, part: ListPart, words: _Words, encoding: str) -> None:
        self.name, self.part, self.words, self.encoding = name, part, words, encoding
        self.organisation, self.own = words.organisation, words.own
        self.column_map = map_columns(part, self.own)
        self.problems: list[Problem] = []
        self.path = Path(name)
        self.contract_stated: set[int] = set()
        """Rows of people whose contract the list says to be fixed-term or not."""
        self.rows: dict[RowFate, list[int]] = {
            "heading": [part.header.number, *part.repeats],
            "title": [row.number for row in part.above],
        }
        self.by_row: dict[int, Person] = {}
        self.lacks: tuple[Column, ...] = ()
        columns = self.column_map.columns
        self.checked = tuple((name, place) for name, place in columns.items() if name != "hours")
        places = (*self.column_map.status, *((columns["group"],) if "group" in columns else ()))
        self.status_columns = tuple((self.column_map.heading(place), place) for place in places)
        title = part.sheet.title.removesuffix("s")  # a sheet “Leavers”
        self.of_sheet: StatusPairs = (("", title),) if title else ()
        self.statuses: dict[tuple[StatusPairs, str], StaffStatus] = {}

    def read(self, number: int) -> Iterator[Post]:
        """The posts of the part, which is the list's `number`th, in the order of its rows."""
        rows = tuple(self.people_rows())
        said = tuple(map(self.read_entry, rows))
        starts = self.read_days("starts", said, rows)
        ends = self.read_days("ends", said, rows)
        for one, row, start, end in zip(said, rows, starts, ends, strict=True):
            entry = one
            if start or end:
                entry = replace(one, person=self.set_dates(one.person, start, end))
            self.by_row[row.number] = entry.person
            yield Post(
                entry, number, row.cells, self.text(row, "hours"), self.text(row, "main-post")
            )
        vacant = {row for row, person in self.by_row.items() if person.state == "vacant"}
        self.rows["person"] = [row.number for row in rows if row.number not in vacant]
        self.rows.setdefault("vacancy", []).extend(sorted(vacant))

    def finish(self, further: Mapping[int, str]) -> None:
        """Say what the columns and the workbook give cause to; `further` rows are not people.

        They are further posts of people, or rows that cannot be a person's; by number.
        """
        for fate in ("post", "unread"):
            self.rows[fate] = [
                *self.rows.get(fate, ()),
                *(row for row, what in further.items() if what == fate),
            ]
        self.rows["person"] = [row for row in self.rows["person"] if row not in further]
        self.about_sheet()
        if self.rows["person"] or self.rows["unread"]:
            self.lacks = tuple(self.report_missing_columns())

    def read_part(self) -> ReadPart:
        rows = {fate: tuple(sorted(numbers)) for fate, numbers in self.rows.items() if numbers}
        return ReadPart(
            self.name, self.part.sheet.title, self.column_map.meanings, rows, self.encoding
        )

    # rows

    def people_rows(self) -> Iterator[SheetRow]:
        """The rows that are about a person; what every other is, is said."""
        lost = find_shifted(self.part)
        for row in self.part.rows:
            if row.number in lost:
                continue
            fate = self.judge_row(row)
            if fate == "person":
                yield row
            else:
                self.rows.setdefault(fate, []).append(row.number)
        self.report_shifted(lost)

    def judge_row(self, row: SheetRow) -> RowFate:
        id, name = self.text(row, "id"), self.full_name(row)
        vacant = is_vacancy(name)
        if self.is_key(id) or (not (id and is_name(name)) and self.is_remark(row, id)):
            shown = clean(str(row.filled[0]))
            message = f"The row “{shown}” is not about a person, and is not read"
            self.note(problems.STAFF_NOT_A_PERSON, row, message)
            return "vacancy" if vacant else "remark"
        if not id and vacant:
            message = f"The row “{name}” is a vacant post, and is not read"
            self.note(problems.STAFF_NOT_A_PERSON, row, message)
            return "vacancy"
        if not id:
            who = name or "A person"
            if self.has("id"):
                message = f"{who} has no id"
                self.note(problems.STAFF_VALUE, row, message, "Write the id.", "id")
            return "unread"
        return "person"

    def is_key(self, id: str) -> bool:
        """Whether a row explains a heading, which is where an id should be."""
        return not any(map(str.isdigit, id)) and self.words.headings.column(id) is not None

    def is_remark(self, row: SheetRow, id: str) -> bool:
        """Whether the row is a title or a total; a name alone is a person without an id."""
        if not is_remark(row, self.part):
            return False
        if id or len(row.filled) > 1 or not self.full_name(row):
            return True
        value = clean(str(row.filled[0]))
        is_word = _singular(value) in self.words.groups or comparison_key(value) in self.words.sites
        return is_word or (self.part.goes_on and row is self.part.rows[-1]) or is_total(value)

    def report_shifted(self, shifted: Mapping[int, str]) -> None:
        """Rows whose values are not below their headings, those of one kind together."""
        alike: dict[str, list[int]] = {}
        for number, why in shifted.items():
            alike.setdefault(why, []).append(number)
            self.rows.setdefault("unread", []).append(number)
        for why, numbers in alike.items():
            message = f"{why}, and is not read: {list_rows(numbers)}"
            place = Place(self.path, numbers[0])
            kind = problems.STAFF_SHIFTED
            self.problems.append(Problem(kind, place, message, kind.remedy, self.where))

    # values

    def has(self, name: Column) -> bool:
        if name == "status":
            return bool(self.column_map.status)
        return name in self.column_map.columns

    def cell(self, row: SheetRow, name: Column) -> Cell:
        """The value for a thing: that of the first of its columns with one; none for an error."""
        place = self.column_map.columns.get(name)
        if place is None:
            return ""
        value = row.cell(place)
        if value == "" and name in self.column_map.spare:
            others = (row.cell(spare) for spare in self.column_map.spare[name])
            value = next((other for other in others if other != ""), "")
        return "" if value and value.__class__ is str and is_error(value) else value

    def text(self, row: SheetRow, name: Column) -> str:
        value = _text(self.cell(row, name))
        return value.removeprefix("'") if name in ("id", "reviewer-id", "email") else value

    def full_name(self, row: SheetRow) -> str:
        """The name as the list writes it whole, or made of its parts; a number is no name."""
        whole = self.text(row, "name")
        if is_name(whole):
            return turn_name(self.drop_state(whole))
        first = self.text(row, "known-as") or self.text(row, "forename")
        last = self.text(row, "surname")
        if first and last and f" {first} ".casefold().endswith(f" {last} ".casefold()):
            last = ""
        name = clean(f"{first} {last}")
        return name if is_name(name) else ""

    def drop_state(self, name: str) -> str:
        """A name without what brackets behind it say of the person: “Ann Ng (On Leave)”."""
        found = _BRACKETS.search(name) if name.endswith(")") else None
        if found and found.start() and self.find_status((("", found[1]),), "").state != "covered":
            return name[: found.start()]
        return name

    def status(self, row: SheetRow) -> StatusPairs:
        """Pairs of heading and value of every column of a status.

        What brackets behind the name and the title of a sheet say has no heading.
        """
        name = self.text(row, "name")
        bracketed = _BRACKETS.search(name) if name.endswith(")") else None
        more = (("", bracketed[1]),) if bracketed else ()
        said = (
            (heading, _text(value)) for heading, i in self.status_columns if (value := row.cell(i))
        )
        return (*said, *more, *self.of_sheet)

    def names(self, row: SheetRow, name: str) -> tuple[str, ...]:
        """Every name that a colleague's row may call the person by, `name` first."""
        last = self.text(row, "surname")
        if not last:
            return (name,)
        lasts = (last, *(_text(row.cell(i)) for i in self.column_map.spare.get("surname", ())))
        firsts = (self.text(row, "forename"), self.text(row, "known-as"))
        parts = (f"{first} {last}" for first in firsts for last in lasts if first and last)
        return tuple(dict.fromkeys((name, *parts)))

    def read_entry(self, row: SheetRow) -> ReviewerEntry:
        name = self.full_name(row)
        person = Person(
            id=self.text(row, "id"),
            name=name or NO_NAME,
            place=self.place(row),
            job_title=self.text(row, "job-title"),
            email=self.text(row, "email"),
            further=tuple((name, _text(row.cell(i))) for name, i in self.column_map.further),
        )
        if not name and (self.has("name") or self.has("surname")):
            message = f"The person with the id {person.id} has no name"
            self.note(problems.STAFF_VALUE, row, message, "Write the name.", "name", (person.id,))
        self.look_for_damage(row, person)
        if is_vacancy(person.name):
            return ReviewerEntry(replace(person, state="vacant", state_words=person.name), ())
        status = self.status(row)
        group = self.group(row, person, status)
        found = self.find_status(status, group)
        if found.fixed_term is not None:
            self.contract_stated.add(row.number)
        if found.unclear:
            value, words = found.unclear
            message = f"“{value}” may mean that a person is {words}"
            fix = f"Say what it means: “{value}: …” under scope in staff-columns.yaml."
            self.add(problems.STAFF_STANDING, message, fix, person)
        return ReviewerEntry(
            replace(
                person,
                group=group,
                site=self.site(row, person),
                excluded=found.excluded,
                state=found.state,
                state_words=found.state_words,
                fixed_term=bool(found.fixed_term),
                stage="" if found.is_gone else self.stage(row, person, group),
            ),
            self.names(row, name),
            self.text(row, "reviewer"),
            self.text(row, "reviewer-id"),
            self.text(row, "reviewer-email"),
        )

    def find_status(self, status: StatusPairs, group: str) -> StaffStatus:
        key = (status, group)
        if key not in self.statuses:
            self.statuses[key] = find_status(status, group, self.organisation, self.own)
        return self.statuses[key]

    def group(self, row: SheetRow, person: Person, status: StatusPairs) -> str:
        """The id of the group; a person who is left out by the value needs none."""
        value = self.text(row, "group")
        groups = self.organisation.groups
        if not self.has("group") and len(groups) == 1:
            return groups[0].id
        found = self.words.groups.get(_singular(value), "")
        if value and not found:
            if self.find_status(status, "").is_gone:
                return ""
            names = [group.name for group in groups]
            message = f"“{value}” is not a staff group of {self.organisation.short}"
            fix = _guess(value, names, "or add it to groups in staff-columns.yaml")
            self.add(problems.STAFF_GROUP, message, fix, person, "group")
        return found

    def stage(self, row: SheetRow, person: Person, group: str) -> str:
        value = self.text(row, "stage")
        if not value or not self.words.stage_names:
            return ""
        found = self.words.stages.get(_singular(value), "")
        staged = not group or group in self.words.staged
        if not found and staged and comparison_key(value) not in ("na", "none"):
            message = f"“{value}” is not a career stage of {self.organisation.short}"
            fix = _guess(value, self.words.stage_names, "or add it to stages in staff-columns.yaml")
            self.add(problems.STAFF_STAGE, message, fix, person, "stage")
        return found

    def site(self, row: SheetRow, person: Person) -> str:
        value = self.text(row, "site")
        found = self.words.sites.get(comparison_key(value))
        if value and not found and self.organisation.sites:
            message = f"organisation.yaml has no school or team called “{value}”"
            fix = _guess(value, self.organisation.sites, "or add it to sites")
            self.add(problems.STAFF_SITE, message, fix, person, "site")
        return found or value

    def look_for_damage(self, row: SheetRow, person: Person) -> None:
        """Letters that were lost, errors that Excel shows, and numbers that it has shortened."""
        for name, place in self.checked:
            value = row.cell(place)
            if not value or not isinstance(value, str):
                continue
            if value[0] == "#" and is_error(value):
                message = f"{person}: {WHAT[name]} is an error of the spreadsheet ({clean(value)})"
                fix = "Correct the formula, or write the value."
                self.note(problems.STAFF_VALUE, row, message, fix, name, (person.id,))
            elif name in ("id", "reviewer-id", "reviewer") and _SHORTENED.fullmatch(value.strip()):
                message = f"{person}: {WHAT[name]} is a number whose last digits Excel has dropped"
                fix = "Format the column as text or as a number without decimals; export again."
                self.note(problems.STAFF_VALUE, row, message, fix, name, (person.id,))
            elif name in _WORDS_OF_PEOPLE and (said := describe_damage(value)):
                message = f"“{clean(value)}” {said}"
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
        if ends and person.place.line not in self.contract_stated:
            fixed_term = (
                comparison_key(self.column_map.heading(self.column_map.columns["ends"]))
                not in leaving_headings()
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
        return f"sheet “{self.part.sheet.title}”" if self.part.sheet.title else ""

    def add(
        self, kind: Kind, message: str, fix: str, person: Person, column: Column | None = None
    ) -> None:
        """Note something about a person that may be so with others too: it is said once."""
        place = replace(person.place, column=self.column(column))
        found = self.words.several.setdefault(
            (kind, message), _SharedProblem(message, fix or kind.remedy, place, self.where)
        )
        if person.id not in {one.id for one in found.people[-1:]}:
            found.people.append(person)

    def about_sheet(self) -> None:
        """What the columns and the workbook itself give cause to say."""
        first = self.part.header.number
        last = max((row for rows in self.rows.values() for row in rows), default=first)
        used = {i + 1 for i in (*self.column_map.columns.values(), *self.column_map.status)}
        used |= {i + 1 for _, i in self.column_map.further}
        notes = [
            note
            for note in self.part.sheet.notes
            if first < note.row <= last and (not note.column or note.column in used)
        ]
        for note in (*self.column_map.notes, *notes):
            about = tuple(
                self.by_row[row].id
                for row in range(note.row, (note.last or note.row) + 1)
                if row in self.by_row and note.kind in (problems.STAFF_VALUE, problems.STAFF_MERGED)
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
                about = tuple(p.id for p in self.by_row.values()) if name == "name" else ()
                self.note(problems.STAFF_COLUMNS, self.part.header, message, fix, about=about)
                yield name


def is_error(value: Cell) -> bool:
    """Whether a value is an error that a spreadsheet shows in place of one."""
    return isinstance(value, str) and value[:1] == "#" and bool(_ERROR.fullmatch(value.strip()))


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
