"""What HR does in a year, in Chromium by keyboard alone: each task in at most six actions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.checkers.axe import Browser
from tests.editing.conftest import TINY, Client
from tests.editing.hand import Hand, edit, find_violations, opened, read, save, tab_to


@pytest.fixture
def hand(browser: Browser, client: Client) -> Iterator[Hand]:
    with opened(browser, client) as tab:
        yield Hand(tab, client.server.url)


def data_of(project: Path, path: str) -> Any:
    return yaml.safe_load((project / path).read_text(encoding="utf-8"))


def form_of(project: Path, name: str) -> Any:
    return data_of(project, f"forms/{name}.yaml")


def organisation(project: Path, name: str) -> Any:
    return data_of(project, (TINY / f"{name}.yaml").as_posix())


def test_a_year_of_tasks(hand: Hand, project: Path) -> None:
    tab = hand.tab
    with hand.task("questions"):
        hand.open("What if I was away?")
        hand.press("Add a question after this")
        tab.wait_for_selector(".fe-kicker:text-matches('^Question$')")
        hand.write("The question", "Who sees the form?")
        hand.write("The answer", "You and your reviewer.")
        hand.save()
    assert "Who sees the form?" in tab.inner_text("article")
    with hand.task("policy/objectives"):
        hand.open("measurable")
        hand.write("New entry: The words", "agreed by both", "Enter")
        hand.reopened()
    policy = organisation(project, "policy")
    smart = policy["sections"][4]["clauses"][1]
    assert smart["points"][-1] == {"id": "agreed-both", "text": "agreed by both"}
    with hand.task("year"):
        hand.open("A lesson is observed")
        hand.choose("When it happens: how far from it", "a time before")
        hand.write("When it happens: how many", "14")
        hand.choose("When it happens: date", "Decision on pay")
        tab.wait_for_selector(".fe-date:has-text('(by 17 October 2027)')")
        hand.save()
    event = organisation(project, "cycle")["cycles"][0]["events"][1]
    assert event["when"] == "14 days before pay-decision"
    with hand.task():
        hand.press("Words and numbers")
        tab.wait_for_selector(".fe-panel .fe-foot")
        hand.press("Add a staff group")
        tab.wait_for_selector(".fe-dialog")
        hand.write("Name of the group", "Technicians")
        hand.write("Who belongs to it", "Everyone in the workshop.")
        hand.choose("Its year", "Its own, which begins as a copy of T")
        tab.keyboard.press("Control+s")
        hand.actions += 1
        tab.wait_for_selector(".fe-state:text-matches('^Saved')")
    assert organisation(project, "organisation")["groups"][-1]["id"] == "technicians"
    assert organisation(project, "cycle")["cycles"][-1]["groups"] == ["technicians"]
    assert organisation(project, "ratings")["groups"] == ["teachers", "technicians"]
    # the three files are one change
    hand.press("Undo")
    tab.wait_for_selector(".fe-state:has-text('Undone')")
    assert len(organisation(project, "organisation")["groups"]) == 3
    assert len(organisation(project, "cycle")["cycles"]) == 3
    assert organisation(project, "ratings")["groups"] == ["teachers"]


def labels(project: Path) -> list[str]:
    section = form_of(project, "objective-change")["sections"][0]
    return [one["label"] for one in section["fields"]]


def test_the_questions_of_a_form(hand: Hand, browser: Browser, project: Path) -> None:
    tab = hand.tab
    before = labels(project)
    with hand.task("forms/objective-change"):
        hand.open("2 The objective now")
        preview = tab.frame_locator(".fe-preview iframe")
        preview.locator(".fe-here h2:has-text('The objective now')").wait_for()
        hand.choose("New: kind of answer", "Date")
        hand.write("New: the question", "Day of the meeting", "Enter")
        hand.reopened()
    assert labels(project) == [*before, "Day of the meeting"]
    added = form_of(project, "objective-change")["sections"][0]["fields"][-1]
    assert added == {"id": "day_meeting", "label": "Day of the meeting", "type": "date"}
    assert find_violations(browser, tab) == []
    # by its arrow, which keeps the focus
    hand.press("Move “Day of the meeting” up")
    hand.reopened()
    focused = "document.activeElement.getAttribute('aria-label')"
    assert tab.evaluate(focused) == "Move “Day of the meeting” up"
    assert labels(project) == [*before[:-1], "Day of the meeting", before[-1]]
    # by the mouse
    grip = tab.locator(".fe-item:has-text('Day of the meeting') .fe-grip")
    grip.scroll_into_view_if_needed()
    start, end = grip.bounding_box(), tab.locator(".fe-item").first.bounding_box()
    tab.mouse.move(start["x"] + 5, start["y"] + 5)
    tab.mouse.down()
    tab.mouse.move(end["x"] + 5, end["y"] + 2, steps=6)
    tab.evaluate("document.body.dataset.seen = 1")
    tab.mouse.up()
    hand.reopened()
    assert labels(project)[0] == "Day of the meeting"
    hand.press("Copy “Day of the meeting”")
    hand.reopened()
    copied = form_of(project, "objective-change")["sections"][0]["fields"][1]
    assert copied["id"] == "day_meeting_2"
    # taking one out says what hangs on it first
    hand.press("Delete “Day of the meeting”")
    tab.wait_for_selector(".fe-note:has-text('Forms that are with staff already')")
    hand.press("Delete it")
    hand.reopened()
    assert tab.locator(".fe-item").count() == 4
    # a table, with its columns
    hand.choose("New: kind of answer", "Table")
    hand.write("New: the question", "Step", "Enter")
    hand.reopened()
    tab.wait_for_selector(".fe-part:has-text('Table')")
    table = form_of(project, "objective-change")["sections"][0]["table"]
    assert table["row"] == "Step"
    assert table["columns"][0]["label"] == "Step"


def test_words_of_a_form_for_one_organisation(hand: Hand, project: Path) -> None:
    tab = hand.tab
    second = project / TINY.parent / "second"
    second.mkdir()
    for file in (project / TINY).glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        (second / file.name).write_text(text.replace("id: tiny", "id: second", 1), encoding="utf-8")
    before = (project / "forms/objective-change.yaml").read_bytes()
    with hand.task("forms/objective-change"):
        hand.open("2 The objective now")
        hand.press("Reason for the change")
        tab.wait_for_selector(".fe-kicker:text-matches('^Question')")
        tab.wait_for_selector(".fe-shared:has-text('used by 2 organisations')")
        hand.write("The question", "Why it changes")
        preview = tab.frame_locator(".fe-preview iframe")
        preview.locator("label:has-text('Why it changes')").wait_for()  # before it is saved
        hand.save()
    assert (project / "forms/objective-change.yaml").read_bytes() == before
    offers = organisation(project, "organisation")["forms"]
    assert offers[3]["labels"] == {"reason": "Why it changes"}
    assert "Why it changes" in tab.text_content("article")


def test_what_hangs_on_words(hand: Hand, browser: Browser, project: Path) -> None:
    tab = hand.tab
    # a clause that a question rests on goes with that mention
    with hand.task("policy/scope"):
        hand.open("Somebody in probation")
        hand.press("Add a clause after this")
        tab.wait_for_selector(".fe-kicker:text-matches('^Clause$')")
        hand.write("The words", "Agency staff are outside it, too.")
        hand.save()
    questions = project / TINY / "questions.yaml"
    text = questions.read_text(encoding="utf-8")
    added = "  - id: agency\n    asks: And agency staff?\n    answer: >-\n      No. See "
    added += "{{ clause('agency-staff-outside-it-too') }}. Ask HR.\n"
    added += "    clauses: [probation, agency-staff-outside-it-too]\n"
    questions.write_text(text + added, encoding="utf-8")
    with hand.task("policy/scope"):
        hand.open("Agency staff are outside")
        tab.wait_for_selector(".fe-uses:has-text('1 question')")
        hand.press("Delete")
        tab.wait_for_selector(".fe-note:has-text('2 places name it')")
        hand.press("Delete it and take")
        tab.wait_for_selector(".fe-state:text-matches('^Saved')")
    left = organisation(project, "questions")["questions"][-1]
    assert left["answer"] == "No. Ask HR."
    assert left["clauses"] == ["probation"]
    # the same words in two cycles
    with hand.task("year"):
        hand.open("They agree the objectives")
        tab_to(tab, "What happens")
        tab.keyboard.press("Control+End")
        tab.keyboard.type(" In writing.")
        tab.wait_for_selector(".fe-twins:visible")
        hand.press("Change both places", "Space")
        hand.actions += 1
        hand.save()
    cycles = organisation(project, "cycle")["cycles"]
    said = "They agree the objectives. In writing."
    assert [cycle["events"][0]["text"] for cycle in (cycles[0], cycles[2])] == [said, said]
    # cells of a table in one change
    with hand.task("ratings"):
        hand.open("The objective is not met")
        hand.press("Edit the whole table")
        tab.wait_for_selector(".fe-wide")
        assert find_violations(browser, tab) == []
        hand.write("Standards, Green", "All are met.")
        hand.write("Objectives, Red", "None is met.")
        hand.save()
    cells = [row["cells"] for row in organisation(project, "ratings")["criteria"]]
    assert (cells[0]["green"], cells[1]["red"]) == ("All are met.", "None is met.")


@pytest.mark.parametrize("width", [768, pytest.param(390, marks=pytest.mark.release)])
def test_a_table_and_a_list_in_a_text(
    browser: Browser, client: Client, project: Path, width: int
) -> None:
    with opened(browser, client, "tiny/policy/scope.html", width=width) as tab:
        tab.wait_for_selector(".fe-ready")
        edit(tab, "Somebody in probation")
        tab.keyboard.press("Control+End")
        for words in ("first", "second"):
            tab.keyboard.press("Enter")
            tab.keyboard.type(words)
            if words == "first":
                tab.get_by_role("button", name="List", exact=True).click()
        tab.get_by_role("button", name="Move the entry in").click()
        tab.keyboard.press("Control+End")
        tab.get_by_role("button", name="Table", exact=True).click()
        for words in ("Who", "When", "Staff | all", "in May"):
            tab.keyboard.type(words)
            tab.keyboard.press("Tab")
        assert find_violations(browser, tab) == []
        save(tab)
        assert tab.locator("article li li").inner_text().startswith("second")
        assert tab.locator("article table tbody :is(td, th)").all_inner_texts() == [
            "Staff | all",
            "in May\nEdit",
        ]
        text = organisation(project, "policy")["sections"][1]["clauses"][2]["text"]
        assert text == (
            "Somebody in probation is outside this procedure.\n\n- first\n  - second\n\n"
            "| Who | When |\n|---|---|\n| Staff \\| all | in May |"
        )
        # it is the same text again, of which one cell is changed
        edit(tab, "Somebody in probation")
        tab_to(tab, "Row 1, column 2")
        tab.keyboard.press("Control+a")
        tab.keyboard.type("in June")
        save(tab)
    again = organisation(project, "policy")["sections"][1]["clauses"][2]["text"]
    assert again == text.replace("in May", "in June")
    assert "fe-" not in read(project, "policy")
