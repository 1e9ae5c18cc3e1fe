"""All or nothing: whatever ends a build, `site/` is the whole old one or the whole new one.

Two hundred kills instead of three: `FORMULARY_KILLS=200 python -m pytest tests/test_whole.py`.
"""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from filelock import FileLock

from formulary import publish
from formulary.cli import main
from formulary.pipeline import site
from formulary.problems import OutputError
from tests.helpers import ROOT, Quiet, files_of, small_project

KILLS = int(os.environ.get("FORMULARY_KILLS", "3"))

KILLER = """
import os, random, shutil, signal, sys, time
from pathlib import Path
from formulary.pipeline import build_record, site
from tests.helpers import Quiet

root, kills = Path(sys.argv[1]), int(sys.argv[2])
policy = root / "content" / "organisations" / "oak" / "policy.yaml"
chance = random.Random(kills)

def start(jobs):
    child = os.fork()
    if not child:
        os.setsid()
        site.build(root, (), None, Quiet(), jobs=jobs)
        os._exit(0)
    return child

def word(number):
    text = policy.read_text(encoding="utf-8")
    before, mark, after = text.partition("Reviews follow ")
    policy.write_text(before + mark + f"cycle {number}." + after[after.index("\\n"):], "utf-8")

def whole(number):
    word(number)
    started = time.monotonic()
    assert os.waitpid(start(1), 0)[1] == 0
    return build_record.outputs_digest(root), time.monotonic() - started

def spoil():
    what = chance.choice(["nothing", "nothing", "store", "entries", "record", "build"])
    if what in ("store", "build"):
        shutil.rmtree(root / "build" / ("store" if what == "store" else ""), ignore_errors=True)
    if what == "record":
        (root / "build" / "last-build.json").unlink(missing_ok=True)
    if what == "entries":
        kept = sorted((root / "build" / "store").glob("*/*"))
        for path in chance.sample(kept, len(kept) // 3):
            path.write_bytes(path.read_bytes()[:-1])
    return what

(one, _), (other, _), (_, long) = whole(1), whole(2), whole(1)
known, last = {one: 1, other: 2}, 1
assert len(known) == 2
killed = switched = 0
while killed < kills:
    wanted = chance.choice((1, 2))
    word(wanted)
    what = spoil()
    child = start(chance.choice((1, 2)))
    late = time.monotonic() + chance.uniform(0, long * (3 if what in ("store", "build") else 1.2))
    while time.monotonic() < late and os.waitpid(child, os.WNOHANG) == (0, 0):
        time.sleep(0.002)
    try:
        os.kill(child, signal.SIGKILL)
        killed += os.WIFSIGNALED(os.waitpid(child, 0)[1])
    except (ProcessLookupError, ChildProcessError):
        pass  # it was done before
    shown = known.get(build_record.outputs_digest(root))
    assert shown in (last, wanted), f"kill {killed}: neither the old site nor the new one"
    switched += shown != last
    last = shown
print(killed, "killed,", switched, "switched", flush=True)
assert whole(2)[0] == other and whole(1)[0] == one
"""
"""Builds again and again, with what earlier builds kept in every condition, and kills each build at
a chance moment; the site must be one of the two that it can be, before anything is repaired."""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills processes")
def test_a_build_killed_at_any_moment_leaves_a_whole_site(tmp_path: Path) -> None:
    root = small_project(tmp_path, "oak")
    done = subprocess.run(
        [sys.executable, "-c", KILLER, str(root), str(KILLS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.startswith(f"{KILLS} killed"), done.stdout
    print(done.stdout)
    kept = {"guide-pages", "last-build.json", "lock", "pages", "store"}
    assert {path.name for path in (root / "build").iterdir()} <= kept


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    """A folder that was made, and the one whose place it takes."""
    made, place = tmp_path / "build" / "site", tmp_path / "site"
    for folder, words in ((made, "new"), (place, "old")):
        folder.mkdir(parents=True)
        (folder / "index.html").write_text(words, encoding="utf-8")
    return made, place


def shown(place: Path) -> str:
    return (place / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("exchange", [True, False])
def test_the_new_takes_the_place_of_the_old_and_nothing_else_is_left(
    places: tuple[Path, Path], exchange: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, place = places
    if not exchange:
        monkeypatch.setattr(publish, "_exchange", lambda one, other: False)
    publish.swap_into_place(made, place)
    assert shown(place) == "new"
    assert list(made.parent.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="the call is Linux's")
def test_linux_exchanges_in_one_step(places: tuple[Path, Path]) -> None:
    made, place = places
    assert publish._exchange(made, place)
    assert (shown(place), shown(made)) == ("new", "old")


def test_what_a_kill_between_two_renames_leaves_is_mended(places: tuple[Path, Path]) -> None:
    made, place = places
    place.rename(made.with_name("site.old"))
    publish.recover(made, place)
    assert shown(place) == "old"
    made.rename(made.with_name("site.old"))
    publish.recover(made, place)
    assert shown(place) == "old"
    assert list(made.parent.iterdir()) == []


def test_where_renaming_fails_the_old_returns(
    places: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, place = places
    rename = Path.rename

    def fails(path: Path, target: Path) -> Path:
        if path == made:
            raise OSError(errno.EACCES, "Permission denied")
        return rename(path, target)

    monkeypatch.setattr(publish, "_exchange", lambda one, other: False)
    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(OutputError, match="Permission denied"):
        publish.swap_into_place(made, place)
    assert shown(place) == "old"


def test_a_second_build_says_that_it_waits_and_then_goes_on(tmp_path: Path) -> None:
    root, progress = small_project(tmp_path, "oak"), Quiet()
    (root / "build").mkdir()
    lock = FileLock(root / "build" / publish.LOCK, thread_local=False)
    lock.acquire()
    waits = threading.Event()
    told = progress.stage

    def stage(name: str, steps: int) -> None:
        told(name, steps)
        waits.set()

    progress.stage = stage  # type: ignore[method-assign]
    second = threading.Thread(target=site.build, args=(root, (), None, progress))
    second.start()
    assert waits.wait(60)
    assert progress.stages == ["Wait for another build"]
    assert not (root / "site").exists()
    lock.release()
    second.join(120)
    assert tuple(progress.stages[1:]) == site.STAGES
    assert (root / "site" / "index.html").is_file()


LIMITED = """
import resource, signal, sys
from pathlib import Path
from formulary.cli import main

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
limit = int(sys.argv[2])
sys.dont_write_bytecode = True  # Python keeps a compiled module that it could write in part only
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
sys.exit(main([], Path(sys.argv[1])))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files")
@pytest.mark.parametrize("limit", [1_000, 100_000])
def test_where_a_file_cannot_be_written_whole_the_old_site_stays(
    tmp_path: Path, limit: int
) -> None:
    root = small_project(tmp_path, "oak")
    (root / "site").mkdir()
    (root / "site" / "index.html").write_text("the last one", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(root), str(limit)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    assert "File too large" in done.stderr
    assert files_of(root / "site") == {"index.html": b"the last one"}


@pytest.mark.slow
@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="mounts a small disk, as root"
)
def test_a_full_disk_is_named_and_leaves_the_old_site(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)], check=False
    )
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount")
    try:
        root = small_project(disk, "oak")
        (root / "site").mkdir()
        (root / "site" / "index.html").write_text("the last one", encoding="utf-8")
        filler = root / "filler"
        filler.write_bytes(bytes(shutil.disk_usage(disk).free - 600_000))
        assert main([], root) == 3
        assert "No space left on device" in capsys.readouterr().err
        assert files_of(root / "site") == {"index.html": b"the last one"}
        filler.unlink()
        assert main([], root) == 0
        assert (root / "site" / "oak").is_dir() or (root / "site" / "policy").is_dir()
    finally:
        subprocess.run(["umount", str(disk)], check=True)
