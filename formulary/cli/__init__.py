"""Arguments and progress: the only place where an error becomes a message and an exit code."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from formulary import __version__
from formulary.cli import bundle, changes, collect, making, packs, person, roll
from formulary.cli.common import (
    CONTENT_HAS_ERRORS,
    COULD_NOT_WRITE,
    STOPPED,
    WRONG_USAGE,
    add_choices,
    add_jobs,
    add_open_document,
    print_problems,
)
from formulary.problems import ContentError, OutputError, UsageError

COMMANDS = (making, changes, bundle, packs, collect, roll, person)
"""The modules of the commands, in the order of the help; each has `add(commands)`."""

EPILOG = """\
examples
  python build.py                       make everything into site/
  python build.py --org pclc            one organisation only
  python build.py --year 2027           next year's edition, every date moved
  python build.py check                 name every mistake in the content, make nothing
  python build.py serve                 look at the handbook while you edit it
  python build.py bundle                one zip of it all, for a USB stick

exit codes
  0  all is well                        2  the command was not understood
  1  the content has errors             3  something could not be read or written
"""


def main(arguments: Sequence[str], root: Path) -> int:
    """Run one command on the project folder `root`; gives the exit code."""
    parser = _parser()
    try:
        options = parser.parse_args(arguments)
    except SystemExit as stop:  # argparse has printed the help or the mistake
        return int(stop.code or 0)
    try:
        return int(options.run(options, root))
    except ContentError as error:
        print_problems(error.problems, sys.stderr)
        return CONTENT_HAS_ERRORS
    except UsageError as error:
        print(f"build.py: {error}", file=sys.stderr)
        return WRONG_USAGE
    except OutputError as error:
        print(f"build.py: {error}", file=sys.stderr)
        return COULD_NOT_WRITE
    except KeyboardInterrupt:
        print("build.py: stopped; site/ is as it was", file=sys.stderr)
        return STOPPED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="build.py",
        description=(
            "Make the blank forms, the policy and the handbook from the YAML of content/ and forms/"
        ),
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"Formulary {__version__}")
    add_choices(parser)
    add_open_document(parser)
    add_jobs(parser)
    parser.set_defaults(run=making.build)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for module in COMMANDS:
        module.add(commands)
    return parser
