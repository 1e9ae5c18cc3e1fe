"""What would break a run of `collect`: killed at work, stopped by hand, files made to do harm."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random

import pikepdf
import pytest

from formulary.documents.blank import Blank
from formulary.pipeline.sandbox import read_in_subprocess
from formulary.returns.submission import CannotRead
from tests.fuzz.readers import assert_sound, mutated_pdf, mutated_word
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

__all__ = ["blanks", "collect", "copies", "project"]

MUTATIONS = int(os.environ.get("FORMULARY_MUTATIONS", "600"))
"""How many spoilt returns are tried; FORMULARY_MUTATIONS=5000 tries more of the same."""

HANGS = """
import signal
import sys
from pathlib import Path
from formulary.cli import main
from formulary.pipeline import sandbox

real = sandbox.read_one

def read(data):
    if data.endswith(b"hang"):
        print("hangs", flush=True)
        while True:
            pass
    return real(data)

sandbox.read_one, sandbox.SECONDS = read, 1000.0
# a run in the background of a shell ignores the signal, and so would this process
signal.signal(signal.SIGINT, signal.default_int_handler)
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


@pytest.mark.slow
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


@pytest.mark.slow
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


def packed(*entries: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in entries:
            target.writestr(name, data)
    return out.getvalue()


MAIL = b"From: a@school.example\r\nMIME-Version: 1.0\r\n"


@pytest.mark.slow
def test_what_is_made_to_do_harm_is_named_and_the_rest_go_on(
    copies: Callable[..., bytes], collect: Collect, tmp_path: Path
) -> None:
    good = copies("pm-form", "docx", "1", **OBJECTIVE)
    zeros = packed(*((f"{n}.docx", bytes(49_000_000)) for n in range(3)))
    harm = {
        "bombs.zip": packed(*((f"{n}.zip", zeros) for n in range(50))),
        "many.zip": packed(*((str(n), b"") for n in range(20_001))),
        "slow.eml": MAIL + b"Content-Type: " + b"a/b;" * 100_000 + b"\r\n\r\nx",
        "deep.eml": MAIL + b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n" * 5000,
    }
    for name, data in harm.items():
        put(tmp_path, f"harm/{name}", data)
    outside = ("../../outside.docx", "/outside.docx", "C:\\outside.docx", "..\\outside.docx")
    put(tmp_path, "a.zip", packed(*((name, good + bytes(n)) for n, name in enumerate(outside))))
    put(tmp_path, "good.pdf", copies("pm-form", "pdf", "2", **OBJECTIVE))
    before = {path for path in tmp_path.rglob("*") if tmp_path / "out" not in path.parents}
    found = codes(collect())
    told = {name: found.get(f"harm/{name}") for name in harm}
    # a fast computer gets through it in time, and finds that it holds nothing
    assert told.pop("deep.eml") in (None, ["return-damaged"], ["return-too-slow"])
    assert told == {
        "bombs.zip": ["return-too-big"],
        "many.zip": ["return-too-big"],
        "slow.eml": ["return-too-slow"],
    }
    assert {row["Id"] for row in sheet(tmp_path, "Objectives")} == {"1", "2"}
    after = {path for path in tmp_path.rglob("*") if tmp_path / "out" not in path.parents}
    assert after - before == {tmp_path / "out"}
    assert not Path("/outside.docx").exists()
    written = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert {path.suffix for path in written} <= {
        *(".xlsx", ".csv", ".html", ".ics", ".json", ".sqlite", ".txt", ""),
    }


def real_returns(copies: Callable[..., bytes]) -> Iterator[tuple[str, str, bytes]]:
    """Forms of several kinds as they come back: the form, its ending, the bytes."""
    for form, answers in (("pm-form", OBJECTIVE), ("one-to-one", {"discussion": "Much"})):
        for ending in ("docx", "pdf"):
            data = copies(form, ending, "1", **answers)
            yield form, ending, data
            if ending == "pdf":
                yield form, ending, saved_by_others(data)


def saved_by_others(data: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def spoilt(copies: Callable[..., bytes]) -> Iterator[tuple[str, bytes]]:
    """Real returns cut off at every kilobyte, and spoilt by chance, always the same."""
    returns = list(real_returns(copies))
    for form, ending, data in returns:
        for end in range(0, len(data), 1024 if ending == "docx" else 4096):
            yield f"{form}.{ending} cut at {end}", data[:end]
    for number in range(MUTATIONS):
        chance = Random(number)
        form, ending, data = chance.choice(returns)
        mutated = mutated_word if ending == "docx" else mutated_pdf
        yield f"{form}.{ending} spoilt by {number}", mutated(data, chance)


@pytest.mark.slow
def test_no_spoilt_return_brings_a_reading_process_down(
    copies: Callable[..., bytes], blanks: Mapping[str, Blank]
) -> None:
    """Five seconds and 500 MB for each are what the reading process itself allows."""
    counted: Counter[str] = Counter()
    for name, outcome in read_in_subprocess(spoilt(copies), blanks, lambda stamp: None, 2):
        unread = isinstance(outcome, CannotRead)
        counted[outcome.kind.code if unread else "read"] += 1
        assert not unread or outcome.kind.code != "return-too-slow", name
        assert unread or "cut" not in name, name
        if not unread:
            assert_sound(outcome, blanks[outcome.identity.stamp.form])
    assert counted["read"] > MUTATIONS / 4, counted
    assert counted["return-damaged"] > MUTATIONS / 20, counted
