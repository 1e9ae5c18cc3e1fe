"""What section 14 of the source sheets calls odd, and the linter's finding for it.

Each sheet's faults stand in a small organisation of our own (`oddities`). An oddity is one bullet
of the sheet, named in our words with the code of the finding and the words it must speak of.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

import pytest

from formulary.problems import Problem
from tests.check.oddities import cwac, dgat, ealing, pclc, staploe
from tests.check.samples import HEADER, linted, write

SHEETS: dict[str, ModuleType] = {
    "000": cwac,
    "001": pclc,
    "002": staploe,
    "003": ealing,
    "004": dgat,
}


@dataclass(frozen=True)
class Oddity:
    """One bullet of a sheet's section 14: each of `codes` must be found, each with its words."""

    sheet: str
    says: str
    codes: tuple[tuple[str, str], ...]


def odd(sheet: str, says: str, *codes: tuple[str, str]) -> Oddity:
    return Oddity(sheet, says, codes)


ODDITIES = (
    odd(
        "000",
        "letters of GROWTH garbled: a nought, Cyrillic T and H",
        ("look-alike", "digit 0"),
        ("look-alike", "Cyrillic"),
    ),
    odd("000", "the boxes came out in the order 1, 4, 2, 3", ("numbering", "4 follows 1")),
    odd("000", "the reviewer has several names", ("two-terms", "line manager")),
    odd(
        "000",
        "observation has several names and no scale",
        ("two-names", "lesson visit"),
        ("no-scale", "graded"),
    ),
    odd(
        "000",
        "ALDAS, SAR, QUIP and ICT are not expanded",
        ("abbreviation", "ALDAS"),
        ("abbreviation", "SAR"),
        ("abbreviation", "QUIP"),
        ("abbreviation", "ICT"),
    ),
    odd(
        "000",
        "the equality list leaves out three grounds",
        ("equality-list", "gender reassign"),
        ("equality-list", "pregnancy"),
        ("equality-list", "belief"),
    ),
    odd("000", "a singular article before “processes”", ("slip", "a strong processes")),
    odd(
        "000",
        "for tutors and managers, yet managers have no cycle",
        ("unknown-reference", "managers"),
    ),
    odd(
        "000",
        "approver, version, review date, appeals, confidentiality, retention, capability",
        ("no-approver", ""),
        ("no-version", ""),
        ("no-review-date", ""),
        ("policy-silent", "appeal"),
        ("policy-silent", "who may see"),
        ("policy-silent", "how long"),
        ("policy-silent", "too low"),
    ),
    odd("001", "heading 3.2 is missing", ("numbering", "3.2 is missing")),
    odd(
        "001",
        "5.3 sends readers to the wrong clause for training and support",
        ("wrong-reference", "training and support"),
    ),
    odd(
        "001",
        "the form is said to be Appendix A and is Appendix B",
        ("wrong-reference", "The form is in the appendix"),
    ),
    odd("001", "10.1 says “9.2 below”, and 9.2 stands above", ("wrong-reference", "not below")),
    odd("001", "a Red cell repeats another", ("repeated-text", "under “red”")),
    odd("001", "no colours for support staff", ("group-without-scale", "support")),
    odd("001", "two check points are three events", ("miscount", "two check points")),
    odd(
        "001",
        "LGB, QTS, PPA, HLTA, UPS, H&S are never expanded",
        ("abbreviation", "LGB"),
        ("abbreviation", "QTS"),
        ("abbreviation", "PPA"),
        ("abbreviation", "HLTA"),
        ("abbreviation", "UPS"),
        ("abbreviation", "H&S"),
    ),
    odd("001", "CFO: a committee, and neither cycle nor pay date", ("post-without-group", "Chief")),
    odd(
        "001", "the specified points of appeal are not specified", ("left-open", "specified points")
    ),
    odd(
        "001",
        "“Performance Development process” occurs once",
        ("two-names", "performance development"),
    ),
    odd("001", "principal, co-principal and headteacher are mixed", ("two-terms", "principal")),
    odd("001", "a cell ends with a stray dash", ("slip", "stray mark")),
    odd("001", "Upper Pay Range and UPS are one thing", ("two-names", "upper pay")),
    odd(
        "001", "support staff’s pay is decided seven months after the cycle", ("late-decision", "")
    ),
    odd("001", "the form has no field for the colour", ("form-lacks", "rating")),
    odd(
        "001",
        "review date, version and retention years are not stated",
        ("no-review-date", ""),
        ("no-version", ""),
        ("left-open", "number of years"),
    ),
    odd("002", "nothing says when learning support staff meet", ("missing-deadline", "Annual")),
    odd("002", "names for central staff vary", ("two-names", "operation team")),
    odd("002", "two committees, neither defined", ("undefined-body", "Trust Review Committee")),
    odd("002", "termly and regular for the same meetings", ("two-names", "termly and regular")),
    odd("002", "Strategic Objectives and Strategic Priorities", ("two-names", "Strategic")),
    odd("002", "lists that open or end with a semicolon", ("slip", "stray mark")),
    odd(
        "002",
        "American spelling, and dependant",
        ("spelling", "behavior"),
        ("spelling", "dependant"),
    ),
    odd("002", "the online form is not there", ("form-not-offered", "online form")),
    odd("002", "an appeal only against pay", ("policy-silent", "about pay, and about nothing")),
    odd(
        "002",
        "no equality statement and no word on data protection",
        ("policy-silent", "about equality"),
        ("policy-silent", "data protection"),
    ),
    odd(
        "002", "the reviewing line manager is the reviewer", ("two-terms", "reviewing line manager")
    ),
    odd("002", "the process has two names", ("two-names", "performance and development")),
    odd("003", "the Disability Discrimination Act has been replaced", ("old-law", "Disability")),
    odd("003", "the flowchart’s lanes came out in reverse order", ("numbering", "comes after")),
    odd("003", "days are not defined", ("left-open", "working days or calendar days")),
    odd("003", "rating scores appear and no scale", ("no-scale", "Rating")),
    odd(
        "003",
        "exemplar objectives and the examples section are missing",
        ("loose-reference", "exemplar"),
        ("loose-reference", "examples section"),
    ),
    odd("003", "the statement prints no name and no period", ("form-lacks", "name or the cycle")),
    odd("003", "“(copy attached)”", ("loose-reference", "copy attached")),
    odd(
        "003",
        "EGFL, SMSA, SEF, TA, CPD, JD, GB are not expanded",
        ("abbreviation", "EGFL"),
        ("abbreviation", "SMSA"),
        ("abbreviation", "SEF"),
        ("abbreviation", "TA"),
        ("abbreviation", "CPD"),
        ("abbreviation", "JD"),
        ("abbreviation", "GB"),
    ),
    odd("003", "the R of SMART is not the usual one", ("two-expansions", "Related to the job")),
    odd(
        "003",
        "a doubled slash, “and should and”, FAQ’s",
        ("slip", "//"),
        ("slip", "and should and"),
        ("slip", "FAQ"),
    ),
    odd(
        "003",
        "no version, no review date, no durations, no reviewers named",
        ("no-version", ""),
        ("no-review-date", ""),
        ("left-open", "reasonable timeframe"),
        ("no-reviewer", ""),
    ),
    odd(
        "004",
        "a draft past its review date, without approval or version",
        ("review-overdue", "still a draft"),
        ("no-approver", ""),
        ("no-version", ""),
    ),
    odd("004", "paragraph 11 is missing", ("numbering", "11 is missing")),
    odd("004", "a heading is numbered 2 like the paragraph", ("numbering", "is there twice")),
    odd("004", "no link to pay, and pay progression in other paragraphs", ("contradiction", "pay")),
    odd("004", "a cycle from October to October", ("cycle-length", "October to October")),
    odd(
        "004",
        "“from December and December”, and no date for the central team’s report",
        ("slip", "December and December"),
        ("missing-deadline", "Report"),
    ),
    odd("004", "lesson dips and drop-ins are one thing", ("two-names", "lesson dip")),
    odd("004", "two paragraphs repeat each other", ("repeated-text", "The same sentence")),
    odd(
        "004",
        "reviewer, appraiser and line manager are mixed",
        ("two-terms", "appraiser"),
        ("two-terms", "line manager"),
    ),
    odd(
        "004",
        "ISR, DCEO, SDP and DfE are not expanded",
        ("abbreviation", "ISR"),
        ("abbreviation", "DCEO"),
        ("abbreviation", "SDP"),
        ("abbreviation", "DfE"),
    ),
    odd("004", "no reviewer is given for the DCEO", ("no-reviewer", "DCEO")),
    odd(
        "004",
        "forms and career stage expectations are not supplied",
        ("form-not-offered", "proformas"),
        ("no-scale", "Career stage expectations"),
    ),
    odd("004", "objectives and targets are mixed", ("two-names", "target")),
)


