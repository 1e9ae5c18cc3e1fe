"""Reading comfort: links to clauses, words explained, questions beside, colours, print, weight."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from formulary.content.glossary import Glossary, GlossaryTerm
from formulary.formats.handbook.glossary_terms import TermFinder, find_common, make_anchors
from tests.checkers.axe import Browser, serving
from tests.checkers.render import pdf_text
from tests.formats.handbook.html_reader import Page
from tests.formats.handbook.test_keyboard import KINDS

SECTION = "pclc/policy/objectives.html"
CLAUSE = "agreeing-objectives"
FIRST_LOAD = 400_000
"""Bytes that show a page; the search, which comes after, may have as many."""
SEARCH = ("/search/", "search-engine", "minisearch")
"""What is in the address of each file that only the search needs."""
NIGHT = "rgb(29, 25, 32)"
"""The page in dark colours."""


# Glossary


def terms(*pairs: tuple[str, str | None]) -> TermFinder:
    made = tuple(
        GlossaryTerm.model_validate({"term": t, "stands-for": s, "means": "x"}) for t, s in pairs
    )
    return TermFinder(Glossary(terms=made))


def test_a_term_is_explained_once_in_any_case_and_number() -> None:
    explain = terms(("Appeal", None), ("CPD", "Continuing professional development"))
    found = list(explain("Appeals, and an appeal; CPD and cpd, appealing"))
    assert [pair for pair in found if pair[1]] == [
        ("Appeals", "term--appeal"),
        ("CPD", "term--cpd"),
    ]
    assert "".join(piece for piece, _ in found) == "Appeals, and an appeal; CPD and cpd, appealing"
    assert [at for _, at in explain("Another appeal")] == [""]
    assert [term.term for term, _ in explain.used] == ["Appeal", "CPD"]


def test_a_word_of_many_pages_is_not_explained_and_an_abbreviation_only_written_out() -> None:
    made = [{"term": "Appeal"}, {"term": "CPD", "stands-for": "Professional development"}]
    rare = {"term": "Moderation"}
    glossary = Glossary(
        terms=tuple(GlossaryTerm.model_validate({**one, "means": "x"}) for one in (*made, rare))
    )
    common = find_common(glossary, ("An appeal about CPD.",) * 3 + ("Moderation.",))
    explain = TermFinder(glossary, common)
    found = list(explain("An appeal about moderation and CPD"))
    assert [at for _, at in found if at] == ["term--moderation", "term--cpd"]
    assert [explain.meaning_of(*pair) for pair in explain.used] == [
        ("CPD", "Professional development"),
        ("Moderation", "x"),
    ]


def test_the_longer_of_two_terms_is_found() -> None:
    explain = terms(("Stage", None), ("Career stage", None))
    assert ("career stage", "term--career-stage") in list(explain("Each career stage."))


def test_what_an_abbreviation_stands_for_is_explained_too() -> None:
    explain = terms(("CPD", "Continuing professional development"))
    found = list(explain("your continuing professional development"))
    assert found == [("your ", ""), ("continuing professional development", "term--cpd"), ("", "")]


def test_terms_of_like_letters_have_anchors_of_their_own() -> None:
    pair = [
        GlossaryTerm.model_validate({"term": name, "means": "x"})
        for name in ("Drop-in", "Drop in", "–")
    ]
    assert make_anchors(pair) == ["term--drop-in", "term--drop-in--2", "term--term"]


def test_words_are_explained_on_focus_and_go_with_escape(browser: Browser, real: Path) -> None:
    with browser.showing(real, SECTION) as tab:
        link = tab.locator("a.explained").first
        anchor = str(link.get_attribute("href")).partition("#")[2]
        listed = tab.locator(f".terms dt:has(a[href$='#{anchor}']) + dd").text_content()
        link.focus()
        tip = tab.locator("[role=tooltip]")
        assert listed and listed.strip() in tip.inner_text()
        assert link.get_attribute("aria-describedby") == tip.get_attribute("id")
        tab.keyboard.press("Escape")
        assert not tip.is_visible()
        assert link.evaluate("link => link === document.activeElement")
        tab.keyboard.press("Enter")
        tab.wait_for_url(f"**/glossary.html#{anchor}")


def test_the_pointer_can_go_onto_an_explanation(browser: Browser, real: Path) -> None:
    with browser.showing(real, SECTION) as tab:
        link = tab.locator("a.explained").first
        link.hover()
        tip = tab.locator("[role=tooltip]")
        tip.wait_for()
        tip.hover()
        tab.wait_for_timeout(600)
        assert tip.is_visible()
        tab.mouse.move(5, 700)
        tip.wait_for(state="hidden")


def test_a_first_touch_explains_and_a_second_follows(browser: Browser, real: Path) -> None:
    with serving(real) as address:
        context = browser._chromium.new_context(
            has_touch=True, is_mobile=True, viewport={"width": 320, "height": 640}
        )
        tab = context.new_page()
        tab.goto(f"{address}/{SECTION}")
        link = tab.locator("a.explained").first
        link.tap()
        tip = tab.locator("[role=tooltip]")
        tip.wait_for()
        box = tip.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 320
        assert tab.url.endswith(SECTION)
        link.tap()
        tab.wait_for_url("**/glossary.html#*")
        context.close()


def test_every_word_explained_is_in_the_list_and_leads_to_the_glossary(real: Path) -> None:
    glossary = Page(real / "pclc" / "glossary.html")
    marked = 0
    for path in sorted((real / "pclc").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        page = Page(path)
        used = [at for at in page.links if "glossary.html#term--" in at]
        for address in set(used):
            assert address.partition("#")[2] in glossary.ids, path
            assert used.count(address) == 2, (path, address)  # the word, and the list at the end
        marked += len(used)
        assert "title=" not in text.partition('class="explained"')[2].partition(">")[0]
    assert marked > 100


# Clauses


@pytest.mark.parametrize("base", ["server", "file share"])
def test_a_button_copies_the_address_of_a_clause(browser: Browser, real: Path, base: str) -> None:
    with serving(real) as address, browser._context("light", 1280) as context:
        root = address if base == "server" else real.as_uri()
        if base == "server":
            context.grant_permissions(["clipboard-read", "clipboard-write"])
        tab = context.new_page()
        tab.goto(f"{root}/{SECTION}")
        button = tab.get_by_role("button", name="Copy the link to clause 5.3 Agreeing objectives")
        button.focus()
        box = button.bounding_box()
        assert box and min(box["width"], box["height"]) >= 24
        assert button.evaluate("button => getComputedStyle(button).opacity") == "1"
        tab.keyboard.press("Enter")
        said = tab.locator("[role=status].shown")
        said.wait_for()
        assert said.inner_text() == "Copied: the link to clause 5.3 Agreeing objectives"
        tab.evaluate("document.body.append(document.createElement('textarea'))")
        tab.locator("body > textarea").focus()
        tab.keyboard.press("Control+v")
        assert tab.locator("body > textarea").input_value() == f"{root}/{SECTION}#{CLAUSE}"


def test_every_clause_has_a_button_with_a_name_of_its_own(browser: Browser, real: Path) -> None:
    for page in (SECTION, "dgat/policy/cycle.html", "cwac/policy/guidance.html"):
        with browser.showing(real, page) as tab:
            names = tab.eval_on_selector_all(
                ".clause[id] > .copy-link", "all => all.map(b => b.getAttribute('aria-label'))"
            )
            assert len(names) == tab.locator(".clause[id]").count() > 0
            assert len(set(names)) == len(names)


WITHOUT_LINK = """clauses => clauses.filter(clause => {
    const [own, title] = [`#${clause.id}`, `#${clause.id}--title`];
    const link = [...clause.querySelectorAll("a")]
        .find(a => [own, title].includes(a.getAttribute("href")));
    return !link || !link.checkVisibility({visibilityProperty: true}) || !link.offsetWidth;
}).map(clause => clause.id)"""


def test_without_script_every_clause_is_a_link_to_itself(browser: Browser, real: Path) -> None:
    with serving(real) as address:
        context = browser._chromium.new_context(java_script_enabled=False)
        tab = context.new_page()
        pages = sorted((real / "pclc" / "policy").glob("*.html"))
        for path in (*pages, real / "cwac" / "policy" / "guidance.html"):
            if path.name in ("index.html", "whole.html"):
                continue
            tab.goto(f"{address}/{path.relative_to(real).as_posix()}")
            assert tab.eval_on_selector_all(".clause[id]", WITHOUT_LINK) == [], path.name
        context.close()


def test_questions_stand_beside_their_clause_and_under_it_on_a_phone(
    browser: Browser, real: Path
) -> None:
    for width in (1280, 320):
        with browser.showing(real, SECTION, width=width) as tab:
            clause = tab.locator(f"#{CLAUSE}")
            beside = tab.locator(f"#{CLAUSE} + .beside")
            assert "What if we do not agree?" in beside.text_content()
            words, asked = clause.bounding_box(), beside.bounding_box()
            assert words and asked
            if width == 1280:
                assert asked["x"] >= words["x"] + words["width"]
                assert abs(asked["y"] - words["y"]) < 30
            else:
                assert asked["y"] >= words["y"] + words["height"]


def test_what_is_beside_a_clause_comes_before_the_table_that_ends_it(
    browser: Browser, real: Path
) -> None:
    with browser.showing(real, "pclc/policy/progress.html") as tab:
        for width in (1280, 390):
            tab.set_viewport_size({"width": width, "height": 844})
            clause = tab.locator(".clause:has(> .matrix)").first
            words, table = clause.locator("> p").first, clause.locator("> .matrix")
            form = tab.locator(".clause:has(> .matrix) + .beside").first
            said, drawn, beside = words.bounding_box(), table.bounding_box(), form.bounding_box()
            assert said and drawn and beside
            assert beside["y"] + beside["height"] <= drawn["y"]
            assert (beside["x"] >= said["x"] + said["width"]) is (width == 1280)
            assert drawn["width"] >= said["width"]
        tab.locator(".menu-button:visible").click()
        menu = tab.locator("#handbook-nav ul").first.bounding_box()
        assert menu
        assert menu["width"] > 330, "the menu has the whole width of a phone"


# Colours


def test_dark_colours_are_there_before_any_script_is_fetched(browser: Browser, real: Path) -> None:
    with serving(real) as address, browser._context("dark", 1280) as context:
        context.route("**/assets/*.js", lambda route: route.abort())
        tab = context.new_page()
        tab.goto(f"{address}/{SECTION}")
        assert paper(tab) == NIGHT


def test_a_choice_of_colours_is_remembered_until_it_is_the_systems(
    browser: Browser, real: Path
) -> None:
    with serving(real) as address, browser._context("light", 1280) as context:
        tab = context.new_page()
        tab.goto(f"{address}/{SECTION}")
        assert paper(tab) == "rgb(255, 255, 255)"
        tab.get_by_role("button", name="Use dark colours").click()
        assert paper(tab) == NIGHT
        tab.goto(f"{address}/pclc/year.html")
        assert paper(tab) == NIGHT
        tab.get_by_role("button", name="Use light colours").click()
        tab.emulate_media(color_scheme="dark")
        tab.wait_for_function(PAPER_IS, arg=NIGHT)
        tab.emulate_media(color_scheme="light")
        tab.wait_for_function(PAPER_IS, arg="rgb(255, 255, 255)")


PAPER = "getComputedStyle(document.body).backgroundColor"
PAPER_IS = f"colour => {PAPER} === colour"
"""The page learns of the system's colours in its own time, so a test waits for it."""


