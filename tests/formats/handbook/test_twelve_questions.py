"""Twelve questions of staff: each is answered in the first screen of a phone, in two steps at most.

For a staff group of every organisation, and before a release for all groups, from its home page.
The steps are links that a reader follows by their words; the right answer has to be in sight
without scrolling when they have arrived.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from formulary.content.organisation import Group
from formulary.edition.edition import Edition
from formulary.edition.text import plain
from tests.checkers.axe import Browser, serving
from tests.helpers import one_of_each

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDTH, HEIGHT = 390, 844
DAYS = ("2026-09-10", "2026-11-26", "2027-05-20")
"""In the days when objectives are set, in a quiet month, and in the summer term."""
AFTER_ALL = "2029-01-10"
MOST_STEPS = 2
LOWEST_BUTTON = 405
"""Where the buttons of a form end at most, in pixels: under a title of three lines."""
LOWEST_FORM = 706
"""Where the first form of the home page begins at most, in pixels."""
SIGHT = 24
"""So much of an answer, in pixels, has to be in the first screen: a line of it."""

NEXT = {
    "tutors": ("January 2027", "one-to-one"),
    "teachers-and-heads": ("September or October 2027", "pm-form"),
    "support-staff dgat": ("December 2026", "pm-form"),
    "central-team": ("August or September 2027", "pm-form"),
    "support-staff ealing": ("July or September 2027", "planning-statement"),
    "teachers": ("January to March 2027", "one-to-one"),
    "senior-leaders": ("By 31 December 2026", "pm-form"),
    "support-staff pclc": ("By 31 March 2027", "pm-form"),
    "associate-staff": ("September to December 2026", "one-to-one"),
    "learning-support": ("September to December 2026", "one-to-one"),
    "fixed-term": ("On dates that you agree", "planning-statement"),
}
"""What each group's policy says comes next for them after 26 November 2026, and its form."""

REVIEWERS = {
    "tutors": "contract manager",
    "teachers-and-heads": "Whoever the headteacher chooses",
    "support-staff dgat": "Whoever the headteacher chooses",
    "central-team": "line manager",
    "support-staff ealing": "manager or HR",
    "teachers": "named by the principal",
    "senior-leaders": "trustees",
    "support-staff pclc": "named by the principal",
    "associate-staff": "line manager",
    "learning-support": "line manager",
    "fixed-term": "line manager",
}
"""Who reviews each group, in words of its policy."""


@dataclass(frozen=True)
class Way:
    """How one question is answered: the pages gone to after home, and where the answer is then.

    A step is the end of a link's address. `answer` is a selector; what it finds has to be in sight
    and to hold `says`.
    """

    asks: str
    steps: tuple[str, ...]
    answer: str
    says: str


def ways_of(edition: Edition, group: Group) -> Iterator[Way]:
    """How each of the twelve questions is answered for a group of an organisation."""
    mine = f"my/group-{group.id}.html"
    organisation = edition.organisation
    answers = {question.id: plain(question.answer or "") for question in edition.questions}

    def asked(asks: str, id: str) -> Way:
        return Way(asks, (f"questions.html#{id}",), f'[id="{id}"] + *', first_words(answers[id]))

    when, form = NEXT.get(group.id) or NEXT[f"{group.id} {edition.id}"]
    reviewer = REVIEWERS.get(group.id) or REVIEWERS[f"{group.id} {edition.id}"]
    several = sum(group.id in panel.groups for panel in organisation.panels) > 1
    said = organisation.at_a_glance["disagreement"]
    disagree = plain(said.for_groups.get(group.id, said.text))
    contact = organisation.contact.who if organisation.contact else organisation.words["reviewer"]
    yield Way("When is my next review?", (mine,), ".answer-next", when)
    if several:
        yield Way("Who reviews me?", (mine, f"{mine}#reviewers"), "#reviewers + dl", reviewer)
    else:
        yield Way("Who reviews me?", (mine,), '[aria-labelledby="answer-reviewer"] .said', reviewer)
    address = f'.answer-form a[href$="fill/{form}.html"]:visible'
    yield Way("What do I fill in now?", (mine,), address, "Fill in here")
    disagreeing = '[aria-labelledby="answer-disagree"] :is(div, .said)'
    yield Way("What if I disagree?", (mine,), disagreeing, first_words(disagree))
    yield Way("Who do I ask?", (mine,), '[aria-labelledby="answer-ask"] .said', str(contact))
    yield asked("Does this affect my pay?", "what-about-pay")
    yield asked("I have been away", "absent")
    yield asked("Who sees my form?", "who-sees-my-form")
    yield asked("Can I be accompanied?", "accompanied")
    yield asked("I work part time", "part-time")
    yield asked("I am leaving", "leaving")
    stages = edition.career_stages
    if stages and group.id in stages.groups:
        stage, area = stages.stages[-2], stages.areas[0]
        expected = first_words(plain(area.cells[stage.id]))
        page = f"stages/{stage.id}.html"
        answer = f'[id="{area.id}"] + .stages-beside .stage-now'
        yield Way(f"What is expected at {stage.name}?", (mine, page), answer, expected)
    else:
        yield asked("What if my work is not good enough?", "concerns-about-me")


