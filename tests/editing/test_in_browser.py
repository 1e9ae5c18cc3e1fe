"""The editor in Chromium, by keyboard alone, as somebody uses it who never sees YAML."""

from __future__ import annotations

from pathlib import Path

from tests.checkers.axe import Browser
from tests.editing.conftest import Client
from tests.editing.hand import Hand, edit, opened, read, save, tab_to


def test_a_question_undo_a_number_and_a_date_by_keyboard(
    browser: Browser, client: Client, project: Path
) -> None:
    before = read(project, "questions")
    with opened(browser, client, "tiny/questions.html") as tab:
        hand = Hand(tab, client.server.url)
        with hand.task():
            hand.open("The cycle is adapted", by_tab=True)
            tab.keyboard.press("Control+End")
            hand.type(" Ask HR.")
            hand.save()
        assert "Ask HR." in tab.inner_text("article")
        focused = tab.evaluate("document.activeElement.getAttribute('aria-label')")
        assert focused.startswith("Edit: The cycle is adapted")
        one_change = read(project, "questions")
        edit(tab, "What if I was away?")
        tab.keyboard.press("Control+End")
        tab.keyboard.type(" Long?")
        save(tab)
        tab_to(tab, "List of changes", "Shift+Tab")
        tab.keyboard.press("Enter")
        tab.wait_for_selector(".fe-dialog h3")
        assert "Changed: What if I was away?" in tab.inner_text(".fe-dialog")
        tab_to(tab, "Undo: ")
        tab.keyboard.press("Enter")
        tab.wait_for_selector(".fe-state:has-text('Undone')")
        assert "Long?" not in tab.inner_text("article")
        assert read(project, "questions") == one_change
        # the number in those words, which a clause says too
        with hand.task():
            hand.open("The cycle is adapted")
            tab.wait_for_selector(".fe-lead")
            hand.press("Change “")
            tab.wait_for_selector(".fe-kicker:has-text('Number')")
            tab.wait_for_selector(".fe-uses:has-text('clause')")
            hand.write("Exactly", "3")
            hand.save()
        assert "three" in tab.inner_text("article")
        with hand.task("year"):
            hand.open("Pay is decided")
            hand.write("When it happens: day", "30")
            hand.choose("When it happens: month", "November")
            hand.save()
        assert "30 November" in tab.inner_text("article")
    after = read(project, "questions")
    lines = after.splitlines()
    assert [line for line in before.splitlines() if line not in lines] == []
    assert len(lines) == len(before.splitlines()) + 1
    assert "# what staff ask" in after
    assert "when: by 30 November after the cycle" in read(project, "cycle")
    assert "exactly: 3" in read(project, "organisation")


def test_a_clause_with_a_value_and_a_cell_at_768(
    browser: Browser, client: Client, project: Path
) -> None:
    with opened(browser, client, "tiny/policy/scope.html", width=768) as tab:
        hand = Hand(tab, client.server.url)
        with hand.task():
            hand.open("With less than")
            tab.keyboard.press("Control+Home")
            hand.type("Note: ")
            hand.save()
        assert "Note: With less than" in tab.inner_text("article")
        with hand.task():
            hand.open("Somebody in probation")
            hand.press("Move to …")
            hand.press("Section 5: Objectives")
            hand.reopened()
        assert "Somebody in probation" not in tab.inner_text("article")
        assert tab.inner_text(".fe-panel h2").startswith("Clause 5.")
        with hand.task("ratings"):
            hand.open("The objective is not met")
            tab.keyboard.press("Control+End")
            hand.type(" Yet.")
            hand.save()
        assert "The objective is not met. Yet." in tab.inner_text("article")
    after = " ".join(read(project, "policy").split())
    assert "Note: With less than {{ rules.short_service.exactly | words }}" in after
    assert "red: The objective is not met. Yet." in read(project, "ratings")


def test_what_cannot_be_built_is_kept_here_and_not_written(
    browser: Browser, client: Client, project: Path
) -> None:
    before = read(project, "cycle")
    with opened(browser, client, "tiny/year.html") as tab:
        overlaps = """() => [...document.querySelectorAll(".event.dated h4[data-edit]")].map(
          heading => heading.querySelector(".when").getBoundingClientRect().right
          - heading.querySelector(".name").getBoundingClientRect().left)"""
        found = tab.evaluate(overlaps)
        assert found and max(found) <= 0  # each date is beside its event's name
        edit(tab, "Pay is decided")
        tab_to(tab, "When it happens: day")
        tab.keyboard.press("Control+a")
        tab.keyboard.type("31")
        tab_to(tab, "When it happens: month")
        tab.keyboard.type("February")
        tab.wait_for_selector(".fe-when .fe-error:has-text('February')")
        tab.keyboard.press("Control+s")
        tab.wait_for_selector(".fe-state:text-matches('^Not saved$')")
        assert read(project, "cycle") == before
        tab.reload()
        tab.wait_for_selector(".fe-ready")
        edit(tab, "Pay is decided")
        tab.wait_for_selector("text=You typed something here that was not saved")
