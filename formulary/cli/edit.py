"""The command that opens the editor."""

from __future__ import annotations

import argparse
import sys
import webbrowser
from contextlib import suppress
from pathlib import Path

from formulary.cli.output import FINE


def run(options: argparse.Namespace, root: Path) -> int:
    from formulary.editing.editor import (  # takes longer to import than other commands do
        Editor,
        can_commit,
    )
    from formulary.editing.journal import Journal
    from formulary.editing.live import LiveProject
    from formulary.editing.server import PageServer

    live = LiveProject(root, options.year)
    editor = Editor(live, Journal(root), commits=options.commit and can_commit(root))
    with PageServer(live, options.port, editor, alone=True) as server, suppress(KeyboardInterrupt):
        print(f"The editor is at {server.opening}\nStop it with Ctrl-C.", file=sys.stderr)
        if options.browser:
            webbrowser.open(server.opening)
        server.serve_forever()
    return FINE
