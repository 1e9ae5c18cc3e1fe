"""The command that writes the JSON Schemas of the content."""

from __future__ import annotations

import argparse
from pathlib import Path

from formulary.pipeline import content


def run(options: argparse.Namespace, root: Path) -> None:
    for path in content.write_schemas(root):
        print(path.as_posix())
