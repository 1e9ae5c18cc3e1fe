"""Find every clause, staff group, form, rating level, diagram or standard that does not exist.

Each is named in a file of the organisation, in the place of something that another part defines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from formulary import problems
from formulary.check.context import (
    CheckContext,
    Reference,
    locate_clauses,
    locate_sections,
    problem,
    report_lost,
)
from formulary.content.loading import File
from formulary.content.meaning import HAPPENED
from formulary.content.policy import Clause, Policy, clauses_in
from formulary.content.source import Loc
from formulary.problems import Problem

_ID = re.compile(r"[a-z][a-z0-9-]*")


def reference_problems(context: CheckContext) -> Iterator[Problem]:
    """Every reference of the organisation's files that leads nowhere."""
    seeker = _Seeker(context)
    for reference in seeker.references():
        if reference.id not in reference.known and not context.maybe_defined(reference.id):
            yield report_lost(reference)
    yield from seeker.missing_tables()


class _Seeker:
    def __init__(self, context: CheckContext) -> None:
        self.context, self.content, self.own = context, context.content, context.own
        self.organisation = self.own.organisation.item
        policy = self.own.policy.item
        self.clauses = frozenset(
            [clause.id for _, clause in policy.clauses()] + [part.id for part, _ in policy.parts()]
        )
        self.groups = frozenset(group.id for group in self.organisation.groups)
        self.roles = frozenset(role.id for role in self.organisation.roles)
        kept = self.own.last_edition.entries if self.own.last_edition else ()
        kinds = ("clause", "section")
        self.withdrawn = frozenset(entry.id for entry in kept if entry.kind in kinds)

    @property
    def events(self) -> list[str]:
        return [event.id for cycle in self.own.cycles.item.cycles for event in cycle.events]

    @property
    def offered(self) -> list[str]:
        return [offer.form for offer in self.organisation.forms]

    def references(self) -> Iterator[Reference]:
        yield from self.in_organisation()
        yield from self.in_offers()
        yield from self.in_policy()
        yield from self.in_cycles()
        yield from self.in_matrices()
        yield from self.in_guidance()

    def to(
        self,
        file: File[Any],
        loc: Loc,
        ids: Iterable[str] | str | None,
        what: str,
        known: Iterable[str],
    ) -> Iterator[Reference]:
        """References from `loc`: one id, a list of ids, or none."""
        if isinstance(ids, str):
            yield Reference(file.document, loc, ids, what, frozenset(known))
        else:
            for place, id in enumerate(ids or ()):
                yield Reference(file.document, (*loc, place), id, what, frozenset(known))

    def to_clauses(self, file: File[Any], loc: Loc, item: Any) -> Iterator[Reference]:
        yield from self.to(file, (*loc, "clauses"), item.clauses, "clause", self.clauses)

    def in_organisation(self) -> Iterator[Reference]:
        file, organisation = self.own.organisation, self.organisation
        for i, panel in enumerate(organisation.panels):
            loc: Loc = ("panels", i, "groups")
            yield from self.to(file, loc, panel.groups, "staff group", self.groups)
        for i, role in enumerate(organisation.roles):
            yield from self.to_clauses(file, ("roles", i), role)
        for id, rule in organisation.rules.items():
            yield from self.to(file, ("rules", id, "clause"), rule.clause, "clause", self.clauses)
            yield from self.to(
                file, ("rules", id, "groups"), rule.groups, "staff group", self.groups
            )
        for i, document in enumerate(organisation.related):
            yield from self.to_clauses(file, ("related", i), document)
        for matter, said in organisation.at_a_glance.items():
            yield from self.to_clauses(file, ("at-a-glance", matter), said)
            for group in said.for_groups:
                at_group: Loc = ("at-a-glance", matter, "for-groups", group)
                yield from self.to(file, at_group, group, "staff group", self.groups)
        for i, limit in enumerate(organisation.checks.limits):
            at: Loc = ("checks", "limits", i)
            yield from self.to(file, (*at, "clause"), limit.clause, "clause", self.clauses)
            yield from self.to(file, (*at, "rule"), limit.rule, "rule", organisation.rules)
            yield from self.to(file, (*at, "event"), limit.event, "event", self.events)
        pay = organisation.checks.pay_clause
        yield from self.to(file, ("checks", "pay-clause"), pay, "clause", self.clauses)
        library = self.content.standards
        sets = [found.id for found in library.item.sets] if library else []
        yield from self.to(file, ("standards",), organisation.standards, "set of standards", sets)

    def in_offers(self) -> Iterator[Reference]:
        file = self.own.organisation
        for i, offer in enumerate(self.organisation.forms):
            at: Loc = ("forms", i)
            yield from self.to(file, (*at, "form"), offer.form, "form", self.content.forms)
            yield from self.to_clauses(file, at, offer)
            yield from self.to(file, (*at, "groups"), offer.groups, "staff group", self.groups)
            yield from self.to(file, (*at, "due"), offer.due, "event", self.events)
            for key, when in offer.times.items():
                event = when.partition(",")[0]
                if _ID.fullmatch(event):  # words begin with a capital, or are several
                    yield from self.to(file, (*at, "times", key), event, "event", self.events)
            for key, clause in offer.serves.items():
                yield from self.to(file, (*at, "serves", key), clause, "clause", self.clauses)
        packed = self.organisation.packs.forms
        yield from self.to(file, ("packs", "forms"), packed, "form offered", self.offered)

    def in_policy(self) -> Iterator[Reference]:
        file = self.own.policy
        policy = file.item
        guidance = self.own.guidance
        diagrams = [diagram.id for diagram in guidance.item.diagrams] if guidance else []
        for i, update in enumerate(policy.updates):
            loc: Loc = ("updates", i, "clause")
            known = self.clauses | self.withdrawn
            yield from self.to(file, loc, update.clause, "clause", known)
            loc = ("updates", i, "replaced-by")
            yield from self.to(file, loc, update.replaced_by, "clause", self.clauses)
        for i, note in enumerate(policy.notes):
            yield from self.to(file, ("notes", i, "clause"), note.clause, "clause", self.clauses)
        for loc, section in locate_sections(policy):
            groups = section.groups
            yield from self.to(file, (*loc, "groups"), groups, "staff group", self.groups)
            for inner, clause, _ in clauses_in(section):
                at = (*loc, *inner)
                groups = clause.groups
                yield from self.to(file, (*at, "groups"), groups, "staff group", self.groups)
                yield from self.to(
                    file, (*at, "sample"), clause.sample, "form offered", self.offered
                )
                yield from self.to(file, (*at, "diagram"), clause.diagram, "diagram", diagrams)
                yield from self.to_printed(file, (*at, "prints"), clause)

    def to_printed(self, file: File[Policy], at: Loc, clause: Clause) -> Iterator[Reference]:
        """The guidance that a clause prints: it is the organisation's own, or chosen by it."""
        if (prints := clause.prints) is None:
            return
        own = self.own
        topics = [one.id for one in own.guidance.item.topics] if own.guidance else []
        lists = [one.id for one in own.checklists.item.checklists] if own.checklists else []
        asked = [one.id for one in own.questions.item.questions] if own.questions else []
        yield from self.to(file, (*at, "topic"), prints.topic, "topic", topics)
        yield from self.to(file, (*at, "checklists"), prints.checklists, "checklist", lists)
        yield from self.to(file, (*at, "questions"), prints.questions, "question", asked)

    @property
    def dates(self) -> Iterator[str]:
        """What dates on forms mean, and each date of the offered forms by its form and id."""
        yield from HAPPENED
        for offer in self.organisation.forms:
            form = self.content.forms.get(offer.form)
            for section in form.item.sections if form else ():
                yield from (
                    f"{offer.form}.{one.id}" for one in section.fields if one.type == "date"
                )
                if table := section.table:
                    at = f"{offer.form}.{table.id}"
                    yield from (f"{at}.{one.id}" for one in table.columns if one.type == "date")

    def in_cycles(self) -> Iterator[Reference]:
        file, dates = self.own.cycles, frozenset(self.dates)
        for i, cycle in enumerate(file.item.cycles):
            at: Loc = ("cycles", i)
            yield from self.to(file, (*at, "groups"), cycle.groups, "staff group", self.groups)
            yield from self.to_clauses(file, at, cycle)
            for j, event in enumerate(cycle.events):
                yield from self.to_clauses(file, (*at, "events", j), event)
                here: Loc = (*at, "events", j)
                yield from self.to(file, (*here, "acts"), event.acts, "role", self.roles)
                groups, forms = event.groups, event.forms
                yield from self.to(
                    file, (*here, "groups"), groups, "group of the cycle", cycle.groups
                )
                yield from self.to(file, (*here, "forms"), forms, "form offered", self.offered)
                what = "date on a form that is offered"
                yield from self.to(file, (*here, "recorded-as"), event.recorded_as, what, dates)

    def in_matrices(self) -> Iterator[Reference]:
        if ratings := self.own.ratings:
            scale = ratings.item
            levels = [level.id for level in scale.levels]
            yield from self.to(ratings, ("clause",), scale.clause, "clause", self.clauses)
            yield from self.to(ratings, ("groups",), scale.groups, "staff group", self.groups)
            yield from self.to(ratings, ("pay-from",), scale.pay_from, "rating level", levels)
        if stages := self.own.career_stages:
            matrix = stages.item
            known = self.organisation.standards
            yield from self.to(stages, ("clause",), matrix.clause, "clause", self.clauses)
            yield from self.to(stages, ("groups",), matrix.groups, "staff group", self.groups)
            what = "set of standards here"
            yield from self.to(stages, ("standards",), matrix.standards, what, known)

    def in_guidance(self) -> Iterator[Reference]:
        """Clauses behind guidance; what the library says names no clause of any organisation."""
        own = self.own
        files: tuple[tuple[File[Any] | None, str], ...] = (
            (own.guidance, "topics"),
            (own.guidance, "diagrams"),
            (own.questions, "questions"),
            (own.checklists, "checklists"),
        )
        for file, key in files:
            for i, entry in enumerate(getattr(file.item, key) if file else ()):
                if file:
                    yield from self.to_clauses(file, (key, i), entry)

    def missing_tables(self) -> Iterator[Problem]:
        """Clauses that print a table of something that the organisation does not have."""
        there = {
            "ratings": self.own.ratings,
            "career-stages": self.own.career_stages,
            "standards": self.organisation.standards,
            "panels": self.organisation.panels,
            "roles": self.organisation.roles,
            "related": self.organisation.related,
            "cycles": True,
        }
        if not self.content.whole:
            return
        for loc, _, clause in locate_clauses(self.own.policy.item):
            if clause.shows and not there[clause.shows]:
                message = f"The clause shows the organisation's {clause.shows}, but there are none"
                at = (*loc, "shows")
                yield problem(problems.UNKNOWN_REFERENCE, self.own.policy.document, at, message)
