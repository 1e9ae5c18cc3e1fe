"""How long a phone waits for a page on which a form is filled in: to be ready, to save, to open.

    python benchmarks/fill.py [--write FILE.md] [--repeat 3] [--slower 4]

Chromium opens the pages of `site/` from their folder, with the processor slowed four times, as an
old phone has it, and without a network. Make the site first: `python build.py`. A time is that of
the browser's own clock, and the least of all turns counts. What is typed is long: every box is
full, so that the PDF goes on behind the form.
"""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from common import ROOT, Figures, open_chromium, options_of, stop, store, table

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

GOALS = {"ready": 1.0, "Word": 2.0, "PDF": 2.0, "open": 2.0}
"""Seconds that each may take."""

READY = """() => {
  const { responseStart, loadEventEnd } = performance.getEntriesByType("navigation")[0];
  return (loadEventEnd - responseStart) / 1000;
}"""
TYPE = """() => {
  for (const box of document.querySelectorAll("form textarea")) {
    box.value = "What was agreed, and “why”: ŵords of an ordinary answer. ".repeat(12);
  }
  for (const box of document.querySelectorAll("form input[type=text]")) box.value = "1";
  document.querySelector("form textarea").dispatchEvent(new Event("input", { bubbles: true }));
}"""
SAVED = """(format) => new Promise((resolve) => {
  const status = document.getElementById("status");
  const begun = performance.now();
  new MutationObserver((_, watch) => {
    if (!status.textContent.startsWith("Saved as")) return;
    watch.disconnect();
    resolve((performance.now() - begun) / 1000);
  }).observe(status, { childList: true });
  document.querySelector(`[data-save=${format}]`).click();
})"""
WATCH = """() => {
  const said = document.getElementById("open-said");
  const begun = performance.now();
  window.opened = new Promise((resolve) => new MutationObserver(() => {
    if (/copied|cannot/.test(said.textContent)) resolve((performance.now() - begun) / 1000);
  }).observe(said, { childList: true }));
}"""


@contextmanager
def slow_page(browser: Browser, address: str, slower: float) -> Iterator[Page]:
    """A page as a phone shows it, loaded with a slow processor."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, offline=True)
    try:
        page = context.new_page()
        page.on("dialog", lambda dialog: dialog.accept())
        session = context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
        page.goto(address, wait_until="load")
        yield page
    finally:
        context.close()


def measure(browser: Browser, page: Path, slower: float, folder: Path) -> dict[str, float]:
    """The seconds of one turn with one page."""
    found: dict[str, float] = {}
    with slow_page(browser, page.as_uri(), slower) as tab:
        found["ready"] = tab.evaluate(READY)
        tab.evaluate(TYPE)
        for format in ("Word", "PDF"):
            with tab.expect_download() as waiting:
                found[format] = tab.evaluate(SAVED, format.lower())
            waiting.value.save_as(folder / f"filled.{format}")
    with slow_page(browser, page.as_uri(), slower) as tab:
        tab.evaluate(WATCH)
        tab.locator("#open-file").set_input_files(folder / "filled.PDF")
        found["open"] = tab.evaluate("() => window.opened")
    return found


def weigh(page: Path) -> float:
    """Kilobytes that come over the line to show a page, compressed."""
    shared = page.parents[2] / "assets" / "fill"
    if not shared.exists():
        shared = page.parents[1] / "assets" / "fill"
    files = (page, page.with_name("colour.css"), shared / "fill.css", shared / "fill.js")
    return sum(len(gzip.compress(path.read_bytes())) for path in files) / 1000


def main() -> None:
    parser = options_of(__doc__)
    parser.add_argument("--slower", type=float, default=4, metavar="TIMES")
    options = parser.parse_args()
    pages = sorted((ROOT / "site").rglob("fill/*.html"), key=lambda page: page.stat().st_size)
    if not pages:
        stop("site/ has no page to fill in. Run `python build.py` first.")
    figures: Figures = []
    rows = []
    with open_chromium() as browser, tempfile.TemporaryDirectory(dir=options.folder) as name:
        for page in (pages[len(pages) // 2], pages[-1]):
            turns = [
                measure(browser, page, options.slower, Path(name)) for _ in range(options.repeat)
            ]
            best = {what: min(turn[what] for turn in turns) for what in GOALS}
            figures.append({"page": f"{page.parts[-3]} {page.stem}", "kB": weigh(page), **best})
            seconds = [f"{best[what]:.2f}" for what in GOALS]
            rows.append((f"{page.parts[-3]}, {page.stem}", *seconds, f"{weigh(page):.0f} kB"))
    goals = ("(goal)", *(f"{goal:.0f}" for goal in GOALS.values()), "")
    heads = ("page", "ready", "save as Word", "save as PDF", "open the PDF", "first view")
    title = f"Seconds on a processor {options.slower:g} times slower"
    lines = [*table(title, heads, [*rows, goals])]
    store(options.write, "The page to fill in", lines, figures, ())


if __name__ == "__main__":
    main()
