"""Take back a policy in Word that trustees edited: their changes become changes of the YAML."""

from __future__ import annotations

from pathlib import Path

from formulary import publish
from formulary.content.loading import OrganisationContent
from formulary.content.splicing import encode_like
from formulary.documents.paper import compose_paper
from formulary.edition.edition import Edition
from formulary.formats.word.edited_policy import EditedPolicy, read_edited_policy
from formulary.formats.word.policy import write_policy
from formulary.pipeline.house_folder import house_folder
from formulary.pipeline.sent_state import find_state, read_state
from formulary.pipeline.states import load_without_errors
from formulary.problems import UsageError
from formulary.returns.submission import CannotRead
from formulary.takeback.found import TakenBack
from formulary.takeback.printed import PrintedPolicy
from formulary.takeback.writing import NO_WISHES, Wishes, take_changes

LARGEST_FILE = 50_000_000
"""Bytes of a policy; the largest of ours has a hundredth of it."""


def take_back(
    root: Path,
    file: Path,
    organisation: str | None,
    wishes: Wishes = NO_WISHES,
    base: str | None = None,
) -> TakenBack:
    """What the policy in `file` changes of the content. Nothing is written.

    `base` is the state that it was made from: a folder, a kept edition, or a revision in git.
    Without it, the state is found by the code in the file.

    Raises UsageError where the file is no policy of ours, or the state is nowhere, and ContentError
    where the content has errors.
    """
    returned = _read(file)
    stamp = returned.stamp
    wanted = organisation or (stamp.organisation if stamp else "")
    if not wanted:
        raise UsageError(
            f"{file.name} does not say whose policy it is: its properties are gone. Say --org."
        )
    if stamp and stamp.organisation != wanted:
        raise UsageError(f"{file.name} is the policy of “{stamp.organisation}”, not of “{wanted}”.")
    content, (today,) = load_without_errors(root, (wanted,), None)
    own = next(own for own in content.organisations if own.id == wanted)
    if base:
        state, called = read_state(root, base, wanted), base
    else:
        state, called = find_state(root, own, today, stamp, file.name)
    with house_folder(root) as house:
        printed = _print(state, house)
    return take_changes(root, own, printed, returned, wishes, called)


def print_policy(root: Path, organisation: str, year: int | None = None) -> PrintedPolicy:
    """The policy of an organisation. Raises ContentError where the content has errors."""
    content, (edition,) = load_without_errors(root, (organisation,), year)
    own = next(own for own in content.organisations if own.id == organisation)
    with house_folder(root) as house:
        return _print((own, edition), house)


def _print(state: tuple[OrganisationContent, Edition], house: Path) -> PrintedPolicy:
    own, edition = state
    paper = compose_paper(edition)
    return PrintedPolicy(own, edition, paper, read_edited_policy(write_policy(paper, house)))


def write_taken_back(root: Path, found: TakenBack) -> tuple[Path, ...]:
    """Write the changed files; gives their paths in the project."""
    encoded = {
        path: encode_like((root / path).read_bytes(), text) for path, text in found.files.items()
    }
    for folder in {path.parent for path in encoded}:
        files = {path.name: data for path, data in encoded.items() if path.parent == folder}
        publish.write_files(root / folder, files)
    return tuple(encoded)


def _read(file: Path) -> EditedPolicy:
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise UsageError(f"{file.name} is larger than any of our policies ({file}).")
        data = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be opened: {error.strerror or error}.") from error
    try:
        return read_edited_policy(data)
    except CannotRead as error:
        raise UsageError(
            f"{file.name} cannot be taken back: {error}. Open it in Word, save it as a Word "
            "document (.docx), and try again."
        ) from error
