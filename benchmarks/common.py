"""What the benchmarks share: what a command or a loop costs, contestants in turns, and tables.

Nothing here imports Formulary or a library, so that a contestant can run in an environment of its
own. Memory and processor time are read as Linux gives them.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

MACHINE = (
    f"Python {platform.python_version()}, {platform.system()}, {platform.machine()}, "
    f"{os.cpu_count()} cores"
)

Figures = list[dict[str, Any]]
"""The figures behind the rows of a table, as plain values."""

_KEEPS_NOTHING = "PYTHONDONTWRITEBYTECODE"

_INTERVAL = 0.1
"""Seconds between two looks at the memory of a command."""


@dataclass(frozen=True)
class Cost:
    """What something took: seconds by the clock, seconds of processor time, the most memory in MB.

    Those of a command are of all its processes, and a page of memory that they share counts once.
    """

    wall: float
    processor: float
    memory: float


def cost_in(figure: Mapping[str, Any]) -> Cost:
    """The cost that is kept among the figures of a row."""
    return Cost(figure["wall"], figure["processor"], figure["memory"])


class MissingError(Exception):
    """A contestant cannot run here; the message says why."""


def cheapest(costs: Iterable[Cost]) -> Cost:
    """The run that took the least processor time."""
    return min(costs, key=lambda cost: cost.processor)


def say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def take_turns(contestants: Mapping[str, Callable[[], Cost]], repeat: int) -> dict[str, Cost]:
    """The cheapest of `repeat` runs of each, in rounds; one that is missing is left out."""
    runs: dict[str, list[Cost]] = {name: [] for name in contestants}
    for turn in range(repeat):
        for name, run in contestants.items():
            if name not in runs:
                continue
            say(f"  {name}, run {turn + 1} of {repeat}")
            try:
                runs[name].append(run())
            except MissingError as reason:
                say(f"  {name} is left out: {reason}")
                del runs[name]
    return {name: cheapest(costs) for name, costs in runs.items()}


# Commands


def run_command(words: Sequence[str | Path], folder: Path = ROOT) -> Cost:
    """Run a command in a folder as people do, where Python keeps what it has compiled.

    Ends the benchmark with the last lines that the command said if it fails.
    """
    as_people = {name: value for name, value in os.environ.items() if name != _KEEPS_NOTHING}
    before, started = _used_by_children(), time.perf_counter()
    with subprocess.Popen(
        [*map(str, words)],
        cwd=folder,
        env=as_people,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        watch = _MemoryWatch(process.pid)
        watch.start()
        assert process.stderr
        said = process.stderr.read()
        process.wait()
        wall = time.perf_counter() - started
        watch.done.set()
    if process.returncode:
        stop(f"{' '.join(map(str, words))} ended with {process.returncode}:\n{said[-2000:]}")
    return Cost(wall, _used_by_children() - before, watch.most)


def run_build_py(words: Sequence[str | Path], folder: Path = ROOT) -> Cost:
    """Run `python build.py` with these words in a project's folder."""
    return run_command([sys.executable, "build.py", *words], folder)


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    program = shutil.which("chromium") or stop("Install Chromium: apt-get install chromium")
    from playwright.sync_api import sync_playwright  # the other benchmarks run without it

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


def stop(message: str) -> NoReturn:
    raise SystemExit(message)


def _used_by_children() -> float:
    """The processor time of every process that was started and has ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class _MemoryWatch(Thread):
    """Looks at the memory of a process and its children while it runs."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.most, self.done = pid, 0.0, Event()

    def run(self) -> None:
        while not self.done.wait(_INTERVAL):
            self.most = max(self.most, memory_of(self.pid))


