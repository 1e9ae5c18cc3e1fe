"""Arguments and progress: the only place where an error becomes a message and an exit code."""

from __future__ import annotations

import argparse
import datetime
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import ModuleType

from formulary import __version__
from formulary.cli import making
from formulary.cli.common import (
    CONTENT_HAS_ERRORS,
    COULD_NOT_WRITE,
    NOBODY_READS,
    OUR_FAULT,
    STOPPED,
    WRONG_USAGE,
    add_choices,
    add_jobs,
    add_open_document,
    harmless,
    make_printable,
    print_problems,
)
from formulary.cli.faults import OUT_OF_MEMORY, about_system, details, our_fault
from formulary.pipeline.unchanged import asked_plainly
from formulary.problems import ContentError, OutputError, UsageError

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
  4  a mistake in Formulary itself: run the same command with --debug, and send what it shows
"""


def main(arguments: Sequence[str], root: Path) -> int:
    """Run one command on the project folder `root`; gives the exit code."""
    make_printable()
    parser = _parser(arguments)
    try:
        options = parser.parse_args(arguments)
    except SystemExit as stop:  # argparse has printed the help or the mistake
        return int(stop.code or 0)
    try:
        _check_clock(datetime.date.today())
        code = int(options.run(options, root))
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        _discard_output()
        return NOBODY_READS
    except KeyboardInterrupt:
        _say("stopped. What was there before is as it was")
        return STOPPED
    except Exception as error:
        if options.debug:
            for line in details(error, about_people=options.about_people):
                print(line, file=sys.stderr)
        return _told(error, options)


def _check_clock(today: datetime.date) -> None:
    """Raise OutputError for a clock that no zip, and so no Word file, can hold (APPNOTE 4.4.6)."""
    if today.year < 1980:
        raise OutputError(
            f"The clock of this computer stands at {today}, and files cannot carry such a date. "
            "Set the clock, and run the command again."
        )


def _told(error: Exception, options: argparse.Namespace) -> int:
    """Say what went wrong, and what to do; gives the exit code."""
    if isinstance(error, ContentError):
        print_problems(error.problems, sys.stderr)
        return CONTENT_HAS_ERRORS
    if isinstance(error, UsageError):
        _say(str(error))
        return WRONG_USAGE
    if isinstance(error, OutputError):
        _say(str(error))
        return COULD_NOT_WRITE
    if isinstance(error, MemoryError):
        _say(OUT_OF_MEMORY)
        return COULD_NOT_WRITE
    if isinstance(error, OSError):
        _say(about_system(error))
        return COULD_NOT_WRITE
    _say(our_fault(error, shown=options.debug))
    return OUR_FAULT


def _say(message: str) -> None:
    print(f"build.py: {harmless(message)}", file=sys.stderr)


def _discard_output() -> None:
    """Let what is still to be printed vanish; Python would complain of it when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            os.dup2(nowhere, stream.fileno())


def _modules(arguments: Sequence[str]) -> Sequence[ModuleType]:
    """The modules of the commands, in the order of the help; each has `add(commands)`.

    A plain build needs only its own: to import all takes longer than to make one page.
    """
    if asked_plainly(arguments):
        return (making,)
    from formulary.cli import bundle, changes, collect, packs, person, roll

    return (making, changes, bundle, packs, collect, roll, person)


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
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
    parser.set_defaults(run=making.build, about_people=False)
    _add_debug(parser, default=False)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for module in _modules(arguments):
        module.add(commands)
    for command in commands.choices.values():
        _add_debug(command, default=argparse.SUPPRESS)
    return parser


def _add_debug(parser: argparse.ArgumentParser, *, default: bool | str) -> None:
    parser.add_argument(
        "--debug",
        action="store_true",
        default=default,
        help="show the time of every stage and, where it fails, the place in the code and versions",
    )
