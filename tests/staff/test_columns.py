"""Columns: joined by the words of HR systems or by the organisation's own; doubts are named."""

from __future__ import annotations

import pytest

from formulary.staff.table import WHAT
from tests.staff.lists import codes, read_text


def joined(headings: str) -> dict[str, str]:
    """What each column was taken for, by what it is for."""
    (part,) = read_text(f"{headings}\n").parts
    by_words = {words: name for name, words in WHAT.items()}
    return {by_words[said]: heading for heading, said in reversed(part.columns) if said in by_words}


@pytest.mark.parametrize(
    ("headings", "known"),
    [
        (
            "Employee Number,Forename,Surname,Known As,Post Title,Staff Group,Location,Scale Point,"
            "Line Manager's ID,Contract Start Date,Contract End Date,E-mail",
            {
                "id": "Employee Number",
                "forename": "Forename",
                "surname": "Surname",
                "known-as": "Known As",
                "job-title": "Post Title",
                "group": "Staff Group",
                "site": "Location",
                "stage": "Scale Point",
                "reviewer-id": "Line Manager's ID",
                "starts": "Contract Start Date",
                "ends": "Contract End Date",
                "email": "E-mail",
            },
        ),
        (
            "PAYROLL_NO,full-name,JobTitle,Employee Category,Department,Manager Email Address",
            {
                "id": "PAYROLL_NO",
                "name": "full-name",
                "job-title": "JobTitle",
                "group": "Employee Category",
                "site": "Department",
                "reviewer-email": "Manager Email Address",
            },
        ),
        (
            "Staff ref.,Name,Category,School,Department,Reports To,Date of joining,Leaving date",
            {
                "id": "Staff ref.",
                "name": "Name",
                "group": "Category",
                "site": "School",
                "reviewer": "Reports To",
                "starts": "Date of joining",
                "ends": "Leaving date",
            },
        ),
        (
            "Personnel No,Last name,First name,Reviewer,Line manager,Contract type,On probation",
            {
                "id": "Personnel No",
                "surname": "Last name",
                "forename": "First name",
                "reviewer": "Reviewer",
            },
        ),
    ],
)
def test_the_headings_of_hr_systems_are_known(headings: str, known: dict[str, str]) -> None:
    found = joined(headings)
    found.pop("status", None)
    assert found == known


def test_the_organisations_own_headings_go_before_all_others() -> None:
    staff = read_text(
        "Nr,Who,Name,Staff Group,Kind,Chief\n1,Ann Ng,x,Teachers,TCH,2\n2,Bo Ash,y,,SUP,1\n",
        columns={"id": "Nr", "name": "WHO", "group": ("Sort", "Kind"), "reviewer": "Chief"},
        groups={"tch": "teachers", "SUP": "support-staff"},
    )
    assert [(p.id, p.name, p.group) for p in staff.people] == [
        ("1", "Ann Ng", "teachers"),
        ("2", "Bo Ash", "support-staff"),
    ]
    assert codes(staff) == ["1:0 staff-column-unused"]


def test_further_columns_are_kept_under_their_names() -> None:
    staff = read_text(
        "Id,Name,Group,Reviewer,DBS check,Hours\n1,Ann Ng,Teachers,Bo,Done,0.8\n",
        further={"hours": "hours", "dbs": "DBS  Check", "union": "Union"},
    )
    assert staff.people[0].further == (("hours", "0.8"), ("dbs", "Done"))
    assert codes(staff) == ["1:0 staff-column-gone"]


def test_a_heading_of_the_map_that_the_list_lacks_is_named_with_a_guess() -> None:
    staff = read_text(
        "Id,Name,Group,Reviewer,Post held\n1,Ann Ng,Teachers,Bo,Cook\n",
        columns={"job-title": "Posts held"},
    )
    assert codes(staff)[0] == "1:0 staff-column-gone"
    assert "“Post held”" in staff.problems[0].fix


def test_two_columns_for_one_thing_are_named_unless_they_agree() -> None:
    rows = "Id,Name,Group,Reviewer,Start date,Contract start\n1,Ann Ng,Teachers,Bo,1/9/2020,{}\n"
    assert codes(read_text(rows.format("1/9/2020"))) == []
    staff = read_text(rows.format("1/9/2021"))
    assert codes(staff) == ["1:6 staff-columns"]
    assert "“Start date” and “Contract start”" in staff.problems[0].message
    settled = read_text(rows.format("1/9/2021"), columns={"starts": "Contract start"})
    assert codes(settled) == ["1:0 staff-column-unused"]
    assert settled.people[0].starts is not None
    assert settled.people[0].starts.year == 2021


