"""Whether an organisation's forms carry objectives and training needs into the next year."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from formulary.cli import main
from tests.helpers import replace_once

WITH = "    with: [ past_year ]  # takes last year's objectives over\n"


def lacking(root: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert main(["check", "--json"], root) == 0
    found = json.loads(capsys.readouterr().out)["problems"]
    return [problem for problem in found if problem["code"] == "nothing-carried"]


@pytest.mark.parametrize("forms", [[], ["pm-form"], ["planning-statement"], ["cpd-needs"]])
def test_what_new_offers_carries_without_a_setting(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], forms: list[str]
) -> None:
    offered = [f"--form={form}" for form in forms]
    assert main(["new", "elm", "--group", "Teachers", *offered], tmp_path) == 0
    assert lacking(tmp_path, capsys) == []


def test_a_part_that_is_left_out_is_named_with_what_to_write(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", "elm", "--group", "Teachers"], tmp_path) == 0
    path = tmp_path / "content" / "organisations" / "elm" / "organisation.yaml"
    replace_once(path, WITH, "")
    (problem,) = lacking(tmp_path, capsys)
    assert "objectives" in problem["message"]
    assert "with: [past_year]" in problem["fix"]
    line = path.read_text(encoding="utf-8").splitlines()[problem["line"] - 1]
    assert line.strip() == "- form: planning-statement"
    accept = "accept:\n  - {code: nothing-carried, at: planning-statement, because: It is so.}\n"
    path.write_text(path.read_text(encoding="utf-8") + accept, encoding="utf-8")
    assert lacking(tmp_path, capsys) == []


def test_a_table_for_objectives_that_go_on_needs_the_mark_by_which_they_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """pm-form takes over what is ticked as going on; without the ticks it takes over nothing."""
    assert main(["new", "elm", "--group", "Teachers", "--form=pm-form"], tmp_path) == 0
    path = tmp_path / "content" / "organisations" / "elm" / "organisation.yaml"
    last = "    with: [ last_year ]  # takes last year's objectives over\n"
    replace_once(path, last, "")
    (problem,) = lacking(tmp_path, capsys)
    assert "with: [last_year]" in problem["fix"]
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace(
            "    clauses: [ review ]\n", "    clauses: [ review ]\n    with: [ spanning ]\n"
        )
    )
    assert lacking(tmp_path, capsys) == []


def test_a_form_of_ones_own_without_any_carrying_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", "elm", "--group", "Teachers", "--form=planning-statement"], tmp_path) == 0
    path = tmp_path / "content" / "organisations" / "elm" / "organisation.yaml"
    replace_once(path, WITH, "")
    own = (tmp_path / "content" / "organisations" / "elm" / "organisation.yaml").read_text()
    form = """id: goals
title: Goals
purpose: What a person sets out to do.
guidance: Agree them together.
filled-by: Reviewee
when: In autumn
header: common
sections:
  - id: goals
    title: Goals
    fields:
      - {id: goal, label: Goal, type: multiline, lines: 3, means: objective}
"""
    (tmp_path / "forms").mkdir(exist_ok=True)
    (tmp_path / "forms" / "goals.yaml").write_text(form, encoding="utf-8")
    path.write_text(own.replace("form: planning-statement", "form: goals"), encoding="utf-8")
    capsys.readouterr()
    main(["check", "--json"], tmp_path)
    found = json.loads(capsys.readouterr().out)["problems"]
    (problem,) = (one for one in found if one["code"] == "nothing-carried")
    assert "Goals" in problem["message"]
    assert "from: previous." in problem["fix"]