def paper(tab: Any) -> str:
    return str(tab.evaluate(PAPER))


def test_no_script_follows_the_system(browser: Browser, real: Path) -> None:
    with serving(real) as address:
        context = browser._chromium.new_context(java_script_enabled=False, color_scheme="dark")
        tab = context.new_page()
        tab.goto(f"{address}/{SECTION}")
        assert paper(tab) == NIGHT
        assert not tab.is_visible("[data-colours]")
        assert not tab.is_visible('[data-opens="search"]')
        context.close()


def test_the_systems_own_colours_and_less_motion_are_kept(browser: Browser, real: Path) -> None:
    with serving(real) as address:
        context = browser._chromium.new_context(forced_colors="active", reduced_motion="reduce")
        tab = context.new_page()
        tab.goto(f"{address}/{SECTION}")
        edges = """selector => getComputedStyle(document.querySelector(selector)).borderTopStyle"""
        assert tab.evaluate(edges, ".search-button") == "solid"
        tab.focus(".search-button")
        ring = "getComputedStyle(document.activeElement).outlineStyle"
        assert tab.evaluate(ring) != "none"
        moving = """[...document.querySelectorAll("*")].filter(e => {
            const style = getComputedStyle(e);
            return parseFloat(style.transitionDuration) > 0 || style.animationName !== "none";
        }).length"""
        assert tab.evaluate(moving) == 0
        tab.goto(f"{address}/pclc/year.html")
        fill = "getComputedStyle(document.querySelector('.lanes-key .deadline')).backgroundColor"
        canvas = "getComputedStyle(document.body).backgroundColor"
        assert tab.evaluate(fill) != tab.evaluate(canvas)
        context.close()


