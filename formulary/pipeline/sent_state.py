"""Find the state of the content that a returned paper was made from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from formulary.content.kept_edition import (
    KeptEdition,
    load_kept,
    read_kept_edition,
    read_kept_editions,
)
from formulary.content.loading import OrganisationContent, load
from formulary.documents.paper import compose_paper
from formulary.documents.stamp import Stamp
from formulary.edition.edition import Edition, edition_of
from formulary.pipeline.states import open_revision, run_git
from formulary.problems import ContentError, OutputError, Problem, UsageError, errors_in
from formulary.project import LIBRARY, ORGANISATIONS

MOST_REVISIONS = 40
"""How many revisions of the content in git are tried as the one that a paper was made from."""

SentState = tuple[OrganisationContent, Edition]
"""An organisation's content at some time, and its edition."""


def find_state(
    root: Path, own: OrganisationContent, today: Edition, stamp: Stamp | None, name: str
) -> tuple[SentState, str]:
    """The state whose policy has the code of the paper, and what it is called."""
    if stamp is None or _has_code(today, stamp):
        return (own, today), ""
    states = (*_kept_states(root, own.id), *_revisions(root, own.id))
    for called, load_state in states:
        try:
            state = load_state()
        except (ContentError, OutputError, UsageError):
            continue  # a state with errors printed no policy
        if state and _has_code(state[1], stamp):
            return state, called
    code = stamp.code.rpartition(" ")[2]
    raise UsageError(
        f"{name} was made from other words than the content has now: its code is "
        f"{code}. No edition is kept, and no revision in git is found, "
        "that has this code. Say with --base which it was made from: a folder, a file of "
        "editions/, or a revision in git.",
        f"{name} was made from other words than the handbook has now, and no kept edition has its "
        f"code, {code}. Make the policy again in Word, put the changes into that file, and choose "
        "that one. If you still have the files that it was made from, those who look after "
        "Formulary for you can compare it with them.",
    )


def _has_code(edition: Edition, stamp: Stamp) -> bool:
    return compose_paper(edition).stamp.has_same_questions(stamp) and edition.year == stamp.year


def _kept_states(
    root: Path, organisation: str
) -> Iterator[tuple[str, Callable[[], SentState | None]]]:
    kept, _ = read_kept_editions(root, organisation)
    for name, one in reversed([*kept.items()]):
        yield f"the kept edition {name}", partial(_of_kept, one)


def _of_kept(kept: KeptEdition) -> SentState | None:
    content, own = load_kept(kept)
    edition, _ = edition_of(content, own, kept.year)
    return (own, edition) if edition else None


def _revisions(
    root: Path, organisation: str
) -> Iterator[tuple[str, Callable[[], SentState | None]]]:
    paths = ((ORGANISATIONS / organisation).as_posix(), LIBRARY.as_posix())
    try:
        found = run_git(
            root, "log", f"-{MOST_REVISIONS}", "--format=%H %as", "--relative", "--", *paths
        )
    except OutputError:
        return
    for line in found.stdout.decode().split("\n") if not found.returncode else ():
        commit, _, day = line.partition(" ")
        if commit:
            yield (
                f"the revision {commit[:10]} of {day}",
                partial(_of_revision, root, commit, organisation),
            )


def _of_revision(root: Path, name: str, organisation: str) -> SentState | None:
    with open_revision(root, name) as folder:
        return _of_folder(folder, organisation)


def _of_folder(folder: Path, organisation: str) -> SentState | None:
    content, faults = load(folder, (organisation,))
    own = content.find(organisation)
    if own is None or errors_in(faults):
        return None
    edition, _ = edition_of(content, own, None)
    return (own, edition) if edition else None


def read_state(root: Path, base: str, organisation: str) -> SentState:
    """The state that somebody named. Raises UsageError."""
    path = Path(base)
    if path.is_file():
        kept = read_kept_edition(path, path, organisation)
        if isinstance(kept, Problem):
            raise ContentError((kept,))
        state = _of_kept(kept)
    elif path.is_dir():
        state = _of_folder(path, organisation)
    else:
        state = _of_revision(root, base, organisation)
    if state is None:
        raise UsageError(f"{base} has no policy of “{organisation}” without errors.")
    return state