@cache
def findings(sheet: str) -> tuple[Problem, ...]:
    """What the linter says about the test content of one sheet."""
    content = SHEETS[sheet]
    id = content.__name__.rpartition(".")[2]
    files = {
        f"content/organisations/{id}/{name}.yaml": text for name, text in content.FILES.items()
    }
    files |= {f"content/library/{name}.yaml": text for name, text in content.LIBRARY.items()}
    files |= {f"forms/{name}.yaml": text for name, text in content.FORMS.items()}
    files["forms/house/header.yaml"] = HEADER
    with TemporaryDirectory() as root:
        return linted(write(Path(root), files)).problems


def said(oddity: Oddity) -> list[tuple[str, str]]:
    """The codes and words of an oddity that no finding has."""
    return [
        (code, words)
        for code, words in oddity.codes
        if not any(p.kind.code == code and words in p.message for p in findings(oddity.sheet))
    ]


@pytest.mark.parametrize("oddity", ODDITIES, ids=lambda oddity: f"{oddity.sheet}-{oddity.says}")
def test_the_linter_finds_what_the_sheet_calls_odd(oddity: Oddity) -> None:
    assert said(oddity) == []


def test_at_least_forty_oddities_are_found() -> None:
    assert sum(1 for oddity in ODDITIES if not said(oddity)) >= 40
