"""The linter: what the models cannot see, because it needs two places at once.

Loaded content comes in; problems go out, each with its place: references that lead nowhere, ids
given twice, time rules that cannot be read, tables with gaps, forms that cannot be filled, facts of
the source sheet without a place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from formulary import problems
from formulary.model.base import Item
from formulary.model.blank import LONGEST_ID
from formulary.model.content import Content, File, OrganisationContent
from formulary.model.cycle import Cycle, read_rule
from formulary.model.form import PREFILLS, Form, FormField, FormSection, FormTable, fields_of
from formulary.model.matrix import Criterion
from formulary.model.policy import Section
from formulary.problems import Kind, Problem
from formulary.source import Document, Loc


def check_content(content: Content) -> tuple[Problem, ...]:
    """Every problem that needs more than one place to see.

    Where `content` is not whole, a name that stands somewhere in it is taken to exist.
    """
    found: list[Problem] = []
    for own in content.organisations:
        found.extend(_Checker(content, own).problems())
    for form in content.forms.values():
        found.extend(_form_problems(form.document, form.item, form.item.id))
    if content.header:
        header = content.header
        sections = ((("section",), header.item.section),)
        found.extend(_section_problems(header.document, sections))
    if content.standards:
        found.extend(_library_problems(content))
    return tuple(found)


def _problem(kind: Kind, document: Document, loc: Loc, message: str, fix: str = "") -> Problem:
    return Problem(kind, document.place(loc), message, fix or kind.remedy)


def _repeats(document: Document, ids: Iterable[tuple[str, Loc]], what: str) -> Iterator[Problem]:
    first: dict[str, Loc] = {}
    for id, loc in ids:
        if id in first:
            line = document.place(first[id]).line
            message = f"The {what} id “{id}” is already used in line {line}"
            yield _problem(problems.REPEATED_ID, document, loc, message)
        first.setdefault(id, loc)


def _listed(items: Iterable[Item], loc: Loc) -> Iterator[tuple[str, Loc]]:
    """The id of every item of a list, with its place."""
    for place, item in enumerate(items):
        yield getattr(item, "id"), (*loc, place, "id")  # noqa: B009 - items of several models


@dataclass(frozen=True)
class _Reference:
    """A name that should exist: where it stands, what it names, and what there is."""

    document: Document
    loc: Loc
    id: str
    what: str
    known: frozenset[str]
    is_key: bool = False


class _Checker:
    """Checks one organisation against itself, the forms and the library."""

    def __init__(self, content: Content, own: OrganisationContent) -> None:
        self.content, self.own = content, own
        self.organisation = own.organisation.item
        policy = own.policy.item
        self.clauses = frozenset(
            [clause.id for _, clause in policy.clauses()] + [part.id for part, _ in policy.parts()]
        )
        self.groups = frozenset(group.id for group in self.organisation.groups)
        self.forms = frozenset(content.forms)

    def problems(self) -> Iterator[Problem]:
        for reference in self.references():
            if reference.id not in reference.known and not self.pardoned(reference.id):
                yield self.lost(reference)
        yield from self.ids()
        yield from self.rules()
        yield from self.approval()
        yield from self.times()
        yield from self.tables()
        yield from self.offers()
        yield from self.coverage()

    def pardoned(self, id: str) -> bool:
        return not self.content.whole and id in self.content.ids

    def pardoned_place(self, place: str) -> bool:
        known = self.content.ids | self.content.keys | {"policy", "cycle", "organisation"}
        return not self.content.whole and set(place.split(".")) <= known

    def lost(self, reference: _Reference) -> Problem:
        near = get_close_matches(reference.id, reference.known, 1)
        known = ", ".join(sorted(reference.known)[:12]) or "none"
        fix = f"Did you mean “{near[0]}”?" if near else f"Known: {known}."
        message = f"There is no {reference.what} “{reference.id}”"
        place = reference.document.place(reference.loc, key=reference.is_key)
        return Problem(problems.UNKNOWN_REFERENCE, place, message, fix)

    def references(self) -> Iterator[_Reference]:
        yield from self.organisation_references()
        yield from self.policy_references()
        yield from self.cycle_references()
        yield from self.matrix_references()

    def to(
        self,
        file: File[Any],
        loc: Loc,
        ids: Iterable[str] | str | None,
        what: str,
        known: Iterable[str],
    ) -> Iterator[_Reference]:
        """References from `loc`: one id, a list of ids, or none."""
        if isinstance(ids, str):
            yield _Reference(file.document, loc, ids, what, frozenset(known))
        else:
            for place, id in enumerate(ids or ()):
                yield _Reference(file.document, (*loc, place), id, what, frozenset(known))

    def organisation_references(self) -> Iterator[_Reference]:
        file = self.own.organisation
        organisation = file.item
        for i, panel in enumerate(organisation.panels):
            yield from self.to(
                file, ("panels", i, "groups"), panel.groups, "staff group", self.groups
            )
        for i, role in enumerate(organisation.roles):
            yield from self.to(file, ("roles", i, "clauses"), role.clauses, "clause", self.clauses)
        for id, rule in organisation.rules.items():
            yield from self.to(file, ("rules", id, "clause"), rule.clause, "clause", self.clauses)
        for i, document in enumerate(organisation.related):
            loc: Loc = ("related", i, "clauses")
            yield from self.to(file, loc, document.clauses, "clause", self.clauses)
        sets = (
            [found.id for found in self.content.standards.item.sets]
            if self.content.standards
            else []
        )
        yield from self.to(file, ("standards",), organisation.standards, "set of standards", sets)
        for i, offer in enumerate(organisation.forms):
            at: Loc = ("forms", i)
            yield from self.to(file, (*at, "form"), offer.form, "form", self.forms)
            yield from self.to(file, (*at, "clauses"), offer.clauses, "clause", self.clauses)
            yield from self.to(file, (*at, "groups"), offer.groups, "staff group", self.groups)
            for key, clause in offer.serves.items():
                yield from self.to(file, (*at, "serves", key), clause, "clause", self.clauses)

    def policy_references(self) -> Iterator[_Reference]:
        file = self.own.policy
        policy = file.item
        offered = [offer.form for offer in self.organisation.forms]
        for i, update in enumerate(policy.updates):
            yield from self.to(
                file, ("updates", i, "clause"), update.clause, "clause", self.clauses
            )
        for i, note in enumerate(policy.notes):
            yield from self.to(file, ("notes", i, "clause"), note.clause, "clause", self.clauses)
        for loc, section in _sections(policy.sections, policy.appendices):
            for i, clause in enumerate(section.clauses):
                at = (*loc, "clauses", i, "sample")
                yield from self.to(file, at, clause.sample, "form offered", offered)

    def cycle_references(self) -> Iterator[_Reference]:
        file = self.own.cycles
        for i, cycle in enumerate(file.item.cycles):
            at: Loc = ("cycles", i)
            yield from self.to(file, (*at, "groups"), cycle.groups, "staff group", self.groups)
            yield from self.to(file, (*at, "clauses"), cycle.clauses, "clause", self.clauses)
            for j, event in enumerate(cycle.events):
                loc: Loc = (*at, "events", j, "clauses")
                yield from self.to(file, loc, event.clauses, "clause", self.clauses)

    def matrix_references(self) -> Iterator[_Reference]:
        if ratings := self.own.ratings:
            levels = [level.id for level in ratings.item.levels]
            yield from self.to(ratings, ("clause",), ratings.item.clause, "clause", self.clauses)
            yield from self.to(
                ratings, ("groups",), ratings.item.groups, "staff group", self.groups
            )
            yield from self.to(
                ratings, ("pay-from",), ratings.item.pay_from, "rating level", levels
            )
        if stages := self.own.career_stages:
            yield from self.to(stages, ("clause",), stages.item.clause, "clause", self.clauses)
            yield from self.to(stages, ("groups",), stages.item.groups, "staff group", self.groups)
            chosen = stages.item.standards
            known = self.organisation.standards
            yield from self.to(stages, ("standards",), chosen, "set of standards here", known)

    def ids(self) -> Iterator[Problem]:
        """Ids that must be unique inside their list, file or form."""
        file, organisation = self.own.organisation, self.organisation
        if organisation.id != self.own.folder.name:
            message = (
                f"The id “{organisation.id}” is not the folder's name, “{self.own.folder.name}”"
            )
            yield _problem(
                problems.BAD_VALUE, file.document, ("id",), message, "Make the two the same."
            )
        lists = {
            "staff group": (organisation.groups, "groups"),
            "panel": (organisation.panels, "panels"),
            "role": (organisation.roles, "roles"),
            "document": (organisation.related, "related"),
        }
        for what, (items, key) in lists.items():
            yield from _repeats(file.document, _listed(items, (key,)), what)
        offered = [(offer.form, ("forms", i, "form")) for i, offer in enumerate(organisation.forms)]
        yield from _repeats(file.document, offered, "form")
        yield from self.policy_ids()
        cycles = self.own.cycles
        yield from _repeats(cycles.document, _listed(cycles.item.cycles, ("cycles",)), "cycle")
        for i, cycle in enumerate(cycles.item.cycles):
            events = _listed(cycle.events, ("cycles", i, "events"))
            yield from _repeats(cycles.document, events, "event")

    def policy_ids(self) -> Iterator[Problem]:
        file = self.own.policy
        ids: list[tuple[str, Loc]] = []
        for loc, section in _sections(file.item.sections, file.item.appendices):
            ids.append((section.id, (*loc, "id")))
            for i, clause in enumerate(section.clauses):
                ids.append((clause.id, (*loc, "clauses", i, "id")))
                points = _listed(clause.points, (*loc, "clauses", i, "points"))
                yield from _repeats(file.document, points, "point")
        yield from _repeats(file.document, ids, "section or clause")
        yield from _repeats(file.document, _listed(file.item.notes, ("notes",)), "note")

    def rules(self) -> Iterator[Problem]:
        document = self.own.organisation.document
        for id, rule in self.organisation.rules.items():
            if (rule.min, rule.max, rule.normal, rule.exactly) == (None, None, None, None):
                message, fix = f"The rule “{id}” has no number", "Add min, max, normal or exactly."
                yield _problem(problems.MISSING_KEY, document, ("rules", id), message, fix)
            if rule.min is not None and rule.max is not None and rule.min > rule.max:
                message = f"The rule “{id}” has a min of {rule.min} above its max of {rule.max}"
                yield _problem(problems.BAD_ORDER, document, ("rules", id, "min"), message)

    def approval(self) -> Iterator[Problem]:
        policy, document = self.own.policy.item, self.own.policy.document
        if policy.approval and policy.next_review and policy.next_review <= policy.approval.on:
            message = "The next review is not later than the approval"
            yield _problem(problems.BAD_ORDER, document, ("next-review",), message)
        for loc, section in _sections(policy.sections, policy.appendices):
            for i, clause in enumerate(section.clauses):
                if not (clause.text or clause.points or clause.shows or clause.sample):
                    message = f"The clause “{clause.id}” says nothing"
                    at = (*loc, "clauses", i)
                    yield _problem(problems.MISSING_KEY, document, at, message, "Add its text.")
                if clause.shows:
                    yield from self.shows((*loc, "clauses", i, "shows"), clause.shows)

    def shows(self, loc: Loc, what: str) -> Iterator[Problem]:
        there = {
            "ratings": self.own.ratings,
            "career-stages": self.own.career_stages,
            "standards": self.organisation.standards,
            "panels": self.organisation.panels,
            "roles": self.organisation.roles,
            "related": self.organisation.related,
            "cycles": True,
        }[what]
        if not there and self.content.whole:
            message = f"The clause shows the organisation's {what}, but there are none"
            yield _problem(problems.UNKNOWN_REFERENCE, self.own.policy.document, loc, message)

    def times(self) -> Iterator[Problem]:
        file = self.own.cycles
        terms = frozenset(term.id for term in file.item.terms)
        for i, term in enumerate(file.item.terms):
            for key in ("starts", "ends"):
                kinds = ("day", "months")
                yield from _time(file.document, ("terms", i, key), getattr(term, key), kinds)
        covered: set[str] = set()
        for i, cycle in enumerate(file.item.cycles):
            covered |= set(cycle.groups)
            for key in ("starts", "ends"):
                yield from _time(file.document, ("cycles", i, key), getattr(cycle, key), ("day",))
            yield from self.event_times(i, cycle, terms)
        misspelt = covered - self.groups
        for i, group in enumerate(self.organisation.groups):
            if group.id not in covered and self.content.whole and not misspelt:
                message = f"The staff group “{group.id}” has no cycle"
                fix = "Add it to the groups of a cycle in cycle.yaml."
                document = self.own.organisation.document
                yield _problem(
                    problems.UNKNOWN_REFERENCE, document, ("groups", i, "id"), message, fix
                )

    def event_times(self, at: int, cycle: Cycle, terms: frozenset[str]) -> Iterator[Problem]:
        document = self.own.cycles.document
        events = {event.id: event for event in cycle.events}
        for i, event in enumerate(cycle.events):
            loc: Loc = ("cycles", at, "events", i, "when")
            faults = tuple(_time(document, loc, event.when, ()))
            yield from faults
            if faults:
                continue
            rule = read_rule(event.when)
            known = terms if rule.kind == "term" else frozenset(events)
            what = "term" if rule.kind == "term" else "event of this cycle"
            if rule.kind in ("term", "relative") and rule.anchor not in known:
                if not self.pardoned(rule.anchor):
                    yield self.lost(_Reference(document, loc, rule.anchor, what, known))
            elif rule.kind == "relative" and _circular(event.id, events):
                message = f"The event “{event.id}” is timed by itself, through “{rule.anchor}”"
                yield _problem(
                    problems.BAD_DATE, document, loc, message, "Time one of them by a date."
                )

    def tables(self) -> Iterator[Problem]:
        if ratings := self.own.ratings:
            item, document = ratings.item, ratings.document
            yield from _repeats(document, _listed(item.levels, ("levels",)), "level")
            levels = {level.id: level.name for level in item.levels}
            yield from self.cells(document, "criteria", item.criteria, levels)
        if stages := self.own.career_stages:
            matrix, document = stages.item, stages.document
            yield from _repeats(document, _listed(matrix.stages, ("stages",)), "stage")
            names = {stage.id: stage.name for stage in matrix.stages}
            yield from self.cells(document, "areas", matrix.areas, names)

    def cells(
        self, document: Document, key: str, rows: tuple[Criterion, ...], columns: Mapping[str, str]
    ) -> Iterator[Problem]:
        yield from _repeats(document, _listed(rows, (key,)), "row")
        for i, row in enumerate(rows):
            at: Loc = (key, i, "cells")
            unknown = [column for column in row.cells if column not in columns]
            for column in unknown:
                if not self.pardoned(column):
                    known = frozenset(columns)
                    yield self.lost(
                        _Reference(document, (*at, column), column, "column", known, True)
                    )
            for column in columns:
                absent = column not in row.cells and (*at, column) not in document.dropped
                if absent and not get_close_matches(column, unknown):
                    message = f"“{row.name}” has no text under “{column}”"
                    place = document.place(at, key=True)
                    yield Problem(problems.MISSING_CELL, place, message, f"Add “{column}:”.")

    def offers(self) -> Iterator[Problem]:
        document = self.own.organisation.document
        for i, offer in enumerate(self.organisation.forms):
            file = self.content.forms.get(offer.form)
            if file is None:
                continue
            form = file.item
            sections = {section.id: section for section in form.sections}
            tables = {s.table.id for s in form.sections if s.table}
            fields = {f.id for s in form.sections for f in fields_of(s)}
            for key, known, what in (
                ("rows", tables, "table"),
                ("labels", fields, "field"),
                ("serves", fields | set(sections) | {"header"}, "section or field"),
            ):
                for name in getattr(offer, key):
                    if name not in known:
                        loc: Loc = ("forms", i, key, name)
                        reference = _Reference(document, loc, name, what, frozenset(known), True)
                        if not self.pardoned(name):
                            yield self.lost(reference)
            yield from self.row_rules(file.document, form)

    def row_rules(self, document: Document, form: Form) -> Iterator[Problem]:
        """Rows that come from a rule: the organisation that offers the form must have the rule."""
        for i, section in enumerate(form.sections):
            rows = section.table.rows if section.table else 0
            if not isinstance(rows, str) or not rows.startswith("rules."):
                continue
            _, id, value = rows.split(".")
            rule = self.organisation.rules.get(id)
            if (rule is None or getattr(rule, value) is None) and not self.pardoned(id):
                message = f"The rows come from {rows}, which {self.organisation.id} does not have"
                loc: Loc = ("sections", i, "table", "rows")
                fix = "Add the rule to organisation.yaml, or give a number of rows."
                yield _problem(problems.UNKNOWN_FACT, document, loc, message, fix)

    def coverage(self) -> Iterator[Problem]:
        """Every fact of the source sheet has a place, and every place exists and says something."""
        file = self.own.coverage
        if file is None:
            return
        places = _places(self.content, self.own)
        for fact, named in file.item.facts.items():
            several = isinstance(named, tuple)
            for i, place in enumerate(named if isinstance(named, tuple) else (named,)):
                if place not in places and not self.pardoned_place(place):
                    loc: Loc = ("facts", fact, i) if several else ("facts", fact)
                    reference = _Reference(file.document, loc, place, "item", frozenset(places))
                    yield self.lost(reference)
        sheet = self.own.folder / "source.md"
        facts = _facts_of(sheet.read_text(encoding="utf-8")) if sheet.exists() else ()
        for fact in facts:
            if fact not in file.item.facts:
                message = f"The fact {fact} of source.md has no place in the content"
                yield _problem(problems.UNMAPPED_FACT, file.document, ("facts",), message)
        for fact in file.item.facts:
            if facts and fact not in facts:
                message = f"source.md has no fact {fact}"
                loc = ("facts", fact)
                at = file.document.place(loc, key=True)
                fix = "Correct the number, or delete the line."
                yield Problem(problems.UNKNOWN_REFERENCE, at, message, fix)


def _sections(
    sections: tuple[Section, ...], appendices: tuple[Section, ...]
) -> Iterator[tuple[Loc, Section]]:
    yield from ((("sections", i), section) for i, section in enumerate(sections))
    yield from ((("appendices", i), section) for i, section in enumerate(appendices))


def _time(document: Document, loc: Loc, when: str, kinds: tuple[str, ...]) -> Iterator[Problem]:
    """The problem of a time rule that cannot be read, or is not of the kinds wanted."""
    try:
        rule = read_rule(when)
    except ValueError as error:
        fix = "Write one such as “by 31 October after the cycle”, “spring term” or “as needed”."
        yield _problem(problems.BAD_DATE, document, loc, str(error), fix)
        return
    if kinds and rule.kind not in kinds:
        fix = "Write a day and month, such as 1 September."
        yield _problem(problems.BAD_DATE, document, loc, f"“{when}” is not a day and month", fix)


def _circular(id: str, events: Mapping[str, object]) -> bool:
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


def _form_problems(document: Document, form: Form, id: str) -> Iterator[Problem]:
    """What makes a form impossible to lay out, to fill or to read back."""
    if document.path.stem != id:
        message = f"The id “{id}” is not the name of the file, “{document.path.stem}”"
        yield _problem(problems.BAD_VALUE, document, ("id",), message, "Make the two the same.")
    sections = ((("sections", i), section) for i, section in enumerate(form.sections))
    yield from _section_problems(document, sections)


def _section_problems(
    document: Document, sections: Iterable[tuple[Loc, FormSection]]
) -> Iterator[Problem]:
    ids: list[tuple[str, Loc]] = []
    for at, section in sections:
        ids.append((section.id, (*at, "id")))
        for j, field in enumerate(section.fields):
            ids.append((field.id, (*at, "fields", j, "id")))
            yield from _field_problems(document, (*at, "fields", j), field, field.id)
        if section.table:
            ids.append((section.table.id, (*at, "table", "id")))
            yield from _table_problems(document, (*at, "table"), section.table)
    yield from _repeats(document, ids, "section, table or field")


def _table_problems(document: Document, at: Loc, table: FormTable) -> Iterator[Problem]:
    yield from _repeats(document, _listed(table.columns, (*at, "columns")), "column")
    for i, column in enumerate(table.columns):
        longest = f"{table.id}_99_{column.id}"
        yield from _field_problems(document, (*at, "columns", i), column, longest)
        if column.type == "signature":
            message, fix = (
                "A table's column cannot be a signature",
                "Ask for it in a section's fields.",
            )
            loc: Loc = (*at, "columns", i, "type")
            yield _problem(problems.FORM_TOO_WIDE, document, loc, message, fix)
    if isinstance(table.rows, str) and not re.fullmatch(
        r"rules\.[a-z][a-z0-9_]*\.(min|max|normal|exactly)|career-stages\.areas|standards",
        table.rows,
    ):
        message = f"“{table.rows}” does not give a number of rows"
        fix = "Write a number, rules.<id>.max, career-stages.areas or standards."
        yield _problem(problems.BAD_VALUE, document, (*at, "rows"), message, fix)
    elif isinstance(table.rows, int) and not 1 <= table.rows <= 60:
        message = f"{table.rows} rows cannot be laid out"
        yield _problem(problems.FORM_TOO_WIDE, document, (*at, "rows"), message, "Write 1 to 60.")


def _field_problems(
    document: Document, at: Loc, field: FormField, longest: str
) -> Iterator[Problem]:
    longest = f"{longest}_date" if field.type == "signature" else longest
    if len(longest) > LONGEST_ID:
        message = f"The field's full name “{longest}” is longer than {LONGEST_ID} characters"
        yield _problem(problems.FORM_TOO_WIDE, document, (*at, "id"), message, "Shorten the id.")
    if field.prefill is not None and field.prefill not in PREFILLS:
        near = get_close_matches(field.prefill, PREFILLS, 1)
        fix = f"Did you mean “{near[0]}”?" if near else f"Known: {', '.join(PREFILLS)}."
        message = f"A field cannot be prefilled from “{field.prefill}”"
        yield _problem(problems.UNKNOWN_REFERENCE, document, (*at, "from"), message, fix)
    if field.type == "choice" and len(field.options) < 2:
        message, fix = "A choice needs at least two options", "Add “options:” with two or more."
        yield _problem(problems.FORM_TOO_WIDE, document, at, message, fix)
    if field.options and field.type != "choice":
        message, fix = (
            f"A {field.type} has no options",
            "Change the type to choice, or delete them.",
        )
        yield _problem(problems.FORM_TOO_WIDE, document, (*at, "options"), message, fix)
    options = [(option, (*at, "options", i)) for i, option in enumerate(field.options)]
    yield from _repeats(document, options, "option")


def _library_problems(content: Content) -> Iterator[Problem]:
    assert content.standards is not None
    item, document = content.standards.item, content.standards.document
    yield from _repeats(document, _listed(item.sets, ("sets",)), "set")
    for i, chosen in enumerate(item.sets):
        ids: list[tuple[str, Loc]] = []
        for j, part in enumerate(chosen.parts):
            loc: Loc = ("sets", i, "parts", j)
            ids.append((part.id, (*loc, "id")))
            ids.extend(_listed(part.standards, (*loc, "standards")))
        yield from _repeats(document, ids, "part or standard")


def _facts_of(sheet: str) -> tuple[str, ...]:
    """The fact numbers that a source sheet defines: at the start of a list line or a table cell."""
    return tuple(
        dict.fromkeys(re.findall(r"(?:^\s*- |\| ?)(F\d+)\b(?!\s*(?:to|,|and)\b)", sheet, re.M))
    )


def _places(content: Content, own: OrganisationContent) -> set[str]:
    """Every place that a fact of the source sheet can have."""
    places: set[str] = set()
    organisation = own.organisation.item
    for key in ("groups", "panels", "roles", "related"):
        places.update({f"organisation.{key}.{item.id}" for item in getattr(organisation, key)})
    places.update({f"organisation.rules.{id}" for id in organisation.rules})
    for key in ("name", "short", "kind", "about", "marking", "sites", "words"):
        places.add(f"organisation.{key}")
    for section, _ in own.policy.item.parts():
        places.add(f"policy.{section.id}")
        for clause in section.clauses:
            places.add(f"policy.{clause.id}")
            places.update({f"policy.{clause.id}.{point.id}" for point in clause.points})
    for cycle in own.cycles.item.cycles:
        places.add(f"cycle.{cycle.id}")
        places.update({f"cycle.{cycle.id}.{event.id}" for event in cycle.events})
    if own.ratings:
        for criterion in own.ratings.item.criteria:
            places.update(f"ratings.{criterion.id}.{level.id}" for level in own.ratings.item.levels)
    if own.career_stages:
        for area in own.career_stages.item.areas:
            places.update(
                f"career-stages.{area.id}.{stage.id}" for stage in own.career_stages.item.stages
            )
        if own.career_stages.item.note:
            places.add("career-stages.note")
    for chosen in content.standards.item.sets if content.standards else ():
        if chosen.id in organisation.standards:
            places.add(f"standards.{chosen.id}")
            for part in chosen.parts:
                places.add(f"standards.{chosen.id}.{part.id}")
                places.update({f"standards.{chosen.id}.{s.id}" for s in part.standards})
    for offer in organisation.forms:
        if offer.form in content.forms:
            places.update(_form_places(content.forms[offer.form].item))
    return places


def _form_places(form: Form) -> set[str]:
    places = {f"forms.{form.id}"}
    for section in form.sections:
        places.add(f"forms.{form.id}.{section.id}")
        places.update({f"forms.{form.id}.{section.id}.{f.id}" for f in fields_of(section)})
    return places
