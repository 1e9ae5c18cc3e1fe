"""The records that `collect` keeps beside the registers, of every file that was ever read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from formulary.delivery import WORK, JsonLines, OutputFolder
from formulary.problems import OutputError
from formulary.publish import checksum
from formulary.returns.returned_file import ReturnedFile, returned_file_from

LEDGER = "returns.jsonl"
"""In the work folder: every file that was read."""


def read_ledger(ledger: JsonLines) -> list[ReturnedFile]:
    """Every record of a ledger, in the order in which it came. Raises OutputError if broken."""
    try:
        return [returned_file_from(entry) for entry in ledger.entries()]
    except (KeyError, TypeError, ValueError) as error:
        raise OutputError(
            f"{ledger.path} is not as it was written. Put the last good one back from your backup."
        ) from error


def read_collected(path: Path) -> list[ReturnedFile] | None:
    """Every file that `collect` read into a folder; None for a folder that it did not write.

    Of a file that was read again, the last record only. Raises OutputError.
    """
    if not (path / WORK / LEDGER).is_file():
        return None
    folder = OutputFolder(path)
    folder.open()
    try:
        return latest_tries(read_ledger(JsonLines(folder, LEDGER)))
    finally:
        folder.release()


def file_key(source: str, sha256: str) -> tuple[str, str]:
    """What tells a file from others: its bytes; where it has none, its name."""
    return ("", sha256) if sha256 != checksum(b"") else (source, "")


def latest_tries(records: Iterable[ReturnedFile]) -> list[ReturnedFile]:
    """Of a file that was read again because it could not be read in time, the last record only."""
    return list({file_key(one.source, one.sha256): one for one in records}.values())
