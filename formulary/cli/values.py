"""The values of options, read from text; a fault says what to write instead."""

from __future__ import annotations

import argparse
import datetime
import os
from collections.abc import Callable

from formulary import defaults


def number_reader(what: str, least: int, most: int) -> Callable[[str], int]:
    """Reads a whole number from `least` to `most`; `what` completes “is not …”."""

    def read(text: str) -> int:
        if not text.isdigit() or not least <= int(text) <= most:
            said = f"“{text}” is not {what} from {least} to {most}"
            raise argparse.ArgumentTypeError(said)
        return int(text)

    return read


read_year = number_reader("a year", 2000, 2100)
read_jobs = number_reader("a number of processes", 1, 256)
read_threshold = number_reader("a number", defaults.SMALLEST_THRESHOLD, 1000)


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


def read_sample(text: str) -> tuple[int | None, int | None]:
    """The size of a sample: a share of a hundred, or a number; the other is None."""
    number = text.removesuffix("%").strip()
    share = text.endswith("%")
    if not number.isdigit() or not 1 <= int(number) <= (100 if share else 100_000):
        raise argparse.ArgumentTypeError(f"“{text}” is not a number such as 20 or a share as 15%")
    return (int(number), None) if share else (None, int(number))
