"""Take back a policy in Word that trustees edited: their changes become changes of the YAML."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from formulary import publish
from formulary.check.content import check_content
from formulary.content.kept_edition import (
    KeptEdition,
    load_kept,
    read_kept_edition,
    read_kept_editions,
)
from formulary.content.loading import FileMemory, OrganisationContent, load
from formulary.content.source import Document, parse
from formulary.content.splicing import SpliceError, encode_like, insert, put_key, value_at
from formulary.documents.paper import compose_paper
from formulary.documents.stamp import Stamp
from formulary.edition.edition import Edition, compose_edition, edition_of
from formulary.formats.word.edited_policy import EditedPolicy, read_edited_policy
from formulary.formats.word.policy import write_policy
from formulary.pipeline.house_folder import house_folder
from formulary.pipeline.states import load_without_errors, open_revision, run_git
from formulary.problems import ContentError, OutputError, Problem, UsageError, errors_in
from formulary.project import LIBRARY, ORGANISATIONS
from formulary.returns.submission import CannotRead
from formulary.takeback.comparison import Found, compare_policies
from formulary.takeback.found import (
    Conflict,
    EntryChange,
    NotTaken,
    RuleChange,
    TakenBack,
    TextChange,
)
from formulary.takeback.operations import FileChange, Refusal, make_changes, words_of
from formulary.takeback.printed import PrintedPolicy

LARGEST_FILE = 50_000_000
"""Bytes of a policy; the largest of ours has a hundredth of it."""

MOST_REVISIONS = 40
"""How many revisions of the content in git are tried as the one that a paper was made from."""


@dataclass(frozen=True)
class Wishes:
    """What of a returned policy is written: changes of numbers, dates and words that are kept in
    one place, what other places name, and drafts for the change log.

    `chosen` are the changes that somebody has ticked, as an earlier run found them; None for all.
    """

    rules: bool = False
    removals: bool = False
    updates: bool = False
    chosen: frozenset[AnyChange] | None = None

    def narrow(self, found: Found) -> Found:
        """What was found without what was not chosen."""
        if self.chosen is None:
            return found
        # who names a removal was found out later than the removal
        wanted = {
            replace(one, named_in=()) if isinstance(one, EntryChange) else one
            for one in self.chosen
        }
        texts = [pair for pair in found.texts if pair[0] in wanted]
        entries = [pair for pair in found.entries if pair[0] in wanted]
        rules = [pair for pair in found.rules if pair[0] in wanted]
        kept = {id(change) for _, change in (*texts, *entries)}
        updates = [one for one in found.updates if id(one[2]) in kept]
        return replace(found, texts=texts, entries=entries, rules=rules, updates=updates)


AnyChange = TextChange | EntryChange | RuleChange


NO_WISHES = Wishes()


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
        state, called = _state_called(root, base, wanted), base
    else:
        state, called = _find_state(root, own, today, stamp, file.name)
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


def take_changes(
    root: Path,
    own: OrganisationContent,
    printed: PrintedPolicy,
    returned: EditedPolicy,
    wishes: Wishes = NO_WISHES,
    called: str = "",
) -> TakenBack:
    """What a returned policy changes of the content of today.

    `printed` is the policy as it was sent, and `called` the name of that state.
    """
    today = {one.path: one for one in _documents(own)}
    policy = own.policy.document
    found = wishes.narrow(compare_policies(printed, returned, _ids_in(policy.data)))
    changes = [change for _, change in (*found.texts, *found.entries)]
    rules = [change for _, of_rule in found.rules for change in of_rule]
    named = _places_that_name(root, own, changes, today)
    wanted = [
        change
        for change in (*changes, *(rules if wishes.rules else ()))
        if wishes.removals or not named.get(id(change))
    ]
    made, refused = make_changes(wanted, today)
    _, refused_rules = make_changes(rules, today)
    by_change = {id(one.change): one for one in (*refused, *refused_rules)}
    held = {id(change) for change in changes} - {id(change) for change in wanted}
    drafts = _drafts(found, by_change.keys() | held)
    if wishes.updates and drafts:
        made[policy.path] = _with_updates(made.get(policy.path, policy), drafts)
    files = {path: document.text for path, document in made.items()}
    return TakenBack(
        printed.edition.id,
        printed.edition.name,
        tuple(one for one, change in found.texts if id(change) not in by_change),
        tuple(
            replace(one, named_in=named.get(id(change), ()))
            for one, change in found.entries
            if id(change) not in by_change
        ),
        tuple(_rule(one, of_rule, by_change) for one, of_rule in found.rules),
        tuple(found.comments),
        tuple(_conflicts(found, by_change)),
        (*found.not_taken, *_unwritable(found, by_change)),
        tuple(drafts),
        files,
        called,
        found.is_by_likeness,
        returned.is_tracked,
        _new_errors(root, own, files),
    )


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
            raise UsageError(f"{file.name} is larger than any policy of ours ({file}).")
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


# ---- the state that the paper was made from ----

_State = tuple[OrganisationContent, Edition]


def _find_state(
    root: Path, own: OrganisationContent, today: Edition, stamp: Stamp | None, name: str
) -> tuple[_State, str]:
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
) -> Iterator[tuple[str, Callable[[], _State | None]]]:
    kept, _ = read_kept_editions(root, organisation)
    for name, one in reversed([*kept.items()]):
        yield f"the kept edition {name}", partial(_of_kept, one)


def _of_kept(kept: KeptEdition) -> _State | None:
    content, own = load_kept(kept)
    edition, _ = edition_of(content, own, kept.year)
    return (own, edition) if edition else None


def _revisions(root: Path, organisation: str) -> Iterator[tuple[str, Callable[[], _State | None]]]:
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


def _of_revision(root: Path, name: str, organisation: str) -> _State | None:
    with open_revision(root, name) as folder:
        return _of_folder(folder, organisation)


def _of_folder(folder: Path, organisation: str) -> _State | None:
    content, faults = load(folder, (organisation,))
    own = next((own for own in content.organisations if own.id == organisation), None)
    if own is None or errors_in(faults):
        return None
    edition, _ = edition_of(content, own, None)
    return (own, edition) if edition else None


def _state_called(root: Path, base: str, organisation: str) -> _State:
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


# ---- what is written, and what cannot be ----


def _documents(own: OrganisationContent) -> Iterator[Document]:
    """The files of an organisation's folder."""
    for part in vars(own).values():
        document = getattr(part, "document", None)
        if isinstance(document, Document):
            yield document


