"""A form as an organisation offers it: its words, its rows and its parts, after the offer.

A form of the library, its texts filled in, and an organisation's offer give an `OfferedForm`. The
edition holds it; blank forms, `check` and the comparison of editions all read this one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from formulary.content.form import Form, FormField, FormHeader, FormSection
from formulary.content.organisation import Offer

_WORDS = ("title", "purpose", "guidance", "filled_by", "when")
"""What an offer says in place of the form as a whole."""


class OfferedForm(NamedTuple):
    """An offer, and the form that it makes of the library's.

    The form's sections are those that are printed, the common header first where it has it, and
    all in the organisation's words.
    """

    offer: Offer
    form: Form


def offer_form(
    form: Form, offer: Offer, header: FormHeader | None, holds: Collection[str]
) -> OfferedForm:
    """The form that an offer makes of the library's.

    `holds` is what the organisation has (`content.OrganisationContent.holds`).
    """
    opening = (header.section,) if header and form.header == "common" else ()
    given = {name: words for name in _WORDS if (words := getattr(offer, name)) is not None}
    sections = tuple(
        _offer_section(section, offer, holds)
        for section in (*opening, *form.sections)
        if is_offered(section, offer, holds)
    )
    return OfferedForm(offer, form.model_copy(update={**given, "sections": sections}))


def is_offered(part: FormSection | FormField, offer: Offer, holds: Collection[str]) -> bool:
    """Whether an organisation's form has a section or field of the library's."""
    wanted = not part.optional or part.id in offer.shows
    return wanted and part.id not in offer.leaves_out and part.needs in (None, *holds)


def _offer_section(section: FormSection, offer: Offer, holds: Collection[str]) -> FormSection:
    table = section.table and section.table.model_copy(
        update={
            "columns": _offer_fields(section.table.columns, offer, holds),
            "rows": offer.rows.get(section.table.id, section.table.rows),
        }
    )
    return section.model_copy(
        update={
            "title": offer.titles.get(section.id, section.title),
            "intro": offer.intros.get(section.id, section.intro),
            "when": offer.times.get(section.id, section.when),
            "letter": offer.letters.get(section.id, section.letter),
            "fields": _offer_fields(section.fields, offer, holds),
            "table": table,
        }
    )


def _offer_fields(
    fields: Iterable[FormField], offer: Offer, holds: Collection[str]
) -> tuple[FormField, ...]:
    return tuple(
        field.model_copy(
            update={
                "label": offer.labels.get(field.id, field.label),
                "hint": offer.hints.get(field.id, field.hint),
                "options": offer.options.get(field.id, field.options),
            }
        )
        for field in fields
        if is_offered(field, offer, holds)
    )
