"""What `build` does where something has changed: the site is made, and said what was made."""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path

from rich.console import Console

from formulary.cli.display import Display, print_table
from formulary.cli.output import print_problems
from formulary.formats.handbook.downloads import size_in_words
from formulary.pipeline import content, site
from formulary.words import count_of


def make(options: argparse.Namespace, root: Path) -> None:
    """Make the site, and print what was made."""
    with Display(timed=options.debug) as display:
        report = site.build(root, options.org or (), options.year, display, jobs=options.jobs)
    print_problems(report.warnings, sys.stderr)
    print_problems(content.testing(root, datetime.date.today()), sys.stderr)
    _print_table(report)


def _print_table(report: site.BuildReport) -> None:
    """What was made for each organisation, and how long each stage took."""
    rows = []
    for organisation in dict.fromkeys(found.organisation for found in report.downloads):
        found = [d for d in report.downloads if d.organisation == organisation]
        forms = len({d.form for d in found} - {"policy", "changes"})
        *most, last = dict.fromkeys(d.format for d in found)
        formats = f"{', '.join(most)} and {last}" if most else last
        papers = f"the policy and {forms} form{'s' if forms != 1 else ''}, in {formats}"
        size = size_in_words(sum(d.bytes for d in found))
        rows.append((organisation, found[0].edition, papers, str(len(found)), size))
    print_table("Made", ("Organisation", "Edition", "Papers", "Files", "Size"), rows, words=3)
    console = Console()
    times = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in report.seconds.items())
    console.print(
        f"{count_of(report.pages, 'page')} of the handbook in site/; open site/index.html"
    )
    console.print(f"{times}; all {sum(report.seconds.values()):.1f} s")