# Print


@pytest.mark.parametrize("organisation", ["pclc", "dgat"])
def test_the_whole_policy_prints_without_the_frame(
    browser: Browser, real: Path, tmp_path: Path, organisation: str
) -> None:
    printed = tmp_path / "whole.pdf"
    with serving(real) as address, browser._context("dark", 1280) as context:
        tab = context.new_page()
        tab.goto(f"{address}/{organisation}/policy/whole.html", wait_until="networkidle")
        tab.pdf(path=str(printed), format="A4", prefer_css_page_size=True)
    text = pdf_text(printed)
    assert "Worked example" in text
    assert "Page 1 of " in text
    for frame in (
        "Search",
        "All organisations",
        "http://",
        "policy section by section",
        "Next page",
    ):
        assert frame not in text
    for sheet in text.split("\f")[:-1]:
        lines = [line for line in sheet.splitlines() if line.strip()]
        last = lines[-2].strip()  # the line above the number of the page
        assert not last.replace(".", "").isdigit(), last


# Weight


MOVED = """window.moved = 0;
new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) window.moved += shift.value;
}).observe({type: "layout-shift", buffered: true});"""
"""Sums up how far what is shown moves while a page loads, as browsers count it."""


def test_the_first_load_of_every_kind_of_page_is_light_still_and_without_faults(
    browser: Browser, real: Path
) -> None:
    heavy, restless, faults = [], [], []
    longest = max(real.rglob("*.html"), key=lambda path: path.stat().st_size)
    pages = (*KINDS, "pclc/my/group-teachers.html", longest.relative_to(real).as_posix())
    with serving(real) as address, browser._context("light", 1280) as context:
        context.add_init_script(MOVED)
        context.on("weberror", lambda said: faults.append(str(said.error)))
        opened = []
        # side by side, as each waits half a second for its network to be quiet
        for page in (*pages, "404.html"):
            tab = context.new_page()
            opened.append((page, tab, answers_to(tab)))
            tab.goto(f"{address}/{page}")
        for page, tab, answers in opened:
            tab.wait_for_load_state("networkidle")
            weights: dict[bool, list[int]] = {False: [], True: []}
            for answer in answers:
                of_search = any(part in answer.url for part in SEARCH)
                weights[of_search].append(len(answer.body()))
            assert len(weights[False]) > 5
            heavy += [(page, sum(part)) for part in weights.values() if sum(part) >= FIRST_LOAD]
            if (moved := tab.evaluate("moved")) > 0.1:
                restless.append((page, moved))
            faults += [answer.url for answer in answers if not answer.ok]
    assert heavy == []
    assert restless == []
    assert faults == []


def answers_to(tab: Any) -> list[Any]:
    """What the page is sent from now on."""
    answers: list[Any] = []

    def keep(answer: Any) -> None:
        answers.append(answer)

    tab.on("response", keep)
    return answers
