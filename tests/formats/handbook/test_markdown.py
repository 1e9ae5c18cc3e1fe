"""Text becomes Markdown that reads as that very text, wherever it stands."""

from __future__ import annotations

import html
import re

import markdown
import pytest

from formulary.edition.text import Bullets, blocks
from formulary.formats.handbook.addresses import Addresses, LinkResolver
from formulary.formats.handbook.markdown import escape, render_blocks
from tests.formats.handbook.conftest import Make

SIGNS = (
    "*stars* and **more**",
    "_under_ and snake_case_name",
    "`code` and ``more``",
    "[link](https://example.org) and ![picture](x.png)",
    "<script>alert(1)</script> & &amp; &#42;",
    "# no heading #",
    "- no list",
    "+ no list",
    "1. no list",
    "12) no list",
    "> no quotation",
    "{: .no-class } and { #no-id }",
    "a | b | c",
    "~~~ no fence",
    "--- no rule",
    "=== no heading",
    ": no definition",
    "!!! note",
    "back\\slash \\* \\n",
    "[TOC]",
    "[^1] and *[HTML]: x",
    "    four spaces",
)


def rendered(source: str) -> str:
    return markdown.markdown(source, extensions=["attr_list", "md_in_html", "tables", "toc"])


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", page)).split())


@pytest.mark.parametrize("text", SIGNS)
def test_escaped_text_reads_as_itself(text: str) -> None:
    page = rendered(escape(text))
    assert words(page) == " ".join(text.split())
    assert re.findall(r"<(\w+)", page) == ["p"]


@pytest.mark.parametrize("text", SIGNS)
def test_escaped_text_reads_as_itself_in_a_heading_and_a_list(text: str) -> None:
    assert words(rendered(f"## {escape(text)} {{ #id }}")) == " ".join(text.split())
    page = rendered(f"-   {escape(text)}\n-   second")
    assert words(page) == f"{' '.join(text.split())} second"
    assert set(re.findall(r"<(\w+)", page)) == {"ul", "li"}


def test_light_markdown_keeps_its_meaning() -> None:
    text = "**Bold**ly, *soft* [here](clause:a).\n\n1. one\n\n   more\n2. two\n   - inner"
    page = rendered(render_blocks(blocks(text), lambda target: f"x.md#{target.split(':')[1]}"))
    assert "<strong>Bold</strong>ly, <em>soft</em> " in page
    assert '<a href="x.md#a">here</a>' in page
    assert re.findall(r"<(ol|ul|li)>", page) == ["ol", "li", "li", "ul", "li"]


def test_a_link_of_an_unknown_kind_is_only_text(make: Make) -> None:
    lead = LinkResolver(Addresses(make("mill")[0], alone=True), "index.md")
    assert lead("data:text/html,x") == ""
    assert lead("https://example.org") == "https://example.org"
    assert lead("clause:notice") == "mill/policy/start.md#notice"


def test_printed_marks_stand_in_place_of_bullets() -> None:
    found = Bullets((blocks("one"), blocks("two")), marks=("(i)", "(ii)"), ids=("c-one", "c-two"))
    text = render_blocks((found,), lambda target: target)
    assert text.splitlines() == [
        '-   <span id="c-one"></span><span class="list-mark">(i)</span> one',
        '-   <span id="c-two"></span><span class="list-mark">(ii)</span> two',
    ]
