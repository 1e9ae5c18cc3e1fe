"""How long a reader waits for the search: from opening it to the first results, and for each query.

    python benchmarks/search_in_browser.py [--write FILE.md] [--repeat 3] [--slower 4]

Chromium opens a page of each handbook in `site/` over HTTP, with the processor slowed four times,
as an old phone has it. Make the site first: `python build.py`. A time is that of the page's own
clock, from the reader's act until the results are laid out, and the least of all turns counts.
A page gets the search ready when it has been shown; "opened at once" is the reader who is there
before that.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from common import ROOT, Figures, open_chromium, options_of, stop, store, table

if TYPE_CHECKING:
    from playwright.sync_api import Browser

GOALS = {"opened at once": 500, "opened later": 500, "a query": 50, "slowest query": 50}
"""Milliseconds that each may take."""

QUERIES = (
    "who reviews me",
    "objectives",
    "what if I am off sick",
    "apraisal",
    "6.3",
    "when is my next review",
    "can i get sacked",
    "mat leave",
    "griveance procedure",
    "observation",
)
SAVE_DATA = "Object.defineProperty(navigator, 'connection', {value: {saveData: true}})"
READY = "document.querySelector('.search-said').textContent === 'Type to search'"
OPEN = """(query) => new Promise((resolve) => {
  const found = document.querySelector(".search-found");
  const field = document.querySelector("#search-query");
  const begun = performance.now();
  const end = () => {
    if (!found.querySelector("a")) return false;
    found.getBoundingClientRect();
    resolve(performance.now() - begun);
    return true;
  };
  document.querySelector("[data-opens=search]").click();
  field.value = query;
  field.dispatchEvent(new Event("input"));
  if (end()) return;
  const watch = new MutationObserver(() => end() && watch.disconnect());
  watch.observe(found, { childList: true });
})"""
ASK = """(query) => {
  const found = document.querySelector(".search-found");
  const field = document.querySelector("#search-query");
  const begun = performance.now();
  field.value = query;
  field.dispatchEvent(new Event("input"));
  found.getBoundingClientRect();
  return performance.now() - begun;
}"""


class _Handler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *values: object) -> None:
        """Say nothing of each request."""


@contextmanager
def serve(site: Path) -> Iterator[str]:
    """The address at which the site can be read."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(site)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def measure(browser: Browser, address: str, slower: float) -> dict[str, float]:
    """The milliseconds of one turn with one handbook."""
    waited: dict[str, float] = {}
    for name in ("opened at once", "opened later"):
        context = browser.new_context(viewport={"width": 390, "height": 844})
        try:
            if name == "opened at once":
                context.add_init_script(SAVE_DATA)
            tab = context.new_page()
            tab.goto(address, wait_until="load")
            if name == "opened later":
                tab.wait_for_function(READY)
            session = context.new_cdp_session(tab)
            session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
            waited[name] = tab.evaluate(OPEN, QUERIES[0])
            if name == "opened later":
                queries = [tab.evaluate(ASK, query) for query in QUERIES[1:]]
                waited |= {"a query": statistics.median(queries), "slowest query": max(queries)}
        finally:
            context.close()
    return waited


def main() -> None:
    parser = options_of(__doc__)
    parser.add_argument("--slower", type=float, default=4, metavar="TIMES")
    options = parser.parse_args()
    site = ROOT / "site"
    names = sorted(page.parent.name for page in site.glob("*/year.html"))
    if not names:
        stop("site/ has no handbook to search. Run `python build.py` first.")
    figures: Figures = []
    rows = []
    with open_chromium() as browser, serve(site) as address:
        for name in names:
            turns = [
                measure(browser, f"{address}/{name}/year.html", options.slower)
                for _ in range(options.repeat)
            ]
            best = {what: min(turn[what] for turn in turns) for what in GOALS}
            figures.append({"organisation": name, **best})
            rows.append((name, *(f"{best[what]:.0f}" for what in GOALS)))
    goals = ("(goal)", *(f"{goal}" for goal in GOALS.values()))
    title = f"Milliseconds on a processor {options.slower:g} times slower"
    lines = [*table(title, ("handbook", *GOALS), [*rows, goals])]
    store(options.write, "The search as a reader waits for it", lines, figures, ())


if __name__ == "__main__":
    main()
