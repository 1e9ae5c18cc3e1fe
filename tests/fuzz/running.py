"""Runs a target on bytes that atheris makes up, and writes down everything that goes wrong.

A target takes bytes and returns where all is well. An exception, more than five seconds of its own
time or more memory than is allowed is a finding: it is written down once, by where it happened, and
the run goes on.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

SECONDS = 5
"""Processor time for one input."""

MEGABYTES = 1_500
"""Address space that one run may take beside what it has when it starts."""

LONGEST_INPUT = 30_000
"""Bytes."""

Target = Callable[[bytes], None]
Mutator = Callable[[bytes, random.Random], bytes]


class TooSlowError(BaseException):
    """Raised inside a target that took too long; no handler of the code under test catches it."""


@dataclass
class Run:
    """One run of a target: how many inputs it has had, and what it found."""

    target: Target
    findings: Path
    ends: float
    inputs: int = 0
    slowest: float = 0.0
    found: set[str] = field(default_factory=set)

    def one(self, data: bytes) -> None:
        """Give one input to the target."""
        if time.monotonic() > self.ends:
            self.finish()
        self.inputs += 1
        started = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            self.target(data)
        except (Exception, TooSlowError) as error:
            signal.setitimer(signal.ITIMER_PROF, 0)
            self.keep(data, error)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        self.slowest = max(self.slowest, time.process_time() - started)

    def keep(self, data: bytes, error: BaseException) -> None:
        """Write an input down, once for each place where something went wrong."""
        name = f"{type(error).__name__}-{place_of(error)}"
        if name in self.found:
            return
        self.found.add(name)
        digest = hashlib.sha256(data).hexdigest()[:8]
        self.findings.mkdir(parents=True, exist_ok=True)
        (self.findings / f"{name}-{digest}.bin").write_bytes(data)
        said = "".join(traceback.format_exception(error, limit=-30))
        (self.findings / f"{name}-{digest}.txt").write_text(said, "utf-8", "replace")
        print(f"found: {name}", file=sys.stderr, flush=True)

    def finish(self) -> None:
        """Say what the run came to, and end the process: 1 where something was found."""
        signal.setitimer(signal.ITIMER_PROF, 0)
        hours = time.process_time() / 3600
        print(
            f"{self.inputs} inputs in {hours:.2f} hours of processor time; the slowest took "
            f"{self.slowest:.1f} s; {len(self.found)} findings",
            file=sys.stderr,
            flush=True,
        )
        sys.stdout.flush()
        os._exit(1 if self.found else 0)  # libFuzzer would take an exception for a finding


def place_of(error: BaseException) -> str:
    """The last place in our own code, or else anywhere, at which an error was raised."""
    frames = list(traceback.extract_tb(error.__traceback__))
    ours = [frame for frame in frames if "formulary" in Path(frame.filename).parts]
    if not (ours or frames):
        return "nowhere"
    last = (ours or frames)[-1]
    return f"{Path(last.filename).stem}-{last.lineno}"


def _too_slow(signum: int, frame: FrameType | None) -> None:
    raise TooSlowError


def bound_memory(megabytes: int) -> None:
    """Let this process take so much more address space than it has; MemoryError beyond that."""
    import resource

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))


def run(
    name: str,
    make: Callable[[], Target],
    mutate: Mutator,
    seeds: Callable[[], Iterable[bytes]],
    packages: Sequence[str],
    longest: int = LONGEST_INPUT,
) -> None:
    """Run a target from the command line.

    `packages` are those whose branches guide the search; `longest` is the most bytes of an input.
    """
    parser = argparse.ArgumentParser(prog=f"python -m tests.fuzz.{name}", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="how long to run (60)")
    parser.add_argument("--work", type=Path, default=Path("build") / "fuzz", help="its folder")
    parser.add_argument("--seed", type=int, default=0, help="0 for another one each time")
    options = parser.parse_args()
    try:
        import atheris
    except ImportError:
        sys.exit("atheris is not installed (Linux and macOS: pip install atheris)")
    corpus, findings = (options.work / name / part for part in ("corpus", "findings"))
    corpus.mkdir(parents=True, exist_ok=True)
    with atheris.instrument_imports(include=list(packages), enable_loader_override=False):
        target = make()
    for seed in seeds():
        (corpus / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    state = Run(target, findings, time.monotonic() + options.seconds)
    signal.signal(signal.SIGPROF, _too_slow)
    bound_memory(MEGABYTES)

    def mutated(data: bytes, most: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.random() < 0.2:
            return bytes(atheris.Mutate(data, most))
        return mutate(data, chance)[:most]

    arguments = [
        name,
        str(corpus),
        f"-max_len={longest}",
        f"-seed={options.seed}",
        "-timeout=3600",  # of the wall clock, so it only ends what our own limit does not
        "-rss_limit_mb=0",
        "-reload=0",
        f"-artifact_prefix={findings.as_posix()}/",
    ]
    findings.mkdir(parents=True, exist_ok=True)
    atheris.Setup(arguments, state.one, custom_mutator=mutated)
    atheris.Fuzz()