def test_columns_that_are_not_understood_are_listed_with_the_nearest_guess() -> None:
    staff = read_text("Id,Name,Group,Reviewr,Shoe size,Hat\n1,Ann Ng,Teachers,Bo,43,L\n")
    assert codes(staff) == [
        "1:0 staff-column-unused",
        "1:0 staff-columns",
        "1:4 staff-column-guess",
    ]
    unused, missing, guess = staff.problems
    assert "“Shoe size”, “Hat”" in unused.message
    assert "the reviewer" in missing.message
    assert "the reviewer" in guess.message
    assert "“reviewer: Reviewr”" in guess.fix


def test_a_list_without_an_id_column_says_so_once() -> None:
    staff = read_text("Name,Job,Group,Reviewer\nAnn Ng,Cook,Teachers,Bo\nBo Ash,,Teachers,Cy\n")
    assert codes(staff) == ["1:0 staff-columns"]
    assert staff.lacks == {"id"}


@pytest.mark.parametrize(
    ("said", "group"),
    [
        ("Teachers", "teachers"),
        ("TEACHER", "teachers"),
        ("support-staff", "support-staff"),
        ("Support  staff ", "support-staff"),
    ],
)
def test_a_group_is_known_by_its_name_or_id(said: str, group: str) -> None:
    staff = read_text(f"Id,Name,Group,Reviewer\n1,Ann Ng,{said},Bo\n")
    assert staff.people[0].group == group
    assert codes(staff) == []


def test_an_unknown_group_is_said_once_for_all_who_have_it() -> None:
    staff = read_text(
        "Id,Name,Group,Reviewer\n1,Ann Ng,Techers,Cy\n2,Bo Ash,Techers,Cy\n3,Cy Elm,Teachers,Di\n"
    )
    assert codes(staff) == ["2:3 staff-group"]
    problem = staff.problems[0]
    assert problem.about == ("1", "2")
    assert problem.message.endswith("Ann Ng (1), and 1 more")
    assert "“Teachers”" in problem.fix


def test_stages_are_known_by_name_id_or_the_map_and_sites_are_compared() -> None:
    staff = read_text(
        "Id,Name,Group,Reviewer,Career stage,School\n"
        "1,Ann Ng,Teachers,Cy,m1 – m2,north school\n"
        "2,Bo Ash,Teachers,Cy,M4,N\n"
        "3,Di Fir,Teachers,Cy,M9,West School\n"
        "4,Ed Gum,Teachers,Cy,n/a,\n",
        stages={"M3": "m3-m4", "M4": "m3-m4"},
        sites={"N": "North School"},
    )
    assert [p.stage for p in staff.people] == ["m1-m2", "m3-m4", "", ""]
    assert [p.site for p in staff.people] == ["North School", "North School", "West School", ""]
    assert codes(staff) == ["4:5 staff-stage", "4:6 staff-site"]


@pytest.mark.parametrize(
    ("heading", "value", "excluded", "unclear"),
    [
        ("Status", "Probation", "probation", False),
        ("Employment status", "in probation", "probation", False),
        ("On probation", "No", "", False),
        ("Probation", "Y", "probation", False),
        ("Probation", "Passed", "", False),
        ("Status", "Probation passed", "", False),
        ("Status", "Probation extended", "", True),
        ("Status", "Prob", "probation", False),
        ("Status", "Probation waived", "", False),
        ("Contract type", "Agency", "agency", False),
        ("Agency", "x", "agency", False),
        ("Status", "Active", "", False),
    ],
)
def test_a_status_tells_whom_the_policy_leaves_out(
    heading: str, value: str, excluded: str, unclear: bool
) -> None:
    staff = read_text(
        f"Id,Name,Group,Reviewer,{heading}\n1,Ann Ng,Support staff,Bo,{value}\n",
        scope={"Prob": "probation", "Probation waived": "covered"},
    )
    assert staff.people[0].excluded == excluded
    assert ("2:0 staff-standing" in codes(staff)) is unclear


