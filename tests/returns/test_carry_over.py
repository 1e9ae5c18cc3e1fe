"""What this year's form takes over from last year's, answer by answer."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from formulary.content.form import Form, FormField, FormTable
from formulary.documents.blank import compose_blank
from formulary.edition.edition import Edition
from formulary.returns.carry_over import CarriedValues, carry_over, has_carry_over
from formulary.returns.submission import Answer, Identity, Submission


@pytest.fixture(scope="module")
def by_id(editions: tuple[Edition, ...]) -> dict[str, Edition]:
    return {edition.id: edition for edition in editions}


def taken(
    edition: Edition,
    id: str,
    answers: Mapping[str, str | Answer],
    unknown: Mapping[str, str] | None = None,
    form: Form | None = None,
) -> CarriedValues:
    """What is taken over where last year's form came back with these answers."""
    offer, own = next(pair for pair in edition.forms if pair[1].id == id)
    form = form or own
    blank = compose_blank(edition, offer, form)
    given = {
        id: found if isinstance(found, Answer) else Answer("answered", found)
        for id, found in answers.items()
    }
    last = Submission(Identity(blank.stamp, "1"), "PDF", given, unknown=unknown or {})
    return carry_over(edition, form, blank, last, blank)


def left(found: CarriedValues) -> list[tuple[str, str]]:
    return [(one.what, one.words) for one in found.left]


def test_objectives_come_with_their_outcome_and_open_needs_come_again(
    by_id: dict[str, Edition],
) -> None:
    found = taken(
        by_id["dgat"],
        "pm-form",
        {
            "objective_2_objective": "Read",
            "objective_2_outcome": "Partly met",
            "need_1_required": "First aid",
            "need_1_met": "yes",
            "need_2_required": "Coaching",
            "need_2_action_due": "1 March 2028",
        },
    )
    assert found.values == {
        "last_1_last_objective": "Read",
        "last_1_last_outcome": "Partly met",
        "need_1_required": "Coaching",
        "need_1_action_due": "01/03/2028",
    }
    assert found.left == []


def test_the_planning_statement_shows_the_objectives_that_are_to_be_judged(
    by_id: dict[str, Edition],
) -> None:
    for organisation in ("staploe", "ealing"):
        answers = {"objective_1_objective": "Read", "objective_3_objective": "Write"}
        found = taken(by_id[organisation], "planning-statement", answers)
        assert found.values == {"past_1_past_objective": "Read", "past_2_past_objective": "Write"}


def test_rows_beyond_those_of_the_form_are_listed(by_id: dict[str, Edition]) -> None:
    answers = {f"objective_{number}_objective": f"No {number}" for number in range(1, 7)}
    more = {"objective_7_objective": "Added by hand", "objective_7_success": "Well"}
    found = taken(by_id["pclc"], "pm-form", answers, more)
    assert [found.values[f"last_{n}_last_objective"] for n in range(1, 5)] == [
        "No 1",
        "No 2",
        "No 3",
        "No 4",
    ]
    assert left(found) == [
        ("Objective 5", "No 5"),
        ("Objective 6", "No 6"),
        ("Objective 7", "Added by hand; Well"),
    ]


def test_what_a_question_cannot_take_is_listed_with_its_words(by_id: dict[str, Edition]) -> None:
    found = taken(
        by_id["dgat"],
        "pm-form",
        {
            "objective_1_objective": Answer("answered", "Read", beside="and write"),
            "objective_1_outcome": "Nearly",
            "objective_1_success": Answer("lost"),
            "objective_2_objective": Answer("blank", beside="Typed beside"),
            "need_1_required": "First aid",
            "need_1_action_due": "soon",
            "hobby": "Chess",
        },
    )
    assert found.values == {
        "last_1_last_objective": "Read",
        "last_2_last_objective": "Typed beside",
        "need_1_required": "First aid",
    }
    offer, form = next(pair for pair in by_id["dgat"].forms if pair[1].id == "pm-form")
    titles = {q.id: q.title for q in compose_blank(by_id["dgat"], offer, form).questions()}
    assert left(found) == [
        (titles["objective_1_objective"], "and write"),
        (titles["objective_1_success"], ""),
        (titles["objective_1_outcome"], "Nearly"),
        (titles["need_1_action_due"], "soon"),
        ("hobby", "Chess"),
    ]


def test_a_renamed_table_and_column_are_found_by_their_former_names(
    by_id: dict[str, Edition],
) -> None:
    pclc = by_id["pclc"]
    form = next(form for _, form in pclc.forms if form.id == "pm-form")
    goal, aim = {"id": "goal", "was": ("objective",)}, {"id": "aim", "was": ("target",)}

    def column(found: FormField, own: bool) -> FormField:
        changes = dict(aim) if own and found.id == "objective" else {}
        if found.prefill == "previous.objective":
            changes["prefill"] = "previous.aim"
        return found.model_copy(update=changes)

    def table(found: FormTable) -> FormTable:
        own = found.id == "objective"
        carries = found.carries
        if carries and carries.table == "objective":
            carries = carries.model_copy(update={"table": "goal"})
        columns = tuple(column(one, own) for one in found.columns)
        changes = {**(goal if own else {}), "carries": carries, "columns": columns}
        return found.model_copy(update=changes)

    sections = tuple(
        section.model_copy(update={"table": section.table and table(section.table)})
        for section in form.sections
    )
    renamed_form = form.model_copy(update={"sections": sections})
    answers = {"objective_1_target": "Read", "objective_1_success": "Well"}
    found = taken(pclc, "pm-form", answers, form=renamed_form)
    assert found.values == {"last_1_last_objective": "Read", "last_1_last_success": "Well"}
    assert found.left == []


def test_forms_of_which_a_person_has_several_take_nothing_over(
    editions: tuple[Edition, ...],
) -> None:
    taking = {
        form.id: form for edition in editions for _, form in edition.forms if has_carry_over(form)
    }
    assert set(taking) == {"pm-form", "planning-statement", "cpd-needs"}
    assert not any(form.repeats for form in taking.values())
