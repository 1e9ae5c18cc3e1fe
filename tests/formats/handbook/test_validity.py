"""The built site is valid HTML, and every link in it, inside and between handbooks, leads on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.checkers.axe import html_pages, pages_of_each_kind
from tests.checkers.html import html_faults
from tests.checkers.lighthouse import FORMS, KINDS, scores_of
from tests.checkers.links import links_of, search_documents
from tests.formats.handbook import web_fonts
from tests.helpers import ROOT


def test_every_page_is_valid_html(built: Path, whole: bool) -> None:
    """Pages that show each kind of page and of element, and before a release all."""
    site = built / "site"
    pages = html_pages(site)
    chosen = pages if whole else pages_of_each_kind(site, pages)
    assert len(chosen) > 40
    assert html_faults(site, chosen) == []


def test_every_link_anchor_and_file_is_there(built: Path) -> None:
    links = links_of(built / "site")
    assert links.count > 10_000
    assert links.broken == []


def test_only_addresses_that_the_content_gives_lead_out_of_the_site(built: Path) -> None:
    written = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("content", "docs")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in (".yaml", ".md")
    )
    given = set(re.findall(r"(?:https://|mailto:|tel:)[^\s)>\"'”]+", written))
    given.add("https://www.w3.org/TR/WCAG22/")  # the standard that the statement is written by
    given.add("mailto:")  # a mail of one's own, to nobody yet
    # its subject is the form's name
    outside = {
        link.partition("?subject=")[0]: pages
        for link, pages in links_of(built / "site").outside.items()
    }
    assert {link: sorted(pages)[:3] for link, pages in outside.items() if link not in given} == {}


def test_who_seeks_a_clause_is_not_led_to_what_hr_and_maintainers_read(built: Path) -> None:
    assert not [doc for doc in search_documents(built / "site") if doc["at"].startswith("guide/")]
    own = search_documents(built / "site" / "guide")
    assert {"packs.html", "problems.html"} <= {doc["at"].partition("#")[0] for doc in own}
    assert not any("--out /private" in doc.get("text", "") for doc in own)


BAD = """<!doctype html>
<html lang="en-GB"><head><title>A page</title>
<link rel="stylesheet" href="style.css"></head>
<body><h1 id="top">A page</h1>
<a href="other.html#there">fine</a> <a href="#top">fine</a> <a href="sub/">fine</a>
{extra}
</body></html>
"""


@pytest.mark.parametrize(
    ("extra", "found"),
    [
        ('<a href="gone.html">x</a>', ("page.html", "gone.html")),
        ('<a href="Other.html">x</a>', ("page.html", "Other.html")),
        ('<a href="other.html#gone">x</a>', ("page.html", "other.html#gone")),
        ('<a href="#gone">x</a>', ("page.html", "#gone")),
        ('<a href="../up.html">x</a>', ("page.html", "../up.html")),
        ('<a href="">x</a>', ("page.html", "")),
        ('<img alt="" src="gone.png">', ("page.html", "gone.png")),
        ('<img alt="" srcset="other.html 1x, gone.png 2x">', ("page.html", "gone.png")),
        ('<p style="background: url(gone.png)">x</p>', ("page.html", "gone.png")),
        ('<script src="gone.js"></script>', ("page.html", "gone.js")),
    ],
)
def test_a_link_to_nowhere_is_found(extra: str, found: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "page.html").write_text(BAD.format(extra=extra))
    (tmp_path / "other.html").write_text('<p id="there">x</p>')
    (tmp_path / "sub" / "index.html").write_text('<a href="../page.html">x</a>')
    (tmp_path / "style.css").write_text("p {background: url('other.html')}")
    broken = links_of(tmp_path).broken
    assert [(one.file, one.link) for one in broken] == [found]


def test_what_is_not_valid_is_found(tmp_path: Path) -> None:
    faulty = '<p id="top">twice</p> <ul><p>x</p></ul> <button>x</button> <b aria-labelledby="no">'
    (tmp_path / "page.html").write_text(BAD.format(extra=faulty))
    found = {fault.rule for fault in html_faults(tmp_path, ["page.html"])}
    assert {
        "no-dup-id",
        "element-permitted-content",
        "no-missing-references",
        "close-order",
    } <= found


def test_lighthouse_finds_nothing_to_mend(built: Path, whole: bool) -> None:
    """A form on a phone, and before a release each kind of page, on a desk too."""
    forms, pages = (FORMS, KINDS) if whole else (FORMS[:1], KINDS[-1:])
    scores = scores_of(built / "site", pages, forms=forms)
    assert len(scores) == len(pages) * len(forms)
    assert {(s.page, s.form, s.short) for s in scores if set(s.scores.values()) != {100}} == set()


def test_the_web_fonts_are_those_that_the_typeface_gives() -> None:
    """Run `poe fonts` where the typeface or its list of letters has changed."""
    assert {path.name: path.read_bytes() for path in web_fonts.FOLDER.iterdir()} == (
        web_fonts.make_fonts()
    )
