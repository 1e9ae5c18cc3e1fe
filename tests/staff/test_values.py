"""Names, ids and dates as lists have them: read as they are meant, or named."""

from __future__ import annotations

import datetime

import pytest

from tests.staff.lists import codes, read_text

HEAD = "Id,Name,Group,Reviewer,Start date,End date\n"


def one(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("O'Neil & <Sons>", "O'Neil & <Sons>"),
        ("Zażółć Żółć", "Zażółć Żółć"),
        ("=cmd('calc')", "=cmd('calc')"),
        ("'=cmd()", "=cmd()"),
        ("+44 Ng", "+44 Ng"),
        ("-Ng", "-Ng"),
        ("@Ng", "@Ng"),
        ("'t Hooft, Ann", "Ann 't Hooft"),
        ("Osei-Bonsu, Margaret", "Margaret Osei-Bonsu"),
        ("NG, ANN", "ANN NG"),
        ("van der Berg, Anna Maria", "Anna Maria van der Berg"),
        ("O'Neil, Mr Finn", "Mr Finn O'Neil"),
        ("Ann Ng, BA (Hons)", "Ann Ng, BA (Hons)"),
        ("Ann Ng, MBE", "Ann Ng, MBE"),
        ("Ng, Ann, Dr", "Ng, Ann, Dr"),
        ("שרה כהן", "שרה כהן"),
        ("\u200fמרים\u200e לוי", "מרים לוי"),
        ("مريم الفهد", "مريم الفهد"),
        ("Ann\u00a0Ng", "Ann Ng"),
        ("Ann\u202fNg", "Ann Ng"),
        ("Ann\u200b Ng\ufeff", "Ann Ng"),
        ("Zoe\u0308 Ng", "Zoë Ng"),
        ("A\u030angstro\u0308m", "Ångström"),
        ("Ann 👩\u200d🏫 Ng", "Ann 👩\u200d🏫 Ng"),
        ("  Ann \t  Ng ", "Ann Ng"),
        ("{{ 7 * 7 }} {% x %}", "{{ 7 * 7 }} {% x %}"),
        ("Ann, Ng; Bo | Ash", "Ann, Ng; Bo | Ash"),
        ("NULL", "NULL"),
        ("True", "True"),
        ("山田 花子", "山田 花子"),
        ("Nguyễn Thị Ánh", "Nguyễn Thị Ánh"),
    ],
)
def test_a_name_is_read_as_it_is_meant(typed: str, read: str) -> None:
    staff = read_text(f"{HEAD}1,{one(typed)},Teachers,The Board,,\n")
    assert [p.name for p in staff.people] == [read]
    assert codes(staff) == []


@pytest.mark.parametrize(
    "typed",
    ["Micha? Nowak", "Å»aneta Nowak", "FranÃ§ois Ng", "Fran\ufffdois", "Ann\u202eNg", "Ann\x07Ng"],
)
def test_a_name_whose_letters_may_be_lost_is_named_and_kept(typed: str) -> None:
    staff = read_text(f"{HEAD}1,Ann Ng,Teachers,2,,\n2,{one(typed)},Teachers,1,,\n")
    assert codes(staff) == ["3:2 staff-letters"]
    assert len(staff.people) == 2


@pytest.mark.parametrize("id", ["00123", "E-17/b", "1.20", "12345678901234567890"])
def test_an_id_is_kept_letter_by_letter(id: str) -> None:
    staff = read_text(f"{HEAD}{id},Ann Ng,Teachers,The Board,,\n")
    assert [p.id for p in staff.people] == [id]


