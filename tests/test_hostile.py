"""What would break a run of `collect`: killed at work, stopped by hand, files made to do harm."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers import ROOT
from tests.test_collect import (
    OBJECTIVE,
    Collect,
    blanks,
    codes,
    collect,
    copies,
    project,
    put,
    sheet,
)

__all__ = ["blanks", "codes", "collect", "copies", "project", "sheet"]

HANGS = """
import sys
from pathlib import Path
from formulary.cli import main
from formulary.pipeline import guard

real = guard.read_one

def read(data):
    if data.endswith(b"hang"):
        print("hangs", flush=True)
        while True:
            pass
    return real(data)

guard.read_one, guard.SECONDS = read, 1000.0
sys.exit(main(sys.argv[2:], Path(sys.argv[1])))
"""
"""The real command with readers that hang at a file ending so, as hostile files make them."""


def hanging(project: Path, tmp_path: Path) -> subprocess.Popen[str]:
    """The command at work on tmp_path/in with two reading processes, one of which hangs."""
    words = ["collect", str(tmp_path / "in"), "--staff", str(tmp_path / "staff.csv")]
    words += ["--org", "pclc", "--out", str(tmp_path / "out"), "--jobs", "2"]
    process = subprocess.Popen(
        [sys.executable, "-c", HANGS, str(project), *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "hangs\n"
    return process


@pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")
def test_the_reading_processes_of_a_killed_run_end_with_it(
    copies: Callable[..., bytes], collect: Collect, project: Path, tmp_path: Path
) -> None:
    put(tmp_path, "a.docx", copies("pm-form", "docx", "1", **OBJECTIVE))
    put(tmp_path, "b.pdf", copies("pm-form", "pdf", "2", **OBJECTIVE) + b"hang")
    process = hanging(project, tmp_path)
    process.kill()
    process.communicate(timeout=60)  # ends only when nobody is left who could write
    assert process.returncode == -signal.SIGKILL
    found = collect()
    assert (found["new"], found["current"]) == (2, 2)


@pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")
def test_stopped_by_hand_it_says_how_to_go_on(
    copies: Callable[..., bytes], collect: Collect, project: Path, tmp_path: Path
) -> None:
    put(tmp_path, "a.docx", copies("pm-form", "docx", "1", **OBJECTIVE))
    put(tmp_path, "b.pdf", copies("pm-form", "pdf", "2", **OBJECTIVE) + b"hang")
    process = hanging(project, tmp_path)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Run the same command again" in said
    assert "Traceback" not in said
    assert collect()["current"] == 2
