"""The search as a reader uses it: by keyboard, from a server and from a file share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from tests.checkers.axe import Browser, serving

PAGE = "pclc/policy/objectives.html"


@contextmanager
def opened(browser: Browser, address: str, page: str, width: int = 1280) -> Iterator[Any]:
    """A page under any address, with the network cut for every host but this machine."""
    with browser._context("light", width) as context:
        tab = context.new_page()
        tab.goto(f"{address}/{page}")
        yield tab


def find(tab: Any, words: str) -> list[str]:
    """The addresses of what is found, best first, from the root of the site."""
    if not tab.is_visible("dialog"):
        tab.click('[data-opens="search"]')
    tab.fill("#search-query", "")
    tab.wait_for_function("!document.querySelector('.search-found a')")
    tab.fill("#search-query", words)
    tab.wait_for_selector(".search-found:not([aria-busy]) a")
    root = tab.evaluate("new URL(document.querySelector('dialog').dataset.root, location).href")
    places = ".search-found a:not(.search-get a)"
    links = tab.eval_on_selector_all(places, "found => found.map(a => a.href)")
    return [str(link).removeprefix(root) for link in links]


@pytest.fixture(params=["server", "file share"])
def handbook(request: pytest.FixtureRequest, browser: Browser, real: Path) -> Iterator[Any]:
    if request.param == "file share":
        with opened(browser, real.as_uri(), PAGE) as tab:
            yield tab
    else:
        with serving(real) as address, opened(browser, address, PAGE) as tab:
            yield tab
    assert browser.outside_requests == []


def test_what_readers_look_for_is_found(handbook: Any) -> None:
    assert find(handbook, "5.3")[0] == "pclc/policy/objectives.html#agreeing-objectives"
    assert find(handbook, "clause 5.3")[0] == "pclc/policy/objectives.html#agreeing-objectives"
    assert find(handbook, "appeal")[0].startswith(("pclc/policy/appeals.html", "pclc/forms/appeal"))
    assert "pclc/policy/appeals.html#right-of-appeal" in find(handbook, "Appeals")[:3]
    assert "pclc/stages/m3-m4.html" in find(handbook, "M3")[:3]
    find(handbook, "31 October")
    assert "31 October" in handbook.inner_text(".search-list")
    find(handbook, "interim review")
    assert "interim review" in handbook.inner_text(".search-list > li").lower()


def test_the_page_not_found_searches_too(browser: Browser, real: Path) -> None:
    with serving(real) as address, opened(browser, address, "404.html") as tab:
        tab.get_by_role("button", name="Search the handbook").click()
        assert find(tab, "side by side")[0] == "compare.html"


def test_a_question_as_typed_is_answered_and_a_slip_is_corrected(handbook: Any) -> None:
    assert find(handbook, "who reviews me")[0] == "pclc/questions.html#who-reviews-me"
    assert "The principal names your reviewer" in handbook.inner_text(".search-answer")
    find(handbook, "apraisal")
    assert "for “appraisal”" in handbook.inner_text(".search-said")
    assert find(handbook, "maternity")[0].endswith(("questions.html#absent", "review.html#absence"))
    assert "When pay progression can be recommended" in handbook.inner_text(
        f".search-found a[href$='{find(handbook, '6.3')[0]}']"
    )


def test_shortened_words_and_words_of_staff_are_understood(handbook: Any) -> None:
    absent = ("questions.html#absent", "review.html#absence")
    for typed in ("mat leave", "maternty", "paternity leave"):
        assert find(handbook, typed)[0].endswith(absent), typed
    assert find(handbook, "template for observation")[0] == "pclc/forms/observation.html"
    assert find(handbook, "who is my line manager")[0] == "pclc/questions.html#who-reviews-me"
    for typed, place in (
        ("self eval form", "career-stage-audit.html"),  # a word that is only begun, not the last
        ("we cant agree", "questions.html#disagreement"),
        ("traffic lights", "progress.html#levels-of-performance"),
        # phrases that ask a question: whole, with “not” drawn together, or words of several
        ("boss wants to watch my lesson", "#worried-about-observation"),
        ("can they sack me for one mistake", "#concerns-about-me"),
        ("is the form shown to governors", "#who-sees-my-form"),
        ("proof that I met my targets", "progress.html#evidence"),
        # an everyday word is no slip for one of the handbook's: “process”
        ("sign it under protest", "#disagreement"),
    ):
        assert find(handbook, typed)[0].endswith(place), typed
        assert "Nothing" not in handbook.inner_text(".search-said")
    # the first letters of a name that the handbook writes in full only
    assert find(handbook, "MPR")[0] == "pclc/glossary.html#term--main-pay-range"
    assert find(handbook, "PLP")[0] == "pclc/documents.html#professional-learning-programme"
    # where no place has most of the words, those that have some are better than none
    assert find(handbook, "letter colours budget extension")


def test_a_form_comes_before_the_lists_that_name_it(handbook: Any) -> None:
    for typed, form in (
        ("support plan form", "support-plan"),
        ("proforma for objectives", "objective-change"),
        ("review template", "one-to-one"),
        ("pro forma for review", "one-to-one"),
    ):
        assert find(handbook, typed)[0] == f"pclc/forms/{form}.html", typed


def test_everyday_words_for_weak_work_and_equality_are_understood(
    browser: Browser, real: Path
) -> None:
    with browser.showing(real, PAGE) as tab:
        for typed in ("not pulling their weight", "below standard", "doing badly"):
            assert find(tab, typed)[0] == "pclc/guidance/underperformance.html", typed
        # a clause of another policy lends no words: “everyone” is in many places
        assert "pclc/questions.html#next-review" not in find(tab, "equality")
        for typed, place in (
            ("equality", "questions.html#is-it-fair"),  # its policy has no clause on it
            ("targets not met", "questions.html#concerns-about-me"),
            ("payslip", "questions.html#what-about-pay"),
            ("caretaker", "people.html#groups"),
            ("hr email", "questions.html#whom-to-ask"),
        ):
            assert find(tab, typed)[0] == f"pclc/{place}", typed
    with browser.showing(real, "cwac/policy/scope.html") as tab:
        for typed in ("equality", "protected characteristics", "inclusion"):
            places = ("policy/what-it-is.html#equality", "questions.html#is-it-fair")
            assert find(tab, typed)[0].endswith(places), typed


def test_places_out_of_sight_come_when_a_moment_has_passed(browser: Browser, real: Path) -> None:
    count = "document.querySelectorAll('.search-list > li').length"
    with browser.showing(real, PAGE) as tab:
        find(tab, "review")
        tab.fill("#search-query", "")
        typed = """words => {
          const field = document.querySelector("#search-query");
          field.value = words;
          field.dispatchEvent(new Event("input"));
        }"""
        at_once = f"words => {{ ({typed})(words); return {count}; }}"
        assert tab.evaluate(at_once, "objectives") == 4
        # the next letters are not followed by what the last ones would have shown
        assert tab.evaluate(at_once, "zzzzqq") == 0
        tab.evaluate(typed, "review")
        tab.wait_for_selector(".search-found:not([aria-busy]) a")
        assert tab.evaluate(count) == 10
        tab.click("text=/^Show \\d+ more/")
        assert tab.evaluate(count) > 10
        assert tab.evaluate("document.activeElement.matches('.search-list > li:nth-child(11) a')")


def test_a_form_is_found_with_buttons(handbook: Any) -> None:
    find(handbook, "observation record")
    first = handbook.locator(".search-list > li").first
    ways = first.locator(".search-get a").evaluate_all("all => all.map(a => a.pathname)")
    assert ways[0].endswith("/pclc/fill/observation.html")
    assert any(way.endswith(".docx") for way in ways) and any(way.endswith(".pdf") for way in ways)


def test_other_organisations_are_found_on_demand_and_last(handbook: Any) -> None:
    assert all(address.startswith("pclc/") for address in find(handbook, "drop in")[:12])
    handbook.click("text=Search the other organisations")
    handbook.wait_for_selector(".search-found a")
    handbook.wait_for_function(
        "!/^Getting/.test(document.querySelector('.search-said').textContent)"
    )
    found = find(handbook, "honorarium")
    assert any(address.startswith("staploe/") for address in found)
    own = [address.startswith("pclc/") for address in found]
    assert own == sorted(own, reverse=True)


def test_kinds_can_be_chosen(handbook: Any) -> None:
    find(handbook, "appeal")
    handbook.locator(".search-chip", has_text="Forms").click()
    places = handbook.eval_on_selector_all(".search-list > li > a", "all => all.map(a => a.href)")
    assert places and all("/forms/" in place for place in places)
    assert handbook.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"


def test_marks_and_odd_words_are_no_commands(handbook: Any) -> None:
    for words in ('"31 October"', "+appeal -pay", "what happens, if I appeal?", "title:appeal"):
        assert find(handbook, words), words
    handbook.fill("#search-query", "<img src=zzzz onerror=zzzz>")
    handbook.wait_for_function("!/^Type/.test(document.querySelector('.search-said').textContent)")
    assert handbook.locator("dialog img").count() == 0
    handbook.fill("#search-query", "zzzzqq")
    handbook.wait_for_function(
        "/^Nothing/.test(document.querySelector('.search-said').textContent)"
    )
    assert handbook.locator(".search-found > .search-ways a").all_inner_texts()[0] == "My year"


def test_search_by_keyboard_alone(browser: Browser, real: Path) -> None:
    for width in (320, 1280):
        with browser.showing(real, PAGE, width=width) as tab:
            tab.focus('[data-opens="search"]')
            tab.keyboard.press("Enter")
            assert tab.evaluate("document.activeElement.id") == "search-query"
            tab.keyboard.type("right of appeal")
            tab.wait_for_selector(".search-found a")
            tab.keyboard.press("ArrowDown")
            first = tab.evaluate("document.activeElement.href")
            assert "/pclc/" in first
            tab.keyboard.press("ArrowDown")
            assert tab.evaluate("document.activeElement.href") != first
            tab.keyboard.press("ArrowUp")
            tab.keyboard.press("ArrowUp")
            assert tab.evaluate("document.activeElement.id") == "search-query"
            tab.keyboard.press("Escape")
            assert not tab.is_visible("dialog")
            assert tab.evaluate("document.activeElement.dataset.opens") == "search"
            tab.keyboard.press("Enter")
            tab.keyboard.press("ArrowDown")
            tab.keyboard.press("Enter")
            tab.wait_for_url(first)


def test_the_open_search_passes_axe_and_keeps_the_focus(browser: Browser, real: Path) -> None:
    for scheme in ("light", "dark"):
        with browser.showing(real, PAGE, width=320, scheme=scheme) as tab:
            find(tab, "review")
            tab.evaluate(browser.axe)
            answer = tab.evaluate("axe.run({resultTypes: ['violations']})")
            assert [found["id"] for found in answer["violations"]] == []
            assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
            inside = "document.activeElement.matches('body, dialog, dialog *')"
            for _ in range(60):
                tab.keyboard.press("Tab")
                assert tab.evaluate(inside)


ALL_WAYS = ["My year", "All forms", "All questions", "Who does what, and who to ask in HR"]


def test_where_to_go_on_leads_to_pages_of_the_organisation(real: Path, guided_site: Path) -> None:
    for page, titles in (
        (real / PAGE, ALL_WAYS),
        (real / "index.html", ["Start page"]),
        (guided_site / "mill" / "index.html", ALL_WAYS),
    ):
        links = html.fromstring(page.read_bytes()).xpath("//dialog/template//a")
        assert [link.text for link in links] == titles, page
        for link in links:
            assert (page.parent / link.get("href")).is_file(), (page, link.get("href"))


SEARCH_FILES = ["minisearch/minisearch.js", "search-engine.js", "synonyms/pclc.js", "pclc.js"]
READY = "document.querySelector('.search-said').textContent === 'Type to search'"
SAVES_DATA = "Object.defineProperty(navigator, 'connection', {value: {saveData: true}})"


@pytest.mark.parametrize("saves_data", [False, True])
def test_the_search_gets_ready_when_the_page_is_shown(
    browser: Browser, real: Path, saves_data: bool
) -> None:
    with serving(real) as address, browser._context("light", 1280) as context:
        if saves_data:
            context.add_init_script(SAVES_DATA)
        tab = context.new_page()
        asked: list[str] = []
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("load", lambda _: asked.append("shown"))
        tab.goto(f"{address}/{PAGE}", wait_until="networkidle")
        if not saves_data:
            tab.wait_for_function(READY)
        before, after = asked[: asked.index("shown")], asked[asked.index("shown") + 1 :]
        assert not search_files(before)
        assert search_files(after) == ([] if saves_data else SEARCH_FILES)
        find(tab, "review")
        assert search_files(asked) == SEARCH_FILES


def search_files(addresses: list[str]) -> list[str]:
    """Those of the addresses that only the search needs, from its folder on."""
    parts = ("/search/", "engine", "minisearch")
    needed = [url for url in addresses if any(part in url for part in parts)]
    return [url.rpartition("/search/")[2].rpartition("/assets/")[2] for url in needed]