def test_an_exclusion_of_some_groups_leaves_the_others_in() -> None:
    staff = read_text("Id,Name,Group,Reviewer,Status\n1,Ann Ng,Teachers,Bo,Probation\n")
    assert staff.people[0].excluded == ""


@pytest.mark.parametrize(
    ("headings", "values", "fixed"),
    [
        ("Contract type,End date", "Fixed term,31/7/2027", True),
        ("Contract type,End date", "Permanent,31/7/2027", False),
        ("Status,End date", "Active,31/7/2027", True),
        ("Status,Leaving date", "Active,31/7/2027", False),
        ("Contract type,End date", "Temporary,", True),
        ("Status,End date", "Active,", False),
    ],
)
def test_a_contract_is_for_a_fixed_term_if_the_list_says_so_or_gives_its_end(
    headings: str, values: str, fixed: bool
) -> None:
    staff = read_text(f"Id,Name,Group,Reviewer,{headings}\n1,Ann Ng,Teachers,Bo,{values}\n")
    assert staff.people[0].fixed_term is fixed


SYSTEMS = {
    "SIMS": (
        "Staff Code,Legal Surname,Legal Forename,Chosen Forename,Post Title,Service Term,"
        "Scale Point,Line Manager,Employment Start,Employment End,Work Email",
        {
            "id": "Staff Code",
            "surname": "Legal Surname",
            "forename": "Legal Forename",
            "known-as": "Chosen Forename",
            "job-title": "Post Title",
            "group": "Service Term",
            "stage": "Scale Point",
            "reviewer": "Line Manager",
            "starts": "Employment Start",
            "ends": "Employment End",
            "email": "Work Email",
        },
    ),
    "Arbor": (
        "Arbor Staff ID,Legal First Name,Legal Last Name,Preferred First Name,Business Role,"
        "Staff Category,School,Line Manager,Contract Start Date,Contract End Date,Email Address",
        {
            "id": "Arbor Staff ID",
            "forename": "Legal First Name",
            "surname": "Legal Last Name",
            "known-as": "Preferred First Name",
            "job-title": "Business Role",
            "group": "Staff Category",
            "site": "School",
            "reviewer": "Line Manager",
            "starts": "Contract Start Date",
            "ends": "Contract End Date",
            "email": "Email Address",
        },
    ),
    "Bromcom": (
        "Staff Code,Full Name (Surname, Forename),Job Title,Staff Type,Contract Start,"
        "Continuous Service Date,Payroll Number,Reporting Manager,FTE",
        {
            "id": "Staff Code",
            "name": "Full Name (Surname, Forename)",
            "job-title": "Job Title",
            "group": "Staff Type",
            "starts": "Contract Start",
            "reviewer": "Reporting Manager",
            "hours": "FTE",
        },
    ),
    "iTrent": (
        "Personal Reference,Forename 1,First Forename,Surname,Known As,Position Title,Unit Name,"
        "Grade,Reporting Manager,Reporting Manager Personal Ref,Employment Start Date,"
        "Employment End Date,Occupancy End Date,Contract Type",
        {
            "id": "Personal Reference",
            "forename": "First Forename",
            "surname": "Surname",
            "known-as": "Known As",
            "job-title": "Position Title",
            "site": "Unit Name",
            "stage": "Grade",
            "reviewer": "Reporting Manager",
            "reviewer-id": "Reporting Manager Personal Ref",
            "starts": "Employment Start Date",
            "ends": "Occupancy End Date",
            "status": "Contract Type",
        },
    ),
    "Workday": (
        "Employee ID,Worker,Business Title,Job Profile,Supervisory Organization,Location,"
        "Worker's Manager,Manager ID,Hire Date,Termination Date,Worker Type,Email - Primary Work",
        {
            "id": "Employee ID",
            "name": "Worker",
            "job-title": "Business Title",
            "site": "Location",
            "reviewer": "Worker's Manager",
            "reviewer-id": "Manager ID",
            "starts": "Hire Date",
            "ends": "Termination Date",
            "status": "Worker Type",
            "email": "Email - Primary Work",
        },
    ),
    "BambooHR": (
        "Employee #,First Name,Last Name,Preferred Name,Job Title,Department,Location,Division,"
        "Reporting to,Supervisor EID,Hire Date,Employment Status,Work Email",
        {
            "id": "Employee #",
            "forename": "First Name",
            "surname": "Last Name",
            "known-as": "Preferred Name",
            "job-title": "Job Title",
            "site": "Location",
            "reviewer": "Reporting to",
            "reviewer-id": "Supervisor EID",
            "starts": "Hire Date",
            "status": "Employment Status",
            "email": "Work Email",
        },
    ),
    "Access": (
        "Employment Number,First Name,Last Name,Preferred First Name,Preferred Last Name,Post,"
        "Establishment,Reports To,Post Start Date,Post End Date,Leaver Date",
        {
            "id": "Employment Number",
            "forename": "First Name",
            "surname": "Preferred Last Name",
            "known-as": "Preferred First Name",
            "job-title": "Post",
            "site": "Establishment",
            "reviewer": "Reports To",
            "starts": "Post Start Date",
            "ends": "Post End Date",
        },
    ),
    "Cintra": (
        "Employment ID,First Name,Surname,Job Title,Pay Group,Start Date - Continuous Service,"
        "Start Date (dd/mm/yyyy),Leaving Date,Email",
        {
            "id": "Employment ID",
            "forename": "First Name",
            "surname": "Surname",
            "job-title": "Job Title",
            "group": "Pay Group",
            "starts": "Start Date (dd/mm/yyyy)",
            "ends": "Leaving Date",
            "email": "Email",
        },
    ),
    "Excel": (
        "Emp No,Full Name (as on contract),Role,Team,Mgr,Start Date (dd/mm/yyyy),Main post?",
        {
            "id": "Emp No",
            "name": "Full Name (as on contract)",
            "job-title": "Role",
            "site": "Team",
            "reviewer": "Mgr",
            "starts": "Start Date (dd/mm/yyyy)",
            "main-post": "Main post?",
        },
    ),
}


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_headings_of_a_system_are_known(system: str) -> None:
    headings, known = SYSTEMS[system]
    text = headings.replace("(Surname, Forename)", '(Surname, Forename)"').replace(
        "Full Name (S", '"Full Name (S'
    )
    assert joined(text) == known


