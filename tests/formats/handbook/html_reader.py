"""A page of HTML, read: its words, ids, links and elements, for tests to ask."""

from __future__ import annotations

from functools import cache
from html.parser import HTMLParser
from pathlib import Path


class Page(HTMLParser):
    """The ids, links, sources and words of one page; `inside` gathers the words within an id."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.ids: list[str] = []
        self.links: list[str] = []
        self.sources: list[str] = []
        self.tags: list[str] = []
        self.words: list[str] = []
        self.svg_words: list[list[str]] = []
        self._open: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))
        self.close()

    @property
    def text(self) -> str:
        """All words outside scripts and pictures, with single spaces."""
        return " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append(tag)
        if tag not in VOID:
            self._open.append(tag)
        if values.get("id"):
            self.ids.append(str(values["id"]))
        if tag in ("a", "link") and values.get("href"):
            self.links.append(str(values["href"]))
        if values.get("src"):
            self.sources.append(str(values["src"]))
        if tag == "svg" and values.get("role") == "img":
            self.svg_words.append([])

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if "script" in self._open or "style" in self._open:
            return
        if "svg" in self._open:
            if self._open[-1] == "text":
                self.svg_words[-1].append(data)
            return
        self.words.append(data)


VOID = {"meta", "link", "input", "br", "img", "hr", "path", "line", "rect", "circle", "source"}


@cache
def pages_of(site: Path) -> dict[str, Page]:
    """Every page of a built site by its path; it is read once, as no test changes a site."""
    return {path.relative_to(site).as_posix(): Page(path) for path in sorted(site.rglob("*.html"))}
