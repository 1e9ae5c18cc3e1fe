"""How long a build takes: beside MkDocs alone, after small changes, and for many organisations.

    python benchmarks/build.py [--organisations 1 5 20 50] [--write benchmarks/build.md]

Everything happens in a copy of the project, with `python build.py` as people run it. The table of
one build says what each stage costs, and what MkDocs takes over the same pages and navigation when
it is run by itself. More organisations than there are examples are copies of these under new ids.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from common import ROOT, Figures, Ran, ran, store, told

BUILD = ("build.py",)
CLAUSE = (
    "staploe",
    "The purpose of the review is to support people.",
    "The review supports people.",
)
"""The organisation, a sentence of one of its clauses, and what it is changed to."""


def project(folder: Path, count: int) -> Path:
    """A copy of the project with so many organisations."""
    from tests.helpers import copy_project

    folder.mkdir()
    root = copy_project(folder)
    shutil.copy(ROOT / "build.py", root)
    own = root / "content" / "organisations"
    examples = sorted(path.name for path in own.iterdir())
    for place in range(len(examples), count):
        id = examples[place % len(examples)]
        copied(own / id, f"{id}-{place // len(examples) + 1}")
    for id in examples[count:]:
        shutil.rmtree(own / id)
    return root


def copied(example: Path, id: str) -> None:
    """An example's folder once more, under another id."""
    folder = example.with_name(id)
    shutil.copytree(example, folder)
    for name, old, new in (
        ("organisation.yaml", f"\nid: {example.name}\n", f"\nid: {id}\n"),
        ("last-edition.json", f'"organisation": "{example.name}"', f'"organisation": "{id}"'),
    ):
        path = folder / name
        if path.exists():
            path.write_text(path.read_text("utf-8").replace(old, new, 1), encoding="utf-8")


def clean(root: Path) -> None:
    for name in ("build", "site"):
        shutil.rmtree(root / name, ignore_errors=True)


def mkdocs_alone(root: Path) -> float:
    """The seconds of plain `mkdocs build` over the pages that the last build left."""
    from formulary.formats.handbook.navigation import navigation
    from formulary.formats.handbook.pages import site_name
    from formulary.model.content import load
    from formulary.pipeline.content import editions_of
    from formulary.pipeline.guide import guide_of

    content, _ = load(root)
    editions, _ = editions_of(content, (), None)
    settings = {
        "INHERIT": "mkdocs.yml",
        "site_name": site_name(editions),
        "site_dir": "plain",
        "nav": navigation(editions, guide_of(root)),
    }
    plain = root / "plain.yml"
    plain.write_text(json.dumps(settings), encoding="utf-8")  # JSON is YAML
    seconds = ran(("-m", "mkdocs", "build", "--quiet", "--config-file", plain.name), root).seconds
    shutil.rmtree(root / "plain")
    return seconds


def documents(build: Ran) -> float:
    """The seconds until the last form or policy was made, from the first on."""
    return max(at for at, step in build.steps("Render") if step.endswith((".docx", ".pdf")))


def one_build(folder: Path, repeat: int, figures: Figures) -> Iterator[str]:
    """The table of one build of all the examples."""
    root = project(folder / "one", 5)
    policy = root / "content" / "organisations" / CLAUSE[0] / "policy.yaml"
    before = policy.read_text("utf-8")
    assert CLAUSE[1] in before
    found: dict[str, list[float]] = {}

    def note(what: str, seconds: float) -> None:
        found.setdefault(what, []).append(seconds)

    for _ in range(repeat):
        for jobs, what in ((["--jobs", "1"], ", one process"), ([], "")):
            told(f"clean build{what}")
            clean(root)
            build = ran((*BUILD, *jobs), root)
            note(f"clean build{what}", build.seconds)
            note(f"all forms and policies{what}", documents(build))
            if not jobs:
                for stage, seconds in build.stages.items():
                    note(f"stage {stage}", seconds)
        told("nothing changed, one clause changed, MkDocs alone")
        note("nothing changed", ran(BUILD, root).seconds)
        policy.write_text(before.replace(CLAUSE[1], CLAUSE[2]), encoding="utf-8")
        note("one clause changed", ran(BUILD, root).seconds)
        policy.write_text(before, encoding="utf-8")
        note("MkDocs alone, on the same pages", mkdocs_alone(root))
    best = {what: min(seconds) for what, seconds in found.items()}
    whole, alone = best["clean build"], best["MkDocs alone, on the same pages"]
    yield "\n### One build of the five examples\n"
    yield "| what | seconds | of a clean build | times MkDocs alone |"
    yield "|---|---:|---:|---:|"
    for what, seconds in best.items():
        share, times = seconds / whole, seconds / alone
        figures.append(
            {"what": what, "seconds": seconds, "share of clean": share, "times MkDocs": times}
        )
        yield f"| {what} | {seconds:.2f} | {share:.1%} | {times:.2f} |"


def growth(counts: Sequence[int], folder: Path, figures: Figures) -> Iterator[str]:
    """The table of clean builds of more and more organisations."""
    yield "\n### Clean builds of more organisations\n"
    yield "| organisations | seconds | times that of the first row | memory, all processes |"
    yield "|---:|---:|---:|---:|"
    first = 0.0
    for count in counts:
        told(f"{count} organisations")
        root = project(folder / str(count), count)
        build = ran(BUILD, root)
        first = first or build.seconds
        figures.append({"organisations": count, "seconds": build.seconds, "memory": build.memory})
        times = build.seconds / first
        yield f"| {count} | {build.seconds:.1f} | {times:.1f} | {build.memory:.0f} MB |"
        shutil.rmtree(root)


def in_short(figures: Figures) -> list[tuple[str, str]]:
    """The rows of the README's table."""
    rows = []
    beside_mkdocs = {
        "clean build": "A clean build of the five examples",
        "all forms and policies": "All their forms and policies, in Word and PDF",
    }
    beside_clean = {
        "nothing changed": "The same again, nothing changed",
        "one clause changed": "The same again, one clause changed",
    }
    for one in figures:
        what = one.get("what")
        if what in beside_mkdocs:
            times = f"{one['times MkDocs']:.2f} times what MkDocs alone takes for the pages"
            rows.append((beside_mkdocs[what], f"{one['seconds']:.1f} s, {times}"))
        if what in beside_clean:
            share = f"{one['share of clean']:.1%} of a clean build"
            rows.append((beside_clean[what], f"{one['seconds']:.1f} s, {share}"))
        if "organisations" in one:
            what = f"A clean build, organisations: {one['organisations']}"
            rows.append((what, f"{one['seconds']:.0f} s, {one['memory']:.0f} MB"))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--organisations", type=int, nargs="*", default=[1, 5, 20, 50])
    parser.add_argument("--repeat", type=int, default=1, help="times that one build is made")
    parser.add_argument("--no-one", action="store_true", help="leave out the table of one build")
    parser.add_argument("--folder", type=Path, default=None, help="where the copies are made")
    parser.add_argument("--write", type=Path, default=None)
    options = parser.parse_args()
    figures: Figures = []
    lines: list[str] = []
    with tempfile.TemporaryDirectory(prefix="build-", dir=options.folder) as name:
        if not options.no_one:
            lines += one_build(Path(name), options.repeat, figures)
        lines += growth(options.organisations, Path(name), figures)
    store(options.write, "Builds", lines, figures, in_short(figures))


if __name__ == "__main__":
    main()
