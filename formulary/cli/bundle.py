"""The command that packs the site into one file to carry."""

from __future__ import annotations

import argparse
from pathlib import Path

from formulary.cli import making
from formulary.cli.common import FINE, Commands, add_choices, add_open_document
from formulary.formats.handbook.downloads import size_in_words
from formulary.pipeline.bundle import bundle

USUAL = "handbook.zip"


def add(commands: Commands) -> None:
    """Add this command to the parser."""
    parser = commands.add_parser(
        "bundle",
        help="pack the site into one zip that works from a USB stick",
        description=(
            "Pack site/ with checksums and a text to read first. The site is made first if there "
            "is none, or if --build, --org or --year says so."
        ),
    )
    add_choices(parser, again=True)
    add_open_document(parser, again=True)
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE.zip",
        help=f"the zip to write ({USUAL} in the project's folder)",
    )
    parser.add_argument("--build", action="store_true", help="make the site anew first")
    parser.set_defaults(run=_bundle)


def _bundle(options: argparse.Namespace, root: Path) -> int:
    wanted = options.build or options.org or options.year is not None
    if wanted or not (root / "site" / "index.html").is_file():
        making.build(options, root)
    made = bundle(root, options.out or root / USUAL)
    print(
        f"{made.path}: {made.files} files, {size_in_words(made.packed)} "
        f"({size_in_words(made.unpacked)} unpacked)"
    )
    return FINE
