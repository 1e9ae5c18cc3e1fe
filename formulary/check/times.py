"""Time rules that cannot be read, lead nowhere or in a circle; groups without a cycle."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from formulary import problems
from formulary.check.context import CheckContext, Reference, problem, report_lost
from formulary.content.cycle import Cycle, preparations, read_rule
from formulary.content.source import Document, Loc
from formulary.problems import Problem


def time_problems(context: CheckContext) -> Iterator[Problem]:
    """Time rules that cannot be dated, and staff groups that no cycle names."""
    file = context.own.cycles
    terms = frozenset(term.id for term in file.item.terms)
    for i, term in enumerate(file.item.terms):
        for key in ("starts", "ends"):
            kinds = ("day", "months")
            yield from _check_time(file.document, ("terms", i, key), getattr(term, key), kinds)
    covered: set[str] = set()
    for i, cycle in enumerate(file.item.cycles):
        covered |= set(cycle.groups)
        for key in ("starts", "ends"):
            yield from _check_time(file.document, ("cycles", i, key), getattr(cycle, key), ("day",))
        yield from _check_events(context, i, cycle, terms)
    misspelt = covered - {group.id for group in context.own.organisation.item.groups}
    for i, group in enumerate(context.own.organisation.item.groups):
        if group.id not in covered and context.content.whole and not misspelt:
            message = f"The staff group “{group.id}” has no cycle"
            fix = "Add it to the groups of a cycle in cycle.yaml."
            document = context.own.organisation.document
            yield problem(problems.UNKNOWN_REFERENCE, document, ("groups", i, "id"), message, fix)


def _check_events(
    context: CheckContext, at: int, cycle: Cycle, terms: frozenset[str]
) -> Iterator[Problem]:
    document = context.own.cycles.document
    events = {event.id: event for event in cycle.events}
    before = preparations(cycle.events)
    for i, event in enumerate(cycle.events):
        for j, id in enumerate(event.after):
            place: Loc = ("cycles", at, "events", i, "after", j)
            if id not in events and not context.maybe_defined(id):
                what, known_events = "event of this cycle", frozenset(events)
                yield report_lost(Reference(document, place, id, what, known_events))
            elif _comes_before(event.id, id, before):
                message = f"“{event.id}” comes after “{id}” here, and before it elsewhere"
                fix = "Take one of them away: an event cannot come after itself."
                yield problem(problems.BAD_DATE, document, place, message, fix)
        loc: Loc = ("cycles", at, "events", i, "when")
        faults = tuple(_check_time(document, loc, event.when, ()))
        yield from faults
        if faults:
            continue
        rule = read_rule(event.when)
        known = terms if rule.kind == "term" else frozenset(events)
        what = "term" if rule.kind == "term" else "event of this cycle"
        if rule.kind in ("term", "relative") and rule.anchor not in known:
            if not context.maybe_defined(rule.anchor):
                yield report_lost(Reference(document, loc, rule.anchor, what, known))
        elif rule.kind == "relative" and _is_circular(event.id, events):
            message = f"The event “{event.id}” depends on its own date, through “{rule.anchor}”"
            yield problem(problems.BAD_DATE, document, loc, message, "Time one of them by a date.")


def _check_time(
    document: Document, loc: Loc, when: str, kinds: tuple[str, ...]
) -> Iterator[Problem]:
    """The problem of a time rule that cannot be read, or is not of the kinds wanted."""
    try:
        rule = read_rule(when)
    except ValueError as error:
        fix = "Write one such as “by 31 October after the cycle”, “spring term” or “as needed”."
        yield problem(problems.BAD_DATE, document, loc, str(error), fix)
        return
    if kinds and rule.kind not in kinds:
        fix = "Write a day and month, such as 1 September."
        yield problem(problems.BAD_DATE, document, loc, f"“{when}” is not a day and month", fix)


def _comes_before(early: str, late: str, before: Mapping[str, Collection[str]]) -> bool:
    """Whether `early` prepares `late`, straight or by way of others."""
    seen: set[str] = set()
    left = [late]
    while left:
        id = left.pop()
        if id == early:
            return True
        if id not in seen:
            seen.add(id)
            left.extend(before.get(id, ()))
    return False


def _is_circular(id: str, events: Mapping[str, object]) -> bool:
    seen = {id}
    while True:
        try:
            rule = read_rule(str(getattr(events[id], "when")))  # noqa: B009
        except (KeyError, ValueError):
            return False
        if rule.kind != "relative":
            return False
        id = rule.anchor
        if id in seen:
            return True
        seen.add(id)
