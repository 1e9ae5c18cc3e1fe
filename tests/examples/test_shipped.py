"""The content that is shipped: what the linter says of it is true, and accepted with a reason."""

from __future__ import annotations

import datetime
import hashlib
import json
from pathlib import Path

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


OFFERED = {
    "cwac": "cpd-needs one-to-one growth-goals observation meeting-note",
    "pclc": "pm-form career-stage-audit cpd-needs one-to-one observation support-plan "
    "concern-letter "
    "objective-change appeal pay-recommendation moderation panel-record meeting-note",
    "staploe": "planning-statement cpd-needs pre-review pre-review-reviewee one-to-one observation "
    "support-plan objective-change appeal pay-recommendation moderation meeting-note disposal-log",
    "ealing": "planning-statement cpd-needs pre-review pre-review-reviewee one-to-one observation "
    "support-plan concern-letter objective-change review-checklist appeal job-description-change "
    "disposal-log",
    "dgat": "pm-form cpd-needs one-to-one observation support-plan concern-letter objective-change "
    "career-stage-audit appeal moderation panel-record disposal-log",
}
"""The forms that each organisation's document asks for or prints."""

COMPARED = {"pclc": ("changes",)}
"""The organisations that keep a last edition, and the paper on what changed since."""


def test_what_a_build_makes_stands_where_the_manifest_says(built: Path) -> None:
    site = built / "site"
    listed = json.loads((site / "manifest.json").read_text(encoding="utf-8"))["downloads"]
    names = {
        f"{organisation}/downloads/{paper}-2026-27.{ending}"
        for organisation, forms in OFFERED.items()
        for paper in ("policy", *COMPARED.get(organisation, ()), *forms.split())
        for ending in ("docx", "pdf")
    }
    assert {entry["path"] for entry in listed} == names
    for entry in listed:
        data = (site / entry["path"]).read_bytes()
        assert (entry["bytes"], entry["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
        lasting = site / entry["lasting_path"]
        assert lasting.name == f"{entry['form']}{Path(entry['path']).suffix}", "without the year"
        assert lasting.read_bytes() == data
        page = site / entry["organisation"] / "downloads.html"
        assert f'href="downloads/{lasting.name}"' in page.read_text("utf-8")
        assert (entry["organisation"], entry["edition"]) == (entry["path"].split("/")[0], "2026-27")
