"""The pages are plain: another generator that reads mkdocs.yml makes the same of them.

Zensical, which its makers name as the successor of the theme, builds the pages that MkDocs built,
without the project's templates, and nothing that a reader reads may differ.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from lxml import html
from ruamel.yaml import YAML

from tests.checkers import tools
from tests.helpers import ROOT

SKIP = "__skip"
"""The anchor that Zensical puts at the start of the words, for its own link past the menu."""


def plain_settings(pages: Path, site: Path) -> dict[str, Any]:
    """mkdocs.yml with other folders, and without what is our theme's own."""
    settings = YAML(typ="safe").load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    settings |= {"docs_dir": pages.name, "site_dir": site.name}
    settings["theme"]["language"] = "en"
    return dict(settings)


def read(path: Path) -> tuple[str, list[str], list[str]]:
    """The words, anchors and links of a page's article."""
    (article,) = html.fromstring(path.read_bytes()).xpath("//article")
    words = " ".join(article.text_content().split())
    anchors = [anchor for anchor in article.xpath(".//@id") if anchor != SKIP]
    return words, anchors, article.xpath(".//a/@href")


def test_zensical_makes_the_same_of_the_pages(guided_site: Path) -> None:
    tools.python_module("zensical", "pip install zensical")
    folder = guided_site.parent
    made = folder / "site-by-zensical"
    YAML().dump(plain_settings(folder / "pages", made), folder / "zensical.yml")
    tools.run([sys.executable, "-m", "zensical", "build", "-f", folder / "zensical.yml"])
    pages = [
        path.relative_to(guided_site).as_posix()
        for path in sorted(guided_site.rglob("*.html"))
        if path.name != "404.html"
        and path.parent.name != "fill"  # finished HTML, which a generator copies
    ]
    assert len(pages) > 30
    assert {page: read(made / page) for page in pages} == {
        page: read(guided_site / page) for page in pages
    }
