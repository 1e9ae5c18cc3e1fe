"""My view: what one reader needs stands on one page, by few steps, and the year prints on one."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader

from formulary.check.content import check_content
from formulary.content.loading import load
from formulary.edition.edition import Edition
from formulary.edition.text import Block, Bullets, Paragraph, blocks
from formulary.formats.handbook.navigation import navigation
from formulary.formats.handbook.stage_pages import compare_areas, mark_differences
from formulary.formats.handbook.views import gather_tasks, years_of
from formulary.formats.handbook.year import years
from tests.checkers.axe import Browser, serving
from tests.formats.handbook.html_reader import pages_of
from tests.helpers import copy_project, replace_once

if TYPE_CHECKING:
    from playwright.sync_api import PdfMargins


MARGIN: PdfMargins = {"top": "15mm", "right": "15mm", "bottom": "15mm", "left": "15mm"}


def of(editions: tuple[Edition, ...], id: str) -> Edition:
    return next(edition for edition in editions if edition.id == id)


def at(tab: Any, words: str) -> str:
    """The text of the page where these words stand, from there on."""
    text = str(tab.inner_text("main"))
    assert words in text
    return text[text.index(words) :]


@pytest.mark.parametrize("width", [320, 1280])
def test_a_teacher_on_m3_is_three_clicks_from_all_that_matters(
    browser: Browser, real: Path, width: int
) -> None:
    with browser.showing(real, "pclc/index.html", width=width) as tab:
        main = tab.locator("article")
        tab.goto(tab.url.replace("index.html", "my/index.html"))
        main.get_by_role("link", name="M3-M4, and what changes at M5-M6").click()
        assert tab.url.endswith("/pclc/stages/m3-m4.html")
        said = at(tab, "Professional practice")
        assert "competent on all of the standards" in said
        assert "confident on all of the standards" in said
        tab.goto(tab.url.replace("stages/m3-m4.html", "index.html"))
        main.get_by_role("link", name="Teachers").first.click()
        said = " ".join(tab.inner_text("main").split())
        assert "Spring interim review January to March 2027 · in the spring term" in said


def test_a_manager_reaches_the_calendar_in_three_clicks(browser: Browser, real: Path) -> None:
    with browser.showing(real, "cwac/index.html", width=320) as tab:
        main = tab.locator("article")
        tab.goto(tab.url.replace("index.html", "my/index.html"))
        main.get_by_role("link", name="My tasks: Contract manager").click()
        with tab.expect_download() as download:
            main.get_by_role("link", name=re.compile("^Calendar with these dates")).click()
        assert download.value.suggested_filename == "role-contract-manager.ics"


def test_every_organisation_has_views_for_all_its_groups_and_both_sides_of_a_review(
    real: Path, editions: tuple[Edition, ...]
) -> None:
    pages = pages_of(real)
    for edition in editions:
        chosen = pages[f"{edition.id}/my/index.html"].links
        for group in edition.organisation.groups:
            assert f"group-{group.id}.html" in chosen
        acting = {id for year in years(edition) for e in year.entries for id in e.acts}
        for role in edition.organisation.roles:
            wanted = role.part is not None and role.id in acting
            assert (f"role-{role.id}.html" in chosen) is wanted, role.id
            assert (f"{edition.id}/my/role-{role.id}.html" in pages) is wanted, role.id


def test_a_group_page_lists_the_whole_year_by_date(
    real: Path, editions: tuple[Edition, ...]
) -> None:
    pages = pages_of(real)
    for edition in editions:
        for group in edition.organisation.groups:
            page = pages[f"{edition.id}/my/group-{group.id}.html"]
            found = [id for id in page.ids if "--" in id]
            wanted = [task.entry.id for task in gather_tasks(years_of(edition, group.id))]
            assert wanted and [id for id in found if id in wanted] == wanted


def test_a_group_page_has_pay_reviewers_forms_and_clauses_of_that_group_alone(
    real: Path,
) -> None:
    pages = pages_of(real)
    teachers = pages["pclc/my/group-teachers.html"]
    leaders = pages["pclc/my/group-senior-leaders.html"]
    assert "Decision on pay for 2025-26: by 31 October 2026" in teachers.text
    assert "Decision on pay for 2025-26: by 31 December 2026" in leaders.text
    assert "31 December" not in teachers.text.partition("My pay ")[0]
    assert "A reviewer named by the principal" in teachers.text
    assert "A committee of two trustees and one external adviser" not in teachers.text
    assert "A committee of two trustees and one external adviser" in leaders.text
    assert "../forms/panel-record.html" in leaders.links
    assert "../forms/panel-record.html" not in teachers.links
    assert "../stages/m3-m4.html" in teachers.links
    assert "../stages/m3-m4.html" not in leaders.links
    assert "../policy/cycle.html#teachers-cycle" in teachers.links
    assert "../downloads/pm-form-2026-27.docx" in teachers.links
    tutors = pages["cwac/my/group-tutors.html"]
    assert "The policy does not mention pay" in tutors.text


def test_a_role_has_what_it_does_and_nothing_that_others_do(real: Path) -> None:
    pages = pages_of(real)
    reviewee = pages["ealing/my/role-reviewee.html"]
    assert "support-staff--record-returned" in reviewee.ids
    assert "../year.html#support-staff--record-returned" in reviewee.links
    assert "support-staff--record-given" not in reviewee.ids
    head = pages["staploe/my/role-headteacher.html"]
    assert {"associate-staff--head-copy", "learning-support--head-copy"} & set(head.ids)
    reviewer = pages["dgat/my/role-reviewer.html"]
    assert "By 31 October 2026 Written report (Teachers and headteachers, 2025-26)" in reviewer.text
    assert "By 31 December 2026 Written report (Support staff, 2025-26)" in reviewer.text


def test_what_is_alike_in_several_cycles_stands_once(editions: tuple[Edition, ...]) -> None:
    found = gather_tasks(years(of(editions, "staploe")))
    (salary,) = [task for task in found if task.entry.event == "salary-recommendation"]
    assert salary.cycles == ("Associate staff", "Learning support staff, Soham Village College")
    reviews = [task for task in found if task.entry.event == "annual-review"]
    assert [len(task.cycles) for task in reviews] == [1, 1, 1]
    assert sorted(task.label for task in reviews if task.entry.first) == [
        "Associate staff",
        "Associate staff, closes 2026",
    ]


def test_a_role_that_does_not_exist_is_named_with_the_one_that_was_meant(tmp_path: Path) -> None:
    root = copy_project(tmp_path, "cwac")
    path = root / "content" / "organisations" / "cwac" / "cycle.yaml"
    replace_once(path, "acts: [line-manager]", "acts: [line-manger]")
    content, _ = load(root)
    (found,) = [problem for problem in check_content(content) if "line-manger" in problem.message]
    assert found.kind.code == "unknown-reference" and found.kind.severity == "error"
    assert found.place.file.name == "cycle.yaml"
    text = path.read_text(encoding="utf-8").splitlines()[found.place.line - 1]
    assert text[found.place.column - 1 :].startswith("line-manger")
    assert "line-manager" in found.fix


def test_what_has_no_date_is_listed_apart_and_never_comes_next(real: Path) -> None:
    page = pages_of(real)["staploe/my/group-fixed-term.html"]
    assert "Within 48 hours of the work observation" in page.text
    assert "The policy sets no date for this group." in page.text
    assert "undated" in page.ids


def marked(content: tuple[Block, ...]) -> list[str]:
    """The words that a comparison marks, stretch by stretch."""
    found: list[str] = []
    for block in content:
        if isinstance(block, Paragraph):
            found += [run.text for run in block.runs if run.strong or run.emphasis]
        elif isinstance(block, Bullets):
            found += [words for item in block.items for words in marked(item)]
    return found


@pytest.mark.parametrize(
    ("before", "after", "gone", "come"),
    [
        ("They meet all of them.", "They meet all of them.", [], []),
        ("Most do well.", "Almost all do well.", ["Most"], ["Almost all"]),
        ("They do well.", "They do well, and better.", [], ["and better."]),
        ("Plans a lesson.", "Plans **a** lesson.", [], []),
        ("A b c d e.", "Z b y d x.", ["A b c d e."], ["Z b y d x."]),
        ("One.\n\n- two\n- three", "One.\n\n- two\n- four and five", ["three"], ["four and five"]),
        ("See [it](https://a.example/) here.", "See [it](https://a.example/).", ["here."], []),
        ("Old words.", "", ["Old words."], []),
    ],
)  # fmt: skip
def test_the_words_in_which_two_stages_differ_are_marked(
    before: str, after: str, gone: list[str], come: list[str]
) -> None:
    old, new = mark_differences(blocks(before), blocks(after))
    assert (marked(old), marked(new)) == (gone, come)


def test_a_stage_page_keeps_its_anchors_and_all_its_words(
    real: Path, editions: tuple[Edition, ...]
) -> None:
    pages = pages_of(real)
    matrix = of(editions, "pclc").career_stages
    assert matrix
    for stage, after in zip(matrix.stages, (*matrix.stages[1:], None), strict=True):
        page = pages[f"pclc/stages/{stage.id}.html"]
        for area in matrix.areas:
            assert area.id in page.ids
            assert " ".join(area.cells[stage.id].split()) in page.text
            if after and area.cells[stage.id] != area.cells[after.id]:
                assert " ".join(area.cells[after.id].split()) in page.text
        assert "index.html#matrix" in page.links
    last = list(compare_areas(matrix, matrix.stages[-1], None))
    assert all(area.then is None for area in last)


def test_the_two_stages_stand_beside_each_other_or_below_and_differ_in_more_than_colour(
    browser: Browser, real: Path
) -> None:
    beside = {}
    for width in (320, 1280):
        with browser.showing(real, "pclc/stages/m3-m4.html", width=width) as tab:
            now, then = (
                tab.locator(f".stage-{name}").first.bounding_box() for name in ("now", "next")
            )
            assert now and then
            beside[width] = abs(now["y"] - then["y"]) < 1
            new, plain = tab.evaluate(
                "[...document.querySelectorAll('.stage-next strong:not(.which), .stage-next p')]"
                ".map(found => getComputedStyle(found).fontWeight).sort().reverse()"
                ".filter((weight, place, all) => all.indexOf(weight) === place)"
            )
            assert int(new) > int(plain)
            dropped = tab.locator(".stage-now em").first
            assert "dotted" in dropped.evaluate("found => getComputedStyle(found).textDecoration")
    assert beside == {320: False, 1280: True}


def test_the_year_of_every_cycle_prints_on_one_sheet_with_all_its_words(
    browser: Browser, real: Path, editions: tuple[Edition, ...]
) -> None:
    with serving(real) as address, browser._context("light", 1280) as context:
        tab = context.new_page()
        for edition in editions:
            for year in years(edition):
                tab.goto(f"{address}/{edition.id}/year-on-one-page/{year.calendar.cycle.id}.html")
                printed = PdfReader(io.BytesIO(tab.pdf(format="A4", margin=MARGIN)))
                assert len(printed.pages) == 1, (edition.id, year.calendar.cycle.id)
                text = " ".join(printed.pages[0].extract_text().split())
                for entry in year.entries:
                    assert entry.name in text
                assert "Previous page" not in text


def test_what_an_organisation_does_not_have_is_not_in_its_menu(
    editions: tuple[Edition, ...],
) -> None:
    edition = of(editions, "cwac")
    bare = edition.organisation.model_copy(update={"related": ()})
    undated = replace(edition, organisation=bare, calendars=(), last_year=())
    titles = str(navigation((undated,)))
    assert "Calendars" not in titles and "Related documents" not in titles
    assert "one picture" not in titles and "The year" in titles
    whole = str(navigation((edition,)))
    assert "Calendars" in whole and "Related documents" in whole and "one picture" in whole


def test_my_year_says_who_reviews_me_and_keeps_my_own_tasks_apart(real: Path) -> None:
    pages = pages_of(real)
    tutors = pages["cwac/my/group-tutors.html"].text
    assert "My contract manager Your contract manager" in tutors
    own, others = tutors.rsplit("If you also have another role", 1)
    assert "My tasks: Tutor : what you do yourself, by date." in own
    assert "My tasks: Tutor" not in others.split("The rules behind this page")[0]
    assert "My reviewer Ask your manager or HR" in pages["ealing/my/group-support-staff.html"].text


def test_a_table_of_parts_has_no_empty_column(real: Path) -> None:
    pages = pages_of(real)
    assert "Part Who Policy" in pages["dgat/forms/moderation.html"].text
    assert "Part Who When Policy" in pages["pclc/forms/pm-form.html"].text
