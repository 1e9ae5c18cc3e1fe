"""The handbook by keyboard: skip link, menu, tables, and focus that is always in sight."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.checkers.axe import Browser, serving

KINDS = (
    "index.html",
    "compare.html",
    "pclc/index.html",
    "pclc/policy/index.html",
    "pclc/policy/objectives.html",
    "pclc/policy/whole.html",
    "pclc/year.html",
    "pclc/stages/index.html",
    "pclc/forms/pm-form.html",
    "pclc/questions.html",
    "pclc/glossary.html",
    "pclc/guidance/smart.html",
)
"""A page of every kind."""

LOOK = """const look = () => {
    const at = document.activeElement;
    if (at === document.body) return null;
    const boxes = [...at.getClientRects()].filter(b => b.width && b.height);
    const within = b => b.right > 0 && b.left < innerWidth && b.bottom > 0 && b.top < innerHeight;
    const uncovered = b => {
        const x = (Math.max(b.left, 0) + Math.min(b.right, innerWidth)) / 2;
        const y = (Math.max(b.top, 0) + Math.min(b.bottom, innerHeight)) / 2;
        const top = document.elementFromPoint(x, y);
        return top && (at.contains(top) || top.contains(at));
    };
    const style = getComputedStyle(at);
    return {
        name: (at.getAttribute("aria-label") || at.textContent).trim().slice(0, 60),
        seen: boxes.some(b => within(b) && uncovered(b)),
        ringed: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    };
};"""
WALK = f"""(back) => {{
    {LOOK}
    const kinds = "a[href], button, input, select, textarea, summary, [tabindex]";
    const visible = {{visibilityProperty: true}};
    const all = [...document.querySelectorAll(kinds)].filter(
        one => one.tabIndex >= 0 && !one.disabled && one.checkVisibility(visible));
    if (back) all.reverse();
    const found = [];
    for (const one of all) {{
        one.focus();
        if (document.activeElement === one) found.push(look());
    }}
    return found;
}}"""
"""Gives the focus to all that Tab comes to, in its order, which shows it as Tab does."""


def stop(tab: Any) -> dict[str, Any] | None:
    """What has the focus: its name, whether it is seen and uncovered, and whether it is marked."""
    found: dict[str, Any] | None = tab.evaluate(f"() => {{ {LOOK} return look(); }}")
    return found


@pytest.mark.parametrize("width", [320, 1280])
def test_focus_is_seen_marked_and_never_covered(
    browser: Browser, real: Path, width: int, whole: bool
) -> None:
    """Each kind of page at one of the widths, and before a release at both.

    The skip link is first, and leads to the words. A key each way shows that the focus goes as
    the walk does.
    """
    hidden = []
    for page in KINDS if whole else KINDS[width < 1280 :: 2]:
        with browser.showing(real, page, width=width) as tab:
            tab.keyboard.press("Tab")
            found = stop(tab)
            assert found and found["name"] == "Skip to content" and found["seen"], page
            tab.keyboard.press("Enter")
            tab.keyboard.press("Tab")
            assert tab.evaluate("!!document.activeElement.closest('article, footer')"), page
            for back in (False, True):
                stops = tab.evaluate(WALK, back)
                assert len(stops) > 10, page
                tab.keyboard.press("Tab" if back else "Shift+Tab")
                assert stop(tab) == stops[-2], page
                hidden += [
                    (page, back, place, one)
                    for place, one in enumerate(stops)
                    if not (one["seen"] and one["ringed"])
                ]
    assert hidden == []


def test_the_menu_of_a_phone_holds_the_focus_and_gives_it_back(
    browser: Browser, real: Path
) -> None:
    with browser.showing(real, "pclc/policy/objectives.html", width=320) as tab:
        tab.focus('[data-opens="drawer"]')
        tab.keyboard.press("Enter")
        tab.wait_for_function("document.activeElement.closest('#handbook-nav') !== null")
        places = set()
        # round both ends of the menu
        for key in (*["Shift+Tab"] * 6, *["Tab"] * 12):
            tab.keyboard.press(key)
            at = "document.activeElement.closest('#handbook-nav, header, article, footer')"
            places.add(tab.evaluate(f"({at} || document.body).nodeName"))
            found = stop(tab)
            assert found is None or found["seen"], found
        assert places <= {"NAV", "HEADER", "BODY"}
        tab.keyboard.press("Escape")
        assert tab.evaluate("document.activeElement.dataset.opens") == "drawer"
        assert not tab.is_visible("#handbook-nav")
        tab.keyboard.press("Enter")
        tab.wait_for_function("document.activeElement.closest('#handbook-nav') !== null")
        tab.click("#handbook-nav >> text=The year")
        tab.wait_for_url("**/pclc/year.html")


def test_a_table_is_a_stack_on_a_phone_and_scrolls_nowhere(browser: Browser, real: Path) -> None:
    wider = """[...document.querySelectorAll("article *")]
        .filter(e => e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1
            && getComputedStyle(e).overflowX === "auto").map(e => e.className)"""
    with browser.showing(real, "pclc/policy/whole.html", width=320) as tab:
        assert tab.evaluate(wider) == []
        cell = tab.locator("table", has_text="Who reviews who").locator("td").first
        label = cell.evaluate("e => getComputedStyle(e, '::before').content")
        assert label == '"Reviewed by"'


def test_a_table_keeps_its_name_and_heads_on_a_phone(browser: Browser, real: Path) -> None:
    with browser.showing(real, "pclc/forms/index.html", width=390) as tab:
        table = tab.get_by_role("table", name="You and your reviewer")
        heads = table.get_by_role("columnheader").all_inner_texts()
        assert heads == ["Form", "Who fills it in", "When", "Get it"]
        # the sign beside a heading is not part of its name
        assert tab.get_by_role("heading", name="You and your reviewer", exact=True).count() == 1
        assert tab.get_by_role("link", name="#", exact=True).count() == 0
    with browser.showing(real, "pclc/forms/pm-form.html") as tab:
        assert tab.locator("nav [aria-current]").all_inner_texts() == ["Forms"]


def test_no_single_letter_is_a_shortcut(browser: Browser, real: Path) -> None:
    """WCAG 2.2, 2.1.4: somebody who dictates must not turn a page or open the search."""
    with serving(real) as address, browser._context("light", 1280) as context:
        tab = context.new_page()
        tab.goto(f"{address}/pclc/policy/objectives.html")
        for key in ("p", "n", ",", ".", "s", "f", "/"):
            tab.keyboard.press(key)
        assert tab.url.endswith("/objectives.html")
        assert not tab.is_visible("dialog")
