"""What shares a row of a form, how wide an answer is, and which choices have boxes."""

from __future__ import annotations

from formulary.documents.arrangement import (
    arrange_answers,
    column_widths,
    has_boxes,
    width_of,
)
from formulary.documents.blank import Grid, Kind, Question, Row


def ask(id: str, label: str = "", kind: Kind = "text", **more: object) -> Question:
    return Question(id=id, title=label or id, label=label or id, kind=kind, **more)  # type: ignore[arg-type]


def rows(*questions: Question) -> list[tuple[str, list[str]]]:
    return [(row.shape, [q.id for q in row.questions]) for row in arrange_answers(questions)]


def test_up_to_five_choices_have_boxes_and_more_are_a_list() -> None:
    five = ask("a", kind="choice", options=("1", "2", "3", "4", "5"))
    six = ask("b", kind="choice", options=("1", "2", "3", "4", "5", "6"))
    assert has_boxes(five)
    assert not has_boxes(six)
    assert not has_boxes(ask("c"))


def test_an_answer_is_as_wide_as_what_is_written_in_it() -> None:
    assert width_of(ask("a", kind="date")) == width_of(ask("b", format="time")) == "date"
    assert width_of(ask("a", format="money")) == width_of(ask("b", format="number")) == "money"
    assert width_of(ask("a", format="email")) == "full", "a long address does not fit half a line"
    assert width_of(ask("b")) == "half"
    assert width_of(ask("a", kind="choice", options=("Yes", "No"))) == "half"
    long = ("Not met through no fault of the reviewee", "Met")
    assert width_of(ask("a", kind="choice", options=long)) == "full"
    assert width_of(ask("a", kind="multiline")) == "full"


def test_short_answers_share_a_row_and_long_labels_do_not() -> None:
    assert rows(ask("a"), ask("b"), ask("c")) == [("pair", ["a", "b"]), ("one", ["c"])]
    assert rows(ask("a", "A" * 51), ask("b")) == [("one", ["a"]), ("one", ["b"])]
    assert rows(ask("a", kind="multiline"), ask("b")) == [("one", ["a"]), ("one", ["b"])]


def test_a_first_and_a_last_day_stay_together() -> None:
    period = (ask("cycle_from", kind="date"), ask("cycle_to", kind="date"))
    assert rows(ask("site"), *period) == [("one", ["site"]), ("pair", ["cycle_from", "cycle_to"])]
    assert rows(*period, ask("site")) == [("pair", ["cycle_from", "cycle_to"]), ("one", ["site"])]


def test_a_signature_has_its_date_beside_it() -> None:
    signed = (ask("signed", signature=True), ask("signed_date", kind="date"))
    assert rows(ask("on", kind="date"), *signed) == [
        ("one", ["on"]),
        ("signature", ["signed", "signed_date"]),
    ]


def test_lines_that_differ_by_a_number_share_one_label() -> None:
    plan = [ask(f"plan_{n}", f"Priority {n}", "multiline") for n in (1, 2, 3)]
    (row,) = arrange_answers(tuple(plan))
    assert (row.shape, row.label, row.numbers) == ("series", "Priority", ("1", "2", "3"))
    assert rows(*plan[:2]) == [("one", ["plan_1"]), ("one", ["plan_2"])]
    high = [ask(f"plan_{n}", f"Priority {n}", "multiline", lines=3) for n in (1, 2, 3)]
    assert [shape for shape, _ in rows(*high)] == ["one"] * 3


def test_columns_fill_the_width_and_break_no_word() -> None:
    def widths(heading: str, *questions: Question) -> tuple[int, ...]:
        rows = tuple(Row(str(n), str(n), (), questions) for n in (1, 2))
        return column_widths(Grid("g", heading, (), rows), questions)

    what, who = ask("what", "What", kind="multiline"), ask("who", "Who")
    when = ask("when", "By when", kind="date")
    first, long, short, date = widths("Member", what, who, when)
    assert first + long + short + date in range(168, 171)
    assert date == 36 and long > short >= 42, "a name has room"
    assert first >= 21, "“Member” in bold 12 pt is 16 mm, and 4 mm are around it"
    tick = ask("tick", "Met, in the reviewee’s view", kind="checkbox")
    assert widths("Standard", tick, ask("note", "Note", kind="multiline"))[1] >= 27
    assert sum(widths("Standard", tick, tick)) in range(168, 171)
