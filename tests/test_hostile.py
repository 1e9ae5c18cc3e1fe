"""What would break a run of `collect`: killed at work, stopped by hand, files made to do harm."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from email.message import EmailMessage
from pathlib import Path
from random import Random

import pikepdf
import pytest

from formulary.documents.blank import Blank
from formulary.pipeline import sandbox
from formulary.pipeline.sandbox import read_in_subprocess
from formulary.returns.files import FoundFile
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

MUTATIONS = int(os.environ.get("FORMULARY_MUTATIONS", "300"))
"""How many spoilt returns are tried; FORMULARY_MUTATIONS=5000 tries more of the same."""

HANGS = """
import signal
import sys
from pathlib import Path
from formulary.cli import main
from formulary.pipeline import sandbox

real = sandbox.read_one

def read(data, *more):
    if data.endswith(b"hang"):
        print("hangs", flush=True)
        while True:
            pass
    return real(data, *more)

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
PART = b"Content-Type: multipart/mixed; boundary=a%d\r\n\r\n--a%d\r\n"


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
        "deep.eml": MAIL + b"".join(PART % (n, n) for n in range(5000)),
        "mails.eml": MAIL + b"Content-Type: message/rfc822\r\n\r\n" * 5000,
        "mixed.eml": MAIL + PART % (0, 0) * 5000,
    }
    for name, data in harm.items():
        put(tmp_path, f"harm/{name}", data)
    outside = ("../../outside.docx", "/outside.docx", "C:\\outside.docx", "..\\outside.docx")
    put(tmp_path, "a.zip", packed(*((name, good + bytes(n)) for n, name in enumerate(outside))))
    put(tmp_path, "good.pdf", copies("pm-form", "pdf", "2", **OBJECTIVE))
    before = {path for path in tmp_path.rglob("*") if tmp_path / "out" not in path.parents}
    found = codes(collect())
    told = {name: found.get(f"harm/{name}") for name in harm}
    # a fast computer gets through it in time
    slow = {name: kinds for name, kinds in found.items() if name.startswith("harm/slow.eml")}
    assert list(slow.values()) in ([["return-other-format"]], [["return-too-slow"]])
    del told["slow.eml"]
    assert told == {
        "bombs.zip": ["return-too-big"],
        "many.zip": ["return-too-big"],
        "deep.eml": ["return-too-big"],
        "mails.eml": ["return-too-big"],
        "mixed.eml": ["return-damaged"],
    }
    assert {row["Id"] for row in sheet(tmp_path, "Objectives")} == {"1", "2"}
    files = [row["File"] for row in sheet(tmp_path, "Not counted")]
    assert sum(file.startswith("a.zip/") for file in files) == len(outside) - 1
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
    """Real returns cut off every few kilobytes, and spoilt by chance, always the same."""
    returns = list(real_returns(copies))
    for form, ending, data in returns:
        for end in range(0, len(data), 4096 if ending == "docx" else 16_384):
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


SWARMS: dict[str, bytes] = {
    "empty.zip": packed(*((str(n), b"") for n in range(300))),
    "tiny.zip": packed(*((f"{n}.txt", b"%d" % n) for n in range(300))),
    "pictures.zip": packed(*((f"{n}.png", b"\x89PNG%d" % n) for n in range(2000, 2300))),
    "pdfs.zip": packed(*((f"{n}.pdf", b"%%PDF-1.7\n%d" % n) for n in range(300))),
    "nested.zip": packed(
        *((f"{n}.zip", packed(*((str(m), b"") for m in range(n, n + 60)))) for n in range(6))
    ),
    "mixed.zip": packed(*((f"{n}.doc", [b"", b"x", b"\x89PNG%d" % n][n % 3]) for n in range(900))),
}


