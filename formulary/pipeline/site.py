"""From the content to the published site, as numbered stages that read top to bottom.

`build` takes the project folder and gives the published site, with a report of what was made.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from formulary import publish
from formulary.formats import opendocument
from formulary.formats.handbook.calendars import site_address
from formulary.formats.handbook.downloads import Download
from formulary.formats.handbook.navigation import Nav, navigation
from formulary.formats.handbook.pages import site_name, write_pages
from formulary.formats.handbook.site import build_site, serve_site
from formulary.model.blank import Blank, compose_blank
from formulary.model.changes_paper import compose_changes
from formulary.model.content import load
from formulary.model.edition import Edition
from formulary.model.paper import Paper, compose_paper
from formulary.pipeline.changes import since_last_editions
from formulary.pipeline.content import editions_of, own_document_findings, stop_at_errors
from formulary.pipeline.formats import FORMATS, Format
from formulary.pipeline.guide import guide_of
from formulary.pipeline.progress import Progress
from formulary.problems import OutputError, Problem
from formulary.rules.content import check_content

STAGES = ("Load", "Check", "Compose", "Render", "Site", "Publish")


@dataclass
class Report:
    """What a build made, and how long each stage took (seconds)."""

    downloads: list[Download] = field(default_factory=list)
    pages: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()
    notes: list[str] = field(default_factory=list)
    """What could not be made though all the rest was, in a reader's words."""


@contextmanager
def _stage(report: Report, progress: Progress, name: str, steps: int = 1) -> Iterator[None]:
    progress.stage(name, steps)
    started = time.perf_counter()
    yield
    report.seconds[name] = report.seconds.get(name, 0.0) + time.perf_counter() - started


def build(
    root: Path,
    organisations: Sequence[str],
    year: int | None,
    progress: Progress,
    *,
    open_document: bool = False,
) -> Report:
    """Make all forms, policies and the handbook, and put them into `root/site`.

    `organisations` are ids, or empty for all; `year` is the year in which the cycles start, or None
    for each organisation's own; `open_document` asks for OpenDocument files too, which LibreOffice
    makes: its failure is only noted. Raises ContentError, UsageError or OutputError; `root/site` is
    then as it was.
    """
    report = Report()
    made = root / "build" / "site"
    editions = _make_pages(  # 1 to 4
        root, organisations, year, report, progress, open_document=open_document
    )
    with _stage(report, progress, "Site"):  # 5
        nav, name = navigation(editions, guide_of(root)), site_name(editions)
        build_site(root / PAGES, made, root / SETTINGS, nav, name)
    with _stage(report, progress, "Publish"):  # 6
        publish.write_files(made, {"manifest.json": _manifest(report.downloads)})
        publish.swap_into_place(made, root / "site")
    return report


def serve(
    root: Path,
    organisations: Sequence[str],
    year: int | None,
    progress: Progress,
    port: int,
    told: Callable[[Exception], None],
    ready: Callable[[str], None],
) -> None:
    """Show the handbook on this computer, made anew whenever content or a template changes.

    Content that has errors is handed to `told`, and the last good pages stay; `ready` gets the
    address. Runs until it is interrupted. Raises OutputError where the port is taken.
    """

    def rebuild() -> Nav:
        made = _make_pages(root, organisations, year, Report(), progress)
        return navigation(made, guide_of(root))

    editions = _make_pages(root, organisations, year, Report(), progress)
    serve_site(
        root / PAGES,
        root / SETTINGS,
        navigation(editions, guide_of(root)),
        [root / name for name in ("content", "docs", "forms", "mkdocs.yml", "formulary")],
        rebuild,
        "127.0.0.1",
        port,
        name=site_name(editions),
        failed=told,
        ready=ready,
    )


SETTINGS = "mkdocs.yml"
PAGES = Path("build") / "pages"
"""Where the handbook's Markdown and the downloads are written before MkDocs reads them."""


