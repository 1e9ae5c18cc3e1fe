"""Runs a target on made-up inputs, and writes down everything that goes wrong.

An exception, more than five seconds of this process or more memory than is allowed is a finding: it
is written down once, by where it happened, and the run goes on.
"""

from __future__ import annotations

import hashlib
import os
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

from tests.fuzz.target import Attempt, Target, spoilt

SECONDS = 5
"""Processor time for one input."""

MEGABYTES = 1_500
"""Address space that one run may take beside what it has when it starts."""

BY_ATHERIS = 0.2
"""The share of inputs that atheris spoils in its own way, which knows what is compared."""


class TooSlowError(BaseException):
    """Raised inside a target that took too long; no handler of the code under test catches it."""


@dataclass
class Run:
    """One run of a target: how many inputs it has had, and what it found."""

    attempt: Attempt
    findings: Path | None = None
    inputs: int = 0
    slowest: float = 0.0
    found: dict[str, bytes] = field(default_factory=dict)

    def one(self, data: bytes) -> None:
        """Give one input to the target."""
        self.inputs += 1
        started = time.process_time()
        try:
            with time_limit():
                self.attempt(data)
        except (Exception, TooSlowError) as error:
            self.keep(data, error)
        self.slowest = max(self.slowest, time.process_time() - started)

    def keep(self, data: bytes, error: BaseException) -> None:
        """Write an input down, once for each place where something went wrong."""
        name = f"{type(error).__name__}-{place_of(error)}"
        if name in self.found:
            return
        self.found[name] = data
        print(f"found: {name}", file=sys.stderr, flush=True)
        if self.findings:
            path = self.findings / f"{name}-{digest(data)}"
            self.findings.mkdir(parents=True, exist_ok=True)
            path.with_suffix(".bin").write_bytes(data)
            said = "".join(traceback.format_exception(error, limit=-30))
            path.with_suffix(".txt").write_text(said, "utf-8", "replace")

    def summary(self) -> str:
        """What the run came to."""
        took = time.process_time()
        return (
            f"{self.inputs:,} inputs in {took / 3600:.2f} hours of processor time "
            f"({self.inputs / took:.0f} a second); the slowest took {self.slowest:.1f} s; "
            f"{len(self.found)} findings"
        )


def digest(data: bytes) -> str:
    """The name of an input's file."""
    return hashlib.sha256(data).hexdigest()[:16]


def place_of(error: BaseException) -> str:
    """The last place in our own code, or else anywhere, at which an error was raised."""
    frames = list(traceback.extract_tb(error.__traceback__))
    ours = [frame for frame in frames if "formulary" in Path(frame.filename).parts]
    if not (ours or frames):
        return "nowhere"
    last = (ours or frames)[-1]
    return f"{Path(last.filename).stem}-{last.lineno}"


@contextmanager
def time_limit() -> Iterator[None]:
    """Raises TooSlowError inside after SECONDS of this process; on Windows there is no such end."""
    if not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGPROF, _too_slow)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _too_slow(signum: int, frame: FrameType | None) -> None:
    raise TooSlowError


def bound_memory(megabytes: int) -> None:
    """Let this process take so much more address space than it has; MemoryError beyond that."""
    import resource

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))


def blindly(target: Target, attempt: Attempt, work: Path, seconds: float, seed: int) -> int:
    """Try the seeds, and spoilt copies of them, for so long; 1 where something was found."""
    ends = time.monotonic() + seconds
    run = Run(attempt, work / "findings")
    for data in target.seeds():
        run.one(data)
    for data in spoilt(target, 10**12, seed):
        if time.monotonic() > ends:
            break
        run.one(data)
    print(run.summary(), file=sys.stderr)
    return 1 if run.found else 0


def guided(
    atheris: Any, target: Target, attempt: Attempt, work: Path, seconds: float, seed: int
) -> None:
    """Let atheris choose the inputs for so long. It ends the process: 1 for findings."""
    ends = time.monotonic() + seconds
    corpus, findings = work / "corpus", work / "findings"
    for folder in (corpus, findings):
        folder.mkdir(parents=True, exist_ok=True)
    for data in target.seeds():
        (corpus / digest(data)).write_bytes(data)
    run = Run(attempt, findings)
    bound_memory(MEGABYTES)

    def one(data: bytes) -> None:
        if time.monotonic() > ends:
            print(run.summary(), file=sys.stderr, flush=True)
            os._exit(1 if run.found else 0)  # libFuzzer would take an exception for a finding
        run.one(data)

    def mutated(data: bytes, most: int, seed: int) -> bytes:
        chance = Random(seed)
        if chance.random() < BY_ATHERIS:
            return bytes(atheris.Mutate(data, most))
        return target.mutated(bytes(data), chance)[:most]

    arguments = [
        "tests.fuzz",
        str(corpus),
        f"-max_len={target.longest}",
        f"-seed={seed}",
        "-timeout=600",  # of the wall clock, so it only ends what our own limit does not
        "-rss_limit_mb=0",
        "-reload=0",
        f"-artifact_prefix={findings.as_posix()}/",
    ]
    atheris.Setup(arguments, one, custom_mutator=mutated)
    atheris.Fuzz()
