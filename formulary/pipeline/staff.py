"""An organisation's edition and its staff list, for the pipelines that begin with both.

It is apart from `content`, so that a build need not load what reads workbooks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from formulary.check.content import check_content
from formulary.check.markup import unprintable_problems
from formulary.content.kept_edition import load_kept, read_kept_editions
from formulary.content.loading import Content, OrganisationContent, load
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
from formulary.returns.edition_shelf import EditionShelf, fill_kept_edition
from formulary.staff.person import StaffList
from formulary.staff.preflight import Preflight
from formulary.staff.reading import ListFile, read_staff


def edition_and_staff(
    root: Path,
    organisation: str,
    year: int | None,
    paths: Sequence[Path | ListFile],
    sheet: str,
    encoding: str = "",
) -> tuple[Edition, Callable[[], StaffList]]:
    """An organisation's edition, and what reads the staff lists at `paths`; they are opened here.

    A folder means the lists in it. Doubts of the lists are in the list. Raises what `load_edition`
    raises, and OutputError where a list cannot be opened.
    """
    _, own, edition = load_edition(root, organisation, year)
    return edition, staff_reader(edition, own, paths, sheet, encoding)


def load_edition(
    root: Path, organisation: str, year: int | None
) -> tuple[Content, OrganisationContent, Edition]:
    """One organisation of a project, whose content must be sound, with its edition.

    Raises ContentError where the content has errors, and UsageError for an organisation that is not
    there.
    """
    content, problems = load(root)
    own = content.find(organisation)
    if own is None and not (root / ORGANISATIONS / organisation).is_dir():
        known = ", ".join(found.id for found in content.organisations)
        raise UsageError(f"There is no organisation “{organisation}”. Known: {known}.")
    problems = (*problems, *check_content(content))
    if own is None:
        raise ContentError(in_order(problems))
    edition, faults = edition_of(content, own, year)
    stop_at_errors((*problems, *faults))
    assert edition is not None
    stop_at_errors(tuple(unprintable_problems(edition.texts)))
    stop_at_errors(tuple(own_document_findings(content, (edition,))))
    return content, own, edition


def shelf_and_staff(
    root: Path,
    organisation: str,
    year: int | None,
    paths: Sequence[Path],
    sheet: str,
    encoding: str = "",
) -> tuple[EditionShelf, Callable[[], StaffList]]:
    """The forms that returns can be of, and what reads the staff list; raises the same.

    The content may have moved on, and be half changed: for a year that it no longer is in, the kept
    edition is taken, whatever is wrong with the content by now. Only where none is kept, today's
    words are put under that year's dates.
    """
    kept, faults = read_kept_editions(root, organisation)
    stop_at_errors(faults)
    content, _ = load(root)
    own = content.find(organisation)
    if then := kept_for(kept, own, year):
        edition = fill_kept_edition(then)
        now = edition_of(content, own)[0] if own else None
        read = staff_reader(edition, own or load_kept(then)[1], paths, sheet, encoding)
        return EditionShelf(edition, tuple(kept.values()), (now,) if now else ()), read
    edition, read = edition_and_staff(root, organisation, year, paths, sheet, encoding)
    return EditionShelf(edition, tuple(kept.values())), read


def staff_reader(
    edition: Edition,
    own: OrganisationContent,
    paths: Sequence[Path | ListFile],
    sheet: str,
    encoding: str,
) -> Callable[[], StaffList]:
    """What reads the staff lists at `paths`, which are opened here. Raises OutputError.

    A list that somebody has in memory is given as it is.
    """
    files = [
        ListFile(path.name, _read_file(path))
        for path in _list_files([one for one in paths if isinstance(one, Path)])
    ]
    files += [one for one in paths if isinstance(one, ListFile)]
    columns = own.staff_columns.item if own.staff_columns else None
    stages = edition.career_stages
    return lambda: read_staff(
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


WHOLE_LIST = frozenset((STAFF_FILE, STAFF_COLUMNS))
"""Errors that put every row in doubt."""


def list_faults(found: Preflight, paths: Sequence[Path | ListFile]) -> tuple[Problem, ...]:
    """Why a staff list cannot be used as a whole; nothing where it has somebody to go on with.

    What is made of such a list would be made of nobody: registers without people, packs to delete.
    `paths` are the files', for messages.
    """
    errors = errors_in(found.problems)
    if whole := tuple(error for error in errors if error.kind in WHOLE_LIST):
        return whole
    if found.recipients or found.left_out:
        return ()
    if errors:
        return errors
    fix = "Check that it is the right file, and that a row below the headings is about a person."
    return (Problem(STAFF_FILE, Place(Path(paths[0].name)), "No one is on the list", fix),)
