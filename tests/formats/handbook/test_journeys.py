"""Whole journeys in Chromium, each in three steps at most from the organisation's home page.

A reader finds what is expected at a career stage, and when the interim review is; a trustee what
changed; a manager the calendar; someone with an old file which edition it is. They go by links and
by search, on a desk and on a phone, by keyboard alone, without script, and from a USB stick with
the network cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from lxml import html

from formulary.cli import main
from tests.checkers.axe import Browser, serving
from tests.edits import POLICY
from tests.helpers import replace_once, tiny_project

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

STEPS = 3
TABS = 150
"""So often a reader by keyboard presses Tab at most, before a link counts as not to be reached."""
ORGANISATIONS = ("cwac", "dgat", "ealing", "pclc", "staploe")


@dataclass(frozen=True)
class Way:
    """How somebody reads: `usb` opens the folder itself, with the network cut."""

    name: str
    width: int = 1280
    keyboard: bool = False
    script: bool = True
    usb: bool = False


DESK = Way("desk")
PHONE = Way("phone", width=320)
KEYBOARD = Way("keyboard", keyboard=True)
PHONE_KEYBOARD = Way("phone-keyboard", width=320, keyboard=True)
NO_SCRIPT = Way("no-script", script=False)
PHONE_NO_SCRIPT = Way("phone-no-script", width=320, script=False)
USB = Way("usb", usb=True)
USB_NO_SCRIPT = Way("usb-phone-no-script", width=320, script=False, usb=True)
WAYS = (DESK, PHONE, KEYBOARD, PHONE_KEYBOARD, NO_SCRIPT, PHONE_NO_SCRIPT, USB, USB_NO_SCRIPT)
SEARCHING = tuple(way for way in WAYS if way.script)


def some_of(ways: Sequence[Way], *shown: Way) -> list[Any]:
    """The ways as parameters: by default only those shown, where another journey is like it."""
    marks = {way: () if way in shown else (pytest.mark.release,) for way in ways}
    return [pytest.param(way, marks=marks[way], id=way.name) for way in ways]


@dataclass
class Reader:
    """Somebody on the way; `steps` counts what they had to do since the home page."""

    tab: Page
    way: Way
    steps: int = 0

    def follow(self, link: str | re.Pattern[str], *, within: str = "article") -> None:
        """Choose a link by the words it shows."""
        found = self.tab.locator(within).get_by_role("link", name=link).first
        before = self.tab.url
        self._choose(found)
        self.tab.wait_for_url(lambda url: url != before)
        self._step()

    def search(self, words: str) -> None:
        """Open the search and type: one step to open it, one to ask."""
        self._choose(self.tab.locator('[data-opens="search"]'))
        self._step()
        self.tab.keyboard.type(words)
        self.tab.wait_for_selector(".search-found:not([aria-busy]) a")
        self._step()

    def found(self) -> list[str]:
        """What each result says, best first."""
        return [
            " ".join(text.split())
            for text in self.tab.locator(".search-found li").all_inner_texts()
        ]

    def choose_result(self, place: int) -> None:
        before = self.tab.url
        if self.way.keyboard:
            for _ in range(place + 1):
                self.tab.keyboard.press("ArrowDown")
            self.tab.keyboard.press("Enter")
        else:
            self.tab.locator(".search-found a").nth(place).click()
        self.tab.wait_for_url(lambda url: url != before)
        self._step()

    def download(self, link: re.Pattern[str]) -> str:
        """The name of the file that a link gives."""
        with self.tab.expect_download() as begun:
            self._choose(self.tab.locator("article").get_by_role("link", name=link).first)
        self._step()
        return begun.value.suggested_filename

    def sees(self, words: str) -> None:
        """The words on the page, which are shown and can be scrolled into sight."""
        found = self.tab.locator("article").get_by_text(words).locator("visible=true").first
        found.wait_for(state="visible")
        found.scroll_into_view_if_needed()
        box = found.bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= self.way.width

    def _choose(self, target: Locator) -> None:
        if not self.way.keyboard:
            target.click()
            return
        for _ in range(TABS):
            self.tab.keyboard.press("Tab")
            if target.evaluate("e => e === document.activeElement"):
                break
        else:
            raise AssertionError(f"{target} is not reached by the Tab key")
        box = target.bounding_box()
        assert box is not None
        height = self.tab.evaluate("innerHeight")
        assert 0 <= box["y"] + box["height"] / 2 <= height, "the focus is out of sight"
        self.tab.keyboard.press("Enter")

    def _step(self) -> None:
        self.steps += 1
        assert self.steps <= STEPS


@pytest.fixture
def start(browser: Browser) -> Iterator[Any]:
    """Opens a page of a site for a reader on some way; a request to another host fails the test."""
    opened: list[Any] = []

    def begin(site: Path, page: str, way: Way) -> Reader:
        if way.usb:
            address = site.as_uri()
        else:
            served = serving(site)
            address = served.__enter__()
            opened.append(served)
        shown = browser.reader(width=way.width, script=way.script, offline=way.usb)
        tab = shown.__enter__()
        opened.append(shown)
        tab.goto(f"{address}/{page}")
        return Reader(tab, way)

    yield begin
    for one in reversed(opened):
        one.__exit__(None, None, None)
    assert browser.outside_requests == []


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of one organisation, changed in one clause since the edition that it kept."""
    root = tiny_project(tmp_path_factory.mktemp("kept"))
    assert main(["keep-edition", "--org", "tiny", "--name", "2025-26"], root) == 0
    replace_once(root / POLICY, "PPA) is not used, unless", "PPA) is never used, unless")
    assert main([], root) == 0
    return root / "site"


