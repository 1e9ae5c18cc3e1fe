"""The command that makes the site; where that would change nothing, it says so at once.

What makes the site is imported only when it is needed: that alone takes longer than to see that
nothing has changed.
"""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path

from formulary.pipeline import build_record


def run(options: argparse.Namespace, root: Path) -> None:
    asked = build_record.BuildRequest(tuple(options.org or ()), options.year)
    record = build_record.find_unchanged_build(root, asked, datetime.date.today())
    if record:
        for warning in record.said:
            print(warning, file=sys.stderr)
        print("Nothing has changed: site/ is as the last build made it. Open site/index.html")
        return
    from formulary.cli.making import make

    make(options, root)
