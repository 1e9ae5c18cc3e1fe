"""Make the changes of a returned policy in the files of today, and say which cannot be made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from formulary.check.content import check_content
from formulary.content.loading import FileMemory, OrganisationContent, load
from formulary.content.policy import Policy
from formulary.content.source import Document, Loc, parse
from formulary.content.splicing import SpliceError, insert, put_key, value_at
from formulary.content.ways import innermost
from formulary.edition.edition import compose_edition
from formulary.edition.rewording import write_words
from formulary.formats.word.edited_policy import EditedPolicy
from formulary.problems import Problem, errors_in
from formulary.takeback.comparison import compare_policies
from formulary.takeback.found import (
    Conflict,
    EntryChange,
    Found,
    LogDraft,
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
        # who names a removal, and what goes with it, was found out later than the removal
        wanted = {
            replace(one, named_in=(), along=()) if isinstance(one, EntryChange) else one
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
    policy = own.policy.document
    found = wishes.narrow(compare_policies(printed, returned, _ids_in(policy.data)))
    changes = [change for _, change in (*found.texts, *found.entries)]
    rules = [change for _, of_rule in found.rules for change in of_rule]
    along = {id(one): tuple(_follow_in_coverage(own, one)) for one in changes}
    trial = _Trial(root, own)
    units = [(one, *along[id(one)]) for one in sorted(changes, key=lambda one: bool(one.need))]
    faults = trial.find_faulty([*units, *(of_rule for _, of_rule in found.rules)])
    named = {id(one) for one in changes if _is_named(one, faults.get(id(one), ()))}
    for one in changes:
        if id(one) in named:
            along[id(one)] += trial.drop_references(one, *along[id(one)])
    _, refused = make_changes([*changes, *rules], trial.today)
    unmade = {id(one.change): one for one in refused}
    for change in (*changes, *rules):
        if id(change) in faults and id(change) not in named:
            why = f"then check would report: {_say_faults(faults[id(change)])[0]}"
            unmade.setdefault(id(change), Refusal(change, "", why))
    held = unmade.keys() | (set() if wishes.removals else named)
    wanted = [change for change in changes if id(change) not in held]
    wanted += [file_change for change in wanted for file_change in along[id(change)]]
    wanted += [change for change in rules if wishes.rules and id(change) not in held]
    made, _ = make_changes(wanted, trial.today)
    drafts = _drafts(found, own.policy.item, held)
    if wishes.updates and drafts:
        made[policy.path] = _with_updates(made.get(policy.path, policy), drafts)
    files = {path: document.text for path, document in made.items()}
    return TakenBack(
        printed.edition.id,
        printed.edition.name,
        tuple(one for one, change in found.texts if id(change) not in unmade),
        tuple(
            replace(
                one,
                named_in=_say_faults(faults[id(change)]) if id(change) in named else (),
                along=tuple(f"{f.document.place(f.loc)}: {f.words}" for f in along[id(change)]),
            )
            for one, change in found.entries
            if id(change) not in unmade
        ),
        tuple(_rule(one, of_rule, unmade) for one, of_rule in found.rules),
        tuple((where, comment) for _, where, comment in found.comments),
        tuple(_conflicts(found, unmade)),
        (*found.not_taken, *_unwritable(found, unmade)),
        tuple(drafts),
        files,
        called,
        found.is_by_likeness,
        returned.is_tracked,
        trial.errors_of(files),
    )


_COVERED = {"topics": "guidance", "checklists": "checklists", "diagrams": "guidance.diagrams"}
"""What the places of `coverage.yaml` begin with, by the list that an entry is in."""


def _follow_in_coverage(own: OrganisationContent, change: FileChange) -> Iterator[FileChange]:
    """The changes of `coverage.yaml` that go with a point, clause or entry that is taken out.

    A fact of the source sheet that names what is gone names what that was in.
    """
    if change.need != "removals" or own.coverage is None or len(change.loc) < 4:
        return
    data, document = change.document.data, own.coverage.document
    entry, outer = value_at(data, change.loc[:4]), value_at(data, change.loc[:2])
    ids, is_clause = tuple(_ids_in(value_at(data, change.loc))), change.loc[2] == "clauses"
    if not is_clause and change.loc[0] not in _COVERED:
        return
    if is_clause:
        now = f"policy.{(entry if 'points' in change.loc else outer)['id']}"
        gone = {f"policy.{entry['id']}.{id}" for id in ids}
        if "points" not in change.loc:
            gone.add(f"policy.{entry['id']}")
    else:
        now = f"{_COVERED[str(change.loc[0])]}.{outer['id']}"
        gone = {f"{now}.{id}" for id in ids}
    for fact, named in document.data["facts"].items():
        places = named if isinstance(named, tuple) else (named,)
        for at, place in enumerate(places):
            if place in gone:
                loc: Loc = ("facts", fact, at) if isinstance(named, tuple) else ("facts", fact)
                kind: Literal["set", "remove"] = "remove" if now in places else "set"
                yield FileChange(kind, document, loc, now, words=f"{fact} names {now} now")


class _Trial:
    """Tries changes before they are written: which errors the content would have with them."""

    def __init__(self, root: Path, own: OrganisationContent) -> None:
        self.root, self.organisation = root, own.id
        self.today = {one.path: one for one in _documents(own)}
        self.memory = FileMemory()
        self.known: dict[frozenset[tuple[Path, str]], tuple[Problem, ...]] = {}

    def find_faulty(
        self, units: Sequence[tuple[FileChange, ...]]
    ) -> dict[int, tuple[Problem, ...]]:
        """The errors that changes make, by the identity of the change.

        A unit is changes that are made together. Of units that do not go together, the later one is
        the faulty one.
        """
        faulty: dict[int, tuple[Problem, ...]] = {}
        self._try(units, [], faulty)
        return faulty

    def _try(
        self,
        batch: Sequence[tuple[FileChange, ...]],
        good: list[FileChange],
        faulty: dict[int, tuple[Problem, ...]],
    ) -> None:
        """Add to `good` what makes no errors with it; half by half, to try as little as can be."""
        wanted = [change for together in batch for change in together]
        made, _ = make_changes([*good, *wanted], self.today)
        errors = self._errors_with(made)
        if not errors:
            good += wanted
        elif len(batch) == 1:
            faulty.update((id(change), errors) for change in wanted)
        else:
            half = len(batch) // 2
            self._try(batch[:half], good, faulty)
            self._try(batch[half:], good, faulty)

    def drop_references(self, *unit: FileChange) -> tuple[FileChange, ...]:
        """What takes the id of a removal out of the keys and lists that name it.

        Nothing where that leaves an error, as where a sentence names it: somebody has to decide.
        """
        gone = set(_ids_in(value_at(unit[0].document.data, unit[0].loc)))
        made, _ = make_changes(unit, self.today)
        dropped: dict[tuple[Path, Loc], FileChange] = {}
        for fault in self._errors_with(made):
            document = made.get(fault.place.file) or self.today.get(fault.place.file)
            loc = innermost(fault, document) if document else None
            if not document or not loc or (id := value_at(document.data, loc)) not in gone:
                return ()
            holder = value_at(document.data, loc[:-1])
            if isinstance(holder, tuple) and gone.issuperset(holder):
                loc = loc[:-1]
            words = f"it no longer names “{id}”"
            dropped[document.path, loc] = FileChange("remove", document, loc, words=words)
        made, refused = make_changes([*unit, *dropped.values()], self.today)
        return () if refused or self._errors_with(made) else tuple(dropped.values())

    def _errors_with(self, made: Mapping[Path, Document]) -> tuple[Problem, ...]:
        return self.errors_of({path: document.text for path, document in made.items()})

    def errors_of(self, files: Mapping[Path, str]) -> tuple[Problem, ...]:
        """The errors that the content has with other texts of files, and has not now."""
        state = frozenset(files.items())
        if files and state not in self.known:
            drafts = {self.root / path: parse(text, path)[0] for path, text in files.items()}
            self.memory.drafts = drafts
            content, found = load(self.root, (self.organisation,), self.memory)
            own = next((one for one in content.organisations if one.id == self.organisation), None)
            faults = compose_edition(content, own)[1] if own else ()
            self.known[state] = errors_in((*found, *check_content(content), *faults))
        return self.known.get(state, ())


def _is_named(change: FileChange, faults: Iterable[Problem]) -> bool:
    """Whether what is wrong with a removal is that other places name what it takes out."""
    if change.need != "removals":
        return False
    gone = tuple(_ids_in(value_at(change.document.data, change.loc)))
    return any(f"“{id}”" in one.message for one in faults for id in gone)


def _say_faults(faults: Iterable[Problem]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{one.place}: {one.message}" for one in faults))


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


def _drafts(found: Found, policy: Policy, unmade: Collection[int]) -> list[LogDraft]:
    """A draft for the change log of each clause whose words changed.

    The reason is what was noted in the margin of the clause; the body is that of the cover.
    """
    said: dict[str, list[str]] = {}
    reasons: dict[str, list[str]] = {}
    for clause, words, change in found.updates:
        if id(change) not in unmade:
            said.setdefault(clause, []).append(words)
    for place, _, comment in found.comments:
        reasons.setdefault(place, []).append(comment.words)
    body = (policy.approval.by if policy.approval else None) or ""
    return [
        LogDraft(clause, " ".join(words), " ".join(reasons.get(clause, ())), body)
        for clause, words in said.items()
    ]


def _with_updates(policy: Document, drafts: Iterable[LogDraft]) -> Document:
    """The policy with a draft for each changed clause at the end of its change log."""
    for draft in drafts:
        there = policy.data.get("updates")
        entry = {"clause": draft.clause, "text": write_words(draft.text, {})}
        if draft.reason:
            entry["reason"] = write_words(draft.reason, {})
        if draft.approved_by:
            entry["approved-by"] = draft.approved_by
        try:
            if there is None:
                policy = put_key(policy, (), "updates", (entry,))
            else:
                policy = insert(policy, ("updates",), len(there), entry)
        except SpliceError:
            continue
    return policy
