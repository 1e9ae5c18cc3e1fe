"""What earlier builds made of the handbook: its pages' Markdown, the HTML and the words searched of
it, and templates as Jinja compiled them.

A store comes in; it is asked by all that a page depends on, so a page from it is the same to the
byte as one made anew. The handbook builds without a store just as well.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, get_toc
from mkdocs.utils.templates import TemplateContext

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


class Compiled(BytecodeCache):
    """Templates as Jinja has compiled them, for it to take from a store."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The key of a template in its file, whose path may hold letters that the system lacks."""
        return key_of(name, os.fsencode(filename or ""))

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give Jinja what is kept of a template."""
        found = self.kept.store.get(self._key(bucket))
        if found is not None:
            bucket.bytecode_from_string(found)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what Jinja has compiled."""
        self.kept.store.put(self._key(bucket), bucket.bytecode_to_string())

    def _key(self, bucket: Bucket) -> str:
        return key_of("template", self.kept.basis, bucket.key, bucket.checksum)


class _Known(NamedTuple):
    """A page whose HTML is kept: its own front matter, and its entries of the search."""

    meta: MutableMapping[str, Any]
    entries: list[dict[str, Any]]


class KeptHtml(BasePlugin):  # type: ignore[no-untyped-call,type-arg]
    """Lets MkDocs take the HTML of a page's Markdown from a store, where it is there.

    What MkDocs makes of a page's Markdown depends on the page's path, front matter and words, on
    which other files there are (links are checked against them), on the settings and on the
    libraries. What the search plugin makes of the HTML is kept with it.
    """

    def __init__(self, kept: Kept) -> None:
        self.kept = kept
        self.basis = ""
        self.known: dict[str, _Known] = {}
        self.made: dict[str, tuple[str, dict[str, Any]]] = {}
        self.entries = 0

    def on_files(self, files: Files, *, config: MkDocsConfig) -> None:
        """Take in which files there are."""
        self.basis = key_of("HTML", self.kept.basis, sorted(file.src_uri for file in files))

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> None:
        """Let the theme's templates be kept too; none of them changes while a build runs."""
        env.bytecode_cache = Compiled(self.kept)
        env.auto_reload = False

    def on_page_markdown(
        self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> None:
        """Just before MkDocs renders a page: where its HTML is kept, let it be read instead."""
        path = page.file.src_uri
        key = key_of(self.basis, path, page.meta, markdown)
        found = self.kept.store.get(key)
        if found is None:
            self.made[path] = key, {}
            return
        known = json.loads(found)
        page.render = partial(_read, page, known)  # type: ignore[method-assign]
        self.known[path] = _Known(page.meta, known["search"])
        page.meta = {**page.meta, "search": {"exclude": True}}  # until `on_page_context`

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> None:
        """Just after: note what was made. It may have to be kept, so nothing may change it yet."""
        if page.file.src_uri in self.made:
            self.made[page.file.src_uri][1].update(_found_out(page))

    def on_page_context(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> None:
        """After the search plugin has had the page: add what it is spared, or note what it found.

        It keeps its entries in the order of the pages, so those of this page are the last.
        """
        search = config.plugins.get("material/search")
        entries = search.search_index.entries if search and search.config.enabled else []
        known = self.known.get(page.file.src_uri)
        if known:
            page.meta = known.meta
            entries += known.entries
        else:
            self.made[page.file.src_uri][1]["search"] = entries[self.entries :]
        self.entries = len(entries)

    def keep(self) -> None:
        """Keep what was made. Only a build without any warning may do this, for none comes back."""
        for key, found in self.made.values():
            self.kept.store.put(key, json.dumps(found, ensure_ascii=False).encode())


def _found_out(page: Page) -> dict[str, Any]:
    """All that `Page.render` of MkDocs finds out, as JSON has it."""
    links = {file.src_uri: anchors for file, anchors in (page.links_to_anchors or {}).items()}
    return {
        "content": page.content,
        "toc": [_heading(link) for link in page.toc],
        "title": page._title_from_render,
        "anchors": sorted(page.present_anchor_ids or ()),
        "links": links,
    }


def _heading(link: AnchorLink) -> dict[str, Any]:
    """A heading with those below it, as Python-Markdown gives it and `get_toc` takes it."""
    below = [_heading(child) for child in link.children]
    return {"name": link.title, "id": link.id, "level": link.level, "children": below}


def _read(page: Page, found: dict[str, Any], config: MkDocsConfig, files: Files) -> None:
    """Do what `Page.render` of MkDocs does, from what `_found_out` gave."""
    page.content = found["content"]
    page.toc = get_toc(found["toc"])
    page._title_from_render = found["title"]
    page.present_anchor_ids = set(found["anchors"])
    links = {files.get_file_from_path(path): links for path, links in found["links"].items()}
    page.links_to_anchors = {file: anchors for file, anchors in links.items() if file}
