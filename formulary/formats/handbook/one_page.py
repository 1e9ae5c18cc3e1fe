"""Make one page of an organisation's handbook, as a build would make it.

MkDocs is asked for the page at hand only. Its check of links and anchors needs all pages, and is
left to the build.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import Any

from mkdocs.commands.build import get_context
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, set_exclusions
from mkdocs.structure.nav import Navigation, get_navigation
from mkdocs.structure.pages import Page

from formulary.content.accessibility import Accessibility
from formulary.edition.edition import Edition
from formulary.formats.handbook.addresses import Addresses
from formulary.formats.handbook.calendars import CalendarFile, calendar_files, site_address
from formulary.formats.handbook.downloads import Download
from formulary.formats.handbook.masthead import look_files, make_masthead, style_sheets
from formulary.formats.handbook.navigation import GROUPS, POLICY, Nav, menu_of
from formulary.formats.handbook.page_cache import cut_for_search
from formulary.formats.handbook.pages import PageFinder, site_name
from formulary.formats.handbook.search_documents import SITE, search_files, synonyms_script
from formulary.formats.handbook.settings import PRODUCT_THEME, load_settings, own_theme
from formulary.formats.handbook.site import collect_warnings
from formulary.formats.handbook.statement import PAGE as STATEMENT
from formulary.formats.handbook.statement import statement_page


class PageMaker:
    """Makes pages with the settings and the theme of one project, whose mkdocs.yml is given."""

    def __init__(self, config_file: Path) -> None:
        self.config_file = config_file
        self.lock = RLock()
        """Held while a page is made, for MkDocs keeps what it is doing in its settings."""
        self.finder = PageFinder(site_address(config_file), own_theme(config_file))
        with collect_warnings():
            # no page is read from a folder, but MkDocs wants one that is there
            self.config = load_settings(config_file, docs_dir=str(PRODUCT_THEME), nav=[])
            self.env = self.config.theme.get_env()

    def asset(self, path: str) -> Path | None:
        """The theme's file at a path of the site, if there is one."""
        for folder in self.config.theme.dirs:
            found = Path(folder, path)
            if found.is_file() and found.resolve().is_relative_to(Path(folder).resolve()):
                return found
        return None


class OnePage:
    """The handbook of one edition, of which pages are made one at a time.

    `alone`: it is the only one of its site, so its home is the site's root.
    """

    def __init__(
        self,
        maker: PageMaker,
        edition: Edition,
        downloads: Sequence[Download] = (),
        accessibility: Accessibility | None = None,
        *,
        alone: bool = True,
    ) -> None:
        self.alone = alone
        self.maker = maker
        self.edition = edition
        self.downloads = tuple(downloads)
        self.accessibility = accessibility
        self.menu: Nav = menu_of(self.at(edition))
        self.pages = tuple(dict.fromkeys(_paths(self.menu)))
        """The paths of the Markdown of all pages."""

    def at(self, edition: Edition) -> Addresses:
        """The addresses of the pages of an edition."""
        return Addresses(edition, self.alone)

    @cached_property
    def calendars(self) -> tuple[CalendarFile, ...]:
        """The calendars that the pages offer."""
        return calendar_files(self.at(self.edition), self.maker.finder.site_url)

    def page(self, path: str, edition: Edition | None = None) -> str | None:
        """The page whose Markdown has this path, as HTML; None where there is none.

        `edition` is another of the same shape, whose words the page is to have.
        """
        if path not in self.pages:
            return None
        with self.maker.lock:
            return self._page(path, edition or self.edition)

    def _page(self, path: str, edition: Edition) -> str | None:
        text = self._markdown(path, edition)
        if text is None:
            return None
        config = self._settings()
        files = self._files(config)
        with collect_warnings():
            nav = get_navigation(files, config)
            return _render(_read(path, text, files, config), files, nav, config, self.maker.env)

    def _files(self, config: MkDocsConfig) -> Files:
        files = Files([_empty_file(found, config) for found in self.pages])
        set_exclusions(files, config)
        return files

    @cached_property
    def search(self) -> Mapping[str, str]:
        """Path -> script of the files of the search, for which all pages are read."""
        at, finder, config = self.at(self.edition), self.maker.finder, self._settings()
        texts = finder.write_all(at, self.downloads, lambda: self.calendars)
        texts[STATEMENT] = self._markdown(STATEMENT, self.edition) or ""
        files, cut = self._files(config), []
        with collect_warnings():
            for path in self.pages:
                page = _read(path, texts[path], files, config)
                own = at.edition.id if page.meta.get("organisation") else SITE
                cut.append((own, cut_for_search(page.content or "", page)))
        return dict(search_files(cut, {at.edition.id: at.edition.organisation.short}))

    def generated(self, path: str) -> bytes | str | None:
        """What a build makes beside pages and documents: style sheets, logo, calendars, words."""
        made: dict[str, bytes | str] = dict(style_sheets((self.edition,), alone=self.alone))
        made |= look_files((self.edition,))
        made |= {file.path: file.data for file in self.calendars}
        for name in (SITE, self.edition.id):
            words = self.edition.synonyms
            made[f"search/synonyms/{name}.js"] = synonyms_script(name, words)
        if path not in made and path.startswith("search/"):
            return self.search.get(path)
        return made.get(path)

    def _markdown(self, path: str, edition: Edition) -> str | None:
        finder = self.maker.finder
        if path == STATEMENT:
            made = statement_page((edition,), finder.templates, self.accessibility)
            return str(made[path])
        return finder.write(self.at(edition), self.downloads, lambda: self.calendars, path)

    def _settings(self) -> MkDocsConfig:
        config = self.maker.config
        config.site_name = site_name((self.edition,))
        config.nav = self.menu
        top = make_masthead(self.at(self.edition))
        config.extra["mastheads"] = {top.folder: top}
        config.extra["menu_groups"] = GROUPS
        config.extra["unfolds"] = POLICY
        return config


def _read(path: str, text: str, files: Files, config: MkDocsConfig) -> Page:
    """The page at a path, with its Markdown as HTML."""
    file = files.get_file_from_path(path)
    assert file is not None
    page = file.page if file.page is not None else Page(None, file, config)
    file.content_string = text
    page.read_source(config)
    page.render(config, files)
    return page


def _render(page: Page, files: Files, nav: Navigation, config: MkDocsConfig, env: Any) -> str:
    page.active = True
    context = get_context(nav, files, config, page)
    template = env.get_template(page.meta.get("template", "main.html"))
    html: str = template.render(context)
    page.active = False
    return html


def _empty_file(path: str, config: MkDocsConfig) -> File:
    file = File(path, None, config.site_dir, config.use_directory_urls)
    file.content_string = ""
    return file


def _paths(menu: Any) -> Iterator[str]:
    for entry in menu:
        for value in entry.values():
            if isinstance(value, str):
                yield value
            else:
                yield from _paths(value)
