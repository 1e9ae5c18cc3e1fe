"""Write the home page of an organisation: whose year, which form, and what people ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from formulary.edition.edition import Edition
from formulary.formats.handbook.downloads import Download
from formulary.formats.handbook.my_year import pick_questions
from formulary.formats.handbook.season import SeasonForm, entry_time, join_seasons, list_forms
from formulary.formats.handbook.views import (
    ViewTask,
    forms_behind,
    gather_tasks,
    own_dates,
    years_of,
)
from formulary.formats.handbook.writer import Writer
from formulary.formats.handbook.year import cycles_name, has_dates, years
from formulary.formats.handbook.year_band import draw_band

ASKED = (
    "who-reviews-me",
    "disagreement",
    "who-sees-my-form",
    "absent",
    "what-about-pay",
    "joined-mid-year",
    "training-requests",
)
"""The questions that lead, by id; the first five that the organisation answers."""
LEADING = 5


def home_page(writer: Callable[[str], Writer], files: Sequence[Download]) -> dict[str, str]:
    """Path -> text of the organisation's home page."""
    addresses = writer("").addresses
    edition = addresses.edition
    groups = []
    year: list[ViewTask] = []
    for group in edition.organisation.groups:
        found = years_of(edition, group.id)
        tasks = gather_tasks(found, named=len(found) > 1)
        groups.append((group, own_dates(edition, tasks), bool(tasks)))
        year = year or [task for task in tasks if task.entry.first]
    return writer(addresses.home).page(
        "home",
        f"How your work is reviewed in {cycles_name(edition)}",
        edition.organisation.about,
        wide=True,
        groups=groups,
        season=season_of(edition, files),
        has_dates=has_dates(edition),
        named=cycles_name(edition),
        form_count=len(edition.forms),
        year=year,
        band=draw_band([task.entry for task in year]),
        asked=pick_questions(edition, ASKED)[:LEADING],
        policy=[file for file in files if file.form == "policy"],
        entry_time=entry_time,
    )


def season_of(edition: Edition, files: Sequence[Download]) -> list[SeasonForm]:
    """The forms that the year asks of anybody, in its order; those that everyone needs last."""
    entries = [entry for year in years(edition) for entry in year.dated]
    entries.sort(key=lambda entry: (str(entry.first), str(entry.last)))
    asked_at = [(entry, [id for id, _ in forms_behind(edition, entry)]) for entry in entries]
    return join_seasons(list_forms(edition, files), asked_at)
