"""What changed since another state of the content, and keeping an edition for the next comparison.

The other state is a folder, a kept edition, or a revision in git; git's own files are only read,
and what it hands out is unpacked into a temporary folder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from formulary import publish
from formulary.content.kept_edition import (
    FOLDER,
    KeptEdition,
    place_to_keep,
    read_kept_editions,
    sources_of,
)
from formulary.content.kept_edition import as_json as whole_as_json
from formulary.content.loading import Content
from formulary.content.snapshot import FILE, as_json
from formulary.content.versions import latest
from formulary.documents.changes_paper import compose_changes
from formulary.edition.changes import Comparison, compare
from formulary.edition.edition import Edition
from formulary.edition.entries import compare_with_last
from formulary.pipeline.content import stop_at_errors
from formulary.pipeline.formats import FORMATS
from formulary.pipeline.house_folder import house_folder
from formulary.pipeline.states import (
    Snapshots,
    load_without_errors,
    read_states,
    states_of,
    take_named_snapshot,
)
from formulary.problems import UsageError
from formulary.project import COMMAND, ORGANISATIONS
from formulary.returns.edition_shelf import published_forms


@dataclass(frozen=True)
class Changes:
    """The comparisons with another state; `new` and `gone` are organisations that only one has."""

    editions: tuple[Edition, ...]
    comparisons: tuple[Comparison, ...]
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


def changes(
    root: Path, since: str | None, organisations: Sequence[str], year: int | None
) -> Changes:
    """What changed since a state: a folder, a kept edition, or a revision in git.

    Without `since`, the edition kept in each organisation's folder. Raises ContentError where the
    content of either state has errors, UsageError where the state does not exist, OutputError
    where git is needed and cannot be used.
    """
    content, editions = load_without_errors(root, organisations, year)
    now = {e.id: take_named_snapshot(e) for e in editions}
    if since is None:
        then = _last_editions(content, tuple(now))
    else:
        then = {id: state.snapshot for id, state in read_states(root, since).items()}
    for wanted in organisations:
        if wanted not in then:
            known = f" Known then: {', '.join(then)}." if then else ""
            raise UsageError(f"There was no organisation “{wanted}” in {since}.{known}")
    both = tuple(edition for edition in editions if edition.id in then)
    return Changes(
        editions=both,
        comparisons=tuple(compare(then[e.id], now[e.id], e.policy.updates) for e in both),
        new=tuple(id for id in now if id not in then),
        gone=() if organisations or since is None else tuple(id for id in then if id not in now),
    )


def keep_edition(
    root: Path, organisation: str, at: str | None, name: str
) -> tuple[tuple[Path, ...], str]:
    """Keep an edition in its organisation's folder; gives the files' paths and the edition's name.

    Raises what `plan_kept_edition` raises, and OutputError.
    """
    files, kept = plan_kept_edition(root, organisation, at, name)
    publish.write_files(root, {path.as_posix(): data for path, data in files.items()})
    return tuple(files), kept


def plan_kept_edition(
    root: Path, organisation: str, at: str | None, name: str
) -> tuple[dict[Path, bytes], str]:
    """The files that keep an edition, by path in the project, and the edition's name.

    It is the edition that the content holds now, or that the state `at` held. It is kept twice: its
    printed words, for the next comparison, and whole, so that its returns can be read and checked
    from then on. A state that is itself a kept edition has the words only. Raises what `changes`
    raises, and ContentError where an edition that was kept before cannot be read.
    """
    before, faults = read_kept_editions(root, organisation)
    stop_at_errors(faults)
    now = load_without_errors(root, (organisation,), None)
    then = states_of(*now) if at is None else read_states(root, at)
    if organisation not in then:
        raise UsageError(f"There was no organisation “{organisation}” in {at}.")
    state = then[organisation]
    kept = state.snapshot.model_copy(update={"name": name}) if name else state.snapshot
    files = {FILE: as_json(kept)}
    if state.content and state.edition:
        files |= whole_edition_file(state.content, state.edition, kept.name, before)
    path = ORGANISATIONS / organisation
    return {path / file: data for file, data in files.items()}, kept.name


def whole_edition_file(
    content: Content, edition: Edition, name: str, before: Mapping[str, KeptEdition]
) -> dict[str, bytes]:
    """The file that keeps an edition whole, by its path in the organisation's folder.

    `before` are the editions that are kept already, by file.
    """
    own = content.get(edition.id)
    digests = {id: form.blank.stamp.digest for id, form in published_forms(edition).items()}
    whole = KeptEdition(
        organisation=own.id,
        name=name,
        year=edition.year,
        schema_version=latest(),
        forms=digests,
        files=sources_of(content, own),
    )
    return {f"{FOLDER}/{place_to_keep(whole, edition.name, before)}": whole_as_json(whole)}


def papers(root: Path, found: Changes, format: str) -> bytes:
    """The one comparison as a document in the format “Word” or “PDF”.

    Raises UsageError where there are several: a document is about one organisation.
    """
    if len(found.comparisons) != 1:
        known = ", ".join(edition.id for edition in found.editions)
        raise UsageError(
            f"A document tells of one organisation. Say which with --org: {known or 'none'}."
        )
    paper = compose_changes(found.editions[0], found.comparisons[0])
    written = {one.name: one.write_policy for one in FORMATS}
    with house_folder(root) as house:
        return written[format](paper, house)


def since_last_editions(content: Content, editions: Sequence[Edition]) -> tuple[Edition, ...]:
    """The editions with what changed since the last one, for those that keep one."""
    last = {own.id: own.last_edition for own in content.organisations}
    return tuple(compare_with_last(edition, last[edition.id]) for edition in editions)


def _last_editions(content: Content, wanted: Sequence[str]) -> Snapshots:
    kept = {
        own.id: own.last_edition
        for own in content.organisations
        if own.last_edition and own.id in wanted
    }
    if not kept:
        raise UsageError(
            "No last edition is kept to compare with. Say --since and a folder or a revision, or "
            f"keep an edition first: {COMMAND} keep-edition --org ID."
        )
    return kept
