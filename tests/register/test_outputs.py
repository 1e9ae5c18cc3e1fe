"""What is made of the returns: summaries, the audit, the sample, retention, reminders, files."""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from icalendar import Calendar

from formulary.content.accessibility import Contact
from formulary.content.cycle import british
from formulary.content.themes import Theme, find_theme
from formulary.edition.edition import Edition
from formulary.register.audit import TrainingNeeds, audit_tables, deadline_of
from formulary.register.files import COVER_TITLE, Cover
from formulary.register.reminders import Reminder, ReminderWriter
from formulary.register.retention import retention_period, retention_table
from formulary.register.sampling import SampleSize, moderation_table, places_of
from formulary.register.summaries import summaries
from formulary.register.table import RegisterTable
from formulary.returns.expected import expected_forms, match_returns
from tests.register.samples import assigned, case_of, csv_bytes, entries_of, person, workbook_bytes

TODAY = datetime.date(2027, 11, 1)
COVER = Cover("Register", (("As of", TODAY),), "Confidential", "#1d4f6e", TODAY)


@pytest.fixture(scope="module")
def by_id(editions: tuple[Edition, ...]) -> dict[str, Edition]:
    return {edition.id: edition for edition in editions}


def rows(table: RegisterTable) -> list[dict[str, object]]:
    return [dict(zip(table.headings, row, strict=True)) for row in table.all_rows()]


def test_summaries_count_people_forms_and_what_is_overdue(by_id: dict[str, Edition]) -> None:
    edition = by_id["ealing"]
    people = [
        person("1", site="North", group="support-staff"),
        person("2", site="North", group="support-staff"),
        person("3", site="South", group="support-staff"),
    ]
    expected = expected_forms(edition, [assigned(edition, one) for one in people])
    assert len(expected) == 12
    cases = [
        case_of(edition, "planning-statement", people[0], {}, "signed"),
        case_of(edition, "cpd-needs", people[0], {}, "begun"),
        case_of(edition, "pre-review", people[2], {}, "complete"),
    ]
    owed = match_returns(expected, entries_of(cases), TODAY)
    by_school, by_reviewer, *_ = summaries(owed)
    north, south, total = rows(by_school)
    assert [north[name] for name in ("People", "Forms", "Done", "Begun")] == [2, 8, 1, 1]
    assert [south[name] for name in ("People", "Forms", "Done", "Begun")] == [1, 4, 1, 0]
    assert (total["Done"], total["Share done"], total["Overdue"]) == (2, 0.1667, 10)
    assert [row["Reviewer"] for row in rows(by_reviewer)] == ["Vera Boss", "Total"]
    early = match_returns(expected, entries_of(cases), datetime.date(2026, 9, 1))
    assert not any(one.is_overdue for one in early)


def test_a_theme_is_known_by_whole_words_and_the_first_wins() -> None:
    themes = (
        Theme(id="it", name="Computers", words=("IT", "spreadsheet*")),
        Theme(id="reading", name="Reading", words=("phonic*", "reading")),
    )
    found = {
        words: find_theme(words, themes).theme
        for words in (
            "Help with IT",
            "Is it possible",
            "SPREADSHEETS and phonics",
            "Phonics  training",
            "spreading the word",
        )
    }
    assert list(found.values()) == ["Computers", "", "Computers", "Reading", ""]
    assert find_theme("New phonics scheme", themes).because == "phonics"


def test_the_audit_sorts_needs_and_knows_the_day_they_are_due(by_id: dict[str, Edition]) -> None:
    edition = by_id["ealing"]
    deadline = deadline_of(edition)
    assert deadline
    assert deadline.day == datetime.date(2026, 10, 31)
    assert deadline_of(by_id["pclc"]) is None
    ann, bo = (person(id, group="support-staff") for id in ("1", "2"))
    two = {
        "need_1_need": "Paediatric first aid",
        "need_1_priority": "Low",
        "need_1_needed_by": "01/10/2026",
        "need_2_need": "Something of my own",
        "need_2_priority": "High",
        "need_2_needed_by": "01/03/2027",
    }
    one = {"need_1_need": "First aid at work", "need_1_priority": "High"}
    cases = [
        case_of(edition, "cpd-needs", ann, two),
        case_of(edition, "cpd-needs", bo, one),
    ]
    needs = TrainingNeeds(edition)
    for case in cases:
        needs.add(case)
    by_theme, _, by_month, _, _, listed = audit_tables(needs)
    first, other, total = rows(by_theme)
    within = "Needed by 31 October 2026"
    wanted = ("Theme", "Needs", "People", "High", "Low", within)
    assert [first[name] for name in wanted] == ["Safeguarding and health", 2, 2, 1, 1, 1]
    assert [other[name] for name in wanted] == ["Other", 1, 1, 1, 0, 0]
    assert total["Needs"] == 3
    months = [row["Needed by"] for row in rows(by_month)]
    assert months == ["2026-10 October", "2027-03 March", "(none given)", "Total"]
    assert [(row["Name"], row["Priority"], row[within]) for row in rows(listed)] == [
        ("Person 2", "High", ""),
        ("Person 1", "Low", "yes"),
        ("Person 1", "High", ""),
    ]


