"""The command that makes the folder of a new organisation."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from formulary.cli.output import FINE
from formulary.pipeline import content
from formulary.pipeline.scaffold import NEXT_STEPS, Adopter, new_group
from formulary.project import COMMAND

FORMS = ("planning-statement", "one-to-one", "cpd-needs", "support-plan", "meeting-note")
TOPICS = ("setting-objectives", "smart", "feedback", "preparing")


def run(options: argparse.Namespace, root: Path) -> int:
    for path in content.new(root, _adopter(options)):
        print(path.as_posix())
    print("It builds as it is. What to write next:")
    for step in NEXT_STEPS:
        print(f"  - {step}")
    print(f"Then: {COMMAND} check, and {COMMAND} --org {options.id}")
    return FINE


def _adopter(options: argparse.Namespace) -> Adopter:
    """The answers, from the options or asked one by one."""
    asked = sys.stdin.isatty()

    def answer(given: str | None, question: str, usual: str) -> str:
        if given is None and asked:
            given = input(f"{question} [{usual}]: ").strip()
        return given or usual

    def answers(given: list[str] | None, question: str, usual: Sequence[str]) -> tuple[str, ...]:
        if given is None:
            text = answer(None, f"{question}, separated by commas", ", ".join(usual))
            given = [part.strip() for part in text.split(",") if part.strip()]
        return tuple(given)

    name = answer(options.name, "Name of the organisation", options.id.replace("-", " ").title())
    kind = answer(options.kind, "Kind: School, Trust, Council", "Trust")
    days = "Staff groups and the day each cycle starts"
    groups = answers(options.group, days, ["Staff: 1 September"])
    return Adopter(
        id=options.id,
        name=name,
        kind=kind,
        year=options.year,
        numbering=answer(options.numbering, "Numbering: clauses, paragraphs or none", "clauses"),
        groups=tuple(new_group(group) for group in groups),
        forms=answers(options.form, "Forms", FORMS),
        topics=answers(options.topic, "Guidance topics", TOPICS),
    )
