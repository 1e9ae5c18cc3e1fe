"""Which edition a folder of registers is for: one folder, one organisation, one edition."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from formulary.content.cycle import edition_name
from formulary.delivery import WORK, OutputFolder
from formulary.documents.stamp import Stamp
from formulary.edition.edition import Edition
from formulary.problems import OutputError, UsageError
from formulary.project import COMMAND

FILE = "edition.json"
"""In the work folder: whose registers they are, and of which edition."""


class RegisterEdition(NamedTuple):
    """The organisation's id, and the year in which the edition's cycles start."""

    organisation: str
    year: int


def bind_to_edition(folder: OutputFolder, edition: Edition, stamps: Iterable[Stamp]) -> None:
    """Note which edition the registers in an open folder are for.

    `stamps` are of the returns that were read into it: most of them say which edition a folder of
    an earlier version is for. Raises UsageError, naming the folder to use, where the folder is for
    another one; then nothing has been written.
    """
    wanted = RegisterEdition(edition.id, edition.year)
    there = read_register_edition(folder.path)
    if there is None:
        before = Counter(RegisterEdition(one.organisation, one.year) for one in stamps)
        there = before.most_common(1)[0][0] if before else wanted
    if there != wanted:
        raise UsageError(_refusal(folder.path, there, edition))
    data = json.dumps({**wanted._asdict(), "edition": edition.name}, indent=1).encode()
    folder.write_files([(f"{WORK}/{FILE}", data + b"\n")], {}, True)


def read_register_edition(path: Path) -> RegisterEdition | None:
    """What `bind_to_edition` noted in a folder; None where it has noted nothing yet."""
    try:
        data = json.loads((path / WORK / FILE).read_text(encoding="utf-8"))
        return RegisterEdition(str(data["organisation"]), int(data["year"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise OutputError(
            f"{path / WORK / FILE} is not as it was written. Put the last good one back from your "
            "backup."
        ) from error


def folder_for(path: Path, edition: str) -> Path:
    """A folder beside one of registers, with the name of another edition."""
    if re.fullmatch(_EDITION, path.name):
        return path.with_name(edition)
    return path.with_name(f"{re.sub(f'[-_ ]{_EDITION}$', '', path.name)}-{edition}")


_EDITION = r"\d{4}(?:-\d\d)?"


def _refusal(path: Path, there: RegisterEdition, edition: Edition) -> str:
    if there.organisation != edition.id:
        return (
            f"{path} holds the registers of “{there.organisation}”. Name another folder for those "
            f"of “{edition.id}” with --out."
        )
    return (
        f"{path} holds the registers of {edition_name(there.year)}, and nothing of another edition "
        f"is put there. For {edition.name} use --out {folder_for(path, edition.name)}. To go on "
        f"with {edition_name(there.year)}, add --year {there.year}: {COMMAND} collect … "
        f"--year {there.year} --out {path}."
    )
