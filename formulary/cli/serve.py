"""The command that shows the handbook while it is edited."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from formulary.cli.display import Display
from formulary.cli.output import FINE, print_problems
from formulary.pipeline import site
from formulary.problems import ContentError
from formulary.project import PROGRAM


def run(options: argparse.Namespace, root: Path) -> int:
    def failed(error: Exception) -> None:
        if isinstance(error, ContentError):
            print_problems(error.problems, sys.stderr)
        else:
            print(f"{PROGRAM}: {error}", file=sys.stderr)

    def ready(url: str) -> None:
        print(f"The handbook is at {url} (stop with Ctrl-C)", file=sys.stderr)

    with Display(timed=options.debug) as display:
        site.serve(
            root,
            options.org or (),
            options.year,
            display,
            options.port,
            failed,
            ready,
            options.jobs,
        )
    return FINE
