"""The command that carries last year's forms into this year's packs."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from formulary.cli.display import Display, print_table
from formulary.cli.output import CONTENT_HAS_ERRORS, FINE, print_by_kind, print_data, print_list
from formulary.cli.packs import data_of, order_of, print_report
from formulary.defaults import NOT_CARRIED
from formulary.pipeline.roll import NotCarriedEntry, RollOrder, RollReport, roll


def run(options: argparse.Namespace, root: Path) -> int:
    order = RollOrder(options.returns, order_of(options))
    with Display(timed=options.debug) as display:
        report = roll(root, order, display)
    if options.json:
        carried = {
            "carried": report.carried,
            "not_carried": [asdict(one) for one in report.left],
            "stays": [one._asdict() for one in report.stays],
            "lacking": report.lacking,
        }
        print_data({**data_of(report.packs), **carried})
    else:
        print_by_kind(report.packs.problems, sys.stderr)
        print_report(report.packs, order.packs)
        _print_report(report, order)
    return CONTENT_HAS_ERRORS if report.packs.stops else FINE


def _print_report(report: RollReport, order: RollOrder) -> None:
    """For how many something was carried, what could not be, and where all of it is listed."""
    people = "person" if report.carried == 1 else "people"
    print(f"Answers of last year are in the new forms of {report.carried:,} {people}.")
    for lack in report.lacking:
        print(lack)
    if report.stays:
        by_form: Counter[str] = Counter()
        for form, _, forms in report.stays:
            by_form[form] += forms
        of = ", ".join(f"{form} {number:,}" for form, number in by_form.items())
        print(
            f"{by_form.total():,} answers stay in last year's forms, because the new ones do not "
            f"ask for them again: {of}. {NOT_CARRIED} lists the questions."
        )
    if not report.left:
        print("Everything else was carried.")
        return
    reasons = Counter(one.why for one in report.left).most_common()
    rows = ((why, f"{count:,}") for why, count in reasons)
    print_table("Not carried", ("Why", "Answers or forms"), rows)
    print_list("", [_line(one) for one in report.left])
    if report.kept:
        print(f"{NOT_CARRIED} was changed by someone and is left as it is; --force replaces it.")
    elif report.packs.results:
        out = order.packs.out
        print(f"{NOT_CARRIED} in {out} lists everything that was not carried, word for word.")


def _line(one: NotCarriedEntry) -> str:
    who = f"{one.name} ({one.id})" if one.id else one.name
    of = ", ".join(filter(None, (who, one.form, one.what)))
    return f"{of}: {one.why}" + (f" [{one.file}]" if one.file else "")
