"""Excel workbooks as HR systems and people make them; and those that are none, or hostile."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.staff.lists import book, codes, read, saved

HEAD = ("Id", "Name", "Group", "Reviewer", "Start date")


def changed(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The package with every part passed through `change`."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part)))
    return made.getvalue()


def in_sheet(data: bytes, old: bytes, new: bytes) -> bytes:
    def change(name: str, part: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return part
        assert old in part
        return part.replace(old, new)

    return changed(data, change)


def test_text_numbers_and_dates_are_read_as_they_are_seen() -> None:
    made = book(
        [
            HEAD,
            ("00123", "Zażółć Żółć", "Teachers", 124.0, datetime.date(2020, 9, 1)),
            (124.0, "O'Neil & <Sons>", "Teachers", "00125", datetime.datetime(2020, 9, 1, 9, 30)),
            (125, "Ann\u00a0Ng", "Support staff", "00123", "1 September 2020"),
        ]
    )
    made.active["A4"].number_format = "00000"
    made.active["A3"].data_type = "n"
    staff = read(saved(made), "list.xlsx")
    assert codes(staff) == []
    assert [(p.id, p.name, p.reviewer) for p in staff.people] == [
        ("00123", "Zażółć Żółć", "124"),
        ("124", "O'Neil & <Sons>", "00125"),
        ("00125", "Ann Ng", "00123"),
    ]
    assert {p.starts for p in staff.people} == {datetime.date(2020, 9, 1)}
    assert [p.place.line for p in staff.people] == [2, 3, 4]


def test_dates_of_a_workbook_that_counts_from_1904_are_the_same() -> None:
    made = book([HEAD])
    made.epoch = CALENDAR_MAC_1904
    made.active.append((1, "Ann Ng", "Teachers", "Bo", datetime.date(2020, 9, 1)))
    staff = read(saved(made), "list.xlsx")
    assert staff.people[0].starts == datetime.date(2020, 9, 1)


def test_a_text_that_looks_like_a_formula_stays_text() -> None:
    made = book([HEAD, (1, "x", "Teachers", "Bo", None)])
    made.active["B2"].value = "=cmd()"
    made.active["B2"].data_type = "s"
    staff = read(saved(made), "list.xlsx")
    assert staff.people[0].name == "=cmd()"
    assert codes(staff) == []


def test_a_formula_has_the_value_that_excel_computed_and_none_is_named() -> None:
    made = book([HEAD, (1, "Ann Ng", "Teachers", 2, None), (2, "Bo Ash", "x", 1, None)])
    made.active["C3"].value = '="Teach"&"ers"'
    data = saved(made)
    staff = read(data, "list.xlsx")
    assert "3:3 staff-value" in codes(staff)
    assert next(p for p in staff.problems if p.kind.code == "staff-value").about == ("2",)
    computed = in_sheet(data, b"<v></v>", b"<v>Teachers</v>")
    computed = in_sheet(computed, b'<c r="C3"', b'<c r="C3" t="str"')
    staff = read(computed, "list.xlsx")
    assert codes(staff) == []
    assert staff.people[1].group == "teachers"


def test_an_error_value_is_named_where_the_column_counts() -> None:
    made = book([(*HEAD, "Phone"), (1, "Ann Ng", "Teachers", "#REF!", None, "#N/A")])
    staff = read(saved(made), "list.xlsx")
    assert "2:4 staff-value" in codes(staff)
    assert "2:6 staff-value" not in codes(staff)


def test_cells_merged_over_several_people_are_named_and_a_merged_title_is_not() -> None:
    made = book(
        [
            ("Staff of Elm Trust",),
            (*HEAD, "School"),
            (1, "Ann Ng", "Teachers", 2, None, "North School"),
            (2, "Bo Ash", "Teachers", 1, None, None),
            (3, "Cy Elm", "Teachers", 1, None, None),
        ]
    )
    made.active.merge_cells("A1:F1")
    made.active.merge_cells("F3:F4")
    made.active.merge_cells("E5:F5")
    staff = read(saved(made), "list.xlsx")
    assert codes(staff) == ["3:6 staff-merged"]
    assert staff.problems[0].about == ("1", "2")


def test_hidden_rows_are_read_and_said() -> None:
    made = book([HEAD, (1, "Ann Ng", "Teachers", 2, None), (2, "Bo Ash", "Teachers", 1, None)])
    made.active.row_dimensions[3].hidden = True
    staff = read(saved(made), "list.xlsx")
    assert len(staff.people) == 2
    assert codes(staff) == ["3:0 staff-hidden"]


def test_the_one_visible_sheet_with_a_list_is_read() -> None:
    made = book([("Notes",), ("Read this first",)], "About")
    staff_sheet = made.create_sheet("Everyone")
    for row in (HEAD, (1, "Ann Ng", "Teachers", "Bo", None)):
        staff_sheet.append(row)
    hidden = made.create_sheet("Last year")
    hidden.append(HEAD)
    hidden.append((9, "Old One", "Teachers", "Bo", None))
    hidden.sheet_state = "hidden"
    staff = read(saved(made), "list.xlsx")
    assert [p.name for p in staff.people] == ["Ann Ng"]
    assert codes(staff) == []


def test_the_lists_of_two_sheets_are_read_as_one_and_one_can_be_chosen() -> None:
    made = book([HEAD, (1, "Ann Ng", "Teachers", "Bo", None)], "North")
    other = made.create_sheet("South")
    other.append(HEAD)
    other.append((2, "Cy Elm", "Teachers", "Bo", None))
    staff = read(saved(made), "list.xlsx")
    assert codes(staff) == []
    assert [p.name for p in staff.people] == ["Ann Ng", "Cy Elm"]
    assert [part.sheet for part in staff.parts] == ["North", "South"]
    chosen = read(saved(made), "list.xlsx", sheet="South")
    assert [p.name for p in chosen.people] == ["Cy Elm"]
    assert codes(read(saved(made), "list.xlsx", sheet="East")) == ["0:0 staff-file"]


SIMPLE = ((1, "Ann Ng", "Teachers", "Bo", None),)


def simple() -> bytes:
    return saved(book([HEAD, *SIMPLE]))


def ods() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", "<x/>")
    return made.getvalue()


def other_package() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("word/document.xml", "<x/>")
    return made.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (OLE, "old format of Excel (.xls)"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        (ods(), ".ods"),
        (other_package(), "not a workbook"),
        (b"%PDF-1.7\n...", "PDF"),
        (b"\r\n<html><table><tr><td>Id</td></tr></table>", "web page"),
        (b'<?xml version="1.0"?><Workbook/>', "XML"),
        (simple()[:900], "damaged"),
        (changed(simple(), lambda n, p: b"<broken" if "sheet1" in n else p), "damaged"),
        (changed(simple(), lambda n, p: b"" if n == "xl/workbook.xml" else p), "damaged"),
    ],
)
def test_a_file_that_is_no_workbook_says_what_it_is_and_what_to_do(data: bytes, said: str) -> None:
    staff = read(data, "list.xlsx")
    assert staff.people == ()
    assert codes(staff) == ["0:0 staff-file"]
    assert said in staff.problems[0].message
    assert staff.problems[0].fix


BOMB = (
    b'<!DOCTYPE worksheet [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;">]><worksheet '
)


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"])
def test_entities_are_refused_in_every_part(part: str) -> None:
    data = changed(
        simple(),
        lambda n, p: (
            re.sub(rb"<(worksheet|workbook|styleSheet) ", BOMB, p, count=1) if n == part else p
        ),
    )
    staff = read(data, "list.xlsx")
    assert staff.people == ()
    assert "entities" in staff.problems[0].message


def test_a_package_that_unpacks_to_gigabytes_is_refused_unread() -> None:
    made = io.BytesIO(simple())
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for number in range(5):
            package.writestr(f"xl/media/{number}.bin", bytes(100_000_000))
    staff = read(made.getvalue(), "list.xlsx")
    assert "far larger inside" in staff.problems[0].message


@pytest.mark.parametrize("claim", [b'ref="A1:XFD1048576"', b'ref="A1"', b'ref="A1:B1"'])
def test_a_sheet_is_read_for_what_it_holds_whatever_size_it_claims(claim: bytes) -> None:
    made = book([HEAD, *SIMPLE])
    data = saved(made)
    staff = read(in_sheet(data, b'ref="A1:E2"', claim), "list.xlsx")
    assert [(p.name, p.group) for p in staff.people] == [("Ann Ng", "teachers")]


def test_a_cell_at_the_far_corner_is_refused() -> None:
    made = book([HEAD, *SIMPLE])
    made.active.cell(3, 16384, "x")
    staff = read(saved(made), "list.xlsx")
    assert "columns" in staff.problems[0].message
    made = book([HEAD, *SIMPLE])
    made.active.cell(1_048_576, 1, "x")
    staff = read(saved(made), "list.xlsx")
    assert codes(staff) == ["1048576:0 staff-not-a-person"]


def test_the_content_counts_and_not_the_name_of_the_file() -> None:
    assert read(simple(), "list.csv").people[0].name == "Ann Ng"
    assert read(b"Id,Name,Group,Reviewer\n1,Ann Ng,Teachers,Bo\n", "list.xlsx").people


WHOLE = simple()


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0, len(WHOLE) - 1), cut=st.integers(0, 40), put=st.binary(max_size=40))
def test_a_workbook_damaged_anywhere_is_read_or_named(place: int, cut: int, put: bytes) -> None:
    staff = read(WHOLE[:place] + put + WHOLE[place + cut :], "list.xlsx")
    assert staff.people or staff.problems


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_a_part_damaged_anywhere_is_read_or_named(data: st.DataObject) -> None:
    def spoil(name: str, part: bytes) -> bytes:
        if name != spoilt:
            return part
        place = data.draw(st.integers(0, len(part)))
        cut = data.draw(st.integers(0, 60))
        return part[:place] + data.draw(st.binary(max_size=8)) + part[place + cut :]

    with zipfile.ZipFile(io.BytesIO(WHOLE)) as package:
        spoilt = data.draw(st.sampled_from(sorted(package.namelist())))
    staff = read(changed(WHOLE, spoil), "list.xlsx")
    assert staff.people or staff.problems
