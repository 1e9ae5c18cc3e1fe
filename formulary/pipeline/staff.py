"""An organisation's edition and its staff list, for the pipelines that begin with both.

It is apart from `content`, so that a build need not load what reads workbooks.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from formulary.check.content import check_content
from formulary.content.kept_edition import load_kept, read_kept_editions
from formulary.content.loading import OrganisationContent, load
from formulary.edition.edition import Edition, edition_of
from formulary.pipeline.content import own_document_findings, stop_at_errors
from formulary.pipeline.shelves import kept_for
from formulary.problems import (
    STAFF_COLUMNS,
    STAFF_FILE,
    ContentError,
    OutputError,
    Place,
    Problem,
    UsageError,
    errors_in,
    in_order,
)
from formulary.project import ORGANISATIONS
from formulary.returns.edition_shelf import EditionShelf, edition_kept
from formulary.staff.person import StaffList
from formulary.staff.preflight import Preflight
from formulary.staff.reading import read_staff


def edition_and_staff(
    root: Path, organisation: str, year: int | None, path: Path, sheet: str
) -> tuple[Edition, Callable[[], StaffList]]:
    """An organisation's edition, and what reads the staff list at `path`, which is opened here.

    Doubts of the list are in the list. Raises ContentError where the content has errors, UsageError
    for an organisation that is not there, and OutputError where the list cannot be opened.
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
    return edition, staff_reader(edition, own, path, sheet)


def shelf_and_staff(
    root: Path, organisation: str, year: int | None, path: Path, sheet: str
) -> tuple[EditionShelf, Callable[[], StaffList]]:
    """The forms that returns can be of, and what reads the staff list; raises the same.

    The content may have moved on, and be half changed: for a year that it no longer is in, the kept
    edition is taken, whatever is wrong with the content by now. Only where none is kept, today's
    words are put under that year's dates.
    """
    kept, faults = read_kept_editions(root, organisation)
    stop_at_errors(faults)
    content, _ = load(root)
    own = {found.id: found for found in content.organisations}.get(organisation)
    if then := kept_for(kept, own, year):
        edition = edition_kept(then)
        now = edition_of(content, own)[0] if own else None
        read = staff_reader(edition, own or load_kept(then)[1], path, sheet)
        return EditionShelf(edition, tuple(kept.values()), (now,) if now else ()), read
    edition, read = edition_and_staff(root, organisation, year, path, sheet)
    return EditionShelf(edition, tuple(kept.values())), read


def staff_reader(
    edition: Edition, own: OrganisationContent, path: Path, sheet: str
) -> Callable[[], StaffList]:
    """What reads the staff list at `path`, which is opened here. Raises OutputError."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise OutputError(f"There is no file {path}. Check the path and the name.") from error
    except OSError as error:
        raise OutputError(
            f"{path} cannot be read: {error.strerror}. Name a file that you may open."
        ) from error
    columns = own.staff_columns.item if own.staff_columns else None
    stages = edition.career_stages
    return lambda: read_staff(data, path.name, edition.organisation, columns, stages, sheet=sheet)


WHOLE_LIST = frozenset((STAFF_FILE, STAFF_COLUMNS))
"""Errors that put every row in doubt."""


def list_faults(found: Preflight, name: str) -> tuple[Problem, ...]:
    """Why a staff list cannot be used as a whole; nothing where it has somebody to go on with.

    What is made of such a list would be made of nobody: registers without people, packs to delete.
    `name` is the file's, for messages.
    """
    errors = errors_in(found.problems)
    if whole := tuple(error for error in errors if error.kind in WHOLE_LIST):
        return whole
    if found.recipients or found.left_out:
        return ()
    if errors:
        return errors
    fix = "Check that it is the right file, and that a row below the headings is about a person."
    return (Problem(STAFF_FILE, Place(Path(name)), "No one is on the list", fix),)
