"""The one command: `python build.py` makes the forms, the policies and the handbook."""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    from formulary.start import main

    sys.exit(main(sys.argv[1:], Path(__file__).resolve().parent))