@pytest.mark.parametrize(
    ("headings", "row", "name"),
    [
        ("Employee #,First Name,Last Name", "7,Ann,Ng", "Ann Ng"),
        ("ID,Employee,First Name,Last Name", "7,12,Ann,Ng", "Ann Ng"),
        ("ID,Name,Forename,Surname", "7,000007,Ann,Ng", "Ann Ng"),
        ("ID,Preferred Name", "7,Ann Ng", "Ann Ng"),
        ("ID,Preferred Name,Surname", "7,Ann Ng,Ng", "Ann Ng"),
        ("ID,Known As,Forename,Legal Surname,Preferred Surname", "7,,Ann,Ng,", "Ann Ng"),
        ("ID,Known As,Forename,Legal Surname,Preferred Surname", "7,Annie,Ann,Ng,Ash", "Annie Ash"),
        ("ID,Worker", "7,Ann Ng (On Leave)", "Ann Ng"),
        ("ID,Worker", "7,Ann Ng (Annie)", "Ann Ng (Annie)"),
    ],
)
def test_a_number_is_never_a_name_and_parts_make_one(headings: str, row: str, name: str) -> None:
    staff = read_text(f"{headings},Group,Reviewer\n{row},Teachers,Bo\n")
    assert [person.name for person in staff.people] == [name]


def test_one_missing_column_is_one_message_and_stops_those_who_lack_it() -> None:
    rows = "".join(f"{number},Teachers,Bo\n" for number in range(30))
    staff = read_text(f"ID,Group,Reviewer\n{rows}")
    assert codes(staff) == ["1:0 staff-columns"]
    assert len(staff.problems[0].about) == 30


def test_the_map_of_an_organisation_takes_alternatives() -> None:
    own = {"job-title": ("Substantive", "Post held"), "id": ("Nr", "Number")}
    for headings in ("Nr,Name,Substantive", "Number,Name,Post held"):
        staff = read_text(f"{headings},Group,Reviewer\n1,Ann Ng,Cook,Teachers,Bo\n", columns=own)
        assert [(p.id, p.job_title) for p in staff.people] == [("1", "Cook")]
        assert codes(staff) == []
