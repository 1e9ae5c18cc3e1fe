"""An organisation's edition and its staff list, for the pipelines that begin with both.

It is apart from `content`, so that a build need not load what reads workbooks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from formulary.check.content import check_content
from formulary.content.loading import load
from formulary.edition.edition import Edition, edition_of
from formulary.pipeline.content import own_document_findings, stop_at_errors
from formulary.problems import ContentError, OutputError, UsageError, in_order
from formulary.project import ORGANISATIONS
from formulary.staff.person import StaffList
from formulary.staff.reading import ListFile, read_staff


def edition_and_staff(
    root: Path,
    organisation: str,
    year: int | None,
    paths: Sequence[Path],
    sheet: str,
    encoding: str = "",
) -> tuple[Edition, Callable[[], StaffList]]:
    """An organisation's edition, and what reads the staff lists at `paths`; they are opened here.

    A folder means the lists in it. Doubts of the lists are in the list. Raises ContentError where
    the content has errors, UsageError for an organisation that is not there, and OutputError where
    a list cannot be opened.
    """
    content, problems = load(root)
    own = {found.id: found for found in content.organisations}.get(organisation)
    if own is None and not (root / ORGANISATIONS / organisation).is_dir():
        known = ", ".join(found.id for found in content.organisations)
        raise UsageError(f"There is no organisation “{organisation}”. Known: {known}.")
    problems = (*problems, *check_content(content))
    if own is None:
        raise ContentError(in_order(problems))
    edition, faults = edition_of(content, own, year)
    stop_at_errors((*problems, *faults))
    assert edition is not None
    stop_at_errors(tuple(own_document_findings(content, (edition,))))
    files = [ListFile(path.name, _read_file(path)) for path in _list_files(paths)]
    columns = own.staff_columns.item if own.staff_columns else None
    stages = edition.career_stages
    return edition, lambda: read_staff(
        files, edition.organisation, columns, stages, sheet=sheet, encoding=encoding
    )


def _list_files(paths: Sequence[Path]) -> Iterator[Path]:
    """The files named, each once, and those in the folders named; not what Excel keeps open."""
    seen: set[Path] = set()
    for path in paths:
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        files = [
            one
            for one in inside
            if one == path or (one.is_file() and not one.name.startswith((".", "~$")))
        ]
        if not files:
            raise OutputError(f"The folder {path} has no files in it. Name a folder with lists.")
        for one in files:
            if one.resolve() not in seen:
                seen.add(one.resolve())
                yield one


def _read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise OutputError(f"There is no file {path}. Check the path and the name.") from error
    except OSError as error:
        raise OutputError(
            f"{path} cannot be read: {error.strerror}. Name a file that you may open."
        ) from error
