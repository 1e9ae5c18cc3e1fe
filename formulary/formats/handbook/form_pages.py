"""Write the forms as pages: one table of all, and a page for each with its files and parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from formulary.content.form import ListedUnder
from formulary.documents.blank import (
    HOW_TO_SIGN,
    Blank,
    Column,
    Grid,
    Part,
    Question,
    compose_blank,
)
from formulary.edition.edition import Edition
from formulary.edition.text import FIELD, Block, Bullets, Paragraph, Run
from formulary.formats.handbook.downloads import Download
from formulary.formats.handbook.markdown import Markdown, escape
from formulary.formats.handbook.related import find_questions
from formulary.formats.handbook.season import ListedForm, entry_time, list_forms
from formulary.formats.handbook.views import forms_behind
from formulary.formats.handbook.writer import Writer
from formulary.formats.handbook.year import YearEntry, years
from formulary.words import join_names

KINDS = {
    "text": "",
    "multiline": "",
    "date": "a date",
    "choice": "a choice",
    "checkbox": "a box to tick",
}


LISTS: dict[ListedUnder, str] = {
    "review": "You and your {reviewer}",
    "concern": "When something is not right",
    "others": "For observers, heads, committees and the office",
}
"""The parts of the list of forms in their order, each with its heading."""


def form_pages(writer: Callable[[str], Writer], files: Sequence[Download]) -> dict[str, str]:
    """Path -> text of the forms' pages."""
    addresses = writer("").addresses
    edition = addresses.edition
    forms = list_forms(edition, files)
    pages = writer(addresses.page("forms/index.md")).page(
        "forms",
        "Forms",
        f"The forms of {edition.organisation.name} for {edition.name}: who, when, Word and PDF.",
        wide=True,
        groups=group_forms(edition, forms),
    )
    for one in forms:
        pages |= _form_page(writer(addresses.form(one.form.id)), one)
    return pages


def _form_page(writer: Writer, one: ListedForm) -> dict[str, str]:
    if not writer.is_wanted:  # to compose the form takes longest
        return {writer.path: ""}
    edition, offer = writer.edition, one.offer
    groups = {group.id: group.name for group in edition.organisation.groups}
    blank = compose_blank(edition, offer, one.form)
    return writer.page(
        "form",
        blank.title,
        one.form.purpose,
        wide=True,
        blank=blank,
        one=one,
        form=one.form,
        offer=offer,
        files=one.files,
        picture=next((file.picture for file in one.files if file.is_pictured), ""),
        groups=join_names(groups.get(id, id) for id in offer.groups),
        times=form_times(edition, one),
        entry_time=entry_time,
        anchors=part_anchors(blank),
        list_columns=lambda grid: list(list_columns(grid)),
        describe_rows=describe_rows,
        describe_question=describe_question,
        label_letter=partial(label_letter, blank),
        how_to_sign=HOW_TO_SIGN,  # each signature says it
        questions=find_questions(edition, offer),
    )


def form_times(edition: Edition, one: ListedForm) -> list[tuple[str, list[tuple[YearEntry, str]]]]:
    """When this year needs a form: the events' names, with their dates and whose they are.

    Events that have all dates in common are named together. What closes last year's cycle is left
    out: that has last year's form. Whose they are is empty where the organisation has one cycle.
    """
    found: dict[str, dict[str, tuple[YearEntry, list[str]]]] = {}
    for year in years(edition):
        for entry in year.dated:
            asked = any(id == one.form.id for id, _ in forms_behind(edition, entry))
            if asked and not entry.closing:
                dates = found.setdefault(entry.name, {})
                dates.setdefault(entry.when, (entry, []))[1].append(year.calendar.cycle.name)
    named = len(edition.calendars) > 1
    together: dict[tuple[tuple[str, str], ...], tuple[list[str], list[tuple[YearEntry, str]]]] = {}
    for name, dates in found.items():
        times = [(entry, join_names(whose) if named else "") for entry, whose in dates.values()]
        alike = tuple((entry_time(entry), whose) for entry, whose in times)
        together.setdefault(alike, ([], times))[0].append(name)
    return [(" · ".join(names), times) for names, times in together.values()]


def label_letter(blank: Blank, part: Part) -> tuple[Block, ...]:
    """A letter's text with each field's label in its place, in angle quotes."""
    labels = {question.id: question.label for question in blank.questions()}
    return tuple(_label_block(block, labels) for block in part.letter)


def _label_block(block: Block, labels: Mapping[str, str]) -> Block:
    if isinstance(block, Paragraph):
        return Paragraph(tuple(_label_run(run, labels) for run in block.runs))
    if isinstance(block, Bullets):
        items = tuple(tuple(_label_block(part, labels) for part in item) for item in block.items)
        return replace(block, items=items)
    return block


def _label_run(run: Run, labels: Mapping[str, str]) -> Run:
    id = run.target.removeprefix(FIELD)
    return replace(run, text=f"‹{labels[id]}›") if run.target.startswith(FIELD) else run


def group_forms(
    edition: Edition, forms: Sequence[ListedForm]
) -> list[tuple[str, str, list[ListedForm]]]:
    """The forms under the headings of the list, each heading with its anchor."""
    reviewer = edition.organisation.words.get("reviewer", "reviewer")
    found = [
        (heading.format(reviewer=reviewer), f"list--{place}", _listed_under(forms, place))
        for place, heading in LISTS.items()
    ]
    return [part for part in found if part[2]]


def _listed_under(forms: Sequence[ListedForm], place: ListedUnder) -> list[ListedForm]:
    return [one for one in forms if one.form.listed_under == place]


def part_anchors(blank: Blank) -> dict[str, str]:
    """The anchor of every part: its id, or `part--<id>` where a question has that id."""
    taken = {question.id for question in blank.questions()} | {"top", "download", "asks"}
    return {part.id: f"part--{part.id}" if part.id in taken else part.id for part in blank.parts}


def list_columns(grid: Grid) -> Iterator[tuple[Column, tuple[str, ...], Question]]:
    """Every question of a row, with its ids in all rows.

    A signature is two questions in one column, so questions are taken by their place in the row.
    """
    for place, question in enumerate(grid.rows[0].questions if grid.rows else ()):
        ids = tuple(row.questions[place].id for row in grid.rows)
        yield Column(question.label, question.hint), ids, question


def describe_rows(grid: Grid) -> str:
    """What the rows of a grid are: “For each objective, 3 in all:”."""
    headings = [row.heading for row in grid.rows]
    row = grid.row[:1].lower() + grid.row[1:]
    if all(heading.isdigit() for heading in headings):
        return f"For each {row}, with room for {len(headings)}:"
    return f"For each {row} ({'; '.join(row.title for row in grid.rows)}):"


def _list_options(options: Sequence[str]) -> str:
    """The options in a row, in quotation marks where one of them has a comma in it."""
    if any(sign in option for option in options for sign in ",;"):
        options = [f"“{option}”" for option in options]
    return ", ".join(options)


def describe_question(question: Question) -> Markdown:
    """What follows a question's label: its kind where that is not plain, choices, and help."""
    said = []
    if question.signature:
        said.append("a typed name")
    elif question.options:
        said.append(f"one of: {_list_options(question.options)}")
    elif KINDS[question.kind]:
        said.append(KINDS[question.kind])
    if question.required:
        said.append("required")
    kind = f" ({escape('; '.join(said))})" if said else ""
    hint = f"<br>{escape(question.hint)}" if question.hint else ""
    return Markdown(kind + hint)
