"""The command that changes content of an earlier version to today's."""

from __future__ import annotations

import argparse
from pathlib import Path

from formulary.pipeline.upgrade import upgrade
from formulary.project import COMMAND


def run(options: argparse.Namespace, root: Path) -> None:
    changed = upgrade(root, options.org or ())
    for path in changed:
        print(path.as_posix())
    if changed:
        print(f"These files were changed. Then: {COMMAND} check")
    else:
        print("The content is up to date; no file of it was changed.")
