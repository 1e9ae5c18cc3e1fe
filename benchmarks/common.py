"""What the benchmarks share: a command run as people run it, and tables with their figures."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

MACHINE = f"Python {platform.python_version()}, {platform.system()}, {platform.machine()}"

Figures = list[dict[str, Any]]
"""The figures behind the rows of a table, as plain values."""

_KEEPS_NOTHING = "PYTHONDONTWRITEBYTECODE"

_LOOKED_AT = 0.1
"""Seconds from one look at the memory of a command to the next."""


@dataclass(frozen=True)
class Ran:
    """A command that was run: its seconds, the most memory of all its processes in MB, its lines.

    `lines` are those of its progress, each with the seconds at which it came.
    """

    seconds: float
    memory: float
    lines: tuple[tuple[float, str], ...]

    @property
    def stages(self) -> dict[str, float]:
        """The seconds of each stage, by its name."""
        starts = [(at, line[:-1]) for at, line in self.lines if _is_stage(line)]
        ends = [*(at for at, _ in starts[1:]), self.seconds]
        return {name: end - at for (at, name), end in zip(starts, ends, strict=True)}

    def steps(self, stage: str) -> Iterator[tuple[float, str]]:
        """The steps of a stage, each with the seconds from the stage's start to its end."""
        began = None
        for at, line in self.lines:
            if _is_stage(line):
                began = at if line[:-1] == stage else None
            elif began is not None:
                yield at - began, line.strip()


def _is_stage(line: str) -> bool:
    return line.endswith("…") and not line.startswith(" ")


def ran(words: Sequence[str], folder: Path) -> Ran:
    """Run a command of this Python in a folder, with its progress as plain lines.

    Python keeps what it has compiled of the code, as it does for people.
    """
    as_people = {name: value for name, value in os.environ.items() if name != _KEEPS_NOTHING}
    lines = []
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *words],
        cwd=folder,
        env=as_people,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as it:
        watch = _Watch(it.pid)
        watch.start()
        assert it.stderr
        for line in it.stderr:
            lines.append((time.perf_counter() - started, line.rstrip("\n")))
        it.wait()
        seconds = time.perf_counter() - started
        watch.done.set()
    if it.returncode:
        said = "\n".join(line for _, line in lines[-5:])
        raise SystemExit(f"{' '.join(words)} ended with {it.returncode}:\n{said}")
    return Ran(seconds, watch.most, tuple(lines))


class _Watch(Thread):
    """Looks at the memory of a process and its children while it runs."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.most, self.done = pid, 0.0, Event()

    def run(self) -> None:
        while not self.done.wait(_LOOKED_AT):
            self.most = max(self.most, held(self.pid))


def held(pid: int) -> float:
    """The memory that a process and its children hold, each shared page once, in MB (Linux)."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [id for task in tasks for id in (task / "children").read_text().split()]
    except OSError:
        return 0.0
    own = next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)
    return own / 1024 + sum(held(int(child)) for child in children)


def told(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def store(
    path: Path | None,
    title: str,
    lines: Iterable[str],
    figures: Figures,
    short: Sequence[tuple[str, str]],
) -> None:
    """Print tables; with a path, write them there and their figures beside them as JSON.

    `short` are the rows of the README's table: what was measured, and what came out.
    """
    text = "\n".join((f"# {title}\n", f"See README.md. {MACHINE}", *lines)) + "\n"
    print(text)
    if path:
        path.write_text(text, encoding="utf-8")
        stored = {"machine": MACHINE, "short": short, "figures": figures}
        data = json.dumps(stored, indent=1, ensure_ascii=False) + "\n"
        path.with_suffix(".json").write_text(data, encoding="utf-8")
