"""The command that makes a prefilled pack for every member of staff."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from formulary.cli.display import Display, print_table
from formulary.cli.output import CONTENT_HAS_ERRORS, FINE, print_by_kind, print_data, print_list
from formulary.delivery import Result
from formulary.pipeline.packs import OfferedPackForm, PackOrder, PackReport, SkippedFile, packs
from formulary.problems import UsageError
from formulary.staff.preflight import LeftOut, Preflight, as_data, describe_rows, summary


class ResultWords(NamedTuple):
    """What is said of the files that came to one result, and above their list, if there is one."""

    few: str
    title: str = ""


RESULTS: dict[Result, ResultWords] = {
    "new": ResultWords("made for the first time"),
    "changed": ResultWords("made again, because something differs"),
    "same": ResultWords("left as before, because nothing differs"),
    "kept": ResultWords(
        "kept, because someone has changed it since",
        "Kept, because someone has changed them (--force replaces them)",
    ),
    "gone": ResultWords(
        "of an earlier run, that nobody on the list has now; nothing is deleted",
        "Nobody on the list has these now; delete them if they are not needed",
    ),
}


def order_of(options: argparse.Namespace) -> PackOrder:
    """What the options ask for. Raises UsageError where they do not say where packs go."""
    if not options.preflight and options.out is None:
        raise UsageError("Say where the packs go with --out DIR, or ask for --preflight only.")
    return PackOrder(
        staff=tuple(options.staff),
        organisation=options.org,
        out=None if options.preflight else options.out,
        year=options.year,
        forms=tuple(options.form),
        formats=options.format,
        only=tuple(options.only),
        pattern=options.pattern,
        jobs=options.jobs,
        dask=options.dask,
        force=options.force,
        strict=options.strict,
        sheet=options.sheet,
        encoding=options.encoding,
    )


def run(options: argparse.Namespace, root: Path) -> int:
    order = order_of(options)
    with Display(timed=options.debug) as display:
        report = packs(root, order, display)
    if options.json:
        print_data(data_of(report))
    else:
        print_by_kind(report.problems, sys.stderr, report.preflight.edition.in_own_words)
        print_report(report, order)
    return CONTENT_HAS_ERRORS if report.stops else FINE


def data_of(report: PackReport) -> dict[str, Any]:
    """The outcome as plain values, for `--json`."""
    return {
        **as_data(report.preflight),
        "forms": [asdict(form) for form in report.forms],
        "unmade": [
            {"id": one.person.id, "form": one.form, "format": one.format, "why": one.why}
            for one in report.skipped
        ],
        "problems": [problem.as_data() for problem in report.problems],
        "results": report.results,
        "kept": report.kept,
        "gone": report.gone,
    }


def print_report(report: PackReport, order: PackOrder) -> None:
    """What becomes of everyone on the list, what was made, and what to do next."""
    headings, *rows = summary(report.preflight)
    print_table("The staff list", headings, rows)
    print_lists(report.preflight, columns=order.out is None)
    _print_forms(report.forms)
    _people("Get no pack", report.preflight.left_out)
    if not report.stops:
        _people("Left out because of a problem", report.preflight.stopped)
        _files_left_out(report.skipped)
    for result, said in RESULTS.items():
        count = report.results.get(result, 0)
        if count:
            print(f"{count:,} {'file' if count == 1 else 'files'} {said.few}")
    print_list(f"{RESULTS['kept'].title}:", report.kept, ", in manifest.csv")
    print_list(f"{RESULTS['gone'].title}:", report.gone, ", in manifest.csv")
    if report.stops:
        after = "Nothing was written. " if order.out else ""
        without = " Without --strict, the others get their packs." if order.strict else ""
        print(f"{after}Correct the errors above.{without}")
    elif order.out:
        print(f"The packs are in {order.out}; manifest.csv there lists them.")
    else:
        print("Nothing was written: this was the preflight only.")


def print_lists(found: Preflight, *, columns: bool) -> None:
    """What became of every filled row of the lists, and what every column was taken for."""
    for part in found.lists:
        sheet = f", sheet “{part.sheet}”" if part.sheet else ""
        print(f"{part.file}{sheet}: {describe_rows(part)}")
        for heading, meaning in part.columns if columns else ():
            print(f"  “{heading}”: {meaning or 'not used'}")


def _print_forms(forms: Sequence[OfferedPackForm]) -> None:
    """Which forms the packs hold, for how many people, and which forms they do not hold."""
    rows = [(str(form), f"{form.people:,}") for form in forms if form.people is not None]
    print_table("The forms of the packs", ("Form", "People"), rows)
    others = [str(form) for form in forms if form.people is None]
    if others:
        print(f"Not in the packs: {', '.join(others)}.")
        print("To choose the forms: forms under packs in organisation.yaml, or --form.")


def _people(title: str, people: tuple[LeftOut, ...]) -> None:
    if people:
        print(f"{title}:")
    for left in people:
        print(f"  {left}")


def _files_left_out(skipped: tuple[SkippedFile, ...]) -> None:
    """For each person and reason, the files that are missing."""
    missing: dict[tuple[str, str], list[str]] = {}
    for one in skipped:
        who = f"{one.person}, row {one.person.place.line}"
        missing.setdefault((who, one.why), []).append(f"{one.form} in {one.format}")
    if missing:
        print("Files left out because of a problem; what else these people get is made:")
    for (who, why), files in missing.items():
        print(f"  {who}: {', '.join(files)}: {why}")
