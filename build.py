"""The one command: `python build.py` makes the forms, the policies and the handbook.

Any Python can read this file, so that one which is too old, or lacks a library, says so in words.
"""

import sys

OLDEST = (3, 11)
COULD_NOT_READ, STOPPED = 3, 130

TOO_OLD = """\
build.py: this is Python {}.{}, and Formulary needs Python {}.{} or later.
Install a newer one (python.org, or your system's packages), then run the command
under "Make everything" in README.md with it.
"""

LACKING = """\
build.py: the library "{}" cannot be loaded by this Python ({}).
If you have installed Formulary's libraries before, start it with their Python:
  {}
If not, or if that says the same, install them once, in the folder of build.py:
  {}
"""

UNIX = (
    ".venv/bin/python build.py",
    "python3 -m venv .venv && .venv/bin/pip install --quiet --require-hashes -r requirements.lock",
)
WINDOWS = (
    r".venv\Scripts\python build.py",
    "py -m venv .venv\n"
    r"  .venv\Scripts\pip install --quiet --require-hashes -r requirements.lock",
)

if __name__ == "__main__":
    if sys.version_info < OLDEST:
        sys.stderr.write(TOO_OLD.format(*(tuple(sys.version_info[:2]) + OLDEST)))
        sys.exit(COULD_NOT_READ)
    try:
        from pathlib import Path

        from formulary.cli import main

        sys.exit(main(sys.argv[1:], Path(__file__).resolve().parent))
    except ImportError as error:
        if (error.name and error.name.split(".")[0] == "formulary") or "--debug" in sys.argv:
            raise
        commands = WINDOWS if sys.platform == "win32" else UNIX
        sys.stderr.write(LACKING.format(error.name or error, sys.executable, *commands))
        sys.exit(COULD_NOT_READ)
    except KeyboardInterrupt:
        sys.stderr.write("build.py: stopped\n")
        sys.exit(STOPPED)