def test_a_swarm_in_an_archive_is_one_finding_and_the_form_among_it_is_read(
    copies: Callable[..., bytes], collect: Collect, tmp_path: Path
) -> None:
    good = copies("pm-form", "docx", "1", **OBJECTIVE)
    for name, data in SWARMS.items():
        out = io.BytesIO(data)
        with zipfile.ZipFile(out, "a") as package:
            package.writestr("North/form.docx", good)
        put(tmp_path, name, out.getvalue())
    found = collect()
    assert found["unread"] == len(SWARMS)
    assert all(codes(found)[name] == ["return-many-faults"] for name in SWARMS)
    assert (found["new"], found["current"]) == (1 + len(SWARMS), 1)
    again = collect()
    assert (again["new"], again["unread"]) == (0, len(SWARMS))
    assert {name for name in codes(again) if name in SWARMS} == set(SWARMS)


def test_what_is_wrong_with_the_archive_itself_is_said_with_its_swarm(
    collect: Collect, tmp_path: Path
) -> None:
    inner = packed(*((str(n), b"") for n in range(9_000)))
    put(tmp_path, "a.zip", packed(*((f"{n}.zip", inner) for n in range(3))))
    few = packed(*((f"{n}.txt", b"%d" % n) for n in range(3)))
    put(tmp_path, "b.zip", packed(("few.zip", few), *((f"{n}.zip", few) for n in range(2))))
    for new in (4, 0):
        found = collect()
        assert (found["new"], found["unread"]) == (new, 4)
        (problem,) = (p for p in found["problems"] if p["file"] == "a.zip")
        assert problem["code"] == "return-many-faults"
        assert "More than 20,000 files" in problem["message"]


def test_a_swarm_that_comes_twice_is_reported_twice(collect: Collect, tmp_path: Path) -> None:
    pictures = [(f"{n}.png", b"\x89PNG%d" % n) for n in range(300)]
    put(tmp_path, "a.zip", packed(*pictures))
    put(tmp_path, "b.zip", packed(*reversed(pictures)))
    for new in (2, 0):
        found = collect()
        assert (found["new"], found["unread"]) == (new, 2)
        assert codes(found) == {key: ["return-many-faults"] for key in ("a.zip", "b.zip")}


@pytest.mark.skipif(os.name == "nt", reason="names are bytes on POSIX only")
def test_names_that_are_no_utf_8_stay_in_the_register(
    copies: Callable[..., bytes], collect: Collect, project: Path, tmp_path: Path
) -> None:
    put(tmp_path, "good.pdf", copies("pm-form", "pdf", "1", **OBJECTIVE))
    assert collect()["current"] == 1
    names = [b"Jos\xe9.docx", b"\xff.pdf", b"bad\x80.txt", b"empty\xe9", b"b\xfccher.zip"]
    held = [
        copies("pm-form", "docx", "2", **OBJECTIVE),
        copies("pm-form", "pdf", "3", **OBJECTIVE),
        *(b"hello", b""),
        packed(("a.docx", copies("pm-form", "docx", "4", **OBJECTIVE))),
    ]
    for name, data in zip(names, held, strict=True):
        Path(os.fsdecode(os.fsencode(tmp_path / "in") + b"/" + name)).write_bytes(data)
    for new in (5, 0):
        found = collect()
        assert (found["new"], found["current"], found["unread"]) == (new, 4, 2)
        sources = {row["File"] for row in sheet(tmp_path, "Returns") if row["File"]}
        assert {"Jos\\xe9.docx", "\\xff.pdf", "b\\xfccher.zip/a.docx"} < sources
        assert "bad\\x80.txt" in codes(found)
    shutil.rmtree(tmp_path / "in")
    (tmp_path / "in").mkdir()
    assert collect()["current"] == 4


