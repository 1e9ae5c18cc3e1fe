"""An organisation's edition and its staff list, for the pipelines that begin with both.

It is apart from `content`, so that a build need not load what reads workbooks.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from formulary.check.content import check_content
from formulary.content.loading import Content, OrganisationContent, load
from formulary.edition.edition import Edition, edition_of
from formulary.pipeline.content import own_document_findings, stop_at_errors
from formulary.problems import ContentError, OutputError, UsageError, in_order
from formulary.project import ORGANISATIONS
from formulary.staff.person import StaffList
from formulary.staff.reading import read_staff


def edition_and_staff(
    root: Path, organisation: str, year: int | None, path: Path, sheet: str
) -> tuple[Edition, Callable[[], StaffList]]:
    """An organisation's edition, and what reads the staff list at `path`, which is opened here.

    Doubts of the list are in the list. Raises what `load_edition` raises, and OutputError where
    the list cannot be opened.
    """
    _, own, edition = load_edition(root, organisation, year)
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
    return edition, lambda: read_staff(
        data, path.name, edition.organisation, columns, stages, sheet=sheet
    )


def load_edition(
    root: Path, organisation: str, year: int | None
) -> tuple[Content, OrganisationContent, Edition]:
    """One organisation of a project, whose content must be sound, with its edition.

    Raises ContentError where the content has errors, and UsageError for an organisation that is not
    there.
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
    return content, own, edition
