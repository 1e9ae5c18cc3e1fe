"""The values of options, read from text; a fault says what to write instead."""

from __future__ import annotations

import argparse
import datetime
import os
from collections.abc import Callable

from formulary import defaults


def read_year(text: str) -> int:
    if not text.isdigit() or not 2000 <= int(text) <= 2100:
        raise argparse.ArgumentTypeError(f"“{text}” is not a year from 2000 to 2100")
    return int(text)


def read_jobs(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 256:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number of processes from 1 to 256")
    return int(text)


def count_reader(what: str, most: int) -> Callable[[str], int]:
    """Reads a whole number of something from 1 to `most`."""

    def read(text: str) -> int:
        if not text.isdigit() or not 1 <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"“{text}” is not a number of {what} to {most:,}")
        return int(text)

    return read


def read_server(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or not 1 <= int(port) <= 65535:
        raise argparse.ArgumentTypeError(f"“{text}”: write a server and its port: mail.example:587")
    return host.strip("[]"), int(port)


def usual_jobs() -> int:
    """As many processes as this machine runs at once."""
    return os.cpu_count() or 1


def read_formats(text: str) -> tuple[str, ...]:
    wanted = [part.strip().casefold() for part in text.split(",") if part.strip()]
    known = (*defaults.FORMATS, defaults.SMALL_PAGE)
    found = tuple(name for name in known if name.casefold() in wanted)
    if not wanted or len(found) != len(set(wanted)):
        raise argparse.ArgumentTypeError(f"“{text}”: write word, pdf or page, or as word,pdf")
    return found


def read_day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not a date such as 2026-10-31") from None


def read_threshold(text: str) -> int:
    smallest = defaults.SMALLEST_THRESHOLD
    if not text.isdigit() or not smallest <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number from {smallest} to 1000")
    return int(text)


def read_sample(text: str) -> tuple[int | None, int | None]:
    """The size of a sample: a share of a hundred, or a number; the other is None."""
    number = text.removesuffix("%").strip()
    share = text.endswith("%")
    if not number.isdigit() or not 1 <= int(number) <= (100 if share else 100_000):
        raise argparse.ArgumentTypeError(f"“{text}” is not a number such as 20 or a share as 15%")
    return (int(number), None) if share else (None, int(number))