def _make_pages(
    root: Path,
    organisations: Sequence[str],
    year: int | None,
    report: Report,
    progress: Progress,
    *,
    open_document: bool = False,
) -> tuple[Edition, ...]:
    """Stages 1 to 4: everything that MkDocs needs, written into the folder PAGES."""
    with _stage(report, progress, "Load"):  # 1
        content, found = load(root)
    with _stage(report, progress, "Check"):  # 2
        problems = (*found, *check_content(content))
    with _stage(report, progress, "Compose"):  # 3
        editions, faults = editions_of(content, organisations, year)
        report.warnings = stop_at_errors((*problems, *faults))
        report.warnings += stop_at_errors(tuple(own_document_findings(content, editions)))
        editions = since_last_editions(content, editions)
        compared = tuple((e, compose_changes(e, e.changes)) for e in editions if e.changes)
        papers = tuple((edition, compose_paper(edition)) for edition in editions)
        blanks = tuple(
            (edition, compose_blank(edition, offer, form))
            for edition in editions
            for offer, form in edition.forms
        )
    formats = len(FORMATS) + open_document
    made = len(papers) + len(compared) + len(blanks)
    with _stage(report, progress, "Render", made * formats + 1):  # 4
        files: dict[str, bytes] = {}
        downloads: list[Download] = []
        for download, data in _documents(root / "forms" / "house", papers, compared, blanks):
            files[download.path] = data
            downloads.append(download)
            progress.step(download.path)
        if open_document:
            for download, data in _open_documents(root, files, downloads, report, progress):
                files[download.path] = data
                downloads.append(download)
        known = content.accessibility.item if content.accessibility else None
        address = site_address(root / SETTINGS)
        pages = write_pages(editions, downloads, known, address, guide=guide_of(root))
        files.update({name: _bytes(page) for name, page in pages.items()})
        publish.write_files(publish.fresh_folder(root / PAGES), files)
        progress.step("pages of the handbook")
        report.downloads = downloads
        report.pages = sum(name.endswith(".md") for name in pages)
    return editions


def _documents(
    house: Path,
    papers: Sequence[tuple[Edition, Paper]],
    compared: Sequence[tuple[Edition, Paper]],
    blanks: Sequence[tuple[Edition, Blank]],
) -> Iterator[tuple[Download, bytes]]:
    """Every policy, what changed in it, and every form, in every format."""
    for form in FORMATS:
        for edition, paper in papers:
            data = form.write_policy(paper, house)
            yield _download(edition, paper, form, data), data
        for edition, paper in compared:
            data = form.write_changes(paper, house)
            yield _download(edition, paper, form, data), data
        for edition, blank in blanks:
            try:
                data = form.write_blank(blank, house)
            except ValueError as error:
                raise OutputError(
                    f"The form “{blank.title}” of {edition.organisation.short} cannot be made in "
                    f"{form.name}: {error}. Change what it is filled in with."
                ) from error
            yield _download(edition, blank, form, data), data


def _download(edition: Edition, made: Paper | Blank, form: Format, data: bytes) -> Download:
    offered = {offer.form: offer.clauses for offer, _ in edition.forms}
    return Download(
        organisation=edition.id,
        form=made.stamp.form,
        title=made.title,
        edition=edition.name,
        format=form.name,
        file=f"{made.file_stem}.{form.ending}",
        bytes=len(data),
        sha256=publish.checksum(data),
        pages=form.pages(data) if form.pages else 0,
        clauses=offered.get(made.stamp.form, ()),
        stamp=made.stamp,
        barriers=form.barriers(data) if form.barriers else (),
    )


def _open_documents(
    root: Path,
    files: Mapping[str, bytes],
    downloads: Sequence[Download],
    report: Report,
    progress: Progress,
) -> Iterator[tuple[Download, bytes]]:
    """The Word files as OpenDocument texts; what LibreOffice fails to make is only reported."""
    program = opendocument.office()
    if program is None:
        report.notes.append(
            "The OpenDocument files were not made: LibreOffice is not on this computer. "
            "Install it, or leave them out with --no-odt."
        )
        return
    words = {found.path: found for found in downloads if found.format == "Word"}
    try:
        made = opendocument.open_documents(
            {path: files[path] for path in words},
            program,
            root / "build" / "open-document",
            lambda path: progress.step(f"{path} as OpenDocument"),
        )
    except OutputError as error:
        report.notes.append(f"The OpenDocument files were not made: {error}. The rest is there.")
        return
    for path, found in words.items():
        if path in made:
            data = made[path]
            yield (
                replace(
                    found,
                    format=opendocument.FORMAT,
                    file=found.file.removesuffix("docx") + opendocument.ENDING,
                    bytes=len(data),
                    sha256=publish.checksum(data),
                ),
                data,
            )
    lacking = [path for path in words if path not in made]
    if lacking:
        report.notes.append(
            f"LibreOffice did not make an OpenDocument file of {', '.join(lacking)}. "
            "The rest is there; run the command again to try once more."
        )


def _manifest(downloads: Sequence[Download]) -> bytes:
    return publish.manifest(
        {
            "organisation": found.organisation,
            "form": found.form,
            "format": found.format,
            "edition": found.edition,
            "path": found.path,
            "bytes": found.bytes,
            "sha256": found.sha256,
            **({"pages": found.pages} if found.pages else {}),
            **_provenance(found),
        }
        for found in downloads
    )


def _provenance(found: Download) -> dict[str, str | list[str]]:
    """The clauses behind a file, its date and its code, as the page of all downloads shows them."""
    stamp = found.stamp
    marks = {"dated": stamp.dated.isoformat(), "code": stamp.code} if stamp else {}
    return {"clauses": list(found.clauses), **marks}


def _bytes(page: str | bytes) -> bytes:
    return page.encode() if isinstance(page, str) else page
