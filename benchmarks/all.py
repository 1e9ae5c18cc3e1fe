"""Run every benchmark, and put the rows that a reader wants to know into their README.

    python benchmarks/all.py [--quick] [--only packs builds] [--table]

Each benchmark stores its tables and figures beside itself: `packs.md`, `packs.json`. The table in
their README is made from these files, so a benchmark that is left out keeps its last rows.
`--table` runs none. `--quick` runs each once in a small way, to see that it works, and stores nothing.
`fill` and `search_in_browser` open the pages of `site/`: make it first with `python
build.py`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time

from common import ROOT, Short, cost_in, say, stop

FOLDER = ROOT / "benchmarks"
QUICK = {
    "builds": ("--repeat", "1", "--organisations", "1"),
    "packs": ("--repeat", "1", "--copies", "20", "--people", "20"),
    "collect": ("--repeat", "1", "--returns", "20", "--files", "20"),
    "policy": ("--repeat", "1"),
    "search": ("--repeat", "1"),
    "search_in_browser": ("--repeat", "1"),
    "fill": ("--repeat", "1"),
    "editor": ("--repeat", "1", "--many", "6"),
}
"""Every benchmark, in the order of the table, and its options for a small run."""

BEGIN, END = "<!-- benchmarks -->", "<!-- /benchmarks -->"
"""The lines of benchmarks/README.md between which the table is."""


def rows() -> list[Short]:
    """The rows of the table, from the stored figures."""
    stored = [FOLDER / f"{name}.json" for name in QUICK]
    return [
        Short(row["what"], cost_in(row["cost"]), row["beside"])
        for path in stored
        if path.exists()
        for row in json.loads(path.read_text(encoding="utf-8"))["short"]
    ]


def table() -> str:
    """The text between the marks in benchmarks/README.md."""
    lines = [
        "| what | seconds | processor time | memory | to compare |",
        "|---|---:|---:|---:|---|",
    ]
    for row in rows():
        cost = row.cost
        times = f"{cost.wall:.1f} | {cost.processor:.1f} s | {cost.memory:.0f} MB"
        lines.append(f"| {row.what} | {times} | {row.beside} |")
    return "\n".join(lines)


def put_into_readme(text: str) -> None:
    readme = FOLDER / "README.md"
    before, begin, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        stop(f"benchmarks/README.md has no lines “{BEGIN}” and “{END}” for the table.")
    readme.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="small runs that store nothing")
    parser.add_argument("--only", nargs="+", choices=QUICK, default=tuple(QUICK))
    parser.add_argument("--table", action="store_true", help="run none, make the table only")
    parser.add_argument("--pypdfform-python", metavar="PYTHON", help="as for packs.py")
    options = parser.parse_args()
    started, failed = time.monotonic(), []
    for name in () if options.table else options.only:
        words = list(QUICK[name]) if options.quick else ["--write", f"benchmarks/{name}.md"]
        if name == "packs" and options.pypdfform_python:
            words += ["--pypdfform-python", options.pypdfform_python]
        say(f"\n{name}, after {(time.monotonic() - started) / 60:.0f} minutes:")
        if subprocess.run([sys.executable, f"benchmarks/{name}.py", *words], cwd=ROOT).returncode:
            failed.append(name)
    if not options.quick:
        put_into_readme(table())
    if failed:
        stop(f"Not measured, so their last figures stay: {', '.join(failed)}")


if __name__ == "__main__":
    main()
