"""Write a form as a Word document, from the house's template or from an organisation's own.

Read from top to bottom: open the template, render it, complete its controls and tables, pack it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate

from formulary.content.source import Document
from formulary.documents.blank import Blank
from formulary.documents.opening import Opening
from formulary.documents.own_template import find_document, refuse_errors, shown_path
from formulary.formats.word.controls import complete_controls
from formulary.formats.word.custom_template import has_tags, join_controls, print_stamp
from formulary.formats.word.layout import PartLayout, lay_out
from formulary.formats.word.package import write_package
from formulary.formats.word.pictures import logo_run
from formulary.formats.word.prose import Link, lines
from formulary.formats.word.table_sizes import size_tables
from formulary.formats.word.template import open_template, render, reopen, web_link
from formulary.problems import (
    OWN_TEMPLATE,
    OutputError,
    Place,
    Problem,
    errors_in,
    in_order,
)


def write_blank(blank: Blank, house: Path) -> bytes:
    """Write the blank form as a .docx, the same to the byte on every run.

    `house` is the folder that holds form.docx. The organisation's own document beside that folder,
    `<form>.docx`, takes its place. Raises OutputError where the document cannot be used or a letter
    has a place for what is not asked, ContentError where an own document does not fit the form, and
    ValueError where an id cannot be a bookmark or a prefilled value does not fit its question.
    """
    if custom := find_document(blank, house, "docx"):
        document, problems = _from_custom(blank, custom, None)
        refuse_errors(problems)
        return write_package(document, blank.stamp, blank.title, blank.organisation, "")
    document = _from_house(blank, house / "form.docx")
    return write_package(
        document, blank.stamp, blank.title, blank.organisation, blank.colour, blank.faces
    )


def preflight(blank: Blank, house: Path, form: Document | None = None) -> tuple[Problem, ...]:
    """Everything that is wrong with the organisation's own document; empty where there is none.

    `form` is the form's YAML, for the lines of its `own-templates`.
    """
    custom = find_document(blank, house, "docx")
    if not custom:
        return ()
    try:
        return in_order(_from_custom(blank, custom, form)[1])
    except OutputError as error:
        place = Place(shown_path(custom))
        return (Problem(OWN_TEMPLATE, place, str(error).rstrip("."), OWN_TEMPLATE.remedy),)


def _from_house(blank: Blank, template: Path) -> DocxTemplate:
    """The form made with the house document."""
    document = open_template(template)
    link = partial(web_link, document)
    parts = lay_out(blank, link)
    body = render(document, _values(document, blank, parts, link))
    complete_controls(body, blank)
    size_tables(body, parts, blank)
    return document


def _from_custom(
    blank: Blank, custom: Path, form: Document | None
) -> tuple[DocxTemplate, tuple[Problem, ...]]:
    """The form made with the organisation's own document, and what is wrong with that.

    It may be a template, as the house document is, or a finished form whose controls are joined.
    """
    document = open_template(custom)
    parts: tuple[PartLayout, ...] = ()
    if has_tags(document):
        link = partial(web_link, document)
        parts = lay_out(blank, link)
        render(document, _values(document, blank, parts, link))
        document = reopen(document)
    problems = join_controls(document, blank, shown_path(custom), form)
    if not errors_in(problems):
        body = document.docx.element.body
        complete_controls(body, blank, in_letters=bool(parts), as_boxes=False)
        size_tables(body, parts, blank)
        print_stamp(document, blank)
    return document, problems


_SAID = ("title", "organisation", "edition", "edition_line", "marking", "notice", "is_letter")


def _values(
    document: DocxTemplate, blank: Blank, parts: tuple[PartLayout, ...], link: Link
) -> Mapping[str, Any]:
    """The values of the tags of a template."""
    return {
        **{name: getattr(blank, name) for name in _SAID},
        "logo": logo_run(document, blank.logo, blank.organisation) if blank.logo else "",
        "stamp": blank.stamp.code,
        "opening": Opening() if blank.is_letter else blank.opening,
        "guidance": lines(blank.guidance, link),
        "parts": parts,
    }
