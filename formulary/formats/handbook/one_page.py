"""Make one page of a handbook, or of what a site has beside it, as a build would make it.

MkDocs is asked for the page at hand only. Its check of links and anchors needs all pages, and is
left to the build.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
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
from formulary.formats.handbook.addresses import COMPARISON, Addresses
from formulary.formats.handbook.calendars import CalendarFile, calendar_files, site_address
from formulary.formats.handbook.downloads import Download
from formulary.formats.handbook.guide import TITLE, Guide
from formulary.formats.handbook.guide_pages import guide_navigation, guide_pages
from formulary.formats.handbook.masthead import (
    Masthead,
    look_files,
    make_masthead,
    site_colour,
    style_sheets,
)
from formulary.formats.handbook.navigation import MENU_GROUPS, POLICY, Nav, menu_of, navigation
from formulary.formats.handbook.page_cache import cut_for_search
from formulary.formats.handbook.pages import PageFinder, site_name
from formulary.formats.handbook.review_pages import PAGE as REVIEWS
from formulary.formats.handbook.review_pages import all_reviews
from formulary.formats.handbook.root_pages import handbooks_title, root_pages
from formulary.formats.handbook.search_documents import SITE, search_files, synonyms_script
from formulary.formats.handbook.settings import PRODUCT_THEME, load_settings, own_theme
from formulary.formats.handbook.site import collect_warnings, place_in_site
from formulary.formats.handbook.statement import PAGE as STATEMENT
from formulary.formats.handbook.statement import statement_page
from formulary.formats.handbook.which_edition import PAGE as WHICH_EDITION
from formulary.formats.handbook.which_edition import which_edition_of_all

NOT_FOUND = "404.html"
"""The page that a server shows for an address that does not exist."""

Offered = Callable[[str], Sequence[Download]]
"""The files that a handbook offers, as the page at a path needs to know them."""


class PageMaker:
    """Makes pages with the settings and the theme of one project, whose mkdocs.yml is given.

    `links` and `folder` are those of `site.Pages`.
    """

    def __init__(
        self, config_file: Path, links: Mapping[str, str] | None = None, folder: str = ""
    ) -> None:
        self.config_file = config_file
        self.lock = RLock()
        """Held while a page is made, for MkDocs keeps what it is doing in its settings."""
        self.finder = PageFinder(site_address(config_file), own_theme(config_file))
        with collect_warnings():
            placed = place_in_site(config_file, links or {}, folder)
            # no page is read from a folder, but MkDocs wants one that is there
            self.config = load_settings(config_file, docs_dir=str(PRODUCT_THEME), nav=[], **placed)
            self.env = self.config.theme.get_env()

    def asset(self, path: str) -> Path | None:
        """The theme's file at a path of the site, if there is one."""
        for folder in self.config.theme.dirs:
            found = Path(folder, path)
            if found.is_file() and found.resolve().is_relative_to(Path(folder).resolve()):
                return found
        return None


class PageSet(ABC):
    """Pages with one menu, made one at a time: `pages` are the paths of their Markdown.

    `name` is that of the site, `tops` are what `masthead` makes.
    """

    def __init__(self, maker: PageMaker, name: str, menu: Nav, tops: Sequence[Masthead]) -> None:
        self.maker = maker
        self.name = name
        self.menu = menu
        self.tops = {top.folder: top for top in tops}
        self.pages = tuple(dict.fromkeys(_paths(menu)))

    @abstractmethod
    def text(self, path: str) -> str | None:
        """The Markdown of the page at a path; None where it is not one of these."""

    @abstractmethod
    def generated(self, path: str) -> bytes | str | None:
        """What a build makes beside the pages, by its path: style sheets, words of the search."""

    def texts(self) -> Mapping[str, str]:
        """The Markdown of every page, by path."""
        return {path: self.text(path) or "" for path in self.pages}

    def linked(self) -> Sequence[str]:
        """The paths of other pages to which these lead."""
        return ()

    def names(self) -> Mapping[str, str]:
        """The short names of the organisations that the search tells apart, by id."""
        return {}

    def page(self, path: str) -> str | None:
        """The page whose Markdown has this path, as HTML; None where there is none."""
        if path not in self.pages:
            return None
        with self.maker.lock:
            return self._render(path, self.text(path))

    def not_found(self) -> str:
        """The page for an address that does not exist."""
        with self.maker.lock:
            config = self._settings()
            files = self._files(config)
            nav = get_navigation(files, config)
            context = get_context(nav, files, config, base_url="/")
            html: str = self.maker.env.get_template(NOT_FOUND).render(context)
            return html

    @cached_property
    def search(self) -> Mapping[str, str]:
        """Path -> script of the files of the search, for which all pages are read."""
        with self.maker.lock, collect_warnings():
            config = self._settings()
            files, cut, texts = self._files(config), [], self.texts()
            for path in self.pages:
                page = _read(path, texts[path], files, config)
                own = path.partition("/")[0] if page.meta.get("organisation") else SITE
                cut.append((own, cut_for_search(page.content or "", page)))
            return dict(search_files(cut, self.names()))

    def _render(self, path: str, text: str | None) -> str | None:
        if text is None:
            return None
        config = self._settings()
        files = self._files(config)
        with collect_warnings():
            nav = get_navigation(files, config)
            return _render(_read(path, text, files, config), files, nav, config, self.maker.env)

    def _files(self, config: MkDocsConfig) -> Files:
        paths = dict.fromkeys((*self.pages, *self.linked()))
        files = Files([_empty_file(found, config) for found in paths])
        set_exclusions(files, config)
        return files

    def _settings(self) -> MkDocsConfig:
        config = self.maker.config
        config.site_name = self.name
        config.nav = self.menu
        config.extra["mastheads"] = self.tops
        config.extra["menu_groups"] = MENU_GROUPS
        config.extra["unfolds"] = POLICY
        return config


