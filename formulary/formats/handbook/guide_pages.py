"""Write the pages and the menu of the guide for those who run the handbook.

The chapters are the project's own documentation. The reference also describes every key of the
YAML and every message.
"""

from __future__ import annotations

import html

from jinja2 import Environment

from formulary.formats.handbook.guide import (
    FILES_PAGE,
    FILES_TITLE,
    PARTS,
    PROBLEMS_PAGE,
    PROBLEMS_TITLE,
    REFERENCE,
    Guide,
    chapter_page,
    file_page,
)
from formulary.formats.handbook.guide_text import chapter_text
from formulary.formats.handbook.navigation import Nav
from formulary.formats.handbook.reference_text import render_keys, render_problems, render_words
from formulary.formats.handbook.style_sheet import COLOURS, make_style_sheet
from formulary.formats.handbook.writer import front_matter, tidy
from formulary.problems import group_kinds


def guide_pages(guide: Guide, templates: Environment, colour: str) -> dict[str, str | bytes]:
    """Path -> content of every page and picture of the guide, and its style sheet of colours."""
    pages: dict[str, str | bytes] = {COLOURS: make_style_sheet(colour)}
    names = [chapter.name for chapter in guide.chapters]
    images = guide.images or {}
    for chapter in guide.chapters:
        described = f"For HR: {chapter.title[0].lower()}{chapter.title[1:]}."
        text = chapter_text(chapter, names, images)
        pages[chapter_page(chapter.name)] = front_matter(chapter.title, described) + text
        pages |= {path: data for path, data in images.items() if path in text}
    return pages | _reference(guide, templates) | _problems(templates)


def guide_navigation(guide: Guide) -> Nav:
    """The guide's own menu: its parts, each with its chapters and lists."""
    chapters = {chapter.name: chapter for chapter in guide.chapters}
    parts: dict[str, Nav] = {
        part: [
            {html.escape(chapters[name].title): chapter_page(name)}
            for name in names
            if name in chapters
        ]
        for part, names in PARTS.items()
    }
    files = ({html.escape(file.title): file_page(file.name)} for file in guide.files)
    parts[REFERENCE] += [
        {FILES_TITLE: [{"All files": FILES_PAGE}, *files]},
        {PROBLEMS_TITLE: PROBLEMS_PAGE},
    ]
    return [{part: entries} for part, entries in parts.items() if entries]


def _page(
    templates: Environment, template: str, title: str, described: str, **values: object
) -> str:
    body = templates.get_template(f"{template}.md.j2").render(title=title, **values)
    return front_matter(title, described) + tidy(body)


def _reference(guide: Guide, templates: Environment) -> dict[str, str]:
    about = "Every YAML file, key by key: what it holds, whether it is required, and an example."
    pages = {FILES_PAGE: _page(templates, "yaml-files", FILES_TITLE, about, files=guide.files)}
    for file in guide.files:
        pages[file_page(file.name)] = _page(
            templates,
            "yaml-file",
            file.title,
            f"{file.title}, key by key. {file.about}",
            file=file,
            render_keys=render_keys,
            render_words=render_words,
        )
    return pages


def _problems(templates: Environment) -> dict[str, str]:
    about = "Every code that a command can print: what it means and what to do."
    return {
        PROBLEMS_PAGE: _page(
            templates,
            "problems",
            PROBLEMS_TITLE,
            about,
            groups=group_kinds(),
            render_problems=render_problems,
        )
    }
