"""CSV files in every encoding and dialect that HR systems write, read back."""

from __future__ import annotations

import codecs
import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formulary.staff import text_file, workbook
from formulary.staff.rows import turn_name
from formulary.words import clean
from tests.staff.lists import book, codes, read, read_files, read_text, saved

ROWS = (
    ("Id", "Name", "Job title", "Staff group", "Reviewer"),
    ("1", "Zoë Müller", "Head of Année 7", "Teachers", "2"),
    ("2", "Seán d’Été", "Café cook – “lead”", "Support staff", "1"),
)


def as_csv(delimiter: str = ",", rows: tuple[tuple[str, ...], ...] = ROWS) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (b"", "cp1252"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_encoding_and_delimiter_gives_the_same_people(
    mark: bytes, encoding: str, delimiter: str
) -> None:
    staff = read(mark + as_csv(delimiter).encode(encoding))
    assert codes(staff) == []
    assert [(p.id, p.name, p.job_title, p.group) for p in staff.people] == [
        ("1", "Zoë Müller", "Head of Année 7", "teachers"),
        ("2", "Seán d’Été", "Café cook – “lead”", "support-staff"),
    ]


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("Żaneta Nowak", "cp1250"),
        ("Dębska", "cp1250"),
        ("Müller", "mac-roman"),
        ("Óscar", "mac-roman"),
        ("Jörg", "cp850"),
        ("Gŵyn", "iso8859-14"),
        ("Erdoğan", "cp1254"),
        ("Ольга Щукина", "cp1251"),
        ("Ольга Щукина", "koi8-r"),
    ],
)
def test_an_encoding_that_cannot_be_told_is_named_and_nothing_is_read(
    name: str, encoding: str
) -> None:
    text = as_csv(rows=(*ROWS[:1], ("1", name, "Cook", "Teachers", "2")))
    staff = read(text.encode(encoding, errors="strict"))
    assert staff.people == ()
    assert codes(staff) == ["2:0 staff-file"]
    assert "CSV UTF-8" in staff.problems[0].fix


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("Paweł Kowalski", "cp1250"),
        ("Zielińska", "cp1250"),
        ("Dvořák", "cp1250"),
        ("André Petit", "mac-roman"),
        ("Jörg O’Neil", "mac-roman"),
        ("Sinéad Muñoz", "mac-roman"),
        ("José Núñez", "cp850"),
        ("Ana Sánchez", "cp850"),
        ("Ana Muñoz", "cp1252"),
        ("Søren Kjær", "cp1252"),
        ("Children’s Services", "cp1252"),
        ("Gülşen", "cp1254"),
    ],
)
def test_an_encoding_in_which_alone_the_names_are_likely_is_taken(name: str, encoding: str) -> None:
    text = as_csv(rows=(*ROWS[:1], ("1", name, "Cook", "Teachers", "2")))
    assert [person.name for person in read(text.encode(encoding)).people] == [name]


def test_the_readings_of_a_name_are_shown_and_the_one_named_is_taken() -> None:
    text = as_csv(rows=(*ROWS[:1], ("1", "Gŵyn", "Cook", "Teachers", "2")))
    data = text.encode("iso8859-14")
    (problem,) = read(data).problems
    assert "“Gðyn” (windows-1252)" in problem.message
    assert "“Gŵyn” (iso-8859-14)" in problem.message
    assert "--encoding" in problem.fix
    for staff in (
        read_files({"list.csv": data}, named_encoding="iso-8859-14"),
        read(data, encoding="ISO-8859-14"),
    ):
        assert [person.name for person in staff.people] == ["Gŵyn"]
    assert (
        "not an encoding" in read_files({"x": data}, named_encoding="klingon").problems[0].message
    )
    assert read_files({"x": data}, named_encoding="utf-8").people == ()


@pytest.mark.parametrize(
    "data",
    [
        as_csv().encode("utf-16-le"),
        codecs.BOM_UTF16_LE + as_csv().encode("utf-16-le")[:-1],
        b"Id,Name\r\n1,Zo\x81 M\xdf",
        bytes(range(256)) * 40,
    ],
    ids=["utf-16 without a mark", "half a character", "bytes of no letter", "not text"],
)
def test_what_is_no_text_is_named(data: bytes) -> None:
    staff = read(data)
    assert staff.people == ()
    assert [p.kind.code for p in staff.problems] == ["staff-file"]


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\r\n\r\n", b"\xff\xfe"])
def test_an_empty_file_is_named(data: bytes) -> None:
    staff = read(data)
    assert staff.problems[0].message == "The file is empty"


