"""Time rules for a panel that builds them of words: their parts, and the dates they come to."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from formulary.content.cycle import MONTHS, OPEN_RULES, Cycle, Event, calendar, read_rule
from formulary.editing.places import Spot
from formulary.edition.edition import Edition

UNITS = ("hours", "days", "working days", "weeks", "working weeks", "months")


def rule_parts(when: str) -> dict[str, Any]:
    """The parts of a time rule (`content.cycle.TimeRule`); none where it cannot be read."""
    try:
        return asdict(read_rule(when))
    except ValueError:
        return {}


def rule_choices(edition: Edition, spot: Spot) -> dict[str, Any]:
    """What the rules at a spot can be built of; only a day or month where a term or cycle begins.

    `events` are those of the cycle that the spot is in, without the one that it is of.
    """
    cycle = _cycle_of(edition, spot)
    steps = spot.way.split("/")
    events = cycle.events if cycle else ()
    return {
        "whole": "events" in steps,
        "months": list(MONTHS),
        "terms": [(term.id, term.name) for term in edition.cycles.terms],
        "events": [(one.id, one.name) for one in events if f"={one.id}" not in steps[3:]],
        "open": [(words, words) for words in OPEN_RULES if words != "when it suits"],
        "units": list(UNITS),
    }


def date_words(edition: Edition, spot: Spot, when: str) -> str:
    """What a rule at a spot comes to: “2026-27: by 31 October 2027”; empty where none is meant.

    Raises ValueError, with a sentence for the reader, where it is no time rule or leads nowhere.
    """
    rule = read_rule(when)
    steps, cycle = spot.way.split("/"), _cycle_of(edition, spot)
    if cycle is None or "events" not in steps:
        if not rule.months:
            raise ValueError(f"“{when}” is not a day and month")
        return ""
    known = next((one for one in cycle.events if f"={one.id}" in steps[3:]), None)
    bare = {"id": "new", "name": "New", "who": "…", "text": "…", "when": when}
    changed = known.model_copy(update={"when": when}) if known else Event.model_validate(bare)
    events = [changed if one is known else one for one in cycle.events]
    events += [] if known else [changed]
    tried = cycle.model_copy(update={"events": tuple(events)})
    try:
        dated = calendar(tried, edition.cycles.terms, edition.year).event(changed.id)
    except KeyError as error:
        raise ValueError(f"There is no {error.args[0]!r} here") from None
    if dated.first is None:
        return "" if rule.kind == "open" else f"{edition.name}: no day follows from this"
    return f"{edition.name}: {edition.when(dated)}"


def _cycle_of(edition: Edition, spot: Spot) -> Cycle | None:
    steps = spot.way.split("/")
    return next((one for one in edition.cycles.cycles if f"={one.id}" in steps[1:2]), None)
