"""What a form takes over from last year's: every name must be one of the form's own."""

from __future__ import annotations

from collections.abc import Iterator

from formulary import problems
from formulary.check.context import Reference, problem, report_lost
from formulary.check.texts import OrganisationTexts
from formulary.content.carrying import find_lacking_carry_over
from formulary.content.form import PREVIOUS, Form, FormTable
from formulary.content.source import Document, Loc
from formulary.problems import Problem


def carrying_findings(texts: OrganisationTexts) -> Iterator[Problem]:
    """Objectives or training needs that a form asks for and that get lost when the year ends."""
    edition, own = texts.edition, texts.own.organisation
    places = {offer.form: i for i, offer in enumerate(own.item.forms)}
    forms = ((form, edition.library_forms[form.id]) for _, form in edition.forms)
    for lack in find_lacking_carry_over(forms):
        place = own.document.place(("forms", places[lack.form]))
        kind = problems.NOTHING_CARRIED
        yield Problem(kind, place, lack.message, lack.fix, about=(lack.form,))


def carrying_problems(document: Document, form: Form) -> Iterator[Problem]:
    """A `previous.<id>` or a `carries` that leads nowhere, or is where it cannot be used."""
    fields = frozenset(field.id for section in form.sections for field in section.fields)
    tables = {section.table.id: section.table for section in form.sections if section.table}
    for i, section in enumerate(form.sections):
        wanted: list[tuple[str | None, Loc]] = [
            (field.prefill, ("sections", i, "fields", j, "from"))
            for j, field in enumerate(section.fields)
        ]
        yield from _report_lost(document, form, wanted, fields, "field")
        if section.table:
            yield from _check_table(document, form, section.table, ("sections", i, "table"), tables)


def _check_table(
    document: Document, form: Form, table: FormTable, at: Loc, tables: dict[str, FormTable]
) -> Iterator[Problem]:
    carries = table.carries
    wanted: list[tuple[str | None, Loc]] = [
        (column.prefill, (*at, "columns", j, "from")) for j, column in enumerate(table.columns)
    ]
    if carries is None:
        for prefill, loc in wanted:
            if prefill and prefill.startswith(PREVIOUS):
                message = "The table does not say which rows of last year’s form it takes"
                fix = "Add “carries:” with the id of a table."
                yield problem(problems.BAD_VALUE, document, loc, message, fix)
        return
    named = {"table": carries.table, "beside": carries.beside}
    for key, id in named.items():
        if id and id not in tables:
            loc = (*at, "carries", key)
            yield report_lost(Reference(document, loc, id, "table", frozenset(tables)))
    sources = [tables[id] for id in named.values() if id in tables]
    for key, ids in (("only-if", carries.only_if), ("unless", carries.unless)):
        wanted += [(PREVIOUS + id, (*at, "carries", key, j)) for j, id in enumerate(ids)]
    columns = frozenset(column.id for source in sources for column in source.columns)
    yield from _report_lost(document, form, wanted, columns, "column")


def _report_lost(
    document: Document,
    form: Form,
    wanted: list[tuple[str | None, Loc]],
    known: frozenset[str],
    what: str,
) -> Iterator[Problem]:
    for prefill, loc in wanted:
        if prefill is None or not prefill.startswith(PREVIOUS):
            continue
        id = prefill.removeprefix(PREVIOUS)
        if form.repeats:
            message = "A person has several of this form, so nothing can be copied from one"
            yield problem(problems.BAD_VALUE, document, loc, message, f"Delete “{prefill}”.")
        elif id not in known:
            yield report_lost(Reference(document, loc, id, what, known))
