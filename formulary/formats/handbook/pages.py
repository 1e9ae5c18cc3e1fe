"""Write the pages of the handbook as a folder of Markdown.

What each page holds is decided here and in the templates. `markdown` turns words into Markdown;
`addresses` gives each page its path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from jinja2 import Environment

from formulary.content.accessibility import Accessibility
from formulary.content.organisation import Accepted
from formulary.documents.paper import compose_tables, cover
from formulary.edition.edition import Edition
from formulary.edition.text import Table, first_capital
from formulary.formats.handbook.addresses import Addresses
from formulary.formats.handbook.calendars import CalendarFile, calendar_files, calendar_pages
from formulary.formats.handbook.changes_pages import changes_page
from formulary.formats.handbook.downloads import Download, group_by_document
from formulary.formats.handbook.form_pages import form_pages
from formulary.formats.handbook.glossary_terms import pair_with_anchors
from formulary.formats.handbook.guidance_pages import guidance_pages
from formulary.formats.handbook.home import home_page
from formulary.formats.handbook.masthead import look_files, style_sheets
from formulary.formats.handbook.my_year import my_year_pages
from formulary.formats.handbook.navigation import ALL_PAGES, ALL_PAGES_TITLE, page_index
from formulary.formats.handbook.page_cache import (
    FileBatch,
    Files,
    PageCache,
    TemplateCache,
    Workers,
    make_files,
)
from formulary.formats.handbook.policy_pages import policy_pages
from formulary.formats.handbook.related import question_title, topic_title
from formulary.formats.handbook.review_pages import all_reviews, review_pages
from formulary.formats.handbook.root_pages import handbooks_title, root_pages
from formulary.formats.handbook.search_documents import SITE, synonyms_script
from formulary.formats.handbook.stage_pages import stage_pages
from formulary.formats.handbook.statement import statement_page
from formulary.formats.handbook.views import roles_with_tasks, view_pages
from formulary.formats.handbook.which_edition import which_edition_of_all, which_edition_page
from formulary.formats.handbook.writer import Writer, make_environment
from formulary.formats.handbook.year import has_dates
from formulary.formats.handbook.year_pages import year_page, year_sheets
from formulary.problems import CATALOGUE
from formulary.words import join_names


def write_pages(
    editions: Sequence[Edition],
    downloads: Sequence[Download],
    accessibility: Accessibility | None = None,
    site_url: str = "",
    kept: PageCache | None = None,
    theme: Path | None = None,
    crew: Workers | None = None,
) -> dict[str, str | bytes]:
    """Relative path -> content of every file of the docs folder, in a fixed order.

    Where there is one edition only, its home is the root of the site; otherwise readers choose an
    organisation at the root, and compare them. The files of `downloads` must be put into the same
    folder at `Download.path`, where MkDocs checks the links to them. `accessibility` is what the
    accessibility statement is based on; `site_url` the address of the published site, with a
    slash at its end, if it is known; `theme` is the
    project's folder of templates, if it has one. Where `kept` is given, the pages of an edition
    that are there already are taken from it; others are made by `crew`, if there is one.

    Raises OutputError where a text links to something that does not exist.
    """
    alone = len(editions) == 1
    templates = make_environment(TemplateCache(kept) if kept else None, theme)
    pages: dict[str, str | bytes] = {}
    if not alone:
        pages.update(root_pages(editions, templates))
        pages.update(all_reviews(editions, templates))
        pages.update(which_edition_of_all(editions, templates, downloads))
    pages.update(statement_page(editions, templates, accessibility))
    parts = []
    for edition in editions:
        own = tuple(found for found in downloads if found.organisation == edition.id)
        make = partial(_make_edition, Addresses(edition, alone), own, site_url, kept, theme)
        parts.append(FileBatch(("pages of an edition", edition, own, alone, site_url), make))
    for made in kept.load_or_make(parts, crew) if kept else make_files(parts, crew):
        pages.update(made)
    pages.update(style_sheets(editions, alone=alone))
    pages.update(look_files(editions))
    spoken = {edition.id: edition.synonyms for edition in editions}
    for name, groups in {SITE: editions[0].synonyms if alone else (), **spoken}.items():
        pages[f"search/synonyms/{name}.js"] = synonyms_script(name, groups)
    return pages


def _make_edition(
    at: Addresses,
    files: tuple[Download, ...],
    site_url: str,
    kept: PageCache | None,
    theme: Path | None,
) -> Files:
    """The pages of one edition, and its calendars."""
    templates = make_environment(TemplateCache(kept) if kept else None, theme)
    calendars = calendar_files(at, site_url)
    pages = _EditionPages(templates, at, files, lambda: calendars, site_url).pages()
    return {**pages, **{file.path: file.data for file in calendars}}


class PageFinder:
    """Writes one page of an organisation, and remembers where each page is made."""

    def __init__(self, site_url: str = "", theme: Path | None = None) -> None:
        self.templates = make_environment(theme=theme)
        self.site_url = site_url
        self._made_by: dict[str, int] = {}

    def write(
        self,
        at: Addresses,
        files: tuple[Download, ...],
        calendars: Callable[[], tuple[CalendarFile, ...]],
        path: str,
    ) -> str | None:
        """The Markdown of the page at a path; None where the edition has no such page."""
        pages = _EditionPages(self.templates, at, files, calendars, self.site_url, only=path)
        families = list(pages.families())
        likely = self._made_by.get(path, -1)
        order = sorted(range(len(families)), key=lambda place: place != likely)
        for place in order:
            made = families[place]()
            self._made_by.update(dict.fromkeys(made, place))
            if path in made:
                return made[path]
        return None

    def write_all(
        self,
        at: Addresses,
        files: tuple[Download, ...],
        calendars: Callable[[], tuple[CalendarFile, ...]],
    ) -> dict[str, str]:
        """The Markdown of every page, by path."""
        return _EditionPages(self.templates, at, files, calendars, self.site_url).pages()


def site_name(editions: Sequence[Edition]) -> str:
    """The name of the whole handbook, as its header shows it."""
    if len(editions) == 1:
        organisation = editions[0].organisation
        return f"{organisation.short} {organisation.process} handbook"
    return handbooks_title(editions)


@dataclass(frozen=True)
class _EditionPages:
    """The pages of one edition."""

    templates: Environment
    addresses: Addresses
    files: tuple[Download, ...]
    calendars: Callable[[], tuple[CalendarFile, ...]]
    site_url: str
    only: str | None = None
    """The path of the one page that is written; all are if it is None."""

    @property
    def edition(self) -> Edition:
        return self.addresses.edition

    def pages(self) -> dict[str, str]:
        return {path: text for make in self.families() for path, text in make().items()}

    def families(self) -> Iterator[Callable[[], dict[str, str]]]:
        """What makes the pages, those together that are made of the same."""
        edition, writer, files = self.edition, self.writer, self.files
        yield partial(home_page, writer, files)
        yield partial(policy_pages, writer, files)
        yield partial(year_page, writer)
        yield partial(year_sheets, writer)
        yield partial(stage_pages, writer)
        if edition.standards:
            yield self.standards
        if edition.ratings:
            yield self.ratings
        yield partial(guidance_pages, writer, files)
        if edition.forms:
            yield partial(form_pages, writer, files)
        if edition.glossary:
            yield self.glossary
        yield self.people
        if self.edition.organisation.related:
            yield self.documents
        yield self.about
        yield lambda: view_pages(writer, self.calendars())
        yield lambda: my_year_pages(writer, files, self.calendars())
        if has_dates(self.edition):
            yield lambda: calendar_pages(writer, self.calendars(), self.site_url)
        yield self.downloads
        yield partial(changes_page, writer, files)
        yield partial(review_pages, writer)
        yield partial(which_edition_page, writer, files)
        yield self.all_pages

    def writer(self, path: str, within: frozenset[str] = frozenset()) -> Writer:
        return Writer(self.templates, self.addresses, path, within, only=self.only)

    def write(self, page: str) -> Writer:
        return self.writer(self.addresses.page(page))

    def ratings(self) -> dict[str, str]:
        ratings = self.edition.ratings
        assert ratings is not None
        writer = self.write("ratings.md")
        tables = (b for b in compose_tables(self.edition, "ratings") if isinstance(b, Table))
        return writer.page(
            "ratings",
            "How we judge performance",
            ratings.intro,
            wide=True,
            ratings=ratings,
            groups=group_names(self.edition, ratings.groups),
            table=writer.table(next(tables), "matrix"),
        )

    def standards(self) -> dict[str, str]:
        names = ", ".join(found.title for found in self.edition.standards)
        return self.write("standards.md").page("standards", "Standards", f"{names}.")

    def people(self) -> dict[str, str]:
        writer = self.write("people.md")
        tables = [
            writer.table(b, "known")
            for b in compose_tables(self.edition, "panels")
            if isinstance(b, Table)
        ]
        described = "Who belongs to which staff group, who reviews who, and who does what."
        return writer.page(
            "people",
            "Who does what",
            described,
            wide=True,
            panels=tables[0] if tables else "",
            roles_with_tasks=roles_with_tasks(self.edition),
        )

    def documents(self) -> dict[str, str]:
        described = "The documents that the policy points to, and why a reader would need them."
        page = self.write("documents.md")
        return page.page(
            "documents", "Related documents", described, wide=True, capital=first_capital
        )

    def glossary(self) -> dict[str, str]:
        assert self.edition.glossary is not None
        return self.write("glossary.md").page(
            "glossary",
            "Glossary",
            f"Words and abbreviations of {self.edition.organisation.process}, and what they mean.",
            terms=pair_with_anchors(self.edition.glossary),
        )

    def downloads(self) -> dict[str, str]:
        writer = self.write("downloads.md")
        formats = ", ".join(dict.fromkeys(file.format for file in self.files))
        return writer.page(
            "downloads",
            "All downloads",
            f"The policy and the forms of {self.edition.organisation.name} as files: {formats}.",
            documents=list(group_by_document(self.files)),
        )

    def all_pages(self) -> dict[str, str]:
        """What takes the place of the search where there is no script."""
        return self.write(ALL_PAGES).page(
            "all-pages",
            ALL_PAGES_TITLE,
            "Every page of this handbook, and every question that it answers.",
            search=False,
            groups=page_index(self.addresses),
        )

    def about(self) -> dict[str, str]:
        return self.write("about.md").page(
            "about",
            "About this edition",
            f"Status, approval, updates and editor’s notes of the {self.edition.name} edition.",
            cover=cover(self.edition),
            accepted=tuple(list_accepted(self.edition)),
        )


def list_accepted(edition: Edition) -> Iterator[tuple[Accepted, str, str, str]]:
    """Every accepted finding: its title, its clause if it is about one, or what it is about.

    A code that the catalogue does not have is its own title.
    """
    names = {question.id: question_title(question) for question in edition.questions}
    names |= {panel.id: panel.reviewee for panel in edition.organisation.panels}
    for cycle in edition.cycles.cycles:
        names |= {
            f"{cycle.id}.{event.id}": f"{event.name} ({cycle.name})" for event in cycle.events
        }
    for topic in edition.topics:
        title = topic_title(topic)
        names |= {f"{topic.id}.{point.id}": f"{point.name}, in {title}" for point in topic.points}
    known = {*edition.references.clauses, *edition.references.sections}
    known |= set(edition.references.appendices)
    for found in edition.organisation.accept:
        kind = CATALOGUE.get(found.code)
        clause = found.at if found.at in known else ""
        about = "" if clause else names.get(found.at or "", (found.at or "").replace("-", " "))
        yield found, kind.title if kind else found.code, clause, about


def group_names(edition: Edition, ids: Sequence[str]) -> str:
    """The names of staff groups in a row: “Teachers, Senior leaders”."""
    names = {group.id: group.name for group in edition.organisation.groups}
    return join_names(names.get(id, id) for id in ids)
