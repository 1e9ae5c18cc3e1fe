"""The command that takes an edited policy back from Word."""

from __future__ import annotations

import argparse
import datetime
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from formulary.cli.output import escape_controls, print_data, print_problems
from formulary.pipeline.content import check
from formulary.pipeline.take_back import take_back, write_taken_back
from formulary.project import COMMAND
from formulary.takeback.found import EntryChange, TakenBack, TextChange
from formulary.takeback.writing import Wishes


def run(options: argparse.Namespace, root: Path) -> None:
    wishes = Wishes(options.rules, options.updates)
    found = take_back(root, options.file, options.org, wishes, options.base)
    if options.json:
        print_data(as_data(found))
    else:
        for line in _lines(found, wishes):
            print(escape_controls(line))
    written = write_taken_back(root, found) if options.write else ()
    if options.json:
        return
    for path in written:
        print(f"Changed: {path.as_posix()}")
    if written:
        findings = check(root, datetime.date.today(), (found.organisation,)).problems
        left = [one for one in findings if one.place.file in written]
        print_problems(left, sys.stdout)
        print(f"Next: {'correct these places, then ' if left else ''}{COMMAND} check")
    elif found.files:
        print("Nothing is written yet. To write the changes, run the command again with --write.")


def as_data(found: TakenBack) -> dict[str, Any]:
    """All that was found, without the text of the changed files."""
    data = asdict(replace(found, files={}))
    data["files"] = [path.as_posix() for path in found.files]
    return data


def _lines(found: TakenBack, wishes: Wishes) -> Iterator[str]:
    if not found:
        yield "The policy is as the content makes it. Nothing was changed in Word."
        return
    if found.base:
        yield f"The file was made from {found.base}. It is compared with that."
    if found.by_likeness:
        yield "The file has lost its bookmarks, so each line was found by its words. Look closely."
    for text in found.texts:
        yield from _text(text)
    for entry in found.entries:
        yield from _entry(entry)
    yield from _rules(found, wishes)
    if found.conflicts:
        yield ""
        yield "Changed on the paper, and in the content since. Nothing is written there:"
    for one in found.conflicts:
        yield f"  {one.where} ({one.place})"
        if one.was:
            yield f"    was:      {one.was}"
        yield f"    paper:    {one.returned or '(deleted)'}"
        yield f"    content:  {one.today or '(deleted)'}"
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
    for left in found.not_taken:
        yield f"  {left.where}: “{left.words}”: {left.why}"
    if found.updates and found.files:
        yield ""
        yield "Drafts for the change log (updates: in policy.yaml; --updates adds them):"
        for draft in found.updates:
            yield f"  {draft.clause}: {draft.text}"
            if draft.reason:
                yield f"    reason, from the comments: {draft.reason}"
    yield ""


def _text(text: TextChange) -> Iterator[str]:
    yield f"{text.where} ({text.place}){_by(text.authors)}"
    yield f"  was: {text.was}"
    yield f"  now: {text.now}"
    for remark in text.remarks:
        yield f"  {remark}"


def _entry(entry: EntryChange) -> Iterator[str]:
    yield f"{entry.where} ({entry.place}){_by(entry.authors)}"
    yield f"  {entry.what}: {entry.words}"
    for place in entry.along:
        yield f"  With it, {place}"


def _rules(found: TakenBack, wishes: Wishes) -> Iterator[str]:
    if not found.rules:
        return
    yield ""
    yield "Numbers, dates and words that are kept in one place:"
    for rule in found.rules:
        yield f"  {rule.where}: {rule.name}: {rule.was} → {rule.now} ({rule.place})"
        if rule.also_in:
            yield f"    These say it too: {', '.join(rule.also_in)}"
        if rule.why:
            yield f"    Not written: {rule.why}"
    if not wishes.rules:
        yield "  With --write --rules they are changed there, and everything that says them."


def _by(authors: Sequence[str]) -> str:
    return f", by {' and '.join(authors)}" if authors else ""
