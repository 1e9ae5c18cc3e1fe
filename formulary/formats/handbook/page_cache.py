"""Keep what a build made of the handbook for the next: Markdown, finished pages, templates.

The key of a page holds all that it depends on, so a page from the cache is the same to the byte as
a new one. The handbook builds without a cache just as well.
"""

from __future__ import annotations

import html
import json
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File
from mkdocs.structure.files import Files as AllFiles
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from formulary.formats.handbook.search_documents import SITE, cut_page, search_files
from formulary.store import Store, key_of

Files = dict[str, str | bytes]
"""Files of the docs folder, by path, in their order."""


class FileBatch(NamedTuple):
    """Files of the handbook that are made at once: what they depend on, and what makes them."""

    key: tuple[Any, ...]
    make: Callable[[], Files]


class Workers(Protocol):
    """Processes that share work: they run a function of their kit and of a chunk over chunks."""

    workers: int

    def run(self, function: Callable[[Any, Any], Any], chunks: Iterable[Any]) -> Iterator[Any]:
        """Each chunk with what the function made of it."""


def make_files(parts: Sequence[FileBatch], crew: Workers | None = None) -> Iterator[Files]:
    """The files of each part, made by several processes where there is a crew."""
    makes = [part.make for part in parts]
    if crew is None:
        return (make() for make in makes)
    return (files for _, files in crew.run(_make_batch, makes))


def _make_batch(_kit: object, make: Callable[[], Files]) -> Files:
    return make()


@dataclass(frozen=True)
class PageCache:
    """A store, and the digest of what every page depends on: code, libraries, settings."""

    store: Store
    basis: str

    def load_or_make(self, parts: Sequence[FileBatch], crew: Workers | None = None) -> list[Files]:
        """The files of each part: those that are kept, or else what `crew` makes of it."""
        keys = [key_of(self.basis, part.key) for part in parts]
        found = [self.store.get(key) for key in keys]
        lacking = [part for part, data in zip(parts, found, strict=True) if data is None]
        made = make_files(lacking, crew)
        files: list[Files] = []
        for key, data in zip(keys, found, strict=True):
            files.append(next(made) if data is None else _unpack(data))
            if data is None:
                self.store.put(key, _pack(files[-1]))
        return files

    def load_finished(self, keys: Mapping[str, str]) -> dict[str, FinishedPage]:
        """The finished pages that are kept, by path; `keys` are what `page_keys` gave."""
        found = {path: self.store.get(key) for path, key in keys.items()}
        return {path: FinishedPage(**json.loads(data)) for path, data in found.items() if data}

    def store_finished(self, keys: Mapping[str, str], pages: Mapping[str, FinishedPage]) -> None:
        """Keep finished pages. Only after a build without warnings: a kept page repeats none."""
        for path, page in pages.items():
            self.store.put(keys[path], json.dumps(vars(page), ensure_ascii=False).encode())


class TemplateCache(BytecodeCache):
    """Templates as Jinja has compiled them, for it to take from a store."""

    def __init__(self, kept: PageCache) -> None:
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


def _pack(files: Files) -> bytes:
    texts = [
        (path, True, data) if isinstance(data, str) else (path, False, data.hex())
        for path, data in files.items()
    ]
    return json.dumps(texts, ensure_ascii=False).encode()


def _unpack(data: bytes) -> Files:
    return {path: text if kind else bytes.fromhex(text) for path, kind, text in json.loads(data)}


@dataclass(frozen=True)
class FinishedPage:
    """All that MkDocs makes of a page: its HTML, and what the whole site needs to know of it.

    `search` are its documents for the search (`search_documents.cut_page`), `anchors` the places in
    it to which a link can lead, and `links` its links to such places: path -> anchor -> the link as
    it is written.
    """

    html: str
    search: list[dict[str, Any]]
    anchors: list[str]
    links: dict[str, dict[str, str]]


def page_keys(
    docs: Path,
    frame: object,
    name: str | None,
    kept: PageCache,
    links: Mapping[str, str],
) -> dict[str, str]:
    """The key of every finished page, by the path of its Markdown in the folder `docs`.

    A page depends on its own text, on its `frame` (the menu and the mastheads), on the `links` at
    its foot, on what other pages are called, and on which files there are, since links are checked
    against them; the rest is in the basis of what is kept.
    """
    paths = sorted(path.relative_to(docs).as_posix() for path in docs.rglob("*") if path.is_file())
    texts = {path: (docs / path).read_text("utf-8") for path in paths if path.endswith(".md")}
    called = [sorted(_read_front_matter(text).items()) for text in texts.values()]
    basis = key_of("finished page", kept.basis, name, frame, paths, called, links)
    return {path: key_of(basis, path, text) for path, text in texts.items()}