def test_copies_of_a_return_are_named_together(
    copies: Callable[..., bytes], collect: Collect, tmp_path: Path
) -> None:
    form, bad = copies("pm-form", "docx", "1", **OBJECTIVE), b"Dear HR, it is late."
    put(tmp_path, "a.docx", form)
    put(tmp_path, "b.zip", packed(("x.docx", form), ("y.docx", form)))
    mail = EmailMessage()
    mail["From"] = "ann@school.example"
    mail.set_content("Again.")
    mail.add_attachment(form, "application", "octet-stream", filename="z.docx")
    put(tmp_path, "c.eml", mail.as_bytes())
    put(tmp_path, "d.txt", bad)
    put(tmp_path, "e/d.txt", bad)
    for new in (2, 0):
        found = collect()
        assert (found["new"], found["current"], found["unread"]) == (new, 1, 1)
        said = [p["message"] for p in found["problems"] if p["code"] == "return-copy"]
        assert len(said) == 2
        assert all(name in said[0] for name in ("a.docx", "b.zip/x", "b.zip/y", "c.eml/z"))
        assert "d.txt and e/d.txt" in said[1]
        rows = sheet(tmp_path, "Findings")
        assert sum(row["Code"] == "return-copy" for row in rows) == 2


OPENS = """
import os, sys, time
from pathlib import Path
from formulary.pipeline import sandbox
from formulary.returns.files import find_files

real = sandbox.open_file
sandbox.SECONDS = 0.5
big = []

def open_file(path, source):
    if "spins" in source:
        while True:
            pass
    if "waits" in source:  # as long as other work keeps the computer from it
        time.sleep(2)
    if "dies" in source:
        os._exit(1)
    if "grows" in source:
        big.append(bytearray(4_000_000_000))
    yield from real(path, source)
    if "fails late" in source:
        os.abort()

sandbox.open_file = open_file
with sandbox.file_opener() as opener:
    for found in find_files([Path(sys.argv[1])], opener):
        print(found.source, found.fault.kind.code if found.fault else "opened", sep="|")
"""


@pytest.mark.skipif(os.name == "nt", reason="processor time and memory are limited on POSIX only")
def test_what_hangs_or_kills_the_process_that_opens_it_is_named_and_the_rest_go_on(
    tmp_path: Path,
) -> None:
    for name in ("spins", "waits", "dies", "grows", "fails late", "z"):
        (tmp_path / f"{name}.zip").write_bytes(packed(("a.pdf", b"%PDF-1.7")))
    done = subprocess.run(
        [sys.executable, "-c", OPENS, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert dict(line.split("|") for line in done.stdout.splitlines()) == {
        "dies.zip": "return-too-slow",
        "fails late.zip/a.pdf": "opened",
        "fails late.zip": "return-too-slow",
        "grows.zip": "return-too-slow",
        "spins.zip": "return-too-slow",
        "waits.zip/a.pdf": "opened",
        "z.zip/a.pdf": "opened",
    }


def test_an_archive_that_took_too_long_once_has_no_fault_once_it_is_opened(
    copies: Callable[..., bytes], collect: Collect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "a.zip", packed(("a.docx", copies("pm-form", "docx", "1", **OBJECTIVE))))
    put(tmp_path, "b.zip", packed(("b.docx", copies("pm-form", "docx", "2", **OBJECTIVE))))
    real = sandbox.open_file

    def spin(path: Path, source: str) -> Iterator[FoundFile]:
        if source == "b.zip":
            yield from real(path, source)
        while True:
            pass

    with monkeypatch.context() as patched:
        patched.setattr(sandbox, "SECONDS", 0.2)
        patched.setattr(sandbox, "open_file", spin)
        patched.setattr(sandbox, "_BYTES_A_SECOND", 5_000_000_000)
        found = collect()
        late = {name: kinds for name, kinds in codes(found).items() if name.endswith(".zip")}
        assert late == {"a.zip": ["return-too-slow"], "b.zip": ["return-too-slow"]}
        assert found["current"] == 1
    for new in (1, 0):
        found = collect()
        assert (found["new"], found["current"], found["unread"]) == (new, 2, 0)
