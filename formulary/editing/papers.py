"""The Word and PDF files of an edition, and pages to fill forms in, made when they are opened."""

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
            yield Download(
                edition.id,
                id,
                title,
                edition.name,
                name,
                file,
                bytes=0,
                sha256="",
                clauses=clauses.get(id, ()),
                is_pictured=id in clauses and name == "PDF",
            )


def make_preview(edition: Edition, form: str) -> str | None:
    """A form as it is filled in in the browser, as a page without scripts; None without the form.

    It fetches nothing but the typeface of the pages: its style sheets are in it.
    """
    from formulary.pipeline.fill import preview_page  # takes long to import, as do papers

    return preview_page(edition, form)


def make_file(root: Path, edition: Edition, path: str, *, alone: bool) -> bytes | None:
    """The file at a path of the built site; None where there is none.

    It is a paper, the picture of its first page, or what fills a form in in the browser. Raises
    OutputError where it cannot be made.
    """
    # what writes papers takes longer to import than most pages to make
    from formulary.pipeline.documents import WantedDocument, tasks_of, write
    from formulary.pipeline.fill import ASSETS, fill_pages, script_path, shared_fill_files
    from formulary.pipeline.house_folder import house_folder

    if path.startswith(f"{ASSETS}/"):
        return shared_fill_files().get(path)
    offered = tuple(offered_files(edition))
    if path.endswith((".html", ".css")):
        wanted = ((edition, WantedDocument("", task)) for task in tasks_of(edition))
        scripts = frozenset(script_path(file) for file in offered)
        return dict(fill_pages(wanted, offered, scripts, alone)).get(path)
    for file in offered:
        if path not in (file.path, file.lasting_path, file.picture, script_path(file)):
            continue
        for task in tasks_of(edition):
            if (task.model.stamp.form, task.format) != (file.form, file.format):
                continue
            with house_folder(root) as house:
                written = write(house, task)
            if path in (file.path, file.lasting_path):
                return written.data
            if found := written.picture if path == file.picture else written.script:
                return found
    return None