def first_words(text: str) -> str:
    return " ".join(text.split()[:5])


def links_on(tab: Page) -> list[str]:
    """The addresses that the page's own words lead to."""
    found: list[str] = tab.eval_on_selector_all("article a[href]", "all => all.map(a => a.href)")
    return found


def faults_of(tab: Page, home: str, ways: Iterable[Way], group: Group) -> Iterator[tuple[Way, str]]:
    """What is wrong with each way, in words; empty where it leads to an answer in sight.

    What is reached by the same steps is looked at when they are gone.
    """
    tab.goto(home)
    at_home = links_on(tab)
    for wanted, same in groupby(sorted(ways, key=steps_of), key=steps_of):
        steps, links = list(wanted), at_home
        if not any(link.endswith(steps[0]) for link in links):
            steps.insert(0, steps[0].partition("#")[0])  # the list of questions leads to each
        wrong = f"{len(steps)} steps" if len(steps) > MOST_STEPS else ""
        for step in [] if wrong else steps:
            link = next((link for link in links if link.endswith(step)), "")
            if not link:
                wrong = f"no link to {step} on {tab.url}"
                break
            tab.goto(link)
            links = links_on(tab)
        for way in same:
            yield way, wrong or fault_in_sight(tab, way)


def steps_of(way: Way) -> tuple[str, ...]:
    return way.steps


def fault_in_sight(tab: Page, way: Way) -> str:
    """What is wrong with an answer on the page that is shown; empty where it is in sight."""
    found = tab.locator(way.answer).first
    if not found.count() or not found.is_visible():
        return f"no {way.answer} on {tab.url}"
    box = found.bounding_box()
    if box is None or box["y"] < 0 or box["y"] + min(box["height"], SIGHT) > HEIGHT:
        return f"{way.answer} is at {box and round(box['y'])} on {tab.url}"
    shown = re.sub(r"\s+", " ", found.inner_text())
    return "" if way.says in shown else f"“{shown}” on {tab.url} does not say “{way.says}”"


@pytest.fixture(scope="module")
def phone(browser: Browser, real: Path) -> Iterator[tuple[Page, str]]:
    """A page of a phone, whose clock a test sets, and the address of the handbook."""
    with serving(real) as address:
        context = browser._chromium.new_context(viewport={"width": WIDTH, "height": HEIGHT})
        yield context.new_page(), address
        context.close()


def test_twelve_questions_are_answered_in_the_first_screen_in_two_steps(
    phone: tuple[Page, str], editions: tuple[Edition, ...], whole: bool
) -> None:
    tab, address = phone
    faults = []
    tab.clock.set_fixed_time(f"{DAYS[1]}T12:00:00")
    for place, edition in enumerate(editions):
        groups = edition.organisation.groups
        for group in groups if whole else (groups[place % len(groups)],):
            ways = list(ways_of(edition, group))
            assert len(ways) == 12
            home = f"{address}/{edition.id}/index.html"
            faults += [
                (edition.id, group.id, way.asks, fault)
                for way, fault in faults_of(tab, home, ways, group)
                if fault
            ]
    assert not faults, "\n".join(map(str, faults))


def test_what_comes_next_changes_with_the_day(
    phone: tuple[Page, str], editions: tuple[Edition, ...], whole: bool
) -> None:
    """One date is shown, and it is not over; the yellow is on it and on today alone.

    On one of the days for each group, and before a release on all.
    """
    tab, address = phone
    for turn, day in enumerate(DAYS):
        tab.clock.set_fixed_time(f"{day}T12:00:00")
        for edition in editions:
            groups = edition.organisation.groups
            for group in groups if whole else groups[turn :: len(DAYS)]:
                tab.goto(f"{address}/{edition.id}/my/group-{group.id}.html")
                shown = tab.locator(".answer-next .coming > li:visible time")
                if not tab.locator(".answer-next .coming").count():
                    continue
                lasts = days_on(tab, ".answer-next .coming time")
                if max(lasts) < day:
                    assert_none_is_left(tab)
                    continue
                assert shown.count() == 1, (day, edition.id, group.id)
                assert shown.get_attribute("data-last") == min(d for d in lasts if d >= day)
                assert "now" in (shown.get_attribute("class") or "")
                every = days_on(tab, ".timeline[data-today] time")
                past = days_on(tab, ".timeline .behind time")
                assert sorted(past) == sorted(last for last in every if last < day)
                assert set(lasts) <= set(every)
                assert tab.locator(".timeline > .today").count() == 1


