"""A form as an organisation offers it: its words, its rows and its parts, after the offer.

A form of the library, its texts filled in, and an organisation's offer give an `OfferedForm`. The
edition holds it; blank forms, `check` and the comparison of editions all read this one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from formulary.content.form import Form, FormField, FormHeader, FormSection
from formulary.content.organisation import Offer, Organisation
from formulary.content.ratings import RatedCriterion, Ratings

_WORDS = ("title", "purpose", "guidance", "filled_by", "when")
"""What an offer says in place of the form as a whole."""


class OfferedForm(NamedTuple):
    """An offer, and the form that it makes of the library's.

    The form's sections are those that are printed, the common header first where it has it, and
    all in the organisation's words.
    """

    offer: Offer
    form: Form


@dataclass(frozen=True)
class Holdings:
    """What an organisation has that shapes its forms.

    `needs` are those that are met (`content.OrganisationContent.holds`), `groups` the names of its
    staff groups by their ids.
    """

    needs: Collection[str] = frozenset()
    criteria: tuple[RatedCriterion, ...] = ()
    groups: Mapping[str, str] = field(default_factory=dict)


def holdings(
    needs: Collection[str], organisation: Organisation, ratings: Ratings | None
) -> Holdings:
    """What an organisation has that shapes its forms; see Holdings."""
    criteria = ratings.criteria if ratings else ()
    return Holdings(needs, criteria, {group.id: group.name for group in organisation.groups})


def offer_form(form: Form, offer: Offer, header: FormHeader | None, holds: Holdings) -> OfferedForm:
    """The form that an offer makes of the library's."""
    opening = (header.section,) if header and form.header == "common" else ()
    given = {name: words for name in _WORDS if (words := getattr(offer, name)) is not None}
    sections = tuple(
        _offer_section(section, offer, holds)
        for section in (*opening, *form.sections)
        if is_offered(section, offer, holds)
    )
    return OfferedForm(offer, form.model_copy(update={**given, "sections": sections}))


def is_offered(part: FormSection | FormField, offer: Offer, holds: Holdings) -> bool:
    """Whether an organisation's form has a section or field of the library's."""
    wanted = not part.optional or part.id in offer.shows
    return wanted and part.id not in offer.leaves_out and part.needs in (None, *holds.needs)


def _offer_section(section: FormSection, offer: Offer, holds: Holdings) -> FormSection:
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
    fields: Iterable[FormField], offer: Offer, holds: Holdings
) -> tuple[FormField, ...]:
    return tuple(
        field.model_copy(
            update={
                "label": offer.labels.get(field.id, field.label),
                "hint": _hint(field, offer, holds),
                "options": offer.options.get(field.id, field.options),
            }
        )
        for written in fields
        if not written.groups or _asked(written, offer, holds)[0]
        for field in _repeat(written, holds)
        if is_offered(field, offer, holds)
    )


def _asked(field: FormField, offer: Offer, holds: Holdings) -> tuple[set[str], set[str]]:
    """The staff groups that are asked, and all those that the form is offered to."""
    offered = {*(offer.groups or holds.groups)}
    return {*(field.groups or offered)} & offered, offered


def _repeat(field: FormField, holds: Holdings) -> Iterable[FormField]:
    """The field, or one for each criterion of the organisation's ratings."""
    if not field.each:
        return (field,)
    return (
        field.model_copy(update={"id": f"{field.id}_{one.question_id}", "label": one.name})
        for one in holds.criteria
    )


def _hint(field: FormField, offer: Offer, holds: Holdings) -> str | None:
    """The hint, after the staff groups that the field is for where it is not for all."""
    hint = offer.hints.get(field.id, field.hint)
    asked, offered = _asked(field, offer, holds)
    if asked == offered:
        return hint
    names = [name for id, name in holds.groups.items() if id in asked]
    return " ".join(filter(None, (f"{' and '.join(names)} only.", hint)))
