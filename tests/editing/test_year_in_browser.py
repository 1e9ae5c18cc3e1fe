"""The year by keyboard alone, in Chromium: next year and publish, each in at most six actions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.checkers.axe import Browser
from tests.editing.conftest import TINY, Client
from tests.editing.hand import find_violations, opened, tab_to
from tests.editing.test_tasks import LIST
from tests.helpers import replace_once


class Keys:
    """A person at the keyboard, whose actions are counted: to go to something and press it."""

    def __init__(self, tab: Any) -> None:
        self.tab = tab
        self.actions = 0

    def press(self, name: str, key: str = "Tab") -> None:
        """Go to a link or button by Tab, and press Enter."""
        tab_to(self.tab, name, key)
        self.tab.keyboard.press("Enter")
        self.actions += 1

    def heading(self, name: str) -> None:
        """Wait for a page by its first heading."""
        self.tab.wait_for_selector(f"h1:has-text('{name}')")


def is_within(tab: Any) -> bool:
    """Whether nothing makes the page wider than the window."""
    return bool(tab.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_next_year_and_publish_by_keyboard(browser: Browser, client: Client, project: Path) -> None:
    with opened(browser, client, "tiny/questions.html") as tab:
        keys = Keys(tab)
        keys.press("The year", "Shift+Tab")  # the bar is the last thing on the page
        keys.heading("The year")
        keys.press("Begin the next year")
        keys.heading("Begin the next year")
        keys.press("Begin 2027-28")
        tab.wait_for_selector(".ft-done:has-text('now of 2027-28')")
        # the heading has the focus, so that a screen reader begins there
        tab.wait_for_selector("h1:focus")
        assert keys.actions == 3
        assert "year: 2027" in (project / TINY / "organisation.yaml").read_text("utf-8")
        keys = Keys(tab)
        keys.press("The year", "Shift+Tab")  # the bar is the last thing on the page
        keys.heading("The year")
        keys.press("Publish the handbook")
        keys.heading("Publish the handbook")
        assert "What changed since 2026-27" in tab.inner_text("main")
        keys.press("Publish")
        tab.wait_for_selector("progress")
        tab.wait_for_selector(".ft-done:has-text('Published')", timeout=120_000)
        assert find_violations(browser, tab) == []
        keys.press("Open the published handbook")
        tab.wait_for_url("**/-/published/index.html")
        assert "2027-28" in tab.inner_text("header") and keys.actions == 4
    assert (project / "site" / "index.html").is_file()


MODES = ((1280, "light"), (768, "dark"))


def test_every_page_of_the_year_passes_axe(browser: Browser, client: Client) -> None:
    """In one of two modes each: all pages are made of the same parts."""
    assert client.server.tasks
    with opened(browser, client, "tiny/questions.html") as tab:
        for place, task in enumerate(client.server.tasks.tasks):
            width, scheme = MODES[place % 2]
            tab.set_viewport_size({"width": width, "height": 800})
            tab.emulate_media(color_scheme=scheme)
            tab.goto(f"{client.server.url}-/year/{task}?organisation=tiny")
            if tab.locator("summary").count():
                tab.locator("summary").first.click()
            assert find_violations(browser, tab) == [] and is_within(tab), task
        # what is wrong is said above the form and at its field, and has the focus
        tab.goto(f"{client.server.url}-/year/new?organisation=tiny")
        keys = Keys(tab)
        keys.press("Add the organisation")
        tab.wait_for_selector(".ft-summary:focus")
        assert find_violations(browser, tab) == [] and is_within(tab)
        keys.press("Enter the name")
        tab.wait_for_selector("[name=name]:focus")
        tab.goto(f"{client.server.url}-/year/staff-list?organisation=tiny")
        file = {"name": "staff.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
        tab.set_input_files("input[type=file]", file)
        keys.press("Check the list")
        tab.wait_for_selector("main .ft-error")
        assert find_violations(browser, tab) == [] and is_within(tab)


def test_a_mistake_from_outside_is_said_in_place_of_its_page_and_leads_to_its_panel(
    browser: Browser, client: Client, project: Path
) -> None:
    questions = project / TINY / "questions.yaml"
    replace_once(questions, "clauses: [short-contracts]", "clauses: [gone]")
    with opened(browser, client, "tiny/questions.html") as tab:
        assert "This page cannot be shown yet" in tab.inner_text("main")
        assert find_violations(browser, tab) == []
        keys = Keys(tab)
        keys.press("questions, joined")
        tab.wait_for_selector(".fe-panel h2:has-text('What if I joined during the year?')")
        tab.keyboard.press("Escape")
        replace_once(questions, "clauses: [gone]", "clauses: [short-contracts]")
        tab.wait_for_selector("h1:has-text('Questions and answers')")
