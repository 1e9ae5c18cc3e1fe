"""The command that makes the folder of a new organisation."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar, get_args

from formulary.cli.output import FINE
from formulary.content.policy import Numbering
from formulary.pipeline import content
from formulary.pipeline.scaffold import (
    NEXT_STEPS,
    Adopter,
    NewGroup,
    new_group,
    read_id,
    read_names,
    read_yes,
)
from formulary.problems import UsageError
from formulary.project import COMMAND

TOPICS = ("setting-objectives", "smart", "feedback", "preparing")
MOST_SHOWN = 10
"""Places that still name the organisation that was copied."""

Value = TypeVar("Value")


def run(options: argparse.Namespace, root: Path) -> int:
    read_id(options.id)
    left: Sequence[str] = ()
    if options.start:
        name = _answer(options.name, "Name of the organisation", _usual_name(options), str)
        made, left = content.copy_organisation(root, options.start, options.id, name, options.year)
    else:
        made = content.new(root, _adopter(options))
    for path in made:
        print(path.as_posix())
    print("It builds as it is. What to write next:")
    for step in NEXT_STEPS:
        print(f"  - {step}")
    if left:
        print(f"  - the name of “{options.start}” is still in {len(left)} places:")
        for place in left[:MOST_SHOWN]:
            print(f"      {place}")
    print(f"Then: {COMMAND} check, and {COMMAND} --org {options.id}")
    return FINE


def _usual_name(options: argparse.Namespace) -> str:
    return str(options.id).replace("-", " ").title()


def _answer(given: str | None, question: str, usual: str, read: Callable[[str], Value]) -> Value:
    """An answer as its reader takes it; in a terminal asked, and asked again until it can be read.

    Raises UsageError where it was given as an option, or nobody can be asked.
    """
    if given is not None or not sys.stdin.isatty():
        return read(given or usual)
    while True:
        try:
            return read(input(f"{question} [{usual}]: ").strip() or usual)
        except UsageError as error:
            print(f"  {error}")


def _adopter(options: argparse.Namespace) -> Adopter:
    """The answers, from the options or asked one by one."""
    return Adopter(
        id=options.id,
        name=_answer(options.name, "Name of the organisation", _usual_name(options), str),
        kind=_answer(options.kind, "Kind: School, Trust, College, Council", "Trust", str),
        year=options.year,
        process=_answer(
            options.process,
            "What you call it: performance management, appraisal, professional growth",
            "performance management",
            str,
        ),
        groups=_answer(
            None if options.group is None else ", ".join(options.group),
            "Staff groups and the day each cycle starts, separated by commas",
            "Staff: 1 September",
            _read_groups,
        ),
        pay=_answer(options.pay, "Does a decision on pay follow? yes or no", "no", read_yes),
        ratings=_answer(
            options.ratings,
            "Rating levels, the best first, separated by commas; or none",
            "none",
            read_names,
        ),
        stages=_answer(
            options.stages, "Career stages, separated by commas; or none", "none", read_names
        ),
        numbering=_answer(
            options.numbering,
            "Numbering: clauses (5.3), paragraphs (running through) or none",
            "clauses",
            _read_numbering,
        ),
        forms=tuple(options.form or ()),
        topics=tuple(TOPICS if options.topic is None else options.topic),
    )


def _read_groups(text: str) -> tuple[NewGroup, ...]:
    groups = tuple(new_group(part) for part in text.split(",") if part.strip())
    if len({group.id for group in groups}) != len(groups) or not groups:
        raise UsageError(f"“{text}” has a group twice, or none. Write each group once.")
    return groups


def _read_numbering(text: str) -> str:
    known = get_args(Numbering)
    if text not in known:
        raise UsageError(f"There is no numbering “{text}”. Known: {', '.join(known)}.")
    return text