def memory_of(pid: int) -> float:
    """The memory that a process and its children hold, each shared page once, in MB."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [id for task in tasks for id in (task / "children").read_text().split()]
    except OSError:
        return 0.0
    own = next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)
    return own / 1024 + sum(memory_of(int(child)) for child in children)


# Loops


@dataclass(frozen=True)
class Loop:
    """A way of doing one small thing many times.

    `work(folder, count)` does it `count` times with what `folder` holds, and yields after each
    time. The first is not measured: imports, templates and caches are warm from then on.
    """

    name: str
    format: str
    work: Callable[[Path, int], Iterator[None]]
    python: str = sys.executable


def run_loop(script: str, place: int, loop: Loop, folder: Path, count: int) -> Cost:
    """The cost of one time, in seconds, of a loop that runs in a process of its own.

    `script` must call `answer_loop`. Raises MissingError if a library of the loop is not installed.
    """
    words = [loop.python, script, "--loop", str(place), str(folder), str(count)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    last = (done.stderr.strip().splitlines() or [""])[-1]
    if "ModuleNotFoundError" in last:
        raise MissingError(last)
    if done.returncode:
        stop(f"{loop.name} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return Cost(**json.loads(done.stdout))


def answer_loop(loops: Sequence[Loop], place: str, folder: str, count: str) -> None:
    """Run a loop in this process, and print its cost as JSON."""
    loop = loops[int(place)]
    work = loop.work(Path(folder), int(count) + 1)
    next(work)
    wall, processor = time.perf_counter(), time.process_time()
    times = sum(1 for _ in work)
    processor, wall = time.process_time() - processor, time.perf_counter() - wall
    print(json.dumps(asdict(Cost(wall / times, processor / times, _most_memory()))))


def compare_loops(
    script: str, loops: Sequence[Loop], folder: Path, count: int, repeat: int, figures: Figures
) -> Iterator[str]:
    """A table for each format, of all loops over the same `count` things."""
    for title in dict.fromkeys(loop.format for loop in loops):
        say(f"{title}, {count:,}:")

        def runner(place: int, loop: Loop) -> Callable[[], Cost]:
            return lambda: run_loop(script, place, loop, folder, count)

        found = take_turns(
            {
                loop.name: runner(place, loop)
                for place, loop in enumerate(loops)
                if loop.format == title
            },
            repeat,
        )
        ours = found["Formulary"]
        for name, cost in found.items():
            figures.append({"format": title, "count": count, "way": name, **asdict(cost)})
        yield from table(
            f"One form in {title}",
            ("way", "ms", "ms of processor time", "times Formulary", "memory"),
            (
                (
                    name,
                    f"{cost.wall * 1000:.2f}",
                    f"{cost.processor * 1000:.2f}",
                    f"{cost.processor / ours.processor:.1f}",
                    f"{cost.memory:.0f} MB",
                )
                for name, cost in found.items()
            ),
        )


def _most_memory() -> float:
    """The most memory that this process has held, in MB."""
    status = Path("/proc/self/status").read_text()  # ru_maxrss would count the parent's too
    return next(int(line.split()[1]) for line in status.splitlines() if line[:6] == "VmHWM:") / 1024


# Tables


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table in Markdown under its heading, a line at a time; numbers are on the right."""
    yield f"\n### {title}\n"
    yield f"| {' | '.join(heads)} |"
    yield f"|---|{'---:|' * (len(heads) - 1)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


COST = ("seconds", "seconds of processor time", "memory")
"""The heads of the columns that `cells` fills."""


def cells(cost: Cost) -> tuple[str, str, str]:
    """Seconds, seconds of processor time, and memory, as cells of a table."""
    return f"{cost.wall:.2f}", f"{cost.processor:.2f}", f"{cost.memory:.0f} MB"


A_FILE = (*COST, "ms a file", "ms of processor time a file")
"""The heads of the columns that `cells_a_file` fills."""


def cells_a_file(cost: Cost, files: int) -> tuple[str, ...]:
    """The cells of a command that did something with so many files."""
    each = (f"{seconds / files * 1000:.2f}" for seconds in (cost.wall, cost.processor))
    return (*cells(cost), *each)


@dataclass(frozen=True)
class Short:
    """A row of the README's table: what was done, what it took, what to compare it with."""

    what: str
    cost: Cost
    beside: str = ""


def options_of(doc: str | None) -> argparse.ArgumentParser:
    """A parser with the options that every benchmark takes."""
    parser = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeat", type=int, default=3, help="runs of each contestant")
    parser.add_argument("--folder", type=Path, default=None, help="where the copies are made")
    parser.add_argument("--write", type=Path, default=None, metavar="FILE.md")
    return parser


def store(
    path: Path | None,
    title: str,
    lines: Iterable[str],
    figures: Figures,
    short: Sequence[Short],
) -> None:
    """Print tables; with a path, write them there and their figures beside them as JSON."""
    text = "\n".join((f"# {title}\n", f"See README.md. {MACHINE}", *lines)) + "\n"
    print(text)
    if path:
        path.write_text(text, encoding="utf-8")
        rows = [asdict(row) for row in short]
        stored = {"machine": MACHINE, "short": rows, "figures": figures}
        data = json.dumps(stored, indent=1, ensure_ascii=False) + "\n"
        path.with_suffix(".json").write_text(data, encoding="utf-8")
