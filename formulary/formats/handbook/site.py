"""Build and serve a folder of Markdown as HTML, with MkDocs inside this process.

Nothing of a built site depends on the clock: MkDocs dates its sitemap by the day, so ours carries
no date and its packed copy, which holds the time, is removed. What no page asks for is removed too,
since it would double the weight of a site that is carried about.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from mkdocs.commands.build import build
from mkdocs.exceptions import MkDocsException
from mkdocs.utils import clean_directory

from formulary.formats.handbook.masthead import Masthead
from formulary.formats.handbook.navigation import MENU_GROUPS, POLICY, Nav
from formulary.formats.handbook.page_cache import (
    FinishedPage,
    FinishedPages,
    PageCache,
    Workers,
    page_keys,
)
from formulary.formats.handbook.settings import load_settings, read_settings
from formulary.problems import OutputError

LOGGERS = ("mkdocs", "material")
DIRTY = "A 'dirty' build"
"""How MkDocs begins to warn of what we ask for: a build that makes only what we call modified."""
WORTH_SHARING = 60
"""Pages. Starting MkDocs again takes as long as making a few dozen of them."""
UNUSED = (
    "sitemap.xml.gz",
    "assets/javascripts/workers/*",  # of the theme's own search
    "assets/javascripts/bundle.*",  # the theme's own script, which the pages do without
    "**/*.map",
    "*.j2",  # templates of our pages in a project's theme/, which MkDocs takes for files to copy
)
OTHER_LANGUAGES = "assets/javascripts/lunr"
"""What the theme's own search needs for words that are not English."""


Finished = dict[str, FinishedPage]
"""Finished pages, by the path of their Markdown."""


@dataclass(frozen=True)
class Pages:
    """What MkDocs is given: a folder of pages, settings, the menu, and the name of the site.

    `config_file` is the project's mkdocs.yml, which need not exist (see `load_settings`); `nav` is
    what `navigation.navigation` gave, `name` the site's name if not that of the settings, and
    `kept` what earlier builds made; `mastheads` are the tops of the organisations' pages. `links`
    are shown at the foot of every page after those of the settings, address by title. `beside` are
    sites of their own, by the folder of this one in which each is; such a site has that `folder`.
    """

    docs: Path
    config_file: Path
    nav: Nav
    name: str | None = None
    kept: PageCache | None = None
    mastheads: tuple[Masthead, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, Pages] = field(default_factory=dict)
    folder: str = ""


class PageShare(NamedTuple):
    """What one of several processes makes: those of the pages whose paths are in `wanted`."""

    pages: Pages
    wanted: tuple[str, ...]


def build_site(pages: Pages, site_dir: Path, crew: Workers | None = None) -> None:
    """Build the pages into `site_dir`, which is emptied first.

    A page that an earlier build finished is taken from what is kept; where many are not, `crew`
    makes them. Any warning stops the build. Raises OutputError with what MkDocs said.
    """
    kept = pages.kept
    frame = pages.nav, pages.mastheads
    keys = page_keys(pages.docs, frame, pages.name, kept, pages.links) if kept else {}
    known = kept.load_finished(keys) if kept else {}
    shared = _share_out([path for path in keys if path not in known], pages, crew)
    rest = _run_mkdocs(pages, site_dir, {**known, **shared})
    if kept:
        kept.store_finished(keys, {**shared, **rest})
    for path in [found for pattern in UNUSED for found in sorted(site_dir.glob(pattern))]:
        path.unlink(missing_ok=True)
    for folder, other in pages.beside.items():
        build_site(other, site_dir / folder, crew)
        (site_dir / folder / "404.html").unlink(missing_ok=True)  # a server shows the whole site's


