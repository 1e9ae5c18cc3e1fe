"""Lighthouse in Debian's Chromium: pages of a site, served on this machine, go in; scores come out.

Its performance depends on how busy the machine is, so no test asks for it; run

    python -m tests.checkers.lighthouse site

to see all four categories for a page of each kind, on a phone and on a desk. Pages are sent packed,
as GitHub Pages and GitLab Pages send them.
"""

import gzip
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.checkers import tools
from tests.checkers.axe import FLAGS, Silent, serving

STEADY = ("accessibility", "best-practices", "seo")
"""The categories whose scores depend on the pages alone."""
ALL = (*STEADY, "performance")
FORMS = ("mobile", "desktop")


@dataclass(frozen=True)
class Score:
    """What one page reached on one form of device, 0 to 100; `short` says what cost points."""

    page: str
    form: str
    scores: dict[str, int]
    short: tuple[str, ...]


def scores_of(
    site: Path,
    pages: Sequence[str],
    *,
    categories: Sequence[str] = STEADY,
    forms: Sequence[str] = FORMS,
) -> list[Score]:
    """What `pages`, paths relative to the folder `site`, reach; they are sent packed.

    Raises ToolError.
    """
    node = tools.program("node", "apt-get install nodejs")
    chromium = tools.program("chromium", "apt-get install chromium")
    tools.node_module("lighthouse")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    flags = ["--headless=new", *FLAGS, *(["--no-sandbox"] if root else [])]
    with serving(site, _Packed) as address:
        asked = {
            "chromium": chromium,
            "flags": flags,
            "addresses": [f"{address}/{page}" for page in pages],
            "forms": forms,
            "categories": categories,
        }
        said = tools.run(
            [node, tools.HERE / "lighthouse.mjs"], stdin=json.dumps(asked), timeout=900
        )
    found = json.loads(said)
    if failed := [one["failed"] for one in found if one["failed"]]:
        raise tools.ToolError(f"Lighthouse could not read a page: {failed[0]}")
    return [
        Score(
            urlsplit(one["address"]).path.lstrip("/"),
            one["form"],
            one["scores"],
            tuple(one["short"]),
        )
        for one in found
    ]


class _Packed(Silent):
    """Sends text packed, as hosts of pages do."""

    def do_GET(self) -> None:  # noqa: N802  # what http.server calls
        path = Path(self.translate_path(self.path))
        if path.suffix not in (".html", ".css", ".js", ".json") or not path.is_file():
            super().do_GET()
            return
        data = gzip.compress(path.read_bytes())
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def version() -> str:
    """The version of Lighthouse that is installed."""
    return tools.node_version("lighthouse")


KINDS = (
    "index.html",
    "pclc/index.html",
    "pclc/policy/whole.html",
    "pclc/stages/index.html",
    "pclc/forms/pm-form.html",
)
"""A page of each of five kinds: the choice, a home, the longest text, the widest table, a form."""


if __name__ == "__main__":
    for score in scores_of(Path(sys.argv[1]), KINDS, categories=ALL):
        print(score.page, score.form, score.scores)
        for line in score.short:
            print(f"  {line}")
