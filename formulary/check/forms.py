"""Forms: what makes one impossible to lay out, to fill or to read back, and offers that miss it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches

from formulary import problems
from formulary.check.carrying import carrying_problems
from formulary.check.context import (
    CheckContext,
    Reference,
    find_repeats,
    locate_ids,
    problem,
    report_lost,
)
from formulary.content.form import Form, FormField, FormSection, FormTable, fields_of
from formulary.content.loading import Content
from formulary.content.source import Document, Loc
from formulary.edition.text import Table, blocks
from formulary.problems import Problem

LONGEST_ID = 40
"""Word bookmarks hold no longer name (ECMA-376 part 1, 17.13.6.2 bookmarkStart)."""

LETTER_FIELD = re.compile(r"\[\[([^\[\]]*)\]\]")


def offer_problems(context: CheckContext) -> Iterator[Problem]:
    """What an organisation changes in a form that the form does not have; rows without a rule."""
    document = context.own.organisation.document
    for i, offer in enumerate(context.own.organisation.item.forms):
        file = context.content.forms.get(offer.form)
        if file is None:
            continue
        names = _names(context.content, file.item)
        for key, what in _CHANGES.items():
            known = frozenset(name for kind in what.split(" or ") for name in names[kind])
            changed = getattr(offer, _ATTRIBUTES.get(key, key))
            for place, name in enumerate(changed):
                if name in known or context.maybe_defined(name):
                    continue
                is_key = isinstance(changed, dict)
                loc: Loc = ("forms", i, key, name if is_key else place)
                yield report_lost(Reference(document, loc, name, what, known, is_key))
        offered = context.offer_form(offer, file.item).sections
        asked = {section.id: len(section.fields) for section in file.item.sections}
        for section in offered:
            own = section.id in offer.letters
            at: Loc = ("forms", i, "letters", section.id) if own else ("forms", i, "without")
            if own or len(section.fields) != asked.get(section.id):
                places = tuple(at for _ in section.fields)
                yield from _letter_problems(document, at, section, places)
        yield from _row_rules(context, file.document, file.item, offered)


_CHANGES = {
    "rows": "table",
    "labels": "field",
    "hints": "field",
    "options": "choice",
    "titles": "section",
    "intros": "section",
    "times": "section",
    "letters": "section",
    "with": "section or field",
    "without": "section or field",
    "serves": "section or field",
}
"""The keys of an offer that change a form, and what each names."""

_ATTRIBUTES = {"with": "shows", "without": "leaves_out"}


def _names(content: Content, form: Form) -> dict[str, frozenset[str]]:
    """The ids of a form's own parts, and of the header's where it has the common one."""
    sections = list(form.sections)
    if content.header:
        sections.append(content.header.item.section)
    fields = [field for section in sections for field in fields_of(section)]
    return {
        "section": frozenset(section.id for section in sections),
        "table": frozenset(section.table.id for section in sections if section.table),
        "field": frozenset(field.id for field in fields),
        "choice": frozenset(field.id for field in fields if field.type == "choice"),
    }


def _letter_problems(
    document: Document, letter: Loc, section: FormSection, fields: tuple[Loc, ...]
) -> Iterator[Problem]:
    """A letter's fields are in its text once each, and its text names no other.

    `letter` is the place of the text, `fields` that of each of the section's fields.
    """
    if section.letter is None:
        return
    named = LETTER_FIELD.findall(section.letter)
    known = frozenset(field.id for field in section.fields)
    for name in dict.fromkeys(named):
        if name not in known:
            place = document.place_of(letter, f"[[{name}]]")
            found = report_lost(Reference(document, letter, name, "field of this letter", known))
            yield replace(found, place=place)
        elif named.count(name) > 1:
            place = document.place_of(letter, f"[[{name}]]")
            message = f"[[{name}]] is in the letter twice"
            fix = "A field is filled in at one place; use another field for the second."
            yield Problem(problems.FORM_TOO_WIDE, place, message, fix)
    if any(isinstance(block, Table) for block in blocks(section.letter)):
        message, fix = "A letter cannot have a table", "Write a list, or a sentence."
        yield problem(problems.FORM_TOO_WIDE, document, letter, message, fix)
    for j, field in enumerate(section.fields):
        misspelt = get_close_matches(field.id, set(named) - known)
        if field.id not in named and not misspelt and field.type != "signature":
            message = f"The letter has no place for its field “{field.id}”"
            loc = fields[j]
            fix = f"Write [[{field.id}]] in the letter, or delete the field."
            yield problem(problems.FORM_TOO_WIDE, document, loc, message, fix)


def _row_rules(
    context: CheckContext, document: Document, form: Form, offered: Iterable[FormSection]
) -> Iterator[Problem]:
    """Rows that come from a rule: the organisation that offers the form must have the rule."""
    tables = {section.id: section.table for section in offered}
    for i, section in enumerate(form.sections):
        table = tables.get(section.id)
        rows = table.rows if table else 0
        if not isinstance(rows, str) or not rows.startswith("rules."):
            continue
        _, id, value = rows.split(".")
        rule = context.own.organisation.item.rules.get(id)
        if (rule is None or getattr(rule, value) is None) and not context.maybe_defined(id):
            message = f"The rows come from {rows}, which {context.own.id} does not have"
            loc: Loc = ("sections", i, "table", "rows")
            fix = "Add the rule to organisation.yaml, or give a number of rows."
            yield problem(problems.UNKNOWN_FACT, document, loc, message, fix)


def form_problems(document: Document, form: Form, id: str) -> Iterator[Problem]:
    """What makes a form impossible to lay out, to fill or to read back."""
    if document.path.stem != id:
        message = f"The id “{id}” is not the name of the file, “{document.path.stem}”"
        yield problem(problems.BAD_VALUE, document, ("id",), message, "Make both the same.")
    sections = ((("sections", i), section) for i, section in enumerate(form.sections))
    yield from section_problems(document, sections)
    known = frozenset(section.id for section in form.sections)
    for i, section in enumerate(form.sections):
        for j, name in enumerate(section.before):
            if name not in known - {section.id}:
                loc: Loc = ("sections", i, "before", j)
                yield report_lost(Reference(document, loc, name, "other section", known))
    yield from carrying_problems(document, form)


def section_problems(
    document: Document, sections: Iterable[tuple[Loc, FormSection]]
) -> Iterator[Problem]:
    ids: list[tuple[str, Loc]] = []
    for at, section in sections:
        ids.append((section.id, (*at, "id")))
        for j, field in enumerate(section.fields):
            if not field.each:  # its id is the beginning of others
                ids.append((field.id, (*at, "fields", j, "id")))
            yield from _field_problems(document, (*at, "fields", j), field, field.id)
        places = tuple((*at, "fields", j, "id") for j in range(len(section.fields)))
        yield from _letter_problems(document, (*at, "letter"), section, places)
        if section.table:
            ids.append((section.table.id, (*at, "table", "id")))
            yield from _table_problems(document, (*at, "table"), section.table)
    yield from find_repeats(document, ids, "section, table or field")


def _table_problems(document: Document, at: Loc, table: FormTable) -> Iterator[Problem]:
    yield from find_repeats(document, locate_ids(table.columns, (*at, "columns")), "column")
    for i, column in enumerate(table.columns):
        longest = f"{table.id}_99_{column.id}"
        yield from _field_problems(document, (*at, "columns", i), column, longest)
        if column.type == "signature":
            message, fix = (
                "A table's column cannot be a signature",
                "Ask for it in a section's fields.",
            )
            loc: Loc = (*at, "columns", i, "type")
            yield problem(problems.FORM_TOO_WIDE, document, loc, message, fix)
    if isinstance(table.rows, str) and not re.fullmatch(
        r"rules\.[a-z][a-z0-9_]*\.(min|max|normal|exactly)|career-stages\.areas|standards",
        table.rows,
    ):
        message = f"“{table.rows}” does not give a number of rows"
        fix = "Write a number, rules.<id>.max, career-stages.areas or standards."
        yield problem(problems.BAD_VALUE, document, (*at, "rows"), message, fix)
    count = len(table.rows) if isinstance(table.rows, tuple) else table.rows
    if isinstance(count, int) and not 1 <= count <= 60:
        message = f"{count} rows cannot be laid out"
        yield problem(problems.FORM_TOO_WIDE, document, (*at, "rows"), message, "Write 1 to 60.")


def _field_problems(
    document: Document, at: Loc, field: FormField, longest: str
) -> Iterator[Problem]:
    longest = f"{longest}_date" if field.type == "signature" else longest
    if len(longest) > LONGEST_ID:
        message = f"The field's full name “{longest}” is longer than {LONGEST_ID} characters"
        yield problem(problems.FORM_TOO_WIDE, document, (*at, "id"), message, "Shorten the id.")
    if field.type == "choice" and len(field.options) < 2:
        message, fix = "A choice needs at least two options", "Add “options:” with two or more."
        yield problem(problems.FORM_TOO_WIDE, document, at, message, fix)
    for key, value in (("unit", field.unit), ("min", field.min), ("max", field.max)):
        if value is not None and field.type != "number":
            message = f"Only a number has “{key}”, and this is a field of type {field.type}"
            fix = f"Change the type to number, or delete “{key}”."
            yield problem(problems.FORM_TOO_WIDE, document, (*at, key), message, fix)
    if field.min is not None and field.max is not None and field.min > field.max:
        message = f"The least, {field.min:g}, is more than the most, {field.max:g}"
        fix = "Give the smaller number as min."
        yield problem(problems.FORM_TOO_WIDE, document, (*at, "min"), message, fix)
    if field.options and field.type != "choice":
        message, fix = (
            f"A {field.type} has no options",
            "Change the type to choice, or delete them.",
        )
        yield problem(problems.FORM_TOO_WIDE, document, (*at, "options"), message, fix)
    options = [(option, (*at, "options", i)) for i, option in enumerate(field.options)]
    yield from find_repeats(document, options, "option")
