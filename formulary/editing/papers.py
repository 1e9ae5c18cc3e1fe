"""The Word and PDF files of an edition, made when somebody opens one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from formulary import defaults
from formulary.documents.changes_paper import comparison_title
from formulary.edition.edition import Edition
from formulary.edition.text import plain
from formulary.formats.handbook.downloads import Download


def offered_files(edition: Edition) -> Iterator[Download]:
    """Every file that the pages offer; their sizes and codes are not known before they are made."""
    titles = {"policy": plain(edition.policy.title)}
    if edition.changes:
        titles["changes"] = comparison_title(edition.changes)
    titles |= {offer.form: edition.references.forms[offer.form] for offer, _ in edition.forms}
    clauses = {offer.form: offer.clauses for offer, _ in edition.forms}
    for name, ending in defaults.FORMATS.items():
        for id, title in titles.items():
            file = f"{id}-{edition.name}.{ending}"
            behind = clauses.get(id, ())
            yield Download(edition.id, id, title, edition.name, name, file, 0, "", clauses=behind)


def make_preview(edition: Edition, form: str) -> str | None:
    """A form as it is filled in in the browser, as a page without scripts; None without the form.

    It fetches nothing but the typeface of the pages: its style sheets are in it.
    """
    from formulary.pipeline.fill import preview_page  # takes long to import, as do papers

    return preview_page(edition, form)


def make_paper(root: Path, edition: Edition, path: str) -> bytes | None:
    """The file at a path of the built site; None where there is none.

    Raises OutputError where it cannot be made.
    """
    found = next((f for f in offered_files(edition) if path in (f.path, f.lasting_path)), None)
    if found is None:
        return None
    # what writes papers takes longer to import than most pages to make
    from formulary.pipeline.documents import tasks_of, write
    from formulary.pipeline.house_folder import house_folder

    for task in tasks_of(edition):
        if (task.model.stamp.form, task.format) == (found.form, found.format):
            with house_folder(root) as house:
                return write(house, task).data
    return None