def _read_front_matter(text: str) -> dict[str, str]:
    """What other pages show of a page: its title, and whose it is, from its front matter."""
    front = text.partition("\n---\n")[0]
    return {key: json.loads(value) for key, value in _FRONT_MATTER.findall(front)}


_FRONT_MATTER = re.compile(r'^(title|organisation): (".*")$', re.MULTILINE)


class FinishedPages(BasePlugin):  # type: ignore[no-untyped-call,type-arg]
    """Lets MkDocs pass over finished pages: the last plugin of a build that is “dirty”.

    MkDocs calls a build so in which it makes only what was modified by what the file says. The
    pages in `finished`, by path, are written as they are. Of the others all are made, and noted in
    `made`; or, for one of several processes, only the pages in `wanted`, and no other file.
    """

    def __init__(
        self,
        kept: PageCache | None,
        finished: Mapping[str, FinishedPage],
        wanted: Collection[str] | None = None,
    ) -> None:
        self.kept = kept
        self.finished = finished
        self.wanted = wanted
        self.made: dict[str, FinishedPage] = {}
        self.files: dict[str, File] = {}
        self.cut: dict[str, list[dict[str, Any]]] = {}

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: AllFiles) -> None:
        """Just before MkDocs reads the pages: say which files it need not look at."""
        self.files = {file.src_uri: file for file in files}
        for path, file in self.files.items():
            if path in self.finished or (self.wanted is not None and path not in self.wanted):
                file.is_modified = lambda: False  # type: ignore[method-assign]

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: AllFiles) -> None:
        """Just before it writes: tell it of the pages that it did not read what others show."""
        if self.kept:
            env.bytecode_cache = TemplateCache(self.kept)
        env.auto_reload = False  # no template changes while a build runs
        for file in self.files.values():
            if file.page is not None and file.page.markdown is None:
                file.page.meta = dict(_read_front_matter(file.content_string))
        for path, finished in self.finished.items():
            page = self.files[path].page
            assert page is not None
            page.present_anchor_ids = set(finished.anchors)
            page.links_to_anchors = {self.files[to]: links for to, links in finished.links.items()}

    def on_page_content(
        self, content: str, *, page: Page, config: MkDocsConfig, files: AllFiles
    ) -> None:
        """Cut a page for the search, before the theme puts its frame around it."""
        self.cut[page.file.src_uri] = cut_for_search(content, page)

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> None:
        """Note what has become of a page."""
        links = page.links_to_anchors or {}
        self.made[page.file.src_uri] = FinishedPage(
            html=output,
            search=self.cut[page.file.src_uri],
            anchors=sorted(page.present_anchor_ids or ()),
            links={file.src_uri: found for file, found in links.items()},
        )

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write the pages that were finished before, and the files of the search."""
        for path, page in self.finished.items():
            place = Path(self.files[path].abs_dest_path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(page.html.encode("utf-8", "xmlcharrefreplace"))
        pages = {**self.finished, **self.made}
        ordered = [(path, pages[path]) for path in self.files if path in pages]
        own = {path: _organisation(self.files[path]) for path, _ in ordered}
        names = {path.partition("/")[0]: name for path, name in own.items() if name}
        cut = (
            (path.partition("/")[0] if own[path] else SITE, page.search) for path, page in ordered
        )
        for path, script in search_files(cut, names):
            place = Path(config.site_dir, path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(script.encode())


def _organisation(file: File) -> str:
    """Whose page it is: the short name of its organisation, where there are several."""
    return html.unescape(file.page.meta.get("organisation", "")) if file.page else ""


def cut_for_search(content: str, page: Page) -> list[dict[str, Any]]:
    """The documents of a page for the search; none where it is left out of it."""
    if page.meta.get("search", {}).get("exclude"):
        return []
    organisation = page.meta.get("organisation")
    return cut_page(
        content,
        page.file.dest_uri,
        html.unescape(page.meta.get("title", "")),
        page.file.dest_uri.partition("/")[0] if organisation else "",
        html.unescape(page.meta.get("description", "")),
    )
