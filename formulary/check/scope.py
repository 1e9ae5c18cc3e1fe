"""Check scope, short cycles and staff columns.

Every clause, rule, staff group, career stage, school and exclusion that they name must exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from formulary import problems
from formulary.check.context import (
    CheckContext,
    Reference,
    find_repeats,
    locate_ids,
    problem,
    report_lost,
)
from formulary.content.form import PREFILLS, PREVIOUS, FormField, FormSection
from formulary.content.loading import Content
from formulary.content.source import Document, Loc
from formulary.content.staff_columns import STATES
from formulary.edition.durations import UNITS, unit_of
from formulary.problems import Problem


def scope_problems(context: CheckContext) -> Iterator[Problem]:
    """Every fault in `scope`, `short-cycles` and staff-columns.yaml of one organisation."""
    for reference in (*_organisation_references(context), *_column_references(context)):
        if reference.id not in reference.known and not context.maybe_defined(reference.id):
            yield report_lost(reference)
    organisation, document = context.own.organisation.item, context.own.organisation.document
    yield from find_repeats(document, locate_ids(organisation.scope, ("scope",)), "exclusion")
    yield from find_repeats(
        document, locate_ids(organisation.short_cycles, ("short-cycles",)), "rule"
    )
    yield from _check_lengths(context, document)
    yield from _find_useless(context, document)
    yield from _find_taken(context)


def prefill_problems(content: Content) -> Iterator[Problem]:
    """Fields prefilled from what is neither in `PREFILLS` nor a further column of any list."""
    known = (*PREFILLS, *sorted(f"staff.{name}" for name in content.further_columns))
    for document, loc, field in _fields(content):
        if field.prefill is None or field.prefill in known or field.prefill.startswith(PREVIOUS):
            continue
        near = get_close_matches(field.prefill, known, 1)
        fix = f"Did you mean “{near[0]}”?" if near else f"Known: {', '.join(known)}."
        if field.prefill.startswith("staff."):
            fix += " Add a further column of the staff list to staff-columns.yaml."
        message = f"A field cannot be prefilled from “{field.prefill}”"
        yield problem(problems.UNKNOWN_REFERENCE, document, (*loc, "from"), message, fix)


def _fields(content: Content) -> Iterator[tuple[Document, Loc, FormField]]:
    """Every field of every form, and of the common header, with its place."""
    sections: list[tuple[Document, Loc, FormSection]] = [
        (form.document, ("sections", i), section)
        for form in content.forms.values()
        for i, section in enumerate(form.item.sections)
    ]
    if header := content.header:
        sections.append((header.document, ("section",), header.item.section))
    for document, at, section in sections:
        for i, field in enumerate(section.fields):
            yield document, (*at, "fields", i), field
        for i, field in enumerate(section.table.columns if section.table else ()):
            yield document, (*at, "table", "columns", i), field


def _organisation_references(context: CheckContext) -> Iterator[Reference]:
    organisation, document = context.own.organisation.item, context.own.organisation.document
    policy = context.own.policy.item
    clauses = frozenset(
        [clause.id for _, clause in policy.clauses()] + [part.id for part, _ in policy.parts()]
    )
    groups = frozenset(group.id for group in organisation.groups)
    rules = frozenset(organisation.rules)

    def to(loc: Loc, id: str | None, what: str, known: frozenset[str]) -> Iterator[Reference]:
        if id is not None:
            yield Reference(document, loc, id, what, known)

    for i, exclusion in enumerate(organisation.scope):
        at: Loc = ("scope", i)
        yield from to((*at, "clause"), exclusion.clause, "clause", clauses)
        for j, group in enumerate(exclusion.groups):
            yield from to((*at, "groups", j), group, "staff group", groups)
        yield from to((*at, "shorter-than"), exclusion.shorter_than, "rule", rules)
        yield from to((*at, "first"), exclusion.first, "rule", rules)
    for i, short in enumerate(organisation.short_cycles):
        at = ("short-cycles", i)
        yield from to((*at, "clause"), short.clause, "clause", clauses)
        yield from to((*at, "group"), short.group, "staff group", groups)
        yield from to((*at, "shorter-than"), short.shorter_than, "rule", rules)


def _check_lengths(context: CheckContext, document: Document) -> Iterator[Problem]:
    """Rules named as a length that are none."""
    organisation = context.own.organisation.item
    named: list[tuple[Loc, str | None, tuple[str, ...]]] = []
    for i, found in enumerate(organisation.scope):
        named.append((("scope", i, "shorter-than"), found.shorter_than, (*UNITS, "term")))
        named.append((("scope", i, "first"), found.first, UNITS))
    for i, short in enumerate(organisation.short_cycles):
        loc: Loc = ("short-cycles", i, "shorter-than")
        named.append((loc, short.shorter_than, (*UNITS, "term")))
    for loc, id, units in named:
        rule = organisation.rules.get(id or "")
        if rule and unit_of(rule) not in units:
            counted = rule.unit or "nothing"
            message = f"The rule “{id}” counts {counted}, which is not a length of time"
            fix = f"Name a rule whose unit is one of: {', '.join(units)}."
            yield problem(problems.BAD_VALUE, document, loc, message, fix)


def _column_references(context: CheckContext) -> Iterator[Reference]:
    file = context.own.staff_columns
    if file is None:
        return
    organisation, stages = context.own.organisation.item, context.own.career_stages
    known = {
        "groups": ("staff group", {group.id for group in organisation.groups}),
        "stages": ("career stage", {s.id for s in stages.item.stages} if stages else set()),
        "scope": ("exclusion", {*STATES, *(found.id for found in organisation.scope)}),
    }
    for key, (what, ids) in known.items():
        for word, id in getattr(file.item, key).items():
            yield Reference(file.document, (key, word), id, what, frozenset(ids))
    for word, site in file.item.sites.items():
        if organisation.sites:
            loc = ("sites", word)
            yield Reference(
                file.document, loc, site, "school or team", frozenset(organisation.sites)
            )


def _find_useless(context: CheckContext, document: Document) -> Iterator[Problem]:
    """Exclusions that no list can show."""
    for i, found in enumerate(context.own.organisation.item.scope):
        if not (found.signs or found.shorter_than or found.first):
            message = f"Nothing says how a staff list shows that a person is {found.words}"
            fix = "Add signs, shorter-than or first."
            yield problem(problems.MISSING_KEY, document, ("scope", i), message, fix)


def _find_taken(context: CheckContext) -> Iterator[Problem]:
    """Further columns by a name that means something already."""
    file = context.own.staff_columns
    for name in file.item.further if file else ():
        if file and f"staff.{name}" in PREFILLS:
            message = f"staff.{name} is {PREFILLS[f'staff.{name}']} already"
            place = file.document.place(("further", name), key=True)
            yield Problem(problems.REPEATED_ID, place, message, "Use another name.")
