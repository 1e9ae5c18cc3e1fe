"""Write the pages of the guide for those who run the handbook.

The chapters are the project's own documentation. What maintainers and messages lead to, the
reference of the YAML and the problems, comes after them and is left out of the search, which is for
those who look for a clause.
"""

from __future__ import annotations

from jinja2 import Environment

from formulary.formats.handbook.guide import (
    FILES_PAGE,
    FILES_TITLE,
    FOLDER,
    PROBLEMS_PAGE,
    PROBLEMS_TITLE,
    Guide,
    chapter_page,
    file_page,
)
from formulary.formats.handbook.guide_text import chapter_text
from formulary.formats.handbook.reference_text import render_keys, render_problems, render_words
from formulary.formats.handbook.writer import front_matter, tidy
from formulary.problems import group_kinds

BOOST = 0.2
"""How much a chapter weighs in the search, against 1 for a page of the policy."""


def guide_pages(guide: Guide, templates: Environment) -> dict[str, str | bytes]:
    """Path -> content of every page and picture of the guide."""
    pages: dict[str, str | bytes] = {}
    names = [chapter.name for chapter in guide.chapters]
    images = guide.images or {}
    for chapter in guide.chapters:
        described = f"For HR: {chapter.title[0].lower()}{chapter.title[1:]}."
        text = chapter_text(chapter, names, images)
        matter = front_matter(chapter.title, described)
        pages[chapter_page(chapter.name)] = matter + text
        pages |= {f"{FOLDER}/{path}": data for path, data in images.items() if path in text}
    return pages | _reference(guide, templates) | _problems(templates)


def _page(
    templates: Environment, template: str, title: str, described: str, **values: object
) -> str:
    body = templates.get_template(f"{template}.md.j2").render(title=title, **values)
    return front_matter(title, described, search=False) + tidy(body)


def _reference(guide: Guide, templates: Environment) -> dict[str, str]:
    about = "Every YAML file, key by key: what it holds, whether it must be there, and an example."
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
