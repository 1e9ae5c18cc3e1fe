"""The command that makes the folder of a new organisation."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from formulary.cli.output import print_files
from formulary.pipeline import content
from formulary.pipeline.scaffold import (
    NEXT_STEPS,
    STARTER_QUESTIONS,
    TOPICS,
    Adopter,
    read_id,
    usual_name,
)
from formulary.problems import UsageError
from formulary.project import COMMAND
from formulary.words import count_of

MOST_SHOWN = 10
"""Places that still name the organisation that was copied."""

Value = TypeVar("Value")


def run(options: argparse.Namespace, root: Path) -> None:
    read_id(options.id)
    left: Sequence[str] = ()
    if options.start:
        name = _answer(options.name, "Name of the organisation", usual_name(options.id), str)
        made, left = content.copy_organisation(root, options.start, options.id, name, options.year)
    else:
        made = content.new(root, _adopter(options))
    print_files(made)
    print("It builds as it is. What to write next:")
    for step in NEXT_STEPS:
        print(f"  - {step}")
    if left:
        print(f"  - the name of “{options.start}” is still in {count_of(len(left), 'place')}:")
        for place in left[:MOST_SHOWN]:
            print(f"      {place}")
    print(f"Then: {COMMAND} check, and {COMMAND} --org {options.id}")


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
    given = vars(options)
    given["groups"] = None if options.group is None else ", ".join(options.group)
    name = _answer(options.name, "Name of the organisation", usual_name(options.id), str)
    answers = {
        asked.key: _answer(given[asked.key], asked.in_one_line, asked.usual, asked.read)
        for asked in STARTER_QUESTIONS
    }
    return Adopter(
        id=options.id,
        name=name,
        year=options.year,
        forms=tuple(options.form or ()),
        topics=tuple(TOPICS if options.topic is None else options.topic),
        **answers,
    )