def _share_out(lacking: list[str], pages: Pages, crew: Workers | None) -> Finished:
    """The pages that are lacking, made by several processes; none where that is not worth it."""
    if crew is None or crew.workers == 1 or len(lacking) < WORTH_SHARING:
        return {}
    shares = [PageShare(pages, tuple(lacking[n :: crew.workers])) for n in range(crew.workers)]
    return {path: page for _, made in crew.run(_make_share, shares) for path, page in made.items()}


def _make_share(_kit: object, share: PageShare) -> Finished:
    """In one of several processes: make some of the pages, and nothing else of the site."""
    with tempfile.TemporaryDirectory(prefix="handbook-") as folder:
        return _run_mkdocs(share.pages, Path(folder), {}, share.wanted)


def _run_mkdocs(
    pages: Pages,
    site_dir: Path,
    finished: Mapping[str, FinishedPage],
    wanted: Sequence[str] | None = None,
) -> Finished:
    """Let MkDocs write the site, of which some pages are finished; gives those that it made.

    `wanted`: make these pages only, and nothing else. Raises OutputError with what MkDocs said.
    """
    settings: dict[str, Any] = {"site_name": pages.name} if pages.name else {}
    with collect_warnings() as said:
        try:
            settings |= place_in_site(pages.config_file, pages.links, pages.folder)
            config = load_settings(
                pages.config_file,
                docs_dir=str(pages.docs.absolute()),
                site_dir=str(site_dir.absolute()),
                nav=pages.nav,
                **settings,
            )
            config.extra["mastheads"] = {top.folder: top for top in pages.mastheads}
            config.extra["menu_groups"] = MENU_GROUPS
            config.extra["unfolds"] = POLICY
            plugin = FinishedPages(pages.kept, finished, wanted)
            config.plugins["finished pages"] = plugin
            clean_directory(config.site_dir)
            config.plugins.on_startup(command="build", dirty=False)
            try:
                build(config, dirty=True)
            finally:
                config.plugins.on_shutdown()
        except Exception as error:  # themes and plugins may raise anything
            raise OutputError(_describe_failure(said, error)) from error
    if said:
        raise OutputError(_describe_failure(said))
    shutil.rmtree(site_dir / OTHER_LANGUAGES, ignore_errors=True)
    return plugin.made


def place_in_site(config_file: Path, links: Mapping[str, str], folder: str) -> dict[str, Any]:
    """The settings that say where a site is: links at the foot, and its address if it is known.

    `links` and `folder` are those of `Pages`.
    """
    settings = read_settings(config_file)
    extra = dict(settings.get("extra") or {})
    up = "../" if folder else ""
    shown = [{**link, "path": up + link["path"]} for link in extra.get("footer_links") or ()]
    shown += [{"title": title, "path": path} for title, path in links.items()]
    placed: dict[str, Any] = {"extra": {**extra, "footer_links": shown}}
    if folder and settings.get("site_url"):
        placed["site_url"] = f"{str(settings['site_url']).rstrip('/')}/{folder}/"
    return placed


def _describe_failure(said: list[str], error: Exception | None = None) -> str:
    reasons = said or [str(error)]
    named = f"{type(error).__name__}: " if error and not isinstance(error, MkDocsException) else ""
    return f"MkDocs could not build the pages: {named}{'; '.join(reasons)}"


@contextmanager
def collect_warnings() -> Iterator[list[str]]:
    """Gather what MkDocs warns of, instead of printing it."""
    said: list[str] = []
    handler = _WarningCollector(said)
    loggers = [logging.getLogger(name) for name in LOGGERS]
    before = [(logger.level, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.WARNING)
        logger.propagate = False
    try:
        yield said
    finally:
        for logger, (level, propagate) in zip(loggers, before, strict=True):
            logger.removeHandler(handler)
            logger.setLevel(level)
            logger.propagate = propagate


class _WarningCollector(logging.Handler):
    def __init__(self, said: list[str]) -> None:
        super().__init__(logging.WARNING)
        self.said = said

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if not message.startswith(DIRTY):
            self.said.append(message)
