"""The facts of one organisation and year: what `{{ … }}` in a text can name.

Facts come from rules, words, cycles and ratings; references to clauses, forms and documents become
links (`clause:appeals`) that each format leads to its own place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import SimpleNamespace
from typing import Any

from formulary.content.career_stages import CareerStages
from formulary.content.cycle import MONTHS, Cycle, Cycles, edition_name, read_month, read_rule
from formulary.content.law import Law
from formulary.content.organisation import Organisation
from formulary.content.policy import Policy, name_part
from formulary.content.ratings import Ratings
from formulary.edition.text import FactError, write_link

FACTS: dict[str, str] = {
    "rules": "rules.<id>.min, .max, .normal, .exactly or .unit: a number from organisation.yaml",
    "words": "words.<name>: one of the organisation's own words",
    "process": "the organisation's own name for the process, such as appraisal",
    "organisation": "organisation.name or organisation.short",
    "edition": "the edition's name, such as 2026-27",
    "clause": "clause('id'): a link to a clause by its number",
    "section": "section('id'): a link to a section by its number",
    "appendix": "appendix('id'): a link to an appendix by its letter",
    "form": "form('id'): a link to a form by its title",
    "document": "document('id'): a related document by its name",
    "footnote": "footnote('id'): the mark of a footnote of the policy",
    "day": "day('cycle.event'): the day or months of an event, without a year",
    "deadlines": "deadlines('event'): the day of that event in every cycle that has it",
    "period": "period('cycle'): the months of a cycle",
    "law": "law('id'): the source of a fact of law.yaml, and the day of its last check",
    "source": "source('id'): the same without the day, for a letter or a hint",
    "level": "level('id'): the name of a rating level",
    "stage": "stage('id'): the name of a career stage",
}
"""Every name that a text may use, and what it gives."""


USUAL_WORDS = {word: word for word in ("reviewer", "reviewee", "objective")}
"""What the forms of the library name, where an organisation has no word of its own for it."""


@dataclass(frozen=True)
class WithdrawnPart:
    """A clause or section of the last edition that is gone: its name, and its section."""

    label: str
    section: str


@dataclass(frozen=True)
class References:
    """The printed names of everything that can be referred to, by id.

    No text can refer to what is `withdrawn`; only the change log names it.
    """

    clauses: Mapping[str, str]
    sections: Mapping[str, str]
    appendices: Mapping[str, str]
    forms: Mapping[str, str]
    documents: Mapping[str, str]
    footnotes: Mapping[str, str] = field(default_factory=dict)
    withdrawn: Mapping[str, WithdrawnPart] = field(default_factory=dict)

    def label(self, id: str) -> str:
        """How a sentence names a clause, section or appendix: “clause 5.3”; raises KeyError."""
        for names in (self.clauses, self.sections, self.appendices):
            if id in names:
                return names[id]
        return self.withdrawn[id].label


def references(
    organisation: Organisation, policy: Policy, forms: Mapping[str, str], say: Callable[[str], str]
) -> References:
    """The printed names in one policy.

    `forms` gives the title of every form offered, by id; `say` fills the facts in a title, which
    may name numbers, words and dates, but no clause or form.
    """
    by_number = name_part(policy)

    def name(id: str, title: str) -> str:
        return by_number(id) or f"“{say(title)}”"

    return References(
        clauses={c.id: name(c.id, c.title or s.title) for s, c in policy.clauses()},
        sections={s.id: name(s.id, s.title) for s in policy.sections},
        appendices={s.id: name(s.id, s.title) for s in policy.appendices},
        forms={id: say(title) for id, title in forms.items()},
        documents={document.id: say(document.name) for document in organisation.related},
        footnotes={n.id: str(place) for place, n in enumerate(policy.footnotes(), start=1)},
    )


def facts(
    organisation: Organisation,
    cycles: Cycles,
    ratings: Ratings | None,
    stages: CareerStages | None,
    year: int,
    law: Law | None = None,
) -> dict[str, Any]:
    """Every fact of this organisation that needs no printed name; see FACTS."""
    rules = {id: rule.model_dump(exclude_none=True) for id, rule in organisation.rules.items()}
    levels = {level.id: level.name for level in ratings.levels} if ratings else {}
    stage_names = {stage.id: stage.name for stage in stages.stages} if stages else {}
    by_id = {cycle.id: cycle for cycle in cycles.cycles}
    sources = law.sources() if law else {}
    acts = {fact.id: fact.source for fact in law.facts} if law else {}
    return {
        "rules": SimpleNamespace(**{id: SimpleNamespace(**rule) for id, rule in rules.items()}),
        "words": SimpleNamespace(**(USUAL_WORDS | organisation.words)),
        "process": organisation.process,
        "organisation": SimpleNamespace(name=organisation.name, short=organisation.short),
        "edition": edition_name(year),
        "day": lambda path: _day(by_id, path),
        "deadlines": lambda event: _deadlines(by_id, event),
        "period": lambda id: period(_look_up("cycle", by_id, id)),
        "law": lambda id: _look_up("fact of law", sources, id),
        "source": lambda id: _look_up("fact of law", acts, id),
        "level": lambda id: _look_up("rating level", levels, id),
        "stage": lambda id: _look_up("career stage", stage_names, id),
    }


def links(known: References) -> dict[str, Any]:
    """The references that a text can make: functions from an id to a link; see FACTS."""
    return {
        "clause": _linker("clause", known.clauses),
        "section": _linker("section", known.sections),
        "appendix": _linker("section", known.appendices, "appendix"),
        "form": _linker("form", known.forms),
        "document": _linker("document", known.documents),
        "footnote": _linker("footnote", known.footnotes),
    }


def _linker(scheme: str, names: Mapping[str, str], what: str = "") -> Callable[[str], str]:
    def link(id: str) -> str:
        name = _look_up(what or scheme, names, id)
        return write_link(name, f"{scheme}:{id}")

    return link


def _look_up(what: str, names: Mapping[str, Any], id: str) -> Any:
    if id in names:
        return names[id]
    near = get_close_matches(str(id), names, 1)
    known = f"Did you mean “{near[0]}”?" if near else f"Known: {', '.join(names) or 'none'}."
    raise FactError(f"There is no {what} “{id}”", known)


def _day(cycles: Mapping[str, Cycle], path: str) -> str:
    cycle_id, _, event_id = str(path).partition(".")
    cycle = _look_up("cycle", cycles, cycle_id)
    event = _look_up(f"event of {cycle_id}", {event.id: event for event in cycle.events}, event_id)
    try:
        rule = read_rule(event.when)
    except ValueError:
        return str(event.when)  # the linter reports the broken rule in its place
    if rule.kind == "day":
        return f"{rule.day} {MONTHS[rule.months[0] - 1]}"
    if rule.kind == "months":
        words = rule.words.removeprefix("in ").removeprefix("by ")
        return words.removesuffix(" after the cycle").removesuffix(" before the cycle")
    raise FactError(f"The event “{path}” has no day", "Refer to an event that is timed by a day.")


def _deadlines(cycles: Mapping[str, Cycle], event: str) -> str:
    """“31 October for teachers and 31 March for support staff”; one day where all share it."""
    days = {
        cycle.name: _day(cycles, f"{cycle.id}.{event}")
        for cycle in cycles.values()
        if any(found.id == event for found in cycle.events)
    }
    if not days:
        raise FactError(f"No cycle has an event “{event}”", "Name an event of cycle.yaml.")
    if len(set(days.values())) == 1:
        return next(iter(days.values()))
    *first, last = [f"{day} for {name[:1].lower()}{name[1:]}" for name, day in days.items()]
    return f"{', '.join(first)} and {last}"


def period(cycle: Cycle) -> str:
    """The months of a cycle: “September to August”, or its own words where it varies."""
    if cycle.period:
        return cycle.period
    try:
        start, end = read_month(cycle.starts), read_month(cycle.ends)
    except ValueError:
        return f"{cycle.starts} to {cycle.ends}"  # the linter reports the broken rule in its place
    return f"{MONTHS[start.months[0] - 1]} to {MONTHS[end.months[0] - 1]}"
