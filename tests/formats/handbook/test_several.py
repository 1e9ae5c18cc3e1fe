"""Several organisations on one site: the choice, the comparison, and whose page a page is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from formulary.content.organisation import Rule
from formulary.edition.edition import Edition
from formulary.edition.entries import in_numbers
from formulary.formats.handbook.comparison import matters, overview
from tests.checkers.links import search_documents
from tests.formats.handbook.conftest import Make
from tests.formats.handbook.html_reader import pages_of


def test_the_root_offers_every_organisation_and_the_comparison(several: Path) -> None:
    page = pages_of(several)["index.html"]
    assert {"mill/index.html", "lane/index.html", "compare.html"} <= set(page.links)
    for words in ("Mill <Lane> & Sons", "school", "Teachers", "2026-27, worked example"):
        assert words in page.text


def test_the_comparison_takes_rules_and_sentences_with_links_into_each_handbook(
    guided_site: Path,
) -> None:
    page = pages_of(guided_site)["compare.html"]
    for words in (
        "At most 3 goals",
        "4 to 8 weeks",
        "Teachers & <others> (Teachers): September to August",
        "None: the policy has no scale.",
        "Pay & <none>, see clause 1.2 .",
    ):
        assert words in page.text, words
    for id in ("mill", "lane"):
        assert {f"{id}/policy/start.html#{clause}" for clause in ("who", "steps")} <= set(
            page.links
        )
    assert {"overview", "staff", "ratings", "pay"} <= set(page.ids)
    assert "appeals" not in page.ids
    assert page.tags.count("table") == 1


def test_a_matter_on_which_nobody_says_anything_is_left_out(
    make: Make, guided: tuple[Edition, ...]
) -> None:
    silent = make("mill", "lane")
    assert [matter.id for matter in matters(silent)] == ["staff", "ratings"]
    assert [fact.name for fact in overview(silent)] == ["Kind", "Cycle", "Ratings"]
    mixed = (silent[0], guided[1])
    pay = next(matter for matter in matters(mixed) if matter.id == "pay")
    assert [one.edition.id for one in pay.statements] == [guided[1].id]
    objectives = next(fact for fact in overview(mixed) if fact.name == "Objectives")
    assert objectives.values == ("No figure given", "At most 3 goals")


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({"exactly": 6}, "6 years"),
        ({"min": 4, "max": 8}, "4 to 8 years"),
        ({"min": 4, "max": 4}, "4 years"),
        ({"normal": 3, "max": 5}, "normally 3, at most 5 years"),
        ({"min": 6}, "at least 6 years"),
        ({"max": 3, "strength": "recommended"}, "at most 3 years (recommended)"),
        ({"min": 4, "max": 8, "strength": "normally"}, "4 to 8 years (normally)"),
    ],
)
def test_a_rule_in_figures(numbers: dict[str, Any], words: str) -> None:
    assert in_numbers(Rule(states="x", clause="x", unit="years", **numbers)) == words


def test_a_page_tells_whose_it_is_and_shows_its_own_menu_only(several: Path) -> None:
    pages = pages_of(several)
    own = pages["lane/year.html"]
    assert "Mill & Sons handbook" in own.text
    assert "The year in one picture (Mill & Sons)" in own.text
    assert "../index.html" in own.links
    assert not [link for link in own.links if "mill/" in link]
    assert not [link for link in pages["index.html"].links if link.startswith("lane/policy")]
    title = (several / "lane/year.html").read_text(encoding="utf-8").split("<title>")[1]
    assert title.startswith(
        "The year in one picture – Mill &amp; Sons – Performance management handbooks</title>"
    )


def test_the_search_has_a_file_for_each_organisation(several: Path) -> None:
    script = (several / "search/lane.js").read_text(encoding="utf-8")
    held = json.loads(script.partition(",")[2].removesuffix(");\n"))
    assert held["name"] == "Mill & Sons"
    assert held["others"] and "lane" not in held["others"]
    assert all(entry["at"].startswith("lane/") for entry in held["documents"])
    assert any(entry["at"].startswith("lane/") for entry in search_documents(several))


def test_nothing_of_several_is_on_the_site_of_one(awkward: Path) -> None:
    pages = pages_of(awkward)
    assert "compare.html" not in pages
    for page in pages.values():
        assert "(Mill & Sons)" not in page.text
        assert "All organisations" not in page.text