def test_a_sep_line_titles_blank_rows_pages_and_totals_are_not_people() -> None:
    staff = read_text(
        "sep=;\r\n"
        "Staff list of Elm Trust;;;\r\n"
        "Run on 1 September 2026;;;\r\n"
        ";;;\r\n"
        "Payroll number;Surname;First name;Category;Line manager's number\r\n"
        "0017;Ng;Ann;Teachers;0018\r\n"
        ";;;;\r\n"
        "Payroll number;Surname;First name;Category;Line manager's number\r\n"
        "0018;Ash;Bo;Support staff;0017\r\n"
        "Total;2;;;\r\n"
        "End of report\r\n"
    )
    assert [(p.id, p.name, p.place.line) for p in staff.people] == [
        ("0017", "Ann Ng", 6),
        ("0018", "Bo Ash", 9),
    ]
    assert [p.reviewer for p in staff.people] == ["0018", "0017"]
    assert codes(staff) == ["10:0 staff-not-a-person", "11:0 staff-not-a-person"]


def test_a_quoted_value_may_run_over_lines_and_places_stay_right() -> None:
    staff = read_text(
        "Id,Name,Job title,Group,Reviewer\n"
        '1,Ann Ng,"Teacher\nof art, and\n""lead""",Teachers,2\n'
        "2,Bo Ash,Cook,Nobody,1\n"
    )
    assert staff.people[0].job_title == 'Teacher of art, and "lead"'
    assert [p.place.line for p in staff.people] == [2, 5]
    assert codes(staff) == ["5:4 staff-group"]


@pytest.mark.parametrize("line", ['2,"Bo Ash,Cook,Teachers,1', '2,"Bo" Ash,Cook,Teachers,1'])
def test_quotation_marks_that_do_not_fit_are_named_and_swallow_nobody(line: str) -> None:
    staff = read_text(
        "Id,Name,Job title,Group,Reviewer\n1,Ann Ng,Cook,Teachers,2\n"
        f"{line}\n3,Cy Elm,,Teachers,1\n"
    )
    assert staff.people == ()
    assert codes(staff) == ["3:0 staff-file"]


def test_a_quotation_mark_inside_a_name_is_part_of_it() -> None:
    staff = read_text('Id,Name,Group,Reviewer\n1,Jim "Jimbo" Ng,Teachers,Ann\n')
    assert staff.people[0].name == 'Jim "Jimbo" Ng'


def test_a_list_without_headings_says_so() -> None:
    staff = read_text("1,Ann Ng,Teachers,2\n2,Bo Ash,Teachers,1\n")
    assert codes(staff) == ["0:0 staff-file"]
    assert "headings" in staff.problems[0].message


@pytest.mark.parametrize(
    "text",
    [
        '"Nr","Wer","Was"\n"1","Jones, Ann","Teacher"\n',
        '"Nr";"Wer"\n"1";"Ng, Ann"\n',
        '"Chien, grand","Chat"\n"1, 2","3"\n',
    ],
)
def test_a_quoted_list_whose_headings_are_unknown_is_told_about_its_headings(text: str) -> None:
    (problem,) = read_text(text).problems
    assert "headings" in problem.message


def test_the_limit_on_rows_is_the_same_in_a_workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_file, "MOST_ROWS", 40)
    monkeypatch.setattr(workbook, "MOST_ROWS", 40)
    head = ("Id", "Name", "Group", "Reviewer")
    for count, is_read in ((39, True), (40, False)):
        rows = [head, *((str(n), "Ann Ng", "Teachers", "Bo") for n in range(count))]
        spaced = [line for row in rows for line in (row, ("", "", "", ""))]
        for data in (as_csv(rows=tuple(spaced)).encode(), saved(book(spaced))):
            assert bool(read(data).people) is is_read


NAMES = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"), exclude_characters="?\ufffd"),
    min_size=1,
    max_size=30,
).filter(
    lambda name: (
        any(map(str.isalpha, clean(name)))
        and not clean(name).startswith("'")
        and turn_name(clean(name)) == clean(name)
    )
)


@settings(deadline=None)
@given(
    names=st.lists(NAMES, min_size=1, max_size=8),
    delimiter=st.sampled_from(",;\t|"),
    ending=st.sampled_from(["\r\n", "\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_any_name_comes_back_as_it_is_seen(
    names: list[str], delimiter: str, ending: str, encoding: str, quoting: int
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=ending, quoting=quoting)
    writer.writerow(("Employee Id", "Name", "Group", "Reviewer"))
    writer.writerows((f"E{i}", name, "Teachers", "Ann") for i, name in enumerate(names))
    staff = read(text.getvalue().encode(encoding))
    assert [p.name for p in staff.people] == [clean(name) for name in names]
    assert {p.id for p in staff.people} == {f"E{i}" for i in range(len(names))}
