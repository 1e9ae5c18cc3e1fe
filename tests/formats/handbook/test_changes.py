"""The page of changes, the marks on clauses, and what stands where a clause is gone."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html

from formulary.content.policy import Update
from formulary.edition.changes import compare
from formulary.edition.edition import Edition
from formulary.edition.facts import WithdrawnPart
from formulary.formats.handbook.downloads import Download
from formulary.formats.handbook.masthead import make_mastheads
from formulary.formats.handbook.navigation import navigation
from formulary.formats.handbook.pages import site_name, write_pages
from formulary.formats.handbook.site import Pages, build_site
from tests.checkers.axe import Browser
from tests.edits import EDITS, TRAP, edited, edition_in
from tests.helpers import ROOT, tiny_project

LOG = (
    Update(
        clause="objectives-timing",
        text="The rule on when objectives are set was dropped.",
        reason="The year page says it.",
        approved_by="Trust Board",
        on=datetime.date(2026, 5, 20),
        replaced_by="smart",
    ),
    Update(clause="feedback", text="It has another place.", on=datetime.date(2023, 5, 24)),
)


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """An edition with every edit, and what it changed since the edition without them."""
    kept = edition_in(tiny_project(tmp_path_factory.mktemp("before")))[1]
    root = edited(
        tmp_path_factory.mktemp("after"), *(e.id for e in EDITS if e.id != "another-year")
    )
    edition, now = edition_in(root)
    gone = {"objectives-timing": WithdrawnPart("clause 5.1", "objectives")}
    return replace(
        edition,
        changes=compare(kept.model_copy(update={"name": "2025-26"}), now, LOG),
        references=replace(edition.references, withdrawn=gone),
    )


@pytest.fixture(scope="module")
def site(changed: Edition, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("changed")
    files = [
        Download("tiny", "changes", "What changed", "2026-27", "Word", "changes.docx", 9_000, "")
    ]
    pages: dict[str, str | bytes] = dict(write_pages((changed,), files))
    pages[files[0].path] = b"a file"
    for path, content in pages.items():
        place = folder / "pages" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.encode() if isinstance(content, str) else content)
    nav = navigation((changed,))
    made = Pages(
        folder / "pages",
        ROOT / "mkdocs.yml",
        nav,
        site_name((changed,)),
        mastheads=make_mastheads((changed,)),
    )
    build_site(made, folder / "site")
    return folder / "site"


def article(site: Path, page: str) -> html.HtmlElement:
    (found,) = html.fromstring((site / "tiny" / page).read_bytes()).xpath("//article")
    return found


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_the_page_has_an_entry_for_every_change_and_no_other(changed: Edition, site: Path) -> None:
    assert changed.changes is not None
    wanted = {key for edit in EDITS for key in edit.changed}
    ids = article(site, "changes.html").xpath(".//div[@class='difference']/h3/@id")
    assert set(ids) == {key.replace(":", "--").replace(".", "--") for key in wanted}


@pytest.mark.parametrize("edit", [e for e in EDITS if e.says], ids=lambda edit: edit.id)
def test_the_page_marks_the_words_of_each_change(site: Path, edit: object) -> None:
    page = article(site, "changes.html")
    taken, put = words_of(page, "del"), words_of(page, "ins")
    for removed, added in edit.says:  # type: ignore[attr-defined]
        assert not removed or removed in taken
        assert not added or added in put or added in words(page)


def words_of(page: html.HtmlElement, tag: str) -> list[str]:
    found = []
    for mark in page.xpath(f".//div[@class='difference']//{tag}"):
        said = "added" if tag == "ins" else "deleted"
        assert words(mark).startswith(f"[{said}: ") and words(mark).endswith(
            f" end of {said} words]"
        )
        found.append(words(mark).removeprefix(f"[{said}: ").removesuffix(f" end of {said} words]"))
    return found


def test_hostile_words_stay_words(site: Path) -> None:
    page = article(site, "changes.html")
    assert f"{TRAP} {{{{ rules.x }}}} safely" in words_of(page, "ins")
    assert page.xpath(".//script | .//b") == []


def test_reason_approver_and_day_stand_with_the_change(site: Path) -> None:
    page = article(site, "changes.html")
    (entry,) = page.xpath(".//div[@class='difference'][h3/@id='clause--objectives-timing']")
    said = words(entry)
    assert "Withdrawn: clause 5.1 of 2025-26" in said
    assert "Why: The year page says it." in said
    assert "Approved by Trust Board on 20 May 2026." in said


def test_a_changed_clause_leads_to_its_change(site: Path) -> None:
    page = article(site, "policy/review.html")
    marks = {
        clause.get("id"): words(clause.find(".//div[@class='changed']"))
        for clause in page.xpath(".//div[starts-with(@class, 'clause')]")
        if clause.find(".//div[@class='changed']") is not None
    }
    assert marks == {
        "year-round-review": "Changed in 2026-27: what changed in clause 8.2",
        "feedback": "Moved, approved on 24 May 2023: what changed in clause 8.4",
    }


def test_a_clause_that_follows_from_a_rule_leads_to_the_rule(site: Path) -> None:
    page = article(site, "policy/unsatisfactory.html")
    links = page.xpath(".//div[@id='concerns']//div[@class='changed']//a/@href")
    assert links == ["../changes.html#rule--monitoring"]


def test_a_withdrawn_clause_keeps_its_anchor_and_says_what_replaced_it(site: Path) -> None:
    for name in ("objectives", "whole"):
        page = article(site, f"policy/{name}.html")
        (note,) = page.xpath(".//*[@id='objectives-timing']")
        said = words(note)
        assert "Clause 5.1 of the last edition was withdrawn in 2026-27." in said
        assert "It is replaced by clause 5.1." in said
    before = article(site, "policy/objectives.html").xpath(".//*[@id='objectives-timing']")[0]
    assert before.getnext().get("id") == "smart"


def test_a_moved_clause_leaves_a_note_where_it_stood(site: Path) -> None:
    (note,) = article(site, "policy/support.html").xpath(".//*[@id='feedback']")
    assert words(note).startswith("Clause 7.2 of the last edition is now clause 8.4.")
    assert note.xpath(".//a/@href") == ["review.html#feedback", "../changes.html#clause--feedback"]
    whole = article(site, "policy/whole.html").xpath(".//*[@id='feedback']")
    assert len(whole) == 1


def test_home_menu_and_download_lead_to_the_page(site: Path) -> None:
    home = html.fromstring((site / "index.html").read_bytes())
    assert "tiny/changes.html" in home.xpath("//article//a/@href")
    assert "tiny/changes.html" in home.xpath("//nav//a/@href")
    links = article(site, "changes.html").xpath(".//a/@href")
    assert "downloads/changes.docx" in links


def test_without_a_last_edition_there_is_no_page_and_no_mark(changed: Edition) -> None:
    plain = replace(changed, changes=None, references=replace(changed.references, withdrawn={}))
    pages = write_pages((plain,), ())
    assert "tiny/changes.md" not in pages
    assert not any(
        "what changed" in str(text).lower()
        for path, text in pages.items()
        if path.startswith("tiny/policy/")
    )
    assert "What changed" not in str(navigation((plain,)))


def test_axe_finds_nothing_and_a_phone_shows_all(browser: Browser, site: Path) -> None:
    pages = ["changes", "policy/objectives", "policy/support", "policy/whole"]
    assert browser.violations(site, [f"tiny/{page}.html" for page in pages]) == []
    with browser.showing(site, "tiny/changes.html", width=320) as tab:
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
