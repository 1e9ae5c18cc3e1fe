"""The handbook's navigation, as MkDocs takes it: editions come in, titles and pages go out."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

from formulary.formats.handbook.addresses import COMPARISON, Addresses
from formulary.formats.handbook.related import topic_title
from formulary.model.edition import Edition
from formulary.model.paper import compose_paper

Nav = list[dict[str, Any]]
"""MkDocs’ own form: a title with a page’s path, or with a list of more such."""


def navigation(editions: Sequence[Edition]) -> Nav:
    """What stands in the menu, in order; the theme prints titles as HTML, so they are escaped."""
    if len(editions) == 1:
        return _pages(Addresses(editions[0], True))
    return [
        {"All organisations": "index.md"},
        {"Side by side": COMPARISON},
        *(
            {html.escape(edition.organisation.short): _pages(Addresses(edition, False))}
            for edition in editions
        ),
    ]


def _pages(at: Addresses) -> Nav:
    edition = at.edition
    pages: Nav = [
        {"Home": at.home},
        {"The year": at.page("year.md")},
        {"Policy": _policy(at)},
    ]
    if edition.career_stages:
        title = html.escape(edition.career_stages.title)
        stages = [{html.escape(s.name): at.stage(s.id)} for s in edition.career_stages.stages]
        pages.append({title: [{"All stages": at.page("stages/index.md")}, *stages]})
    if edition.ratings:
        pages.append({"How we judge performance": at.page("ratings.md")})
    if edition.standards:
        pages.append({"Standards": at.page("standards.md")})
    if edition.topics or edition.diagrams:
        pages.append({"Guidance": _guidance(at)})
    if edition.questions:
        pages.append({"Questions and answers": at.page("questions.md")})
    if edition.checklists:
        pages.append({"Checklists": at.page("checklists.md")})
    if edition.forms:
        pages.append({"Forms": _forms(at)})
    pages.append({"Who does what": at.page("people.md")})
    pages.append({"Related documents": at.page("documents.md")})
    if edition.glossary:
        pages.append({"Glossary": at.page("glossary.md")})
    pages.append({"About this edition": at.page("about.md")})
    return pages


def _policy(at: Addresses) -> Nav:
    return [
        {"Contents": at.page("policy/index.md")},
        *(
            {html.escape(section.heading): at.section(section.id)}
            for section in compose_paper(at.edition).sections
        ),
        {"Whole policy, for printing": at.page("policy/whole.md")},
    ]


def _guidance(at: Addresses) -> Nav:
    return [
        {"All guidance": at.page("guidance/index.md")},
        *({html.escape(topic_title(t)): at.topic(t.id)} for t in at.edition.topics),
    ]


def _forms(at: Addresses) -> Nav:
    titles = at.edition.references.forms
    return [
        {"All forms": at.page("forms/index.md")},
        *({html.escape(titles[form.id]): at.form(form.id)} for _, form in at.edition.forms),
    ]