def _ids_in(data: object) -> Iterator[str]:
    if isinstance(data, dict):
        if isinstance(data.get("id"), str):
            yield data["id"]
        data = tuple(data.values())
    for part in data if isinstance(data, tuple) else ():
        yield from _ids_in(part)


def _places_that_name(
    root: Path,
    own: OrganisationContent,
    changes: Iterable[FileChange],
    today: Mapping[Path, Document],
) -> dict[int, tuple[str, ...]]:
    """For each removal, by its identity, the places that name what it takes out.

    They are the errors that the content would have without it.
    """
    found: dict[int, tuple[str, ...]] = {}
    removals = [change for change in changes if change.need == "removals"]
    if not removals:
        return found
    made, _ = make_changes(removals, today)
    errors = _new_errors(root, own, {path: one.text for path, one in made.items()})
    for change in removals:
        gone = set(_ids_in(value_at(change.document.data, change.loc)))
        naming = [
            f"{problem.place}: {problem.message}"
            for problem in errors
            if any(f"“{id}”" in problem.message for id in gone)
        ]
        found[id(change)] = tuple(dict.fromkeys(naming))
    return found


def _new_errors(
    root: Path, own: OrganisationContent, files: Mapping[Path, str]
) -> tuple[Problem, ...]:
    """The errors that the content has with other texts of files, and has not now."""
    if not files:
        return ()
    memory = FileMemory()
    memory.drafts = {root / path: parse(text, path)[0] for path, text in files.items()}
    content, found = load(root, (own.id,), memory)
    changed = next((one for one in content.organisations if one.id == own.id), None)
    faults = compose_edition(content, changed)[1] if changed else ()
    return tuple(errors_in((*found, *check_content(content), *faults)))


def _rule(
    rule: RuleChange, changes: tuple[FileChange, ...], refused: Mapping[int, Refusal]
) -> RuleChange:
    faults = [one for change in changes if (one := refused.get(id(change)))]
    if not faults:
        return rule
    why = faults[0].why or f"the content has changed there since: “{faults[0].today}”"
    return replace(rule, why=why)


def _refusals(
    found: Found, refused: Mapping[int, Refusal]
) -> Iterator[tuple[TextChange | EntryChange, FileChange, Refusal]]:
    pairs: tuple[tuple[TextChange | EntryChange, FileChange], ...]
    pairs = (*found.texts, *found.entries)
    for one, change in pairs:
        if fault := refused.get(id(change)):
            yield one, change, fault


def _conflicts(found: Found, refused: Mapping[int, Refusal]) -> Iterator[Conflict]:
    for one, change, fault in _refusals(found, refused):
        if not fault.why:
            base = words_of(value_at(change.document.data, change.loc))
            was = base if change.kind in ("set", "remove") else ""
            now = change.words if change.kind != "remove" else ""
            yield Conflict(one.where, one.place, was, now, fault.today)


def _unwritable(found: Found, refused: Mapping[int, Refusal]) -> Iterator[NotTaken]:
    for one, change, fault in _refusals(found, refused):
        if fault.why:
            yield NotTaken(one.where, change.words, fault.why)


def _drafts(found: Found, unmade: Collection[int]) -> list[tuple[str, str]]:
    """A draft for the change log of each clause whose words changed."""
    said: dict[str, list[str]] = {}
    for clause, words, change in found.updates:
        if id(change) not in unmade:
            said.setdefault(clause, []).append(words)
    return [(clause, " ".join(words)) for clause, words in said.items()]


def _with_updates(policy: Document, drafts: Iterable[tuple[str, str]]) -> Document:
    """The policy with a draft for each changed clause at the end of its change log."""
    for clause, words in drafts:
        there = policy.data.get("updates")
        entry = {"clause": clause, "text": words}
        try:
            if there is None:
                policy = put_key(policy, (), "updates", (entry,))
            else:
                policy = insert(policy, ("updates",), len(there), entry)
        except SpliceError:
            continue
    return policy
