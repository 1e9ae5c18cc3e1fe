"""A value of the wrong kind is named as it was written, with what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from formulary.content.cycle import Cycles
from formulary.content.loading import validate
from formulary.content.organisation import Organisation
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
        ("2026-09-01 09:30", "has a time behind the day", "Write 2026-09-01."),
        ("2026-09-01T00:00:00Z", "has a time behind the day", "Write 2026-09-01."),
        ('"2026-09-01"', "“2026-09-01” is in quotation marks", "Write 2026-09-01."),
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
    ("written", "fix"),
    [
        ("yes", "Write true,"),
        ("Off", "Write false,"),
        ("no", "Write false,"),
        ("1", "Write true,"),
        ('"true"', "Write true,"),
        ("perhaps", "Write true or false."),
    ],
)
def test_yes_and_no_are_advised_as_true_and_false(written: str, fix: str) -> None:
    (problem,) = find_faults(
        f"appendices:\n  - {{id: a, title: A, numbered: {written}, clauses: []}}"
    )[:1]
    assert problem.fix.startswith(fix)


@pytest.mark.parametrize(
    ("written", "fix"),
    [
        ("2026-27", "Write 2026."),
        ("2026/27", "Write 2026."),
        ("2,026", "Write 2026."),
        ("2026.0", "Write 2026."),
        ("'2026'", "Write 2026 without quotation marks."),
        ("2026.5", "Write a whole number."),
        ("12-13", "Write a whole number."),
    ],
)
def test_a_whole_number_is_advised_as_it_was_meant(written: str, fix: str) -> None:
    document, _ = parse(f"year: {written}", Path("organisation.yaml"))
    found = validate(Organisation, document)[1]
    (problem,) = [one for one in found if one.kind.code == "wrong-type"]
    assert problem.fix == fix


@pytest.mark.parametrize("written", ["2026-09-01", "1.9", "31"])
def test_a_time_of_the_cycle_is_advised_in_words(written: str) -> None:
    document, _ = parse(f"terms:\n  - starts: {written}", Path("cycle.yaml"))
    found = validate(Cycles, document)[1]
    (problem,) = [one for one in found if one.kind.code == "wrong-type"]
    assert problem.place.line == 2
    assert problem.fix == "Write the day and the month in words, for example 1 September."


@pytest.mark.parametrize(
    "line", ['in-force: "A" b', "kept-by: @x", "version: {{ x }}", "kept-by: *x"]
)
def test_what_is_no_yaml_is_one_problem_and_the_file_is_checked_on(line: str) -> None:
    found = find_faults(f"{line}\nunknown: 1")
    assert [problem.place.line for problem in found] == [5, 6]
