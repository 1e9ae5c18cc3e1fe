"""Commits each save where the project is in a git repository."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path


def can_commit(root: Path) -> bool:
    """Whether a folder is in a git repository, and git knows who commits."""
    return _git(root, "rev-parse", "--is-inside-work-tree") and _git(
        root, "var", "GIT_COMMITTER_IDENT"
    )


def _git(root: Path, *words: str) -> bool:
    try:
        # without its editor, its pager and questions on the terminal, where nobody looks
        own = {"GIT_EDITOR": "true", "GIT_TERMINAL_PROMPT": "0"}
        subprocess.run(
            ["git", *words],
            cwd=root,
            check=True,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=60,
            env=os.environ | own,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def commit(root: Path, label: str, paths: Sequence[Path]) -> None:
    """Commit files by themselves; where git cannot, the journal has them all the same.

    What else is staged stays staged, and is in no commit of the editor's.
    """
    names = [path.relative_to(root).as_posix() for path in paths]
    new = [name for name in names if not _git(root, "ls-files", "--error-unmatch", "--", name)]
    there = [name for name in names if name not in new or (root / name).is_file()]
    if new:
        _git(root, "add", "--intent-to-add", "--", *(name for name in new if name in there))
    if not _git(root, "commit", "--quiet", "--message", label, "--only", "--", *there) and new:
        _git(root, "reset", "--quiet", "--", *new)