class OnePage(PageSet):
    """The handbook of one edition.

    `others` are the ids of the other organisations of its site; without any, its home is the
    site's root.
    """

    def __init__(
        self,
        maker: PageMaker,
        edition: Edition,
        offered: Offered,
        accessibility: Accessibility | None = None,
        others: Sequence[str] = (),
    ) -> None:
        self.alone = not others
        self.others = others
        self.edition = edition
        self.offered = offered
        self.accessibility = accessibility
        at = self.at(edition)
        name = site_name((edition,)) if self.alone else handbooks_title((edition,))
        super().__init__(maker, name, menu_of(at), (make_masthead(at),))

    def at(self, edition: Edition) -> Addresses:
        """The addresses of the pages of an edition."""
        return Addresses(edition, self.alone)

    @cached_property
    def calendars(self) -> tuple[CalendarFile, ...]:
        """The calendars that the pages offer."""
        return calendar_files(self.at(self.edition), self.maker.finder.site_url)

    def text(self, path: str) -> str | None:
        """The Markdown of the page at a path."""
        return self._text(path, self.edition)

    def page_of(self, edition: Edition, path: str) -> str | None:
        """The page at a path, with the words of another edition of the same shape."""
        with self.maker.lock:
            return self._render(path, self._text(path, edition))

    def texts(self) -> Mapping[str, str]:
        """The Markdown of every page, by path."""
        at, finder = self.at(self.edition), self.maker.finder
        made = finder.write_all(at, tuple(self.offered("")), lambda: self.calendars)
        return {**made, STATEMENT: self.text(STATEMENT) or ""}

    def names(self) -> Mapping[str, str]:
        """Its short name, and the ids of the others."""
        if self.alone:
            return {}
        ids = sorted((*self.others, self.edition.id))
        return {**dict.fromkeys(ids, ""), self.edition.id: self.edition.organisation.short}

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

    def _text(self, path: str, edition: Edition) -> str | None:
        finder = self.maker.finder
        if path == STATEMENT:
            return statement_page((edition,), finder.templates, self.accessibility)[path]
        return finder.write(
            self.at(edition), tuple(self.offered(path)), lambda: self.calendars, path
        )


class RootPages(PageSet):
    """The pages above the handbooks of several organisations."""

    def __init__(
        self, maker: PageMaker, handbooks: Sequence[OnePage], accessibility: Accessibility | None
    ) -> None:
        self.handbooks = handbooks
        self.editions = tuple(site.edition for site in handbooks)
        self.accessibility = accessibility
        menu = navigation(self.editions)
        tops = [top for site in handbooks for top in site.tops.values()]
        super().__init__(maker, site_name(self.editions), menu, tops)
        self.pages = ("index.md", COMPARISON, REVIEWS, WHICH_EDITION, STATEMENT)

    def text(self, path: str) -> str | None:
        """The Markdown of the page at a path."""
        editions, templates = self.editions, self.maker.finder.templates
        if path in ("index.md", COMPARISON):
            return root_pages(editions, templates)[path]
        if path == REVIEWS:
            return all_reviews(editions, templates)[path]
        if path == WHICH_EDITION:
            files = [file for site in self.handbooks for file in site.offered(path)]
            return which_edition_of_all(editions, templates, files)[path]
        return statement_page(editions, templates, self.accessibility).get(path)

    def linked(self) -> Sequence[str]:
        """The pages of all handbooks."""
        return [path for site in self.handbooks for path in site.pages]

    def names(self) -> Mapping[str, str]:
        """The ids of all organisations."""
        return {edition.id: edition.organisation.short for edition in self.editions}

    def generated(self, path: str) -> bytes | str | None:
        """The files of the search that belong to no organisation, and the style sheet."""
        if path == f"search/synonyms/{SITE}.js":
            return synonyms_script(SITE, ())
        if path == f"search/{SITE}.js":
            return self.search.get(path)
        return style_sheets((), alone=False).get(path)


class GuidePages(PageSet):
    """The guide for HR, a site of its own. `maker` is that of its folder."""

    def __init__(self, maker: PageMaker, guide: Guide, editions: Sequence[Edition]) -> None:
        self.files = guide_pages(guide, maker.finder.templates, site_colour(editions))
        super().__init__(maker, TITLE, guide_navigation(guide), ())

    def text(self, path: str) -> str | None:
        """The Markdown of the page at a path."""
        found = self.files.get(path)
        return found if isinstance(found, str) else None

    def generated(self, path: str) -> bytes | str | None:
        """Pictures, the style sheet, and the files of the search."""
        if path.startswith("search/"):
            return self.search.get(path)
        return None if path in self.pages else self.files.get(path)


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
