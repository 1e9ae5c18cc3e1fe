"""Review dates: said in plain words without a script, and called passed on the day it is read."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import html

from tests.checkers.axe import Browser
from tests.formats.handbook.conftest import POLICY, Make, build

if TYPE_CHECKING:
    from playwright.sync_api import Page

DATED = POLICY.replace("status: draft\n", "status: draft\nnext-review: 2025-08-31\n")
KEPT = DATED.replace("status: draft\n", "status: draft\nkept-by: the clerk to the governors\n")
SOME_DAY = POLICY.replace("status: draft\n", "status: draft\nnext-review-in: spring 2028\n")
SENTENCE = "This policy is due for review by 31 August 2025."
BANNER = "Review date passed. This policy was due for review by 31 August 2025."


@pytest.fixture(scope="module")
def dated(make: Make, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The handbook of an organisation whose review is due by 31 August 2025."""
    return build(make("mill", policy=KEPT), tmp_path_factory.mktemp("dated"))


@pytest.fixture(scope="module")
def both(make: Make, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three organisations: two with a time for the next review, one without."""
    editions = (
        *make("later", policy=SOME_DAY),
        *make("bare", policy=POLICY),
        *make("mill", policy=DATED),
    )
    return build(editions, tmp_path_factory.mktemp("both"))


@contextmanager
def on_the_day(browser: Browser, site: Path, page: str, day: str) -> Iterator[Page]:
    """A page as it is shown at noon of a day."""
    with browser.showing(site, page) as tab:
        noon = datetime.datetime.fromisoformat(f"{day}T12:00:00+00:00")
        tab.clock.set_fixed_time(noon)
        tab.reload()
        yield tab


def words(path: Path) -> str:
    (article,) = html.parse(path).xpath("//article")
    return " ".join(article.text_content().split())


@pytest.mark.parametrize("page", ["index.html", "mill/policy/index.html", "mill/about.html"])
def test_the_date_is_said_without_a_script(dated: Path, page: str) -> None:
    assert SENTENCE in words(dated / page)
    dates = html.parse(dated / page).xpath("//p[@class='review-note']//time/@datetime")
    assert dates == ["2025-08-31"]


@pytest.mark.parametrize("page", ["index.html", "mill/policy/index.html", "mill/about.html"])
def test_a_date_that_has_passed_says_so_when_the_page_is_opened(
    browser: Browser, dated: Path, page: str
) -> None:
    with on_the_day(browser, dated, page, "2025-09-01") as tab:
        banner = tab.get_by_role("status").filter(has_text=BANNER)
        banner.wait_for()
        assert not tab.get_by_text(SENTENCE).is_visible()
    with on_the_day(browser, dated, page, "2025-08-31") as tab:
        assert tab.get_by_text(SENTENCE).is_visible()
        assert tab.get_by_text("Review date passed").count() == 0


def test_the_page_of_reviews_tells_who_keeps_the_policy(dated: Path) -> None:
    said = words(dated / "mill" / "reviews.html")
    assert "31 August 2025" in said
    assert "The policy is kept by the clerk to the governors." in said


def test_over_several_organisations_the_earliest_comes_first(both: Path) -> None:
    rows = html.parse(both / "reviews.html").xpath("//article//tbody/tr")
    found = [[" ".join(cell.text_content().split()) for cell in row] for row in rows]
    assert [row[2] for row in found] == ["31 August 2025", "Spring 2028"]
    assert {row[0] for row in found} == {"The policy"}
    links = [row.xpath(".//a/@href")[0] for row in rows]
    assert links == [f"{id}/policy/index.html" for id in ("mill", "later")]
    assert "No date is stated in the policy of " in words(both / "reviews.html")
    assert "Not stated" not in words(both / "reviews.html")
    assert "The policy does not say when it is due" in words(both / "bare" / "reviews.html")
    assert all((both / link).is_file() for link in links)


def test_the_list_marks_what_has_passed_and_counts_it(browser: Browser, both: Path) -> None:
    for day, marked, said in (
        ("2025-08-31", 0, ""),
        ("2026-11-22", 1, "One date in this list has passed."),
        ("2028-05-31", 1, "One date in this list has passed."),
        ("2028-06-01", 2, "2 dates in this list have passed."),
    ):
        with on_the_day(browser, both, "reviews.html", day) as tab:
            if said:
                tab.get_by_role("status").filter(has_text=said).wait_for()
            assert tab.get_by_text("Passed", exact=True).count() == marked, day


def test_a_related_document_with_a_date_is_listed_before_a_later_policy(
    make: Make, tmp_path: Path
) -> None:
    (edition,) = make("mill", policy=SOME_DAY)
    organisation = edition.organisation
    document = organisation.related[0].model_copy(
        update={"id": "leave-policy", "name": "leave policy", "next_review_in": "autumn 2026"}
    )
    changed = organisation.model_copy(update={"related": (*organisation.related, document)})
    site = build((replace(edition, organisation=changed),), tmp_path)
    rows = html.parse(site / "mill" / "reviews.html").xpath("//article//tbody/tr")
    assert [" ".join(row[0].text_content().split()) for row in rows] == [
        "Leave policy",
        "The policy",
    ]
    assert rows[0].xpath(".//a/@href") == ["documents.html#leave-policy"]
    assert "Due for review: autumn 2026." in words(site / "mill" / "documents.html")
