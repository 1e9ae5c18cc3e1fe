"""The calendars: valid, dated as the year is; an update replaces an entry and never doubles it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from formulary.content.loading import Content, load
from formulary.edition.edition import Edition, edition_of
from formulary.formats.handbook.addresses import Addresses
from formulary.formats.handbook.calendars import CalendarFile, calendar_files, site_address
from formulary.formats.handbook.pages import write_pages
from formulary.formats.handbook.year import years
from tests.checkers.ical import read_with_ical_js
from tests.formats.handbook.conftest import Make
from tests.helpers import copy_project, replace_once

DAY = datetime.timedelta(days=1)
Event = dict[str, Any]


def files_of(edition: Edition, site_url: str = "") -> dict[str, CalendarFile]:
    """The calendars of an edition by the names of their files."""
    files = calendar_files(Addresses(edition, False), site_url)
    return {file.path.rpartition("/")[2]: file for file in files}


def events_of(file: CalendarFile) -> list[Any]:
    return list(Calendar.from_ical(file.data).walk("VEVENT"))


def edition_in(root: Path, id: str, year: int) -> Edition:
    """An organisation's edition for a year, from the content of a project folder."""
    content, problems = load(root)
    assert problems == ()
    own = next(own for own in content.organisations if own.id == id)
    edition, faults = edition_of(content, own, year)
    assert edition and faults == ()
    return edition


def dates(file: CalendarFile) -> dict[str, tuple[datetime.date, datetime.date]]:
    """UID -> the first and the last day of every entry."""
    return {str(e["uid"]): (e["dtstart"].dt, e["dtend"].dt - DAY) for e in events_of(file)}


def test_every_date_is_that_of_the_year_for_both_parsers(editions: tuple[Edition, ...]) -> None:
    for edition in editions:
        files = files_of(edition)
        read = read_with_ical_js([file.data.decode() for file in files.values()])
        for file, understood in zip(files.values(), read, strict=True):
            kind, id = file.whose
            expected = sorted(
                (entry.first, entry.last)
                for year in years(edition)
                for entry in year.dated
                if (id in year.calendar.cycle.groups if kind == "group" else id in entry.acts)
            )
            assert expected and file.entries == len(expected)
            assert sorted(dates(file).values()) == expected
            assert (
                sorted(
                    (
                        datetime.date.fromisoformat(event["first"]),
                        datetime.date.fromisoformat(event["end"]) - DAY,
                    )
                    for event in understood["events"]
                )
                == expected
            )
            assert all(event["days"] for event in understood["events"])
            name = understood["name"].replace("\\,", ",")  # ical.js leaves what it does not know
            assert name == f"{edition.organisation.short}: {file.name}"


def test_a_deadline_says_so_and_has_a_reminder_a_week_before_in_the_morning(
    editions: tuple[Edition, ...],
) -> None:
    pclc = next(edition for edition in editions if edition.id == "pclc")
    found = {str(e["summary"]): e for e in events_of(files_of(pclc)["group-teachers.ics"])}
    pay = found["Deadline: Decision on pay (Teachers, 2025-26)"]
    assert pay["dtstart"].dt == datetime.date(2026, 10, 31)
    (alarm,) = pay.walk("VALARM")
    midnight = datetime.datetime(2026, 10, 31)
    assert midnight + alarm["trigger"].dt == datetime.datetime(2026, 10, 24, 9)
    assert "Whoever decides pay" in pay["description"]
    assert "clause 4.1" in pay["description"]
    spring = found["Spring interim review (Teachers, 2026-27)"]
    assert (spring["dtstart"].dt, spring["dtend"].dt) == (
        datetime.date(2027, 1, 1),
        datetime.date(2027, 4, 1),
    )
    assert spring.walk("VALARM") == []
    assert {str(e["transp"]) for e in found.values()} == {"TRANSPARENT"}


def test_a_moved_date_keeps_its_uid_and_outranks_the_earlier_entry(tmp_path: Path) -> None:
    root = copy_project(tmp_path, "dgat")
    before = files_of(edition_in(root, "dgat", 2026))["group-support-staff.ics"]
    cycle = root / "content" / "organisations" / "dgat" / "cycle.yaml"
    replace_once(
        cycle, "when: by 31 December after the cycle", "when: by 15 December after the cycle"
    )
    replace_once(cycle, "\ncycles:\n", "\nrevised: 2026-11-02\ncycles:\n")
    after = files_of(edition_in(root, "dgat", 2026))["group-support-staff.ics"]
    old, new = dates(before), dates(after)
    assert set(old) == set(new)
    moved = {uid for uid in old if old[uid] != new[uid]}
    assert {(old[uid][0].isoformat(), new[uid][0].isoformat()) for uid in moved} == {
        ("2026-12-31", "2026-12-15"),
        ("2027-12-31", "2027-12-15"),
    }
    (first, *_), (second, *_) = events_of(before), events_of(after)
    assert second["sequence"] > first["sequence"]
    assert second["dtstamp"].dt > first["dtstamp"].dt
    assert second["last-modified"].dt == datetime.datetime(2026, 11, 2, tzinfo=datetime.UTC)


def test_the_next_edition_never_falls_behind_even_if_its_day_is_not_revised(
    content: Content,
) -> None:
    own = next(own for own in content.organisations if own.id == "pclc")
    ranks = []
    for year in (2026, 2027):
        edition, _ = edition_of(content, own, year)
        assert edition
        cycles = edition.cycles.model_copy(update={"revised": datetime.date(2026, 9, 3)})
        file = files_of(replace(edition, cycles=cycles))["group-teachers.ics"]
        ranks.append({int(event["sequence"]) for event in events_of(file)})
    assert max(ranks[0]) < min(ranks[1])


