"""The command that carries last year's forms into this year's packs."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from formulary.cli.common import (
    CONTENT_HAS_ERRORS,
    FINE,
    STOPPED,
    Commands,
    Display,
    print_data,
    print_problems,
    year,
)
from formulary.cli.packs import STOPPED_MIDWAY, add_options, data_of, is_wrong, order_of, say
from formulary.pipeline.roll import LIST, Left, RollOrder, RollReport, roll

LISTED = 20
"""Lines in the terminal; the list in the folder has them all."""

EPILOG = f"""\
DIR is the folder into which collect put the registers of the year before. What the forms take over
is said in the forms (“from: previous…”). {LIST} in the packs' folder lists what could not be
carried, with its words.

example
  python build.py roll --from /private/register --staff staff.xlsx --org pclc --year 2027 \\
      --out /private/packs-2027
"""


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "roll",
        help="make next year's packs, with last year's objectives and open needs in them",
        description=(
            "Make a prefilled set of forms for everyone on this year's staff list, and put into "
            "each what last year's returned forms bring along: the objectives with what came of "
            "them, objectives that go on, and development needs that are not met."
        ),
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    option = parser.add_argument
    option("--from", required=True, dest="returns", type=Path, metavar="DIR", help="the registers")
    option("--staff", required=True, type=Path, metavar="STAFF", help="this year's staff list")
    option("--year", required=True, type=year, metavar="YEAR", help="the year that begins")
    add_options(parser)
    parser.set_defaults(run=_roll, about_people=True)


def _roll(options: argparse.Namespace, root: Path) -> int:
    order = RollOrder(options.returns, order_of(options))
    try:
        with Display(timed=options.debug) as display:
            report = roll(root, order, display)
    except KeyboardInterrupt:
        print(STOPPED_MIDWAY, file=sys.stderr)
        return STOPPED
    if options.json:
        carried = {"carried": report.carried, "not_carried": [asdict(one) for one in report.left]}
        print_data({**data_of(report.packs), **carried})
    else:
        print_problems(report.packs.problems, sys.stderr)
        say(report.packs, order.packs)
        _say(report, order)
    return CONTENT_HAS_ERRORS if is_wrong(report.packs, order.packs) else FINE


def _say(report: RollReport, order: RollOrder) -> None:
    """For how many something was carried, what could not be, and where all of it is listed."""
    people = "person" if report.carried == 1 else "people"
    print(f"Something of last year is carried for {report.carried:,} {people}.")
    if not report.left:
        print("Nothing was left behind.")
        return
    table = Table(title="Not carried", title_justify="left")
    table.add_column("Why")
    table.add_column("How often", justify="right")
    for why, count in Counter(one.why for one in report.left).most_common():
        table.add_row(why, f"{count:,}")
    Console().print(table)
    for one in report.left[:LISTED]:
        print(f"  {_line(one)}")
    if report.left[LISTED:]:
        print(f"  and {len(report.left) - LISTED:,} more")
    if report.kept:
        print(f"{LIST} was changed by somebody and is left as it is; --force replaces it.")
    elif report.packs.results:
        print(f"{LIST} in {order.packs.out} lists everything that was not carried, word for word.")


def _line(one: Left) -> str:
    who = f"{one.name} ({one.id})" if one.id else one.name
    of = ", ".join(filter(None, (who, one.form, one.what)))
    return f"{of}: {one.why}" + (f" [{one.file}]" if one.file else "")
