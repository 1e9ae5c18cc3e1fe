"""Every link, anchor and file of a built site: the folder goes in, what leads nowhere comes out.

Pages, style sheets, the search index and the sitemap are read from disk; nothing is asked of a
server. Addresses are compared with their case, as most servers do and Windows does not.
"""

import json
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import etree, html

ADDRESSES = ("href", "xlink:href", "src", "action", "poster", "data", "cite", "formaction")
INDEX = "search/*.js"
SETS = ("srcset", "imagesrcset")
STYLE_ADDRESS = re.compile(r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^"')]*))\s*\)""")


@dataclass(frozen=True)
class Broken:
    """A link that leads nowhere: the file it stands in, its address, and why it does not."""

    file: str
    link: str
    why: str


@dataclass
class Links:
    """The links of one site. `outside` are those to other places, with the files they stand in."""

    site: Path
    broken: list[Broken] = field(default_factory=list)
    outside: dict[str, set[str]] = field(default_factory=dict)
    count: int = 0

    @cached_property
    def files(self) -> frozenset[str]:
        paths = (path for path in self.site.rglob("*") if path.is_file())
        return frozenset(path.relative_to(self.site).as_posix() for path in paths)

    @cached_property
    def pages(self) -> dict[str, Any]:
        found = sorted(name for name in self.files if name.endswith(".html"))
        return {name: html.fromstring((self.site / name).read_bytes()) for name in found}

    @cached_property
    def anchors(self) -> dict[str, frozenset[str]]:
        return {
            name: frozenset(page.xpath("//@id | //a/@name")) for name, page in self.pages.items()
        }

    def check(self, file: str, link: str) -> None:
        """Follow one link that stands in `file`."""
        self.count += 1
        parts = urlsplit(link.strip())
        if parts.scheme in ("data", "blob"):
            return
        if parts.scheme or parts.netloc:
            self.outside.setdefault(link, set()).add(file)
            return
        if not link.strip():
            self.broken.append(Broken(file, link, "it is empty"))
            return
        path = unquote(parts.path)
        at = "" if path.startswith("/") else posixpath.dirname(file)
        target = posixpath.normpath(posixpath.join(at, path.lstrip("/"))) if path else file
        if path.endswith("/") or target in (".", ""):
            target = posixpath.normpath(posixpath.join(target, "index.html"))
        if target.startswith("../"):
            self.broken.append(Broken(file, link, "it leaves the site's folder"))
        elif target not in self.files:
            self.broken.append(Broken(file, link, f"there is no {target}"))
        elif parts.fragment and target in self.pages:
            anchor = unquote(parts.fragment)
            if anchor not in self.anchors[target]:
                self.broken.append(Broken(file, link, f"{target} has no anchor {anchor}"))


def links_of(site: Path) -> Links:
    """Follow every link of the built site."""
    links = Links(site)
    for name, page in links.pages.items():
        for link in page_links(page):
            links.check(name, link)
    for name in sorted(links.files):
        if name.endswith(".css"):
            for link in style_links((site / name).read_text(encoding="utf-8")):
                links.check(name, link)
    for link in index_links(site):
        links.check("index.html", link)
    return links


def page_links(page: Any) -> Iterator[str]:
    """Every address that a page names, in the order of the page."""
    for element in page.iter(etree.Element):
        for name in ADDRESSES:
            if (value := element.get(name)) is not None:
                yield value
        for name in SETS:
            for part in element.get(name, "").split(","):
                if part.strip():
                    yield part.split()[0]
        yield from style_links(element.get("style", ""))
        if element.tag == "style":
            yield from style_links(element.text or "")
        if element.tag == "meta" and element.get("http-equiv", "").lower() == "refresh":
            yield element.get("content", "").partition("=")[2]


def style_links(text: str) -> Iterator[str]:
    """Every address that a style sheet names."""
    for found in STYLE_ADDRESS.finditer(text):
        yield next(part for part in found.groups() if part is not None)


def index_links(site: Path) -> Iterator[str]:
    """Where the results of the search lead, from the site's root."""
    for entry in search_documents(site):
        yield entry["at"]


def search_documents(site: Path) -> list[dict[str, Any]]:
    """The places that the search of a built site knows, of all organisations."""
    found: list[dict[str, Any]] = []
    for path in sorted(site.glob(INDEX)):
        _, _, data = path.read_text(encoding="utf-8").partition(",")
        found += json.loads(data.rstrip().removesuffix(");"))["documents"]
    return found
