"""The command `formulary`: works on the project that the working folder is in."""

from __future__ import annotations

import sys
from pathlib import Path

from formulary.project import PROGRAM, find_clash, find_project

COULD_NOT_READ, STOPPED = 3, 130

CLASH = """\
formulary: another package called “formulary” ({}) is installed in the same place. It is not this
program, and both use the same names, so neither works. Install Formulary in an environment of its
own:
  python3 -m venv .venv
  .venv/bin/pip install formulary-papers
"""

LACKING = """\
formulary: the library “{}” cannot be loaded. Install Formulary again:
  pip install --force-reinstall formulary-papers
"""


def run() -> int:
    """Run the command that the command line asks for; gives the exit code."""
    if clash := find_clash():
        return _say(CLASH.format(clash))
    try:
        folder = Path.cwd()
    except OSError as error:
        return _say(f"formulary: the working folder cannot be opened: {error.strerror}.\n")
    try:
        from formulary.cli import main

        return main(sys.argv[1:], find_project(folder) or folder)
    except ImportError as error:
        if "--debug" in sys.argv:
            raise
        return _say(LACKING.format(error.name or error))
    except KeyboardInterrupt:
        _say(f"{PROGRAM}: stopped\n")
        return STOPPED


def _say(message: str) -> int:
    encoding = getattr(sys.stderr, "encoding", None) or "ascii"
    sys.stderr.write(message.encode(encoding, "replace").decode(encoding))
    return COULD_NOT_READ


if __name__ == "__main__":
    sys.exit(run())
