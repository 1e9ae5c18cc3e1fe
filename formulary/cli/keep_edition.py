"""The command that keeps an edition for the next comparison."""

from __future__ import annotations

import argparse
from pathlib import Path

from formulary.pipeline.changes import keep_edition


def run(options: argparse.Namespace, root: Path) -> None:
    paths, name = keep_edition(root, options.org, options.at, options.name)
    for path in paths:
        print(path.as_posix())
    print(f"Kept as “{name}”. From now on the handbook says what changed since then.")
    if len(paths) > 1:
        print("Its returns can be read and checked with its own forms and rules, in every year.")
