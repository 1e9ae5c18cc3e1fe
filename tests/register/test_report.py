"""The report for leaders: no person in it, the same in every mode, and axe finds nothing."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest
from lxml import html

from formulary.edition.edition import Edition
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
            [cell.text_content() for cell in row] for row in table.iter("tr")
        ]
        for table in found.iter("table")
    }


def test_nobody_is_named_unless_asked_for(pclc: Edition) -> None:
    without, named = page(pclc).text_content(), page(pclc, names=True).text_content()
    assert "Zachary" not in without
    assert "Unforgettable" not in without
    assert "Zachary Unmistakable4" in named
    assert "Zachary Unmistakable5" not in named.replace("Unmistakable52", "").replace(
        "Unmistakable56", ""
    )


@pytest.mark.parametrize("threshold", [5, 12])
def test_no_number_of_a_group_below_the_threshold_is_shown(pclc: Edition, threshold: int) -> None:
    found = page(pclc, threshold=threshold)
    assert f"fewer than {threshold}" in found.text_content()
    for title, (_, *rows) in tables(found).items():
        if title in ("Findings", "Time limits"):
            continue
        for row in rows:
            for cell in row[1:]:
                number = re.fullmatch(r"\d+", cell)
                assert not number or not 0 < int(cell) < threshold, (title, row)
    schools = {row[0]: row[1:] for row in tables(found)["By school or team"]}
    assert set(schools["Tiny <Unit>"]) == {f"fewer than {threshold}", "not shown"}
    thirds = ([row[2] for row in rows] for rows in tables(found).values() if len(rows[0]) > 2)
    red = next(column for column in thirds if column[0] == "Red (4)")
    assert set(red[1:]) <= {"not shown", "0"}
    assert "not shown" in red


def test_every_chart_has_a_name_and_its_table(pclc: Edition) -> None:
    found = page(pclc)
    charts = found.xpath("//svg[@role='img']")
    assert len(charts) == 5
    for chart in charts:
        assert chart.xpath("string(title)")
        assert chart.getparent().xpath(".//table")


def test_the_page_stands_by_itself(pclc: Edition) -> None:
    owed, entries = made(pclc)
    text = report_of(pclc, owed, entries, {}, TODAY).decode()
    assert not re.search(r"<script|<link|<img|@import|url\(|https?://", text)
    assert text == report_of(pclc, owed, entries, {}, TODAY).decode()


def test_axe_finds_nothing_and_it_fits_a_phone(pclc: Edition, tmp_path: Path) -> None:
    owed, entries = made(pclc)
    for name, names in (("plain", False), ("names", True)):
        data = report_of(pclc, owed, entries, {}, TODAY, names=names)
        (tmp_path / f"{name}.html").write_bytes(data)
    (tmp_path / "empty.html").write_bytes(report_of(pclc, (), (), {}, TODAY))
    pages = ["plain.html", "names.html", "empty.html"]
    with Browser() as browser:
        assert browser.violations(tmp_path, pages) == []
        assert browser.outside_requests == []
        with browser.showing(tmp_path, "names.html", width=320) as tab:
            assert tab.evaluate("document.documentElement.scrollWidth") == 320
