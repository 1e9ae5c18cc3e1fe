"""Forms are checked as the organisation offers them: its words, its rows, the parts that it has."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from formulary.content.loading import load
from formulary.documents.blank import Blank, compose_blank
from formulary.edition.edition import compose_edition
from formulary.problems import errors_in, in_order
from tests.check.samples import CLEAN, HILL, linted, write

ORGANISATION = f"{HILL}/organisation.yaml"
GOALS = """\
  - id: goals
    title: Goals
    table:
      id: goal
      row: Goal
      rows: rules.goals.max
      columns:
        - id: text
          label: Goal
          type: text
"""
LATER = """\
      - id: copy_to
        label: Copy to
        type: text
        optional: true
"""


def reported(root: Path, edits: Mapping[str, tuple[str, str]]) -> list[str]:
    """Each problem's code and message, where files of the clean sample are edited."""
    files = dict(CLEAN)
    for name, (old, new) in edits.items():
        assert old in files[name]
        files[name] = files[name].replace(old, new, 1)
    problems = in_order(linted(write(root, files)).problems)
    return [f"{problem.kind.code}: {problem.message}" for problem in problems]


def test_rows_from_a_rule_need_the_rule(tmp_path: Path) -> None:
    form = ("sections:\n", f"sections:\n{GOALS}")
    (found,) = reported(tmp_path, {"forms/review.yaml": form})
    assert found == "unknown-fact: The rows come from rules.goals.max, which hill does not have"


def test_rows_that_the_offer_gives_need_no_rule(tmp_path: Path) -> None:
    form = ("sections:\n", f"sections:\n{GOALS}")
    offer = ("    with: [later]\n", "    with: [later]\n    rows:\n      goal: 4\n")
    assert reported(tmp_path, {"forms/review.yaml": form, ORGANISATION: offer}) == []


def test_rows_of_a_part_that_is_left_out_need_no_rule(tmp_path: Path) -> None:
    form = ("sections:\n", f"sections:\n{GOALS}")
    offer = ("    with: [later]\n", "    with: [later]\n    without: [goals]\n")
    assert reported(tmp_path, {"forms/review.yaml": form, ORGANISATION: offer}) == []


def test_a_letter_of_ones_own_has_no_place_for_a_field_that_is_not_asked(tmp_path: Path) -> None:
    words = "  - form: letter\n    letters:\n      letter: {}\n"
    letter = words.format("Dear [[name]], on [[met_on]] we met. Copy to [[copy_to]].")
    form = (
        "      Dear [[name]], we met on [[met_on]].\n    fields:\n",
        "      Dear [[name]], we met on [[met_on]]. Copy: [[copy_to]].\n    fields:\n" + LATER,
    )
    edits = {"forms/letter.yaml": form, ORGANISATION: ("  - form: letter\n", letter)}
    (found,) = reported(tmp_path, edits)
    assert found == "unknown-reference: There is no field of this letter “copy_to”"


def test_a_letter_of_the_library_has_no_place_for_a_field_that_is_left_out(tmp_path: Path) -> None:
    offer = ("  - form: letter\n", "  - form: letter\n    without: [met_on]\n")
    (found,) = reported(tmp_path, {ORGANISATION: offer})
    assert found == "unknown-reference: There is no field of this letter “met_on”"


def test_a_slip_in_the_common_header_is_reported_once(tmp_path: Path) -> None:
    header = ("      label: Name\n", "      label: Name and color\n")
    (found,) = reported(tmp_path, {"forms/house/header.yaml": header})
    assert found == "spelling: “color” is American spelling"


def test_words_that_the_offer_replaces_are_not_judged(tmp_path: Path) -> None:
    form = ("label: Wellbeing\n", "label: Wellbeing and color\n")
    assert len(reported(tmp_path / "as-it-is", {"forms/review.yaml": form})) == 1
    label = "    with: [later]\n    labels:\n      wellbeing: Wellbeing\n"
    offer = ("    with: [later]\n", label)
    edits = {"forms/review.yaml": form, ORGANISATION: offer}
    assert reported(tmp_path / "replaced", edits) == []


def test_a_form_is_named_by_the_title_that_it_has_here(tmp_path: Path) -> None:
    edits = {
        ORGANISATION: ("  - form: letter\n", "  - form: letter\n    title: Letter of concern\n"),
        f"{HILL}/policy.yaml": ("{{ form('letter') }}", "which"),
    }
    found = reported(tmp_path, edits)
    assert "form-not-mentioned: No clause asks for the form “Letter of concern”" in found


def test_a_fact_has_no_place_in_a_part_that_is_left_out(tmp_path: Path) -> None:
    coverage = CLEAN[f"{HILL}/coverage.yaml"]
    first = coverage.splitlines(keepends=True)[1]
    at = first.partition(":")[0]
    edits = {f"{HILL}/coverage.yaml": (first, f"{at}: forms.review.meeting.rating\n")}
    assert reported(tmp_path / "asked", edits) == []
    edits[ORGANISATION] = ("    with: [later]\n", "    with: [later]\n    without: [rating]\n")
    found = reported(tmp_path / "left-out", edits)
    assert "unknown-reference: There is no item “forms.review.meeting.rating”" in found


RATED = """\
      - id: rated
        label: Rating
        type: rating
        each: criteria
        needs: ratings
      - id: lessons
        label: Lessons seen
        type: number
        required: true
        groups: [teachers]
        hint: By anybody
"""
LABEL = "      - id: wellbeing\n"


def compose(root: Path, edits: Mapping[str, tuple[str, str]]) -> Blank:
    files = dict(CLEAN)
    for name, (old, new) in edits.items():
        assert old in files[name]
        files[name] = files[name].replace(old, new, 1)
    content, problems = load(write(root, files))
    assert not errors_in(problems)
    edition, faults = compose_edition(content, content.organisations[0])
    assert faults == ()
    offered = next(one for one in edition.forms if one.form.id == "review")
    return compose_blank(edition, *offered)


def test_a_rating_is_asked_for_each_criterion_of_the_organisation(tmp_path: Path) -> None:
    blank = compose(tmp_path, {"forms/review.yaml": (LABEL, RATED + LABEL)})
    content, _ = load(tmp_path)
    ratings = content.organisations[0].ratings
    assert ratings
    asked = [(q.id, q.label) for q in blank.questions() if q.id.startswith("rated_")]
    assert asked == [(f"rated_{one.question_id}", one.name) for one in ratings.item.criteria]
    assert all(q.kind == "choice" for q in blank.questions() if q.id.startswith("rated_"))


@pytest.mark.parametrize(
    ("groups", "hint"),
    [
        ("", "Teachers only. By anybody"),
        ("    groups: [teachers]\n", "By anybody"),
        ("    groups: [support]\n", None),
    ],
)
def test_a_field_of_one_staff_group_says_so_where_others_have_the_form_too(
    tmp_path: Path, groups: str, hint: str | None
) -> None:
    offer = ("    with: [later]\n", f"    with: [later]\n{groups}")
    edits = {"forms/review.yaml": (LABEL, RATED + LABEL), ORGANISATION: offer}
    found = [q for q in compose(tmp_path, edits).questions() if q.id == "lessons"]
    assert [q.hint for q in found] == ([hint] if hint else [])
    assert all(q.groups == ("teachers",) for q in found)
