"""The command that says what changed."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from formulary.cli.output import print_data
from formulary.content.snapshot import SnapshotEntry
from formulary.documents.changes_paper import (
    TITLES,
    approval,
    comparison_title,
    describe_change,
    heading,
    list_renumbered,
    summary,
)
from formulary.edition.changes import Comparison, Difference
from formulary.edition.text import Block, Bullets, Paragraph, plain
from formulary.pipeline.changes import Changes, changes, papers
from formulary.publish import write_files


def run(options: argparse.Namespace, root: Path) -> None:
    found = changes(root, options.since, options.org or (), options.year)
    for path, format in ((options.word, "Word"), (options.pdf, "PDF")):
        if path is not None:
            data = papers(root, found, format)
            write_files(path.parent, {path.name: data})
    if options.json:
        print_data(as_data(found))
        return
    for line in _lines(found):
        print(line)


def _lines(found: Changes) -> Iterator[str]:
    for edition, comparison in zip(found.editions, found.comparisons, strict=True):
        yield f"{edition.organisation.name}: {comparison_title(comparison)}"
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
    for group, found in comparison.group_differences():
        yield ""
        yield TITLES[group].upper()
        for change in found:
            yield ""
            yield heading(comparison, change)
            yield from _blocks(describe_change(comparison, change, words=True), "  ")
    if comparison.renumbered:
        yield ""
        yield "OTHER NUMBERS, SAME WORDS"
        yield from _blocks(list_renumbered(comparison.renumbered), "  ")
    lacking = [change for change in comparison.differences if change.lacks_reason]
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
        "no-reason-given": change.lacks_reason,
    }


def _entry(entry: SnapshotEntry | None) -> dict[str, Any] | None:
    if entry is None:
        return None
    texts = {piece.id: plain(piece.text) for piece in entry.pieces}
    return {"name": entry.name, "number": entry.number, "in": entry.home, "texts": texts}
