"""Made-up exports in the shapes of named systems and of lists that were misread.

Every name is invented. What must come out of each: `people` are ids and names in order, `codes`
the kinds of problem in order, without those of columns that are not used, and `rows` what the
filled rows of the file are.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.staff.lists import book, saved

People = tuple[tuple[str, str], ...]

ANN_BO = (("1", "Ann Ng"), ("2", "Bo Ash"))


@dataclass(frozen=True)
class Export:
    """One or more files, and what must come out of them."""

    name: str
    files: Mapping[str, bytes]
    people: People
    rows: Mapping[str, int]
    codes: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    """By id, how those are who are not as everyone."""


def text(
    name: str,
    written: str,
    people: People,
    *codes: str,
    written_in: str = "utf-8",
    rows: Mapping[str, int] | None = None,
    states: Mapping[str, str] | None = None,
    **options: Any,
) -> Export:
    """A CSV file; `rows` are those that are neither people nor the one row of headings."""
    all_rows = {"heading": 1, "person": len(people), **(rows or {})}
    files = {"list.csv": written.encode(written_in)}
    return Export(name, files, people, _without_none(all_rows), codes, options, states or {})


def _without_none(rows: Mapping[str, int]) -> dict[str, int]:
    return {fate: count for fate, count in rows.items() if count}


def workbook(
    name: str,
    sheets: Mapping[str, list[tuple[Any, ...]]],
    people: People,
    *codes: str,
    change: Callable[[Any], None] | None = None,
    rows: Mapping[str, int] | None = None,
    states: Mapping[str, str] | None = None,
    **options: Any,
) -> Export:
    (first, cells), *others = sheets.items()
    made = book(cells, first)
    for title, more in others:
        sheet = made.create_sheet(title)
        for row in more:
            sheet.append(row)
    if change:
        change(made)
    all_rows = {"heading": len(sheets), "person": len(people), **(rows or {})}
    files = {"list.xlsx": saved(made)}
    return Export(name, files, people, _without_none(all_rows), codes, options, states or {})


HEAD = "ID,Name,Staff Group,Reviewer\n"
CELLS = ("ID", "Name", "Staff Group", "Reviewer")


def _formats(made: Any) -> None:
    formats = ('"E"00000', "0000 000", "000-000", "00000;-00000", "[$-809]000000", "\\X-0000")
    for row, shown in enumerate(formats, start=2):
        made.active.cell(row, 1).number_format = shown


EXPORTS = (
    # the shapes of systems
    text(
        "SIMS",
        "Staff Code,Legal Surname,Legal Forename,Chosen Forename,Post Title,Service Term,"
        "Line Manager,Employment Start,Employment End\n"
        "ANG,Ng,Annabel,Ann,Class teacher,Teachers,Ash Bo,01/09/2020,\n"
        "BAS,Ash,Bo,,Cook,Support staff,ANG,01/09/2019,31/08/2030\n",
        (("ANG", "Ann Ng"), ("BAS", "Bo Ash")),
    ),
    text(
        "Arbor",
        "Arbor Staff ID,Legal First Name,Legal Last Name,Preferred First Name,Business Role,"
        "Staff Category,Line Manager,Contract Start Date\n"
        "3001,Ann,Ng,,Teacher,Teachers,Bo Ash,2020-09-01\n"
        "3002,Robert,Ash,Bo,Cook,Support staff,Ann Ng,2020-09-01\n",
        (("3001", "Ann Ng"), ("3002", "Bo Ash")),
    ),
    text(
        "Bromcom turned names",
        "Staff Code,Full Name,Job Title,Staff Type,Reporting Manager\n"
        'AN1,"Ng, Ann",Teacher,Teachers,"Ash, Bo"\n'
        'BA1,"Ash, Bo",Cook,Support staff,"Ng, Ann"\n',
        (("AN1", "Ann Ng"), ("BA1", "Bo Ash")),
    ),
    text(
        "iTrent",
        "Personal Reference,First Forename,Surname,Known As,Position Title,Staff Group,"
        "Reporting Manager,Employment Start Date,Employment End Date\n"
        "00001,Annabel,Ng,Ann,Teacher,Teachers,00002 Bo Ash,01-Sep-2020,\n"
        "00002,Bo,Ash,,Cook,Support staff,Ann Ng,01-Sep-2020,31-Dec-2030\n",
        (("00001", "Ann Ng"), ("00002", "Bo Ash")),
    ),
    workbook(
        "Workday with titles and filters above",
        {
            "Sheet1": [
                ("All Active Workers",),
                ("Organization", "Elm Trust"),
                ("As of", datetime.date(2026, 9, 1)),
                (),
                ("Employee ID", "Worker", "Business Title", "Group", "Worker's Manager"),
                (10001, "Ann Ng", "Teacher", "Teachers", "Bo Ash"),
                (10002, "Bo Ash (On Leave)", "Cook", "Support staff", "Ann Ng"),
            ]
        },
        (("10001", "Ann Ng"), ("10002", "Bo Ash")),
        states={"10002": "absent"},
        rows={"title": 3},
    ),
    text(
        "BambooHR",
        "Employee #,First Name,Last Name,Preferred Name,Job Title,Group,Reporting to,Hire Date,"
        "Employment Status\n"
        '"7","Annabel","Ng","Ann","Teacher","Teachers","Bo Ash","2020-09-01","Full-Time"\n'
        '"8","Bo","Ash","","Cook","Support staff","Ann Ng","2020-09-01","Terminated"\n',
        (("7", "Ann Ng"), ("8", "Bo Ash")),
        states={"8": "left"},
    ),
    text(
        "Access Education People",
        "Employment Number,First Name,Last Name,Preferred Last Name,Post,Group,Reports To\n"
        "E1,Ann,Ng,,Teacher,Teachers,E2\nE2,Bo,Ashley,Ash,Cook,Support staff,E1\n",
        (("E1", "Ann Ng"), ("E2", "Bo Ash")),
    ),
    text(
        "Cintra",
        "Employment ID,Title,First Name,Surname,Job Title,Pay Group,Line Manager,"
        "Start Date (dd/mm/yyyy)\n"
        "C001,Ms,Ann,Ng,Teacher,Teachers,C002,01/09/2020\n"
        "C002,Mr,Bo,Ash,Cook,Support staff,C001,01/09/2020\n",
        (("C001", "Ann Ng"), ("C002", "Bo Ash")),
    ),
    text(
        "a plain list with abbreviations",
        "Emp No,Full Name (as on contract),Dept,Group,Mgr\n"
        "1,Ann Ng,Art,Teachers,2\n2,Bo Ash,Kitchen,Support staff,1\n",
        ANN_BO,
        "staff-site",
        "staff-site",
    ),
    text(
        "headings in capitals with underscores and a tab between",
        "EMPLOYEE_NO\tFULL_NAME\tSTAFF_GROUP\tLINE_MANAGER_ID\n"
        "1\tAnn Ng\tTeachers\t2\n2\tBo Ash\tSupport staff\t1\n",
        ANN_BO,
    ),
    text(
        "a sep line and semicolons",
        "sep=;\nID;Name;Staff Group;Reviewer\n1;Ng, Ann;Teachers;2\n2;Ash, Bo;Teachers;1\n",
        ANN_BO,
    ),
    # rows that vanished or shifted
    text(
        "a comma in a name",
        "ID,Name,Job title,Staff Group,School,Reviewer\n"
        "1,Ann Ng,Cook,Teachers,North School,2\n"
        "3,Jones, Ann,Teacher,Teachers,North School,Bo Ash\n"
        "2,Bo Ash,Cook,Teachers,North School,1\n",
        ANN_BO,
        "staff-shifted",
        rows={"unread": 1},
    ),
    text(
        "a blank before a quotation mark",
        'ID,Name,Staff Group,Reviewer\n1,Ann Ng,Teachers,2\n3, "Jones, Ann",Teachers,2\n'
        "2,Bo Ash,Teachers,1\n",
        ANN_BO,
        "staff-shifted",
        rows={"unread": 1},
    ),
    text(
        "a comma in a name where all rows end in one",
        "ID,Name,Staff Group,Reviewer,\n1,Ann Ng,Teachers,2,\n3,Jones, Ann,Teachers,2\n"
        "2,Bo Ash,Teachers,1,\n4,Carr, Cy,Teachers,2,\n",
        ANN_BO,
        "staff-shifted",
        "staff-shifted",
        rows={"unread": 2},
    ),
    text(
        "a comma in an empty row's end",
        "ID,Name,Staff Group,Reviewer\n1,Ann Ng,Teachers,2,,\n2,Bo Ash,Teachers,1,,\n"
        "3,Jones, Ann,Teachers,2,,\n",
        ANN_BO,
        "staff-shifted",
        rows={"unread": 1},
    ),
    text(
        "a line break in a name",
        f"{HEAD}1,Ann Ng,Teachers,2\n3,Ann\nJones,Teachers,2\n2,Bo Ash,Teachers,1\n",
        ANN_BO,
        "staff-shifted",
        rows={"unread": 2},
    ),
    text(
        "a column of notes without a heading",
        "ID,Name,Staff Group,Reviewer,\n1,Ann Ng,Teachers,2,new\n2,Bo Ash,Teachers,1,moved\n",
        ANN_BO,
    ),
    text(
        "two parts with headings of their own",
        "Teaching staff\nID,Name,Staff Group,Reviewer\n1,Ann Ng,Teachers,2\n2,Bo Ash,Teachers,1\n"
        "\nSupport staff\nID,Name,Job Title,Staff Group,Reviewer\n3,Cy Carr,Cook,Support staff,1\n",
        (*ANN_BO, ("3", "Cy Carr")),
        "staff-not-a-person",
        rows={"heading": 2, "title": 1, "remark": 1},
    ),
    text(
        "two parts in another order of columns",
        f"{HEAD}1,Ann Ng,Teachers,2\n2,Bo Ash,Teachers,1\n"
        "Line Manager,Surname,Forename,Payroll No,Group\n1,Carr,Cy,3,Support staff\n",
        (*ANN_BO, ("3", "Cy Carr")),
        rows={"heading": 2},
    ),
    text(
        "headings on every page",
        f"{HEAD}1,Ann Ng,Teachers,2\nPage 1 of 2,,,\n{HEAD}2,Bo Ash,Teachers,1\nTotal: 2,,,\n",
        ANN_BO,
        "staff-not-a-person",
        "staff-not-a-person",
        rows={"heading": 2, "remark": 2},
    ),
    text(
        "a key to the columns at the foot",
        f"{HEAD}1,Ann Ng,Teachers,2\n2,Bo Ash,Teachers,1\n\nKey to columns\n"
        "ID,The payroll number\nName,As on the contract\n"
        "ID,Name,Staff Group,Reviewer,Start Date\n",
        ANN_BO,
        "staff-not-a-person",
        "staff-not-a-person",
        "staff-not-a-person",
        rows={"heading": 2, "remark": 3},
    ),
    text(
        "a person whose status reads like headings",
        "ID,Name,Job title,Status,Group,Reviewer\nAN,Ann Ng,Supervisor,Employee,Teachers,BA\n"
        "BA,Bo Ash,Manager,Casual,Support staff,AN\n",
        (("AN", "Ann Ng"), ("BA", "Bo Ash")),
    ),
    text(
        "a name without an id, an id without a name",
        f"{HEAD}1,Ann Ng,Teachers,2\n,Cy Carr,Teachers,1\n4,,Teachers,1\n2,Bo Ash,Teachers,1\n",
        (("1", "Ann Ng"), ("4", "(no name)"), ("2", "Bo Ash")),
        "staff-value",
        "staff-value",
        rows={"unread": 1},
    ),
    text(
        "vacant posts",
        f"{HEAD}1,Ann Ng,Teachers,2\n8,VACANT,Teachers,1\n9,Vacancy,Teachers,1\n,TBC,Teachers,1\n"
        "2,Bo Ash,Teachers,1\n",
        (ANN_BO[0], ("8", "VACANT"), ("9", "Vacancy"), ANN_BO[1]),
        "staff-not-a-person",
        rows={"person": 2, "vacancy": 3},
        states={"8": "vacant", "9": "vacant"},
    ),
    text(
        "absent, left, vacant and in probation by a status",
        "ID,Name,Staff Group,Reviewer,Position Status,Probation\n"
        "1,Ann Ng,Teachers,2,Maternity leave,\n2,Bo Ash,Teachers,1,Leaver,\n"
        "3,Cy Carr,Teachers,1,Vacant,\n4,Di Fir,Support staff,1,Active,Y\n"
        "5,Ed Gum,Teachers,1,Maternity cover,\n",
        (*ANN_BO, ("3", "Cy Carr"), ("4", "Di Fir"), ("5", "Ed Gum")),
        rows={"person": 4, "vacancy": 1},
        states={"1": "absent", "2": "left", "3": "vacant"},
    ),
    text(
        "all quoted",
        '"ID","Name","Group","Reviewer"\n"1","Ng, Ann","Teachers","2"\n'
        '"2","Ash, Bo","Teachers","1"\n',
        ANN_BO,
    ),
    # letters
    text(
        "old Mac",
        f"{HEAD}1,Zoë Ng,Teachers,2\n2,Jörg O’Neil,Teachers,1\n",
        (("1", "Zoë Ng"), ("2", "Jörg O’Neil")),
        written_in="mac_roman",
    ),
    text(
        "DOS",
        f"{HEAD}1,Ana Sánchez,Teachers,2\n2,Jörg Ash,Teachers,1\n",
        (("1", "Ana Sánchez"), ("2", "Jörg Ash")),
        written_in="cp850",
    ),
    text(
        "Windows",
        f"{HEAD}1,Renée Ng,Teachers,2\n2,Seán O’Neil – lead,Teachers,1\n",
        (("1", "Renée Ng"), ("2", "Seán O’Neil – lead")),
        written_in="cp1252",
    ),
    text(
        "Polish Windows",
        f"{HEAD}1,Paweł Zieliński,Teachers,2\n2,Bo Ash,Teachers,1\n",
        (("1", "Paweł Zieliński"), ("2", "Bo Ash")),
        written_in="cp1250",
    ),
    text(
        "Welsh",
        f"{HEAD}1,Siân Ŵyn,Teachers,2\n",
        (),
        "staff-file",
        written_in="iso8859-14",
        rows={"heading": 0},
    ),
    text(
        "Welsh by name",
        f"{HEAD}1,Siân Ŵyn,Teachers,Board\n",
        (("1", "Siân Ŵyn"),),
        written_in="iso8859-14",
        named_encoding="iso-8859-14",
    ),
    text(
        "Turkish by the map",
        f"{HEAD}1,Ayşe Yıldız,Teachers,Board\n",
        (("1", "Ayşe Yıldız"),),
        written_in="cp1254",
        encoding="windows-1254",
    ),
    text(
        "UTF-16 with a mark",
        f"{HEAD}1,Zoë Ng,Teachers,Board\n",
        (("1", "Zoë Ng"),),
        written_in="utf-16",
    ),
    # values that Excel spoils
    text(
        "guards",
        f'{HEAD}"=""000101""",Ann Ng,Teachers,"=""000102"""\n="000102",Bo Ash,Teachers,="000101"\n',
        (("000101", "Ann Ng"), ("000102", "Bo Ash")),
    ),
    text(
        "numbers cut short",
        f"{HEAD}1.23457E+11,Ann Ng,Teachers,2\n2,Bo Ash,Teachers,1.23E+11\n",
        (("1.23457E+11", "Ann Ng"), ("2", "Bo Ash")),
        "staff-value",
        "staff-value",
    ),
    text(
        "errors of formulas",
        "ID,Name,Job title,Staff Group,Reviewer\n"
        "1,Ann Ng,#REF!,Teachers,2\n2,Bo Ash,Cook,Teachers,#N/A\n",
        ANN_BO,
        "staff-value",
        "staff-value",
    ),
    text(
        "carriage returns of a workbook",
        f"{HEAD}1,Ann Ng_x000D_,Teachers,2\n2,Bo_x000D_ Ash,Teachers,1\n",
        ANN_BO,
    ),
    workbook(
        "ids that only a number format shows",
        {
            "Staff": [
                CELLS,
                *((101, f"Person {letter}", "Teachers", "Board") for letter in "ABCDEF"),
            ]
        },
        (
            ("E00101", "Person A"),
            ("0000 101", "Person B"),
            ("000-101", "Person C"),
            ("00101", "Person D"),
            ("000101", "Person E"),
            ("X-0101", "Person F"),
        ),
        change=_formats,
    ),
    workbook(
        "carriage returns in cells",
        {
            "Staff": [
                CELLS,
                (1, "Ann Ng_x000D_", "Teachers_x000D_", 2),
                (2, "Bo\nAsh", "Teachers", 1),
            ]
        },
        ANN_BO,
    ),
    workbook(
        "a reference that is an error",
        {"Staff": [CELLS, (1, "Ann Ng", "Teachers", "#REF!"), (2, "Bo Ash", "Teachers", 1)]},
        ANN_BO,
        "staff-value",
    ),
    # several lists, several posts
    workbook(
        "a sheet for each school",
        {
            "North": [CELLS, (1, "Ann Ng", "Teachers", 2)],
            "South": [
                ("Payroll No", "Surname", "Forename", "Group", "Line Manager"),
                (2, "Ash", "Bo", "Teachers", 1),
            ],
        },
        ANN_BO,
    ),
    workbook(
        "a sheet of leavers",
        {
            "Staff": [CELLS, (1, "Ann Ng", "Teachers", 2)],
            "Leavers": [CELLS, (2, "Bo Ash", "Teachers", 1)],
        },
        ANN_BO,
        states={"2": "left"},
    ),
    Export(
        "a file for each school, and one person in both",
        {
            "north.csv": f"{HEAD}1,Ann Ng,Teachers,2\n2,Bo Ash,Teachers,1\n".encode(),
            "south.csv": f"{HEAD}2,Bo Ash,Support staff,3\n3,Cy Carr,Teachers,1\n".encode(),
        },
        (*ANN_BO, ("3", "Cy Carr")),
        {"heading": 2, "person": 3, "post": 1},
        ("staff-posts",),
    ),
    text(
        "two posts, the main one by hours",
        "ID,Name,Job title,Staff Group,Reviewer,FTE\n1,Ann Ng,Midday supervisor,Teachers,2,0.2\n"
        "2,Bo Ash,Cook,Teachers,1,1\n1,Ann Ng,Teacher,Teachers,2,0.8\n",
        ANN_BO,
        rows={"post": 1},
        posts="main",
    ),
    text(
        "two posts, forms for each",
        "ID,Name,Job title,Staff Group,Reviewer,Main post\n1,Ann Ng,Cook,Teachers,2,No\n"
        "2,Bo Ash,Cook,Teachers,Ann Ng,Yes\n1,Ann Ng,Teacher,Teachers,2,Yes\n",
        (("1", "Ann Ng"), ("1-2", "Ann Ng"), ("2", "Bo Ash")),
        posts="each",
    ),
    text(
        "a row twice, and an id that two people have",
        f"{HEAD}1,Ann Ng,Teachers,2\n2,Bo Ash,Teachers,1\n1,Ann Ng,Teachers,2\n"
        "2,Cy Carr,Teachers,1\n",
        ANN_BO,
        "staff-twice",
        "staff-repeated",
        rows={"post": 1, "unread": 1},
    ),
    text(
        "a name and a known name under one id",
        "ID,Forename,Surname,Known as,Staff Group,Reviewer,Email\n"
        "1,Annabel,Ng,Ann,Teachers,2,ann@x.example\n2,Bo,Ash,,Teachers,1,\n"
        "1,Annabel,Ng,,Support staff,2,\n",
        ANN_BO,
        "staff-posts",
        rows={"post": 1},
    ),
)
