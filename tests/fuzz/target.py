"""What a target of the fuzzers is, and the ways to spoil an input that fit any."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random

Attempt = Callable[[bytes], object]
"""Takes an input, and raises for a fault; an input that is refused in order is none."""


@dataclass(frozen=True)
class Target:
    """What is fuzzed.

    `make` gets all ready. `mutated` gives a spoilt copy of an input, the same for the same chance.
    `longest` is the most bytes of an input.
    """

    make: Callable[[], Attempt]
    seeds: Callable[[], Iterable[bytes]]
    mutated: Callable[[bytes, Random], bytes]
    longest: int


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
