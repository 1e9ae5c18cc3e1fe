"""The commands that say what changed, and that keep an edition for the next comparison."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from formulary.cli.common import FINE, Commands, add_choices, print_data
from formulary.model.changes import Comparison, Difference
from formulary.model.changes_paper import (
    TITLES,
    approval,
    heading,
    renumbered,
    since,
    summary,
    told,
)
from formulary.model.snapshot import SnapshotEntry
from formulary.model.text import Block, Bullets, Paragraph, plain
from formulary.pipeline.changes import Changes, changes, keep_edition, papers
from formulary.publish import write_files


def add(commands: Commands) -> None:
    """Add these commands to the parser."""
    parser = commands.add_parser(
        "changes",
        help="say what changed since an earlier state of the content, clause by clause",
        description=(
            "Compare the content with an earlier state: another copy of the project, a kept "
            "edition, or a revision in git. Words that were taken out and put in are marked."
        ),
    )
    add_choices(parser, again=True)
    parser.add_argument(
        "--since",
        metavar="STATE",
        help="a project folder, a kept edition's file, or a revision in git (the kept edition)",
    )
    parser.add_argument("--json", action="store_true", help="print the changes as data")
    parser.add_argument("--word", type=Path, metavar="FILE", help="write them as a Word document")
    parser.add_argument("--pdf", type=Path, metavar="FILE", help="write them as a PDF document")
    parser.set_defaults(run=_changes)
    keeping = commands.add_parser(
        "keep-edition",
        help="keep the edition as it is now, so that the next one is compared with it",
        description=(
            "Write content/organisations/ID/last-edition.json. Do this when an edition has been "
            "approved and before you begin to edit the next one."
        ),
    )
    keeping.add_argument("--org", required=True, metavar="ID", help="the organisation")
    keeping.add_argument("--name", default="", help="what readers call it (its year and version)")
    keeping.add_argument(
        "--at", metavar="STATE", help="an earlier state: a folder or a revision in git (now)"
    )
    keeping.set_defaults(run=_keep_edition)


def _changes(options: argparse.Namespace, root: Path) -> int:
    found = changes(root, options.since, options.org or (), options.year)
    for path, format in ((options.word, "Word"), (options.pdf, "PDF")):
        if path is not None:
            data = papers(found, root / "forms" / "house", format)
            write_files(path.parent, {path.name: data})
    if options.json:
        print_data(as_data(found))
        return FINE
    for line in _lines(found):
        print(line)
    return FINE


def _keep_edition(options: argparse.Namespace, root: Path) -> int:
    path, name = keep_edition(root, options.org, options.at, options.name)
    print(path.as_posix())
    print(f"Kept as “{name}”. From now on the handbook says what changed since then.")
    return FINE


def _lines(found: Changes) -> Iterator[str]:
    for edition, comparison in zip(found.editions, found.comparisons, strict=True):
        yield f"{edition.organisation.name}: {since(comparison)}"
        yield ""
        yield from _comparison(comparison)
    for id in found.new:
        yield f"{id} is new: it was not there then."
    for id in found.gone:
        yield f"{id} is gone: it was there then."


def _comparison(comparison: Comparison) -> Iterator[str]:
    if not comparison:
        yield "Nothing has changed."
        yield ""
        return
    yield from _blocks(summary(comparison), "")
    for group, found in comparison.grouped():
        yield ""
        yield TITLES[group].upper()
        for change in found:
            yield ""
            yield heading(comparison, change)
            yield from _blocks(told(comparison, change, words=True), "  ")
    if comparison.renumbered:
        yield ""
        yield "OTHER NUMBERS, SAME WORDS"
        yield from _blocks(renumbered(comparison.renumbered), "  ")
    lacking = [change for change in comparison.differences if change.unreasoned]
    if lacking:
        yield ""
        yield "The change log (updates: in policy.yaml) gives no reason for:"
        yield from (f"  - {change.entry.name}" for change in lacking)
    for update in comparison.loose:
        yield ""
        yield f"The change log names “{update.clause}”, which has not changed."
    yield ""


def _blocks(blocks: tuple[Block, ...], indent: str) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield indent + plain((block,))
        elif isinstance(block, Bullets):
            for item in block.items:
                yield f"{indent}- {plain(item)}"


def as_data(found: Changes) -> dict[str, Any]:
    """All changes as plain values, for `--json`."""
    return {
        "comparisons": [_as_data(comparison) for comparison in found.comparisons],
        "new": list(found.new),
        "gone": list(found.gone),
    }


def _as_data(comparison: Comparison) -> dict[str, Any]:
    return {
        "organisation": comparison.organisation,
        "before": {"edition": comparison.before, "year": comparison.years[0]},
        "after": {"edition": comparison.after, "year": comparison.years[1]},
        "changes": [_change(change) for change in comparison.differences],
        "renumbered": [
            {"key": one.after.key, "before": one.before.number, "after": one.after.number}
            for one in comparison.renumbered
        ],
        "with-the-year": [entry.key for entry in comparison.with_year],
        "logged-but-unchanged": [update.clause for update in comparison.loose],
    }


def _change(change: Difference) -> dict[str, Any]:
    return {
        "key": change.key,
        "group": change.group,
        "what": list(change.what),
        "name": change.entry.name,
        "before": _entry(change.before),
        "after": _entry(change.after),
        "passages": [
            {
                "label": passage.label,
                "words": [{"mark": run.mark or "kept", "text": run.text} for run in passage.runs],
            }
            for passage in change.passages
        ],
        "parts": [entry.key for entry in change.parts],
        "shows-in": [entry.key for entry in change.follows],
        "log": [
            {
                "text": plain(logged.text),
                "reason": plain(logged.reason) if logged.reason else None,
                "approval": approval(logged) or None,
                "replaced-by": logged.replaced_by,
            }
            for logged in change.log
        ],
        "no-reason-given": change.unreasoned,
    }


def _entry(entry: SnapshotEntry | None) -> dict[str, Any] | None:
    if entry is None:
        return None
    texts = {piece.id: plain(piece.text) for piece in entry.pieces}
    return {"name": entry.name, "number": entry.number, "in": entry.home, "texts": texts}
