"""Say when something is, as HTML that a script can compare with today (`assets/now.js`).

Every page says its dates in full and in order. The script only points: at what comes next, at what
is past and at today. So a page without script is whole, and nothing in it depends on the clock.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from formulary.content.form import Form
from formulary.content.organisation import Group, Offer
from formulary.edition.edition import Edition
from formulary.edition.text import first_capital
from formulary.formats.handbook.downloads import Download
from formulary.formats.handbook.markdown import Markdown
from formulary.formats.handbook.year import YearEntry


@dataclass(frozen=True)
class ListedForm:
    """A form as a list offers it: as written, its offer, and its files."""

    form: Form
    offer: Offer
    files: tuple[Download, ...]

    @property
    def title(self) -> str:
        return self.offer.title or self.form.title


@dataclass(frozen=True)
class SeasonForm:
    """A form with the entries of the year at which it is filled in, in the order of the year."""

    listed: ListedForm
    entries: tuple[YearEntry, ...]


def split_when(entry: YearEntry) -> tuple[str, str]:
    """The date, and what it counts from: (“by 31 October 2026”, “before the decision on pay”).

    The second is empty where the date is all that there is to say.
    """
    said, opening, date = entry.when.removesuffix(")").rpartition(" (")
    return (date, said) if opening and entry.first else (entry.when, "")


def entry_time(entry: YearEntry, *, begins: bool = False) -> Markdown:
    """The date of an entry as HTML's `time`, with its last day; as words where it has none.

    `begins`: the words open a line, so they take a capital.
    """
    words, _ = split_when(entry)
    shown = html.escape(first_capital(words) if begins else words, quote=False)
    if entry.first is None or entry.last is None:
        return Markdown(shown)
    return Markdown(f'<time datetime="{entry.first}" data-last="{entry.last}">{shown}</time>')


def list_forms(edition: Edition, files: Iterable[Download]) -> tuple[ListedForm, ...]:
    """Every form of the edition with its files, in the organisation's order."""
    own: dict[str, list[Download]] = {}
    for file in files:
        own.setdefault(file.form, []).append(file)
    return tuple(
        ListedForm(form, offer, tuple(own.get(form.id, ()))) for offer, form in edition.forms
    )


def forms_for(forms: Iterable[ListedForm], group: Group) -> tuple[ListedForm, ...]:
    """The forms that are for a group, or for everyone."""
    return tuple(one for one in forms if not one.offer.groups or group.id in one.offer.groups)


def join_seasons(
    forms: Sequence[ListedForm], entries: Iterable[tuple[YearEntry, Sequence[str]]]
) -> list[SeasonForm]:
    """The forms in the order in which the year needs them; then those that everyone fills in.

    `entries` gives each entry of the year with the ids of the forms that belong to it. What is
    only needed now and then, and at no date, is left out.
    """
    found: dict[str, list[YearEntry]] = {}
    for entry, ids in entries:
        for id in ids:
            if entry.first:
                found.setdefault(id, []).append(entry)
    known = {one.form.id: one for one in forms}
    everyone = [one.form.id for one in forms if one.form.pack == "everyone"]
    return [
        SeasonForm(known[id], tuple(found.get(id, ())))
        for id in dict.fromkeys((*found, *everyone))
        if id in known
    ]


def sort_by_season(
    forms: Sequence[ListedForm], entries: Iterable[tuple[YearEntry, Sequence[str]]]
) -> list[ListedForm]:
    """The same with all forms: those that are only needed now and then come last."""
    first = [one.listed for one in join_seasons(forms, entries)]
    return [*first, *(one for one in forms if one not in first)]
