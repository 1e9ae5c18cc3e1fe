"""Read another state of the content: a folder, a kept edition, or a revision in git.

git's own files are only read, and what it hands out is unpacked into a temporary folder.
"""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from formulary import publish
from formulary.check.content import check_content
from formulary.content.loading import Content, load
from formulary.content.snapshot import LARGEST_FILE, EditionSnapshot, read_kept
from formulary.edition.edition import Edition
from formulary.edition.entries import take_snapshot
from formulary.pipeline.content import editions_of, stop_at_errors
from formulary.problems import ContentError, OutputError, Problem, UsageError, errors_in
from formulary.project import ORGANISATIONS

FOLDERS = ("content", "forms")
"""What of a revision is unpacked: the words and the forms, nothing that could be run."""

LARGEST_STATE = 200_000_000
"""Bytes that a revision may unpack to; content is words, so more than this is something else."""

Snapshots = Mapping[str, EditionSnapshot]
"""The editions of a state, by the id of their organisation."""


class State(NamedTuple):
    """An edition of another state: its printed words and, where they are there, its sources."""

    snapshot: EditionSnapshot
    content: Content | None = None
    edition: Edition | None = None


def states_of(content: Content, editions: Sequence[Edition]) -> dict[str, State]:
    """The editions of some content as a state, by the id of their organisation."""
    return {one.id: State(take_named_snapshot(one), content, one) for one in editions}


def read_states(root: Path, since: str) -> dict[str, State]:
    """The editions of another state, by its folder, its file, or its name in git."""
    path = Path(since)
    if path.is_file():
        kept = read_kept(path, path, EditionSnapshot, LARGEST_FILE)
        if isinstance(kept, Problem):
            raise ContentError((kept,))
        return {kept.organisation: State(kept)}
    if path.is_dir():
        return _editions(path, since)
    with open_revision(root, since) as folder:
        return _editions(folder, since)


def _editions(folder: Path, called: str) -> dict[str, State]:
    """The editions of a project folder, each under its own year."""
    if not (folder / ORGANISATIONS).is_dir():
        raise UsageError(f"{called} holds no folder {ORGANISATIONS.as_posix()}.")
    try:
        content, editions = load_without_errors(folder, (), None)
    except ContentError as error:
        places = (
            (one, replace(one.place, file=Path(f"{called}:{one.place.file.as_posix()}")))
            for one in errors_in(error.problems)
        )
        raise ContentError(replace(one, place=place) for one, place in places) from error
    return states_of(content, editions)


@contextmanager
def open_revision(root: Path, name: str) -> Iterator[Path]:
    """The content of a revision in git, unpacked into a folder for as long as it is needed."""
    missing = f"There is no folder, file or revision “{name}”."
    if name.startswith("-"):
        raise UsageError(missing)
    inside = run_git(root, "rev-parse", "--is-inside-work-tree")
    if inside.returncode:
        raise UsageError(
            f"There is no folder or file “{name}”, and this project is not kept in git, so there "
            "are no revisions. Give the folder of another copy of the project."
        )
    wanted = f"{name}^{{commit}}"
    found = run_git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", wanted)
    if found.returncode:
        raise UsageError(f"{missing} `git log` and `git tag` list the revisions.")
    commit = found.stdout.decode().strip()
    packed = run_git(root, "archive", "--format=tar", commit)
    if packed.returncode:
        said = packed.stderr.decode(errors="replace").strip()
        raise OutputError(f"git cannot hand out the revision “{name}”: {said}")
    with tempfile.TemporaryDirectory(prefix="formulary-") as folder:
        _unpack(packed.stdout, Path(folder))
        yield Path(folder)


def run_git(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """What git says in a folder. Raises OutputError where it is not on this computer."""
    try:
        return subprocess.run(
            ("git", "-C", str(root), *arguments), capture_output=True, check=False
        )
    except FileNotFoundError as error:
        raise OutputError(
            "git is not on this computer, so no revision can be read. Install it, or give the "
            "folder of another copy of the project."
        ) from error


def _unpack(packed: bytes, folder: Path) -> None:
    """Unpack the plain files of FOLDERS; links and paths that lead elsewhere are left out."""
    size = 0
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        for member in archive:
            path = PurePosixPath(member.name)
            if not member.isfile() or path.is_absolute() or ".." in path.parts:
                continue
            if path.parts[0] not in FOLDERS:
                continue
            size += member.size
            if size > LARGEST_STATE:
                raise OutputError("The revision is far larger than content can be.")
            data = archive.extractfile(member)
            if data is not None:
                publish.write_files(folder, {path.as_posix(): data.read()})


def load_without_errors(
    root: Path, organisations: Sequence[str], year: int | None
) -> tuple[Content, tuple[Edition, ...]]:
    """The content and its editions; raises ContentError where there are errors."""
    content, found = load(root)
    editions, faults = editions_of(content, organisations, year)
    stop_at_errors((*found, *check_content(content), *faults))
    return content, editions


def take_named_snapshot(edition: Edition) -> EditionSnapshot:
    """The edition's printed words, under its year and the policy's version."""
    version = f", version {edition.policy.version}" if edition.policy.version else ""
    return take_snapshot(edition, f"{edition.name}{version}")
