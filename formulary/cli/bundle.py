"""The command that packs the site into one file to carry."""

from __future__ import annotations

import argparse
from pathlib import Path

from formulary.cli import build
from formulary.defaults import BUNDLE
from formulary.formats.handbook.downloads import size_in_words
from formulary.pipeline.bundle import bundle


def run(options: argparse.Namespace, root: Path) -> None:
    wanted = options.build or options.org or options.year is not None
    if wanted or not (root / "site" / "index.html").is_file():
        build.run(options, root)
    made = bundle(root, options.out or root / BUNDLE)
    print(
        f"{made.path}: {made.files} files, {size_in_words(made.packed)} "
        f"({size_in_words(made.unpacked)} unpacked)"
    )
