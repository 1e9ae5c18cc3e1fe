"""The Word and PDF files of an edition, and pages to fill forms in, made when they are opened."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePosixPath

from formulary import defaults
from formulary.documents.blank import Blank, compose_blank
from formulary.documents.changes_paper import comparison_title, compose_changes
from formulary.documents.paper import Paper, compose_paper
from formulary.documents.stamp import Stamp
from formulary.edition.edition import Edition
from formulary.edition.text import plain
from formulary.formats.handbook.downloads import Download


class OfferedFiles:
    """The files that the pages of an edition offer, whose sizes are not known before they are made.

    Their codes are worked out for the pages that print them.
    """

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self._stamps: dict[str, Stamp] = {}
        titles = {"policy": plain(edition.policy.title)}
        if edition.changes:
            titles["changes"] = comparison_title(edition.changes)
        titles |= {offer.form: edition.references.forms[offer.form] for offer, _ in edition.forms}
        clauses = {offer.form: offer.clauses for offer, _ in edition.forms}
        self.files = tuple(
            Download(
                edition.id,
                id,
                title,
                edition.name,
                name,
                f"{id}-{edition.name}.{ending}",
                bytes=0,
                sha256="",
                clauses=clauses.get(id, ()),
                is_pictured=id in clauses and name == "PDF",
            )
            for name, ending in defaults.FORMATS.items()
            for id, title in titles.items()
        )

    def __call__(self, page: str) -> tuple[Download, ...]:
        """The files, as the page at a path of Markdown shows them; all have codes for “”."""
        name = PurePosixPath(page).stem
        with_codes = {file.form for file in self.files}
        if page and name not in ("downloads", "which-edition"):
            with_codes &= {"policy" if page.endswith("policy/index.md") else name}
        return tuple(
            replace(file, stamp=self._stamp(file.form)) if file.form in with_codes else file
            for file in self.files
        )

    def _stamp(self, form: str) -> Stamp:
        if form not in self._stamps:
            self._stamps[form] = self._compose(form).stamp
        return self._stamps[form]

    def _compose(self, form: str) -> Paper | Blank:
        edition = self.edition
        if form == "policy":
            return compose_paper(edition)
        if form == "changes" and edition.changes:
            return compose_changes(edition, edition.changes)
        return next(
            compose_blank(edition, o, found) for o, found in edition.forms if o.form == form
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
    from formulary.pipeline.fill import fill_pages, script_path
    from formulary.pipeline.house_folder import house_folder

    if shared := make_shared_file(path):
        return shared
    offered = OfferedFiles(edition).files
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


def make_shared_file(path: str) -> bytes | None:
    """The file at a path that all pages to fill forms in share; None where there is none."""
    if not path.startswith("assets/fill/"):
        return None
    from formulary.pipeline.fill import shared_fill_files

    return shared_fill_files().get(path)
