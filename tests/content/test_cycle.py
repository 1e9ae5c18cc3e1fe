"""Time rules give the right dates in any year, and a rule that cannot be read says so."""

from __future__ import annotations

import datetime

import pytest

from formulary.content.cycle import (
    Calendar,
    Cycle,
    Event,
    Term,
    british,
    calendar,
    edition_name,
    read_rule,
)

TERMS = (
    Term(id="autumn", name="Autumn", starts="September", ends="December"),
    Term(id="spring", name="Spring", starts="January", ends="March"),
    Term(id="summer", name="Summer", starts="April", ends="July"),
)


def year_of(
    *whens: tuple[str, str], starts: str = "1 September", ends: str = "31 August"
) -> Calendar:
    events = tuple(
        Event(id=id, name=id, who="Both", when=when, text="It happens.") for id, when in whens
    )
    cycle = Cycle(id="c", name="C", groups=("g",), starts=starts, ends=ends, events=events)
    return calendar(cycle, TERMS, 2026)


def day(year: int, month: int, number: int) -> datetime.date:
    return datetime.date(year, month, number)


@pytest.mark.parametrize(
    ("when", "first", "last"),
    [
        ("by 31 October", day(2026, 10, 31), day(2026, 10, 31)),
        ("by 31 October after the cycle", day(2027, 10, 31), day(2027, 10, 31)),
        ("by 31 March after the cycle", day(2028, 3, 31), day(2028, 3, 31)),
        ("on 1 July before the cycle", day(2026, 7, 1), day(2026, 7, 1)),
        ("July or September", day(2027, 7, 1), day(2027, 9, 30)),
        ("April", day(2027, 4, 1), day(2027, 4, 30)),
        ("spring term", day(2027, 1, 1), day(2027, 3, 31)),
        ("in the summer term", day(2027, 4, 1), day(2027, 7, 31)),
        ("by the start of the cycle", day(2026, 9, 1), day(2026, 9, 1)),
        ("end of the cycle", day(2027, 8, 31), day(2027, 8, 31)),
        ("as needed", None, None),
    ],
)
def test_a_rule_gives_its_dates(
    when: str, first: datetime.date | None, last: datetime.date | None
) -> None:
    event = year_of(("e", when)).event("e")
    assert (event.first, event.last) == (first, last)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("within 5 days after meeting", day(2027, 7, 7)),
        ("within 5 working days after meeting", day(2027, 7, 9)),  # 2 July 2027 is a Friday
        ("within 2 weeks after meeting", day(2027, 7, 16)),
        ("2 months before meeting", day(2027, 5, 2)),
        ("before meeting", day(2027, 7, 2)),
        ("as soon as practicable after meeting", day(2027, 7, 2)),
    ],
)
def test_a_rule_can_count_from_another_event(when: str, expected: datetime.date) -> None:
    assert year_of(("meeting", "2 July"), ("e", when)).event("e").last == expected


def test_days_are_not_counted_from_a_whole_term() -> None:
    assert (
        year_of(("meeting", "spring term"), ("e", "5 days after meeting")).event("e").last is None
    )


def test_a_cycle_ends_on_the_first_such_day_after_its_start() -> None:
    january = year_of(starts="1 January", ends="31 December")
    assert (january.starts, january.ends) == (day(2026, 1, 1), day(2026, 12, 31))
    october = year_of(starts="1 October", ends="1 October")
    assert october.ends == day(2027, 10, 1)


def test_events_come_in_the_order_of_their_dates_and_open_ones_last() -> None:
    found = year_of(
        ("open", "as needed"), ("pay", "by 31 October after the cycle"), ("mid", "spring term")
    )
    assert [event.event.id for event in found.events] == ["mid", "pay", "open"]


@pytest.mark.parametrize(
    "when",
    ["31 Octobre", "by 31 June", "by 30 February", "the spring", "soon", "within days after x", ""],
)
def test_a_rule_that_cannot_be_read_says_so(when: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_rule(when)


def test_a_leap_day_falls_on_the_last_of_february_in_other_years() -> None:
    assert year_of(("e", "29 February")).event("e").last == day(2027, 2, 28)


def test_events_timed_by_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="depends on its own date"):
        year_of(("a", "before b"), ("b", "before a"))


def test_dates_and_editions_are_written_as_readers_know_them() -> None:
    assert british(day(2026, 10, 31)) == "31 October 2026"
    assert british(day(2026, 10, 31), year=False) == "31 October"
    assert [edition_name(year) for year in (2026, 2099)] == ["2026-27", "2099-00"]
