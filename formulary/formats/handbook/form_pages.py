"""Write the forms as pages: a list, and for each form what it is for and all that it asks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from formulary.content.form import Form
from formulary.content.organisation import Offer
from formulary.documents.blank import Blank, Column, Grid, Part, Question, compose_blank
from formulary.edition.edition import Edition
from formulary.edition.text import FIELD, Block, Bullets, Paragraph, Run
from formulary.formats.handbook.downloads import Download
from formulary.formats.handbook.markdown import Markdown, escape
from formulary.formats.handbook.related import find_related
from formulary.formats.handbook.writer import Writer

KINDS = {
    "text": "",
    "multiline": "",
    "date": "a date",
    "choice": "a choice",
    "checkbox": "a box to tick",
}


UNGROUPED = 6
"""More forms than this are listed under headings."""

FormWithFiles = tuple[Blank, Form, Offer, list[Download]]
"""A form that an organisation offers: composed, as written, its offer, and its files."""


def form_pages(writer: Callable[[str], Writer], files: Sequence[Download]) -> dict[str, str]:
    """Path -> text of the forms' pages."""
    addresses = writer("").addresses
    edition = addresses.edition
    groups = {group.id: group.name for group in edition.organisation.groups}
    offered: list[FormWithFiles] = [
        (compose_blank(edition, offer, form), form, offer, [f for f in files if f.form == form.id])
        for offer, form in edition.forms
    ]
    pages = writer(addresses.page("forms/index.md")).page(
        "forms",
        "Forms",
        f"The forms of {edition.organisation.name} for {edition.name}, in Word and PDF.",
        groups=group_forms(edition, offered),
    )
    for blank, form, offer, own in offered:
        pages |= writer(addresses.form(form.id)).page(
            "form",
            blank.title,
            form.purpose,
            blank=blank,
            form=form,
            offer=offer,
            files=own,
            groups=", ".join(groups.get(id, id) for id in offer.groups),
            anchors=part_anchors(blank),
            list_columns=lambda grid: list(list_columns(grid)),
            describe_rows=describe_rows,
            describe_question=describe_question,
            label_letter=partial(label_letter, blank),
            related=find_related(edition, {*offer.clauses, *offer.serves.values()}),
        )
    return pages


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
    edition: Edition, offered: Sequence[FormWithFiles]
) -> list[tuple[str, str, list[FormWithFiles]]]:
    """The forms under a heading for each who fills them in, each heading with its anchor.

    Up to `UNGROUPED` forms are listed together, without a heading. Who fills them in comes from the
    form's own words, in the organisation's names for reviewer and reviewee.
    """
    if len(offered) <= UNGROUPED:
        return [("", "", list(offered))]
    words = edition.organisation.words
    names = {role: words.get(role, role) for role in ("reviewer", "reviewee")}
    headings = {
        "reviewer-and-reviewee": f"Filled in by {names['reviewer']} and {names['reviewee']}",
        "reviewee": f"Filled in by the {names['reviewee']}",
        "reviewer": f"Filled in by the {names['reviewer']}",
        "others": "Filled in by others",
    }
    found: dict[str, list[FormWithFiles]] = {}
    for form in offered:
        found.setdefault(_who_fills_in(form[1].filled_by, names), []).append(form)
    return [
        (heading, f"by--{who}", found[who]) for who, heading in headings.items() if who in found
    ]


def _who_fills_in(filled_by: str, names: Mapping[str, str]) -> str:
    """Both, where both are named; else the one who is named first of all; else others."""
    spoken = {role: rf"(?:{role}|{re.escape(name)})\b" for role, name in names.items()}
    if all(re.search(rf"\b{name}", filled_by, re.IGNORECASE) for name in spoken.values()):
        return "reviewer-and-reviewee"
    first = (role for role, name in spoken.items() if re.match(name, filled_by, re.IGNORECASE))
    return next(first, "others")


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


def describe_question(question: Question) -> Markdown:
    """What follows a question's label: its kind where that is not plain, choices, and help."""
    said = []
    if question.signature:
        said.append("a typed name")
    elif question.options:
        said.append(f"one of: {', '.join(question.options)}")
    elif KINDS[question.kind]:
        said.append(KINDS[question.kind])
    if question.required:
        said.append("must be filled in")
    kind = f" ({escape('; '.join(said))})" if said else ""
    hint = f"<br>{escape(question.hint)}" if question.hint else ""
    return Markdown(kind + hint)
