"""A corpus of exports: nobody missing, nobody misnamed, no false person, every row counted."""

from __future__ import annotations

from collections import Counter

import pytest

from formulary.staff.person import StaffList
from tests.staff.exports import EXPORTS, Export
from tests.staff.lists import read_files


def count_rows(staff: StaffList) -> Counter[str]:
    """How many filled rows of all lists are what."""
    counts: Counter[str] = Counter()
    for part in staff.parts:
        counts.update({fate: len(rows) for fate, rows in part.rows.items()})
    return counts


def test_the_corpus_is_large_enough() -> None:
    assert len(EXPORTS) >= 40
    assert len({export.name for export in EXPORTS}) == len(EXPORTS)


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.name)
def test_an_export_gives_its_people_and_says_what_every_other_row_is(export: Export) -> None:
    staff = read_files(export.files, **export.options)
    assert [(person.id, person.name) for person in staff.people] == list(export.people)
    codes = [p.kind.code for p in staff.problems if p.kind.code != "staff-column-unused"]
    assert codes == list(export.codes)
    assert count_rows(staff) == export.rows
    assert {p.id: p.state for p in staff.people if p.state != "covered"} == export.states
