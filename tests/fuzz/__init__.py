"""Fuzzing: targets are fed with spoilt inputs, and each input that shows a fault is kept as a file.

A module here has the targets of one subject and is run as `python -m tests.fuzz.readers word`. With
atheris (Linux) inputs that reach new code are kept and spoilt further; without it, or with --blind,
the seeds alone are. `--corpus` keeps what was found out for the next run.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import FunctionType
from typing import Any

SLOW = 5.0
"""Seconds of this process that no input may take."""

LONGEST_INPUT = 1_000_000
"""Bytes."""


@dataclass(frozen=True)
class Target:
    """What is fuzzed: `attempt` raises for a fault; an input that is refused in order is none.

    `mutated` gives a spoilt copy of an input, the
    same for the same chance.
    """

    attempt: Callable[[bytes], object]
    seeds: Callable[[], Iterable[bytes]]
    mutated: Callable[[bytes, Random], bytes]


@dataclass
class Findings:
    """Tries inputs and keeps those that show a fault, each fault once."""

    target: Target
    folder: Path | None = None
    tries: int = 0
    seen: dict[str, bytes] = field(default_factory=dict)

    def attempt(self, data: bytes) -> None:
        self.tries += 1
        before = time.process_time()
        try:
            self.target.attempt(data)
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            told = f"{type(error).__name__} in {Path(frame.filename).name}:{frame.lineno}"
            self.keep(told, data, traceback.format_exc())
        took = time.process_time() - before
        if took > SLOW:
            self.keep(f"slow: {took:.0f} s", data, "")

    def keep(self, fault: str, data: bytes, details: str) -> None:
        if fault in self.seen:
            return
        self.seen[fault] = data
        print(f"{fault}\n{details}", file=sys.stderr, flush=True)
        if self.folder:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


def spoilt(target: Target, count: int, seed: int) -> Iterable[bytes]:
    """`count` spoilt copies of the target's seeds, the same for the same seed."""
    seeds = list(target.seeds())
    for number in range(count):
        chance = Random(f"{seed} {number}")
        yield target.mutated(chance.choice(seeds), chance)


PIECES = (
    *(b"\0", b"\xff", b"\xef\xbb\xbf", b"<", b">", b"&", b"'", b'"', b"[", b"]", b"{", b"}", b"%"),
    *(b"0", b"-1", b"99999999999", b"1e400", b"\r\n", b"\x1b[2J", b"\xed\xa0\x80", b"\xff\xfe"),
    *("Ż\u202e\u0085\u2028", "\u0000\u009b", "=cmd()", "{{ 7*7 }}", "A" * 3000),
)
"""What breaks careless programs."""


def mutated_bytes(data: bytes, chance: Random) -> bytes:
    """A copy with pieces of it changed, taken out, doubled or cut off, whatever it is."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8))):
        start = chance.randrange(len(changed) + 1)
        end = min(len(changed), start + chance.choice((1, 2, 4, 16, 200)))
        piece = chance.choice(PIECES)
        way = chance.randrange(6)
        if way == 0 and end > start:
            changed[start] = chance.randrange(256)
        elif way == 1:
            del changed[start:end]
        elif way == 2:
            changed[start:start] = changed[start:end]
        elif way == 3:
            changed[start:end] = piece if isinstance(piece, bytes) else piece.encode()
        elif way == 4:
            there = chance.randrange(len(changed) + 1)
            changed[there:there] = changed[start:end]
        elif chance.random() < 0.1:
            del changed[start:]
    return bytes(changed)


def main(targets: Mapping[str, Target], argv: Sequence[str]) -> int:
    """Fuzz one target by the words of a command line; 1 where faults were found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=targets)
    parser.add_argument("--seconds", type=int, default=0, help="how long; else as many as --runs")
    parser.add_argument("--runs", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path, help="a folder for inputs, and in it for findings")
    parser.add_argument("--blind", action="store_true", help="do without atheris")
    options = parser.parse_args(argv)
    target = targets[options.target]
    findings = Findings(target, options.corpus and options.corpus / "findings")
    try:
        import atheris
    except ImportError:
        options.blind = True
    if options.blind:
        _blindly(findings, options)
    else:
        _guided(atheris, findings, options)
    return 1 if findings.seen else 0


def _blindly(findings: Findings, options: argparse.Namespace) -> None:
    began = time.monotonic()
    count = 10**12 if options.seconds else options.runs
    for data in spoilt(findings.target, count, options.seed):
        if options.seconds and time.monotonic() - began > options.seconds:
            break
        findings.attempt(data)
    print(
        f"{findings.tries:,} inputs, {len(findings.seen)} faults, "
        f"{time.process_time():.0f} s of processor time"
    )


def _guided(atheris: Any, findings: Findings, options: argparse.Namespace) -> None:
    """Let atheris choose the inputs. It ends the process itself."""
    target = findings.target
    for function in gc.get_objects():
        if isinstance(function, FunctionType) and "formulary." in (function.__module__ or ""):
            atheris.instrument_func(function)

    def mutator(data: bytes, longest: int, seed: int) -> bytes:
        return target.mutated(bytes(data), Random(seed))[:longest]

    words = [sys.argv[0], f"-seed={options.seed}", f"-max_len={LONGEST_INPUT}", "-timeout=60"]
    words += ["-rss_limit_mb=3000", "-print_final_stats=1"]
    limit = f"max_total_time={options.seconds}" if options.seconds else f"runs={options.runs}"
    words.append(f"-{limit}")
    if options.corpus:
        folder = options.corpus / "inputs"
        folder.mkdir(parents=True, exist_ok=True)
        for seed in target.seeds():
            (folder / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
        words += [str(folder), f"-artifact_prefix={options.corpus}/"]
    atheris.Setup(words, findings.attempt, custom_mutator=mutator)
    atheris.Fuzz()
