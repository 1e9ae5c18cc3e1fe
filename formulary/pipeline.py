"""The ways through the house; each function reads top to bottom as its numbered stages.

`build` takes the project folder and gives the published site, with a report of what was made.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol, get_args

from formulary import publish
from formulary.adopt import Adopter, starter_files
from formulary.formats.handbook.downloads import Download
from formulary.formats.handbook.navigation import Nav, navigation
from formulary.formats.handbook.pages import site_name, write_pages
from formulary.formats.handbook.site import build_site, serve_site
from formulary.formats.pdf.blank import write_blank as write_pdf_blank
from formulary.formats.pdf.policy import write_policy as write_pdf_policy
from formulary.formats.word.blank import write_blank as write_word_blank
from formulary.formats.word.policy import write_policy as write_word_policy
from formulary.model.blank import Blank, compose_blank
from formulary.model.content import Content, load
from formulary.model.edition import Edition, edition_of
from formulary.model.paper import Paper, compose_paper
from formulary.model.policy import Numbering
from formulary.model.schema import FOLDER, schemas
from formulary.problems import (
    ContentError,
    Problem,
    UsageError,
    errors_in,
    in_order,
)
from formulary.rules.content import Findings, check_content, lint


@dataclass(frozen=True)
class Format:
    """A format that forms and policies are written in; writers take the house templates' folder."""

    name: str
    ending: str
    write_blank: Callable[[Blank, Path], bytes]
    write_policy: Callable[[Paper, Path], bytes]


FORMATS = (
    Format("Word", "docx", write_word_blank, write_word_policy),
    Format("PDF", "pdf", write_pdf_blank, write_pdf_policy),
)

STAGES = ("Load", "Check", "Compose", "Render", "Site", "Publish")


class Progress(Protocol):
    """Where a build says how far it is."""

    def stage(self, name: str, steps: int) -> None:
        """A stage begins; `steps` is how many steps it will have."""

    def step(self, what: str) -> None:
        """A step of the stage is done."""


@dataclass
class Report:
    """What a build made, and how long each stage took (seconds)."""

    downloads: list[Download] = field(default_factory=list)
    pages: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()


@contextmanager
def _stage(report: Report, progress: Progress, name: str, steps: int = 1) -> Iterator[None]:
    progress.stage(name, steps)
    started = time.perf_counter()
    yield
    report.seconds[name] = report.seconds.get(name, 0.0) + time.perf_counter() - started


def check(root: Path, today: datetime.date) -> Findings:
    """Every problem in all content, in order of file, line and column, and what is accepted.

    The policies are judged as of `today`. Raises OutputError where there is no content.
    """
    content, found = load(root)
    _, faults = _editions(content, (), None)
    findings = lint(content, today)
    return replace(findings, problems=in_order((*found, *findings.problems, *faults)))


def write_schemas(root: Path) -> tuple[Path, ...]:
    """Write the JSON Schemas of the content files; gives their paths. Raises OutputError."""
    made = schemas()
    publish.write_files(root / FOLDER, {name: text.encode() for name, text in made.items()})
    return tuple(FOLDER / name for name in made)


def new(root: Path, adopter: Adopter) -> tuple[Path, ...]:
    """Make the folder of a new organisation; gives the paths of its files.

    Raises UsageError where the id is taken or cannot be one, or a form or topic does not exist.
    """
    content, _ = load(root)
    folder = CONTENT / adopter.id
    if (root / folder).exists():
        raise UsageError(f"The folder {folder.as_posix()} is there already. Choose another id.")
    topics = content.guidance.item.topics if content.guidance else ()
    for wanted, known, what in (
        ((adopter.numbering,), get_args(Numbering), "numbering"),
        (adopter.forms, tuple(content.forms), "form"),
        (adopter.topics, tuple(topic.id for topic in topics), "topic"),
    ):
        for id in wanted:
            if id not in known:
                raise UsageError(f"There is no {what} “{id}”. Known: {', '.join(known)}.")
    files = starter_files(root, adopter)
    publish.write_files(root / folder, {name: text.encode() for name, text in files.items()})
    return tuple(folder / name for name in files)


