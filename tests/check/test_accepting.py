"""Findings that an organisation accepts: with a reason, at a place, and never for nothing."""

from __future__ import annotations

from pathlib import Path

from formulary import problems
from formulary.check.content import Findings, check_content
from tests.check.samples import CLEAN, HILL, linted, loaded, write

POLICY, ORGANISATION = f"{HILL}/policy.yaml", f"{HILL}/organisation.yaml"


def with_acceptance(root: Path, accept: str, aims: str = "See Appendix C.") -> Findings:
    """The sample with another first clause and an `accept` list."""
    old = "The policy helps everyone to do their work well."
    files = {
        **CLEAN,
        POLICY: CLEAN[POLICY].replace(old, aims),
        ORGANISATION: f"{CLEAN[ORGANISATION]}accept:\n{accept}",
    }
    return linted(write(root, files))


def codes(findings: Findings) -> list[str]:
    return [problem.kind.code for problem in findings.problems]


def test_an_accepted_finding_is_set_apart_with_its_reason(tmp_path: Path) -> None:
    accept = "  - code: lost-reference\n    because: Kept by {{ organisation.name }}.\n"
    findings = with_acceptance(tmp_path, accept)
    assert findings.problems == ()
    (accepted,) = findings.accepted
    assert accepted.organisation == "hill"
    assert accepted.problem.kind is problems.LOST_REFERENCE
    assert accepted.because == "Kept by Hill Schools."


def test_a_finding_is_accepted_by_its_clause(tmp_path: Path) -> None:
    accept = "  - code: lost-reference\n    at: aims\n    because: Kept.\n"
    assert codes(with_acceptance(tmp_path, accept)) == []


def test_a_finding_elsewhere_is_not_accepted(tmp_path: Path) -> None:
    accept = "  - code: lost-reference\n    at: pay\n    because: Kept.\n"
    assert sorted(codes(with_acceptance(tmp_path, accept))) == [
        "lost-reference",
        "unused-acceptance",
    ]


def test_what_stops_a_build_cannot_be_accepted(tmp_path: Path) -> None:
    accept = "  - code: unknown-reference\n    because: Kept.\n"
    findings = with_acceptance(tmp_path, accept, "All is well.")
    assert codes(findings) == ["unused-acceptance"]
    assert "stops a build" in findings.problems[0].message


def test_a_code_that_does_not_exist_is_named(tmp_path: Path) -> None:
    accept = "  - code: no-such-code\n    because: Kept.\n"
    findings = with_acceptance(tmp_path, accept, "All is well.")
    assert "no-such-code" in findings.problems[0].message


def test_a_finding_names_its_clause(tmp_path: Path) -> None:
    findings = with_acceptance(tmp_path, "  - {code: old-law, because: Kept.}\n")
    found = next(p for p in findings.problems if p.kind is problems.LOST_REFERENCE)
    assert found.where == "clause 1.1 “aims”"
    assert "(clause 1.1 “aims”)" in str(found)


def test_a_check_of_the_structure_judges_nothing(tmp_path: Path) -> None:
    spoilt = CLEAN[POLICY].replace('version: "2.1"\n', "")
    content = loaded(write(tmp_path, {**CLEAN, POLICY: spoilt}))
    assert check_content(content) == ()
