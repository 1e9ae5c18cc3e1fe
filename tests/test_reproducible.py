"""The same content gives the same site to the byte, whoever makes it, where, when and how."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.checkers.tools import missing
from tests.helpers import ROOT, files_of, replace_once, tiny_project

pytestmark = pytest.mark.slow

RUN = """
import os, sys
from pathlib import Path
os.umask(int(sys.argv[1], 8))
from formulary.cli import main
sys.exit(main(sys.argv[3:], Path(sys.argv[2])))
"""
CLOCKS = (
    "/usr/lib/*/faketime/libfaketime.so.1",
    "/usr/lib/faketime/libfaketime.so.1",
    "/usr/local/lib/faketime/libfaketime.so.1",
)


@dataclass(frozen=True)
class Surroundings:
    """Where and how a site is made; `clock` is how far libfaketime moves the time."""

    folder: str
    hash_seed: str
    locale: str
    zone: str
    umask: str
    jobs: str
    clock: str = ""


FIRST = Surroundings("project", "0", "C.UTF-8", "UTC", "022", "1")
OTHERS = (
    Surroundings("later", "random", "de_DE.UTF-8", "Pacific/Kiritimati", "027", "2", "+1700d"),
    Surroundings("Année 2027", "4294967295", "tr_TR.UTF-8", "America/St_Johns", "002", "3"),
    Surroundings("a/b/c", "1", "C", "Asia/Kathmandu", "077", "2"),
    Surroundings("earlier", "7", "POSIX", "Pacific/Pago_Pago", "000", "1", "-4000d"),
)
"""The last two repeat what the first two show, and are for a release."""


def made(folder: Path, around: Surroundings) -> dict[str, bytes]:
    """The files of a site with a guide, made in these surroundings."""
    root = folder / around.folder
    root.mkdir(parents=True)
    tiny_project(root, guide=True)
    replace_once(
        root / "mkdocs.yml", "\nsite_name:", "\nsite_url: https://handbook.example/\nsite_name:"
    )
    values = {
        "PYTHONHASHSEED": around.hash_seed,
        "LC_ALL": around.locale,
        "LANGUAGE": around.locale,
        "TZ": around.zone,
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "0",
        "COLUMNS": str(40 + len(around.folder)),
    }
    if around.clock:
        found = [path for pattern in CLOCKS for path in Path("/").glob(pattern[1:])]
        if not found:
            missing("libfaketime", "install Debian's libfaketime")
        values |= {
            "LD_PRELOAD": str(found[0]),
            "FAKETIME": around.clock,
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
    arguments = ["--jobs", around.jobs]
    done = subprocess.run(
        [sys.executable, "-c", RUN, around.umask, str(root), *arguments],
        env={**os.environ, **values},
        cwd=root,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-3000:]
    return files_of(root / "site")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return made(tmp_path_factory.mktemp("first"), FIRST)


@pytest.mark.parametrize(
    "around",
    [
        *OTHERS[:2],
        *(pytest.param(one, marks=pytest.mark.release) for one in OTHERS[2:]),
    ],
    ids=lambda around: around.folder,
)
def test_in_other_surroundings_every_file_is_the_same(
    around: Surroundings, first: dict[str, bytes], tmp_path: Path
) -> None:
    other = made(tmp_path, around)
    assert set(other) == set(first)
    assert [name for name in other if other[name] != first[name]] == []
    endings = {Path(name).suffix for name in other}
    assert {".html", ".xml", ".js", ".json", ".docx", ".pdf", ".ics", ".woff"} <= endings
