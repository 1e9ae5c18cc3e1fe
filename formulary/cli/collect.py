"""The command that reads returned forms and makes the registers."""

from __future__ import annotations

import argparse
import datetime
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from formulary.cli.display import Display, print_table
from formulary.cli.output import print_by_kind, print_data, print_problems
from formulary.pipeline.collect import CollectOrder, CollectReport, collect
from formulary.pipeline.register_edition import folder_for
from formulary.pipeline.registers import REMINDERS, RegisterOptions
from formulary.problems import Problem
from formulary.register.sampling import SampleSize


def run(options: argparse.Namespace, root: Path) -> None:
    size = SampleSize(*options.sample) if options.sample else None
    order = CollectOrder(
        returns=tuple(options.returns),
        staff=tuple(options.staff),
        organisation=options.org,
        out=options.out,
        today=options.today or datetime.date.today(),
        year=options.year,
        jobs=options.jobs,
        force=options.force,
        sheet=options.sheet,
        encoding=options.encoding,
        wishes=RegisterOptions(options.threshold, size, options.seed, options.packs),
    )
    problems: list[dict[str, Any]] = []
    with Display(timed=options.debug) as display:

        def show_problems(found: Iterator[Problem]) -> None:
            if options.json:
                problems.extend(problem.as_data() for problem in found)
            else:
                listed = list(found)
                errors = [problem for problem in listed if problem.kind.severity == "error"]
                print_problems(errors, sys.stderr)
                others = [problem for problem in listed if problem.kind.severity != "error"]
                print_by_kind(others, sys.stderr, all_in="the findings in register.xlsx list all")

        report = collect(root, order, display, show_problems)
    if options.json:
        print_data({**_data(report), "problems": problems})
    else:
        _print_report(report, order)


def _data(report: CollectReport) -> dict[str, Any]:
    return {
        "new": report.new,
        "known": report.known,
        "current": report.standings.get("current", 0),
        "replaced": report.standings.get("replaced", 0),
        "unread": report.standings.get("unread", 0),
        "other_editions": report.other_editions,
        "expected": report.expected,
        "done": report.done,
        "overdue": report.overdue,
        "stopped": report.stopped,
        "results": report.results,
    }


def _print_report(report: CollectReport, order: CollectOrder) -> None:
    """What came, its state, and where the registers are."""
    print(f"{report.new:,} new files were read; {report.known:,} were known already.")
    counts = {(form, state): count for form, state, count in report.states}
    seen = list(dict.fromkeys(state for _, state in counts))
    rows = (
        (form, *(f"{counts.get((form, state), 0):,}" for state in seen))
        for form in dict.fromkeys(form for form, _ in counts)
    )
    print_table("The returns", ("Form", *seen), rows)
    for which, words in (
        ("replaced", "replaced by a later one; they are kept"),
        ("unread", "could not be read; each is listed above with what to do"),
    ):
        if number := report.standings.get(which):
            print(f"{number:,} {'file' if number == 1 else 'files'} {words}")
    for edition, number in report.other_editions.items():
        are = "file is of" if number == 1 else "files are of"
        print(
            f"{number:,} {are} {edition}, not counted here: collect with --year {edition[:4]} "
            f"--out {folder_for(order.out, edition)}"
        )
    print(
        f"{report.done:,} of {report.expected:,} forms are done; {report.overdue:,} are overdue on "
        f"{order.today}."
    )
    if number := report.stopped:
        lists = ", ".join(path.name for path in order.staff)
        print(
            f"No forms are expected from {number:,} {'person' if number == 1 else 'people'}: "
            f"something is wrong in {lists}. Run packs with --preflight to see what."
        )
    for name in report.kept:
        print(f"{name} was changed by someone and is left as it is; --force replaces it.")
    files = [(name, result) for name, result in report.results.items() if name.endswith(".txt")]
    now = sum(result != "gone" for _, result in files)
    print(f"In {order.out}:")
    for name, what in (
        ("register.xlsx", "who has returned what, every answer, findings; as CSV in csv/"),
        ("cpd-audit.xlsx", "training needs by theme, priority, day, person and school"),
        ("report.html", "for leaders: how many forms are in, without names or small numbers"),
        ("report-hr.html", "for you alone: the same with every number, and who is missing"),
        ("moderation.csv", "the returned forms to moderate"),
        ("retention.csv", "when each record is due for destruction"),
        (f"{REMINDERS}/", f"a text and a calendar for each of {now:,} people who review others"),
    ):
        print(f"  {name:<16}{what}")
    if gone := sum(result == "gone" for _, result in files):
        print(f"  {'':<16}{gone:,} of the last run were taken away: nothing is outstanding there")
