"""The editor in Chromium, by keyboard alone, as somebody uses it who never sees YAML."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.checkers.axe import TAGS, Browser
from tests.editing.conftest import TINY, Client


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as started:
        yield started


@contextmanager
def opened(browser: Browser, client: Client, page: str, width: int = 1280) -> Iterator[Any]:
    with browser.reader(width=width) as tab:
        faults: list[str] = []
        tab.on("pageerror", lambda error: faults.append(str(error)))
        tab.goto(client.server.opening)
        tab.wait_for_url("**/index.html")
        tab.goto(f"{client.server.url}{page}")
        tab.wait_for_selector(".fe-ready")
        yield tab
        assert faults == []


def tab_to(tab: Any, name: str, key: str = "Tab") -> None:
    """Press Tab until what has the focus is called so."""
    for _ in range(150):
        tab.keyboard.press(key)
        found = tab.evaluate(
            """() => {
                const at = document.activeElement;
                const label = (at.getAttribute("aria-labelledby") || "").split(" ")
                    .map((id) => (document.getElementById(id) || {}).textContent || "").join(" ");
                const tied = at.labels && at.labels[0] ? at.labels[0].textContent : "";
                return at.getAttribute("aria-label") || label || tied || at.textContent || "";
            }"""
        )
        if found.strip().startswith(name):
            return
    raise AssertionError(f"“{name}” is not reached by {key}")


def edit(tab: Any, words: str, *, by_tab: bool = False) -> None:
    """Open the panel of the text that begins so, from its pencil."""
    if by_tab:
        tab_to(tab, f"Edit: {words}")
    else:
        tab.locator(f".fe-pencil[aria-label^='Edit: {words}']").first.focus()
    tab.keyboard.press("Enter")
    tab.wait_for_selector(".fe-panel .fe-foot")


def save(tab: Any) -> None:
    tab.keyboard.press("Control+s")
    tab.wait_for_selector(".fe-state:text-matches('^Saved')")


def read(project: Path, name: str) -> str:
    return (project / TINY / f"{name}.yaml").read_text(encoding="utf-8")


def test_a_question_a_number_and_a_date_by_keyboard(
    browser: Browser, client: Client, project: Path
) -> None:
    before = read(project, "questions")
    with opened(browser, client, "tiny/questions.html") as tab:
        edit(tab, "The cycle is adapted", by_tab=True)
        tab.keyboard.press("Control+End")
        tab.keyboard.type(" Ask HR.")
        save(tab)
        assert "Ask HR." in tab.inner_text("article")
        focused = tab.evaluate("document.activeElement.getAttribute('aria-label')")
        assert focused.startswith("Edit: The cycle is adapted")
        # the number in those words, which a clause says too
        tab.keyboard.press("Enter")
        tab.wait_for_selector(".fe-lead")
        tab_to(tab, "Change “")
        tab.keyboard.press("Enter")
        tab.wait_for_selector(".fe-kicker:has-text('Number')")
        tab.wait_for_selector(".fe-uses:has-text('clause')")
        tab_to(tab, "Exactly")
        tab.keyboard.press("Control+a")
        tab.keyboard.type("3")
        save(tab)
        assert "three" in tab.inner_text("article")
        tab.goto(f"{client.server.url}tiny/year.html")
        tab.wait_for_selector(".fe-ready")
        edit(tab, "Pay is decided")
        tab_to(tab, "When it happens: day")
        tab.keyboard.press("Control+a")
        tab.keyboard.type("30")
        tab_to(tab, "When it happens: month")
        tab.keyboard.type("November")
        save(tab)
        assert "30 November" in tab.inner_text("article")
    after = read(project, "questions")
    lines = after.splitlines()
    assert [line for line in before.splitlines() if line not in lines] == []
    assert len(lines) == len(before.splitlines()) + 1
    assert "# what staff ask" in after
    assert "when: by 30 November after the cycle" in read(project, "cycle")
    assert "exactly: 3" in read(project, "organisation")


def test_a_clause_with_a_value_and_a_cell_at_768(
    browser: Browser, client: Client, project: Path
) -> None:
    with opened(browser, client, "tiny/policy/scope.html", width=768) as tab:
        edit(tab, "With less than")
        tab.keyboard.press("Control+Home")
        tab.keyboard.type("Note: ")
        save(tab)
        assert "Note: With less than" in tab.inner_text("article")
        tab.goto(f"{client.server.url}tiny/ratings.html")
        tab.wait_for_selector(".fe-ready")
        edit(tab, "The objective is not met")
        tab.keyboard.press("Control+End")
        tab.keyboard.type(" Yet.")
        save(tab)
        assert "The objective is not met. Yet." in tab.inner_text("article")
    after = " ".join(read(project, "policy").split())
    assert "Note: With less than {{ rules.short_service.exactly | words }}" in after
    assert "red: The objective is not met. Yet." in read(project, "ratings")


def test_what_cannot_be_built_is_kept_here_and_not_written(
    browser: Browser, client: Client, project: Path
) -> None:
    before = read(project, "cycle")
    with opened(browser, client, "tiny/year.html") as tab:
        edit(tab, "Pay is decided")
        tab_to(tab, "When it happens: day")
        tab.keyboard.press("Control+a")
        tab.keyboard.type("31")
        tab_to(tab, "When it happens: month")
        tab.keyboard.type("February")
        tab.wait_for_selector(".fe-when .fe-error:has-text('February')")
        tab.keyboard.press("Control+s")
        tab.wait_for_selector(".fe-state:text-matches('^Not saved$')")
        assert read(project, "cycle") == before
        tab.reload()
        tab.wait_for_selector(".fe-ready")
        edit(tab, "Pay is decided")
        tab.wait_for_selector("text=You typed something here that was not saved")


def test_undo_and_the_list_of_what_was_changed(
    browser: Browser, client: Client, project: Path
) -> None:
    before = read(project, "questions")
    with opened(browser, client, "tiny/questions.html") as tab:
        edit(tab, "What if I was away?")
        tab.keyboard.press("Control+End")
        tab.keyboard.type(" Long?")
        save(tab)
        tab_to(tab, "List of changes", "Shift+Tab")
        tab.keyboard.press("Enter")
        tab.wait_for_selector(".fe-dialog h3")
        assert "Changed: What if I was away?" in tab.inner_text(".fe-dialog")
        tab_to(tab, "Undo: ")
        tab.keyboard.press("Enter")
        tab.wait_for_selector(".fe-state:has-text('Undone')")
        assert "Long?" not in tab.inner_text("article")
    assert read(project, "questions") == before


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (768, "dark")])
def test_panel_and_bar_pass_axe(browser: Browser, client: Client, width: int, scheme: str) -> None:
    with opened(browser, client, "tiny/questions.html", width) as tab:
        tab.emulate_media(color_scheme=scheme)
        tab.reload()
        tab.wait_for_selector(".fe-ready")
        tab.evaluate(browser.axe)
        for words in ("", "The cycle is adapted"):
            if words:
                edit(tab, words)
            found = tab.evaluate(
                "async (tags) => (await axe.run({runOnly: tags, resultTypes: ['violations']}))"
                ".violations.map((one) => [one.id, one.nodes.map((node) => node.html)])",
                list(TAGS),
            )
            assert found == []