def named(way: Way) -> str:
    return way.name


@pytest.mark.parametrize("way", WAYS, ids=named)
def test_a_teacher_on_m3_finds_by_links_what_is_expected(start: Any, real: Path, way: Way) -> None:
    reader = start(real, "pclc/index.html", way)
    reader.follow("Teachers")
    reader.follow("M3-M4, and what changes at M5-M6")
    reader.sees("The teacher is competent on all of the standards.")
    reader.sees("The teacher is confident on all of the standards.")
    reader.sees("What changes at M5-M6")


@pytest.mark.parametrize("way", some_of(WAYS, PHONE_KEYBOARD, NO_SCRIPT, USB))
def test_a_teacher_finds_by_links_when_the_interim_review_is(
    start: Any, real: Path, way: Way
) -> None:
    reader = start(real, "pclc/index.html", way)
    reader.follow("Teachers")
    reader.sees("Spring interim review")
    reader.sees("January to March 2027")
    reader.sees("Summer interim review")
    assert reader.steps == 1


SPRING = "January to March 2027: Spring interim review"


@pytest.mark.parametrize("way", SEARCHING, ids=named)
def test_a_teacher_finds_what_is_expected_by_search(start: Any, real: Path, way: Way) -> None:
    find_first(
        start(real, "pclc/index.html", way),
        "M4",
        "Standards M3-M4 Teachers on points M3 and M4",
        "The teacher is confident on all of the standards.",
    )


@pytest.mark.parametrize("way", some_of(SEARCHING, PHONE, USB))
def test_a_teacher_finds_the_interim_review_by_search(start: Any, real: Path, way: Way) -> None:
    reader = start(real, "pclc/index.html", way)
    find_first(
        reader, "spring interim review", f"The year · The year in one picture {SPRING}", SPRING
    )


def find_first(reader: Reader, words: str, first: str, said: str) -> None:
    """Search for words; the first result begins so, and the page that it leads to says so."""
    reader.search(words)
    assert reader.found()[0].startswith(first)
    reader.choose_result(0)
    reader.sees(said)


@pytest.mark.parametrize("way", (DESK, PHONE, KEYBOARD, NO_SCRIPT, USB), ids=named)
def test_a_trustee_sees_what_changed_since_the_last_edition(
    start: Any, kept: Path, way: Way
) -> None:
    reader = start(kept, "index.html", way)
    reader.follow("What changed")
    assert reader.tab.inner_text("h1").startswith("What changed since 2025-26")
    reader.sees("One thing has changed since 2025-26")
    assert [" ".join(t.split()) for t in reader.tab.locator("article del").all_inner_texts()][
        -1
    ] == ("[deleted: not end of deleted words]")
    reader.follow("clause 8.2")
    reader.sees("is never used, unless this is agreed")


@pytest.mark.parametrize("way", (DESK, PHONE_KEYBOARD, PHONE_NO_SCRIPT), ids=named)
def test_a_manager_gets_the_calendar(start: Any, real: Path, way: Way) -> None:
    reader = start(real, "cwac/index.html", way)
    reader.follow("Tutors")
    reader.follow("My tasks: Contract manager")
    file = reader.download(re.compile("^Calendar with these dates"))
    assert file == "role-contract-manager.ics"


@pytest.mark.parametrize("way", (DESK, PHONE, USB), ids=named)
def test_somebody_is_told_which_edition_a_file_is(start: Any, kept: Path, way: Way) -> None:
    reader = start(kept, "index.html", way)
    reader.follow("Which edition is this file?")
    file = kept / "tiny" / "downloads" / "pm-form-2026-27.docx"
    form = {"name": "from Kim.docx", "mimeType": "", "buffer": file.read_bytes()}
    reader.tab.set_input_files("#which-file", form)
    gist = reader.tab.locator(".which-gist")
    gist.wait_for()
    assert "Review form" in gist.inner_text()
    assert "2026-27" in reader.tab.inner_text("#which-answer")


def test_somebody_without_script_reads_the_code_of_a_file(start: Any, kept: Path) -> None:
    reader = start(kept, "index.html", PHONE_NO_SCRIPT)
    reader.follow("Which edition is this file?")
    row = reader.tab.get_by_role("row", name="Review form")
    assert re.search(r"tiny pm-form 2026-27 [0-9A-F]{4}-[0-9A-F]{4}", row.inner_text())
    assert not reader.tab.is_visible("#which-file")


@pytest.mark.parametrize("organisation", ORGANISATIONS)
def test_each_home_page_leads_by_group_and_form(real: Path, organisation: str) -> None:
    """What people come for is at the top; the rest of the handbook is in the menu."""
    page = html.parse(real / organisation / "index.html")
    groups = page.xpath("//ul[@class='pick']/li/a/@href")
    assert groups and all(link.startswith("my/group-") for link in groups)
    forms = page.xpath("//table[contains(@class, 'forms-table')]//th/a/@href")
    assert len(forms) >= 3
    assert page.xpath("//a[@href='forms/index.html']")
    assert len(page.xpath("//article//a")) <= 75
    assert "About this edition" not in [
        " ".join(heading.text_content().split()) for heading in page.xpath("//article//h2")
    ]
