"""Make the changes of a returned policy in the files of today, and say which cannot be made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from formulary.check.content import check_content
from formulary.content.loading import FileMemory, OrganisationContent, load
from formulary.content.source import Document, parse
from formulary.content.splicing import SpliceError, insert, put_key, value_at
from formulary.edition.edition import compose_edition
from formulary.formats.word.edited_policy import EditedPolicy
from formulary.problems import Problem, errors_in
from formulary.takeback.comparison import compare_policies
from formulary.takeback.found import (
    Conflict,
    EntryChange,
    Found,
    NotTaken,
    RuleChange,
    TakenBack,
    TextChange,
)
from formulary.takeback.operations import FileChange, Refusal, make_changes, words_of
from formulary.takeback.printed import PrintedPolicy


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
