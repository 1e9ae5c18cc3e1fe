"""The handbook read in a browser: by axe, by keyboard on a phone, and without script."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.checkers.axe import MODES, Browser, Violation, html_pages, serving

PAGE = "mill/policy/start.html"
FOCUS = """(() => {
    const box = document.activeElement.getBoundingClientRect();
    const name = document.activeElement.getAttribute("aria-label")
        || document.activeElement.textContent.trim();
    const seen = box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight;
    return [name, seen];
})()"""


def violations_on(browser: Browser, site: Path, pages: Sequence[str]) -> list[Violation]:
    """What axe finds on each page in one mode, the modes in turn.

    The kinds of page and of element are read in all modes where the real content is.
    """
    turns = {mode: pages[turn :: len(MODES)] for turn, mode in enumerate(MODES)}
    return browser.read(site, turns).violations


def test_axe_finds_nothing_in_awkward_content(
    browser: Browser, awkward: Path, several: Path
) -> None:
    assert violations_on(browser, awkward, html_pages(awkward)) == []
    pages = ["index.html", "lane/index.html", "lane/year.html"]
    assert violations_on(browser, several, pages) == []
    assert browser.outside_requests == []


def test_axe_finds_nothing_on_the_pages_of_guidance_and_of_several(
    browser: Browser, guided_site: Path
) -> None:
    own = ("about", "checklists", "forms/index", "forms/letter", "guidance/flow", "guidance/index")
    own = (*own, "guidance/index-page", "index", "policy/start", "questions")
    pages = ["index.html", "compare.html", *(f"mill/{page}.html" for page in own)]
    assert violations_on(browser, guided_site, pages) == []


def test_no_page_of_guidance_or_comparison_is_wider_than_a_phone(
    browser: Browser, guided_site: Path
) -> None:
    for page in ("index", "compare", "mill/guidance/flow", "mill/checklists", "mill/forms/letter"):
        with browser.showing(guided_site, f"{page}.html", width=320) as tab:
            assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), page


def test_the_menu_on_a_phone_opens_and_closes_by_keyboard(browser: Browser, awkward: Path) -> None:
    with browser.showing(awkward, PAGE, width=320) as tab:
        tab.keyboard.press("Tab")
        assert focused(tab) == ("Skip to content", True)
        for _ in range(5):  # past the name of the handbook and the buttons beside it
            tab.keyboard.press("Tab")
            name, seen = focused(tab)
            assert seen, name
            if name == "Menu":
                break
        assert name == "Menu"
        tab.keyboard.press("Enter")
        tab.wait_for_function("document.activeElement.closest('#handbook-nav') !== null")
        assert tab.get_attribute('[data-opens="drawer"]', "aria-expanded") == "true"
        assert focused(tab)[0] == "My year"
        tab.keyboard.press("Escape")
        assert focused(tab) == ("Menu", True)
        assert tab.get_attribute('[data-opens="drawer"]', "aria-expanded") == "false"


def test_the_search_finds_a_day(browser: Browser, awkward: Path) -> None:
    with browser.showing(awkward, "index.html", width=320) as tab:
        tab.click('[data-opens="search"]')
        tab.keyboard.type("31 October")
        tab.wait_for_selector(".search-found:not([aria-busy]) a")
        assert "31 October" in tab.inner_text(".search-list")
        tab.evaluate(browser.axe)
        answer = tab.evaluate("axe.run({resultTypes: ['violations']})")
        assert [found["id"] for found in answer["violations"]] == []


def test_the_menu_works_without_script(browser: Browser, awkward: Path) -> None:
    with serving(awkward) as address:
        context = browser._chromium.new_context(
            java_script_enabled=False, viewport={"width": 320, "height": 640}
        )
        tab = context.new_page()
        tab.goto(f"{address}/{PAGE}")
        assert not tab.is_visible("#handbook-nav")
        tab.keyboard.press("Tab")
        tab.keyboard.press("Space")
        tab.wait_for_selector("#handbook-nav", state="visible")
        context.close()


def focused(tab: Any) -> tuple[str, bool]:
    """The name of what has the focus, and whether it is on the screen."""
    name, seen = tab.evaluate(FOCUS)
    return str(name), bool(seen)
