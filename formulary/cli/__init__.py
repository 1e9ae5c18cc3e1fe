"""Arguments and progress: the only place where an error becomes a message and an exit code.

A command's own module is imported when it runs, and none before.
"""

from __future__ import annotations

import argparse
import datetime
import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from formulary.cli.output import (
    CONTENT_HAS_ERRORS,
    COULD_NOT_WRITE,
    FINE,
    NOBODY_READS,
    OUR_FAULT,
    STOPPED,
    WRONG_USAGE,
    escape_controls,
    make_printable,
    print_problems,
)
from formulary.cli.parser import command_line
from formulary.problems import ContentError, OutputError, UsageError
from formulary.project import PROGRAM

_NEW_OBJECTS = 50_000
"""How many new objects make Python look for lost ones, in place of 700: models stay to the end."""


def main(arguments: Sequence[str], root: Path) -> int:
    """Run one command on the project folder `root`; gives the exit code."""
    make_printable()
    gc.set_threshold(_NEW_OBJECTS)
    try:
        options = command_line().parse_args(arguments)
    except SystemExit as stop:  # argparse has printed the help or the mistake
        return int(stop.code or 0)
    try:
        _check_clock(datetime.date.today())
        command = import_module(f"formulary.cli.{options.module}")
        code: int | None = command.run(options, root)
        sys.stdout.flush()
        return code or FINE
    except BrokenPipeError:
        _discard_output()
        return NOBODY_READS
    except KeyboardInterrupt:
        _say(options.stopped)
        return STOPPED
    except ImportError:  # the caller says which library is missing, and how to install it
        raise
    except Exception as error:
        if options.debug:
            from formulary.cli.faults import debug_lines

            for line in debug_lines(error, about_people=options.about_people):
                print(line, file=sys.stderr)
        return _report_error(error, options)


def _check_clock(today: datetime.date) -> None:
    """Raise OutputError for a clock that no zip, and so no Word file, can hold (APPNOTE 4.4.6)."""
    if today.year < 1980:
        raise OutputError(
            f"The clock of this computer says {today}, and files cannot carry such a date. "
            "Set the clock, and run the command again."
        )


def _report_error(error: Exception, options: argparse.Namespace) -> int:
    """Print what went wrong and what to do; gives the exit code."""
    # on a full disk Python would keep these modules compiled in part, and fail on them from then on
    sys.dont_write_bytecode = True
    from formulary.cli.faults import OUT_OF_MEMORY, describe_own_fault
    from formulary.system_errors import describe_system_error

    if isinstance(error, ContentError):
        print_problems(error.problems, sys.stderr)
        return CONTENT_HAS_ERRORS
    if isinstance(error, UsageError):
        _say(str(error))
        return WRONG_USAGE
    if isinstance(error, OutputError | MemoryError):
        _say(str(error) if isinstance(error, OutputError) else OUT_OF_MEMORY)
        return COULD_NOT_WRITE
    if isinstance(error, OSError):
        _say(describe_system_error(error))
        return COULD_NOT_WRITE
    _say(describe_own_fault(error, shown=options.debug))
    return OUR_FAULT


def _say(message: str) -> None:
    print(f"{PROGRAM}: {escape_controls(message)}", file=sys.stderr)


def _discard_output() -> None:
    """Let what is still to be printed vanish; Python would complain of it when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            os.dup2(nowhere, stream.fileno())
