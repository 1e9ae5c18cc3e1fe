"""All tasks of the year, in the order in which the page lists them."""

from __future__ import annotations

from formulary.editing.tasks.documents import ImportForms, ImportPolicy, StartOrganisation
from formulary.editing.tasks.pages import Task
from formulary.editing.tasks.staff_list import CheckStaffList
from formulary.editing.tasks.take_back import TakeBackPolicy
from formulary.editing.tasks.year import BeginNextYear, KeepEdition, Publish


def all_tasks() -> tuple[Task, ...]:
    """A new one of each."""
    return (
        Publish(),
        BeginNextYear(),
        KeepEdition(),
        TakeBackPolicy(),
        CheckStaffList(),
        ImportForms(),
        ImportPolicy(),
        StartOrganisation(),
    )
