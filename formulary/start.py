"""The way in: a build that would change nothing is done at once, all else goes to the commands.

Arguments and the project folder come in, the exit code goes out. The commands are imported only
when they are needed, since that alone would take longer than to see that nothing has changed.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path

from formulary.formats.opendocument import office
from formulary.pipeline import unchanged


def main(arguments: Sequence[str], root: Path) -> int:
    """Run one command on the project folder `root`; gives the exit code."""
    asked = unchanged.asked_plainly(arguments)
    if asked:
        organisations, year, wanted = asked
        order = unchanged.Asked(organisations, year, office() if wanted else None)
        record = unchanged.nothing_to_do(root, order, datetime.date.today())
        if record:
            with suppress(BrokenPipeError):
                _say(record.said)
            return 0
    from formulary.cli import main as run

    return run(arguments, root)


def _say(warnings: Sequence[str]) -> None:
    """Repeat what the last build warned of; a letter that the console lacks as its number."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    for warning in warnings:
        print(warning, file=sys.stderr)
    said = "Nothing has changed: site/ is as the last build made it. Open site/index.html"
    print(said, flush=True)