def build(root: Path, organisations: Sequence[str], year: int | None, progress: Progress) -> Report:
    """Make all forms, policies and the handbook, and put them into `root/site`.

    `organisations` are ids, or empty for all; `year` is the year in which the cycles start, or None
    for each organisation's own. Raises ContentError, UsageError or OutputError; `root/site` is then
    as it was.
    """
    report = Report()
    made = root / "build" / "site"
    editions = _make_pages(root, organisations, year, report, progress)  # 1 to 4
    with _stage(report, progress, "Site"):  # 5
        nav, name = navigation(editions), site_name(editions)
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
        return navigation(_make_pages(root, organisations, year, Report(), progress))

    editions = _make_pages(root, organisations, year, Report(), progress)
    serve_site(
        root / PAGES,
        root / SETTINGS,
        navigation(editions),
        [root / name for name in ("content", "forms", "mkdocs.yml", "formulary")],
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
) -> tuple[Edition, ...]:
    """Stages 1 to 4: everything that MkDocs needs, written into the folder PAGES."""
    with _stage(report, progress, "Load"):  # 1
        content, found = load(root)
    with _stage(report, progress, "Check"):  # 2
        problems = (*found, *check_content(content))
    with _stage(report, progress, "Compose"):  # 3
        editions, faults = _editions(content, organisations, year)
        report.warnings = _stop_at_errors((*problems, *faults))
        papers = tuple((edition, compose_paper(edition)) for edition in editions)
        blanks = tuple(
            (edition, compose_blank(edition, offer, form))
            for edition in editions
            for offer, form in edition.forms
        )
    with _stage(report, progress, "Render", (len(papers) + len(blanks)) * len(FORMATS) + 1):  # 4
        files: dict[str, bytes] = {}
        downloads: list[Download] = []
        for download, data in _documents(root / "forms" / "house", papers, blanks):
            files[download.path] = data
            downloads.append(download)
            progress.step(download.path)
        pages = write_pages(editions, downloads)
        files.update({name: _bytes(page) for name, page in pages.items()})
        publish.write_files(publish.fresh_folder(root / PAGES), files)
        progress.step("pages of the handbook")
        report.downloads = downloads
        report.pages = sum(name.endswith(".md") for name in pages)
    return editions


def _editions(
    content: Content, organisations: Sequence[str], year: int | None
) -> tuple[tuple[Edition, ...], tuple[Problem, ...]]:
    """The editions wanted, and every text that could not be filled."""
    known = [own.id for own in content.organisations]
    for wanted in organisations:
        if wanted not in known and not (content.root / CONTENT / wanted).is_dir():
            raise UsageError(f"There is no organisation “{wanted}”. Known: {', '.join(known)}.")
    editions: list[Edition] = []
    faults: list[Problem] = []
    for own in content.organisations:
        if organisations and own.id not in organisations:
            continue
        edition, found = edition_of(content, own, year)
        faults.extend(found)
        if edition:
            editions.append(edition)
    return tuple(editions), tuple(faults)


CONTENT = Path("content") / "organisations"


def _stop_at_errors(found: Sequence[Problem]) -> tuple[Problem, ...]:
    """The warnings; raises ContentError where there are errors."""
    problems = in_order(found)
    if errors_in(problems):
        raise ContentError(problems)
    return problems


def _documents(
    house: Path,
    papers: Sequence[tuple[Edition, Paper]],
    blanks: Sequence[tuple[Edition, Blank]],
) -> Iterator[tuple[Download, bytes]]:
    """Every policy and every form in every format."""
    for form in FORMATS:
        for edition, paper in papers:
            data = form.write_policy(paper, house)
            yield (
                _download(
                    edition, "policy", paper.title, f"{paper.file_stem}.{form.ending}", form, data
                ),
                data,
            )
        for edition, blank in blanks:
            data = form.write_blank(blank, house)
            yield (
                _download(
                    edition, blank.id, blank.title, f"{blank.file_stem}.{form.ending}", form, data
                ),
                data,
            )


def _download(
    edition: Edition, id: str, title: str, file: str, form: Format, data: bytes
) -> Download:
    size, digest = len(data), publish.checksum(data)
    return Download(edition.id, id, title, edition.name, form.name, file, size, digest)


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
        }
        for found in downloads
    )


def _bytes(page: str | bytes) -> bytes:
    return page.encode() if isinstance(page, str) else page
