"""The forms as pages: a list of them, and for each what it is for and everything that it asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from formulary.formats.handbook.downloads import Download
from formulary.formats.handbook.markdown import Markdown, escape
from formulary.formats.handbook.writer import Writer
from formulary.model.blank import Blank, Column, Grid, Question, compose_blank

KINDS = {
    "text": "",
    "multiline": "",
    "date": "a date",
    "choice": "a choice",
    "checkbox": "a box to tick",
}


def form_pages(writer: Callable[[str], Writer], files: Sequence[Download]) -> dict[str, str]:
    """Path -> text of the forms' pages."""
    addresses = writer("").addresses
    edition = addresses.edition
    groups = {group.id: group.name for group in edition.organisation.groups}
    offered = [
        (compose_blank(edition, offer, form), form, offer, [f for f in files if f.form == form.id])
        for offer, form in edition.forms
    ]
    pages = writer(addresses.page("forms/index.md")).page(
        "forms",
        "Forms",
        f"The forms of {edition.organisation.name} for {edition.name}, in Word and PDF.",
        offered=offered,
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
            columns=lambda grid: list(columns(grid)),
            grid_intro=grid_intro,
            detail=detail,
        )
    return pages


def part_anchors(blank: Blank) -> dict[str, str]:
    """The anchor of every part: its id, or `part--<id>` where a question has that id."""
    taken = {question.id for question in blank.questions()} | {"top", "download", "asks"}
    return {part.id: f"part--{part.id}" if part.id in taken else part.id for part in blank.parts}


def columns(grid: Grid) -> Iterator[tuple[Column, tuple[str, ...], Question]]:
    """Every question of a row, with its ids in all rows.

    A signature is two questions in one column, so questions are taken by their place in the row.
    """
    for place, question in enumerate(grid.rows[0].questions if grid.rows else ()):
        ids = tuple(row.questions[place].id for row in grid.rows)
        yield Column(question.label, question.hint), ids, question


def grid_intro(grid: Grid) -> str:
    """What the rows of a grid are: “For each objective, 3 in all:”."""
    headings = [row.heading for row in grid.rows]
    row = grid.row[:1].lower() + grid.row[1:]
    if all(heading.isdigit() for heading in headings):
        return f"For each {row}, with room for {len(headings)}:"
    return f"For each {row} ({'; '.join(row.title for row in grid.rows)}):"


def detail(question: Question) -> Markdown:
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
