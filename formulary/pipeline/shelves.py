"""The forms that an organisation's returns can be of, from the content and what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from formulary.content.kept_edition import KeptEdition, read_kept_editions
from formulary.content.loading import Content, OrganisationContent
from formulary.edition.edition import Edition, edition_of
from formulary.returns.edition_shelf import EditionShelf, fill_kept_edition


def shelf_of(root: Path, content: Content, organisation: str, year: int) -> EditionShelf | None:
    """The shelf for the returns of one edition.

    None where the content has no such organisation, or errors, and the edition is not kept. A kept
    edition that cannot be read is passed over. Raises ContentError.
    """
    kept, _ = read_kept_editions(root, organisation)
    own = content.find(organisation)
    then = kept_for(kept, own, year)
    if then:
        edition: Edition | None = fill_kept_edition(then)
    else:
        edition = edition_of(content, own, year)[0] if own else None
    return EditionShelf(edition, tuple(kept.values())) if edition else None


def kept_for(
    kept: Mapping[str, KeptEdition], own: OrganisationContent | None, year: int | None
) -> KeptEdition | None:
    """The edition that was kept last of a year which the content has left; None where none is.

    Of the year that the content is in, the content itself says what counts.
    """
    if year is None or (own and own.organisation.item.year == year):
        return None
    return next((one for one in reversed([*kept.values()]) if one.year == year), None)
