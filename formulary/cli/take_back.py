"""The command that takes an edited policy back from Word."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from formulary.cli.output import FINE, print_data
from formulary.pipeline.content import check
from formulary.pipeline.take_back import TakenBack, take_back, write_changes
from formulary.problems import errors_in
from formulary.project import COMMAND


def run(options: argparse.Namespace, root: Path) -> int:
    found = take_back(root, options.file, options.org, with_updates=options.updates)
    if options.json:
        print_data(as_data(found))
    else:
        for line in _lines(found):
            print(line)
    written = write_changes(root, found) if options.write else ()
    if options.json:
        return FINE
    for path in written:
        print(f"Changed: {path.as_posix()}")
    if written:
        left = errors_in(check(root, datetime.date.today(), (found.organisation,)).problems)
        for problem in left:
            print(problem)
        print(f"Next: {'correct these places, then ' if left else ''}{COMMAND} check")
    elif found.files:
        print("Nothing is written yet. To write the changes, run the command again with --write.")
    return FINE


def as_data(found: TakenBack) -> dict[str, Any]:
    """All that was found, without the text of the changed files."""
    data = asdict(found)
    data["files"] = [path.as_posix() for path in found.files]
    return data


def _lines(found: TakenBack) -> Iterator[str]:
    if not found:
        yield "The policy is as the content makes it. Nothing was changed in Word."
        return
    if found.by_likeness:
        yield "The file has lost its bookmarks, so each line was found by its words. Look closely."
        yield ""
    for text in found.texts:
        yield f"{text.where} ({text.place}){_by(text.authors)}"
        yield f"  was: {text.was}"
        yield f"  now: {text.now}"
        for expression in text.dropped:
            yield f"  Gone from the text: {{{{ {expression} }}}}"
        if text.is_plainer:
            yield "  Bold words in it are now plain. Make them bold again in the YAML."
    for entry in found.entries:
        yield f"{entry.where} ({entry.place}){_by(entry.authors)}"
        yield f"  {entry.what}: {entry.words}"
    yield from _facts(found)
    if found.comments:
        yield ""
        yield "Comments in the margin:"
    for where, comment in found.comments:
        day = f", {comment.day.isoformat()}" if comment.day else ""
        about = f" (about “{comment.about}”)" if comment.about else ""
        yield f"  {where}, {comment.author or 'no name'}{day}: {comment.words}{about}"
    if found.not_taken:
        yield ""
        yield "Not taken back:"
    for one in found.not_taken:
        yield f"  {one.where}: “{one.words}”: {one.why}"
    if found.updates and found.files:
        yield ""
        yield "Drafts for the change log (updates: in policy.yaml; --updates adds them):"
        for clause, words in found.updates:
            yield f"  {clause}: {words}"
    yield ""


def _facts(found: TakenBack) -> Iterator[str]:
    if not found.facts:
        return
    yield ""
    yield "Numbers, dates and words that are kept in one place. Change each there:"
    for fact in found.facts:
        change = fact.change
        yield f"  {fact.where}: “{change.was}” is now “{change.now}” ({fact.kept_at})"
        if fact.also_in:
            yield f"    It is also said in: {', '.join(fact.also_in)}"


def _by(authors: Sequence[str]) -> str:
    return f", by {' and '.join(authors)}" if authors else ""