def test_places_are_shared_as_sizes_are_and_each_has_one_first() -> None:
    assert places_of([50, 30, 20], 10) == [5, 3, 2]
    assert places_of([96, 2, 2], 5) == [3, 1, 1]
    assert places_of([9, 5, 1], 2) == [1, 1, 0]
    assert places_of([2, 1], 9) == [2, 1]


OBJECTIVE = {"objective_1_objective": "Read"}


def test_a_sample_is_the_share_of_people_and_spread_over_schools_and_reviewers(
    by_id: dict[str, Edition],
) -> None:
    edition = by_id["pclc"]
    people = [person(str(n), group="teachers", site=("N", "S")[n % 2]) for n in range(40)]
    cases = [case_of(edition, "pm-form", one, OBJECTIVE) for one in people]
    cases.append(case_of(edition, "cpd-needs", people[0], {}))
    cases += [case_of(edition, "pm-form", None, OBJECTIVE) for _ in range(40)]
    reviewers = {one.id: f"Boss {int(one.id) // 10}" for one in people}

    def drawn(seed: str, size: SampleSize | None = None) -> list[object]:
        table = moderation_table(edition, entries_of(cases), reviewers, size, seed)
        found = rows(table)
        assert {row["Clause"] for row in found} == {edition.label("objective-quality")}
        assert {row["Form"] for row in found} == {"Performance management form"}
        assert all(row["Id"] for row in found), "somebody who is not on the list"
        places = len(found)
        assert len({row["School or team"] for row in found}) == min(2, places)
        pairs = {(row["School or team"], row["Reviewer"]) for row in found}
        assert len(pairs) == min(8, places)
        return [row["Id"] for row in found]

    # one in ten of 40 people, not of 80 forms, nor one for each school and reviewer
    assert len(drawn("a")) == 4
    assert drawn("a") == drawn("a")
    assert len({tuple(drawn(str(n))) for n in range(5)}) == 5
    assert len(drawn("a", SampleSize(number=20))) == 20
    assert len(drawn("a", SampleSize(number=99))) == 40
    assert len(drawn("a", SampleSize(share=50))) == 20
    assert len(drawn("a", SampleSize(share=1))) == 1
    assert set(drawn("a")) <= set(drawn("a", SampleSize(share=50)))


def test_every_form_of_a_person_who_is_drawn_is_moderated_and_nobody_is_no_error(
    by_id: dict[str, Edition],
) -> None:
    edition = by_id["pclc"]
    who = person("1", group="teachers")
    cases = [case_of(edition, form, who, OBJECTIVE) for form in ("pm-form", "pm-form")]
    found = rows(moderation_table(edition, entries_of(cases), {}, None, "a"))
    assert [(row["Id"], row["Drawn"]) for row in found] == [("1", "1 of 1"), ("1", "1 of 1")]
    assert not moderation_table(edition, (), {}, SampleSize(number=3), "a").rows
    stranger = entries_of([case_of(edition, "pm-form", None, OBJECTIVE)])
    assert not moderation_table(edition, stranger, {}, SampleSize(share=100), "a").rows


def test_where_the_policy_says_that_all_are_looked_at_all_are_drawn(
    by_id: dict[str, Edition],
) -> None:
    edition = by_id["staploe"]
    people = [person(str(n), group="associate-staff") for n in range(7)]
    cases = [case_of(edition, "planning-statement", one, {"objective": "Tidy"}) for one in people]
    assert len(moderation_table(edition, entries_of(cases), {}, None, "a").rows) == 7


