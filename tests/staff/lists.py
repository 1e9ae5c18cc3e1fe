"""Staff lists written in a test, and read with the words of one small organisation."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import openpyxl

from formulary.content.career_stages import CareerStages
from formulary.content.organisation import Organisation
from formulary.content.staff_columns import StaffColumns
from formulary.staff.person import StaffList
from formulary.staff.reading import ListFile, read_staff

ELM: Mapping[str, Any] = {
    "id": "elm",
    "name": "Elm Trust",
    "short": "Elm",
    "kind": "Trust",
    "status": "draft",
    "year": 2026,
    "about": "A trust.",
    "sites": ("North School", "Weir & Mill Street School"),
    "groups": (
        {"id": "teachers", "name": "Teachers", "who": "Who teaches."},
        {"id": "support-staff", "name": "Support staff", "who": "Who does not."},
    ),
    "rules": {
        "one_term": {"states": "…", "clause": "scope", "unit": "term", "exactly": 1},
    },
    "scope": (
        {
            "id": "probation",
            "words": "in probation",
            "clause": "scope",
            "groups": ("support-staff",),
            "signs": ("Probation", "In probation"),
        },
        {"id": "agency", "words": "agency staff", "clause": "scope", "signs": ("Agency",)},
    ),
}
STAGES: Mapping[str, Any] = {
    "title": "Stages",
    "intro": "…",
    "clause": "stages",
    "groups": ("teachers",),
    "stages": ({"id": "m1-m2", "name": "M1-M2"}, {"id": "m3-m4", "name": "M3-M4"}),
    "areas": ({"id": "work", "name": "Work", "cells": {"m1-m2": "…", "m3-m4": "…"}},),
}


def read(data: bytes, name: str = "list.csv", sheet: str = "", **own: Any) -> StaffList:
    """What a list of Elm Trust says; `own` is its staff-columns.yaml."""
    return read_files({name: data}, sheet=sheet, **own)


def read_files(
    files: Mapping[str, bytes],
    *,
    sheet: str = "",
    named_encoding: str = "",
    posts: str = "ask",
    **own: Any,
) -> StaffList:
    """What several lists of Elm Trust say, by name.

    `posts` is the rule for several posts, `own` as in `read`, `named_encoding` what the command
    names.
    """
    columns = StaffColumns.model_validate(own) if own else None
    organisation = Organisation.model_validate({**ELM, "packs": {"posts": posts}})
    stages = CareerStages.model_validate(STAGES)
    lists = [ListFile(name, data) for name, data in files.items()]
    return read_staff(lists, organisation, columns, stages, sheet=sheet, encoding=named_encoding)


def read_text(text: str, **own: Any) -> StaffList:
    return read(text.encode(), **own)


def codes(staff: StaffList) -> list[str]:
    """Every problem as `line:column code`, in the order of the list."""
    return [f"{p.place.line}:{p.place.column} {p.kind.code}" for p in staff.problems]


def book(rows: Iterable[Sequence[Any]], title: str = "Staff") -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    return made


def saved(made: openpyxl.Workbook) -> bytes:
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()
