"""The command next-year: the edition is kept, the year moves, and what is left to do is listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from formulary.content.kept_edition import read_kept_editions
from tests.helpers import files_of, replace_once, tiny_project
from tests.test_editions import edition_in, run

SUMMER = ("--today", "2027-07-01")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return tiny_project(tmp_path / "project")


def own(project: Path) -> Path:
    return project / "content" / "organisations" / "tiny"


def test_only_the_number_of_the_year_changes_in_the_words(project: Path) -> None:
    path = own(project) / "organisation.yaml"
    replace_once(path, "year: 2026", "year:   2026  # moved once a year")
    data = path.read_bytes().replace(b"\n", b"\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + data)
    before = files_of(project / "content")
    found = run(project, "next-year", "--org", "tiny", "--json", *SUMMER)
    after = files_of(project / "content")
    name = "organisations/tiny/organisation.yaml"
    assert after.pop(name) == before.pop(name).replace(b"year:   2026  #", b"year:   2027  #")
    made = {"organisations/tiny/last-edition.json", "organisations/tiny/editions/2026-27.json"}
    assert {path for path in after if after[path] != before.get(path)} == made
    assert edition_in(project, "tiny").year == found["year"] == 2027
    (kept,) = read_kept_editions(project, "tiny")[0].values()
    assert kept.year == 2026


@pytest.mark.parametrize("today", ["2027-07-01", "2027-10-01", "2028-07-01"])
def test_a_second_run_is_refused_and_changes_nothing(project: Path, today: str) -> None:
    run(project, "next-year", "--org", "tiny", *SUMMER)
    before = files_of(project)
    said = run(project, "next-year", "--org", "tiny", "--today", today, code=2)["err"]
    assert "moved already" in said
    assert "--year 2028" in said
    assert files_of(project) == before


@pytest.mark.parametrize(("year", "code"), [(2026, 2), (2027, 0), (2028, 2)])
def test_the_year_that_begins_can_be_named(project: Path, year: int, code: int) -> None:
    before = files_of(project)
    run(project, "next-year", "--org", "tiny", "--year", year, code=code)
    assert (files_of(project) == before) is bool(code)


def test_a_year_later_it_moves_on_again(project: Path) -> None:
    run(project, "next-year", "--org", "tiny", *SUMMER)
    replace_once(own(project) / "policy.yaml", "dated: May 2023", "dated: June 2028")
    run(project, "next-year", "--org", "tiny", "--today", "2028-07-01")
    assert list(read_kept_editions(project, "tiny")[0]) == ["2026-27.json", "2027-28.json"]
    assert edition_in(project, "tiny").year == 2028


def test_nothing_is_written_where_the_content_has_errors(project: Path) -> None:
    replace_once(own(project) / "policy.yaml", "sections:\n", "sections:\n  - nothing\n")
    before = files_of(project)
    run(project, "next-year", "--org", "tiny", *SUMMER, code=1)
    assert files_of(project) == before


def test_nothing_is_half_written_where_a_file_cannot_be_written(project: Path) -> None:
    (own(project) / "editions").write_text("a file where the folder should be")
    before = files_of(project)
    run(project, "next-year", "--org", "tiny", *SUMMER, code=3)
    assert files_of(project) == before


def test_days_that_texts_state_are_listed_with_their_places(project: Path) -> None:
    policy = own(project) / "policy.yaml"
    replace_once(policy, "numbering:", "next-review: 2027-07-09\nnumbering:")
    text = policy.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.strip().startswith("title:"))
    policy.write_text(text.replace(line, f"{line} from September 2026", 1), encoding="utf-8")
    found = run(project, "next-year", "--org", "tiny", "--json", *SUMMER)
    assert [one["words"] for one in found["approval"]] == [
        "May 2023",
        "2023-05-24",
        "2027-07-09",
    ]
    (stated,) = (one for one in found["stated"] if "September 2026" in one["words"])
    number = int(stated["place"].split(":")[1])
    assert "September 2026" in policy.read_text(encoding="utf-8").splitlines()[number - 1]


def test_the_commands_that_follow_have_the_paths_that_were_given(
    project: Path, tmp_path: Path
) -> None:
    register, staff = tmp_path / "HR only" / "register-2026-27", tmp_path / "new staff.csv"
    register.mkdir(parents=True)
    staff.touch()
    paths = ("--from", register, "--staff", staff)
    found = run(project, "next-year", "--org", "tiny", "--json", *SUMMER, *paths)
    roll = found["commands"]["roll"]
    assert f"--from '{register}'" in roll
    assert f"--staff '{staff}'" in roll
    assert "--year 2027" in roll
    assert f"--out '{register.with_name('packs-2027-28')}'" in roll
    assert f"--out '{register}' --year 2026" in found["commands"]["late"]
