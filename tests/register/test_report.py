"""The report for leaders: no person in it, the same in every mode, and axe finds nothing."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest
from lxml import html

from formulary.edition.edition import Edition
from formulary.problems import ANSWER_MISSING, DATES_ORDER, RETURN_DAMAGED, SECOND_RETURN
from formulary.register.report import report_of
from formulary.returns.expected import ExpectedReturn, RegisterEntry, expected_forms, match_returns
from tests.checkers.axe import Browser
from tests.register.samples import assigned, case_of, entries_of, person

TODAY = datetime.date(2027, 11, 1)
LEVELS = ("Red (4)", "Amber (3)", "Green (2)", "Blue (1)")


@pytest.fixture(scope="module")
def pclc(editions: tuple[Edition, ...]) -> Edition:
    return next(edition for edition in editions if edition.id == "pclc")


def made(
    edition: Edition, size: int = 60
) -> tuple[tuple[ExpectedReturn, ...], list[RegisterEntry]]:
    """People of two groups in three schools, the last of them of three people only."""
    people = [
        person(
            str(n),
            f"Zachary Unmistakable{n}",
            group="teachers" if n % 3 else "support-staff",
            site="Tiny <Unit>" if n < 3 else ("North", "South")[n % 2],
        )
        for n in range(size)
    ]
    expected = expected_forms(
        edition, [assigned(edition, one, "Vera Unforgettable") for one in people]
    )
    cases = []
    for place, one in enumerate(people):
        level = LEVELS[0] if place in (5, 7) else LEVELS[2 + place % 2]
        answers = {
            f"standing_{name}": level for name in ("standards", "observations", "objectives")
        }
        cases.append(case_of(edition, "pay-recommendation", one, answers))
        wanted = [owed.form.id for owed in expected if owed.assignment.person is one]
        cases += [case_of(edition, form, one, {}) for form in wanted if place % 4]
    entries = entries_of(cases)
    return match_returns(expected, entries, TODAY), entries


def page(edition: Edition, **how: object) -> html.HtmlElement:
    owed, entries = made(edition)
    data = report_of(edition, owed, entries, {}, TODAY, **how)  # type: ignore[arg-type]
    return html.fromstring(data.decode())


def tables(found: html.HtmlElement) -> dict[str, list[list[str]]]:
    return {
        table.xpath("string(caption)").partition(":")[0]: [
            [" ".join(cell.text_content().split()) for cell in row] for row in table.iter("tr")
        ]
        for table in found.iter("table")
    }


def progress(
    found: html.HtmlElement, title: str = "Forms in, by school or team"
) -> dict[str, dict[str, str]]:
    """What is said of each form in each school, in the order of the page."""
    headings, *rows = tables(found)[title]
    return {
        row[0].partition("due ")[0].strip(): {
            school: cell.removeprefix(school).strip()
            for school, cell in zip(headings[1:], row[1:], strict=True)
        }
        for row in rows
    }


def test_only_the_page_for_hr_names_people(pclc: Edition) -> None:
    without, named = page(pclc).text_content(), page(pclc, for_hr=True).text_content()
    assert "Zachary" not in without
    assert "Unforgettable" not in without
    assert "for HR" not in without
    assert "Confidential, for HR only" in named
    assert "Zachary Unmistakable4" in named
    assert "Zachary Unmistakable5" not in named.replace("Unmistakable52", "").replace(
        "Unmistakable56", ""
    )


def made_of(
    edition: Edition, came: dict[tuple[str, str], tuple[int, int]]
) -> tuple[tuple[ExpectedReturn, ...], list[RegisterEntry]]:
    """So many of so many of a form in, by school and form; every other form came from everybody."""
    sizes = {site: whole for (site, _), (_, whole) in came.items()}
    people = [
        person(f"{site}-{n}", group="teachers", site=site)
        for site, whole in sizes.items()
        for n in range(whole)
    ]
    expected = expected_forms(edition, [assigned(edition, one) for one in people])
    cases = []
    for one in expected:
        who = one.assignment.person
        least, _ = came.get((who.site, one.form.id), (10**6, 0))
        if int(who.id.rpartition("-")[2]) < least:
            cases.append(case_of(edition, one.form.id, who, {}))
    entries = entries_of(cases)
    return match_returns(expected, entries, TODAY), entries


def test_the_forms_are_counted_by_school_and_the_worst_comes_first(pclc: Edition) -> None:
    came = {("North", "pm-form"): (18, 30), ("South", "pm-form"): (6, 20)}
    came |= {("North", "cpd-needs"): (7, 30), ("South", "cpd-needs"): (8, 20)}
    owed, entries = made_of(pclc, came)
    found = html.fromstring(report_of(pclc, owed, entries, {}, TODAY).decode())
    counted = progress(found)
    assert list(counted) == [
        "Training and development needs",
        "Performance management form",
        "Career stage self-audit",
    ]
    assert counted["Training and development needs"] == {
        "South": "8 of 20",
        "North": "7 of 30",
        "All": "15 of 50",
    }
    assert counted["Performance management form"]["All"] == "24 of 50"
    assert counted["Career stage self-audit"] == {
        "South": "20 of 20",
        "North": "30 of 30",
        "All": "50 of 50",
    }
    (heading,) = found.iter("h1")
    assert " ".join(heading.text_content().split()) == "89 of 150 forms are in 59%"
    said = " ".join(found.text_content().split())
    assert "61 are missing. 61 of these are past their day." in said
    assert "Furthest behind: Training and development needs." in said
    widths = [bar.get("style") for bar in found.xpath("//td//i")]
    assert widths[:3] == ["width:40%", "width:23%", "width:30%"]


def test_a_form_that_is_not_shown_may_be_the_one_that_is_furthest_behind(pclc: Edition) -> None:
    owed, entries = made_of(pclc, {("North", "pm-form"): (2, 30), ("North", "cpd-needs"): (20, 30)})
    for_all = html.fromstring(report_of(pclc, owed, entries, {}, TODAY).decode()).text_content()
    assert "Furthest behind" not in for_all
    assert "worst first" not in for_all
    for_hr = html.fromstring(
        report_of(pclc, owed, entries, {}, TODAY, for_hr=True).decode()
    ).text_content()
    assert "Furthest behind: Performance management form." in for_hr
    assert "Form, worst first" in for_hr


def test_a_form_of_which_one_is_missing_is_never_at_100(pclc: Edition) -> None:
    owed, entries = made_of(pclc, {("North", "pm-form"): (399, 400)})
    found = html.fromstring(report_of(pclc, owed, entries, {}, TODAY, for_hr=True).decode())
    assert "width:99%" in {bar.get("style") for bar in found.xpath("//td//i")}
    assert "1 is missing. 1 of these is past its day." in " ".join(found.text_content().split())


@pytest.mark.parametrize("threshold", [5, 12])
def test_no_number_of_a_group_below_the_threshold_is_shown(pclc: Edition, threshold: int) -> None:
    found = page(pclc, threshold=threshold)
    assert f"A number below {threshold} is not shown" in found.text_content()
    for title, (_, *rows) in tables(found).items():
        if title == "Time limits":
            continue
        for row in rows:
            for cell in row[1:]:
                number = re.match(r"(\d+)\b", cell)
                assert not number or not 0 < int(number[1]) < threshold, (title, row)
                whole = re.search(r"(\d+) of (\d+)$", cell)
                left = int(whole[2]) - int(whole[1]) if whole else 0
                assert not 0 < left < threshold, (title, row)
    assert {school["Tiny <Unit>"] for school in progress(found).values()} <= {
        "not shown",
        "none due",
    }
    thirds = ([row[2] for row in rows] for rows in tables(found).values() if len(rows[0]) > 2)
    red = next(column for column in thirds if column[0] == "Red (4)")
    assert set(red[1:]) <= {"not shown", "0"}
    assert "not shown" in red


def test_a_small_organisation_sees_its_numbers_on_the_page_for_hr_alone(pclc: Edition) -> None:
    owed, entries = made_of(pclc, {("North", "pm-form"): (2, 4), ("South", "pm-form"): (1, 3)})
    for_all = html.fromstring(report_of(pclc, owed, entries, {}, TODAY).decode())
    assert {one for form in progress(for_all).values() for one in form.values()} <= {
        "not shown",
        "7 of 7",
    }
    assert not re.search(r"\b[1-4] of ", for_all.text_content())
    for_hr = html.fromstring(report_of(pclc, owed, entries, {}, TODAY, for_hr=True).decode())
    assert progress(for_hr)["Performance management form"] == {
        "North": "2 of 4",
        "South": "1 of 3",
        "All": "3 of 7",
    }


def test_what_one_form_hides_cannot_be_worked_out_from_all_forms_together(pclc: Edition) -> None:
    came = {("North", "pm-form"): (28, 30), ("South", "pm-form"): (20, 20)}
    owed, entries = made_of(pclc, came)
    found = html.fromstring(report_of(pclc, owed, entries, {}, TODAY).decode())
    assert progress(found)["Performance management form"]["All"] == "not shown"
    (heading,) = found.iter("h1")
    others = [form["All"] for form in progress(found).values()].count("not shown")
    assert others > 1 or "not shown" in heading.text_content()


def test_findings_are_grouped_by_what_they_ask_for(pclc: Edition) -> None:
    findings = {ANSWER_MISSING: 7, DATES_ORDER: 2, SECOND_RETURN: 14, RETURN_DAMAGED: 9}
    found = html.fromstring(report_of(pclc, (), (), findings, TODAY).decode())
    groups = {
        one.xpath("string(h3)"): [" ".join(li.text_content().split()) for li in one.iter("li")]
        for one in found.xpath("//div[@class='todo']/div")
    }
    assert list(groups) == ["To correct", "To look at", "For information"]
    severities = {"error": "To correct", "warning": "To look at", "info": "For information"}
    for kind, count in findings.items():
        words = f"{count}{kind.title}" if count >= 5 else f"fewer than 5{kind.title}"
        assert words in groups[severities[kind.severity]]
    assert sum(map(len, groups.values())) == len(findings)


def test_every_chart_has_a_name_and_its_table(pclc: Edition) -> None:
    found = page(pclc)
    charts = found.xpath("//svg[@role='img']")
    assert len(charts) == 3
    for chart in charts:
        assert chart.xpath("string(title)")
        assert chart.getparent().xpath(".//table")


def test_the_page_stands_by_itself(pclc: Edition) -> None:
    owed, entries = made(pclc)
    text = report_of(pclc, owed, entries, {}, TODAY).decode()
    assert not re.search(r'<script|<link|<img|@import|url\((?!"data:font/woff;)|https?://', text)
    assert text.count("@font-face") == 3, "the typefaces are in the page: the reader has none"
    assert text == report_of(pclc, owed, entries, {}, TODAY).decode()


def test_axe_finds_nothing_and_it_fits_a_phone(pclc: Edition, tmp_path: Path) -> None:
    owed, entries = made(pclc)
    for name, for_hr in (("plain", False), ("names", True)):
        data = report_of(pclc, owed, entries, {ANSWER_MISSING: 7}, TODAY, for_hr=for_hr)
        (tmp_path / f"{name}.html").write_bytes(data)
    (tmp_path / "empty.html").write_bytes(report_of(pclc, (), (), {}, TODAY))
    pages = ["plain.html", "names.html", "empty.html"]
    with Browser() as browser:
        assert browser.violations(tmp_path, pages) == []
        assert browser.outside_requests == []
        with browser.showing(tmp_path, "names.html", width=320) as tab:
            assert tab.evaluate("document.documentElement.scrollWidth") == 320
