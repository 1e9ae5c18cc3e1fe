"""How soon the search of a handbook is ready, and how long one query takes.

    python benchmarks/search.py [--write FILE.md]

It builds the five examples, and runs the handbook's own scripts in Node.js, which has the engine of
Chromium: from nothing to a search that is ready, then ten queries, some misspelt. It counts the
work of all threads. How long a reader waits, with the files fetched and what is found drawn, is
measured by `search_in_browser.py`.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import product
from common import Figures, options_of, run_build_py, say, stop, store, table

SCRIPT = Path(__file__).with_suffix(".cjs")


@dataclass(frozen=True)
class SearchCost:
    """Processor milliseconds until the search is ready, and of each query; the kB it fetches."""

    ready: float
    each: tuple[float, ...]
    kilobytes: float
    places: int


def measure(node: str, site: Path, organisation: str) -> SearchCost:
    """One run, in a process of its own."""
    ran = subprocess.run([node, SCRIPT, site, organisation], capture_output=True, text=True)
    if ran.returncode:
        stop(ran.stderr[-2000:])
    told = json.loads(ran.stdout)
    return SearchCost(told["ready"], tuple(told["each"]), told["bytes"] / 1000, told["places"])


def searched(site: Path, node: str, repeat: int, figures: Figures) -> Iterator[str]:
    """The table of all organisations, each with the run that was ready soonest."""
    rows = []
    for folder in sorted(path.parent for path in site.glob("*/year.html")):
        say(f"  {folder.name}")
        runs = [measure(node, site, folder.name) for _ in range(repeat)]
        best = min(runs, key=lambda run: run.ready)
        median, most = statistics.median(best.each), max(best.each)
        figures.append(
            {"organisation": folder.name, "ready": best.ready, "median": median, "most": most}
        )
        rows.append(
            (
                folder.name,
                f"{best.places}",
                f"{best.kilobytes:.0f} kB",
                f"{best.ready:.0f} ms",
                f"{median:.1f} ms",
                f"{most:.1f} ms",
            )
        )
    heads = (
        "handbook",
        "places",
        "fetched",
        "ready",
        "a query",
        "slowest",
    )
    yield from table("The search, in processor time", heads, rows)


def main() -> None:
    parser = options_of(__doc__)
    options = parser.parse_args()
    node = shutil.which("node")
    if node is None:
        stop("There is no Node.js.")
    figures: Figures = []
    with tempfile.TemporaryDirectory(prefix="search-", dir=options.folder) as name:
        root = product.copy_project(Path(name) / "project", 5)
        run_build_py((), root)
        lines = [*searched(root / "site", node, options.repeat, figures)]
    store(options.write, "The search", lines, figures, ())


if __name__ == "__main__":
    main()
