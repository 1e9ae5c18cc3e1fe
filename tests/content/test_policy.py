"""The printed number of every part of a policy: what is counted, from where, and how it looks."""

from __future__ import annotations

from typing import Any

import pytest

from formulary.content.policy import (
    Clause,
    Labels,
    Marks,
    Policy,
    Section,
    name_part,
    numbers,
    write_marks,
)


def clause(id: str, *inner: Clause, **given: Any) -> Clause:
    return Clause(id=id, text="Words.", clauses=inner, **given)


def section(id: str, *clauses: Clause, **given: Any) -> Section:
    return Section(id=id, title=id.capitalize(), clauses=clauses, **given)


def policy(numbering: str, *sections: Section, **given: Any) -> Policy:
    return Policy.model_validate(
        {
            "title": "A policy",
            "summary": "What it is for.",
            "status": "draft",
            "numbering": numbering,
            "sections": sections,
            **given,
        }
    )


FOREWORD = section("foreword", clause("welcome"), number="none")
SCOPE = section("scope", clause("staff"), clause("others", clause("agency"), clause("pupils")))
PAY = section("pay", clause("award"))
NOTES = section("notes", clause("note"))


def test_a_part_without_a_number_is_not_counted() -> None:
    assert numbers(policy("clauses", FOREWORD, SCOPE, PAY)) == {
        "scope": "1",
        "staff": "1.1",
        "others": "1.2",
        "agency": "1.2.1",
        "pupils": "1.2.2",
        "pay": "2",
        "award": "2.1",
    }


def test_a_section_whose_clauses_have_no_numbers_is_counted() -> None:
    plain = section("plain", clause("first"), numbered=False)
    assert numbers(policy("clauses", plain, PAY)) == {"plain": "1", "pay": "2", "award": "2.1"}


def test_running_numbers_leave_out_what_has_none() -> None:
    silent = section("silent", clause("a"), clause("b", number="none"), clause("c"))
    found = numbers(policy("paragraphs", FOREWORD, silent, SCOPE, appendices=(NOTES,)))
    assert found == {
        "a": "1",
        "c": "2",
        "staff": "3",
        "others": "4",
        "agency": "4.1",
        "pupils": "4.2",
        "notes": "A",
        "note": "A.1",
    }


def test_a_count_begins_where_it_is_told_and_goes_on_from_there() -> None:
    late = section("late", clause("a", number=3), clause("b"), clause("c", number=9), number=7)
    found = numbers(
        policy("clauses", late, PAY, appendices=(NOTES.model_copy(update={"number": 3}),))
    )
    assert found == {
        "late": "7",
        "a": "7.3",
        "b": "7.4",
        "c": "7.9",
        "pay": "8",
        "award": "8.1",
        "notes": "C",
        "note": "C.1",
    }


def test_running_numbers_begin_where_they_are_told() -> None:
    first = section("first", clause("a", number=100), clause("b"))
    assert numbers(policy("paragraphs", first, PAY)) == {"a": "100", "b": "101", "award": "102"}


def test_a_number_put_in_between_is_not_counted() -> None:
    some = section("some", clause("a"), clause("b", number="1A"), clause("c"))
    more = section("more", clause("d"), number="1A")
    found = numbers(policy("clauses", some, more, PAY))
    assert found["b"] == "1.1A" and found["c"] == "1.2"
    assert found["more"] == "1A" and found["d"] == "1A.1" and found["pay"] == "2"


def test_articles_have_sections_and_letters() -> None:
    by_laws = policy("articles", FOREWORD, SCOPE, PAY, appendices=(NOTES,))
    assert numbers(by_laws) == {
        "scope": "Article I",
        "staff": "Section 1",
        "others": "Section 2",
        "agency": "(a)",
        "pupils": "(b)",
        "pay": "Article II",
        "award": "Section 1",
        "notes": "A",
        "note": "Section 1",
    }
    name = name_part(by_laws)
    assert name("pay") == "Article II"
    assert name("award") == "Article II, Section 1"
    assert name("pupils") == "Article I, Section 2(b)"
    assert name("note") == "Appendix A, Section 1"
    assert name("foreword") == ""


@pytest.mark.parametrize(
    ("labels", "printed", "named"),
    [
        ({"sections": "Part {1}"}, ("Part 1", "1.2", "1.2.2"), "clause 1.2.2"),
        ({"sections": "{A}", "clauses": "{above}{1}"}, ("A", "A2", "A2.2"), "clause A2.2"),
        ({"sections": "§ {1}"}, ("§ 1", "1.2", "1.2.2"), "clause 1.2.2"),
        ({"clauses": "{1}"}, ("1", "2", "2.2"), "clause 2.2"),
        ({"clauses": "Rule {1}"}, ("1", "Rule 2", "2.2"), "clause 2.2"),
        ({"sub-clauses": "{above}({a})"}, ("1", "1.2", "1.2(b)"), "clause 1.2(b)"),
        ({"sub-clauses": "({i})"}, ("1", "1.2", "(ii)"), "clause 1.2(ii)"),
    ],
)
def test_labels_are_an_organisations_own(
    labels: dict[str, str], printed: tuple[str, ...], named: str
) -> None:
    own = policy("clauses", SCOPE, labels=Labels.model_validate(labels))
    found = numbers(own)
    assert (found["scope"], found["others"], found["pupils"]) == printed
    assert name_part(own)("pupils") == named


def test_a_number_that_is_in_each_section_is_named_with_its_section() -> None:
    own = policy("clauses", SCOPE, PAY, labels=Labels.model_validate({"clauses": "{1}"}))
    assert name_part(own)("award") == "clause 1 of section 2"


def test_more_appendices_than_letters_are_lettered_on() -> None:
    many = tuple(section(f"a{place}") for place in range(28))
    found = numbers(policy("clauses", PAY, appendices=many))
    assert (found["a25"], found["a26"], found["a27"]) == ("Z", "AA", "AB")


def test_nothing_is_numbered_where_there_is_no_numbering() -> None:
    assert numbers(policy("none", SCOPE, appendices=(NOTES,))) == {}


@pytest.mark.parametrize(
    ("marks", "start", "printed"),
    [
        ("bullets", 3, ()),
        ("letters", 1, ("(a)", "(b)")),
        ("letters", 26, ("(z)", "(aa)")),
        ("roman", 9, ("(ix)", "(x)")),
        ("numbers", 5, ("5.", "6.")),
        ("A)", 3, ("C)", "D)")),
        ("I.", 4, ("IV.", "V.")),
        ("(1)", 1, ("(1)", "(2)")),
    ],
)
def test_marks_are_those_of_the_list(marks: Marks, start: int, printed: tuple[str, ...]) -> None:
    assert write_marks(marks, start, 2) == printed
