"""The commands that show the handbook while it is edited: `edit` with pencils, `serve` without."""

from __future__ import annotations

import argparse
import sys
import webbrowser
from contextlib import suppress
from pathlib import Path

from formulary.problems import UsageError
from formulary.project import COMMAND


def run(options: argparse.Namespace, root: Path) -> None:
    # what takes longer to import than other commands do
    from formulary.editing.commits import can_commit
    from formulary.editing.editor import Editor
    from formulary.editing.journal import Journal
    from formulary.editing.live import LiveProject
    from formulary.editing.server import PageServer

    live = LiveProject(root, options.year, options.org or ())
    known = live.organisations()
    for id in options.org or ():
        if id not in known:
            there = ", ".join(LiveProject(root).organisations()) or "none"
            raise UsageError(f"There is no organisation “{id}”. Known: {there}.")
    if not known and not options.pencils:
        raise UsageError(f"There is no organisation yet. Make one first: {COMMAND} new ID.")
    editor = (
        Editor(live, Journal(root), commits=options.commit and can_commit(root))
        if options.pencils
        else None
    )
    what = "editor" if editor else "handbook"
    with PageServer(live, options.port, editor, alone=True) as server, suppress(KeyboardInterrupt):
        print(f"The {what} is at {server.opening}\nStop it with Ctrl-C.", file=sys.stderr)
        if options.browser:
            webbrowser.open(server.opening)
        server.serve_forever()
