"""The command that begins the next year."""

from __future__ import annotations

import argparse
import datetime
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

from formulary.cli.output import print_data
from formulary.delivery import refuse_inside
from formulary.pipeline.next_year import NextYear, StatedDay, begin_next_year
from formulary.pipeline.register_edition import folder_for
from formulary.problems import UsageError
from formulary.project import COMMAND

LISTED = 20
"""Days that are listed in the terminal; --json has them all."""


def run(options: argparse.Namespace, root: Path) -> None:
    for path, what in ((options.register, "The folder of registers"), (options.staff, "The list")):
        if path is not None:
            refuse_inside(root, path, what)
            if not path.exists():
                raise UsageError(f"There is nothing at {path}. Check the path.")
    today = options.today or datetime.date.today()
    new_year = begin_next_year(root, options.org, options.year, today)
    commands = _commands(new_year, options.register, options.staff)
    if options.json:
        print_data(
            {
                "organisation": new_year.organisation,
                "kept": new_year.kept,
                "began": new_year.began,
                "year": new_year.year,
                "files": [path.as_posix() for path in new_year.files],
                "stated": [_as_data(day) for day in new_year.stated],
                "approval": [_as_data(day) for day in new_year.approval],
                "commands": commands,
            }
        )
        return
    for line in _lines(new_year, commands):
        print(line)


def _as_data(day: StatedDay) -> dict[str, str]:
    return {"place": str(day.place), "words": day.words}


def _commands(new_year: NextYear, register: Path | None, staff: Path | None) -> dict[str, str]:
    """What to type in the new year, by its name; with the paths that were given."""
    old = register or Path(f"/private/register-{new_year.year - 1}-{new_year.year % 100:02d}")
    packs = folder_for(old.with_name("packs"), new_year.began)
    new = folder_for(old, new_year.began)
    listed = staff or old.with_name("staff.xlsx")
    own = f"--org {new_year.organisation}"
    returns = old.with_name("returns")
    roll = f"roll --from {_word(old)} --staff {_word(listed)} {own} --year {new_year.year}"
    collect = f"collect {_word(returns)} --staff {_word(listed)} {own}"
    named = {
        "check": f"check {own}",
        "build": f"build {own}",
        "preflight": f"{roll} --preflight",
        "roll": f"{roll} --out {_word(packs)}",
        "collect": f"{collect} --out {_word(new)}",
        "late": f"{collect} --out {_word(old)} --year {new_year.year - 1}",
    }
    return {name: f"{COMMAND} {words}" for name, words in named.items()}


def _word(path: Path) -> str:
    return shlex.quote(path.as_posix())


def _lines(new_year: NextYear, commands: dict[str, str]) -> Iterator[str]:
    yield f"Kept as “{new_year.kept}”. The content is now of {new_year.began} ({new_year.place})."
    yield from (f"  {path.as_posix()}" for path in new_year.files)
    yield ""
    yield "What to do next:"
    steps: tuple[tuple[str, Sequence[str]], ...] = (
        (
            "Look at what says a day or a year itself; it has not moved:"
            if new_year.stated
            else "Dates have moved; no text of yours says a year itself.",
            _days(new_year.stated),
        ),
        ("Change words, dates, rules and forms, and say why under updates: in policy.yaml.", ()),
        ("Check, build and look:", (commands["check"], commands["build"])),
        (
            "Consult, have it approved, then write version, status, approval and next-review into "
            "policy.yaml. They now say:"
            if new_year.approval
            else "Consult, have it approved, then write version, status, approval and next-review "
            "into policy.yaml.",
            _days(new_year.approval),
        ),
        (
            "When the forms of the year that ends are in, and you have the new staff list, make "
            "the packs:",
            (commands["preflight"], commands["roll"]),
        ),
        (
            "Collect the new forms, and late ones of the year that ended, into a folder each:",
            (commands["collect"], commands["late"]),
        ),
    )
    for number, (words, under) in enumerate(steps, start=1):
        yield f"{number}. {words}"
        yield from (f"     {line}" for line in under)


def _days(days: Sequence[StatedDay]) -> list[str]:
    lines = [f"{day.place}: {day.words}" for day in days[:LISTED]]
    if more := len(days) - LISTED:
        lines += [f"and {more:,} more"] if more > 0 else []
    return lines
