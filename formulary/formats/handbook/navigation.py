"""Make the handbook's navigation, in the form that MkDocs takes."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from typing import Any

from formulary.documents.paper import section_headings
from formulary.edition.edition import Edition
from formulary.formats.handbook.addresses import COMPARISON, Addresses
from formulary.formats.handbook.calendars import PAGE as CALENDARS
from formulary.formats.handbook.changes_pages import PAGE as CHANGES
from formulary.formats.handbook.changes_pages import withdrawn_sections
from formulary.formats.handbook.guide import PARTS
from formulary.formats.handbook.related import topic_title
from formulary.formats.handbook.review_pages import PAGE as REVIEWS
from formulary.formats.handbook.review_pages import TITLE as REVIEWS_TITLE
from formulary.formats.handbook.statement import PAGE as STATEMENT
from formulary.formats.handbook.statement import TITLE as STATEMENT_TITLE
from formulary.formats.handbook.views import PAGE as VIEWS
from formulary.formats.handbook.views import group_title, role_title, roles_with_tasks
from formulary.formats.handbook.which_edition import PAGE as WHICH_EDITION
from formulary.formats.handbook.which_edition import TITLE as WHICH_TITLE
from formulary.formats.handbook.year import has_dates, year_title

Nav = list[dict[str, Any]]
"""MkDocs’ own form: a title with a page’s path, or with a list of more such."""

ALL_PAGES = "all-pages.md"
ALL_PAGES_TITLE = "All pages"

GROUPS = ("For me", "The rules", "Doing it well", "About")
"""The headings of an organisation's menu. Under them a part with pages of its own is one line."""
MENU_GROUPS = (*GROUPS, *PARTS)
"""The headings of any menu, the guide's too: they are no pages."""
POLICY = "Policy"
"""The only part whose pages the menu lists, while one of them is shown."""


def navigation(editions: Sequence[Edition]) -> Nav:
    """The menu, in order; the theme prints titles as HTML, so they are escaped."""
    if len(editions) == 1:
        return menu_of(Addresses(editions[0], True))
    return [
        {"All organisations": "index.md"},
        {"Side by side": COMPARISON},
        {REVIEWS_TITLE: REVIEWS},
        {WHICH_TITLE: WHICH_EDITION},
        *(_part(Addresses(edition, False)) for edition in editions),
        *_LAST,
    ]


def menu_of(at: Addresses) -> Nav:
    """The menu of one organisation, alone or as a part of a site of several."""
    return [*(_pages(at) if at.alone else [_part(at)]), *_LAST]


_LAST: Nav = [{STATEMENT_TITLE: STATEMENT}]


def _part(at: Addresses) -> dict[str, Any]:
    return {html.escape(at.edition.organisation.short): _pages(at)}


def page_index(at: Addresses) -> Iterator[tuple[str, list[tuple[int, str, str]]]]:
    """Each group of the menu with all its pages: how deep one is under the group, title, path.

    A part with pages of its own is named once, and leads to its first page. Titles are text,
    where those of the menu are HTML.
    """
    for group, pages in zip(GROUPS, _groups(at), strict=True):
        yield group, [*_flatten(pages)]


def _flatten(pages: Nav, depth: int = 0) -> Iterator[tuple[int, str, str]]:
    for entry in pages:
        for title, inside in entry.items():
            if isinstance(inside, str):
                yield depth, html.unescape(title), inside
            else:
                first, *rest = inside
                yield depth, html.unescape(title), next(iter(first.values()))
                yield from _flatten(rest, depth + 1)


def _pages(at: Addresses) -> Nav:
    """The home page, then four groups, whose titles are in `GROUPS`."""
    return [
        {"Home": at.home},
        *({title: pages} for title, pages in zip(GROUPS, _groups(at), strict=True)),
    ]


def _groups(at: Addresses) -> tuple[Nav, Nav, Nav, Nav]:
    edition = at.edition
    mine: Nav = [{"My year": _views(at)}]
    if edition.forms:
        mine.append({"Forms": _forms(at)})
    if edition.questions:
        mine.append({"Questions and answers": at.page("questions.md")})
    if has_dates(edition):
        mine.append({"Calendars": at.page(CALENDARS)})
    rules: Nav = [{POLICY: _policy(at)}]
    if edition.changes:
        rules.append({"What changed": at.page(CHANGES)})
    if edition.ratings:
        rules.append({"How we judge performance": at.page("ratings.md")})
    if edition.career_stages:
        title = html.escape(edition.career_stages.title)
        stages = [{html.escape(s.name): at.stage(s.id)} for s in edition.career_stages.stages]
        rules.append({title: [{"All stages": at.page("stages/index.md")}, *stages]})
    if edition.standards:
        rules.append({"Standards": at.page("standards.md")})
    help: Nav = []
    if edition.topics or edition.diagrams:
        help.append({"Guidance": _guidance(at)})
    if edition.checklists:
        help.append({"Checklists": at.page("checklists.md")})
    help.append({year_title(edition): _year(at)})
    about: Nav = [
        {"Who does what": at.page("people.md")},
    ]
    if edition.organisation.related:
        about.append({"Related documents": at.page("documents.md")})
    if edition.glossary:
        about.append({"Glossary": at.page("glossary.md")})
    about.append({"About this edition": _about(at)})
    return mine, rules, help, about


def _views(at: Addresses) -> Nav:
    groups = at.edition.organisation.groups
    roles = roles_with_tasks(at.edition)
    return [
        {"Choose your view": at.page(VIEWS)},
        *({html.escape(group_title(group)): at.my_group(group.id)} for group in groups),
        *({html.escape(role_title(role)): at.my_role(role.id)} for role in roles),
    ]


def _year(at: Addresses) -> Nav:
    return [
        {"All staff groups": at.page("year.md")},
        *(
            {html.escape(f"{cycle.name}, on one page"): at.year_sheet(cycle.id)}
            for cycle in at.edition.cycles.cycles
        ),
    ]


def _policy(at: Addresses) -> Nav:
    return [
        {"Contents": at.page("policy/index.md")},
        *(
            {html.escape(heading): at.section(id)}
            for id, heading in section_headings(at.edition).items()
        ),
        *(
            {html.escape(f"Withdrawn: {name}"): at.section(id)}
            for id, name in withdrawn_sections(at.edition).items()
        ),
        {"Whole policy, for printing": at.page("policy/whole.md")},
    ]


def _guidance(at: Addresses) -> Nav:
    return [
        {"All guidance": at.page("guidance/index.md")},
        *({html.escape(topic_title(t)): at.topic(t.id)} for t in at.edition.topics),
    ]


def _about(at: Addresses) -> Nav:
    return [
        {"About this edition": at.page("about.md")},
        {"All downloads": at.page("downloads.md")},
        {WHICH_TITLE: at.page(WHICH_EDITION)},
        {REVIEWS_TITLE: at.page(REVIEWS)},
        {ALL_PAGES_TITLE: at.page(ALL_PAGES)},
    ]


def _forms(at: Addresses) -> Nav:
    titles = at.edition.references.forms
    return [
        {"All forms": at.page("forms/index.md")},
        *({html.escape(titles[form.id]): at.form(form.id)} for _, form in at.edition.forms),
    ]
