"""The command that reads returned forms and makes the registers."""

from __future__ import annotations

import argparse
import datetime
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from formulary.cli.common import (
    FINE,
    STOPPED,
    Commands,
    Display,
    jobs,
    print_data,
    print_problems,
    year,
)
from formulary.pipeline.collect import CollectOrder, CollectReport, collect
from formulary.pipeline.crew import usual_jobs

EPILOG = """\
Forms may lie in folders, in archives (.zip) and in saved e-mails (.eml); their names do not matter.
Run it again as more arrive: only what is new is read, and nothing that was read is ever lost.

example
  python build.py collect /private/returns --staff staff.xlsx --org pclc --out /private/register
"""


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "collect",
        help="read the forms that came back, check them, and make the registers",
        description=(
            "Read completed Word and PDF forms, check each by the policy, and write who has "
            "returned what, every answer, objectives, development needs, ratings, pay and "
            "findings as one workbook and as CSV."
        ),
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    option = parser.add_argument
    option("returns", metavar="RETURNS", nargs="+", type=Path, help="folders or files")
    option("--staff", required=True, type=Path, metavar="STAFF", help="the staff list")
    option("--org", required=True, metavar="ID", help="whose forms they are")
    option("--out", required=True, type=Path, metavar="DIR", help="a folder only HR can open")
    option("--year", type=year, metavar="YEAR", help="the year in which the cycles start")
    option("--today", type=_day, metavar="DATE", help="what is overdue by then, as 2026-10-31")
    option("--sheet", default="", metavar="NAME", help="the sheet of a workbook that is the list")
    option("--jobs", type=jobs, default=usual_jobs(), metavar="N", help="processes at work at once")
    option("--force", action="store_true", help="also replace registers that somebody has changed")
    option("--json", action="store_true", help="print the outcome as data")
    parser.set_defaults(run=_collect, about_people=True)


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not a date such as 2026-10-31") from None


def _collect(options: argparse.Namespace, root: Path) -> int:
    order = CollectOrder(
        returns=tuple(options.returns),
        staff=options.staff,
        organisation=options.org,
        out=options.out,
        today=options.today or datetime.date.today(),
        year=options.year,
        jobs=options.jobs,
        force=options.force,
        sheet=options.sheet,
    )
    try:
        with Display(timed=options.debug) as display:
            report = collect(root, order, display)
    except KeyboardInterrupt:
        print(
            "build.py: stopped. What was read is kept. Run the same command again: it goes on "
            "where it was.",
            file=sys.stderr,
        )
        return STOPPED
    if options.json:
        print_data(_data(report))
    else:
        print_problems(report.problems, sys.stderr)
        _say(report, order)
    return FINE


def _data(report: CollectReport) -> dict[str, Any]:
    return {
        "new": report.new,
        "known": report.known,
        "current": report.standing("current"),
        "replaced": report.standing("replaced"),
        "unread": report.standing("unread"),
        "problems": [problem.as_data() for problem in report.problems],
        "results": report.results,
    }


def _say(report: CollectReport, order: CollectOrder) -> None:
    """What came, where it stands, and where the registers are."""
    print(f"{report.new:,} new files were read; {report.known:,} were known already.")
    returned = report.tables[0]
    forms, states = returned.headings.index("Form"), returned.headings.index("State")
    counts = Counter((str(row[forms]), str(row[states])) for row in returned.rows)
    seen = list(dict.fromkeys(state for _, state in counts))
    table = Table(title="The returns", title_justify="left")
    table.add_column("Form")
    for state in seen:
        table.add_column(state, justify="right")
    for form in dict.fromkeys(form for form, _ in counts):
        table.add_row(form, *(f"{counts[form, state]:,}" for state in seen))
    Console().print(table)
    for which, words in (
        ("replaced", "replaced by a later one; they are kept"),
        ("unread", "could not be read; each is named above with what to do"),
    ):
        if number := report.standing(which):
            print(f"{number:,} {'file' if number == 1 else 'files'} {words}")
    for name in report.kept:
        print(f"{name} was changed by somebody and is left as it is; --force replaces it.")
    print(f"The registers are in {order.out}: register.xlsx, and the same as CSV.")
