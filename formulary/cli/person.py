"""The command that gathers everything held on one person."""

from __future__ import annotations

import argparse
import datetime
from pathlib import Path

from formulary.cli.common import FINE, Commands, Display
from formulary.model.cycle import british
from formulary.pipeline.person import PersonOrder, person

EPILOG = """\
Name every folder that collect, packs or roll wrote, and with --returns the folders in which the
returned files lie, so that they can be put in as they came.

example
  python build.py person 000102 --from /private/register /private/packs \\
      --returns /private/returns --out /private/requests/000102.zip
"""


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "person",
        help="gather everything held on one person, for a subject access request",
        description=(
            "Put every form of a person, with its answers, their packs and the rows of the "
            "registers about them into one zip, with an index to read and a note for the officer."
        ),
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    option = parser.add_argument
    option("id", metavar="ID", help="the person's id, as the staff list has it")
    option(
        "--from",
        required=True,
        dest="folders",
        nargs="+",
        type=Path,
        metavar="DIR",
        help="the folders of registers and packs",
    )
    option("--out", required=True, type=Path, metavar="FILE.zip", help="the archive to write")
    option(
        "--name",
        action="append",
        default=[],
        metavar="NAME",
        help="another name on forms that carry no id; may repeat",
    )
    option(
        "--returns",
        nargs="+",
        default=[],
        type=Path,
        metavar="RETURNS",
        help="where the returned files lie",
    )
    option("--force", action="store_true", help="replace an archive that is there")
    parser.set_defaults(run=_person, about_people=True)


def _person(options: argparse.Namespace, root: Path) -> int:
    order = PersonOrder(
        id=options.id,
        folders=tuple(options.folders),
        out=options.out,
        made=british(datetime.date.today()),
        names=tuple(options.name),
        returns=tuple(options.returns),
        force=options.force,
    )
    with Display(timed=options.debug) as display:
        held = person(root, order, display)
    originals = sum(bool(form.original) for form in held.forms)
    print(f"Forms: {len(held.forms)}, {originals} of them with the file that came.")
    for form in held.forms:
        if not form.sure:
            print(f"Make sure that {form.record.source} is this person's. {form.why}.")
    print(f"Files of packs: {len(held.packs)}. Registers with rows: {len(held.registers)}.")
    for source, why in held.unread:
        print(f"May be this person's, and could not be read: {source}: {why}")
    if held.other_unread:
        print(f"{held.other_unread} more files could not be read; anybody's may be among them.")
    print(f"All of it is in {order.out}. Read for-the-officer.txt there before you send anything.")
    return FINE
