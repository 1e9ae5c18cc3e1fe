"""The workflow files: valid, safe, idle until they are switched on, and true to the README."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from formulary.edition.edition import Edition
from tests.checkers.workflows import schema_faults, unsafe
from tests.helpers import ROOT, copy_project, replace_once
from tests.test_house import tracked

GITHUB = ROOT / ".github" / "workflows" / "handbook.yml"
TESTS = GITHUB.with_name("tests.yml")
WORKFLOWS = sorted(GITHUB.parent.glob("*.yml"))
GITLAB = ROOT / ".gitlab-ci.yml"
CI = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs" / "publishing.md").read_text(encoding="utf-8")


def loaded(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def commands(path: Path) -> list[str]:
    """Every command that a workflow file runs, one by one."""
    data = loaded(path)
    if path != GITLAB:
        steps = [step for job in data["jobs"].values() for step in job["steps"]]
        lines = [step["run"] for step in steps if "run" in step]
    else:
        lines = [line for job in data.values() if isinstance(job, dict) for line in scripts(job)]
    return [part.strip() for line in lines for part in line.split("&&")]


def plain(command: str) -> str:
    """A command as it is written where the environment is active."""
    return command.strip().replace(".venv/bin/python", "python")


def scripts(job: dict[str, Any]) -> list[str]:
    return [line for key in ("before_script", "script") for line in job.get(key, ())]


each_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)


@each_workflow
def test_github_can_read_each_workflow(path: Path) -> None:
    assert schema_faults(path, "github-workflows") == ""


def test_gitlab_can_read_its_pipeline() -> None:
    assert schema_faults(GITLAB, "gitlab-ci") == ""


def test_github_can_read_the_forms_for_issues() -> None:
    folder = ROOT / ".github" / "ISSUE_TEMPLATE"
    assert schema_faults(folder / "config.yml", "github-issue-config") == ""
    for name in ("fault.yml", "wish.yml"):
        assert schema_faults(folder / name, "github-issue-forms") == ""


def test_a_fault_in_a_workflow_is_found(tmp_path: Path) -> None:
    broken = tmp_path / "handbook.yml"
    broken.write_text(GITHUB.read_text(encoding="utf-8").replace("steps:", "stepz:", 1))
    assert "stepz" in schema_faults(broken, "github-workflows")
    broken.write_text(re.sub(r"@[0-9a-f]{40} # ", "@", GITHUB.read_text(encoding="utf-8")))
    assert "unpinned" in unsafe(broken)


@each_workflow
def test_nothing_in_a_workflow_is_unsafe(path: Path) -> None:
    assert unsafe(path) == ""


@each_workflow
def test_actions_are_pinned_to_a_commit_and_named_by_version(path: Path) -> None:
    uses = re.findall(r"uses: (.+)", path.read_text(encoding="utf-8"))
    assert uses
    for use in uses:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", use), use


def test_one_action_is_the_same_commit_everywhere() -> None:
    uses = [use for path in WORKFLOWS for use in re.findall(r"uses: (.+)", path.read_text("utf-8"))]
    assert len(set(uses)) == len({use.partition("@")[0] for use in uses}), sorted(set(uses))


def test_the_tests_workflow_may_only_read_and_runs_what_contributors_run() -> None:
    workflow = loaded(TESTS)
    assert workflow["permissions"] == {}
    assert all(job["permissions"] == {"contents": "read"} for job in workflow["jobs"].values())
    assert "secrets." not in TESTS.read_text(encoding="utf-8")
    tasks = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["poe"]["tasks"]
    runs = commands(TESTS)
    called = [run.removeprefix("poe ") for run in runs if run.startswith("poe ")]
    assert called == ["lint", "test"]
    assert set(called) <= set(tasks)
    assert "bash .ci/run" in runs


def test_a_release_waits_for_the_tests_that_are_left_out_otherwise() -> None:
    workflow = GITHUB.with_name("release.yml")
    assert "bash .ci/run -m ''" in commands(workflow)  # takes the place of the -m in pyproject.toml
    assert "tests" in loaded(workflow)["jobs"]["attach"]["needs"]
    options = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]
    assert "-m 'not release'" in options["ini_options"]["addopts"]
    assert re.search(r'^bash .*"\$command \$\{\*@Q\}".* \|\| passed=false$', CI, re.MULTILINE)
    assert CI.endswith('\n"$passed"\n')


def test_the_quick_tests_run_on_every_python_and_system() -> None:
    matrix = loaded(TESTS)["jobs"]["quick"]["strategy"]["matrix"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert f">={matrix['python'][0]}" == project["requires-python"]
    assert matrix["python"] == ["3.11", "3.12", "3.13", "3.14"]
    assert [system.partition("-")[0] for system in matrix["system"]] == [
        "ubuntu",
        "windows",
        "macos",
    ]


def test_only_the_step_that_publishes_may_publish() -> None:
    workflow = loaded(GITHUB)
    assert workflow["permissions"] == {}
    assert workflow["jobs"]["make"]["permissions"] == {"contents": "read"}
    assert workflow["jobs"]["publish"]["permissions"] == {"pages": "write", "id-token": "write"}
    assert [step.get("run") for step in workflow["jobs"]["publish"]["steps"]] == [None]
    assert "secrets." not in GITHUB.read_text(encoding="utf-8")


def test_nothing_runs_before_it_is_switched_on_and_no_request_publishes() -> None:
    jobs = loaded(GITHUB)["jobs"]
    assert jobs["make"]["if"] == "vars.HANDBOOK == 'check' || vars.HANDBOOK == 'publish'"
    publishes = [jobs["publish"]["if"]]
    publishes += [s["if"] for s in jobs["make"]["steps"] if "upload" in s.get("uses", "")]
    assert len(publishes) == 2
    for condition in publishes:
        assert set(condition.split(" && ")) == {
            "vars.HANDBOOK == 'publish'",
            "github.event_name != 'pull_request'",
            "github.ref == 'refs/heads/main'",
        }
    pipeline = loaded(GITLAB)
    first = pipeline["workflow"]["rules"][0]
    assert first == {
        "if": '$HANDBOOK != "check" && $HANDBOOK != "publish"',
        "when": "never",
    }
    (publish,) = pipeline["publish"]["rules"]
    assert '$HANDBOOK == "publish"' in publish["if"]
    assert '$CI_PIPELINE_SOURCE != "merge_request_event"' in publish["if"]
    assert all("pages" not in job for name, job in pipeline.items() if name != "publish")


@pytest.mark.parametrize("path", [GITHUB, GITLAB], ids=["github", "gitlab"])
def test_every_command_is_one_that_the_readme_or_security_md_gives(path: Path) -> None:
    texts = README + (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```", texts, re.MULTILINE | re.DOTALL)
    said = [*re.findall(r"`(python build\.py[^`]*)`", README), *"".join(blocks).splitlines()]
    given = {plain(part) for line in said for part in line.split("&&")}
    found = [c for c in commands(path) if c != 'echo "::add-matcher::.github/problems.json"']
    assert {plain(command) for command in found} <= given
    assert any("--require-hashes -r requirements.lock" in c for c in found)
    check, make = (found.index(f".venv/bin/python build.py{more}") for more in (" check", ""))
    assert check < make


def clone(folder: Path, organisations: Sequence[str]) -> Path:
    """The files that a clone would have, and no other, with this Python as its environment.

    Of the organisations only those named, which make a smaller site.
    """
    for path in tracked():
        place = path.relative_to(ROOT).parts
        if place[:2] == ("content", "organisations") and place[2] not in organisations:
            continue
        target = folder / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


@pytest.mark.slow
def test_the_commands_make_the_site_in_a_fresh_clone(
    few: tuple[Edition, ...], tmp_path: Path
) -> None:
    folder = clone(tmp_path / "clone", [edition.id for edition in few])
    for command in commands(GITHUB):
        if "build.py" not in command:
            continue
        words = shlex.split(command)
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert (folder / "site" / "index.html").is_file()
    assert not list((folder / "site").rglob(".*")), "GitHub leaves hidden files out"


def test_a_mistake_stops_the_check_and_stands_beside_its_line(tmp_path: Path) -> None:
    root = copy_project(tmp_path, "ealing")
    shutil.copy(ROOT / "build.py", root)
    policy = Path("content") / "organisations" / "ealing" / "policy.yaml"
    replace_once(root / policy, "\nsummary:", "\nsumary:")
    done = subprocess.run(
        [sys.executable, "build.py", "check"], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    lines = (root / policy).read_text(encoding="utf-8").splitlines()
    (at,) = [number for number, line in enumerate(lines, 1) if line.startswith("sumary:")]
    (matcher,) = json.loads((ROOT / ".github" / "problems.json").read_text())["problemMatcher"]
    (pattern,) = matcher["pattern"]
    keys = ("severity", "code", "file", "line", "column")
    shown = [
        tuple(found[pattern[key]] for key in keys)
        for line in done.stdout.splitlines()
        if (found := re.match(pattern["regexp"], line))
    ]
    assert ("error", "unknown-key", policy.as_posix(), str(at), "1") in shown


def test_the_guide_names_what_there_is_to_press() -> None:
    workflow = loaded(GITHUB)
    assert f"“{workflow['jobs']['make']['name']}”" in GUIDE
    assert f"Actions → {workflow['name']} → Run workflow" in GUIDE
    assert "`HANDBOOK`" in GUIDE
    for step in workflow["jobs"]["make"]["steps"]:
        if "build.py" in step.get("run", ""):
            assert f"“{step['name']}”" in GUIDE
    for path in (GITHUB, GITLAB):
        assert "docs/publishing.md" in path.read_text(encoding="utf-8")
