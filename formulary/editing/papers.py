"""The Word and PDF files of an edition, made when somebody opens one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from formulary.edition.edition import Edition
from formulary.formats.handbook.downloads import Download
from formulary.pipeline.documents import tasks_of, unwritten_download, write
from formulary.pipeline.house_folder import house_folder


def offered(edition: Edition) -> Sequence[Download]:
    """Every file that the pages offer; their sizes are not known before they are made."""
    return tuple(unwritten_download(edition, task) for task in tasks_of(edition))


def make_paper(root: Path, edition: Edition, path: str) -> bytes | None:
    """The file at a path of the built site; None where there is none.

    Raises OutputError where it cannot be made.
    """
    for task in tasks_of(edition):
        found = unwritten_download(edition, task)
        if path in (found.path, found.lasting_path):
            with house_folder(root) as house:
                return write(house, task).data
    return None
