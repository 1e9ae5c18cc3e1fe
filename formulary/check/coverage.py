"""Coverage: every fact of the source sheet has a place in the content, and every place exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from formulary import problems
from formulary.check.context import CheckContext, Reference, problem, report_lost
from formulary.content.form import Form, fields_of
from formulary.content.guidance import Diagram, complete_entry
from formulary.content.loading import Content, File, OrganisationContent
from formulary.content.policy import clauses_in
from formulary.content.source import Loc
from formulary.problems import Problem


def coverage_problems(context: CheckContext) -> Iterator[Problem]:
    """Facts of the source sheet without a place, places that do not exist, facts made up."""
    file = context.own.coverage
    if file is None:
        return
    places = _collect_places(context)
    for fact, named in file.item.facts.items():
        several = isinstance(named, tuple)
        for i, place in enumerate(named if isinstance(named, tuple) else (named,)):
            if place not in places and not context.may_be_place(place):
                loc: Loc = ("facts", fact, i) if several else ("facts", fact)
                reference = Reference(file.document, loc, place, "item", frozenset(places))
                yield report_lost(reference)
    sheet = context.own.folder / "source.md"
    facts = _read_facts(sheet.read_text(encoding="utf-8")) if sheet.exists() else ()
    for fact in facts:
        if fact not in file.item.facts:
            message = f"The fact {fact} of source.md has no place in the content"
            yield problem(problems.UNMAPPED_FACT, file.document, ("facts",), message)
    for fact in file.item.facts:
        if facts and fact not in facts:
            message = f"source.md has no fact {fact}"
            loc = ("facts", fact)
            at = file.document.place(loc, key=True)
            fix = "Correct the number, or delete the line."
            yield Problem(problems.UNKNOWN_REFERENCE, at, message, fix)


def _read_facts(sheet: str) -> tuple[str, ...]:
    """The fact numbers that a source sheet defines: at the start of a list line or a table cell."""
    return tuple(
        dict.fromkeys(re.findall(r"(?:^\s*- |\| ?)(F\d+)\b(?!\s*(?:to|,|and)\b)", sheet, re.M))
    )


def _collect_places(context: CheckContext) -> set[str]:
    """Every place that a fact of the source sheet can have."""
    content, own = context.content, context.own
    places: set[str] = set()
    organisation = own.organisation.item
    for key in ("groups", "panels", "roles", "related"):
        places.update({f"organisation.{key}.{item.id}" for item in getattr(organisation, key)})
    places.update({f"organisation.rules.{id}" for id in organisation.rules})
    for key in ("name", "short", "kind", "about", "marking", "sites", "words", "status", "colour"):
        places.add(f"organisation.{key}")
    places.update({f"organisation.words.{word}" for word in organisation.words})
    places.update({f"organisation.at-a-glance.{matter}" for matter in organisation.at_a_glance})
    policy_keys = ("title", "summary", "status", "version", "approval", "dated", "review-cycle")
    places.update({f"policy.{key}" for key in (*policy_keys, "next-review", "based-on")})
    for note in own.policy.item.notes:
        places.add(f"policy.notes.{note.id}")
    for section, _ in own.policy.item.parts():
        places.add(f"policy.{section.id}")
        for _, clause, _ in clauses_in(section):
            places.add(f"policy.{clause.id}")
            places.update(f"policy.{clause.id}.{point.id}" for _, point in clause.all_points())
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
    for found in content.standards.item.sets if content.standards else ():
        if found.id in organisation.standards:
            places.add(f"standards.{found.id}")
            for group in found.parts:
                places.add(f"standards.{found.id}.{group.id}")
                places.update({f"standards.{found.id}.{s.id}" for s in group.standards})
    for offer in organisation.forms:
        if offer.form in content.forms:
            places.update(_form_places(context.offer_form(offer, content.forms[offer.form].item)))
    places.update(_guidance_places(content, own))
    return places


def _guidance_places(content: Content, own: OrganisationContent) -> set[str]:
    """Places in what the organisation has chosen from the library or written itself."""
    places: set[str] = set()
    kinds: tuple[tuple[File[Any] | None, File[Any] | None, str, str, str], ...] = (
        (own.guidance, content.guidance, "guidance", "topics", "points"),
        (own.questions, content.questions, "questions", "questions", ""),
        (own.checklists, content.checklists, "checklists", "checklists", "entries"),
    )
    for file, library, name, key, parts in kinds:
        shared = {entry.id: entry for entry in getattr(library.item, key)} if library else {}
        for entry in getattr(file.item, key) if file else ():
            whole = complete_entry(entry, shared)
            places.add(f"{name}.{whole.id}")
            inner = getattr(whole, parts) if parts else ()
            places.update({f"{name}.{whole.id}.{part.id}" for part in inner})
    for diagram in own.guidance.item.diagrams if own.guidance else ():
        places.update(_diagram_places(diagram))
    return places


def _diagram_places(diagram: Diagram) -> set[str]:
    place = f"guidance.diagrams.{diagram.id}"
    ids = [box.id for box in diagram.steps]
    for lane in diagram.lanes:
        ids.extend((lane.id, *(box.id for box in lane.boxes)))
    return {place, *(f"{place}.{id}" for id in ids)}


def _form_places(form: Form) -> set[str]:
    places = {f"forms.{form.id}"}
    for section in form.sections:
        places.add(f"forms.{form.id}.{section.id}")
        places.update({f"forms.{form.id}.{section.id}.{f.id}" for f in fields_of(section)})
    return places
