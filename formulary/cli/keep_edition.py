"""The command that keeps an edition for the next comparison."""

from __future__ import annotations

import argparse
from pathlib import Path

from formulary.cli.output import FINE
from formulary.pipeline.changes import keep_edition


def run(options: argparse.Namespace, root: Path) -> int:
    path, name = keep_edition(root, options.org, options.at, options.name)
    print(path.as_posix())
    print(f"Kept as “{name}”. From now on the handbook says what changed since then.")
    return FINE
