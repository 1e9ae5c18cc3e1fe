"""Run every benchmark, and put what they say in short into the README.

    python benchmarks/all.py [--quick] [--only packs build] [--table]

Each benchmark stores its tables and figures beside itself, `packs.md` and `packs.json`; the rows of
the README's table come from these files, so that a benchmark that is left out keeps its last ones.
`--table` runs none, `--quick` leaves out what takes long.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys

from common import ROOT, told

FOLDER = ROOT / "benchmarks"
QUICK = {
    "packs": ("--people", "100", "1000", "--most", "100"),
    "collect": ("--returns", "100", "1000"),
    "build": ("--organisations", "1", "5"),
}
"""Every benchmark, in the order of the table, and its options for a short run."""

BEGIN, END = "<!-- benchmarks -->", "<!-- /benchmarks -->"
"""The lines of README.md between which the table stands."""


def table() -> str:
    """What the stored figures say in short, as one table."""
    rows = ["| what | measured |", "|---|---|"]
    for name in QUICK:
        path = FOLDER / f"{name}.json"
        if path.exists():
            short = json.loads(path.read_text(encoding="utf-8"))["short"]
            rows += [f"| {what} | {measured} |" for what, measured in short]
    return "\n".join(rows)


def put_into_readme(text: str) -> None:
    readme = ROOT / "README.md"
    before, begin, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise SystemExit(f"README.md has no lines “{BEGIN}” and “{END}” for the table.")
    readme.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="short runs")
    parser.add_argument("--only", nargs="+", choices=QUICK, default=tuple(QUICK))
    parser.add_argument("--table", action="store_true", help="run none, make the table only")
    parser.add_argument("--pypdfform-python", help="as for packs.py")
    options = parser.parse_args()
    for name in () if options.table else options.only:
        more = QUICK[name] if options.quick else ()
        if name == "packs" and options.pypdfform_python:
            more = (*more, "--pypdfform-python", options.pypdfform_python)
        told(f"{name}:")
        words = [f"benchmarks/{name}.py", "--write", f"benchmarks/{name}.md", *more]
        subprocess.run([sys.executable, *words], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    put_into_readme(table())


if __name__ == "__main__":
    main()
