"""The catalogue of problems: the codes of the program and the file that describes them agree."""

from __future__ import annotations

import pickle
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from formulary import problems
from formulary.problems import CATALOGUE, Kind, Place, Problem, Severity, group_kinds

DESCRIBED = [
    entry
    for group in tomllib.loads(Path(problems.__file__).with_suffix(".toml").read_text("utf-8"))[
        "group"
    ]
    for entry in group["kind"]
]


def test_each_code_is_described_once_and_has_a_name() -> None:
    assert [entry["code"] for entry in DESCRIBED] == list(CATALOGUE)
    names = [name for name, value in vars(problems).items() if isinstance(value, Kind)]
    assert len(names) == len(CATALOGUE)
    assert [kind for kinds in group_kinds().values() for kind in kinds] == list(CATALOGUE.values())


@pytest.mark.parametrize("entry", DESCRIBED, ids=lambda entry: entry["code"])
def test_a_description_is_whole(entry: dict[str, str]) -> None:
    assert entry.keys() <= {"code", "severity", "judged", "title", "remedy"}
    assert entry["severity"] in get_args(Severity)
    assert entry["title"][0].isupper()
    assert not entry["title"].endswith(".")
    assert entry["remedy"].endswith((".", "formulary-papers"))
    kind = CATALOGUE[entry["code"]]
    described = (kind.severity, kind.title, kind.remedy, kind.judged)
    assert described == (
        entry["severity"],
        entry["title"],
        entry["remedy"],
        entry.get("judged", False),
    )


def test_an_organisation_can_set_a_severity() -> None:
    kind = Kind("answer-missing", "error")
    place = Place(Path("form.docx"))
    assert CATALOGUE["answer-missing"].severity == "warning"
    assert str(Problem(kind, place, "No date", "Ask for it.")).startswith(
        "form.docx: error answer-missing: No date."
    )
    assert pickle.loads(pickle.dumps(kind)) == kind != CATALOGUE["answer-missing"]


def test_a_run_without_problems_does_not_read_the_descriptions() -> None:
    code = (
        "import sys, formulary.problems as p; assert p.in_order([]) == () == p.errors_in([]);"
        "print(p.UNKNOWN_KEY.code, 'tomllib' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "unknown-key False\n"
