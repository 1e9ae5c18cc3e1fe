"""Turn a chapter of the guide, Markdown as code hosts show it, into a page of the handbook.

Headings stay Markdown, so that the page’s list of headings has them; all between becomes HTML, so
that it reads the same whatever generator makes the site. Headings have the anchors that code
hosts give them.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from formulary.formats.handbook.guide import Chapter, chapter_page
from formulary.formats.handbook.markdown import Markdown, escape


def chapter_text(chapter: Chapter, chapters: Collection[str], images: Collection[str]) -> str:
    """The Markdown of a chapter's page.

    Links to `chapters` and pictures among `images` lead to their place in the handbook. A link to
    another file of the project is left as words, for the handbook does not hold it.
    """
    page = chapter_page(chapter.name)
    return (
        "\n\n".join(
            _render_parts(_MARKDOWN.parse(chapter.text), _ChapterLinks(page, chapters, images))
        )
        + "\n"
    )


def anchor_of(heading: str) -> str:
    """The anchor that code hosts give a heading: small letters and digits, hyphens for spaces."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@dataclass(frozen=True)
class _ChapterLinks:
    """Where links of one page lead."""

    page: str
    chapters: Collection[str]
    images: Collection[str]

    def link(self, address: str) -> str:
        """The built address of a link; empty for what the handbook does not hold."""
        if re.match(r"[a-z]+:", address) or address.startswith("#"):
            return address
        path, _, anchor = address.partition("#")
        name = path.removesuffix(".md")
        if name not in self.chapters or not path.endswith(".md"):
            return ""
        built = self._relative(chapter_page(name).removesuffix(".md") + ".html")
        return f"{built}#{anchor}" if anchor else built

    def image(self, address: str) -> str:
        known = address in self.images
        return (
            self._relative(posixpath.join(posixpath.dirname(self.page), address)) if known else ""
        )

    def _relative(self, path: str) -> str:
        return posixpath.relpath(path, posixpath.dirname(self.page))


_MARKDOWN = MarkdownIt(
    "commonmark", {"html": False, "xhtmlOut": False, "typographer": True, "quotes": "“”‘’"}
).enable(["table", "smartquotes"])
"""Apostrophes and quotation marks are straight in the chapters, and curly on the pages."""


def _render_parts(tokens: Sequence[Token], places: _ChapterLinks) -> Iterator[str]:
    """The parts of a page: a heading, or the HTML between two."""
    renderer = _Renderer(places)
    between: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.type != "heading_open":
            between.append(token)
            at += 1
            continue
        yield from renderer.html(between)
        between = []
        words = tokens[at + 1]
        plain = "".join(inner.content for inner in words.children or ())
        anchor = "top" if token.tag == "h1" else anchor_of(plain)
        yield f"{'#' * int(token.tag[1])} {_render_heading(words)} {{ #{anchor} }}"
        renderer.heading, at = plain, at + 3
    yield from renderer.html(between)


def _render_heading(words: Token) -> Markdown:
    """The words of a heading; of its marks only code is kept."""
    parts = []
    for inner in words.children or ():
        if inner.type == "code_inline":
            parts.append(f"<code>{escape(inner.content)}</code>")
        elif inner.content:
            said = inner.content
            before, after = said[0].isspace() * " ", said[-1].isspace() * " "
            parts.append(f"{before}{escape(said)}{after}")
    return Markdown("".join(parts).strip())


class _Renderer(RendererHTML):
    """HTML as the handbook's style and its checks ask for it. `heading` is the last above it."""

    def __init__(self, places: _ChapterLinks) -> None:
        super().__init__()
        self.places = places
        self.heading = ""
        self.tables: dict[str, int] = {}

    def html(self, tokens: Sequence[Token]) -> Iterator[str]:
        if tokens:
            yield self.render(tokens, _MARKDOWN.options, {}).strip()

    def _name_table(self) -> str:
        """A name for a table that no other on the page has."""
        count = self.tables[self.heading] = self.tables.get(self.heading, 0) + 1
        return self.heading if count == 1 else f"{self.heading} ({count})"

    def fence(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f"<pre data-search-exclude><code>{_escape_code(tokens[idx].content)}</code></pre>\n"

    def table_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        name = escape(self._name_table()).replace('"', "&quot;")
        return (
            f'<div class="scroll" role="region" aria-label="{name}" tabindex="0">\n'
            f'<table class="plain">\n<caption class="unseen">{name}</caption>\n'
        )

    def table_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "</table>\n</div>\n"

    def th_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return '<th scope="col">'

    def link_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        address = self.places.link(str(tokens[idx].attrGet("href") or ""))
        tokens[idx].attrSet("href", address)
        return self.renderToken(tokens, idx, options, env) if address else "<span>"

    def link_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        opened = next(t for t in reversed(tokens[:idx]) if t.type == "link_open")
        return "</a>" if opened.attrGet("href") else "</span>"

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        address = self.places.image(str(tokens[idx].attrGet("src") or ""))
        tokens[idx].attrSet("src", address)
        return super().image(tokens, idx, options, env) if address else ""


def _escape_code(text: str) -> str:
    return text.rstrip("\n").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
