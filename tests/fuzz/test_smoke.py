"""The fuzzers start, spoil inputs, find nothing in a short run, and keep what they find."""

from __future__ import annotations

import random
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from tests.fuzz import files, loader, readers, staff
from tests.fuzz.running import Run
from tests.fuzz.target import spoilt
from tests.helpers import ROOT

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", ["loader", "staff"])
def test_a_few_inputs_give_values_or_catalogued_problems(name: str) -> None:
    target = {**loader.TARGETS, **staff.TARGETS}[name]
    run = Run(target.make())
    chance = random.Random(7)
    for seed in islice(target.seeds(), 6):
        run.one(seed)
        run.one(target.mutated(seed, chance))
    assert run.found == {}


@pytest.mark.parametrize("name", [*readers.TARGETS, *files.TARGETS])
def test_spoilt_returns_are_read_or_refused_in_order(name: str) -> None:
    target = {**readers.TARGETS, **files.TARGETS}[name]
    run = Run(target.make())
    for data in (*target.seeds(), *spoilt(target, 30, seed=1)):
        run.one(data)
    assert run.found == {}


def test_what_shows_a_fault_is_kept_once_for_each_place(tmp_path: Path) -> None:
    def attempt(data: bytes) -> None:
        assert b"x" not in data

    run = Run(attempt, tmp_path)
    for data in (b"abc", b"axc", b"xx"):
        run.one(data)
    assert list(run.found.values()) == [b"axc"]
    assert [path.read_bytes() for path in tmp_path.glob("*.bin")] == [b"axc"]
    assert "AssertionError" in next(tmp_path.glob("*.txt")).read_text(encoding="utf-8")


def test_the_command_says_what_a_run_came_to(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "tests.fuzz", "word", "--seconds", "1", "--work", str(tmp_path)]
    done = subprocess.run(
        [*words, "--blind"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert "0 findings" in done.stderr