def test_the_apostrophe_that_marks_text_is_no_part_of_an_id() -> None:
    staff = read_text(f"{HEAD}'00123,Ann Ng,Teachers,The Board,,\n")
    assert [p.id for p in staff.people] == ["00123"]


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("31/12/2025", (2025, 12, 31)),
        ("1/9/2025", (2025, 9, 1)),
        ("01-09-2025", (2025, 9, 1)),
        ("01.09.25", (2025, 9, 1)),
        ("01/09/85", (1985, 9, 1)),
        ("2025-09-01", (2025, 9, 1)),
        ("2025-09-01T00:00:00Z", (2025, 9, 1)),
        ("2025-09-01 00:00:00", (2025, 9, 1)),
        ("01/09/2025 00:00", (2025, 9, 1)),
        ("1 September 2025", (2025, 9, 1)),
        ("1st Sept 2025", (2025, 9, 1)),
        ("01-Sep-25", (2025, 9, 1)),
        ("September 1, 2025", (2025, 9, 1)),
        ("29/02/2024", (2024, 2, 29)),
    ],
)
def test_a_date_is_read_day_first(typed: str, day: tuple[int, int, int]) -> None:
    staff = read_text(f'{HEAD}1,Ann Ng,Teachers,The Board,"{typed}",\n')
    assert staff.people[0].starts == datetime.date(*day)
    assert codes(staff) == []


@pytest.mark.parametrize("typed", ["", "-", "n/a", "Permanent", "31/12/4712", "9999-12-31"])
def test_what_stands_for_no_date_is_none(typed: str) -> None:
    staff = read_text(f"{HEAD}1,Ann Ng,Teachers,The Board,1/9/2025,{typed}\n")
    assert staff.people[0].ends is None
    assert codes(staff) == []


@pytest.mark.parametrize(
    "typed", ["31/02/2026", "29/02/2025", "2026-02-31", "32/01/2026", "soon", "1 Foo 2026", "45000"]
)
def test_a_date_that_does_not_exist_is_named_with_its_person(typed: str) -> None:
    staff = read_text(f"{HEAD}1,Ann Ng,Teachers,2,31/10/2020,\n2,Bo Ash,Teachers,1,{typed},\n")
    assert codes(staff) == ["3:5 staff-date"]
    assert "Bo Ash (2)" in staff.problems[0].message
    assert staff.problems[0].about == ("2",)


def test_dates_with_the_month_first_are_named_all_at_once() -> None:
    staff = read_text(
        f"{HEAD}1,Ann Ng,Teachers,2,09/25/2020,\n2,Bo Ash,Teachers,1,03/04/2021,\n"
        "3,Cy Elm,Teachers,1,5 May 2021,\n4,Di Fir,Teachers,1,06/06/2021,\n"
    )
    assert codes(staff) == ["2:5 staff-date"]
    assert staff.problems[0].about == ("1", "2")
    assert [p.starts for p in staff.people[2:]] == [
        datetime.date(2021, 5, 5),
        datetime.date(2021, 6, 6),
    ]


def test_one_date_with_the_month_first_among_british_ones_is_named_alone() -> None:
    staff = read_text(
        f"{HEAD}1,Ann Ng,Teachers,2,25/09/2020,\n2,Bo Ash,Teachers,1,09/25/2020,\n"
        "3,Cy Elm,Teachers,1,03/04/2021,\n"
    )
    assert codes(staff) == ["3:5 staff-date"]
    assert staff.people[2].starts == datetime.date(2021, 4, 3)


def test_an_end_before_the_start_is_named() -> None:
    staff = read_text(f"{HEAD}1,Ann Ng,Teachers,The Board,1/9/2025,31/8/2025\n")
    assert codes(staff) == ["2:6 staff-date"]


def test_a_missing_id_or_name_is_named() -> None:
    staff = read_text(f"{HEAD},Ann Ng,Teachers,2,,\n2,,Teachers,The Board,,\n")
    assert codes(staff) == ["2:1 staff-value", "3:2 staff-value"]
    assert [p.id for p in staff.people] == ["2"]


def test_two_rows_with_one_id_are_named_with_both_rows() -> None:
    staff = read_text(
        f"{HEAD}1,Ann Ng,Teachers,2,,\n2,Bo Ash,Teachers,1,,\n1,Cy Elm,Support staff,2,,\n"
        "2,Bo Ash,Teachers,1,,\n"
    )
    assert codes(staff) == ["4:0 staff-repeated", "5:0 staff-twice"]
    repeated = staff.problems[0]
    assert "row 2 and in row 4" in repeated.message
    assert repeated.about == ("1",)
    assert [p.id for p in staff.people] == ["1", "2"]
