"""The command that brings back a file of Formulary's."""

from __future__ import annotations

import argparse
from pathlib import Path

from formulary.pipeline.house_documents import restore
from formulary.project import COMMAND


def run(options: argparse.Namespace, root: Path) -> None:
    for wanted in options.file:
        path, kept = restore(root, wanted)
        print(f"{path.as_posix()} is as Formulary has it.")
        if kept and (root / kept).exists():
            print(f"Yours is kept as {kept.as_posix()}.")
    print(f"Then: {COMMAND} check")
