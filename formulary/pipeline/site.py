"""From the content to the published site, as numbered stages that read top to bottom.

`build` takes the project folder and gives the published site, with a report of what was made.
What an earlier build made of the same is not made again: documents, pages and their HTML come from
the store, so the site is the same to the byte as one that was made from nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from formulary import publish
from formulary.check.content import check_content
from formulary.check.markup import unprintable_problems
from formulary.content.loading import Content, load
from formulary.edition.edition import Edition
from formulary.formats.handbook.calendars import site_address
from formulary.formats.handbook.downloads import Download
from formulary.formats.handbook.guide import FOLDER
from formulary.formats.handbook.guide import TITLE as GUIDE_TITLE
from formulary.formats.handbook.guide_pages import guide_navigation, guide_pages
from formulary.formats.handbook.masthead import make_mastheads, site_colour
from formulary.formats.handbook.navigation import navigation
from formulary.formats.handbook.page_cache import PageCache
from formulary.formats.handbook.pages import site_name, write_pages
from formulary.formats.handbook.settings import own_theme
from formulary.formats.handbook.site import Pages, build_site
from formulary.formats.handbook.writer import make_environment
from formulary.pipeline import build_record
from formulary.pipeline.build_record import WORK
from formulary.pipeline.compose import load_compositions
from formulary.pipeline.content import (
    editions_of,
    own_document_findings,
    stop_at_errors,
    testing_until,
)
from formulary.pipeline.documents import Documents, read_appearance, sort_documents
from formulary.pipeline.fill import fill_parts, fill_script
from formulary.pipeline.guide import guide_of
from formulary.pipeline.house_folder import house_folder
from formulary.pipeline.progress import Progress
from formulary.pipeline.workers import WorkerPool, worker_pool
from formulary.problems import OutputError, Problem
from formulary.project import SETTINGS, project_at
from formulary.store import Store, key_of
from formulary.system_errors import describe_system_error

STAGES = ("Load", "Check", "Compose", "Render", "Site", "Publish")

WORTH_A_CREW = 8
"""Documents. Starting processes takes as long as making a few of them."""

GUIDE_DOCS = "guide-pages"
"""The folder of the guide's pages, beside that of the handbook's."""

STORE = WORK / "store"
"""What earlier runs made, by what it was made from; safe to delete."""


@dataclass
class BuildReport:
    """What a build made, and how long each stage took (seconds)."""

    downloads: list[Download] = field(default_factory=list)
    pages: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()


@contextmanager
def _stage(report: BuildReport, progress: Progress, name: str, steps: int = 1) -> Iterator[None]:
    progress.stage(name, steps)
    started = time.perf_counter()
    yield
    report.seconds[name] = report.seconds.get(name, 0.0) + time.perf_counter() - started


@dataclass(frozen=True)
class _Order:
    """What is to be made of the project folder `root`, and how; see `build`."""

    root: Path
    organisations: Sequence[str]
    year: int | None
    progress: Progress
    jobs: int = 1


def build(
    root: Path, organisations: Sequence[str], year: int | None, progress: Progress, *, jobs: int = 1
) -> BuildReport:
    """Make all forms, policies and the handbook, and put them into `root/site`.

    `organisations` are ids, or empty for all; `year` is the year in which the cycles start, or None
    for each organisation's own; `jobs` is how many processes make the documents. While another
    build is at work in `root`, this one waits. Raises ContentError, UsageError or OutputError;
    `root/site` is then as it was.
    """
    order = _Order(root, organisations, year, progress, jobs)
    try:
        with publish.lock_folder(root / WORK, lambda: progress.stage("Wait for another build", 1)):
            return _build(order)
    except OSError as error:
        raise OutputError(f"{describe_system_error(error)} site/ is as it was.") from error


def _build(order: _Order) -> BuildReport:
    """All stages, while no other build is at work."""
    root, progress = order.root, order.progress
    report, store = BuildReport(), Store(root / STORE)
    docs, made, place = root / WORK / "pages", root / WORK / "site", root / "site"
    publish.recover(made, place)
    tools = build_record.tools_digest()
    before = build_record.inputs_digest(root, tools)
    with house_folder(root) as house:
        composed = _compose(order, house, store, tools, report)  # 1 to 3
        with _worker_pool(composed, order.jobs) as workers:
            pages = _render(order, composed, docs, workers, report)  # 4
            with _stage(report, progress, "Site"):  # 5
                build_site(pages, made, workers)
    with _stage(report, progress, "Publish"):  # 6
        publish.write_files(made, {"manifest.json": _manifest(report.downloads)})
        _check_whole(made, report.downloads)
        publish.swap_into_place(made, place)
        store.tidy()
        with suppress(
            OSError
        ):  # the site is in place; without a record the next build makes it again
            _write_build_record(order, before, report)
    return report


def _open_cache(root: Path, store: Store, tools: str) -> PageCache:
    """The store, with what every page depends on beside its own words."""
    looks = build_record.digest_of(project_at(root).appearance_files())
    return PageCache(store, key_of(tools, looks))


@dataclass(frozen=True)
class _Composed:
    """What is to be written: the editions, their documents, and what earlier builds kept."""

    content: Content
    editions: tuple[Edition, ...]
    documents: Documents
    kept: PageCache


def _compose(
    order: _Order, house: Path, store: Store, tools: str, report: BuildReport
) -> _Composed:
    """Stages 1 to 3: from the files of the project to all that papers and pages will say."""
    root, progress = order.root, order.progress
    with _stage(report, progress, "Load"):  # 1
        kept = _open_cache(root, store, tools)
        content, found = load(root)
    with _stage(report, progress, "Check"):  # 2
        problems = (*found, *check_content(content))
    with _stage(report, progress, "Compose"):  # 3
        looks = read_appearance(house, kept.basis)
        known = load_compositions(content, order.year, kept, looks)
        editions, faults = editions_of(content, order.organisations, order.year, known.editions())
        report.warnings = stop_at_errors((*problems, *faults))
        stop_at_errors(tuple(unprintable_problems(t for e in editions for t in e.texts)))
        report.warnings += stop_at_errors(tuple(own_document_findings(content, editions)))
        compositions = known.complete(content, editions)
        wanted = sort_documents((edition, one) for edition, found in compositions for one in found)
    editions = tuple(edition for edition, _ in compositions)
    return _Composed(content, editions, Documents(house, wanted, store), kept)


def _worker_pool(composed: _Composed, jobs: int) -> AbstractContextManager[WorkerPool[Path]]:
    """Who makes documents and pages: `jobs` processes, or this one where little is lacking."""
    wanted = composed.documents
    workers = jobs if len(wanted.find_missing()) >= WORTH_A_CREW else 1
    return worker_pool(wanted.house, workers, None, own_threads=True)


def _render(
    order: _Order, composed: _Composed, docs: Path, workers: WorkerPool[Path], report: BuildReport
) -> Pages:
    """Stage 4: everything that MkDocs needs, written into the folder `docs`."""
    root, progress, editions = order.root, order.progress, composed.editions
    guide_docs = docs.with_name(GUIDE_DOCS)
    with _stage(report, progress, "Render", len(composed.documents.wanted) + 1):  # 4
        publish.fresh_folder(docs)
        publish.fresh_folder(guide_docs)
        scripts = set[str]()
        for download, written in composed.documents.make_all(workers):
            data = written.data
            publish.write_files(docs, {download.path: data, download.lasting_path: data})
            if download.is_pictured:
                publish.write_files(docs, {download.picture: written.picture})
            script = fill_script(download, written.script)
            publish.write_files(docs, script)
            scripts.update(script)
            report.downloads.append(download)
            progress.step(download.path)
        known, law = composed.content.accessibility, composed.content.law
        address, guide, theme = (
            site_address(root / SETTINGS),
            guide_of(root, law.item.sources() if law else {}),
            own_theme(root / SETTINGS),
        )
        pages = write_pages(
            editions,
            report.downloads,
            known.item if known else None,
            address,
            composed.kept,
            theme,
            workers,
        )
        publish.write_files(docs, {name: _bytes(page) for name, page in pages.items()})
        extra = {}
        if guide:
            extra = guide_pages(guide, make_environment(theme=theme), site_colour(editions))
            publish.write_files(guide_docs, {name: _bytes(page) for name, page in extra.items()})
        parts = fill_parts(composed.documents.wanted, report.downloads, frozenset(scripts))
        for made in composed.kept.load_or_make([*parts]):
            publish.write_files(docs, {name: _bytes(page) for name, page in made.items()})
        progress.step("pages of the handbook")
        report.pages = sum(name.endswith(".md") for name in (*pages, *extra))
    settings, kept = root / SETTINGS, composed.kept
    tops = make_mastheads(editions)
    whole = Pages(docs, settings, navigation(editions), site_name(editions), kept, tops)
    if not guide:
        return whole
    back = {site_name(editions): "../index.html"}
    own = Pages(
        guide_docs, settings, guide_navigation(guide), GUIDE_TITLE, kept, links=back, folder=FOLDER
    )
    return replace(whole, links={GUIDE_TITLE: f"{FOLDER}/index.html"}, beside={FOLDER: own})


def _check_whole(made: Path, downloads: Sequence[Download]) -> None:
    """Raise OutputError where the site that was made lacks something that it offers."""
    sizes = {
        made / path: found.bytes for found in downloads for path in (found.path, found.lasting_path)
    }
    lacking = [path for path, size in sizes.items() if not _is_whole(path, size)]
    lacking += [path for path in (made / "index.html",) if not path.is_file()]
    if lacking:
        raise OutputError(
            f"{lacking[0].as_posix()} was not made whole, so site/ is as it was. Run it again."
        )


def _is_whole(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size


def _write_build_record(order: _Order, before: str, report: BuildReport) -> None:
    """Leave the record by which the next build knows whether there is anything to do.

    There is none where content was changed during the build.
    """
    root = order.root
    if build_record.inputs_digest(root, build_record.tools_digest()) != before:
        return
    asked = build_record.BuildRequest(tuple(order.organisations), order.year)
    record = build_record.BuildRecord(
        asked=build_record.request_digest(asked),
        inputs=before,
        outputs=build_record.outputs_digest(root),
        said=tuple(map(str, report.warnings)),
        until=testing_until(root),
    )
    build_record.write(root, record)


def _manifest(downloads: Sequence[Download]) -> bytes:
    return publish.manifest(
        {
            "organisation": found.organisation,
            "form": found.form,
            "format": found.format,
            "edition": found.edition,
            "path": found.path,
            "lasting_path": found.lasting_path,
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
