"""axe-core in Debian's Chromium: a folder of pages goes in, what breaks WCAG comes out.

A page is read in up to four modes, in light and dark and at two widths; requests to other hosts are
written down.
"""

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain, product
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, Literal, Self
from urllib.parse import urlsplit

from lxml import etree, html

from tests.checkers import tools
from tests.helpers import cover

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Request

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
WIDTHS = (1280, 320)
Mode = tuple[Scheme, int]
"""A colour scheme, and the width of the window in pixels."""
MODES: tuple[Mode, ...] = tuple(product(SCHEMES, WIDTHS))
BOTH: tuple[Mode, ...] = (("light", 1280), ("dark", 320))
"""Each scheme and each width once."""
Readings = Mapping[Mode, Sequence[str]]
"""The pages that are to be read in each mode."""
HEIGHT = 800
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
LOCAL = {"localhost", "127.0.0.1"}
FLAGS = (
    "--no-first-run",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--font-render-hinting=none",  # words as wide without windows as with them
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-renderer-backgrounding",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)
STILL = "*, ::before, ::after {animation: none !important; transition: none !important}"
COLOUR = ("color-contrast", "link-in-text-block")
"""The rules of `TAGS` whose answer depends on colours."""
RUN_AXE = """async ([only, still]) => {
    const style = document.createElement("style");
    style.textContent = still;
    document.head.append(style);
    await document.fonts.ready;
    const measured = {/* measures */};
    const answer = await axe.run({runOnly: only, resultTypes: ["violations", "incomplete"]});
    return {violations: answer.violations, incomplete: answer.incomplete, measured};
}"""
Measures = Mapping[str, str]
"""Functions in JavaScript, by name, which list what is wrong with the page that is shown."""


@dataclass(frozen=True)
class Violation:
    """One rule that one page breaks in one mode; `targets` are the elements' CSS selectors."""

    page: str
    scheme: Scheme
    width: int
    rule: str
    help: str
    targets: tuple[str, ...]


@dataclass(frozen=True)
class Doubt:
    """What axe could not decide on one page in one mode; `reason` is its own key for why."""

    page: str
    scheme: Scheme
    width: int
    rule: str
    reason: str
    targets: tuple[str, ...]


@dataclass(frozen=True)
class OutsideRequest:
    """An address on another host that a page asked for."""

    page: str
    url: str


@dataclass(frozen=True)
class Measured:
    """One fault that one of the measures of a page names in one mode."""

    page: str
    scheme: Scheme
    width: int
    measure: str
    fault: str


@dataclass
class Findings:
    """What is found on the pages of a site, and what they asked of other hosts."""

    violations: list[Violation] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    """What axe-core calls incomplete: a person decides."""
    measured: list[Measured] = field(default_factory=list)
    outside: list[OutsideRequest] = field(default_factory=list)


class Browser:
    """Headless Chromium, started once by `with Browser() as browser`, for many sites and pages.

    `outside_requests` grows with every page shown. No name but localhost is resolved, so such a
    request fails, and is written down all the same.
    """

    def __init__(self) -> None:
        self.outside_requests: list[OutsideRequest] = []
        self._exits = ExitStack()

    def __enter__(self) -> Self:
        # without the windows of the whole browser, a page costs two thirds
        shell = shutil.which("chromium-headless-shell")
        chromium = shell or tools.program("chromium", "apt-get install chromium")
        playwright = tools.python_module("playwright.sync_api", "pip install playwright")
        self.axe = (tools.node_module("axe-core") / "axe.min.js").read_text(encoding="utf-8")
        driver: Any = self._exits.enter_context(playwright.sync_playwright())
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        self._chromium = driver.chromium.launch(
            executable_path=chromium, args=[*FLAGS, *(["--no-sandbox"] if root else [])]
        )
        self._exits.callback(self._chromium.close)
        return self

    def __exit__(self, *problem: object) -> None:
        self._exits.close()

    def violations(
        self, site: Path, pages: Sequence[str], modes: Sequence[Mode] = BOTH
    ) -> list[Violation]:
        """What axe-core finds on `pages`, addresses relative to the folder `site`, in each mode.

        The scheme is set by emulating prefers-color-scheme. Raises ToolError for a page that is
        not there. Only sure failures count, not what axe calls incomplete.
        """
        return self.read(site, dict.fromkeys(modes, pages)).violations

    def read(
        self,
        site: Path,
        readings: Readings,
        measures: Measures | None = None,
    ) -> Findings:
        """All that axe-core and `measures` find, each page in the modes that `readings` names."""
        found = Findings()
        for page, scheme, width, answer in self._answers(site, readings, measures or {}):
            found.violations += _violations(page, scheme, width, answer)
            found.doubts += _doubts(page, scheme, width, answer)
            found.measured += _measured(page, scheme, width, answer["measured"])
        found.outside = list(self.outside_requests)
        return found

    def _answers(
        self,
        site: Path,
        readings: Readings,
        measures: Measures,
    ) -> Iterator[tuple[str, Scheme, int, Any]]:
        """Page, scheme, width, and what axe-core and `measures` answer, width by width.

        A page that is read in both schemes at one width is loaded once, as one that the system
        turns dark meanwhile. Then only the rules on colours are left to ask.
        """
        with serving(site) as address:
            for width in dict.fromkeys(width for _, width in readings):
                schemes: dict[str, list[Scheme]] = {}
                for (scheme, own), pages in readings.items():
                    for page in pages if own == width else ():
                        schemes.setdefault(page, []).append(scheme)
                with self._context("light", width) as context:
                    context.add_init_script(self.axe)
                    tab = context.new_page()
                    for page, asked in schemes.items():
                        tab.emulate_media(color_scheme=asked[0])
                        self._load(tab, address, page)
                        for place, scheme in enumerate(asked):
                            tab.emulate_media(color_scheme=scheme)
                            kind, values = ("rule", COLOUR) if place else ("tag", TAGS)
                            order = [{"type": kind, "values": values}, STILL]
                            run = RUN_AXE.replace("{/* measures */}", _asked(measures))
                            yield page, scheme, width, tab.evaluate(run, order)

    def measure(
        self, site: Path, pages: Sequence[str], measures: Measures, *, width: int
    ) -> list[Measured]:
        """What `measures` alone find on pages in light colours; it takes a fifth of `read`."""
        with serving(site) as address, self._context("light", width) as context:
            tab = context.new_page()
            found: list[Measured] = []
            for page in pages:
                self._load(tab, address, page)
                answer = tab.evaluate(
                    f"async () => {{ await document.fonts.ready; return {_asked(measures)}; }}"
                )
                found += _measured(page, "light", width, answer)
        return found

    @contextmanager
    def showing(
        self, site: Path, page: str, *, scheme: Scheme = "light", width: int = 1280
    ) -> Iterator["Page"]:
        """One loaded page of `site` as a Playwright page, for tests that press keys and look."""
        with serving(site) as address, self._context(scheme, width) as context:
            tab = context.new_page()
            self._load(tab, address, page)
            yield tab

    @contextmanager
    def reader(
        self, *, width: int = 1280, script: bool = True, offline: bool = False
    ) -> Iterator["Page"]:
        """An empty page for a journey: `offline` cuts the network, for sites opened as a folder."""
        context: BrowserContext = self._chromium.new_context(
            offline=offline,
            java_script_enabled=script,
            reduced_motion="reduce",
            viewport={"width": width, "height": HEIGHT},
            service_workers="block",
        )
        context.on("request", self._note)
        try:
            yield context.new_page()
        finally:
            context.close()

    @contextmanager
    def _context(self, scheme: Scheme, width: int) -> Iterator["BrowserContext"]:
        context: BrowserContext = self._chromium.new_context(
            color_scheme=scheme,
            reduced_motion="reduce",
            viewport={"width": width, "height": HEIGHT},
            service_workers="block",
        )
        context.on("request", self._note)
        try:
            yield context
        finally:
            context.close()

    def _load(self, tab: "Page", address: str, page: str) -> None:
        answer = tab.goto(f"{address}/{page.lstrip('/')}", wait_until="load")
        if answer is None or not answer.ok:
            raise tools.ToolError(f"the site has no page {page}")

    def _note(self, request: "Request") -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in LOCAL:
            asked = OutsideRequest(urlsplit(request.frame.url).path.lstrip("/"), request.url)
            if asked not in self.outside_requests:
                self.outside_requests.append(asked)


def _asked(measures: Measures) -> str:
    """The answers of `measures` by their names, as source: pages to fill in forbid `eval`."""
    answers = (f"{json.dumps(name)}: ({code})()" for name, code in measures.items())
    return f"{{{', '.join(answers)}}}"


def read_pages(
    site: Path, readings: Readings, measures: Measures | None = None, *, browsers: int = 2
) -> Findings:
    """As `Browser.read`, shared among browsers side by side, sorted by page."""

    def part(start: int) -> Findings:
        own = {mode: pages[start::browsers] for mode, pages in readings.items()}
        with Browser() as browser:
            return browser.read(site, own, measures)

    with ThreadPoolExecutor(max_workers=browsers) as pool:
        parts = list(pool.map(part, range(browsers)))
    return Findings(
        sorted(
            chain.from_iterable(one.violations for one in parts),
            key=lambda one: (one.page, one.rule, one.scheme, one.width),
        ),
        [doubt for one in parts for doubt in one.doubts],
        [fault for one in parts for fault in one.measured],
        [asked for one in parts for asked in one.outside],
    )


def every_mode(pages: Sequence[str]) -> Readings:
    """Every page in every mode."""
    return dict.fromkeys(MODES, pages)


def modes_of_each_kind(site: Path, pages: Sequence[str]) -> Readings:
    """Enough pages to show each kind, of which the narrow modes have one of each kind of page.

    Kinds are those of pages, by the folder or name that they have in a handbook, and those of
    elements. Whatever any page has is so read in light and dark.
    """
    shown = pages_of_each_kind(site, pages)
    large_first = sorted(shown, key=lambda page: (site / page).stat().st_size, reverse=True)
    smallest = {page_kind(page): page for page in large_first}
    return {mode: shown if mode[1] == WIDTHS[0] else [*smallest.values()] for mode in MODES}


def share_of(pages: Sequence[str]) -> list[str]:
    """One page of each kind of every organisation and of the guide, and all of the site's own."""
    return [*{(page.partition("/")[0], page_kind(page)): page for page in pages}.values()]


def pages_of_each_kind(site: Path, pages: Sequence[str]) -> list[str]:
    """A few of the pages, which have every kind of page and of element that all of them have."""
    return cover({page: _kinds(site, page) for page in pages})


def page_kind(page: str) -> str:
    """The folder of a page in its handbook, and the name of one that is in none.

    The chapters of the guide are of one kind.
    """
    *folders, name = page.split("/")
    return "/".join(folders if folders[:1] == ["guide"] else folders[1:]) or name


KNOWN = ("type", "hidden", "tabindex", "lang", "title", "alt", "scope")
"""What an element has or lacks, as it has or lacks each aria- attribute, that makes it a kind."""
LENGTH = re.compile(r"(?<![#\w])-?\d[\d.]*(%|\w+)?")


def _kinds(site: Path, page: str) -> set[tuple[object, ...]]:
    """The kind of a page, and of each of its elements.

    An element with its classes, role, kind of control and own style but for lengths, whether it
    has words, and which attributes that a screen reader knows; inside a parent with its classes.
    """
    kinds: set[tuple[object, ...]] = {(page_kind(page),)}
    for element in html.parse(site / page).iter(etree.Element):
        around = element.getparent()
        inside = (None, None) if around is None else (around.tag, around.get("class"))
        look = (element.tag, *(element.get(name) for name in ("class", "role", "type")))
        style = LENGTH.sub("", element.get("style") or "")
        has = {name for name in element.attrib if name in KNOWN or name.startswith("aria-")}
        kinds.add((inside, look, style, frozenset(has), bool((element.text or "").strip())))
    return kinds


@contextmanager
def serving(site: Path, handler: type[SimpleHTTPRequestHandler] | None = None) -> Iterator[str]:
    """Serve a folder on a free port of this machine; gives "http://127.0.0.1:PORT"."""
    made = partial(handler or Silent, directory=str(site))
    with _Server(("127.0.0.1", 0), made) as server:
        thread = Thread(target=partial(server.serve_forever, poll_interval=0.05), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def html_pages(site: Path) -> list[str]:
    """Every .html file under `site`, relative to it, sorted."""
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):  # a page closed before its pictures
            super().handle_error(request, client_address)


class Silent(SimpleHTTPRequestHandler):
    """Sends files as they are, and logs nothing."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


def _violations(
    page: str, scheme: Scheme, width: int, answer: Mapping[str, Any]
) -> Iterator[Violation]:
    for rule in answer["violations"]:
        targets = tuple(str(step) for node in rule["nodes"] for step in node["target"])
        yield Violation(page, scheme, width, rule["id"], rule["help"], targets)


def _measured(
    page: str, scheme: Scheme, width: int, answer: Mapping[str, Sequence[str]]
) -> Iterator[Measured]:
    for name, faults in answer.items():
        for fault in faults:
            yield Measured(page, scheme, width, name, fault)


def _doubts(page: str, scheme: Scheme, width: int, answer: Mapping[str, Any]) -> Iterator[Doubt]:
    for rule in answer["incomplete"]:
        reasons: dict[str, list[str]] = {}
        for node in rule["nodes"]:
            for check in (*node["any"], *node["all"], *node["none"]):
                data = check.get("data")
                key = data.get("messageKey") if isinstance(data, Mapping) else None
                reasons.setdefault(key or check["id"], []).extend(map(str, node["target"]))
        for reason, targets in reasons.items():
            yield Doubt(page, scheme, width, rule["id"], reason, tuple(targets))
