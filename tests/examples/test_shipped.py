"""The content that is shipped: what the linter says of it is true, and accepted with a reason."""

from __future__ import annotations

import datetime

import pytest

from formulary.content.loading import Content, load
from formulary.edition.changes import compare
from formulary.pipeline.content import check
from formulary.problems import errors_in
from tests.check.samples import checked
from tests.edits import edition_in
from tests.helpers import ROOT

READ_ON = datetime.date(2026, 11, 22)
"""The day on which the findings were read and accepted."""


def test_the_content_as_it_stands_has_no_error() -> None:
    assert errors_in(check(ROOT, READ_ON).problems) == ()


def test_every_finding_is_accepted_with_a_reason(content: Content) -> None:
    findings = checked(content, READ_ON)
    assert [str(problem) for problem in findings.problems] == []
    assert all(accepted.because for accepted in findings.accepted)


SHEETS = {"cwac": 87, "dgat": 144, "ealing": 189, "pclc": 217, "staploe": 176}
"""How many facts each source sheet says that it holds."""


@pytest.mark.parametrize("id", SHEETS)
def test_every_fact_of_a_sheet_has_its_place(id: str, content: Content) -> None:
    own = next(found for found in content.organisations if found.id == id)
    assert own.coverage is not None
    facts = own.coverage.item.facts
    assert set(facts) == {f"F{number}" for number in range(1, SHEETS[id] + 1)}
    assert (own.folder / "source.md").read_text(encoding="utf-8").startswith("# 00")


def test_the_shipped_last_edition_differs_in_what_its_source_says() -> None:
    edition, now = edition_in(ROOT, "pclc")
    content, _ = load(ROOT)
    own = next(one for one in content.organisations if one.id == "pclc")
    assert own.last_edition is not None
    comparison = compare(own.last_edition, now, edition.policy.updates)
    (change,) = comparison.differences
    assert (change.key, change.what) == ("clause:concerns", ("reworded",))
    marked = [(run.mark, run.text.strip()) for passage in change.passages for run in passage.runs]
    assert [pair for pair in marked if pair[0]] == [
        ("added", ", or improvement that is not sustained"),
    ]
    assert not any(change.lacks_reason for change in comparison.differences)
