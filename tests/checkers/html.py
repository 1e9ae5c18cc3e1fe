"""html-validate: a folder of pages goes in, what is not valid HTML comes out.

All of its rules on documents are on but those of `TASTE`, each with the reason why it is off.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.checkers import tools

TASTE = {
    "doctype-style": "small letters are as good (HTML, 13.1.1)",
    "long-title": "how much of a title a search engine shows is not a fault of the page",
    "no-inline-style": "the colour of a rating stands in the content, so no class can hold it",
    "no-trailing-whitespace": "blanks that templates leave cost nothing once a server packs them",
    "prefer-native-element": "a scrolling table in div role=region is named and reached as well",
    "presentation-role-style": "presentation and none are one role (WAI-ARIA 1.2, 5.4)",
    "require-sri": "scripts and styles come from the site itself, and change with it",
    "valid-id": "an id may begin with any sign but a blank (HTML, 3.2.6)",
    "wcag/h32": "search answers while one types; Enter opens the first result, nothing is sent",
}
THEME = {
    ("#__drawer", "input-attributes"),
    ("#__drawer", "valid-autocomplete"),
    ("#__search", "input-attributes"),
    ("#__search", "valid-autocomplete"),
    ("#__search", "input-missing-label"),
}
"""What stays of the theme, by element and rule: its two check boxes say autocomplete="off", so that
Firefox does not open the menu again when a page is loaded anew, and browsers do what is meant; and
the one of the search is never shown, so that nobody can reach it and miss its label.
"""
CONFIG = {
    "root": True,
    "extends": ["html-validate:recommended", "html-validate:document"],
    "elements": ["html5"],
    "rules": dict.fromkeys(TASTE, "off"),
}


@dataclass(frozen=True)
class Fault:
    """One place of one page that is not valid; `element` is its CSS selector."""

    page: str
    line: int
    column: int
    rule: str
    message: str
    element: str


def html_faults(site: Path, pages: Sequence[str]) -> list[Fault]:
    """What is not valid on `pages`, paths relative to the folder `site`."""
    node = tools.program("node", "apt-get install nodejs")
    tools.node_module("html-validate")
    asked = {"config": CONFIG, "pages": [str(site / page) for page in pages]}
    said = tools.run([node, tools.HERE / "html.mjs"], stdin=json.dumps(asked))
    faults = (
        Fault(**{**found, "page": Path(found["page"]).relative_to(site).as_posix()})
        for found in json.loads(said)
    )
    return [fault for fault in faults if (fault.element, fault.rule) not in THEME]


def version() -> str:
    """The version of html-validate that is installed."""
    return tools.node_version("html-validate")