def test_no_uid_stands_for_two_events(content: Content) -> None:
    """Not in one file, nor in two organisations, nor in two years; the same event keeps its own."""
    known: dict[str, tuple[object, ...]] = {}
    for own in content.organisations:
        for year in (2025, 2026, 2027):
            edition, _ = edition_of(content, own, year)
            assert edition
            for file in files_of(edition).values():
                found = events_of(file)
                assert len({str(e["uid"]) for e in found}) == len(found)
                for event in found:
                    same = (own.id, str(event["summary"]), event["dtstart"].dt, event["dtend"].dt)
                    assert known.setdefault(str(event["uid"]), same) == same
    assert len(known) > 100


def test_what_closes_last_year_is_the_same_entry_in_both_editions(content: Content) -> None:
    own = next(own for own in content.organisations if own.id == "pclc")
    one, two = (edition_of(content, own, year)[0] for year in (2026, 2027))
    assert one and two
    first, second = (files_of(edition)["group-teachers.ics"] for edition in (one, two))
    shared = set(dates(first)) & set(dates(second))
    said = {str(e["summary"]) for e in events_of(second) if str(e["uid"]) in shared}
    assert said == {
        f"Deadline: {name} (Teachers, 2026-27)"
        for name in ("Final review", "Written report", "Decision on pay")
    }


def test_an_event_is_the_same_in_every_calendar_that_holds_it(
    editions: tuple[Edition, ...],
) -> None:
    pclc = next(edition for edition in editions if edition.id == "pclc")
    files = files_of(pclc)
    group, role = files["group-teachers.ics"], files["role-reviewer.ics"]
    own = {str(e["uid"]): e.to_ical() for e in events_of(group)}
    others = {str(e["uid"]): e.to_ical() for e in events_of(role)}
    shared = set(own) & set(others)
    assert shared and all(own[uid] == others[uid] for uid in shared)


HOSTILE = r"""
cycles:
  - id: teachers
    name: "Teachers, and; others"
    groups: [teachers]
    starts: 1 September
    ends: 31 August
    events:
      - id: meet
        name: "BEGIN:VEVENT, a; b \\ c é𝛼 long long long long long long long long long long long"
        who: "Head\nEND:VCALENDAR"
        when: by 31 October
        text: "First.\r\n\r\nSecond, and a line\u2028end; and X-EVIL:1"
        clauses: [notice]
"""


def lines(data: bytes) -> Iterator[bytes]:
    assert data.endswith(b"\r\n")
    yield from data.removesuffix(b"\r\n").split(b"\r\n")


def test_hostile_text_stays_text(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.formats.handbook.conftest.CYCLE", HOSTILE)
    (edition,) = make("mill")
    (file,) = files_of(edition).values()
    for line in lines(file.data):
        assert len(line) <= 75
        assert not any(byte < 32 for byte in line)
        line.decode()  # no letter is cut in two
    assert [line for line in lines(file.data) if line.startswith((b"BEGIN:VEV", b"X-EVIL"))] == [
        b"BEGIN:VEVENT"
    ]
    (event,) = events_of(file)
    (understood,) = read_with_ical_js([file.data.decode()])
    (other,) = understood["events"]
    assert str(event["summary"]) == other["summary"]
    assert "BEGIN:VEVENT, a; b \\ c é𝛼 long" in other["summary"]
    assert str(event["description"]) == other["description"]
    assert (
        "\nFirst. Second, and a line\u2028end; and X-EVIL:1\nWho acts: Head" in other["description"]
    )


def test_the_handbook_serves_the_calendars_and_the_page_links_to_all(
    real: Path, editions: tuple[Edition, ...]
) -> None:
    for edition in editions:
        page = (real / edition.id / "calendars" / "index.html").read_text(encoding="utf-8")
        for name, file in files_of(edition).items():
            assert (real / file.path).read_bytes() == file.data
            assert f'href="{name}"' in page
            assert f"{file.entries} entr" in page
        assert "webcal:" not in page


def test_with_the_address_of_the_site_one_can_subscribe(editions: tuple[Edition, ...]) -> None:
    pclc = next(edition for edition in editions if edition.id == "pclc")
    known = "https://handbook.example/hr/"
    page = write_pages([pclc], [], site_url=known)["pclc/calendars/index.md"]
    assert "(webcal://handbook.example/hr/pclc/calendars/group-teachers.ics)" in page
    event = events_of(files_of(pclc, known)["group-teachers.ics"])[0]
    assert str(event["url"]) == f"{known}pclc/year.html#teachers--objectives"
    assert all("url" not in e for e in events_of(files_of(pclc)["group-teachers.ics"]))


@pytest.mark.parametrize(
    ("setting", "expected"),
    [("", ""), ("site_url: https://a.example/b\n", "https://a.example/b/"), ("site_url:\n", "")],
)
def test_the_address_of_the_site_comes_from_the_settings(
    setting: str, expected: str, tmp_path: Path
) -> None:
    (tmp_path / "mkdocs.yml").write_text(f"site_name: A\n{setting}", encoding="utf-8")
    assert site_address(tmp_path / "mkdocs.yml") == expected


def test_what_has_no_dates_has_no_calendar(editions: tuple[Edition, ...]) -> None:
    staploe = next(edition for edition in editions if edition.id == "staploe")
    names: Sequence[str] = list(files_of(staploe))
    assert "group-associate-staff.ics" in names
    assert "group-fixed-term.ics" not in names
