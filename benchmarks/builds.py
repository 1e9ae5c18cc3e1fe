"""How long a build takes, beside MkDocs alone: from nothing, and after small changes.

    python benchmarks/builds.py [--organisations 1 20] [--write FILE.md]

Everything happens in a copy of the project, with the commands as people run them. MkDocs alone
makes the same HTML of the same pages, which a build of Formulary has left. More organisations than
there are examples are copies of these under new ids.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from common import (
    COST,
    Cost,
    Figures,
    Short,
    cells,
    cost_in,
    options_of,
    run_build_py,
    run_command,
    store,
    table,
    take_turns,
)
from product import copy_project, mkdocs_settings

CLAUSE = (
    "staploe",
    "The purpose of the review is to support people.",
    "The review supports people.",
)
"""The organisation, a sentence of one of its clauses, and what it is changed to."""

CLEAN, ALONE = "a clean build", "MkDocs alone, from nothing"
AGAIN = "MkDocs alone, one page changed"
DIRTY = f"{AGAIN}, --dirty"
NOTHING, ONE_CLAUSE, CHECK = "nothing changed", "one clause changed", "check"
FIRST_CHECK = "the first check after a clean build, which tries the house documents"


class Project:
    """A copy of the project with so many organisations, and what is done with it."""

    def __init__(self, folder: Path, count: int = 5) -> None:
        self.root = copy_project(folder, count)
        self.policy = self.root / "content" / "organisations" / CLAUSE[0] / "policy.yaml"
        self.settings: list[Path] = []

    def clean_build(self, *words: str) -> Cost:
        for name in ("build", "site"):
            shutil.rmtree(self.root / name, ignore_errors=True)
        return run_build_py(words, self.root)

    def unchanged(self) -> Cost:
        return run_build_py((), self.root)

    def one_clause(self) -> Cost:
        """The build after a sentence has changed; the one that changes it back is not measured."""
        words = self.policy.read_text("utf-8")
        assert words.count(CLAUSE[1]) == 1
        self.policy.write_text(words.replace(*CLAUSE[1:]), encoding="utf-8")
        cost = run_build_py((), self.root)
        self.policy.write_text(words, encoding="utf-8")
        run_build_py((), self.root)
        return cost

    def check(self, *words: str) -> Cost:
        return run_build_py(("check", *words), self.root)

    def mkdocs(self) -> Cost:
        shutil.rmtree(self.root / "plain", ignore_errors=True)
        return self._mkdocs()

    def mkdocs_again(self) -> Cost:
        """MkDocs over its last site, all pages."""
        self._change_page()
        return self._mkdocs()

    def mkdocs_dirty(self) -> Cost:
        """MkDocs over its last site, changed pages only."""
        self._change_page()
        return self._mkdocs("--dirty")

    def _change_page(self) -> None:
        page = next((self.root / "build" / "pages" / CLAUSE[0] / "policy").glob("*.md"))
        page.write_text(page.read_text("utf-8") + "\nOne more line.\n", encoding="utf-8")

    def _mkdocs(self, *words: str) -> Cost:
        """The cost of the handbook and of the guide inside it, which are two sites to MkDocs."""
        if not self.settings:
            for number, settings in enumerate(mkdocs_settings(self.root)):
                self.settings.append(self.root / f"plain-{number}.yml")
                self.settings[-1].write_text(json.dumps(settings), "utf-8")  # JSON is YAML
        command = (sys.executable, "-m", "mkdocs", "build", "--quiet", *words, "--config-file")
        costs = [run_command((*command, str(path)), self.root) for path in self.settings]
        wall, processor = (sum(getattr(c, what) for c in costs) for what in ("wall", "processor"))
        return Cost(wall, processor, max(cost.memory for cost in costs))


def one_project(folder: Path, repeat: int, figures: Figures) -> Iterator[str]:
    """The table of one project, in the order in which its work is done in each round."""
    project = Project(folder)
    work: dict[str, Callable[[], Cost]] = {
        f"{CLEAN}, one process": lambda: project.clean_build("--jobs", "1"),
        CLEAN: project.clean_build,
        NOTHING: project.unchanged,
        ONE_CLAUSE: project.one_clause,
        FIRST_CHECK: project.check,
        CHECK: project.check,
        "check of one organisation": lambda: project.check("--org", CLAUSE[0]),
        ALONE: project.mkdocs,
        AGAIN: project.mkdocs_again,
        DIRTY: project.mkdocs_dirty,
    }
    found = take_turns(work, repeat)
    clean, alone = found[CLEAN].processor, found[ALONE].processor
    figures += ({"what": what, **asdict(cost)} for what, cost in found.items())
    yield from table(
        "The five examples",
        (
            *("what", *COST),
            *("of a clean build", "times MkDocs alone"),
        ),
        (
            (
                *(what, *cells(cost)),
                *(f"{cost.processor / clean:.1%}", f"{cost.processor / alone:.2f}"),
            )
            for what, cost in found.items()
        ),
    )


def growth(counts: Sequence[int], folder: Path, repeat: int, figures: Figures) -> Iterator[str]:
    """The table of clean builds of fewer and of more organisations."""
    projects = [(count, Project(folder / str(count), count)) for count in counts]
    found = take_turns({str(count): one.clean_build for count, one in projects}, repeat)
    figures += ({"organisations": int(count), **asdict(cost)} for count, cost in found.items())
    yield from table(
        "Clean builds of fewer and of more organisations",
        ("organisations", *COST, "processor time for each"),
        (
            (count, *cells(cost), f"{cost.processor / int(count):.2f}")
            for count, cost in found.items()
        ),
    )


def in_short(figures: Figures) -> list[Short]:
    """The rows of the README's table."""
    found = {row["what"]: cost_in(row) for row in figures if "what" in row}
    again, dirty = found[AGAIN].processor, found[DIRTY].processor
    return [
        Short(
            "Everything for five organisations, from nothing",
            found[CLEAN],
            f"MkDocs alone, the same pages: {found[ALONE].processor:.1f} s of processor time",
        ),
        Short("The same again, nothing changed", found[NOTHING]),
        Short(
            "The same again, one clause changed",
            found[ONE_CLAUSE],
            f"{AGAIN}: {again:.1f} s of processor time, {dirty:.1f} s with --dirty",
        ),
        Short("Checking the content of all five", found[CHECK]),
    ]


def main() -> None:
    parser = options_of(__doc__)
    parser.add_argument("--organisations", type=int, nargs="*", default=[1, 20])
    options = parser.parse_args()
    figures: Figures = []
    lines: list[str] = []
    with tempfile.TemporaryDirectory(prefix="build-", dir=options.folder) as name:
        lines += one_project(Path(name) / "one", options.repeat, figures)
        lines += growth(options.organisations, Path(name), options.repeat, figures)
    store(options.write, "Builds", lines, figures, in_short(figures))


if __name__ == "__main__":
    main()
