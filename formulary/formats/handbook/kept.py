"""What earlier builds made of the handbook: its pages' Markdown, and the HTML made of that.

A store comes in; it is asked by all that a page depends on, so a page from it is the same to the
byte as one made anew. The handbook builds without a store just as well.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, get_toc

from formulary.store import Store, key_of


@dataclass(frozen=True)
class Kept:
    """A store, and the digest of what every page depends on: code, libraries, settings."""

    store: Store
    basis: str

    def files(
        self, key: tuple[Any, ...], make: Callable[[], Mapping[str, str | bytes]]
    ) -> dict[str, str | bytes]:
        """The files that are kept under the key, or that `make` gives; by path, in their order."""
        name = key_of(self.basis, key)
        found = self.store.get(name)
        if found is not None:
            texts = json.loads(found)
            return {path: text if kind else bytes.fromhex(text) for path, kind, text in texts}
        made = make()
        texts = [
            (path, True, data) if isinstance(data, str) else (path, False, data.hex())
            for path, data in made.items()
        ]
        self.store.put(name, json.dumps(texts, ensure_ascii=False).encode())
        return dict(made)


class KeptHtml(BasePlugin):  # type: ignore[no-untyped-call,type-arg]
    """Lets MkDocs take the HTML of a page's Markdown from a store, where it is there.

    What MkDocs makes of a page's Markdown depends on the page's path and words, on which other
    files there are (links are checked against them), on the settings and on the libraries.
    """

    def __init__(self, kept: Kept) -> None:
        self.kept = kept
        self.basis = ""
        self.keys: dict[str, str] = {}
        self.made: dict[str, bytes] = {}

    def on_files(self, files: Files, *, config: MkDocsConfig) -> None:
        """Take in which files there are."""
        self.basis = key_of("HTML", self.kept.basis, sorted(file.src_uri for file in files))

    def on_page_markdown(
        self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> None:
        """Just before MkDocs renders a page: where its HTML is kept, let it be read instead."""
        key = key_of(self.basis, page.file.src_uri, markdown)
        found = self.kept.store.get(key)
        if found is None:
            self.keys[page.file.src_uri] = key
        else:
            page.render = partial(_read, page, found)  # type: ignore[method-assign]

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> None:
        """Just after: note what was made. It may have to be kept, so nothing may change it yet."""
        key = self.keys.get(page.file.src_uri)
        if key:
            self.made[key] = _written(page)

    def keep(self) -> None:
        """Keep what was made. Only a build without any warning may do this, for none comes back."""
        for key, data in self.made.items():
            self.kept.store.put(key, data)


def _written(page: Page) -> bytes:
    """All that `Page.render` of MkDocs finds out, as JSON."""
    links = {file.src_uri: anchors for file, anchors in (page.links_to_anchors or {}).items()}
    found = {
        "content": page.content,
        "toc": [_heading(link) for link in page.toc],
        "title": page._title_from_render,
        "anchors": sorted(page.present_anchor_ids or ()),
        "links": links,
    }
    return json.dumps(found, ensure_ascii=False).encode()


def _heading(link: AnchorLink) -> dict[str, Any]:
    """A heading with those below it, as Python-Markdown gives it and `get_toc` takes it."""
    below = [_heading(child) for child in link.children]
    return {"name": link.title, "id": link.id, "level": link.level, "children": below}


def _read(page: Page, kept: bytes, config: MkDocsConfig, files: Files) -> None:
    """Do what `Page.render` of MkDocs does, from what `_written` gave."""
    found = json.loads(kept)
    page.content = found["content"]
    page.toc = get_toc(found["toc"])
    page._title_from_render = found["title"]
    page.present_anchor_ids = set(found["anchors"])
    links = {files.get_file_from_path(path): links for path, links in found["links"].items()}
    page.links_to_anchors = {file: anchors for file, anchors in links.items() if file}