def test_records_are_kept_as_the_policy_says_or_it_is_said_that_it_does_not(
    by_id: dict[str, Edition],
) -> None:
    def row(id: str, form: str, group: str, year: int | None = None) -> dict[str, object]:
        edition = by_id[id]
        who = person("1", group=group)
        case = case_of(edition, form, who, {}, year=year)
        return rows(retention_table(edition, entries_of([case]), {}))[0]

    six = row("staploe", "planning-statement", "associate-staff")
    assert six["Cycle closed"] == datetime.date(2026, 12, 31)
    assert (six["Kept until"], six["What then"]) == (datetime.date(2032, 12, 31), "Destroy it.")
    assert six["Clause"] == by_id["staploe"].label("records")
    before = row("staploe", "planning-statement", "associate-staff", year=2024)
    assert before["Kept until"] == datetime.date(2030, 12, 31)
    least = row("ealing", "planning-statement", "support-staff")
    assert "may be destroyed" in str(least["What then"])
    none = row("pclc", "pm-form", "teachers")
    assert none["Kept until"] == ""
    assert "no number of years" in str(none["What then"])
    assert retention_period(by_id["pclc"]).clause == by_id["pclc"].label("records")


def test_a_reminder_says_that_a_signature_is_there_as_a_picture(by_id: dict[str, Edition]) -> None:
    edition = by_id["pclc"]
    who = person("1", group="teachers", reviewer="9")
    expected = expected_forms(edition, [assigned(edition, who)])
    case = case_of(edition, "pm-form", who, {"signed_reviewer": "Vera Boss"}, "signed by one")
    record = case.found.record
    assert record.submission
    remarks = tuple(
        f"Something is drawn over “{title}”: a picture."
        for title in ("Signed (reviewer)", "Signed (reviewee)", "Current pay level")
    )
    drawn = replace(record, submission=replace(record.submission, remarks=remarks))
    case = replace(case, found=replace(case.found, record=drawn))
    owed = match_returns(expected, entries_of([case]), TODAY)
    (reminder,) = ReminderWriter(edition, TODAY, {}, {}).write(owed)
    assert "Something is drawn over “Signed (reviewee)”: a picture." in reminder.text
    assert reminder.text.count("is drawn") == 1


def reminders(
    edition: Edition, states: dict[str, str], today: datetime.date, **further: Any
) -> list[Reminder]:
    """Of Ann Ng and Bertha, of whom each form has come back that `states` has by its title."""
    ann, bo = (
        person(id, name, group="support-staff") for id, name in (("1", "Ann\nNg"), ("2", "Bertha"))
    )
    expected = expected_forms(edition, [assigned(edition, ann), assigned(edition, bo, "Cy Elm")])
    cases = [case_of(edition, one.form.id, bo, {}, "signed") for one in expected]
    cases += [case_of(edition, form, ann, {}, state) for form, state in states.items()]
    owed = match_returns(expected, entries_of(cases), today)
    packs = further.get("packs", {})
    page = "https://x.example/ealing/forms/index.html"
    writer = ReminderWriter(edition, today, {"99": "v@x.example"}, packs, "/private/packs", page)
    return list(writer.write(owed))


def test_a_reminder_lists_forms_with_their_people_and_days(by_id: dict[str, Edition]) -> None:
    (only,) = reminders(
        by_id["ealing"], {"cpd-needs": "signed by one"}, datetime.date(2026, 11, 10)
    )
    assert (only.id, only.name) == ("99", "Vera Boss")
    assert only.text.startswith("To: v@x.example\nSubject: ")
    overdue = only.text.split("Overdue\n")[1].split("Still to come")[0]
    assert "due by 31 October 2026:\n  - signed by one of you: Ann Ng\n" in overdue
    assert overdue.count("* ") == 1
    assert only.text.split("Still to come")[1].count("not come back yet: Ann Ng\n") == 3
    assert "Bertha" not in only.text
    assert "brackets" not in only.text