def days_on(tab: Page, selector: str) -> list[str]:
    """The last day of each date."""
    found: list[str] = tab.eval_on_selector_all(selector, "all => all.map(t => t.dataset.last)")
    return found


def assert_none_is_left(tab: Page) -> None:
    """What is over is not shown as what comes next, nor a form for it."""
    assert tab.locator(".answer-next .now").count() == 0
    assert tab.locator(".answers .coming:visible").count() == 0
    assert "No more dates" in tab.locator(".answer-next [data-none]").inner_text()
    assert tab.locator('.answer-form [data-none] a[href="#forms"]').is_visible()


def test_when_all_is_over_no_date_and_no_form_is_said_to_come(
    phone: tuple[Page, str], editions: tuple[Edition, ...]
) -> None:
    tab, address = phone
    tab.clock.set_fixed_time(f"{AFTER_ALL}T12:00:00")
    edition = editions[0]
    tab.goto(f"{address}/{edition.id}/my/group-{edition.organisation.groups[0].id}.html")
    assert_none_is_left(tab)
    assert tab.locator("#dates ~ .timeline .behind summary").is_visible()
    tab.goto(f"{address}/{edition.id}/index.html")
    picked = tab.locator(".pick").inner_text()
    assert "Next:" not in picked and "No more dates" in picked


def test_what_ends_on_the_same_day_is_named_with_what_comes_next(phone: tuple[Page, str]) -> None:
    """On the last day of it, in another time zone than that of the server."""
    tab, address = phone
    tab.clock.set_fixed_time("2026-09-30T22:30:00")
    tab.goto(f"{address}/ealing/my/group-support-staff.html")
    shown = tab.locator(".answer-next .coming > li:visible")
    assert shown.count() == 1
    said = shown.inner_text()
    assert said.startswith("Pre-review form completed")
    assert "Also by then: Review and planning meeting" in said
    form = tab.locator(".answer-form .coming > li:visible .by-then a")
    assert "Performance management planning and review statement" in form.all_inner_texts()


def test_without_script_all_dates_are_listed_in_order_and_none_is_marked(
    browser: Browser, real: Path, editions: tuple[Edition, ...]
) -> None:
    with browser.reader(width=WIDTH, script=False) as tab, serving(real) as address:
        for edition in editions:
            tab.goto(f"{address}/{edition.id}/index.html")
            assert "Next:" not in tab.locator(".pick").inner_text()
            for group in edition.organisation.groups:
                tab.goto(f"{address}/{edition.id}/my/group-{group.id}.html")
                page = tab.locator("article")
                listed = page.locator(".answer-next .coming > li")
                if edition.calendars and group.id != "fixed-term":
                    assert listed.count() > 0
                assert page.locator("[data-none]:visible, .by-then").count() == 0
                assert all(entry.is_visible() for entry in listed.all())
                assert page.locator(".now, .today, .behind").count() == 0


def test_the_buttons_of_every_form_are_in_the_first_screen_of_a_phone(
    phone: tuple[Page, str], editions: tuple[Edition, ...], whole: bool
) -> None:
    tab, address = phone
    every = [f"{edition.id}/forms/{form.id}" for edition in editions for _, form in edition.forms]
    for page in every if whole else one_of_each(every, lambda page: page.rpartition("/")[2]):
        tab.goto(f"{address}/{page}.html")
        for button in tab.locator(".get.big a").all():
            box = button.bounding_box()
            assert box and box["y"] + box["height"] <= LOWEST_BUTTON, (page, box)


def test_the_first_form_is_in_the_first_screen_and_the_list_has_eight(
    phone: tuple[Page, str], editions: tuple[Edition, ...]
) -> None:
    tab, address = phone
    tab.clock.set_fixed_time(f"{DAYS[0]}T12:00:00")
    for edition in editions:
        tab.goto(f"{address}/{edition.id}/index.html")
        box = tab.locator(".forms-table th a:visible").first.bounding_box()
        assert box and box["y"] <= LOWEST_FORM, (edition.id, box)
    tab.set_viewport_size({"width": 1440, "height": 900})
    try:
        for edition in editions:
            tab.goto(f"{address}/{edition.id}/forms/index.html")
            ends = tab.locator(".one-list tbody tr").evaluate_all(
                "rows => rows.map(row => row.getBoundingClientRect().bottom)"
            )
            seen = sum(end <= 900 for end in ends)
            assert seen >= min(8, len(ends)), (edition.id, ends)
    finally:
        tab.set_viewport_size({"width": WIDTH, "height": HEIGHT})
