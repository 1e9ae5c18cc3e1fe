"""A value of the wrong kind is named as it was written, with what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from formulary.content.loading import validate
from formulary.content.policy import Policy
from formulary.content.source import parse
from formulary.problems import Problem

POLICY = """\
title: Policy
summary: What it says.
status: draft
numbering: clauses
{}
sections:
  - id: aims
    title: Aims
    clauses:
      - id: purpose
        text: It helps everyone.
"""


def find_faults(line: str) -> tuple[Problem, ...]:
    document, found = parse(POLICY.format(line), Path("policy.yaml"))
    return (*found, *validate(Policy, document)[1])


@pytest.mark.parametrize(
    ("written", "said", "fix"),
    [
        ("9 July 2026", "not in the order year-month-day", "Write 2026-07-09"),
        ("9th July, 2026", "not in the order", "Write 2026-07-09"),
        ("Thursday 9 July 2026", "not in the order", "Write 2026-07-09"),
        ("July 9, 2026", "not in the order", "Write 2026-07-09"),
        ("01/09/2026", "not in the order", "Write 2026-09-01"),
        ("1.9.26", "not in the order", "Write 2026-09-01"),
        ("2026-9-1", "not in the order", "Write 2026-09-01"),
        ("20260901", "not in the order", "Write 2026-09-01"),
        ("31 June 2026", "not a date that exists", "Write a date such as"),
        ("2026-02-30", "not a date that exists", "Write a date such as"),
        ("July 2026", "lacks the day", "Write a date such as"),
        ("soon", "is not a date", "Write a date such as"),
    ],
)
def test_a_date_is_advised_as_it_was_meant(written: str, said: str, fix: str) -> None:
    (problem,) = find_faults(f"next-review: {written}")
    assert problem.kind.code == "bad-date" and problem.place.line == 5
    assert said in problem.message and problem.fix.startswith(fix)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("3.10", "a number"),
        ("2", "a number"),
        ("2026-09-01", "a date"),
        ("true", "true or false"),
        ("007", "a number"),
    ],
)
def test_a_version_is_quoted_as_it_was_written(written: str, read_as: str) -> None:
    (problem,) = find_faults(f"version: {written}")
    assert problem.message == f"YAML reads {written} as {read_as}, and text is needed"
    assert problem.fix == f'Put it in quotation marks: version: "{written}"'
    assert find_faults(f'version: "{written}"') == ()


@pytest.mark.parametrize(
    "line", ['in-force: "A" b', "kept-by: @x", "version: {{ x }}", "kept-by: *x"]
)
def test_what_is_no_yaml_is_one_problem_and_the_file_is_checked_on(line: str) -> None:
    found = find_faults(f"{line}\nunknown: 1")
    assert [problem.place.line for problem in found] == [5, 6]