def test_the_text_and_the_calendar_name_the_same_day_and_no_day_that_is_past(
    by_id: dict[str, Edition],
) -> None:
    edition = by_id["ealing"]
    for today in (datetime.date(2026, 10, 28), datetime.date(2026, 11, 10)):
        (only,) = reminders(edition, {}, today)
        assert f"On {british(today)}, 4 forms" in only.text
        assert only.calendar
        events = list(Calendar.from_ical(only.calendar).walk("VEVENT"))
        assert {str(event["DESCRIPTION"]).partition(":")[0] for event in events} == {
            f"Not finished on {british(today)}"
        }
        days = [event["DTSTART"].dt for event in events]
        assert all(day >= today for day in days)
        assert len(days) == (4 if today.month == 10 else 3)
        assert len({str(event["UID"]) for event in events}) == len(events)
        assert {str(event["CLASS"]) for event in events} == {"PRIVATE"}
        for event in events:  # an alarm a week before would ring at once, where that is past
            rings = event["DTSTART"].dt - datetime.timedelta(days=7) >= today
            assert bool(event.walk("VALARM")) == rings
    (late,) = reminders(edition, {}, datetime.date(2030, 1, 1))
    assert late.calendar is None
    assert late.text.count("* ") == 4


def test_a_reminder_says_who_to_ask_and_where_the_packs_are(by_id: dict[str, Edition]) -> None:
    contact = Contact(email="hr@x.example", who="HR, Ms Example", phone="0300 123 4567")
    edition = by_id["ealing"]
    edition = replace(
        edition, organisation=edition.organisation.model_copy(update={"contact": contact})
    )
    packs = {("1", "cpd-needs"): ["North/Ann (1)/needs.docx", "North/Ann (1)/needs.pdf"]}
    (only,) = reminders(edition, {}, datetime.date(2026, 11, 10), packs=packs)
    ask = "HR, Ms Example (hr@x.example, 0300 123 4567)"
    assert f"send them to {ask} by the date given" in only.text
    assert f"please tell {ask}." in only.text
    assert "    Ann Ng: North/Ann (1)/needs (Word, PDF)\n" in only.text
    assert "The files named above are in /private/packs." in only.text
    page = "https://x.example/ealing/forms/index.html"
    assert f"All forms, and what each is for: {page}\n" in only.text


NASTY = ("=1+1", "+1", "-1", "@x", "\t=1", "＝1", "'=1", "ok")


def test_no_cell_of_any_file_is_a_formula() -> None:
    table = RegisterTable("=cmd|x [1]", tuple(f"={n}" for n in NASTY), (NASTY,), total=NASTY)
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes([table, table], COVER)))
    assert book.sheetnames == [COVER_TITLE, "=cmd|x  1", "=cmd|x  1 2"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} <= {"s", "d"}
    assert [cell.value for cell in book.worksheets[1][2]] == [*NASTY]
    heading, row = csv.reader(io.StringIO(csv_bytes(table).decode("utf-8-sig")))
    assert all(cell.startswith("'") for cell in (*heading, *row[:-1]))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_cell_of_a_csv_file_is_a_formula_whatever_separates_them(separator: str) -> None:
    nasty = [f"x{mark}{formula}" for mark in ";\t," for formula in NASTY]
    table = RegisterTable("T", ("Id", *nasty), (("000025", *nasty),))
    text = csv_bytes(table).decode("utf-8-sig")
    for line in csv.reader(io.StringIO(text)):
        assert [cell[:2] for cell in line[1:]] == ["x;"] * 8 + ["x\t"] * 8 + ["x,"] * 8
    assert all(line.startswith('"') and line.endswith('"') for line in text.splitlines())
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):  # with quotation marks, and without
        for row in csv.reader(io.StringIO(text), delimiter=separator, quoting=quoting):
            for cell in row if separator != "," or quoting == csv.QUOTE_MINIMAL else ():
                assert not cell.startswith(("=", "+", "-", "@", "＝")), cell


def test_a_workbook_is_made_to_be_read_and_the_same_each_time() -> None:
    day = datetime.date(2026, 10, 31)
    table = RegisterTable(
        "Returns",
        ("Id", "Due", "Share"),
        (("1", day, 0.25), ("2", day, 1.0)),
        total=("Total", "", 0.5),
    )
    data = workbook_bytes([table], COVER)
    assert data == workbook_bytes([table], COVER)
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Returns"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("C2", "A1:C3")
    assert sheet["B2"].value == datetime.datetime(2026, 10, 31)
    assert (sheet["B2"].number_format, sheet["C2"].number_format) == ("dd/mm/yyyy", "0%")
    assert sheet.print_title_rows == "$1:$1"
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert {entry.date_time[0] for entry in package.infolist()} == {1980}
        core = package.read("docProps/core.xml").decode()
    assert core.count("2027-11-01T00:00:00Z") == 2
    later = replace(COVER, last_change=datetime.date(2027, 11, 2))
    assert workbook_bytes([table], later) != data
