"""The command that gathers everything held on one person."""

from __future__ import annotations

import argparse
import datetime
from pathlib import Path

from formulary.cli.display import Display
from formulary.content.cycle import british
from formulary.pipeline.person import PersonOrder, person


def run(options: argparse.Namespace, root: Path) -> None:
    order = PersonOrder(
        id=options.id,
        folders=tuple(options.folders),
        out=options.out,
        made=british(datetime.date.today()),
        names=tuple(options.name),
        returns=tuple(options.returns),
        force=options.force,
    )
    with Display(timed=options.debug) as display:
        held = person(root, order, display)
    originals = sum(bool(form.original) for form in held.forms)
    print(f"Forms that came back: {len(held.forms)}. The file itself is there for {originals}.")
    for form in held.forms:
        if not form.sure:
            print(f"Make sure that {form.record.source} is this person's. {form.why}.")
    print(f"Files of packs: {len(held.packs)}.")
    print(f"Registers with rows on the person: {len(held.registers)}.")
    for source, why in held.unread:
        print(f"May be this person's, and could not be read: {source}: {why}")
    if held.other_unread:
        print(f"{held.other_unread} more files could not be read; anyone's may be among them.")
    print(f"All of it is in {order.out}. Read for-the-officer.txt there before you send anything.")
