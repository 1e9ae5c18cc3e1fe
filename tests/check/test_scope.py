"""Scope, short cycles and staff columns: a name that leads nowhere is named at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from formulary.check.content import check_content
from formulary.content.loading import load
from tests.check.samples import CLEAN, HILL, list_problems, write

SCOPE = """\
scope:
  - id: probation
    words: in probation
    clause: equality
    groups: [support]
    signs: [Probation]
  - id: short
    words: on a short contract
    clause: aims
    shorter-than: term
short-cycles:
  - id: joiners
    words: The cycle begins with the contract.
    clause: year
    who: [joiners, fixed-term]
    shorter-than: term
    group: support
"""
RULE = """\
  term:
    states: The shortest contract.
    clause: aims
    unit: term
    exactly: 1
related:
"""
COLUMNS = """\
columns:
  name: Full Name
  status: [Contract, Status]
groups:
  TCH: teachers
scope:
  Prob: probation
  Passed: covered
further:
  hours: Weekly hours
"""


def project(root: Path, scope: str = SCOPE, columns: str = COLUMNS, prefill: str = "") -> Path:
    organisation = CLEAN[f"{HILL}/organisation.yaml"].replace("related:\n", RULE, 1) + scope
    review = CLEAN["forms/review.yaml"].replace(
        "        type: multiline\n", f"        type: multiline\n        from: {prefill}\n"
    )
    return write(
        root,
        {
            **CLEAN,
            f"{HILL}/organisation.yaml": organisation,
            f"{HILL}/staff-columns.yaml": columns,
            **({"forms/review.yaml": review} if prefill else {}),
        },
    )


def said(root: Path) -> list[str]:
    """Each problem's code, and the words at its place."""
    content, problems = load(root)
    found = []
    for problem in (*problems, *check_content(content)):
        line = (root / problem.place.file).read_text(encoding="utf-8").splitlines()
        words = line[problem.place.line - 1][problem.place.column - 1 :]
        found.append(f"{problem.kind.code} {words}")
    return found


def test_a_sound_scope_and_map_are_sound(tmp_path: Path) -> None:
    assert said(project(tmp_path, prefill="staff.hours")) == []


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("clause: equality", "clause: equalty", "unknown-reference equalty"),
        ("groups: [support]", "groups: [suport]", "unknown-reference suport]"),
        ("shorter-than: term", "shorter-than: tern", "unknown-reference tern"),
        ("shorter-than: term", "shorter-than: objectives", "bad-value objectives"),
        ("group: support", "group: suport", "unknown-reference suport"),
        ("clause: year", "clause: yaer", "unknown-reference yaer"),
        ("    signs: [Probation]\n", "", "missing-key id: probation"),
        ("id: short", "id: probation", "repeated-id probation"),
        ("who: [joiners, fixed-term]", "who: [joiners, starters]", "bad-value starters]"),
    ],
)
def test_a_mistake_in_the_scope_is_named_at_its_place(
    old: str, new: str, named: str, tmp_path: Path
) -> None:
    assert old in SCOPE
    found = said(project(tmp_path, scope=SCOPE.replace(old, new, 1)))
    assert [one.replace("  ", "") for one in found] == [named]


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("TCH: teachers", "TCH: techers", "unknown-reference techers"),
        ("Prob: probation", "Prob: probaton", "unknown-reference probaton"),
        ("  name: Full Name", "  nam: Full Name", "bad-value nam: Full Name"),
        ("  hours: Weekly", "  job_title: Weekly", "repeated-id job_title: Weekly hours"),
        ("groups:", "stages:\n  M1: m1\ngroups:", "unknown-reference m1"),
    ],
)
def test_a_mistake_in_the_map_is_named_at_its_place(
    old: str, new: str, named: str, tmp_path: Path
) -> None:
    assert old in COLUMNS
    assert said(project(tmp_path, columns=COLUMNS.replace(old, new, 1))) == [named]


def test_a_field_can_be_filled_from_a_further_column_and_from_no_other(tmp_path: Path) -> None:
    root = project(tmp_path, prefill="staff.hour")
    assert said(root) == ["unknown-reference staff.hour"]
    content, _ = load(root)
    assert list_problems(check_content(content))
    assert "staff.hours" in check_content(content)[0].fix
