"""Twelve questions of staff: each is answered in the first screen of a phone, in two steps at most.

For a staff group of every organisation, and before a release for all groups, from its home page.
The steps are links that a reader follows by their words; the answer has to be in sight without
scrolling when they have arrived.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from formulary.content.organisation import Group
from formulary.edition.edition import Edition
from tests.checkers.axe import Browser, serving
from tests.helpers import one_of_each

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDTH, HEIGHT = 390, 844
DAYS = ("2026-09-10", "2026-11-26", "2027-05-20")
"""In the days when objectives are set, in a quiet month, and in the summer term."""
MOST_STEPS = 2


@dataclass(frozen=True)
class Way:
    """How one question is answered: the pages gone to after home, and where the answer is then.

    A step is the end of a link's address. `answer` is a selector; what it finds has to be in sight.
    """

    asks: str
    steps: tuple[str, ...]
    answer: str


def ways_of(edition: Edition, group: Group) -> Iterator[Way]:
    """How each of the twelve questions is answered for a group of an organisation."""
    mine = f"my/group-{group.id}.html"

    def asked(asks: str, id: str) -> Way:
        return Way(asks, (f"questions.html#{id}",), f'[id="{id}"] + *')

    yield Way("When is my next review?", (mine,), ".answer-next .said:visible")
    yield Way(
        "What is my deadline?", (mine,), ".answer-next :is(time, .coming + p, .said + p):visible"
    )
    yield Way("Who reviews me?", (mine,), '[aria-labelledby="answer-reviewer"] .said')
    yield Way("What do I fill in now?", (mine,), ".answer-form .said:visible")
    yield Way("Where is the form?", (mine,), ".answer-form .get a:visible")
    yield Way("What if I disagree?", (mine,), '[aria-labelledby="answer-disagree"] :is(div, .said)')
    yield Way("Who do I ask?", (mine,), '[aria-labelledby="answer-ask"] .said')
    yield asked("Does this affect my pay?", "what-about-pay")
    yield asked("I have been away", "absent")
    yield asked("Who sees my form?", "who-sees-my-form")
    yield asked("Can I be accompanied?", "accompanied")
    stages = edition.career_stages
    if stages and group.id in stages.groups:
        stage = stages.stages[-2]
        yield Way(f"What is expected at {stage.name}?", (mine, f"stages/{stage.id}.html"), "h1")
    else:
        yield asked("What if my work is not good enough?", "concerns-about-me")


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
            steps.insert(0, f"my/group-{group.id}.html")  # what home does not lead to, My year does
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
    if box is None or box["y"] < 0 or box["y"] + min(box["height"], 24) > HEIGHT:
        return f"{way.answer} is at {box and round(box['y'])} on {tab.url}"
    return "" if found.inner_text().strip() else f"{way.answer} is empty on {tab.url}"


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
                lasts = tab.eval_on_selector_all(
                    ".answer-next .coming time", "all => all.map(time => time.dataset.last)"
                )
                if max(lasts) < day:
                    assert tab.locator(".answer-next .now").count() == 0
                    continue
                assert shown.count() == 1, (day, edition.id, group.id)
                assert shown.get_attribute("data-last") == min(d for d in lasts if d >= day)
                assert "now" in (shown.get_attribute("class") or "")
                past = tab.eval_on_selector_all(
                    ".timeline .behind time", "all => all.map(time => time.dataset.last)"
                )
                assert sorted(past) == sorted(last for last in lasts if last < day)
                assert tab.locator(".timeline > .today").count() == 1


def test_without_script_all_dates_are_listed_in_order_and_none_is_marked(
    browser: Browser, real: Path, editions: tuple[Edition, ...]
) -> None:
    with browser.reader(width=WIDTH, script=False) as tab, serving(real) as address:
        for edition in editions:
            for group in edition.organisation.groups:
                tab.goto(f"{address}/{edition.id}/my/group-{group.id}.html")
                page = tab.locator("article")
                listed = page.locator(".answer-next .coming > li")
                assert listed.count() == page.locator(".timeline[data-today] > .event").count()
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
            assert box and box["y"] + box["height"] < HEIGHT, (page, box)
