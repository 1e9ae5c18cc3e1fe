"""All tasks of the year, in the order in which the page lists them."""

from __future__ import annotations

from formulary.editing.tasks.pages import Task
from formulary.editing.tasks.year import KeepEdition, NextYear, Publish

TASKS: tuple[Task, ...] = (Publish(), NextYear(), KeepEdition())
