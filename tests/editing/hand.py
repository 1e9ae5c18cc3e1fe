"""How the tests use the editor in a browser: by keyboard, with what they do counted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.checkers.axe import TAGS, Browser
from tests.editing.conftest import TINY, Client

LONGEST = 6
_NAME_OF = """const nameOf = (at) => {
    const by = (at.getAttribute("aria-labelledby") || "").split(" ");
    const label = by.map((id) => (document.getElementById(id) || {}).textContent || "").join(" ");
    const tied = at.labels && at.labels[0] ? at.labels[0].textContent : "";
    return (at.getAttribute("aria-label") || label || tied || at.textContent || "").trim();
};"""
NAME = f"() => {{ {_NAME_OF} return nameOf(document.activeElement); }}"
"""What the element with the focus is called."""
BESIDE = f"""([name, back]) => {{
    {_NAME_OF}
    const kinds = "a, button, input, select, textarea, summary, [tabindex]";
    const all = [...document.querySelectorAll(kinds)]
        .filter((one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility());
    if (back) all.reverse();
    const now = all.indexOf(document.activeElement);
    const next = [...all.keys()].map((step) => (now + 1 + step) % all.length)
        .find((place) => nameOf(all[place]).startsWith(name));
    if (next) all[next - 1].focus();
}}"""
"""Gives the focus to the element before the next one that is called so."""


@contextmanager
def opened(browser: Browser, client: Client, page: str = "", width: int = 1280) -> Iterator[Any]:
    """A tab that has the server's cookie, as its first address sets it, and shows a page."""
    server = client.server
    cookie = {"name": f"formulary-{server.server_port}", "value": server.key, "url": server.url}
    with browser.reader(width=width) as tab:
        faults: list[str] = []
        tab.on("pageerror", lambda error: faults.append(str(error)))
        tab.context.add_cookies([{**cookie, "httpOnly": True, "sameSite": "Strict"}])
        if page:
            tab.goto(f"{server.url}{page}")
            tab.wait_for_selector(".fe-ready")
        yield tab
        assert faults == []


def tab_to(tab: Any, name: str, key: str = "Tab") -> None:
    """Press Tab until what has the focus is called so, from the element before it if that can be.

    Each Tab costs as much as a page is long, and only the last one tells something.
    """
    tab.evaluate(BESIDE, [name, key == "Shift+Tab"])
    for _ in range(250):
        tab.keyboard.press(key)
        found = tab.evaluate(NAME)
        if found.strip().startswith(name):
            return
    raise AssertionError(f"“{name}” is not reached by {key}")


def find_violations(browser: Browser, tab: Any, part: str = "body") -> list[Any]:
    """What axe finds in a part of the page."""
    if not tab.evaluate("Boolean(window.axe)"):
        tab.evaluate(browser.axe)
    found: list[Any] = tab.evaluate(
        "async ([runOnly, part]) => (await axe.run(part, {runOnly, resultTypes: ['violations']}))"
        ".violations.map((one) => [one.id, one.nodes.map((node) => node.html.slice(0, 200))])",
        [list(TAGS), part],
    )
    return found


def edit(tab: Any, words: str, *, by_tab: bool = False) -> None:
    """Open the panel of the text that begins so, from its pencil."""
    if by_tab:
        tab_to(tab, f"Edit: {words}")
    else:
        tab.locator(f".fe-pencil[aria-label^='Edit: {words}']").first.focus()
    tab.keyboard.press("Enter")
    tab.wait_for_selector(".fe-panel .fe-foot")


def save(tab: Any) -> None:
    """Save, and wait for the next page: this one may still say that an earlier change is saved."""
    tab.evaluate("document.body.dataset.seen = 1")
    tab.keyboard.press("Control+s")
    tab.wait_for_selector("body:not([data-seen]) .fe-state:text-matches('^Saved')")


def read(project: Path, name: str) -> str:
    return (project / TINY / f"{name}.yaml").read_text(encoding="utf-8")


@dataclass
class Hand:
    """Does things by keyboard, and counts them; going from one thing to another is no action."""

    tab: Any
    url: str
    actions: int = 0

    @contextmanager
    def task(self, page: str = "") -> Iterator[None]:
        if page:
            self.tab.goto(f"{self.url}tiny/{page}.html")
            self.tab.wait_for_selector(".fe-ready")
        self.actions = 0
        yield
        assert 0 < self.actions <= LONGEST

    def _go(self, name: str) -> None:
        if not self.tab.evaluate(NAME).startswith(name):
            tab_to(self.tab, name)

    def open(self, words: str, *, by_tab: bool = False) -> None:
        edit(self.tab, words, by_tab=by_tab)
        self.actions += 1

    def type(self, words: str) -> None:
        self.tab.keyboard.type(words)
        self.actions += 1

    def press(self, name: str, key: str = "Enter") -> None:
        self._go(name)
        self.tab.evaluate("document.body.dataset.seen = 1")
        self.tab.keyboard.press(key)
        self.actions += 1

    def write(self, name: str, words: str, then: str = "") -> None:
        self._go(name)
        self.tab.evaluate("document.body.dataset.seen = 1")
        self.tab.keyboard.press("Control+a")
        self.tab.keyboard.type(words)
        if then:
            self.tab.keyboard.press(then)
        self.actions += 1

    def choose(self, name: str, words: str) -> None:
        self._go(name)
        self.tab.keyboard.type(words)
        self.actions += 1

    def save(self) -> None:
        save(self.tab)
        self.actions += 1

    def reopened(self) -> None:
        """Wait until what was saved at once is shown, with the panel open again."""
        self.tab.wait_for_selector("body:not([data-seen]) .fe-panel .fe-foot")
