"""Make the changes of a returned policy in the files of today, and say which cannot be made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from formulary.check.content import check_content
from formulary.content.loading import FileMemory, OrganisationContent, load
from formulary.content.policy import Policy
from formulary.content.source import Document, Loc, parse
from formulary.content.splicing import SpliceError, insert, put_key, value_at
from formulary.content.ways import innermost
from formulary.edition.edition import compose_edition
from formulary.edition.filled_text import ids_on_the_way
from formulary.edition.rewording import values_in, write_words
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
from formulary.takeback.operations import (
    ChangeMaker,
    FileChange,
    Refusal,
    ids_in,
    name_removal,
    words_of,
)
from formulary.takeback.printed import PrintedPolicy

COVERAGE = "coverage.yaml"
"""The record of what the policy covers, which names every place that is printed."""


@dataclass(frozen=True)
class Wishes:
    """What of a returned policy is written besides texts and entries: changes of numbers, dates
    and words that are kept in one place, and drafts for the change log.

    `chosen` are the changes that somebody has ticked, as an earlier run found them; None for all.
    """

    rules: bool = False
    updates: bool = False
    chosen: frozenset[AnyChange] | None = None

    def narrow(self, found: Found) -> Found:
        """What was found without what was not chosen."""
        if self.chosen is None:
            return found
        # what goes with a removal was found out later than the removal
        wanted = {
            replace(one, along=()) if isinstance(one, EntryChange) else one for one in self.chosen
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
    found = wishes.narrow(compare_policies(printed, returned, ids_in(policy.data)))
    changes = [change for _, change in (*found.texts, *found.entries)]
    rules = [change for _, of_rule in found.rules for change in of_rule]
    names = printed.edition.references
    labels = {**names.clauses, **names.sections, **names.appendices}
    trial = _Trial(root, own, labels | values_in(printed.edition.texts))
    _, refused = trial.maker.make([*changes, *rules])
    unmade = {id(one.change): one for one in refused}
    units = [(one, *one.along) for one in changes if id(one) not in unmade]
    trial.add([unit for unit in units if unit[0].kind != "remove"])
    for unit in units:
        if unit[0].kind == "remove":  # each alone, because others often name it
            trial.add([unit])
    made, _ = trial.maker.make(trial.good)
    trial.add([of_rule for _, of_rule in found.rules if not unmade.keys() & {*map(id, of_rule)}])
    if wishes.rules:
        made, _ = trial.maker.make(trial.good)
    for change in (*changes, *rules):
        if fault := trial.faults.get(id(change)):
            unmade[id(change)] = Refusal(change, "", f"then check would report: {fault}")
    conflicts, left = _list_refused(found, unmade)
    drafts = _drafts(found, own.policy.item, unmade)
    if wishes.updates and drafts:
        made[policy.path] = _with_updates(made.get(policy.path, policy), drafts)
    return TakenBack(
        printed.edition.id,
        printed.edition.name,
        tuple(one for one, change in found.texts if id(change) not in unmade),
        tuple(
            replace(one, along=tuple(_say_along((*change.along, *trial.along.get(id(change), ())))))
            for one, change in found.entries
            if id(change) not in unmade
        ),
        tuple(_rule(one, of_rule, unmade) for one, of_rule in found.rules),
        tuple((where, comment) for _, where, comment in found.comments),
        conflicts,
        (*found.not_taken, *left),
        tuple(drafts),
        {path: document.text for path, document in made.items()},
        called,
        found.is_by_likeness,
        returned.is_tracked,
    )


def _say_along(changes: Iterable[FileChange]) -> Iterator[str]:
    """What changes with a removal, the sentences to read first."""
    for change in sorted(changes, key=lambda one: "Read it" not in one.words):
        yield f"{change.document.place(change.loc)}: {change.words}"


class _Trial:
    """Tries changes before they are written: those that leave an error are not made.

    `printed` is what each expression and id printed. `good` are the changes that can be made
    together, `along` what is changed with a removal, and `faults` what check would report, both by
    the identity of the change.
    """

    def __init__(self, root: Path, own: OrganisationContent, printed: Mapping[str, str]) -> None:
        self.root, self.organisation, self.printed = root, own.id, printed
        self.maker = ChangeMaker({one.path: one for one in _documents(own)})
        self.memory = FileMemory()
        self.good: list[FileChange] = []
        self.along: dict[int, tuple[FileChange, ...]] = {}
        self.faults: dict[int, str] = {}

    def add(self, units: Sequence[tuple[FileChange, ...]]) -> None:
        """Add to `good` what makes no errors with it; half by half, to try as little as can be.

        A unit is changes that are made together. Of units that do not go together, the later one is
        the faulty one.
        """
        wanted = [change for unit in units for change in unit]
        made, errors = self._try(wanted) if wanted else ({}, ())
        if not errors:
            self.good += wanted
        elif len(units) > 1:
            half = len(units) // 2
            self.add(units[:half])
            self.add(units[half:])
        elif fault := self._remove_names(wanted, made, errors):
            said = f"{fault.place}: {fault.message}"
            self.faults.update((id(change), said) for change in units[0])
        else:
            self.along[id(wanted[0])] = tuple(wanted[len(units[0]) :])
            self.good += wanted

    def _remove_names(
        self, unit: list[FileChange], made: Mapping[Path, Document], errors: Sequence[Problem]
    ) -> Problem | None:
        """Add to the removal of something what removes its id elsewhere. Gives an error that stays.

        In a text, the words that the id printed stay.
        """
        if unit[0].kind != "remove":
            return errors[0]
        document, at = unit[0].document, unit[0].loc
        gone = set(ids_in(value_at(document.data, at)))
        home = ("", *ids_on_the_way(document, at[:-2]))[-1]
        known = set[tuple[Path, Loc]]()
        for _ in range(5):  # what is wrong can hide more of the same
            places: dict[tuple[Path, Loc], FileChange] = {}
            for fault in errors:
                file = made.get(fault.place.file) or self.maker.today.get(fault.place.file)
                loc = innermost(fault, file) if file else None
                change = None
                if file and loc:
                    if file.path.name == COVERAGE:  # it may name a table that was printed
                        gone.add(str(value_at(file.data, loc)).rpartition(".")[2])
                    change = name_removal(file, loc, gone, home, self.printed)
                    if (file.path, (*loc, "clause")) in known:
                        words = "it is gone too, because it needs the clause that it named"
                        change = FileChange("forget", file, loc, words=words)
                if not change:
                    return fault
                places[change.document.path, change.loc] = change
            unit += places.values()
            known |= places.keys()
            made, errors = self._try(unit)
            if not errors:
                return None
        return errors[0]

    def _try(
        self, wanted: Iterable[FileChange]
    ) -> tuple[dict[Path, Document], tuple[Problem, ...]]:
        """The changed files, and the errors that the content would have with them."""
        made, _ = self.maker.make([*self.good, *wanted])
        if not made:
            return made, ()
        texts = ((path, document.text) for path, document in made.items())
        self.memory.drafts = {self.root / path: parse(text, path)[0] for path, text in texts}
        content, found = load(self.root, (self.organisation,), self.memory)
        own = next((one for one in content.organisations if one.id == self.organisation), None)
        faults = compose_edition(content, own)[1] if own else ()
        return made, errors_in((*found, *check_content(content), *faults))


def _documents(own: OrganisationContent) -> Iterator[Document]:
    """The files of an organisation's folder."""
    for part in vars(own).values():
        document = getattr(part, "document", None)
        if isinstance(document, Document):
            yield document


def _rule(
    rule: RuleChange, changes: tuple[FileChange, ...], refused: Mapping[int, Refusal]
) -> RuleChange:
    faults = [one for change in changes if (one := refused.get(id(change)))]
    if not faults:
        return rule
    why = faults[0].why or f"the content has changed there since: “{faults[0].today}”"
    return replace(rule, why=why)


def _list_refused(
    found: Found, refused: Mapping[int, Refusal]
) -> tuple[tuple[Conflict, ...], tuple[NotTaken, ...]]:
    """The changes that are not made: those of texts that are others today, and all others."""
    conflicts, left = list[Conflict](), list[NotTaken]()
    pairs: list[tuple[TextChange | EntryChange, FileChange]] = [*found.texts, *found.entries]
    for one, change in pairs:
        fault = refused.get(id(change))
        if fault and fault.why:
            left.append(NotTaken(one.where, change.words, fault.why))
        elif fault:
            base = words_of(value_at(change.document.data, change.loc))
            was = base if change.kind in ("set", "remove") else ""
            now = change.words if change.kind != "remove" else ""
            conflicts.append(Conflict(one.where, one.place, was, now, fault.today))
    return tuple(conflicts), tuple(left)


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
